package journal

import (
	"context"
	"iter"
	"time"
)

// Head tells how far a case has come. It is what an append expects and what an append gives back, so that of two workers who read the same
// head only one can append to it.
//
// The zero Head is that of a case which does not exist.
type Head struct {
	// Version counts the records ever appended, erased ones included. It is the Seq of the last one.
	Version uint64

	// Rev counts the appends ever made, also those without records.
	Rev uint64

	// Next is the instant at which the case wants attention, exact to the nanosecond and in UTC. Zero: none.
	Next time.Time

	// Sum is whatever the last append gave, as a rule a checksum of the case. The journal keeps it and never looks at it.
	Sum [32]byte
}

// Position tells how far a reader of [Journal.Scan] has come. It is text that may be stored; only the journal that gave it can make sense
// of it, and only until that journal is restored from a backup. Positions have no order that a reader could see. The empty Position is the
// beginning.
type Position string

// Record is one record of a case, as it was appended.
type Record struct {
	Case string
	Seq  uint64 // 1 for the first record of the case, then without gaps

	// Pos is where Scan goes on after this record. Read leaves it empty.
	Pos Position

	// Data belongs to the receiver, who may keep and change it. A record without bytes may come back as nil or as an empty slice.
	Data []byte
}

// Batch is what one append does to one case: all of it or nothing. [Batch.Check] tells what is allowed.
type Batch struct {
	Case string

	// Key makes the append safe to repeat: the second append with the same Case and Key changes nothing and gives the Head that the first one
	// gave, whatever else it asks for and however much was appended since. Empty: every append is a new one.
	Key string

	// Expect is the Head that the case must have. Only Version and Rev are compared. Zero: the case must not exist.
	Expect Head

	// Records are added in this order. A batch without records moves Next and Sum only; Rev grows, so that it claims the case all the same.
	// The journal copies the bytes, stores them as they are and does not keep the slices.
	Records [][]byte

	// Next and Sum replace those of the case, also when they are zero. The journal keeps Next to the nanosecond and forgets its zone.
	Next time.Time
	Sum  [32]byte
}

// Item is a case that wants attention.
type Item struct {
	Case string
	Next time.Time // UTC
}

// Journal stores the records of cases. [Memory] is one; package journaltest holds the suite that every implementation must pass.
//
// # Errors
//
// An error that matches [ErrBatch], [ErrConflict], [ErrErased], [ErrUnknownCase] or [ErrPosition] says that nothing was changed. So does
// any error of a call whose context was done before it began; it matches the context's error. After any other error of Append or Erase the
// outcome is unknown: the change may have been kept. Repeat the same append with the same Key, or read the case again. Every error about a
// case names it.
//
// # Concurrency
//
// Any number of goroutines, and of processes where the store is shared, may call all methods at once. An append that returned is seen by
// every later Read and Due, in whichever goroutine; by Scan too, unless the store has to wait for a transaction that began earlier and
// is still open. The loops over Scan and Due may call every method, appends included; they need
// not be run to their end. Each loop stops after the first error that it yields, and each range over the sequence starts again.
type Journal interface {
	// Append adds a batch to a case whose head is b.Expect and gives the new head: Version grows by the number of records, Rev by one.
	//
	// These are looked at in this order. A batch that b.Check refuses gives its *BatchError. A case that was erased gives ErrErased. A Key that
	// the case has seen gives the head of the first result. Another head than b.Expect gives a *ConflictError with the actual one, which
	// is zero when the case does not exist.
	//
	// Of any number of appends that expect the same head, exactly one succeeds; the others meet a conflict.
	Append(ctx context.Context, b Batch) (Head, error)

	// Read gives the head of a case and, by Seq, its records with a Seq above after: those that belong to exactly this head. A case that does not
	// exist gives ErrUnknownCase, an id that CheckID refuses its *BatchError. Of an erased case the tombstone is left.
	//
	// It costs what it gives, not what the case or the journal holds; a store may have to step over what was appended later than
	// that to find it.
	Read(ctx context.Context, caseID string, after uint64) (Head, []Record, error)

	// Scan yields every record of every case that stands after a position, each exactly once, those of one case by Seq. It never
	// skips: a record that becomes visible late, because its transaction took long, stands after every position given out before. Erased records are
	// gone without a trace other than their tombstone.
	//
	// Scan ends at the present: at what was appended before it began, and perhaps some of what was appended since. It
	// ends even when every turn of the loop appends. A store may hold records back while a transaction that began before them is open; a later Scan
	// yields them. To follow a journal, scan again from the last Pos that was worked off.
	//
	// A position that is malformed, that another journal gave, or that was given before the journal was restored from a backup yields ErrPosition: the reader
	// starts again from the beginning.
	Scan(ctx context.Context, after Position) iter.Seq2[Record, error]

	// Due yields every case whose Next is set and not after until, by Next, cases with the same Next by the bytes of their id. It costs
	// what it yields, not what is open, also when the loop is left early. Any until is allowed; the zero one yields nothing.
	//
	// A case that is moved while the loop runs is yielded as it was, as it is, or both; all others exactly once.
	Due(ctx context.Context, until time.Time) iter.Seq2[Item, error]

	// Erase takes the records of a case out of the journal and leaves one record, the tombstone, at Version+1, which Scan yields
	// as a new one. Rev grows by one; Next and Sum become zero, the keys are forgotten. The case stays known by its id, and every later Append or Erase gives
	// ErrErased: after an unknown outcome, that is the sign that the case is erased.
	//
	// expect is compared as in Append. An unknown case gives ErrUnknownCase, an id or tombstone that CheckID or CheckRecord refuses its *BatchError.
	Erase(ctx context.Context, caseID string, expect Head, tombstone []byte) (Head, error)
}

// Viewer is a [Journal] that shows its records without giving them away, for who looks at each once: it spares a copy and its garbage. [View]
// uses it where it is there.
type Viewer interface {
	Journal

	// View yields what Scan yields, but Data is good until the loop's next turn only and must not be changed, and Pos is empty.
	View(ctx context.Context, after Position) iter.Seq2[Record, error]
}

// View looks at every record that stands after a position, as cheaply as the journal can: Data is good until the loop's next turn only, must not be
// changed, and comes with a Pos or without one. Everything else is as in Scan.
func View(ctx context.Context, j Journal, after Position) iter.Seq2[Record, error] {
	if v, ok := j.(Viewer); ok {
		return v.View(ctx, after)
	}
	return j.Scan(ctx, after)
}

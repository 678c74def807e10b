package seal

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"math"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// Options say how a [Journal] seals. The zero Options chain and nothing else: entries with personal fields are refused with [ErrNoKeys], and there
// are no checkpoints.
type Options struct {
	// Keys holds the keys of subjects.
	Keys Keys

	// Subject says whom the personal fields of an entry are about. They are all encrypted under that subject's key, so an entry speaks
	// of one person; what is said of a second one belongs into an entry of its own. Nil, or an empty result: the subject is the case, by
	// its id. The subject reaches [Keys] only and is not stored beside the entry.
	Subject func(caseID string, e history.Entry) string

	// Log gathers the heads of cases for checkpoints, and remembers destroyed keys.
	Log *Log
}

// Journal is a [journal.Journal] that seals what it stores in another one. Whatever it does not promise here is the other one's promise:
// durability, positions, concurrency. Make it with [New]; any number of goroutines and processes may use journals over the same store, as long as all
// that is written goes through one of them.
type Journal struct {
	inner   journal.Journal
	keys    Keys
	subject func(string, history.Entry) string
	log     *Log
	ends    *ends
	without map[string]*Fault
}

var _ journal.Journal = (*Journal)(nil)

// New seals what is stored in inner from now on. A journal is sealed from its first record on: records that were there before are
// reported as damaged, unless [Journal.Adopt] takes them in. Over a nil journal everything gives [journal.ErrNoJournal].
func New(inner journal.Journal, o Options) *Journal {
	return &Journal{inner: orNone(inner), keys: o.Keys, subject: o.Subject, log: o.Log, ends: new(ends)}
}

// With gives the same sealing over another view of the same store, such as that inside a transaction of the host: sealed.With(db.In(tx)).
func (j *Journal) With(inner journal.Journal) *Journal {
	other := *j
	other.inner, other.ends = orNone(inner), nil // a transaction may be rolled back
	return &other
}

// LogValue says no more than what it is.
func (j *Journal) LogValue() slog.Value { return slog.StringValue("seal.Journal") }

// Append is described at [journal.Journal]. It reads the last record of the case first, unless the case is new, the batch has no records, or this Journal
// has just read or appended to the case. What it remembers is good for one head of a case and is not asked again after a restore of the store, so make
// the Journal anew then: a record that was decided on what was lost would not continue what is there, and be reported.
//
// Besides what Check refuses it refuses, with a *[journal.BatchError], an entry with personal fields that does not fit a record once they
// are encrypted, that is not canonical ([ErrPlain]) or for which there are no keys ([ErrNoKeys]); and what ends in the mark of a seal
// although its batch is too large to be sealed. A damaged last record gives its *[Fault]. Nothing was changed after any of these.
//
// Sum and Next are the caller's and are passed on as they are.
func (j *Journal) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if err := b.Check(); err != nil {
		return journal.Head{}, err
	}
	if err := j.excluded(b.Case); err != nil {
		return journal.Head{}, err
	}
	if len(b.Records) == 0 {
		return j.inner.Append(ctx, b)
	}
	if err := ctx.Err(); err != nil {
		return journal.Head{}, journal.CaseError(b.Case, err)
	}
	for {
		c, known := j.ends.after(b.Case, b.Expect)
		if !known {
			var moved bool
			var err error
			if c, moved, err = j.tail(ctx, &b); err != nil {
				return journal.Head{}, err
			}
			known = !moved
		}
		if known {
			return j.append(ctx, &b, &c)
		}
		h, again, err := j.refused(ctx, &b)
		if !again {
			return h, err
		}
	}
}

// tail gives the end of the chain that a batch wants to continue, or tells that the case has another head.
func (j *Journal) tail(ctx context.Context, b *journal.Batch) (c chain, moved bool, err error) {
	switch {
	case b.Expect.Version == 0 && b.Expect.Rev == 0:
		return startOf(b.Case), false, nil
	case b.Expect.Version == 0:
		return chain{}, true, nil
	}
	h, records, err := j.inner.Read(ctx, b.Case, b.Expect.Version-1)
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		return chain{}, true, nil
	case err != nil:
		return chain{}, false, err
	case h.Version != b.Expect.Version || h.Rev != b.Expect.Rev:
		return chain{}, true, nil
	case len(records) != 1:
		return chain{}, false, fault(b.Case, h.Version, ErrMissing)
	}
	_, s, f := parse(b.Case, h.Version, records[0].Data)
	switch {
	case f == damaged:
		return chain{}, false, fault(b.Case, h.Version, ErrDamaged)
	case f == sealed && s.flags&flagTombstone != 0:
		return chain{}, true, nil
	case f == sealed:
		return chain{seq: h.Version, sum: *s.own, knows: true}, false, nil
	}
	return j.whole(ctx, b.Case, h)
}

// whole follows a case from its beginning to a head, for the rare one that ends in records without a seal.
func (j *Journal) whole(ctx context.Context, caseID string, want journal.Head) (c chain, moved bool, err error) {
	h, records, err := j.inner.Read(ctx, caseID, 0)
	if err != nil {
		return chain{}, false, err
	}
	c = j.log.startOf(caseID)
	for _, r := range records {
		if _, _, bad := c.step(caseID, r.Seq, r.Data); bad != nil {
			return chain{}, false, bad
		}
	}
	if bad := c.end(caseID); bad != nil {
		return chain{}, false, bad
	}
	return c, c.erased || h.Version != want.Version || h.Rev != want.Rev, nil
}

// append seals a batch at the end of a chain.
func (j *Journal) append(ctx context.Context, b *journal.Batch, c *chain) (journal.Head, error) {
	records, err := j.seal(ctx, b, c)
	if err != nil {
		return journal.Head{}, err
	}
	b.Records = records
	h, err := j.inner.Append(ctx, *b)
	// With a key, the store may have another batch under it and not this one.
	if err == nil && b.Key == "" && c.run == 0 {
		j.ends.put(b.Case, h, c.sum)
	}
	return h, err
}

// seal makes the stored records of a batch and moves the chain behind them.
func (j *Journal) seal(ctx context.Context, b *journal.Batch, c *chain) ([][]byte, error) {
	payloads := make([][]byte, len(b.Records))
	var few [16]byte
	flags := append(few[:0], make([]byte, len(b.Records))...)
	for i, data := range b.Records {
		var err error
		if payloads[i], flags[i], err = j.conceal(ctx, b.Case, c.seq+uint64(i)+1, data); err != nil {
			return nil, err
		}
	}
	if !roomFor(payloads) {
		for i, data := range payloads {
			switch seq := c.seq + uint64(i) + 1; {
			case flags[i]&flagPersonal != 0:
				return nil, refuse(b.Case, seq, errNoRoom)
			case looksSealed(data):
				return nil, refuse(b.Case, seq, errAlike)
			}
		}
		c.run += uint64(len(payloads))
		return payloads, nil
	}
	size := 0
	for _, data := range payloads {
		size += len(data) + sealSize
	}
	room := make([]byte, 0, size)
	for i, data := range payloads {
		c.seq++
		at := len(room)
		room, c.sum = appendSealed(room, data, b.Case, c.seq, c.sum, flags[i], uint32(c.run))
		payloads[i] = room[at:]
		c.run = 0
	}
	return payloads, nil
}

// refused asks the store for its answer to a batch whose head is not the expected one: a key that it knows, or the head that there is. again
// tells that the head has become the expected one meanwhile.
func (j *Journal) refused(ctx context.Context, b *journal.Batch) (h journal.Head, again bool, err error) {
	probe := journal.Batch{Case: b.Case, Key: b.Key, Expect: journal.Head{Version: math.MaxUint64, Rev: math.MaxUint64}}
	h, err = j.inner.Append(ctx, probe)
	var conflict *journal.ConflictError
	if !errors.As(err, &conflict) {
		return h, false, err
	}
	if conflict.Actual.Version == b.Expect.Version && conflict.Actual.Rev == b.Expect.Rev && b.Expect.Version > 0 {
		return journal.Head{}, true, nil
	}
	return journal.Head{}, false, &journal.ConflictError{Case: b.Case, Expected: b.Expect, Actual: conflict.Actual}
}

// Read is described at [journal.Journal]. It checks what it reads: that each record is the one sealed in its place, that they continue each
// other and that none is missing up to the head. A *[Fault] names the first that fails. That the first record continues the one before
// it is checked from the beginning of a case only; [Journal.Verify] checks everything.
//
// An entry whose subject's key was destroyed comes without personal fields and with the field personal=erased ([KeyPersonal], [Erased]). A
// key that cannot be had or that is a wrong one gives an *[EntryError]. A journal without keys gives personal=withheld.
func (j *Journal) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	return j.read(ctx, caseID, after, func(seq uint64, payload []byte, flags byte) ([]byte, error) {
		return j.reveal(ctx, caseID, seq, payload, flags)
	})
}

// Stored is Read from the beginning of a case, but for personal fields: they come as they are stored, encrypted. So it needs no keys, gives the same bytes before
// and after [Journal.Shred], and a digest of them tells nobody what they say. It is that of disposal certificates (charter's RecordStore) over a sealed
// journal. A record without personal fields comes as it was appended.
func (j *Journal) Stored(ctx context.Context, caseID string) (journal.Head, []journal.Record, error) {
	return j.read(ctx, caseID, 0, func(_ uint64, payload []byte, _ byte) ([]byte, error) { return payload, nil })
}

// read checks what it reads, and opens each payload.
func (j *Journal) read(
	ctx context.Context, caseID string, after uint64, open func(seq uint64, payload []byte, flags byte) ([]byte, error),
) (journal.Head, []journal.Record, error) {
	if err := j.excluded(caseID); err != nil {
		return journal.Head{}, nil, err
	}
	h, records, err := j.inner.Read(ctx, caseID, after)
	if err != nil {
		return journal.Head{}, nil, err
	}
	c := j.log.startOf(caseID)
	tail := after > c.seq
	if tail {
		c = chain{seq: after}
	}
	bares := false
	for i := range records {
		r := &records[i]
		payload, s, bad := c.step(caseID, r.Seq, r.Data)
		if bad != nil {
			return journal.Head{}, nil, bad
		}
		bares = bares || s.own == nil
		if r.Data, err = open(r.Seq, payload, s.flags); err != nil {
			return journal.Head{}, nil, err
		}
	}
	switch {
	case c.seq < h.Version:
		return journal.Head{}, nil, c.lacks(caseID)
	case len(records) > 0 && c.seq > h.Version:
		return journal.Head{}, nil, fault(caseID, h.Version+1, ErrOrder)
	}
	if tail && bares {
		// Without a seal of their own, they are known from what stands before and behind them.
		if _, _, err := j.whole(ctx, caseID, h); err != nil {
			return journal.Head{}, nil, err
		}
	} else if bad := c.end(caseID); bad != nil {
		return journal.Head{}, nil, bad
	}
	if len(records) > 0 && c.run == 0 && !c.erased {
		j.ends.put(caseID, h, c.sum)
	}
	return h, records, nil
}

// Scan is described at [journal.Journal]. Each record is checked by itself, and gives what Read gives of it. A *[Fault] or an
// *[EntryError] ends the loop: nothing is passed over in silence. To go on in spite of a fault, leave its case out with [Journal.Without].
func (j *Journal) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		whole := map[string]uint64{} // cases with records without a seal, up to where they were checked
		for r, err := range j.inner.Scan(ctx, after) {
			keep := true
			switch {
			case err != nil:
			case j.without[r.Case] != nil:
				keep = false
			default:
				r, keep, err = j.scanned(ctx, r, whole)
			}
			switch {
			case err != nil:
				yield(journal.Record{}, err)
				return
			case keep && !yield(r, nil):
				return
			}
		}
	}
}

// scanned gives a record of the store as it was appended, and tells whether it is still there.
func (j *Journal) scanned(ctx context.Context, r journal.Record, whole map[string]uint64) (journal.Record, bool, error) {
	payload, s, f := parse(r.Case, r.Seq, r.Data)
	switch {
	case f == damaged:
		return r, false, fault(r.Case, r.Seq, ErrDamaged)
	case f == bare && r.Seq > whole[r.Case]:
		c, _, err := j.whole(ctx, r.Case, journal.Head{})
		if err != nil {
			return r, false, err
		}
		if c.erased && r.Seq < c.seq {
			return r, false, nil
		}
		whole[r.Case] = c.seq
	}
	var err error
	r.Data, err = j.reveal(ctx, r.Case, r.Seq, payload, s.flags)
	return r, true, err
}

// Due is described at [journal.Journal].
func (j *Journal) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return j.inner.Due(ctx, until)
}

// Erase is described at [journal.Journal]. The tombstone continues the chain: it is sealed with the sum of the last record that is
// erased, so that every checkpoint taken before stays provable. A tombstone longer than [journal.MaxRecord] less 77 bytes leaves no
// room for its seal and is refused with a *[journal.BatchError].
func (j *Journal) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	if err := journal.CheckID(caseID); err != nil {
		return journal.Head{}, err
	}
	if err := journal.CheckRecord(caseID, tombstone); err != nil {
		return journal.Head{}, err
	}
	if err := j.excluded(caseID); err != nil {
		return journal.Head{}, err
	}
	if len(tombstone) > journal.MaxRecord-sealSize {
		return journal.Head{}, refuse(caseID, expect.Version+1, errGrave)
	}
	if err := ctx.Err(); err != nil {
		return journal.Head{}, journal.CaseError(caseID, err)
	}
	b := journal.Batch{Case: caseID, Expect: expect}
	for {
		var c chain
		moved := true
		if expect.Version > 0 {
			var err error
			if c, moved, err = j.tail(ctx, &b); err != nil {
				return journal.Head{}, err
			}
		}
		if !moved {
			grave, _ := appendSealed(nil, tombstone, caseID, expect.Version+1, c.sum, flagTombstone, uint32(c.run))
			return j.inner.Erase(ctx, caseID, expect, grave)
		}
		// The store says why; no case ever has this head.
		_, err := j.inner.Erase(ctx, caseID, journal.Head{Version: math.MaxUint64, Rev: math.MaxUint64}, nil)
		var conflict *journal.ConflictError
		if !errors.As(err, &conflict) {
			return journal.Head{}, err
		}
		if now := conflict.Actual; now.Version != expect.Version || now.Rev != expect.Rev || expect.Version == 0 {
			return journal.Head{}, &journal.ConflictError{Case: caseID, Expected: expect, Actual: now}
		}
	}
}

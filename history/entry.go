package history

import "time"

// MaxSeq is the largest sequence number: the largest whole number that every JSON reader keeps exactly (RFC 7493, section 2.2).
const MaxSeq = 1<<53 - 1

// MaxSize is the largest size of an entry's canonical bytes, and of the text that is read as one.
const MaxSize = 1 << 20

// Actor is who did it. The zero Actor is nobody in particular.
type Actor struct {
	ID   string // the host's name for the person or program; may be empty
	Role string // agent, customer, supervisor, ...; may be empty
}

// Entry is one fact of a case. Entries are only ever added: a correction is a further entry.
//
// An entry is a plain value. Its slices are shared when it is copied and are not to be changed once it is in use; then any number of
// goroutines may read it.
type Entry struct {
	// Seq is the position in the case, from 1. 0 means not numbered.
	Seq uint64
	// At is when it happened. The location does not matter; every nanosecond does.
	At time.Time
	// Recorded is when it was written down; zero means at once, at At.
	Recorded time.Time
	Kind     Kind
	Actor    Actor
	// Fields are the facts that rules may read.
	Fields Fields
	// Personal holds data about people, apart from the rest: rules never read it, and it is never printed or logged.
	Personal Fields
}

// RecordedAt is when the entry was written down: Recorded, or At when that is zero.
func (e Entry) RecordedAt() time.Time {
	if e.Recorded.IsZero() {
		return e.At
	}
	return e.Recorded
}

// Redacted returns the entry without its personal fields.
func (e Entry) Redacted() Entry {
	e.Personal = nil
	return e
}

// Equal tells whether both entries say the same: whether their canonical bytes are equal, if they have any.
func (e Entry) Equal(o Entry) bool {
	return e.Seq == o.Seq && e.RecordedAt().Equal(o.RecordedAt()) && saysTheSame(&e, &o)
}

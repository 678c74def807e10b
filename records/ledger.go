package records

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// NoteKind says what a [Note] tells.
type NoteKind string

// What stands in a ledger.
const (
	Reviewed  NoteKind = "reviewed"  // a person agreed or objected to the disposal
	Intended  NoteKind = "intended"  // the disposal begins
	Withdrawn NoteKind = "withdrawn" // it did not take place after all
	Disposed  NoteKind = "disposed"  // it took place
	Reapplied NoteKind = "reapplied" // it took place again, after a restore
)

// Note is a line of a ledger.
type Note struct {
	Kind   NoteKind  `json:"kind"`
	Record string    `json:"record"`
	At     time.Time `json:"at"`

	// Of a review: who spoke, and on what. A review of a record that was added to since counts no more.
	By     string `json:"by,omitempty"`
	Agree  bool   `json:"agree,omitempty"`
	Digest Digest `json:"digest,omitzero"`

	// Of all others: the certificate; of an intention, what it would be.
	Certificate *Certificate `json:"certificate,omitempty"`
}

// ErrNote is matched by every error about bytes that are no note.
var ErrNote = errors.New("records: malformed note")

// Bytes returns the note as a ledger may store it: JSON on one line. Equal notes have equal bytes.
func (n Note) Bytes() ([]byte, error) {
	n.At = n.At.UTC()
	if n.Certificate != nil {
		c := *n.Certificate
		c.At, c.Due = c.At.UTC(), c.Due.UTC()
		n.Certificate = &c
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(n); err != nil {
		return nil, fmt.Errorf("%w on %q: %w", ErrNote, clip(n.Record), err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ParseNote reads what [Note.Bytes] wrote. The error matches [ErrNote].
func ParseNote(b []byte) (Note, error) {
	var n Note
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return Note{}, fmt.Errorf("%w: %w", ErrNote, err)
	}
	switch again, err := n.Bytes(); {
	case err != nil || !bytes.Equal(again, b):
		return Note{}, fmt.Errorf("%w: written otherwise than it would be", ErrNote)
	case n.Kind == "" || n.Record == "":
		return Note{}, fmt.Errorf("%w: no kind or no record", ErrNote)
	case (n.Kind == Reviewed) != (n.Certificate == nil):
		return Note{}, fmt.Errorf("%w: %s, with or without a certificate", ErrNote, n.Kind)
	}
	return n, nil
}

// Ledger keeps what was decided and done on disposals. It has to be kept apart from the records and from their backups: it is what a restore is
// set right by. Notes are only ever added.
//
// Any number of goroutines may use it.
type Ledger interface {
	// Append adds a note and returns when it will outlive the process. A note that is there already is not added again.
	Append(ctx context.Context, n Note) error

	// Of gives the notes on a record in the order in which they were added; none is no error.
	Of(ctx context.Context, record string) ([]Note, error)

	// Notes yields all notes, those on one record in the order in which they were added, and stops after the first error. The loop may call every
	// method.
	Notes(ctx context.Context) iter.Seq2[Note, error]
}

// MemoryLedger is a [Ledger] in memory, for tests. The zero value is empty and ready to use.
type MemoryLedger struct {
	mu    sync.Mutex
	notes []Note
	lines map[string]bool
}

// Append is described at [Ledger].
func (l *MemoryLedger) Append(ctx context.Context, n Note) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	line, err := n.Bytes()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines == nil {
		l.lines = map[string]bool{}
	}
	if !l.lines[string(line)] {
		l.lines[string(line)] = true
		l.notes = append(l.notes, n)
	}
	return nil
}

// Of is described at [Ledger].
func (l *MemoryLedger) Of(ctx context.Context, record string) ([]Note, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var of []Note
	for _, n := range l.notes {
		if n.Record == record {
			of = append(of, n)
		}
	}
	return of, ctx.Err()
}

// Notes is described at [Ledger].
func (l *MemoryLedger) Notes(ctx context.Context) iter.Seq2[Note, error] {
	return func(yield func(Note, error) bool) {
		l.mu.Lock()
		notes := slices.Clone(l.notes)
		l.mu.Unlock()
		if err := ctx.Err(); err != nil {
			yield(Note{}, err)
			return
		}
		for _, n := range notes {
			if !yield(n, nil) {
				return
			}
		}
	}
}

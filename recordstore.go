package charter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records"
)

// RecordStore makes the cases of a journal records that can be disposed of: a
// records.Store over journal.Journal. A disposed case keeps its id; in place of
// its entries stands the certificate, and nothing can be added any more.
//
// The digest of a case is that of its records in their order, as the journal has
// them stored if it can tell, and else as it gives them. A journal that encrypts,
// such as seal.Journal, tells by a method
//
//	Stored(ctx context.Context, caseID string) (journal.Head, []journal.Record, error)
//
// which is Read from the beginning without decrypting. So a review and a
// certificate hold after the keys are gone, and the digest tells nothing of
// personal fields; the parts that a certificate proves are those that Stored
// gives. A wrapper around such a journal has to pass the method on.
//
// Without a journal everything gives journal.ErrNoJournal.
type RecordStore struct {
	Journal journal.Journal
	// Class tells the record class of a case; nil takes the attribute kind as
	// the case last had it: ticket, complaint, incident.
	Class func(history.History) string
}

var _ records.Store = RecordStore{}

// Load reads a case. Entries that cannot be read match [ErrRecord], so that
// nothing is disposed of that nobody can judge.
func (s RecordStore) Load(ctx context.Context, id string) (records.Stored, error) {
	head, rows, parts, err := s.read(ctx, id)
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		return records.Stored{}, fmt.Errorf("%w: %w", records.ErrUnknown, err)
	case err != nil:
		return records.Stored{}, err
	}
	if len(rows) == 1 && rows[0].Seq > 1 { // of an erased case the tombstone is left
		return records.Stored{Erased: true, Tombstone: rows[0].Data}, nil
	}
	stored := records.Stored{
		Record:  records.Record{ID: id, History: history.History{Case: id, Entries: make([]history.Entry, len(rows))}},
		Parts:   len(rows),
		Version: fmt.Sprintf("%d.%d", head.Version, head.Rev),
	}
	for i, r := range rows {
		if stored.Record.History.Entries[i], err = history.Decode(r.Data); err != nil {
			return records.Stored{}, fmt.Errorf("record %d: %w: %w", r.Seq, ErrRecord, err)
		}
	}
	stored.Digest = records.DigestOf(func(yield func([]byte) bool) {
		for _, r := range parts {
			if !yield(r.Data) {
				return
			}
		}
	})
	stored.Record.Class = s.class(stored.Record.History)
	return stored, nil
}

// read gives the records of a case as they are to be read, and those that its
// digest is of.
func (s RecordStore) read(ctx context.Context, id string) (head journal.Head, rows, parts []journal.Record, err error) {
	if s.Journal == nil {
		return head, nil, nil, journal.ErrNoJournal
	}
	stored, ok := s.Journal.(interface {
		Stored(ctx context.Context, caseID string) (journal.Head, []journal.Record, error)
	})
	for {
		if head, rows, err = s.Journal.Read(ctx, id, 0); err != nil || !ok {
			return head, rows, rows, err
		}
		var again journal.Head
		again, parts, err = stored.Stored(ctx, id)
		if err != nil || again.Version == head.Version && again.Rev == head.Rev {
			return head, rows, parts, err
		}
	}
}

func (s RecordStore) class(h history.History) string {
	if s.Class != nil {
		return s.Class(h)
	}
	class := ""
	for _, e := range h.Sorted().Entries {
		if kind, ok := e.Fields.Get(history.KeyKind); ok && history.SetsAttributes(e.Kind) {
			class = kind
		}
	}
	return class
}

// Erase erases the case by journal.Journal's Erase, whose guarantees it has.
func (s RecordStore) Erase(ctx context.Context, id, version string, tombstone []byte) error {
	if s.Journal == nil {
		return journal.ErrNoJournal
	}
	var expect journal.Head
	if _, err := fmt.Sscanf(version, "%d.%d", &expect.Version, &expect.Rev); err != nil {
		return fmt.Errorf("%w: version %q is not one of this store", records.ErrChanged, clip(version))
	}
	_, err := s.Journal.Erase(ctx, id, expect, tombstone)
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		return fmt.Errorf("%w: %w", records.ErrUnknown, err)
	case errors.Is(err, journal.ErrConflict), errors.Is(err, journal.ErrErased):
		return fmt.Errorf("%w: %w", records.ErrChanged, err)
	}
	return err
}

// RecordLedger keeps the notes on disposals in a journal of their own, a case
// for each record: a records.Ledger over journal.Journal. It has to be another
// journal than that of the records, with backups of its own; else a restore
// takes the notes back together with what they are about. Nothing else may write
// to it.
type RecordLedger struct{ Journal journal.Journal }

var _ records.Ledger = RecordLedger{}

// Append adds a note. Its bytes are the key, so that it may be repeated after
// an unknown outcome.
func (l RecordLedger) Append(ctx context.Context, n records.Note) error {
	if l.Journal == nil {
		return journal.ErrNoJournal
	}
	line, err := n.Bytes()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(line)
	b := journal.Batch{Case: n.Record, Key: hex.EncodeToString(sum[:]), Records: [][]byte{line}, Next: listed}
	for {
		_, err := l.Journal.Append(ctx, b)
		var moved *journal.ConflictError
		if !errors.As(err, &moved) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b.Expect = moved.Actual
	}
}

// Of gives the notes on a record.
func (l RecordLedger) Of(ctx context.Context, record string) ([]records.Note, error) {
	if l.Journal == nil {
		return nil, journal.ErrNoJournal
	}
	_, rows, err := l.Journal.Read(ctx, record, 0)
	if err != nil && !errors.Is(err, journal.ErrUnknownCase) {
		return nil, err
	}
	notes := make([]records.Note, len(rows))
	for i, r := range rows {
		if notes[i], err = ledgerNote(r); err != nil {
			return nil, err
		}
	}
	return notes, nil
}

// Notes yields all notes, a record after the other. It sees every note that was
// appended before it began: it asks Due, not Scan, which may hold back what was
// written beside a transaction that is still open.
func (l RecordLedger) Notes(ctx context.Context) iter.Seq2[records.Note, error] {
	return func(yield func(records.Note, error) bool) {
		if l.Journal == nil {
			yield(records.Note{}, journal.ErrNoJournal)
			return
		}
		for item, err := range l.Journal.Due(ctx, listed) {
			var notes []records.Note
			if err == nil {
				notes, err = l.Of(ctx, item.Case)
			}
			if err != nil {
				yield(records.Note{}, err)
				return
			}
			for _, n := range notes {
				if !yield(n, nil) {
					return
				}
			}
		}
	}
}

// listed is the Next of every case of a ledger, by which Notes finds them.
var listed = time.Unix(0, 0).UTC()

func ledgerNote(r journal.Record) (records.Note, error) {
	n, err := records.ParseNote(r.Data)
	if err == nil && n.Record != r.Case {
		err = fmt.Errorf("%w: it is about %q", records.ErrNote, clip(n.Record))
	}
	if err != nil {
		return records.Note{}, fmt.Errorf("charter: ledger, case %q record %d: %w", clip(r.Case), r.Seq, err)
	}
	return n, nil
}

package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Outcome is what [Disposer.Reapply] found of a record that was disposed of.
type Outcome string

// The outcomes.
const (
	Intact  Outcome = "intact"  // the certificate stands in its place
	Absent  Outcome = "absent"  // the store does not know the record
	Again   Outcome = "again"   // it had come back and was erased again
	Held    Outcome = "held"    // it has come back and a hold stands: nothing was done
	Grown   Outcome = "grown"   // it has come back and has entries that are later than its disposal: nothing was done
	Foreign Outcome = "foreign" // something else stands in its place
)

// Restored is what was found of one record.
type Restored struct {
	Certificate Certificate
	Outcome     Outcome
}

// Reapply holds the store to the ledger: every record that the ledger knows as disposed of and that a restore brought back is erased again, under its first
// certificate. Run it after a restore, before anybody else opens the store; at other times it is a check, and yields nothing but intact and absent.
//
// A record that came back under a hold is left, since who asked for the hold may want just this copy, and so is one that was added to. It yields each record once, and stops
// after the first error. With dry set it tells what it would do, and does nothing.
func (d *Disposer) Reapply(ctx context.Context, dry bool) iter.Seq2[Restored, error] {
	return func(yield func(Restored, error) bool) {
		if err := d.ready(); err != nil {
			yield(Restored{}, err)
			return
		}
		disposed := map[string]Certificate{}
		for n, err := range d.Ledger.Notes(ctx) {
			if err != nil {
				yield(Restored{}, fmt.Errorf("records: ledger: %w", err))
				return
			}
			if n.Kind == Disposed && n.Certificate != nil {
				disposed[n.Record] = *n.Certificate
			}
		}
		for _, id := range slices.Sorted(maps.Keys(disposed)) {
			outcome, err := d.reapply(ctx, disposed[id], dry)
			if err != nil {
				err = fmt.Errorf("records: restore of %q: %w", clip(id), err)
			}
			if !yield(Restored{disposed[id], outcome}, err) || err != nil {
				return
			}
		}
	}
}

func (d *Disposer) reapply(ctx context.Context, c Certificate, dry bool) (Outcome, error) {
	tombstone, err := c.Bytes()
	if err != nil {
		return "", err
	}
	for {
		stored, err := d.Store.Load(ctx, c.Record)
		switch {
		case errors.Is(err, ErrUnknown):
			return Absent, nil
		case err != nil:
			return "", err
		case stored.Erased && bytes.Equal(stored.Tombstone, tombstone):
			return Intact, nil
		case stored.Erased:
			return Foreign, nil
		}
		holds, err := d.holds(ctx)
		if err != nil {
			return "", err
		}
		now, entries := d.Now(), stored.Record.History.Sorted().Entries
		attributes := attributesOf(entries)
		for i := range holds {
			h := &holds[i]
			if h.Check() != nil || h.stands(now) && h.covers(c.Record, c.Class, attributes) {
				return Held, nil
			}
		}
		for i := range entries {
			if entries[i].RecordedAt().After(c.At) {
				return Grown, nil
			}
		}
		if dry {
			return Again, nil
		}
		switch err := d.Store.Erase(ctx, c.Record, stored.Version, tombstone); {
		case errors.Is(err, ErrChanged):
			continue
		case err != nil:
			return "", err
		}
		return Again, d.erased(ctx, Reapplied, c, now)
	}
}

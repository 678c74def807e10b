package charter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// fieldCommand marks the first entry of a command with its key, so that the
// command is known when it comes again.
const fieldCommand = "command"

// Record lets a host with a lifecycle of its own work on a case: fn is given
// the history, empty for a new case, and returns the entries that are to be
// added. They are numbered on, recorded together, and the case's next instant
// with them; the result is the case as it stands then, with its deadlines.
//
// When somebody else has written meanwhile, fn is called again with the newer
// history, so it must have no effect of its own; on a desk bound by
// [Desk.With] the conflict is returned instead, matching journal.ErrConflict.
// An error of fn is returned as it is, and nothing is recorded. An fn that
// adds nothing records nothing.
//
// key makes the command idempotent: a command with a key that the case knows
// already is not run again, and gives the case as it stands. An empty key asks
// for none. Keys that begin with "charter." and the entries' field "command" are
// the desk's own.
//
// An entry whose At is zero is given now; one further ahead than
// Config.MaxSkew is refused with [ErrFuture].
func (d *Desk) Record(ctx context.Context, id, key string, fn func(history.History) ([]history.Entry, error)) (Status, error) {
	if fn == nil {
		return Status{}, fmt.Errorf("charter: case %q: no function", clip(id))
	}
	for {
		head, h, err := d.read(ctx, id)
		if err != nil && !errors.Is(err, journal.ErrUnknownCase) {
			return Status{}, err
		}
		h.Case = id
		if key != "" && knows(h, key) {
			return d.status(head, h)
		}
		added, err := fn(h)
		if err != nil {
			return Status{}, err
		}
		if len(added) == 0 {
			if head == (journal.Head{}) {
				return Status{}, fmt.Errorf("charter: case %q: %w", clip(id), journal.ErrUnknownCase)
			}
			return d.status(head, h)
		}
		now := d.config.Now()
		if err := d.prepare(h, added, key, now); err != nil {
			return Status{}, err
		}
		earlier, book := h, d.handbook()
		h.Entries = append(h.Entries[:len(h.Entries):len(h.Entries)], added...)
		j, err := book.Judge(h, now)
		if err != nil {
			return Status{}, err
		}
		notes, err := follow(book, earlier, h, j)
		if err != nil {
			return Status{}, err
		}
		d.date(h, notes, now)
		added, h.Entries = append(added, notes...), append(h.Entries, notes...)
		b := journal.Batch{Case: id, Key: key, Expect: head, Next: d.attention(j, h, head.Next, now)}
		if b.Records, err = encode(id, added); err != nil {
			return Status{}, err
		}
		after, err := d.config.Journal.Append(ctx, b)
		switch {
		case err == nil:
			d.observe(Event{Kind: Appended, Case: id})
			d.alarm(b.Next, now)
			if d.handbook() != book {
				// Who plans by the newer handbook may have passed this case before.
				if err := d.replan(ctx, id); err != nil {
					d.complain(ctx, "cannot plan a case anew", id, err)
				}
			}
			return Status{after, h, j}, nil
		case d.bound || !errors.Is(err, journal.ErrConflict):
			return Status{}, fmt.Errorf("charter: case %q: %w", clip(id), err)
		}
		d.observe(Event{Kind: Conflict, Case: id, Err: err})
		if err := ctx.Err(); err != nil {
			return Status{}, fmt.Errorf("charter: case %q: %w", clip(id), err)
		}
	}
}

// knows tells whether a command with that key is part of the history.
func knows(h history.History, key string) bool {
	for i := range h.Entries {
		if h.Entries[i].Fields.Has(fieldCommand, key) {
			return true
		}
	}
	return false
}

// prepare numbers, dates and marks entries that are to be added.
func (d *Desk) prepare(h history.History, added []history.Entry, key string, now time.Time) error {
	last := uint64(0)
	for i := range h.Entries {
		last = max(last, h.Entries[i].Seq)
	}
	for i := range added {
		e := &added[i]
		last++
		e.Seq = last
		if e.At.IsZero() {
			e.At = now
		}
		if e.At.After(now.Add(d.config.MaxSkew)) {
			return fmt.Errorf("charter: case %q: %w: %s at %v", clip(h.Case), ErrFuture, clip(string(e.Kind)), e.At)
		}
		e.Fields = e.Fields.Canonical()
	}
	d.date(h, added, now)
	if key != "" {
		f := append(history.Fields{{Key: fieldCommand, Value: key}}, added[0].Fields...)
		added[0].Fields = f.Canonical()
	}
	return nil
}

// date says when the entries are recorded, unless they tell themselves: now, or
// when the latest entry of the history was, where a desk whose clock runs ahead
// wrote that.
func (d *Desk) date(h history.History, added []history.Entry, now time.Time) {
	latest := now
	for i := range h.Entries {
		if at := h.Entries[i].RecordedAt(); at.After(latest) && !at.After(now.Add(d.config.MaxSkew)) {
			latest = at
		}
	}
	for i := range added {
		if e := &added[i]; e.Recorded.IsZero() && !e.At.Equal(latest) {
			e.Recorded = latest
		}
	}
}

func encode(id string, entries []history.Entry) ([][]byte, error) {
	records := make([][]byte, len(entries))
	for i := range entries {
		b, err := entries[i].AppendCanonical(nil)
		if err != nil {
			return nil, fmt.Errorf("charter: case %q: %w", clip(id), err)
		}
		records[i] = b
	}
	return records, nil
}

// alarm wakes Run when something is due earlier than it may expect.
func (d *Desk) alarm(next, now time.Time) {
	if next.IsZero() || next.Sub(now) > d.config.MaxSleep {
		return
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Adopt takes over a case that was open before the desk was: its history is
// recorded as it is, and what fell due before Config.Cutover will never be
// told. A case that the journal has already is left alone.
func (d *Desk) Adopt(ctx context.Context, h history.History) error {
	_, err := d.Record(ctx, h.Case, "charter.adopt", func(known history.History) ([]history.Entry, error) {
		if len(known.Entries) > 0 {
			return nil, nil
		}
		entries := append([]history.Entry(nil), h.Sorted().Entries...)
		for i := range entries {
			if entries[i].Recorded.IsZero() {
				entries[i].Recorded = entries[i].At
			}
		}
		return entries, nil
	})
	return err
}

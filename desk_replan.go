package charter

import (
	"context"
	"errors"
	"fmt"

	"github.com/servicecharter/charter/journal"
)

// replanStep is how many records one call of Replan reads.
const replanStep = 1000

// Replan computes anew when cases have to be looked at next, after the desk
// was given another handbook: an amended one, or one whose calendar knows
// another year's holidays. It writes only where the instant has moved, tells
// nobody anything, and moves no verdict: that is the handbook's promise.
//
// One call works off about a thousand records from a position, the empty one
// at first, and returns where to go on; done tells that nothing is left. So the
// host sets the pace and can go on after a restart. Cases that are written to
// meanwhile have their new instant anyway. Every desk on the journal should
// have the new handbook by then, or the old ones plan by theirs.
func (d *Desk) Replan(ctx context.Context, after journal.Position) (next journal.Position, done bool, err error) {
	seen := map[string]bool{}
	n := 0
	next = after
	for r, err := range d.config.Journal.Scan(ctx, after) {
		if err != nil {
			return next, false, fmt.Errorf("charter: replan: %w", err)
		}
		if !seen[r.Case] {
			seen[r.Case] = true
			if err := d.replan(ctx, r.Case); err != nil {
				return next, false, err
			}
		}
		next = r.Pos
		if n++; n == replanStep {
			return next, false, nil
		}
	}
	return next, true, nil
}

func (d *Desk) replan(ctx context.Context, id string) error {
	head, h, err := d.read(ctx, id)
	switch {
	case errors.Is(err, ErrRecord):
		// An erased case has a tombstone, and nothing to plan.
		return nil
	case err != nil:
		return err
	}
	now := d.config.Now()
	j, err := d.config.Handbook.Judge(h, now)
	if err != nil {
		return err
	}
	at := d.attention(j, h, head.Next, now)
	if at.Equal(head.Next) || !head.Next.IsZero() && !head.Next.After(now) {
		// A case that is due will be planned when somebody attends to it.
		return nil
	}
	if _, err = d.append(ctx, id, head, nil, at); errors.Is(err, journal.ErrConflict) {
		return nil
	}
	if err == nil {
		d.alarm(at, now)
	}
	return err
}

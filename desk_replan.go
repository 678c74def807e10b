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
// nobody anything, and moves no verdict: that is the handbook's promise. Where
// there is something to tell, such as a provisional deadline that has moved,
// the case becomes due at once, and the next Tick tells it.
//
// One call works off about a thousand records from a position, the empty one
// at first, and returns where to go on; done tells that nothing is left. So the
// host sets the pace and can go on after a restart. [Desk.Run] does all this by
// itself; Replan is for hosts that call Tick. Cases that are written to
// meanwhile have their new instant anyway. Every desk on the journal should
// have the new handbook by then, or the old ones plan by theirs.
//
// Cases that cannot be judged are passed over, and their errors, which name
// them, are joined; any other error comes from the journal. In either case go
// on from next, which stands before what the journal failed at.
func (d *Desk) Replan(ctx context.Context, after journal.Position) (next journal.Position, done bool, err error) {
	return d.replanSome(ctx, after, replanStep)
}

func (d *Desk) replanSome(ctx context.Context, after journal.Position, records int) (next journal.Position, done bool, err error) {
	var errs []error
	next = after
	for r, err := range d.config.Journal.Scan(ctx, after) {
		if err != nil {
			return next, false, errors.Join(append(errs, fmt.Errorf("charter: replan: %w", err))...)
		}
		// Every case has a first record, except an erased one, which has nothing
		// to plan.
		if r.Seq == 1 {
			switch err := d.replan(ctx, r.Case); {
			case errors.Is(err, errJudge):
				errs = append(errs, err)
			case err != nil:
				return next, false, errors.Join(append(errs, err)...)
			}
		}
		next = r.Pos
		if records--; records == 0 {
			return next, false, errors.Join(errs...)
		}
	}
	return next, true, errors.Join(errs...)
}

// errJudge marks the error of a case that the handbook cannot judge.
var errJudge = errors.New("cannot plan anew")

func (d *Desk) replan(ctx context.Context, id string) error {
	head, h, err := d.read(ctx, id)
	switch {
	case errors.Is(err, journal.ErrErased):
		// Erased meanwhile: a tombstone has nothing to plan.
		return nil
	case err != nil:
		return err
	}
	now := d.config.Now()
	j, err := d.handbook().Judge(h, now)
	if err != nil {
		return fmt.Errorf("%w: %w", errJudge, err)
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

package charter

import (
	"context"
	"fmt"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Run ticks until the context ends, and returns its error. It sleeps until the
// next instant at which something is due, at most Config.MaxSleep, and wakes
// when a command on this desk brings something earlier. Errors of Tick go to
// Config.Logger and Config.Observe; they do not end it.
//
// Between ticks Run plans all cases anew, as [Desk.Replan] does: once when it
// starts, because a new program may have brought a new handbook, and after each
// [Desk.Use]. It goes on a hundred records at a time, ticks after each, and
// then leaves the journal alone for as long as that took, at most MaxSleep: so
// what a new handbook makes due is told bit by bit, and no notice waits for
// more than a hundred cases. In all it scans the journal once and reads and
// judges each case once, closed ones too; it writes only to those whose
// instant moves. Nothing is kept of how far it came: a Run that is ended
// begins again.
func (d *Desk) Run(ctx context.Context) error {
	var work planning
	for {
		next, err := d.Tick(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if d.plan(ctx, &work) {
			// That took a while; something may have fallen due.
			continue
		}
		now := d.config.Now()
		wait := next.Sub(now)
		if err != nil {
			// What cannot be read or written will not be better in an instant.
			wait = max(wait, min(d.config.Retry(1), d.config.MaxSleep))
		}
		if !work.done {
			wait = min(wait, work.rest.Sub(now))
		}
		timer := time.NewTimer(max(wait, 0))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-d.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// planning is how far Run has come with planning anew.
type planning struct {
	book *Handbook // by which
	at   journal.Position
	done bool
	rest time.Time // until when it leaves the journal alone
}

// runStep is how many records Run reads between two ticks.
const runStep = 100

// plan goes one step on, and tells whether it did: not while it rests, nor
// when all is done.
func (d *Desk) plan(ctx context.Context, p *planning) bool {
	now := d.config.Now()
	if book := d.handbook(); book != p.book {
		*p = planning{book: book}
	}
	// A clock that was set back must not make the rest a long one.
	if rest := p.rest.Sub(now); p.done || rest > 0 && rest <= d.config.MaxSleep {
		return false
	}
	var err error
	p.at, p.done, err = d.replanSome(ctx, p.at, runStep)
	end := d.config.Now()
	rest := end.Sub(now)
	if err != nil {
		d.observe(Event{Kind: Failed, Err: err})
		d.complain(ctx, "cannot plan anew", "", err)
		rest = d.config.Retry(1)
	}
	p.rest = end.Add(min(max(rest, 0), d.config.MaxSleep))
	return true
}

// Use gives the desk another handbook while it works: an amended one, or one
// whose calendars know another year's days. Whatever begins afterwards is
// judged by it, on the desks bound by [Desk.With] too, and a [Desk.Run] plans all cases
// anew. Deadlines that were provisional and move are told, each once, as a
// notice of the kind sla.RevisedNotice; no verdict moves but those that were
// provisional, which is the handbook's promise.
//
// The handbook is compiled first; one that cannot run, or none, gives an error,
// and the desk keeps the one it has. The same handbook again plans nothing. Use
// may be called at any time from any goroutine.
//
// Use is for one process; give the desks of the others the new handbook too.
// As long as handbooks differ, each desk judges and plans by its own: a case
// that two of them write to is looked at when the one that wrote last wants,
// and a notice that one tells the other may withdraw when it looks, at most
// once each time the case is due. Of revised deadlines, one that is final stands against
// a desk for which it is still provisional. Nothing is lost, but a case that an
// old desk wrote to after the new one had planned it may be looked at late. So
// when the last old desk is gone, start Run once more, or call Replan.
func (d *Desk) Use(h *Handbook) error {
	if h == nil {
		return fmt.Errorf("%w: no handbook", ErrConfig)
	}
	if _, err := h.Plan(); err != nil {
		return err
	}
	d.book.Store(h)
	select {
	case d.wake <- struct{}{}:
	default:
	}
	return nil
}

package charter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
)

// Tick looks at every case that is due and tells what has become due: it
// records each notice, once, and then delivers it. It returns the instant at
// which it should be called again, at most Config.MaxSleep from now.
//
// A notice is recorded in the journal before anybody is told, and its delivery
// after; whatever crashes between, the next Tick of any process goes on from
// there. Several desks may tick at once: the one that records first delivers,
// and the others find nothing to do.
//
// An error about one case does not keep the others waiting: Tick goes on and
// returns the errors joined, each naming its case. Such a case is tried again
// at the next Tick.
func (d *Desk) Tick(ctx context.Context) (next time.Time, err error) {
	now := d.config.Now()
	next = now.Add(d.config.MaxSleep)
	var due []string
	for item, err := range d.config.Journal.Due(ctx, next) {
		if err != nil {
			return next, fmt.Errorf("charter: what is due: %w", err)
		}
		if item.Next.After(now) {
			next = item.Next
			break
		}
		due = append(due, item.Case)
	}
	var errs []error
	for _, id := range due {
		again, err := d.attend(ctx, id)
		if err != nil {
			errs = append(errs, err)
			d.observe(Event{Kind: Failed, Case: id, Err: err})
			d.complain(ctx, "cannot attend to a case", id, err)
			if ctx.Err() != nil {
				break
			}
			again = now.Add(d.config.Retry(1))
		}
		if !again.IsZero() && again.Before(next) {
			next = again
		}
	}
	if len(errs) > 0 && next.Before(now) {
		next = now.Add(d.config.Retry(1))
	}
	return next, errors.Join(errs...)
}

// attend records and delivers what one case has due, and returns when it is
// due again.
func (d *Desk) attend(ctx context.Context, id string) (next time.Time, err error) {
	for {
		head, h, err := d.read(ctx, id)
		if err != nil {
			return time.Time{}, err
		}
		now := d.config.Now()
		if !head.Next.IsZero() && head.Next.After(now) {
			// Another desk was quicker.
			return head.Next, nil
		}
		j, err := d.handbook().Judge(h, now)
		if err != nil {
			return time.Time{}, err
		}
		added, events := d.changes(j, h, now)
		d.date(h, added, now)
		h.Entries = append(h.Entries[:len(h.Entries):len(h.Entries)], added...)
		parcels := d.parcels(j, h, now)
		next = d.attention(j, h, head.Next, now)
		if len(parcels) > 0 {
			// Moving the instant ahead claims the delivery: who else reads this
			// head leaves the case alone until then.
			next = now.Add(d.config.Retry(1))
		}
		if len(added) == 0 && next.Equal(head.Next) {
			return next, nil
		}
		head, err = d.append(ctx, id, head, added, next)
		if errors.Is(err, journal.ErrConflict) {
			d.observe(Event{Kind: Conflict, Case: id, Err: err})
			continue
		}
		if err != nil {
			return time.Time{}, err
		}
		for _, e := range events {
			d.observe(e)
		}
		if len(parcels) == 0 {
			return next, nil
		}
		return d.deliver(ctx, id, head, h, parcels)
	}
}

func (d *Desk) append(ctx context.Context, id string, head journal.Head, added []history.Entry, next time.Time) (journal.Head, error) {
	records, err := encode(id, added)
	if err != nil {
		return head, err
	}
	after, err := d.config.Journal.Append(ctx, journal.Batch{Case: id, Expect: head, Records: records, Next: next})
	if err != nil {
		return head, fmt.Errorf("charter: case %q: %w", clip(id), err)
	}
	return after, nil
}

// changes are the entries by which the record follows the judgement: deadlines
// that are provisional, notices that have become due, and those that have lost
// their ground.
func (d *Desk) changes(j Judgement, h history.History, now time.Time) (added []history.Entry, events []Event) {
	added = number(h, noted(h, j, unmoved), now)
	h.Entries = append(h.Entries[:len(h.Entries):len(h.Entries)], added...)
	seq := lastSeq(h)
	add := func(e history.Entry, k EventKind, late time.Duration) {
		seq++
		e.Seq = seq
		added = append(added, e)
		events = append(events, Event{Kind: k, Case: h.Case, Lateness: late})
	}
	remembered := map[uuid.UUID]*told{}
	all := memory(h)
	for _, t := range all {
		remembered[t.notice.ID] = t
	}
	for _, n := range d.owed(j, h) {
		switch t := remembered[n.ID]; {
		case n.At.After(now):
		case t == nil || t.outdated:
			add(entryOf(n, now), Noticed, now.Sub(n.At))
		case t.withdrawn:
			e := entryOf(n, now)
			if t.retracted {
				e.Fields = append(e.Fields, history.Field{Key: "again", Value: "true"}).Canonical()
			}
			add(e, Noticed, now.Sub(n.At))
		}
		delete(remembered, n.ID)
	}
	for _, t := range all {
		if remembered[t.notice.ID] != nil && d.lost(t, j) {
			add(mark(history.NoticeWithdrawn, t.notice.ID, now), Withdrawn, 0)
		}
	}
	return added, events
}

func lastSeq(h history.History) (last uint64) {
	for i := range h.Entries {
		last = max(last, h.Entries[i].Seq)
	}
	return last
}

// number gives entries of now the numbers that follow in the history.
func number(h history.History, es []history.Entry, now time.Time) []history.Entry {
	seq := lastSeq(h)
	for i := range es {
		seq++
		es[i].Seq, es[i].At = seq, now
	}
	return es
}

// parcel is a notice to be delivered now, or one that has become moot.
type parcel struct {
	told *told
	moot bool
}

// parcels are the deliveries that are due at now.
func (d *Desk) parcels(j Judgement, h history.History, now time.Time) (out []parcel) {
	if d.config.Deliver == nil || d.bound {
		return nil
	}
	for _, t := range memory(h) {
		if t.settled() || t.failures > 0 && t.failed.Add(d.config.Retry(t.failures)).After(now) {
			continue
		}
		// Nobody is warned, nor asked to take over, what is done already or what
		// somebody answers for; that a limit was exceeded remains news.
		_, answered := acknowledged(h, t.notice)
		moot := !t.withdrawn && t.notice.Kind != sla.BreachNotice &&
			(!isOpen(j, t.notice) || answered && t.notice.Kind != sla.RevisedNotice)
		out = append(out, parcel{t, moot})
	}
	return out
}

func isOpen(j Judgement, n sla.Notice) bool {
	return slices.ContainsFunc(j.Clocks, func(c sla.Clock) bool { return c.Target == n.Target && c.Cycle == n.Cycle && c.Open })
}

// deliver hands the parcels over and records how it went. What has been handed
// over is recorded even when somebody has written meanwhile.
func (d *Desk) deliver(ctx context.Context, id string, head journal.Head, h history.History, parcels []parcel) (next time.Time, err error) {
	var done []history.Entry
	for _, p := range parcels {
		done = append(done, d.handOver(ctx, h, p))
	}
	for {
		now := d.config.Now()
		seq := lastSeq(h)
		for i := range done {
			done[i].Seq, done[i].Recorded = seq+uint64(i)+1, time.Time{}
		}
		d.date(h, done, now)
		after := h
		after.Entries = append(h.Entries[:len(h.Entries):len(h.Entries)], done...)
		j, err := d.handbook().Judge(after, now)
		if err != nil {
			return time.Time{}, err
		}
		next = d.attention(j, after, time.Time{}, now)
		_, err = d.append(ctx, id, head, done, next)
		if !errors.Is(err, journal.ErrConflict) {
			return next, err
		}
		d.observe(Event{Kind: Conflict, Case: id, Err: err})
		if head, h, err = d.read(ctx, id); err != nil {
			return time.Time{}, err
		}
	}
}

// handOver delivers one notice and returns the entry that says how it went.
func (d *Desk) handOver(ctx context.Context, h history.History, p parcel) history.Entry {
	t, now := p.told, d.config.Now()
	if p.moot {
		return mark(history.NoticeDelivered, t.notice.ID, now, "moot", "true")
	}
	x := Delivery{Notice: t.notice, Withdrawn: t.withdrawn, Attempt: t.failures + 1, Asked: t.notice.Role, History: h}
	err := d.staff(ctx, &x)
	if err == nil {
		err = d.config.Deliver(ctx, x)
	}
	if err != nil {
		d.observe(Event{Kind: Failed, Case: h.Case, Err: err})
		d.complain(ctx, "cannot deliver a notice", h.Case, err)
		return mark(history.NoticeFailed, t.notice.ID, d.config.Now())
	}
	d.observe(Event{Kind: Delivered, Case: h.Case, Lateness: d.config.Now().Sub(t.notice.At)})
	var who []string
	if x.Role != "" {
		who = append(who, history.KeyRole, x.Role)
	}
	if x.Person != "" {
		who = append(who, history.KeyPerson, x.Person)
	}
	return mark(history.NoticeDelivered, t.notice.ID, d.config.Now(), who...)
}

// staff finds who fills the role, or the next higher one that somebody fills.
// When nobody does, the notice goes to the role as it is.
func (d *Desk) staff(ctx context.Context, x *Delivery) error {
	if x.Role == "" || d.config.Resolve == nil {
		return nil
	}
	for _, role := range d.above(x.Role) {
		person, ok, err := d.config.Resolve(ctx, role, x.History)
		if err != nil {
			return fmt.Errorf("charter: who is %s: %w", clip(role), err)
		}
		if ok {
			x.Role, x.Person = role, person
			return nil
		}
	}
	return nil
}

// above lists a role and those that stand above it on the handbook's ladder,
// rising.
func (d *Desk) above(role string) []string {
	var ladder []Role
	rank := 0
	for r := range d.handbook().Roles() {
		if r.Rank > 0 {
			ladder = append(ladder, r)
		}
		if r.ID == role {
			rank = r.Rank
		}
	}
	out := []string{role}
	if rank == 0 {
		return out
	}
	slices.SortStableFunc(ladder, func(a, b Role) int { return a.Rank - b.Rank })
	for _, r := range ladder {
		if r.Rank > rank {
			out = append(out, r.ID)
		}
	}
	return out
}

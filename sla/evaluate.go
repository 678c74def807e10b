package sla

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
)

// Evaluate judges a whole history: it appends to dst every clock of the case
// as of now, those of ended cycles first. It is a pure function of the plan,
// the entries and now; entries that happened after now are left out, and
// entries out of order are judged in the order of (At, Seq).
//
// An entry outside the years that clocks can count gives [ErrInstant] and no
// clocks, and so does a now before them: a zero time is a forgotten one. The
// clocks are the caller's.
func (p *Plan) Evaluate(dst []Clock, entries []history.Entry, now time.Time) ([]Clock, error) {
	var r Run
	p.Start(&r)
	return r.Evaluate(dst, entries, now)
}

// Evaluate is [Plan.Evaluate] with the memory of a used Run, which Start has
// bound to its plan; the marks of the clocks are valid until the Run's next
// call. Then the Run can be asked, but takes no step before the next Start:
// whatever does not concern the history that it has evaluated it has left out.
func (r *Run) Evaluate(dst []Clock, entries []history.Entry, now time.Time) ([]Clock, error) {
	if r.plan == nil {
		return dst, nil
	}
	own, n := r.ended, len(dst)
	r.ended = dst
	err := r.follow(entries, now)
	dst, r.ended = r.ended, own[:0]
	if err != nil {
		return dst[:n], err
	}
	return r.at(dst, now), nil
}

// follow takes all entries up to now, from the start. The clocks of cycles that
// others replace pile up where emit puts them.
func (r *Run) follow(entries []history.Entry, now time.Time) error {
	if now.Before(firstInstant) {
		return fmt.Errorf("%w: evaluated as of %v", ErrInstant, now)
	}
	r.plan.Start(r)
	r.buffer = r.buffer[:0]
	sorted := history.History{Entries: entries}.Sorted().Entries
	last := len(sorted) - 1
	for last >= 0 && sorted[last].At.After(now) {
		last--
	}
	sorted = sorted[:last+1]
	for last > 0 && !r.plan.sets(&sorted[last]) {
		last--
	}
	for i := range sorted {
		r.final = i == last
		if err := r.step(&sorted[i]); err != nil {
			return err
		}
	}
	r.evaluated = true
	return nil
}

// Next returns, for a whole history, what [Run.Next] does after now.
func (p *Plan) Next(entries []history.Entry, now time.Time) (next time.Time, ok bool, err error) {
	var r Run
	p.Start(&r)
	if _, err = r.Evaluate(nil, entries, now); err != nil {
		return time.Time{}, false, err
	}
	next, ok = r.Next(now)
	// An entry that lies ahead is a change of its own.
	for i := range entries {
		if e := &entries[i]; e.At.After(now) && (!ok || e.At.Before(next)) {
			next, ok = e.At.UTC(), true
		}
	}
	return next, ok, nil
}

package sla

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Outcome is what a [Clock] comes to, for counting: its verdict and how long
// it took. It leaves out what only people read (deadline, marks, names) and what
// has to be worked out for that.
type Outcome struct {
	Target   int    // its place in [Plan.Targets]
	Revision string // as in Clock, and so are Cycle, Open and Missing
	Cycle    uint32
	Open     bool
	Verdict  Verdict
	Missing  string
	// Decided is when the verdict became final: the Stop of a clock that is
	// Kept, BreachedAt of one that is Broken, and else zero.
	Decided time.Time
	// Elapsed and Remaining are those of the Clock.
	Elapsed, Remaining time.Duration
}

// Outcomes is [Run.Evaluate] for counting: of the same clocks, in the same
// order, it appends the outcomes. It takes about a fifth less time, and
// allocates only to grow dst. Errors, and what the Run can be used for
// afterwards, are as there.
func (r *Run) Outcomes(dst []Outcome, entries []history.Entry, now time.Time) ([]Outcome, error) {
	if r.plan == nil {
		return dst, nil
	}
	n := len(dst)
	r.outcomes, r.counting = dst, true
	err := r.follow(entries, now)
	dst, r.outcomes, r.counting = r.outcomes, nil, false
	if err != nil {
		return dst[:n], err
	}
	t := nanos(now)
	r = r.upTo(t)
	for ti := r.target0; int(ti) < len(r.targets); ti++ {
		dst = r.appendOutcome(dst, ti, t)
	}
	return dst, nil
}

func (r *Run) appendOutcome(dst []Outcome, ti int32, now int64) []Outcome {
	if !r.speaks(ti, now) {
		return dst
	}
	tg := &r.plan.targets[ti]
	var x standing
	r.stand(&x, ti, now)
	dst = append(dst, Outcome{})
	o := &dst[len(dst)-1]
	o.Target, o.Revision, o.Cycle = int(ti), r.plan.revisions[tg.rev].id, r.watches[tg.watch].cycle
	o.Open, o.Verdict, o.Missing = x.open, verdict(x.state, x.missing), x.missing
	o.Elapsed, o.Remaining = time.Duration(x.used), time.Duration(x.left)
	switch o.Verdict {
	case Kept:
		o.Decided = at(x.stop)
	case Broken:
		o.Decided = at(x.breached)
	}
	return dst
}

// standing is where a target stands at an instant: all that its verdict
// depends on.
type standing struct {
	state      State
	open       bool
	missing    string
	stop       int64 // or never
	due        int64 // the deadline if it had to be worked out, or never
	breached   int64 // or never
	used, left int64
}

// stand reads one target at now into a zero standing.
func (r *Run) stand(x *standing, ti int32, now int64) {
	p := r.plan
	tg, ts := &p.targets[ti], &r.targets[ti]
	w, s := &p.watches[tg.watch], &r.watches[tg.watch]
	x.stop, x.due, x.breached = never, never, never
	if s.phase == idle {
		x.state, x.missing = r.waiting(tg, w)
		return
	}
	promised := w.metric.DueField != ""
	timer := !promised && !w.meter.endsEarly()
	used := ts.used
	if ts.force != dropped {
		used = r.used(w, s, now) - ts.base
	}
	if !timer {
		x.due = r.deadline(w, s, tg, ts, now)
	}
	x.breached = ts.breached
	switch {
	case ts.force == dropped:
		x.stop = ts.dropped
	case s.phase.open():
		x.open = true
		if s.phase == running && ts.breached == never && ts.force == in && (!timer || used >= tg.limit) {
			if x.due == never {
				x.due = r.deadline(w, s, tg, ts, now)
			}
			if b := r.breach(w, s, tg, ts, x.due, now); b <= now {
				x.breached = b
			}
		}
	default:
		x.stop = s.stop
	}
	x.used = max(used, 0)
	switch {
	case promised:
		end := min(max(min(now, x.stop), ts.start), lastNanos) // a stop may come before the start
		if x.used = minus(end, ts.start); x.due != never {
			x.left = minus(x.due, end)
		}
	case tg.missing == "":
		x.left = minus(r.room(w, s, tg, ts, x.due, now), used)
	}
	switch {
	case tg.missing != "":
		x.state, x.missing = NotEvaluable, tg.missing
	case ts.force == unclear:
		x.state, x.missing = NotEvaluable, p.slotNames[r.decided.targets[ti].lack]
	case promised && x.due == never:
		x.state, x.missing = NotEvaluable, w.promise
	case x.breached != never:
		x.state = Breached
	case ts.force == dropped:
		x.state = Superseded
	case s.phase == running:
		x.state = Running
	case s.phase == paused:
		x.state = Paused
	case s.phase == stopped:
		x.state = Met
	default:
		x.state = Cancelled
		if s.lapsed {
			x.missing = w.stops
		}
	}
}

// speaks tells whether a target has anything to say about the case.
func (r *Run) speaks(ti int32, now int64) bool {
	s := &r.watches[r.plan.targets[ti].watch]
	if s.phase == idle {
		return r.waits(ti, now)
	}
	return s.live && r.targets[ti].force != out
}

// waits tells whether a target has something to say on a case for which its
// clock has not started: under the revision in force now or, once the case is
// closed, at the closing.
func (r *Run) waits(ti int32, now int64) bool {
	tg := &r.plan.targets[ti]
	w := &r.plan.watches[tg.watch]
	if r.closed {
		now = r.closedAt
	}
	if !r.begun || r.withdrawn || r.watches[tg.watch].phase != idle || w.metric.Conditional || r.truth(ti) == no || r.plan.inForce(now) != tg.rev {
		return false
	}
	for _, k := range w.kin {
		if s := &r.watches[k]; s.phase != idle && s.live {
			return false
		}
	}
	return true
}

// waiting is the state of a clock that has not started.
func (r *Run) waiting(tg *target, w *watch) (state State, missing string) {
	missing = w.starts
	if w.metric.DueField != "" {
		missing = w.promise
	}
	switch {
	case r.closed:
		return NotEvaluable, missing
	case tg.missing != "":
		return NotEvaluable, tg.missing
	}
	return Waiting, missing
}

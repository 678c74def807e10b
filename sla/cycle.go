package sla

import (
	"math"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// begin starts a cycle, or does to a running one what a further start does.
func (r *Run) begin(wi int32, e *history.Entry, t int64) {
	w, s := &r.plan.watches[wi], &r.watches[wi]
	switch {
	case s.phase.open():
		switch {
		case w.metric.DueField != "":
			r.settle(w, s, t)
			s.readDue(w, e)
			s.moved, s.mark = t, never
		case w.metric.Repeat && w.rules.Message == LatestMessage:
			r.settle(w, s, t)
			r.restart(wi, t)
		}
		return
	case s.phase == stopped && !w.metric.Repeat && !s.rearmed:
		return
	}
	if s.phase != idle {
		s.early = never
	}
	r.cycle(wi, t)
	s.readDue(w, e)
}

// restart lets a running cycle begin anew at t, unless its target is breached:
// then it runs on from its own start.
func (r *Run) restart(wi int32, t int64) {
	w, s := &r.plan.watches[wi], &r.watches[wi]
	for _, ti := range w.targets {
		ts := &r.targets[ti]
		if ts.force == unclear {
			r.reset(ti)
			ts.force = unclear
		}
		if ts.breached != never {
			return
		}
		if ts.force != dropped {
			ts.base, ts.before, ts.start = 0, 0, t
			r.trace.reset(ti)
		}
	}
	s.start, s.moved, s.mark, s.base, s.held = t, t, never, w.meter.start(t, r.position(w, t)), 0
	s.frozen = r.read(w, s, t)
	if r.trace != nil {
		r.trace.cycle(wi, s)
	}
}

// cycle opens the next cycle of a stopwatch at t. Those of the revisions that
// are not in force count along unseen: so they know what runs already when
// theirs comes, and a revision that takes over at once has its reading ready.
func (r *Run) cycle(wi int32, t int64) {
	p := r.plan
	w, s := &p.watches[wi], &r.watches[wi]
	rev := &p.revisions[w.rev]
	r.emit(w, s, t)
	number, bits, early := s.cycle+1, s.bits, s.early
	if !r.alone {
		number = r.nextCycle(wi, t)
	}
	if s.phase != idle {
		bits = 0
	}
	*s = watchState{
		phase: running, live: r.alone || p.inForce(t) == w.rev && !r.runs(w), onHold: s.onHold, bits: bits, early: never,
		cycle: number, start: t, moved: t, mark: never, badDue: w.metric.DueField != "",
	}
	s.shadow = !s.live && rev.atOnce && rev.from > t
	if s.counts() {
		s.base = w.meter.start(t, r.position(w, t))
	}
	s.frozen = s.base
	if w.meter.days.Count == calendar.IncludeStart {
		s.frozen = r.read(w, s, t)
	}
	switch {
	case early != never:
		s.phase, s.stop = stopped, early
	case s.onHold && w.metric.DueField == "":
		s.phase = paused
	}
	if r.trace != nil {
		r.trace.cycle(wi, s)
	}
	for _, ti := range w.targets {
		r.reset(ti)
		ts := &r.targets[ti]
		if ts.start = t; s.live {
			ts.force = r.truth(ti).force()
		}
	}
}

// counts tells whether anybody will ask for a reading.
func (s *watchState) counts() bool { return s.live && !s.retired || s.shadow }

// readDue takes over the deadline that a start entry records. Of several it is
// the earliest, and one that is no instant spoils them all; an entry without
// any leaves an earlier promise as it was.
func (s *watchState) readDue(w *watch, e *history.Entry) {
	if w.metric.DueField == "" {
		return
	}
	due, bad := int64(never), false
	for i := range e.Fields {
		if e.Fields[i].Key != w.metric.DueField {
			continue
		}
		t, err := history.ParseInstant(e.Fields[i].Value)
		ns := nanos(t)
		bad = bad || err != nil || ns == never || ns == math.MinInt64
		due = min(due, ns)
	}
	if bad || due != never {
		s.due, s.badDue = due, bad
	}
}

// halt ends a cycle.
func (r *Run) halt(wi int32, t int64, end phase) {
	w, s := &r.plan.watches[wi], &r.watches[wi]
	p := r.settle(w, s, t)
	if s.phase == paused {
		s.goOn(t, p)
	}
	s.phase, s.stop, s.frozen = end, t, p
	s.rearmed = false
	r.trace.state(wi, s, t)
}

func (r *Run) hold(wi int32, t int64, hold bool) {
	w, s := &r.plan.watches[wi], &r.watches[wi]
	if s.onHold = hold; hold {
		r.trace.held(wi)
	}
	switch {
	case w.metric.DueField != "":
		// A promised date is no timer.
	case hold && s.phase == running:
		s.phase, s.frozen = paused, r.settle(w, s, t)
		r.trace.state(wi, s, t)
	case !hold && s.phase == paused:
		s.phase = running
		s.goOn(t, r.read(w, s, t))
		r.trace.state(wi, s, t)
	}
}

// read is where the meter stands at t, at least where the cycle counts from.
func (r *Run) read(w *watch, s *watchState, t int64) int64 {
	if !s.counts() {
		return s.base
	}
	return max(r.position(w, t), s.base)
}

// goOn takes the time since frozen out of the count.
func (s *watchState) goOn(t, p int64) {
	s.held = plus(s.held, minus(p, s.frozen))
	s.moved, s.mark = t, p
}

func (r *Run) reopen(wi int32, t int64) {
	w, s := &r.plan.watches[wi], &r.watches[wi]
	// What was done while the case was closed without it is done.
	done, back := s.early, min(t, s.early)
	s.early = never
	switch w.rules.Reopen {
	case NewCycle:
		judged := s.live && !s.retired
		r.cycle(wi, t)
		if judged && !s.live {
			// The revision in force by now judges the new cycle, whatever it
			// says on reopening: this one was not its own.
			for _, k := range w.kin {
				o := &r.watches[k]
				if begun := o.phase.open() && o.start == t; !begun && r.plan.watches[k].rev == r.plan.inForce(t) {
					o.early, o.onHold = never, false
					r.cycle(k, t)
				}
			}
		}
		return
	case ResumeClock:
		s.goOn(back, r.read(w, s, back))
	}
	s.phase, s.stop, s.lapsed, s.rearmed = running, 0, false, false
	r.trace.reopen(wi, s, back, w.rules.Reopen)
	for _, ti := range w.targets {
		r.targets[ti].kept = w.rules.Retarget == KeepFirst && r.found(ti, t)
	}
	for _, ti := range w.targets {
		r.transfer(ti, back)
	}
	if done != never {
		r.halt(wi, done, stopped)
		r.trace.early(wi)
	}
}

// emit reports the clocks, or the outcomes, of a cycle that the next one replaces.
func (r *Run) emit(w *watch, s *watchState, t int64) {
	if s.phase == idle || !s.live {
		return
	}
	for _, ti := range w.targets {
		if r.counting {
			r.outcomes = r.appendOutcome(r.outcomes, ti, t)
		} else {
			r.ended = r.appendClock(r.ended, ti, t)
		}
	}
}

package sla

import "slices"

// trace notes what a run does to the clocks of one target. The very code that
// changes a clock writes into it, so an explanation has nothing to work out a
// second time. A run has none unless somebody asks for an explanation: the
// methods that do nothing on a nil trace are small enough to cost a run nothing.
type trace struct {
	wanted  func(*Clock) bool
	by      Cause // the entry at hand, or the revision that takes over
	courses []course
	tenures []tenure
	found   *account
}

// course is what a stopwatch has done in its current cycle.
type course struct {
	start     Cause
	hold      Cause // put the case on hold
	early     Cause // the stop before the start or after a lapse
	stretches []stretch
}

// stretch is the state of a stopwatch from an instant to the next stretch's.
type stretch struct {
	from  int64
	state watchState
	cause Cause
}

// tenure is how a target came into force in the current cycle and went out.
type tenure struct {
	entered Cause // zero where it was in force from the start
	// Where the target counts from a change: since when, whether it had been in
	// force before, and by what.
	from  int64
	again bool
	first Cause
	left  Cause
	// The stopwatch runs on without it.
	course course
}

// account is what an explanation is made of: a clock that was read and what
// was noted of it by then.
type account struct {
	clock   Clock
	target  int32
	now     int64
	dropped bool
	bits    uint64 // which of StopAll have happened
	course  course
	tenure  tenure
}

func newTrace(p *Plan, wanted func(*Clock) bool) *trace {
	return &trace{wanted: wanted, courses: make([]course, len(p.watches)), tenures: make([]tenure, len(p.targets))}
}

// cycle notes that a cycle begins, or begins anew.
func (t *trace) cycle(wi int32, s *watchState) {
	c := &t.courses[wi]
	c.start, c.stretches = t.by, c.stretches[:0]
	t.state(wi, s, s.start)
	if s.phase == stopped {
		t.early(wi)
	}
}

// state notes that the stopwatch has begun to do something else.
func (t *trace) state(wi int32, s *watchState, from int64) {
	if t == nil {
		return
	}
	c := &t.courses[wi]
	x := stretch{from, *s, t.by}
	if s.phase == paused {
		x.cause = c.hold
	}
	c.stretches = append(c.stretches, x)
}

// early notes that an earlier entry is what has ended the cycle.
func (t *trace) early(wi int32) {
	if t == nil {
		return
	}
	c := &t.courses[wi]
	c.stretches[len(c.stretches)-1].cause = c.early
}

// reopen notes that the cycle goes on, from an instant or, where closed time
// counts, as if it had never stopped.
func (t *trace) reopen(wi int32, s *watchState, from int64, rule ReopenRule) {
	if t == nil {
		return
	}
	if rule != CountClosed {
		t.state(wi, s, from)
		return
	}
	c := &t.courses[wi]
	last := len(c.stretches) - 1
	switch x := &c.stretches[last]; {
	case last == 0:
		x.state, x.cause = *s, c.start
	case c.stretches[last-1].state.phase == running:
		c.stretches = c.stretches[:last]
	default:
		x.state, x.cause = *s, t.by
	}
}

func (t *trace) held(wi int32) {
	if t != nil {
		t.courses[wi].hold = t.by
	}
}

func (t *trace) stoppedEarly(wi int32) {
	if t != nil {
		t.courses[wi].early = t.by
	}
}

// reset notes that the target counts from the start of the cycle.
func (t *trace) reset(ti int32) {
	if t != nil {
		t.tenures[ti] = tenure{from: never}
	}
}

// enter notes that the target has come into force by a change.
func (t *trace) enter(ti int32) {
	if t != nil {
		t.tenures[ti].entered = t.by
	}
}

// countFrom notes that of the cycle only what follows is the target's.
func (t *trace) countFrom(ti int32, from int64) {
	if t != nil {
		n := &t.tenures[ti]
		n.from, n.again, n.first = from, n.left != Cause{}, t.by
	}
}

func (t *trace) drop(wi, ti int32) {
	if t != nil {
		t.tenures[ti].left, t.tenures[ti].course = t.by, t.courses[wi].clone()
	}
}

func (c course) clone() course {
	c.stretches = slices.Clone(c.stretches)
	return c
}

// read notes the reading of a clock, if it is the one to be explained.
func (t *trace) read(r *Run, c *Clock, ti int32, now int64) {
	if !t.wanted(c) {
		return
	}
	wi := r.plan.targets[ti].watch
	k := account{*c, ti, now, r.targets[ti].force == dropped, r.watches[wi].bits, t.courses[wi].clone(), t.tenures[ti]}
	if k.dropped {
		k.course = k.tenure.course
	}
	if t.found == nil || !r.plan.governs(t.found, &k) {
		t.found = &k
	}
}

// governs tells whether of two clocks of a target the first is the one that
// [Plan.Explain] explains.
func (p *Plan) governs(a, b *account) bool {
	switch x, y := &a.clock, &b.clock; {
	case x.Cycle != y.Cycle:
		return x.Cycle > y.Cycle
	case (x.State == Superseded) != (y.State == Superseded):
		return y.State == Superseded
	}
	return p.targets[a.target].rev > p.targets[b.target].rev
}

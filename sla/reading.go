package sla

import "time"

// used is the consumption of a stopwatch at t.
func (r *Run) used(w *watch, s *watchState, t int64) int64 {
	p := s.frozen
	if s.phase == running {
		p = r.read(w, s, t)
	}
	return s.spent(p)
}

// spent is the consumption at a position of the meter, from where the cycle
// counts on.
func (s *watchState) spent(p int64) int64 { return minus(minus(p, s.base), s.held) }

// spentAt is the consumption at any position of a stopwatch that runs.
func (s *watchState) spentAt(p int64) int64 { return s.spent(max(p, s.base)) }

// heldBy is what pauses have taken out by t.
func (r *Run) heldBy(w *watch, s *watchState, t int64) int64 {
	if s.phase == paused {
		return plus(s.held, minus(r.read(w, s, t), s.frozen))
	}
	return s.held
}

// origin is the position from which the target's limit is measured.
func (r *Run) origin(w *watch, s *watchState, ts *targetState, t int64) int64 {
	return plus(plus(s.base, r.heldBy(w, s, t)), ts.base)
}

// deadline is when the target is due as things stand at t.
func (r *Run) deadline(w *watch, s *watchState, tg *target, ts *targetState, t int64) int64 {
	switch {
	case ts.due != never:
		return ts.due
	case w.metric.DueField != "":
		if s.badDue {
			return never
		}
		return s.due
	case tg.missing != "":
		return never
	}
	p := plus(r.origin(w, s, ts, t), tg.limit)
	due := w.meter.due(p)
	// Where the limit is used up just when a hold begins, the meter may stand
	// at p long before the hold ends, but nothing is due on hold.
	switch {
	case s.phase == paused && p >= r.read(w, s, t):
		due = max(due, t)
	case p >= s.mark:
		due = max(due, s.moved)
	}
	return due
}

// room is the use that the deadline allows: less than the limit where it lies
// before the end of its day, more where it was moved to another day's end.
func (r *Run) room(w *watch, s *watchState, tg *target, ts *targetState, due, t int64) int64 {
	switch {
	case !w.meter.endsEarly() || due == never:
		return tg.limit
	case ts.due != never:
		return ts.room
	}
	return minus(w.meter.position(due), r.origin(w, s, ts, t))
}

// fix makes a deadline final.
func (r *Run) fix(w *watch, s *watchState, tg *target, ts *targetState, due, t int64) {
	ts.room = r.room(w, s, tg, ts, due, t)
	ts.due = due
}

// breach is the first instant beyond a deadline.
func (r *Run) breach(w *watch, s *watchState, tg *target, ts *targetState, due, t int64) int64 {
	if due == never {
		return never
	}
	b := due + 1
	if tg.over > 0 && w.metric.DueField == "" {
		b = w.meter.instant(plus(r.origin(w, s, ts, t), tg.over))
	}
	return max(b, ts.since, s.moved)
}

// markAt is when a warning or rung falls due as things stand.
func (r *Run) markAt(w *watch, s *watchState, tg *target, ts *targetState, m *mark, due, t int64) int64 {
	if due == never || m.offset == never {
		return never
	}
	var at int64
	switch {
	case m.permille > 0 && w.metric.DueField != "":
		length := minus(due, s.start)
		at = plus(s.start, share(length, m.permille))
	case !m.onMeter:
		at = plus(due, m.offset)
	case m.offset == tg.limit:
		at = due
	default:
		p := plus(r.origin(w, s, ts, t), m.offset)
		if at = w.meter.instant(p); m.span && w.meter.endsEarly() {
			at = w.meter.due(p)
		}
		if m.offset < tg.limit {
			at = min(at, due)
		} else {
			at = max(at, due)
		}
	}
	return max(at, ts.since, s.moved)
}

// settle fixes what has been reached by t, before something moves deadlines.
// Of a target whose attribute is missing too: once it is known, the case has
// had it all along. It returns where the stopwatch stands at t.
func (r *Run) settle(w *watch, s *watchState, t int64) (p int64) {
	p = r.read(w, s, t)
	if s.phase != running || !s.live {
		return p
	}
	used := s.spent(p)
	for _, ti := range w.targets {
		r.reach(w, s, ti, used, t)
	}
	return p
}

// reach is settle for one target, also of a clock on hold.
func (r *Run) reach(w *watch, s *watchState, ti int32, used, t int64) {
	tg, ts := &r.plan.targets[ti], &r.targets[ti]
	timer := w.metric.DueField == "" && !w.meter.endsEarly()
	if ts.force != in && (ts.force != unclear || timer && r.settled) {
		return
	}
	quick := timer && used-ts.base < tg.limit
	if quick && len(tg.marks) == 0 {
		return
	}
	due := r.deadline(w, s, tg, ts, t)
	if ts.breached == never && !quick {
		if b := r.breach(w, s, tg, ts, due, t); b <= t {
			ts.breached = b
			r.fix(w, s, tg, ts, due, t)
		}
	}
	for i := range tg.marks {
		if at := &r.marks[tg.mark0+i]; *at == never {
			if reached := r.markAt(w, s, tg, ts, &tg.marks[i], due, t); reached <= t {
				*at = reached
			}
		}
	}
}

// appendClock appends the reading of one target, if it has anything to say
// about the case.
func (r *Run) appendClock(dst []Clock, ti int32, now int64) []Clock {
	if !r.speaks(ti, now) {
		return dst
	}
	dst = append(dst, Clock{})
	r.clock(&dst[len(dst)-1], ti, now)
	if r.trace != nil {
		r.trace.read(r, &dst[len(dst)-1], ti, now)
	}
	return dst
}

// clock reads one target at now into a zero Clock.
func (r *Run) clock(c *Clock, ti int32, now int64) {
	p := r.plan
	tg, ts := &p.targets[ti], &r.targets[ti]
	w, s := &p.watches[tg.watch], &r.watches[tg.watch]
	c.Target, c.Metric, c.Revision = tg.id, w.metric.Name, p.revisions[tg.rev].id
	c.Span, c.Calendar = tg.span, w.meter.fingerprint
	var x standing
	r.stand(&x, ti, now)
	c.State, c.Open, c.Missing = x.state, x.open, x.missing
	if s.phase == idle {
		return
	}
	c.Cycle, c.Start = s.cycle, at(ts.start)
	if !x.open {
		c.Stop = at(x.stop)
	}
	c.Elapsed, c.Remaining = time.Duration(x.used), time.Duration(x.left)
	switch {
	case w.metric.DueField != "":
		// A promised date is no timer.
	case ts.force == dropped:
		c.Held = time.Duration(ts.held)
	default:
		c.Held = time.Duration(r.heldBy(w, s, now) - ts.before)
	}
	if x.state == NotEvaluable {
		return
	}
	if x.breached != never {
		c.BreachedAt = at(x.breached)
	}
	due := x.due
	if due == never {
		due = r.deadline(w, s, tg, ts, now)
	}
	if due != never {
		c.Due = at(due)
	}
	c.Provisional = w.meter.provisional(min(due, x.stop))
	c.Marks = r.readMarks(tg, ts, w, s, due, now, c.Open)
}

func (r *Run) readMarks(tg *target, ts *targetState, w *watch, s *watchState, due, now int64, open bool) []Mark {
	if len(tg.marks) == 0 {
		return nil
	}
	first := len(r.buffer)
	for i := range tg.marks {
		m := Mark{Name: tg.marks[i].name, Role: tg.marks[i].role}
		reached := r.marks[tg.mark0+i]
		if reached == never && open && s.phase == running {
			reached = r.markAt(w, s, tg, ts, &tg.marks[i], due, now)
		}
		if reached != never {
			m.At, m.Reached = at(reached), reached <= now
		}
		r.buffer = append(r.buffer, m)
	}
	return r.buffer[first:len(r.buffer):len(r.buffer)]
}

// At appends the case's clocks as they stand at now to dst, in the order of
// the plan's targets; ended cycles that [Run.Step] has returned are not
// repeated. A now before the last entry reads the state after that entry as if
// no time had passed beyond now. It changes nothing, and allocates only to grow
// dst and, once, its own buffers; the marks are valid until the next call.
func (r *Run) At(dst []Clock, now time.Time) []Clock {
	r.buffer = r.buffer[:0]
	return r.at(dst, now)
}

func (r *Run) at(dst []Clock, now time.Time) []Clock {
	if r.plan == nil {
		return dst
	}
	t := nanos(now)
	r = r.upTo(t)
	for ti := r.target0; int(ti) < len(r.targets); ti++ {
		dst = r.appendClock(dst, ti, t)
	}
	return dst
}

// upTo returns r, or a copy on which the revisions that come into force by t
// have taken over.
func (r *Run) upTo(t int64) *Run {
	if r.taken >= len(r.plan.taken) || r.plan.revisions[r.plan.taken[r.taken]].from > t {
		return r
	}
	if r.scratch == nil {
		r.scratch = &Run{dials: r.plan.newDials()}
	}
	c := r.scratch
	c.plan, c.trace = r.plan, r.trace
	c.watches = append(c.watches[:0], r.watches...)
	c.targets = append(c.targets[:0], r.targets...)
	c.marks = append(c.marks[:0], r.marks...)
	c.attrs = append(c.attrs[:0], r.attrs...)
	c.decided, c.progress = r.decided, r.progress
	c.buffer = c.buffer[:0]
	c.cross(t)
	return c
}

// Next returns the first instant after the given one at which a clock of the
// case changes without a further entry: a breach, a warning or rung that is
// reached, a revision that takes over or whose targets wait for their start
// instead of others. Nothing changes before. ok is false when nothing ever
// will. Time that merely runs, and a calendar that opens or closes, is no
// change.
func (r *Run) Next(after time.Time) (next time.Time, ok bool) {
	if r.plan == nil {
		return time.Time{}, false
	}
	t := nanos(after)
	r = r.upTo(t)
	first := int64(never)
	consider := func(x int64) {
		if x > t && x < first {
			first = x
		}
	}
	for ti := range r.targets {
		tg, ts := &r.plan.targets[ti], &r.targets[ti]
		w, s := &r.plan.watches[tg.watch], &r.watches[tg.watch]
		if s.phase != running || !s.live || ts.force != in || tg.missing != "" {
			continue
		}
		due := r.deadline(w, s, tg, ts, t)
		if ts.breached == never {
			consider(r.breach(w, s, tg, ts, due, t))
		}
		for i := range tg.marks {
			if r.marks[tg.mark0+i] == never {
				consider(r.markAt(w, s, tg, ts, &tg.marks[i], due, t))
			}
		}
	}
	for rv := r.plan.inForce(t) + 1; int(rv) < len(r.plan.revisions); rv++ {
		from := r.plan.revisions[rv].from
		if from >= first {
			break
		}
		if r.changes(rv, t, from) {
			consider(from)
		}
	}
	if first == never {
		return time.Time{}, false
	}
	return at(first), true
}

// changes tells whether a revision's coming into force changes a clock, when
// nothing else has happened since now.
func (r *Run) changes(rv int32, now, from int64) bool {
	atOnce := r.plan.revisions[rv].atOnce
	for ti := range r.targets {
		tg, ts := &r.plan.targets[ti], &r.targets[ti]
		w, s := &r.plan.watches[tg.watch], &r.watches[tg.watch]
		switch {
		case s.phase == idle:
			if r.waits(int32(ti), now) != r.waits(int32(ti), from) {
				return true
			}
		case !atOnce || !s.phase.open():
		case w.rev < rv && s.live && !s.retired:
			if ts.force == in || ts.force == unclear {
				return true
			}
		case w.rev == rv && s.shadow && r.truth(int32(ti)) != no && !r.over(w, s):
			return true
		}
	}
	return false
}

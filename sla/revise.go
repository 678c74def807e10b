package sla

// cross lets the revisions that take over at once do so, up to t.
func (r *Run) cross(t int64) {
	for r.taken < len(r.plan.taken) {
		rv := r.plan.taken[r.taken]
		from := r.plan.revisions[rv].from
		if from > t {
			return
		}
		r.taken++
		if r.trace != nil {
			r.trace.by = Cause{Revision: r.plan.revisions[rv].id, At: at(from)}
		}
		for wi := range r.watches {
			w, s := &r.plan.watches[wi], &r.watches[wi]
			switch {
			case !s.phase.open():
			case w.rev < rv && s.live && !s.retired:
				r.settle(w, s, from)
				for _, ti := range w.targets {
					r.drop(w, s, ti, from)
				}
				s.retired = true
			case w.rev == rv && s.shadow && !r.over(w, s):
				s.live = true
				for _, ti := range w.targets {
					r.enter(w, s, ti, from)
				}
			}
			if w.rev == rv {
				s.shadow = false
			}
		}
	}
}

// over tells whether the cycle has ended under the revision that judged it. It
// may still run by the metric of a later one.
func (r *Run) over(w *watch, s *watchState) bool {
	for _, k := range w.kin {
		if o := &r.watches[k]; o.live && !o.retired && !o.phase.open() && o.start == s.start {
			return true
		}
	}
	return false
}

// runs tells whether a clause of the stopwatch runs under another revision.
func (r *Run) runs(w *watch) bool {
	for _, k := range w.kin {
		if s := &r.watches[k]; s.live && !s.retired && s.phase.open() {
			return true
		}
	}
	return false
}

// nextCycle numbers cycles per clause, across revisions: notices are named
// after them. Later revisions have no say, or they would rename what is past.
func (r *Run) nextCycle(wi int32, t int64) uint32 {
	p := r.plan
	own := r.watches[wi].cycle
	last := own
	for _, k := range p.watches[wi].kin {
		o := &r.watches[k]
		switch {
		case p.watches[k].rev > p.watches[wi].rev:
		case o.phase != idle && o.start == t && o.cycle > own:
			return o.cycle
		default:
			last = max(last, o.cycle)
		}
	}
	return last + 1
}

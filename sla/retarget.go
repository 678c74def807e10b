package sla

import (
	"math"
	"slices"

	"github.com/servicecharter/charter/history"
)

// absorb takes over the attributes that an entry sets and reports whether any
// that the plan knows has changed. Fields of one key may stand apart: their
// order means nothing.
func (r *Run) absorb(e *history.Entry) (changed bool) {
	p := r.plan
	for i := range e.Fields {
		f := &e.Fields[i]
		slot := p.slot(f.Key)
		if slot < 0 {
			continue
		}
		bits := r.fresh[p.slotAt[slot]:p.slotAt[slot+1]]
		bit := p.values[slot][f.Value]
		bits[0] |= 1
		bits[bit/8] |= 1 << (bit % 8)
		changed = true
	}
	if !changed {
		return false
	}
	changed = false
	for slot := range p.slotNames {
		from, to := p.slotAt[slot], p.slotAt[slot+1]
		if r.fresh[from]&1 == 0 {
			continue
		}
		changed = changed || !slices.Equal(r.fresh[from:to], r.attrs[from:to])
		copy(r.attrs[from:to], r.fresh[from:to])
		clear(r.fresh[from:to])
	}
	return changed
}

// slot is the number of an attribute that the plan knows, or below zero. There
// are so few that a map takes longer.
func (p *Plan) slot(attribute string) int { return slices.Index(p.slotNames, attribute) }

// sets tells whether an entry sets attributes that the plan knows.
func (p *Plan) sets(e *history.Entry) bool {
	if len(e.Fields) == 0 || !history.SetsAttributes(e.Kind) {
		return false
	}
	for i := range e.Fields {
		if p.slot(e.Fields[i].Key) >= 0 {
			return true
		}
	}
	return false
}

// retarget lets running cycles follow what was decided anew.
func (r *Run) retarget(t int64) {
	for ti := r.target0; int(ti) < len(r.targets); ti++ {
		if w := &r.plan.watches[r.plan.targets[ti].watch]; w.rules.Retarget == KeepFirst {
			r.targets[ti].kept = r.found(ti, t)
		}
	}
	for ti := r.target0; int(ti) < len(r.targets); ti++ {
		r.transfer(ti, t)
	}
}

// found tells whether this cycle has had a target that stays under KeepFirst:
// this one, or another for the same metric in the same policy or beside it.
// Those that come into force at one instant do not exclude each other.
func (r *Run) found(ti int32, t int64) bool {
	tg := &r.plan.targets[ti]
	name := r.plan.watches[tg.watch].metric.Name
	for i := range r.targets {
		o, ts := &r.plan.targets[i], &r.targets[i]
		if ts.force >= in && ts.since < t && o.rev == tg.rev && o.group == tg.group && r.plan.watches[o.watch].metric.Name == name {
			return true
		}
	}
	return false
}

// transfer brings one target's force in line with its condition at t.
func (r *Run) transfer(ti int32, t int64) {
	ts := &r.targets[ti]
	w := &r.plan.watches[r.plan.targets[ti].watch]
	s := &r.watches[r.plan.targets[ti].watch]
	if s.phase == idle || !s.live || s.retired {
		return
	}
	if ts.force == unclear {
		// The attribute becomes known; the case has had it all along.
		ts.force = r.truth(ti).force()
		if ts.force == out {
			r.reset(ti)
		}
		return
	}
	if !s.phase.open() || ts.kept {
		return
	}
	switch on := ts.force == in; {
	case on && r.truth(ti) == no:
		r.settle(w, s, t)
		r.drop(w, s, ti, t)
	case !on && r.truth(ti) != no:
		r.enter(w, s, ti, t)
	}
}

// reset forgets what a target has reached in this cycle.
func (r *Run) reset(ti int32) {
	tg, ts := &r.plan.targets[ti], &r.targets[ti]
	r.trace.reset(ti)
	*ts = targetState{start: ts.start, since: math.MinInt64, breached: never, due: never}
	for i := range tg.marks {
		r.marks[tg.mark0+i] = never
	}
}

// enter puts a target into force for a running cycle. One that was breached
// before runs on as it did.
func (r *Run) enter(w *watch, s *watchState, ti int32, t int64) {
	ts := &r.targets[ti]
	ts.force = r.truth(ti).force()
	if ts.force == out {
		return
	}
	ts.since = t
	r.trace.enter(ti)
	if ts.breached == never {
		ts.base, ts.before, ts.start, ts.due = 0, 0, s.start, never
		if w.rules.Retarget == FromChange {
			ts.base, ts.before = r.used(w, s, t), r.heldBy(w, s, t)
			r.trace.countFrom(ti, t)
		}
	}
	if s.phase == paused {
		// What is past by then is so at the change, and nothing else will be
		// reached while on hold.
		r.reach(w, s, ti, r.used(w, s, t), t)
	}
}

// drop takes a target out of force. What it has breached stays breached.
func (r *Run) drop(w *watch, s *watchState, ti int32, t int64) {
	ts := &r.targets[ti]
	switch ts.force {
	case in:
	case unclear:
		ts.force = out
		return
	default:
		return
	}
	if ts.due == never {
		tg := &r.plan.targets[ti]
		r.fix(w, s, tg, ts, r.deadline(w, s, tg, ts, t), t)
	}
	ts.used, ts.held = r.used(w, s, t)-ts.base, r.heldBy(w, s, t)-ts.before
	ts.force, ts.dropped = dropped, t
	r.trace.drop(r.plan.targets[ti].watch, ti)
}

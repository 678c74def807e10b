package sla_test

import (
	"cmp"
	"strings"
	"time"

	"github.com/servicecharter/charter/sla"
)

// walk goes through the stretches of one clock.
type walk struct {
	*slowTarget
	start  time.Time     // of the cycle, or of the latest message
	origin time.Duration // the reading from which it counts, readings being since start
	used   time.Duration // since then
	held   time.Duration // what did not count
	base   time.Duration // use before the target came into force, where it is given back
	before time.Duration // likewise held

	resumed  time.Time // when the last hold ended
	breached time.Time
	due      time.Time // once it is settled
	room     time.Duration
	marks    []time.Time
	declared []declared

	// As the target left.
	left               time.Time
	leftUsed, leftHeld time.Duration
	leftStart          time.Time
}

type declared struct {
	name, role string
	at         sla.Offset
}

// reading is the meter at an instant, at least where the cycle counts from.
func (w *walk) reading(t time.Time) time.Duration {
	return max(w.meter.between(w.start, t), w.origin)
}

// at turns a reading into an instant: f is slowMeter.after or slowMeter.due.
func (w *walk) at(from time.Time, reading time.Duration, f func(time.Time, time.Duration) time.Time) time.Time {
	return f(from, reading-w.meter.between(w.start, from))
}

func (w *walk) begin(t time.Time) {
	w.start, w.used, w.held, w.base, w.before, w.resumed = t, 0, 0, 0, 0, time.Time{}
	w.origin = 0
	if w.Metric.DueField == "" {
		w.origin = w.meter.origin(t)
	}
	w.used = w.reading(t) - w.origin
}

// deadline is when the target is due as things stand at t.
func (w *walk) deadline(x *stretch, t time.Time) time.Time {
	switch {
	case !w.due.IsZero():
		return w.due
	case w.Metric.DueField != "":
		if x.broken {
			return time.Time{}
		}
		return x.promise
	case w.missing() != "":
		return time.Time{}
	}
	end := w.reading(t) + w.Span.Length + w.base - w.used
	due := w.at(t, end, w.meter.due)
	// Nothing is due within a hold that began in time.
	switch {
	case due.IsZero():
	case !x.running && !x.ended && end >= w.reading(t):
		due = later(due, t)
	case !w.resumed.IsZero() && end >= w.reading(w.resumed):
		due = later(due, w.resumed)
	}
	return due
}

// allowance is how much may be used until the deadline.
func (w *walk) allowance(due, t time.Time) time.Duration {
	switch {
	case !w.endOfDay() || due.IsZero():
		return w.Span.Length
	case !w.due.IsZero():
		return w.room
	}
	return w.meter.between(w.start, due) - (w.reading(t) - w.used + w.base)
}

func (w *walk) breach(x *stretch, due, t time.Time) time.Time {
	unit := map[sla.RoundingRule]time.Duration{sla.WholeMinutes: time.Minute, sla.WholeSeconds: time.Second}[w.rules.Rounding]
	if unit == 0 || w.meter.basis == sla.WorkingDays || w.Metric.DueField != "" {
		return later(due.Add(1), x.from)
	}
	most := w.Span.Length.Truncate(unit) + unit
	return later(w.at(t, w.reading(t)+most+w.base-w.used, w.meter.after), x.from)
}

func (w *walk) mark(x *stretch, d *declared, due, t time.Time) time.Time {
	offset, sign := d.at, time.Duration(-1)
	if offset.After {
		sign = 1
	}
	share := func(of time.Duration) time.Duration {
		return of/1000*time.Duration(offset.Permille) + of%1000*time.Duration(offset.Permille)/1000
	}
	var use time.Duration
	switch promised := w.Metric.DueField != ""; {
	case promised && offset.Permille > 0:
		return later(w.start.Add(share(due.Sub(w.start))), x.from)
	case promised || offset.Permille == 0 && offset.Span.Basis != w.meter.basis && offset.Span.Length != 0:
		return later(due.Add(sign*offset.Span.Length), x.from)
	case offset.Permille > 0:
		use = share(w.Span.Length)
	default:
		use = max(w.Span.Length+sign*offset.Span.Length, 0)
	}
	if use == w.Span.Length {
		return later(due, x.from)
	}
	find := w.meter.after
	if offset.Permille == 0 && w.endOfDay() {
		find = w.meter.due
	}
	at := w.at(t, w.reading(t)+use+w.base-w.used, find)
	if use < w.Span.Length && due.Before(at) || use > w.Span.Length && at.Before(due) {
		at = due
	}
	return later(at, x.from)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// reach notes what has been reached by t.
func (w *walk) reach(x *stretch, t time.Time) {
	due := w.deadline(x, t)
	if due.IsZero() {
		return
	}
	if w.breached.IsZero() {
		if b := w.breach(x, due, t); !b.After(t) {
			w.room = w.allowance(due, t)
			w.breached, w.due = b, due
		}
	}
	for i := range w.declared {
		if at := w.mark(x, &w.declared[i], due, t); w.marks[i].IsZero() && !at.After(t) {
			w.marks[i] = at
		}
	}
}

// read tells how a cycle stands at now.
func (s *slowTarget) read(c *slowCycle, now time.Time) (sla.Clock, bool) {
	if !c.live || c.last().force == 0 {
		return sla.Clock{}, false
	}
	w := walk{slowTarget: s}
	for _, x := range s.Warnings {
		w.declared = append(w.declared, declared{x.Name, "", x.At})
	}
	for _, x := range s.Ladder {
		w.declared = append(w.declared, declared{x.Name, x.Role, x.At})
	}
	w.marks = make([]time.Time, len(w.declared))
	w.begin(c.start)
	var x *stretch
	to := c.start
	for i := range c.stretches {
		prev := x
		x = &c.stretches[i]
		to = now
		if i+1 < len(c.stretches) {
			to = c.stretches[i+1].from
		} else if x.ended {
			to = x.from
		}
		if x.forget {
			w.breached, w.due, w.marks = time.Time{}, time.Time{}, make([]time.Time, len(w.marks))
		}
		if x.restart && w.breached.IsZero() {
			w.begin(x.from)
		}
		if x.resumed {
			w.resumed = x.from
		}
		if x.enters && w.breached.IsZero() {
			w.base, w.before, w.due = 0, 0, time.Time{}
			if s.rules.Retarget == sla.FromChange {
				w.base, w.before = w.used, w.held
			}
		}
		switch {
		case x.force == 3 && prev.force != 3:
			// It leaves as the stretch before it was.
			due := w.deadline(prev, x.from)
			w.room, w.due = w.allowance(due, x.from), due
			w.left, w.leftUsed, w.leftHeld, w.leftStart = x.from, w.used-w.base, w.held-w.before, w.start
		case x.force != 3:
			w.left = time.Time{}
		}
		if counts := x.force == 1 || x.force == 2; counts && x.enters && !x.running {
			w.reach(x, x.from)
		}
		passed := w.reading(to) - w.reading(x.from)
		if !x.running {
			w.held += passed
			continue
		}
		w.used += passed
		if x.force == 1 || x.force == 2 {
			w.reach(x, to)
		}
	}
	return w.clock(c, x, to, now), true
}

// clock fills in what is seen at now; x is the last stretch and t the end of what counts.
func (w *walk) clock(c *slowCycle, x *stretch, t, now time.Time) sla.Clock {
	out := w.slowTarget.clock()
	out.Cycle, out.Start, out.Open = uint32(c.n), w.start.UTC(), c.open()
	due := w.deadline(x, t)
	room := w.allowance(due, t)
	used, held := w.used-w.base, w.held-w.before
	if !c.open() {
		out.Stop = c.stopped.UTC()
	}
	if !w.left.IsZero() {
		out.Start, out.Stop, out.Open = w.leftStart.UTC(), w.left.UTC(), false
		used, held = w.leftUsed, w.leftHeld
	}
	out.Elapsed, out.Held = max(used, 0), held
	if w.missing() == "" {
		out.Remaining = room - used
	}
	if w.Metric.DueField != "" {
		end := now
		if !out.Open {
			end = out.Stop
		}
		end = later(end, out.Start)
		out.Elapsed, out.Held, out.Remaining = end.Sub(out.Start), 0, 0
		if !due.IsZero() {
			out.Remaining = due.Sub(end)
		}
	}
	switch {
	case w.missing() != "":
		out.State, out.Missing = sla.NotEvaluable, w.missing()
		return out
	case x.force == 1:
		out.State, out.Missing = sla.NotEvaluable, cmp.Or(c.lack, w.lack)
		return out
	case due.IsZero():
		out.State, out.Missing = sla.NotEvaluable, w.starting()
		return out
	case !w.breached.IsZero():
		out.State, out.BreachedAt = sla.Breached, w.breached.UTC()
	case !w.left.IsZero():
		out.State = sla.Superseded
	case c.open() && x.running:
		out.State = sla.Running
	case c.open():
		out.State = sla.Paused
	case !c.cancelled:
		out.State = sla.Met
	default:
		out.State = sla.Cancelled
		if c.lapsed {
			out.Missing = w.stops()
		}
	}
	out.Due = due.UTC()
	if w.meter.basis == sla.Business || w.meter.basis == sla.WorkingDays {
		decided := due
		if !out.Open && out.Stop.Before(due) {
			decided = out.Stop
		}
		out.Provisional = w.meter.cal.Provisional(decided)
	}
	for i := range w.declared {
		d := &w.declared[i]
		m := sla.Mark{Name: d.name, Role: d.role, At: w.marks[i]}
		if m.Name == "" {
			m.Name = d.at.String()
		}
		m.Reached = !m.At.IsZero()
		if !m.Reached && out.Open && x.running {
			m.At = w.mark(x, d, due, t)
		}
		if !m.At.IsZero() {
			m.At = m.At.UTC()
		}
		out.Marks = append(out.Marks, m)
	}
	return out
}

// stops names what ends the clock.
func (s *slowTarget) stops() string {
	var any, all []string
	for _, x := range s.Metric.Stop {
		any = append(any, x.String())
	}
	for _, x := range s.Metric.StopAll {
		all = append(all, x.String())
	}
	return strings.Join(any, " or ") + strings.Join(all, " and ")
}

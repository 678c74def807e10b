package sla

import (
	"slices"
	"time"
)

// account turns what was noted of a clock into its explanation.
func (r *Run) account(k *account) Explanation {
	p, c, ts := r.plan, &k.clock, &k.state
	tg := &p.targets[k.target]
	w := &p.watches[tg.watch]
	x := Explanation{Clock: *c, Start: k.course.start, Entered: k.tenure.entered, Zone: p.revisions[tg.rev].zone}
	if w.meter.cal != nil {
		x.Zone = w.meter.cal.Location()
	}
	stretches := k.course.stretches
	last := &stretches[len(stretches)-1]
	switch {
	case c.Open:
		x.waits(&w.metric, k.bits)
	case ts.force == dropped:
		x.Stop = k.tenure.left
	default:
		x.Stop = last.cause
	}
	start, end := nanos(c.Start), k.now
	if !c.Open {
		end = max(nanos(c.Stop), start)
	}
	promised := w.metric.DueField != ""
	if promised {
		// A promised date is no timer, and its clock is cut off at the last
		// instant.
		end = min(end, lastNanos)
		stretches = []stretch{{start, watchState{phase: running, base: start}, x.Start}}
	}
	// elapsed is Clock.Elapsed when the meter stands at p, by the state of the
	// stopwatch.
	elapsed := func(s *watchState, p int64) int64 {
		if promised {
			return s.spent(p)
		}
		return max(s.spent(max(p, s.base))-ts.base, 0)
	}
	if credit := max(r.used(w, &stretches[0].state, start)-ts.base, 0); credit > 0 && !promised {
		day := w.meter.cal.Day(w.meter.cal.DateOf(at(start)))
		x.append(Segment{
			Kind: Credited, From: at(start), To: at(start), Used: time.Duration(credit),
			Day: day.Kind, Name: day.Name, Cause: x.Start,
		})
	}
	if from := k.tenure.from; from != never && !promised {
		x.stretch(Segment{Kind: NotInForce, Cause: k.tenure.first}, start, min(from, end))
		start = from
	}
	for i := range stretches {
		s := &stretches[i]
		from, to := max(s.from, start), end
		if i+1 < len(stretches) {
			to = min(to, stretches[i+1].from)
		}
		switch seg := (Segment{Cause: s.cause}); s.state.phase {
		case running:
			x.runs(&w.meter, seg, from, to, func(p int64) int64 { return elapsed(&s.state, p) })
		case paused:
			seg.Kind = OnHold
			x.stretch(seg, from, to)
		default:
			seg.Kind = Done
			x.stretch(seg, from, to)
		}
	}
	last = &stretches[len(stretches)-1]
	if c.Open && !c.Due.IsZero() && last.state.phase == running {
		// The meter may jump beyond the limit where the clock is turned
		// forward: what the limit still allowed is what is used.
		by := elapsed(&last.state, r.position(w, end))
		x.runs(&w.meter, Segment{Ahead: true, Cause: last.cause}, end, nanos(c.Due), func(p int64) int64 {
			if promised {
				return minus(p, end)
			}
			return min(elapsed(&last.state, p)-by, int64(c.Remaining))
		})
	}
	return x
}

// waits lists what would stop the clock.
func (x *Explanation) waits(m *Metric, happened uint64) {
	x.Waits, x.All = slices.Clone(m.Stop), len(m.StopAll) > 0
	for i, stop := range m.StopAll {
		if happened&(1<<i) == 0 {
			x.Waits = append(x.Waits, stop)
		}
	}
}

// runs appends a stretch in which time is used, split where the calendar
// opens, closes or gives another reason. What has been used is read off by the
// position of the meter.
func (x *Explanation) runs(m *meter, s Segment, from, to int64, elapsed func(p int64) int64) {
	if to <= from {
		return
	}
	p := from
	if m.cal != nil {
		p = m.position(from)
	}
	piece := func(until int64) {
		if until <= from {
			return
		}
		q := m.next(p, from, until)
		s.Kind, s.Used = Counted, time.Duration(elapsed(q)-elapsed(p))
		if s.Used == 0 {
			s.Kind = Closed
		}
		x.stretch(s, from, until)
		from, p = until, q
	}
	for m.cal != nil && from < to {
		date := m.cal.DateOf(at(from))
		day := m.cal.Day(date)
		midnight := min(to, nanos(m.cal.StartOf(date.AddDays(1))))
		if midnight <= from {
			// Saturated at the far end of the calendar.
			midnight = to
		}
		s.Day, s.Name = day.Kind, day.Name
		if m.basis == Business {
			for open := range m.cal.Intervals(at(from), at(midnight)) {
				piece(nanos(open.Start))
				piece(nanos(open.End))
			}
		}
		piece(midnight)
	}
	piece(to)
}

// stretch appends a segment from one instant to another.
func (x *Explanation) stretch(s Segment, from, to int64) {
	if from < to {
		s.From, s.To = at(from), at(to)
		x.append(s)
	}
}

// append joins a segment to the one before where nothing but the date
// differs.
func (x *Explanation) append(s Segment) {
	if n := len(x.Segments); n > 0 {
		last := &x.Segments[n-1]
		same := *last
		same.From, same.To, same.Used = s.From, s.To, s.Used
		if same == s && last.To.Equal(s.From) {
			last.To, last.Used = s.To, last.Used+s.Used
			return
		}
	}
	x.Segments = append(x.Segments, s)
}

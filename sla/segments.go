package sla

import (
	"slices"
	"time"
)

// account turns what was noted of a clock into its explanation.
func (r *Run) account(k *account) Explanation {
	p, c := r.plan, &k.clock
	tg := &p.targets[k.target]
	w := &p.watches[tg.watch]
	x := Explanation{Clock: *c, Start: k.course.start, Entered: k.tenure.entered, Zone: p.revisions[tg.rev].zone}
	if w.meter.cal != nil {
		x.Zone = w.meter.cal.Location()
	}
	last := len(k.course.stretches) - 1
	switch {
	case c.Open:
		x.waits(&w.metric, k.bits)
	case k.dropped:
		x.Stop = k.tenure.left
	default:
		x.Stop = k.course.stretches[last].cause
	}
	start, end := nanos(c.Start), k.now
	if !c.Open {
		end = max(nanos(c.Stop), start)
	}
	switch from := k.tenure.from; {
	case w.metric.DueField != "":
		// A promised date is no timer, and its clock is cut off at the last
		// instant.
		end = min(end, lastNanos)
		k.course.stretches = []stretch{{start, watchState{phase: running, base: start}, x.Start}}
		last = 0
	case from != never:
		before := Segment{Kind: NotInForce, Cause: k.tenure.first}
		if k.tenure.again {
			before.Kind = GivenBack
		}
		x.stretch(before, start, min(from, end))
		start = from
	default:
		x.credit(&w.meter, start, r.used(w, &k.course.stretches[0].state, start))
	}
	for i := range k.course.stretches {
		s := &k.course.stretches[i]
		from, to := max(s.from, start), end
		if i < last {
			to = min(to, k.course.stretches[i+1].from)
		}
		switch seg := (Segment{Cause: s.cause}); s.state.phase {
		case running:
			x.runs(&w.meter, seg, from, to, s.state.spentAt)
		case paused:
			seg.Kind = OnHold
			x.stretch(seg, from, to)
		default:
			seg.Kind = Done
			x.stretch(seg, from, to)
		}
	}
	if s := &k.course.stretches[last]; c.Open && !c.Due.IsZero() && s.state.phase == running {
		by := r.position(w, end)
		x.runs(&w.meter, Segment{Ahead: true, Cause: s.cause}, end, nanos(c.Due), func(p int64) int64 {
			// The meter may jump beyond the limit where the clock is turned
			// forward: what the limit still allowed is what is used.
			return min(minus(max(p, s.state.base), max(by, s.state.base)), int64(c.Remaining))
		})
	}
	return x
}

// credit appends what the start alone is worth.
func (x *Explanation) credit(m *meter, start, used int64) {
	if used > 0 {
		day := m.cal.Day(m.cal.DateOf(at(start)))
		x.append(Segment{
			Kind: Credited, From: at(start), To: at(start), Used: time.Duration(used),
			Day: day.Kind, Name: day.Name, Cause: x.Start,
		})
	}
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
// opens, closes or gives another reason. What has been used is read off spent,
// by the position of the meter.
func (x *Explanation) runs(m *meter, s Segment, from, to int64, spent func(p int64) int64) {
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
		s.Kind, s.Used = Counted, time.Duration(spent(q)-spent(p))
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

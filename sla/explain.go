package sla

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// ErrNoClock is matched by the error of [Plan.Explain] when the case has no
// such clock.
var ErrNoClock = errors.New("sla: no such clock")

// Explanation tells how a clock came to its reading: what was counted, what
// was not, and why.
type Explanation struct {
	Clock Clock `json:"clock"`
	// Start is the entry that started the cycle. Stop is the one that stopped,
	// cancelled or superseded the clock; it is zero while the clock is open.
	Start Cause `json:"start"`
	Stop  Cause `json:"stop,omitzero"`
	// Entered is the entry that brought the target into force after the start
	// of the cycle, such as a change of tier; zero when it was in force from
	// the start.
	Entered Cause `json:"entered,omitzero"`
	// Waits lists the entries that would stop an open clock, in their text
	// form: any of them or, with All, every one of them. Those of an all-of
	// stop that have happened are left out.
	Waits []Match `json:"waits,omitempty"`
	All   bool    `json:"all,omitempty"`
	// Zone is the zone in which the days of the segments lie and Text prints:
	// the calendar's. Where the limit runs on the wall clock it is that of the
	// revision's calendar named "", or else UTC.
	Zone *time.Location `json:"-"`
	// Segments lie end to end, from the clock's start to its stop or, while it
	// is open and not overdue, to its deadline.
	Segments []Segment `json:"segments"`
}

// Cause names an entry of the history.
type Cause struct {
	Seq   uint64       `json:"seq,omitempty"`
	Entry history.Kind `json:"entry"`
	At    time.Time    `json:"at"`
	// Reason is the entry's field "reason".
	Reason string `json:"reason,omitempty"`
}

func causeOf(e *history.Entry) Cause {
	if e == nil {
		return Cause{}
	}
	reason, _ := e.Fields.Get("reason")
	return Cause{e.Seq, e.Kind, e.At.UTC(), reason}
}

// SegmentKind says what a segment did to the clock.
type SegmentKind uint8

const (
	// Counted: the time was used.
	Counted SegmentKind = iota
	// Closed: the calendar was closed.
	Closed
	// OnHold: the case was on hold.
	OnHold
	// Done: the clock had stopped and was reopened later.
	Done
	// NotInForce: another target governed, and its time is not counted here.
	NotInForce
)

var segmentNames = []string{"counted", "closed", "on hold", "done", "not in force"}

// String returns the kind in lower case.
func (k SegmentKind) String() string { return optionText(segmentNames, uint8(k)) }

// MarshalText returns the kind in lower case.
func (k SegmentKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the kind's name.
func (k *SegmentKind) UnmarshalText(t []byte) error { return optionValue(segmentNames, t, k) }

// Segment is a stretch of time with one reason.
type Segment struct {
	Kind SegmentKind `json:"kind"`
	From time.Time   `json:"from"`
	To   time.Time   `json:"to"`
	// Used is what the segment adds to the clock, in the limit's units.
	Used time.Duration `json:"used,omitempty"`
	// Ahead marks time after the instant of evaluation: what will count if
	// nothing happens.
	Ahead bool `json:"ahead,omitempty"`
	// Day is why the calendar was open or closed: a workday outside its hours,
	// a rest day, a holiday with its Name, a make-up day. NoDay where the
	// limit runs on the wall clock.
	Day  calendar.DayKind `json:"day,omitempty"`
	Name string           `json:"name,omitempty"`
	// Cause is the entry behind it: the hold, the stop, the change that ended
	// the time in which the target was not in force; for counted and closed
	// time the entry that set the clock going.
	Cause Cause `json:"cause,omitzero"`
}

// Explain evaluates the history and explains one clock: of the target with
// that id, the given cycle, or the latest for cycle 0. It costs a full
// evaluation plus a few allocations a day that the clock ran. An unknown
// target, or a clock that has not started, gives [ErrNoClock].
func (p *Plan) Explain(target string, cycle uint32, entries []history.Entry, now time.Time) (Explanation, error) {
	t := tracer{id: target, cycle: cycle}
	p.Start(&t.run)
	sorted := history.History{Entries: entries}.Sorted().Entries
	for i := range sorted {
		if sorted[i].At.After(now) {
			break
		}
		t.run.ended = t.run.ended[:0]
		ended, err := t.run.step(&sorted[i])
		if err != nil {
			return Explanation{}, err
		}
		if t.keep(ended) {
			// What ends one cycle and begins the next is seen only here.
			t.last = &sorted[i]
		}
		t.note(&sorted[i])
	}
	r := t.run.upTo(nanos(now))
	t.since = math.MinInt64
	if t.keep(r.at(nil, now)) {
		for i := range p.targets {
			if tg := &p.targets[i]; tg.id == t.found.Target && p.revisions[tg.rev].id == t.found.Revision {
				t.since, t.whole = r.targets[i].since, r.targets[i].base == 0
			}
		}
	}
	if t.found == nil || t.found.Cycle == 0 {
		return Explanation{}, fmt.Errorf("%w: target %q cycle %d", ErrNoClock, target, cycle)
	}
	return p.segments(&t, now), nil
}

// tracer follows one target through a run.
type tracer struct {
	id    string
	cycle uint32
	run   Run
	moves []move
	found *Clock
	last  *history.Entry // what replaced the cycle by the next
	since int64          // when the target came into force by a change
	whole bool           // it counts from the start of the cycle all the same
}

// move is a change of what the clock does.
type move struct {
	at    int64
	phase phase
	force force
	start int64
	base  int64
	watch int32
	entry *history.Entry
}

// keep remembers the wanted clock when it is among those given.
func (t *tracer) keep(clocks []Clock) (found bool) {
	for i := range clocks {
		c := &clocks[i]
		if c.Target != t.id || t.cycle != 0 && c.Cycle != t.cycle {
			continue
		}
		// A revision that took over lists the cycle twice; the one that
		// governs now is the one to explain.
		if t.found != nil && t.found.Cycle == c.Cycle && c.State == Superseded {
			continue
		}
		kept := *c
		kept.Marks = append([]Mark(nil), c.Marks...)
		t.found, found = &kept, true
	}
	return found
}

// note compares the target's state with the one before the entry.
func (t *tracer) note(e *history.Entry) {
	p := t.run.plan
	for i := range p.targets {
		tg := &p.targets[i]
		s := &t.run.watches[tg.watch]
		if tg.id != t.id || s.phase == idle || !s.live || s.retired || t.cycle != 0 && s.cycle != t.cycle {
			continue
		}
		m := move{nanos(e.At), s.phase, t.run.targets[i].force, s.start, s.base, tg.watch, e}
		if n := len(t.moves); n > 0 {
			last := &t.moves[n-1]
			switch {
			case last.start != m.start:
				t.moves = t.moves[:0]
			case last.phase == m.phase && last.force == m.force:
				continue
			}
		}
		t.moves = append(t.moves, m)
	}
}

// segments turns the moves into stretches of time.
func (p *Plan) segments(t *tracer, now time.Time) Explanation {
	c := *t.found
	tg := p.find(c.Target, c.Revision)
	m := &p.watches[tg.watch].meter
	x := Explanation{Clock: c, Zone: p.revisions[tg.rev].zone}
	if m.cal != nil {
		x.Zone = m.cal.Location()
	}
	counted := p.watches[tg.watch].rules.Reopen == CountClosed
	promised := p.watches[tg.watch].metric.DueField != ""
	restart := p.watches[tg.watch].rules.Retarget == FromChange && !t.whole
	end := nanos(now)
	if !c.Open {
		end = nanos(c.Stop)
	}
	t.causes(&x)
	// Under from-change only what follows the last change counts.
	counts := 0
	for i, v := range t.moves {
		if restart && i > 0 && v.force == in && t.moves[i-1].force != in && t.moves[i-1].force != unclear {
			counts = i
		}
		if v.watch != tg.watch {
			// A revision that took over counts from the start on its own meter.
			t.moves[i].base = t.run.watches[tg.watch].base
		}
	}
	var before Segment
	for i, v := range t.moves {
		to := end
		if i+1 < len(t.moves) {
			to = min(end, t.moves[i+1].at)
		}
		from := max(v.at, nanos(c.Start))
		s := Segment{Cause: causeOf(v.entry)}
		switch {
		case i < counts:
			s.Kind, s.Cause = NotInForce, causeOf(t.moves[counts].entry)
		case restart && from < t.since && t.since <= to:
			// A revision that took over at once counts from then.
			x.add(m, v, Segment{Kind: NotInForce}, from, t.since)
			from = t.since
		case v.phase == paused && !promised:
			s.Kind = OnHold
		case (v.phase == stopped || v.phase == cancelled) && !counted && !promised:
			s.Kind = Done
		}
		if i > 0 && s.Kind == before.Kind {
			// Another target's coming into force does not set the clock going.
			s = before
		}
		before = s
		if credit := m.position(v.start) - v.base; i == 0 && counts == 0 && m.basis == WorkingDays && credit > 0 {
			// The day of the start counts whole, or from its beginning.
			start := at(v.start)
			day := m.cal.Day(m.cal.DateOf(start))
			x.append(Segment{From: start, To: start, Used: time.Duration(credit), Day: day.Kind, Name: day.Name, Cause: s.Cause})
		}
		x.add(m, v, s, from, to)
		if i+1 == len(t.moves) && c.Open && v.phase == running && !c.Due.IsZero() {
			s.Ahead = true
			x.add(m, v, s, to, nanos(c.Due))
		}
	}
	return x
}

// causes names the entries that started, stopped and brought about the clock.
func (t *tracer) causes(x *Explanation) {
	p, c := t.run.plan, &x.Clock
	if len(t.moves) == 0 {
		return
	}
	x.Start = causeOf(t.moves[0].entry)
	for i, v := range t.moves {
		if i > 0 && v.force == in && t.moves[i-1].force == out {
			x.Entered = causeOf(v.entry)
		}
		if v.phase == stopped || v.phase == cancelled || v.force == dropped {
			x.Stop = causeOf(v.entry)
		}
	}
	if t.last != nil && t.last.At.Equal(c.Stop) {
		x.Stop = causeOf(t.last)
	}
	if !c.Open {
		return
	}
	x.Stop = Cause{}
	tg := p.find(c.Target, c.Revision)
	metric, bits := &p.watches[tg.watch].metric, t.run.watches[tg.watch].bits
	x.Waits = slices.Clone(metric.Stop)
	for i, m := range metric.StopAll {
		if bits&(1<<i) == 0 {
			x.Waits = append(x.Waits, m)
		}
	}
	x.All = len(metric.StopAll) > 0
}

// add appends a stretch, split where the calendar opens, closes or gives
// another reason.
func (x *Explanation) add(m *meter, v move, s Segment, from, to int64) {
	if to <= from {
		return
	}
	if s.Kind != Counted || m.cal == nil {
		s.From, s.To = at(from), at(to)
		if s.Kind == Counted {
			s.Used = time.Duration(to - from)
		}
		x.append(s)
		return
	}
	for from < to {
		date := m.cal.DateOf(at(from))
		day := m.cal.Day(date)
		midnight := min(to, nanos(m.cal.StartOf(date.AddDays(1))))
		if midnight <= from {
			// Saturated at the far end of the calendar.
			midnight = to
		}
		s.Day, s.Name = day.Kind, day.Name
		if m.basis == WorkingDays {
			s.Kind = Closed
			if day.Kind.Working() {
				s.Kind = Counted
			}
			x.span(m, v, s, from, midnight)
			from = midnight
			continue
		}
		for open := range m.cal.Intervals(at(from), at(midnight)) {
			s.Kind = Closed
			x.span(m, v, s, from, nanos(open.Start))
			s.Kind = Counted
			x.span(m, v, s, nanos(open.Start), nanos(open.End))
			from = nanos(open.End)
		}
		s.Kind = Closed
		x.span(m, v, s, from, midnight)
		from = midnight
	}
}

// span appends a stretch without a change of reason. Time before the position
// from which the cycle counts (the day of the start, where it is left out) is
// worth nothing.
func (x *Explanation) span(m *meter, v move, s Segment, from, to int64) {
	if to <= from {
		return
	}
	s.From, s.To = at(from), at(to)
	if s.Kind == Counted {
		s.Used = time.Duration(max(m.position(to), v.base) - max(m.position(from), v.base))
		if s.Used == 0 {
			s.Kind = Closed
		}
	}
	x.append(s)
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

package sla

import "time"

// Countdown is what a page needs to count down to a deadline without asking
// again: its JSON form is meant for a browser.
type Countdown struct {
	Clause string    `json:"clause"`
	Metric string    `json:"metric"`
	State  State     `json:"state"`
	Now    time.Time `json:"now"`
	Due    time.Time `json:"due,omitzero"`
	// RemainingMS is what is left at Now in milliseconds on the limit's own
	// meter, cut down; negative once the limit is exceeded.
	RemainingMS int64 `json:"remaining_ms"`
	// Ticking tells whether it shrinks at Now, at the pace of the wall clock:
	// not while on hold, nor outside business hours.
	Ticking bool `json:"ticking"`
	// Until is when Ticking changes by itself (the calendar opens or closes);
	// absent when it does not.
	Until       time.Time `json:"until,omitzero"`
	Provisional bool      `json:"provisional,omitempty"`
}

// Countdown returns the view of one of the plan's clocks at the instant at
// which it was evaluated. A clock without a deadline gives one that does not
// tick. While it runs, a page shows RemainingMS minus the time since Now as
// long as Ticking, and asks again at Until.
func (p *Plan) Countdown(c Clock, now time.Time) Countdown {
	d := Countdown{
		Clause: c.Target, Metric: c.Metric, State: c.State, Now: now.UTC(), Due: c.Due, Provisional: c.Provisional,
		RemainingMS: floorDiv(int64(c.Remaining), int64(time.Millisecond)),
	}
	if !c.Open || c.State == Paused || c.Due.IsZero() {
		return d
	}
	d.Ticking = true
	tg := p.find(c.Target, c.Revision)
	if tg == nil {
		return d
	}
	m := &p.watches[tg.watch].meter
	switch m.basis {
	case Business:
		d.Ticking = m.cal.IsOpen(now)
		if d.Ticking {
			d.Until = m.cal.NextClose(now).UTC()
		} else {
			d.Until = m.cal.NextOpen(now).UTC()
		}
	case WorkingDays:
		day := m.cal.DateOf(now)
		d.Ticking = m.cal.Day(day).Kind.Working()
		d.Until = m.cal.StartOf(day.AddDays(1)).UTC()
	}
	return d
}

func (p *Plan) find(id, revision string) *target {
	for i := range p.targets {
		if tg := &p.targets[i]; tg.id == id && p.revisions[tg.rev].id == revision {
			return tg
		}
	}
	return nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

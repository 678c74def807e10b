package sla_test

import (
	"time"

	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// slowMeter measures by looking: business time by adding up, working days by walking the dates. Deadlines are found by
// halving, since what was used never shrinks.
type slowMeter struct {
	basis sla.Basis
	cal   *calendar.Calendar
	rule  calendar.DayRule
	edge  sla.CloseRule
}

// horizon is how far slowMeter looks for a deadline. No test asks for more.
const horizon = 5 * 366 * 24 * time.Hour

// between is what passes on the meter from a to b.
func (m slowMeter) between(a, b time.Time) time.Duration {
	switch m.basis {
	case sla.Business:
		if b.Before(a) {
			return -m.between(b, a)
		}
		sum := time.Duration(0)
		if b.Sub(a) > 40*24*time.Hour {
			return m.cal.Between(a, b)
		}
		for open := range m.cal.Intervals(a, b) {
			sum += open.End.Sub(open.Start)
		}
		return sum
	case sla.WorkingDays:
		return m.day(b) - m.day(a)
	}
	return b.Sub(a)
}

// day is the number of working days from the epoch to a date, times 24 hours, and on a working day the time of day. A clock that is
// turned back counts no time twice.
func (m slowMeter) day(t time.Time) time.Duration {
	t = t.In(m.cal.Location())
	at := m.face(t)
	if since, _ := t.ZoneBounds(); !since.IsZero() && t.Sub(since) < 25*time.Hour {
		at = max(at, m.face(since.Add(-1)))
	}
	return at
}

func (m slowMeter) face(t time.Time) time.Duration {
	t = t.In(m.cal.Location())
	date := m.cal.DateOf(t)
	n := time.Duration(workdays(m.cal, date)) * 24 * time.Hour
	if m.cal.Day(date).Kind.Working() {
		n += time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	}
	return n
}

// workdays counts the working days before a date, from 2016 on.
func workdays(cal *calendar.Calendar, date calendar.Date) int {
	counts := walked[cal]
	if counts == nil {
		counts = map[calendar.Date]int{}
		n := 0
		for d := (calendar.Date{Year: 2016, Month: 1, Day: 1}); d.Year < 2033; d = d.AddDays(1) {
			counts[d] = n
			if cal.Day(d).Kind.Working() {
				n++
			}
		}
		walked[cal] = counts
	}
	return counts[date]
}

var walked = map[*calendar.Calendar]map[calendar.Date]int{}

// origin is the reading from which a cycle that starts at t counts, as it stands to the reading at t: later where the rest of the
// day is left out, earlier where the day counts whole.
func (m slowMeter) origin(t time.Time) time.Duration {
	if m.basis != sla.WorkingDays || !m.cal.Day(m.cal.DateOf(t)).Kind.Working() {
		return 0
	}
	into := m.day(t) % (24 * time.Hour)
	switch m.rule {
	case calendar.DayRule{End: calendar.LastHours}:
		return 24*time.Hour - into
	case calendar.DayRule{End: calendar.LastHours, Count: calendar.IncludeStart}:
		return -into
	case calendar.DayRule{Count: calendar.IncludeStart}:
		return -24 * time.Hour
	}
	return 0
}

// after is the earliest instant by which d has passed on the meter since t; d may be negative. It is zero when there is none.
func (m slowMeter) after(t time.Time, d time.Duration) time.Time {
	if m.basis != sla.Business && m.basis != sla.WorkingDays {
		return t.Add(d)
	}
	low, high := t.Add(-200*24*time.Hour), t
	for m.between(t, high) < d {
		if high = high.Add(high.Sub(t) + 72*time.Hour); high.Sub(t) > horizon {
			return time.Time{}
		}
	}
	for step := high.Sub(low) / 2; low.Before(high); step = high.Sub(low) / 2 {
		if middle := low.Add(step); m.between(t, middle) >= d {
			high = middle
		} else {
			low = middle.Add(1)
		}
	}
	return high
}

// due is the deadline of what is used up by d after t.
func (m slowMeter) due(t time.Time, d time.Duration) time.Time {
	x := m.after(t, d)
	switch {
	case x.IsZero():
	case m.basis == sla.Business && m.edge == sla.DueAtNextOpening:
		// The last instant at which no more than d has passed.
		return m.after(t, d+1).Add(-1)
	case m.basis == sla.WorkingDays && m.rule.End == calendar.LastHours:
		day := m.cal.DateOf(x.Add(-1))
		if m.day(t)+d > time.Duration(workdays(m.cal, day)+1)*24*time.Hour {
			day = m.cal.DateOf(x) // which begins with a jump of the clock
		}
		return m.cal.AddDays(m.cal.StartOf(day), 1, calendar.DayRule{End: calendar.LastHours, Count: calendar.IncludeStart})
	}
	return x
}

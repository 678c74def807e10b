package sla

import (
	"math"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

// never is an instant later than any that an entry may have.
const never = math.MaxInt64

// Entries lie well inside the nanoseconds of a 64-bit instant, so that adding
// a span saturates rather than wraps.
var (
	firstInstant = time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// The same in nanoseconds.
const (
	firstNanos = -8_520_336_000_000_000_000
	lastNanos  = 7_258_118_400_000_000_000
)

// meter turns instants into positions and back, for one basis. Positions grow
// monotonically with time and are flat where nothing counts, so a clock is
// arithmetic on positions whatever its basis, and a pause is a difference of
// two positions.
type meter struct {
	basis       Basis
	cal         *calendar.Calendar
	fingerprint string
	days        calendar.DayRule
	edge        calendar.Edge
}

func at(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// position is where the meter stands at an instant.
func (m *meter) position(t int64) int64 {
	switch t = min(max(t, firstNanos), lastNanos); m.basis {
	case Business:
		return int64(m.cal.Position(time.Unix(0, t)))
	case WorkingDays:
		return int64(m.cal.DayPosition(time.Unix(0, t)))
	}
	return t
}

// next is where the meter stands at b when it stands at p at a, which is near:
// reading the meter takes long outside the years of the calendar.
func (m *meter) next(p, a, b int64) int64 {
	switch m.basis {
	case Business:
		return p + int64(m.cal.Between(at(max(a, firstNanos)), at(min(b, lastNanos))))
	case WorkingDays:
		return m.position(b)
	}
	return b
}

// start is the position from which a cycle counts that begins at t, where the
// meter stands at p.
func (m *meter) start(t, p int64) int64 {
	if m.basis != WorkingDays || m.days == (calendar.DayRule{}) {
		return p
	}
	into := p % int64(workingDay)
	if into < 0 {
		into += int64(workingDay)
	}
	switch {
	case into == 0 && m.position(t+1) == p:
		return p // a day off
	case m.days.End == calendar.LastHours && m.days.Count == calendar.ExcludeStart:
		return p - into + int64(workingDay)
	case m.days.End == calendar.LastHours:
		return p - into
	case m.days.Count == calendar.IncludeStart:
		return p - int64(workingDay)
	}
	return p
}

// instant is the earliest time at which the meter stands at p.
func (m *meter) instant(p int64) int64 {
	switch m.basis {
	case Business:
		return nanos(m.cal.AtPosition(time.Duration(p), calendar.AtClose))
	case WorkingDays:
		return nanos(m.cal.AtDayPosition(time.Duration(p)))
	}
	if p > lastNanos {
		return never
	}
	return p
}

// due is the deadline that belongs to position p.
func (m *meter) due(p int64) int64 {
	switch {
	case m.basis == Business && m.edge != calendar.AtClose:
		return nanos(m.cal.AtPosition(time.Duration(p), m.edge))
	case m.endsEarly():
		return nanos(m.cal.LastClose(time.Duration(p)))
	}
	return m.instant(p)
}

// endsEarly tells that a deadline lies before the end of its position.
func (m *meter) endsEarly() bool {
	return m.basis == WorkingDays && m.days.End == calendar.LastHours
}

func (m *meter) provisional(t int64) bool {
	return m.cal != nil && m.cal.Provisional(at(t))
}

// nanos saturates at the ends of the representable range.
func nanos(t time.Time) int64 {
	switch sec := t.Unix(); {
	case sec >= lastNanos/1e9 && t.After(lastInstant):
		return never
	case sec < firstNanos/1e9:
		return math.MinInt64
	}
	return t.UnixNano()
}

// plus adds and saturates.
func plus(a, b int64) int64 {
	switch s := a + b; {
	case b > 0 && s < a:
		return math.MaxInt64
	case b < 0 && s > a:
		return math.MinInt64
	default:
		return s
	}
}

// minus subtracts and saturates: between the first and the last instant lie
// more than the 292 years that fit.
func minus(a, b int64) int64 {
	switch d := a - b; {
	case b < 0 && d < a:
		return math.MaxInt64
	case b > 0 && d > a:
		return math.MinInt64
	default:
		return d
	}
}

// share is so many thousandths of a length, saturated.
func share(length int64, permille int) int64 {
	n := int64(permille)
	switch whole := length / 1000; {
	case whole > math.MaxInt64/n-1:
		return math.MaxInt64
	case whole < math.MinInt64/n+1:
		return math.MinInt64
	default:
		return whole*n + length%1000*n/1000
	}
}

package calendar

import "time"

// DayRule says how [Calendar.AddDays] counts.
type DayRule struct {
	End   DayEnd
	Count DayCount
}

// DayEnd is where on the last working day a span of working days ends.
type DayEnd uint8

const (
	// SameTime keeps the local time of day. A time that this date skips clips
	// to the transition; of one that it shows twice it is the earlier.
	SameTime DayEnd = iota
	// LastHours ends with the day's last closing.
	LastHours
)

// DayCount is whether the starting day counts.
type DayCount uint8

const (
	// ExcludeStart counts from the first working day after the starting date.
	ExcludeStart DayCount = iota
	// IncludeStart counts the starting date as the first, when it is a working day.
	IncludeStart
)

// mostDays is more working days than the known instants hold.
const mostDays = 1 << 18

// AddDays returns the instant n working days from t: on the n-th working day
// after t's local date, or before it when n is negative, as the rule counts
// them. Weekends, holidays and make-up working days are as declared. n == 0 is
// t itself under every rule.
//
// The result keeps t's Location and saturates at [Earliest] and [Latest]. Some
// 40 ns, whatever n is, also outside the compiled years.
func (c *Calendar) AddDays(t time.Time, n int, r DayRule) time.Time {
	if n == 0 {
		return t
	}
	sec, frac := instant(t)
	n = min(max(n, -mostDays), mostDays)
	z := c.zoned()
	wall := z.wall(sec)
	today := dayNumber(wall)
	// Ranks count from 0, so the first working day from a date on has the
	// number of working days before that date.
	from := today
	if (r.Count == ExcludeStart) == (n > 0) {
		from++
	}
	rank := c.days.before(from) + n
	if n > 0 {
		rank--
	}
	date := c.days.nth(rank)
	if r.End == LastHours {
		return c.saturated(c.lastClosing(date), 0, t)
	}
	wall += int64(date-today) * secondsPerDay
	at := z.opening(wall)
	if at > wall-z.segments[z.at(at)].offset {
		frac = 0 // clipped to a transition
	}
	return c.saturated(at, frac, t)
}

func (c *Calendar) saturated(sec, frac int64, like time.Time) time.Time {
	switch {
	case sec < minSec:
		sec, frac = minSec, 0
	case sec >= maxSec:
		sec, frac = maxSec, 0
	}
	return instantOf(sec, frac, like)
}

// DaysBetween returns the number of working days after a's local date up to
// and including b's; of the same date, 0. It is negative when b's date is
// before a's, then counting the days after b's date up to and including a's.
//
//	DaysBetween(a, b) == -DaysBetween(b, a)
//	DaysBetween(a, b) + DaysBetween(b, c) == DaysBetween(a, c)
//	DaysBetween(t, AddDays(t, n, DayRule{})) == n for n > 0, and for n < 0 if t's date is a working day
//
// The last holds unless AddDays saturates.
func (c *Calendar) DaysBetween(a, b time.Time) int {
	z := c.zoned()
	secA, _ := instant(a)
	secB, _ := instant(b)
	return c.days.before(dayNumber(z.wall(secB))+1) - c.days.before(dayNumber(z.wall(secA))+1)
}

// oneDay is what a working day measures on the day meter, whatever its hours
// and however long its night.
const oneDay = 24 * time.Hour

// DayPosition reads the working-day meter, on which spans of working days can
// be paused and carried on. Every working day measures 24 hours: the position
// is 24h for each working day from 1970-01-01 to t's local date, plus, on a
// working day, its local time of day. On other days the meter stands still.
//
// It never runs backward: where the clock is turned back it stands still until
// the clock has caught up, and it jumps over the hour the clock skips. Instants
// beyond [Earliest] and [Latest] count as those, whose positions still fit.
func (c *Calendar) DayPosition(t time.Time) time.Duration {
	sec, frac := instant(t)
	z := c.zoned()
	i := z.at(sec)
	wall := sec + z.segments[i].offset
	if i > 0 && z.segments[i-1].before > wall {
		wall, frac = z.segments[i-1].before-1, nanosPerSecond-1
	}
	n := dayNumber(wall)
	rank, next := c.days.before(n), c.days.before(n+1)
	position := time.Duration(rank) * oneDay
	if next > rank {
		position += time.Duration((wall-int64(n)*secondsPerDay)*nanosPerSecond + frac)
	}
	return position
}

// AtDayPosition returns the earliest instant at which the working-day meter
// shows p or more, in the calendar's zone. A whole multiple of 24h is reached
// with the midnight that ends a working day. It saturates at [Earliest] and
// [Latest].
//
// From a working day, except from its first midnight, AtDayPosition of
// DayPosition(t) + n*24h is AddDays(t, n, DayRule{}).
func (c *Calendar) AtDayPosition(p time.Duration) time.Time {
	n, into := c.dayOf(p)
	z := c.zoned()
	wall := int64(n)*secondsPerDay + int64(into)/nanosPerSecond
	frac := int64(into) % nanosPerSecond
	at := z.opening(wall)
	if at > wall-z.segments[z.at(at)].offset {
		frac = 0
	}
	return c.saturated(at, frac, time.Time{}).In(c.Location())
}

// LastClose returns the last closing of the working day that holds a position
// of the working-day meter, in the calendar's zone. A whole multiple of 24h
// belongs to the day that ends there. It saturates as AtDayPosition does.
func (c *Calendar) LastClose(p time.Duration) time.Time {
	n, _ := c.dayOf(p)
	return c.saturated(c.lastClosing(n), 0, time.Time{}).In(c.Location())
}

// dayOf returns the working day that holds a position, and how far into it
// the position is, more than 0 and up to 24h.
func (c *Calendar) dayOf(p time.Duration) (date int, into time.Duration) {
	rank := floorDiv(int64(p), int64(oneDay))
	if into = p - time.Duration(rank)*oneDay; into == 0 {
		rank, into = rank-1, oneDay
	}
	return c.days.nth(int(rank)), into
}

// lastClosing returns the instant of a working day's last closing.
func (c *Calendar) lastClosing(n int) int64 {
	if c.rule != nil {
		shifts := c.rule.shifts(n)
		if len(shifts) == 0 {
			return int64(n) * secondsPerDay // beyond the known instants
		}
		return c.zone.closing(int64(n)*secondsPerDay + shifts[len(shifts)-1].close)
	}
	last, found := int64(n)*secondsPerDay, false
	for _, part := range c.parts {
		if !part.works(n) {
			continue
		}
		if at := part.lastClosing(n); !found || (at < last) == c.all {
			last, found = at, true
		}
	}
	if c.all && found {
		// The intersection may close earlier than any part does; where it does
		// not open on this date at all, the earliest of their closings stands.
		if at, ok := c.seekBack(last, 1); ok && at >= c.zone.opening(int64(n)*secondsPerDay) {
			last = at + 1
		}
	}
	return last
}

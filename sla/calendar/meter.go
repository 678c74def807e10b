package calendar

import (
	"math"
	"time"
)

// Edge says where [Calendar.AddEdge] lands when the time runs out exactly at a
// closing. No business time lies between the two, so only one of them can be
// the rule, and systems differ.
type Edge uint8

const (
	// AtClose: at the closing itself, the earliest instant. The default.
	AtClose Edge = iota
	// NextOpening: at the next opening, the latest instant.
	NextOpening
)

const nanosPerSecond = int64(time.Second)

// Add returns the instant at which d of business time lies between it and t.
// Of the instants for which that holds it is the one nearest to t: forward,
// the earliest, so that what runs out at closing time is due at closing;
// backward, for a negative d, the latest; for 0, t itself, open or not.
//
//	Between(t, Add(t, d)) == d
//
// The result keeps t's Location and has no monotonic reading. It saturates at
// [Earliest] and [Latest], also when no business time is left, and an instant
// beyond these counts as the nearer one; only then does the law above not hold.
//
// It costs some 20 ns and allocates nothing, however long d is, while both
// ends lie in the compiled years; beyond them, some 10 µs a year.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time { return c.AddEdge(t, d, AtClose) }

// AddEdge is [Calendar.Add] with the choice of what an end exactly at closing
// means. With [NextOpening] the result is always open, so d == 0 moves a
// closed t to the next opening; going back the two are the same.
func (c *Calendar) AddEdge(t time.Time, d time.Duration, e Edge) time.Time {
	if d == 0 && e == AtClose {
		return t
	}
	sec, frac := instant(t)
	inside := c.table.start <= sec && sec < c.table.end
	var open int64
	var isOpen bool
	if inside {
		open, isOpen, _ = c.table.before(sec)
	} else {
		isOpen = c.isOpen(sec)
	}
	if !isOpen {
		frac = 0
	}
	// n counts whole open seconds from t's; frac is what remains beyond them.
	n := int64(d) / nanosPerSecond
	frac += int64(d) % nanosPerSecond
	switch {
	case frac < 0:
		n, frac = n-1, frac+nanosPerSecond
	case frac >= nanosPerSecond:
		n, frac = n+1, frac-nanosPerSecond
	}
	// At a closing, the second before it is the last open one.
	var past int64
	if frac == 0 && d > 0 && e == AtClose {
		past = 1
	}
	if at := open + n - past; inside && uint64(at) < uint64(c.table.total) {
		return instantOf(c.table.nth(at)+past, frac, t)
	}
	at, ok := c.seek(sec, n-past)
	switch {
	case ok:
		return instantOf(at+past, frac, t)
	case n-past < 0:
		return instantOf(minSec, 0, t)
	}
	return instantOf(maxSec, 0, t)
}

// Between returns the business time from a to b, negative when b is before a:
//
//	Between(a, b) + Between(b, c) == Between(a, c)
//	Between(a, b) == -Between(b, a)
//
// It is exact to the nanosecond. A span of more than 292 years of business time
// saturates at the longest [time.Duration], of either sign; instants beyond
// [Earliest] and [Latest] count as those. Cost as [Calendar.Add].
func (c *Calendar) Between(a, b time.Time) time.Duration {
	secA, fracA := instant(a)
	secB, fracB := instant(b)
	if s, e := c.table.start, c.table.end; s <= secA && secA < e && s <= secB && secB < e {
		openA, isOpenA, _ := c.table.before(secA)
		openB, isOpenB, _ := c.table.before(secB)
		if !isOpenA {
			fracA = 0
		}
		if !isOpenB {
			fracB = 0
		}
		return time.Duration((openB-openA)*nanosPerSecond + fracB - fracA)
	}
	if secA > secB {
		return -c.betweenOutside(secB, secA, fracB, fracA)
	}
	return c.betweenOutside(secA, secB, fracA, fracB)
}

// betweenOutside is Between for ordered seconds, in or out of the compiled years.
func (c *Calendar) betweenOutside(secA, secB, fracA, fracB int64) time.Duration {
	var frac int64
	if c.isOpen(secB) {
		frac += fracB
	}
	if c.isOpen(secA) {
		frac -= fracA
	}
	open := c.count(secA, secB)
	if open > math.MaxInt64/nanosPerSecond-1 {
		return math.MaxInt64
	}
	return time.Duration(open*nanosPerSecond + frac)
}

// Position reads the meter of business time: how much of it lies between the
// beginning of the compiled years and t, less than 0 before. Business time is a
// difference of positions,
//
//	Between(a, b) == Position(b) - Position(a)
//
// unless one of the three saturates: who measures many spans from and to the
// same instants need read each only once. It takes one search in the calendar
// where Between takes two.
func (c *Calendar) Position(t time.Time) time.Duration {
	sec, frac := instant(t)
	if c.table.start > sec || sec >= c.table.end {
		return c.Between(c.origin(), t)
	}
	open, isOpen, _ := c.table.before(sec)
	if !isOpen {
		frac = 0
	}
	return time.Duration(open*nanosPerSecond + frac)
}

// AtPosition returns the earliest instant at which the meter of business time
// shows p, in the calendar's zone. With [NextOpening] what ends exactly at a
// closing ends at the next opening instead. It saturates at [Earliest] and
// [Latest]. Cost as [Calendar.Add].
func (c *Calendar) AtPosition(p time.Duration, e Edge) time.Time {
	if p > 0 || e != AtClose {
		return c.AddEdge(c.origin(), p, e)
	}
	// Going back finds the latest such instant. From further back it is the
	// earliest that is found.
	const further = time.Hour
	from := c.Add(c.Add(c.origin(), p), -further)
	if !from.After(Earliest()) {
		return from
	}
	return c.Add(from, further)
}

// origin is where positions count from.
func (c *Calendar) origin() time.Time { return time.Unix(c.table.start, 0).In(c.Location()) }

// IsOpen reports whether t lies in an opening interval: at the opening instant
// yes, at the closing instant no. Before [Earliest] and from [Latest] on
// nothing is open.
func (c *Calendar) IsOpen(t time.Time) bool {
	sec := t.Unix()
	return minSec <= sec && sec < maxSec && c.isOpen(sec)
}

func (c *Calendar) isOpen(sec int64) bool {
	if c.table.start <= sec && sec < c.table.end {
		_, open, _ := c.table.before(sec)
		return open
	}
	return c.isOpenOutside(sec)
}

// NextOpen returns t itself when it is open, else the next opening; [Latest]
// when there is none. It keeps t's Location.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	sec, _ := instant(t)
	next, ok := c.seek(sec, 0)
	switch {
	case !ok:
		return instantOf(maxSec, 0, t)
	case next == t.Unix():
		return t
	}
	return instantOf(next, 0, t)
}

// NextClose returns the first closing after t: of the interval that t lies in,
// or of the next one; so at a closing instant it is the following closing.
// A calendar that never closes again gives [Latest]. It keeps t's Location.
func (c *Calendar) NextClose(t time.Time) time.Time {
	sec, _ := instant(t)
	open, ok := c.seek(sec, 0)
	if !ok {
		return instantOf(maxSec, 0, t)
	}
	return instantOf(c.closingAfter(open), 0, t)
}

// instant returns an instant's Unix seconds and nanoseconds, within the range
// that calendars know.
func instant(t time.Time) (sec, frac int64) {
	sec = t.Unix()
	if sec < minSec {
		return minSec, 0
	}
	if sec >= maxSec {
		return maxSec, 0
	}
	return sec, int64(t.Nanosecond())
}

// instantOf is the other way round, in the Location of like.
func instantOf(sec, frac int64, like time.Time) time.Time {
	return time.Unix(sec, frac).In(like.Location())
}

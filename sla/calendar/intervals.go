package calendar

import (
	"iter"
	"time"
)

// Interval is an open stretch of time, from Start up to but without End.
type Interval struct {
	Start, End time.Time
}

// Duration returns End - Start.
func (i Interval) Duration() time.Duration { return i.End.Sub(i.Start) }

// Intervals returns the open stretches between two instants, in order, clipped
// to them; stretches that touch are one, so a 24/7 calendar has a single one.
// The times are in the calendar's zone. A reversed or empty range has none, and
// the range is cut to [Earliest] and [Latest]. The sum of the durations is
// Between(from, to).
//
// The stretches are made while they are asked for: breaking off costs nothing.
func (c *Calendar) Intervals(from, to time.Time) iter.Seq[Interval] {
	return func(yield func(Interval) bool) {
		start, startFrac := instant(from)
		end, endFrac := instant(to)
		last := end
		if endFrac > 0 {
			last++
		}
		loc := c.Location()
		var held span // merged with what touches it before it is yielded
		give := func() bool {
			if held.start >= held.end {
				return true
			}
			i := Interval{time.Unix(held.start, 0).In(loc), time.Unix(held.end, 0).In(loc)}
			if held.start == start {
				i.Start = time.Unix(start, startFrac).In(loc)
			}
			if held.end > end {
				i.End = time.Unix(end, endFrac).In(loc)
			}
			return !i.Start.Before(i.End) || yield(i)
		}
		for s := range c.spans(start, last) {
			if s.start <= held.end && held.start < held.end {
				held.end = s.end
				continue
			}
			if !give() {
				return
			}
			held = s
		}
		give()
	}
}

// spans returns the open time of a range of seconds in order. Spans that touch
// may come apart where the table begins and ends.
func (c *Calendar) spans(start, end int64) iter.Seq[span] {
	return func(yield func(span) bool) {
		t := &c.table
		_ = c.spansOutside(start, min(end, t.start), yield) &&
			c.spansInside(max(start, t.start), min(end, t.end), yield) &&
			c.spansOutside(max(start, t.end), end, yield)
	}
}

func (c *Calendar) spansInside(start, end int64, yield func(span) bool) bool {
	if start >= end {
		return true
	}
	_, _, e := c.table.before(start)
	for ; e < len(c.table.entries)-1; e++ {
		s := c.table.span(e)
		if s.start >= end {
			break
		}
		s = span{max(s.start, start), min(s.end, end)}
		if s.start < s.end && !yield(s) {
			return false
		}
	}
	return true
}

func (c *Calendar) spansOutside(start, end int64, yield func(span) bool) bool {
	if start >= end || c.outside == neverOpen {
		return true
	}
	if c.outside == alwaysOpen {
		return yield(span{start, end})
	}
	var spans []span
	for ; start < end; start += piece {
		spans = c.appendSpans(spans[:0], start, min(start+piece, end))
		for _, s := range spans {
			if !yield(s) {
				return false
			}
		}
	}
	return true
}

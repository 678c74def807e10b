package calendar

import "slices"

// appendSpans appends the open time of an instant range, in order, merged and
// clipped to it. Everything else is derived from this: the compiled table and,
// piece by piece, the years outside it.
func (c *Calendar) appendSpans(dst []span, start, end int64) []span {
	if start >= end {
		return dst
	}
	if c.rule == nil {
		return c.appendCombined(dst, start, end)
	}
	if c.outside == alwaysOpen && !c.rule.hasDays(c.zone, start, end) {
		return append(dst, span{start, end})
	}
	base := len(dst)
	first, last := c.daysAround(start, end)
	for n := first; n <= last; n++ {
		midnight := int64(n) * secondsPerDay
		for _, s := range c.rule.shifts(n) {
			open := max(c.zone.opening(midnight+s.open), start)
			shut := min(c.zone.closing(midnight+s.close), end)
			dst = appendMerged(dst, base, span{open, shut})
		}
	}
	return dst
}

// daysAround returns the numbers of the dates whose hours can touch a range.
// A shift may reach two days past its date's midnight, and a zone that moved
// over the date line repeats or skips one more.
func (c *Calendar) daysAround(start, end int64) (first, last int) {
	return dayNumber(c.zone.wall(start)) - 3, dayNumber(c.zone.wall(end)) + 1
}

func (r *rule) hasDays(z *zone, start, end int64) bool {
	if len(r.days) == 0 {
		return false
	}
	return z.closing(int64(r.days[len(r.days)-1].number+2)*secondsPerDay) > start &&
		z.opening(int64(r.days[0].number)*secondsPerDay) < end
}

// appendMerged appends a span that starts no earlier than those from base on,
// joining it to the last one where they touch or overlap.
func appendMerged(dst []span, base int, s span) []span {
	if s.start >= s.end {
		return dst
	}
	if n := len(dst); n > base && s.start <= dst[n-1].end {
		dst[n-1].end = max(dst[n-1].end, s.end)
		return dst
	}
	return append(dst, s)
}

func (c *Calendar) appendCombined(dst []span, start, end int64) []span {
	if len(c.parts) == 0 {
		return dst
	}
	sum := c.parts[0].appendSpans(nil, start, end)
	for _, part := range c.parts[1:] {
		other := part.appendSpans(nil, start, end)
		if c.all {
			sum = intersect(sum, other)
		} else {
			sum = union(sum, other)
		}
	}
	return append(dst, sum...)
}

func union(a, b []span) []span {
	all := append(slices.Clip(a), b...)
	slices.SortFunc(all, func(x, y span) int { return int(x.start - y.start) })
	merged := all[:0]
	for _, s := range all {
		merged = appendMerged(merged, 0, s)
	}
	return merged
}

func intersect(a, b []span) []span {
	var both []span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		s := span{max(a[i].start, b[j].start), min(a[i].end, b[j].end)}
		both = appendMerged(both, 0, s)
		if a[i].end < b[j].end {
			i++
		} else {
			j++
		}
	}
	return both
}

func isAlways(week [7][]shift) bool {
	var total int64
	for _, shifts := range week {
		for _, s := range shifts {
			total += s.close - s.open
		}
	}
	return total == 7*secondsPerDay
}

package calendar

// Outside the compiled years the same rule is expanded a piece at a time. The
// table in the middle is stepped over in one go.

// piece is about a year: long enough that the few dates expanded twice at its
// edges do not count, short enough to be expanded for one question.
const piece = 366 * secondsPerDay

// count returns the open seconds from a to b, a not after b.
func (c *Calendar) count(a, b int64) int64 {
	t := &c.table
	sum := c.countOutside(a, min(b, t.start)) + c.countOutside(max(a, t.end), b)
	if a, b := max(a, t.start), min(b, t.end); a < b {
		sum += c.openBefore(b) - c.openBefore(a)
	}
	return sum
}

// openBefore returns the table's open seconds before an instant from its start
// to its end, both included.
func (c *Calendar) openBefore(sec int64) int64 {
	if sec == c.table.end {
		return int64(c.table.total)
	}
	open, _, _ := c.table.before(sec)
	return open
}

func (c *Calendar) countOutside(a, b int64) (sum int64) {
	if a >= b || c.outside == neverOpen {
		return 0
	}
	if c.outside == alwaysOpen {
		return b - a
	}
	var spans []span
	for ; a < b; a += piece {
		spans = c.appendSpans(spans[:0], a, min(a+piece, b))
		for _, s := range spans {
			sum += s.end - s.start
		}
	}
	return sum
}

func (c *Calendar) isOpenOutside(sec int64) bool {
	switch c.outside {
	case neverOpen:
		return false
	case alwaysOpen:
		return true
	}
	return len(c.appendSpans(nil, sec, sec+1)) > 0
}

// seek returns the n-th open second at or after an instant, counted from 0;
// for a negative n, the -n-th open second before it.
func (c *Calendar) seek(sec, n int64) (at int64, ok bool) {
	t := &c.table
	if n < 0 {
		return c.seekBack(sec, -n)
	}
	if at, n = c.seekOutside(sec, min(t.start, maxSec), n); n < 0 {
		return at, true
	}
	if from := max(sec, t.start); from < t.end {
		open := c.openBefore(from)
		if open+n < int64(t.total) {
			return t.nth(open + n), true
		}
		n -= int64(t.total) - open
	}
	at, n = c.seekOutside(max(sec, t.end), maxSec, n)
	return at, n < 0
}

// seekOutside looks for the n-th open second from a to b and returns it with
// -1, or else what is left of n.
func (c *Calendar) seekOutside(a, b, n int64) (at, left int64) {
	if a >= b || c.outside == neverOpen {
		return 0, n
	}
	if c.outside == alwaysOpen {
		if n < b-a {
			return a + n, -1
		}
		return 0, n - (b - a)
	}
	var spans []span
	for ; a < b; a += piece {
		spans = c.appendSpans(spans[:0], a, min(a+piece, b))
		for _, s := range spans {
			if n < s.end-s.start {
				return s.start + n, -1
			}
			n -= s.end - s.start
		}
	}
	return 0, n
}

// seekBack returns the n-th open second before an instant, counted from 1.
func (c *Calendar) seekBack(sec, n int64) (at int64, ok bool) {
	t := &c.table
	if at, n = c.seekBackOutside(max(t.end, minSec), sec, n); n == 0 {
		return at, true
	}
	if to := min(sec, t.end); to > t.start {
		open := c.openBefore(to)
		if n <= open {
			return t.nth(open - n), true
		}
		n -= open
	}
	at, n = c.seekBackOutside(minSec, min(sec, t.start), n)
	return at, n == 0
}

// seekBackOutside looks for the n-th open second back from b to a and returns
// it with 0, or else what is left of n.
func (c *Calendar) seekBackOutside(a, b, n int64) (at, left int64) {
	if a >= b || c.outside == neverOpen {
		return 0, n
	}
	if c.outside == alwaysOpen {
		if n <= b-a {
			return b - n, 0
		}
		return 0, n - (b - a)
	}
	var spans []span
	for ; a < b; b -= piece {
		spans = c.appendSpans(spans[:0], max(a, b-piece), b)
		for i := len(spans) - 1; i >= 0; i-- {
			s := spans[i]
			if n <= s.end-s.start {
				return s.end - n, 0
			}
			n -= s.end - s.start
		}
	}
	return 0, n
}

// closingAfter returns the end of the open stretch that an open second lies in.
func (c *Calendar) closingAfter(sec int64) int64 {
	for sec < maxSec {
		var end int64
		switch t := &c.table; {
		case t.start <= sec && sec < t.end:
			_, open, e := t.before(sec)
			if !open {
				return sec
			}
			end = t.span(e).end
			if end < t.end {
				return end
			}
		case c.outside == neverOpen:
			return sec
		case c.outside == alwaysOpen && sec < t.start:
			end = t.start
		case c.outside == alwaysOpen:
			end = maxSec
		default:
			limit := min(sec+piece, maxSec)
			if sec < t.start {
				limit = min(limit, t.start)
			}
			spans := c.appendSpans(nil, sec, limit)
			if len(spans) == 0 || spans[0].start > sec {
				return sec
			}
			end = spans[0].end
			if end < limit {
				return end
			}
		}
		sec = end
	}
	return maxSec
}

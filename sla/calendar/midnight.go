package calendar

import "time"

// StartOf returns the instant at which a date begins in the calendar's zone:
// its midnight, or the transition where a gap swallows midnight. A date that
// the zone skipped begins where the next one does. Dates beyond [Earliest] and
// [Latest] saturate.
func (c *Calendar) StartOf(d Date) time.Time {
	n := min(max(d.number(), -farthestDay), farthestDay)
	return c.saturated(c.zoned().opening(int64(n)*secondsPerDay), 0, time.Time{}).In(c.Location())
}

package quality

import (
	"strconv"
	"time"
)

// read writes a figure in its unit with two places, and what it rests on: "83.33% of 3".
func read(s Statistic, unit Unit, of string) string {
	v, ok := Value(s, unit, 2)
	if !ok {
		return "unknown" + of
	}
	return v.StringFixed(2) + unit.suffix() + of
}

// of counts what a figure rests on.
func of(n uint64, one, many string) string {
	what := many
	if n == 1 {
		what = one
	}
	return " of " + strconv.FormatUint(n, 10) + what
}

// lasting writes a length of time to the second.
func lasting(d time.Duration, known bool) string {
	if !known {
		return "unknown"
	}
	return d.Round(time.Second).String()
}

// String returns the mean as a length of time, rounded to the second, and how many there were, as in "21m15s of 4"; without any, "unknown
// of 0".
func (m MeanTime) String() string {
	mean, ok := m.Mean()
	return lasting(mean, ok) + of(m.count, "", "")
}

// String returns the mean with two places and how many amounts there were, as in "12.50 of 4"; without any, "unknown of 0".
func (m MeanAmount) String() string { return read(m, Amount, of(m.count, "", "")) }

// String returns the smallest and the largest and how many amounts there were, as in "24 to 28 of 3"; without any, "unknown of 0".
func (e Extremes) String() string {
	text := "unknown"
	if e.count > 0 {
		text = strconv.FormatInt(e.smallest, 10) + " to " + strconv.FormatInt(e.largest, 10)
	}
	return text + of(e.count, "", "")
}

// String returns the part in percent with two places and how many pairs of amounts there were, as in "15.00% of 3"; without any whole,
// "unknown of 3".
func (r Ratio) String() string { return read(r, Percent, of(r.count, "", "")) }

// String returns the mean with two places, how many answers there were and their scale, as in "4.35 of 20 on 1-5"; without any, "unknown of
// 0 on 1-5". A nil Scores is one without a scale.
func (s *Scores) String() string {
	if s == nil {
		s = &Scores{}
	}
	text := read(s, Score, of(s.count, "", ""))
	if s.scale.levels > 0 {
		text += " on " + s.scale.String()
	}
	return text
}

// String returns the availability in percent with three places and the number of failures, as in "99.950% with 2 failures"; without agreed
// time, "unknown with 0 failures".
func (u Uptime) String() string {
	text := "unknown"
	if v, ok := Value(u, Percent, 3); ok {
		text = v.StringFixed(3) + "%"
	}
	if u.failures == 1 {
		return text + " with 1 failure"
	}
	return text + " with " + strconv.FormatUint(u.failures, 10) + " failures"
}

// String returns the mean time, rounded to the second, and the number of failures, as in "359h49m12s of 2 failures"; without any, "unknown
// of 0 failures".
func (b BetweenFailures) String() string {
	mean, ok := b.Mean()
	return lasting(mean, ok) + of(b.failures, " failure", " failures")
}

// String returns the figure with two places and the smallest count among the parts, as in "88.40% of 25".
func (c Composite) String() string {
	unit := c.unit()
	if unit == Share {
		unit = Percent
	}
	return read(c, unit, of(c.Count(), "", ""))
}

// String returns the median, the 95th percentile and the longest, rounded to the second, and how many there were, as in "p50 20m0s, p95
// 1h2m0s, longest 1h10m0s of 12"; without any, "unknown of 0".
func (d *Durations) String() string {
	if d == nil || d.count == 0 {
		return "unknown of 0"
	}
	half, ok := d.Quantile(0.5)
	most, _ := d.Quantile(0.95)
	return "p50 " + lasting(half, ok) + ", p95 " + lasting(most, ok) + ", longest " + lasting(d.max, ok) + of(d.count, "", "")
}

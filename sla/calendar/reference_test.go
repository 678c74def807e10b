package calendar_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// reference is the slow, obvious model: it looks at a clock on the wall every
// minute. It shares no code and no idea with the engine. It knows a stretch of
// days about one instant, in a time when every offset is whole minutes.
type reference struct {
	spec  calendar.Spec
	loc   *time.Location
	start time.Time // of the stretch
	open  []bool    // minute by minute
	shown map[calendar.Date]bool
}

func newReference(s scene, days int) *reference {
	r := &reference{spec: s.spec, loc: s.loc, shown: map[calendar.Date]bool{}}
	r.start = s.at.AddDate(0, 0, -days).Truncate(time.Minute)
	r.open = make([]bool, 2*days*24*60)
	first := dateOf(r.start).AddDays(-4)
	for d := first; d.Compare(first.AddDays(2*days+8)) < 0; d = d.AddDays(1) {
		for _, h := range r.hours(d) {
			end := r.closing(d, h.Close)
			for m := r.opening(d, h.Open); m.Before(end); m = m.Add(time.Minute) {
				if i := m.Sub(r.start) / time.Minute; i >= 0 && int(i) < len(r.open) {
					r.open[i] = true
				}
			}
		}
	}
	return r
}

// hours reads the declaration as a person would.
func (r *reference) hours(d calendar.Date) []calendar.Hours {
	hours := r.spec.Hours[d.Weekday()]
	for _, day := range r.spec.Days {
		if day.Date == d {
			hours = day.Hours
		}
	}
	return hours
}

// wall is what the clock shows, as a time in UTC so that it can be compared.
func (r *reference) wall(t time.Time) time.Time {
	_, offset := t.In(r.loc).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

func midnight(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// opening is the first minute at which the clock shows the time or a later one.
func (r *reference) opening(d calendar.Date, after time.Duration) time.Time {
	want := midnight(d).Add(after)
	m := want.Add(-15 * time.Hour) // no clock is 15 hours ahead
	for r.wall(m).Before(want) {
		m = m.Add(time.Minute)
	}
	return m
}

// closing is the minute after the last one at which the clock shows less.
func (r *reference) closing(d calendar.Date, after time.Duration) time.Time {
	want := midnight(d).Add(after)
	m := want.Add(15 * time.Hour) // nor 15 hours behind
	for !r.wall(m).Before(want) {
		m = m.Add(-time.Minute)
	}
	return m.Add(time.Minute)
}

func (r *reference) isOpen(t time.Time) bool {
	return r.open[t.Sub(r.start)/time.Minute]
}

// between adds up open minutes, whole and in part.
func (r *reference) between(a, b time.Time) (sum time.Duration) {
	if b.Before(a) {
		return -r.between(b, a)
	}
	for i, open := range r.open {
		from := r.start.Add(time.Duration(i) * time.Minute)
		to := from.Add(time.Minute)
		if open && from.Before(b) && to.After(a) {
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			sum += to.Sub(from)
		}
	}
	return sum
}

// add walks a minute at a time, until the time is used up.
func (r *reference) add(t time.Time, d time.Duration) (time.Time, bool) {
	step := time.Minute
	if d < 0 {
		step = -time.Minute
	}
	for d != 0 {
		var to time.Time // the next whole minute
		if step > 0 {
			to = t.Truncate(time.Minute).Add(time.Minute)
		} else if to = t.Truncate(time.Minute); to.Equal(t) {
			to = t.Add(-time.Minute)
		}
		i := min(t.UnixNano(), to.UnixNano())
		at := time.Unix(0, i).Sub(r.start) / time.Minute
		if at < 0 || int(at) >= len(r.open) {
			return time.Time{}, false
		}
		if r.open[at] {
			if got := to.Sub(t); got.Abs() >= d.Abs() {
				return t.Add(d), true
			} else {
				d -= got
			}
		}
		t = to
	}
	return t, true
}

func (r *reference) works(d calendar.Date) bool {
	if len(r.hours(d)) == 0 {
		return false
	}
	// A date works only if the clock ever shows it.
	shown, known := r.shown[d]
	if !known {
		shown = r.wall(r.opening(d, 0)).Before(midnight(d).AddDate(0, 0, 1))
		r.shown[d] = shown
	}
	return shown
}

func TestReferenceTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		c, err := calendar.New(s.spec)
		require.NoError(rt, err)
		r := newReference(s, 9)
		for range 12 {
			a, b := s.near(rt, "a", 8), s.near(rt, "b", 8)
			require.Equal(rt, r.isOpen(a), c.IsOpen(a), "IsOpen(%v)", a)
			require.Equal(rt, r.between(a, b), c.Between(a, b), "Between(%v, %v)", a, b)
			d := time.Duration(rapid.Int64Range(-int64(60*time.Hour), int64(60*time.Hour)).Draw(rt, "d"))
			if rapid.Bool().Draw(rt, "to a closing") {
				d = r.between(a, b)
			}
			if want, ok := r.add(a, d); ok {
				got := c.Add(a, d)
				require.True(rt, want.Equal(got), "Add(%v, %v) = %v, want %v", a, d, got, want.In(s.loc))
			}
		}
		// Opening by opening, closing by closing.
		from, to := s.at.AddDate(0, 0, -8), s.at.AddDate(0, 0, 8)
		var sum time.Duration
		last := from
		for i := range c.Intervals(from, to) {
			require.True(rt, i.Start.Before(i.End) && (last.Equal(from) || last.Before(i.Start)), "%v after %v", i, last)
			require.Equal(rt, i.Start, c.NextOpen(last).In(s.loc))
			require.True(rt, r.isOpen(i.Start) && r.isOpen(i.End.Add(-1)))
			if i.End.Before(to) {
				require.False(rt, r.isOpen(i.End))
				require.True(rt, i.End.Equal(c.NextClose(i.Start)), "NextClose(%v)", i.Start)
			}
			sum, last = sum+i.Duration(), i.End
		}
		require.Equal(rt, r.between(from, to), sum)
	})
}

func TestReferenceDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		c, err := calendar.New(s.spec)
		require.NoError(rt, err)
		r := &reference{spec: s.spec, loc: s.loc, shown: map[calendar.Date]bool{}}
		for range 6 {
			a, b := s.near(rt, "a", 12), s.near(rt, "b", 12)
			today := dateOf(a.In(s.loc))
			require.Equal(rt, r.works(today), c.Day(today).Kind.Working(), "%v", today)
			require.Equal(rt, today, c.DateOf(a))

			count := 0
			from, to, sign := today, dateOf(b.In(s.loc)), 1
			if from.Compare(to) > 0 {
				from, to, sign = to, from, -1
			}
			for d := from.AddDays(1); d.Compare(to) <= 0; d = d.AddDays(1) {
				if r.works(d) {
					count += sign
				}
			}
			require.Equal(rt, count, c.DaysBetween(a, b), "DaysBetween(%v, %v)", a, b)

			n := rapid.IntRange(-9, 9).Filter(func(n int) bool { return n != 0 }).Draw(rt, "n")
			rule := calendar.DayRule{
				End:   calendar.DayEnd(rapid.IntRange(0, 1).Draw(rt, "end")),
				Count: calendar.DayCount(rapid.IntRange(0, 1).Draw(rt, "count")),
			}
			want := r.addDays(a, n, rule)
			got := c.AddDays(a, n, rule)
			require.True(rt, want.Equal(got), "AddDays(%v, %d, %v) = %v, want %v", a, n, rule, got, want.In(s.loc))
		}
	})
}

// addDays looks at one date after the other.
func (r *reference) addDays(t time.Time, n int, rule calendar.DayRule) time.Time {
	step := 1
	if n < 0 {
		step = -1
	}
	today := dateOf(t.In(r.loc))
	d := today
	if rule.Count == calendar.ExcludeStart {
		d = d.AddDays(step)
	}
	for left := n * step; ; d = d.AddDays(step) {
		if r.works(d) {
			if left--; left == 0 {
				break
			}
		}
	}
	if rule.End == calendar.LastHours {
		hours := r.hours(d)
		return r.closing(d, hours[len(hours)-1].Close)
	}
	time := r.wall(t).Sub(midnight(today))
	return r.exactly(d, time)
}

// exactly is opening to the nanosecond: the minute that shows the time, and the
// rest of it, unless the clock jumped over it.
func (r *reference) exactly(d calendar.Date, after time.Duration) time.Time {
	rest := after % time.Minute
	m := r.opening(d, after-rest)
	if r.wall(m).Equal(midnight(d).Add(after - rest)) {
		return m.Add(rest)
	}
	return m
}

// position is the working-day meter from a date on: the clock's highest
// reading so far, folded onto working days.
func (r *reference) position(from calendar.Date, t time.Time) time.Duration {
	high := r.wall(t)
	for m := t.Truncate(time.Minute).Add(-time.Minute); m.After(t.Add(-26 * time.Hour)); m = m.Add(-time.Minute) {
		if w := r.wall(m).Add(time.Minute - 1); w.After(high) {
			high = w
		}
	}
	var sum time.Duration
	d := from
	for ; d.Compare(dateOf(high)) < 0; d = d.AddDays(1) {
		if r.works(d) {
			sum += 24 * time.Hour
		}
	}
	if r.works(d) {
		sum += high.Sub(midnight(d))
	}
	return sum
}

func TestReferenceDayMeter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		c, err := calendar.New(s.spec)
		require.NoError(rt, err)
		r := &reference{spec: s.spec, loc: s.loc, shown: map[calendar.Date]bool{}}
		base := s.at.AddDate(0, 0, -14)
		origin := c.DayPosition(base) - r.position(dateOf(base), base)
		require.Zero(rt, origin%(24*time.Hour))
		for range 6 {
			at := s.near(rt, "at", 10)
			p := r.position(dateOf(base), at)
			require.Equal(rt, p, c.DayPosition(at)-origin, "DayPosition(%v)", at)

			if p == 0 {
				continue // the last working day lies before the stretch
			}
			back := c.AtDayPosition(origin + p)
			require.False(rt, back.After(at), "AtDayPosition is the earliest: %v after %v", back, at)
			require.GreaterOrEqual(rt, r.position(dateOf(base), back), p)
			require.Less(rt, r.position(dateOf(base), back.Add(-1)), p)

			d := dateOf(base)
			for sum := time.Duration(0); ; d = d.AddDays(1) {
				if r.works(d) {
					if sum += 24 * time.Hour; sum >= p {
						break
					}
				}
			}
			hours := r.hours(d)
			want := r.closing(d, hours[len(hours)-1].Close)
			require.True(rt, want.Equal(c.LastClose(origin+p)), "LastClose at %v = %v, want %v", at, c.LastClose(origin+p), want)
		}
	})
}

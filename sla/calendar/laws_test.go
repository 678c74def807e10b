package calendar_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyTime draws an instant about the scene, within some years of it, or
// anywhere from 1678 to 2262.
func (s scene) anyTime(t *rapid.T, label string) time.Time {
	switch rapid.IntRange(0, 5).Draw(t, label+" where") {
	case 0:
		sec := rapid.Int64Range(calendar.Earliest().Unix(), calendar.Latest().Unix()-1).Draw(t, label)
		return time.Unix(sec, rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns")).In(s.loc)
	case 1:
		return s.near(t, label, 3000)
	case 2:
		return s.near(t, label, 300)
	}
	return s.near(t, label, 20)
}

func anySpan(t *rapid.T) time.Duration {
	most := int64(rapid.SampledFrom([]time.Duration{time.Hour, 100 * time.Hour, 10_000 * time.Hour}).Draw(t, "scale"))
	d := rapid.Int64Range(-most, most).Draw(t, "d")
	if rapid.Bool().Draw(t, "whole") {
		d -= d % int64(15*time.Minute)
	}
	return time.Duration(d)
}

func limit(t time.Time) bool {
	return t.Equal(calendar.Earliest()) || t.Equal(calendar.Latest())
}

func check(t *testing.T, law func(rt *rapid.T, s scene, c *calendar.Calendar)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		c, err := calendar.New(s.spec)
		require.NoError(rt, err)
		for range 8 {
			law(rt, s, c)
		}
	})
}

func TestLawAddIsTheNearestInverseOfBetween(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		at, d := s.anyTime(rt, "t"), anySpan(rt)
		end := c.Add(at, d)
		require.Equal(rt, at.Location(), end.Location())
		if limit(end) {
			return
		}
		require.Equal(rt, d, c.Between(at, end), "%v to %v", at, end)
		switch {
		case d > 0:
			require.Less(rt, c.Between(at, end.Add(-1)), d, "earlier than %v would do", end)
		case d < 0:
			require.Greater(rt, c.Between(at, end.Add(1)), d, "later than %v would do", end)
		default:
			require.Equal(rt, at, end)
		}
		later := c.AddEdge(at, d, calendar.NextOpening)
		require.Equal(rt, d, c.Between(at, later))
		require.False(rt, later.Before(end))
		require.True(rt, c.IsOpen(later) || limit(later))
		if d > 0 && !later.Equal(end) {
			require.Equal(rt, c.NextOpen(end), later)
		}
	})
}

func TestLawAddIsMonotoneAndComposes(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b, d, e := s.anyTime(rt, "a"), s.anyTime(rt, "b"), anySpan(rt), anySpan(rt)
		if a.After(b) {
			a, b = b, a
		}
		require.False(rt, c.Add(a, d).After(c.Add(b, d)), "Add(%v) after Add(%v)", a, b)
		require.False(rt, c.Add(a, min(d, e)).After(c.Add(a, max(d, e))))
		if d > 0 && e > 0 {
			require.Equal(rt, c.Add(a, d+e), c.Add(c.Add(a, d), e))
		}
	})
}

func TestLawBetweenIsAdditiveAndAntisymmetric(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b, x := s.near(rt, "a", 4000), s.near(rt, "b", 300), s.near(rt, "x", 9)
		require.Equal(rt, c.Between(a, x), c.Between(a, b)+c.Between(b, x))
		require.Equal(rt, c.Between(a, b), -c.Between(b, a))
		require.Zero(rt, c.Between(a, a))
		require.LessOrEqual(rt, c.Between(a, b).Abs(), b.Sub(a).Abs())
		far := s.anyTime(rt, "far")
		require.Equal(rt, c.Between(far, x), -c.Between(x, far))
	})
}

func TestLawPositionsAreTheMeter(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b := s.anyTime(rt, "a"), s.near(rt, "b", 300)
		p, q := c.Position(a), c.Position(b)
		if d := c.Between(a, b); p.Abs() < math.MaxInt64 && d.Abs() < math.MaxInt64 {
			require.Equal(rt, d, q-p)
		}
		first, last := c.AtPosition(q, calendar.AtClose), c.AtPosition(q, calendar.NextOpening)
		require.Equal(rt, c.Location(), first.Location())
		require.False(rt, first.After(b), "the earliest such instant, %v", first)
		require.False(rt, last.Before(b), "the latest such instant, %v", last)
		if !limit(first) {
			require.Equal(rt, q, c.Position(first))
			require.Less(rt, c.Position(first.Add(-1)), q)
		}
		if !limit(last) {
			require.Equal(rt, q, c.Position(last))
			require.Greater(rt, c.Position(last.Add(1)), q)
		}
	})
}

func TestLawIntervalsMakeUpBetween(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b := s.near(rt, "a", 700), s.near(rt, "b", 30)
		var sum time.Duration
		var last calendar.Interval
		for i := range c.Intervals(a, b) {
			require.True(rt, i.Start.Before(i.End))
			require.True(rt, last.End.IsZero() || last.End.Before(i.Start), "%v touches %v", last, i)
			require.False(rt, i.Start.Before(a) || i.End.After(b))
			sum, last = sum+i.Duration(), i
		}
		require.Equal(rt, max(0, c.Between(a, b)), sum)
	})
}

func TestLawNextOpeningAndClosing(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		at := s.anyTime(rt, "t")
		open, shut := c.NextOpen(at), c.NextClose(at)
		require.Equal(rt, c.IsOpen(at), open.Equal(at))
		require.False(rt, open.Before(at))
		require.True(rt, shut.After(at) || limit(shut))
		require.True(rt, shut.After(open) || limit(shut))
		if !limit(open) {
			require.True(rt, c.IsOpen(open))
			require.Zero(rt, c.Between(at, open))
		}
		if !limit(shut) {
			require.False(rt, c.IsOpen(shut))
			require.Equal(rt, shut.Sub(open), c.Between(at, shut), "open from %v to %v", open, shut)
		}
	})
}

func TestLawUnionAndIntersectionMeasure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, o := anyScene(rt), anyScene(rt)
		o.spec.Days = nil
		a, err := calendar.New(s.spec)
		require.NoError(rt, err)
		b, err := calendar.New(o.spec)
		require.NoError(rt, err)
		union, err := calendar.Union("union", a, b)
		require.NoError(rt, err)
		both, err := calendar.Intersect("both", a, b)
		if err != nil {
			require.ErrorIs(rt, err, calendar.ErrNeverOpen)
			return
		}
		for range 6 {
			x, y := s.near(rt, "x", 400), s.near(rt, "y", 20)
			require.Equal(rt, a.Between(x, y)+b.Between(x, y), union.Between(x, y)+both.Between(x, y))
			require.Equal(rt, a.IsOpen(x) || b.IsOpen(x), union.IsOpen(x))
			require.Equal(rt, a.IsOpen(x) && b.IsOpen(x), both.IsOpen(x))
			require.Equal(rt, a.Provisional(x) || b.Provisional(x), union.Provisional(x))
			day := dateOf(x)
			works := func(c *calendar.Calendar) bool { return c.Day(day).Kind.Working() }
			if shown := union.Day(day).Kind != calendar.NoDay; shown {
				require.Equal(rt, works(a) || works(b), works(union), "%v", day)
				require.Equal(rt, works(a) && works(b), works(both), "%v", day)
			}
			d := anySpan(rt)
			for _, c := range []*calendar.Calendar{union, both} {
				if end := c.Add(x, d); !limit(end) {
					require.Equal(rt, d, c.Between(x, end))
				}
			}
		}
		again, err := calendar.New(union.Spec())
		require.NoError(rt, err)
		require.Equal(rt, union.Fingerprint(), again.Fingerprint())
	})
}

// A union of one is that calendar.
func TestLawUnionOfOne(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		u, err := calendar.Union("one", c, c)
		require.NoError(rt, err)
		v, err := calendar.Intersect("one", c, c)
		require.NoError(rt, err)
		at, d, n := s.anyTime(rt, "t"), anySpan(rt), rapid.IntRange(-40, 40).Draw(rt, "n")
		for _, w := range []*calendar.Calendar{u, v} {
			require.Equal(rt, c.Add(at, d), w.Add(at, d))
			require.Equal(rt, c.AddDays(at, n, calendar.DayRule{}), w.AddDays(at, n, calendar.DayRule{}))
			require.Equal(rt, c.DayPosition(at), w.DayPosition(at))
			require.Equal(rt, c.LastClose(c.DayPosition(at)), w.LastClose(c.DayPosition(at)))
			require.Equal(rt, c.Day(dateOf(at)).Kind, w.Day(dateOf(at)).Kind)
		}
	})
}

func TestLawDayMeter(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b := s.anyTime(rt, "a"), s.anyTime(rt, "b")
		if a.After(b) {
			a, b = b, a
		}
		p, q := c.DayPosition(a), c.DayPosition(b)
		require.LessOrEqual(rt, p, q, "the meter ran backward")
		at := c.AtDayPosition(p)
		require.False(rt, at.After(a), "AtDayPosition(%v) is the earliest", p)
		if !limit(at) {
			require.GreaterOrEqual(rt, c.DayPosition(at), p)
			require.Less(rt, c.DayPosition(at.Add(-1)), p)
		}
		// At a midnight the meter means the day that ends, AddDays the one that begins.
		n := rapid.IntRange(1, 400).Draw(rt, "n")
		if at.Equal(a) && p%(24*time.Hour) != 0 {
			require.Equal(rt, c.AddDays(a, n, calendar.DayRule{}).UTC(), c.AtDayPosition(p+time.Duration(n)*24*time.Hour).UTC())
		}
	})
}

func TestLawWorkingDays(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		a, b, x := s.anyTime(rt, "a"), s.anyTime(rt, "b"), s.anyTime(rt, "x")
		require.Equal(rt, c.DaysBetween(a, x), c.DaysBetween(a, b)+c.DaysBetween(b, x))
		require.Equal(rt, c.DaysBetween(a, b), -c.DaysBetween(b, a))
		n := rapid.IntRange(-3000, 3000).Draw(rt, "n")
		require.Equal(rt, a, c.AddDays(a, 0, calendar.DayRule{Count: calendar.IncludeStart, End: calendar.LastHours}))
		end := c.AddDays(a, n, calendar.DayRule{})
		if n != 0 && !limit(end) {
			require.True(rt, c.Day(c.DateOf(end)).Kind.Working(), "%v is no working day", end)
			if n > 0 || c.Day(c.DateOf(a)).Kind.Working() {
				require.Equal(rt, n, c.DaysBetween(a, end))
			}
		}
		if n > 0 {
			last := c.AddDays(a, n, calendar.DayRule{Count: calendar.IncludeStart, End: calendar.LastHours})
			if !limit(last) && s.spec.Hours.IsZero() {
				require.False(rt, c.IsOpen(last))
			}
			require.False(rt, c.AddDays(a, n, calendar.DayRule{Count: calendar.IncludeStart}).After(end))
		}
	})
}

// What lies outside the compiled years is worked out another way, and must be
// the same as what a calendar compiled for those years says.
func TestLawOutsideAgreesWithInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		s.spec.Days = nil
		narrow, wide := s.spec, s.spec
		narrow.From = rapid.IntRange(1990, 2050).Draw(rt, "only")
		narrow.To = narrow.From
		wide.From, wide.To = 1985, 2060
		a, err := calendar.New(narrow)
		require.NoError(rt, err)
		b, err := calendar.New(wide)
		require.NoError(rt, err)
		for range 8 {
			x, y, d := s.near(rt, "x", 5000), s.near(rt, "y", 5000), anySpan(rt)
			require.Equal(rt, b.Add(x, d), a.Add(x, d))
			require.Equal(rt, b.Between(x, y), a.Between(x, y))
			require.Equal(rt, b.NextOpen(x), a.NextOpen(x))
			require.Equal(rt, b.NextClose(x), a.NextClose(x))
			require.Equal(rt, b.DaysBetween(x, y), a.DaysBetween(x, y))
			require.Equal(rt, b.DayPosition(x), a.DayPosition(x))
			p := b.DayPosition(y)
			require.Equal(rt, b.AtDayPosition(p), a.AtDayPosition(p))
			require.Equal(rt, b.LastClose(p), a.LastClose(p))
		}
	})
}

func TestLawSpecSurvivesJSON(t *testing.T) {
	check(t, func(rt *rapid.T, s scene, c *calendar.Calendar) {
		data, err := json.Marshal(c.Spec())
		require.NoError(rt, err)
		var spec calendar.Spec
		require.NoError(rt, json.Unmarshal(data, &spec), "%s", data)
		again, err := calendar.New(spec)
		require.NoError(rt, err)
		require.Equal(rt, c.Fingerprint(), again.Fingerprint(), "%s", data)
		parsed, err := calendar.ParseWeek(c.Spec().Hours.String())
		require.NoError(rt, err)
		require.Equal(rt, c.Spec().Hours.String(), parsed.String())
	})
}

func TestLawFingerprint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScene(rt)
		c, err := calendar.New(s.spec)
		require.NoError(rt, err)
		renamed := s.spec
		renamed.Name = "another"
		same, err := calendar.New(renamed)
		require.NoError(rt, err)
		require.Equal(rt, c.Fingerprint(), same.Fingerprint())
		require.Len(rt, c.Fingerprint(), 32)
		moved := s.spec.WithDays(calendar.Days{Days: []calendar.Day{{Date: dateOf(s.at), Name: "other", Off: true}}})
		if c.Day(dateOf(s.at)).Kind.Working() {
			other, err := calendar.New(moved)
			require.NoError(rt, err)
			require.NotEqual(rt, c.Fingerprint(), other.Fingerprint(), "a holiday on %v", dateOf(s.at))
		}
	})
}

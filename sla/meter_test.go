package sla

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla/calendar"
)

func TestNanosOfTheFirstAndLastInstant(t *testing.T) {
	assert.Equal(t, firstInstant.UnixNano(), int64(firstNanos))
	assert.Equal(t, lastInstant.UnixNano(), int64(lastNanos))
	assert.Equal(t, int64(firstNanos), nanos(firstInstant))
	assert.Equal(t, int64(lastNanos), nanos(lastInstant))
	assert.Equal(t, int64(math.MinInt64), nanos(firstInstant.Add(-1)))
	assert.Equal(t, int64(never), nanos(lastInstant.Add(1)))
}

func TestSaturatingArithmetic(t *testing.T) {
	const most, least = math.MaxInt64, math.MinInt64
	for _, c := range []struct{ a, b, plus, minus int64 }{
		{1, 2, 3, -1},
		{most, 1, most, most - 1},
		{most, -1, most - 1, most},
		{least, -1, least, least + 1},
		{least, 1, least + 1, least},
		{0, least, least, most},
		{-1, least, least, most},
		{most, most, most, 0},
		{least, least, least, 0},
		{firstNanos, lastNanos, firstNanos + lastNanos, least},
	} {
		assert.Equal(t, c.plus, plus(c.a, c.b), "%d + %d", c.a, c.b)
		assert.Equal(t, c.minus, minus(c.a, c.b), "%d - %d", c.a, c.b)
	}
	for _, c := range []struct {
		length   int64
		permille int
		want     int64
	}{
		{1000, 500, 500},
		{999, 500, 499},
		{1, 999, 0},
		{7, 1500, 10},
		{most, 1000, most},
		{most, 10_000, most},
		{least, 10_000, least},
		{-1000, 1500, -1500},
		{most / 10, 10_000, most},
		{most / 20, 10_000, most/20/1000*10_000 + most/20%1000*10},
	} {
		assert.Equal(t, c.want, share(c.length, c.permille), "%d thousandths of %d", c.permille, c.length)
	}
}

// What is due when does not depend on the years for which a calendar is compiled, from whose beginning positions count.
func TestMetersAgreeWhereverTheyBegin(t *testing.T) {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00")
	require.NoError(t, err)
	compile := func(from, to int) *calendar.Calendar {
		c, err := calendar.New(calendar.Spec{Zone: "Asia/Shanghai", Hours: week, From: from, To: to})
		require.NoError(t, err)
		return c
	}
	union, err := calendar.Union("", compile(2024, 2026), compile(2025, 2027))
	require.NoError(t, err)
	usual := meter{basis: Business, cal: compile(0, 0)}
	for name, cal := range map[string]*calendar.Calendar{"later": compile(2025, 2026), "earlier": compile(1950, 1990), "combined": union} {
		m := meter{basis: Business, cal: cal}
		next := m
		next.edge = calendar.NextOpening
		usualNext := usual
		usualNext.edge = calendar.NextOpening
		for _, start := range []time.Time{
			time.Date(2024, 12, 30, 1, 0, 0, 0, time.UTC), // a Monday at nine
			time.Date(2024, 12, 31, 10, 0, 0, 5, time.UTC),
			time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), // the beginning itself
			time.Date(2006, 12, 29, 9, 0, 0, 0, time.UTC),
			time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC),
			time.Date(1985, 5, 3, 3, 0, 0, 0, time.UTC),
		} {
			ns := start.UnixNano()
			for _, d := range []time.Duration{1, time.Hour, 3 * time.Hour, 8 * time.Hour, 16 * time.Hour, 40 * time.Hour} {
				p, q := plus(m.position(ns), int64(d)), plus(usual.position(ns), int64(d))
				assert.Equal(t, at(usual.due(q)), at(m.due(p)), "%s: %v after %v", name, d, start)
				assert.Equal(t, at(usualNext.due(q)), at(next.due(p)), "%s: %v after %v, at the next opening", name, d, start)
				assert.Equal(t, p, m.position(m.due(p)), "%s: %v after %v", name, d, start)
				assert.Greater(t, p, m.position(m.due(p)-1), "%s: the earliest instant, %v after %v", name, d, start)
			}
		}
	}
}

// A cycle that starts on a working day knows it without looking at the day's hours.
func TestStartOfWorkingDays(t *testing.T) {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-18:00")
	require.NoError(t, err)
	cal, err := calendar.New(calendar.Spec{Zone: "UTC", Hours: week})
	require.NoError(t, err)
	const h = int64(time.Hour)
	for _, year := range []int{1950, 2025} { // positions are negative before 1970
		monday := time.Date(year, 3, 3, 0, 0, 0, 0, time.UTC)
		for monday.Weekday() != time.Monday {
			monday = monday.AddDate(0, 0, 1)
		}
		for _, c := range []struct {
			rule calendar.DayRule
			into time.Duration // from Monday at midnight
			want int64         // from the position of that midnight
		}{
			{calendar.DayRule{}, 10 * time.Hour, 10 * h},
			{calendar.DayRule{End: calendar.LastHours}, 10 * time.Hour, 24 * h},
			{calendar.DayRule{End: calendar.LastHours}, 0, 24 * h},
			{calendar.DayRule{End: calendar.LastHours}, 24*time.Hour - 1, 24 * h},
			{calendar.DayRule{End: calendar.LastHours, Count: calendar.IncludeStart}, 10 * time.Hour, 0},
			{calendar.DayRule{Count: calendar.IncludeStart}, 10 * time.Hour, -14 * h},
			{calendar.DayRule{Count: calendar.IncludeStart}, -time.Hour, 0}, // on Sunday
			{calendar.DayRule{End: calendar.LastHours}, -time.Hour, 0},
			{calendar.DayRule{End: calendar.LastHours}, -48 * time.Hour, 0}, // the midnight that begins Saturday
			{calendar.DayRule{End: calendar.LastHours}, -49 * time.Hour, 0}, // on Friday: that day does not count
		} {
			m := meter{basis: WorkingDays, cal: cal, days: c.rule}
			zero := m.position(monday.UnixNano())
			assert.Equal(t, c.want, start(&m, monday.Add(c.into).UnixNano())-zero, "%d: %v at %v", year, c.rule, c.into)
		}
	}
}

func start(m *meter, t int64) int64 { return m.start(t, m.position(t)) }

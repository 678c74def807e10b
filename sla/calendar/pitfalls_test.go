package calendar_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/stretchr/testify/require"
)

// What went wrong for the users of comparable systems, each as a test. The
// reports are named as repository#issue.

func nineToFive(t testing.TB, zone string) *calendar.Calendar {
	return build(t, calendar.Spec{Zone: zone, Hours: week(t, "Mo-Fr 09:00-17:00")})
}

func always(t testing.TB, zone string) *calendar.Calendar {
	return build(t, calendar.Spec{Zone: zone, Hours: calendar.AllWeek()})
}

func requireTime(t *testing.T, c *calendar.Calendar, want string, got time.Time) {
	t.Helper()
	require.True(t, when(t, c, want).Equal(got), "got %v, want %s", got.In(c.Location()), want)
}

// Calendars that are never open made others loop for ever (business_time,
// biz#31, opening_hours_map#62). Here they cannot be built.
func TestPitfallNeverOpenIsRefused(t *testing.T) {
	for name, spec := range map[string]calendar.Spec{
		"nothing":          {Zone: "UTC"},
		"only holidays":    {Zone: "UTC", Days: []calendar.Day{{Date: calendar.Date{Year: 2025, Month: 1, Day: 1}, Off: true}}},
		"in a skipped day": {Zone: "Pacific/Apia", Days: []calendar.Day{{Date: calendar.Date{Year: 2011, Month: 12, Day: 30}, Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 17 * time.Hour}}}}},
	} {
		_, err := calendar.New(spec)
		require.ErrorIs(t, err, calendar.ErrNeverOpen, name)
	}
	var zero calendar.Calendar
	now := time.Date(2025, 6, 2, 12, 0, 0, 0, time.UTC)
	require.Equal(t, calendar.Latest(), zero.Add(now, 1))
	require.Equal(t, calendar.Earliest(), zero.Add(now, -1))
	require.Equal(t, calendar.Latest(), zero.NextOpen(now))
	require.Equal(t, calendar.Latest(), zero.NextClose(now))
	require.Equal(t, calendar.Latest(), zero.AddDays(now, 1, calendar.DayRule{End: calendar.LastHours}))
	require.Equal(t, calendar.Earliest(), zero.AddDays(now, -1, calendar.DayRule{}))
	require.Zero(t, zero.Between(now, now.AddDate(10, 0, 0)))
	require.Zero(t, zero.DaysBetween(now, now.AddDate(10, 0, 0)))
	require.Zero(t, zero.DayPosition(now))
	require.Equal(t, calendar.Latest(), zero.AtDayPosition(time.Hour))
	require.Equal(t, calendar.RestDay, zero.Day(calendar.Date{Year: 2025, Month: 6, Day: 2}).Kind)
	require.Empty(t, slices.Collect(zero.Intervals(now, now.AddDate(10, 0, 0))))
	require.False(t, zero.IsOpen(now))
	require.True(t, zero.Provisional(now))
	require.Equal(t, time.UTC, zero.Location())
	require.Empty(t, zero.Name()+zero.Fingerprint())
}

// Where daylight saving begins at midnight, a search for the start of the next
// day never ended west of UTC (biz#130, moment-business-time#17,
// dayjs-business-time#6, sundial). The dates are of the IANA data.
func TestPitfallMidnightGaps(t *testing.T) {
	for zone, gap := range map[string]calendar.Date{
		"America/Sao_Paulo": {Year: 2018, Month: time.November, Day: 4},
		"America/Havana":    {Year: 2025, Month: time.March, Day: 9},
		"America/Asuncion":  {Year: 2023, Month: time.October, Day: 1},
		"America/Santiago":  {Year: 2025, Month: time.September, Day: 7},
		"Atlantic/Azores":   {Year: 2025, Month: time.March, Day: 30},
		"Asia/Beirut":       {Year: 2025, Month: time.March, Day: 30},
		"Africa/Cairo":      {Year: 2025, Month: time.April, Day: 25},
	} {
		c := build(t, calendar.Spec{Zone: zone, Hours: week(t, "Mo-Su 00:00-08:00")})
		evening := time.Date(gap.Year, gap.Month, gap.Day-1, 20, 0, 0, 0, c.Location())
		transition := c.NextOpen(evening)
		require.Equal(t, gap, dateOf(transition), zone)
		require.Equal(t, 4*time.Hour, transition.Sub(evening), zone)
		require.Equal(t, 1, transition.Hour(), "%s: the clock skipped midnight on %v", zone, gap)
		require.Equal(t, 7*time.Hour, c.NextClose(transition).Sub(transition), zone)
		require.Equal(t, 23*time.Hour, c.NextClose(transition).Sub(c.NextClose(transition.AddDate(0, 0, -1))), zone)
	}
}

// Days without hours and sparse weeks were overdue at once (osTicket#6739) or
// looped (MPXJ#657, zammad#2497).
func TestPitfallSparseWeeks(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "We 10:00-11:00")})
	start := when(t, c, "2025-06-05T00:00")
	requireTime(t, c, "2025-06-11T10:30", c.Add(start, 30*time.Minute))
	requireTime(t, c, "2025-08-13T11:00", c.Add(start, 10*time.Hour))
	c = build(t, hourAMonth())
	requireTime(t, c, "2026-03-15T11:00", c.Add(start, 10*time.Hour))
}

// Package time resolves a wall time that never was backward in New York and
// forward in Berlin, and one that was twice to the first in New York and to the
// second in Berlin. Here both zones clip to the transition, an opening is the
// earlier instant and a closing the later.
func TestPitfallTimeDateResolvesWallsEitherWay(t *testing.T) {
	for zone, at := range map[string]struct{ gap, overlap string }{
		"America/New_York": {"2025-03-09T03:00:00-04:00", "2025-11-02T01:30:00-04:00"},
		"Europe/Berlin":    {"2025-03-30T03:00:00+02:00", "2025-10-26T02:30:00+02:00"},
	} {
		open := map[string]string{"America/New_York": "01:30", "Europe/Berlin": "02:30"}[zone]
		gap := build(t, calendar.Spec{Zone: zone, Hours: week(t, "Su 02:30-08:00")})
		requireTime(t, gap, at.gap, gap.NextOpen(when(t, gap, at.gap).Add(-10*time.Hour)))
		requireTime(t, gap, at.gap, gap.NextOpen(when(t, gap, at.gap)))

		overlap := build(t, calendar.Spec{Zone: zone, Hours: week(t, "Su "+open+"-08:00")})
		requireTime(t, overlap, at.overlap, overlap.NextOpen(when(t, overlap, at.overlap).Add(-time.Hour)))
		ending := build(t, calendar.Spec{Zone: zone, Hours: week(t, "Su 00:00-"+open)})
		first := when(t, ending, at.overlap)
		requireTime(t, ending, first.Add(time.Hour).Format(time.RFC3339), ending.NextClose(first))
	}
}

// Stepping days by 24 hours visits a day of 25 hours twice and skips one of 23
// (GLPI, rickar/cal).
func TestPitfallDaysOf23And25Hours(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Su 23:00-24:00")})
	for start, end := range map[string]string{
		"2025-03-29T23:30": "2025-03-30T23:30",
		"2025-10-25T23:30": "2025-10-26T23:30",
		"2025-10-26T00:15": "2025-10-27T00:15",
	} {
		requireTime(t, c, end, c.AddDays(when(t, c, start), 1, calendar.DayRule{}))
		require.Equal(t, 1, c.DaysBetween(when(t, c, start), when(t, c, end)))
	}
	var days []int
	for i := range c.Intervals(when(t, c, "2025-10-20T00:00"), when(t, c, "2025-11-01T00:00")) {
		days = append(days, i.Start.Day())
	}
	require.Equal(t, []int{20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}, days)
}

// 24:00 was refused (pandas), counted a 09:00-24:00 day as minus nine hours
// (rickar/cal), or lost a minute at midnight under "24/7" (zammad#3180).
func TestPitfallMidnightClosing(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Su 09:00-24:00")})
	require.Equal(t, 15*time.Hour, c.Between(when(t, c, "2025-06-02T00:00"), when(t, c, "2025-06-03T00:00")))
	require.True(t, c.IsOpen(when(t, c, "2025-06-02T23:59:59.999999999")))
	require.False(t, c.IsOpen(when(t, c, "2025-06-03T00:00")))
	for _, c := range []*calendar.Calendar{always(t, "Europe/Berlin"), build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Su 00:00-24:00")})} {
		from, to := when(t, c, "2025-06-01T00:00"), when(t, c, "2025-09-01T00:00")
		require.Equal(t, to.Sub(from), c.Between(from, to))
		require.Len(t, slices.Collect(c.Intervals(from, to)), 1)
	}
}

// Overnight shifts were refused (biz, business_time#227), or cut by a holiday
// only after midnight (workclock).
func TestPitfallOvernightShifts(t *testing.T) {
	c := build(t, calendar.Spec{
		Zone: "Europe/Berlin", Hours: week(t, "Mo-Fr 22:00-06:00"),
		Days: []calendar.Day{{Date: calendar.Date{Year: 2025, Month: time.May, Day: 1}, Name: "Labour Day", Off: true}},
	})
	requireTime(t, c, "2025-05-01T06:00", c.NextClose(when(t, c, "2025-04-30T23:00")))
	requireTime(t, c, "2025-05-02T22:00", c.NextOpen(when(t, c, "2025-05-01T06:00")))
	requireTime(t, c, "2025-05-03T06:00", c.NextClose(when(t, c, "2025-05-02T22:00")))
}

// Transitions are not always an hour, nor always summer (biz#160).
func TestPitfallCasablancaAndLordHowe(t *testing.T) {
	c := always(t, "Australia/Lord_Howe")
	require.Equal(t, 24*time.Hour+30*time.Minute, c.Between(when(t, c, "2025-04-06T00:00"), when(t, c, "2025-04-07T00:00")))
	c = build(t, calendar.Spec{Zone: "Australia/Lord_Howe", Hours: week(t, "Su 01:00-03:00")})
	require.Equal(t, 2*time.Hour+30*time.Minute, c.Between(when(t, c, "2025-04-06T00:00"), when(t, c, "2025-04-07T00:00")))
	require.Equal(t, 90*time.Minute, c.Between(when(t, c, "2025-10-05T00:00"), when(t, c, "2025-10-06T00:00")))
	c = build(t, calendar.Spec{Zone: "Africa/Casablanca", Hours: week(t, "Su 01:00-05:00")})
	require.Equal(t, 5*time.Hour, c.Between(when(t, c, "2025-02-23T00:00"), when(t, c, "2025-02-24T00:00")))
	require.Equal(t, 3*time.Hour, c.Between(when(t, c, "2025-04-06T00:00"), when(t, c, "2025-04-07T00:00")))
}

// A due instant exactly at closing is at the close (rickar, sundial, ERPNext)
// or at the next opening (biz since 1.8.2, GLPI); the closing instant was open
// (rickar, pandas) or closed. Both are declared here.
func TestPitfallEndpoints(t *testing.T) {
	c := nineToFive(t, "Europe/Berlin")
	friday := when(t, c, "2025-06-06T16:00")
	requireTime(t, c, "2025-06-06T17:00", c.Add(friday, time.Hour))
	requireTime(t, c, "2025-06-09T09:00", c.AddEdge(friday, time.Hour, calendar.NextOpening))
	requireTime(t, c, "2025-06-06T16:59", c.AddEdge(friday, 59*time.Minute, calendar.NextOpening))
	require.True(t, c.IsOpen(when(t, c, "2025-06-06T09:00")))
	require.False(t, c.IsOpen(when(t, c, "2025-06-06T17:00")))
}

// Adding nothing while closed stays (sundial, rickar) or rolls forward (biz, dayjs).
func TestPitfallAddNothingWhileClosed(t *testing.T) {
	c := nineToFive(t, "Europe/Berlin")
	sunday := when(t, c, "2025-06-08T12:00")
	requireTime(t, c, "2025-06-08T12:00", c.Add(sunday, 0))
	requireTime(t, c, "2025-06-09T09:00", c.AddEdge(sunday, 0, calendar.NextOpening))
}

// Reversed spans were zero, absolute or negative.
func TestPitfallReversedSpans(t *testing.T) {
	c := nineToFive(t, "Europe/Berlin")
	a, b := when(t, c, "2025-06-06T16:00"), when(t, c, "2025-06-09T10:00")
	require.Equal(t, 2*time.Hour, c.Between(a, b))
	require.Equal(t, -2*time.Hour, c.Between(b, a))
	require.Equal(t, -1, c.DaysBetween(b, a))
	require.Empty(t, slices.Collect(c.Intervals(b, a)))
}

// Around the clock over a transition, 48 hours were reported where 47 or 49
// passed (working_hours).
func TestPitfallElapsedAndAddAreInverses(t *testing.T) {
	c := always(t, "Europe/Berlin")
	for start, passed := range map[string]time.Duration{"2025-03-29T12:00": 47, "2025-10-25T12:00": 49, "2025-06-01T12:00": 48} {
		a := when(t, c, start)
		b := a.AddDate(0, 0, 2)
		require.Equal(t, passed*time.Hour, c.Between(a, b))
		require.True(t, b.Equal(c.Add(a, passed*time.Hour)))
	}
}

// History was judged with today's offset (dbt_zendesk#25): Moscow left summer
// time for UTC+4 in 2011 and for UTC+3 in 2014.
func TestPitfallHistoryHasItsOwnOffsets(t *testing.T) {
	c := nineToFive(t, "Europe/Moscow")
	for _, opening := range []string{"2010-01-18T06:00:00Z", "2010-07-19T05:00:00Z", "2012-01-16T05:00:00Z", "2015-01-19T06:00:00Z"} {
		requireTime(t, c, opening, c.NextOpen(when(t, c, opening).Add(-2*time.Hour)))
	}
}

// Minutes were truncated at each step, so a 30-minute target failed after 25
// closed days (libredesk). Nanoseconds survive here.
func TestPitfallNothingIsRounded(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo 09:00-09:07")})
	start := when(t, c, "2025-06-02T09:06:59.999999999")
	requireTime(t, c, "2025-07-07T09:01:59.999999999", c.Add(start, 30*time.Minute))
	require.Equal(t, 30*time.Minute, c.Between(start, when(t, c, "2025-07-07T09:01:59.999999999")))
	requireTime(t, c, "2025-06-09T09:00:00.000000001", c.Add(start, 2))
	requireTime(t, c, "2025-06-02T09:07", c.Add(start, 1))
}

// One interval a day was refused by users (chatwoot#14009, helpdesk#2212,
// rickar/cal#74), short days were wanted (biz#122), and a make-up day must beat
// the holiday (rickar/cal#106).
func TestPitfallSeveralIntervalsShortDaysMakeUpDays(t *testing.T) {
	christmas := calendar.Date{Year: 2025, Month: time.December, Day: 24}
	saturday := calendar.Date{Year: 2025, Month: time.December, Day: 27}
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Fr 09:00-12:00,13:00-18:00"), Days: []calendar.Day{
		{Date: christmas, Name: "Christmas Eve", Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 12 * time.Hour}}},
		{Date: saturday, Name: "make-up"},
		{Date: saturday, Name: "holiday", Off: true},
	}})
	require.Equal(t, 3*time.Hour, c.Between(when(t, c, "2025-12-24T00:00"), when(t, c, "2025-12-25T00:00")))
	require.Equal(t, 8*time.Hour, c.Between(when(t, c, "2025-12-27T00:00"), when(t, c, "2025-12-28T00:00")))
	require.Equal(t, calendar.SpecialDay, c.Day(christmas).Kind)
	require.Equal(t, calendar.MakeUpDay, c.Day(saturday).Kind)
}

// A calendar with a cache crashed when goroutines shared it (rickar/cal#128).
// This test is for the race detector.
func TestPitfallSharedByGoroutines(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Fr 09:00-12:00,13:00-18:00")})
	u, err := calendar.Union("all", c, nineToFive(t, "Asia/Tokyo"))
	require.NoError(t, err)
	start := when(t, c, "2025-06-02T09:00")
	due := c.Add(start, 100*time.Hour)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := c.Add(start, 100*time.Hour); !got.Equal(due) {
					t.Errorf("%v", got)
				}
				u.Between(start, due)
				c.AddDays(start, 10, calendar.DayRule{})
				c.AtDayPosition(c.DayPosition(start))
				c.Day(c.DateOf(start))
				c.Add(start.AddDate(30, 0, 0), time.Hour)
				for range c.Intervals(start, due) {
				}
				_, _ = c.Spec(), u.Fingerprint()
			}
		})
	}
	wg.Wait()
}

// A declaration that a host changes afterwards must not change the calendar.
func TestPitfallDeclarationIsCopied(t *testing.T) {
	spec := calendar.Spec{
		Zone: "Europe/Berlin", Hours: week(t, "Mo-Fr 09:00-17:00"),
		Days: []calendar.Day{{Date: calendar.Date{Year: 2025, Month: time.June, Day: 2}, Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 12 * time.Hour}}}},
	}
	c := build(t, spec)
	before := c.Spec()
	spec.Hours[time.Monday][0].Open = 0
	spec.Days[0].Hours[0].Close = 13 * time.Hour
	c.Spec().Days[0].Hours[0].Close = 14 * time.Hour
	require.Equal(t, before, c.Spec())
}

// A year's days in a file may correct days that an earlier file gave.
func TestPitfallLaterFileWins(t *testing.T) {
	newYear := calendar.Date{Year: 2026, Month: time.December, Day: 31}
	first := calendar.Days{Published: calendar.Date{Year: 2026, Month: 12, Day: 31}, Days: []calendar.Day{{Date: newYear, Off: true, Name: "early guess"}}}
	second, err := calendar.ReadDaysCSV(strings.NewReader("date,day,name\n2026-12-31,on,corrected\n2027-12-31,published\n"))
	require.NoError(t, err)
	spec := calendar.Spec{Zone: "UTC", Hours: week(t, "Mo-Fr 09:00-17:00")}
	c := build(t, spec.WithDays(first).WithDays(second))
	require.Equal(t, "corrected", c.Day(newYear).Name)
	require.True(t, c.Day(newYear).Kind.Working())
	require.False(t, c.Provisional(time.Date(2027, 12, 31, 23, 0, 0, 0, time.UTC)))
	require.True(t, build(t, spec.WithDays(second).WithDays(first)).Day(newYear).Kind == calendar.Holiday)
	require.Empty(t, spec.Days)
}

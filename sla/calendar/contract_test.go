package calendar_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/stretchr/testify/require"
)

// 26 years with a lunch break, seven days a week, fit into 512 KiB.
func TestKeepsLittle(t *testing.T) {
	spec := calendar.Spec{Zone: "Europe/Berlin", Hours: week(t, "Mo-Su 09:00-12:00,13:00-18:00")}
	require.Less(t, retained(t, spec), int64(512<<10))
}

func TestSaturation(t *testing.T) {
	c := always(t, "UTC")
	at := time.Date(2025, 6, 2, 12, 0, 0, 0, time.UTC)
	before, after := time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1} {
		want := calendar.Latest()
		if d < 0 {
			want, at = calendar.Earliest(), time.Date(1950, 6, 2, 12, 0, 0, 0, time.UTC)
		}
		require.Equal(t, want, c.Add(at, d))
		require.Equal(t, want, nineToFive(t, "UTC").Add(at, d))
	}
	require.Equal(t, time.Duration(math.MaxInt64), c.Between(before, after))
	require.Equal(t, -time.Duration(math.MaxInt64), c.Between(after, before))
	require.Equal(t, c.Position(calendar.Earliest()), c.Position(before))
	require.Equal(t, c.Position(calendar.Latest()), c.Position(after))
	for _, e := range []calendar.Edge{calendar.AtClose, calendar.NextOpening} {
		require.True(t, calendar.Latest().Equal(c.AtPosition(math.MaxInt64, e)))
		require.Equal(t, time.Duration(math.MinInt64+1), c.Position(c.AtPosition(math.MinInt64+1, e)), "as far back as a Duration reaches")
	}
	require.Equal(t, calendar.Earliest(), new(calendar.Calendar).AtPosition(0, calendar.AtClose))
	require.Equal(t, calendar.Latest(), new(calendar.Calendar).AtPosition(0, calendar.NextOpening))
	require.Zero(t, new(calendar.Calendar).Position(at))
	require.Equal(t, c.DayPosition(calendar.Earliest()), c.DayPosition(before))
	require.Equal(t, c.DayPosition(calendar.Latest()), c.DayPosition(after))
	require.Equal(t, calendar.Latest().Sub(time.Unix(0, 0)), c.DayPosition(after), "positions do not overflow")
	require.Equal(t, calendar.Latest(), c.AtDayPosition(math.MaxInt64))
	require.Equal(t, calendar.Earliest(), c.AtDayPosition(math.MinInt64))
	require.Equal(t, calendar.Latest(), c.AddDays(at, math.MaxInt, calendar.DayRule{}))
	require.Equal(t, calendar.Earliest(), c.AddDays(at, math.MinInt, calendar.DayRule{Count: calendar.IncludeStart}))
	require.Equal(t, calendar.Latest(), c.NextClose(at))
	require.False(t, c.IsOpen(after))
	require.True(t, c.Provisional(after) && c.Provisional(before))
	require.Equal(t, before, c.Add(before, 0))
	require.Equal(t, calendar.Earliest(), c.NextOpen(before))
	all := slices.Collect(c.Intervals(before, after))
	require.Len(t, all, 1)
	require.True(t, all[0].Start.Equal(calendar.Earliest()) && all[0].End.Equal(calendar.Latest()))
}

func TestKeepsLocationAndDropsTheMonotonicReading(t *testing.T) {
	c := nineToFive(t, "Europe/Berlin")
	tokyo := load("Asia/Tokyo")
	at := time.Date(2025, 6, 2, 23, 0, 0, 0, tokyo)
	for name, got := range map[string]time.Time{
		"Add": c.Add(at, time.Hour), "AddDays": c.AddDays(at, 1, calendar.DayRule{}),
		"NextOpen": c.NextOpen(at), "NextClose": c.NextClose(at),
	} {
		require.Equal(t, tokyo, got.Location(), name)
	}
	require.Equal(t, c.Location(), c.AtDayPosition(c.DayPosition(at)).Location())
	for i := range c.Intervals(at, at.AddDate(0, 0, 3)) {
		require.Equal(t, c.Location(), i.Start.Location())
	}
	now := time.Now() // the only way to a monotonic reading; its value does not matter
	require.NotContains(t, c.Add(now, time.Hour).String(), "m=")
}

func TestIntervalsStopsWhenAsked(t *testing.T) {
	c := nineToFive(t, "Europe/Berlin")
	for _, year := range []int{1800, 2020, 2200} {
		seen := 0
		for range c.Intervals(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), calendar.Latest()) {
			if seen++; seen == 3 {
				break
			}
		}
		require.Equal(t, 3, seen)
	}
	require.Empty(t, slices.Collect(c.Intervals(calendar.Latest(), calendar.Earliest())))
}

func TestDate(t *testing.T) {
	leap := calendar.Date{Year: 2024, Month: time.February, Day: 29}
	require.True(t, leap.IsValid())
	require.Equal(t, calendar.Date{Year: 2024, Month: time.March, Day: 1}, leap.AddDays(1))
	require.Equal(t, time.Thursday, leap.Weekday())
	require.Equal(t, time.Sunday, calendar.Date{Year: 1969, Month: time.December, Day: 28}.Weekday())
	require.Equal(t, -1, leap.Compare(leap.AddDays(1)))
	require.Equal(t, 1, leap.Compare(calendar.Date{}))
	for _, text := range []string{"", "2025-02-29", "2025-2-1", "20250201", "2025-02-01T00:00", strings.Repeat("9", 1000)} {
		_, err := calendar.ParseDate(text)
		require.ErrorIs(t, err, calendar.ErrDate, text)
		require.Less(t, len(err.Error()), 200)
	}
	for _, d := range []calendar.Date{{}, {Year: 2025, Month: 13, Day: 1}, {Year: 2025, Month: 2, Day: 30}, {Year: -1, Month: 1, Day: 1}, {Year: 10000, Month: 1, Day: 1}} {
		require.False(t, d.IsValid(), "%v", d)
		_, err := json.Marshal(d)
		require.ErrorIs(t, err, calendar.ErrDate)
		require.Equal(t, calendar.NoDay, nineToFive(t, "UTC").Day(d).Kind)
	}
}

func TestDayKinds(t *testing.T) {
	working := map[calendar.DayKind]bool{calendar.Workday: true, calendar.MakeUpDay: true, calendar.SpecialDay: true}
	for kind, name := range []string{"no day", "workday", "rest day", "holiday", "make-up day", "special day", "DayKind(6)"} {
		kind := calendar.DayKind(kind)
		require.Equal(t, name, kind.String())
		require.Equal(t, working[kind], kind.Working())
	}
}

func TestHoursText(t *testing.T) {
	var h calendar.Hours
	for _, text := range []string{"", "09:00", "09:00-", "9-5", "09:00-12:00,13:00-14:00", "25:00-26:00", "09:00-09:00"} {
		require.ErrorIs(t, h.UnmarshalText([]byte(text)), calendar.ErrSyntax, text)
	}
	require.Zero(t, h)
	require.NoError(t, h.UnmarshalText([]byte(" 22:00 - 06:00 ")))
	require.Equal(t, calendar.Hours{Open: 22 * time.Hour, Close: 30 * time.Hour}, h)
	for _, h := range []calendar.Hours{{}, {Open: time.Second, Close: time.Hour}, {Open: -time.Hour, Close: time.Hour}, {Open: 5 * time.Hour, Close: time.Hour}, {Close: 25 * time.Hour}} {
		_, err := h.MarshalText()
		require.ErrorIs(t, err, calendar.ErrHours)
		_, err = calendar.New(calendar.Spec{Zone: "UTC", Hours: calendar.Week{1: {h}}})
		require.ErrorIs(t, err, calendar.ErrHours, "%v", h)
		require.ErrorContains(t, err, "Monday")
	}
}

func TestTooLarge(t *testing.T) {
	minutes := make([]calendar.Hours, 49)
	for i := range minutes {
		minutes[i] = calendar.Hours{Open: time.Duration(i) * time.Minute * 2, Close: time.Duration(i)*time.Minute*2 + time.Minute}
	}
	_, err := calendar.New(calendar.Spec{Zone: "UTC", Hours: calendar.Week{1: minutes}})
	require.ErrorIs(t, err, calendar.ErrHours)
	var every calendar.Week
	for day := range every {
		every[day] = minutes[:48]
	}
	_, err = calendar.New(calendar.Spec{Zone: "UTC", Hours: every, From: 1950, To: 2050})
	require.ErrorIs(t, err, calendar.ErrTooLarge)
	_, err = calendar.New(calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek(), Days: make([]calendar.Day, 1e6)})
	require.ErrorIs(t, err, calendar.ErrTooLarge)
	_, err = calendar.ReadDaysCSV(strings.NewReader(strings.Repeat("#\n", 3<<20)))
	require.ErrorIs(t, err, calendar.ErrTooLarge)
	nested := calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek()}
	for range 10 {
		nested = calendar.Spec{AnyOf: []calendar.Spec{nested}}
	}
	_, err = calendar.New(nested)
	require.ErrorIs(t, err, calendar.ErrTooLarge)
	c := nineToFive(t, "UTC")
	for range 10 {
		if c, err = calendar.Union("deep", c); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, calendar.ErrTooLarge)
}

func TestCombinationsRefuseWhatTheyCannotUse(t *testing.T) {
	c := nineToFive(t, "UTC")
	for name, cs := range map[string][]*calendar.Calendar{"none": nil, "nil": {c, nil}, "zero": {c, {}}, "many": make([]*calendar.Calendar, 65)} {
		_, err := calendar.Union(name, cs...)
		require.ErrorIs(t, err, calendar.ErrCombine, name)
		_, err = calendar.Intersect(name, cs...)
		require.ErrorIs(t, err, calendar.ErrCombine, name)
	}
	one := calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek()}
	_, err := calendar.New(calendar.Spec{AnyOf: []calendar.Spec{one}, AllOf: []calendar.Spec{one}})
	require.ErrorIs(t, err, calendar.ErrCombine)
	_, err = calendar.New(calendar.Spec{Zone: "Asia/Tokyo", AnyOf: []calendar.Spec{one}})
	require.ErrorIs(t, err, calendar.ErrCombine)
	old, late := one, one
	old.From, old.To, late.From, late.To = 1900, 1910, 2100, 2110
	_, err = calendar.Union("far apart", build(t, old), build(t, late))
	require.ErrorIs(t, err, calendar.ErrYears)
}

func TestFilesThatCannotBeRead(t *testing.T) {
	broken := errors.New("broken")
	_, err := calendar.ReadDaysJSON(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	_, err = calendar.ReadDaysCSV(nil)
	require.ErrorIs(t, err, calendar.ErrSyntax)
	_, err = calendar.ReadDaysCSV(strings.NewReader(""))
	require.ErrorIs(t, err, calendar.ErrSyntax)
	_, err = calendar.ReadDaysCSV(strings.NewReader("\ufeffdate,day\r\n2027-01-01,off\r\n2027-01-02,oops\r\n"))
	var at *calendar.FileError
	require.ErrorAs(t, err, &at)
	require.Equal(t, 3, at.Line)
	require.Equal(t, "day", at.Field)
}

// A file is small, so one full of errors must not take long either.
func TestAFileFullOfErrors(t *testing.T) {
	const lines = 100_000
	_, err := calendar.ReadDaysJSON(strings.NewReader("{\"days\":[\n{}" + strings.Repeat(",\n{}", lines-1) + "]}"))
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	errs := joined.Unwrap()
	require.Len(t, errs, lines)
	var last *calendar.FileError
	require.ErrorAs(t, errs[lines-1], &last)
	require.Equal(t, lines+1, last.Line)
}

// Without Published the compiled years are taken at their word, with days and without.
func TestWithoutPublishedNothingCompiledIsProvisional(t *testing.T) {
	spec := calendar.Spec{Zone: "UTC", Hours: week(t, "Mo-Fr 09:00-17:00"), From: 2020, To: 2030}
	holiday := spec
	holiday.Days = []calendar.Day{{Date: calendar.Date{Year: 2025, Month: 1, Day: 1}, Off: true}}
	for _, s := range []calendar.Spec{spec, holiday} {
		c := build(t, s)
		for year := 2020; year <= 2030; year++ {
			require.False(t, c.Provisional(time.Date(year, 12, 31, 23, 59, 59, 0, time.UTC)), "%d", year)
		}
		require.True(t, c.Provisional(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)))
		s.Published = calendar.Date{Year: 2025, Month: 12, Day: 31}
		require.True(t, build(t, s).Provisional(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	}
}

// Hosts may declare any order, even days that lie outside From and To.
func TestYearsWidenToHoldTheDays(t *testing.T) {
	c := build(t, calendar.Spec{Zone: "UTC", Hours: week(t, "Mo-Fr 09:00-17:00"), From: 2020, To: 2020, Days: []calendar.Day{
		{Date: calendar.Date{Year: 2030, Month: 1, Day: 1}, Off: true}, {Date: calendar.Date{Year: 2010, Month: 1, Day: 1}, Off: true},
	}})
	require.False(t, c.Provisional(time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)))
	require.False(t, c.Provisional(time.Date(2030, 12, 31, 0, 0, 0, 0, time.UTC)))
	require.True(t, c.Provisional(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)))
	_, err := calendar.New(calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek(), Days: []calendar.Day{{Date: calendar.Date{Year: 1000, Month: 1, Day: 1}, Off: true}}})
	require.ErrorIs(t, err, calendar.ErrYears)
}

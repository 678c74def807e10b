package ical_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/sla/calendar/ical"
	"github.com/stretchr/testify/require"
)

func date(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

// lines shows days the way a reader checks them against the file.
func lines(days calendar.Days) (out []string) {
	for _, day := range days.Days {
		kind := "on"
		if day.Off {
			kind = "off"
		}
		out = append(out, fmt.Sprint(day.Date, " ", kind, " ", day.Name))
	}
	return out
}

func sample(t testing.TB) *os.File {
	f, err := os.Open("testdata/holidays.ics")
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func workingDays(e ical.Event, d calendar.Date) (calendar.Day, bool) {
	return calendar.Day{Date: d, Name: e.Summary, Off: !slices.Contains(e.Categories, "Working day")}, e.AllDay
}

func TestReadsASampleFile(t *testing.T) {
	days, err := ical.Import{From: date(t, "2024-06-01"), To: date(t, "2026-12-31"), Day: workingDays}.Read(sample(t))
	require.NoError(t, err)
	require.Equal(t, []string{
		"2024-11-28 off Thanksgiving with a summary that is long enough to be folded over two lines",
		"2025-01-01 off New Year",
		"2025-06-13 off Works outing",
		"2025-10-01 off National Day, Mid-Autumn",
		"2025-10-02 off National Day, Mid-Autumn",
		"2025-10-03 off National Day, Mid-Autumn",
		"2025-10-04 off National Day, Mid-Autumn",
		"2025-10-05 off National Day, Mid-Autumn",
		"2025-10-06 off National Day, Mid-Autumn",
		"2025-10-07 off National Day, Mid-Autumn",
		"2025-10-08 off National Day, Mid-Autumn",
		"2025-10-11 on National Day, make-up day",
		"2026-01-01 off New Year",
		"2026-06-19 off Works outing, moved",
		"2026-11-26 off Thanksgiving with a summary that is long enough to be folded over two lines",
	}, lines(days))
	require.True(t, days.Published.IsZero())
}

// A rule without an end recurs up to the end of the window, 2032 by default.
func TestWindowBoundsRecurrence(t *testing.T) {
	days, err := ical.Import{}.Read(strings.NewReader(file("DTSTART;VALUE=DATE:19500501", "RRULE:FREQ=YEARLY")))
	require.NoError(t, err)
	require.Len(t, days.Days, 26)
	require.Equal(t, date(t, "2007-05-01"), days.Days[0].Date)
	require.Equal(t, date(t, "2032-05-01"), days.Days[25].Date)

	days, err = ical.Import{}.Read(strings.NewReader(file("DTSTART;VALUE=DATE:17000501", "RRULE:FREQ=DAILY")))
	require.NoError(t, err)
	require.Len(t, days.Days, 26*365+7)
	days, err = ical.Import{}.Read(strings.NewReader(file("DTSTART;VALUE=DATE:20300501", "RRULE:FREQ=YEARLY;COUNT=2")))
	require.NoError(t, err)
	require.Len(t, days.Days, 2)

	// An event that began before the window still has days in it.
	late := ical.Import{From: date(t, "2025-01-02"), To: date(t, "2025-01-03")}
	days, err = late.Read(strings.NewReader(file("DTSTART;VALUE=DATE:20241230", "DTEND;VALUE=DATE:20250110")))
	require.NoError(t, err)
	require.Equal(t, []string{"2025-01-02 off Sample", "2025-01-03 off Sample"}, lines(days))

	for _, im := range []ical.Import{
		{From: date(t, "2025-01-02"), To: date(t, "2025-01-01")},
		{From: date(t, "1800-01-01")},
		{From: calendar.Date{Year: 2025, Month: 2, Day: 30}},
	} {
		_, err := im.Read(strings.NewReader(file("DTSTART;VALUE=DATE:20250101")))
		require.ErrorIs(t, err, ical.ErrWindow)
	}
}

func TestDaysOfOneEvent(t *testing.T) {
	for name, tc := range map[string]struct {
		props []string
		want  []string
	}{
		"one day":           {[]string{"DTSTART;VALUE=DATE:20250501"}, []string{"2025-05-01"}},
		"end repeats start": {[]string{"DTSTART;VALUE=DATE:20250501", "DTEND;VALUE=DATE:20250501"}, []string{"2025-05-01"}},
		"end is exclusive":  {[]string{"DTSTART;VALUE=DATE:20250501", "DTEND;VALUE=DATE:20250503"}, []string{"2025-05-01", "2025-05-02"}},
		"a week":            {[]string{"DTSTART;VALUE=DATE:20250501", "DURATION:P1W", "EXDATE;VALUE=DATE:20250501"}, nil},
		"two by duration":   {[]string{"DTSTART;VALUE=DATE:20250501", "DURATION:P2D"}, []string{"2025-05-01", "2025-05-02"}},
		"added dates":       {[]string{"DTSTART;VALUE=DATE:20250501", "RDATE;VALUE=DATE:20260430,20270506"}, []string{"2025-05-01", "2026-04-30", "2027-05-06"}},
		"a leap day":        {[]string{"DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"}, []string{"2024-02-29", "2028-02-29", "2032-02-29"}},
		"over the new year": {[]string{"DTSTART;VALUE=DATE:20311231", "DTEND;VALUE=DATE:20320102", "RRULE:FREQ=YEARLY"}, []string{"2031-12-31", "2032-01-01", "2032-12-31"}},
		"first not by rule": {[]string{"DTSTART;VALUE=DATE:20320105", "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=10"}, []string{"2032-01-05", "2032-01-10"}},
		"never again":       {[]string{"DTSTART;VALUE=DATE:20250501", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, []string{"2025-05-01"}},
	} {
		days, err := ical.Import{}.Read(strings.NewReader(file(tc.props...)))
		require.NoError(t, err, name)
		var got []string
		for _, day := range days.Days {
			got = append(got, day.Date.String())
		}
		require.Equal(t, tc.want, got, name)
	}
}

func TestErrorsNameTheEvent(t *testing.T) {
	for props, kind := range map[string]error{
		"":                            ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250230": ical.ErrEvent,
		"DTSTART;VALUE=DATE:00010101": ical.ErrEvent,
		"DTSTART:20250501T120000Z":    ical.ErrTimed,
		"DTSTART;VALUE=DATE:20250501|DTEND:20250501T120000":      ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|DTEND;VALUE=DATE:20250430":  ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|DTEND;VALUE=DATE:20270501":  ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|DURATION:PT12H":             ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|DURATION:P0D":               ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|RRULE:FREQ=HOURLY":          ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|RRULE:FREQ=YEARLY;BYHOUR=3": ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|RRULE:EVERY=YEAR":           ical.ErrEvent,
		"DTSTART;VALUE=DATE:20250501|EXDATE:yesterday":           ical.ErrEvent,
	} {
		days, err := ical.Import{}.Read(strings.NewReader(file(strings.Split(props, "|")...)))
		require.ErrorIs(t, err, kind, props)
		var at *ical.EventError
		require.ErrorAs(t, err, &at, props)
		require.Equal(t, "sample@example.org", at.UID)
		require.ErrorContains(t, err, `event "Sample" (UID "sample@example.org")`)
		require.Empty(t, days)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	broken := errors.New("broken")
	_, err := ical.Import{}.Read(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
	for _, text := range []string{"", "date,day\n2025-01-01,off\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", strings.Repeat(" ", 5<<20)} {
		_, err := ical.Import{}.Read(strings.NewReader(text))
		require.ErrorIs(t, err, ical.ErrFile, "%.20q", text)
	}
	_, err = ical.Import{}.Read(nil)
	require.ErrorIs(t, err, ical.ErrFile)
}

// A timed event can become a short day, by the host's own decision.
func TestTimedEvents(t *testing.T) {
	im := ical.Import{Day: func(e ical.Event, d calendar.Date) (calendar.Day, bool) {
		return calendar.Day{Date: d, Name: e.Summary, Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 12 * time.Hour}}}, !e.AllDay
	}}
	days, err := im.Read(strings.NewReader(file("DTSTART;TZID=Europe/Berlin:20251231T120000", "DTEND;TZID=Europe/Berlin:20251231T180000")))
	require.NoError(t, err)
	require.Equal(t, []calendar.Day{{Date: date(t, "2025-12-31"), Name: "Sample", Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 12 * time.Hour}}}}, days.Days)
}

// file is a calendar with one event.
func file(props ...string) string {
	all := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:sample@example.org", "SUMMARY:Sample"}, props...)
	all = slices.DeleteFunc(append(all, "END:VEVENT", "END:VCALENDAR", ""), func(s string) bool { return s == "" })
	return strings.Join(all, "\r\n") + "\r\n"
}

func FuzzRead(f *testing.F) {
	f.Add(file("DTSTART;VALUE=DATE:20250501", "RRULE:FREQ=YEARLY;BYDAY=-1MO", "EXDATE;VALUE=DATE:20260525"))
	f.Fuzz(func(t *testing.T, text string) {
		days, err := ical.Import{}.Read(strings.NewReader(text))
		if err != nil {
			if len(days.Days) > 0 {
				t.Fatal("days beside an error")
			}
			return
		}
		for i, day := range days.Days {
			if !day.Date.IsValid() || day.Date.Year < 2007 || day.Date.Year > 2032 || !day.Off {
				t.Fatalf("%+v", day)
			}
			if i > 0 && day.Date.Compare(days.Days[i-1].Date) < 0 {
				t.Fatalf("%v after %v", day, days.Days[i-1])
			}
		}
	})
}

func ExampleImport_Read() {
	feed := strings.NewReader(strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:labour-day@example.org
DTSTART;VALUE=DATE:20070501
SUMMARY:Labour Day
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"))
	days, err := ical.Import{}.Read(feed)
	if err != nil {
		fmt.Println(err)
		return
	}
	week, err := calendar.ParseWeek("Mo-Fr 09:00-17:00; PH off")
	if err != nil {
		fmt.Println(err)
		return
	}
	office, err := calendar.New(calendar.Spec{Zone: "Europe/Berlin", Hours: week}.WithDays(days))
	if err != nil {
		fmt.Println(err)
		return
	}
	eve := time.Date(2025, time.April, 30, 16, 0, 0, 0, office.Location())
	fmt.Println(office.Add(eve, 2*time.Hour).Format("Mon 2006-01-02 15:04"))
	// Output: Fri 2025-05-02 10:00
}

package handbooks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

const chinaHours = "Mo-Fr 09:00-12:00,13:00-18:00; PH off"

func china(t testing.TB) *calendar.Calendar {
	c, err := handbooks.ChinaOfficeHours(chinaHours)
	require.NoError(t, err)
	return c
}

func TestChinaWorkdaysAreOneDayEach(t *testing.T) {
	days, err := handbooks.ChinaWorkdays()
	require.NoError(t, err)
	require.Len(t, days.Days, 678)
	require.Equal(t, calendar.Date{Year: 2026, Month: time.December, Day: 28}, days.Published)
	seen := map[calendar.Date]bool{}
	years := map[int]bool{}
	for _, day := range days.Days {
		require.False(t, seen[day.Date], "%v twice", day.Date)
		seen[day.Date] = true
		years[day.Date.Year] = true
		require.NotEmpty(t, day.Name)
		if !day.Off {
			weekday := day.Date.Weekday()
			// The notice that prolonged the Spring Festival of 2020 says outright that work resumes on Monday 3 February.
			resumed := day.Date == calendar.Date{Year: 2020, Month: time.February, Day: 3}
			require.True(t, weekday == time.Saturday || weekday == time.Sunday || resumed, "make-up day %v is a %v", day.Date, weekday)
		}
	}
	for year := 2007; year <= 2026; year++ {
		require.True(t, years[year], "no days in %d", year)
	}
}

// Every date of twenty years, against weekends and the file's own lines.
func TestChinaWorkdaysDayByDay(t *testing.T) {
	c := china(t)
	data, err := os.ReadFile("cn-workdays.json")
	require.NoError(t, err)
	var file struct {
		Days []struct {
			Date string
			Off  bool
		}
	}
	require.NoError(t, json.Unmarshal(data, &file))
	off := map[string]bool{}
	for _, day := range file.Days {
		off[day.Date] = day.Off
	}
	noon := time.Date(2006, time.December, 29, 12, 0, 0, 0, c.Location())
	for count := 0; noon.Year() < 2027; noon = noon.AddDate(0, 0, 1) {
		closed, named := off[noon.Format(time.DateOnly)]
		if !named {
			closed = noon.Weekday() == time.Saturday || noon.Weekday() == time.Sunday
		}
		if !closed {
			count++
		}
		require.Equal(t, !closed, c.Day(c.DateOf(noon)).Kind.Working(), "%v", noon)
		require.Equal(t, !closed, c.IsOpen(noon.Add(2*time.Hour)), "%v", noon)
		require.Equal(t, count-1, c.DaysBetween(time.Date(2006, time.December, 29, 12, 0, 0, 0, c.Location()), noon), "%v", noon)
	}
}

// The notice for 2017 (http://www.gov.cn/zhengce/content/2016-12/01/content_5141603.htm):
// 1 to 8 October off, Saturday 30 September worked. Seven working days from
// that Saturday are 9 to 13 and 16 to 17 October.
func TestChinaGoldenWeek2017(t *testing.T) {
	c := china(t)
	start := time.Date(2017, time.September, 30, 10, 0, 0, 0, c.Location())
	end := c.AddDays(start, 7, calendar.DayRule{End: calendar.LastHours})
	require.Equal(t, time.Date(2017, time.October, 17, 18, 0, 0, 0, c.Location()), end)
	require.Equal(t, 7, c.DaysBetween(start, end))
	require.Equal(t, calendar.MakeUpDay, c.Day(c.DateOf(start)).Kind)
	require.Equal(t, calendar.Holiday, c.Day(calendar.Date{Year: 2017, Month: time.October, Day: 4}).Kind)
	require.False(t, c.Provisional(end))
}

func TestChinaDecemberOf2026IsProvisional(t *testing.T) {
	c := china(t)
	require.False(t, c.Provisional(time.Date(2026, time.December, 28, 23, 0, 0, 0, c.Location())))
	require.True(t, c.Provisional(time.Date(2026, time.December, 29, 0, 0, 0, 0, c.Location())))
	require.True(t, c.Provisional(time.Date(2005, time.June, 1, 0, 0, 0, 0, c.Location())))
}

func TestChinaOfficeHoursRefusesBadHours(t *testing.T) {
	_, err := handbooks.ChinaOfficeHours("Mo-Fr 9 to 5")
	require.ErrorIs(t, err, calendar.ErrSyntax)
	_, err = handbooks.ChinaOfficeHours("Tu-Fr 09:00-17:00")
	require.ErrorIs(t, err, calendar.ErrDay, "make-up days take the hours of Monday, which has none")
}

// A later year comes from a file, make-up days included.
func TestChinaLaterYearFromAFile(t *testing.T) {
	file := `{"published":"2027-12-28","days":[{"date":"2027-01-01","name":"元旦","off":true},{"date":"2027-01-09","name":"元旦","off":false}]}`
	later, err := calendar.ReadDaysJSON(strings.NewReader(file))
	require.NoError(t, err)
	c, err := calendar.New(china(t).Spec().WithDays(later))
	require.NoError(t, err)
	require.Equal(t, calendar.Holiday, c.Day(calendar.Date{Year: 2027, Month: time.January, Day: 1}).Kind)
	require.Equal(t, calendar.MakeUpDay, c.Day(calendar.Date{Year: 2027, Month: time.January, Day: 9}).Kind)
	require.False(t, c.Provisional(time.Date(2027, time.June, 1, 0, 0, 0, 0, c.Location())))
}

func TestChinaWorkdaysNameEveryNotice(t *testing.T) {
	data, err := os.ReadFile("cn-workdays.json")
	require.NoError(t, err)
	var file struct {
		Origin  map[string]string
		Notices map[string][]string
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.Equal(t, "MIT", file.Origin["licence"])
	for year := 2007; year <= 2026; year++ {
		require.NotEmpty(t, file.Notices[fmt.Sprint(year)], "%d", year)
	}
}

func ExampleChinaOfficeHours() {
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Saturday, but a make-up working day before the Golden Week.
	complaint := time.Date(2017, time.September, 30, 10, 0, 0, 0, office.Location())
	due := office.AddDays(complaint, 7, calendar.DayRule{End: calendar.LastHours})
	fmt.Println(due.Format("2006-01-02 15:04"))
	// Output: 2017-10-17 18:00
}

// A patch in JSON names the hours; the days of mainland China, some hundred
// lines, are merged into it before it is applied.
func ExampleChinaWorkdays() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	patch, err := charter.ParsePatch([]byte(`{
  "base": {"handbook": "norms", "version": "2025", "digest": "` + norms.Digest() + `"},
  "reason": "our hours", "effective": "2025-01-01", "zone": "Asia/Shanghai",
  "changes": [{"op": "calendar", "spec": {"zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-18:00; PH off"}}]
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	days, err := handbooks.ChinaWorkdays()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, c := range patch.Changes {
		if e, ok := c.Edit.(charter.SetCalendar); ok {
			e.Spec = e.Spec.WithDays(days)
			patch.Changes[i].Edit = e
		}
	}
	rules, err := norms.Amend(patch)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Three working days across National Day, the last of them a make-up Saturday.
	opened := time.Date(2025, time.September, 30, 10, 0, 0, 0, rules.Location())
	row, err := history.FromTimes(history.Times{
		Attributes: history.Of("kind", "ticket", "tier", "routine"),
		At:         map[history.Kind]time.Time{history.Opened: opened, history.Accepted: opened},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	j, err := rules.Judge(row, opened)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range j.Clocks {
		if c.Target == "norms/2.1.3-routine-closure" {
			fmt.Println(c.Due.In(rules.Location()).Format("Mon 2006-01-02 15:04"))
		}
	}
	// Output: Sat 2025-10-11 10:00
}

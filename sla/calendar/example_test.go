package calendar_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

const clockForm = "Mon 2006-01-02 15:04"

// office is the calendar of the examples: Berlin, a lunch break, Labour Day and
// Christmas, a short New Year's Eve.
func office() *calendar.Calendar {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		panic(err)
	}
	c, err := calendar.New(calendar.Spec{
		Name:  "Berlin office",
		Zone:  "Europe/Berlin",
		Hours: week,
		Days: []calendar.Day{
			{Date: calendar.Date{Year: 2025, Month: time.May, Day: 1}, Name: "Labour Day", Off: true},
			{Date: calendar.Date{Year: 2025, Month: time.December, Day: 25}, Name: "Christmas", Off: true},
			{
				Date: calendar.Date{Year: 2025, Month: time.December, Day: 31}, Name: "New Year's Eve",
				Hours: []calendar.Hours{{Open: 9 * time.Hour, Close: 12 * time.Hour}},
			},
		},
		Published: calendar.Date{Year: 2025, Month: time.December, Day: 31},
	})
	if err != nil {
		panic(err)
	}
	return c
}

// When is something due that came in at 17:00 before a holiday and has three
// business hours?
func Example() {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		fmt.Println(err)
		return
	}
	office, err := calendar.New(calendar.Spec{
		Zone:  "Europe/Berlin",
		Hours: week,
		Days:  []calendar.Day{{Date: calendar.Date{Year: 2025, Month: time.May, Day: 1}, Name: "Labour Day", Off: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	received := time.Date(2025, time.April, 30, 17, 0, 0, 0, office.Location())
	due := office.Add(received, 3*time.Hour)
	fmt.Println(due.Format("Mon 2006-01-02 15:04"))
	fmt.Println(office.Between(received, due))
	// Output:
	// Fri 2025-05-02 11:00
	// 3h0m0s
}

func ExampleCalendar_Add() {
	c := office()
	friday := time.Date(2025, time.June, 6, 17, 30, 0, 0, c.Location())
	fmt.Println(c.Add(friday, time.Hour).Format(clockForm))
	fmt.Println(c.Add(friday, 30*time.Minute).Format(clockForm)) // runs out at closing: due at closing
	fmt.Println(c.Add(friday, -9*time.Hour).Format(clockForm))   // backward
	// Output:
	// Mon 2025-06-09 09:30
	// Fri 2025-06-06 18:00
	// Thu 2025-06-05 16:30
}

func ExampleCalendar_AddEdge() {
	c := office()
	friday := time.Date(2025, time.June, 6, 17, 30, 0, 0, c.Location())
	fmt.Println(c.AddEdge(friday, 30*time.Minute, calendar.AtClose).Format(clockForm))
	fmt.Println(c.AddEdge(friday, 30*time.Minute, calendar.NextOpening).Format(clockForm))
	// Output:
	// Fri 2025-06-06 18:00
	// Mon 2025-06-09 09:00
}

// Around the clock, the night on which summer time begins has an hour less.
func ExampleCalendar_Between() {
	c, err := calendar.New(calendar.Spec{Zone: "Europe/Berlin", Hours: calendar.AllWeek()})
	if err != nil {
		fmt.Println(err)
		return
	}
	saturday := time.Date(2025, time.March, 29, 12, 0, 0, 0, c.Location())
	sunday := time.Date(2025, time.March, 30, 12, 0, 0, 0, c.Location())
	fmt.Println(c.Between(saturday, sunday), c.Between(sunday, saturday))
	// Output: 23h0m0s -23h0m0s
}

func ExampleCalendar_AddDays() {
	c := office()
	received := time.Date(2025, time.April, 30, 16, 20, 0, 0, c.Location()) // a Wednesday; Thursday is a holiday
	fmt.Println(c.AddDays(received, 2, calendar.DayRule{}).Format(clockForm))
	fmt.Println(c.AddDays(received, 2, calendar.DayRule{End: calendar.LastHours}).Format(clockForm))
	fmt.Println(c.AddDays(received, 2, calendar.DayRule{Count: calendar.IncludeStart}).Format(clockForm))
	// Output:
	// Mon 2025-05-05 16:20
	// Mon 2025-05-05 18:00
	// Fri 2025-05-02 16:20
}

func ExampleCalendar_DaysBetween() {
	c := office()
	from := time.Date(2025, time.April, 30, 16, 20, 0, 0, c.Location())
	to := time.Date(2025, time.May, 5, 9, 0, 0, 0, c.Location())
	fmt.Println(c.DaysBetween(from, to), c.DaysBetween(to, from))
	// Output: 2 -2
}

func ExampleCalendar_Day() {
	c := office()
	for _, text := range []string{"2025-04-30", "2025-05-01", "2025-05-03", "2025-12-31"} {
		date, err := calendar.ParseDate(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		day := c.Day(date)
		fmt.Println(day.Date, day.Kind, day.Name, day.Hours)
	}
	// Output:
	// 2025-04-30 workday  [09:00-12:00 13:00-18:00]
	// 2025-05-01 holiday Labour Day []
	// 2025-05-03 rest day  []
	// 2025-12-31 special day New Year's Eve [09:00-12:00]
}

func ExampleCalendar_NextOpen() {
	c := office()
	noon := time.Date(2025, time.May, 1, 12, 0, 0, 0, c.Location())
	fmt.Println(c.IsOpen(noon), c.NextOpen(noon).Format(clockForm), c.NextClose(noon).Format(clockForm))
	// Output: false Fri 2025-05-02 09:00 Fri 2025-05-02 12:00
}

func ExampleCalendar_Intervals() {
	c := office()
	from := time.Date(2025, time.December, 30, 17, 0, 0, 0, c.Location())
	for open := range c.Intervals(from, from.AddDate(0, 0, 2)) {
		fmt.Println(open.Start.Format(clockForm), open.End.Format(clockForm), open.Duration())
	}
	// Output:
	// Tue 2025-12-30 17:00 Tue 2025-12-30 18:00 1h0m0s
	// Wed 2025-12-31 09:00 Wed 2025-12-31 12:00 3h0m0s
	// Thu 2026-01-01 09:00 Thu 2026-01-01 12:00 3h0m0s
	// Thu 2026-01-01 13:00 Thu 2026-01-01 17:00 4h0m0s
}

// The first of January 2026 is a working day here only because nobody has
// loaded the holidays of 2026, and the calendar says so.
func ExampleCalendar_Provisional() {
	c := office()
	newYear := time.Date(2026, time.January, 1, 10, 0, 0, 0, c.Location())
	fmt.Println(c.IsOpen(newYear), c.Provisional(newYear))
	// Output: true true
}

// Ten business hours that are paused from three in the afternoon until the next morning at ten.
func ExampleCalendar_Position() {
	c := office()
	at := func(day, hour int) time.Time { return time.Date(2025, time.June, day, hour, 0, 0, 0, c.Location()) }
	started, paused, resumed := at(2, 11), at(2, 15), at(3, 10)
	used := c.Position(paused) - c.Position(started)
	due := c.Position(resumed) + 10*time.Hour - used
	fmt.Println(used, c.AtPosition(due, calendar.AtClose).Format(clockForm), c.AtPosition(due, calendar.NextOpening).Format(clockForm))
	// Output: 3h0m0s Tue 2025-06-03 18:00 Wed 2025-06-04 09:00
}

// A clock of three working days that is paused over an afternoon and a night.
func ExampleCalendar_DayPosition() {
	c := office()
	at := func(day, hour int) time.Time { return time.Date(2025, time.June, day, hour, 0, 0, 0, c.Location()) }
	started, paused, resumed := at(2, 10), at(3, 14), at(4, 9)
	used := c.DayPosition(paused) - c.DayPosition(started)
	left := 3*24*time.Hour - used
	fmt.Println(used, c.AtDayPosition(c.DayPosition(resumed)+left).Format(clockForm))
	// Output: 28h0m0s Fri 2025-06-06 05:00
}

func ExampleCalendar_LastClose() {
	c := office()
	morning := time.Date(2025, time.December, 31, 7, 0, 0, 0, c.Location())
	fmt.Println(c.LastClose(c.DayPosition(morning)).Format(clockForm))
	// Output: Wed 2025-12-31 12:00
}

// Two offices that follow the sun.
func ExampleUnion() {
	part := func(zone string) *calendar.Calendar {
		week, err := calendar.ParseWeek("Mo-Fr 09:00-17:00")
		if err != nil {
			panic(err)
		}
		c, err := calendar.New(calendar.Spec{Zone: zone, Hours: week})
		if err != nil {
			panic(err)
		}
		return c
	}
	both, err := calendar.Union("follow the sun", part("Europe/London"), part("Asia/Singapore"))
	if err != nil {
		fmt.Println(err)
		return
	}
	evening := time.Date(2025, time.June, 2, 16, 0, 0, 0, both.Location())
	fmt.Println(both.Add(evening, 2*time.Hour).Format(clockForm))
	// Output: Tue 2025-06-03 03:00
}

func ExampleParseWeek() {
	week, err := calendar.ParseWeek("Mo-Th 09:00-17:00; Fr 09:00-15:00; Sa 22:00-02:00")
	fmt.Println(week, err)
	_, err = calendar.ParseWeek("Mo-Fr 9 to 5")
	fmt.Println(err)
	// Output:
	// Mo-Th 09:00-17:00; Fr 09:00-15:00; Sa 22:00-02:00; PH off <nil>
	// calendar: hours at offset 6: found "9 to 5", want a time such as 09:00, up to 23:59
}

func ExampleSpec() {
	var spec calendar.Spec
	err := json.Unmarshal([]byte(`{
		"name": "Helpdesk", "zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-12:00,13:00-18:00; PH off",
		"days": [{"date": "2025-10-01", "name": "National Day", "off": true},
		         {"date": "2025-10-11", "name": "make-up day", "off": false}],
		"published": "2025-12-31"}`), &spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := calendar.New(spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Day(calendar.Date{Year: 2025, Month: time.October, Day: 11}).Kind)
	// Output: make-up day
}

// A later year's days come from a file, without a new release.
func ExampleReadDaysCSV() {
	days, err := calendar.ReadDaysCSV(strings.NewReader(`date,day,name
2026-01-01,off,New Year
2026-12-24,09:00-12:00,Christmas Eve
2026-12-31,published,
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := calendar.New(office().Spec().WithDays(days))
	if err != nil {
		fmt.Println(err)
		return
	}
	newYear := time.Date(2026, time.January, 1, 10, 0, 0, 0, c.Location())
	fmt.Println(c.IsOpen(newYear), c.Provisional(newYear))
	// Output: false false
}

func ExampleReadDaysJSON() {
	days, err := calendar.ReadDaysJSON(strings.NewReader(`{
		"source": "the works council",
		"published": "2026-12-31",
		"days": [{"date": "2026-01-01", "name": "New Year", "off": true},
		         {"date": "2026-01-03", "name": "stocktaking", "hours": ["08:00-14:00"]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(days.Days), days.Days[1].Hours, days.Published)
	// Output: 2 [08:00-14:00] 2026-12-31
}

// Work that needs the office and the maintenance window.
func ExampleIntersect() {
	window, err := calendar.New(calendar.Spec{Zone: "Europe/Berlin", Hours: calendar.Week{
		time.Wednesday: {{Open: 16 * time.Hour, Close: 22 * time.Hour}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := calendar.Intersect("maintenance", office(), window)
	if err != nil {
		fmt.Println(err)
		return
	}
	monday := time.Date(2025, time.June, 2, 9, 0, 0, 0, both.Location())
	fmt.Println(both.Add(monday, 3*time.Hour).Format(clockForm))
	// Output: Wed 2025-06-11 17:00
}

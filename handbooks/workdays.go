package handbooks

import (
	"bytes"
	_ "embed"
	"fmt"

	"github.com/servicecharter/charter/sla/calendar"
)

//go:embed cn-workdays.json
var chinaWorkdays []byte

// ChinaWorkdays returns mainland China's public holidays and make-up working
// days as the General Office of the State Council announced them for the years
// 2007 to 2026; cn-workdays.json, which is embedded, names every notice, and
// cn-workdays.NOTICE.md its origin and licence.
//
// Published is 2026-12-28, not the end of the year: a year's notice is free to
// make the last days of the December before it part of New Year, and five
// of twenty did, from the 29th on at the earliest. Load a later year's days from
// a file with [calendar.ReadDaysJSON] or [calendar.ReadDaysCSV], and merge them
// with [calendar.Spec.WithDays].
//
// A handbook gets them with the hours of a [charter.SetCalendar], as the Spec of
// [ChinaOfficeHours] or by Spec.WithDays. A patch in JSON has no word for them:
// read it with [charter.ParsePatch], merge the days into the Spec of each
// SetCalendar with Spec.WithDays, and amend; the example does. A new year's days
// come in by another such patch. Let it take effect on the date of the settings
// that it refines, or, when deadlines that were promised before are to stand, on
// the day of the notice: clocks that run keep the calendar with which they
// started, unless Semantics.Revise is at once.
//
// Each call returns a copy of its own. An error would mean that the embedded
// file is damaged.
func ChinaWorkdays() (calendar.Days, error) {
	days, err := calendar.ReadDaysJSON(bytes.NewReader(chinaWorkdays))
	if err != nil {
		return calendar.Days{}, fmt.Errorf("handbooks: cn-workdays.json: %w", err)
	}
	return days, nil
}

// ChinaOfficeHours returns the calendar of an office in mainland China, in the
// zone Asia/Shanghai, with [ChinaWorkdays]. The hours are weekly hours in the
// form of [calendar.ParseWeek], such as
// "Mo-Fr 09:00-12:00,13:00-18:00; PH off"; a make-up working day takes Monday's.
// It closes on public holidays whatever the hours: for a service that never
// closes, build a calendar without days from [calendar.AllWeek].
func ChinaOfficeHours(hours string) (*calendar.Calendar, error) {
	week, err := calendar.ParseWeek(hours)
	if err != nil {
		return nil, err
	}
	days, err := ChinaWorkdays()
	if err != nil {
		return nil, err
	}
	office := calendar.Spec{Name: "China office hours", Zone: "Asia/Shanghai", Hours: week}
	return calendar.New(office.WithDays(days))
}

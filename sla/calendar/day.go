package calendar

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Day is a date on which the weekly hours do not hold. It is one of
//
//   - a holiday: Off is true;
//   - a make-up working day: Off is false and Hours is empty; it takes the
//     hours of the weekday that [Spec.MakeUp] names;
//   - a special day, short or long: Off is false and Hours are its own.
//
// The JSON form says "off" or "hours" outright, never neither:
// {"date":"2025-10-11","off":false} is a make-up day, and a day without both
// is refused, so that a misspelt "off" does not open an office on a holiday.
type Day struct {
	Date  Date
	Name  string
	Off   bool
	Hours []Hours
}

// Days are the holidays and special days of a file, with the day up to which
// it knows them; see [ReadDaysJSON], [ReadDaysCSV] and [Spec.WithDays].
type Days struct {
	Days      []Day
	Published Date
}

// DayKind says why a date is, or is not, a working day.
type DayKind uint8

const (
	NoDay      DayKind = iota // no such date, or one the zone skipped, as Apia did 2011-12-30
	Workday                   // the weekly hours hold
	RestDay                   // the weekly hours have none for this weekday
	Holiday                   // closed by a holiday
	MakeUpDay                 // worked although its weekday rests, or declared as a make-up day
	SpecialDay                // a working weekday with hours of its own, shorter or longer
)

// String returns "workday", "rest day", "holiday", "make-up day", "special
// day", or "no day".
func (k DayKind) String() string {
	names := [...]string{"no day", "workday", "rest day", "holiday", "make-up day", "special day"}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("DayKind(%d)", k)
}

// Working reports whether a day of this kind counts as a working day.
func (k DayKind) Working() bool { return k == Workday || k == MakeUpDay || k == SpecialDay }

// DayInfo tells what holds on a date and why.
type DayInfo struct {
	Date  Date
	Kind  DayKind
	Name  string  // of the holiday or special day; empty otherwise
	Hours []Hours // the day's own intervals, in order; a copy
}

// dayJSON is Day as it stands in JSON.
type dayJSON struct {
	Date  Date    `json:"date"`
	Name  string  `json:"name,omitempty"`
	Off   *bool   `json:"off,omitempty"`
	Hours []Hours `json:"hours,omitempty"`
}

// MarshalJSON writes the form that [Day] describes.
func (d Day) MarshalJSON() ([]byte, error) {
	out := dayJSON{Date: d.Date, Name: d.Name, Hours: d.Hours}
	if d.Off || len(d.Hours) == 0 {
		out.Off = &d.Off
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads the form that [Day] describes; other fields are ignored.
func (d *Day) UnmarshalJSON(data []byte) error {
	var in dayJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	if in.Off == nil && len(in.Hours) == 0 {
		return fmt.Errorf("%w: %v says neither off nor hours", ErrDay, in.Date)
	}
	*d = Day{Date: in.Date, Name: in.Name, Off: in.Off != nil && *in.Off, Hours: in.Hours}
	return nil
}

func cloneDays(days []Day) []Day {
	days = slices.Clone(days)
	for i := range days {
		days[i].Hours = slices.Clone(days[i].Hours)
	}
	return days
}

// addDays checks the declared days, settles what holds on each date, and
// widens the compiled years to hold them all.
func (r *rule) addDays(days []Day, makeUp []shift, makeUpName string) (errs []error) {
	type declared struct {
		special
		date Date
		own  bool // has hours of its own
	}
	var all []declared
	for _, day := range days {
		if !day.Date.IsValid() {
			errs = append(errs, fmt.Errorf("%w: %v does not exist (%s)", ErrDay, day.Date, clip(day.Name)))
			continue
		}
		n := day.Date.number()
		d := declared{special{number: n, kind: Holiday, name: day.Name}, day.Date, len(day.Hours) > 0}
		switch {
		case day.Off && d.own:
			errs = append(errs, fmt.Errorf("%w: %v is off and has hours", ErrDay, day.Date))
		case d.own:
			shifts, err := checkHours(day.Hours)
			if err != nil {
				errs = append(errs, fmt.Errorf("%w: %v: %w", ErrDay, day.Date, err))
			}
			d.kind, d.shifts = SpecialDay, shifts
			if len(r.week[weekday(n)]) == 0 {
				d.kind = MakeUpDay
			}
		case !day.Off:
			if len(makeUp) == 0 {
				errs = append(errs, fmt.Errorf("%w: %v takes the hours of %s, which has none: name another weekday in makeUp, or give it hours",
					ErrDay, day.Date, makeUpName))
			}
			d.kind, d.shifts = MakeUpDay, makeUp
		}
		all = append(all, d)
		r.from, r.to = min(r.from, day.Date.Year), max(r.to, day.Date.Year)
	}
	// Working days first, so that they beat a holiday on the same date.
	slices.SortStableFunc(all, func(a, b declared) int {
		if order := cmp.Compare(a.number, b.number); order != 0 || (a.kind == Holiday) == (b.kind == Holiday) {
			return order
		}
		if a.kind == Holiday {
			return 1
		}
		return -1
	})
	for _, d := range all {
		last := len(r.days) - 1
		switch {
		case last < 0 || r.days[last].number != d.number:
			r.days = append(r.days, d.special)
		case d.kind != Holiday && !slices.Equal(r.days[last].shifts, d.shifts):
			errs = append(errs, fmt.Errorf("%w: %v is declared twice, with different hours", ErrDay, d.date))
		}
	}
	return errs
}

func hoursOf(shifts []shift) []Hours {
	if len(shifts) == 0 {
		return nil
	}
	hours := make([]Hours, len(shifts))
	for i, s := range shifts {
		hours[i] = Hours{time.Duration(s.open) * time.Second, time.Duration(s.close) * time.Second}
	}
	return hours
}

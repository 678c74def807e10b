package calendar

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Date is a civil date of the proleptic Gregorian calendar, without a time or
// a zone. Its text form, also in JSON, is yyyy-mm-dd. The zero value is no
// date; IsZero reports it and fields of type Date leave it out of JSON with
// omitzero.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads yyyy-mm-dd. Anything else, and a date that no calendar has,
// such as 2025-02-29, is an error that wraps [ErrDate].
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%w: %q is not a date of the form yyyy-mm-dd", ErrDate, clip(text))
	}
	return dateOfTime(t), nil
}

// String returns yyyy-mm-dd; a date that does not exist is printed as it stands.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// IsZero reports whether d is the zero value.
func (d Date) IsZero() bool { return d == Date{} }

// IsValid reports whether the date exists: month 1 to 12, a day that this
// month has, and a year from 0 to 9999, which the text form can hold.
func (d Date) IsValid() bool {
	return d.Year >= 0 && d.Year <= 9999 && dateOfTime(d.utc()) == d
}

// Compare returns -1, 0 or +1 as d is before, the same as or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// AddDays returns the civil date n days later, or earlier when n is negative;
// no calendar of working days is involved.
func (d Date) AddDays(n int) Date { return dateOf(d.number() + n) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.number()) }

// MarshalText writes yyyy-mm-dd and refuses a date that does not exist.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsValid() {
		return nil, fmt.Errorf("%w: %v does not exist", ErrDate, d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what [ParseDate] reads.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Dates are counted in UTC, where every day has 86,400 seconds, so package
// time's calendar arithmetic is exact there. Zones come in only in zone.go.

const secondsPerDay = 24 * 60 * 60

func (d Date) utc() time.Time {
	const far = 1_000_000 // years beyond this would overflow seconds
	return time.Date(min(max(d.Year, -far), far), d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// number counts days from 1970-01-01.
func (d Date) number() int { return dayNumber(d.utc().Unix()) }

func dateOf(number int) Date { return dateOfTime(time.Unix(int64(number)*secondsPerDay, 0).UTC()) }

func dateOfTime(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// dayNumber is the day on which a wall second stands, counted from 1970.
func dayNumber(wall int64) int { return int(floorDiv(wall, secondsPerDay)) }

func weekday(number int) time.Weekday {
	return time.Weekday(number + 4 - 7*int(floorDiv(int64(number+4), 7)))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// clip keeps an error message short when the input is not.
func clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

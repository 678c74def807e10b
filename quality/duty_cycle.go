package quality

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

// Cycle is how often something is owed: a number of civil days or of months. The zero value is no cycle.
//
// Cycles of days are counted from Monday, 0001-01-01, and cycles of months from January of that year, so that a week begins on Monday and a
// quarter in January, April, July and October. Every seven weeks or every five months fall where they fall, the same for everybody.
//
// Its text form, in JSON too, is "day", "7 days", "month", "quarter", "5 months" or "year". [Cycle.UnmarshalText] also reads "week" and any
// number of days, weeks, months, quarters or years.
type Cycle struct {
	Days   int
	Months int
}

// Weekly returns a cycle of weeks, from Monday to Sunday.
func Weekly() Cycle { return Cycle{Days: 7} }

// Monthly returns a cycle of months of the civil calendar.
func Monthly() Cycle { return Cycle{Months: 1} }

// Quarterly returns a cycle of quarters of the year.
func Quarterly() Cycle { return Cycle{Months: 3} }

// Yearly returns a cycle of years.
func Yearly() Cycle { return Cycle{Months: 12} }

const (
	maxCycleDays   = 3660
	maxCycleMonths = 120
)

// check wants exactly one of the two, within bounds.
func (c Cycle) check() error {
	if (c.Days == 0) == (c.Months == 0) || c.Days < 0 || c.Days > maxCycleDays || c.Months < 0 || c.Months > maxCycleMonths {
		return fmt.Errorf("%w: a cycle of %d days and %d months", ErrDuty, c.Days, c.Months)
	}
	return nil
}

// String returns the text form.
func (c Cycle) String() string {
	n, unit := c.Days, "day"
	switch {
	case c.Days == 0 && c.Months == 12:
		return "year"
	case c.Days == 0 && c.Months == 3:
		return "quarter"
	case c.Days != 0 && c.Months != 0:
		return fmt.Sprintf("Cycle(%d, %d)", c.Days, c.Months)
	case c.Months != 0:
		n, unit = c.Months, "month"
	}
	if n == 1 {
		return unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// MarshalText returns the text form, and [ErrDuty] for what is no cycle.
func (c Cycle) MarshalText() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return []byte(c.String()), nil
}

// UnmarshalText reads the text form. Other text, and more than 3,660 days or 120 months, is refused with [ErrDuty] and leaves c as it was.
func (c *Cycle) UnmarshalText(text []byte) error {
	n, unit := 1, string(text)
	if number, rest, several := strings.Cut(unit, " "); several {
		var err error
		if n, err = strconv.Atoi(number); err != nil || n < 1 || n > maxCycleDays {
			return fmt.Errorf("%w: cycle %.40q: want a number of days or months", ErrDuty, text)
		}
		unit = strings.TrimSuffix(rest, "s")
	}
	out, known := map[string]Cycle{"day": {Days: n}, "week": {Days: 7 * n}, "month": {Months: n}, "quarter": {Months: 3 * n}, "year": {Months: 12 * n}}[unit]
	if !known {
		return fmt.Errorf("%w: cycle %.40q: want day, week, month, quarter or year, or a number of them", ErrDuty, text)
	}
	if err := out.check(); err != nil {
		return err
	}
	*c = out
	return nil
}

// epoch is a Monday, and the first day of a year.
func epoch() calendar.Date { return calendar.Date{Year: 1, Month: time.January, Day: 1} }

// rank is the number of the period in which a date lies.
func (c Cycle) rank(d calendar.Date) int {
	if c.Months > 0 {
		return floor(12*(d.Year-1)+int(d.Month)-1, c.Months)
	}
	return floor(days(epoch(), d), c.Days)
}

// first is the first date of a period.
func (c Cycle) first(rank int) calendar.Date {
	if c.Months > 0 {
		m := rank * c.Months
		year := floor(m, 12)
		return calendar.Date{Year: 1 + year, Month: time.Month(m-12*year) + 1, Day: 1}
	}
	return epoch().AddDays(rank * c.Days)
}

// after is the date one cycle later; the 31st becomes the last day of a month that has none.
func (c Cycle) after(d calendar.Date) calendar.Date {
	if c.Months == 0 {
		return d.AddDays(c.Days)
	}
	m := 12*d.Year + int(d.Month) - 1 + c.Months
	for day := d.Day; ; day-- {
		if at := (calendar.Date{Year: floor(m, 12), Month: time.Month(m-12*floor(m, 12)) + 1, Day: day}); at.IsValid() || day <= 28 {
			return at
		}
	}
}

func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func days(from, to calendar.Date) int {
	utc := func(d calendar.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
	return int((utc(to).Unix() - utc(from).Unix()) / (24 * 60 * 60))
}

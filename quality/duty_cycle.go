package quality

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

// Cycle is how often something is owed: a number of civil days or of months. The zero value is no cycle.
//
// Cycles of days are counted from Monday, 0001-01-01, and cycles of months from January of that year, so that a week begins on Monday and a
// quarter in January, April, July and October. Every seven weeks or every five months fall where they fall, the same for everybody.
type Cycle struct {
	Days   int `json:"days,omitempty"`
	Months int `json:"months,omitempty"`
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

// String returns "7 day", "3 month": the words of the lists of clauses.
func (c Cycle) String() string {
	if c.Months != 0 {
		return fmt.Sprintf("%d month", c.Months)
	}
	return fmt.Sprintf("%d day", c.Days)
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

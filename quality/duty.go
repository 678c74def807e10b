package quality

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/sla/calendar"
)

// ErrDuty is returned for a [Duty], a [DutySubject] or an [Evidence] that is none.
var ErrDuty = errors.New("quality: duty")

// Duty is something owed every so often: training a quarter, an appraisal a month, the cleaning of a printer a week, a drill a year. It is
// plain data, and the same for all who owe it; see [DutySubject].
//
// What is owed in one period is an [Obligation]. It is owed from the first instant of its first date up to, and not including, the first
// instant after its last date and the days of grace. Dates begin and end as people in the zone of the calendar had them, and days of grace are
// civil days, holidays included. A day before or after the end of grace, of a reminder or a rung, is 24 hours: the clocks of a desk count alike.
type Duty struct {
	// ID names the duty for ever: ids of obligations come from it. The id of its clause will do.
	ID string `json:"id"`
	// Clause is the id of the clause that asks for it, if any.
	Clause string `json:"clause,omitempty"`
	Cycle  Cycle  `json:"cycle"`
	// SinceLast counts each period from the last time that the duty was done, and the first from the day on which the subject came:
	// "once every 7 days" (standard/4/4.1-printer-cleaning) is not "once a week", which a Monday and the Sunday of the week after would keep. At
	// most one period is open then, and what is done late begins the next.
	SinceLast bool `json:"sinceLast,omitempty"`
	// Shown is the kind of entry that shows it, such as "trained". It is for the host, who selects evidence by it.
	Shown string `json:"shown,omitempty"`
	// Need is how much is owed in a period, such as 20 hours; 0 means that once is enough, and amounts do not matter.
	Need decimal.Decimal `json:"need,omitzero"`
	// Grace is how many days after the period it is still in time.
	Grace int `json:"grace,omitempty"`
	// Remind are days before the end of grace, each the instant of a reminder; one that lies before the period is due when the period begins.
	Remind []int `json:"remind,omitempty"`
	// Ladder says to whom it goes when it is overdue, the first rung first.
	Ladder []DutyRung `json:"ladder,omitempty"`
	// From and To limit it to periods that begin at From or later and before To, as with a rule that came into force and was replaced. Zero is no
	// limit. Evidence is counted as if there were none.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// Calendar gives the zone in which dates begin; nil is UTC. Its hours and holidays do not matter.
	Calendar *calendar.Calendar `json:"-"`
}

// DutyRung hands what is overdue to a role, so many days after the end of grace.
type DutyRung struct {
	Days int    `json:"days"`
	Role string `json:"role"`
}

// DutySubject is who or what the duty is owed for: a member of staff, a printer, a plan.
type DutySubject struct {
	ID string `json:"id"`
	// Owner is who has to see to it; for training usually the subject itself.
	Owner string `json:"owner,omitempty"`
	// From is when it came. The first period owed is the first that begins then or later, or with SinceLast begins on that date.
	From time.Time `json:"from"`
	// Until is when it left; zero while it has not. A period whose end it does not see is not owed, and everything else stays as it stood.
	Until time.Time `json:"until,omitzero"`
}

// Evidence shows that a duty was done: an entry of a training, a maintenance, a drill.
type Evidence struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Amount counts towards [Duty.Need], and must be above zero if that is set.
	Amount decimal.Decimal `json:"amount,omitzero"`
	// For is a date in the period that it counts for; zero leaves that to [Duty.Account]. With it something missed can be made up for after
	// its grace, late, or done ahead. It is refused with SinceLast.
	For calendar.Date `json:"for,omitzero"`
}

const (
	maxDutyDays    = 3660
	maxObligations = 10_000
)

// Validate reports with [ErrDuty] what keeps a duty from being one: no id, no cycle or more than one (at most 3,660 days or 120 months), a negative need or one of more than
// 64 digits, negative days or more than 3,660, a rung without a role, rungs that do not rise, a To that is not after From.
func (d *Duty) Validate() error {
	fault := func(format string, args ...any) error {
		return fmt.Errorf("%w %.40q: %s", ErrDuty, d.ID, fmt.Sprintf(format, args...))
	}
	if d.ID == "" {
		return fault("no id")
	}
	if err := d.Cycle.check(); err != nil {
		return fmt.Errorf("%w %.40q: %w", ErrDuty, d.ID, err)
	}
	if !d.To.IsZero() && !d.From.Before(d.To) {
		return fault("it ends before it begins")
	}
	if d.Need.IsNegative() || !written(d.Need) {
		return fault("a need below zero or of too many digits")
	}
	for _, n := range append([]int{d.Grace}, d.Remind...) {
		if n < 0 || n > maxDutyDays {
			return fault("%d days of grace or of a reminder", n)
		}
	}
	for i, r := range d.Ladder {
		if r.Role == "" || r.Days < 0 || r.Days > maxDutyDays || i > 0 && r.Days <= d.Ladder[i-1].Days {
			return fault("rung %d has no role, or does not come after the one before", i+1)
		}
	}
	return nil
}

// asks reports whether a period is owed that begins at an instant.
func (d *Duty) asks(begin time.Time) bool {
	return !begin.Before(d.From) && (d.To.IsZero() || begin.Before(d.To))
}

// start is the first instant of a date.
func (d *Duty) start(on calendar.Date) time.Time {
	if d.Calendar == nil {
		return time.Date(on.Year, on.Month, on.Day, 0, 0, 0, 0, time.UTC)
	}
	return d.Calendar.StartOf(on)
}

// date is the date of an instant.
func (d *Duty) date(at time.Time) calendar.Date {
	zone := time.UTC
	if d.Calendar != nil {
		zone = d.Calendar.Location()
	}
	at = at.In(zone)
	return calendar.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}
}

// sorted checks evidence and returns what has happened by an instant, in the order of time, those of one instant in the order of their ids.
func (d *Duty) sorted(evidence []Evidence, by time.Time) ([]Evidence, error) {
	seen := map[string]bool{}
	var out []Evidence
	for _, e := range evidence {
		fault := func(text string) error {
			return fmt.Errorf("%w %.40q: evidence %.40q %s", ErrDuty, d.ID, e.ID, text)
		}
		switch {
		case e.ID == "" || seen[e.ID]:
			return nil, fault("has no id or stands twice")
		case !plausible(e.At):
			return nil, fault("has no instant between the years 1900 and 9000")
		case !d.Need.IsZero() && (!e.Amount.IsPositive() || !written(e.Amount)):
			return nil, fault("has no amount")
		case !e.For.IsZero() && (d.SinceLast || !e.For.IsValid()):
			return nil, fault("is for a date that is none, or for a period that is counted from the last time")
		}
		seen[e.ID] = true
		if !e.At.After(by) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b Evidence) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out, nil
}

// plausible keeps a zero time and a year that no calendar has out of the arithmetic.
func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 9000 }

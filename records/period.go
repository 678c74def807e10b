package records

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// ErrPeriod is matched by every error that a malformed [Period] causes.
var ErrPeriod = errors.New("records: malformed period")

// Period is a length of time on the civil calendar: years and months first, then days. A law or a handbook counts so; three years are
// not a number of hours.
//
// The zero Period is no limit. A period that a text leaves open ("promptly") is Unstated and has no figures. A stated period of no length is an error wherever it is
// read: a record that may not be kept at all should not be made.
//
// The text form, also in JSON, is "3 years", "18 months", "1 year 6 months", "30 days", or "?" for an unstated one.
type Period struct {
	Years, Months, Days int
	Unstated            bool
}

// Years is a period of n years. Years(0) is the zero Period, which is no limit: as the ceiling of a rule it lets a record be kept for ever.
func Years(n int) Period { return Period{Years: n} }

// maxDays keeps sums far from overflow: a thousand years and a little.
const maxDays = 366_000

// IsZero tells whether there is no limit.
func (p Period) IsZero() bool { return p == Period{} }

func (p Period) check() error {
	switch {
	case p.IsZero() || p == Period{Unstated: true}:
		return nil
	case p.Unstated:
		return fmt.Errorf("%w: an unstated period with a figure", ErrPeriod)
	case p.Years < 0 || p.Months < 0 || p.Days < 0:
		return fmt.Errorf("%w: a negative figure", ErrPeriod)
	case p.Years > maxDays/366 || p.Months > maxDays/31 || p.Days > maxDays:
		return fmt.Errorf("%w: longer than a thousand years", ErrPeriod)
	}
	return nil
}

// ParsePeriod reads the text form. The error matches [ErrPeriod].
func ParsePeriod(text string) (Period, error) {
	bad := func(why string) (Period, error) {
		return Period{}, fmt.Errorf("%w %q: %s", ErrPeriod, clip(text), why)
	}
	if text == "?" {
		return Period{Unstated: true}, nil
	}
	words := strings.Fields(text)
	if len(words) == 0 || len(words)%2 != 0 {
		return bad(`want figures with units, such as "3 years" or "1 year 6 months"`)
	}
	var p Period
	last := -1
	for i := 0; i < len(words); i += 2 {
		n, err := strconv.Atoi(words[i])
		if err != nil || words[i][0] < '0' || words[i][0] > '9' || n > maxDays {
			return bad("want a whole number of years, months or days")
		}
		unit := -1
		for j, name := range [...]string{"year", "month", "day"} {
			if words[i+1] == name || words[i+1] == name+"s" {
				unit = j
			}
		}
		if unit <= last {
			return bad("want years, months and days, each once and in this order")
		}
		last = unit
		*[...]*int{&p.Years, &p.Months, &p.Days}[unit] = n
	}
	if p.IsZero() {
		return bad("a period of no length")
	}
	if err := p.check(); err != nil {
		return Period{}, err
	}
	return p, nil
}

// String returns the text form; empty for no limit.
func (p Period) String() string { return p.Text("en") }

// Text renders the period in the language of a BCP 47 tag: in Simplified Chinese as "1年6个月", in all others in the text form.
func (p Period) Text(language string) string {
	if p.Unstated {
		return "?"
	}
	if history.IsChinese(language) {
		var b strings.Builder
		for i, n := range [...]int{p.Years, p.Months, p.Days} {
			if n != 0 {
				b.WriteString(strconv.Itoa(n) + [...]string{"年", "个月", "天"}[i])
			}
		}
		return b.String()
	}
	var parts []string
	for i, n := range [...]int{p.Years, p.Months, p.Days} {
		if n == 0 {
			continue
		}
		unit := [...]string{"year", "month", "day"}[i]
		if n != 1 {
			unit += "s"
		}
		parts = append(parts, strconv.Itoa(n)+" "+unit)
	}
	return strings.Join(parts, " ")
}

// MarshalText returns the text form and refuses what [ParsePeriod] would not read.
func (p Period) MarshalText() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads the text form.
func (p *Period) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePeriod(string(text))
	return err
}

// End is the instant at which a period that began at start is over: the end of its last civil day in the zone, which is the beginning of the next.
//
// The day of the start is not counted. The last day of a period of years or months has the number of the day of the start, and where its month
// has no such day, it is the last of the month: three years from 2025-03-03 last to the end of 2028-03-03, a year from 2024-02-29 to
// the end of 2025-02-28. So count the Civil Code of China (articles 201 to 203), the German one (sections 187 and 188) and Regulation (EEC, Euratom)
// No 1182/71 (article 3). A midnight that the clocks skip is the transition; of one that they show twice the later counts.
//
// The result is in the zone; a nil zone is UTC. It has no meaning for a period without figures.
func (p Period) End(start time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := start.In(zone).Date()
	last := p.on(calendar.Date{Year: y, Month: m, Day: d})
	return endOf(last, zone)
}

// on is the last day of a period that began on a day.
func (p Period) on(d calendar.Date) calendar.Date {
	months := int(d.Month) - 1 + p.Months
	d.Year += p.Years + months/12
	d.Month = time.Month(months%12 + 1)
	d.Day = min(d.Day, daysIn(d.Year, d.Month))
	return d.AddDays(p.Days)
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// endOf is the first instant from which on the clocks of the zone never again show this day. Package time resolves a midnight that is
// skipped or shown twice as it happens to, so the zone's own transitions around it are walked.
func endOf(d calendar.Date, zone *time.Location) time.Time {
	midnight := time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC) // as a wall time
	const reach = 48 * time.Hour                                          // no offset is larger
	end := midnight.Add(-reach)
	for at := end; at.Before(midnight.Add(reach)); {
		_, offset := at.In(zone).Zone()
		_, next := at.In(zone).ZoneBounds()
		if next.IsZero() {
			next = midnight.Add(reach)
		}
		if !next.After(at) {
			// Package time lets the years that a zone's rule covers end after 365 days, so on the last day of a leap year the
			// bounds lie in the past.
			next = at.Add(time.Hour)
		}
		passed := midnight.Add(-time.Duration(offset) * time.Second)
		if passed.After(at) {
			end = passed
			if next.Before(passed) {
				end = next
			}
		}
		at = next
	}
	return end.In(zone)
}

// clip keeps an error message short when the input is not.
func clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

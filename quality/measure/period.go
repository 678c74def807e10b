package measure

import (
	"fmt"
	"time"
)

// Period is a length of the calendar by which facts are grouped. The zero value is [AllTime].
type Period uint8

// The periods. Weeks begin on Monday and are numbered as in ISO 8601.
const (
	AllTime Period = iota
	Day
	Week
	Month
	Quarter
	Year
)

var periods = [...]string{"all time", "day", "week", "month", "quarter", "year"}

// String returns the period in lower case.
func (p Period) String() string {
	if int(p) < len(periods) {
		return periods[p]
	}
	return fmt.Sprintf("Period(%d)", uint8(p))
}

// MarshalText returns the same text as [Period.String].
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what [Period.MarshalText] writes; other text is refused with [ErrTally].
func (p *Period) UnmarshalText(text []byte) error {
	for i, name := range periods {
		if string(text) == name {
			*p = Period(i)
			return nil
		}
	}
	return fmt.Errorf("%w: period %.20q", ErrTally, text)
}

// Label names the period in which an instant lies, by the date that people had in a zone (nil is UTC): "2025-03-03", "2025-W10", "2025-03",
// "2025-Q1", "2025"; empty for [AllTime].
func (p Period) Label(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	switch p {
	case Day:
		return t.Format("2006-01-02")
	case Week:
		y, w := t.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case Month:
		return t.Format("2006-01")
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3)
	case Year:
		return fmt.Sprintf("%04d", t.Year())
	}
	return ""
}

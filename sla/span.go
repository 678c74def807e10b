package sla

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// ErrSpan is matched by every error that a malformed [Span] or [Offset] text
// causes.
var ErrSpan = errors.New("sla: malformed span")

// Basis says on which meter a [Span] runs.
type Basis uint8

const (
	// Unnamed is the basis of a figure whose text does not say whether it
	// means wall-clock or working time. Charter never guesses: a target with
	// an unnamed basis is not evaluable until somebody names one.
	Unnamed Basis = iota
	// Elapsed runs on the wall clock, around the clock.
	Elapsed
	// Business runs while the target's calendar is open.
	Business
	// WorkingDays counts whole days on which the target's calendar opens at
	// all, under the rule in [Target.Days].
	WorkingDays
)

// String returns "unnamed", "elapsed", "business" or "working days".
func (b Basis) String() string {
	switch b {
	case Unnamed:
		return "unnamed"
	case Elapsed:
		return "elapsed"
	case Business:
		return "business"
	case WorkingDays:
		return "working days"
	}
	return "basis(" + strconv.Itoa(int(b)) + ")"
}

// workingDay is the length that stands for one working day on the meter.
const workingDay = 24 * time.Hour

// Span is a length of time together with its basis. On the WorkingDays basis
// 24 hours of Length stand for one working day, so that 36h is a day and a
// half.
//
// The text form, which [Span.String] prints and [ParseSpan] reads:
//
//	4h  30m  1h30m  90s      elapsed
//	2 days                   elapsed, 48 hours
//	8 business hours         business (also minutes, seconds)
//	3 working days           working days (also "1.5 working days")
//	24h?                     a figure of unnamed basis
//
// The zero Span is a limit without a figure; its text is empty.
type Span struct {
	Length time.Duration
	Basis  Basis
}

// Wall returns d on the wall clock.
func Wall(d time.Duration) Span { return Span{d, Elapsed} }

// OpenTime returns d of business time.
func OpenTime(d time.Duration) Span { return Span{d, Business} }

// Days returns n working days.
func Days(n int) Span { return Span{time.Duration(n) * workingDay, WorkingDays} }

// IsZero reports whether the span carries no figure.
func (s Span) IsZero() bool { return s.Length == 0 }

// String returns the text form; ParseSpan(s.String()) gives s back.
func (s Span) String() string {
	if s.IsZero() {
		return ""
	}
	switch s.Basis {
	case Unnamed:
		return shortDuration(s.Length) + "?"
	case Elapsed:
		return shortDuration(s.Length)
	case Business:
		for _, u := range []struct {
			unit time.Duration
			name string
		}{{time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
			if s.Length%u.unit == 0 {
				return plural(int64(s.Length/u.unit), "business "+u.name)
			}
		}
		return decimalText(s.Length, time.Second) + " business seconds"
	case WorkingDays:
		if s.Length%workingDay == 0 {
			return plural(int64(s.Length/workingDay), "working day")
		}
		// Not every length is a finite decimal of a day, so an odd rest is
		// printed as a time on the meter.
		days, rest := s.Length/workingDay, s.Length%workingDay
		if t := decimalText(s.Length, workingDay); t != "" {
			return t + " working days"
		}
		if days == 0 {
			return "0 working days " + shortDuration(rest)
		}
		if rest < 0 {
			rest = -rest
		}
		return plural(int64(days), "working day") + " " + shortDuration(rest)
	}
	return fmt.Sprintf("%v on %v", s.Length, s.Basis)
}

func plural(n int64, noun string) string {
	if n == 1 || n == -1 {
		return strconv.FormatInt(n, 10) + " " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

// decimalText prints d in units as an exact decimal of at most nine places,
// or "" where there is none.
func decimalText(d, unit time.Duration) string {
	r := big.NewRat(int64(d), int64(unit))
	places, exact := r.FloatPrec()
	if !exact || places > 9 {
		return ""
	}
	return r.FloatString(places)
}

// shortDuration prints 24h0m0s as 24h.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// ParseSpan reads the text form of a [Span]. Empty text is the zero Span.
// Negative lengths are refused, as are lengths beyond 292 years; the error
// matches [ErrSpan] and quotes the text.
func ParseSpan(text string) (Span, error) {
	s, err := parseSpan(strings.TrimSpace(text))
	if err != nil {
		return Span{}, fmt.Errorf("%w %q: %w", ErrSpan, text, err)
	}
	return s, nil
}

func parseSpan(text string) (Span, error) {
	if text == "" {
		return Span{}, nil
	}
	basis := Elapsed
	if rest, ok := strings.CutSuffix(text, "?"); ok {
		text, basis = strings.TrimSpace(rest), Unnamed
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return Span{}, errNoLength
	}
	if len(words) == 1 {
		d, err := time.ParseDuration(words[0])
		if err != nil {
			return Span{}, errNoLength
		}
		return positive(d, basis)
	}
	unit := time.Duration(0)
	switch noun := strings.TrimSuffix(words[len(words)-1], "s"); noun {
	case "second":
		unit = time.Second
	case "minute":
		unit = time.Minute
	case "hour":
		unit = time.Hour
	case "day":
		unit = 24 * time.Hour
	}
	switch {
	case len(words) == 2 && unit > 0:
	case len(words) == 3 && words[1] == "business" && unit > 0 && unit <= time.Hour && basis == Elapsed:
		basis = Business
	case len(words) >= 3 && words[1] == "working" && strings.TrimSuffix(words[2], "s") == "day" && len(words) <= 4 && basis == Elapsed:
		basis, unit = WorkingDays, workingDay
	default:
		return Span{}, errors.New("want hours, minutes, seconds, days, business hours or working days")
	}
	d, err := times(words[0], unit)
	if err != nil {
		return Span{}, err
	}
	if len(words) == 4 {
		rest, err := time.ParseDuration(words[3])
		if err != nil || rest < 0 || rest >= workingDay {
			return Span{}, errors.New("a part of a working day lies between 0 and 24h")
		}
		if d > math.MaxInt64-rest {
			return Span{}, errTooLong
		}
		d += rest
	}
	return positive(d, basis)
}

var (
	errNoLength = errors.New("want a length such as 4h, 30m, 8 business hours or 3 working days")
	errTooLong  = errors.New("longer than 292 years")
)

func positive(d time.Duration, b Basis) (Span, error) {
	if d <= 0 {
		return Span{}, errors.New("a limit is longer than nothing")
	}
	return Span{d, b}, nil
}

// times multiplies a decimal numeral by a unit, exactly.
func times(numeral string, unit time.Duration) (time.Duration, error) {
	r, ok := new(big.Rat), strings.Trim(numeral, "0123456789.") == "" && len(numeral) <= 30
	if ok {
		_, ok = r.SetString(numeral)
	}
	if !ok {
		return 0, fmt.Errorf("%q is no number", numeral)
	}
	r.Mul(r, new(big.Rat).SetInt64(int64(unit)))
	switch {
	case !r.IsInt():
		return 0, fmt.Errorf("%q is no whole number of nanoseconds", numeral)
	case !r.Num().IsInt64():
		return 0, errTooLong
	}
	return time.Duration(r.Num().Int64()), nil
}

// MarshalText returns the text form.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the text form; see [ParseSpan].
func (s *Span) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSpan(string(text))
	return err
}

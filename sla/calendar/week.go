package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours is one half-open opening interval, [Open, Close), in wall-clock time
// counted from the midnight that begins the day it belongs to. Close may be
// 24h, the midnight that ends the day, or later: a night shift from 22:00 to
// 06:00 is {22h, 30h} and belongs wholly to the day it starts on.
//
// Whole minutes only; Open is before 24:00 and an interval lasts at most 24
// hours. The text form, also in JSON, is "09:00-17:30".
type Hours struct {
	Open, Close time.Duration
}

// Week holds the opening hours of each weekday, by [time.Weekday]; a day
// without any is a day of rest. The zero value is never open.
//
// Its text form, also in JSON, is the subset of OpenStreetMap's opening_hours
// that weekly hours need; see [ParseWeek].
type Week [7][]Hours

// fullDay is the only interval of a day that never closes.
var fullDay = Hours{0, 24 * time.Hour}

// AllWeek returns the week that is always open, "24/7".
func AllWeek() Week {
	var w Week
	for day := range w {
		w[day] = []Hours{fullDay}
	}
	return w
}

// IsZero reports whether no day has any hours.
func (w Week) IsZero() bool {
	for _, hours := range w {
		if len(hours) > 0 {
			return false
		}
	}
	return true
}

// String returns the shortest text that [ParseWeek] reads back as the same
// week: "Mo-Fr 09:00-12:00,13:00-18:00; PH off". Days stand Monday first and
// days with equal hours share a rule. "PH off" is always said, because a
// holiday always closes here; the week that never closes is "24/7" and one
// that never opens is "off".
func (w Week) String() string {
	if w.IsZero() {
		return "off"
	}
	if w.isAlways() {
		return "24/7"
	}
	var rules []string
	var done [7]bool
	for i := range 7 {
		day := mondayFirst(i)
		if done[day] || len(w[day]) == 0 {
			continue
		}
		var same [7]bool
		for j := i; j < 7; j++ {
			other := mondayFirst(j)
			if slices.Equal(w[day], w[other]) {
				same[j], done[other] = true, true
			}
		}
		rules = append(rules, weekdayList(same)+" "+hoursList(w[day]))
	}
	return strings.Join(append(rules, "PH off"), "; ")
}

// MarshalText returns [Week.String].
func (w Week) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what [ParseWeek] reads.
func (w *Week) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWeek(string(text))
	return err
}

// String returns "09:00-17:30". A night shift closes on the clock of the next
// day, "22:00-06:00"; one of exactly 24 hours is written "09:00-33:00".
func (h Hours) String() string {
	end := h.Close
	if end > 24*time.Hour && end-24*time.Hour < h.Open {
		end -= 24 * time.Hour
	}
	return clock(h.Open) + "-" + clock(end)
}

// MarshalText returns [Hours.String] and refuses hours that it cannot say.
func (h Hours) MarshalText() ([]byte, error) {
	if reason := h.wrong(); reason != "" {
		return nil, fmt.Errorf("%w: %v: %s", ErrHours, h, reason)
	}
	return []byte(h.String()), nil
}

// UnmarshalText reads one interval, such as "09:00-17:30" or "22:00-06:00".
func (h *Hours) UnmarshalText(text []byte) error {
	p := weekParser{text: string(text)}
	got, err := p.interval()
	if err == nil && !p.done() {
		err = p.fail("one interval such as 09:00-17:30, and nothing after it")
	}
	if err == nil {
		*h = got
	}
	return err
}

// wrong says what is wrong with one interval, "" when nothing is.
func (h Hours) wrong() string {
	switch {
	case h.Open%time.Minute != 0 || h.Close%time.Minute != 0:
		return "hours are whole minutes"
	case h.Open < 0 || h.Open >= 24*time.Hour:
		return "opens outside its day, 00:00 to 23:59"
	case h.Close == h.Open:
		return "is empty"
	case h.Close < h.Open:
		return "is reversed; after midnight, closing counts on from 24:00"
	case h.Close-h.Open > 24*time.Hour:
		return "is longer than 24 hours"
	}
	return ""
}

func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}

func hoursList(hours []Hours) string {
	parts := make([]string, len(hours))
	for i, h := range hours {
		parts[i] = h.String()
	}
	return strings.Join(parts, ",")
}

func (w Week) isAlways() bool {
	return !slices.ContainsFunc(w[:], func(hours []Hours) bool {
		return len(hours) != 1 || hours[0] != fullDay
	})
}

func (w Week) clone() Week {
	for day := range w {
		w[day] = slices.Clone(w[day])
	}
	return w
}

var weekdayNames = [7]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}

func mondayFirst(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

// weekdayList names the chosen days, Monday first: "Mo-Fr", "Mo,We", "Sa,Su".
func weekdayList(chosen [7]bool) string {
	var parts []string
	for i := 0; i < 7; i++ {
		if !chosen[i] {
			continue
		}
		first := i
		for i+1 < 7 && chosen[i+1] {
			i++
		}
		name := weekdayNames[mondayFirst(first)]
		switch {
		case i > first+1:
			name += "-" + weekdayNames[mondayFirst(i)]
		case i == first+1:
			name += "," + weekdayNames[mondayFirst(i)]
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ",")
}

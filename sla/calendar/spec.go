package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Spec is the declaration of a calendar, and its JSON form:
//
//	{"name": "Helpdesk", "zone": "Asia/Shanghai",
//	 "hours": "Mo-Fr 09:00-12:00,13:00-18:00; PH off",
//	 "days": [{"date": "2025-10-01", "name": "National Day", "off": true},
//	          {"date": "2025-10-11", "name": "make-up day", "off": false},
//	          {"date": "2025-12-31", "hours": ["09:00-12:00"]}],
//	 "published": "2025-12-31"}
//
// A Spec is plain data: [New] copies what it keeps.
type Spec struct {
	// Name is for people; no operation depends on it.
	Name string `json:"name,omitempty"`
	// Zone is an IANA name such as "Europe/Berlin", or "UTC". Required.
	Zone string `json:"zone"`
	// Hours are the weekly hours.
	Hours Week `json:"hours,omitzero"`
	// Days are holidays and special days, in any order. On one date a special
	// day beats a holiday.
	Days []Day `json:"days,omitempty"`
	// MakeUp names the weekday whose hours a make-up working day without hours
	// of its own takes, "Mo" to "Su". Empty means "Mo".
	MakeUp string `json:"makeUp,omitempty"`
	// Published is the last day for which holidays are known. Later instants
	// are provisional. Zero declares nothing, and then no instant of the
	// compiled years is provisional, whatever Days hold: a calendar that
	// declares no holidays is taken at its word. Whoever waits for next year's
	// holidays sets it.
	Published Date `json:"published,omitzero"`
	// From and To are the first and the last compiled year; 0 means 2007 and
	// 2032. They are widened to hold every one of Days. Outside them the
	// weekly hours go on, without holidays, more slowly and provisionally.
	From int `json:"from,omitempty"`
	To   int `json:"to,omitempty"`
	// AnyOf makes the calendar the union of others, AllOf their intersection,
	// as [Union] and [Intersect] do. Then Hours, Days, MakeUp, Published, From
	// and To must be empty, and Zone is that of the first one or empty.
	AnyOf []Spec `json:"anyOf,omitempty"`
	AllOf []Spec `json:"allOf,omitempty"`
}

const (
	defaultFrom = 2007
	defaultTo   = 2032

	maxIntervalsPerDay = 48      // one every half hour
	maxYears           = 130     // so that seconds fit into 32 bits
	maxIntervals       = 1 << 20 // 16 MiB of tables
	maxCombined        = 64      // calendars in a combination, those in its parts included
	maxDepth           = 8       // of unions within intersections and so on
)

// WithDays returns the declaration with the days of a file merged in: on a
// date that both name, the file wins whole. The later of the two Published
// dates stands. The receiver is not changed.
func (s Spec) WithDays(file Days) Spec {
	replaced := make(map[Date]bool, len(file.Days))
	for _, day := range file.Days {
		replaced[day.Date] = true
	}
	days := make([]Day, 0, len(s.Days)+len(file.Days))
	for _, day := range s.Days {
		if !replaced[day.Date] {
			days = append(days, day)
		}
	}
	s.Days = append(days, file.Days...)
	if file.Published.Compare(s.Published) > 0 {
		s.Published = file.Published
	}
	return s.clone()
}

func (s Spec) clone() Spec {
	s.Hours = s.Hours.clone()
	s.Days = cloneDays(s.Days)
	s.AnyOf, s.AllOf = cloneSpecs(s.AnyOf), cloneSpecs(s.AllOf)
	return s
}

func cloneSpecs(specs []Spec) []Spec {
	specs = slices.Clone(specs)
	for i := range specs {
		specs[i] = specs[i].clone()
	}
	return specs
}

// shift is Hours in seconds.
type shift struct{ open, close int64 }

// rule is what a checked Spec says of single dates.
type rule struct {
	week     [7][]shift
	days     []special // by number
	from, to int       // compiled years
}

// special is the one thing that holds on a date.
type special struct {
	number int
	kind   DayKind
	name   string
	shifts []shift
}

func (r *rule) special(number int) *special {
	i, ok := slices.BinarySearchFunc(r.days, number, func(s special, n int) int { return s.number - n })
	if !ok {
		return nil
	}
	return &r.days[i]
}

// shifts returns the opening hours of a date, in order.
func (r *rule) shifts(number int) []shift {
	if s := r.special(number); s != nil {
		return s.shifts
	}
	return r.week[weekday(number)]
}

// check turns a declaration into a rule, or says everything that is wrong with it.
func (s Spec) check() (*rule, error) {
	var errs []error
	r := &rule{from: s.From, to: s.To}
	if r.from == 0 {
		r.from = defaultFrom
	}
	if r.to == 0 {
		r.to = max(defaultTo, r.from)
	}
	for day, hours := range s.Hours {
		shifts, err := checkHours(hours)
		if err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", time.Weekday(day), err))
		}
		r.week[day] = shifts
	}
	if len(errs) == 0 {
		errs = append(errs, checkNights(r.week)...)
	}
	makeUp, err := s.makeUpDay()
	if err != nil {
		errs = append(errs, err)
	}
	if len(s.Days) > maxYears*366*2 {
		return nil, errors.Join(append(errs, fmt.Errorf("%w: %d days", ErrTooLarge, len(s.Days)))...)
	}
	if r.from > r.to {
		errs = append(errs, fmt.Errorf("%w: from %d is after to %d", ErrYears, r.from, r.to))
	}
	errs = append(errs, r.addDays(s.Days, r.week[makeUp], weekdayNames[makeUp])...)
	if !s.Published.IsZero() && !s.Published.IsValid() {
		errs = append(errs, fmt.Errorf("%w: published %v does not exist", ErrDate, s.Published))
	}
	switch {
	case r.from < firstYear || r.to > lastYear:
		errs = append(errs, fmt.Errorf("%w: %d to %d is outside %d to %d", ErrYears, r.from, r.to, firstYear, lastYear))
	case r.to-r.from >= maxYears:
		errs = append(errs, fmt.Errorf("%w: %d to %d, days included, is more than %d years", ErrYears, r.from, r.to, maxYears))
	}
	return r, errors.Join(errs...)
}

func (s Spec) makeUpDay() (time.Weekday, error) {
	if s.MakeUp == "" {
		return time.Monday, nil
	}
	for day, name := range weekdayNames {
		if strings.EqualFold(name, s.MakeUp) {
			return time.Weekday(day), nil
		}
	}
	return time.Monday, fmt.Errorf("%w: makeUp %q is not a weekday, Mo to Su", ErrDay, clip(s.MakeUp))
}

// checkHours sorts the hours of one day and refuses what overlaps.
func checkHours(hours []Hours) ([]shift, error) {
	if len(hours) > maxIntervalsPerDay {
		return nil, fmt.Errorf("%w: %d intervals on one day, at most %d", ErrHours, len(hours), maxIntervalsPerDay)
	}
	var errs []error
	sorted := slices.Clone(hours)
	slices.SortStableFunc(sorted, func(a, b Hours) int { return cmp.Compare(a.Open, b.Open) })
	shifts := make([]shift, len(sorted))
	for i, h := range sorted {
		if reason := h.wrong(); reason != "" {
			errs = append(errs, fmt.Errorf("%w: %v %s", ErrHours, h, reason))
		} else if i > 0 && h.Open < sorted[i-1].Close {
			errs = append(errs, fmt.Errorf("%w: %v overlaps %v", ErrHours, h, sorted[i-1]))
		}
		shifts[i] = shift{int64(h.Open / time.Second), int64(h.Close / time.Second)}
	}
	return shifts, errors.Join(errs...)
}

// checkNights refuses a night shift that runs into the next weekday's hours.
func checkNights(week [7][]shift) (errs []error) {
	for day, shifts := range week {
		next := week[(day+1)%7]
		if len(shifts) == 0 || len(next) == 0 {
			continue
		}
		if over := shifts[len(shifts)-1].close - secondsPerDay; over > next[0].open {
			errs = append(errs, fmt.Errorf("%v: %w: the night shift runs into the hours of %v",
				time.Weekday(day), ErrHours, time.Weekday((day+1)%7)))
		}
	}
	return errs
}

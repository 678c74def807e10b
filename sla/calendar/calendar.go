package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Calendar is a compiled calendar. It never changes after [New], [Union] or
// [Intersect] made it, so any number of goroutines may use one. The zero
// Calendar is in UTC and never open; every operation on it is defined.
type Calendar struct {
	spec        Spec
	location    *time.Location
	zone        *zone
	rule        *rule       // nil for a combination
	parts       []*Calendar // of a combination
	all         bool        // an instant is open when all parts are, not when any is
	outside     regime
	table       table
	days        dayTable
	firm        bounds // not provisional within
	fingerprint string
}

// bounds is the half-open range of instants from start to end, in Unix seconds.
type bounds struct{ start, end int64 }

func (b bounds) holds(sec int64) bool { return b.start <= sec && sec < b.end }

// regime is how a calendar goes on outside its compiled years.
type regime uint8

const (
	neverOpen regime = iota
	alwaysOpen
	sometimesOpen
)

// New compiles a declaration. It reports every mistake at once, joined, each
// wrapping one of this package's errors ([ErrZone], [ErrHours], [ErrDay], …).
//
// Zones are loaded by name with [time.LoadLocation]; a program that runs on
// hosts without zone data imports time/tzdata.
//
// New takes some two milliseconds for the default 26 years and the calendar
// keeps 300 to 400 KB: build it once and share it.
func New(spec Spec) (*Calendar, error) { return compile(spec, 0) }

func compile(spec Spec, depth int) (*Calendar, error) {
	if len(spec.AnyOf) > 0 || len(spec.AllOf) > 0 {
		return compileCombination(spec, depth)
	}
	loc, zoneErr := loadZone(spec.Zone)
	r, err := spec.check()
	if err := errors.Join(zoneErr, err); err != nil {
		return nil, named(spec.Name, err)
	}
	c := &Calendar{spec: spec.clone(), location: loc, zone: newZone(loc), rule: r}
	switch {
	case spec.Hours.IsZero():
		c.outside = neverOpen
	case isAlways(r.week):
		c.outside = alwaysOpen
	default:
		c.outside = sometimesOpen
	}
	if err := c.build(r.from, r.to); err != nil {
		return nil, named(spec.Name, err)
	}
	if c.table.total == 0 && c.outside == neverOpen {
		return nil, named(spec.Name, ErrNeverOpen)
	}
	c.firm = bounds{c.table.start, c.table.end}
	if !spec.Published.IsZero() {
		c.firm.end = min(c.firm.end, c.zone.opening(int64(spec.Published.number()+1)*secondsPerDay))
	}
	c.fingerprint = c.sum()
	return c, nil
}

// build fills the tables for the years from and to, both included.
func (c *Calendar) build(from, to int) error {
	first, last := Date{from, time.January, 1}.number(), Date{to + 1, time.January, 1}.number()
	start := max(c.zone.opening(int64(first)*secondsPerDay), minSec)
	end := min(c.zone.opening(int64(last)*secondsPerDay), maxSec)
	spans := c.appendSpans(make([]span, 0, c.spansIn(to-from+1)), start, end)
	if len(spans) > maxIntervals {
		return fmt.Errorf("%w: %d opening intervals in the years %d to %d", ErrTooLarge, len(spans), from, to)
	}
	c.table = newTable(spans, start, end)
	c.days = newDayTable(c, first, last)
	return nil
}

// spansIn guesses how many opening intervals so many years have.
func (c *Calendar) spansIn(years int) int {
	if c.rule == nil || c.outside == alwaysOpen {
		return 0
	}
	perWeek := 0
	for _, shifts := range c.rule.week {
		perWeek += len(shifts)
	}
	return years*53*perWeek + len(c.rule.days)
}

func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%w: %q: name an IANA zone such as Europe/Berlin, or UTC", ErrZone, name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrZone, clip(name), err)
	}
	return loc, nil
}

func named(name string, err error) error {
	if name == "" {
		return err
	}
	return fmt.Errorf("calendar %q: %w", clip(name), err)
}

// Spec returns a copy of the declaration, from which New makes the same calendar.
func (c *Calendar) Spec() Spec { return c.spec.clone() }

// Name returns the declared name.
func (c *Calendar) Name() string { return c.spec.Name }

// Location returns the calendar's zone.
func (c *Calendar) Location() *time.Location {
	if c.location == nil {
		return time.UTC
	}
	return c.location
}

// Fingerprint returns 32 hexadecimal digits that stand for everything an
// operation can depend on: the compiled intervals and working days, the rule
// outside them, the zone's transitions, and how far holidays are published.
// Two calendars with the same fingerprint give the same answers; a host's
// newer zone data changes it when it moves anything. The name does not count.
func (c *Calendar) Fingerprint() string { return c.fingerprint }

// Provisional reports whether the answer for an instant may still change: it
// lies outside the compiled years, where no holiday is known, or after the
// last day for which holidays are published, [Spec.Published]. Where Published
// is zero nothing within the compiled years is provisional: a calendar that
// declares no holidays is taken at its word, and so is one that declares some.
// Of a combination, an instant is provisional where it is so of any part.
func (c *Calendar) Provisional(t time.Time) bool { return !c.firm.holds(t.Unix()) }

func (c *Calendar) zoned() *zone {
	if c.zone == nil {
		return utcZone
	}
	return c.zone
}

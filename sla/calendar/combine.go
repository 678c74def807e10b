package calendar

import (
	"errors"
	"fmt"
)

// Union returns the calendar that is open when any of the given ones is, such
// as the offices of a service that follows the sun. Their zones may differ;
// dates are those of the first one's zone.
//
// A date is a working day when it is one in any of them, each by its own
// dates, and its last closing is the latest of theirs. An instant is
// provisional when it is so in any of them. The union of one calendar is that
// calendar under another name. None at all, nil, or more than 64 is an error
// that wraps [ErrCombine], and combinations of combinations may hold 64
// calendars in all ([ErrTooLarge]).
func Union(name string, cs ...*Calendar) (*Calendar, error) { return combine(name, false, cs) }

// Intersect returns the calendar that is open when all of the given ones are,
// such as an office's hours and a maintenance window.
//
// A date is a working day when it is one in all of them, and its last closing
// is the last one of the intersection. Calendars that are never open together
// within their compiled years are refused with [ErrNeverOpen]; otherwise as
// [Union].
func Intersect(name string, cs ...*Calendar) (*Calendar, error) { return combine(name, true, cs) }

func compileCombination(spec Spec, depth int) (*Calendar, error) {
	specs, all := spec.AnyOf, false
	if len(spec.AllOf) > 0 {
		specs, all = spec.AllOf, true
	}
	switch {
	case len(spec.AnyOf) > 0 && len(spec.AllOf) > 0:
		return nil, named(spec.Name, fmt.Errorf("%w: anyOf and allOf exclude each other", ErrCombine))
	case spec.hasRule():
		return nil, named(spec.Name, fmt.Errorf("%w: anyOf and allOf stand alone, without hours, days, makeUp, published, from or to", ErrCombine))
	}
	if depth == 0 {
		if err := spec.checkSize(); err != nil {
			return nil, named(spec.Name, err)
		}
	}
	var parts []*Calendar
	var errs []error
	for i, s := range specs {
		part, err := compile(s, depth+1)
		if err != nil {
			err = fmt.Errorf("part %d: %w", i+1, err)
		}
		parts, errs = append(parts, part), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, named(spec.Name, err)
	}
	if spec.Zone != "" && spec.Zone != parts[0].spec.Zone {
		return nil, named(spec.Name, fmt.Errorf("%w: zone %q is not that of the first calendar, %q", ErrCombine, clip(spec.Zone), parts[0].spec.Zone))
	}
	return combine(spec.Name, all, parts)
}

// hasRule reports whether a declaration says anything of its own beside name and zone.
func (s Spec) hasRule() bool {
	return !s.Hours.IsZero() || len(s.Days) > 0 || s.MakeUp != "" || !s.Published.IsZero() || s.From != 0 || s.To != 0
}

func combine(name string, all bool, parts []*Calendar) (*Calendar, error) {
	if len(parts) == 0 || len(parts) > maxCombined {
		return nil, named(name, fmt.Errorf("%w: %d calendars, want 1 to %d", ErrCombine, len(parts), maxCombined))
	}
	for i, part := range parts {
		if part == nil || part.zone == nil {
			return nil, named(name, fmt.Errorf("%w: calendar %d was not made by New, Union or Intersect", ErrCombine, i+1))
		}
	}
	first := parts[0]
	c := &Calendar{location: first.location, zone: first.zone, parts: append([]*Calendar(nil), parts...), all: all}
	c.spec = Spec{Name: name, Zone: first.spec.Zone}
	years := [2]int{first.years().from, first.years().to}
	c.firm = first.firm
	for _, part := range parts {
		years[0], years[1] = min(years[0], part.years().from), max(years[1], part.years().to)
		c.firm = bounds{max(c.firm.start, part.firm.start), min(c.firm.end, part.firm.end)}
		if all {
			c.spec.AllOf = append(c.spec.AllOf, part.Spec())
		} else {
			c.spec.AnyOf = append(c.spec.AnyOf, part.Spec())
		}
	}
	if years[1]-years[0] >= maxYears {
		return nil, named(name, fmt.Errorf("%w: together the calendars are compiled for %d to %d, more than %d years", ErrYears, years[0], years[1], maxYears))
	}
	if err := c.spec.checkSize(); err != nil {
		return nil, named(name, err)
	}
	c.outside = c.combinedRegime()
	if err := c.build(years[0], years[1]); err != nil {
		return nil, named(name, err)
	}
	if c.table.total == 0 {
		return nil, named(name, fmt.Errorf("%w within the years %d to %d", ErrNeverOpen, years[0], years[1]))
	}
	c.fingerprint = c.sum()
	return c, nil
}

// checkSize refuses combinations of combinations that get out of hand.
func (s Spec) checkSize() error {
	if depth, parts := s.size(); depth > maxDepth || parts > maxCombined {
		return fmt.Errorf("%w: %d calendars combined, nested %d deep; at most %d and %d", ErrTooLarge, parts, depth, maxCombined, maxDepth)
	}
	return nil
}

// size counts how deep combinations nest, and the calendars in them all.
func (s Spec) size() (depth, parts int) {
	if len(s.AnyOf)+len(s.AllOf) == 0 {
		return 0, 1
	}
	for _, list := range [][]Spec{s.AnyOf, s.AllOf} {
		for _, part := range list {
			d, n := part.size()
			depth, parts = max(depth, d), parts+n
		}
	}
	return depth + 1, parts
}

func (c *Calendar) combinedRegime() regime {
	count := map[regime]int{}
	for _, part := range c.parts {
		count[part.outside]++
	}
	n := len(c.parts)
	switch {
	case c.all && count[neverOpen] > 0 || !c.all && count[neverOpen] == n:
		return neverOpen
	case !c.all && count[alwaysOpen] > 0 || c.all && count[alwaysOpen] == n:
		return alwaysOpen
	}
	return sometimesOpen
}

// years returns the compiled years.
func (c *Calendar) years() rule {
	if c.rule != nil {
		return rule{from: c.rule.from, to: c.rule.to}
	}
	r := c.parts[0].years()
	for _, part := range c.parts[1:] {
		y := part.years()
		r.from, r.to = min(r.from, y.from), max(r.to, y.to)
	}
	return r
}

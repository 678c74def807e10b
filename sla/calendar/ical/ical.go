// Package ical reads holidays and special days from an iCalendar file
// (RFC 5545), as public holiday feeds and groupware export them, into the
// [calendar.Days] that a [calendar.Spec] takes.
//
//	var feed ical.Import
//	days, err := feed.Read(file)
//	spec = spec.WithDays(days)
//
// Every all-day event is a holiday, on each of its dates and in each year in
// which it recurs; a feed that also holds other things needs [Import.Day] to
// tell them apart. Dates are civil dates: an all-day event has no zone.
//
// The file is parsed by github.com/arran4/golang-ical and recurrence rules by
// github.com/teambition/rrule-go. It is a module of its own so that programs
// that do not read iCalendar do not depend on them.
package ical

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/servicecharter/charter/sla/calendar"
)

// What can be wrong with a file, for errors.Is.
var (
	// ErrFile: the file cannot be read, is no iCalendar, or is larger than 4 MiB.
	ErrFile = errors.New("ical: bad file")
	// ErrEvent: an event cannot be understood; see [EventError].
	ErrEvent = errors.New("ical: bad event")
	// ErrTimed: an event has a time of day, and no [Import.Day] says what it means.
	ErrTimed = errors.New("ical: not an all-day event")
	// ErrWindow: the window is reversed or longer than 130 years.
	ErrWindow = errors.New("ical: bad window")
)

// EventError names the event that an error is about.
type EventError struct {
	UID     string
	Summary string
	Err     error
}

func (e *EventError) Error() string {
	return fmt.Sprintf("ical: event %q (UID %q): %s", e.Summary, e.UID, strings.TrimPrefix(e.Err.Error(), "ical: "))
}

func (e *EventError) Unwrap() error { return e.Err }

// Event is what [Import.Day] may decide by.
type Event struct {
	UID         string
	Summary     string
	Description string
	Categories  []string
	// AllDay is false for an event with a time of day.
	AllDay bool
	// Transparent events do not take up time (TRANSP:TRANSPARENT). Many feeds
	// mark public holidays so, so it alone says nothing.
	Transparent bool
}

// Import says how to read a file. The zero value makes every all-day event of
// 2007 to 2032, the years that calendars compile by default, a holiday.
type Import struct {
	// From and To bound the dates that are taken, both included. A rule may
	// recur for ever, so there is always a bound: zero means 2007-01-01 and
	// 2032-12-31.
	From, To calendar.Date
	// Day decides what an event means on one of its dates, and whether it means
	// anything. It gets every all-day event on every date, and an event with
	// a time of day on the dates it starts on. Nil takes all-day events as
	// holidays under their summary and refuses others with [ErrTimed].
	Day func(e Event, d calendar.Date) (day calendar.Day, ok bool)
}

const (
	maxFile  = 4 << 20
	maxYears = 130
	maxDays  = 366       // of one event
	maxTotal = 130 * 366 // of all
)

// Read returns the days of a file, by date. DTEND is the first date after an
// event, as the standard has it; without DTEND or DURATION an all-day event
// lasts one day. RRULE, RDATE, EXDATE and moved instances (RECURRENCE-ID) are
// followed, cancelled events left out. Published is not set: a file does not
// say how far it is complete.
//
// Every event that cannot be understood is reported, joined, as an
// [*EventError] that wraps [ErrEvent] or [ErrTimed]; then no day is returned.
func (im Import) Read(r io.Reader) (calendar.Days, error) {
	w, err := im.window()
	if err != nil {
		return calendar.Days{}, err
	}
	events, err := parse(r)
	if err != nil {
		return calendar.Days{}, err
	}
	moved := movedInstances(events)
	var days calendar.Days
	var errs []error
	for _, ve := range events {
		e := describe(ve)
		got, err := im.days(ve, e, w, moved[e.UID])
		if err != nil {
			errs = append(errs, &EventError{e.UID, e.Summary, err})
			continue
		}
		if len(days.Days)+len(got) > maxTotal {
			return calendar.Days{}, fmt.Errorf("%w: more than %d days", ErrFile, maxTotal)
		}
		days.Days = append(days.Days, got...)
	}
	if err := errors.Join(errs...); err != nil {
		return calendar.Days{}, err
	}
	slices.SortStableFunc(days.Days, func(a, b calendar.Day) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Name, b.Name))
	})
	return days, nil
}

func (im Import) window() (window, error) {
	w := window{im.From, im.To}
	if w.from.IsZero() {
		w.from = calendar.Date{Year: 2007, Month: time.January, Day: 1}
	}
	if w.to.IsZero() {
		w.to = calendar.Date{Year: 2032, Month: time.December, Day: 31}
	}
	if !w.from.IsValid() || !w.to.IsValid() || w.from.Compare(w.to) > 0 || w.to.Year-w.from.Year >= maxYears {
		return w, fmt.Errorf("%w: %v to %v", ErrWindow, w.from, w.to)
	}
	return w, nil
}

func parse(r io.Reader) ([]*ics.VEvent, error) {
	if r == nil {
		return nil, fmt.Errorf("%w: no reader", ErrFile)
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%w: larger than 4 MiB", ErrFile)
	}
	// The parser takes an empty file and one that breaks off for a calendar
	// with fewer events, which here would open an office on a holiday.
	text := strings.TrimSpace(strings.TrimPrefix(string(data), "\ufeff"))
	if folded := strings.ToUpper(text); !strings.HasPrefix(folded, "BEGIN:VCALENDAR") || !strings.HasSuffix(folded, "END:VCALENDAR") {
		return nil, fmt.Errorf("%w: does not run from BEGIN:VCALENDAR to END:VCALENDAR", ErrFile)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text + "\r\n"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	var events []*ics.VEvent
	for _, e := range cal.Events() {
		if !strings.EqualFold(value(e, ics.ComponentPropertyStatus), string(ics.ObjectStatusCancelled)) {
			events = append(events, e)
		} else if e.GetProperty(ics.ComponentPropertyRecurrenceId) != nil {
			events = append(events, e) // it takes an instance out of its series
		}
	}
	return events, nil
}

func describe(e *ics.VEvent) Event {
	d := Event{
		UID:         value(e, ics.ComponentPropertyUniqueId),
		Summary:     value(e, ics.ComponentPropertySummary),
		Description: value(e, ics.ComponentPropertyDescription),
		Transparent: strings.EqualFold(value(e, ics.ComponentPropertyTransp), string(ics.TransparencyTransparent)),
	}
	for _, p := range e.GetProperties(ics.ComponentPropertyCategories) {
		for c := range strings.SplitSeq(p.Value, ",") {
			d.Categories = append(d.Categories, strings.TrimSpace(c))
		}
	}
	return d
}

func value(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

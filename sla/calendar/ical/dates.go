package ical

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/teambition/rrule-go"
)

// window holds the first and the last date that are taken.
type window struct{ from, to calendar.Date }

func (w window) holds(d calendar.Date) bool { return w.from.Compare(d) <= 0 && d.Compare(w.to) <= 0 }

// movedInstances returns, by UID, the dates whose instance another event replaces.
func movedInstances(events []*ics.VEvent) map[string]map[calendar.Date]bool {
	moved := map[string]map[calendar.Date]bool{}
	for _, e := range events {
		p := e.GetProperty(ics.ComponentPropertyRecurrenceId)
		if p == nil {
			continue
		}
		if d, _, err := dateOf(p.Value); err == nil {
			uid := value(e, ics.ComponentPropertyUniqueId)
			if moved[uid] == nil {
				moved[uid] = map[calendar.Date]bool{}
			}
			moved[uid][d] = true
		}
	}
	return moved
}

// days returns what one event means for the dates of the window.
func (im Import) days(ve *ics.VEvent, e Event, w window, moved map[calendar.Date]bool) ([]calendar.Day, error) {
	start := ve.GetProperty(ics.ComponentPropertyDtStart)
	if start == nil {
		return nil, fmt.Errorf("%w: no DTSTART", ErrEvent)
	}
	first, allDay, err := dateOf(start.Value)
	if err != nil {
		return nil, fmt.Errorf("%w: DTSTART: %w", ErrEvent, err)
	}
	if e.AllDay = allDay; !allDay && im.Day == nil {
		return nil, fmt.Errorf("%w: DTSTART %s", ErrTimed, start.Value)
	}
	if value(ve, ics.ComponentPropertyRecurrenceId) != "" {
		if strings.EqualFold(value(ve, ics.ComponentPropertyStatus), string(ics.ObjectStatusCancelled)) {
			return nil, nil
		}
		moved = nil
	}
	length := 1
	if allDay {
		if length, err = lengthOf(ve, first); err != nil {
			return nil, err
		}
	}
	starts, err := recur(ve, first, length, w)
	if err != nil {
		return nil, err
	}
	var days []calendar.Day
	for _, d := range starts {
		if moved[d] {
			continue
		}
		for i := range length {
			if on := d.AddDays(i); w.holds(on) {
				if day, ok := im.meaning(e, on); ok {
					days = append(days, day)
				}
			}
		}
	}
	return days, nil
}

func (im Import) meaning(e Event, d calendar.Date) (calendar.Day, bool) {
	if im.Day != nil {
		return im.Day(e, d)
	}
	return calendar.Day{Date: d, Name: e.Summary, Off: true}, true
}

// dateOf reads the date of a DATE or DATE-TIME value, and whether it is a DATE.
// Of a time its own local date counts, whatever its zone.
func dateOf(text string) (d calendar.Date, allDay bool, err error) {
	day, clock, timed := strings.Cut(text, "T")
	t, err := time.Parse("20060102", day)
	if err == nil && timed {
		_, err = time.Parse("150405", strings.TrimSuffix(clock, "Z"))
	}
	if err != nil {
		return d, false, fmt.Errorf("%q is neither a date nor a time", text)
	}
	d = calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	if d.Year < 1678 || d.Year > 2261 {
		return d, false, fmt.Errorf("%v is outside the years 1678 to 2261", d)
	}
	return d, !timed, nil
}

var wholeDays = regexp.MustCompile(`^\+?P(?:(\d{1,3})W|(\d{1,3})D)$`)

// lengthOf returns how many dates an all-day event covers.
func lengthOf(e *ics.VEvent, first calendar.Date) (int, error) {
	length := 1
	if p := e.GetProperty(ics.ComponentPropertyDtEnd); p != nil {
		end, allDay, err := dateOf(p.Value)
		if err != nil {
			return 0, fmt.Errorf("%w: DTEND: %w", ErrEvent, err)
		}
		if !allDay {
			return 0, fmt.Errorf("%w: DTSTART is a date and DTEND a time", ErrEvent)
		}
		length = int(utc(end).Sub(utc(first)) / (24 * time.Hour))
		if length == 0 {
			length = 1 // some exporters repeat the start for an event of one day
		}
	} else if p := e.GetProperty(ics.ComponentPropertyDuration); p != nil {
		m := wholeDays.FindStringSubmatch(p.Value)
		if m == nil {
			return 0, fmt.Errorf("%w: DURATION %q of an all-day event is not whole days or weeks", ErrEvent, p.Value)
		}
		weeks, _ := strconv.Atoi(m[1])
		days, _ := strconv.Atoi(m[2])
		length = 7*weeks + days
	}
	if length < 1 || length > maxDays {
		return 0, fmt.Errorf("%w: lasts %d days, want 1 to %d", ErrEvent, length, maxDays)
	}
	return length, nil
}

// recur returns the dates on which instances start that can touch the window.
func recur(e *ics.VEvent, first calendar.Date, length int, w window) ([]calendar.Date, error) {
	var set rrule.Set
	set.DTStart(utc(first))
	if p := e.GetProperty(ics.ComponentPropertyRrule); p != nil {
		option, err := rrule.StrToROption(p.Value)
		if err != nil {
			return nil, fmt.Errorf("%w: RRULE %q: %w", ErrEvent, p.Value, err)
		}
		if option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
			return nil, fmt.Errorf("%w: RRULE %q: of whole days only days, weeks, months and years recur", ErrEvent, p.Value)
		}
		option.Dtstart = utc(first)
		// Without an end the library would stop 292 years from the start, in silence.
		if end := utc(w.to); option.Until.IsZero() || option.Until.After(end) {
			option.Until = end
		}
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			return nil, fmt.Errorf("%w: RRULE %q: %w", ErrEvent, p.Value, err)
		}
		set.RRule(rule)
	}
	set.RDate(utc(first)) // the start is an instance whatever the rule says
	for _, list := range []struct {
		name ics.ComponentProperty
		add  func(time.Time)
	}{{ics.ComponentPropertyRdate, set.RDate}, {ics.ComponentPropertyExdate, set.ExDate}} {
		for _, p := range e.GetProperties(list.name) {
			for text := range strings.SplitSeq(p.Value, ",") {
				d, _, err := dateOf(text)
				if err != nil {
					return nil, fmt.Errorf("%w: %s: %w", ErrEvent, list.name, err)
				}
				list.add(utc(d))
			}
		}
	}
	var dates []calendar.Date
	for _, t := range set.Between(utc(w.from.AddDays(1-length)), utc(w.to), true) {
		dates = append(dates, calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
	}
	return dates, nil
}

func utc(d calendar.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

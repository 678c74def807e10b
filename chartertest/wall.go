package chartertest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// time reads the time at the beginning of an entry and returns the words after it.
func (r *reader) time(words []word) (time.Time, []word, error) {
	fail := func(err error) (time.Time, []word, error) { return time.Time{}, nil, err }
	if !words[0].bare() {
		return fail(errors.New("expected a time first"))
	}
	first := words[0].key
	if strings.HasPrefix(first, "+") {
		after, err := time.ParseDuration(first[1:])
		switch {
		case err != nil || after < 0:
			return fail(fmt.Errorf("%s: expected a length of time such as +2h30m", first))
		case len(r.h.Entries) == 0:
			return fail(fmt.Errorf("%s: there is no entry before it", first))
		}
		return r.h.Entries[len(r.h.Entries)-1].At.Add(after), words[1:], nil
	}
	if len(first) > len(time.DateOnly) && first[len(time.DateOnly)] == 'T' {
		at, err := history.ParseInstant(first)
		if err != nil {
			return fail(fmt.Errorf("%s: %w", first, err))
		}
		return at, words[1:], nil
	}
	day, err := r.day(first)
	if err != nil {
		return fail(err)
	}
	if len(words) < 2 || !words[1].bare() {
		return fail(fmt.Errorf("%s: expected a time of day after it", first))
	}
	wall, err := timeOfDay(day, words[1].key)
	if err != nil {
		return fail(err)
	}
	at, err := resolve(wall, r.zone)
	if err != nil {
		return fail(err)
	}
	return at, words[2:], nil
}

// day reads mon, mon+1 or 2025-03-10; the result is midnight in UTC.
func (r *reader) day(s string) (time.Time, error) {
	name, weeks, later := strings.Cut(s, "+")
	if i := slices.Index(weekdays, strings.ToLower(name)); i >= 0 {
		n := uint64(0)
		if later {
			var err error
			if n, err = strconv.ParseUint(weeks, 10, 16); err != nil {
				return time.Time{}, fmt.Errorf("%s: expected a number of weeks after the +", s)
			}
		}
		return r.monday.AddDate(0, 0, i+7*int(n)), nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: expected a time first: mon 09:00, 2025-03-10 09:00, 2025-03-10T01:00:00Z or +2h", s)
	}
	return day, nil
}

func timeOfDay(day time.Time, s string) (time.Time, error) {
	layout := "15:04"
	if strings.Count(s, ":") > 1 {
		layout = time.TimeOnly
	}
	t, err := time.Parse(layout, s)
	// time.Parse would drop digits beyond the ninth.
	if _, fraction, _ := strings.Cut(s, "."); err != nil || len(fraction) > 9 {
		return time.Time{}, fmt.Errorf("%s: expected a time of day such as 09:00 or 09:00:00.5", s)
	}
	sinceMidnight := t.Sub(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC))
	return day.Add(sinceMidnight), nil
}

// resolve finds the one instant at which the clocks of a zone show what wall shows in UTC.
func resolve(wall time.Time, zone *time.Location) (time.Time, error) {
	guess := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	near := []time.Time{guess}
	start, end := guess.ZoneBounds()
	if !start.IsZero() {
		near = append(near, start.Add(-1))
	}
	if !end.IsZero() {
		near = append(near, end)
	}
	var found []time.Time
	for _, n := range near {
		_, offset := n.Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := t.In(zone).Zone(); there == offset && !slices.ContainsFunc(found, t.Equal) {
			found = append(found, t)
		}
	}
	switch shown := wall.Format("2006-01-02 15:04:05"); len(found) {
	case 0:
		return time.Time{}, fmt.Errorf("%s: the clocks of %s skip it", shown, zone)
	case 1:
		return found[0], nil
	default:
		return time.Time{}, fmt.Errorf("%s: the clocks of %s show it twice", shown, zone)
	}
}

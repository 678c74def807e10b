package calendar_test

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"pgregory.net/rapid"
)

// anyHours draws up to three intervals in order, night shifts and 24:00 among them.
func anyHours(t *rapid.T, label string) []calendar.Hours {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*4), 0, 6, rapid.ID[int]).Draw(t, label)
	slices.Sort(cuts)
	var hours []calendar.Hours
	for i := 0; i+1 < len(cuts); i += 2 {
		hours = append(hours, calendar.Hours{Open: quarters(cuts[i]), Close: quarters(cuts[i+1])})
	}
	return hours
}

func quarters(n int) time.Duration { return time.Duration(n) * 15 * time.Minute }

// anyWeek draws weekly hours: often the same on many days, sometimes with a
// night shift wherever the next day leaves room for it.
func anyWeek(t *rapid.T) calendar.Week {
	if rapid.IntRange(0, 9).Draw(t, "always") == 0 {
		return calendar.AllWeek()
	}
	usual := anyHours(t, "usual")
	var w calendar.Week
	for day := range w {
		switch rapid.IntRange(0, 4).Draw(t, "day") {
		case 0:
			w[day] = anyHours(t, "hours")
		case 1:
		default:
			w[day] = slices.Clone(usual)
		}
	}
	for day := range w {
		if rapid.IntRange(0, 3).Draw(t, "night") > 0 {
			continue
		}
		room := 24 * time.Hour
		if next := w[(day+1)%7]; len(next) > 0 {
			room = next[0].Open
		}
		night := calendar.Hours{Open: 22 * time.Hour, Close: 24*time.Hour + min(room, 8*time.Hour)}
		w[day] = slices.DeleteFunc(w[day], func(h calendar.Hours) bool { return h.Close > night.Open })
		w[day] = append(w[day], night)
	}
	if w.IsZero() {
		w[time.Tuesday] = []calendar.Hours{{Open: 9 * time.Hour, Close: 17 * time.Hour}}
	}
	return w
}

// scene is a random calendar and an instant where something happens to it.
type scene struct {
	spec calendar.Spec
	loc  *time.Location
	at   time.Time
}

// anyScene draws a calendar whose special days and whose compiled years' edges
// lie about an instant near a transition of its zone, or anywhere.
func anyScene(t *rapid.T) scene {
	var s scene
	s.spec.Zone = rapid.SampledFrom(calendar.TestZones).Draw(t, "zone")
	s.loc = load(s.spec.Zone)
	s.at = time.Unix(rapid.Int64Range(1104537600, 2240524800).Draw(t, "at"), 0).In(s.loc) // 2005 to 2040
	if rapid.IntRange(0, 3).Draw(t, "near") > 0 {
		if _, end := s.at.ZoneBounds(); !end.IsZero() {
			s.at = end
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "edge") == 0 {
		s.at = time.Date(s.at.Year(), time.January, 1, 0, 0, 0, 0, s.loc)
	}
	s.spec.Hours = anyWeek(t)
	year := s.at.Year()
	s.spec.From = year - rapid.IntRange(-1, 2).Draw(t, "from")
	s.spec.To = max(s.spec.From, year+rapid.IntRange(-1, 2).Draw(t, "to"))
	first := dateOf(s.at)
	seen := map[calendar.Date]bool{}
	for range rapid.IntRange(0, 6).Draw(t, "days") {
		day := calendar.Day{Date: first.AddDays(rapid.IntRange(-8, 8).Draw(t, "offset")), Name: "drawn"}
		if seen[day.Date] {
			continue
		}
		seen[day.Date] = true
		if day.Off = rapid.Bool().Draw(t, "off"); !day.Off {
			day.Hours = anyHours(t, "special")
			if len(day.Hours) == 0 {
				day.Hours = []calendar.Hours{{Open: 22 * time.Hour, Close: 30 * time.Hour}}
			}
		}
		s.spec.Days = append(s.spec.Days, day)
	}
	return s
}

// near draws an instant within some days of the scene's, often on a whole
// minute or quarter, where intervals begin and end.
func (s scene) near(t *rapid.T, label string, days int) time.Time {
	most := int64(days) * 86400
	at := s.at.Add(time.Duration(rapid.Int64Range(-most, most).Draw(t, label)) * time.Second)
	switch rapid.IntRange(0, 2).Draw(t, label+" grain") {
	case 0:
		return at.Truncate(15 * time.Minute)
	case 1:
		return at.Truncate(time.Minute)
	}
	return at.Add(time.Duration(rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns")))
}

func load(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return loc
}

func dateOf(t time.Time) calendar.Date {
	y, m, d := t.Date()
	return calendar.Date{Year: y, Month: m, Day: d}
}

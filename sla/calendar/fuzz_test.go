package calendar_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

func FuzzParseWeek(f *testing.F) {
	f.Add("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	f.Add("24/7")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := calendar.ParseWeek(text)
		if err != nil {
			return
		}
		again, err := calendar.ParseWeek(w.String())
		if err != nil || again.String() != w.String() {
			t.Fatalf("%q reads as %q, which reads as %q (%v)", text, w, again, err)
		}
		for day := range w {
			if len(w[day]) != len(again[day]) {
				t.Fatalf("%q loses hours in %q", text, w)
			}
		}
	})
}

// Any declaration is refused or makes a calendar that its own declaration makes again.
func FuzzSpecJSON(f *testing.F) {
	f.Add([]byte(`{"zone":"Europe/Berlin","hours":"Mo-Fr 09:00-17:00","days":[{"date":"2025-05-01","off":true}],"from":2025,"to":2025}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var spec calendar.Spec
		if json.Unmarshal(data, &spec) != nil || tooSlow(spec, 0) {
			return
		}
		c, err := calendar.New(spec)
		if err != nil {
			return
		}
		text, err := json.Marshal(c.Spec())
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		var again calendar.Spec
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		d, err := calendar.New(again)
		if err != nil || c.Fingerprint() != d.Fingerprint() {
			t.Fatalf("%s is not %s (%v)", data, text, err)
		}
		lawsHold(t, c, time.Unix(1743296400, 1), 100*time.Hour)
	})
}

// tooSlow leaves out what is merely a lot of work.
func tooSlow(spec calendar.Spec, depth int) bool {
	parts := append(spec.AnyOf, spec.AllOf...)
	if depth > 2 || len(parts) > 4 {
		return true
	}
	for _, part := range parts {
		if tooSlow(part, depth+1) {
			return true
		}
	}
	return false
}

func FuzzReadDaysCSV(f *testing.F) {
	f.Add([]byte("date,day,name\n2027-01-01,off,New Year\n2027-02-05,\"09:00-12:00,13:00-15:00\",short\n2027-12-31,published,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		days, err := calendar.ReadDaysCSV(bytes.NewReader(data))
		checkDays(t, days, err)
	})
}

func FuzzReadDaysJSON(f *testing.F) {
	f.Add([]byte(`{"published":"2027-12-31","days":[{"date":"2027-01-01","off":true},{"date":"2027-02-05","hours":["09:00-12:00"]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		days, err := calendar.ReadDaysJSON(bytes.NewReader(data))
		checkDays(t, days, err)
	})
}

// checkDays writes days that were read as JSON and reads them again.
func checkDays(t *testing.T, days calendar.Days, err error) {
	if err != nil {
		if len(days.Days) > 0 {
			t.Fatal("days beside an error")
		}
		return
	}
	file := map[string]any{"days": append([]calendar.Day{}, days.Days...)}
	if !days.Published.IsZero() {
		file["published"] = days.Published
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatalf("%+v: %v", days, err)
	}
	again, err := calendar.ReadDaysJSON(bytes.NewReader(data))
	if err != nil || len(again.Days) != len(days.Days) || again.Published != days.Published {
		t.Fatalf("%s: %+v (%v)", data, again, err)
	}
	for i, day := range days.Days {
		if len(day.Hours) == 0 {
			day.Hours = nil
		}
		if !reflect.DeepEqual(day.Hours, again.Days[i].Hours) || day.Date != again.Days[i].Date || day.Off != again.Days[i].Off {
			t.Fatalf("%+v became %+v", day, again.Days[i])
		}
	}
}

func FuzzAddBetween(f *testing.F) {
	f.Add(uint8(3), uint8(0), int64(1743296400), int64(1), int64(400*time.Hour))
	f.Add(uint8(33), uint8(2), int64(1325239200), int64(999_999_999), int64(-time.Hour))
	hours := []string{"Mo-Fr 09:00-12:00,13:00-18:00", "24/7", "Mo-Su 22:00-06:00", "Su 02:15-02:45", "Mo-Su 00:00-00:30,23:30-24:00"}
	type key struct{ zone, hours int }
	made := map[key]*calendar.Calendar{}
	var mu sync.Mutex
	f.Fuzz(func(t *testing.T, zone, text uint8, sec, nsec, d int64) {
		k := key{int(zone) % len(calendar.TestZones), int(text) % len(hours)}
		mu.Lock()
		c := made[k]
		if c == nil {
			c = build(t, calendar.Spec{Zone: calendar.TestZones[k.zone], Hours: week(t, hours[k.hours])})
			made[k] = c
		}
		mu.Unlock()
		lawsHold(t, c, time.Unix(sec%1e11, nsec%1e9), time.Duration(d))
	})
}

// lawsHold checks what must be true of any calendar, instant and span.
func lawsHold(t *testing.T, c *calendar.Calendar, at time.Time, d time.Duration) {
	t.Helper()
	at = at.UTC()
	end := c.Add(at, d)
	known := at.After(calendar.Earliest()) && at.Before(calendar.Latest())
	if !limit(end) && known {
		if got := c.Between(at, end); got != d {
			t.Fatalf("Between(%v, Add(%v)) = %v", at, d, got)
		}
		if d > 0 && c.Between(at, end.Add(-1)) >= d {
			t.Fatalf("Add(%v, %v) = %v is not the earliest", at, d, end)
		}
	}
	if got := c.Between(end, at); got != -c.Between(at, end) {
		t.Fatalf("Between(%v, %v) = %v", end, at, got)
	}
	if open := c.NextOpen(at); known && !limit(open) && (!c.IsOpen(open) || open.Before(at)) {
		t.Fatalf("NextOpen(%v) = %v", at, open)
	}
	p := c.DayPosition(at)
	if back := c.AtDayPosition(p); known && back.After(at) {
		t.Fatalf("AtDayPosition(DayPosition(%v)) = %v", at, back)
	}
	n := int(d % 5000)
	if then := c.AddDays(at, n, calendar.DayRule{}); n > 0 && known && !limit(then) && c.DaysBetween(at, then) != n {
		t.Fatalf("AddDays(%v, %d) = %v", at, n, then)
	}
}

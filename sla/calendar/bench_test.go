package calendar_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/servicecharter/charter/sla/calendar"
)

// The peer and the floor stand beside ours: one weekly calendar without
// holidays, 09:00-17:00 in Berlin, because the peer knows one interval a day.
// Starts are drawn once from a fixed seed, so that caches see no pattern.

var benchSpans = []time.Duration{4 * time.Hour, 40 * time.Hour, 400 * time.Hour, 4000 * time.Hour}

var benchRanges = []struct {
	name string
	d    time.Duration
}{{"week", 7 * 24 * time.Hour}, {"year", 365 * 24 * time.Hour}, {"10years", 3652 * 24 * time.Hour}}

func benchStarts(loc *time.Location) []time.Time {
	draw := rand.New(rand.NewPCG(1, 2))
	starts := make([]time.Time, 1024)
	for i := range starts {
		starts[i] = time.Unix(1230768000+draw.Int64N(9*365*86400), draw.Int64N(1e9)).In(loc)
	}
	return starts
}

func benchCalendars(b *testing.B) map[string]*calendar.Calendar {
	return map[string]*calendar.Calendar{
		"nine-to-five": build(b, calendar.Spec{Zone: "Europe/Berlin", Hours: week(b, "Mo-Fr 09:00-17:00")}),
		"lunch":        build(b, calendar.Spec{Zone: "Europe/Berlin", Hours: week(b, "Mo-Fr 09:00-12:00,13:00-18:00")}),
		"24-7":         build(b, calendar.Spec{Zone: "Europe/Berlin", Hours: calendar.AllWeek()}),
		"hour-a-month": build(b, hourAMonth()),
		"crowded":      build(b, crowded()),
	}
}

// hourAMonth is open 10:00-11:00 on the 15th of every month and never else.
func hourAMonth() calendar.Spec {
	spec := calendar.Spec{Zone: "Europe/Berlin"}
	for year := 2007; year <= 2032; year++ {
		for month := time.January; month <= time.December; month++ {
			spec.Days = append(spec.Days, calendar.Day{
				Date:  calendar.Date{Year: year, Month: month, Day: 15},
				Hours: []calendar.Hours{{Open: 10 * time.Hour, Close: 11 * time.Hour}},
			})
		}
	}
	return spec
}

// crowded opens a minute every half hour on one weekend of a year, and all of
// every Wednesday: the worst that a proportional search can meet.
func crowded() calendar.Spec {
	week := calendar.Week{time.Wednesday: {{Close: 24 * time.Hour}}}
	spec := calendar.Spec{Zone: "Europe/Berlin", Hours: week}
	for year := 2007; year <= 2032; year++ {
		var minutes []calendar.Hours
		for half := range 48 {
			open := time.Duration(half) * 30 * time.Minute
			minutes = append(minutes, calendar.Hours{Open: open, Close: open + time.Minute})
		}
		spec.Days = append(spec.Days,
			calendar.Day{Date: calendar.Date{Year: year, Month: time.June, Day: 1}, Hours: minutes},
			calendar.Day{Date: calendar.Date{Year: year, Month: time.June, Day: 2}, Hours: minutes})
	}
	return spec
}

var (
	sinkTime     time.Time
	sinkDuration time.Duration
	sinkInt      int
)

func BenchmarkAdd(b *testing.B) {
	for _, name := range []string{"nine-to-five", "lunch", "24-7", "hour-a-month", "crowded"} {
		c := benchCalendars(b)[name]
		starts := benchStarts(c.Location())
		spans := benchSpans
		if name == "hour-a-month" {
			spans = []time.Duration{4 * time.Hour, 40 * time.Hour, 100 * time.Hour} // 100 hours are eight years
		}
		for _, d := range spans {
			b.Run(fmt.Sprintf("%s/%v", name, d), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					sinkTime = c.Add(starts[i%len(starts)], d)
				}
			})
		}
	}
}

func BenchmarkBetween(b *testing.B) {
	for _, name := range []string{"nine-to-five", "lunch", "24-7", "hour-a-month", "crowded"} {
		c := benchCalendars(b)[name]
		starts := benchStarts(c.Location())
		for _, r := range benchRanges {
			b.Run(name+"/"+r.name, func(b *testing.B) {
				ends := make([]time.Time, len(starts))
				for i, t := range starts {
					ends[i] = t.Add(r.d)
				}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					sinkDuration = c.Between(starts[i%len(starts)], ends[i%len(starts)])
				}
			})
		}
	}
}

func BenchmarkDays(b *testing.B) {
	c := benchCalendars(b)["lunch"]
	starts := benchStarts(c.Location())
	positions := make([]time.Duration, len(starts))
	for i, t := range starts {
		positions[i] = c.DayPosition(t)
	}
	run := func(name string, op func(i int)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				op(i % len(starts))
			}
		})
	}
	run("AddDays/3", func(i int) { sinkTime = c.AddDays(starts[i], 3, calendar.DayRule{}) })
	run("AddDays/300-last-hours", func(i int) { sinkTime = c.AddDays(starts[i], 300, calendar.DayRule{End: calendar.LastHours}) })
	run("Position", func(i int) { sinkDuration = c.Position(starts[i]) })
	run("DaysBetween/10years", func(i int) { sinkInt = c.DaysBetween(starts[i], starts[len(starts)-1-i]) })
	run("DayPosition", func(i int) { sinkDuration = c.DayPosition(starts[i]) })
	run("AtDayPosition", func(i int) { sinkTime = c.AtDayPosition(positions[i]) })
	run("LastClose", func(i int) { sinkTime = c.LastClose(positions[i]) })
	run("NextOpen", func(i int) { sinkTime = c.NextOpen(starts[i]) })
	run("NextClose", func(i int) { sinkTime = c.NextClose(starts[i]) })
}

// BenchmarkOutside is the price of leaving the compiled years.
func BenchmarkOutside(b *testing.B) {
	c := benchCalendars(b)["lunch"]
	from := time.Date(2033, time.March, 1, 12, 0, 0, 0, c.Location())
	for _, years := range []int{1, 10, 100} {
		to := from.AddDate(years, 0, 0)
		b.Run(fmt.Sprintf("Between/%dyears", years), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sinkDuration = c.Between(from, to)
			}
		})
	}
}

// BenchmarkFloor is the least that any answer from sorted intervals costs with
// a plain binary search, without days, zones, saturation or options.
func BenchmarkFloor(b *testing.B) {
	c := benchCalendars(b)["lunch"]
	var starts, before []int64
	var open int64
	for i := range c.Intervals(time.Date(2007, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2033, 1, 1, 0, 0, 0, 0, time.UTC)) {
		starts, before = append(starts, i.Start.UnixNano()), append(before, open)
		open += int64(i.Duration())
	}
	before = append(before, open)
	position := func(t time.Time) int64 {
		at := t.UnixNano()
		i, found := slices.BinarySearch(starts, at)
		if !found {
			i--
		}
		return min(before[i]+at-starts[i], before[i+1])
	}
	from := benchStarts(c.Location())
	b.Run("Add/400h0m0s", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			t := from[i%len(from)]
			want := position(t) + int64(400*time.Hour)
			j, _ := slices.BinarySearch(before, want)
			sinkTime = time.Unix(0, starts[j-1]+want-before[j-1]).In(t.Location())
		}
	})
	b.Run("Between/10years", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			t := from[i%len(from)]
			sinkDuration = time.Duration(position(t.Add(benchRanges[2].d)) - position(t))
		}
	})
}

// BenchmarkRickar is github.com/rickar/cal/v2 at the same questions.
func BenchmarkRickar(b *testing.B) {
	peer := cal.NewBusinessCalendar()
	peer.SetWorkHours(9*time.Hour, 17*time.Hour)
	c := benchCalendars(b)["nine-to-five"]
	starts := benchStarts(c.Location())
	for _, d := range benchSpans {
		b.Run(fmt.Sprintf("Add/%v", d), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sinkTime = peer.AddWorkHours(starts[i%len(starts)], d)
			}
		})
	}
	for _, r := range benchRanges {
		b.Run("Between/"+r.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				t := starts[i%len(starts)]
				sinkDuration = peer.WorkHoursInRange(t, t.Add(r.d))
			}
		})
	}
}

// BenchmarkNew compiles 26 years with a lunch break and reports what the
// calendar keeps, its own copy of the declaration included.
func BenchmarkNew(b *testing.B) {
	for name, hours := range map[string]string{
		"lunch":           "Mo-Fr 09:00-12:00,13:00-18:00; PH off",
		"lunch-every-day": "Mo-Su 09:00-12:00,13:00-18:00; PH off",
	} {
		spec := calendar.Spec{Zone: "Europe/Berlin", Hours: week(b, hours)}
		b.Run(name, func(b *testing.B) {
			var c *calendar.Calendar
			for b.Loop() {
				c = build(b, spec)
			}
			b.ReportMetric(float64(retained(b, spec)), "retained-B")
			runtime.KeepAlive(c)
		})
	}
}

// retained measures the heap that one more calendar keeps.
func retained(tb testing.TB, spec calendar.Spec) int64 {
	var before, after runtime.MemStats
	build(tb, spec)
	var kept [16]*calendar.Calendar
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range kept {
		kept[i] = build(tb, spec)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(len(kept))
}

func build(tb testing.TB, spec calendar.Spec) *calendar.Calendar {
	tb.Helper()
	c, err := calendar.New(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func week(tb testing.TB, text string) calendar.Week {
	tb.Helper()
	w, err := calendar.ParseWeek(text)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

package charter_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// takeOver puts n open cases into a journal, opened one a minute apart from each
// other, in cycles of a day, all long before now.
func takeOver(t testing.TB, s *shop, n int) {
	t.Helper()
	for i := range n {
		at := opening().Add(-time.Duration(i%1440) * time.Minute)
		h := history.History{Case: fmt.Sprint("OLD-", i), Entries: []history.Entry{{Seq: 1, At: at, Kind: history.Opened}}}
		if err := s.desk.Adopt(context.Background(), h); err != nil {
			t.Fatal(err)
		}
	}
}

// A host that starts with a mountain of open cases, overdue for up to a day,
// tells nobody about the past, and each of the cases that still fall due.
func TestDeskAdoptsAMountain(t *testing.T) {
	cases := 300_000
	if testing.Short() {
		cases = 3_000
	}
	s := newShop(t, journal.NewMemory(), func(c *charter.Config) { c.Cutover = opening() })
	takeOver(t, s, cases)
	// Cases opened at most two hours before have rungs ahead.
	s.tick(0)
	ahead := 0
	for i := range cases {
		if m := i % 1440; m <= 30 {
			ahead += 4
		} else if m < 60 {
			ahead += 3
		} else if m == 60 {
			// Due at the cut-over itself, breached just after.
			ahead += 3
		} else if m <= 120 {
			ahead++
		}
	}
	s.tick(3 * time.Hour)
	require.Len(t, s.got, ahead)
	for _, d := range s.got {
		require.False(t, d.At.Before(opening()), "%v", d)
	}
}

func BenchmarkDeskOpenAndAnswer(b *testing.B) {
	s := newShop(b, journal.NewMemory(), nil)
	i := 0
	for b.Loop() {
		i++
		id := fmt.Sprint("T-", i)
		s.add(id, "", history.Opened)
		s.add(id, "", history.Responded)
	}
	b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "commands/s")
}

// A tick costs what is due, not what is open.
func BenchmarkDeskTick(b *testing.B) {
	for _, open := range []int{100, 1_000_000} {
		b.Run(fmt.Sprintf("open=%d/due=100", open), func(b *testing.B) {
			s := newShop(b, journal.NewMemory(), nil)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for i := range open - 100 {
				// Open, with nothing due before the next day.
				s.now = opening().Add(24 * time.Hour)
				s.add(fmt.Sprint("IDLE-", i), "", history.Opened)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			round := 0
			b.ResetTimer()
			for b.Loop() {
				b.StopTimer()
				round++
				s.now = opening()
				for i := range 100 {
					s.add(fmt.Sprint("DUE-", round, "-", i), "", history.Opened)
				}
				b.StartTimer()
				s.tick(30 * time.Minute)
				b.StopTimer()
				for i := range 100 {
					s.add(fmt.Sprint("DUE-", round, "-", i), "", history.Responded)
				}
				b.StartTimer()
			}
			if open > 100 {
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(open-100), "B/open-case")
			}
		})
	}
}

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

// A tick costs what is due, not what is open: x-100 is how many times as long a
// tick with 100 due takes among 1,000,000 open cases as among 100.
func BenchmarkDeskTick(b *testing.B) {
	const due, large = 100, 1_000_000
	small, big := newShop(b, journal.NewMemory(), nil), newShop(b, journal.NewMemory(), nil)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	// Open, with nothing due before the next day.
	big.now = opening().Add(24 * time.Hour)
	for i := range large - due {
		big.add(fmt.Sprint("IDLE-", i), "", history.Opened)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)

	round := 0
	turn := func(s *shop) time.Duration {
		s.now = opening()
		for i := range due {
			s.add(fmt.Sprint("DUE-", round, "-", i), "", history.Opened)
		}
		s.got = s.got[:0]
		began := time.Now()
		s.tick(30 * time.Minute)
		took := time.Since(began)
		if len(s.got) != due {
			b.Fatalf("%d notices, want %d", len(s.got), due)
		}
		for i := range due {
			s.add(fmt.Sprint("DUE-", round, "-", i), "", history.Responded)
		}
		return took
	}
	var among100, amongAll time.Duration
	for b.Loop() {
		round++
		if round%2 == 0 {
			among100 += turn(small)
			amongAll += turn(big)
		} else {
			amongAll += turn(big)
			among100 += turn(small)
		}
	}
	b.ReportMetric(0, "ns/op") // of no meaning: cases are opened and closed in it
	b.ReportMetric(float64(amongAll.Nanoseconds())/float64(b.N), "ns/tick")
	b.ReportMetric(float64(amongAll)/float64(among100), "x-100")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(large-due), "B/open-case")
}

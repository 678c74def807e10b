package measure_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality/measure"
)

// flow returns a year of facts in the order of time: four shares and ratings, of three tiers, four channels and fifty agents: 36,000 groups.
func flow(n int) []fact {
	r := rand.New(rand.NewPCG(5, 6))
	ids := []string{"reopen-rate", "resolution-rate", "complaint-rate", "accuracy", "satisfaction"}
	tiers, channels := []string{"routine", "urgent", "key"}, []string{"phone", "chat", "email", "app"}
	var agents []string
	for i := range 50 {
		agents = append(agents, fmt.Sprint("agent-", i))
	}
	facts := make([]fact, n)
	for i := range facts {
		f := measure.Hit(r.IntN(20) > 0)
		id := ids[r.IntN(len(ids))]
		if id == "satisfaction" {
			f = measure.Rating(decimal.NewFromInt(int64(1 + r.IntN(5))))
		}
		facts[i] = fact{id, measure.Observation{
			At:    time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * (365 * 24 * time.Hour) / time.Duration(n)),
			Slice: measure.Slice{Tier: tiers[r.IntN(3)], Channel: channels[r.IntN(4)], Agent: agents[r.IntN(50)]}, Fact: f,
		}}
	}
	return facts
}

// Ten million facts of a year, a tally beside the obvious way, a bare map of two counters; ns and bytes of each fact. The map keeps no
// periods' zone, no pending facts and no scores, and knows no measure.
func BenchmarkTenMillionFacts(b *testing.B) {
	const n = 10_000_000
	facts := flow(1 << 16)
	by := measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true, Channel: true, Agent: true}
	run := func(name string, count func() any) {
		b.Run(name, func(b *testing.B) {
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				start := time.Now()
				kept := count()
				took := time.Since(start)
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(kept)
				b.ReportMetric(float64(took.Nanoseconds())/n, "ns/fact")
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/fact")
			}
		})
	}
	run("tally", func() any {
		tally := measure.NewTally(standard(), by)
		for i := range n {
			f := &facts[i*len(facts)/n] // in the order of time
			if err := tally.Observe(f.measure, f.o); err != nil {
				b.Fatal(err)
			}
		}
		return tally
	})
	run("map", func() any {
		type group struct {
			measure, period string
			slice           measure.Slice
		}
		type counters struct{ hits, trials uint64 }
		counts := map[group]counters{}
		for i := range n {
			f := &facts[i*len(facts)/n]
			g := group{f.measure, "2025-01", f.o.Slice}
			c := counts[g]
			c.trials++
			if i%20 > 0 {
				c.hits++
			}
			counts[g] = c
		}
		return counts
	})
}

// A thousand shards of ten thousand facts each.
func BenchmarkMergeThousandShards(b *testing.B) {
	by := measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true, Channel: true}
	facts := flow(10_000)
	shards := make([]*measure.Tally, 1000)
	for i := range shards {
		shards[i] = counted(b, by, facts[i:min(i+1000, len(facts))])
	}
	for b.Loop() {
		sum := measure.NewTally(standard(), by)
		for _, s := range shards {
			if err := sum.Merge(s); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkTakeCase(b *testing.B) {
	tally := measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true})
	h := parse(`
		mon 09:00 open kind=ticket tier=urgent channel=phone
		mon 09:05 accept
		mon 09:10 reply by=agent/17
		mon 09:20 dispatch person=17
		mon 11:00 resolve result=done
		mon 12:00 survey score=5
		tue 09:00 close
	`)
	b.ReportAllocs()
	for b.Loop() {
		r := measure.Record{Of: measure.Cases, History: h, Now: sunday}
		if err := tally.Take(&r); err != nil {
			b.Fatal(err)
		}
	}
}

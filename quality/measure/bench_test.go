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

// flow returns a year of facts in the order of time: four shares and ratings, of three tiers, four channels and fifty agents: up to 36,000
// groups by the month. Another seed gives other facts.
func flow(seed uint64, n int) []fact {
	r := rand.New(rand.NewPCG(seed, 6))
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
			At:    time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * (365 * 24 * time.Hour / time.Duration(n))),
			Slice: measure.Slice{Tier: tiers[r.IntN(3)], Channel: channels[r.IntN(4)], Agent: agents[r.IntN(50)]}, Fact: f,
		}}
	}
	return facts
}

// group and counters are the obvious way to count: a bare map of two counters. It keeps no pending facts, no scores and no examples, and knows no
// measure.
type group struct {
	measure string
	year    int
	month   time.Month
	slice   measure.Slice
}

type counters struct{ hits, trials uint64 }

func (f *fact) count(counts map[group]counters, hit bool) {
	year, month, _ := f.o.At.In(shanghai).Date()
	g := group{f.measure, year, month, f.o.Slice}
	c := counts[g]
	c.trials++
	if hit {
		c.hits++
	}
	counts[g] = c
}

// Ten million facts of a year, by a tally and by a bare map in turns: ns and bytes of each fact, and how many times the map's each is.
func BenchmarkTenMillionFacts(b *testing.B) {
	const n = 10_000_000
	facts := flow(5, 1<<16)
	by := measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true, Channel: true, Agent: true}
	var took [2]time.Duration
	var kept [2]int64
	run := func(way int, count func() any) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		counts := count()
		took[way] += time.Since(start)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(counts)
		kept[way] += int64(after.HeapAlloc) - int64(before.HeapAlloc)
	}
	turns, groups := 0, 0
	for b.Loop() {
		turns++
		run(0, func() any {
			tally := measure.NewTally(standard(), by)
			for i := range n {
				f := &facts[i*len(facts)/n] // in the order of time
				if err := tally.Observe(f.measure, f.o); err != nil {
					b.Fatal(err)
				}
			}
			return tally
		})
		run(1, func() any {
			counts := map[group]counters{}
			for i := range n {
				facts[i*len(facts)/n].count(counts, i%20 > 0)
			}
			groups = len(counts)
			return counts
		})
	}
	for way, name := range []string{"tally", "map"} {
		b.ReportMetric(float64(took[way].Nanoseconds())/float64(n*turns), name+"-ns/fact")
		b.ReportMetric(float64(kept[way])/float64(n*turns), name+"-B/fact")
	}
	b.ReportMetric(float64(groups), "groups")
	b.ReportMetric(float64(took[0])/float64(took[1]), "times-map")
	b.ReportMetric(float64(kept[0])/float64(kept[1]), "times-map-bytes")
}

// A thousand shards of a thousand facts each, no fact in two, all over the same year, merged into one; beside it, in turns, shards that are bare
// maps of counters, added up.
func BenchmarkMergeThousandShards(b *testing.B) {
	by := measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true, Channel: true}
	shards, plain := make([]*measure.Tally, 1000), make([]map[group]counters, 1000)
	for i := range shards {
		facts := flow(uint64(i), 1000)
		shards[i] = counted(b, by, facts)
		plain[i] = map[group]counters{}
		for k := range facts {
			facts[k].o.Slice.Agent = "" // which by does not keep apart
			facts[k].count(plain[i], k%20 > 0)
		}
	}
	var took [2]time.Duration
	for b.Loop() {
		start := time.Now()
		sum := measure.NewTally(standard(), by)
		for _, s := range shards {
			if err := sum.Merge(s); err != nil {
				b.Fatal(err)
			}
		}
		middle := time.Now()
		counts := map[group]counters{}
		for _, s := range plain {
			for g, c := range s {
				all := counts[g]
				all.hits += c.hits
				all.trials += c.trials
				counts[g] = all
			}
		}
		took[0] += middle.Sub(start)
		took[1] += time.Since(middle)
	}
	b.ReportMetric(float64(took[0])/float64(took[1]), "times-map")
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

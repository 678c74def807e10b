package quality_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// sample returns handling times as a help desk has them: log-normal around four hours, from seconds to weeks.
func sample() []time.Duration {
	r := rand.New(rand.NewPCG(1, 2))
	vs := make([]time.Duration, 1<<16)
	for i := range vs {
		vs[i] = time.Duration(float64(4*time.Hour) * math.Exp(1.5*r.NormFloat64()))
	}
	return vs
}

func BenchmarkObserve(b *testing.B) {
	vs := sample()
	b.Run("durations", func(b *testing.B) {
		var d quality.Durations
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_ = d.Observe(vs[i%len(vs)])
		}
	})
	// The obvious way: exact to the second, without a bound on memory.
	b.Run("map", func(b *testing.B) {
		counts := map[time.Duration]uint64{}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			counts[vs[i%len(vs)].Truncate(time.Second)]++
		}
	})
}

func BenchmarkMerge(b *testing.B) {
	var one, all quality.Durations
	for _, v := range sample() {
		_ = one.Observe(v)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = all.Merge(&one)
	}
}

func BenchmarkQuantile(b *testing.B) {
	var d quality.Durations
	for _, v := range sample() {
		_ = d.Observe(v)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.Quantile(0.95)
	}
}

func BenchmarkWilson(b *testing.B) {
	p, _ := quality.NewProportion(81, 263)
	b.ReportAllocs()
	for b.Loop() {
		p.Wilson(0.95)
	}
}

func BenchmarkDurationsJSON(b *testing.B) {
	var d quality.Durations
	for _, v := range sample() {
		_ = d.Observe(v)
	}
	data, _ := json.Marshal(d)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		_ = json.Unmarshal(data, &d)
	}
}

// Scores beside the obvious way, a map from score to count.
func BenchmarkScores(b *testing.B) {
	scale, _ := quality.Whole(1, 5)
	answers := make([]decimal.Decimal, 1<<10)
	for i := range answers {
		answers[i] = decimal.NewFromInt(int64(1 + i%5))
	}
	b.Run("scores", func(b *testing.B) {
		s := quality.NewScores(scale)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_ = s.Observe(answers[i%len(answers)])
		}
	})
	b.Run("map", func(b *testing.B) {
		counts := map[string]uint64{}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			counts[answers[i%len(answers)].String()]++
		}
	})
}

// An assessment that has to look for how many more answers would tell.
func BenchmarkAssess(b *testing.B) {
	o := quality.Objective{Measure: "satisfaction", Bound: quality.AtLeast, Figure: decimal.NewFromInt(90), Unit: quality.Percent}
	p, _ := quality.NewProportion(281, 300)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = o.Assess(p, 0.95)
	}
}

func BenchmarkBootstrap(b *testing.B) {
	scale, _ := quality.Whole(1, 5)
	for _, n := range []int{100, 100_000} {
		s := quality.NewScores(scale)
		for i := range n {
			_ = s.Observe(decimal.NewFromInt(int64(1 + i%5)))
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				s.Bootstrap(0.95, 2000, 1)
			}
		})
	}
}

package quality_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

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

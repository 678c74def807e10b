package chart_test

import (
	"testing"

	"github.com/servicecharter/charter/quality/chart"
)

func BenchmarkObserve(b *testing.B) {
	c := cusum(b, 5)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, _ = c.Observe(float64(i%3) - 1)
	}
}

func BenchmarkPLimits(b *testing.B) {
	c, err := chart.NewP(0.001, chart.ThreeSigma)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = c.Limits(1000)
	}
}

func BenchmarkRunLength(b *testing.B) {
	c := cusum(b, 5)
	for b.Loop() {
		_, _ = c.RunLength(1)
	}
}

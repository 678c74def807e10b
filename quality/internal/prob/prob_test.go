package prob_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality/internal/prob"
)

// Student's t at two-sided 95% and 99%, and chi-square at 2.5% and 97.5%, as any table has them.
func TestTables(t *testing.T) {
	for _, c := range []struct{ level, degrees, want float64 }{
		{0.95, 1, 12.706205},
		{0.95, 2, 4.302653},
		{0.95, 10, 2.228139},
		{0.95, 29, 2.045230},
		{0.99, 5, 4.032143},
		{0.90, 120, 1.657651},
		{0.95, 1e6, 1.959966},
		{0.95, 1e12, 1.959964},
	} {
		assert.InDelta(t, c.want, prob.StudentTwoSided(c.level, c.degrees), 2e-6, "t %v %v", c.level, c.degrees)
	}
	for _, c := range []struct{ p, degrees, want float64 }{
		{0.025, 2, 0.050636}, {0.975, 2, 7.377759}, {0.025, 20, 9.590777}, {0.975, 20, 34.169607}, {0.975, 1, 5.023886}, {0.025, 200, 162.727983},
	} {
		assert.InDelta(t, c.want, 2*prob.GammaQuantile(c.p, c.degrees/2), 2e-6, "chi-square %v %v", c.p, c.degrees)
	}
}

// With whole shapes the distributions are sums that anybody can write down.
func TestSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "trials")
		k := rapid.IntRange(-1, n).Draw(t, "hits")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "rate")
		var below, above float64
		for i := range n + 1 {
			a, _ := math.Lgamma(float64(n + 1))
			b, _ := math.Lgamma(float64(i + 1))
			c, _ := math.Lgamma(float64(n - i + 1))
			chance := math.Exp(a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
			if i <= k {
				below += chance
			} else {
				above += chance
			}
		}
		assert.InDelta(t, below, prob.Binomial(float64(k), float64(n), p), 1e-10)
		assert.InDelta(t, above, prob.BinomialAbove(float64(k), float64(n), p), 1e-10)

		// P(Gamma(n) > x) is the chance of fewer than n events of a Poisson distribution with mean x.
		x := rapid.Float64Range(0.01, 300).Draw(t, "mean")
		fewer := 0.0
		for i := range n {
			g, _ := math.Lgamma(float64(i + 1))
			fewer += math.Exp(float64(i)*math.Log(x) - x - g)
		}
		assert.InDelta(t, 1-fewer, prob.Gamma(x, float64(n)), 1e-10)
	})
}

// Near one the float64s lie too far apart for a steep distribution: p then lies between what the neighbours of the quantile give.
func TestQuantilesInvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(0.0001, 0.9999).Draw(t, "p")
		a := rapid.Float64Range(0.5, 1e6).Draw(t, "a")
		b := rapid.Float64Range(0.5, 1e6).Draw(t, "b")
		x := prob.BetaQuantile(p, a, b)
		assert.GreaterOrEqual(t, p, prob.Beta(math.Nextafter(x, 0), a, b)-1e-7)
		assert.LessOrEqual(t, p, prob.Beta(math.Nextafter(x, 1), a, b)+1e-7)
		assert.InDelta(t, p, prob.Gamma(prob.GammaQuantile(p, a), a), 1e-7)
	})
}

func TestLargeShapesAreNormal(t *testing.T) {
	const n, p = 1e9, 0.3
	sd := math.Sqrt(n * p * (1 - p))
	for _, z := range []float64{-2, 0, 1.5} {
		assert.InDelta(t, prob.Normal(z), prob.Binomial(math.Floor(n*p+z*sd), n, p), 1e-4)
		assert.InDelta(t, prob.Normal(z), prob.Gamma(n+z*math.Sqrt(n), n), 1e-4)
	}
}

func TestNoSuchDistribution(t *testing.T) {
	for _, v := range []float64{
		prob.Beta(0.5, 0, 1), prob.Beta(0.5, 1, math.NaN()), prob.Beta(math.NaN(), 1, 1), prob.Beta(0.5, 1e11, 1), prob.Gamma(1, 0), prob.Gamma(1, 1e11), prob.Gamma(math.NaN(), 1),
		prob.StudentTwoSided(0.95, 0), prob.StudentTwoSided(95, 3), prob.BetaQuantile(2, 1, 1), prob.BetaQuantile(0.5, -1, 1),
	} {
		assert.True(t, math.IsNaN(v))
	}
	assert.Equal(t, []float64{0, 1, 0, 1, 0, 1}, []float64{
		prob.Beta(-1, 2, 3), prob.Beta(2, 2, 3), prob.Gamma(-1, 2), prob.Gamma(math.Inf(1), 2), prob.Binomial(-1, 3, 0.5), prob.Binomial(3, 3, 0.5),
	})
}

package chart_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/chart"
)

func proportion(t require.TestingT, hits, trials uint64) quality.Proportion {
	p, err := quality.NewProportion(hits, trials)
	require.NoError(t, err)
	return p
}

func pchart(t require.TestingT, rate float64) chart.P {
	c, err := chart.NewP(rate, chart.ThreeSigma)
	require.NoError(t, err)
	return c
}

// Three standard deviations at a rate of 0.1% and 1,000 cases are a count of 3.998, and four or more come 1.9% of the time, where the
// textbook promises 0.27%.
func TestThreeSigmaAlarmsFalsely(t *testing.T) {
	c := pchart(t, 0.001)
	low, high, alarms, err := c.Sigma(1000, 3)
	require.NoError(t, err)
	assert.Zero(t, low)
	assert.InDelta(t, 0.003998, high, 1e-6)
	assert.InDelta(t, 0.019, alarms, 0.0005)

	_, most, err := c.Limits(1000)
	require.NoError(t, err)
	assert.Equal(t, uint64(5), most)
	below, above, err := c.FalseAlarms(1000)
	require.NoError(t, err)
	assert.Zero(t, below)
	assert.InDelta(t, 0.000590, above, 0.00001) // Poisson with mean 1: 0.000594
	for hits, want := range map[uint64]chart.Signal{0: chart.None, 4: chart.None, 5: chart.None, 6: chart.High} {
		got, err := c.Watch(proportion(t, hits, 1000))
		require.NoError(t, err)
		assert.Equal(t, want, got, "%d of 1000", hits)
	}
}

// The limits are the narrowest that keep what the chart promises; the reference adds up chances one by one.
func TestLimitsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "trials")
		rate := rapid.Float64Range(0.001, 0.999).Draw(t, "rate")
		alarm := rapid.Float64Range(0.0005, 0.5).Draw(t, "alarms")
		c, err := chart.NewP(rate, alarm)
		require.NoError(t, err)
		low, high, err := c.Limits(uint64(n))
		require.NoError(t, err)
		chance := make([]float64, n+1)
		for i := range chance {
			a, _ := math.Lgamma(float64(n + 1))
			b, _ := math.Lgamma(float64(i + 1))
			d, _ := math.Lgamma(float64(n - i + 1))
			chance[i] = math.Exp(a - b - d + float64(i)*math.Log(rate) + float64(n-i)*math.Log1p(-rate))
		}
		sum := func(from, to int) (s float64) {
			for i := max(from, 0); i <= min(to, n); i++ {
				s += chance[i]
			}
			return s
		}
		const slip = 1e-9
		assert.LessOrEqual(t, sum(0, int(low)-1), alarm/2+slip)
		assert.LessOrEqual(t, sum(int(high)+1, n), alarm/2+slip)
		assert.True(t, int(low) == n || sum(0, int(low)) > alarm/2-slip)
		assert.True(t, high == 0 || sum(int(high), n) > alarm/2-slip)
		below, above, err := c.FalseAlarms(uint64(n))
		require.NoError(t, err)
		assert.InDelta(t, sum(0, int(low)-1), below, slip)
		assert.InDelta(t, sum(int(high)+1, n), above, slip)
	})
}

func TestPRefuses(t *testing.T) {
	for _, rate := range []float64{0, 1, 2, -0.1, math.NaN(), math.Inf(1)} {
		_, err := chart.NewP(rate, chart.ThreeSigma)
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	for _, alarms := range []float64{0, 0.6, -1, math.NaN()} {
		_, err := chart.NewP(0.1, alarms)
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	c := pchart(t, 0.1)
	_, err := c.Watch(quality.Proportion{})
	assert.ErrorIs(t, err, chart.ErrValue)
	_, err = c.Watch(proportion(t, 1, chart.MaxTrials+1))
	assert.ErrorIs(t, err, chart.ErrValue)
	_, err = chart.P{}.Watch(proportion(t, 1, 2))
	assert.ErrorIs(t, err, chart.ErrDesign)
	_, _, err = chart.P{}.FalseAlarms(5)
	assert.ErrorIs(t, err, chart.ErrDesign)
	_, _, _, err = c.Sigma(100, math.NaN())
	assert.ErrorIs(t, err, chart.ErrDesign)
	_, _, _, err = c.Sigma(0, 3)
	assert.ErrorIs(t, err, chart.ErrValue)
	got, err := c.Watch(proportion(t, 50_000_000, chart.MaxTrials))
	require.NoError(t, err)
	assert.Equal(t, chart.Low, got)
	got, err = c.Watch(proportion(t, 100_000_000, chart.MaxTrials))
	require.NoError(t, err)
	assert.Equal(t, chart.None, got)
}

func TestBaselineThatSaysNothing(t *testing.T) {
	for name, points := range map[string][]quality.Proportion{
		"none": nil, "no cases": {{}, {}}, "no hits": {proportion(t, 0, 9)}, "all hits": {proportion(t, 9, 9)},
	} {
		_, err := chart.Pool(points...)
		assert.ErrorIs(t, err, chart.ErrBaseline, name)
		_, err = chart.NewLaney(points...)
		assert.ErrorIs(t, err, chart.ErrBaseline, name)
	}
	for name, points := range map[string][]quality.Proportion{
		"one": {proportion(t, 1, 9)}, "the same": {proportion(t, 1, 9), proportion(t, 1, 9)}, "one without cases": {proportion(t, 1, 9), {}},
	} {
		_, err := chart.NewLaney(points...)
		assert.ErrorIs(t, err, chart.ErrBaseline, name)
	}
	_, err := chart.Standard(quality.Proportion{}, 0.5)
	assert.ErrorIs(t, err, chart.ErrValue)
	_, err = chart.Standard(proportion(t, 1, 2), 1)
	assert.ErrorIs(t, err, chart.ErrDesign)
	z, err := chart.Standard(proportion(t, 60, 100), 0.5)
	require.NoError(t, err)
	assert.InDelta(t, 2.0, z, 1e-12)
}

// Days whose rate varies with a standard deviation of 1 point around 10%, 10,000 cases each: their shares have 3.48 times the spread of
// chance (√(0.01² + σ²)/σ with σ² = 0.1·0.9/10,000). A p-chart of 2,000 such days signals on more than every third, where Laney's keeps
// near to one in 370. The spread is known to ±5%, the alarms to ±3 in 1,000.
func TestRateThatVariesByMoreThanChance(t *testing.T) {
	const n, days = 10_000, 2000
	sigma := math.Sqrt(0.1 * 0.9 / n)
	for _, c := range []struct{ vary, want float64 }{{0, 1}, {0.01, math.Hypot(0.01, sigma) / sigma}} {
		r := rand.New(rand.NewPCG(3, 4)) // of its own: the draws of one case are not those of another
		day := func() quality.Proportion {
			rate := 0.1 + c.vary*r.NormFloat64()
			hits := math.Round(n*rate + r.NormFloat64()*math.Sqrt(n*rate*(1-rate)))
			return proportion(t, uint64(hits), n)
		}
		var baseline []quality.Proportion
		for range days {
			baseline = append(baseline, day())
		}
		laney, err := chart.NewLaney(baseline...)
		require.NoError(t, err)
		assert.InEpsilon(t, c.want, laney.Spread(), 0.05)
		assert.InDelta(t, 0.1, laney.Rate(), 0.001)
		textbook := pchart(t, laney.Rate())
		plain, wide := 0, 0
		for range days {
			p := day()
			if s, _ := textbook.Watch(p); s != chart.None { // has cases
				plain++
			}
			if s, _ := laney.Watch(p); s != chart.None {
				wide++
			}
		}
		assert.InDelta(t, chart.ThreeSigma, float64(wide)/days, 0.003)
		if c.vary == 0 {
			assert.InDelta(t, chart.ThreeSigma, float64(plain)/days, 0.003)
		} else {
			assert.Greater(t, plain, days/3)
		}
	}
	low, high, err := chart.Laney{}.Limits(5)
	assert.ErrorIs(t, err, chart.ErrDesign)
	assert.Zero(t, low+high)
	laney, err := chart.NewLaney(proportion(t, 1, 10), proportion(t, 9, 10))
	require.NoError(t, err)
	_, err = laney.Watch(quality.Proportion{})
	assert.ErrorIs(t, err, chart.ErrValue)
}

// By hand: 30 of 300 is a rate of 0.1, and chance moves the share of 100 cases by √(0.1·0.9/100) = 0.03. So 7, 13 and 10 stand 1 below, 1
// above and on the rate; neighbours differ by 2 and 1, by 1.5 on average; √π/2 times that is the spread, and 3·0.03 times that half the width.
func TestLaneyByHand(t *testing.T) {
	laney, err := chart.NewLaney(proportion(t, 7, 100), proportion(t, 13, 100), proportion(t, 10, 100))
	require.NoError(t, err)
	assert.InDelta(t, 0.1, laney.Rate(), 1e-9)
	assert.InDelta(t, 1.329340388179137, laney.Spread(), 1e-9)
	low, high, err := laney.Limits(400)
	require.NoError(t, err)
	assert.InDelta(t, 0.1-0.045*1.329340388179137, low, 1e-9)
	assert.InDelta(t, 0.1+0.045*1.329340388179137, high, 1e-9)
}

func cusum(t require.TestingT, limit float64) *chart.CUSUM {
	c, err := chart.NewCUSUM(0, 1, 0.5, limit)
	require.NoError(t, err)
	return c
}

func ewma(t require.TestingT) *chart.EWMA {
	c, err := chart.NewEWMA(0, 1, 0.2, 2.962)
	require.NoError(t, err)
	return c
}

// Published run lengths: CUSUM in Montgomery's table 9.3 (168 and 8.38 for h = 4, 465 and 10.4 for h = 5), EWMA in Lucas and Saccucci 1990 (500 and
// 10.5); the figures with more digits are tabulated too, from Markov chains and simulations that differ in the fourth digit. The last column is what
// the equations converge to, with any number of nodes from 40 to 400.
func TestRunLengths(t *testing.T) {
	for _, c := range []struct {
		name                   string
		run                    func(float64) (float64, error)
		shift, tabulated, want float64
	}{
		{"cusum h=5", cusum(t, 5).RunLength, 0, 465.3, 465.44351},
		{"cusum h=5", cusum(t, 5).RunLength, 1, 10.38, 10.37597},
		{"cusum h=5", cusum(t, 5).RunLength, -1, 10.38, 10.37597},
		{"cusum h=4", cusum(t, 4).RunLength, 0, 167.7, 167.68379},
		{"cusum h=4", cusum(t, 4).RunLength, 1, 8.38, 8.38313},
		{"ewma", ewma(t).RunLength, 0, 499.5, 499.73512},
		{"ewma", ewma(t).RunLength, 1, 10.54, 10.54167},
		{"ewma", ewma(t).RunLength, -1, 10.54, 10.54167},
	} {
		got, err := c.run(c.shift)
		require.NoError(t, err)
		assert.InEpsilon(t, c.tabulated, got, 0.0006, "%s at %v", c.name, c.shift)
		assert.InEpsilon(t, c.want, got, 1e-6, "%s at %v", c.name, c.shift)
	}
}

// With weight 1 an EWMA is Shewhart's chart, whose run length is the inverse of a tail: 370.4 at three standard deviations.
func TestEWMAOfOneFigure(t *testing.T) {
	c, err := chart.NewEWMA(0, 1, 1, 3)
	require.NoError(t, err)
	run, err := c.RunLength(0)
	require.NoError(t, err)
	assert.InEpsilon(t, 1/chart.ThreeSigma, run, 1e-6)
}

// The charts themselves, step by step, have the run lengths that they say: a standard error is the standard deviation of runs, about the
// mean itself when nothing has changed, over √runs. Four standard errors; seeds are fixed.
func TestChartsRunAsLongAsTheySay(t *testing.T) {
	type watcher interface {
		Observe(float64) (chart.Signal, error)
		Reset()
		RunLength(float64) (float64, error)
	}
	for name, c := range map[string]struct {
		w     watcher
		shift float64
		runs  int
	}{
		"cusum, unchanged": {cusum(t, 5), 0, 2000},
		"cusum, shifted":   {cusum(t, 5), 1, 20000},
		"cusum 4":          {cusum(t, 4), 0, 4000},
		"ewma, unchanged":  {ewma(t), 0, 2000},
		"ewma, shifted":    {ewma(t), 1, 20000},
	} {
		r := rand.New(rand.NewPCG(11, 12))
		var sum, squares float64
		for range c.runs {
			c.w.Reset()
			n := 0.0
			for s := chart.None; s == chart.None; n++ {
				s, _ = c.w.Observe(c.shift + r.NormFloat64()) // finite
			}
			sum += n
			squares += n * n
		}
		runs := float64(c.runs)
		mean := sum / runs
		se := math.Sqrt((squares/runs - mean*mean) / runs)
		want, err := c.w.RunLength(c.shift)
		require.NoError(t, err)
		assert.InDelta(t, want, mean, 4*se, name)
		assert.Less(t, se/want, 0.025, "%s: runs enough to tell", name)
	}
}

func TestSignalsSayWhichSide(t *testing.T) {
	up, err := chart.NewCUSUM(100, 10, 0.5, 4)
	require.NoError(t, err)
	down, err := chart.NewEWMA(100, 10, 0.2, 2.962)
	require.NoError(t, err)
	var s, d chart.Signal
	for range 4 {
		s, err = up.Observe(115)
		require.NoError(t, err)
		d, err = down.Observe(75)
		require.NoError(t, err)
	}
	assert.Equal(t, chart.None, s, "four sums of 1 are the limit and not above it")
	assert.Equal(t, chart.Low, d)
	s, err = up.Observe(115)
	require.NoError(t, err)
	assert.Equal(t, chart.High, s)
	low, high := up.Sums()
	assert.Equal(t, [2]float64{0, 5}, [2]float64{low, high})
	up.Reset()
	s, err = up.Observe(40)
	require.NoError(t, err)
	assert.Equal(t, chart.Low, s)
	assert.InDelta(t, 85.24, down.Average(), 0.001)
	low, high = down.Limits()
	assert.InDelta(t, 2.962*10/3, high-100, 1e-9)
	assert.InDelta(t, 2.962*10/3, 100-low, 1e-9)
}

func TestFiguresThatAreNone(t *testing.T) {
	for _, w := range []interface {
		Observe(float64) (chart.Signal, error)
	}{cusum(t, 5), ewma(t)} {
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			_, err := w.Observe(v)
			assert.ErrorIs(t, err, chart.ErrValue)
		}
		s, err := w.Observe(0)
		require.NoError(t, err)
		assert.Equal(t, chart.None, s, "what was refused left nothing behind")
	}
	for _, w := range []interface {
		Observe(float64) (chart.Signal, error)
		RunLength(float64) (float64, error)
	}{&chart.CUSUM{}, &chart.EWMA{}} {
		_, err := w.Observe(0)
		assert.ErrorIs(t, err, chart.ErrDesign)
		_, err = w.RunLength(0)
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	nan := math.NaN()
	for _, p := range [][4]float64{{nan, 1, .5, 5}, {0, 0, .5, 5}, {0, -1, .5, 5}, {0, 1, -1, 5}, {0, 1, .5, 0}, {0, 1, .5, math.Inf(1)}} {
		_, err := chart.NewCUSUM(p[0], p[1], p[2], p[3])
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	for _, p := range [][4]float64{{nan, 1, .2, 3}, {0, 0, .2, 3}, {0, 1, 0, 3}, {0, 1, 1.1, 3}, {0, 1, .2, 0}, {0, 1, .2, nan}} {
		_, err := chart.NewEWMA(p[0], p[1], p[2], p[3])
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	// A million deviations are never reached, and the run length is not made up.
	for _, limit := range []float64{20, 1e6} {
		_, err := cusum(t, limit).RunLength(0)
		assert.ErrorIs(t, err, chart.ErrDesign)
	}
	_, err := cusum(t, 5).RunLength(nan)
	assert.ErrorIs(t, err, chart.ErrDesign)
	run, err := cusum(t, 20).RunLength(1)
	require.NoError(t, err)
	assert.InEpsilon(t, 40.3, run, 0.01, "Siegmund's approximation: (b − 1)/0.5 with b = h + 1.166")
	assert.Equal(t, "Signal(9)", chart.Signal(9).String())
	text, err := chart.High.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "high", string(text))
}

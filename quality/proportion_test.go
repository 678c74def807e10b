package quality_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

func proportion(t require.TestingT, hits, trials uint64) quality.Proportion {
	p, err := quality.NewProportion(hits, trials)
	require.NoError(t, err)
	return p
}

// share reads a decimal, also with an exponent that the decimal package itself refuses to read.
func share(t require.TestingT, text string) decimal.Decimal {
	digits, exponent, _ := strings.Cut(text, "e")
	d, err := decimal.NewFromString(digits)
	require.NoError(t, err)
	if exponent == "" {
		return d
	}
	shift, err := strconv.ParseInt(exponent, 10, 32)
	require.NoError(t, err)
	return d.Shift(int32(shift))
}

func TestWilsonPublished(t *testing.T) {
	// Newcombe 1998, table I, method 3 (score, without continuity correction), 95%.
	for _, c := range []struct {
		hits, trials uint64
		low, high    float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		p := proportion(t, c.hits, c.trials)
		i := p.Wilson(0.95)
		assert.InDelta(t, c.low, i.Low, 0.00005, "low of %v", p)
		assert.InDelta(t, c.high, i.High, 0.00005, "high of %v", p)

		mirrored := proportion(t, c.trials-c.hits, c.trials).Wilson(0.95)
		assert.InDelta(t, 1-c.high, mirrored.Low, 0.00005, "misses of %v", p)
		assert.InDelta(t, 1-c.low, mirrored.High, 0.00005, "misses of %v", p)
	}
}

// The interval of a single hit in a single trial is [1/(1+z²), 1], which shows z: 1.644854, 1.959964 and 2.575829 in any table of the normal
// distribution.
func TestWilsonNormalQuantile(t *testing.T) {
	for level, z := range map[float64]float64{0.90: 1.6448536269514722, 0.95: 1.959963984540054, 0.99: 2.5758293035489004} {
		assert.InEpsilon(t, 1/(1+z*z), proportion(t, 1, 1).Wilson(level).Low, 1e-14, "level %v", level)
	}
}

// At p = 1% and n = 100 the textbook interval holds the true rate 63 times in 100, where it promises 95 (Brown, Cai and DasGupta 2001 show
// why).
func TestWilsonCoverage(t *testing.T) {
	const n, rate, z = 100, 0.01, 1.959963984540054
	var wald, wilson, above, below float64
	chance := math.Pow(1-rate, n)
	for hits := range uint64(n + 1) {
		p := float64(hits) / n
		if math.Abs(p-rate) <= z*math.Sqrt(p*(1-p)/n) {
			wald += chance
		}
		switch i := proportion(t, hits, n).Wilson(0.95); {
		case i.Low > rate:
			above += chance
		case i.High < rate:
			below += chance
		default:
			wilson += chance
		}
		chance *= float64(n-hits) / float64(hits+1) * rate / (1 - rate)
	}
	assert.InDelta(t, 0.63, wald, 0.005)
	assert.InDelta(t, 0.92, wilson, 0.005)
	assert.InDelta(t, 0.08, above, 0.005)
	assert.Zero(t, below)
}

// The reference finds the ends by bisection of the score test itself.
func TestWilsonInvertsScoreTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.Uint64Range(1, 1_000_000).Draw(t, "trials")
		hits := rapid.Uint64Range(0, trials).Draw(t, "hits")
		level := rapid.Float64Range(0.01, 0.999).Draw(t, "level")
		i := proportion(t, hits, trials).Wilson(level)

		n, rate, z := float64(trials), float64(hits)/float64(trials), math.Sqrt2*math.Erfinv(level)
		kept := func(p float64) bool { return (rate-p)*(rate-p) <= z*z*p*(1-p)/n }
		end := func(in, out float64) float64 {
			if kept(out) {
				return out
			}
			for range 100 {
				if mid := (in + out) / 2; kept(mid) {
					in = mid
				} else {
					out = mid
				}
			}
			return in
		}
		// Without hits the test at rate 0 is 0 <= 0, hence true, and end returns 0 itself; so with misses.
		assert.InDelta(t, end(rate, 0), i.Low, 1e-9)
		assert.InDelta(t, end(rate, 1), i.High, 1e-9)
	})
}

func TestWilsonStaysWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.Uint64Range(1, quality.MaxCount).Draw(t, "trials")
		hits := rapid.OneOf(rapid.Uint64Range(0, trials), rapid.Just(uint64(0)), rapid.Just(trials)).Draw(t, "hits")
		level := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{1e-300, 5e-324, math.Nextafter(1, 0)})).Draw(t, "level")
		i := proportion(t, hits, trials).Wilson(level)
		rate := float64(hits) / float64(trials)
		if !(0 <= i.Low && i.Low <= rate && rate <= i.High && i.High <= 1) {
			t.Fatalf("%d/%d at %v: %v", hits, trials, level, i)
		}
		if hits == 0 {
			assert.Zero(t, i.Low)
		}
		if hits == trials {
			assert.Equal(t, 1.0, i.High)
		}
	})
}

func TestWilsonKnowsNothing(t *testing.T) {
	everything := quality.Interval{Low: 0, High: 1}
	assert.Equal(t, everything, quality.Proportion{}.Wilson(0.95))
	for _, level := range []float64{95, 1, 0, -0.95, math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.Equal(t, everything, proportion(t, 50, 100).Wilson(level), "level %v", level)
	}
}

func TestProportionWithoutTrials(t *testing.T) {
	var p quality.Proportion
	assert.False(t, p.Known())
	_, ok := p.Rate(2)
	assert.False(t, ok)
	assert.Equal(t, "0/0 (unknown)", p.String())
	for _, bound := range []string{"-1", "0", "0.5", "1", "2"} {
		assert.False(t, p.AtLeast(share(t, bound)), bound)
		assert.False(t, p.AtMost(share(t, bound)), bound)
	}
}

func TestNewProportionRefuses(t *testing.T) {
	_, err := quality.NewProportion(4, 3)
	assert.ErrorIs(t, err, quality.ErrHitsExceedTrials)
	assert.ErrorContains(t, err, "4 of 3")

	_, err = quality.NewProportion(1, quality.MaxCount+1)
	assert.ErrorIs(t, err, quality.ErrTooMany)
	assert.ErrorContains(t, err, "9007199254740992")

	p := proportion(t, 3, 4)
	assert.Equal(t, [2]uint64{3, 4}, [2]uint64{p.Hits(), p.Trials()})
}

func TestRateRounding(t *testing.T) {
	for _, c := range []struct {
		hits, trials uint64
		places       int32
		want         string
	}{
		{2, 3, 4, "0.6667"},
		{1, 8, 2, "0.13"},
		{1, 8, 3, "0.125"},
		{899_999, 1_000_000, 2, "0.9"},
		{1, 2, 0, "1"},
		{1, 2, -5, "1"},
		{1, 3, math.MaxInt32, "0.33333333333333333333333333333333"},
		{quality.MaxCount - 1, quality.MaxCount, 32, "0.99999999999999988897769753748433"},
	} {
		rate, ok := proportion(t, c.hits, c.trials).Rate(c.places)
		assert.True(t, ok)
		assert.Equal(t, c.want, rate.String(), "%d/%d to %d places", c.hits, c.trials, c.places)
	}
	assert.Equal(t, "81/263 (30.80%)", proportion(t, 81, 263).String())
}

func TestProportionComparesExactly(t *testing.T) {
	for _, c := range []struct {
		hits, trials uint64
		bound        string
		least, most  bool
	}{
		{900_000, 1_000_000, "0.90", true, true},
		{899_999, 1_000_000, "0.90", false, true},
		{900_001, 1_000_000, "0.90", true, false},
		{1, 3, "0.3333333333333333333333333333", true, false}, // equal as float64
		{1, 3, "0.3333333333333333333333333334", false, true},
		{7, 7, "1", true, true},
		{0, 7, "0", true, true},
		{1, 7, "0", true, false},
		{1, 7, "-0.5", true, false},
		{0, 7, "-1e-2147483000", true, false},
		{0, 7, "1e-2147483000", false, true}, // none of these three may be written out
		{1, quality.MaxCount, "1e-2147483000", true, false},
		{7, 7, "1e2147483000", false, true},
		{7, 7, "-1e2147483000", true, false},
		{9, 10, "90", false, true}, // a percentage is not a share
	} {
		p := proportion(t, c.hits, c.trials)
		assert.Equal(t, c.least, p.AtLeast(share(t, c.bound)), "%v at least %s", p, c.bound)
		assert.Equal(t, c.most, p.AtMost(share(t, c.bound)), "%v at most %s", p, c.bound)
	}
	assert.True(t, proportion(t, 1, 2).AtLeast(decimal.Decimal{}), "the zero decimal is 0")
}

func TestProportionComparesLikeRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.Uint64Range(1, quality.MaxCount).Draw(t, "trials")
		hits := rapid.Uint64Range(0, trials).Draw(t, "hits")
		bound := decimal.New(rapid.Int64().Draw(t, "coefficient"), rapid.Int32Range(-450, 450).Draw(t, "exponent"))
		want := big.NewRat(int64(hits), int64(trials)).Cmp(bound.Rat())
		p := proportion(t, hits, trials)
		assert.Equal(t, want >= 0, p.AtLeast(bound))
		assert.Equal(t, want <= 0, p.AtMost(bound))
	})
}

func TestProportionJSON(t *testing.T) {
	data, err := json.Marshal(proportion(t, 81, 263))
	require.NoError(t, err)
	assert.Equal(t, `{"hits":81,"trials":263}`, string(data))

	var p quality.Proportion
	require.NoError(t, json.Unmarshal(data, &p))
	assert.Equal(t, proportion(t, 81, 263), p)

	for input, want := range map[string]error{
		`{"hits":5,"trials":4}`:                quality.ErrHitsExceedTrials,
		`{"trials":4}`:                         quality.ErrFormat,
		`{"hits":4}`:                           quality.ErrFormat,
		`{"hits":-1,"trials":4}`:               quality.ErrFormat,
		`{"hits":0.5,"trials":4}`:              quality.ErrFormat,
		`{"hits":1,"trials":9007199254740992}`: quality.ErrTooMany,
		`"81/263"`:                             quality.ErrFormat,
		`null`:                                 quality.ErrFormat,
	} {
		assert.ErrorIs(t, p.UnmarshalJSON([]byte(input)), want, input)
		assert.Equal(t, proportion(t, 81, 263), p, "%s changed it", input)
	}
}

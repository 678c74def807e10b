package quality_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

func whole(t require.TestingT, low, high int) quality.Scale {
	s, err := quality.Whole(low, high)
	require.NoError(t, err)
	return s
}

func number(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func observed(t require.TestingT, scale quality.Scale, scores ...string) *quality.Scores {
	s := quality.NewScores(scale)
	for _, score := range scores {
		require.NoError(t, s.Observe(number(score)))
	}
	return s
}

func TestScaleText(t *testing.T) {
	for _, text := range []string{"1-5", "1-10", "0-100", "0-1", "-3-3", "-5--1", "1-5/0.5", "0-100/0.01", "0-0.9/0.3", "10-100/10"} {
		s, err := quality.ParseScale(text)
		require.NoError(t, err, text)
		assert.Equal(t, text, s.String())
		again, err := quality.ParseScale(s.String())
		require.NoError(t, err)
		assert.Equal(t, s, again, "scales are compared with ==")
	}
	same, err := quality.NewScale(number("1.00"), number("5.0"), number("1.000"))
	require.NoError(t, err)
	assert.Equal(t, whole(t, 1, 5), same)
	for _, text := range []string{"", "5", "1", "5-1", "1-1", "1-5/0", "1-5/-1", "1-5/0.3", "1-5/", "-", "1-", "a-b", "1-1e99", "0-100/0.001", "0-1/0.0000001", "1-5/x", "0-10000000000", "1--5", "1-5-7", "+-5"} {
		_, err := quality.ParseScale(text)
		assert.ErrorIs(t, err, quality.ErrScale, text)
	}
	_, err = quality.NewScale(decimal.New(1, -2_000_000_000), decimal.New(1, 2_000_000_000), decimal.New(1, 0))
	assert.ErrorIs(t, err, quality.ErrScale)
}

// 6.5 fits no bucket of a net promoter score and stayed in the denominator (formbricks#9248).
func TestScoreOffTheScaleIsNoData(t *testing.T) {
	s := observed(t, whole(t, 0, 10), "9", "6")
	for _, score := range []string{"6.5", "-1", "11", "10.0000000000000000000000000000001", "100000000000000000000000000000000000000000"} {
		assert.ErrorIs(t, s.Observe(number(score)), quality.ErrOffScale, score)
	}
	for _, score := range []decimal.Decimal{decimal.New(1, 2_000_000_000), decimal.New(1, -2_000_000_000), decimal.New(math.MaxInt64, 3)} {
		assert.ErrorIs(t, s.Observe(score), quality.ErrOffScale)
	}
	require.NoError(t, s.Observe(number("7.000")), "a whole number, however it is written")
	require.NoError(t, s.Observe(decimal.New(1, 1)))
	assert.Equal(t, uint64(4), s.Count())
	var none quality.Scores
	assert.ErrorIs(t, none.Observe(number("1")), quality.ErrOffScale)
	assert.ErrorIs(t, quality.NewScores(quality.Scale{}).Observe(decimal.Decimal{}), quality.ErrOffScale)

	half, err := quality.ParseScale("1-5/0.5")
	require.NoError(t, err)
	require.NoError(t, quality.NewScores(half).Observe(number("4.5")))
	assert.ErrorIs(t, quality.NewScores(half).Observe(number("4.25")), quality.ErrOffScale)
}

// The reference compares each score of the scale as a rational.
func TestScaleLevelsLikeRationals(t *testing.T) {
	scales := []string{"1-5", "0-10", "-3-3", "1-5/0.5", "0-1/0.25", "0-100/0.1"}
	rapid.Check(t, func(t *rapid.T) {
		scale, err := quality.ParseScale(rapid.SampledFrom(scales).Draw(t, "scale"))
		require.NoError(t, err)
		score := decimal.New(rapid.Int64Range(-2000, 20000).Draw(t, "coefficient"), rapid.Int32Range(-4, 2).Draw(t, "exponent"))
		if zeros := rapid.Int32Range(0, 30).Draw(t, "zeros"); zeros > 0 { // the same, written with more digits
			score = decimal.NewFromBigInt(score.Shift(zeros+4).BigInt(), -zeros-4)
		}
		want := -1
		for level := range scale.Levels() {
			if scale.At(level).Rat().Cmp(score.Rat()) == 0 {
				want = level
			}
		}
		got, err := scale.Level(score)
		if want < 0 {
			assert.ErrorIs(t, err, quality.ErrOffScale, "%v on %v", score, scale)
			return
		}
		assert.NoError(t, err, "%v on %v", score, scale)
		assert.Equal(t, want, got, "%v on %v", score, scale)
	})
}

// Thresholds of 0 to 10 on a scale of four points gave −100 (kubestellar/console#8257).
func TestThresholdsBelongToTheScale(t *testing.T) {
	s := observed(t, whole(t, 1, 4), "4", "4", "3")
	_, err := s.Net(number("9"), number("6"))
	assert.ErrorIs(t, err, quality.ErrOffScale)
	_, err = s.Net(number("4"), number("6"))
	assert.ErrorIs(t, err, quality.ErrOffScale)
	_, err = s.Net(number("3"), number("3"))
	assert.ErrorIs(t, err, quality.ErrScale)
	_, err = s.AtLeast(number("5"))
	assert.ErrorIs(t, err, quality.ErrOffScale)
	net, err := s.Net(number("4"), number("2"))
	require.NoError(t, err)
	assert.Equal(t, "66.7 (2/1/0 of 3)", net.String())
}

// 67% on one page and 66.67% on another (formbricks#7688): the share is two counts, and places are stated where it is shown.
func TestSharesAreCounts(t *testing.T) {
	s := observed(t, whole(t, 1, 5), "5", "4", "2")
	p, err := s.AtLeast(number("4"))
	require.NoError(t, err)
	assert.Equal(t, proportion(t, 2, 3), p)
	mean, ok := s.Mean(3)
	assert.True(t, ok)
	assert.Equal(t, "3.667", mean.String())
	_, ok = quality.NewScores(whole(t, 1, 5)).Mean(2)
	assert.False(t, ok)
}

func TestScoresAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]string{"1", "0.5", "0.25", "2"}).Draw(t, "step")
		scale, err := quality.NewScale(number("-4"), number("8"), number(step))
		require.NoError(t, err)
		levels := rapid.SliceOfN(rapid.IntRange(0, scale.Levels()-1), 1, 60).Draw(t, "levels")
		cut := rapid.IntRange(0, len(levels)).Draw(t, "cut")
		all, left, right := quality.NewScores(scale), quality.NewScores(scale), quality.NewScores(scale)
		sum := decimal.Decimal{}
		for i, level := range levels {
			sum = sum.Add(scale.At(level))
			require.NoError(t, all.Observe(scale.At(level)))
			if i < cut {
				require.NoError(t, left.Observe(scale.At(level)))
			} else {
				require.NoError(t, right.Observe(scale.At(level)))
			}
		}
		mean, ok := all.Mean(20)
		require.True(t, ok)
		assert.Equal(t, sum.DivRound(decimal.NewFromInt(int64(len(levels))), 20).String(), mean.String())
		require.NoError(t, left.Merge(right))
		a, err := json.Marshal(all)
		require.NoError(t, err)
		b, err := json.Marshal(left)
		require.NoError(t, err)
		assert.Equal(t, string(a), string(b))
		var back quality.Scores
		require.NoError(t, json.Unmarshal(a, &back))
		assert.Equal(t, all.Count(), back.Count())
	})
}

func TestScoresDoNotMix(t *testing.T) {
	five, ten := observed(t, whole(t, 1, 5), "5"), observed(t, whole(t, 1, 10), "5")
	assert.ErrorIs(t, five.Merge(ten), quality.ErrScale)
	assert.Equal(t, uint64(1), five.Count())
	require.NoError(t, five.Merge(nil))
	require.NoError(t, five.Merge(quality.NewScores(whole(t, 1, 10))), "an empty one adds nothing")
}

func TestScoresJSONRefuses(t *testing.T) {
	s := observed(t, whole(t, 1, 5), "5")
	for _, in := range []string{
		`null`, `{}`, `[]`, `{"scale":"1-5","scores":[[5,1]]}`, `{"scale":"1-5","scores":[[1,0]]}`, `{"scale":"1-5","scores":[[1,1],[1,1]]}`,
		`{"scale":"1-5","scores":[[2,1],[1,1]]}`, `{"scale":"1-5","scores":[[1]]}`, `{"scale":"5-1","scores":[]}`, `{"scale":"1-5","scores":[[0,9007199254740991],[1,1]]}`,
		`{"scale":"1-5","scores":[[0,18446744073709551615]]}`,
	} {
		assert.ErrorIs(t, s.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
		assert.Equal(t, uint64(1), s.Count())
	}
}

// Student's t against a published example: 2.5, 3.1, ... of Student's sleep data (1908), second drug: mean 2.33, standard deviation 2.002,
// n = 10. Its 95% interval is 0.898 to 3.762 in R's t.test(extra[11:20]).
func TestMeanScoreInterval(t *testing.T) {
	scale, err := quality.ParseScale("-10-10/0.1")
	require.NoError(t, err)
	s := observed(t, scale, "1.9", "0.8", "1.1", "0.1", "-0.1", "4.4", "5.5", "1.6", "4.6", "3.4")
	i, ok := quality.Estimate(s, quality.Score, 0.95)
	require.True(t, ok)
	assert.InDelta(t, 0.8976775, i.Low, 1e-6)
	assert.InDelta(t, 3.7623225, i.High, 1e-6)
}

// The interval stays on the scale.
func TestMeanScoreIntervalStaysOnTheScale(t *testing.T) {
	i, ok := quality.Estimate(observed(t, whole(t, 1, 5), "5", "5", "1"), quality.Score, 0.99)
	require.True(t, ok)
	assert.Equal(t, 5.0, i.High)
	assert.Equal(t, 1.0, i.Low)
}

// A bootstrap of the mean has, but for its own noise, the spread σ/√n of the answers; 2,000 resamples know its ends to about
// 5% of the spread, and the mean of n answers moves in steps of 1/n.
func TestBootstrap(t *testing.T) {
	for _, n := range []int{40, 4000} {
		s := quality.NewScores(whole(t, 1, 5))
		for i := range n {
			require.NoError(t, s.Observe(decimal.NewFromInt([]int64{5, 5, 4, 4, 4, 3, 2, 5, 1, 5}[i%10])))
		}
		i, ok := s.Bootstrap(0.95, 2000, 7)
		require.True(t, ok)
		spread := math.Sqrt(1.76 / float64(n)) // 1.76 is the variance of the ten
		assert.InDelta(t, 3.8-1.96*spread, i.Low, 0.15*spread+1/float64(n), "n = %d", n)
		assert.InDelta(t, 3.8+1.96*spread, i.High, 0.15*spread+1/float64(n), "n = %d", n)
		again, _ := s.Bootstrap(0.95, 2000, 7)
		assert.Equal(t, i, again, "a seed gives the same")
		other, _ := s.Bootstrap(0.95, 2000, 8)
		assert.NotEqual(t, i, other)
	}
	varied, same := observed(t, whole(t, 1, 5), "5", "4"), observed(t, whole(t, 1, 5), "5", "5")
	for name, got := range map[string]bool{
		"all the same":   second(same.Bootstrap(0.95, 1000, 1)),
		"one":            second(observed(t, whole(t, 1, 5), "5").Bootstrap(0.95, 1000, 1)),
		"none":           second(quality.NewScores(whole(t, 1, 5)).Bootstrap(0.95, 1000, 1)),
		"level 95":       second(varied.Bootstrap(95, 1000, 1)),
		"no level":       second(varied.Bootstrap(math.NaN(), 1000, 1)),
		"too few draws":  second(varied.Bootstrap(0.95, 99, 1)),
		"too many draws": second(varied.Bootstrap(0.95, 1_000_001, 1)),
	} {
		assert.False(t, got, name)
	}
	assert.True(t, second(varied.Bootstrap(0.95, 100, 1)))
}

func second(_ quality.Interval, ok bool) bool { return ok }

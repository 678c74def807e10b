package quality_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

// Sums of a few of the longest durations pass 64 bits; the mean stays exact, in any grouping.
func TestMeanTimeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, math.MaxInt64), rapid.Int64Range(0, 10)), 1, 40).Draw(t, "durations")
		cut := rapid.IntRange(0, len(vs)).Draw(t, "cut")
		var all, left, right quality.MeanTime
		sum := new(big.Int)
		for i, v := range vs {
			sum.Add(sum, big.NewInt(v))
			part := &left
			if i >= cut {
				part = &right
			}
			require.NoError(t, part.Observe(time.Duration(v)))
			require.NoError(t, all.Observe(time.Duration(v)))
		}
		require.NoError(t, left.Merge(right))
		assert.Equal(t, all, left)
		mean, ok := quality.Value(all, quality.Seconds, 9)
		require.True(t, ok)
		want := new(big.Rat).SetFrac(sum, big.NewInt(int64(len(vs))))
		assert.Equal(t, want.Quo(want, big.NewRat(1e9, 1)).FloatString(9), mean.StringFixed(9))
		data, err := json.Marshal(all)
		require.NoError(t, err)
		var back quality.MeanTime
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, all, back)
	})
}

func TestMeanTimeRefuses(t *testing.T) {
	var m quality.MeanTime
	assert.ErrorIs(t, m.Observe(-1), quality.ErrNegative)
	assert.Equal(t, quality.MeanTime{}, m)
	_, ok := m.Mean()
	assert.False(t, ok)
	require.NoError(t, m.Observe(2))
	require.NoError(t, m.Observe(3))
	mean, ok := m.Mean()
	assert.True(t, ok)
	assert.Equal(t, time.Duration(3), mean, "half away from zero")
	for _, in := range []string{
		`[]`, `{"count":1,"sum":"-1","squares":"1"}`, `{"count":1,"sum":"01","squares":"1"}`, `{"count":1,"sum":"","squares":"1"}`, `{"count":0,"sum":"1","squares":"1"}`,
		`{"count":2,"sum":"3","squares":"4"}`, `{"count":2,"sum":"3","squares":"10"}`, `{"count":9007199254740992,"sum":"0","squares":"0"}`, `{"count":1,"sum":"1e3","squares":"1000000"}`,
		`{"count":1,"sum":"340282366920938463463374607431768211456","squares":"0"}`,
	} {
		assert.ErrorIs(t, m.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
		assert.Equal(t, uint64(2), m.Count())
	}
	var full quality.MeanTime
	require.NoError(t, full.UnmarshalJSON([]byte(`{"count":9007199254740991,"sum":"0","squares":"0"}`)))
	assert.ErrorIs(t, full.Observe(1), quality.ErrTooMany)
	assert.ErrorIs(t, full.Merge(m), quality.ErrTooMany)

	var a quality.MeanAmount
	assert.ErrorIs(t, a.Observe(-5), quality.ErrNegative)
	require.NoError(t, a.Observe(1))
	require.NoError(t, a.Observe(2))
	value, ok := a.Mean(1)
	assert.True(t, ok)
	assert.Equal(t, "1.5", value.String())
	_, ok = quality.MeanAmount{}.Mean(1)
	assert.False(t, ok)
}

// The same data and figures as for scores: Student 1908 by way of R's t.test, here in seconds moved up by 1.
func TestMeanTimeInterval(t *testing.T) {
	var m quality.MeanTime
	for _, v := range []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4} {
		require.NoError(t, m.Observe(time.Duration(math.Round((v+1)*10))*time.Second/10))
	}
	i, ok := quality.Estimate(m, quality.Seconds, 0.95)
	require.True(t, ok)
	assert.InDelta(t, 1.8976775, i.Low, 1e-6)
	assert.InDelta(t, 4.7623225, i.High, 1e-6)
	i, _ = quality.Estimate(m, quality.Minutes, 0.95)
	assert.InDelta(t, 1.8976775/60, i.Low, 1e-6)
}

func TestRatio(t *testing.T) {
	var r quality.Ratio
	_, ok := quality.Value(r, quality.Percent, 2)
	assert.False(t, ok)
	assert.ErrorIs(t, r.Observe(-1, 5), quality.ErrNegative)
	assert.ErrorIs(t, r.Observe(6, 5), quality.ErrRate)
	require.NoError(t, r.Observe(0, 0))
	_, ok = quality.Value(r, quality.Percent, 2)
	assert.False(t, ok, "nothing of nothing is no rate")
	require.NoError(t, r.Observe(12_000_000, 150_000_000))
	require.NoError(t, r.Merge(r))
	v, ok := quality.Value(r, quality.Percent, 2)
	assert.True(t, ok)
	assert.Equal(t, "8", v.String())

	// A hundred million units of money are not a hundred million cases.
	o := objective("cost-saving", quality.AtLeast, "5", quality.Percent)
	exact, err := o.Exact(r)
	require.NoError(t, err)
	assert.Equal(t, quality.Met, exact)
	assert.Equal(t, quality.Undecided, assess(t, o, r).Outcome)

	data, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Equal(t, `{"part":"24000000","whole":"300000000","count":4}`, string(data))
	var back quality.Ratio
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, r, back)
	for _, in := range []string{`[]`, `{"part":"2","whole":"1","count":1}`, `{"part":"0","whole":"1","count":0}`, `{"part":"-1","whole":"1","count":1}`, `{"part":"1","whole":"","count":1}`} {
		assert.ErrorIs(t, back.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
		assert.Equal(t, r, back)
	}
}

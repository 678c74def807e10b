package quality_test

import (
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

// What others wrote is read only if so many numbers of 63 bits can have these sums: others would wrap around when they are merged.
func TestSumsThatNoNumbersHave(t *testing.T) {
	var m quality.MeanTime
	for _, in := range []string{
		`{"count":1,"sum":"9223372036854775808","squares":"85070591730234615865843651857942052864"}`,                               // 2^63
		`{"count":1,"sum":"39614081257132168796771975168","squares":"1569275433846670190958947355801916604025588861116008628224"}`, // 2^95
		`{"count":2,"sum":"9223372036854775808","squares":"85070591730234615865843651857942052864"}`,                               // 2^63 and 0
	} {
		assert.ErrorIs(t, m.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
	}
	require.NoError(t, m.UnmarshalJSON([]byte(`{"count":1,"sum":"9223372036854775807","squares":"85070591730234615847396907784232501249"}`)))
	mean, ok := m.Mean()
	assert.True(t, ok)
	assert.Equal(t, time.Duration(math.MaxInt64), mean)

	var r quality.Ratio
	assert.ErrorIs(t, r.UnmarshalJSON([]byte(`{"part":"1","whole":"9223372036854775808","count":1}`)), quality.ErrFormat)
	require.NoError(t, r.UnmarshalJSON([]byte(`{"part":"1","whole":"9223372036854775808","count":2}`)))
	var u quality.Uptime
	assert.ErrorIs(t, u.UnmarshalJSON([]byte(`{"agreed_ns":"9223372036854775808","down_ns":"0","failures":0,"stretches":1}`)), quality.ErrFormat)
	require.NoError(t, u.UnmarshalJSON([]byte(`{"agreed_ns":"9223372036854775808","down_ns":"0","failures":0,"stretches":2}`)))
}

// As many numbers as there can be, all as large as they can be, still add up.
func TestTheLargestSums(t *testing.T) {
	var m quality.MeanAmount
	require.NoError(t, m.Observe(math.MaxInt64))
	for m.Count() <= quality.MaxCount/2 {
		require.NoError(t, m.Merge(m))
	}
	mean, ok := m.Mean(0)
	assert.True(t, ok)
	assert.Equal(t, "9223372036854775807", mean.String())
	i, ok := quality.Estimate(m, quality.Amount, 0.95)
	assert.False(t, ok, "all are the same: %v", i)
	assert.ErrorIs(t, m.Merge(m), quality.ErrTooMany)
	data, err := m.MarshalJSON()
	require.NoError(t, err)
	var back quality.MeanAmount
	require.NoError(t, back.UnmarshalJSON(data))
	assert.Equal(t, m, back)
}

// Two outages a century apart in a stretch of four: the time down would wrap around.
func TestStretchBeyondADuration(t *testing.T) {
	year := func(n int) time.Time { return time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC) }
	var u quality.Uptime
	err := u.Observe(year(1), year(2000), quality.Outage{From: year(2), To: year(900)}, quality.Outage{From: year(1000), To: year(1900)})
	assert.ErrorIs(t, err, quality.ErrTooMany)
	assert.Equal(t, quality.Uptime{}, u)
	require.NoError(t, u.Observe(year(1800), year(2000), quality.Outage{From: year(1), To: year(1900)}))
	down, ok := u.Down()
	assert.True(t, ok)
	assert.Equal(t, year(1900).Sub(year(1800)), down)
}

func TestClosureOfCountsThatCannotBe(t *testing.T) {
	for want, c := range map[error]quality.Closure{
		quality.ErrTooMany:          {Closed: math.MaxUint64, Open: 1},
		quality.ErrHitsExceedTrials: {Closed: 1, Late: 2},
	} {
		_, err := c.Add(quality.Closure{Closed: 1})
		assert.ErrorIs(t, err, want)
		_, err = quality.Closure{Closed: 1}.Add(c)
		assert.ErrorIs(t, err, want)
		assert.False(t, c.Rate().Known())
		assert.False(t, c.Timely().Known())
	}
	assert.False(t, quality.Closure{Open: 1, Overdue: 2}.Rate().Known())
	half := quality.Closure{Closed: quality.MaxCount/2 + 1}
	_, err := half.Add(half)
	assert.ErrorIs(t, err, quality.ErrTooMany)
	assert.True(t, half.Rate().Known())
}

func TestNilStatistics(t *testing.T) {
	var s *quality.Scores
	assert.ErrorIs(t, s.Observe(decimal.NewFromInt(5)), quality.ErrScale)
	assert.ErrorIs(t, s.Merge(observed(t, whole(t, 1, 5), "5")), quality.ErrScale)
	require.NoError(t, s.Merge(nil))
	assert.Zero(t, s.Count())
	var d *quality.Durations
	assert.Zero(t, d.Count())
}

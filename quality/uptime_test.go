package quality_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

var march = time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)

func hour(h float64) time.Time { return march.Add(time.Duration(h * float64(time.Hour))) }

func TestOutagesThatOverlapAreOne(t *testing.T) {
	for name, c := range map[string]struct {
		outages  []quality.Outage
		share    string
		failures uint64
	}{
		"none":                  {nil, "1", 0},
		"one":                   {[]quality.Outage{{hour(10), hour(20)}}, "0.9", 1},
		"two that overlap":      {[]quality.Outage{{hour(15), hour(20)}, {hour(10), hour(16)}}, "0.9", 1},
		"one within another":    {[]quality.Outage{{hour(10), hour(20)}, {hour(12), hour(13)}, {hour(19), hour(20)}}, "0.9", 1},
		"two that touch":        {[]quality.Outage{{hour(10), hour(15)}, {hour(15), hour(20)}}, "0.9", 1},
		"two apart":             {[]quality.Outage{{hour(10), hour(15)}, {hour(16), hour(21)}}, "0.9", 2},
		"began before":          {[]quality.Outage{{hour(-5), hour(10)}}, "0.9", 0},
		"before, then its own":  {[]quality.Outage{{hour(-5), hour(5)}, {hour(95), hour(120)}}, "0.9", 1},
		"lasts":                 {[]quality.Outage{{From: hour(90)}}, "0.9", 1},
		"begins afterwards":     {[]quality.Outage{{hour(100), hour(120)}, {From: hour(300)}}, "1", 0},
		"over before":           {[]quality.Outage{{hour(-9), hour(-5)}, {hour(-3), hour(0)}}, "1", 0},
		"without length":        {[]quality.Outage{{hour(10), hour(10)}}, "1", 0},
		"all the time":          {[]quality.Outage{{hour(-1), hour(101)}}, "0", 0},
		"all the time, at once": {[]quality.Outage{{hour(0), hour(100)}}, "0", 1},
	} {
		var u quality.Uptime
		require.NoError(t, u.Observe(hour(0), hour(100), c.outages...), name)
		v, ok := quality.Value(u, quality.Share, 6)
		assert.True(t, ok, name)
		assert.Equal(t, c.share, v.String(), name)
		assert.Equal(t, c.failures, u.Count(), name)
	}
}

// The reference looks at each minute by itself.
func TestUptimeLikeAMinuteAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute := func(m int) time.Time { return march.Add(time.Duration(m) * time.Minute) }
		var outages []quality.Outage
		down := map[int]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "outages") {
			from := rapid.IntRange(-20, 120).Draw(t, "from")
			to := rapid.IntRange(from, 130).Draw(t, "to")
			outages = append(outages, quality.Outage{From: minute(from), To: minute(to)})
			for m := from; m < to; m++ {
				down[m] = true
			}
		}
		lost, failures := 0, uint64(0)
		for m := range 100 {
			if down[m] {
				lost++
				if !down[m-1] {
					failures++
				}
			}
		}
		var u quality.Uptime
		require.NoError(t, u.Observe(minute(0), minute(100), outages...))
		v, _ := quality.Value(u, quality.Percent, 0)
		assert.Equal(t, int64(100-lost), v.IntPart())
		assert.Equal(t, failures, u.Count())
	})
}

func TestUptimeRefuses(t *testing.T) {
	var u quality.Uptime
	assert.ErrorIs(t, u.Observe(hour(1), hour(1)), quality.ErrNegative)
	assert.ErrorIs(t, u.Observe(hour(1), hour(0)), quality.ErrNegative)
	assert.ErrorIs(t, u.Observe(hour(0), hour(9), quality.Outage{From: hour(5), To: hour(4)}), quality.ErrNegative)
	assert.ErrorIs(t, u.Add(time.Hour, 2*time.Hour, 1), quality.ErrRate)
	assert.ErrorIs(t, u.Add(time.Hour, -1, 1), quality.ErrNegative)
	assert.ErrorIs(t, u.Add(-1, 0, 1), quality.ErrNegative)
	assert.ErrorIs(t, u.Add(time.Hour, 0, quality.MaxCount+1), quality.ErrTooMany)
	assert.Equal(t, quality.Uptime{}, u)
	require.NoError(t, u.Add(time.Hour, time.Minute, 2))
	data, err := json.Marshal(u)
	require.NoError(t, err)
	assert.Equal(t, `{"agreed_ns":"3600000000000","down_ns":"60000000000","failures":2,"stretches":1}`, string(data))
	var back quality.Uptime
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, u, back)
	for _, in := range []string{
		`[]`, `{"agreed_ns":"1","down_ns":"2","failures":0,"stretches":1}`, `{"agreed_ns":"1","down_ns":"0","failures":0,"stretches":0}`,
		`{"agreed_ns":"-1","down_ns":"0","stretches":1}`, `{"agreed_ns":"1","down_ns":"x","stretches":1}`, `{"agreed_ns":"1","down_ns":"1","failures":9007199254740992,"stretches":1}`,
	} {
		assert.ErrorIs(t, back.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
		assert.Equal(t, u, back)
	}
}

// 980 hours as in norms/5.2-mtbf-2024. With n failures in a fixed time T the exact limits are 2T/χ²(0.975; 2n+2) and 2T/χ²(0.025; 2n): for
// n = 10 the chi-squares are 36.781 and 9.591 (any table).
func TestMeanTimeBetweenFailures(t *testing.T) {
	var u quality.Uptime
	require.NoError(t, u.Add(9820*time.Hour, 20*time.Hour, 10))
	b := u.BetweenFailures()
	mean, ok := b.Mean()
	assert.True(t, ok)
	assert.Equal(t, 980*time.Hour, mean)
	i, ok := quality.Estimate(b, quality.Hours, 0.95)
	require.True(t, ok)
	assert.InDelta(t, 2*9800/36.7807, i.Low, 0.01)
	assert.InDelta(t, 2*9800/9.5908, i.High, 0.1)
	_, ok = quality.BetweenFailures{}.Mean()
	assert.False(t, ok)

	var quiet quality.Uptime
	require.NoError(t, quiet.Add(9800*time.Hour, 0, 0))
	_, ok = quiet.BetweenFailures().Mean()
	assert.False(t, ok, "no failure gives no mean")
}

// Services that fail at random, 99% available: of 95% intervals from 20 outages each, 95 in 100 hold that. 2,000 of them know it to ±1.5
// (three standard errors).
func TestAvailabilityCoverage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const runs = 2000
	held := 0
	for range runs {
		var u quality.Uptime
		for range 20 {
			up, down := time.Duration(99*r.ExpFloat64()*float64(time.Hour)), time.Duration(r.ExpFloat64()*float64(time.Hour))
			require.NoError(t, u.Add(up+down, down, 1))
		}
		i, ok := quality.Estimate(u, quality.Share, 0.95)
		require.True(t, ok)
		if i.Low <= 0.99 && 0.99 <= i.High {
			held++
		}
	}
	assert.InDelta(t, 0.95, float64(held)/runs, 0.015)
}

func TestUptimeMergesToTheWhole(t *testing.T) {
	var all, a, b quality.Uptime
	for i := range 100 {
		part := &a
		if i%3 == 0 {
			part = &b
		}
		for _, u := range []*quality.Uptime{&all, part} {
			require.NoError(t, u.Add(math.MaxInt64, time.Duration(i)*time.Hour, uint64(i)))
		}
	}
	require.NoError(t, a.Merge(b))
	assert.Equal(t, all, a)
	v, ok := quality.Value(all, quality.Percent, 12)
	assert.True(t, ok)
	// 4,950 hours of 100 times 2^63-1 ns.
	assert.Equal(t, "99.998067951729", v.String(), "beyond what one duration holds")
}

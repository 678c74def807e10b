package quality_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

func net(t require.TestingT, promoters, passives, detractors uint64) quality.Net {
	n, err := quality.NewNet(promoters, passives, detractors)
	require.NoError(t, err)
	return n
}

// With 90% promoters and 2% detractors, 30 responses: the textbook interval holds the true score 84 times in 100, the adjusted one 96
// times. All outcomes are counted, none is simulated.
func TestNetCoverage(t *testing.T) {
	const n, promoters, detractors, z = 30, 0.90, 0.02, 1.959963984540054
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return math.Exp(a - b - c)
	}
	var wald, adjusted float64
	for p := range n + 1 {
		for d := range n - p + 1 {
			chance := choose(n, p) * choose(n-p, d) * math.Pow(promoters, float64(p)) * math.Pow(detractors, float64(d)) *
				math.Pow(1-promoters-detractors, float64(n-p-d))
			i, ok := quality.Estimate(net(t, uint64(p), uint64(n-p-d), uint64(d)), quality.Score, 0.95)
			require.True(t, ok)
			if i.Low <= 88 && 88 <= i.High {
				adjusted += chance
			}
			a, b := float64(p)/n, float64(d)/n
			if math.Abs(a-b-0.88) <= z*math.Sqrt((a+b-(a-b)*(a-b))/n) {
				wald += chance
			}
		}
	}
	assert.InDelta(t, 0.84, wald, 0.005)
	assert.InDelta(t, 0.96, adjusted, 0.005)
}

func TestNetHalfWidth(t *testing.T) {
	for n, want := range map[uint64]float64{100: 14, 400: 7} {
		i, ok := quality.Estimate(net(t, n*55/100, n*30/100, n*15/100), quality.Score, 0.95)
		require.True(t, ok)
		assert.InDelta(t, want, (i.High-i.Low)/2, 0.5, "n = %d", n)
	}
}

func TestNet(t *testing.T) {
	// 2 of 3 less 1 of 3, each rounded, would be 67 − 33 = 34; ceil(good% − bad%) was called satisfaction (freescout#2064).
	n := net(t, 2, 0, 1)
	points, ok := n.Points(0)
	assert.True(t, ok)
	assert.Equal(t, "33", points.String())
	assert.Equal(t, "66.67%", n.Promoters().String()[5:11])
	assert.Equal(t, proportion(t, 1, 3), n.Detractors())
	points, _ = net(t, 0, 0, 7).Points(2)
	assert.Equal(t, "-100", points.String())
	_, ok = quality.Net{}.Points(0)
	assert.False(t, ok)
	assert.Equal(t, "unknown (no responses)", quality.Net{}.String())
	i, ok := quality.Estimate(net(t, 1, 0, 0), quality.Score, 0.95)
	assert.True(t, ok)
	assert.Equal(t, 100.0, i.High)
	assert.Less(t, i.Low, 0.0, "one promoter shows nothing")
	i, ok = quality.Estimate(net(t, 0, 0, 1), quality.Score, 0.95)
	assert.True(t, ok)
	assert.Equal(t, -100.0, i.Low)
	assert.Greater(t, i.High, 0.0, "nor does one detractor")
	sum, err := n.Add(net(t, 1, 2, 3))
	require.NoError(t, err)
	assert.Equal(t, net(t, 3, 2, 4), sum)
}

func TestNetRefuses(t *testing.T) {
	for _, c := range [][3]uint64{{quality.MaxCount + 1, 0, 0}, {quality.MaxCount, 1, 0}, {math.MaxUint64, 1, 1}} {
		_, err := quality.NewNet(c[0], c[1], c[2])
		assert.ErrorIs(t, err, quality.ErrTooMany)
	}
	_, err := net(t, quality.MaxCount, 0, 0).Add(net(t, 1, 0, 0))
	assert.ErrorIs(t, err, quality.ErrTooMany)
	n := net(t, 55, 30, 15)
	data, err := json.Marshal(n)
	require.NoError(t, err)
	assert.Equal(t, `{"promoters":55,"passives":30,"detractors":15}`, string(data))
	var back quality.Net
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, n, back)
	for _, in := range []string{`null`, `{}`, `{"promoters":1,"passives":1}`, `{"promoters":-1,"passives":1,"detractors":1}`, `{"promoters":9007199254740991,"passives":1,"detractors":1}`} {
		assert.ErrorIs(t, back.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
		assert.Equal(t, n, back)
	}
}

package quality_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

func weights(t require.TestingT, partsAndShares ...string) quality.Weights {
	var parts []quality.Weight
	for i := 0; i < len(partsAndShares); i += 2 {
		parts = append(parts, quality.Weight{Part: partsAndShares[i], Share: number(partsAndShares[i+1])})
	}
	w, err := quality.NewWeights(parts...)
	require.NoError(t, err)
	return w
}

func TestWeightsSumToExactlyOne(t *testing.T) {
	third := quality.Weight{Part: "a", Share: number("0.3333")}
	for name, parts := range map[string][]quality.Weight{
		"none":           nil,
		"0.9999":         {third, {Part: "b", Share: number("0.3333")}, {Part: "c", Share: number("0.3333")}},
		"1.1":            {{Part: "a", Share: number("0.6")}, {Part: "b", Share: number("0.5")}},
		"percent":        {{Part: "a", Share: number("60")}, {Part: "b", Share: number("40")}},
		"twice":          {{Part: "a", Share: number("0.5")}, {Part: "a", Share: number("0.5")}},
		"without a name": {{Share: number("1")}},
		"below zero":     {{Part: "a", Share: number("1.5")}, {Part: "b", Share: number("-0.5")}},
		"zero":           {{Part: "a", Share: number("1")}, {Part: "b"}},
		"huge":           {{Part: "a", Share: decimal.New(1, 2_000_000_000)}},
		"tiny":           {{Part: "a", Share: decimal.New(1, -2_000_000_000)}, {Part: "b", Share: number("1")}},
	} {
		_, err := quality.NewWeights(parts...)
		assert.ErrorIs(t, err, quality.ErrWeights, name)
	}
	// 0.1 ten times is 1, though not in float64.
	var tenths []string
	for _, part := range "abcdefghij" {
		tenths = append(tenths, string(part), "0.1")
	}
	assert.Len(t, weights(t, tenths...).Parts(), 10)
}

func TestWeightedMean(t *testing.T) {
	w := weights(t, "attitude", "0.3", "professionalism", "0.3", "efficiency", "0.4")
	got, err := w.Mean(map[string]decimal.Decimal{"attitude": number("4.5"), "professionalism": number("4.2"), "efficiency": number("3.9")})
	require.NoError(t, err)
	assert.Equal(t, "4.17", got.String())
	assert.Equal(t, "attitude 0.3, professionalism 0.3, efficiency 0.4", w.String())
	_, err = w.Mean(map[string]decimal.Decimal{"attitude": number("4.5"), "efficiency": number("3.9")})
	assert.ErrorIs(t, err, quality.ErrWeights)
	assert.ErrorContains(t, err, "professionalism")
	_, err = w.Mean(map[string]decimal.Decimal{"attitude": number("4"), "professionalism": number("4"), "efficiency": number("4"), "smile": number("5")})
	assert.ErrorIs(t, err, quality.ErrWeights)
	_, err = w.Mean(map[string]decimal.Decimal{"attitude": number("4.5"), "professionalism": decimal.New(1, 2_000_000_000), "efficiency": number("3.9")})
	assert.ErrorIs(t, err, quality.ErrWeights, "too long to be written out")
	assert.ErrorContains(t, err, "professionalism")
	_, err = quality.Weights{}.Mean(nil)
	assert.ErrorIs(t, err, quality.ErrWeights)
}

func TestComposite(t *testing.T) {
	w := weights(t, "attitude", "0.25", "efficiency", "0.75")
	c, err := w.Combine(map[string]quality.Statistic{"attitude": proportion(t, 80, 100), "efficiency": proportion(t, 180, 200)})
	require.NoError(t, err)
	v, ok := quality.Value(c, quality.Percent, 2)
	assert.True(t, ok)
	assert.Equal(t, "87.5", v.String())
	assert.Equal(t, uint64(100), c.Count())
	// Both parts at 97.5%, so that both hold at 95%.
	i, ok := quality.Estimate(c, quality.Share, 0.95)
	assert.True(t, ok)
	a, b := proportion(t, 80, 100).Wilson(0.975), proportion(t, 180, 200).Wilson(0.975)
	assert.InDelta(t, 0.25*a.Low+0.75*b.Low, i.Low, 1e-12)
	assert.InDelta(t, 0.25*a.High+0.75*b.High, i.High, 1e-12)

	_, err = w.Combine(map[string]quality.Statistic{"attitude": proportion(t, 80, 100), "efficiency": quality.MeanTime{}})
	assert.ErrorIs(t, err, quality.ErrUnit)
	five, hundred := observed(t, whole(t, 1, 5), "4", "5"), observed(t, whole(t, 0, 100), "80", "90")
	points := observed(t, whole(t, -100, 100), "40", "50")
	for name, other := range map[string]quality.Statistic{
		"another scale": hundred, "a net promoter score": net(t, 5, 3, 2), "no scale": &quality.Scores{}, "nil": (*quality.Scores)(nil),
	} {
		_, err = w.Combine(map[string]quality.Statistic{"attitude": five, "efficiency": other})
		assert.ErrorIs(t, err, quality.ErrScale, name)
	}
	_, err = w.Combine(map[string]quality.Statistic{"attitude": points, "efficiency": net(t, 5, 3, 2)})
	assert.ErrorIs(t, err, quality.ErrScale, "a net promoter score is no answer, whatever the scale")
	scores, err := w.Combine(map[string]quality.Statistic{"attitude": five, "efficiency": five})
	require.NoError(t, err)
	_, err = w.Combine(map[string]quality.Statistic{"attitude": scores, "efficiency": hundred})
	assert.ErrorIs(t, err, quality.ErrScale, "a composite has the scale of its parts")
	nets, err := w.Combine(map[string]quality.Statistic{"attitude": net(t, 1, 1, 1), "efficiency": net(t, 5, 3, 2)})
	require.NoError(t, err)
	_, err = w.Combine(map[string]quality.Statistic{"attitude": nets, "efficiency": points})
	assert.ErrorIs(t, err, quality.ErrScale)
	_, err = w.Combine(map[string]quality.Statistic{"attitude": proportion(t, 80, 100), "efficiency": nil})
	assert.ErrorIs(t, err, quality.ErrWeights)
	empty, err := w.Combine(map[string]quality.Statistic{"attitude": proportion(t, 80, 100), "efficiency": quality.Proportion{}})
	require.NoError(t, err)
	_, ok = quality.Value(empty, quality.Percent, 2)
	assert.False(t, ok, "a part without facts leaves no figure")
}

func TestWeightsJSON(t *testing.T) {
	w := weights(t, "a", "0.25", "b", "0.75")
	data, err := json.Marshal(w)
	require.NoError(t, err)
	assert.Equal(t, `[{"part":"a","share":"0.25"},{"part":"b","share":"0.75"}]`, string(data))
	var back quality.Weights
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, w.String(), back.String())
	assert.ErrorIs(t, back.UnmarshalJSON([]byte(`[{"part":"a","share":"0.5"}]`)), quality.ErrWeights)
	assert.ErrorIs(t, back.UnmarshalJSON([]byte(`{}`)), quality.ErrFormat)
	assert.Equal(t, w.String(), back.String())
	data, err = json.Marshal(quality.Weights{})
	require.NoError(t, err)
	assert.Equal(t, `[]`, string(data))
}

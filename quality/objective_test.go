package quality_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

func objective(measure string, bound quality.Bound, figure string, unit quality.Unit) quality.Objective {
	return quality.Objective{Measure: measure, Bound: bound, Figure: decimal.RequireFromString(figure), Unit: unit, Places: 1}
}

func assess(t require.TestingT, o quality.Objective, s quality.Statistic) quality.Assessment {
	a, err := o.Assess(s, 0.95)
	require.NoError(t, err)
	return a
}

func TestAssessSaysItInOneLine(t *testing.T) {
	least := objective("satisfaction", quality.AtLeast, "90", quality.Percent)
	most := objective("complaint-rate", quality.AtMost, "0.01", quality.Share)
	most.Places, most.Clause = 4, "etiquette/1.4-complaint-rate"
	var waits quality.MeanTime
	for _, s := range []int{20, 25, 31, 24, 40, 18, 22, 29} {
		require.NoError(t, waits.Observe(time.Duration(s)*time.Second))
	}
	net, err := quality.NewNet(55, 30, 15)
	require.NoError(t, err)
	for want, a := range map[string]quality.Assessment{
		"satisfaction >= 90%: undecided, 93.3% of 30 (78.7% to 98.2%), 282 more would tell":               assess(t, least, proportion(t, 28, 30)),
		"satisfaction >= 90%: met, 95.0% of 200 (91.0% to 97.3%)":                                         assess(t, least, proportion(t, 190, 200)),
		"satisfaction >= 90%: undecided, 90.0% of 100 (82.6% to 94.5%)":                                   assess(t, least, proportion(t, 90, 100)),
		"satisfaction >= 90%: undecided, no figure from 0":                                                assess(t, least, quality.Proportion{}),
		"etiquette/1.4-complaint-rate: complaint-rate <= 0.01: missed, 0.0207 of 1500 (0.0146 to 0.0292)": assess(t, most, proportion(t, 31, 1500)),
		"response <= 30 s: undecided, 26.1 s of 8 (20.2 s to 32.0 s), 8 more would tell":                  assess(t, objective("response", quality.AtMost, "30", quality.Seconds), waits),
		"nps >= 40: undecided, 40.0 of 100 (24.6 to 53.1)":                                                assess(t, objective("nps", quality.AtLeast, "40", quality.Score), net),
	} {
		assert.Equal(t, want, a.String())
	}
}

// The score test at the bound itself gives the sample that decides in closed form: n > z² b (1 − b) / (rate − b)².
func TestMoreThatWouldTell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(10, 2000).Draw(t, "trials")
		hits := rapid.Uint64Range(0, n).Draw(t, "hits")
		percent := rapid.Int64Range(1, 99).Draw(t, "bound")
		o := objective("m", rapid.SampledFrom([]quality.Bound{quality.AtLeast, quality.AtMost}).Draw(t, "side"), decimal.NewFromInt(percent).String(), quality.Percent)
		a := assess(t, o, proportion(t, hits, n))
		rate, b, z := float64(hits)/float64(n), float64(percent)/100, 1.959963984540054
		if hits*100 == uint64(percent)*n {
			assert.Equal(t, quality.Undecided, a.Outcome)
			assert.Nil(t, a.More, "the rate is the bound: no sample tells")
			return
		}
		require.NotNil(t, a.More)
		need := z * z * b * (1 - b) / (rate - b) / (rate - b)
		if a.Outcome != quality.Undecided {
			assert.Zero(t, *a.More)
			assert.GreaterOrEqual(t, float64(n)*1.0000001, need)
			return
		}
		assert.InDelta(t, need, float64(n+*a.More), 1+need*1e-6)
	})
}

// So many times the same facts decide just when they are as many as was said.
func TestMoreOfTheSameTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most uint64) uint64 { return rapid.Uint64Range(1, most).Draw(t, name) }
		a, b, c := n("a", 40), n("b", 40), n("c", 40)
		bound := rapid.Int64Range(1, 99).Draw(t, "bound")
		times := rapid.Uint64Range(2, 200).Draw(t, "times")
		var s, more quality.Statistic
		o := objective("m", rapid.SampledFrom([]quality.Bound{quality.AtLeast, quality.AtMost}).Draw(t, "side"), decimal.NewFromInt(bound).String(), quality.Percent)
		switch rapid.IntRange(0, 2).Draw(t, "statistic") {
		case 0:
			s, more = proportion(t, a, a+b), proportion(t, a*times, (a+b)*times)
		case 1:
			o.Unit = quality.Score
			s, more = net(t, a, b, c), net(t, a*times, b*times, c*times)
		case 2:
			var few, many quality.Uptime
			require.NoError(t, few.Add(time.Duration(a+b)*time.Hour, time.Duration(b)*time.Hour, c))
			require.NoError(t, many.Add(time.Duration((a+b)*times)*time.Hour, time.Duration(b*times)*time.Hour, c*times))
			s, more = few, many
		}
		said := assess(t, o, s)
		decided := assess(t, o, more).Outcome != quality.Undecided
		if said.More == nil {
			assert.False(t, decided, said.String())
			return
		}
		assert.Equal(t, s.Count()*times >= s.Count()+*said.More, decided, "%v: %v", times, said)
	})
}

func TestExactComparisonIsNeverRounded(t *testing.T) {
	o := objective("m", quality.AtLeast, "90", quality.Percent)
	for _, c := range []struct {
		hits, trials uint64
		want         quality.Outcome
	}{{900_000, 1_000_000, quality.Met}, {899_999, 1_000_000, quality.Missed}, {0, 0, quality.Undecided}} {
		got, err := o.Exact(proportion(t, c.hits, c.trials))
		require.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
	// 89.96% is shown as 90.0% and missed all the same: the page and the verdict do not contradict silently, as Places says how far the
	// page goes.
	a := assess(t, o, proportion(t, 8996, 10000))
	assert.Equal(t, "90.0", a.Value.StringFixed(1))
	assert.Equal(t, quality.Missed, a.Exact)

	// A third of a minute is 20 s exactly, whatever float64 makes of it.
	var m quality.MeanTime
	require.NoError(t, m.Observe(60*time.Second))
	require.NoError(t, m.Observe(0))
	require.NoError(t, m.Observe(0))
	got, err := objective("m", quality.AtMost, "20", quality.Seconds).Exact(m)
	require.NoError(t, err)
	assert.Equal(t, quality.Met, got)
	got, err = objective("m", quality.AtMost, "0.3333333333333333333333333333", quality.Minutes).Exact(m)
	require.NoError(t, err)
	assert.Equal(t, quality.Missed, got)
}

func composite(t require.TestingT, part quality.Statistic) quality.Composite {
	one, err := quality.NewWeights(quality.Weight{Part: "part", Share: decimal.NewFromInt(1)})
	require.NoError(t, err)
	c, err := one.Combine(map[string]quality.Statistic{"part": part})
	require.NoError(t, err)
	return c
}

func TestObjectiveRefuses(t *testing.T) {
	p := proportion(t, 9, 10)
	for name, c := range map[string]struct {
		o    quality.Objective
		s    quality.Statistic
		want error
	}{
		"90 for 90%":                  {objective("m", quality.AtLeast, "90", quality.Share), p, quality.ErrRate},
		"101%":                        {objective("m", quality.AtLeast, "101", quality.Percent), p, quality.ErrRate},
		"below zero":                  {objective("m", quality.AtLeast, "-1", quality.Percent), p, quality.ErrRate},
		"minutes":                     {objective("m", quality.AtLeast, "9", quality.Minutes), p, quality.ErrUnit},
		"no such unit":                {objective("m", quality.AtLeast, "9", "furlong"), p, quality.ErrUnit},
		"no bound":                    {objective("m", 0, "9", quality.Percent), p, quality.ErrFormat},
		"zero":                        {quality.Objective{}, p, quality.ErrUnit},
		"too many places":             {quality.Objective{Bound: quality.AtLeast, Unit: quality.Percent, Places: 33}, p, quality.ErrFormat},
		"a huge bound":                {quality.Objective{Bound: quality.AtLeast, Unit: quality.Percent, Figure: decimal.New(1, 2_000_000_000)}, p, quality.ErrRate},
		"85 on 1 to 5":                {objective("m", quality.AtLeast, "85", quality.Score), observed(t, whole(t, 1, 5), "5", "4"), quality.ErrScale},
		"85 on a composite of 1 to 5": {objective("m", quality.AtLeast, "85", quality.Score), composite(t, observed(t, whole(t, 1, 5), "5", "4")), quality.ErrScale},
		"a huge time":                 {quality.Objective{Bound: quality.AtLeast, Unit: quality.Hours, Figure: decimal.New(1, 2_000_000_000)}, quality.MeanTime{}, quality.ErrFormat},
		"a tiny amount":               {quality.Objective{Bound: quality.AtLeast, Unit: quality.Amount, Figure: decimal.New(1, -2_000_000_000)}, quality.MeanAmount{}, quality.ErrFormat},
		"a huge score of nothing":     {quality.Objective{Bound: quality.AtLeast, Unit: quality.Score, Figure: decimal.New(1, 2_000_000_000)}, nil, quality.ErrFormat},
		"nps of 101":                  {objective("m", quality.AtLeast, "101", quality.Score), net(t, 1, 2, 3), quality.ErrScale},
		"minus 5 minutes":             {objective("m", quality.AtMost, "-5", quality.Minutes), quality.MeanTime{}, quality.ErrNegative},
		"minus 5 yuan":                {objective("m", quality.AtLeast, "-5", quality.Amount), quality.MeanAmount{}, quality.ErrNegative},
		"share for a time":            {objective("m", quality.AtMost, "0.5", quality.Share), quality.MeanTime{}, quality.ErrUnit},
	} {
		_, err := c.o.Assess(c.s, 0.95)
		assert.ErrorIs(t, err, c.want, name)
		_, err = c.o.Exact(c.s)
		assert.ErrorIs(t, err, c.want, name)
	}
	o := objective("m", quality.AtLeast, "90", quality.Percent)
	for _, level := range []float64{95, 0, 1, -0.5, math.NaN(), math.Inf(1)} {
		_, err := o.Assess(p, level)
		assert.ErrorIs(t, err, quality.ErrLevel)
		_, ok := quality.Estimate(p, quality.Share, level)
		assert.False(t, ok)
	}
	a := assess(t, o, nil)
	assert.Equal(t, quality.Undecided, a.Outcome)
	outcome, err := o.Exact(nil)
	require.NoError(t, err)
	assert.Equal(t, quality.Undecided, outcome)
}

// What looks like a sure figure and is none: nothing, one fact, facts that are all the same.
func TestFactsThatSayNothing(t *testing.T) {
	one := quality.NewScores(whole(t, 1, 5))
	same := quality.NewScores(whole(t, 1, 5))
	var oneTime, sameTime quality.MeanTime
	for range 100 {
		require.NoError(t, same.Observe(decimal.NewFromInt(5)))
		require.NoError(t, sameTime.Observe(time.Minute))
	}
	require.NoError(t, one.Observe(decimal.NewFromInt(5)))
	require.NoError(t, oneTime.Observe(time.Minute))
	var oneAmount, sameAmount quality.MeanAmount
	require.NoError(t, oneAmount.Observe(5))
	require.NoError(t, sameAmount.Observe(5))
	require.NoError(t, sameAmount.Observe(5))
	var onePart quality.Ratio
	require.NoError(t, onePart.Observe(5, 10))
	var quiet quality.Uptime
	require.NoError(t, quiet.Add(time.Hour, 0, 0))
	for _, c := range []struct {
		s    quality.Statistic
		o    quality.Objective
		more bool
	}{
		{quality.NewScores(whole(t, 1, 5)), objective("score", quality.AtLeast, "4", quality.Score), false},
		{(*quality.Scores)(nil), objective("score", quality.AtLeast, "4", quality.Score), false},
		{one, objective("score", quality.AtLeast, "4", quality.Score), false},
		{same, objective("score", quality.AtLeast, "4", quality.Score), false},
		{quality.MeanTime{}, objective("time", quality.AtMost, "2", quality.Minutes), false},
		{oneTime, objective("time", quality.AtMost, "2", quality.Minutes), false},
		{sameTime, objective("time", quality.AtMost, "2", quality.Minutes), false},
		{quality.MeanAmount{}, objective("value", quality.AtLeast, "2", quality.Amount), false},
		{oneAmount, objective("value", quality.AtLeast, "2", quality.Amount), false},
		{sameAmount, objective("value", quality.AtLeast, "2", quality.Amount), false},
		{quality.Ratio{}, objective("saving", quality.AtLeast, "2", quality.Percent), false},
		{onePart, objective("saving", quality.AtLeast, "2", quality.Percent), false},
		{quality.Proportion{}, objective("share", quality.AtLeast, "90", quality.Percent), false},
		{net(t, 1, 0, 0), objective("nps", quality.AtLeast, "40", quality.Score), true},
		{quality.Net{}, objective("nps", quality.AtLeast, "40", quality.Score), false},
		{quality.Uptime{}, objective("availability", quality.AtLeast, "99.9", quality.Percent), false},
		{quiet, objective("availability", quality.AtLeast, "99.9", quality.Percent), false},
		{quiet.BetweenFailures(), objective("mtbf", quality.AtLeast, "1", quality.Minutes), false},
		{quality.BetweenFailures{}, objective("mtbf", quality.AtLeast, "1", quality.Minutes), false},
		{quality.Composite{}, objective("all", quality.AtLeast, "90", quality.Percent), false},
		{proportion(t, 1, 1), objective("share", quality.AtLeast, "90", quality.Percent), true},
	} {
		a := assess(t, c.o, c.s)
		assert.Equal(t, quality.Undecided, a.Outcome, a.String())
		assert.Equal(t, c.more, a.More != nil, a.String())
	}
}

func TestObjectiveJSON(t *testing.T) {
	o := objective("satisfaction", quality.AtLeast, "90", quality.Percent)
	data, err := json.Marshal(o)
	require.NoError(t, err)
	assert.Equal(t, `{"measure":"satisfaction","bound":"\u003e=","figure":"90","unit":"pct","places":1}`, string(data))
	var back quality.Objective
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, o.String(), back.String())
	assert.Error(t, json.Unmarshal([]byte(`{"bound":">"}`), &back))
	_, err = json.Marshal(quality.Objective{})
	assert.ErrorIs(t, err, quality.ErrFormat)
	data, err = json.Marshal(assess(t, o, proportion(t, 28, 30)))
	require.NoError(t, err)
	assert.Contains(t, string(data), `"value":"93.3","exact":"met","outcome":"undecided","level":0.95,"interval":{"low":78.6`)
}

func TestValue(t *testing.T) {
	var m quality.MeanTime
	require.NoError(t, m.Observe(90*time.Minute))
	for unit, want := range map[quality.Unit]string{quality.Seconds: "5400", quality.Minutes: "90", quality.Hours: "1.5", quality.Days: "0.0625"} {
		v, ok := quality.Value(m, unit, 4)
		assert.True(t, ok)
		assert.Equal(t, want, v.String())
	}
	_, ok := quality.Value(m, quality.Percent, 1)
	assert.False(t, ok)
	_, ok = quality.Value(nil, quality.Percent, 1)
	assert.False(t, ok)
	_, ok = quality.Value(quality.Proportion{}, quality.Percent, 1)
	assert.False(t, ok)
	i, ok := quality.Estimate(proportion(t, 50, 100), quality.Percent, 0.95)
	assert.True(t, ok)
	assert.InDelta(t, 40.38, i.Low, 0.01)
}

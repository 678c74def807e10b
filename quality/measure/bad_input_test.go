package measure_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

func objective(id string, bound quality.Bound, figure int64, unit quality.Unit) quality.Objective {
	return quality.Objective{Measure: id, Bound: bound, Figure: decimal.NewFromInt(figure), Unit: unit}
}

// bounds are an objective for each kind of measure of the standard table, met by the figures below if these were enough.
func bounds() map[string]quality.Objective {
	o := objective
	return map[string]quality.Objective{
		"reopen-rate":        o("reopen-rate", quality.AtMost, 10, quality.Percent),
		"satisfaction":       o("satisfaction", quality.AtLeast, 90, quality.Percent),
		"satisfaction-score": o("satisfaction-score", quality.AtLeast, 4, quality.Score),
		"nps":                o("nps", quality.AtLeast, 40, quality.Score),
		"mean-handling":      o("mean-handling", quality.AtMost, 30, quality.Minutes),
		"customer-value":     o("customer-value", quality.AtLeast, 2, quality.Amount),
		"cost-saving":        o("cost-saving", quality.AtLeast, 10, quality.Percent),
		"availability":       o("availability", quality.AtLeast, 99, quality.Percent),
		"mtbf":               o("mtbf", quality.AtLeast, 10, quality.Hours),
	}
}

func assessed(t *testing.T, id string, facts ...measure.Fact) quality.Assessment {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for _, f := range facts {
		require.NoError(t, tally.Observe(id, measure.Observation{At: monday, Fact: f}))
	}
	row, ok := tally.Total(id)
	require.True(t, ok, id)
	a, err := row.Assess(bounds()[id], 0.95)
	require.NoError(t, err, id)
	return a
}

// A group in which everything is pending, left out, or counts of nothing has a row, and no verdict.
func TestEmptySamples(t *testing.T) {
	for id := range bounds() {
		a := assessed(t, id, measure.Pending(), measure.Excluded())
		assert.Equal(t, quality.Undecided, a.Outcome, id)
		assert.Equal(t, quality.Undecided, a.Exact, id)
		assert.Nil(t, a.Value, id)
		assert.Nil(t, a.Interval, id)
	}
	for id, f := range map[string]measure.Fact{"reopen-rate": measure.Hits(0, 0), "cost-saving": measure.PartOf(0, 0), "availability": measure.Ran(0, 0, 0), "mtbf": measure.Ran(0, 0, 0)} {
		a := assessed(t, id, f)
		assert.Equal(t, quality.Undecided, a.Exact, id)
		assert.Nil(t, a.Value, id)
	}
}

func TestOneResponse(t *testing.T) {
	five, ten := measure.Rating(decimal.NewFromInt(5)), measure.Rating(decimal.NewFromInt(10))
	for id, f := range map[string]measure.Fact{
		"reopen-rate": measure.Hit(false), "satisfaction": five, "satisfaction-score": five, "nps": ten, "mean-handling": measure.Took(time.Minute),
		"mtbf": measure.Ran(99*time.Hour, 0, 0),
	} {
		assert.Equal(t, quality.Undecided, assessed(t, id, f).Outcome, id)
	}
}

// Means of what never varied say nothing about how much it may. Shares do: a hundred of a hundred satisfied is an answer.
func TestAllTheSameScore(t *testing.T) {
	five := measure.Rating(decimal.NewFromInt(5))
	var scores, times []measure.Fact
	for range 100 {
		scores, times = append(scores, five), append(times, measure.Took(time.Minute))
	}
	assert.Equal(t, quality.Undecided, assessed(t, "satisfaction-score", scores...).Outcome)
	assert.Equal(t, quality.Undecided, assessed(t, "mean-handling", times...).Outcome)
	assert.Equal(t, quality.Met, assessed(t, "satisfaction", scores...).Outcome)
	scores = append(scores, measure.Rating(decimal.NewFromInt(4)))
	assert.Equal(t, quality.Met, assessed(t, "satisfaction-score", scores...).Outcome, "one that differs tells")
}

func TestRatesAboveOne(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for _, c := range []struct {
		measure string
		fact    measure.Fact
		want    error
	}{
		{"reopen-rate", measure.Hits(3, 2), quality.ErrHitsExceedTrials},
		{"cost-saving", measure.PartOf(3, 2), quality.ErrRate},
		{"availability", measure.Ran(time.Hour, 2*time.Hour, 1), quality.ErrRate},
	} {
		err := tally.Observe(c.measure, measure.Observation{At: monday, Fact: c.fact})
		assert.ErrorIs(t, err, c.want)
		assert.ErrorContains(t, err, c.measure)
		_, counted := tally.Total(c.measure)
		assert.False(t, counted, c.measure)
	}
	o := bounds()["reopen-rate"]
	o.Figure = decimal.NewFromInt(101)
	_, err := measure.Row{Measure: "reopen-rate", Statistic: quality.Proportion{}}.Assess(o, 0.95)
	assert.ErrorIs(t, err, quality.ErrRate)
}

// Resolved before it was opened, restored before it was detected, trained for less than no time: findings that name the record, and no figure.
func TestNegativeDurations(t *testing.T) {
	for _, c := range []struct {
		of             measure.Of
		measure, facts string
		code           measure.Code
	}{
		{measure.Cases, "mean-resolution", "mon 09:00 resolve, mon 10:00 open", measure.CodeNegative},
		{measure.Cases, "mttr", "mon 09:00 restore, mon 10:00 detect", measure.CodeNegative},
		{measure.People, "training-hours", "mon 09:00 train hours=-2", measure.CodeUnreadable},
	} {
		tally := measure.NewTally(standard(), measure.Grouping{})
		h := parse(c.facts)
		h.Case = "R-1"
		require.NoError(t, tally.Take(&measure.Record{Of: c.of, History: h, Now: sunday, From: monday, To: sunday}))
		row, ok := tally.Total(c.measure)
		assert.True(t, !ok || row.Statistic.Count() == 0, c.measure)
		var found bool
		for _, f := range tally.Findings() {
			for _, e := range f.Examples {
				found = found || f.Code == c.code && e.Measure == c.measure && e.Case == "R-1"
			}
		}
		assert.True(t, found, "%s: %v", c.measure, tally.Findings())
	}
	tally := measure.NewTally(standard(), measure.Grouping{})
	assert.ErrorIs(t, tally.Observe("mean-handling", measure.Observation{At: monday, Fact: measure.Took(-1)}), quality.ErrNegative)
	assert.ErrorIs(t, tally.Observe("availability", measure.Observation{At: monday, Fact: measure.Ran(-1, -1, 0)}), quality.ErrNegative)
	o := bounds()["mean-handling"]
	o.Figure = decimal.NewFromInt(-30)
	_, err := measure.Row{Measure: "mean-handling", Statistic: quality.MeanTime{}}.Assess(o, 0.95)
	assert.ErrorIs(t, err, quality.ErrNegative)
}

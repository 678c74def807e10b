package measure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// A census is answered by its figure, and a sample by its interval: what is pending may still turn either way.
func TestCensus(t *testing.T) {
	all := func(measure string) quality.Objective {
		return objective(measure, quality.AtLeast, 100, quality.Percent)
	}
	few := func(measure string) quality.Objective { return objective(measure, quality.AtMost, 10, quality.Percent) }
	pending := measure.Pending()
	for name, c := range map[string]struct {
		o     quality.Objective
		facts []measure.Fact
		want  quality.Outcome
	}{
		"everybody":                   {all("training-coverage"), []measure.Fact{measure.Hits(3, 3)}, quality.Met},
		"one missing":                 {all("training-coverage"), []measure.Fact{measure.Hits(99_999, 100_000)}, quality.Missed},
		"nobody there":                {all("training-coverage"), []measure.Fact{measure.Hits(0, 0)}, quality.Undecided},
		"one to go":                   {all("training-coverage"), []measure.Fact{measure.Hits(99, 99), pending}, quality.Undecided},
		"one missing, one to go":      {all("training-coverage"), []measure.Fact{measure.Hits(98, 99), pending}, quality.Missed},
		"all to go":                   {all("training-coverage"), []measure.Fact{pending}, quality.Undecided},
		"few failed":                  {few("fault-rate"), []measure.Fact{measure.Hits(1, 10)}, quality.Met},
		"few failed, one may":         {few("fault-rate"), []measure.Fact{measure.Hits(1, 18), pending}, quality.Undecided},
		"few failed, and if one does": {few("fault-rate"), []measure.Fact{measure.Hits(1, 19), pending}, quality.Met},
		"one long enough":             {objective("training-hours", quality.AtLeast, 1, quality.Hours), []measure.Fact{measure.Took(time.Hour)}, quality.Met},
		"hours to go":                 {objective("training-hours", quality.AtLeast, 1, quality.Hours), []measure.Fact{measure.Took(time.Hour), pending}, quality.Undecided},
		"never down":                  {all("availability"), []measure.Fact{measure.Ran(time.Hour, 0, 0)}, quality.Met},
		"cost":                        {objective("cost-saving", quality.AtLeast, 10, quality.Percent), []measure.Fact{measure.PartOf(1, 10)}, quality.Met},
		"terminals, some too few":     {objective("terminals/large", quality.AtLeast, 20, quality.Amount), []measure.Fact{measure.Worth(10), measure.Worth(40), measure.Worth(24), measure.Worth(26)}, quality.Missed},
		"terminals, some too many":    {objective("terminals/large", quality.AtMost, 30, quality.Amount), []measure.Fact{measure.Worth(10), measure.Worth(40), measure.Worth(24), measure.Worth(26)}, quality.Missed},
		"terminals, enough":           {objective("terminals/large", quality.AtLeast, 20, quality.Amount), []measure.Fact{measure.Worth(20), measure.Worth(30)}, quality.Met},
		"terminals, not too many":     {objective("terminals/large", quality.AtMost, 30, quality.Amount), []measure.Fact{measure.Worth(20), measure.Worth(30)}, quality.Met},
		"terminals, one not counted":  {objective("terminals/large", quality.AtMost, 30, quality.Amount), []measure.Fact{measure.Worth(20), pending}, quality.Undecided},
		"a sample that is all hits":   {all("accuracy"), []measure.Fact{measure.Hits(100_000, 100_000)}, quality.Undecided},
		"inspections are samples":     {few("dress-nonconformity"), []measure.Fact{measure.Hits(0, 3)}, quality.Undecided},
	} {
		tally := measure.NewTally(standard(), measure.Grouping{})
		for _, f := range c.facts {
			require.NoError(t, tally.Observe(c.o.Measure, measure.Observation{At: monday, Fact: f}), name)
		}
		row, ok := tally.Total(c.o.Measure)
		require.True(t, ok, name)
		a, err := row.Assess(c.o, 0.95)
		require.NoError(t, err, name)
		assert.Equal(t, c.want, a.Outcome, name)
		if row.Census {
			assert.Nil(t, a.Interval, name)
			assert.Equal(t, c.want != quality.Undecided, a.More != nil && *a.More == 0, name)
		}
	}
	_, err := measure.Row{Measure: "x", Census: true, Statistic: quality.Proportion{}}.Assess(all("x"), 95)
	assert.ErrorIs(t, err, quality.ErrLevel)
	a, err := measure.Row{Measure: "x", Census: true}.Assess(all("x"), 0.95)
	require.NoError(t, err)
	assert.Equal(t, quality.Undecided, a.Outcome, "the zero row")
	p, err := quality.NewProportion(1, 1)
	require.NoError(t, err)
	a, err = measure.Row{Measure: "x", Census: true, Statistic: p, Pending: quality.MaxCount}.Assess(all("x"), 0.95)
	require.NoError(t, err)
	assert.Equal(t, quality.Undecided, a.Outcome, "more than can be counted")
}

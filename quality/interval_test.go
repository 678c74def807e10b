package quality_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

func TestIntervalAgainstBound(t *testing.T) {
	for _, c := range []struct {
		low, high   float64
		bound       string
		least, most quality.Outcome
	}{
		{0.91, 0.95, "0.90", quality.Met, quality.Missed},
		{0.85, 0.89, "0.90", quality.Missed, quality.Met},
		{0.85, 0.95, "0.90", quality.Undecided, quality.Undecided},
		{0.5, 0.75, "0.5", quality.Met, quality.Undecided}, // an end on the bound keeps it
		{0.25, 0.5, "0.5", quality.Undecided, quality.Met},
		{0.5, 0.5, "0.5", quality.Met, quality.Met},
		{0, 1, "0.9", quality.Undecided, quality.Undecided},
		{0, 0.1611, "0", quality.Met, quality.Undecided},
		{0.839, 1, "1", quality.Undecided, quality.Met},
		{0.2, 0.3, "1e2147483000", quality.Missed, quality.Met},
		{0.2, 0.3, "-1e2147483000", quality.Met, quality.Missed},
		{0.2, 0.3, "1e-2147483000", quality.Met, quality.Missed},
		{math.SmallestNonzeroFloat64, 1, "1e-2147483000", quality.Met, quality.Missed},
		{0.95, 0.91, "0.5", quality.Undecided, quality.Undecided}, // reversed
		{math.NaN(), 1, "0.5", quality.Undecided, quality.Undecided},
		{0, math.NaN(), "0.5", quality.Undecided, quality.Undecided},
		{math.Inf(-1), math.Inf(1), "0.5", quality.Undecided, quality.Undecided},
		{1, math.Inf(1), "0.5", quality.Undecided, quality.Undecided},
	} {
		i := quality.Interval{Low: c.low, High: c.high}
		assert.Equal(t, c.least, i.AtLeast(share(t, c.bound)), "%v at least %s", i, c.bound)
		assert.Equal(t, c.most, i.AtMost(share(t, c.bound)), "%v at most %s", i, c.bound)
	}
}

// 19 of 20 is 95%, yet says nothing about a promise of 90%; the same rate over 2,000 cases does.
func TestSampleMayNotTell(t *testing.T) {
	bound := share(t, "0.90")
	few, many, bad := proportion(t, 19, 20), proportion(t, 1900, 2000), proportion(t, 1700, 2000)
	assert.True(t, few.AtLeast(bound))
	assert.Equal(t, quality.Undecided, few.Wilson(0.95).AtLeast(bound))
	assert.Equal(t, quality.Met, many.Wilson(0.95).AtLeast(bound))
	assert.Equal(t, quality.Missed, bad.Wilson(0.95).AtLeast(bound))
	assert.Equal(t, quality.Undecided, quality.Proportion{}.Wilson(0.95).AtLeast(bound))
	assert.Equal(t, quality.Undecided, many.Wilson(95).AtLeast(bound), "a level that is none")
}

func TestIntervalString(t *testing.T) {
	assert.Equal(t, "25.53%–36.62%", proportion(t, 81, 263).Wilson(0.95).String())
}

func TestOutcomeText(t *testing.T) {
	for text, o := range map[string]quality.Outcome{"undecided": quality.Undecided, "met": quality.Met, "missed": quality.Missed} {
		assert.Equal(t, text, o.String())
		data, err := json.Marshal(o)
		require.NoError(t, err)
		assert.Equal(t, `"`+text+`"`, string(data))
		back := quality.Outcome(7)
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, o, back)
	}
	var zero quality.Outcome
	assert.Equal(t, quality.Undecided, zero)

	o := quality.Met
	assert.ErrorIs(t, o.UnmarshalText([]byte("Met")), quality.ErrFormat)
	assert.ErrorIs(t, o.UnmarshalText(nil), quality.ErrFormat)
	assert.Equal(t, quality.Met, o)
	assert.Equal(t, "Outcome(7)", quality.Outcome(7).String())
	_, err := quality.Outcome(7).MarshalText()
	assert.ErrorIs(t, err, quality.ErrFormat)
}

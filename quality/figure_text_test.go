package quality_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

// Figures print as people read them, whichever way fmt comes to them, and without facts they say so.
func TestFiguresReadAsText(t *testing.T) {
	scale, err := quality.Whole(1, 5)
	require.NoError(t, err)
	scores, none := quality.NewScores(scale), quality.NewScores(scale)
	for _, n := range []int64{5, 4, 4} {
		require.NoError(t, scores.Observe(decimal.NewFromInt(n)))
	}
	var times quality.MeanTime
	var durations quality.Durations
	for _, d := range []time.Duration{20 * time.Minute, 22*time.Minute + 31*time.Second} {
		require.NoError(t, times.Observe(d))
		require.NoError(t, durations.Observe(d))
	}
	var amount quality.MeanAmount
	require.NoError(t, amount.Observe(12))
	require.NoError(t, amount.Observe(13))
	var ratio quality.Ratio
	require.NoError(t, ratio.Observe(30, 200))
	var up, one quality.Uptime
	require.NoError(t, up.Add(720*time.Hour, 36*time.Minute, 2))
	require.NoError(t, one.Add(10*time.Hour, time.Hour, 1))

	for _, c := range []struct {
		of   any
		want string
	}{
		{times, "21m16s of 2"},
		{quality.MeanTime{}, "unknown of 0"},
		{&durations, durations.String()},
		{&quality.Durations{}, "unknown of 0"},
		{(*quality.Durations)(nil), "unknown of 0"},
		{amount, "12.50 of 2"},
		{quality.MeanAmount{}, "unknown of 0"},
		{extremes(t, 26, 24, 28), "24 to 28 of 3"},
		{quality.Extremes{}, "unknown of 0"},
		{ratio, "15.00% of 1"},
		{quality.Ratio{}, "unknown of 0"},
		{scores, "4.33 of 3 on 1-5"},
		{none, "unknown of 0 on 1-5"},
		{&quality.Scores{}, "unknown of 0"},
		{(*quality.Scores)(nil), "unknown of 0"},
		{up, "99.917% with 2 failures"},
		{one, "90.000% with 1 failure"},
		{quality.Uptime{}, "unknown with 0 failures"},
		{up.BetweenFailures(), "359h42m0s of 2 failures"},
		{one.BetweenFailures(), "9h0m0s of 1 failure"},
		{quality.BetweenFailures{}, "unknown of 0 failures"},
		{quality.Composite{}, "unknown of 0"},
	} {
		assert.Equal(t, c.want, fmt.Sprint(c.of), "%T", c.of)
		assert.Equal(t, c.want, fmt.Sprintf("%v", c.of), "%T", c.of)
	}
	assert.Contains(t, durations.String(), "longest 22m31s of 2")
}

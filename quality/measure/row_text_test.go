package measure_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality/measure"
)

// A row prints as a line that people read, of every kind of measure.
func TestRowsReadAsText(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Tier: true, Channel: true, Group: true, Agent: true})
	urgent := measure.Slice{Tier: "urgent", Channel: "phone"}
	observe := func(id string, s measure.Slice, f measure.Fact) {
		require.NoError(t, tally.Observe(id, measure.Observation{At: monday, Slice: s, Fact: f}))
	}
	observe("complaint-rate", urgent, measure.Hit(true))
	observe("complaint-rate", urgent, measure.Pending())
	observe("complaint-rate", urgent, measure.Excluded())
	observe("satisfaction-score", measure.Slice{Group: "north", Agent: "17"}, measure.Rating(decimal.NewFromInt(4)))
	observe("mean-first-response", measure.Slice{}, measure.Took(20*time.Minute))
	observe("availability", measure.Slice{}, measure.Ran(100*time.Hour, time.Hour, 1))
	observe("mtbf", measure.Slice{}, measure.Ran(100*time.Hour, time.Hour, 1))
	observe("nps", measure.Slice{}, measure.Rating(decimal.NewFromInt(9)))
	observe("mttr", measure.Slice{}, measure.Pending())
	var lines []string
	for row := range tally.Rows() {
		lines = append(lines, fmt.Sprint(row))
	}
	assert.Equal(t, []string{
		"satisfaction-score 2025-03 group=north agent=17: 4.00 of 1 on 1-5",
		"nps 2025-03: 100.0 (1/0/0 of 1)",
		"complaint-rate 2025-03 tier=urgent channel=phone: 1/1 (100.00%), 1 pending, 1 excluded",
		"mean-first-response 2025-03: 20m0s of 1",
		"mttr 2025-03: unknown of 0, 1 pending",
		"availability 2025-03: 99.000% with 1 failure",
		"mtbf 2025-03: 99h0m0s of 1 failure",
	}, lines)
	assert.Equal(t, "satisfaction: no figure", fmt.Sprint(measure.Row{Measure: "satisfaction"}))
	assert.Empty(t, fmt.Sprint(measure.Slice{}))
	assert.Equal(t, `tier="very urgent" group="a\nb"`, fmt.Sprint(measure.Slice{Tier: "very urgent", Group: "a\nb"}), "one line, whatever the value")
}

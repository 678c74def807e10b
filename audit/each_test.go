package audit_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla/calendar"
)

// Amounts each of which is bounded have no figure where no bound is in force: that is said, and not that there are no facts.
func TestEachAmountWithoutABound(t *testing.T) {
	const clause = "standard/4/1.1-terminal-count-large"
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	h, err := handbooks.Standard()
	require.NoError(t, err)
	bound := charter.Figure{Value: decimal.NewFromInt(20), Unit: quality.Amount}
	h, err = h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "test", Effective: calendar.Date{Year: 2025, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: []charter.Change{{Edit: charter.SetObjective{Clause: clause, AtLeast: bound, Year: 2030}}},
	})
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	tally := measure.NewTally(standardMeasures(t), measure.Grouping{})
	for _, n := range []int64{10, 40} {
		require.NoError(t, tally.Observe("terminals/large", measure.Observation{At: now, Fact: measure.Worth(n)}))
	}
	report, err := audit.Run(context.Background(), r, audit.From(nil), audit.Options{Now: now, Tally: tally})
	require.NoError(t, err)
	for _, x := range report.Measures {
		if x.Measure == "terminals/large" {
			assert.Equal(t, audit.NoSingle, x.NotMeasured)
			assert.EqualValues(t, 2, x.Count)
			assert.Nil(t, x.Value)
			return
		}
	}
	assert.Fail(t, "not among the measures")
}

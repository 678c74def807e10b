package measure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// A case with several clocks counts once, by the heaviest verdict, as in an audit; package audit holds the two equal on the handbooks.
func TestAttainmentOfSeveralClocks(t *testing.T) {
	ten := monday.Add(10 * time.Hour)
	kept, late := sla.Clock{State: sla.Met, Stop: ten}, sla.Clock{State: sla.Breached, BreachedAt: ten}
	running, unknown := sla.Clock{State: sla.Running}, sla.Clock{State: sla.NotEvaluable, Missing: "tier"}
	gone, lost := sla.Clock{State: sla.Superseded}, sla.Clock{State: sla.Cancelled, Missing: "resolved"}
	for _, c := range []struct {
		want   string
		clocks []sla.Clock
	}{
		{"nothing", nil},
		{"hit", []sla.Clock{kept, kept}},
		{"hit", []sla.Clock{gone, kept}},
		{"pending", []sla.Clock{kept, running}},
		{"excluded", []sla.Clock{kept, unknown}},
		{"excluded", []sla.Clock{running, unknown}},
		{"excluded", []sla.Clock{lost, kept}},
		{"excluded", []sla.Clock{gone}},
		{"miss", []sla.Clock{unknown, late, running, kept}},
	} {
		for i := range c.clocks {
			c.clocks[i].Target = "desk/urgent"
		}
		for _, facts := range []string{"mon 09:00 open", "mon 09:00 register"} { // no clock asks by which of the two a case began
			tally := measure.NewTally(standard(), measure.Grouping{})
			require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: parse(facts), Clocks: c.clocks, Now: sunday}))
			assert.Equal(t, c.want, says(tally, "attainment/desk/urgent"), "%+v", c.clocks)
		}
	}
	tally := measure.NewTally(standard(), measure.Grouping{})
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: history.History{Case: "T-1"}, Clocks: []sla.Clock{kept}, Now: sunday}))
	assert.Equal(t, "nothing", says(tally, "attainment/desk/urgent"), "clocks of no case")
}

// A case that was late twice, in two months, is late in the first of them, whichever clock comes first.
func TestAttainmentBelongsToTheFirstBreach(t *testing.T) {
	first := sla.Clock{Target: "desk/urgent", State: sla.Breached, BreachedAt: monday.Add(10 * time.Hour)}
	second := sla.Clock{Target: "desk/urgent", State: sla.Breached, BreachedAt: monday.AddDate(0, 1, 0)}
	for _, clocks := range [][]sla.Clock{{first, second}, {second, first}} {
		tally := measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Zone: shanghai})
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: parse("mon 09:00 open"), Clocks: clocks, Now: monday.AddDate(0, 2, 0)}))
		var periods []string
		for row := range tally.Rows() {
			if row.Measure == "attainment/desk/urgent" {
				periods = append(periods, row.Period)
				assert.Equal(t, uint64(1), row.Statistic.Count())
			}
		}
		assert.Equal(t, []string{"2025-03"}, periods)
	}
}

// Whoever had the case when the limit passed, and not whoever has it now.
func TestAttainmentBelongsToTheInstant(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{Agent: true})
	late := sla.Clock{Target: "desk/urgent", State: sla.Breached, BreachedAt: monday.Add(10 * time.Hour)}
	h := parse("mon 09:00 open person=17, mon 11:00 dispatch person=21, mon 12:00 resolve")
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: h, Clocks: []sla.Clock{late}, Now: sunday}))
	for agent, want := range map[string]bool{"17": true, "21": false} {
		_, ok := tally.Get("attainment/desk/urgent", "", measure.Slice{Agent: agent})
		assert.Equal(t, want, ok, agent)
	}
}

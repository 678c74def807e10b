package measure_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

// Each clause of the list is in the catalogue, once, in its order, with something that there is. That every clause is executed, here or as a demand
// on records, is held by a test of the handbooks.
func TestEveryClauseOfPeopleAndEquipmentIsMapped(t *testing.T) {
	table := standard()
	catalogue := slices.DeleteFunc(lines(t, "../testdata/people-equipment-clauses.txt"), func(row []string) bool {
		return row[1] != "decidable" && row[1] != "measured"
	})
	list := lines(t, "../testdata/clauses-people-equipment.tsv")
	at := 0
	named := map[string][]string{} // by clause, its measures
	for _, row := range list {
		require.GreaterOrEqual(t, len(row), 3)
		id, how, what := row[0], row[1], strings.Fields(row[2])
		i := at + slices.IndexFunc(catalogue[at:], func(row []string) bool { return row[0] == id })
		require.GreaterOrEqual(t, i, at, id)
		at = i + 1
		require.NotEmpty(t, what, id)
		switch how {
		case "measure":
			named[id] = what
		case "objective":
			require.Len(t, what, 4, id)
			named[id] = what[:1]
			o := quality.Objective{Clause: id, Measure: what[0], Figure: decimal.RequireFromString(what[2]), Unit: quality.Unit(what[3])}
			require.NoError(t, o.Bound.UnmarshalText([]byte(what[1])), id)
			row, counted := one(t, table, what[0])
			require.True(t, counted, id)
			_, err := row.Assess(o, 0.95)
			assert.NoError(t, err, id)
		case "duty":
			assert.Equal(t, "cadence", catalogue[i][2], id)
		default:
			assert.Fail(t, "checked by what?", "%s: %s", id, how)
		}
		for _, m := range named[id] {
			_, known := table.Get(m)
			assert.True(t, known, "%s: measure %s", id, m)
		}
	}
	for m := range table.All() {
		for _, c := range m.Clauses {
			if slices.ContainsFunc(catalogue, func(row []string) bool { return row[0] == c }) {
				assert.Contains(t, named[c], m.ID, "%s speaks of %s", m.ID, c)
			}
		}
	}
}

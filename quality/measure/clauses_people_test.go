package measure_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

// Every clause of subjects people and equipment that can be checked stands in the list, once, in the order of the catalogue, with something
// that there is.
func TestEveryClauseOfPeopleAndEquipmentIsMapped(t *testing.T) {
	table := standard()
	catalogue := slices.DeleteFunc(lines(t, "../testdata/people-equipment-clauses.txt"), func(row []string) bool {
		return row[1] != "decidable" && row[1] != "measured"
	})
	list := lines(t, "../testdata/clauses-people-equipment.tsv")
	require.Len(t, list, len(catalogue))
	named := map[string][]string{} // by clause, its measures
	for i, row := range list {
		require.GreaterOrEqual(t, len(row), 3)
		id, how, what := row[0], row[1], strings.Fields(row[2])
		assert.Equal(t, catalogue[i][0], id)
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
		case "rule":
			for _, entry := range what {
				kind, _, _ := strings.Cut(entry, ".")
				assert.Contains(t, history.Kinds(), history.Kind(kind), id)
			}
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

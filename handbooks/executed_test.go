package handbooks_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
)

// Every clause of subjects quality, people and equipment that can be checked is executed: as an objective or a cadence, by measures, by the steps
// of a case, or as a demand on a record. The lists were drawn from the clause catalogue, independently of the handbooks.
func TestEveryClauseOfQualityPeopleAndEquipmentIsExecuted(t *testing.T) {
	books := all(t)
	checked := 0
	for _, name := range []string{"quality-clauses.txt", "people-equipment-clauses.txt"} {
		text, err := os.ReadFile("../quality/testdata/" + name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if line[0] == '#' || cells[1] != string(charter.CheckDecidable) && cells[1] != string(charter.CheckMeasured) {
				continue
			}
			checked++
			id := cells[0]
			book, _, _ := strings.Cut(id, "/")
			c, ok := books[book].Clause(id)
			if !assert.True(t, ok, "%s is in no handbook", id) {
				continue
			}
			assert.Equal(t, cells[1]+" "+cells[2], string(c.Check)+" "+string(c.Kind), id)
			switch c.Rule.(type) {
			case charter.Objective, charter.Cadence:
				continue
			}
			assert.True(t, len(c.Content) > 0 || len(c.Measures) > 0 || !c.Lifecycle.IsZero(), "nothing executes %s", id)
		}
	}
	assert.Equal(t, 172, checked)
}

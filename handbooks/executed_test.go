package handbooks_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
)

// keptOtherwise are the checkable clauses that nothing in their handbook executes, each with the reason.
var keptOtherwise = map[string]string{
	"etiquette/5.1-access-control": "who may do what is closed by default: an access policy refuses what no clause allows",
	"norms/6.3-access-control":     "who may do what is closed by default: an access policy refuses what no clause allows",
}

// Every clause that can be checked is in its handbook, and something executes it: the rule of its kind, measures, the steps of a case, or demands on
// records. checkable.tsv was drawn from the clause catalogue, independently of the handbooks.
func TestEveryCheckableClauseIsExecuted(t *testing.T) {
	books := all(t)
	text, err := os.ReadFile("testdata/checkable.tsv")
	require.NoError(t, err)
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		id := cells[0]
		if line[0] == '#' || id == "clause" {
			continue
		}
		seen[id] = true
		book, _, _ := strings.Cut(id, "/")
		c, ok := books[book].Clause(id)
		if !assert.True(t, ok, "%s is in no handbook", id) {
			continue
		}
		assert.Equal(t, cells[1:], []string{string(c.Subject), string(c.Kind), string(c.Check)}, id)
		_, otherwise := keptOtherwise[id]
		assert.NotEqual(t, executed(c), otherwise, "%s: executed, or listed with the reason why not", id)
	}
	assert.Len(t, seen, 568)
	for id := range keptOtherwise {
		assert.True(t, seen[id], id)
	}
	for _, h := range books {
		for c := range h.Clauses() {
			if c.Check == charter.CheckDecidable || c.Check == charter.CheckMeasured {
				assert.True(t, seen[c.ID], "%s is checkable, but not in the catalogue", c.ID)
			}
		}
	}
}

// executed reports whether a clause asks anything that a program can hold records to; a rule that is only carried asks nothing.
func executed(c charter.Clause) bool {
	_, carried := c.Rule.(charter.Carried)
	return c.Rule != nil && !carried || len(c.Content) > 0 || len(c.Measures) > 0 || !c.Lifecycle.IsZero()
}

// What the five say follows from an appraisal, drawn from the clause catalogue.
func TestConsequencesAreThoseOfTheCatalogue(t *testing.T) {
	want := map[string]string{
		"standard/3.1-assessment-effect":     "[failed passed outstanding] performance bonus, promotion and career path",
		"standard/3.1-service-star":          "[outstanding] service star",
		"standard/3.4-assessment-effect":     "[failed passed outstanding] performance bonus, promotion and career development",
		"standard/3.4-awards":                "[outstanding] service star and excellent service staff",
		"etiquette/1.4-assessment-use":       "[failed passed outstanding] promotion, performance bonus and training",
		"norms/3.3.2-appraisal-consequences": "[failed passed outstanding] performance pay, promotion and training",
		"enterprise/7.2-improvement-plan":    "[failed passed outstanding] improvement plan",
		"telecom/3.4-fail-retrain":           "[failed] training or another post",
		"telecom/3.4-reward-best":            "[outstanding] reward and promotion",
		"telecom/3.4-result-use":             "[failed passed outstanding] promotion, change of post, performance evaluation and career development",
	}
	got := map[string]string{}
	for _, h := range all(t) {
		for _, c := range h.Consequences(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			assert.NoError(t, c.Validate())
			_, due, _ := strings.Cut(c.String(), ": ")
			got[c.Clause] = fmt.Sprint(c.After) + " " + due
		}
	}
	assert.Equal(t, want, got)
}

package handbooks_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
)

// The steps of improvement that clauses ask for are words of the standard table, and stand in the order of the cycle.
func TestStepsOfImprovementAreMapped(t *testing.T) {
	step := regexp.MustCompile(`^improved\[(?:.*,)?step=([^,\]]+)`)
	words := improvement.Standard().Steps
	seen := map[string]bool{}
	for _, h := range all(t) {
		for _, c := range h.Content(time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)) {
			last := quality.Step(0)
			for _, ways := range c.Holds {
				for _, way := range ways {
					m := step.FindStringSubmatch(way.String())
					if m == nil {
						continue
					}
					for word := range strings.SplitSeq(m[1], "|") {
						meaning, mapped := words[word]
						assert.True(t, mapped, "%s: %q", c.Clause, word)
						assert.True(t, !c.Ordered || meaning.Step >= last, "%s: %q", c.Clause, word)
						last, seen[word] = meaning.Step, true
					}
				}
			}
		}
	}
	for _, word := range []string{"plan", "do", "check", "act", "identify", "analyse", "improve", "verify", "record", "define_measures", "implement", "keep_improving"} {
		assert.True(t, seen[word], "no clause asks for %q", word)
	}
}

package sla_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
)

// A Run that judges many cases remembers what it has decided. It must say of each what a fresh one says, whatever came before: the same
// values of other attributes, no attributes, more combinations than it remembers, another plan.
func TestDecisionsAreRememberedByAllAttributes(t *testing.T) {
	rules := "revision r\n"
	for i := range 10 {
		rules += fmt.Sprintf("target tier-%d resolution 4h tier=%d\n", i, i)
		rules += fmt.Sprintf("target unit-%d resolution 5h unit=%d\n", i, i)
	}
	plan := compiled(t, rules)
	other := compiled(t, strings.Replace(rules, "5h unit=9", "5h", 1)) // as large, and with the same values
	now := moment(t, "mon 15:00")
	var r sla.Run
	judge := func(p *sla.Plan, fields string) {
		es := entries(t, "mon 09:00 open "+fields)
		got, err := r.Evaluate(nil, es, now)
		require.NoError(t, err)
		want, err := p.Evaluate(nil, es, now)
		require.NoError(t, err)
		require.Equal(t, want, got, fields)
	}
	plan.Start(&r)
	for range 2 {
		for tier := range 10 {
			for unit := range 10 {
				judge(plan, fmt.Sprintf("tier=%d unit=%d", tier, unit))
			}
			judge(plan, "")
			judge(plan, fmt.Sprintf("tier=%d", tier))
			judge(plan, fmt.Sprintf("unit=%d", tier))
		}
		judge(plan, "tier=1")
		other.Start(&r)
		judge(other, "tier=1")
		judge(other, "")
		plan.Start(&r)
		judge(plan, "tier=1")
	}
}

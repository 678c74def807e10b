package handbooks_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

func TestEveryHandbookHasItsLifecycles(t *testing.T) {
	for _, name := range handbooks.Names() {
		tr, err := handbooks.TicketRules(name)
		require.NoError(t, err)
		require.NotEmpty(t, tr.Demands, name)
		cr, err := handbooks.ComplaintRules(name)
		require.NoError(t, err)
		require.NotZero(t, len(cr.Flows)+len(cr.Demands), name)
		ir, err := handbooks.IncidentRules(name)
		require.NoError(t, err)
		require.NoError(t, ir.Validate(), name)
	}
	_, err := handbooks.TicketRules("../norms")
	require.ErrorContains(t, err, `"../norms"`)
	_, err = handbooks.IncidentRules("")
	require.Error(t, err)
	_, err = handbooks.ComplaintRules("none")
	require.Error(t, err)
}

// A step that lacks what the handbook asks for names field and clause.
func ExampleTicketRules() {
	rules, err := handbooks.TicketRules("norms")
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := ticket.Load(history.History{Case: "T-1"}, rules)
	if err != nil {
		fmt.Println(err)
		return
	}
	me := ticket.Meta{Actor: history.Actor{ID: "li", Role: history.RoleAgent}, Now: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)}
	err = t.Open(me, ticket.Opening{Channel: "phone", Customer: "C-9"})
	var step *ticket.StepError
	if errors.As(err, &step) {
		fmt.Println(step.Step, "lacks", step.Field, "by", step.Clause)
	}
	// Output: opened lacks content by norms/2.1.2-ticket-fields
}

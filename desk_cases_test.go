package charter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

func TestDeskTicketKeepsTheRulesOfItsLifecycle(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, journal.NewMemory(), nil)
	agent := func() ticket.Meta {
		return ticket.Meta{Actor: history.Actor{ID: "17", Role: history.RoleAgent}, Now: s.now}
	}
	open := func(x *ticket.Ticket) error {
		return x.Open(agent(), ticket.Opening{Channel: "phone", Customer: "C-9"})
	}
	st, err := s.desk.Ticket(ctx, "T-1", "k1", open)
	require.NoError(t, err)
	require.Equal(t, opening().Add(time.Hour), st.Clocks[0].Due)

	// The same command again is the same; another opening is refused.
	again, err := s.desk.Ticket(ctx, "T-1", "k1", open)
	require.NoError(t, err)
	require.Equal(t, st.Head, again.Head)
	_, err = s.desk.Ticket(ctx, "T-1", "k2", open)
	var step *ticket.StepError
	require.ErrorAs(t, err, &step)
	require.ErrorIs(t, err, ticket.ErrOrder)
	require.Len(t, s.status("T-1").History.Entries, 1, "nothing was recorded")

	// What the desk writes into the history does not disturb the ticket.
	s.tick(61 * time.Minute)
	s.now = opening().Add(70 * time.Minute)
	_, err = s.desk.Ticket(ctx, "T-1", "", func(x *ticket.Ticket) error { return x.Reply(agent(), "phone") })
	require.NoError(t, err)
	require.Equal(t, sla.Breached, s.status("T-1").Clocks[0].State)
	require.False(t, s.status("T-1").Clocks[0].Open)
	_, err = s.desk.Ticket(ctx, "T-1", "", nil)
	require.Error(t, err)
}

// A ticket opened, answered too late, and who is told of it: the whole of a
// desk in one page.
func ExampleDesk() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "how we escalate", Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			{Edit: charter.SetLadder{
				Clauses: []string{"norms/2.1.3-urgent-response"}, Ladder: []sla.Rung{{Role: history.RoleManagement}},
			}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			fmt.Println(strings.TrimSpace(fmt.Sprintln(d.At.Format("15:04"), d.Kind, d.Target, d.Role)))
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	me := ticket.Meta{
		Actor: history.Actor{ID: "li", Role: history.RoleAgent}, Now: now, Fields: history.Of("kind", "ticket", "tier", "urgent"),
	}
	_, err = desk.Ticket(ctx, "T-1", "request-1", func(t *ticket.Ticket) error {
		return t.Open(me, ticket.Opening{Channel: "phone", Customer: "C-9", Content: "no dial tone"})
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now = now.Add(90 * time.Minute) // usually desk.Run does the waiting
	if _, err := desk.Tick(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 09:10 breach norms/2.1.2-first-response
	// 10:00 escalation norms/2.1.3-urgent-response management
	// 10:00 breach norms/2.1.3-urgent-response
}

package charter_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

func drawDate(t *rapid.T, label string) calendar.Date {
	return calendar.Date{Year: 2025, Month: time.Month(rapid.IntRange(1, 3).Draw(t, label+" month")), Day: rapid.IntRange(1, 4).Draw(t, label+" day")}
}

// drawVersions makes a handbook of clauses whose versions follow each other, some with gaps, each with one demand on every lifecycle.
func drawVersions(t *rapid.T) *charter.Handbook {
	clauses := ""
	for c := range rapid.IntRange(0, 4).Draw(t, "clauses") {
		dates := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) calendar.Date { return drawDate(t, "version") }), 0, 4, rapid.ID).Draw(t, "dates")
		slices.SortFunc(dates, calendar.Date.Compare)
		for i := 0; i <= len(dates); i++ {
			if rapid.IntRange(0, 3).Draw(t, "gap") == 0 && i > 0 {
				continue
			}
			effective := ""
			switch {
			case len(dates) == 0:
			case i == 0:
				effective = fmt.Sprintf(`"effective": {"to": %q},`, dates[0])
			case i == len(dates):
				effective = fmt.Sprintf(`"effective": {"from": %q},`, dates[i-1])
			default:
				effective = fmt.Sprintf(`"effective": {"from": %q, "to": %q},`, dates[i-1], dates[i])
			}
			lifecycle := ""
			if rapid.IntRange(0, 4).Draw(t, "silent") > 0 {
				d := fmt.Sprintf(`{"demands": [{"step": "closed", "fields": ["v%d"]}]}`, i)
				lifecycle = fmt.Sprintf(`"lifecycle": {"ticket": %s, "complaint": %s, "incident": %s, "plan": %s},`, d, d, d, d)
			}
			clauses += fmt.Sprintf(`, {"id": "a/%d", %s %s "subject": "ticket", "kind": "fields", "check": "decidable", "text": {"en": "x"}}`, c, effective, lifecycle)
		}
	}
	zone := rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia"}).Draw(t, "zone")
	h, err := charter.ParseHandbook(fmt.Appendf(nil, `{"id": "a", "version": "1", "title": {"en": "A"}, "zone": %q, "clauses": [%s]}`,
		zone, clauses[min(2, len(clauses)):]))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// At every instant the rules are those of the clauses in force, in their order.
func TestRulesAreThoseOfTheClausesInForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawVersions(t)
		type demand struct{ clause, field string }
		for range 20 {
			day := drawDate(t, "day")
			at := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, h.Location()).
				Add(time.Duration(rapid.SampledFrom([]int{-1, 0, 1, int(12 * time.Hour)}).Draw(t, "off")))
			var want, tickets, complaints, incidents, plans []demand
			for c := range h.InForce(at) {
				if x := c.Lifecycle.Ticket; x != nil {
					want = append(want, demand{c.ID, x.Demands[0].Fields[0]})
				}
			}
			for _, d := range h.TicketRules(at).Demands {
				tickets = append(tickets, demand{d.Clause, d.Fields[0]})
			}
			for _, d := range h.ComplaintRules(at).Demands {
				complaints = append(complaints, demand{d.Clause, d.Fields[0]})
			}
			for _, d := range h.IncidentRules(at).Demands[:len(want)] {
				incidents = append(incidents, demand{d.Clause, d.Fields[0]})
			}
			for _, d := range h.PlanRules(at).Demands[:len(want)] {
				plans = append(plans, demand{d.Clause, d.Fields[0]})
			}
			for _, got := range [][]demand{tickets, complaints, incidents, plans} {
				require.Equal(t, want, got, at.String())
			}
			require.Len(t, h.IncidentRules(at).Demands, len(want)+len(incident.DefaultRules().Demands))
		}
	})
}

// A demand holds where both its own condition and that of its clause do.
func TestDemandsHoldWhereTheirClauseDoes(t *testing.T) {
	values := map[string][]string{"tier": {"a", "b", "c"}, "class": {"p", "q"}}
	some := func(t *rapid.T, attribute string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values[attribute]), 1, 2, rapid.ID).Draw(t, attribute)
	}
	rapid.Check(t, func(t *rapid.T) {
		var clause sla.Condition
		own, attributes := map[string][]string{}, map[string]string{}
		for _, a := range []string{"tier", "class"} {
			switch rapid.IntRange(0, 2).Draw(t, "term") {
			case 1:
				clause = append(clause, sla.Is(a, some(t, a)...))
			case 2:
				clause = append(clause, sla.IsNot(a, some(t, a)...))
			}
			if rapid.Bool().Draw(t, "own") {
				own[a] = some(t, a)
				if rapid.Bool().Draw(t, "none too") {
					own[a] = append(own[a], "")
				}
			}
			attributes[a] = rapid.SampledFrom(append(values[a], "")).Draw(t, "value")
		}
		want := true
		for _, term := range clause {
			v := attributes[term.Attribute]
			want = want && (v != "" && slices.Contains(term.Values, v)) != term.Not
		}
		anyOf := map[string][]string{}
		for a, v := range own {
			want = want && slices.Contains(v, attributes[a])
			anyOf[a] = v
		}
		// Of incidents, any value will do where the list is empty.
		wantIncident := want
		if _, there := own["tier"]; !there && rapid.Bool().Draw(t, "any tier") {
			anyOf["tier"] = []string{}
			wantIncident = want && attributes["tier"] != ""
		}
		h, err := charter.ParseHandbook([]byte(`{"id": "a", "version": "1", "title": {"en": "A"}, "attributes": {
			"tier": {"values": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}, "class": {"values": [{"id": "p"}, {"id": "q"}]}}, "clauses": []}`))
		require.NoError(t, err)
		h, err = h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "test", Effective: calendar.Date{Year: 2000, Month: 1, Day: 1},
			Changes: []charter.Change{{Edit: charter.AddClause{Clause: charter.Clause{
				ID: "a/1", Subject: charter.SubjectTicket, Kind: charter.KindFields, Check: charter.CheckDecidable, Text: charter.Text{EN: "x"}, When: clause,
				Lifecycle: charter.Lifecycle{
					Ticket:    &ticket.Rules{Demands: []ticket.Demand{{Step: "opened", Fields: []string{"x"}, When: own}}},
					Complaint: &complaint.Rules{Demands: []complaint.Demand{{Step: "opened", Fields: []string{"x"}, When: own}}},
					Incident:  &incident.Rules{Demands: []incident.Demand{{Step: "opened", Fields: []string{"x"}, When: anyOf}}},
				},
			}}}},
		})
		require.NoError(t, err)
		case1 := history.History{Entries: []history.Entry{{
			Seq: 1, At: opening(), Kind: history.Opened, Fields: history.NewFields(attributes),
		}}}
		require.NoError(t, h.TicketRules(opening()).Validate())
		require.Equal(t, want, slices.ContainsFunc(ticket.Check(case1, h.TicketRules(opening())), func(f ticket.Finding) bool { return f.Clause == "a/1" }))
		require.Equal(t, want, slices.ContainsFunc(complaint.Check(case1, h.ComplaintRules(opening())), func(f complaint.Finding) bool { return f.Clause == "a/1" }))
		require.Equal(t, wantIncident, slices.ContainsFunc(incident.Check(case1, h.IncidentRules(opening())), func(f incident.Finding) bool { return f.Clause == "a/1" }))
	})
}

// Rules are made once for each stretch of dates, whoever comes first.
func TestRulesAreSharedByAll(t *testing.T) {
	h, err := handbooks.Telecom()
	require.NoError(t, err)
	const many = 8
	got := make([]*ticket.Rules, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			r := h.TicketRules(opening().AddDate(i, 0, 0))
			got[i] = r
			_ = ticket.Check(history.History{Entries: []history.Entry{{Seq: 1, At: opening(), Kind: history.Opened}}}, r)
			_ = h.ComplaintRules(opening())
		})
	}
	all.Wait()
	for _, r := range got {
		assert.Same(t, got[0], r)
	}
	out, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "test", Effective: calendar.Date{Year: 2030, Month: 1, Day: 1},
		Changes: []charter.Change{{Edit: charter.DropClause{Clause: "telecom/2.1-ticket-sync"}}},
	})
	require.NoError(t, err)
	assert.Same(t, out.TicketRules(opening()), out.TicketRules(time.Time{}))
	assert.NotSame(t, out.TicketRules(opening()), out.TicketRules(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
	assert.Len(t, out.TicketRules(time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)).Demands, len(out.TicketRules(time.Time{}).Demands)-1)
}

// No handbook, and one that says nothing, demand nothing.
func TestRulesOfNoHandbook(t *testing.T) {
	for _, h := range []*charter.Handbook{nil, {}} {
		assert.Empty(t, h.TicketRules(opening()).Demands)
		assert.NoError(t, h.TicketRules(time.Time{}).Validate())
		assert.Equal(t, &complaint.Rules{}, h.ComplaintRules(opening()))
		assert.Equal(t, incident.DefaultRules(), h.IncidentRules(opening()))
		assert.Equal(t, incident.PlanRules(), h.PlanRules(opening()))
		assert.Nil(t, h.CheckTicket(history.History{}))
		assert.NotEmpty(t, h.CheckTicket(history.History{Entries: []history.Entry{{Kind: history.Closed}}}))
	}
}

// A host's own rules take the place of the handbook's, one lifecycle at a time.
func TestDeskTakesTheHostsRules(t *testing.T) {
	h, err := handbooks.Standard()
	require.NoError(t, err)
	desk, err := charter.NewDesk(charter.Config{
		Handbook: h, Journal: journal.NewMemory(), Now: opening,
		Lifecycles: charter.Lifecycles{
			Tickets:    &ticket.Rules{Demands: []ticket.Demand{{Clause: "house/1", Step: "opened", Fields: []string{"room"}}}},
			Complaints: &complaint.Rules{}, Incidents: &incident.Rules{},
		},
	})
	require.NoError(t, err)
	ctx := context.Background()
	_, err = desk.Ticket(ctx, "T-1", "", func(x *ticket.Ticket) error { return x.Open(ticket.Meta{Now: opening()}, ticket.Opening{}) })
	var step *ticket.StepError
	require.ErrorAs(t, err, &step)
	require.Equal(t, "house/1", step.Clause)
	_, err = desk.Complaint(ctx, "C-1", "", func(x *complaint.Complaint) error {
		return x.Record(complaint.Meta{At: opening()}, history.Opened, history.Of("level", "management"))
	})
	require.NoError(t, err)
	_, err = desk.Incident(ctx, "I-1", "", func(x *incident.Incident) error {
		return x.Add(incident.Meta{At: opening()}, history.Detected, history.Of("class", "anything"))
	})
	require.NoError(t, err)
}

// A clause that is dropped is no longer asked for, from its date on.
func ExampleSetLifecycle() {
	h, err := handbooks.Standard()
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err = h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "one form records and classifies", Effective: calendar.Date{Year: 2026, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.DropClause{Clause: "standard/7.1-five-steps"}},
			{Edit: charter.SetLifecycle{Clause: "standard/7.1-classes", Lifecycle: charter.Lifecycle{Complaint: &complaint.Rules{
				Demands: []complaint.Demand{{Step: history.Classified, Fields: []string{"severity", "product"}}},
			}}}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2025, 12, 31, 9, 0, 0, 0, time.UTC)
	desk, err := charter.NewDesk(charter.Config{Handbook: h, Journal: journal.NewMemory(), Now: func() time.Time { return now }})
	if err != nil {
		fmt.Println(err)
		return
	}
	classify := func(c *complaint.Complaint) error {
		me := complaint.Meta{At: now, Actor: history.Actor{ID: "li", Role: history.RoleAgent}}
		if c.State() == complaint.New {
			if err := c.Open(me, complaint.Intake{Channel: "phone", Content: "no signal"}); err != nil {
				return err
			}
		}
		return c.Record(me, history.Classified, history.Of("severity", "ordinary"))
	}
	for range 2 {
		_, err = desk.Complaint(context.Background(), "C-1", "", classify)
		fmt.Println(err)
		now = now.AddDate(0, 0, 1)
	}
	// Output:
	// complaint C-1: classified: out of order, wants registered [standard/7.1-five-steps]
	// complaint C-1: classified: product: missing or not as required [standard/7.1-classes]
}

// What the clauses demand can be held against the histories of a host's own system.
func ExampleHandbook_CheckTicket() {
	h, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	opened := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	found := h.CheckTicket(history.History{Case: "T-1", Entries: []history.Entry{
		{Seq: 1, At: opened, Kind: history.Opened, Fields: history.Of("customer", "C-9", "content", "no dial tone", "request", "fault")},
		{Seq: 2, At: opened.Add(time.Hour), Kind: history.Dispatched, Actor: history.Actor{ID: "li", Role: history.RoleAgent}},
	}})
	for _, f := range found {
		fmt.Println(f)
	}
	c, _ := h.Clause("norms/2.2.1-allocation")
	fmt.Print(c.Lifecycle)
	// Output:
	// entry 2: dispatched wants registered first [norms/2.1.2-intake-steps]
	// entry 2: dispatched lacks the field unit or person [norms/2.1.2-assignment]
	// entry 2: dispatched lacks the field unit or person [norms/2.2.1-allocation]
	// ticket: dispatched after classified[request] | opened[request], with unit | person
}

// Each entry is held to the rules of its own instant, whatever came before and after.
func TestCheckTakesTheRulesOfEachInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawVersions(t)
		x := history.History{Case: "T-1"}
		for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
			day := drawDate(t, "day")
			x.Entries = append(x.Entries, history.Entry{
				Seq: uint64(i + 1), At: time.Date(day.Year, day.Month, day.Day, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC),
				Kind:   rapid.SampledFrom([]history.Kind{history.Opened, history.Closed, history.Reopened, history.Detected}).Draw(t, "kind"),
				Fields: history.Of(rapid.SampledFrom([]string{"v0", "v1", "v2"}).Draw(t, "field"), "x"),
			})
		}
		order := make([]int, len(x.Entries))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return x.Entries[a].At.Compare(x.Entries[b].At) })
		var tickets []ticket.Finding
		var complaints []complaint.Finding
		var incidents, plans []incident.Finding
		for _, i := range order {
			at := x.Entries[i].At
			for _, f := range ticket.Check(x, h.TicketRules(at)) {
				if f.Index == i {
					tickets = append(tickets, f)
				}
			}
			for _, f := range complaint.Check(x, h.ComplaintRules(at)) {
				if f.Index == i {
					complaints = append(complaints, f)
				}
			}
			for _, f := range incident.Check(x, h.IncidentRules(at)) {
				if f.Index == i {
					incidents = append(incidents, f)
				}
			}
			for _, f := range incident.Check(x, h.PlanRules(at)) {
				if f.Index == i {
					plans = append(plans, f)
				}
			}
		}
		require.Equal(t, tickets, h.CheckTicket(x))
		require.Equal(t, complaints, h.CheckComplaint(x))
		require.Equal(t, incidents, h.CheckIncident(x))
		require.Equal(t, plans, h.CheckPlan(x))
	})
}

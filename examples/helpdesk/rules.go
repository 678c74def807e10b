package main

import (
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// rules are the norms handbook with what this house decides: somebody answers
// around the clock, the work itself is done in office hours and pauses while
// the customer is asked, and a limit that nears or passes is told upwards.
func rules() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		return nil, err
	}
	waiting, err := sla.ParseMatch("held[reason=customer]")
	if err != nil {
		return nil, err
	}
	answers := []string{"norms/2.1.2-first-response", "norms/2.1.3-urgent-response"}
	supervisor := charter.Role{ID: history.RoleSupervisor, Text: charter.Text{EN: "supervisor", ZH: "主管"}, Rank: 3}
	changes := []charter.Change{
		{Edit: charter.DeclareRole{Role: supervisor}},
		{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: answers}},
		{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
		{Edit: charter.SetCalendar{Spec: office.Spec()}},
		{Edit: charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 800}}}}},
		{Edit: charter.SetLadder{Clauses: answers, Ladder: []sla.Rung{
			{Role: history.RoleSupervisor},
			{Role: history.RoleManagement, At: sla.Offset{Span: sla.Wall(30 * time.Minute), After: true}},
		}}},
	}
	for _, metric := range []string{"initial-handling", "resolution", "closure"} {
		changes = append(changes, charter.Change{Edit: charter.SetPauses{Metric: metric, On: []sla.Match{waiting}}})
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "how this help desk works", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1}, Changes: changes,
	})
}

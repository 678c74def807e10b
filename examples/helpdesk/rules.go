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
// the customer is asked, four fifths of every limit are worth a warning, and
// the supervisor takes over who was not answered in time.
func rules(answer time.Duration) (*charter.Handbook, error) {
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
	const first, urgent = "norms/2.1.2-first-response", "norms/2.1.3-urgent-response"
	supervisor := charter.Role{ID: history.RoleSupervisor, Text: charter.Text{EN: "supervisor", ZH: "主管"}, Rank: 3}
	customer := charter.Role{ID: history.RoleCustomer, Text: charter.Text{EN: "customer", ZH: "客户"}}
	edits := []charter.Edit{
		charter.DeclareRole{Role: supervisor},
		charter.DeclareRole{Role: customer},
		charter.SetLimit{Clause: first, Within: sla.Wall(answer)},
		charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{urgent}},
		charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}, // all that have none yet
		charter.SetCalendar{Spec: office.Spec()},
		charter.SetPauses{Metric: "initial-handling", On: []sla.Match{waiting}},
		charter.SetPauses{Metric: "resolution", On: []sla.Match{waiting}},
		charter.SetPauses{Metric: "closure", On: []sla.Match{waiting}},
		charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 800}}}},
		charter.SetLadder{Clauses: []string{first, urgent}, Ladder: []sla.Rung{{Role: supervisor.ID}}},
	}
	patch := charter.Patch{
		Base: norms.Pin(), Reason: "how this help desk works", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
	}
	for _, edit := range edits {
		patch.Changes = append(patch.Changes, charter.Change{Edit: edit})
	}
	return norms.Amend(patch)
}

package sla_test

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// A contract says "eight hours", and the desk runs on Zendesk: its requester
// wait time leaves out what the customer takes to answer, its total resolution
// time does not.
func ExampleZendesk() {
	preset := sla.Zendesk()
	var targets []sla.Target
	for _, name := range []string{"requester-wait-time", "resolution"} {
		metric, _ := preset.Metric(name)
		targets = append(targets, sla.Target{ID: name, Metric: metric, Span: sla.Wall(8 * time.Hour)})
	}
	plan, err := sla.Compile(sla.Revision{Targets: targets, Semantics: preset.Semantics})
	if err != nil {
		panic(err)
	}

	nine := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	h, err := history.FromTimes(history.Times{
		At:     map[history.Kind]time.Time{history.Opened: nine},
		Pauses: []history.Pause{{From: nine.Add(time.Hour), To: nine.Add(3 * time.Hour), Reason: "customer"}},
	})
	if err != nil {
		panic(err)
	}
	clocks, err := plan.Evaluate(nil, h.Entries, nine.Add(4*time.Hour))
	if err != nil {
		panic(err)
	}
	for _, c := range clocks {
		fmt.Println(c.Target, "used", c.Elapsed, "due", c.Due.Format("15:04"))
	}
	// Output:
	// requester-wait-time used 2h0m0s due 19:00
	// resolution used 4h0m0s due 17:00
}

// Every choice of a preset names its document.
func ExamplePreset() {
	for _, s := range sla.GLPI().Sources {
		if s.For == "close" || s.For == "metric dispatch" {
			fmt.Printf("%s: %s\n  %s\n  %s\n", s.For, s.Choice, s.Says, s.Title)
		}
	}
	// Output:
	// close: due at next opening
	//   A delay equal to what is left of the day passes to the next working day.
	//   GLPI source: Calendar::computeEndDate
	// metric dispatch: Time to own (TTO)
	//   Ends as soon as the ticket is allocated to a group or a user. Only time to resolve is recalculated after a hold.
	//   GLPI help: Service levels, FAQ
}

// What changes for the customers when a desk moves from one product to another?
func ExamplePresets() {
	opened := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	h, err := history.FromTimes(history.Times{At: map[history.Kind]time.Time{
		history.Opened:   opened,
		history.Resolved: opened.Add(2 * time.Hour),
		history.Reopened: opened.Add(24 * time.Hour),
	}})
	if err != nil {
		panic(err)
	}
	for _, p := range sla.Presets() {
		metric, _ := p.Metric("resolution")
		plan, err := sla.Compile(sla.Revision{
			Targets:   []sla.Target{{ID: "solve", Metric: metric, Span: sla.Wall(8 * time.Hour)}},
			Semantics: p.Semantics,
		})
		if err != nil {
			panic(err)
		}
		clocks, err := plan.Evaluate(nil, h.Entries, opened.Add(25*time.Hour))
		if err != nil {
			panic(err)
		}
		last := clocks[len(clocks)-1]
		fmt.Printf("%-22s %-8s due %s\n", p.Name, last.State, last.Due.Format("Mon 15:04"))
	}
	// Output:
	// GLPI                   running  due Tue 15:00
	// Jira                   running  due Tue 17:00
	// ServiceNow             running  due Tue 17:00
	// ServiceNow retroactive breached due Mon 17:00
	// Zammad                 met      due Mon 17:00
	// Zendesk                running  due Tue 15:00
}

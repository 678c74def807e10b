package audit_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

const helpdesk = `{
  "id": "acme", "version": "1", "title": {"en": "Acme help desk"},
  "clauses": [{
    "id": "acme/urgent", "subject": "sla", "kind": "deadline", "check": "decidable",
    "text": {"en": "An urgent ticket is solved within 4 hours."},
    "when": {"tier": "urgent"},
    "rule": {"metric": "resolution", "within": "4h"}
  }]
}`

// A table, a handbook and an instant are all that an audit needs.
func ExampleRun() {
	handbook, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := audit.By(handbook)
	if err != nil {
		fmt.Println(err)
		return
	}
	log := strings.NewReader(`ticket;when;what;priority
T-1;3.3.2025 09:00;new;P1
T-1;3.3.2025 12:59;done;P1
T-2;3.3.2025 09:30;new;P1
T-2;3.3.2025 13:31;done;P1
T-3;3.3.2025 10:00;new;P3
T-4;3.3.2025 17:00;new;P1
T-5;morgen;new;P1
`)
	report, err := audit.Run(context.Background(), rules, logfile.Read(log, logfile.Mapping{
		Case: "ticket", Time: "when", Layouts: []string{"2.1.2006 15:04"}, Zone: time.UTC, Activity: "what",
		Activities: []logfile.Activity{{Word: "new", Kind: history.Opened}, {Word: "done", Kind: history.Resolved}},
		Attributes: []logfile.Attribute{{Column: "priority", Name: "tier", Values: map[string]string{"P1": "urgent", "P3": "routine"}}},
	}), audit.Options{Now: time.Date(2025, 3, 3, 18, 0, 0, 0, time.UTC), Worst: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := report.WriteText(os.Stdout, "en"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Acme help desk, 1
	// 4 cases, 6 entries, 1 rows or cases left out; judged as of 2025-03-03T18:00:00Z
	//
	// clause       limit  cases  kept  breached  pending  not evaluable  attainment  95% interval    p50   p95  longest
	// acme/urgent  4h         3     1         1        1              0      50.00%  9.45%–90.55%  3h59m  4h1m     4h1m  ██████████░░░░░░░░░░
	//
	// worst breaches
	//   acme/urgent  An urgent ticket is solved within 4 hours.
	//     1. case T-2 (line 4), over by 1m
	//        acme/urgent: resolution within 4h — breached
	//        from 2025-03-03 09:30 Mon (entry 1, opened); due 2025-03-03 13:30 Mon; ended 2025-03-03 13:31 Mon (entry 2, resolved); used 4h1m; over by 1m
	//          2025-03-03 09:30 Mon – 2025-03-03 13:31 Mon  counted  4h1m
	//
	// findings in the data
	//   row-time 1
	//     line 8, case T-5: no readable instant: when = "morgen"
}

// A host that has histories in memory needs no file, and one with targets of its own no handbook.
func ExampleTargets() {
	resolution, _ := sla.StandardMetric("resolution")
	revision := sla.Revision{Targets: []sla.Target{{ID: "solve", Metric: resolution, Span: sla.Wall(4 * time.Hour)}}}
	plan, err := sla.Compile(revision)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	cases := []history.History{
		{Case: "1", Entries: []history.Entry{{At: nine, Kind: history.Opened}, {At: nine.Add(time.Hour), Kind: history.Resolved}}},
		{Case: "2", Entries: []history.Entry{{At: nine, Kind: history.Opened}}},
	}
	report, err := audit.Run(context.Background(), audit.Targets(plan, revision), audit.From(slices.Values(cases)), audit.Options{Now: nine.Add(5 * time.Hour)})
	if err != nil {
		fmt.Println(err)
		return
	}
	solve, _ := report.Clause("solve")
	fmt.Println(solve.Attainment, solve.Interval)
	// Output:
	// 1/2 (50.00%) 9.45%–90.55%
}

// A gate is met or missed only when the cases suffice to tell.
func ExampleGate() {
	resolution, _ := sla.StandardMetric("resolution")
	revision := sla.Revision{Targets: []sla.Target{{ID: "solve", Metric: resolution, Span: sla.Wall(4 * time.Hour)}}}
	plan, err := sla.Compile(revision)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	good := history.History{Case: "good", Entries: []history.Entry{{At: nine, Kind: history.Opened}, {At: nine.Add(time.Hour), Kind: history.Resolved}}}
	for _, n := range []int{10, 100} {
		report, err := audit.Run(context.Background(), audit.Targets(plan, revision), audit.From(slices.Values(slices.Repeat([]history.History{good}, n))),
			audit.Options{Now: nine.AddDate(0, 0, 1), Gates: []audit.Gate{{Clause: "solve", AtLeast: decimal.RequireFromString("0.9")}}})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(n, "of", n, "kept:", report.Gates[0].Outcome)
	}
	// Output:
	// 10 of 10 kept: undecided
	// 100 of 100 kept: met
}

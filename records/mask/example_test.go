package mask_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records/mask"
	"github.com/servicecharter/charter/sla"
)

// An audit whose cases are named after the numbers that people called from.
// Breaches can be passed on once the id of the case is masked as the number that
// it is, the explanation as free text, and the entries by their keys.
func Example_report() {
	resolution, _ := sla.StandardMetric("resolution")
	revision := sla.Revision{Targets: []sla.Target{{ID: "urgent", Metric: resolution, Span: sla.Wall(4 * time.Hour)}}}
	plan, err := sla.Compile(revision)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	called := history.History{Case: "13800138000", Entries: []history.Entry{
		{
			Seq: 1, At: nine, Kind: history.Opened, Actor: history.Actor{Role: "customer", ID: "13800138000"},
			Fields: history.Of("tier", "urgent", "content", "Li Lei asks to be called on 13900139000"), Personal: history.Of("name", "Li Lei", "id_card", "11010519491231002X"),
		},
		{Seq: 2, At: nine.Add(5 * time.Hour), Kind: history.Resolved, Actor: history.Actor{Role: "agent", ID: "A-7"}},
	}}
	report, err := audit.Run(context.Background(), audit.Targets(plan, revision), audit.From(slices.Values([]history.History{called})),
		audit.Options{Now: nine.Add(6 * time.Hour), Worst: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	policy := mask.New(mask.Usual())
	urgent, _ := report.Clause("urgent")
	for _, b := range urgent.Worst {
		fmt.Println("case", policy.Value("phone", b.Case), "over by", b.Over)
		fmt.Print(mask.Text(b.Explanation.String()))
	}
	for _, e := range called.Entries {
		e = policy.Entry(e)
		fmt.Println(e.Seq, e.Kind, e.Actor, e.Fields, e.Personal)
	}
	// Output:
	// case 138****8000 over by 1h0m0s
	// urgent: resolution within 4h — breached
	// from 2025-03-03 09:00 Mon (entry 1, opened); due 2025-03-03 13:00 Mon; ended 2025-03-03 14:00 Mon (entry 2, resolved); used 5h; over by 1h
	//   2025-03-03 09:00 Mon – 2025-03-03 14:00 Mon  counted  5h
	// 1 opened {138****8000 customer} [{content **** asks to be called on 139****9000} {tier urgent}] [{id_card 1****************X} {name L*** L***}]
	// 2 resolved {A-7 agent} [] []
}

package incident_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/quality/improvement"
)

func Example() {
	began := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	now := began
	operator := history.Actor{ID: "1", Role: history.RoleAgent}
	step := func() incident.Meta { // each step a quarter of an hour later
		now = now.Add(15 * time.Minute)
		return incident.Meta{Now: now, Actor: operator}
	}

	i, err := incident.Load(history.History{Case: "I-17"}, nil) // a new case, under the default rules
	if err != nil {
		fmt.Println(err)
		return
	}
	err = errors.Join(
		i.Detect(step(), incident.Detection{Occurred: began, Class: "outage", Source: "customer", Channel: "phone"}),
		i.Declare(step(), incident.Declaration{Plan: "EP-2", Lead: "9", Role: history.RoleIncidentLead}),
		i.Notify(step(), incident.Notice{Audience: incident.Customers, Content: "the hotline is down", State: "searching"}),
	)
	fmt.Println(err)

	err = i.Resolve(step(), "disk replaced", "")
	fmt.Println(err, errors.Is(err, incident.ErrOrder))

	fmt.Println(i.Restore(step(), incident.Restoration{Service: "hotline"}))
	fmt.Println(i.State(), i.Lead(), i.Recovery().Downtime)
	for _, e := range i.Pending() {
		fmt.Println(e.Seq, e.Kind)
	}
	// Output:
	// <nil>
	// incident I-17: entry 4: resolved: too early: first restored true
	// <nil>
	// restored {9 incident lead} 1h15m0s
	// 1 detected
	// 2 declared
	// 3 notified
	// 4 restored
}

// What was done so that it does not happen again, from the plan to the verification, read as an improvement.
func ExampleIncident_Improve() {
	now := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	due := now.AddDate(0, 0, 14)
	day := func() incident.Meta { // each step a day later
		now = now.AddDate(0, 0, 1)
		return incident.Meta{Now: now, Actor: history.Actor{ID: "9", Role: history.RoleIncidentLead}}
	}
	i, err := incident.Load(history.History{Case: "I-17"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = errors.Join(
		i.Detect(day(), incident.Detection{Class: "outage"}),
		i.Restore(day(), incident.Restoration{Service: "hotline"}),
		i.Investigate(day(), incident.Investigation{Nature: "the hotline is down", Cause: "full disk"}),
		i.PlanFollowUp(day(), incident.Measure{Measures: []string{"watch the disk"}, Owner: "12", Due: due}),
		i.Improve(day(), incident.Measure{Step: "do"}),
		i.Improve(day(), incident.Measure{Step: "verified", Effect: "yes"}),
	)
	fmt.Println(err)
	r := improvement.Read(i.History(), improvement.Words{}, now)
	m := r.Improvement
	fmt.Printf("%s because of %s: %s by %s\n", m.Problem, m.Cause, m.Actions[0].Text, m.Actions[0].Owner)
	fmt.Println("verified by", m.Verifier, "helped", m.Effect.Helped, "findings", len(r.Findings))
	// Output:
	// <nil>
	// the hotline is down because of full disk: watch the disk by 12
	// verified by 9 helped met findings 0
}

// A host with a lifecycle of its own checks what it has.
func ExampleCheck() {
	day := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	h := history.History{Case: "I-17", Entries: []history.Entry{
		{Seq: 1, At: day, Kind: history.Detected, Fields: history.Of("class", "outage")},
		{Seq: 2, At: day.Add(time.Hour), Kind: history.Resolved, Fields: history.Of("result", "disk replaced")},
		{Seq: 3, At: day.Add(2 * time.Hour), Kind: history.Restored},
	}}
	for _, f := range incident.Check(h, nil) {
		fmt.Println(f.Seq, f)
		fmt.Println(f.Text("zh"))
	}
	// Output:
	// 2 resolved: too early: first restored
	// 解决：应先有“恢复服务”
	// 3 restored: too late, after resolved
	// 恢复服务：不得晚于“解决”
}

// Who leads depends on the severity: a rule of a handbook, as data.
func ExampleParseRules() {
	own, err := incident.ParseRules([]byte(`{"demands": [
		{"clause": "standard/5.2.2-level-1", "step": "declared", "when": {"severity": ["extreme"]}, "lead": ["management"]}
	]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	i, err := incident.Load(history.History{Case: "I-17"}, incident.DefaultRules().With(own.Demands...))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := incident.Meta{Now: time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)}
	fmt.Println(i.Detect(m, incident.Detection{Class: "outage", Severity: "extreme"}))
	fmt.Println(i.Declare(m, incident.Declaration{Plan: "EP-1", Lead: "7", Role: history.RoleDepartmentHead}))
	fmt.Println(i.Declare(m, incident.Declaration{Plan: "EP-1", Lead: "2", Role: history.RoleManagement}))
	// Output:
	// <nil>
	// incident I-17: entry 2: declared: the incident has to be led by management (standard/5.2.2-level-1)
	// <nil>
}

// Before the report to management: what does the case not know yet?
func ExampleIncident_Lacking() {
	rules := incident.DefaultRules().With(incident.Demand{
		Step: history.Reported, When: map[string][]string{"to": {"management"}}, Known: []string{"cause", "impact", "improvements"},
	})
	i, err := incident.Load(history.History{Case: "I-17"}, rules)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := incident.Meta{Now: time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)}
	fmt.Println(i.Detect(m, incident.Detection{Class: "fault"}))
	fmt.Println(i.Investigate(m, incident.Investigation{Cause: "full disk"}))
	for _, f := range i.Lacking(m, history.Reported, history.Of("to", "management")) {
		fmt.Println(f)
	}
	// Output:
	// <nil>
	// <nil>
	// reported: the field impact is missing
	// reported: the field improvements is missing
}

func ExampleIncident_Recovery() {
	at := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	i, err := incident.Load(history.History{Case: "I-17"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(i.Detect(incident.Meta{At: at.Add(10 * time.Minute)}, incident.Detection{Occurred: at, Class: "outage"}))
	fmt.Println(i.Restore(incident.Meta{At: at.Add(time.Hour)}, incident.Restoration{DataLostFrom: at.Add(-5 * time.Minute)}))
	r := i.Recovery()
	fmt.Println("down", r.Downtime, "within the RTO:", r.Downtime <= 2*time.Hour)
	fmt.Println("lost", r.DataLost, "within the RPO:", r.DataLost <= time.Minute)
	fmt.Println("resolved:", !r.Resolved.IsZero())
	// Output:
	// <nil>
	// <nil>
	// down 1h0m0s within the RTO: true
	// lost 5m0s within the RPO: false
	// resolved: false
}

func ExampleLastDrill() {
	plan := history.History{Case: "EP-2", Entries: []history.Entry{
		{Seq: 1, At: time.Date(2024, time.May, 6, 1, 0, 0, 0, time.UTC), Kind: history.Drilled, Fields: history.Of("scope", "full", "form", "live")},
		{Seq: 2, At: time.Date(2025, time.February, 3, 1, 0, 0, 0, time.UTC), Kind: history.Drilled, Fields: history.Of("scope", "part", "form", "table_top")},
	}}
	last, ok := incident.LastDrill(plan, "full")
	fmt.Println(last.At.Format(time.DateOnly), ok)
	// Output: 2024-05-06 true
}

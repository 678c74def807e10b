package complaint_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
)

// A complaint is taken in, registered and classified; what was added is stored by the host.
func Example() {
	c, err := complaint.Load(history.History{Case: "C-1001"}, complaint.DefaultRules())
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	m := complaint.Meta{At: now, Now: now, Actor: history.Actor{ID: "17", Role: history.RoleAgent}}
	_ = c.Open(m, complaint.Intake{Channel: "phone", Customer: "881", Content: "charged twice"})
	_ = c.Register(m, complaint.Registration{Place: "shop 3"})
	err = c.Resolve(m, "refunded", "")
	fmt.Println(err)
	_ = c.Classify(m, complaint.Classification{Severity: "ordinary", Basis: complaint.BasisReport})
	fmt.Println(c.State(), c.Owner(), c.Severity(), c.Provisional())
	for _, e := range c.Pending() {
		fmt.Println(e.Seq, e.Kind)
	}
	// Output:
	// complaint C-1001: resolved: out of order, wants planned
	// open 17 ordinary true
	// 1 opened
	// 2 registered
	// 3 classified
}

// The agent says that it is settled; the complainant says whether it is.
func ExampleComplaint_ConfirmResult() {
	at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	c, err := complaint.Load(history.History{Case: "C-1001", Entries: []history.Entry{
		{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of("channel", "phone")},
		{Seq: 2, At: at.Add(time.Hour), Kind: history.Resolved},
		{Seq: 3, At: at.Add(2 * time.Hour), Kind: history.ResultTold},
	}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %q\n", c.State(), c.Answer())
	err = c.ConfirmResult(complaint.Meta{At: at.Add(3 * time.Hour)}, complaint.AnswerDisputed, "charged again")
	fmt.Printf("%s %q %v\n", c.State(), c.Answer(), err)
	// Output:
	// resolved ""
	// open "disputed" <nil>
}

// Errors can be told apart, and say which clause asks.
func ExampleStepError() {
	rules, err := complaint.ParseRules([]byte(`{"demands": [
		{"clause": "acme/4.2", "step": "planned", "fields": ["problem", "measures", "owner", "due"]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _ := complaint.Load(history.History{Case: "C-7"}, rules)
	m := complaint.Meta{At: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)}
	_ = c.Open(m, complaint.Intake{})
	err = c.Plan(m, complaint.Solution{Problem: "charged twice", Measures: []string{"refund"}, Owner: "21"})
	var step *complaint.StepError
	fmt.Println(errors.Is(err, complaint.ErrField), errors.As(err, &step))
	fmt.Println(step.Step, step.Field, step.Clause)
	// Output:
	// true true
	// planned due acme/4.2
}

// A host with a lifecycle of its own asks what is wrong with what it has.
func ExampleCheck() {
	at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	h := history.History{Case: "C-1001", Entries: []history.Entry{
		{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of("channel", "phone")},
		{Seq: 2, At: at.Add(time.Hour), Kind: history.Closed},
		{Seq: 3, At: at.Add(2 * time.Hour), Kind: history.Closed},
	}}
	for _, f := range complaint.Check(h, &complaint.Rules{Flows: []complaint.Flow{{
		Clause: "enterprise/7.2-complaint-mechanism",
		Steps:  [][]history.Kind{{history.Opened}, {history.Resolved}, {history.Closed}},
	}}}) {
		fmt.Println(f)
		fmt.Println(f.Text("zh"))
	}
	// Output:
	// entry 2: closed needs resolved first [enterprise/7.2-complaint-mechanism]
	// 第2条记录：关闭之前应先有解决 [enterprise/7.2-complaint-mechanism]
	// entry 3: closed: the complaint is over
	// 第3条记录：关闭：投诉已经结束
}

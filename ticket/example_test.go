package ticket_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// A ticket from the first call to its closing. A host stores what Pending gives, and loads the ticket from it the next time.
func Example() {
	t, _ := ticket.Load(history.History{Case: "T-1001"}, nil)
	agent := history.Actor{Role: history.RoleAgent, ID: "li"}
	nine := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))
	at := func(minutes int) ticket.Meta {
		return ticket.Meta{At: nine.Add(time.Duration(minutes) * time.Minute), Actor: agent}
	}
	for _, err := range []error{
		t.Open(at(0), ticket.Opening{Channel: "phone", Content: "no dial tone"}),
		t.Accept(at(1)),
		t.Classify(at(2), ticket.Classification{Tier: "urgent", Request: "fault"}),
		t.Dispatch(at(5), "network", "zhao"),
		t.Hold(at(10), "customer"),
		t.Resume(at(40), "customer"),
		t.Resolve(at(60), "line works", "port changed"),
		t.TellResult(at(61), "the line works again"),
		t.ConfirmResult(at(62), true),
		t.Close(at(65), "done"),
	} {
		if err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(t.State(), "owner:", t.Owner(), "unit:", t.Unit(), "person:", t.Person(), "entries:", len(t.Pending()))
	// Output: closed owner: li unit: network person: zhao entries: 10
}

// A step that cannot be taken is an error of a type, and nothing is recorded.
func ExampleStepError() {
	t, _ := ticket.Load(history.History{Case: "T-1001"}, nil)
	m := ticket.Meta{At: time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)}
	_ = t.Open(m, ticket.Opening{Channel: "phone"})

	err := t.Close(m, "")
	var refused *ticket.StepError
	if errors.As(err, &refused) && errors.Is(err, ticket.ErrOrder) {
		fmt.Println(refused.Step, "wants", refused.Finding.Wants)
	}
	fmt.Println(err)
	fmt.Println(len(t.Pending()), "entry")
	// Output:
	// closed wants [result-told]
	// ticket T-1001: step out of order: entry 2: closed wants result-told first
	// 1 entry
}

// A host that keeps its own lifecycle asks what its history lacks. Here it is a row of timestamps.
func ExampleCheck() {
	nine := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	h, _ := history.FromTimes(history.Times{
		Case:       "T-1001",
		Attributes: history.Of(history.KeyChannel, "phone"),
		At: map[history.Kind]time.Time{
			history.Opened: nine, history.Resolved: nine.Add(time.Hour), history.Closed: nine.Add(2 * time.Hour),
		},
	})
	for _, f := range ticket.Check(h, nil) {
		fmt.Println(f)
	}
	// Output:
	// entry 2: resolved wants accepted first
	// entry 2: resolved lacks the field result
	// entry 2: resolved: nobody answers for the ticket (advised)
	// entry 3: closed wants result-told first
}

// Rules are data. Each demand names its clause, and so does what comes of it.
func ExampleParseRules() {
	rules, err := ticket.ParseRules([]byte(`{
		"demands": [
			{"clause": "house/7", "order": ["checked[identity]", "checked[need]", "responded"]},
			{"clause": "house/9", "step": "resolved", "when": {"complexity": ["complex"]}, "roles": ["senior agent"]}
		],
		"grades": [{"when": {"urgency": ["high"]}, "set": {"tier": "urgent"}}]
	}`))
	if err != nil {
		panic(err)
	}
	t, _ := ticket.Load(history.History{Case: "T-1001"}, rules)
	m := ticket.Meta{At: time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC), Actor: history.Actor{Role: history.RoleAgent, ID: "li"}}
	_ = t.Open(m, ticket.Opening{})
	fmt.Println(t.Reply(m, "phone"))
	_ = t.Classify(m, ticket.Classification{Urgency: "high", Complexity: "complex"})
	fmt.Println("tier:", t.Attribute(history.KeyTier))
	fmt.Println(t.Resolve(m, "done", ""))
	// Output:
	// ticket T-1001: step out of order: entry 2: responded wants checked[need] first [house/7]
	// tier: urgent
	// ticket T-1001: actor without the role: entry 3: resolved is for senior agent [house/9]
}

// Until it is accepted elsewhere, the first contact answers for it.
func ExampleTicket_HandOver() {
	t, _ := ticket.Load(history.History{Case: "T-1001"}, nil)
	nine := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	by := func(id string, minutes int) ticket.Meta {
		return ticket.Meta{At: nine.Add(time.Duration(minutes) * time.Minute), Actor: history.Actor{Role: history.RoleAgent, ID: id}}
	}
	_ = t.Open(by("li", 0), ticket.Opening{Channel: "phone"})
	_ = t.Accept(by("li", 1))
	_ = t.HandOver(by("li", 2), "billing", "wu")
	fmt.Println(t.Person(), "has it,", t.Owner(), "owns it")
	_ = t.Accept(by("wu", 9))
	fmt.Println(t.Person(), "has it,", t.Owner(), "owns it")
	// Output:
	// wu has it, li owns it
	// wu has it, wu owns it
}

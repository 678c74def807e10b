package logfile_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
)

// A log that repeats a state until it changes, with the day before the month.
func ExampleRead() {
	log := strings.NewReader(`number,state,updated,priority
INC1,New,29/2/2016 01:16,P1
INC1,Active,29/2/2016 01:20,P1
INC1,Active,29/2/2016 01:25,P1
INC1,Waiting,29/2/2016 02:00,P1
INC1,Active,29/2/2016 04:00,P2
INC1,Resolved,30/2/2016 09:00,P2
`)
	source := logfile.Read(log, logfile.Mapping{
		Case: "number", Time: "updated", Layouts: []string{"2/1/2006 15:04"}, Zone: time.UTC,
		Activity: "state", States: true,
		Activities: []logfile.Activity{
			{Word: "New", Kind: history.Opened},
			{Word: "Waiting", Kind: history.Held, Fields: history.Of("reason", "customer")},
			{Word: "Active", After: []string{"Waiting"}, Kind: history.Resumed},
			{Word: "Active", Kind: history.Accepted},
			{Word: "Resolved", Kind: history.Resolved},
		},
		Attributes: []logfile.Attribute{{Column: "priority", Name: "tier", Values: map[string]string{"P1": "urgent", "P2": "routine"}}},
	})
	for c, err := range source.Cases {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for i, e := range c.Entries {
			fmt.Println(c.Case, "line", c.Lines[i], e)
		}
	}
	// Output:
	// audit: line 7: case "INC1": no readable instant: updated = "30/2/2016 09:00"
	// INC1 line 2 1 2016-02-29T01:16:00Z opened tier=urgent
	// INC1 line 3 2 2016-02-29T01:20:00Z accepted
	// INC1 line 5 3 2016-02-29T02:00:00Z held reason=customer
	// INC1 line 6 4 2016-02-29T04:00:00Z classified tier=routine
	// INC1 line 6 5 2016-02-29T04:00:00Z resumed
}

// A spreadsheet with one row a case.
func ExampleRead_wide() {
	log := strings.NewReader("工单,来电,响应,解决,等待自,等待至\nA1,2025/3/1 9:05,2025/3/1 9:20,2025/3/1 15:00,2025/3/1 10:00,2025/3/1 14:00\n")
	source := logfile.Read(log, logfile.Mapping{
		Case: "工单", Zone: time.FixedZone("", 8*3600),
		Instants: []logfile.Instant{
			{Column: "来电", Kind: history.Opened}, {Column: "响应", Kind: history.Responded}, {Column: "解决", Kind: history.Resolved},
		},
		Pauses: []logfile.Pause{{From: "等待自", To: "等待至", Reason: "customer"}},
	})
	for c, err := range source.Cases {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range c.Entries {
			fmt.Println(c.Case, e)
		}
	}
	// Output:
	// A1 1 2025-03-01T01:05:00Z opened
	// A1 2 2025-03-01T01:20:00Z responded
	// A1 3 2025-03-01T02:00:00Z held reason=customer
	// A1 4 2025-03-01T06:00:00Z resumed reason=customer
	// A1 5 2025-03-01T07:00:00Z resolved
}

// The words for the values of an attribute come from the handbook, and a host adds its own.
func ExampleWords() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	tiers := logfile.Words(norms, "tier")
	tiers["P1"] = "urgent"
	fmt.Println(tiers["紧急"], tiers["普通"], tiers["P1"])
	// Output:
	// urgent routine urgent
}

func ExampleReadJSONLines() {
	log := strings.NewReader(`{"at":"2025-03-01T09:05:00+08:00","case":"A1","fields":{"tier":"urgent"},"kind":"opened"}
{"at":"2025-03-01T09:20:00+08:00","case":"A1","kind":"responded"}
`)
	for c, err := range logfile.ReadJSONLines(log, 0).Cases {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Case, c.Entries)
	}
	// Output:
	// A1 [2025-03-01T01:05:00Z opened tier=urgent 2025-03-01T01:20:00Z responded]
}

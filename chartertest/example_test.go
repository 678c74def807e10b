package chartertest_test

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

func ExampleParseHistory() {
	h, err := chartertest.ParseHistory(`
		case T-1001
		mon 09:00 open tier=urgent channel=phone
		mon 10:20 reply by=agent/17
		wed 09:00 hold reason=customer
		thu 09:00 resume, +2h30m resolve
	`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Case)
	for _, e := range h.Entries {
		fmt.Println(e)
	}
	// Output:
	// T-1001
	// 1 2025-03-03T01:00:00Z opened channel=phone tier=urgent
	// 2 2025-03-03T02:20:00Z responded by=agent/17
	// 3 2025-03-05T01:00:00Z held reason=customer
	// 4 2025-03-06T01:00:00Z resumed
	// 5 2025-03-06T03:30:00Z resolved
}

// Errors name the line.
func ExampleParseHistory_error() {
	_, err := chartertest.ParseHistory("mon 09:00 open\nmon 10:20 answer\n")
	fmt.Println(err)
	// Output:
	// chartertest: line 2: answer: neither a kind nor a command; kinds of your own stand in quotes
}

// Another zone and week are named in the text.
func ExampleParseHistory_zone() {
	h, err := chartertest.ParseHistory(`
		zone America/New_York
		week 2025-03-03
		fri 17:00 open
		mon+1 09:00 reply    # two days later the clocks go forward
	`)
	fmt.Println(err)
	fmt.Println(h.Entries[1].At.Sub(h.Entries[0].At))
	// Output:
	// <nil>
	// 63h0m0s
}

func ExampleFormatHistory() {
	at := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
	fmt.Print(chartertest.FormatHistory(history.History{Case: "T-1001", Entries: []history.Entry{
		{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of("tier", "urgent", "content", "no network")},
		{Seq: 2, At: at.AddDate(0, 0, 9), Kind: "acme.triaged", Actor: history.Actor{Role: history.RoleCaseOwner, ID: "17"}},
	}}))
	// Output:
	// case T-1001
	// mon 09:00 opened content="no network" tier=urgent
	// 2025-03-12 09:00 "acme.triaged" by="case owner"/17
}

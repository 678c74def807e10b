package charter_test

import (
	"context"
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/quality"
)

// Package quality works out who owes what and when; the desk reminds and escalates. The id of an obligation is the id of its case, so a
// host may ask for the account and adopt what it finds as often as it likes, here whenever the account says that something changes.
func ExampleDesk_Adopt_account() {
	rules, err := charter.ParseHandbook([]byte(`{
	  "id": "acme", "version": "1", "title": {"en": "Centre"}, "sector": "general", "source": {"en": "Ours."},
	  "attributes": {"kind": {"values": [{"id": "duty"}]}},
	  "clauses": [{"id": "acme/training", "subject": "people", "kind": "deadline", "check": "decidable",
	    "text": {"en": "Everybody is trained once a quarter."}, "when": {"kind": "duty", "duty": "acme/training"},
	    "rule": {"metric": "duty", "due": "registered.due", "until": ["trained"],
	             "warnings": [{"name": "two weeks left", "at": "-336h"}], "ladder": [{"at": "+72h", "role": "supervisor"}]}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	who := map[string]string{}
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			fmt.Println(now.Format(time.DateOnly), d.Kind, "of", who[d.Case])
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	training := quality.Duty{ID: "acme/training", Cycle: quality.Quarterly(), Grace: 7, Remind: []int{14}, Ladder: []quality.DutyRung{{Days: 3, Role: "supervisor"}}}
	li := quality.DutySubject{ID: "Li", From: now}
	adopt := func() time.Time {
		account, err := training.Account(li, nil, now)
		if err != nil {
			fmt.Println(err)
			return time.Time{}
		}
		for _, o := range account.Obligations {
			who[o.ID.String()] = o.Subject
			err := desk.Adopt(context.Background(), history.History{Case: o.ID.String(), Entries: []history.Entry{{
				At: o.Begin, Kind: history.Registered,
				Fields: history.Of("kind", "duty", "duty", o.Duty, "person", o.Subject, history.KeyDue, history.FormatInstant(o.Due.Add(-1))),
			}}})
			if err != nil {
				fmt.Println(err)
			}
		}
		return account.Next
	}
	for range 5 {
		next := adopt()
		if _, err := desk.Tick(context.Background()); err != nil {
			fmt.Println(err)
			return
		}
		now = next
	}
	// Output:
	// 2026-06-24 reminder of Li
	// 2026-07-08 breach of Li
	// 2026-07-11 escalation of Li
}

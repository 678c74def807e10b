package charter_test

import (
	"context"
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// A duty of the host's own making, as a deadline: every quarter each centre
// rehearses its emergency plan. For clauses of kind cadence, as the handbooks
// have them, see [charter.Desk.Owe], which does all of this by itself.
// Each quarter of each centre is a case. Adopting it again does nothing, so a
// host registers what begins whenever it likes, say every night.
func ExampleDesk_Adopt_duty() {
	rules, err := charter.ParseHandbook([]byte(`{
	  "id": "acme", "version": "1", "title": {"en": "Centre"}, "sector": "general", "source": {"en": "Ours."},
	  "attributes": {"kind": {"values": [{"id": "duty"}]}},
	  "clauses": [{"id": "acme/drill", "subject": "governance", "kind": "deadline", "check": "decidable",
	    "text": {"en": "The emergency plan is rehearsed every quarter."}, "when": {"kind": "duty", "duty": "drill"},
	    "rule": {"metric": "duty", "due": "registered.due", "until": ["drilled"],
	             "warnings": [{"name": "two weeks left", "at": "-336h"}], "ladder": [{"at": "+72h", "role": "supervisor"}]}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	begin := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(-1)
	now := begin
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			fmt.Println(d.At.Format(time.DateOnly), d.Kind, "of", d.Case)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, centre := range []string{"north", "south"} {
		err := desk.Adopt(ctx, history.History{Case: "drill/2026-Q2/" + centre, Entries: []history.Entry{{
			At: begin, Kind: history.Registered,
			Fields: history.Of("kind", "duty", "duty", "drill", "unit", centre, history.KeyDue, history.FormatInstant(end)),
		}}})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	// The evidence goes to the case of its period.
	now = time.Date(2026, 5, 20, 14, 0, 0, 0, time.UTC)
	_, err = desk.Record(ctx, "drill/2026-Q2/south", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Drilled}}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now = time.Date(2026, 7, 6, 9, 0, 0, 0, time.UTC)
	if _, err := desk.Tick(ctx); err != nil {
		fmt.Println(err)
		return
	}
	// Output:
	// 2026-06-16 reminder of drill/2026-Q2/north
	// 2026-07-01 breach of drill/2026-Q2/north
	// 2026-07-03 escalation of drill/2026-Q2/north
}

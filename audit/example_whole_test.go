package audit_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

const wholeDesk = `{
  "id": "acme", "version": "2", "title": {"en": "Acme help desk"},
  "clauses": [
    {"id": "acme/satisfied", "subject": "quality", "kind": "objective", "check": "measured",
     "text": {"en": "Nine in ten customers are satisfied."}, "rule": {"measure": "satisfaction", "at_least": "90 pct"}},
    {"id": "acme/urgent", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "An urgent ticket is solved within 4 hours."}, "when": {"tier": "urgent"}, "rule": {"metric": "resolution", "within": "4h"}},
    {"id": "acme/told", "subject": "ticket", "kind": "workflow", "check": "decidable", "when": {"kind": "ticket"},
     "text": {"en": "The customer is told the result before the ticket is closed."},
     "lifecycle": {"ticket": {"demands": [{"step": "closed", "after": ["result-told"]}]}}},
    {"id": "acme/rating", "subject": "quality", "kind": "fields", "check": "decidable",
     "text": {"en": "A survey says by which channel it was asked."},
     "content": [{"on": "surveyed[score]", "where": "itself", "holds": [["surveyed[channel]"]]}]}
  ]
}`

// One run judges deadlines, steps, content and objectives; a gate asks for the objective.
func ExampleRun_whole() {
	handbook, err := charter.ParseHandbook([]byte(wholeDesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := audit.By(handbook)
	if err != nil {
		fmt.Println(err)
		return
	}
	// No handbook says which scores are satisfied, and how long after its end a case may still be reopened.
	scale, _ := quality.Whole(1, 5)
	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4), Settle: 24 * time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	var cases []history.History
	for _, text := range []string{
		"case T-1, mon 09:00 open kind=ticket tier=urgent, mon 12:00 resolve, mon 12:05 tell-result, mon 13:00 close, tue 10:00 survey score=5 channel=sms",
		"case T-2, mon 09:30 open kind=ticket tier=urgent, mon 14:00 resolve, mon 15:00 close, tue 11:00 survey score=2",
		"case T-3, mon 10:00 open kind=ticket tier=routine, tue 16:00 resolve",
	} {
		h, err := chartertest.ParseHistory(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		cases = append(cases, h)
	}
	report, err := audit.Run(context.Background(), rules, audit.From(slices.Values(cases)), audit.Options{
		Now:     time.Date(2025, 3, 7, 10, 0, 0, 0, time.UTC),
		Conduct: true,
		Tally:   measure.NewTally(table, measure.Grouping{}),
		Gates:   []audit.Gate{{Clause: "acme/satisfied"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := report.WriteText(os.Stdout, "en"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Acme help desk, 2
	// 3 cases, 11 entries, 0 rows or cases left out; judged as of 2025-03-07T10:00:00Z
	//
	// clause       limit  cases  kept  breached  pending  not evaluable  attainment  95% interval  p50    p95  longest
	// acme/urgent  4h         2     1         1        0              0      50.00%  9.45%–90.55%   3h  4h30m    4h30m  ██████████░░░░░░░░░░
	//
	// steps and content
	//   clause                         cases  kept  breached  against advice  pending  not evaluable
	//   (what holds for every ticket)      3     3         0               0        0  0
	//   acme/told                          3     1         1               0        1  0
	//   acme/rating                        3     1         1               0        1  0
	//
	// found against clauses
	//   acme/told  The customer is told the result before the ticket is closed.
	//     out-of-order 1
	//       case T-2, entry 3: closed wants result-told first
	//   acme/rating  A survey says by which channel it was asked.
	//     missing 1
	//       case T-2, entry 4: entry 4 is not surveyed[channel]
	//
	// objectives
	//   clause          measure                bound  outcome    figure  95% interval  facts  pending
	//   acme/satisfied  customer satisfaction  ≥ 90%  undecided  50.00%  9.45%–90.55%      2        0  1 more would tell
	//
	// gates
	//   acme/satisfied    undecided
}

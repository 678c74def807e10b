package improvement_test

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
)

// The improvements of a team, from what was entered about each; one of them names no owner.
func ExampleRead() {
	day := func(n int) time.Time { return time.Date(2025, 3, n, 9, 0, 0, 0, time.UTC) }
	noon := history.History{Case: "noon", Entries: []history.Entry{
		{Seq: 1, At: day(3), Kind: history.Inspected, Fields: history.Of("finding", "callers wait too long at noon")},
		{Seq: 2, At: day(4), Kind: history.Reviewed, Fields: history.Of("cause", "one shift for both lunches")},
		{Seq: 3, At: day(4), Kind: history.Planned, Fields: history.Of("measures", "two shifts", "owner", "Li", "due", "2025-03-14T18:00:00Z")},
		{Seq: 4, At: day(12), Kind: history.Improved, Fields: history.Of("step", "do")},
		{Seq: 5, At: day(20), Kind: history.Improved, Actor: history.Actor{ID: "Zhao"}, Fields: history.Of("step", "verified", "effect", "yes", "before", "48/80", "after", "56/70")},
	}}
	forms := history.History{Case: "forms", Entries: []history.Entry{
		{Seq: 1, At: day(5), Kind: history.Reviewed, Fields: history.Of("problem", "the form is asked for twice", "cause", "two systems")},
		{Seq: 2, At: day(6), Kind: history.Planned, Fields: history.Of("measures", "one form", "due", "2025-03-14T18:00:00Z")},
	}}
	var whole []quality.Improvement
	for _, h := range []history.History{noon, forms} {
		r := improvement.Read(h, improvement.Words{}, day(21))
		for _, f := range r.Findings {
			fmt.Println(h.Case, f.Code, "-", f.Text("en"))
		}
		if len(r.Findings) == 0 {
			whole = append(whole, r.Improvement)
			fmt.Println(h.Case, "due", r.Improvement.Deadline().Format(time.DateOnly), "-", r.Improvement.Effect.Change)
		}
	}
	c, err := quality.Closed(whole, day(21))
	fmt.Println("closed", c.Rate(), "late", c.Late, err)
	// Output:
	// noon due 2025-03-14 - 60.00% of 80 to 80.00% of 70: +20.00 points (5.24 to 33.39)
	// forms no-owner - entry 2: "one form" is nobody's
	// closed 1/1 (100.00%) late 1 <nil>
}

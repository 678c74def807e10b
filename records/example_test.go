package records_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/recordstest"
	"github.com/servicecharter/charter/sla"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

func urgent() (*records.Schedule, history.History, error) {
	s, err := records.NewSchedule(
		shanghai,
		records.Rule{Clause: "norms/2.4.2-minimum", From: records.Start{Kind: history.Closed}, AtLeast: records.Years(5)},
		records.Rule{
			Clause: "norms/2.4.2-urgent", When: sla.Condition{sla.Is("tier", "urgent")},
			From: records.Start{Kind: history.Closed}, AtLeast: records.Years(10), AtMost: records.Years(10),
		},
	)
	h := history.History{Entries: []history.Entry{
		{Seq: 1, At: time.Date(2025, 3, 3, 9, 0, 0, 0, shanghai), Kind: history.Opened, Fields: history.Of("kind", "ticket", "tier", "urgent")},
		{Seq: 2, At: time.Date(2025, 3, 4, 18, 0, 0, 0, shanghai), Kind: history.Closed},
	}}
	return s, h, err
}

// What is to be done with a record, and why.
func ExampleSchedule_Decide() {
	s, h, err := urgent()
	if err != nil {
		fmt.Println(err)
		return
	}
	r := records.Record{ID: "T-1", Class: "ticket", History: h}
	d := s.Decide(r, nil, time.Date(2031, 1, 1, 0, 0, 0, 0, shanghai))
	fmt.Println(d)
	fmt.Println(d.Text("zh-Hans"))
	// Output:
	// T-1: keep until 2035-03-05T00:00:00+08:00
	// - norms/2.4.2-urgent: at least 10 years from closed (2025-03-04), until the end of 2035-03-04
	// - norms/2.4.2-minimum: at least 5 years from closed (2025-03-04), until the end of 2030-03-04
	// - norms/2.4.2-urgent: at most 10 years from closed (2025-03-04), until the end of 2035-03-04
	// T-1：保存至2035-03-05T00:00:00+08:00
	// - norms/2.4.2-urgent：自关闭（2025-03-04）起至少保存10年，至2035-03-04日终
	// - norms/2.4.2-minimum：自关闭（2025-03-04）起至少保存5年，至2030-03-04日终
	// - norms/2.4.2-urgent：自关闭（2025-03-04）起最长保存10年，至2035-03-04日终
}

// A hold freezes disposal. Released, the first dates count.
func ExampleHold() {
	s, h, err := urgent()
	if err != nil {
		fmt.Println(err)
		return
	}
	r := records.Record{ID: "T-1", Class: "ticket", History: h}
	suit := records.Hold{Name: "Li v. Acme", Records: []string{"T-1"}, Placed: time.Date(2034, 6, 1, 0, 0, 0, 0, shanghai)}
	now := time.Date(2036, 1, 1, 0, 0, 0, 0, shanghai)
	fmt.Println(s.Decide(r, []records.Hold{suit}, now).Action)
	suit.Released = now
	d := s.Decide(r, []records.Hold{suit}, now)
	fmt.Println(d.Action, d.Due.Format(time.DateOnly))
	// Output:
	// keep
	// dispose 2035-03-05
}

// A dry run, a disposal, a restore that brings the record back, and the disposal again.
func ExampleDisposer() {
	ctx := context.Background()
	s, h, err := urgent()
	if err != nil {
		fmt.Println(err)
		return
	}
	site := recordstest.Memory() // a host's tables, or a charter.RecordStore over a journal
	if err := site.Put(ctx, "T-1", h.Entries); err != nil {
		fmt.Println(err)
		return
	}
	backup := site.Backup()
	d := &records.Disposer{
		Schedule: s, Store: site.Store, Ledger: site.Ledger,
		Now: func() time.Time { return time.Date(2036, 1, 1, 0, 0, 0, 0, shanghai) },
	}
	for decision, err := range d.Plan(ctx, slices.Values([]string{"T-1"})) {
		fmt.Println(decision.Record, decision.Action, decision.Clauses(), err)
	}
	c, err := d.Dispose(ctx, "T-1")
	fmt.Println(c.Record, c.Clauses(), c.Parts, err)
	d.Store = backup()
	for r, err := range d.Reapply(ctx, false) {
		fmt.Println(r.Certificate.Record, r.Outcome, err)
	}
	// Output:
	// T-1 dispose [norms/2.4.2-urgent norms/2.4.2-minimum] <nil>
	// T-1 [norms/2.4.2-urgent norms/2.4.2-minimum] 2 <nil>
	// T-1 again <nil>
}

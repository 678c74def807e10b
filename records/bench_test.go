package records_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

// BenchmarkDecide decides on a case of twenty entries under the four clauses of norms/2.4.2, beside a bare walk over its entries.
func BenchmarkDecide(b *testing.B) {
	s := schedule(b,
		records.Rule{Clause: "minimum", From: closed, AtLeast: records.Years(5)},
		records.Rule{Clause: "routine", When: sla.Condition{sla.IsNot("tier", "urgent"), sla.IsNot("complexity", "complex")}, From: closed, AtLeast: records.Years(5), AtMost: records.Years(5)},
		records.Rule{Clause: "urgent", When: sla.Condition{sla.Is("tier", "urgent")}, From: closed, AtLeast: records.Years(10), AtMost: records.Years(10)},
		records.Rule{Clause: "complex", When: sla.Condition{sla.Is("complexity", "complex")}, From: closed, AtLeast: records.Years(15), AtMost: records.Years(15)})
	r := caseOf(b, "2025-03-03", "kind", "ticket", "tier", "urgent", "complexity", "simple")
	for i := range 18 {
		r.History.Entries = append(r.History.Entries, history.Entry{Seq: uint64(3 + i), At: r.History.Entries[1].At.Add(time.Duration(i) * time.Hour), Kind: history.Accessed})
	}
	now := instant(b, "2031-01-01T00:00:00Z")
	b.Run("Decide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if s.Decide(r, nil, now).Action != records.Keep {
				b.Fatal("it is kept")
			}
		}
	})
	b.Run("entries alone", func(b *testing.B) {
		for b.Loop() {
			last := time.Time{}
			for i := range r.History.Entries {
				if e := &r.History.Entries[i]; e.Kind == history.Closed {
					last = e.At
				}
			}
			if last.IsZero() {
				b.Fatal("it is closed")
			}
		}
	})
}

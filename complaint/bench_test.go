package complaint_test

import (
	"testing"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
)

// A whole complaint of twenty entries under the rules of the largest handbook.
func BenchmarkLoad(b *testing.B) {
	h, rules := chartertest.History(b, whole), ruleset(b, "telecom")
	for b.Loop() {
		if _, err := complaint.Load(h, rules); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	h, rules := chartertest.History(b, whole), ruleset(b, "telecom")
	for b.Loop() {
		if found := complaint.Check(h, rules); found != nil {
			b.Fatal(found)
		}
	}
}

// All twenty steps, one after the other.
func BenchmarkRecord(b *testing.B) {
	h, rules := chartertest.History(b, whole), ruleset(b, "telecom")
	for b.Loop() {
		c, err := complaint.Load(history.History{Case: "C-1"}, rules)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range h.Entries {
			if err := c.Record(complaint.Meta{At: e.At, Actor: e.Actor}, e.Kind, e.Fields); err != nil {
				b.Fatal(err)
			}
		}
	}
}

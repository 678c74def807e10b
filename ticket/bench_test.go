package ticket_test

import (
	"testing"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// BenchmarkLoadAndStep rebuilds a ticket of five entries and takes one step, as a desk does for each command.
func BenchmarkLoadAndStep(b *testing.B) {
	h := chartertest.History(b, `
		mon 09:00 open channel=phone by=agent/li
		mon 09:01 accept by=agent/li
		mon 09:02 classify tier=urgent by=agent/li
		mon 09:03 dispatch unit=network by=agent/li
		mon 09:04 start by=agent/zhao`)
	for _, c := range []struct{ name, book string }{{"no rules", ""}, {"etiquette", "etiquette"}} {
		rules := &ticket.Rules{}
		if c.book != "" {
			rules = demanded(b, c.book)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				t, err := ticket.Load(h, rules)
				if err != nil {
					b.Fatal(err)
				}
				if err := t.Message(ticket.Meta{At: h.Entries[4].At, Actor: history.Actor{Role: "agent", ID: "li"}}, "text"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

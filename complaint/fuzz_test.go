package complaint_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/complaint"
)

// FuzzLoad reads any history and any rules, takes a step and holds the aggregate to what it then reads back.
func FuzzLoad(f *testing.F) {
	f.Add(whole, `{}`)
	f.Add("mon 09:00 open severity=major, mon 10:00 close\nmon 11:00 close", `{"lenient":["already-closed"],"levels":[{"name":"agent","roles":["agent"]}]}`)
	f.Add("mon 09:00 hold seq=9007199254740991", `{"flows":[{"when":{"severity":[""]},"steps":[["opened"],["closed","opened"]]}]}`)
	f.Fuzz(func(t *testing.T, text, rules string) {
		r, err := complaint.ParseRules([]byte(rules))
		if err != nil {
			return
		}
		h, err := chartertest.ParseHistory(text)
		if err != nil {
			return
		}
		for _, finding := range complaint.Check(h, r) {
			if finding.Text("en") == "" || finding.Text("zh") == "" {
				t.Fatal("a finding without words")
			}
		}
		c, err := complaint.Load(h, r)
		if err != nil {
			return
		}
		before := len(c.Pending())
		m := complaint.Meta{At: nine.Add(48 * time.Hour), Now: nine.Add(49 * time.Hour)}
		if err := c.Record(m, "messaged", nil); err != nil && len(c.Pending()) != before {
			t.Fatal("refused, and recorded")
		}
		again := reload(t, c.History(), r)
		if again.State() != c.State() || again.Owner() != c.Owner() || again.Answer() != c.Answer() {
			t.Fatalf("%v %v, read back %v %v", c.State(), c.Owner(), again.State(), again.Owner())
		}
	})
}

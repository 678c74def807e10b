package incident_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

// One operation is a whole case of nine steps, from its detection to its closing.
func BenchmarkCase(b *testing.B) {
	r := incident.DefaultRules()
	b.ReportAllocs()
	for b.Loop() {
		i, err := incident.Load(history.History{Case: "I-1"}, r)
		if err != nil {
			b.Fatal(err)
		}
		now := start
		step := func() incident.Meta {
			now = now.Add(time.Minute)
			return incident.Meta{Now: now}
		}
		for _, err := range []error{
			i.Detect(step(), incident.Detection{Class: "outage"}),
			i.Declare(step(), incident.Declaration{Plan: "EP-1", Lead: "9"}),
			i.Notify(step(), incident.Notice{Audience: incident.Customers}),
			i.Investigate(step(), incident.Investigation{Cause: "fuse"}),
			i.Restore(step(), incident.Restoration{}),
			i.Resolve(step(), "fuse changed", ""),
			i.Review(step(), incident.Review{Cause: "fuse", Improvements: []string{"spare fuses"}}),
			i.Report(step(), incident.Report{To: "management"}),
			i.Close(step(), ""),
		} {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

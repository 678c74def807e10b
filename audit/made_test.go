package audit_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// The rules and the cases that the tests of this package share.

var monday = time.Date(2025, 3, 3, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai

func metric(t require.TestingT, name string) sla.Metric {
	m, ok := sla.StandardMetric(name)
	require.True(t, ok, name)
	return m
}

func revision(t require.TestingT) sla.Revision {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00")
	require.NoError(t, err)
	office, err := calendar.New(calendar.Spec{Zone: "Asia/Shanghai", Hours: week})
	require.NoError(t, err)
	return sla.Revision{
		ID:        "2025",
		Calendars: map[string]*calendar.Calendar{"": office},
		Targets: []sla.Target{
			{ID: "desk/response", Metric: metric(t, "first-response"), Span: sla.Wall(30 * time.Minute)},
			{ID: "desk/urgent", Metric: metric(t, "resolution"), When: sla.Condition{sla.Is("tier", "urgent")}, Span: sla.Wall(4 * time.Hour)},
			{ID: "desk/routine", Metric: metric(t, "resolution"), When: sla.Condition{sla.Is("tier", "routine")}, Span: sla.OpenTime(16 * time.Hour)},
			{ID: "desk/closure", Metric: metric(t, "closure"), Span: sla.Days(5)},
			{ID: "desk/reply", Metric: metric(t, "next-response"), Span: sla.OpenTime(2 * time.Hour)},
			{ID: "desk/follow-up", Metric: metric(t, "follow-up"), Span: sla.Days(1)},
			{ID: "desk/figureless", Metric: metric(t, "dispatch")},
		},
	}
}

func rules(t require.TestingT) audit.Rules {
	r := revision(t)
	plan, err := sla.Compile(r)
	require.NoError(t, err)
	return audit.Targets(plan, r)
}

// made yields n cases of a help desk, the same for the same seed. The entries are reused, as a source may.
func made(seed uint64, n int) iter.Seq[history.History] {
	return func(yield func(history.History) bool) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		tiers := []history.Fields{history.Of("tier", "urgent", "channel", "phone"), history.Of("tier", "routine", "channel", "chat"), history.Of("channel", "email")}
		customer := history.Of("reason", "customer")
		var entries []history.Entry
		for i := range n {
			entries = entries[:0]
			at := monday.Add(time.Duration(i) * 7 * time.Minute)
			add := func(after time.Duration, kind history.Kind, fields history.Fields) {
				at = at.Add(time.Duration(rnd.Int64N(int64(after))))
				entries = append(entries, history.Entry{Seq: uint64(len(entries)) + 1, At: at, Kind: kind, Fields: fields})
			}
			add(time.Minute, history.Opened, tiers[rnd.IntN(len(tiers))])
			add(time.Hour, history.Responded, nil)
			if rnd.IntN(3) == 0 {
				add(time.Hour, history.Held, customer)
				add(48*time.Hour, history.Resumed, nil)
			}
			for rnd.IntN(3) == 0 {
				add(5*time.Hour, history.Messaged, nil)
				entries[len(entries)-1].Actor.Role = history.RoleCustomer
				add(5*time.Hour, history.Responded, nil)
			}
			if rnd.IntN(8) == 0 {
				add(time.Hour, history.Classified, tiers[rnd.IntN(2)])
			}
			add(72*time.Hour, history.Resolved, nil)
			if rnd.IntN(9) == 0 {
				add(12*time.Hour, history.Reopened, nil)
				add(12*time.Hour, history.Resolved, nil)
			}
			if rnd.IntN(4) > 0 {
				add(24*time.Hour, history.FollowedUp, nil)
			}
			add(200*time.Hour, history.Closed, nil)
			if rnd.IntN(20) == 0 { // dirt
				k := rnd.IntN(len(entries))
				entries[k].At = entries[k].At.Add(-time.Duration(rnd.Int64N(int64(100 * time.Hour))))
			}
			if !yield(history.History{Case: fmt.Sprintf("T%05d", i), Entries: entries}) {
				return
			}
		}
	}
}

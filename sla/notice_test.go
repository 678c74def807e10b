package sla_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

func offset(t testing.TB, text string) sla.Offset {
	t.Helper()
	o, err := sla.ParseOffset(text)
	require.NoError(t, err)
	return o
}

func ladderPlan(t testing.TB) *sla.Plan {
	t.Helper()
	resolution, _ := sla.StandardMetric("resolution")
	plan, err := sla.Compile(sla.Revision{
		ID:        "2025",
		Calendars: map[string]*calendar.Calendar{"": office(t)},
		Targets: []sla.Target{{
			ID: "house/resolve", Metric: resolution, Span: sla.OpenTime(4 * time.Hour),
			Warnings: []sla.Warning{{At: offset(t, "75%")}},
			Ladder: []sla.Rung{
				{Role: "supervisor", At: offset(t, "due")},
				{Role: "head", At: offset(t, "+2h")},
			},
		}},
	})
	require.NoError(t, err)
	return plan
}

func notices(t testing.TB, plan *sla.Plan, entries []history.Entry, w sla.Window) []sla.Notice {
	t.Helper()
	clocks, err := plan.Evaluate(nil, entries, w.Until)
	require.NoError(t, err)
	return sla.Notices("T-1", clocks, w)
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, office(t).Location())
	require.NoError(t, err)
	return at
}

func TestNoticesComeAtTheInstantsOfTheRule(t *testing.T) {
	plan := ladderPlan(t)
	h := chartertest.History(t, "2025-10-09 09:00 open")
	got := notices(t, plan, h.Entries, sla.Window{Until: instant(t, "2025-10-10 09:00")})
	type row struct {
		kind sla.NoticeKind
		role string
		at   time.Time
	}
	var rows []row
	for _, n := range got {
		require.Equal(t, uuid.Version(5), n.ID.Version())
		require.Equal(t, "house/resolve", n.Target)
		require.True(t, n.Open)
		require.True(t, instant(t, "2025-10-09 14:00").Equal(n.Due))
		rows = append(rows, row{n.Kind, n.Role, n.At})
	}
	require.Equal(t, []row{
		{sla.WarningNotice, "", instant(t, "2025-10-09 12:00").UTC()}, // three of four hours: noon, before lunch
		{sla.EscalationNotice, "supervisor", instant(t, "2025-10-09 14:00").UTC()},
		{sla.BreachNotice, "", instant(t, "2025-10-09 14:00").Add(1).UTC()},
		{sla.EscalationNotice, "head", instant(t, "2025-10-09 16:00").UTC()},
	}, rows)
}

// Whatever windows a host asks for, and whenever it asks, each notice lies in
// exactly one of them and has the id that it has in the whole.
func TestNoticesOfWindowsAddUp(t *testing.T) {
	plan := ladderPlan(t)
	h := chartertest.History(t, "2025-10-09 09:00 open\n2025-10-09 15:00 resolve")
	all := notices(t, plan, h.Entries, sla.Window{Until: instant(t, "2025-10-10 09:00")})
	require.Len(t, all, 3, "the head's rung at 16:00 comes after the solution")
	var parts []sla.Notice
	for at := instant(t, "2025-10-09 08:00"); at.Before(instant(t, "2025-10-10 09:00")); at = at.Add(20 * time.Minute) {
		parts = append(parts, notices(t, plan, h.Entries, sla.Window{After: at, Until: at.Add(20 * time.Minute)})...)
	}
	ids := func(ns []sla.Notice) (ids []uuid.UUID) {
		for _, n := range ns {
			ids = append(ids, n.ID)
		}
		return ids
	}
	require.Equal(t, ids(all), ids(parts))
}

func TestNoticesBeforeTheCutoverNeverCome(t *testing.T) {
	plan := ladderPlan(t)
	h := chartertest.History(t, "2025-10-09 09:00 open")
	got := notices(t, plan, h.Entries, sla.Window{
		Until: instant(t, "2025-10-10 09:00"), Cutover: instant(t, "2025-10-09 14:00"),
	})
	require.Len(t, got, 3, "the one at the cut-over itself comes")
	require.Equal(t, "supervisor", got[0].Role)
	require.Empty(t, notices(t, plan, nil, sla.Window{Until: instant(t, "2025-10-10 09:00")}), "no entries, no notices")
	require.Empty(t, notices(t, plan, h.Entries, sla.Window{
		After: instant(t, "2025-10-10 09:00"), Until: instant(t, "2025-10-09 09:00"),
	}), "a reversed window holds nothing")
}

func TestNoticeIDsTellEverythingApart(t *testing.T) {
	plan := ladderPlan(t)
	h := chartertest.History(t, "2025-10-09 09:00 open")
	w := sla.Window{Until: instant(t, "2025-10-10 09:00")}
	clocks, err := plan.Evaluate(nil, h.Entries, w.Until)
	require.NoError(t, err)
	seen := map[uuid.UUID]bool{}
	for _, id := range []string{"T-1", "T-11", "T-1:1", ""} {
		for _, n := range sla.Notices(id, clocks, w) {
			require.False(t, seen[n.ID])
			seen[n.ID] = true
		}
	}
	clocks[0].Cycle++
	for _, n := range sla.Notices("T-1", clocks, w) {
		require.False(t, seen[n.ID], "another cycle")
	}
}

func TestNoticeIDIsAPublicPromise(t *testing.T) {
	plan := ladderPlan(t)
	h := chartertest.History(t, "2025-10-09 09:00 open")
	n := notices(t, plan, h.Entries, sla.Window{Until: instant(t, "2025-10-09 12:00")})[0]
	// Computed outside Go: uuid5(uuid5(NAMESPACE_URL, ".../notice"),
	// "3:T-113:house/resolve1:17:warning3:75%0:").
	require.Equal(t, "b3d13e77-3811-50db-b036-08ccc065c808", n.ID.String())
	text, err := json.Marshal(n)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"b3d13e77-3811-50db-b036-08ccc065c808","case":"T-1","kind":"warning","clause":"house/resolve","metric":"resolution",
		"cycle":1,"name":"75%","at":"2025-10-09T04:00:00Z","due":"2025-10-09T06:00:00Z","open":true}`, string(text))
}

func TestCountdown(t *testing.T) {
	plan := ladderPlan(t)
	at := func(text, now string) sla.Countdown {
		clocks, err := plan.Evaluate(nil, chartertest.History(t, text).Entries, instant(t, now))
		require.NoError(t, err)
		return plan.Countdown(clocks[0], instant(t, now))
	}
	open := "2025-10-09 09:00 open"

	c := at(open, "2025-10-09 10:30")
	require.True(t, c.Ticking)
	require.Equal(t, int64(2.5*3600*1000), c.RemainingMS)
	require.True(t, instant(t, "2025-10-09 12:00").Equal(c.Until), "lunch")

	c = at(open, "2025-10-09 12:30")
	require.False(t, c.Ticking)
	require.Equal(t, int64(3600*1000), c.RemainingMS)
	require.True(t, instant(t, "2025-10-09 13:00").Equal(c.Until))

	c = at(open+"\n2025-10-09 10:00 hold reason=customer", "2025-10-09 10:30")
	require.False(t, c.Ticking)
	require.Equal(t, sla.Paused, c.State)
	require.Zero(t, c.Until)

	c = at(open, "2025-10-09 15:30")
	require.Equal(t, sla.Breached, c.State)
	require.True(t, c.Ticking)
	require.Equal(t, int64(-1.5*3600*1000), c.RemainingMS)

	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.JSONEq(t, `{"clause":"house/resolve","metric":"resolution","state":"breached","now":"2025-10-09T07:30:00Z",
		"due":"2025-10-09T06:00:00Z","remaining_ms":-5400000,"ticking":true,"until":"2025-10-09T10:00:00Z"}`, string(text))

	c = plan.Countdown(sla.Clock{}, time.Time{})
	require.False(t, c.Ticking)
}

func TestNamesOfStatesAndNoticesForPeople(t *testing.T) {
	states := map[string]bool{}
	for s := sla.Waiting; s <= sla.NotEvaluable; s++ {
		require.Equal(t, s.String(), s.Text("en"))
		require.NotEqual(t, s.String(), s.Text("zh-CN"))
		states[s.Text("zh")] = true
	}
	require.Len(t, states, int(sla.NotEvaluable)+1)
	require.Equal(t, "计时中", sla.Running.Text("zh"))
	require.Equal(t, sla.State(99).String(), sla.State(99).Text("zh"))

	require.Equal(t, "breach", sla.BreachNotice.Text("fr"))
	require.Equal(t, "预警 超时 升级", sla.WarningNotice.Text("zh")+" "+sla.BreachNotice.Text("zh")+" "+sla.EscalationNotice.Text("zh"))
	require.Equal(t, sla.NoticeKind(99).String(), sla.NoticeKind(99).Text("zh"))
}

// The warnings of a duty are reminders; its breach and its rungs are what they
// are anywhere.
func TestWarningsOfADutyAreReminders(t *testing.T) {
	duty, ok := sla.StandardMetric(sla.MetricDuty)
	require.True(t, ok)
	duty.DueField, duty.Stop = history.KeyDue, sla.On(history.Drilled)
	plan, err := sla.Compile(sla.Revision{ID: "1", Targets: []sla.Target{{
		ID: "house/drill", Metric: duty,
		Warnings: []sla.Warning{{Name: "soon", At: offset(t, "-24h")}},
		Ladder:   []sla.Rung{{Role: "supervisor", At: offset(t, "+72h")}},
	}}})
	require.NoError(t, err)
	due := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC)
	entries := []history.Entry{{
		Seq: 1, At: due.AddDate(0, -3, 0), Kind: history.Registered, Fields: history.Of(history.KeyDue, history.FormatInstant(due)),
	}}
	var got []string
	for _, n := range notices(t, plan, entries, sla.Window{Until: due.AddDate(0, 0, 5)}) {
		got = append(got, n.Kind.String()+" "+n.At.Sub(due).String())
	}
	require.Equal(t, []string{"reminder -24h0m0s", "breach 1ns", "escalation 72h0m0s"}, got)
	done := append(entries, history.Entry{Seq: 2, At: due.AddDate(0, -1, 0), Kind: history.Drilled})
	require.Empty(t, notices(t, plan, done, sla.Window{Until: due.AddDate(0, 0, 5)}))
	other := []history.Entry{{Seq: 1, At: due, Kind: history.Opened}}
	require.Empty(t, notices(t, plan, other, sla.Window{Until: due.AddDate(1, 0, 0)}), "other cases owe nothing")
}

func TestKindsOfNoticesHaveNames(t *testing.T) {
	for k := sla.WarningNotice; k <= sla.ReminderNotice; k++ {
		text, err := k.MarshalText()
		require.NoError(t, err)
		var back sla.NoticeKind
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, k, back)
		require.NotEqual(t, k.String(), k.Text("zh-CN"), "in Chinese")
	}
	var k sla.NoticeKind
	require.Error(t, k.UnmarshalText([]byte("gossip")))
}

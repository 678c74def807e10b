package sla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func TestEntriesOutsideTheYearsThatClocksCount(t *testing.T) {
	plan := compiled(t, "revision r\ntarget fix resolution 4h")
	now := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	before := []sla.Clock{{Target: "mine"}}
	for _, at := range []time.Time{{}, time.Date(1699, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		clocks, err := plan.Evaluate(before, []history.Entry{{Seq: 7, At: at, Kind: history.Opened}, {At: now, Kind: history.Opened}}, now)
		require.ErrorIs(t, err, sla.ErrInstant)
		assert.ErrorContains(t, err, "entry 7")
		assert.Equal(t, before, clocks)
		_, _, err = plan.Next([]history.Entry{{At: at, Kind: history.Opened}}, now)
		require.ErrorIs(t, err, sla.ErrInstant)
		clocks, err = plan.Evaluate(before, nil, at)
		require.ErrorIs(t, err, sla.ErrInstant, "a zero now is a forgotten one")
		assert.Equal(t, before, clocks)
	}
	// What lies ahead of now is left out, whenever it is said to be.
	ahead := []history.Entry{{At: now, Kind: history.Opened}, {At: time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Resolved}}
	clocks, err := plan.Evaluate(nil, ahead, now)
	require.NoError(t, err)
	assert.Equal(t, sla.Running, clocks[0].State)
	_, err = plan.Evaluate(nil, ahead, time.Date(100000, 1, 1, 0, 0, 0, 0, time.UTC))
	require.ErrorIs(t, err, sla.ErrInstant)
	// The first and the last instant that count.
	clocks, err = plan.Evaluate(nil, []history.Entry{{At: time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Opened}}, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	assert.Equal(t, sla.Breached, clocks[0].State)
	clocks, err = plan.Evaluate(nil, []history.Entry{{At: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Opened}}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	assert.Equal(t, sla.Running, clocks[0].State)
	assert.Zero(t, clocks[0].Due, "beyond what can be told")
}

func TestLateEntryChangesNothing(t *testing.T) {
	plan := compiled(t, "revision r\ntarget fix resolution 4h")
	es := entries(t, "mon 09:00 open, mon 10:00 hold reason=customer")
	var r sla.Run
	plan.Start(&r)
	for i := range es {
		_, err := r.Step(&es[i])
		require.NoError(t, err)
	}
	now := moment(t, "mon 12:00")
	was := keep(r.At(nil, now))
	for _, late := range []history.Entry{
		{Seq: 3, At: es[1].At.Add(-1), Kind: history.Resolved},
		{Seq: 1, At: es[1].At, Kind: history.Resolved},
	} {
		ended, err := r.Step(&late)
		require.ErrorIs(t, err, sla.ErrLate)
		assert.ErrorContains(t, err, "entry")
		assert.Empty(t, ended)
		assert.Equal(t, was, r.At(nil, now))
	}
	_, err := r.Step(&history.Entry{Seq: 9, At: time.Time{}, Kind: history.Resolved})
	require.ErrorIs(t, err, sla.ErrInstant)
	assert.Equal(t, was, r.At(nil, now))
	// The same entry again is a duplicate, and no fault.
	_, err = r.Step(&es[1])
	require.NoError(t, err)
	assert.Equal(t, was, r.At(nil, now))
}

// What has evaluated a whole history has left out what does not concern it, and takes no further entry as if nothing had been left out.
func TestNoStepAfterEvaluate(t *testing.T) {
	plan := compiled(t, "revision r\ntarget fix resolution 4h tier=urgent")
	es := entries(t, "mon 09:00 open tier=routine, mon 10:00 classify tier=urgent")
	var r sla.Run
	plan.Start(&r)
	clocks, err := r.Evaluate(nil, es[:1], es[0].At)
	require.NoError(t, err)
	assert.Empty(t, clocks)
	_, err = r.Step(&es[1])
	require.ErrorIs(t, err, sla.ErrLate)
	clocks, err = r.Evaluate(nil, es, es[1].At)
	require.NoError(t, err)
	require.Len(t, clocks, 1)
	assert.Equal(t, sla.Running, clocks[0].State)
	plan.Start(&r)
	_, err = r.Step(&es[0])
	require.NoError(t, err)
}

// A Run that was not started, or started on a plan without targets, has no clocks; it serves case after case and plan after plan.
func TestRunsAreReused(t *testing.T) {
	now := moment(t, "mon 12:00")
	es := entries(t, "mon 09:00 open")
	var zero sla.Run
	ended, err := zero.Step(&es[0])
	require.NoError(t, err)
	assert.Empty(t, ended)
	assert.Empty(t, zero.At(nil, now))
	_, ok := zero.Next(now)
	assert.False(t, ok)
	clocks, err := zero.Evaluate(nil, es, now)
	require.NoError(t, err)
	assert.Empty(t, clocks)
	new(sla.Plan).Start(&zero)
	clocks, err = zero.Evaluate(nil, es, now)
	require.NoError(t, err)
	assert.Empty(t, clocks)

	var r sla.Run
	for range 2 {
		for _, rules := range []string{deskRules, "revision r\ntarget fix resolution 4h warn=50%"} {
			plan := compiled(t, rules)
			for _, facts := range []string{deskCase, "mon 09:00 open", "", "mon 09:00 open, mon 10:00 resolve, mon 11:00 reopen"} {
				plan.Start(&r)
				got, err := r.Evaluate(nil, entries(t, facts), now)
				require.NoError(t, err)
				want, err := plan.Evaluate(nil, entries(t, facts), now)
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
		}
	}
}

// A reading before the last entry does not go wrong: no time passes backwards.
func TestReadingBeforeTheLastEntry(t *testing.T) {
	plan := compiled(t, deskRules)
	var r sla.Run
	plan.Start(&r)
	es := entries(t, deskCase)
	for i := range es {
		_, err := r.Step(&es[i])
		require.NoError(t, err)
		for _, now := range []time.Time{{}, es[0].At.Add(-time.Hour), es[0].At, es[i].At.Add(-time.Minute)} {
			for _, c := range r.At(nil, now) {
				assert.GreaterOrEqual(t, c.Elapsed, time.Duration(0))
			}
			r.Next(now)
		}
	}
}

// Next of a whole history knows of the entries that lie ahead.
func TestNextSeesEntriesAhead(t *testing.T) {
	plan := compiled(t, "revision r\ntarget fix resolution 4h")
	es := entries(t, "mon 09:00 open, mon 12:00 resolve")
	next, ok, err := plan.Next(es, moment(t, "mon 10:00"))
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, "mon 03-03 12:00", wall(next))
	next, ok, err = plan.Next(es, moment(t, "mon 08:00"))
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, "mon 03-03 09:00", wall(next))
	_, ok, err = plan.Next(es, moment(t, "mon 12:00"))
	require.NoError(t, err)
	assert.False(t, ok)
}

// A later revision whose metric starts with another entry has no say in the numbers of what runs before it.
func TestLaterRevisionsDoNotRenumberCycles(t *testing.T) {
	rules := "revision a\ntarget c report 4h\n"
	facts := "mon 09:00 open, mon 10:00 detect"
	want := judge(t, rules, facts, "mon 11:00")
	assert.Equal(t, uint32(1), one(t, want, "c").Cycle)
	assert.Equal(t, want, judge(t, rules+"revision b from=\"tue 00:00\"\ntarget c first-response 4h", facts, "mon 11:00"))
}

// Readings follow the plan: ended cycles first, then the targets in order.
func TestOrderOfClocks(t *testing.T) {
	clocks := judge(t, "revision r\ntarget b next-response 4h\ntarget a resolution 8h\ntarget c next-response 2h",
		"mon 09:00 open, mon 09:10 message by=customer, mon 09:20 reply by=agent, mon 09:30 message by=customer", "mon 10:00")
	var got []string
	for _, c := range clocks {
		got = append(got, c.Target+" "+c.State.String())
	}
	assert.Equal(t, []string{"b met", "c met", "b running", "a running", "c running"}, got)
}

// fuzzRules have all that a history can move.
var fuzzRules = []string{
	deskRules,
	`revision a reopen="new cycle" retarget="from change" rounding="whole minutes"
	target next next-response 4h warn=50% rung=boss@+1h
	target both handling 8h start=opened all=resolved;result-told reopen=reopened pause=held resume=resumed cancel=closed tier=urgent
	target kept promise "" start=planned stop=resolved due=due warn=-1h
	revision b from="tue 12:00" revise="at once" reopen="new cycle"
	target next next-response 2h warn=50%
	target both handling 4h start=opened all=resolved;result-told reopen=reopened pause=held resume=resumed cancel=closed`,
	`calendar zone=Europe/Berlin hours="Mo-Fr 22:00-06:00; Su 00:00-24:00"
	revision r message="latest message" retarget="keep first" close="due at next opening" reopen="count closed"
	target next next-response "3 business hours" warn=50%
	target days resolution "2 working days" days=end-of-day rung=boss@"+1 working day" tier=urgent
	target more resolution "1.5 working days" days=count-start tier!=urgent`,
}

func FuzzEvaluate(f *testing.F) {
	for i, facts := range []string{
		deskCase,
		"mon 09:00 open\nmon 10:00 message by=customer\ntue 12:00 plan due=2025-03-06T00:00:00Z\ntue 12:00 resolve\nwed 09:00 reopen",
		"sun 00:00 open tier=urgent\nsun 01:00 hold reason=customer\nmon 01:00 message by=customer\n+1h message by=customer\n+1h classify tier=routine",
		"2025-03-30T00:30:00Z open\n+30m hold\n+1h resume\n2025-03-09 09:00 resolve seq=1",
		"1701-01-01T00:00:00Z open\n2199-12-31T23:59:59.999999999Z plan due=9999-12-31T23:59:59Z",
	} {
		f.Add(uint8(i), facts, int64(36*time.Hour))
	}
	plans := make([]*sla.Plan, len(fuzzRules))
	for i, rules := range fuzzRules {
		plans[i] = compiled(f, rules)
	}
	f.Fuzz(func(t *testing.T, which uint8, facts string, after int64) {
		h, err := chartertest.ParseHistory(facts)
		if err != nil {
			return
		}
		plan := plans[int(which)%len(plans)]
		now := moment(t, "mon 00:00").Add(time.Duration(after))
		clocks, err := plan.Evaluate(nil, h.Entries, now)
		if err != nil {
			require.ErrorIs(t, err, sla.ErrInstant)
			require.Empty(t, clocks)
			return
		}
		for i := range clocks {
			sound(t, &clocks[i], now)
			if c := &clocks[i]; c.Cycle > 0 && now.Sub(c.Start) < 10*365*24*time.Hour { // a line a day
				x, err := plan.ExplainClock(clocks[i], h.Entries, now)
				require.Empty(t, flaw(&x, err, &clocks[i], now), "%s\n%s", show(clocks[i:i+1]), x)
			}
		}
		stepped, next := stepwise(t, plan, h.Entries, now)
		require.Equal(t, clocks, stepped)
		require.True(t, next.IsZero() || next.After(now))
		slices.Reverse(h.Entries)
		if !twins(h.Entries) {
			again, err := plan.Evaluate(nil, h.Entries, now)
			require.NoError(t, err)
			require.Equal(t, clocks, again)
		}
		for _, n := range sla.Notices("case", clocks, sla.Window{Until: now}) {
			require.False(t, n.At.After(now))
		}
		sla.Headline(clocks)
	})
}

// twins tells whether two entries have the same place.
func twins(es []history.Entry) bool {
	sorted := history.History{Entries: es}.Sorted().Entries
	for i := 1; i < len(sorted); i++ {
		if sorted[i].At.Equal(sorted[i-1].At) && sorted[i].Seq == sorted[i-1].Seq {
			return true
		}
	}
	return false
}

// sound checks what holds for every clock.
func sound(t testing.TB, c *sla.Clock, now time.Time) {
	t.Helper()
	about := show([]sla.Clock{*c})
	require.NotEmpty(t, c.Target)
	require.GreaterOrEqual(t, c.Elapsed, time.Duration(0), about)
	require.GreaterOrEqual(t, c.Held, time.Duration(0), about)
	require.Equal(t, c.Cycle == 0, c.Start.IsZero(), about)
	require.False(t, c.Start.After(now) || c.Stop.After(now) || c.BreachedAt.After(now), about)
	require.Equal(t, c.State == sla.Breached, !c.BreachedAt.IsZero(), about)
	require.True(t, c.Cycle == 0 || c.Open == c.Stop.IsZero(), about)
	switch c.State {
	case sla.Running, sla.Paused:
		require.True(t, c.Open, about)
	case sla.Met, sla.Cancelled, sla.Superseded:
		require.False(t, c.Open, about)
	case sla.Breached:
		require.True(t, c.BreachedAt.After(c.Due), about)
		require.LessOrEqual(t, c.Remaining, time.Duration(0), about)
		require.False(t, c.BreachedAt.Before(c.Start), about)
	case sla.NotEvaluable, sla.Waiting:
		require.NotEmpty(t, c.Missing, about)
	}
	for _, m := range c.Marks {
		require.Equal(t, m.Reached, !m.At.IsZero() && !m.At.After(now), about)
		require.True(t, m.Reached || m.At.IsZero() || c.Open, about)
		// Under latest message a mark may have been reached before the clock started again.
		require.True(t, m.Reached || m.At.IsZero() || !m.At.Before(c.Start), about)
	}
}

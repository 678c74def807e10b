package sla_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

var moment0 = time.Date(2025, 3, 9, 0, 0, 0, 0, time.UTC)

// comeTo works the outcomes out of the clocks.
func comeTo(clocks []sla.Clock) (out []sla.Outcome) {
	for i := range clocks {
		c := &clocks[i]
		o := sla.Outcome{
			Revision: c.Revision, Cycle: c.Cycle, Open: c.Open, Verdict: c.Verdict(), Missing: c.Missing,
			Elapsed: c.Elapsed, Remaining: c.Remaining,
		}
		switch o.Verdict {
		case sla.Kept:
			o.Decided = c.Stop
		case sla.Broken:
			o.Decided = c.BreachedAt
		}
		out = append(out, o)
	}
	return out
}

// Counting gives what the clocks come to: no clock is left out or told twice, and none counts as anything but what it shows.
func TestOutcomesAreWhatTheClocksComeTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		targets := w.plan.Targets()
		var r sla.Run
		w.plan.Start(&r)
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			clocks, err := w.plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			got, err := r.Outcomes(nil, es, now)
			require.NoError(t, err)
			want := comeTo(clocks)
			require.Len(t, got, len(want))
			for i := range got {
				if targets[got[i].Target] != clocks[i].Target {
					t.Fatalf("outcome %d is of target %q, not %q", i, targets[got[i].Target], clocks[i].Target)
				}
				got[i].Target = 0
				if got[i] != want[i] {
					t.Fatalf("at %s of\n%s\nclock\n%s\nshould come to %+v\nnot to %+v", wall(now), describe(w.revisions, es), show(clocks[i:i+1]), want[i], got[i])
				}
			}
		}
	})
}

// A Run may count and evaluate in turns; each keeps to its own.
func TestOutcomesAndClocksInTurns(t *testing.T) {
	plan := compiled(t, `
		revision r
		target next next-response 1h
		target fix resolution 24h`)
	es := entries(t, `
		mon 09:00 open
		mon 09:30 reply by=agent
		mon 10:00 message by=customer
		mon 12:00 reply by=agent
		mon 13:00 message by=customer`)
	now := moment(t, "mon 13:10")
	var r sla.Run
	plan.Start(&r)
	var clocks []sla.Clock
	var outcomes []sla.Outcome
	for range 2 {
		var err error
		outcomes, err = r.Outcomes(outcomes, es, now)
		require.NoError(t, err)
		clocks, err = r.Evaluate(clocks, es, now)
		require.NoError(t, err)
	}
	verdicts := make([]sla.Verdict, len(outcomes))
	for i := range outcomes {
		verdicts[i] = outcomes[i].Verdict
		assert.Equal(t, clocks[i].Verdict(), outcomes[i].Verdict)
	}
	once := []sla.Verdict{sla.Broken, sla.Pending, sla.Pending}
	assert.Equal(t, slices.Concat(once, once), verdicts)
	assert.Len(t, clocks, len(outcomes))

	_, err := r.Step(&history.Entry{Kind: history.Resolved, At: now})
	require.ErrorIs(t, err, sla.ErrLate, "a Run that has counted takes no step")
	plan.Start(&r)
	ended, err := r.Step(&es[0])
	require.NoError(t, err)
	assert.Empty(t, ended, "what an evaluation has told is not told again")
}

// What runs out exactly at closing is due then, and late in the night, though no more time has been used.
func TestLateInTheNight(t *testing.T) {
	plan := compiled(t, `
		calendar hours="Mo-Fr 09:00-18:00"
		revision r
		target fix resolution "2 business hours"`)
	es := entries(t, "mon 16:00 open")
	var r sla.Run
	plan.Start(&r)
	for at, want := range map[string]sla.Verdict{"mon 18:00": sla.Pending, "mon 18:01": sla.Broken, "tue 03:00": sla.Broken} {
		got, err := r.Outcomes(nil, es, moment(t, at))
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, want, got[0].Verdict, at)
		assert.Equal(t, 2*time.Hour, got[0].Elapsed, at)
	}
}

func TestOutcomesOfNothing(t *testing.T) {
	var r sla.Run
	got, err := r.Outcomes(nil, entries(t, "mon 09:00 open"), moment0)
	require.NoError(t, err)
	assert.Empty(t, got, "no plan, no clocks")

	plan := compiled(t, "revision r\ntarget fix resolution 24h")
	plan.Start(&r)
	got, err = r.Outcomes(nil, nil, moment0)
	require.NoError(t, err)
	assert.Empty(t, got)

	before := []sla.Outcome{{Target: 7}}
	got, err = r.Outcomes(before, entries(t, "mon 09:00 open"), time.Time{})
	require.ErrorIs(t, err, sla.ErrInstant)
	assert.Equal(t, before, got)
	es := entries(t, "mon 09:00 open")
	es = append(es, history.Entry{Seq: 2, Kind: history.Resolved, At: time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)})
	got, err = r.Outcomes(before, es, moment0)
	require.ErrorIs(t, err, sla.ErrInstant)
	assert.Equal(t, before, got)
}

//go:build !race

package sla_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// allocationCases are plans and cases that once used, or might use, memory in a step.
var allocationCases = map[string]struct{ rules, facts string }{
	"a help desk": {deskRules, deskCase},
	"cycles that repeat": {`
		revision r
		target next next-response 4h warn=50% rung=supervisor@due
		target update periodic-update 4h warn=80%`, `
		mon 09:00 open
		mon 09:10 accept
		mon 10:00 message by=customer
		mon 11:00 reply by=agent
		mon 12:00 message by=customer
		mon 18:00 reply by=agent
		tue 09:00 message by=customer`},
	"a revision that takes over at once": {`
		revision a
		target fix resolution 8h warn=50% rung=supervisor@due
		revision b from="tue 09:00" revise="at once"
		target fix resolution 4h warn=50% rung=supervisor@due`, `
		mon 20:00 open
		mon 21:00 hold reason=customer
		mon 22:00 resume
		tue 10:00 resolve`},
	"a revision ahead": {`
		revision a
		target fix resolution 8h warn=50%
		revision b from="fri 09:00" revise="at once"
		target fix resolution 4h warn=50%`, `
		mon 20:00 open
		mon 21:00 hold reason=customer`},
	"working days to the end of the day": {`
		calendar hours="Mo-Fr 09:00-18:00; PH off" off=2025-03-05
		revision r retarget="from change"
		target a resolution "2 working days" days=end-of-day tier=urgent warn=50%
		target b resolution "1 working day" days=count-start tier=urgent
		target c resolution "2 working days" days=end-of-day,count-start tier=routine`, `
		mon 10:00 open tier=urgent
		mon 11:00 hold reason=customer
		tue 11:00 resume
		thu 10:00 classify tier=routine
		fri 10:00 resolve
		fri 11:00 reopen`},
	"promised dates": {`
		revision r
		target p promise "" start=planned stop=resolved due=due warn=-1h`, `
		mon 10:00 open
		mon 11:00 plan due=2025-03-05T10:00:00+08:00
		mon 12:00 plan due=2025-03-06T10:00:00+08:00`},
	"waiting and wanting": {`
		revision r retarget="keep first"
		target p promise "" start=planned stop=resolved due=due
		target f resolution ""
		target g resolution 24h?
		target h resolution 4h class=outage`, `
		mon 10:00 open tier=urgent tags=a tags=b`},
}

// Not under the race detector, which allocates for itself.
func TestStepAtAndNextAllocateNothing(t *testing.T) {
	for name, c := range allocationCases {
		t.Run(name, func(t *testing.T) {
			plan := compiled(t, c.rules)
			es := entries(t, c.facts)
			var r sla.Run
			var clocks []sla.Clock
			life := func() {
				plan.Start(&r)
				for i := range es {
					_, err := r.Step(&es[i])
					require.NoError(t, err)
					clocks = r.At(clocks[:0], es[i].At)
					r.Next(es[i].At)
					clocks = r.At(clocks[:0], es[i].At.Add(90*time.Hour))
					r.Next(es[i].At.Add(90 * time.Hour))
				}
			}
			life()
			assert.Zero(t, testing.AllocsPerRun(20, life))
			var outcomes []sla.Outcome
			assert.Zero(t, testing.AllocsPerRun(20, func() {
				var err error
				clocks, err = r.Evaluate(clocks[:0], es, moment0)
				require.NoError(t, err)
				outcomes, err = r.Outcomes(outcomes[:0], es, moment0)
				require.NoError(t, err)
			}))
		})
	}
}

// A match that selects and ones that do not, by kind, by field and by role.
func TestMatchesAllocatesNothing(t *testing.T) {
	e := history.Entry{Kind: history.Held, Actor: history.Actor{Role: "agent"}, Fields: history.Of("reason", "customer", "reason", "part")}
	for _, text := range []string{"held", "resumed", "held[reason=vendor|part]", "held[reason=customer,unit]", "held[role=agent]", "held[role=customer]"} {
		m, err := sla.ParseMatch(text)
		require.NoError(t, err, text)
		assert.Zero(t, testing.AllocsPerRun(10, func() { m.Matches(&e) }), text)
	}
}

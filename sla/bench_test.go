package sla_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// deskRules are fifteen targets as a help desk has them: ranked by tier where two compete, in business hours, working days and elapsed
// time, with warnings and a ladder.
const deskRules = `
calendar zone=Asia/Shanghai hours="Mo-Fr 09:00-12:00,13:00-18:00; PH off" off=2025-04-04 published=2025-12-31
revision 2025
target respond first-response "1 business hour" warn=80%
target next next-response "4 business hours"
target update periodic-update "8 business hours"
target dispatch dispatch 30m rung=supervisor@due
target handle initial-handling "2 business hours"
policy times
target urgent resolution "8 business hours" tier=urgent warn=50% warn=-1h rung=supervisor@80% rung=manager@due
target routine resolution "3 working days" default warn=80% rung=supervisor@due
aside
target closure closure "5 working days"
target feedback feedback "1 working day" days=end-of-day
target follow follow-up "3 working days"
target acknowledge acknowledgement "2 business hours"
target register registration 1h
target investigate investigation "2 working days"
target agent agent-work-time "6 business hours"
target wait requester-wait-time 48h
`

// deskCase is a case of eight entries.
const deskCase = `
mon 10:00 open tier=routine
mon 10:05 register
mon 10:20 dispatch tier=urgent unit=network
mon 10:40 reply by=agent
mon 11:30 hold reason=customer
mon 15:00 resume
tue 11:00 resolve
tue 16:00 close
`

func desk15(b testing.TB) (*sla.Plan, []history.Entry, time.Time) {
	plan := compiled(b, deskRules)
	require.Len(b, plan.Targets(), 15)
	es := entries(b, deskCase)
	require.Len(b, es, 8)
	return plan, es, moment(b, "wed 12:00")
}

// BenchmarkEvaluate judges a whole case of 8 entries against 15 targets with the memory of a used Run.
func BenchmarkEvaluate(b *testing.B) {
	plan, es, now := desk15(b)
	var r sla.Run
	plan.Start(&r)
	var clocks []sla.Clock
	b.ReportAllocs()
	for b.Loop() {
		clocks, _ = r.Evaluate(clocks[:0], es, now)
	}
	b.ReportMetric(float64(len(es))*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkOutcomes counts what BenchmarkEvaluate judges, in turns with it, and reports the ratio. An outcome leaves out the deadline and the
// marks, which this case has many of; a handbook without a ladder saves less.
func BenchmarkOutcomes(b *testing.B) {
	plan, es, now := desk15(b)
	var r sla.Run
	plan.Start(&r)
	var clocks []sla.Clock
	var outcomes []sla.Outcome
	var evaluated, counted []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		const times = 100
		begin := time.Now()
		for range times {
			clocks, _ = r.Evaluate(clocks[:0], es, now)
		}
		between := time.Now()
		for range times {
			outcomes, _ = r.Outcomes(outcomes[:0], es, now)
		}
		evaluated, counted = append(evaluated, between.Sub(begin)), append(counted, time.Since(between))
	}
	slices.Sort(evaluated)
	slices.Sort(counted)
	b.ReportMetric(float64(counted[len(counted)/4])/float64(evaluated[len(evaluated)/4]), "x-evaluate")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStep feeds the same case entry by entry; the time is that of one entry.
func BenchmarkStep(b *testing.B) {
	plan, es, _ := desk15(b)
	var r sla.Run
	plan.Start(&r)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%len(es) == 0 {
			plan.Start(&r)
		}
		if _, err := r.Step(&es[i%len(es)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAt reads all clocks of a case in the middle of its life.
func BenchmarkAt(b *testing.B) {
	for _, n := range []int{4, 5, 8} {
		b.Run(fmt.Sprint("after ", n), func(b *testing.B) {
			r, now := running(b, n)
			var clocks []sla.Clock
			b.ReportAllocs()
			for b.Loop() {
				clocks = r.At(clocks[:0], now)
			}
		})
	}
}

// BenchmarkNext asks when something will change.
func BenchmarkNext(b *testing.B) {
	r, now := running(b, 4)
	b.ReportAllocs()
	for b.Loop() {
		r.Next(now)
	}
}

// BenchmarkCompile compiles the fifteen targets.
func BenchmarkCompile(b *testing.B) {
	revisions := readScript(b, deskRules)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sla.Compile(revisions...); err != nil {
			b.Fatal(err)
		}
	}
}

func running(b testing.TB, n int) (*sla.Run, time.Time) {
	plan, es, _ := desk15(b)
	r := new(sla.Run)
	plan.Start(r)
	for i := range es[:n] {
		_, err := r.Step(&es[i])
		require.NoError(b, err)
	}
	return r, es[n-1].At.Add(10 * time.Minute)
}

package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
)

var everything = audit.Options{
	Now: monday.AddDate(0, 0, 10), Worst: 3, Slices: []string{"tier", "channel"}, Workers: 1,
	Window: audit.Window{From: monday.AddDate(0, 0, 1), To: monday.AddDate(0, 0, 2)},
	Gates:  []audit.Gate{{Clause: "desk/*", AtLeast: decimal.RequireFromString("0.4")}},
}

func run(t require.TestingT, s audit.Source, o audit.Options) *audit.Report {
	r, err := audit.Run(context.Background(), rules(t), s, o)
	require.NoError(t, err)
	return r
}

// The counts are those that anyone gets who evaluates the cases one by one.
func TestVerdictsAreThoseOfTheEngine(t *testing.T) {
	plan := rules(t).Plan
	rapid.Check(t, func(rt *rapid.T) {
		seed, n := rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 60).Draw(rt, "n")
		o := everything
		o.Now = monday.Add(time.Duration(rapid.Int64Range(0, int64(300*time.Hour)).Draw(rt, "now")))
		report := run(rt, audit.From(made(seed, n)), o)
		type count struct{ kept, breached, pending, unknown, out, keptThen, breachedThen uint64 }
		want := map[string]*count{}
		for _, id := range plan.Targets() {
			want[id] = &count{}
		}
		for h := range made(seed, n) {
			clocks, err := plan.Evaluate(nil, h.Entries, o.Now)
			require.NoError(rt, err)
			for id, c := range want {
				var verdicts []sla.Verdict
				var breached, stopped time.Time
				for _, clock := range clocks {
					if clock.Target != id {
						continue
					}
					verdicts = append(verdicts, clock.Verdict())
					if b := clock.BreachedAt; !b.IsZero() && (breached.IsZero() || b.Before(breached)) {
						breached = b
					}
					if clock.State == sla.Met && clock.Stop.After(stopped) {
						stopped = clock.Stop
					}
				}
				in := func(x time.Time) bool { return !x.Before(o.Window.From) && x.Before(o.Window.To) }
				switch {
				case len(verdicts) == 0:
				case slices.Contains(verdicts, sla.Broken):
					c.breached++
					if in(breached) {
						c.breachedThen++
					}
				case slices.Contains(verdicts, sla.Unknown):
					c.unknown++
				case slices.Contains(verdicts, sla.Pending):
					c.pending++
				case slices.Contains(verdicts, sla.Kept):
					c.kept++
					if in(stopped) {
						c.keptThen++
					}
				default:
					c.out++
				}
			}
		}
		require.Equal(rt, uint64(n), report.Cases)
		for _, c := range report.Clauses {
			got := count{c.Kept, c.Breached, c.Pending, c.NotEvaluable, c.OutOfScope, c.Final.Kept, c.Final.Breached}
			require.Equal(rt, *want[c.ID], got, c.ID)
			require.Equal(rt, c.Kept+c.Breached+c.Pending+c.NotEvaluable, c.InScope)
			for _, s := range c.Slices {
				var sum audit.Counts
				for _, g := range s.Groups {
					sum.Kept, sum.Breached, sum.InScope = sum.Kept+g.Kept, sum.Breached+g.Breached, sum.InScope+g.InScope
				}
				require.Equal(rt, [3]uint64{c.Kept, c.Breached, c.InScope}, [3]uint64{sum.Kept, sum.Breached, sum.InScope}, "%s by %s", c.ID, s.Attribute)
			}
		}
	})
}

func TestReportDoesNotDependOnTheNumberOfWorkers(t *testing.T) {
	text := func(workers int) string {
		o := everything
		o.Workers = workers
		b, err := json.Marshal(run(t, audit.From(made(7, 3000)), o))
		require.NoError(t, err)
		return string(b)
	}
	alone := text(1)
	for _, workers := range []int{2, 3, 8} {
		assert.Equal(t, alone, text(workers), "%d workers", workers)
	}
}

func TestWorstBreachesAreThoseThatOverranByMost(t *testing.T) {
	r := run(t, audit.From(made(1, 400)), everything)
	all := everything
	all.Worst = audit.MaxExamples
	everyone := run(t, audit.From(made(1, 400)), all)
	for i, c := range r.Clauses {
		require.Len(t, everyone.Clauses[i].Worst, int(c.Breached), c.ID)
		assert.True(t, slices.IsSortedFunc(everyone.Clauses[i].Worst, func(a, b audit.Breach) int { return int(b.Over - a.Over) }), c.ID)
		assert.Equal(t, everyone.Clauses[i].Worst[:len(c.Worst)], c.Worst, c.ID)
		for _, b := range c.Worst {
			assert.Equal(t, b.Over, -b.Explanation.Clock.Remaining, "%s %s", c.ID, b.Case)
			assert.NotEmpty(t, b.Explanation.Segments)
		}
	}
}

// A breach is explained by the revision under which it happened, also when a later one has taken the clock over.
func TestWorstBreachIsExplainedByItsOwnRevision(t *testing.T) {
	metric, _ := sla.StandardMetric("resolution")
	revision := func(id string, from time.Time, limit time.Duration) sla.Revision {
		return sla.Revision{
			ID: id, From: from, Semantics: sla.Semantics{Revise: sla.AtOnce},
			Targets: []sla.Target{{ID: "desk/fix", Metric: metric, Span: sla.Wall(limit)}},
		}
	}
	plan, err := sla.Compile(revision("old", time.Time{}, time.Hour), revision("new", monday.Add(3*time.Hour), 9*time.Hour))
	require.NoError(t, err)
	cases := slices.Values([]history.History{{Case: "T-1", Entries: []history.Entry{{Seq: 1, At: monday, Kind: history.Opened}}}})
	r, err := audit.Run(t.Context(), audit.Rules{Plan: plan}, audit.From(cases), audit.Options{Now: monday.Add(4 * time.Hour), Worst: 1})
	require.NoError(t, err)
	fix, ok := r.Clause("desk/fix")
	require.True(t, ok)
	require.Len(t, fix.Worst, 1)
	assert.Equal(t, "old", fix.Worst[0].Explanation.Clock.Revision)
	assert.Equal(t, 2*time.Hour, fix.Worst[0].Over)
	assert.Equal(t, -2*time.Hour, fix.Worst[0].Explanation.Clock.Remaining)
}

func TestEvidenceThatTheSourceCannotSupplyIsNamed(t *testing.T) {
	s := audit.From(made(3, 200))
	s.Provides = []history.Kind{history.Opened, history.Resolved, history.Closed}
	r := run(t, s, everything)
	response, _ := r.Clause("desk/response")
	assert.Equal(t, "responded", response.Lacks)
	assert.Equal(t, []audit.Missing{{"responded", response.InScope}}, response.Missing)
	assert.Equal(t, response.InScope, response.NotEvaluable)
	assert.Zero(t, response.Breached+response.Kept+response.Durations.Count)
	assert.NotZero(t, response.InScope)
	reply, _ := r.Clause("desk/reply")
	assert.Equal(t, "messaged[role=customer]", reply.Lacks)
	closure, _ := r.Clause("desk/closure")
	assert.Empty(t, closure.Lacks)
	assert.NotZero(t, closure.Kept)
	figureless, _ := r.Clause("desk/figureless")
	assert.Equal(t, "dispatched", figureless.Lacks)
}

func TestGates(t *testing.T) {
	gate := func(pattern, bound string) audit.GateReport {
		o := everything
		o.Gates = []audit.Gate{{pattern, decimal.RequireFromString(bound)}}
		return run(t, audit.From(made(5, 500)), o).Gates[0]
	}
	closure, _ := run(t, audit.From(made(5, 500)), everything).Clause("desk/closure")
	rate, _ := closure.Attainment.Rate(3)
	assert.Equal(t, quality.Met, gate("desk/closure", "0.01").Outcome)
	assert.Equal(t, quality.Undecided, gate("desk/closure", rate.String()).Outcome)
	assert.Equal(t, quality.Missed, gate("desk/closure", "1").Outcome)
	assert.Equal(t, quality.Undecided, gate("desk/figureless", "0.01").Outcome, "no case was evaluable")
	assert.Equal(t, quality.Undecided, gate("elsewhere/*", "0").Outcome, "no such clause")
	assert.Len(t, gate("desk/*", "0.01").Clauses, 7)
	assert.Equal(t, quality.Undecided, gate("desk/*", "0.01").Outcome, "one clause cannot tell")
	assert.Equal(t, quality.Missed, gate("desk/*", "1").Outcome)
}

// A value that was in order for one case may be at fault in the next, which is of another kind.
func TestValuesAreDoubtedForEachKindOfCase(t *testing.T) {
	r := rules(t)
	r.Attributes = []charter.Attribute{
		{Name: "kind", Values: []charter.Value{{ID: "ticket"}, {ID: "incident"}}},
		{Name: "class", Values: []charter.Value{{ID: "outage", Kinds: []string{"incident"}}, {ID: "fault"}}},
	}
	var cases []history.History
	for i, said := range [][2]string{{"", "incident"}, {"outage", "incident"}, {"outage", "ticket"}, {"outage", "incident"}, {"fault", "ticket"}, {"", "ticket"}} {
		cases = append(cases, history.History{Case: fmt.Sprint(i), Entries: []history.Entry{
			{Seq: 1, At: monday, Kind: history.Opened, Fields: history.Of("class", said[0], "kind", said[1])},
		}})
	}
	report, err := audit.Run(context.Background(), r, audit.From(slices.Values(cases)), audit.Options{Now: monday.Add(time.Hour), Workers: 1})
	require.NoError(t, err)
	found := map[history.Code][]string{}
	for _, f := range report.Findings {
		for _, e := range f.Examples {
			found[f.Code] = append(found[f.Code], e.Case)
		}
	}
	assert.Equal(t, map[history.Code][]string{audit.CodeUnmappedValue: {"0", "5"}, audit.CodeValueOfOtherKind: {"2"}}, found)
}

func TestDataFindings(t *testing.T) {
	at := func(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }
	r := rules(t)
	r.Attributes = []charter.Attribute{{Name: "tier", Values: []charter.Value{{ID: "routine"}, {ID: "urgent"}}}}
	cases := []audit.Case{
		{History: history.History{Case: "back", Entries: []history.Entry{
			{Seq: 1, At: at(60), Kind: history.Opened}, {Seq: 2, At: at(0), Kind: history.Resolved},
		}}, Lines: []int{2, 3}},
		{History: history.History{Case: "tier", Entries: []history.Entry{{Seq: 1, At: at(0), Kind: history.Opened, Fields: history.Of("tier", "sofort")}}}, Lines: []int{4}},
		{History: history.History{Case: "ahead", Entries: []history.Entry{{Seq: 1, At: at(0), Kind: history.Opened}, {Seq: 2, At: at(1e6), Kind: history.Closed}}}, Lines: []int{5, 6}},
		{History: history.History{Case: "old", Entries: []history.Entry{{Seq: 1, At: time.Date(1066, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Opened}}}, Lines: []int{7}},
		{History: history.History{Case: "empty"}},
	}
	source := func(extra ...error) audit.Source {
		return audit.Source{Cases: func(yield func(audit.Case, error) bool) {
			for i, c := range cases {
				if i == 2 {
					for _, err := range extra {
						if !yield(audit.Case{}, err) {
							return
						}
					}
				}
				if !yield(c, nil) {
					return
				}
			}
		}}
	}
	bad := &audit.Finding{Code: audit.CodeRowTime, Line: 9, Column: "at", Value: "gestern", Dropped: true}
	for _, workers := range []int{1, 2} {
		o := audit.Options{Now: at(1000), Workers: workers}
		report, err := audit.Run(context.Background(), r, source(bad), o)
		require.NoError(t, err)
		counts := map[history.Code]string{}
		for _, f := range report.Findings {
			counts[f.Code] = fmt.Sprintf("%d %s:%d", f.Count, f.Examples[0].Case, f.Examples[0].Line)
		}
		assert.Equal(t, map[history.Code]string{
			history.CodeTimeBackwards:        "1 back:3",
			history.CodeResolvedBeforeOpened: "1 back:3",
			history.CodeEmpty:                "1 empty:0",
			audit.CodeUnmappedValue:          "1 tier:4",
			audit.CodeAfterNow:               "1 ahead:6",
			audit.CodeOutOfRange:             "1 old:7",
			audit.CodeRowTime:                "1 :9",
		}, counts)
		assert.Equal(t, uint64(2), report.Dropped)
		assert.Equal(t, uint64(5), report.Cases)

		o.Strict = true
		_, err = audit.Run(context.Background(), r, source(bad), o)
		var f *audit.Finding
		require.ErrorAs(t, err, &f)
		assert.Equal(t, 9, f.Line)
		_, err = audit.Run(context.Background(), r, source(), o)
		require.ErrorAs(t, err, &f)
		assert.Equal(t, "old", f.Case)
		assert.Equal(t, 7, f.Line)

		broken := errors.New("disk")
		_, err = audit.Run(context.Background(), r, source(broken), audit.Options{Now: at(1000), Workers: workers})
		assert.ErrorIs(t, err, broken)
		_, err = audit.Run(context.Background(), r, source((*audit.Finding)(nil)), audit.Options{Now: at(1000), Workers: workers})
		assert.ErrorContains(t, err, "nil finding")
	}
}

func TestNothingToJudge(t *testing.T) {
	ctx, now := context.Background(), audit.Options{Now: monday}
	_, err := audit.Run(ctx, audit.Rules{}, audit.From(made(1, 1)), now)
	assert.ErrorIs(t, err, audit.ErrRules)
	_, err = audit.Run(ctx, rules(t), audit.Source{}, now)
	assert.ErrorIs(t, err, audit.ErrSource)
	_, err = audit.Run(ctx, rules(t), audit.From(made(1, 1)), audit.Options{})
	assert.ErrorIs(t, err, audit.ErrOptions)
	for _, source := range []audit.Source{audit.From(nil), audit.From(made(1, 0))} {
		r, err := audit.Run(ctx, rules(t), source, now)
		require.NoError(t, err)
		assert.Zero(t, r.Cases)
		require.Len(t, r.Clauses, 7)
		assert.Equal(t, quality.Interval{Low: 0, High: 1}, r.Clauses[0].Interval)
	}
	r := run(t, audit.From(made(1, 1)), now)
	assert.Equal(t, uint64(1), r.Cases)
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	gate := func(share decimal.Decimal) audit.Options {
		return audit.Options{Gates: []audit.Gate{{Clause: "desk/*", AtLeast: share}}}
	}
	for _, o := range []audit.Options{
		{Window: audit.Window{From: monday, To: monday.Add(-1)}},
		{Worst: -1},
		{Worst: audit.MaxExamples + 1},
		{Examples: audit.MaxExamples + 1},
		{Level: 1},
		{Level: -0.1},
		{Workers: -1},
		{Workers: 1 << 20},
		{Slices: []string{"tier", ""}},
		{Gates: []audit.Gate{{Clause: "["}}},
		{Gates: []audit.Gate{{}}},
		gate(decimal.New(90, 0)), // per cent
		gate(decimal.New(-1, -1)),
		gate(decimal.New(1000001, -6)),
		gate(decimal.New(1, -33)),
		gate(decimal.New(1, 2_000_000_000)), // gigabytes when written out
		gate(decimal.New(1, -2_000_000_000)),
		gate(decimal.New(0, -2_000_000_000)),
	} {
		o.Now = monday
		_, err := audit.Run(context.Background(), rules(t), audit.From(made(1, 1)), o)
		assert.ErrorIs(t, err, audit.ErrOptions)
	}
	o := gate(decimal.New(100, -2))
	o.Now = monday
	_, err := audit.Run(context.Background(), rules(t), audit.From(made(1, 1)), o)
	assert.NoError(t, err)
}

func TestTooManyGroups(t *testing.T) {
	cases := func(yield func(history.History) bool) {
		for i := range audit.MaxGroups + 2 {
			e := []history.Entry{{Seq: 1, At: monday, Kind: history.Opened, Fields: history.Of("unit", fmt.Sprint(i))}}
			if !yield(history.History{Case: "x", Entries: e}) {
				return
			}
		}
	}
	for _, workers := range []int{1, 2} {
		_, err := audit.Run(context.Background(), rules(t), audit.From(cases), audit.Options{Now: monday, Slices: []string{"unit"}, Workers: workers})
		require.ErrorIs(t, err, audit.ErrGroups)
		assert.Contains(t, err.Error(), `"unit"`)
	}
}

func TestCancelled(t *testing.T) {
	for _, workers := range []int{1, 2} {
		ctx, cancel := context.WithCancel(context.Background())
		o := audit.Options{Now: monday, Workers: workers, Progress: func(audit.Progress) { cancel() }}
		_, err := audit.Run(ctx, rules(t), audit.From(made(1, 10_000)), o)
		assert.ErrorIs(t, err, context.Canceled)
	}
}

func TestProgress(t *testing.T) {
	var seen []audit.Progress
	run(t, audit.From(made(1, 1000)), audit.Options{Now: monday, Progress: func(p audit.Progress) { seen = append(seen, p) }})
	require.Len(t, seen, 4)
	assert.Equal(t, audit.Progress{Cases: 1000, Entries: seen[3].Entries, Read: -1, Done: true}, seen[3])
}

// One judge allocates for a case only what it keeps.
func TestJudgingAllocatesNothing(t *testing.T) {
	r := rules(t)
	cost := func(n int) float64 {
		var cases []history.History
		for h := range made(9, n) {
			h = h.Sorted()
			h.Entries = slices.Clone(h.Entries)
			if len(history.Check(h)) == 0 {
				cases = append(cases, h)
			}
		}
		o := audit.Options{Now: monday.AddDate(1, 0, 0), Workers: 1, Slices: []string{"tier"}}
		return testing.AllocsPerRun(5, func() {
			_, err := audit.Run(context.Background(), r, audit.From(slices.Values(cases)), o)
			require.NoError(t, err)
		})
	}
	few, many := cost(1000), cost(4000)
	assert.Less(t, many-few, 100.0, "for 3,000 cases more")
}

package sla_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// fix is a target that compiles.
func fix(id string, change ...func(*sla.Target)) sla.Target {
	m, _ := sla.StandardMetric("resolution")
	t := sla.Target{ID: id, Metric: m, Span: sla.Wall(4 * time.Hour)}
	for _, f := range change {
		f(&t)
	}
	return t
}

func revisionOf(targets ...sla.Target) sla.Revision {
	return sla.Revision{ID: "r", Targets: targets, Calendars: calendars()}
}

func TestCompileRefuses(t *testing.T) {
	metric := func(f func(*sla.Metric)) sla.Revision {
		return revisionOf(fix("t", func(x *sla.Target) { f(&x.Metric) }))
	}
	target := func(f func(*sla.Target)) sla.Revision { return revisionOf(fix("t", f)) }
	warn := func(o sla.Offset) sla.Revision {
		return target(func(x *sla.Target) { x.Warnings = []sla.Warning{{Name: "w", At: o}} })
	}
	option := func(f func(*sla.Semantics)) sla.Revision {
		r := revisionOf(fix("t"))
		f(&r.Semantics)
		return r
	}
	bad := []sla.Match{{Kind: "held[reason"}}
	for want, r := range map[string]sla.Revision{
		`target "t": stands twice`:     revisionOf(fix("t"), fix("t")),
		`has no id`:                    revisionOf(fix("")),
		`the metric has no name`:       metric(func(m *sla.Metric) { m.Name = "" }),
		`"resolution" never starts`:    metric(func(m *sla.Metric) { m.Start = nil }),
		`"resolution" never stops`:     metric(func(m *sla.Metric) { m.Stop = nil }),
		`both any-of and all-of stops`: metric(func(m *sla.Metric) { m.StopAll = m.Stop }),
		`more than 64 all-of stops`: metric(func(m *sla.Metric) {
			m.Stop, m.StopAll = nil, nil
			for i := range 65 {
				m.StopAll = append(m.StopAll, sla.Match{Kind: history.Kind(fmt.Sprint("k", i))})
			}
		}),
		`entry kind "held[reason"`: metric(func(m *sla.Metric) { m.Pause = bad }),
		`entry kind ""`:            metric(func(m *sla.Metric) { m.Cancel = []sla.Match{{}} }),
		`field name "a=b"`: metric(func(m *sla.Metric) {
			m.Resume = []sla.Match{{Kind: "resumed", Fields: []sla.FieldMatch{{Name: "a=b"}}}}
		}),
		`field a has the value " b"`: metric(func(m *sla.Metric) {
			m.Reopen = []sla.Match{{Kind: "reopened", Fields: []sla.FieldMatch{{Name: "a", Values: []string{" b"}}}}}
		}),
		`the span -4h0m0s is negative`:                                              target(func(x *sla.Target) { x.Span.Length = -x.Span.Length }),
		`the span has the unknown basis(4)`:                                         target(func(x *sla.Target) { x.Span.Basis = 4 }),
		`the rule for working days {2 0}`:                                           target(func(x *sla.Target) { x.Days.End = 2 }),
		`attribute tier without a value`:                                            target(func(x *sla.Target) { x.When = sla.Condition{sla.Is("tier")} }),
		`attribute tier stands twice`:                                               target(func(x *sla.Target) { x.When = sla.Condition{sla.Is("tier", "a"), sla.Is("tier", "b")} }),
		`a term without an attribute`:                                               target(func(x *sla.Target) { x.When = sla.Condition{sla.Is("", "a")} }),
		`needs a calendar named "gone"`:                                             target(func(x *sla.Target) { x.Span, x.Calendar = sla.OpenTime(time.Hour), "gone" }),
		`a rung of the ladder names no role`:                                        target(func(x *sla.Target) { x.Ladder = []sla.Rung{{}} }),
		`mark "w": a share lies above 0% and at most at 1000%`:                      warn(sla.Offset{Permille: 10_001}),
		`mark "w": an offset is a share or a positive span`:                         warn(sla.Offset{Permille: 500, Span: sla.Wall(time.Hour)}),
		`mark "w": an offset of business cannot be measured on a target of elapsed`: warn(sla.Offset{Span: sla.OpenTime(time.Hour)}),
		`mark "80%" stands twice`: target(func(x *sla.Target) {
			x.Warnings = []sla.Warning{{At: sla.Offset{Permille: 800}}, {At: sla.Offset{Permille: 800}}}
		}),
		`close: sla: unknown option "option(9)"`:                            option(func(s *sla.Semantics) { s.Close = 9 }),
		`retarget: sla: unknown option "option(9)"`:                         option(func(s *sla.Semantics) { s.Retarget = 9 }),
		`reopen: sla: unknown option "option(9)"`:                           option(func(s *sla.Semantics) { s.Reopen = 9 }),
		`message: sla: unknown option "option(9)"`:                          option(func(s *sla.Semantics) { s.Message = 9 }),
		`response: sla: unknown option "option(9)"`:                         option(func(s *sla.Semantics) { s.Response = 9 }),
		`rounding: sla: unknown option "option(9)"`:                         option(func(s *sla.Semantics) { s.Rounding = 9 }),
		`revise: sla: unknown option "option(9)"`:                           option(func(s *sla.Semantics) { s.Revise = 9 }),
		`has no condition and is not declared as the default of policy "p"`: {ID: "r", Policies: []sla.Policy{{Name: "p", Targets: []sla.Target{fix("t")}}}},
		`stands after the default of policy "p"`: {ID: "r", Policies: []sla.Policy{{Name: "p", Targets: []sla.Target{
			fix("d", func(x *sla.Target) { x.Default = true }), fix("t", func(x *sla.Target) { x.When = sla.Condition{sla.Is("tier", "a")} }),
		}}}},
	} {
		_, err := sla.Compile(r)
		require.ErrorIs(t, err, sla.ErrCompile, want)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, `revision "r"`, want)
		if !strings.HasPrefix(want, "has no id") && !strings.Contains(want, "sla: unknown option") {
			assert.ErrorContains(t, err, `target "t"`, want)
		}
	}
	_, err := sla.Compile()
	require.ErrorIs(t, err, sla.ErrCompile)
	var option9 *sla.OptionError
	_, err = sla.Compile(option(func(s *sla.Semantics) { s.Reopen = 9 }))
	require.ErrorAs(t, err, &option9)
	assert.Equal(t, []string{"resume clock", "count closed", "new cycle", "ignore"}, option9.Want)
}

// All errors are found at once, each naming its revision and target.
func TestCompileFindsAllErrors(t *testing.T) {
	monday := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	_, err := sla.Compile(
		sla.Revision{ID: "a", Targets: []sla.Target{
			fix("one", func(x *sla.Target) { x.Span.Length = -1 }),
			fix("two", func(x *sla.Target) { x.Span, x.Calendar = sla.OpenTime(1), "gone" }),
			fix("three"), fix("three"),
		}},
		sla.Revision{ID: "b", From: monday, Targets: []sla.Target{fix("one", func(x *sla.Target) { x.Metric.Start = nil })}},
		sla.Revision{ID: "b", From: monday.Add(1), Targets: []sla.Target{fix("")}},
		sla.Revision{ID: "c", From: monday.Add(1)},
	)
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	var lines []string
	for _, e := range joined.Unwrap() {
		require.ErrorIs(t, e, sla.ErrCompile)
		lines = append(lines, strings.TrimPrefix(e.Error(), "sla: cannot compile "))
	}
	assert.Equal(t, []string{
		`revision "a" target "one": the span -1ns is negative`,
		`revision "a" target "two": needs a calendar named "gone"`,
		`revision "a" target "three": stands twice`,
		`revision "b" target "one": metric "resolution" never starts`,
		`revision "b": the id stands twice`,
		`revision "b": has no id`,
		`revision "c": comes into force at the same instant as revision "b"`,
	}, lines)
}

// Revisions may be given in any order.
func TestCompileOrdersRevisions(t *testing.T) {
	at := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	a, b := revisionOf(fix("t")), revisionOf(fix("t"), fix("u", func(x *sla.Target) { x.When = sla.Condition{sla.Is("tier", "x"), sla.IsNot("class", "y")} }))
	a.ID, b.ID, b.From = "a", "b", at
	for _, given := range [][]sla.Revision{{a, b}, {b, a}} {
		plan, err := sla.Compile(given...)
		require.NoError(t, err)
		assert.Equal(t, []string{"t", "t", "u"}, plan.Targets())
		assert.Equal(t, []string{"tier", "class"}, plan.Attributes())
		clocks, err := plan.Evaluate(nil, []history.Entry{{At: at, Kind: history.Opened}}, at)
		require.NoError(t, err)
		assert.Equal(t, "b", clocks[0].Revision)
	}
}

// Sizes that nobody needs cost no more than they must, and clocks are right all the same.
func TestCompileOfMaliciousSize(t *testing.T) {
	begin := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	values := make([]string, 20_000)
	for i := range values {
		values[i] = fmt.Sprint("v", i)
	}
	big := revisionOf()
	for i := range 2000 {
		big.Targets = append(big.Targets, fix(fmt.Sprint("t", i), func(x *sla.Target) {
			x.When = sla.Condition{sla.Is(fmt.Sprint("attribute", i%500), "x")}
			x.Metric.Name = fmt.Sprint("m", i%100)
		}))
	}
	big.Targets = append(big.Targets, fix("values", func(x *sla.Target) { x.When = sla.Condition{sla.Is("tier", values...)} }))
	plan, err := sla.Compile(big)
	require.NoError(t, err)
	fields := history.Of("tier", "v19999")
	for range 50_000 {
		fields = append(fields, history.Field{Key: "tier", Value: "v7"}, history.Field{Key: "noise", Value: "n"})
	}
	clocks, err := plan.Evaluate(nil, []history.Entry{{At: begin, Kind: history.Opened, Fields: fields}}, begin)
	require.NoError(t, err)
	require.Len(t, clocks, 2001)
	assert.Equal(t, sla.NotEvaluable, clocks[0].State)
	assert.Equal(t, sla.Running, clocks[2000].State)

	var many []sla.Revision
	for i := range 300 {
		many = append(many, sla.Revision{ID: fmt.Sprint(i), From: begin.Add(time.Duration(i) * time.Hour), Targets: []sla.Target{fix("t")}, Semantics: sla.Semantics{Revise: sla.AtOnce}})
	}
	plan, err = sla.Compile(many...)
	require.NoError(t, err)
	clocks, err = plan.Evaluate(nil, []history.Entry{{At: begin, Kind: history.Opened}}, begin.Add(299*time.Hour))
	require.NoError(t, err)
	require.Len(t, clocks, 300)
	assert.Equal(t, "299", clocks[299].Revision)
	assert.True(t, clocks[299].Open)
	long := strings.Repeat("x", 1<<20)
	_, err = sla.Compile(revisionOf(fix(long, func(x *sla.Target) { x.Span.Length = -1 })))
	require.ErrorIs(t, err, sla.ErrCompile)
}

// A host may lack entries altogether: a clause that needs them is not evaluable, instead of being broken by every case.
func TestProvides(t *testing.T) {
	at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	revision := func(provides ...history.Kind) sla.Revision {
		r := revisionOf()
		r.Provides = provides
		for _, name := range []string{"first-response", "resolution", "dispatch", "feedback", "initial-handling"} {
			m, _ := sla.StandardMetric(name)
			r.Targets = append(r.Targets, sla.Target{ID: name, Metric: m, Span: sla.Wall(time.Hour)})
		}
		m, _ := sla.StandardMetric("resolution")
		m.StopAll, m.Stop = sla.On(history.Resolved, history.ResultTold), nil
		r.Targets = append(r.Targets, sla.Target{ID: "both", Metric: m, Span: sla.Wall(time.Hour)})
		return r
	}
	missing := func(r sla.Revision) map[string]string {
		plan, err := sla.Compile(r)
		require.NoError(t, err)
		clocks, err := plan.Evaluate(nil, []history.Entry{{At: at, Kind: history.Opened}, {At: at, Seq: 1, Kind: history.Resolved}}, at.Add(2*time.Hour))
		require.NoError(t, err)
		out := map[string]string{}
		for _, c := range clocks {
			if c.State == sla.NotEvaluable {
				out[c.Target] = c.Missing
			}
		}
		return out
	}
	assert.Empty(t, missing(revision()))
	assert.Equal(t, map[string]string{
		"first-response": "responded", "dispatch": "dispatched", "feedback": "result-told", "initial-handling": "accepted", "both": "result-told",
	}, missing(revision(history.Opened, history.Resolved, history.Closed)))
}

func TestOptionNames(t *testing.T) {
	s := sla.Semantics{Close: 1, Retarget: 2, Reopen: 3, Message: 1, Response: 2, Rounding: 2, Revise: 1}
	assert.Equal(t, "{due at next opening keep first ignore latest message from assignment whole seconds at once}", fmt.Sprint(s))
	for _, o := range []interface{ UnmarshalText([]byte) error }{
		new(sla.CloseRule), new(sla.RetargetRule), new(sla.ReopenRule), new(sla.MessageRule), new(sla.ResponseRule), new(sla.RoundingRule),
		new(sla.ReviseRule), new(sla.State), new(sla.Verdict),
	} {
		for _, text := range []string{"", "no such option", "Exact", "option(0)"} {
			var unknown *sla.OptionError
			require.True(t, errors.As(o.UnmarshalText([]byte(text)), &unknown), "%T %q", o, text)
			assert.Equal(t, text, unknown.Text)
			assert.NotEmpty(t, unknown.Want)
		}
	}
	assert.Equal(t, "option(200)", sla.CloseRule(200).String())
	assert.Equal(t, "state(200)", sla.State(200).String())
	assert.Equal(t, "verdict(200)", sla.Verdict(200).String())
}

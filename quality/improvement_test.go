package quality_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

// Satisfaction was 48 of 80 before the new script and is 56 of 70 since.
func ExampleChange() {
	before, _ := quality.NewProportion(48, 80)
	after, _ := quality.NewProportion(56, 70)
	effect := quality.Change{Before: before, After: after}
	fmt.Println(effect)
	fmt.Println("no fall:", effect.AtLeast(decimal.Zero, 0.95))
	fmt.Println("ten points up:", effect.AtLeast(decimal.RequireFromString("0.10"), 0.95))
	fmt.Println("forty points up:", effect.AtLeast(decimal.RequireFromString("0.40"), 0.95))
	// Output:
	// 60.00% of 80 to 80.00% of 70: +20.00 points (5.24 to 33.39)
	// no fall: met
	// ten points up: undecided
	// forty points up: missed
}

func day(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }

func improvement(id string) quality.Improvement {
	return quality.Improvement{
		ID: id, Problem: "callers wait too long at noon", Cause: "one shift for both lunches", Raised: day(1),
		Actions: []quality.Action{
			{Step: quality.Plan, Text: "draw up two shifts", Owner: "Li", Deadline: day(3), Done: day(2)},
			{Step: quality.Do, Text: "work in two shifts", Owner: "Wang", Deadline: day(10), Done: day(10)},
			{Step: quality.Check, Text: "compare waits", Owner: "Li", Deadline: day(20)},
		},
	}
}

func ExampleClosed() {
	done, open := improvement("noon"), improvement("forms")
	done.Actions[2].Done = day(18)
	done.Verified, done.Verifier = day(19), "Zhao"
	for _, now := range []time.Time{day(15), day(19), day(25)} {
		c, err := quality.Closed([]quality.Improvement{done, open}, now)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(now.Format(time.DateOnly), "closed", c.Rate(), "timely", c.Timely(), "overdue", c.Overdue)
	}
	for _, a := range open.Late(day(25)) {
		fmt.Println(a.Owner, "owes", a.Step, "since", a.Deadline.Format(time.DateOnly))
	}
	// Output:
	// 2026-03-15 closed 0/2 (0.00%) timely 0/0 (unknown) overdue 0
	// 2026-03-19 closed 1/2 (50.00%) timely 1/1 (100.00%) overdue 0
	// 2026-03-25 closed 1/2 (50.00%) timely 1/2 (50.00%) overdue 1
	// Li owes check since 2026-03-20
}

// Everything that is wrong is said at once.
func ExampleImprovement_Validate() {
	m := quality.Improvement{ID: "forms", Problem: "the form is asked for twice", Raised: day(1), Actions: []quality.Action{
		{Step: quality.Do, Text: "one form", Deadline: day(9), Done: day(8)},
		{Step: quality.Plan, Text: "see who needs it", Owner: "Li", Deadline: day(3)},
	}}
	fmt.Println(m.Validate())
	// Output:
	// quality: improvement "forms": no cause
	// quality: improvement "forms": action 1: no owner
	// quality: improvement "forms": action 1: do done before plan of action 2
}

// Newcombe 1998 (Statistics in Medicine 17:873-890), Table II, method 10: examples (a) to (h), to four places.
func TestNewcombePublished(t *testing.T) {
	for _, c := range []struct {
		a, m, b, n uint64
		low, high  float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		i := quality.Change{After: proportion(t, c.a, c.m), Before: proportion(t, c.b, c.n)}.Newcombe(0.95)
		assert.InDelta(t, c.low, i.Low, 0.00005, "%d/%d-%d/%d", c.a, c.m, c.b, c.n)
		assert.InDelta(t, c.high, i.High, 0.00005, "%d/%d-%d/%d", c.a, c.m, c.b, c.n)
	}
}

func TestChangeProperties(t *testing.T) {
	any := rapid.Custom(func(t *rapid.T) quality.Proportion {
		trials := rapid.Uint64Range(1, 100_000).Draw(t, "trials")
		return proportion(t, rapid.Uint64Range(0, trials).Draw(t, "hits"), trials)
	})
	rapid.Check(t, func(t *rapid.T) {
		c := quality.Change{Before: any.Draw(t, "before"), After: any.Draw(t, "after")}
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		i := c.Newcombe(level)
		d, ok := c.Difference(32)
		require.True(t, ok)
		f := d.InexactFloat64()
		assert.True(t, -1 <= i.Low && i.Low <= f+1e-12 && f-1e-12 <= i.High && i.High <= 1, "%v in %v", f, i)
		back := quality.Change{Before: c.After, After: c.Before}.Newcombe(level)
		assert.InDelta(t, -i.High, back.Low, 1e-12)
		assert.InDelta(t, -i.Low, back.High, 1e-12)
	})
}

// Nobody knows the effect of what has not been measured, and 95 is no level.
func TestChangeOfNothing(t *testing.T) {
	some, none := proportion(t, 1, 2), quality.Proportion{}
	for _, c := range []quality.Change{{}, {Before: some, After: none}, {Before: none, After: some}} {
		_, ok := c.Difference(2)
		assert.False(t, ok)
		assert.Equal(t, quality.Interval{Low: -1, High: 1}, c.Newcombe(0.95))
		assert.Equal(t, quality.Undecided, c.AtLeast(share(t, "-1"), 0.95))
		assert.Equal(t, quality.Undecided, c.AtMost(share(t, "1"), 0.95))
		assert.Equal(t, "no change is known", c.String())
	}
	for _, level := range []float64{0, 1, 95, -1, math.NaN(), math.Inf(1)} {
		assert.Equal(t, quality.Undecided, quality.Change{Before: some, After: some}.AtLeast(share(t, "-1"), level))
	}
	assert.Equal(t, quality.Met, quality.Change{Before: some, After: some}.AtMost(share(t, "1e2000000000"), 0.95))
	assert.Equal(t, quality.Met, quality.Change{Before: proportion(t, 90, 100), After: proportion(t, 10, 100)}.AtMost(share(t, "-0.5"), 0.95))
}

func TestImprovementRefuses(t *testing.T) {
	for want, change := range map[string]func(*quality.Improvement){
		"no id":                             func(m *quality.Improvement) { m.ID = "" },
		"no problem":                        func(m *quality.Improvement) { m.Problem = " " },
		"no cause":                          func(m *quality.Improvement) { m.Cause = "" },
		"not said when it was raised":       func(m *quality.Improvement) { m.Raised = time.Time{} },
		"no action":                         func(m *quality.Improvement) { m.Actions = nil },
		"action 1: no step":                 func(m *quality.Improvement) { m.Actions[0].Step = 9 },
		"action 2: no owner":                func(m *quality.Improvement) { m.Actions[1].Owner = "" },
		"action 2: no text":                 func(m *quality.Improvement) { m.Actions[1].Text = "" },
		"action 3: no deadline":             func(m *quality.Improvement) { m.Actions[2].Deadline = time.Time{} },
		"action 3: due before":              func(m *quality.Improvement) { m.Actions[2].Deadline = m.Raised.Add(-1) },
		"action 1: done before the problem": func(m *quality.Improvement) { m.Actions[0].Done = m.Raised.Add(-1) },
		"action 2: do done before plan of action 1": func(m *quality.Improvement) { m.Actions[0].Done = time.Time{} },
		"action 3: not done, yet verified":          func(m *quality.Improvement) { m.Verified, m.Verifier = day(21), "Zhao" },
		"needs an instant and a person":             func(m *quality.Improvement) { m.Verifier = "Zhao" },
		"action 3: done after it was verified": func(m *quality.Improvement) {
			m.Actions[2].Done, m.Verified, m.Verifier = day(12), day(11), "Zhao"
		},
		"effect was seen before any action": func(m *quality.Improvement) { m.Effect = &quality.Effect{Seen: day(2).Add(-1)} },
		"Outcome(3) is no effect":           func(m *quality.Improvement) { m.Effect = &quality.Effect{Seen: day(20), Helped: 3} },
		"verified, yet it did not help": func(m *quality.Improvement) {
			m.Actions[2].Done, m.Verified, m.Verifier = day(12), day(13), "Zhao"
			m.Effect = &quality.Effect{Seen: day(12), Helped: quality.Missed}
		},
	} {
		m := improvement("noon")
		require.NoError(t, m.Validate())
		change(&m)
		err := m.Validate()
		assert.ErrorIs(t, err, quality.ErrImprovement, want)
		assert.ErrorContains(t, err, want)
		_, err = quality.Closed([]quality.Improvement{improvement("other"), m}, day(30))
		assert.ErrorIs(t, err, quality.ErrImprovement, want)
	}
	_, err := quality.Closed([]quality.Improvement{improvement("noon"), improvement("noon")}, day(30))
	assert.ErrorContains(t, err, "twice")
	assert.True(t, new(quality.Improvement).Deadline().IsZero())
}

// What makes the result last comes after somebody has seen it: verify, then keep improving (etiquette/4.2-improvement-iso).
func TestActFollowsTheVerification(t *testing.T) {
	m := improvement("noon")
	m.Actions[2].Done, m.Verified, m.Verifier = day(18), day(18), "Zhao"
	m.Actions = append(m.Actions, quality.Action{Step: quality.Act, Text: "two shifts in the handbook", Owner: "Li", Deadline: day(28)})
	require.NoError(t, m.Validate())
	m.Actions[3].Done = day(25)
	require.NoError(t, m.Validate())
	m.Effect = &quality.Effect{Seen: day(18), Helped: quality.Met}
	require.NoError(t, m.Validate())
}

func TestClosureOfNone(t *testing.T) {
	c, err := quality.Closed(nil, day(1))
	require.NoError(t, err)
	assert.False(t, c.Rate().Known())
	assert.False(t, c.Timely().Known())
	c, err = quality.Closed([]quality.Improvement{improvement("noon")}, day(1).Add(-1))
	require.NoError(t, err)
	assert.Equal(t, quality.Closure{}, c, "a clock before the record")
	late := improvement("late")
	late.Actions[2].Done, late.Verified, late.Verifier = day(20), day(21), "Zhao"
	c, err = quality.Closed([]quality.Improvement{late}, day(30))
	require.NoError(t, err)
	both, err := c.Add(c)
	require.NoError(t, err)
	assert.Equal(t, quality.Closure{Closed: 2, Late: 2}, both)
	assert.Equal(t, "0/1 (0.00%)", c.Timely().String())
}

func TestImprovementJSON(t *testing.T) {
	m := improvement("noon")
	data, err := json.Marshal(m)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"step":"check","text":"compare waits","owner":"Li","deadline":"2026-03-20T09:00:00Z"}`)
	var back quality.Improvement
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, m, back)
	assert.ErrorIs(t, json.Unmarshal([]byte(`{"actions":[{"step":"think"}]}`), &back), quality.ErrFormat)
	_, err = json.Marshal(quality.Action{})
	assert.ErrorIs(t, err, quality.ErrFormat)
	assert.Equal(t, "Step(9)", quality.Step(9).String())
}

package sla_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Every clock can be explained, whatever has happened to it, and its explanation adds up to the nanosecond.
func TestExplanationsSumUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.mix(t)
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			clocks, err := w.plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			for i := range clocks {
				c := &clocks[i]
				if c.Cycle == 0 {
					continue
				}
				x, err := w.plan.ExplainClock(*c, es, now)
				check := func(how string) {
					if bad := flaw(&x, err, c, now); bad != "" {
						t.Fatalf("%s of %sat %s of\n%s\n%s: %s\n%s", how, show(clocks[i:i+1]), wall(now), describe(w.revisions, es), how, bad, x)
					}
				}
				check("the explanation")
				if governs(clocks, i, true) {
					x, err = w.plan.Explain(c.Target, c.Cycle, es, now)
					check("the explanation of the cycle")
				}
				if governs(clocks, i, false) {
					x, err = w.plan.Explain(c.Target, 0, es, now)
					check("the explanation of the latest cycle")
				}
			}
		}
	})
}

// mix lets the revisions differ in what the reference cannot follow.
func (w *world) mix(t *rapid.T) {
	for i := range w.revisions {
		if r := &w.revisions[i]; rapid.Bool().Draw(t, "of its own") {
			r.Semantics.Reopen = pick(t, "own reopen", sla.ResumeClock, sla.CountClosed, sla.NewCycle, sla.IgnoreReopen)
			r.Semantics.Message = pick(t, "own message", sla.FirstUnanswered, sla.LatestMessage)
			r.Semantics.Response = pick(t, "own response", sla.ResponseAsWritten, sla.ResponseFromOpening, sla.ResponseFromAssignment)
		}
	}
	var err error
	if w.plan, err = sla.Compile(w.revisions...); err != nil {
		t.Fatalf("%v", err)
	}
}

// governs tells whether a clock is the one that Explain explains, of its cycle or of all: the latest cycle's, of that the one that has
// not been superseded, and of several the latest revision's.
func governs(clocks []sla.Clock, i int, ofCycle bool) bool {
	c := &clocks[i]
	for j := range clocks {
		o := &clocks[j]
		switch {
		case j == i || o.Target != c.Target || ofCycle && o.Cycle != c.Cycle:
		case o.Cycle != c.Cycle:
			if o.Cycle > c.Cycle {
				return false
			}
		case (o.State == sla.Superseded) != (c.State == sla.Superseded):
			if c.State == sla.Superseded {
				return false
			}
		case o.Revision > c.Revision:
			return false
		}
	}
	return true
}

// flaw finds what is wrong with the explanation of a clock.
func flaw(x *sla.Explanation, err error, c *sla.Clock, now time.Time) string {
	if err != nil {
		return err.Error()
	}
	if len(x.Clock.Marks) == 0 && len(c.Marks) == 0 {
		x.Clock.Marks = c.Marks
	}
	if !reflect.DeepEqual(x.Clock, *c) {
		return "explains the clock " + show([]sla.Clock{x.Clock})
	}
	// Where it begins and ends.
	at, end := c.Start, c.Stop
	if c.Open {
		end = now
	}
	ahead := c.State == sla.Running && c.Due.After(now)
	if end = later(end, c.Start); ahead {
		end = c.Due
	}
	var used, planned, held time.Duration
	for i := range x.Segments {
		s := &x.Segments[i]
		switch {
		case !s.From.Equal(at):
			return fmt.Sprintf("segment %d begins at %s and not at %s", i, wall(s.From), wall(at))
		case s.To.Before(s.From), s.To.Equal(s.From) != (s.Kind == sla.Credited):
			return fmt.Sprintf("segment %d has the wrong length", i)
		case s.Used < 0, (s.Used == 0) == (s.Kind == sla.Counted || s.Kind == sla.Credited):
			return fmt.Sprintf("segment %d is %s and uses %v", i, s.Kind, s.Used)
		case s.Ahead != s.To.After(now):
			return fmt.Sprintf("segment %d lies ahead: %v", i, s.Ahead)
		case s.Ahead:
			planned += s.Used
		default:
			used += s.Used
		}
		if s.Kind == sla.OnHold || s.Kind == sla.Done {
			held += s.To.Sub(s.From)
		}
		at = s.To
	}
	switch {
	case !at.Equal(end):
		return fmt.Sprintf("the segments end at %s and not at %s", wall(at), wall(end))
	case used != c.Elapsed:
		return fmt.Sprintf("the segments sum to %v", used)
	case ahead && planned != c.Remaining:
		return fmt.Sprintf("the segments ahead sum to %v", planned)
	case c.Span.Basis == sla.Elapsed && held != c.Held:
		return fmt.Sprintf("the holds sum to %v", held)
	}
	return causes(x)
}

// causes finds entries that cannot have done what they are said to have done.
func causes(x *sla.Explanation) string {
	c := &x.Clock
	none := sla.Cause{}
	switch {
	case x.Start.Entry == "" || !x.Start.At.Equal(c.Start):
		return fmt.Sprintf("started by %v", x.Start)
	case c.Open != (x.Stop == none), !c.Open && x.Stop.At.Before(c.Stop):
		return fmt.Sprintf("ended by %v", x.Stop)
	}
	for i, s := range x.Segments {
		switch {
		case s.Kind == sla.OnHold && s.Cause.Entry != history.Held, s.Cause == none:
			return fmt.Sprintf("segment %d is %s because of %v", i, s.Kind, s.Cause)
		}
	}
	return ""
}

// What is said in one language is said in the other.
func TestExplanationsSpeakBothLanguages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		es, now := w.drawCase(t), w.drawNow(t)
		clocks, err := w.plan.Evaluate(nil, es, now)
		require.NoError(t, err)
		for _, c := range clocks {
			if c.Cycle == 0 {
				continue
			}
			x, err := w.plan.ExplainClock(c, es, now)
			require.NoError(t, err)
			en, zh := x.Text("en"), x.Text("zh")
			require.Equal(t, strings.Count(en, "\n"), strings.Count(zh, "\n"))
			require.NotContains(t, en+zh, "%!")
			require.NotContains(t, en+zh, "option(")
		}
	})
}

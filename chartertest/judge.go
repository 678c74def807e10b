package chartertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Case is a case under test, as a handbook judges it at an instant. Each of
// its assertions names a clause; one that does not hold marks the test as
// failed and prints why: the explanation of the clause's clock.
//
// A clause has a clock for every cycle (each message that waits for a reply).
// Kept holds when all of them were kept, Breached when one was breached.
type Case struct {
	t         testing.TB
	handbook  *charter.Handbook
	reader    reader
	judgement charter.Judgement
}

// Judge reads a history from text and judges it by the handbook as of an
// instant, written as at the beginning of a line: "wed 18:00". It ends the
// test when either cannot be read, or the handbook does not compile.
func Judge(t testing.TB, handbook *charter.Handbook, text, now string) *Case {
	t.Helper()
	c := &Case{t: t, handbook: handbook, reader: newReader()}
	for i, line := range strings.Split(text, "\n") {
		if err := c.reader.line(line); err != nil {
			t.Fatal(&LineError{Line: i + 1, Err: err})
		}
	}
	c.At(now)
	return c
}

// At judges the same history as of another instant.
func (c *Case) At(now string) {
	c.t.Helper()
	j, err := c.handbook.Judge(c.reader.h, c.instant(now))
	if err != nil {
		c.t.Fatal(err)
	}
	c.judgement = j
}

// History returns the history.
func (c *Case) History() history.History { return c.reader.h }

// Judgement returns the judgement, for what no assertion here covers.
func (c *Case) Judgement() charter.Judgement { return c.judgement }

// Due asserts that the clause is due at the instant: the clock that is open
// or, when none is, the latest.
func (c *Case) Due(clause, when string) {
	c.t.Helper()
	want := c.instant(when)
	clocks := c.clocks(clause)
	if len(clocks) == 0 {
		c.fail(clause, "want due "+when+", but it has no clock")
		return
	}
	if got := clocks[len(clocks)-1].Due; !got.Equal(want) {
		due := "is not due"
		if !got.IsZero() {
			due = "is due " + got.In(c.reader.zone).Format("Mon 2006-01-02 15:04:05.999999999")
		}
		c.fail(clause, "want due "+when+", "+due)
	}
}

// Kept asserts that the clause was kept, in every cycle.
func (c *Case) Kept(clause string) {
	c.t.Helper()
	c.all(clause, sla.Kept)
}

// Pending asserts that nothing about the clause is decided yet.
func (c *Case) Pending(clause string) {
	c.t.Helper()
	c.all(clause, sla.Pending)
}

// Breached asserts that the clause was breached, in any cycle.
func (c *Case) Breached(clause string) {
	c.t.Helper()
	if !slices.Contains(c.verdicts(clause), sla.Broken) {
		c.fail(clause, "want breached, is "+c.summary(clause))
	}
}

// NotEvaluable asserts that the clause cannot be judged for want of what is
// missing: an attribute, an entry, "figure" or "basis".
func (c *Case) NotEvaluable(clause, missing string) {
	c.t.Helper()
	c.all(clause, sla.Unknown)
	for _, clock := range c.clocks(clause) {
		if clock.Missing != missing {
			c.fail(clause, fmt.Sprintf("want it to lack %s, lacks %s", missing, clock.Missing))
		}
	}
}

// OutOfScope asserts that the clause has nothing to say about the case: it
// covers other cases, or nothing was owed in the end.
func (c *Case) OutOfScope(clause string) {
	c.t.Helper()
	if _, ok := c.handbook.Clause(clause); !ok {
		c.fail(clause, "the handbook has no such clause")
		return
	}
	for _, v := range c.verdicts(clause) {
		if v != sla.OutOfScope {
			c.fail(clause, "want out of scope, is "+c.summary(clause))
			return
		}
	}
}

func (c *Case) all(clause string, want sla.Verdict) {
	c.t.Helper()
	verdicts := c.verdicts(clause)
	if len(verdicts) == 0 || slices.ContainsFunc(verdicts, func(v sla.Verdict) bool { return v != want }) {
		c.fail(clause, "want "+want.String()+", is "+c.summary(clause))
	}
}

func (c *Case) clocks(clause string) (out []sla.Clock) {
	for _, clock := range c.judgement.Clocks {
		if clock.Target == clause {
			out = append(out, clock)
		}
	}
	return out
}

func (c *Case) verdicts(clause string) (out []sla.Verdict) {
	for _, clock := range c.clocks(clause) {
		out = append(out, clock.Verdict())
	}
	return out
}

func (c *Case) summary(clause string) string {
	var parts []string
	for _, clock := range c.clocks(clause) {
		s := clock.State.String()
		if clock.Missing != "" {
			s += " (lacks " + clock.Missing + ")"
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		if _, ok := c.handbook.Clause(clause); !ok {
			return "no clause of the handbook"
		}
		return "out of scope: it has no clock"
	}
	return strings.Join(parts, ", then ")
}

// fail reports with everything that somebody needs who has not written the
// test.
func (c *Case) fail(clause, what string) {
	c.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s: %s\n", clause, c.judgement.At.In(c.reader.zone).Format("Mon 2006-01-02 15:04"), what)
	if text, ok := c.handbook.Clause(clause); ok {
		fmt.Fprintf(&b, "%s\n", text.Text.EN)
	}
	if plan, err := c.handbook.Plan(); err == nil {
		for _, clock := range c.clocks(clause) {
			if x, err := plan.ExplainClock(clock, c.reader.h.Entries, c.judgement.At); err == nil {
				x.Zone = c.reader.zone
				b.WriteString(x.String())
			}
		}
	}
	for _, f := range history.Check(c.reader.h) {
		fmt.Fprintf(&b, "the history: %s\n", f)
	}
	c.t.Error(b.String())
}

// instant reads the beginning of a line.
func (c *Case) instant(text string) time.Time {
	c.t.Helper()
	var at time.Time
	s := scanner{s: text}
	words, more, err := s.part()
	if err == nil && (more || len(words) == 0) {
		err = fmt.Errorf("%q is no time", text)
	}
	if err == nil {
		at, words, err = c.reader.time(words)
	}
	if err == nil && len(words) > 0 {
		err = fmt.Errorf("%q: nothing comes after the time", text)
	}
	if err != nil {
		c.t.Fatal(fmt.Errorf("chartertest: %w", err))
	}
	return at
}

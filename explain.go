package charter

import (
	"fmt"

	"github.com/servicecharter/charter/sla"
)

// Explanation tells how a clock came to its reading, together with the clause
// that it is about.
type Explanation struct {
	sla.Explanation
	Clause Clause
}

// String renders the explanation in English.
func (x Explanation) String() string { return x.Text("en") }

// Text renders the explanation for people: what the clause says, and then what
// sla.Explanation.Text has to say about the clock.
func (x Explanation) Text(language string) string {
	text := x.Explanation.Text(language)
	if says := x.Clause.Text.In(language); says != "" {
		text = says + "\n" + text
	}
	return text
}

// Explain tells how one of the judgement's clocks came to its reading: each
// interval that counted, was closed or on hold, with the day's reason and the
// entry that caused it, and what an open clock waits for. Its times print in
// the zone of the calendar on which the limit runs, and in the handbook's zone
// for a limit on the wall clock. It reads the history again, which must not
// have been changed since. A clock that has not started has nothing to explain
// and gives sla.ErrNoClock.
func (j Judgement) Explain(c sla.Clock) (Explanation, error) {
	if j.compiled == nil || c.Cycle == 0 {
		return Explanation{}, fmt.Errorf("charter: case %q: %w: clause %q has no running clock", clip(j.Case), sla.ErrNoClock, clip(c.Target))
	}
	x, err := j.compiled.plan.ExplainClock(c, j.entries, j.At)
	if err != nil {
		return Explanation{}, fmt.Errorf("charter: case %q: %w", clip(j.Case), err)
	}
	if c.Span.Basis == sla.Elapsed && j.handbook.zone != "" {
		x.Zone = j.handbook.Location()
	}
	clause, _ := j.Clause(c)
	return Explanation{x, clause}, nil
}

// Countdown returns the view of one of the judgement's clocks that a page
// needs to count down without asking again. Its JSON form is meant for a
// browser.
func (j Judgement) Countdown(c sla.Clock) sla.Countdown {
	if j.compiled == nil {
		return sla.Countdown{Clause: c.Target, Metric: c.Metric, State: c.State, Now: j.At.UTC()}
	}
	return j.compiled.plan.Countdown(c, j.At)
}

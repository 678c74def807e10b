package quality

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ErrImprovement is returned for an [Improvement] that says too little or contradicts itself.
var ErrImprovement = errors.New("quality: improvement")

// Step is a step of the cycle plan, do, check, act (etiquette/3.2-pdca). The zero value is none.
type Step uint8

// The steps, in the order in which they are taken. Their texts are "plan", "do", "check" and "act".
const (
	Plan Step = iota + 1
	Do
	Check
	Act
)

var stepNames = [...]string{Plan: "plan", Do: "do", Check: "check", Act: "act"}

// String returns "plan", "do", "check" or "act".
func (s Step) String() string {
	if s >= Plan && s <= Act {
		return stepNames[s]
	}
	return fmt.Sprintf("Step(%d)", uint8(s))
}

// MarshalText returns the same text as [Step.String], and [ErrFormat] for a value that is no step.
func (s Step) MarshalText() ([]byte, error) {
	if s < Plan || s > Act {
		return nil, fmt.Errorf("%w: %v", ErrFormat, s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what [Step.MarshalText] writes. Other text is refused with [ErrFormat] and leaves s as it was.
func (s *Step) UnmarshalText(text []byte) error {
	for step := Plan; step <= Act; step++ {
		if string(text) == stepNames[step] {
			*s = step
			return nil
		}
	}
	return fmt.Errorf("%w: step %.40q", ErrFormat, text)
}

// Action is one thing to be done for an improvement, by one owner and by one instant (standard/6.4-annual-plan-fields,
// standard/7.4-assign-improvement).
type Action struct {
	Step     Step      `json:"step"`
	Text     string    `json:"text"`
	Owner    string    `json:"owner"`
	Deadline time.Time `json:"deadline"`
	// Done is when it was done; zero while it is not. It may lie behind the deadline.
	Done time.Time `json:"done,omitzero"`
}

// Improvement is what was done about a problem. It is a record for the host to keep; nothing here changes it. Package improvement reads one
// from a history.
type Improvement struct {
	ID      string    `json:"id"`
	Problem string    `json:"problem"`
	Cause   string    `json:"cause"`
	Raised  time.Time `json:"raised"`
	Actions []Action  `json:"actions"`
	// Verified is when somebody saw that the problem is gone, and Verifier who; both or none.
	Verified time.Time `json:"verified,omitzero"`
	Verifier string    `json:"verifier,omitempty"`
	// Effect is what was seen of it last; nil while nobody has looked.
	Effect *Effect `json:"effect,omitempty"`
}

// Effect is what somebody saw after something was done about a problem (standard/2.4.2-effect-review, enterprise/4.3.1-effect-check).
type Effect struct {
	Seen time.Time `json:"seen"`
	// Helped is [Met] if they judge that it helped, [Missed] if not, and [Undecided] if they do not say. It does not follow from Change,
	// whose figures may have moved for other reasons, and of which only they know which way is better.
	Helped Outcome `json:"helped"`
	// Change is the share before and after, where it was measured.
	Change Change `json:"change,omitzero"`
}

// Validate reports with [ErrImprovement] everything that is missing or contradicts itself, joined: no id, problem, cause or action; an action
// without step, text, owner or deadline, due or done before the problem was raised; a step done before an earlier step of the cycle, or
// while one is not done; a verification by nobody, or before all actions but those of [Act] are done, which make the result last and may
// follow; an effect seen before any action was done, or one that did not help although it is verified. That steps of the cycle are left
// out is allowed: a host may plan as it goes.
func (m *Improvement) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w %.40q: %s", ErrImprovement, m.ID, fmt.Sprintf(format, args...)))
	}
	for _, field := range []struct{ name, text string }{{"id", m.ID}, {"problem", m.Problem}, {"cause", m.Cause}} {
		if strings.TrimSpace(field.text) == "" {
			fault("no %s", field.name)
		}
	}
	if m.Raised.IsZero() {
		fault("not said when it was raised")
	}
	if len(m.Actions) == 0 {
		fault("no action")
	}
	for i, a := range m.Actions {
		name := fmt.Sprintf("action %d", i+1)
		if a.Step < Plan || a.Step > Act {
			fault("%s: no step", name)
		}
		if strings.TrimSpace(a.Text) == "" {
			fault("%s: no text", name)
		}
		if strings.TrimSpace(a.Owner) == "" {
			fault("%s: no owner", name)
		}
		switch {
		case a.Deadline.IsZero():
			fault("%s: no deadline", name)
		case a.Deadline.Before(m.Raised):
			fault("%s: due before the problem was raised", name)
		}
		if a.Done.IsZero() {
			if !m.Verified.IsZero() && a.Step < Act {
				fault("%s: not done, yet verified", name)
			}
			continue
		}
		if a.Done.Before(m.Raised) {
			fault("%s: done before the problem was raised", name)
		}
		if !m.Verified.IsZero() && m.Verified.Before(a.Done) && a.Step < Act {
			fault("%s: done after it was verified", name)
		}
		for j, b := range m.Actions {
			if b.Step < a.Step && (b.Done.IsZero() || a.Done.Before(b.Done)) {
				fault("%s: %s done before %s of action %d", name, a.Step, b.Step, j+1)
			}
		}
	}
	if m.Verified.IsZero() != (strings.TrimSpace(m.Verifier) == "") {
		fault("a verification needs an instant and a person")
	}
	if e := m.Effect; e != nil {
		early := !slices.ContainsFunc(m.Actions, func(a Action) bool { return !a.Done.IsZero() && !a.Done.After(e.Seen) })
		switch {
		case e.Helped > Missed:
			fault("%v is no effect", e.Helped)
		case early:
			fault("an effect was seen before any action was done")
		case e.Helped == Missed && !m.Verified.IsZero():
			fault("verified, yet it did not help")
		}
	}
	return errors.Join(faults...)
}

// Deadline returns the latest deadline of the actions: by then the improvement is owed. It is zero without actions.
func (m *Improvement) Deadline() time.Time {
	var last time.Time
	for _, a := range m.Actions {
		if a.Deadline.After(last) {
			last = a.Deadline
		}
	}
	return last
}

// Late returns the actions that were not done by their deadlines, as known at an instant. One that is done at its deadline is in time.
func (m *Improvement) Late(now time.Time) []Action {
	var late []Action
	for _, a := range m.Actions {
		ended := now
		if !a.Done.IsZero() && a.Done.Before(now) {
			ended = a.Done
		}
		if ended.After(a.Deadline) {
			late = append(late, a)
		}
	}
	return late
}

// Closure counts improvements by how far they are. The zero value counts none. Closures add up: those of two teams are that of both.
type Closure struct {
	// Closed are verified, Late among them after the deadline of the last action.
	Closed uint64 `json:"closed"`
	Late   uint64 `json:"late"`
	// Open are not verified, Overdue among them with an action that is not done and past its deadline. That an action is done does not close:
	// somebody has to see that the problem is gone.
	Open    uint64 `json:"open"`
	Overdue uint64 `json:"overdue"`
}

// Closed counts the improvements that were raised by an instant, as they stood then: what happens after it has not happened yet. One that
// [Improvement.Validate] refuses is an error, and so is an id that stands twice, and nothing is counted.
func Closed(improvements []Improvement, now time.Time) (Closure, error) {
	var c Closure
	seen := map[string]bool{}
	for i := range improvements {
		m := &improvements[i]
		if err := m.Validate(); err != nil {
			return Closure{}, err
		}
		if seen[m.ID] {
			return Closure{}, fmt.Errorf("%w %.40q: stands twice", ErrImprovement, m.ID)
		}
		seen[m.ID] = true
		switch {
		case m.Raised.After(now):
		case m.Verified.IsZero() || m.Verified.After(now):
			c.Open++
			for _, a := range m.Actions {
				if a.Deadline.Before(now) && (a.Done.IsZero() || a.Done.After(now)) {
					c.Overdue++
					break
				}
			}
		default:
			c.Closed++
			if m.Verified.After(m.Deadline()) {
				c.Late++
			}
		}
	}
	return c, nil
}

// Rate is the closure rate: the closed among all that were raised. It is unknown when none was raised, and for counts that cannot be: more
// late than closed, more overdue than open, more than [MaxCount].
func (c Closure) Rate() Proportion {
	if c.check() != nil {
		return Proportion{}
	}
	return Proportion{hits: c.Closed, trials: c.Closed + c.Open}
}

// Timely is the share that was closed by its deadline, among those that are closed or overdue; what is open and not yet due counts neither
// way. It is unknown where [Closure.Rate] is.
func (c Closure) Timely() Proportion {
	if c.check() != nil {
		return Proportion{}
	}
	return Proportion{hits: c.Closed - c.Late, trials: c.Closed + c.Overdue}
}

// Add returns both together. Counts that cannot be are refused: more late than closed, or more overdue than open, with
// [ErrHitsExceedTrials], and more than [MaxCount] together with [ErrTooMany].
func (c Closure) Add(d Closure) (Closure, error) {
	for _, part := range [...]Closure{c, d} {
		if err := part.check(); err != nil {
			return Closure{}, err
		}
	}
	sum := Closure{Closed: c.Closed + d.Closed, Late: c.Late + d.Late, Open: c.Open + d.Open, Overdue: c.Overdue + d.Overdue}
	if err := sum.check(); err != nil {
		return Closure{}, err
	}
	return sum, nil
}

func (c Closure) check() error {
	switch {
	case c.Late > c.Closed || c.Overdue > c.Open:
		return fmt.Errorf("%w: %d late of %d closed, %d overdue of %d open", ErrHitsExceedTrials, c.Late, c.Closed, c.Overdue, c.Open)
	case c.Closed > MaxCount || c.Open > MaxCount-c.Closed:
		return fmt.Errorf("%w: %d closed and %d open", ErrTooMany, c.Closed, c.Open)
	}
	return nil
}

// Change is a share before and after something was done about it. The two are taken as independent samples: cases of one period and of
// another, not the same cases twice. That a share has changed does not say why.
type Change struct {
	Before Proportion `json:"before"`
	After  Proportion `json:"after"`
}

// Difference is the share after less the share before, exact but for one rounding, half away from zero, to so many decimal places (0 to
// 32): 0.05 is five points of percent more. It says false when either has no trials.
func (c Change) Difference(places int32) (decimal.Decimal, bool) {
	after, okAfter := c.After.ratio()
	before, okBefore := c.Before.ratio()
	if !okAfter || !okBefore {
		return decimal.Decimal{}, false
	}
	return round(after.Sub(after, before), min(max(places, 0), maxPlaces)), true
}

// Newcombe returns the interval of differences (after less before, from −1 to 1) that go with what was seen, at a level such as 0.95: the
// hybrid of the two Wilson intervals, method 10 of R. G. Newcombe, Interval estimation for the difference between independent proportions:
// comparison of eleven methods, Statistics in Medicine 17 (1998) 873–890. Without trials on either side, or at a level that is not between 0 and 1, it is
// everything: −1 to 1.
func (c Change) Newcombe(level float64) Interval {
	if !c.Before.Known() || !c.After.Known() || !(level > 0 && level < 1) {
		return Interval{Low: -1, High: 1}
	}
	before, after := c.Before.Wilson(level), c.After.Wilson(level)
	b := float64(c.Before.hits) / float64(c.Before.trials)
	a := float64(c.After.hits) / float64(c.After.trials)
	return Interval{
		Low:  max(-1, a-b-math.Hypot(a-after.Low, before.High-b)),
		High: min(1, a-b+math.Hypot(after.High-a, b-before.Low)),
	}
}

// AtLeast says whether the share rose by at least so much, as far as the samples can tell: [Met], [Missed], or [Undecided] when some
// differences that go with them are on either side. The bound is a difference of shares: 0.05 for five points of percent, 0 for "did not
// fall".
func (c Change) AtLeast(bound decimal.Decimal, level float64) Outcome {
	return c.decide(c.Newcombe(level).AtLeast(bound), level)
}

// AtMost says whether the difference is at most so much; -0.05 asks for a fall by five points of percent. See [Change.AtLeast].
func (c Change) AtMost(bound decimal.Decimal, level float64) Outcome {
	return c.decide(c.Newcombe(level).AtMost(bound), level)
}

// decide keeps the interval of everything from deciding a bound that everything keeps.
func (c Change) decide(o Outcome, level float64) Outcome {
	if !c.Before.Known() || !c.After.Known() || !(level > 0 && level < 1) {
		return Undecided
	}
	return o
}

// String says it in one line, as in "60.00% of 80 to 80.00% of 70: +20.00 points (5.24 to 33.39)", with the interval at 95%.
func (c Change) String() string {
	d, ok := c.Difference(maxPlaces)
	if !ok {
		return "no change is known"
	}
	b, _ := c.Before.Rate(maxPlaces)
	a, _ := c.After.Rate(maxPlaces)
	i := c.Newcombe(0.95)
	sign := ""
	if d.IsPositive() {
		sign = "+"
	}
	return fmt.Sprintf("%s%% of %d to %s%% of %d: %s%s points (%.2f to %.2f)", b.Shift(2).StringFixed(2), c.Before.trials,
		a.Shift(2).StringFixed(2), c.After.trials, sign, d.Shift(2).StringFixed(2), 100*i.Low, 100*i.High)
}

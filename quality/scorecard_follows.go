package quality

import (
	"fmt"
	"slices"
	"strings"
)

// Standing is what a handbook makes of a grade. The zero value is none: there is no score.
type Standing uint8

// The standings, the worst first. Their texts are "failed", "passed" and "outstanding".
const (
	Failed Standing = iota + 1
	Passed
	Outstanding
)

var standingNames = [...]string{Failed: "failed", Passed: "passed", Outstanding: "outstanding"}

// String returns "failed", "passed" or "outstanding".
func (s Standing) String() string {
	if s >= Failed && s <= Outstanding {
		return standingNames[s]
	}
	return fmt.Sprintf("Standing(%d)", uint8(s))
}

// MarshalText returns the same text as [Standing.String], and [ErrFormat] for a value that is no standing.
func (s Standing) MarshalText() ([]byte, error) {
	if s < Failed || s > Outstanding {
		return nil, fmt.Errorf("%w: %v", ErrFormat, s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what [Standing.MarshalText] writes. Other text is refused with [ErrFormat] and leaves s as it was.
func (s *Standing) UnmarshalText(text []byte) error {
	for v := Failed; v <= Outstanding; v++ {
		if string(text) == standingNames[v] {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("%w: standing %.40q", ErrFormat, text)
}

// Consequence is what a clause says follows from an appraisal.
type Consequence struct {
	Clause string `json:"clause"`
	// After are the standings that it follows from.
	After []Standing `json:"after"`
	// Due are what the clause calls for or ties to the result. Where Choice is set one of them is enough.
	Due    []string `json:"due"`
	Choice bool     `json:"choice,omitempty"`
}

// Consequences returns what the five handbooks say follows from an appraisal, in the order of their clauses. The list is the caller's. No
// clause ties a standing to points or to sums of money: these are the host's to set.
func Consequences() []Consequence {
	scored := []Standing{Failed, Passed, Outstanding}
	return []Consequence{
		{Clause: "standard/3.1-assessment-effect", After: scored, Due: []string{"performance bonus", "promotion", "career path"}},
		{Clause: "standard/3.1-service-star", After: []Standing{Outstanding}, Due: []string{"service star"}},
		{Clause: "standard/3.4-assessment-effect", After: scored, Due: []string{"performance bonus", "promotion", "career development"}},
		{Clause: "standard/3.4-awards", After: []Standing{Outstanding}, Due: []string{"service star", "excellent service staff"}},
		{Clause: "etiquette/1.4-assessment-use", After: scored, Due: []string{"promotion", "performance bonus", "training"}},
		{Clause: "norms/3.3.2-appraisal-consequences", After: scored, Due: []string{"performance pay", "promotion", "training"}},
		{Clause: "enterprise/7.2-improvement-plan", After: scored, Due: []string{"improvement plan"}},
		{Clause: "telecom/3.4-fail-retrain", After: []Standing{Failed}, Due: []string{"training", "another post"}, Choice: true},
		{Clause: "telecom/3.4-reward-best", After: []Standing{Outstanding}, Due: []string{"reward", "promotion"}},
		{Clause: "telecom/3.4-result-use", After: scored, Due: []string{"promotion", "change of post", "performance evaluation", "career development"}},
	}
}

// Follows returns what the clauses of one handbook, such as "telecom", say follows from a standing: nothing from none, and nothing for a
// handbook that is unknown.
func Follows(handbook string, s Standing) []Consequence {
	return slices.DeleteFunc(Consequences(), func(c Consequence) bool {
		return !strings.HasPrefix(c.Clause, handbook+"/") || !slices.Contains(c.After, s)
	})
}

// String says it in one line, as in "telecom/3.4-fail-retrain: training or another post".
func (c Consequence) String() string {
	join := " and "
	if c.Choice {
		join = " or "
	}
	if n := len(c.Due); n > 2 {
		return c.Clause + ": " + strings.Join(c.Due[:n-1], ", ") + join + c.Due[n-1]
	}
	return c.Clause + ": " + strings.Join(c.Due, join)
}

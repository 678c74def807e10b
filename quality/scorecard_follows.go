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
	return fmt.Errorf("%w: standing %.40q: want failed, passed or outstanding", ErrFormat, text)
}

// Consequence is what a clause says follows from an appraisal. No figure stands in it: from which points on somebody has failed, and what a
// bonus is worth, is the host's to say.
type Consequence struct {
	// Clause is the id of the clause; in the JSON of a handbook, where it stands in its clause, it is left out.
	Clause string `json:"clause,omitempty"`
	// After are the standings that it follows from.
	After []Standing `json:"after"`
	// Due are what the clause calls for or ties to the result. Where Choice is set one of them is enough.
	Due    []string `json:"due"`
	Choice bool     `json:"choice,omitempty"`
}

// Validate tells what is wrong with a consequence, the first thing only: no standing or one that is none, nothing that is due, a name of
// nothing but white space, one that stands twice, or a choice between fewer than two. The error matches [ErrConsequence] and names the clause.
// A consequence without a clause is none of these.
func (c Consequence) Validate() error {
	problem := ""
	switch {
	case len(c.After) == 0:
		problem = "after what? it names no standing"
	case slices.ContainsFunc(c.After, func(s Standing) bool { return s < Failed || s > Outstanding }):
		problem = "a standing that is none"
	case twice(c.After):
		problem = "a standing stands twice"
	case len(c.Due) == 0:
		problem = "nothing is due"
	case slices.ContainsFunc(c.Due, func(d string) bool { return strings.TrimSpace(d) == "" }):
		problem = "something without a name is due"
	case twice(c.Due):
		problem = "the same is due twice"
	case c.Choice && len(c.Due) == 1:
		problem = "a choice needs two things that are due"
	default:
		return nil
	}
	return fmt.Errorf("%w of %.80q: %s", ErrConsequence, c.Clause, problem)
}

func twice[T comparable](all []T) bool {
	seen := make(map[T]bool, len(all))
	for _, x := range all {
		if seen[x] {
			return true
		}
		seen[x] = true
	}
	return false
}

// Follows returns those of the consequences that follow from a standing, in their order: nothing from none. A handbook tells its
// consequences; see Handbook.Consequences of package charter. The slice is the caller's; what the consequences hold is shared.
func Follows(all []Consequence, s Standing) (out []Consequence) {
	for _, c := range all {
		if slices.Contains(c.After, s) {
			out = append(out, c)
		}
	}
	return out
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

package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrRule is matched by every error of [NewPolicy]. It names the rule and its clause.
var ErrRule = errors.New("access: malformed rule")

// Action is what somebody wants to do with a record.
type Action string

// The actions.
const (
	Read    Action = "read"
	Change  Action = "change" // also add to, file, move
	Export  Action = "export" // take a copy out of the system
	Dispose Action = "dispose"
)

var actions = []Action{Read, Change, Export, Dispose}

// Actions gives the actions.
func Actions() []Action { return slices.Clone(actions) }

// Effect is what a rule does for those whom it names, and to others.
type Effect string

// The effects.
const (
	Allow  Effect = "allow"  // those named may; of others it says nothing
	Only   Effect = "only"   // those named may, and nobody else, whatever other rules allow
	Refuse Effect = "refuse" // those named may not; without roles: nobody
)

// Rule is what one clause says on access.
type Rule struct {
	Clause string `json:"clause"`
	Effect Effect `json:"effect"`

	// What it speaks of. Empty: all actions, all classes, all grades.
	Actions []Action `json:"actions,omitempty"`
	Classes []string `json:"classes,omitempty"` // record classes
	Grades  []string `json:"grades,omitempty"`

	// Whom it names. Empty: everybody. Each of the further demands has to be met too.
	Roles      []string `json:"roles,omitempty"`
	Concerned  bool     `json:"concerned,omitempty"`  // handles the record or belongs to a unit concerned with it
	Authorised bool     `json:"authorised,omitempty"` // somebody else gave leave for this request
}

// UnmarshalJSON reads a rule and refuses members that it does not have: a misspelt limit would open what it should close.
func (r *Rule) UnmarshalJSON(data []byte) error {
	type plain Rule
	var p plain
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("%w: %w", ErrRule, err)
	}
	*r = Rule(p)
	return nil
}

// Policy is a set of rules. It never changes, and any number of goroutines may use it. The zero Policy refuses everything.
type Policy struct {
	grades []string
	rules  []Rule
}

// NewPolicy makes a policy of confidentiality grades, from the least to the most confidential, and rules. Every mistake is an error of its own, joined:
// a rule without clause, of an unknown effect or action, of a grade that is not declared; a grade twice; an allowance for everybody to do everything.
func NewPolicy(grades []string, rules ...Rule) (*Policy, error) {
	var problems []error
	for i, g := range grades {
		if g == "" || slices.Contains(grades[:i], g) {
			problems = append(problems, fmt.Errorf("%w: grade %d (%q) has no name or stands twice", ErrRule, i+1, clip(g)))
		}
	}
	for i, r := range rules {
		fail := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("%w %d (%q): %s", ErrRule, i+1, clip(r.Clause), fmt.Sprintf(format, args...)))
		}
		if r.Clause == "" {
			fail("no clause")
		}
		if !slices.Contains([]Effect{Allow, Only, Refuse}, r.Effect) {
			fail("unknown effect %q", clip(string(r.Effect)))
		}
		for _, a := range r.Actions {
			if !slices.Contains(actions, a) {
				fail("unknown action %q", clip(string(a)))
			}
		}
		for _, g := range r.Grades {
			if !slices.Contains(grades, g) {
				fail("grade %q is not declared", clip(g))
			}
		}
		if slices.Contains(r.Roles, "") || slices.Contains(r.Classes, "") {
			fail("a role or class without a name")
		}
		if r.Effect != Refuse && len(r.Roles) == 0 && !r.Concerned && !r.Authorised && len(r.Actions)+len(r.Classes)+len(r.Grades) == 0 {
			fail("it allows everybody everything")
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	p := &Policy{grades: slices.Clone(grades), rules: slices.Clone(rules)}
	for i := range p.rules {
		r := &p.rules[i]
		r.Actions, r.Classes, r.Grades, r.Roles = slices.Clone(r.Actions), slices.Clone(r.Classes), slices.Clone(r.Grades), slices.Clone(r.Roles)
	}
	return p, nil
}

// Grades returns the confidentiality grades, the least first.
func (p *Policy) Grades() []string {
	if p == nil {
		return nil
	}
	return slices.Clone(p.grades)
}

// Lint names the pairs of rules that disagree: one allows what the other, a rule that limits or refuses, keeps from the same persons. The second goes first.
// A rule that limits opens what it speaks of to those whom it names, so it too may disagree with a refusal; and with another limit when no role is named by both,
// so that nobody is left who has but one: that pair stands once, in the order of the rules.
func (p *Policy) Lint() []Conflict {
	if p == nil {
		return nil
	}
	var found []Conflict
	for i := range p.rules {
		for j := range p.rules {
			a, b := &p.rules[i], &p.rules[j]
			if a.Effect == Refuse || b.Effect == Allow || !meet(a.Actions, b.Actions) || !meet(a.Classes, b.Classes) || !meet(a.Grades, b.Grades) {
				continue
			}
			if a.Effect == Only && b.Effect == Only {
				if i < j && !meet(a.Roles, b.Roles) {
					found = append(found, Conflict{Allows: a.Clause, Limits: b.Clause})
				}
				continue
			}
			narrower := b.Concerned && !a.Concerned || b.Authorised && !a.Authorised ||
				len(b.Roles) > 0 && (len(a.Roles) == 0 || slices.ContainsFunc(a.Roles, func(r string) bool { return !slices.Contains(b.Roles, r) }))
			if b.Effect == Only && narrower || b.Effect == Refuse && meet(a.Roles, b.Roles) {
				found = append(found, Conflict{Allows: a.Clause, Limits: b.Clause})
			}
		}
	}
	return found
}

// meet tells whether two lists, of which an empty one means all, have something in common.
func meet[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// Conflict is a pair of clauses of which one allows what the other limits.
type Conflict struct {
	Allows, Limits string
}

// clip keeps a message short when the input is not.
func clip(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

package complaint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/servicecharter/charter/history"
)

// Rules say what a handbook asks of a complaint's course. They are plain data: the JSON form has the same fields in snake case. The zero
// Rules ask for nothing but what the package comment lists. Rules are not to be changed once they are in use.
type Rules struct {
	// Attributes lists the values that attributes may have; an attribute that is not listed may have any.
	Attributes []Attribute `json:"attributes,omitempty"`
	// Levels are the levels of intake and handling, rising. None: any level, and escalation is not held to go upwards.
	Levels []Level `json:"levels,omitempty"`
	// Flows are orders of steps.
	Flows []Flow `json:"flows,omitempty"`
	// Demands are what single steps must show.
	Demands []Demand `json:"demands,omitempty"`
	// Steps are further kinds, of the host's own, that belong to a complaint. They are held to no order but that of Flows.
	Steps []history.Kind `json:"steps,omitempty"`
	// Lenient lists what is recorded all the same and becomes a finding of Check: what a real system is known to get wrong.
	Lenient []Code `json:"lenient,omitempty"`
}

// Attribute is a closed vocabulary of one attribute.
type Attribute struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
	Clause string   `json:"clause,omitempty"`
}

// Level is a level of intake: front desk, customer service, management.
type Level struct {
	Name string `json:"name"` // the value of the attribute level
	// Roles may open and accept complaints at this level. None: anybody.
	Roles  []string `json:"roles,omitempty"`
	Clause string   `json:"clause,omitempty"`
}

// Flow is an order of steps: each may be taken only when the one before it has been. Where a place lists several kinds, any of them will
// do. A kind that stands in a flow twice is held to its first place. Steps that a flow does not name go anywhere.
//
// A flow demands nothing to happen by itself, and nothing of a complaint that was withdrawn or merged. To say that a complaint cannot be closed without a reply, end the flow with closed.
type Flow struct {
	Clause string           `json:"clause,omitempty"`
	When   When             `json:"when,omitempty"`
	Steps  [][]history.Kind `json:"steps"`
	// Advised: a deviation is recorded and becomes a finding.
	Advised bool `json:"advised,omitempty"`
}

// Demand is what an entry of one kind must show.
type Demand struct {
	Clause string       `json:"clause,omitempty"`
	Step   history.Kind `json:"step"`
	When   When         `json:"when,omitempty"`
	// Fields must stand on the entry, with a value that is not empty.
	Fields []string `json:"fields,omitempty"`
	// Known fields must stand on it or on an earlier entry.
	Known []string `json:"known,omitempty"`
	// Values: the field, on the entry or else of the case, must have one of these values.
	Values map[string][]string `json:"values,omitempty"`
	// Roles may take the step. "case owner" is also whoever owns the complaint, whatever the role.
	Roles []string `json:"roles,omitempty"`
	// Advised: a deviation is recorded and becomes a finding.
	Advised bool `json:"advised,omitempty"`
}

// When limits a rule to some cases: each field must have one of its values, where "" stands for a field that is not there. The empty
// When holds always.
type When map[string][]string

// ErrRules: rules that cannot be meant.
var ErrRules = errors.New("complaint: bad rules")

// ParseRules reads rules from JSON and validates them. A member that rules do not have is refused, so that a misspelt one does not drop a
// rule without a word. The error matches ErrRules.
func ParseRules(text []byte) (*Rules, error) {
	r := new(Rules)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRules, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: more than one value", ErrRules)
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return r, nil
}

// Validate tells whether the rules can be meant: every demand has a step, every flow at least two places and no empty one, attributes have
// values, levels different names, Lenient holds codes of this package. The error matches ErrRules and names the clause. Nil rules are valid.
func (r *Rules) Validate() error {
	if r == nil {
		return nil
	}
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrRules}, args...)...)
	}
	for i, a := range r.Attributes {
		if a.Name == "" || len(a.Values) == 0 {
			return bad("attribute %d (%s): no name or no values", i+1, a.Clause)
		}
	}
	names := map[string]bool{}
	for i, l := range r.Levels {
		if l.Name == "" || names[l.Name] {
			return bad("level %d: the name %q is empty or taken", i+1, l.Name)
		}
		names[l.Name] = true
	}
	for i, f := range r.Flows {
		if len(f.Steps) < 2 {
			return bad("flow %d (%s): an order needs two steps", i+1, f.Clause)
		}
		for _, place := range f.Steps {
			if len(place) == 0 || slices.Contains(place, "") {
				return bad("flow %d (%s): a place without a step", i+1, f.Clause)
			}
		}
	}
	for i, d := range r.Demands {
		if d.Step == "" {
			return bad("demand %d (%s): no step", i+1, d.Clause)
		}
	}
	for _, c := range r.Lenient {
		if !slices.Contains(Codes(), c) {
			return bad("lenient: no code %q", c)
		}
	}
	return nil
}

// rank is the place of a level, or -1.
func (r *Rules) rank(level string) int {
	return slices.IndexFunc(r.Levels, func(l Level) bool { return l.Name == level })
}

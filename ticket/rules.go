package ticket

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// Rules are what a handbook wants of tickets, as data. The zero Rules want nothing beyond the lifecycle itself. They are made ready when they
// are first used, and not to be changed or copied from then on; any number of goroutines may use them.
type Rules struct {
	// Name is the handbook's, for people.
	Name string `json:"name,omitempty"`
	// Demands all hold, each for itself.
	Demands []Demand `json:"demands,omitempty"`
	// Levels are who handles, rising. A ticket begins at the first. With levels, escalating must rise.
	Levels []Level `json:"levels,omitempty"`
	// Attributes list the values that fields may have; one that is not listed may have any.
	Attributes []Attribute `json:"attributes,omitempty"`
	// Grades turn urgency, impact and importance into the handbook's tiers: the first that fits a classification sets its attributes.
	Grades []Grade `json:"grades,omitempty"`
	// Lenient are the codes for which commands do not refuse; Check still finds them.
	Lenient []Code `json:"lenient,omitempty"`

	ready atomic.Pointer[program]
}

// Demand is one thing that a clause wants. Its facts are texts of the form
//
//	resolved                                 an entry of the kind
//	opened[customer]                         … with the field, not empty
//	result-confirmed[answer=accepted]        … with this value
//	dispatched[mode=automatic,unit]          … with both
//	held[reason=customer|vendor]             … with one of the values
//	result-told[role=agent]                  … by an actor of the role
//	started[actor]                           … by an actor with an id
//	dispatched or started                    either
//
// A fact holds from its entry on, for that entry too. Reopening, and a disputed result, make the facts of the ending (resolved, verified,
// result-told, result-confirmed, surveyed, followed-up, reviewed, closed, cancelled, merged, archived) hold no longer.
type Demand struct {
	// Clause is the id of the clause, if any.
	Clause string `json:"clause,omitempty"`
	// When limits the demand to tickets that have one of the values in each attribute, as the entry leaves them; "" is none.
	When map[string][]string `json:"when,omitempty"`
	// Order lists facts, each of which must hold before the next.
	Order []string `json:"order,omitempty"`
	// Step is the fact whose entries must satisfy what follows.
	Step string `json:"step,omitempty"`
	// After are facts that must hold before Step.
	After []string `json:"after,omitempty"`
	// Fields must stand on the entry, not empty; "unit or person" wants one of them.
	Fields []string `json:"fields,omitempty"`
	// Roles may take the step; empty means that anybody may. "case owner" is also the one whom Ticket.Owner names.
	Roles []string `json:"roles,omitempty"`
	// Owned: somebody must answer for the ticket by then.
	Owned bool `json:"owned,omitempty"`
	// Advised: commands do not refuse, Check finds. Meant for what only the customer can do, and for recommendations.
	Advised bool `json:"advised,omitempty"`
}

// Attribute is the values that one field may have.
type Attribute struct {
	// Name is that of the field where it sets an attribute (see history.SetsAttributes): "tier". Kind and name are the field of entries of
	// that kind alone: "held[reason]".
	Name   string   `json:"name"`
	Values []string `json:"values"`
	Clause string   `json:"clause,omitempty"`
}

// Level is a level of handling.
type Level struct {
	Name string `json:"name"`
	// Roles handle at this level (start, first-handle, resolve); those of higher levels may too. Empty: anybody.
	Roles  []string `json:"roles,omitempty"`
	Clause string   `json:"clause,omitempty"`
}

// Grade is a row of the matrix that turns urgency, impact and importance into attributes.
type Grade struct {
	// When lists the values that each attribute may have, "" for none; empty fits every ticket.
	When map[string][]string `json:"when,omitempty"`
	Set  map[string]string   `json:"set"`
}

// ErrRules is matched by every error of rules that cannot be used: malformed JSON, unknown members, malformed facts, a demand without a
// step, a level twice.
var ErrRules = errors.New("ticket: unusable rules")

// ParseRules reads rules from JSON. Unknown members are refused, so that a misspelt one drops no demand. Errors match [ErrRules] and name
// the demand, from 1.
func ParseRules(text []byte) (*Rules, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	r := new(Rules)
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRules, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: more than one value", ErrRules)
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return r, nil
}

// Validate tells whether the rules can be used. The error matches [ErrRules].
func (r *Rules) Validate() error {
	_, err := compile(r)
	return err
}

// program gives the rules made ready. Goroutines that come first together each make their own, which are alike.
func (r *Rules) program() (*program, error) {
	if r == nil {
		return defaultProgram()
	}
	if p := r.ready.Load(); p != nil {
		return p, nil
	}
	p, err := compile(r)
	if err != nil {
		return nil, err
	}
	r.ready.Store(p)
	return p, nil
}

var defaultProgram = sync.OnceValues(func() (*program, error) { return compile(DefaultRules()) })

func (r *Rules) lenient(c Code) bool { return slices.Contains(r.Lenient, c) }

package incident

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// Rules say how an incident runs: plain data, the same in Go and in JSON. The zero Rules ask for nothing but what holds everywhere: nothing
// but reopening, archiving and AfterEnd after the end; pauses that begin before they end; no facts from the future; instants and durations
// that can be read; only kinds of the vocabulary.
type Rules struct {
	// Opens are the kinds with which a case begins. Nothing comes before the first of them. Empty: any kind begins a case.
	Opens []history.Kind `json:"opens,omitempty"`
	// Demands all hold, each for itself. Kinds of the vocabulary without a demand are free; a kind of the host's is known when it has one.
	Demands []Demand `json:"demands,omitempty"`
	// AfterEnd are the kinds that may still follow when the case is closed, merged or cancelled, besides reopened and archived.
	AfterEnd []history.Kind `json:"after_end,omitempty"`
	// Reset are the kinds that a reopening undoes: they count as not done, until they are done again.
	Reset []history.Kind `json:"reset,omitempty"`
	// Ranks are the roles from the lowest to the highest. Where a role is asked for, a higher one will do. A role that is not listed must be
	// that very role.
	Ranks []string `json:"ranks,omitempty"`
	// Lenient are the codes that do not stop a command: the entry is written, and Check finds it. What is later than Meta.Now is refused
	// all the same, as is a kind of case other than incident.
	Lenient []Code `json:"lenient,omitempty"`
}

// Demand is what one rule asks of entries of a kind.
//
// A step is referred to by its kind (restored) or by its kind and a field of the entry (notified[audience=customers]). Where a list
// says that all are needed, an element such as "cause|nature" is any one of them.
type Demand struct {
	// Clause is where the rule comes from.
	Clause string       `json:"clause,omitempty"`
	Step   history.Kind `json:"step"`
	// When limits the demand to entries where each of these keys has one of the values: on the entry, or else as an attribute of the case, that
	// entry included. "" stands for a key without a value; an empty list, for any value.
	When map[string][]string `json:"when,omitempty"`
	// After are the steps that must have been taken, all of them.
	After []string `json:"after,omitempty"`
	// Before are the steps that must not have been taken.
	Before []string `json:"before,omitempty"`
	// Once: not a second time, unless a reopening has undone the first.
	Once bool `json:"once,omitempty"`
	// Fields must stand on the entry, all of them and not empty. A personal field will do.
	Fields []string `json:"fields,omitempty"`
	// Known must stand on this or an earlier entry of the case.
	Known []string `json:"known,omitempty"`
	// Values are those that a field of the entry may have.
	Values map[string][]string `json:"values,omitempty"`
	// Roles that the actor must have: any one of them.
	Roles []string `json:"roles,omitempty"`
	// Lead are the roles of which whoever leads the incident must have one, this entry included.
	Lead []string `json:"lead,omitempty"`
	// Advised: commands do not refuse, Check finds.
	Advised bool `json:"advised,omitempty"`
}

// ParseRules reads rules from JSON. Members that rules do not have are refused, as is what [Rules.Validate] refuses. The error is or wraps
// ErrRules.
func ParseRules(data []byte) (*Rules, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	r := new(Rules)
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("incident: %w: %w", ErrRules, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("incident: %w: more after the end", ErrRules)
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return r, nil
}

// Validate looks for what is surely a slip: a demand without a step, a reference to a kind that is neither of the vocabulary nor has a demand,
// an unknown code. The error wraps ErrRules and names the demand, counted from 1. Rules that fail still work: what cannot be met is not met.
func (r *Rules) Validate() error {
	known := func(k history.Kind) bool {
		return slices.Contains(history.Kinds(), k) || r.has(k)
	}
	for n, s := range r.Demands {
		if s.Step == "" {
			return fmt.Errorf("incident: %w: demand %d has no step", ErrRules, n+1)
		}
		for _, ref := range slices.Concat(s.After, s.Before) {
			for one := range strings.SplitSeq(ref, "|") {
				kind, rest, field := strings.Cut(one, "[")
				if !known(history.Kind(kind)) || field && (!strings.HasSuffix(rest, "]") || !strings.Contains(rest, "=")) {
					return fmt.Errorf("incident: %w: demand %d (%s) refers to %q", ErrRules, n+1, s.Step, one)
				}
			}
		}
	}
	for _, k := range slices.Concat(r.Opens, r.AfterEnd, r.Reset) {
		if !known(k) {
			return fmt.Errorf("incident: %w: unknown kind %q", ErrRules, k)
		}
	}
	for _, c := range r.Lenient {
		if !slices.Contains(Codes(), c) {
			return fmt.Errorf("incident: %w: unknown code %q", ErrRules, c)
		}
	}
	return nil
}

func (r *Rules) has(k history.Kind) bool {
	return slices.ContainsFunc(r.Demands, func(d Demand) bool { return d.Step == k })
}

// suits tells whether a role is the one asked for or outranks it.
func (r *Rules) suits(role, asked string) bool {
	have, want := slices.Index(r.Ranks, role), slices.Index(r.Ranks, asked)
	return role == asked || have >= 0 && want >= 0 && have > want
}

// With returns rules that ask for more: these demands, then those of r, which is not changed. What several ask for is found once, under the
// clause of the first.
func (r *Rules) With(demands ...Demand) *Rules {
	more := *r
	more.Demands = slices.Concat(demands, r.Demands)
	return &more
}

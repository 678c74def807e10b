package charter

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/access"
)

// Retention is how long records are kept: the rule of a clause of kind
// retention. The clause's When limits it to some cases.
type Retention struct {
	// Records are the record classes that it speaks of; empty is every class.
	Records []string `json:"records,omitempty"`
	// From is where the period begins; zero when the text does not say.
	From records.Start `json:"from,omitzero"`
	// AtLeast and AtMost are the floor and the ceiling; an exact period is both.
	AtLeast records.Period `json:"at_least,omitzero"`
	AtMost  records.Period `json:"at_most,omitzero"`
	// Review asks for a second person before disposal.
	Review bool `json:"review,omitempty"`
}

// Access is who may do what with records: the rule of a clause of kind access.
// The clause has no When; the rule names record classes and grades.
type Access struct {
	Effect  access.Effect   `json:"effect"`
	Actions []access.Action `json:"actions,omitempty"`
	// Records are the record classes that it speaks of; empty is every class.
	Records []string `json:"records,omitempty"`
	Grades  []string `json:"grades,omitempty"`
	Roles   []string `json:"roles,omitempty"`
	// Concerned and Authorised are as in access.Rule.
	Concerned  bool `json:"concerned,omitempty"`
	Authorised bool `json:"authorised,omitempty"`
}

func (Retention) rule() {}
func (Access) rule()    {}

// Retention compiles the clauses of kind retention that are in force at an
// instant into a schedule, on the civil days of [Handbook.Location]. [Handbook.Lint]
// tells what they leave open: no clause of ours says from when it counts, and
// until [SetRetention] says it every record is kept.
func (h *Handbook) Retention(at time.Time) (*records.Schedule, error) {
	var rules []records.Rule
	for c := range h.InForce(at) {
		if t, ok := c.Rule.(Retention); ok {
			rules = append(rules, t.of(&c))
		}
	}
	s, err := records.NewSchedule(h.Location(), rules...)
	if err != nil {
		return nil, fmt.Errorf("charter: handbook %s: %w", h.ID(), err)
	}
	return s, nil
}

func (t Retention) of(c *Clause) records.Rule {
	return records.Rule{
		Clause: c.ID, Classes: t.Records, When: c.When, From: t.From, AtLeast: t.AtLeast, AtMost: t.AtMost, Review: t.Review,
		Basis: records.Text(c.Text),
	}
}

// Access compiles the clauses of kind access that are in force at an instant
// into a policy. Its grades are the values of the classifications of
// information, in their order. What no clause allows is refused: the handbooks
// limit more than they allow, so that a host adds clauses of its own with
// [AddClause].
func (h *Handbook) Access(at time.Time) (*access.Policy, error) {
	var grades []string
	var rules []access.Rule
	for c := range h.InForce(at) {
		switch r := c.Rule.(type) {
		case Classification:
			for _, s := range r.Schemes {
				if s.Of != "information" {
					continue
				}
				for _, v := range s.Values {
					if !slices.Contains(grades, v) {
						grades = append(grades, v)
					}
				}
			}
		case Access:
			rules = append(rules, r.of(c.ID))
		}
	}
	p, err := access.NewPolicy(grades, rules...)
	if err != nil {
		return nil, fmt.Errorf("charter: handbook %s: %w", h.ID(), err)
	}
	return p, nil
}

func (a Access) of(clause string) access.Rule {
	return access.Rule{
		Clause: clause, Effect: a.Effect, Actions: a.Actions, Classes: a.Records, Grades: a.Grades, Roles: a.Roles,
		Concerned: a.Concerned, Authorised: a.Authorised,
	}
}

// SetRetention says what clauses on retention leave open. What is zero stays as
// it is. [Every] alone stands for all of them. In JSON:
//
//	{"op": "retention", "clauses": ["*"], "from": "closed"}
//	{"op": "retention", "clauses": ["norms/6.3-data-lifecycle"], "from": "closed", "at_most": "20 years", "review": true}
type SetRetention struct {
	Clauses []string       `json:"clauses"`
	From    records.Start  `json:"from,omitzero"`
	AtLeast records.Period `json:"at_least,omitzero"`
	AtMost  records.Period `json:"at_most,omitzero"`
	// Review asks for a second person; it cannot take that back.
	Review bool `json:"review,omitempty"`
}

func (SetRetention) op() string { return "retention" }

func (e SetRetention) apply(a *amender) {
	change := func(c *Clause) error {
		t, ok := c.Rule.(Retention)
		if !ok {
			return fmt.Errorf("%w: %s", ErrKind, c.Kind)
		}
		if e.From != (records.Start{}) {
			t.From = e.From
		}
		if !e.AtLeast.IsZero() {
			t.AtLeast = e.AtLeast
		}
		if !e.AtMost.IsZero() {
			t.AtMost = e.AtMost
		}
		t.Review = t.Review || e.Review
		c.Rule = t
		return nil
	}
	a.every(e.Clauses, func(c *Clause) bool { _, ok := c.Rule.(Retention); return ok }, change)
}

func (r *reader) retention(v at) (t Retention) {
	before := len(r.faults)
	o := r.object(v, "records", "from", "at_least", "at_most", "review")
	t.Records = o.texts("records")
	o.parse("from", &t.From)
	o.parse("at_least", &t.AtLeast)
	o.parse("at_most", &t.AtMost)
	t.Review = o.flag("review")
	if !o.ok || len(r.faults) > before {
		return t
	}
	if !o.has("at_least") && !o.has("at_most") {
		r.fail(v, "%w: want at_least, at_most or both", ErrMissing)
	} else if _, err := records.NewSchedule(time.UTC, t.of(&Clause{ID: "-"})); err != nil {
		r.fail(v, "%w: at most %v is less than at least %v", ErrContradiction, t.AtMost, t.AtLeast)
	}
	return t
}

func (r *reader) access(v at) (a Access) {
	before := len(r.faults)
	o := r.object(v, "effect", "actions", "records", "grades", "roles", "concerned", "authorised")
	a.Effect = oneOf(o, "effect", []access.Effect{access.Allow, access.Only, access.Refuse})
	a.Actions = list(o, "actions", func(r *reader, v at) access.Action {
		s := access.Action(r.text(v))
		if s != "" && !slices.Contains(access.Actions(), s) {
			r.fail(v, "%w %q: want one of %v", ErrValue, clip(string(s)), access.Actions())
		}
		return s
	})
	a.Records, a.Grades, a.Roles = o.texts("records"), o.texts("grades"), o.texts("roles")
	a.Concerned, a.Authorised = o.flag("concerned"), o.flag("authorised")
	if !o.ok || len(r.faults) > before {
		return a
	}
	if _, err := access.NewPolicy(a.Grades, a.of("-")); err != nil {
		r.fail(v, "%w: it allows everybody everything", ErrContradiction)
	}
	return a
}

// retention tells what a clause leaves open. Verdicts on cases do not wait for
// it.
func (l *linter) retention(t Retention) {
	if t.AtLeast.Unstated || t.AtMost.Unstated {
		l.add(Finding{Code: CodeNoFigure})
	}
	if t.From == (records.Start{}) {
		l.add(Finding{Code: CodeNoStart})
		return
	}
	if t.From.Kind != records.Recorded {
		l.entry(t.From.Kind)
	}
}

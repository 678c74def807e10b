package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Rules are what cases are judged by: a compiled plan and what a report says about its clauses. [By] makes them of a handbook and [Targets] of
// a host's own targets.
type Rules struct {
	Plan *sla.Plan
	// Title is what the report calls them.
	Title charter.Text
	// Clauses tell about the targets of the plan, by id, in the order of the report. A target without one is judged and reported after
	// them; a clause without a target has no deadline and is left out.
	Clauses []Clause
	// Attributes are those that the rules declare. Other values of them are findings, and so are attributes of the common vocabulary
	// that are not among them. Without any, attributes may be and have anything.
	Attributes []charter.Attribute
	// Handbook is that of which the rules were made: [Options].Conduct and [Options].Tally ask it for more than deadlines. It is nil for
	// rules of targets.
	Handbook *charter.Handbook
}

// Clause is what a report says about a clause, and what its clock needs.
type Clause struct {
	ID      string
	Section string
	Text    charter.Text
	// Limit is the limit now in force; zero where the clause prints none, or a promised date takes its place.
	Limit sla.Span
	// Start and Stop are the entries that start and stop its clock: one of Start, and one of Stop or all of StopAll. They are
	// compared with what the source provides; without any the source is taken to suffice.
	Start, Stop, StopAll []sla.Match
}

// By makes rules of a handbook. The error is [ErrRules] for nil, and else that of [charter.Handbook.Plan].
func By(h *charter.Handbook) (Rules, error) {
	if h == nil {
		return Rules{}, ErrRules
	}
	plan, err := h.Plan()
	if err != nil {
		return Rules{}, err
	}
	r := Rules{Plan: plan, Title: edition(h), Attributes: slices.Collect(h.Attributes()), Handbook: h}
	for c := range h.Clauses() {
		needs, ok := h.Needs(c.ID)
		if !ok {
			continue
		}
		clause := Clause{ID: c.ID, Section: c.Section, Text: c.Text, Start: needs.Start, Stop: needs.Stop, StopAll: needs.StopAll}
		switch rule := c.Rule.(type) {
		case charter.Deadline:
			clause.Limit = rule.Within
		case charter.Escalation:
			clause.Limit = rule.Within
		}
		r.Clauses = append(r.Clauses, clause)
	}
	return r, nil
}

// edition is the title with the version where it does not say it, and that it was amended.
func edition(h *charter.Handbook) charter.Text {
	t := h.Title()
	if t.IsZero() {
		t.EN = h.ID()
	}
	patches := 0
	for range h.Patches() {
		patches++
	}
	add := func(text *string, version, amended string) {
		if *text == "" {
			return
		}
		if !strings.Contains(*text, h.Version()) {
			*text += fmt.Sprintf(version, h.Version())
		}
		if patches > 0 {
			*text += amended
		}
	}
	add(&t.EN, ", %s", ", amended")
	add(&t.ZH, "（%s）", "（经修订）")
	return t
}

// Targets makes rules of targets without a handbook: the plan, and the revisions that it was compiled from.
func Targets(plan *sla.Plan, revisions ...sla.Revision) Rules {
	r := Rules{Plan: plan}
	add := func(t *sla.Target) {
		if !slices.ContainsFunc(r.Clauses, func(c Clause) bool { return c.ID == t.ID }) {
			r.Clauses = append(r.Clauses, Clause{ID: t.ID, Limit: t.Span, Start: t.Metric.Start, Stop: t.Metric.Stop, StopAll: t.Metric.StopAll})
		}
	}
	for i := range revisions {
		for j := range revisions[i].Targets {
			add(&revisions[i].Targets[j])
		}
		for j := range revisions[i].Policies {
			for k := range revisions[i].Policies[j].Targets {
				add(&revisions[i].Policies[j].Targets[k])
			}
		}
	}
	return r
}

// lacks names the evidence that a source can never supply for the clause, or nothing.
func (c *Clause) lacks(provides []history.Kind) string {
	if provides == nil {
		return ""
	}
	provided := func(m sla.Match) bool { return slices.Contains(provides, m.Kind) }
	if len(c.Start) > 0 && !slices.ContainsFunc(c.Start, provided) {
		return names(c.Start, " or ")
	}
	if len(c.Stop) > 0 && !slices.ContainsFunc(c.Stop, provided) {
		return names(c.Stop, " or ")
	}
	return names(slices.DeleteFunc(slices.Clone(c.StopAll), provided), " and ")
}

func names(ms []sla.Match, between string) string {
	texts := make([]string, len(ms))
	for i, m := range ms {
		texts[i] = m.String()
	}
	return strings.Join(texts, between)
}

package charter

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// String lists what the handbook runs clocks on and what it demands of the steps
// of cases, for people: its title, then a line for each clause with a clock in
// the latest version that is not dropped, with id, limit, from which entries to
// which it counts (as [Handbook.Needs] tells), and for which cases; then a line
// for each objective, each cadence and each consequence of an appraisal; then one for each demand, with id, what it
// demands (as [Lifecycle.String] and records.Content tell) and for which cases.
// [Handbook.MarshalJSON] has the rest.
func (h *Handbook) String() string {
	h = h.orZero()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s\n", h.id, h.version, h.title.In("en"))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	s := inForce(h.settings, lastDay)
	for i := range h.clauses {
		c := &h.clauses[i]
		t, ok := c.target(s)
		if !ok || !c.Effective.To.IsZero() {
			continue
		}
		limit := t.Span.String()
		if d, ok := c.Rule.(Deadline); ok {
			limit = d.limit()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.ID, cmp.Or(limit, "no figure"), ends(t.Metric), c.When)
	}
	_ = w.Flush() // to memory
	for i := range h.clauses {
		c := &h.clauses[i]
		if !c.Effective.To.IsZero() {
			continue
		}
		switch rule := c.Rule.(type) {
		case Objective:
			fmt.Fprintf(w, "%s\t%s\n", c.ID, rule)
		case Cadence:
			fmt.Fprintf(w, "%s\t%s\n", c.ID, rule)
		}
		for _, x := range c.Consequences {
			fmt.Fprintf(w, "%s\t%s\n", c.ID, bar(followLine(x)))
		}
	}
	_ = w.Flush()
	for i := range h.clauses {
		c := &h.clauses[i]
		if !c.Effective.To.IsZero() {
			continue
		}
		for line := range strings.Lines(c.Lifecycle.String()) {
			line = strings.TrimSuffix(line, "\n")
			for _, t := range c.When {
				if t.Attribute != history.KeyKind {
					line += ", where " + bar(sla.Condition{t}.String())
				}
			}
			fmt.Fprintf(w, "%s\t%s\n", c.ID, line)
		}
		for _, x := range h.contentOf(c) {
			line := bar(x.String())
			if len(x.When) > 0 {
				line += ", where " + bar(x.When.String())
			}
			fmt.Fprintf(w, "%s\t%s\n", c.ID, line)
		}
	}
	_ = w.Flush()
	return b.String()
}

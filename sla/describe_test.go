package sla_test

import (
	"fmt"
	"strings"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// describeRules prints what a failing property needs to be understood.
func describeRules(revisions []sla.Revision) string {
	var b strings.Builder
	target := func(x *sla.Target) {
		fmt.Fprintf(&b, "  %s %s %q calendar %q days %v when %v default %v", x.ID, x.Metric.Name, x.Span, x.Calendar, x.Days, x.When, x.Default)
		for _, w := range x.Warnings {
			fmt.Fprintf(&b, " %s@%s", w.Name, w.At)
		}
		for _, w := range x.Ladder {
			fmt.Fprintf(&b, " %s@%s", w.Name, w.At)
		}
		b.WriteString("\n")
	}
	for _, r := range revisions {
		fmt.Fprintf(&b, "revision %s from %s %v\n", r.ID, wall(r.From), r.Semantics)
		for i := range r.Targets {
			target(&r.Targets[i])
		}
		for _, p := range r.Policies {
			b.WriteString(" policy " + p.Name + "\n")
			for i := range p.Targets {
				target(&p.Targets[i])
			}
		}
	}
	return b.String()
}

func describeEntries(es []history.Entry) string {
	var b strings.Builder
	for _, e := range (history.History{Entries: es}).Sorted().Entries {
		fmt.Fprintf(&b, "%s seq=%d %s", wall(e.At), e.Seq, e.Kind)
		if e.Actor.Role != "" {
			b.WriteString(" by=" + e.Actor.Role)
		}
		for _, f := range e.Fields {
			b.WriteString(" " + f.Key + "=" + f.Value)
		}
		b.WriteString("\n")
	}
	return b.String()
}

package charter

import (
	"slices"
	"strings"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

// lifecycle looks for entries, roles, levels and values that nobody knows.
func (l *linter) lifecycle(x Lifecycle) {
	if x.Ticket != nil {
		l.tickets(x.Ticket)
	}
	if x.Complaint != nil {
		l.complaints(x.Complaint)
	}
	for _, part := range []struct {
		kind  string
		rules *incident.Rules
	}{{incident.KindIncident, x.Incident}, {"", x.Plan}} {
		if part.rules == nil {
			continue
		}
		for _, d := range part.rules.Demands {
			l.incidents(part.kind, d)
		}
	}
}

func (l *linter) tickets(r *ticket.Rules) {
	for _, d := range r.Demands {
		l.choices(kindTicket, d.When)
		for _, fact := range facts(d) {
			kind, field, _ := strings.Cut(strings.TrimSuffix(fact, "]"), "[")
			l.entry(history.Kind(kind))
			for cond := range strings.SplitSeq(field, ",") {
				name, values, valued := strings.Cut(cond, "=")
				if valued {
					l.choice(kindTicket, name, strings.Split(values, "|"))
				}
			}
		}
		l.role(d.Roles...)
	}
	for _, x := range r.Levels {
		l.choice(kindTicket, history.KeyLevel, []string{x.Name})
		l.role(x.Roles...)
	}
	for _, a := range r.Attributes {
		name := a.Name
		if kind, field, conditional := strings.Cut(name, "["); conditional {
			l.entry(history.Kind(kind))
			name = strings.TrimSuffix(field, "]")
		}
		l.choice(kindTicket, name, a.Values)
	}
}

// facts lists the facts that a demand on tickets names.
func facts(d ticket.Demand) (all []string) {
	for _, text := range slices.Concat(d.Order, []string{d.Step}, d.After) {
		if text != "" {
			all = append(all, strings.Split(text, " or ")...)
		}
	}
	return all
}

func (l *linter) complaints(r *complaint.Rules) {
	for _, f := range r.Flows {
		l.choices(complaint.KindComplaint, f.When)
		for _, kind := range slices.Concat(f.Steps...) {
			l.entry(kind)
		}
	}
	for _, d := range r.Demands {
		l.entry(d.Step)
		l.choices(complaint.KindComplaint, d.When)
		l.choices(complaint.KindComplaint, d.Values)
		l.role(d.Roles...)
	}
	for _, x := range r.Levels {
		l.choice(complaint.KindComplaint, history.KeyLevel, []string{x.Name})
		l.role(x.Roles...)
	}
	for _, a := range r.Attributes {
		l.choice(complaint.KindComplaint, a.Name, a.Values)
	}
}

func (l *linter) incidents(kind string, d incident.Demand) {
	l.entry(d.Step)
	for _, ref := range refs(d) {
		step, cond, _ := strings.Cut(strings.TrimSuffix(ref, "]"), "[")
		l.entry(history.Kind(step))
		if name, value, valued := strings.Cut(cond, "="); valued {
			l.choice(kind, name, []string{value})
		}
	}
	l.choices(kind, d.When)
	l.choices(kind, d.Values)
	l.role(d.Roles...)
	l.role(d.Lead...)
}

// refs lists the steps that a demand on incidents refers to.
func refs(d incident.Demand) (all []string) {
	for _, ref := range slices.Concat(d.After, d.Before) {
		all = append(all, strings.Split(ref, "|")...)
	}
	return all
}

func (l *linter) choices(kind string, of map[string][]string) {
	for _, key := range sortedKeys(of) {
		l.choice(kind, key, of[key])
	}
}

// choice looks at values that a field may have. A field that is no declared
// attribute is a free one, except that levels are known where a clause lists
// them; so is the field kind, since the kind of the case is settled here.
func (l *linter) choice(kind, key string, values []string) {
	switch key {
	case history.KeyKind:
		return
	case "role":
		l.role(values...)
		return
	}
	a := l.attributes.find(key)
	levels := l.levels(kind)
	for _, v := range values {
		unknown := a != nil && !declares(a, kind, v) || key == history.KeyLevel && len(levels) > 0 && !slices.Contains(levels, v)
		if v != "" && unknown {
			l.add(Finding{Code: CodeUndeclaredValue, Attribute: key, Value: v})
		}
	}
}

// declares reports whether an attribute may have the value in cases of a kind.
func declares(a *Attribute, kind, value string) bool {
	v := a.value(value)
	return v != nil && v.of(kind)
}

// levels are those that clauses list for cases of a kind.
func (l *linter) levels(kind string) (names []string) {
	switch kind {
	case kindTicket:
		for _, x := range l.course.tickets.Levels {
			names = append(names, x.Name)
		}
	case complaint.KindComplaint:
		for _, x := range l.course.complaints.Levels {
			names = append(names, x.Name)
		}
	}
	return names
}

package charter

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

func every(Deadline) bool { return true }

func (e SetLimit) apply(a *amender) {
	a.deadlines([]string{e.Clause}, every, func(d Deadline) (Deadline, error) {
		d.Within, d.Due = e.Within, e.Due
		return d, nil
	})
}

func (e NameBasis) apply(a *amender) {
	unnamed := func(s sla.Span) bool { return !s.IsZero() && s.Basis == sla.Unnamed }
	a.deadlines(e.Clauses, func(d Deadline) bool { return slices.ContainsFunc(d.Figures(), unnamed) },
		func(d Deadline) (Deadline, error) {
			name := func(s *sla.Span) error {
				if !unnamed(*s) {
					return nil
				}
				s.Basis = e.Basis
				if s.Basis == sla.WorkingDays && s.Length%(24*time.Hour) != 0 {
					return fmt.Errorf("%w: %v is no number of working days", ErrValue, s.Length)
				}
				return nil
			}
			err := name(&d.Within)
			d.Examples = slices.Clone(d.Examples)
			for i := range d.Examples {
				err = cmp.Or(err, name(&d.Examples[i]))
			}
			return d, err
		})
}

func (e SetCalendar) apply(a *amender) {
	a.set(func(s *Settings) {
		if s.Calendars == nil {
			s.Calendars = map[string]calendar.Spec{}
		}
		s.Calendars[e.Name] = e.Spec
	})
}

func (e UseCalendar) apply(a *amender) {
	a.deadlines(e.Clauses, func(d Deadline) bool { return needsCalendar(d.Within) }, func(d Deadline) (Deadline, error) {
		d.Calendar, d.Days = e.Calendar, e.Days
		return d, nil
	})
}

func (e SetWarnings) apply(a *amender) {
	a.deadlines(e.Clauses, every, func(d Deadline) (Deadline, error) {
		d.Warnings = e.Warnings
		return d, nil
	})
}

func (e SetLadder) apply(a *amender) {
	a.deadlines(e.Clauses, every, func(d Deadline) (Deadline, error) {
		d.Ladder = e.Ladder
		return d, nil
	})
}

func (e SetEscalation) apply(a *amender) {
	a.one(e.Clause, func(c *Clause) error {
		x, ok := c.Rule.(Escalation)
		if !ok {
			return fmt.Errorf("%w: %s", ErrKind, c.Kind)
		}
		x.Role = cmp.Or(e.Role, x.Role)
		x.Within, x.From, x.Until, x.Calendar, x.At, x.Clauses = e.Within, e.From, e.Until, e.Calendar, e.At, e.Clauses
		c.Rule = x
		return nil
	})
}

func (e SetPauses) apply(a *amender) {
	metrics := []string{e.Metric}
	if e.Metric == Every {
		metrics = a.metrics()
	}
	a.set(func(s *Settings) {
		if s.Pauses == nil {
			s.Pauses = map[string][]sla.Match{}
		}
		for _, metric := range metrics {
			if s.Pauses[metric] = e.On; len(e.On) == 0 {
				delete(s.Pauses, metric)
			}
		}
	})
}

// metrics lists those of the deadlines that are not dropped by a.on.
func (a *amender) metrics() (names []string) {
	for _, versions := range a.groups {
		last := versions[len(versions)-1]
		if d, ok := last.Rule.(Deadline); ok && !ended(last.Effective, a.on) && !slices.Contains(names, d.Metric) {
			names = append(names, d.Metric)
		}
	}
	return names
}

func (e SetProvides) apply(a *amender) { a.set(func(s *Settings) { s.Provides = e.Kinds }) }

func (e SetEnds) apply(a *amender) {
	a.deadlines([]string{e.Clause}, every, func(d Deadline) (Deadline, error) {
		if len(e.From) > 0 {
			d.From = e.From
		}
		if len(e.Until) > 0 || len(e.UntilAll) > 0 {
			d.Until, d.UntilAll = e.Until, e.UntilAll
		}
		return d, nil
	})
}

func (e SetCondition) apply(a *amender) {
	a.one(e.Clause, func(c *Clause) error {
		c.When = e.When
		return cmp.Or(c.inconsistencies()...)
	})
}

func (e SetLifecycle) apply(a *amender) {
	a.one(e.Clause, func(c *Clause) error {
		c.Lifecycle = e.Lifecycle
		return cmp.Or(c.inconsistencies()...)
	})
}

func (e SetSemantics) apply(a *amender) { a.set(func(s *Settings) { s.Semantics = e.Semantics }) }

func (e DeclareAttribute) apply(a *amender) {
	e.Attribute.Name = e.Name
	i := slices.IndexFunc(a.attributes, func(x Attribute) bool { return x.Name == e.Name })
	if i < 0 {
		a.attributes = append(a.attributes, e.Attribute)
		return
	}
	if same(a.attributes[i], e.Attribute) {
		a.fail("", "%w: the attribute %s", ErrNoChange, e.Name)
	}
	a.attributes[i] = e.Attribute
}

func (e DeclareRole) apply(a *amender) {
	i := slices.IndexFunc(a.roles, func(x Role) bool { return x.ID == e.Role.ID })
	if i < 0 {
		a.roles = append(a.roles, e.Role)
		return
	}
	if same(a.roles[i], e.Role) {
		a.fail("", "%w: the role %s", ErrNoChange, e.Role.ID)
	}
	a.roles[i] = e.Role
}

func same(a, b any) bool {
	x, err1 := marshal(a)
	y, err2 := marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func (e AddClause) apply(a *amender) {
	c := e.Clause
	if from := c.Effective.From; !from.IsZero() && from != a.on {
		a.fail(c.ID, "%w: the clause says %s, the change %v", ErrEffective, c.Effective, a.on)
		return
	}
	c.Effective.From, c.Amended = a.on, []Amendment{a.note}
	i, ok := a.index[c.ID]
	if !ok {
		a.index[c.ID] = len(a.groups)
		a.groups = append(a.groups, []Clause{c})
		return
	}
	if last := a.groups[i][len(a.groups[i])-1].Effective; !ended(last, a.on) {
		a.fail(c.ID, "%w: the clause is in force %s", ErrDuplicate, last)
		return
	}
	a.groups[i] = append(a.groups[i], c)
}

func (e DropClause) apply(a *amender) {
	versions := a.group(e.Clause)
	if versions == nil {
		return
	}
	n := len(*versions)
	if (*versions)[n-1].Effective.From == a.on {
		// Of a version that begins on this very day nothing is left.
		if n == 1 {
			a.fail(e.Clause, "%w: it would never have been in force", ErrEffective)
			return
		}
		*versions = (*versions)[:n-1]
	}
	last := &(*versions)[len(*versions)-1]
	if !ended(last.Effective, a.on) {
		last.Effective.To = a.on
	}
	last.Amended = append(slices.Clone(last.Amended), a.note)
}

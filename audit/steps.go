package audit

import (
	"slices"
	"strings"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/ticket"
)

// steps tell of which entries the clauses of one set of rules speak. The checks of the lifecycles find what is wrong; with this it can be told
// in which of the other cases something was looked at.
type steps struct {
	by  map[history.Kind][]asked
	all []asked // each clause with each condition once
}

// asked is a clause that speaks of an entry.
type asked struct {
	clause int32
	on     sla.Match
	when   map[string][]string // attributes and the values that they may have; "" is none, and an empty list any
}

// stepsOf reads rules of one of the lifecycles, once each: a handbook makes them once for each stretch of dates.
func (c *conductJudge) stepsOf(rules any) *steps {
	if s, ok := c.steps[rules]; ok {
		return s
	}
	s := &steps{by: map[history.Kind][]asked{}}
	add := func(clause, on string, when map[string][]string) {
		row, ok := c.clause[clause]
		if !ok {
			return
		}
		for one := range strings.SplitSeq(on, " or ") {
			m, err := sla.ParseMatch(one)
			if err != nil {
				kind, _, _ := strings.Cut(one, "[")
				m = sla.Match{Kind: history.Kind(kind)}
			}
			a := asked{clause: row, on: m, when: when}
			s.by[m.Kind] = append(s.by[m.Kind], a)
			s.all = append(s.all, a)
		}
	}
	attributes := func(clause, name string) {
		if kind, field, of := strings.Cut(name, "["); of {
			add(clause, kind+"["+field, nil)
			return
		}
		for _, k := range history.Kinds() {
			if history.SetsAttributes(k) {
				add(clause, string(k)+"["+name+"]", nil)
			}
		}
	}
	switch r := rules.(type) {
	case *ticket.Rules:
		for _, d := range r.Demands {
			if d.Step != "" {
				add(d.Clause, d.Step, d.When)
			}
			for _, on := range d.Order[min(1, len(d.Order)):] {
				add(d.Clause, on, d.When)
			}
		}
		for _, l := range r.Levels {
			for _, k := range []history.Kind{history.Escalated, history.Started, history.FirstHandled, history.Resolved} {
				add(l.Clause, string(k), nil)
			}
		}
		for _, a := range r.Attributes {
			attributes(a.Clause, a.Name)
		}
	case *complaint.Rules:
		for _, f := range r.Flows {
			for _, place := range f.Steps[min(1, len(f.Steps)):] {
				for _, k := range place {
					add(f.Clause, string(k), f.When)
				}
			}
		}
		for _, d := range r.Demands {
			add(d.Clause, string(d.Step), d.When)
		}
		for _, l := range r.Levels {
			for _, k := range []history.Kind{history.Escalated, history.Opened, history.Accepted} {
				add(l.Clause, string(k), nil)
			}
		}
		for _, a := range r.Attributes {
			attributes(a.Clause, a.Name)
		}
	case *incident.Rules:
		for _, d := range r.Demands {
			add(d.Clause, string(d.Step), d.When)
		}
	}
	c.steps[rules] = s
	return s
}

// reach notes of each clause whether the case has come to a step that it speaks of.
func (c *conductJudge) reach(class string, of func(*history.Entry) *steps) {
	c.stands(c.basic[class], inOrder)
	var last *steps
	for i := range c.entries {
		e := &c.entries[i]
		last = of(e)
		for _, a := range last.by[e.Kind] {
			if c.standing[a.clause] != inOrder && a.on.Matches(e) && c.meets(a.when, i) {
				c.stands(a.clause, inOrder)
			}
		}
	}
	for _, a := range last.all {
		if c.standing[a.clause] == elsewhere && c.meets(a.when, len(c.entries)-1) {
			c.stands(a.clause, notYet)
		}
	}
}

// meets tells whether a condition holds at an entry: by its own fields, or else by the attributes of the case.
func (c *conductJudge) meets(when map[string][]string, entry int) bool {
	for key, wanted := range when {
		value, has := c.entries[entry].Fields.Get(key)
		for i := entry - 1; i >= 0 && !has; i-- {
			if e := &c.entries[i]; history.SetsAttributes(e.Kind) {
				value, has = e.Fields.Get(key)
			}
		}
		if len(wanted) == 0 && value == "" || len(wanted) > 0 && !slices.Contains(wanted, value) {
			return false
		}
	}
	return true
}

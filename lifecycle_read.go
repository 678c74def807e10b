package charter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/ticket"
)

func (r *reader) lifecycle(v at) (l Lifecycle) {
	o := r.object(v, "ticket", "complaint", "incident", "plan")
	if o.ok && len(v.members) == 0 {
		r.fail(v, "%w: want ticket, complaint, incident or plan", ErrMissing)
	}
	if x, ok := o.get("ticket"); ok {
		p := r.part(x, "demands", "levels", "attributes")
		l.Ticket = &ticket.Rules{
			Demands: list(p, "demands", (*reader).ticketDemand),
			Levels: named(p, "levels", (*reader).level, func(x level) ticket.Level {
				return ticket.Level{Name: x.name, Roles: x.roles}
			}),
			Attributes: named(p, "attributes", (*reader).vocabulary, func(x vocabulary) ticket.Attribute {
				return ticket.Attribute{Name: x.name, Values: x.values}
			}),
		}
	}
	if x, ok := o.get("complaint"); ok {
		p := r.part(x, "flows", "demands", "levels", "attributes")
		l.Complaint = &complaint.Rules{
			Flows: list(p, "flows", (*reader).flow), Demands: list(p, "demands", (*reader).complaintDemand),
			Levels: named(p, "levels", (*reader).level, func(x level) complaint.Level {
				return complaint.Level{Name: x.name, Roles: x.roles}
			}),
			Attributes: named(p, "attributes", (*reader).vocabulary, func(x vocabulary) complaint.Attribute {
				return complaint.Attribute{Name: x.name, Values: x.values}
			}),
		}
	}
	if x, ok := o.get("incident"); ok {
		l.Incident = &incident.Rules{Demands: list(r.part(x, "demands"), "demands", (*reader).incidentDemand)}
	}
	if x, ok := o.get("plan"); ok {
		l.Plan = &incident.Rules{Demands: list(r.part(x, "demands"), "demands", (*reader).incidentDemand)}
	}
	return l
}

// part reads an object that says at least something.
func (r *reader) part(v at, fields ...string) object {
	o := r.object(v, fields...)
	if o.ok && len(v.members) == 0 {
		r.fail(v, "%w: want %s", ErrMissing, strings.Join(fields, " or "))
	}
	return o
}

func (r *reader) ticketDemand(v at) ticket.Demand {
	before := len(r.faults)
	o := r.object(v, "when", "order", "step", "after", "fields", "roles", "owned", "advised")
	d := ticket.Demand{
		When: o.choices("when", false), Order: o.texts("order"), Step: o.text("step"), After: o.texts("after"),
		Fields: o.texts("fields"), Roles: o.texts("roles"), Owned: o.flag("owned"), Advised: o.flag("advised"),
	}
	err := (&ticket.Rules{Demands: []ticket.Demand{d}}).Validate()
	if inner := errors.Unwrap(err); inner != nil && errors.Is(inner, ticket.ErrRules) {
		err = inner // without the number of the demand, which is always 1 here
	}
	r.sound(v, before, err)
	return d
}

func (r *reader) complaintDemand(v at) complaint.Demand {
	o := r.object(v, "when", "step", "fields", "known", "values", "roles", "advised")
	return complaint.Demand{
		When: o.choices("when", false), Step: history.Kind(o.needText("step")), Fields: o.texts("fields"), Known: o.texts("known"),
		Values: o.choices("values", false), Roles: o.texts("roles"), Advised: o.flag("advised"),
	}
}

func (r *reader) flow(v at) (f complaint.Flow) {
	o := r.object(v, "when", "steps", "advised")
	f.When, f.Advised = o.choices("when", false), o.flag("advised")
	steps, ok := o.need("steps")
	if !ok {
		return f
	}
	f.Steps = items(r, steps, func(r *reader, v at) []history.Kind { return items(r, v, (*reader).kind) })
	if steps.kind == '[' && len(f.Steps) == 1 {
		r.fail(steps, "%w: an order needs two steps", ErrMissing)
	}
	return f
}

func (r *reader) incidentDemand(v at) incident.Demand {
	before := len(r.faults)
	o := r.object(v, "when", "step", "after", "before", "once", "fields", "known", "values", "roles", "lead", "advised")
	d := incident.Demand{
		When: o.choices("when", true), Step: history.Kind(o.needText("step")), After: o.texts("after"), Before: o.texts("before"),
		Once: o.flag("once"), Fields: o.texts("fields"), Known: o.texts("known"), Values: o.choices("values", false),
		Roles: o.texts("roles"), Lead: o.texts("lead"), Advised: o.flag("advised"),
	}
	rules := incident.Rules{Demands: []incident.Demand{d}}
	for _, ref := range refs(d) {
		kind, _, _ := strings.Cut(ref, "[")
		rules.Demands = append(rules.Demands, incident.Demand{Step: history.Kind(kind)}) // whether anybody knows the kind is for Lint
	}
	r.sound(v, before, rules.Validate())
	return d
}

// sound notes what a lifecycle says of a demand, unless the demand has faults
// of its own.
func (r *reader) sound(v at, before int, err error) {
	if err != nil && len(r.faults) == before {
		r.fail(v, "%w: %w", ErrValue, err)
	}
}

func (r *reader) kind(v at) history.Kind { return history.Kind(r.text(v)) }

type level struct {
	name  string
	roles []string
}

func (r *reader) level(v at) (string, level) {
	o := r.object(v, "name", "roles")
	l := level{o.needText("name"), o.texts("roles")}
	return l.name, l
}

type vocabulary struct {
	name   string
	values []string
}

func (r *reader) vocabulary(v at) (string, vocabulary) {
	before := len(r.faults)
	o := r.object(v, "name", "values")
	x := vocabulary{name: o.needText("name")}
	if _, ok := o.need("values"); ok {
		x.values = o.texts("values")
	}
	r.sound(v, before, (&ticket.Rules{Attributes: []ticket.Attribute{{Name: x.name, Values: x.values}}}).Validate())
	return x.name, x
}

// named reads a list of things that have names, each once, into the form that
// one of the lifecycles has for them.
func named[X, T any](o object, name string, read func(*reader, at) (string, X), into func(X) T) []T {
	seen := map[string]bool{}
	return list(o, name, func(r *reader, v at) T {
		name, x := read(r, v)
		if seen[name] && name != "" {
			r.fail(v, "%w: %q", ErrDuplicate, clip(name))
		}
		seen[name] = true
		return into(x)
	})
}

// choices reads the values that each of some fields may have; "" is none. Where
// open, an empty list is any value.
func (o object) choices(name string, open bool) map[string][]string {
	v, ok := o.get(name)
	if !ok {
		return nil
	}
	if v.kind == '{' && len(v.members) == 0 {
		o.r.fail(v, "%w: an empty object; leave the field out", ErrMissing)
	}
	out := map[string][]string{}
	o.r.each(v, func(key string, v at) {
		switch {
		case key == "":
			o.r.fail(v, "%w: a field without a name", ErrMissing)
		case open && v.kind == '[' && len(v.items) == 0:
			out[key] = []string{}
		default:
			out[key] = items(o.r, v, func(r *reader, v at) string {
				if v.kind == '"' && v.node.text == "" {
					return ""
				}
				return r.text(v)
			})
		}
	})
	return out
}

// inconsistencies tell what of a clause's lifecycle does not go with its
// condition.
func (c *Clause) inconsistencies() (errs []error) {
	part := func(kind string, levels, attributes int) {
		for _, t := range c.When {
			switch {
			case t.Attribute != history.KeyKind && levels+attributes > 0:
				errs = append(errs, fmt.Errorf("%w: levels and attributes hold for every %s, not only where %s", ErrContradiction, kind, sla.Condition{t}))
			case t.Attribute == history.KeyKind && slices.Contains(t.Values, kind) == t.Not:
				errs = append(errs, fmt.Errorf("%w: steps of every %s are demanded, where %s", ErrContradiction, kind, sla.Condition{t}))
			}
		}
	}
	x := c.Lifecycle
	if x.Ticket != nil {
		part(kindTicket, len(x.Ticket.Levels), len(x.Ticket.Attributes))
	}
	if x.Complaint != nil {
		part(complaint.KindComplaint, len(x.Complaint.Levels), len(x.Complaint.Attributes))
	}
	if x.Incident != nil {
		part(incident.KindIncident, 0, 0)
	}
	if err := c.contentInconsistency(); err != nil {
		errs = append(errs, err)
	}
	if err := c.consequenceInconsistency(); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// oneLadder refuses a second clause that lists levels while the first does.
func (r *reader) oneLadder(v at, clauses []Clause) {
	var tickets, complaints []int
	for i := range clauses {
		c := &clauses[i]
		against := func(others *[]int, n int) {
			if n == 0 {
				return
			}
			for _, j := range *others {
				if o := &clauses[j]; o.ID != c.ID && o.Effective.meets(c.Effective) {
					r.fail(at{&v.items[i], fmt.Sprintf("clauses[%d].lifecycle", i)}, "%w: %s lists the levels", ErrDuplicate, clip(o.ID))
				}
			}
			*others = append(*others, i)
		}
		if x := c.Lifecycle.Ticket; x != nil {
			against(&tickets, len(x.Levels))
		}
		if x := c.Lifecycle.Complaint; x != nil {
			against(&complaints, len(x.Levels))
		}
	}
}

package charter

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

// Content returns what the clauses in force at an instant demand of the content
// of records, in the order of the handbook, each demand with the id of its
// clause and the clause's condition. A condition on the kind of case has become
// the record classes of a demand that names none, and narrows those of one that
// does. What they hold is shared with the handbook and not to be changed.
//
// In a handbook the demands stand beside the rule of a clause of any kind, as in
//
//	"content": [{"classes": ["person"], "on": "placed[post]", "where": "before", "holds": [["examined[passed=true]"]]}]
//
// with the members of [records.Content] but for clause and when, which are the
// clause's. A member of holds is a list of entries of which one will do.
func (h *Handbook) Content(at time.Time) []records.Content {
	h = h.orZero()
	var all []records.Content
	for c := range h.InForce(at) {
		all = append(all, h.contentOf(&c)...)
	}
	return all
}

// CheckRecord holds the history of a record of a class, such as "person",
// "asset" or "ticket", to what the clauses demand of its content. As with
// [Handbook.CheckTicket] what happened is held to what was demanded when it
// happened: an amendment asks nothing of the entries before it.
//
// The answers stand in the order of the handbook. Left out are clauses that do
// not speak of such a record, and versions of a clause in whose time nothing
// happened to it; so that a record without entries gives none.
//
// Classes are compared as they are. One that the handbook speaks of at no time
// ([Handbook.RecordClasses]), such as "Person" for "person", gives an error that
// matches [ErrUnknownClass], beside the answers of demands on records of every
// class: no answer is not to be taken for a sound record.
//
// It takes time in proportion to the demands times the entries: some
// microseconds for each demand that speaks of a record of ten entries.
func (h *Handbook) CheckRecord(class string, x history.History) ([]records.Holding, error) {
	h = h.orZero()
	demands := h.demanded()
	var err error
	if !slices.Contains(h.classed, class) {
		err = fmt.Errorf("charter: handbook %s: %w: %q", h.ID(), ErrUnknownClass, clip(class))
	}
	r := records.Record{ID: x.Case, Class: class, History: x.Sorted()}
	entries := r.History.Entries
	if len(entries) == 0 {
		return nil, err
	}
	first, last := entries[0].At, entries[len(entries)-1].At
	var all []records.Holding
	for i := range demands {
		d := &demands[i]
		if last.Before(d.from) || !d.to.IsZero() && !first.Before(d.to) {
			continue
		}
		if len(d.Classes) > 0 && !slices.Contains(d.Classes, class) {
			continue // elsewhere, without a look at the entries
		}
		if held := d.CheckWithin(r, d.from, d.to); held.State != records.Elsewhere {
			all = append(all, held)
		}
	}
	return all, err
}

// RecordClasses returns the classes of records of which the clauses in force at
// an instant speak, sorted: those that a demand on content or a retention names,
// and the kinds of case that the handbook declares.
func (h *Handbook) RecordClasses(at time.Time) []string {
	h = h.orZero()
	all := h.kinds()
	for c := range h.InForce(at) {
		all = append(all, h.classesOf(&c)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kinds are the kinds of case that the handbook declares.
func (h *Handbook) kinds() (all []string) {
	if a := h.attributes.find(history.KeyKind); a != nil {
		for i := range a.Values {
			all = append(all, a.Values[i].ID)
		}
	}
	return all
}

// classesOf are the record classes that a clause names.
func (h *Handbook) classesOf(c *Clause) (all []string) {
	for _, x := range h.contentOf(c) {
		all = append(all, x.Classes...)
	}
	if t, ok := c.Rule.(Retention); ok {
		all = append(all, t.Records...)
	}
	if c.Lifecycle.Plan != nil {
		all = append(all, "plan")
	}
	return all
}

// demand is a demand on content and the time for which it holds.
type demand struct {
	records.Content
	from, to time.Time
}

// demanded makes the demands of all versions of the clauses, and notes the classes.
func (h *Handbook) demanded() []demand {
	h.demandsOnce.Do(func() {
		h.classed = h.kinds()
		for i := range h.clauses {
			c := &h.clauses[i]
			h.classed = append(h.classed, h.classesOf(c)...)
			if len(c.Content) == 0 {
				continue
			}
			from, to := h.bounds(c.Effective)
			for _, x := range h.contentOf(c) {
				h.demands = append(h.demands, demand{x, from, to})
			}
		}
	})
	return h.demands
}

// bounds are the instants from which on, and up to which, a clause is in force.
func (h *Handbook) bounds(e Effective) (from, to time.Time) {
	if !e.From.IsZero() {
		from = dayStart(e.From, h.Location())
	}
	if !e.To.IsZero() {
		to = dayStart(e.To, h.Location())
	}
	return from, to
}

// contentOf joins the clause's id and condition to its demands.
func (h *Handbook) contentOf(c *Clause) []records.Content {
	all := slices.Clone(c.Content)
	for i := range all {
		x := &all[i]
		x.Clause, x.When = c.ID, slices.Clone(c.When)
		for _, t := range c.When {
			if t.Attribute == history.KeyKind {
				x.Classes = h.classes(x.Classes, t)
			}
		}
		x.When = slices.DeleteFunc(x.When, func(t sla.Term) bool { return t.Attribute == history.KeyKind })
	}
	return all
}

// classes are those record classes that a condition on the kind of case leaves.
func (h *Handbook) classes(own []string, kind sla.Term) []string {
	if len(own) == 0 {
		return slices.DeleteFunc(h.values(kind, ""), func(v string) bool { return v == "" })
	}
	return slices.DeleteFunc(slices.Clone(own), func(v string) bool { return slices.Contains(kind.Values, v) == kind.Not })
}

package access

import (
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// Fields of an accessed entry.
const (
	fieldAction     = "action"
	fieldRight      = "right"
	fieldAllowed    = "allowed"
	fieldRefused    = "refused"
	fieldClass      = "class"
	fieldGrade      = "grade"
	fieldAuthorised = "authorised_by"
	fieldClause     = "clause"
)

// Entry is the entry of kind accessed that records the decision: who asked for what, the answer in the field right (allowed or refused), and the clauses. A
// person's roles stand in the actor's role, parted by bars.
func (d Decision) Entry(at time.Time) history.Entry {
	r := d.Request
	right := fieldRefused
	if d.Allowed {
		right = fieldAllowed
	}
	fields := history.Of(fieldAction, string(r.Action), fieldRight, right)
	add := func(key, value string) {
		if value != "" {
			fields = append(fields, history.Field{Key: key, Value: value})
		}
	}
	add(fieldClass, r.Record.Class)
	add(fieldGrade, r.Record.Grade)
	add(fieldAuthorised, r.AuthorisedBy)
	for _, c := range d.Clauses() {
		add(fieldClause, c)
	}
	return history.Entry{
		At: at, Kind: history.Accessed, Actor: history.Actor{ID: r.Person.ID, Role: strings.Join(r.Person.Roles, "|")}, Fields: fields.Canonical(),
	}
}

// FromEntry reads an entry of kind accessed as a request about a record, and whether access was given. What the entry does not hold, such as the
// handlers and units, is taken from the record given; class and grade are those of the entry if it has them. ok is false for an entry of another kind or without an action.
func FromEntry(e history.Entry, of Record) (r Request, given, ok bool) {
	action, has := e.Fields.Get(fieldAction)
	if e.Kind != history.Accessed || !has {
		return Request{}, false, false
	}
	r = Request{Person: Person{ID: e.Actor.ID}, Action: Action(action), Record: of}
	if e.Actor.Role != "" {
		r.Person.Roles = strings.Split(e.Actor.Role, "|")
	}
	if class, ok := e.Fields.Get(fieldClass); ok {
		r.Record.Class = class
	}
	if grade, ok := e.Fields.Get(fieldGrade); ok {
		r.Record.Grade = grade
	}
	r.AuthorisedBy, _ = e.Fields.Get(fieldAuthorised)
	right, stated := e.Fields.Get(fieldRight)
	return r, !stated || right != fieldRefused, true
}

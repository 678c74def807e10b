package ticket

import (
	"slices"

	"github.com/servicecharter/charter/history"
)

// fold is what the entries up to some instant amount to.
type fold struct {
	program *program
	seen    []bool // by fact
	last    *history.Entry

	state      State
	owner      string
	held       bool
	reasons    []string
	unit       string
	persons    []string
	level      string
	tags       []string
	answer     string
	into       string
	parts      []string
	attributes map[string]string
}

func (p *program) start() *fold {
	f := &fold{program: p, seen: make([]bool, len(p.facts)), attributes: map[string]string{}}
	if len(p.rules.Levels) > 0 {
		f.level = p.rules.Levels[0].Name
	}
	return f
}

// apply takes an entry in, whether or not it should have happened.
func (f *fold) apply(e *history.Entry) {
	f.owner = f.ownerAfter(e)
	after := f.state.next(e)
	for i := range f.program.facts {
		f.seen[i] = f.seen[i] || f.program.facts[i].holds(e)
	}
	switch {
	case e.Kind == history.Held:
		f.held, f.reasons = true, values(e, history.KeyReason)
	case e.Kind == history.Resumed, !after.working():
		f.held, f.reasons = false, nil
	}
	if after == Handling && (e.Kind == history.Reopened || f.state == Resolved) {
		f.forget()
		f.answer, f.into = "", ""
	}
	f.state = after
	f.note(e)
	f.last = e
}

// note keeps what the accessors tell.
func (f *fold) note(e *history.Entry) {
	switch e.Kind {
	case history.Dispatched:
		f.unit, f.persons = value(e, history.KeyUnit), values(e, history.KeyPerson)
	case history.Merged:
		f.into = value(e, KeyInto)
	case history.ResultConfirmed:
		f.answer = value(e, history.KeyAnswer)
	}
	if !history.SetsAttributes(e.Kind) {
		return
	}
	for _, field := range slices.Backward(e.Fields) {
		if field.Value != "" {
			f.attributes[field.Key] = field.Value // in the end the first of several
		}
	}
	if level := value(e, history.KeyLevel); level != "" {
		f.level = level
	}
	if unit := value(e, history.KeyUnit); unit != "" {
		f.unit = unit
	}
	if persons := values(e, history.KeyPerson); persons != nil {
		f.persons = persons
	}
	if tags := values(e, history.KeyTags); tags != nil {
		f.tags = tags
	}
	f.parts = append(f.parts, values(e, KeyPart)...)
}

// forget lets the facts of an ending hold no longer.
func (f *fold) forget() {
	for i := range f.program.facts {
		switch f.program.facts[i].kind {
		case history.Resolved, history.Verified, history.ResultTold, history.ResultConfirmed, history.Surveyed, history.FollowedUp,
			history.Reviewed, history.Closed, history.Cancelled, history.Merged, history.Archived:
			f.seen[i] = false
		}
	}
}

// ownerAfter is who answers for the ticket once the entry is there.
func (f *fold) ownerAfter(e *history.Entry) string {
	if e.Kind == history.Opened && f.owner == "" {
		if first := value(e, KeyFirstAgent); first != "" {
			return first
		}
	}
	if ofTheCentre(e.Actor) && (e.Kind == history.Accepted || f.owner == "") {
		return e.Actor.ID
	}
	return f.owner
}

// ofTheCentre tells whether the actor is a person whom the customer can have reached.
func ofTheCentre(a history.Actor) bool {
	return a.ID != "" && a.Role != history.RoleCustomer && a.Role != RoleSystem
}

// attribute is the value of an attribute once the entry is there.
func (f *fold) attribute(e *history.Entry, key string) string {
	if history.SetsAttributes(e.Kind) {
		if v := value(e, key); v != "" {
			return v
		}
	}
	if key == history.KeyLevel {
		return f.level
	}
	return f.attributes[key]
}

// value is the first value of a field that is not empty.
func value(e *history.Entry, key string) string {
	for _, f := range e.Fields {
		if f.Key == key && f.Value != "" {
			return f.Value
		}
	}
	return ""
}

func values(e *history.Entry, key string) (all []string) {
	for _, f := range e.Fields {
		if f.Key == key && f.Value != "" {
			all = append(all, f.Value)
		}
	}
	return all
}

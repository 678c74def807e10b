package incident

import (
	"iter"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
)

// State is how far the case is.
type State string

// The states, as the last of these that is true. A reopened case is what it was before it was resolved.
const (
	New       State = ""         // no entry yet
	Detected  State = "detected" // found or reported
	Declared  State = "declared" // the plan is in force
	Restored  State = "restored" // the service runs again
	Resolved  State = "resolved" // the cause is dealt with
	OnHold    State = "on hold"  // work waits, whatever else was reached
	Closed    State = "closed"
	Merged    State = "merged"
	Cancelled State = "cancelled"
	Archived  State = "archived"
)

// State returns how far the case is.
func (i *Incident) State() State {
	c := i.course
	switch {
	case len(i.entries) == 0:
		return New
	case c.archived:
		return Archived
	case c.end != "":
		return State(c.end)
	case c.held:
		return OnHold
	case c.has(string(history.Resolved)):
		return Resolved
	case c.has(string(history.Restored)):
		return Restored
	case c.has(string(history.Declared)):
		return Declared
	default:
		return Detected
	}
}

// Attribute returns what an attribute of the case was last set to, such as history.KeySeverity, or nothing.
func (i *Incident) Attribute(key string) string {
	if values := i.course.attrs[key]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Severity is the attribute severity.
func (i *Incident) Severity() string { return i.Attribute(history.KeySeverity) }

// Lead is who leads, and in which role: as declared, or as escalated since.
func (i *Incident) Lead() history.Actor { return i.course.lead }

// Done tells whether a step has been taken and stands: a kind (restored), or a kind with a field (notified[audience=customers]).
func (i *Incident) Done(ref string) bool { return i.course.hasAny(ref) }

// Timeline yields the entries in the order in which things happened.
func (i *Incident) Timeline() iter.Seq[history.Entry] { return slices.Values(i.sorted()) }

// Record gathers every field that the entries have, each pair once and in canonical order: the record of the incident. Personal fields are left out.
func (i *Incident) Record() history.Fields {
	var all history.Fields
	for _, e := range i.entries {
		all = append(all, e.Fields...)
	}
	return all.Canonical()
}

// Grading is one setting of the severity.
type Grading struct {
	At       time.Time
	Severity string
	By       history.Actor
}

// Gradings are the changes of the severity, in the order in which they happened.
func (i *Incident) Gradings() []Grading {
	var all []Grading
	for _, e := range i.sorted() {
		s, ok := e.Fields.Get(history.KeySeverity)
		if ok && history.SetsAttributes(e.Kind) && (len(all) == 0 || all[len(all)-1].Severity != s) {
			all = append(all, Grading{e.At, s, e.Actor})
		}
	}
	return all
}

// Resources are those in use: each with its category and who uses it, in the order in which they were first taken.
func (i *Incident) Resources() []Resource {
	var all []Resource
	for _, e := range i.sorted() {
		id, ok := e.Fields.Get(KeyResource)
		if e.Kind != history.Kept || !ok {
			continue
		}
		n := slices.IndexFunc(all, func(r Resource) bool { return r.ID == id })
		switch released := e.Fields.Has(KeyState, Released); {
		case released && n >= 0:
			all = slices.Delete(all, n, n+1)
		case released:
		default:
			r := Resource{ID: id}
			r.Category, _ = e.Fields.Get(KeyCategory)
			r.User, _ = e.Fields.Get(KeyUser)
			if n >= 0 {
				all[n] = r
			} else {
				all = append(all, r)
			}
		}
	}
	return all
}

package incident

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
)

// Incident is one case: the entries that it was loaded with, and those that commands have added. Make one with [Load].
type Incident struct {
	id      string
	rules   *Rules
	entries []history.Entry // loaded, then added, by number
	loaded  int
	next    uint64
	course  *course
}

// Meta says when a step was taken, when it was written down, and by whom.
type Meta struct {
	// At is when it happened; zero: Now.
	At time.Time
	// Recorded is when it was written down; zero: Now, or At when Now is zero too.
	Recorded time.Time
	Actor    history.Actor
	// Now is the present. What happened or was recorded after it is refused as from the future; zero: no such check.
	Now time.Time
	// Fields are facts besides those that the command names: a place, a tag, a field of the host's.
	Fields history.Fields
	// Personal are facts about people; see [history.Entry].
	Personal history.Fields
}

// Load rebuilds a case from its entries, which may stand in any order; a history without entries is a new case. Nil rules are DefaultRules.
// The rules are kept and not to be changed; the history is copied.
//
// A history that breaks the rules is loaded all the same: see [Incident.Findings]. Refused, with a *history.EntryError, is what cannot be
// gone on with: entries without a number or with the same one (ErrNumber), numbers above history.MaxSeq, an entry without instant or
// kind; and, with a *StepError of ErrUnknown, a case whose attribute kind says that it is a ticket or a complaint.
func Load(h history.History, r *Rules) (*Incident, error) {
	i := &Incident{id: h.Case, rules: orDefault(r), entries: slices.Clone(h.Entries), loaded: len(h.Entries)}
	slices.SortStableFunc(i.entries, func(a, b history.Entry) int {
		switch {
		case a.Seq < b.Seq:
			return -1
		case a.Seq > b.Seq:
			return 1
		default:
			return 0
		}
	})
	for n := range i.entries {
		e := &i.entries[n]
		fault := func(field string, err error) (*Incident, error) {
			return nil, &history.EntryError{Case: h.Case, Seq: e.Seq, Field: field, Err: err}
		}
		switch {
		case e.Seq <= i.next:
			return fault("seq", ErrNumber)
		case e.Seq > history.MaxSeq:
			return fault("seq", history.ErrSeq)
		case e.At.IsZero():
			return fault("at", history.ErrTime)
		case e.Kind == "":
			return fault("kind", history.ErrKind)
		}
		if history.SetsAttributes(e.Kind) {
			for kind := range e.Fields.All(history.KeyKind) {
				if kind != KindIncident {
					return nil, i.refuse(Finding{Code: CodeUnknown, Seq: e.Seq, Step: e.Kind, Field: history.KeyKind}, ErrUnknown)
				}
			}
		}
		i.next = e.Seq
	}
	i.next++
	i.course = run(i.entries, i.rules)
	return i, nil
}

func (i *Incident) sorted() []history.Entry {
	return history.History{Entries: i.entries}.Sorted().Entries
}

// Add takes the step that the kind names: the command for kinds without a method of their own. The entry gets the fields given here and
// those of the meta. It returns a *StepError, and nothing has changed, when the entry would bring a finding that is not
// Advised, when it is from the future, or when it cannot be written (see [history.Entry.AppendCanonical]).
func (i *Incident) Add(m Meta, kind history.Kind, fields history.Fields) error {
	e := i.entry(m, kind, fields)
	if _, err := e.AppendCanonical(nil); err != nil {
		return i.refuse(Finding{Seq: e.Seq, Step: kind}, err)
	}
	switch {
	case m.Now.IsZero():
	case e.At.After(m.Now):
		return i.refuse(Finding{Code: CodeFuture, Seq: e.Seq, Step: kind, Field: "at"}, ErrFuture)
	case e.RecordedAt().After(m.Now):
		return i.refuse(Finding{Code: CodeFuture, Seq: e.Seq, Step: kind, Field: "recorded"}, ErrFuture)
	}
	found, after := i.try(e)
	for _, f := range found {
		if !f.Advised {
			return i.refuse(f, f.Code.sentinel())
		}
	}
	i.entries, i.course = append(i.entries, e), after
	i.next++
	return nil
}

// Lacking says what stands against a step, without taking it: the findings that it would bring. Nil means that [Incident.Add] would find
// nothing against it in the rules. It serves forms that show what is still missing, such as the report to management.
func (i *Incident) Lacking(m Meta, kind history.Kind, fields history.Fields) []Finding {
	found, _ := i.try(i.entry(m, kind, fields))
	return found
}

// entry makes the entry of a step. It shares nothing with what it is made from.
func (i *Incident) entry(m Meta, kind history.Kind, fields history.Fields) history.Entry {
	e := history.Entry{Seq: i.next, At: m.At, Recorded: m.Recorded, Kind: kind, Actor: m.Actor}
	if e.At.IsZero() {
		e.At = m.Now
	}
	if e.Recorded.IsZero() {
		e.Recorded = m.Now
	}
	e.At, e.Recorded = plain(e.At), plain(e.Recorded)
	if e.Recorded.Equal(e.At) {
		e.Recorded = time.Time{}
	}
	e.Fields = slices.Concat(fields, m.Fields).Canonical()
	e.Personal = slices.Clone(m.Personal).Canonical()
	return e
}

// plain is an instant as it comes back from canonical bytes.
func plain(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

// try goes through the case with one entry more and returns the findings that this brings.
func (i *Incident) try(e history.Entry) ([]Finding, *course) {
	after := run(append(i.entries[:len(i.entries):len(i.entries)], e), i.rules)
	before := make(map[Finding]struct{}, len(i.course.findings))
	for _, f := range i.course.findings {
		before[f] = struct{}{}
	}
	var found []Finding
	for _, f := range after.findings {
		if _, old := before[f]; !old {
			found = append(found, f)
		}
	}
	return found, after
}

func (i *Incident) refuse(f Finding, err error) error {
	return &StepError{Case: i.id, Seq: f.Seq, Step: f.Step, Code: f.Code, Field: f.Field, Need: f.Need, Clause: f.Clause, Err: err}
}

// Case is the name of the case.
func (i *Incident) Case() string { return i.id }

// Pending returns the entries added since Load, by number; the slice is the caller's.
func (i *Incident) Pending() []history.Entry { return slices.Clone(i.entries[i.loaded:]) }

// History returns all entries, by number; the slice is the caller's.
func (i *Incident) History() history.History {
	return history.History{Case: i.id, Entries: slices.Clone(i.entries)}
}

// Findings returns what [Check] finds in the case as it stands; the slice is the caller's.
func (i *Incident) Findings() []Finding { return slices.Clone(i.course.findings) }

package ticket

import (
	"maps"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
)

// Ticket is one service request, rebuilt from its entries. It is not for several goroutines at once.
type Ticket struct {
	id      string
	program *program
	entries []history.Entry // as they were recorded; from loaded on they are pending
	loaded  int
	seq     uint64
	now     *fold
}

// Meta is what every step has.
type Meta struct {
	// At is when it happened; zero: at Now.
	At time.Time
	// Recorded is when it is written down; zero: at Now, or at At when that is zero too.
	Recorded time.Time
	Actor    history.Actor
	// Now is the present. With it, what is recorded later than now is refused; without it only what is recorded before it happened.
	Now time.Time
	// Fields are free fields that the entry has beside those of the step, such as attributes or those that rules ask for.
	Fields history.Fields
	// Personal are data about people. No rule reads them.
	Personal history.Fields
}

// Load rebuilds a ticket from its history; one without entries is a new ticket, named h.Case. Nil rules are [DefaultRules]. Entries may
// come in any order and may deviate from the rules, which is for [Check] to find; what matters here is where they leave the ticket. The
// history is copied as far as the ticket changes it.
//
// Errors: [ErrRules], and a [*StepError] with [ErrUnknown] when the attribute kind says that the case is a complaint or an incident.
func Load(h history.History, r *Rules) (*Ticket, error) {
	p, err := r.program()
	if err != nil {
		return nil, err
	}
	t := &Ticket{id: h.Case, program: p, entries: slices.Clip(h.Entries), loaded: len(h.Entries)}
	for i := range h.Entries {
		e := &h.Entries[i]
		t.seq = max(t.seq, e.Seq)
		if kind, _ := e.Fields.Get(history.KeyKind); e.Kind == history.Opened && kind != "" && kind != kindOfCase {
			f := Finding{Code: CodeUnknown, Index: i, Seq: e.Seq, Step: e.Kind, At: e.At, Field: history.KeyKind, Wants: []string{kindOfCase}}
			return nil, t.refusal(e, f)
		}
	}
	t.now, _ = p.read(t.entries, false)
	return t, nil
}

// Case is the id of the case.
func (t *Ticket) Case() string { return t.id }

// Pending returns the entries that were added since the ticket was loaded, numbered on from the highest number there was. The slice is the
// caller's.
func (t *Ticket) Pending() []history.Entry { return slices.Clone(t.entries[t.loaded:]) }

// History returns all entries: those loaded, as they stood, and then the pending ones. The slice is the caller's.
func (t *Ticket) History() history.History {
	return history.History{Case: t.id, Entries: slices.Clone(t.entries)}
}

// State is how far the ticket is.
func (t *Ticket) State() State { return t.now.state }

// OnHold tells whether work waits, and for what.
func (t *Ticket) OnHold() (reasons []string, held bool) {
	return slices.Clone(t.now.reasons), t.now.held
}

// Owner is the id of the one who answers for the ticket to the customer: the first contact, until somebody accepts it elsewhere. The first
// contact is named by the field first_agent of the opening; else it is the first actor of the centre in the history. Customers and programs
// (RoleSystem) own nothing, nor do actors without an id. Empty: nobody yet.
func (t *Ticket) Owner() string { return t.now.owner }

// Level is who handles: the level that was set last, at first the lowest of Rules.Levels.
func (t *Ticket) Level() string { return t.now.level }

// Unit is the group that has the ticket, if any.
func (t *Ticket) Unit() string { return t.now.unit }

// Person is the first of those to whom the ticket was given, if any. A dispatch to a unit alone takes it from them.
func (t *Ticket) Person() string {
	if len(t.now.persons) == 0 {
		return ""
	}
	return t.now.persons[0]
}

// Persons are all to whom the ticket was given.
func (t *Ticket) Persons() []string { return slices.Clone(t.now.persons) }

// Tags are the tags that were set last.
func (t *Ticket) Tags() []string { return slices.Clone(t.now.tags) }

// Answer is what the customer last said of the result: accepted, disputed, or empty for nothing. Reopening forgets it.
func (t *Ticket) Answer() string { return t.now.answer }

// MergedInto is the case in which this one goes on, if it was merged.
func (t *Ticket) MergedInto() string { return t.now.into }

// Parts are the cases that were split off.
func (t *Ticket) Parts() []string { return slices.Clone(t.now.parts) }

// Attribute is the value of an attribute: the first one of the latest entry that sets it; empty when there is none.
func (t *Ticket) Attribute(key string) string { return t.now.attributes[key] }

// Attributes are all attributes in canonical order, each with its first value; see also [Ticket.Tags] and [Ticket.Persons].
func (t *Ticket) Attributes() history.Fields { return history.NewFields(maps.Clone(t.now.attributes)) }

// Record takes a step of any kind; the methods named after steps are short for it. It is how a host takes steps of its own. The fields are
// joined with those of m.
//
// Errors: a [*StepError]; a *history.EntryError for what cannot be written, such as an entry without an instant. Then nothing was recorded.
func (t *Ticket) Record(m Meta, kind history.Kind, fields history.Fields) error {
	e := history.Entry{
		Seq: t.seq + 1, At: m.At, Recorded: m.Recorded, Kind: kind, Actor: m.Actor,
		Fields:   slices.Concat(fields, m.Fields).Canonical(),
		Personal: slices.Clone(m.Personal).Canonical(),
	}
	if e.At.IsZero() {
		e.At = m.Now
	}
	if e.Recorded.IsZero() {
		e.Recorded = m.Now
	}
	if e.Recorded.Equal(e.At) {
		e.Recorded = time.Time{}
	}
	if err := t.writable(&e); err != nil {
		return err
	}
	if !m.Now.IsZero() && e.RecordedAt().After(m.Now) && !t.program.rules.lenient(CodeFuture) {
		field := "recorded"
		if e.Recorded.IsZero() {
			field = "at"
		}
		return t.refusal(&e, Finding{Code: CodeFuture, Seq: e.Seq, Step: kind, At: e.At, Field: field, State: t.now.state})
	}
	entries := append(t.entries, e)
	if t.now.last != nil && compare(e, *t.now.last) < 0 {
		return t.insert(entries)
	}
	for _, f := range t.now.judge(&e) {
		if !f.Advised {
			return t.refusal(&e, f)
		}
	}
	t.entries, t.seq = entries, e.Seq
	t.now.apply(&t.entries[len(t.entries)-1])
	return nil
}

func (t *Ticket) writable(e *history.Entry) error {
	_, err := e.AppendLine(nil, t.id)
	return err
}

// insert takes a step that happened before others. It must not make anything wrong that is right without it.
func (t *Ticket) insert(entries []history.Entry) error {
	late := &entries[len(entries)-1]
	type fault struct {
		index  int
		code   Code
		clause string
		field  string
		wants  string
	}
	identify := func(f Finding) fault {
		first := ""
		if len(f.Wants) > 0 {
			first = f.Wants[0]
		}
		return fault{f.Index, f.Code, f.Clause, f.Field, first}
	}
	known := map[fault]bool{}
	_, before := t.program.read(t.entries, true)
	for _, f := range before {
		known[identify(f)] = true
	}
	fold, after := t.program.read(entries, true)
	for _, f := range after {
		if f.Advised || known[identify(f)] {
			continue
		}
		err := t.refusal(late, f)
		err.After = f.Index != len(entries)-1
		return err
	}
	t.entries, t.seq, t.now = entries, late.Seq, fold
	return nil
}

func (t *Ticket) refusal(e *history.Entry, f Finding) *StepError {
	return &StepError{Case: t.id, Step: e.Kind, Field: f.Field, Clause: f.Clause, Finding: f, Err: sentinel(f.Code)}
}

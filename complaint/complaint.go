package complaint

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/servicecharter/charter/history"
)

// Complaint is one complaint, rebuilt from its entries. The zero Complaint has no case and the rules of [DefaultRules]; Load gives one
// that has. It is for one goroutine at a time.
type Complaint struct {
	id      string
	rules   *Rules
	entries []history.Entry // in the order of Seq, as loaded and then as added
	loaded  int
	last    history.Entry // the latest in the order of happening
	seq     uint64
	*fold
}

// Meta is what every step has: when it happened, when it is recorded, and who took it.
type Meta struct {
	// At is when it happened; zero means Now. One of them is required.
	At time.Time
	// Recorded is when it is written down; zero means Now or, when that is zero too, At.
	Recorded time.Time
	Actor    history.Actor
	// Now is the present, against which At and Recorded are held; zero holds At against Recorded only.
	Now time.Time
	// Fields are further facts of the host's, added to those of the step.
	Fields history.Fields
	// Personal is data about people: the complainant's name and number, what a recording says.
	Personal history.Fields
}

// Load rebuilds a complaint from its entries; a history without entries is a complaint that is not yet opened. Nil rules are
// [DefaultRules].
//
// What is in the history is taken as it is, even where it deviates from the rules: rules change, and a case that was begun under others
// must go on. Use Check to see deviations. Errors are for what cannot be gone on with: rules that cannot be meant (ErrRules), an entry
// without canonical bytes (*history.EntryError), a number that two entries have (history.ErrSeq). Entries without a number count in the
// order in which they stand. The history is not changed or kept.
func Load(h history.History, r *Rules) (*Complaint, error) {
	fail := func(err error) (*Complaint, error) {
		return nil, fmt.Errorf("complaint %s: %w", clip(h.Case), err)
	}
	if err := r.Validate(); err != nil {
		return fail(err)
	}
	if r == nil {
		r = DefaultRules()
	}
	c := &Complaint{id: h.Case, rules: r, entries: slices.Clone(h.Entries), loaded: len(h.Entries)}
	seen := make(map[uint64]bool, len(h.Entries))
	for _, e := range h.Entries {
		if _, err := e.AppendCanonical(nil); err != nil {
			return fail(err)
		}
		if e.Seq > 0 && seen[e.Seq] {
			return fail(fmt.Errorf("two entries have the number %d: %w", e.Seq, history.ErrSeq))
		}
		seen[e.Seq] = true
		c.seq = max(c.seq, e.Seq)
		if c.last.At.IsZero() || earlier(e, c.last) >= 0 {
			c.last = e
		}
	}
	c.seq = max(c.seq, uint64(len(h.Entries)))
	c.fold = rebuild(c.entries)
	return c, nil
}

// Record takes a step of any kind, with the fields given and those of the Meta; the other methods are ways of calling it. It is for the
// steps that have no method and for the host's own kinds. Either the step is added or the error tells why not: *StepError.
//
// Where several rules refuse the step, the error is about the first: the course that every complaint obeys, then vocabulary, levels,
// flows and demands in their order.
func (c *Complaint) Record(m Meta, step history.Kind, fields history.Fields) error {
	if c.fold == nil {
		c.fold, c.rules = newFold(), DefaultRules()
	}
	refuse := func(field string, err error) error {
		return &StepError{Case: c.id, Step: step, Field: field, Err: err}
	}
	if m.At.IsZero() {
		m.At = m.Now
	}
	recorded := m.Recorded
	if recorded.IsZero() {
		recorded = m.Now
	}
	switch {
	case m.At.IsZero():
		return refuse("at", ErrField)
	case !m.Now.IsZero() && m.At.After(m.Now):
		return refuse("at", ErrFuture)
	case !m.Now.IsZero() && recorded.After(m.Now):
		return refuse("recorded", ErrFuture)
	case bookkeeping(step):
		return refuse("", ErrUnknown)
	}
	e := history.Entry{
		Seq: c.seq + 1, At: m.At, Recorded: recorded, Kind: step, Actor: m.Actor,
		Fields: slices.Concat(fields, m.Fields).Canonical(), Personal: slices.Clone(m.Personal),
	}
	if _, err := e.AppendCanonical(nil); err != nil {
		var at *history.EntryError
		if errors.As(err, &at) {
			return refuse(at.Field, at.Err)
		}
		return refuse("", err)
	}
	for _, f := range c.place(e) {
		if !f.Advised {
			return refusal(c.id, f)
		}
	}
	c.entries = append(c.entries, e)
	c.seq = e.Seq
	if earlier(e, c.last) < 0 {
		c.fold = rebuild(c.entries)
		return nil
	}
	c.last = e
	c.fold.apply(e)
	return nil
}

// place tells what is wrong with an entry at its place in time: with itself, or with later steps because of it.
func (c *Complaint) place(e history.Entry) []Finding {
	if earlier(e, c.last) >= 0 {
		return c.judge(e, c.rules)
	}
	name := func(f Finding) string { return strconv.Itoa(f.Index) + f.String() }
	before := deviations(c.entries, c.rules)
	after := deviations(append(slices.Clip(c.entries), e), c.rules)
	known := make(map[string]bool, len(before))
	for _, f := range before {
		known[name(f)] = true
	}
	return slices.DeleteFunc(after, func(f Finding) bool { return known[name(f)] })
}

// Pending returns the entries that were added since Load, numbered on. They are the caller's to store; the slice is shared, its elements
// are not to be changed.
func (c *Complaint) Pending() []history.Entry { return slices.Clip(c.entries[c.loaded:]) }

// History returns all entries, those that were loaded first.
func (c *Complaint) History() history.History {
	return history.History{Case: c.id, Entries: slices.Clip(c.entries)}
}

// Case returns the id of the case.
func (c *Complaint) Case() string { return c.id }

// State tells where the complaint stands.
func (c *Complaint) State() State { return c.now().state }

// Attribute returns the value of an attribute of the case, the first where there are several.
func (c *Complaint) Attribute(key string) string { return first(c.now().attributes[key]) }

// Severity returns how grave the complaint is, as it was last classified.
func (c *Complaint) Severity() string { return c.Attribute(history.KeySeverity) }

// Provisional tells whether class and severity are those of the report: no classification with basis=analysis has been made.
func (c *Complaint) Provisional() bool { return c.now().provisional }

// Level returns the level that has the complaint: as it was last set, else the first of the rules.
func (c *Complaint) Level() string {
	if l := c.Attribute(history.KeyLevel); l != "" || c.rules == nil || len(c.rules.Levels) == 0 {
		return l
	}
	return c.rules.Levels[0].Name
}

// Unit returns the group that has the complaint.
func (c *Complaint) Unit() string { return c.Attribute(history.KeyUnit) }

// Owner returns who answers for the complaint: the first contact, until somebody else accepts it. Dispatching alone moves nothing.
func (c *Complaint) Owner() string { return c.now().owner }

// Grade returns the grade of confidentiality; who may see a complaint of it is for the host's access rules.
func (c *Complaint) Grade() string { return c.Attribute(KeyGrade) }

// Answer returns what the complainant says of the result: AnswerAccepted, AnswerDisputed, or empty while nothing has been said of the
// latest result. It is independent of State.
func (c *Complaint) Answer() string { return c.now().answer }

// Solution returns the latest plan.
func (c *Complaint) Solution() Solution {
	s := c.now().solution
	s.Measures = slices.Clone(s.Measures)
	return s
}

// Changes returns how attributes were set and set again, in the order in which it happened.
func (c *Complaint) Changes() []Change { return slices.Clone(c.now().changes) }

// Done tells whether a step has been taken and stands: a setback undoes plan, solution, result and answer.
func (c *Complaint) Done(step history.Kind) bool { return c.now().done[step] }

// Attributes returns all attributes, each with its values. The map is the caller's.
func (c *Complaint) Attributes() map[string][]string {
	all := make(map[string][]string, len(c.now().attributes))
	for key, vs := range c.now().attributes {
		all[key] = slices.Clone(vs)
	}
	return all
}

func (c *Complaint) now() *fold {
	if c.fold == nil {
		return newFold()
	}
	return c.fold
}

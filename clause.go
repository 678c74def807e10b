package charter

import (
	"slices"
	"unicode"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Clause is one version of one rule of a handbook. It is plain data; the
// slices of a clause that a [Handbook] returned belong to that handbook and
// are not to be changed.
type Clause struct {
	// ID is stable: clocks, verdicts and notices carry it. By convention it is
	// the handbook's id, a slash, the section and a short name, such as
	// "standard/2.2.1-urgent". All versions of a clause share it.
	ID      string
	Section string // as the source prints it; may be empty for a host's own
	Subject Subject
	Kind    Kind
	Check   Check
	Text    Text
	Source  string // where in the source it stands
	// Effective is when this version is in force.
	Effective Effective
	// When limits the clause to some cases; empty means every case.
	When sla.Condition
	// Rule is what the clause says by its kind: a [Deadline], a [Classification],
	// an [Escalation], a [Retention], an [Access], an [Objective], a [Cadence], or
	// [Carried] for all other kinds. Only a deadline, a classification and an
	// escalation always have one; else it may be nil.
	Rule Rule
	// Measures are the ids of the measures that the clause, of whatever kind,
	// speaks of without bounding them; see [Handbook.Measures].
	Measures []string
	// Consequences are what the clause, of whatever kind, says follows from an
	// appraisal, without their Clause, which is its own. See
	// [Handbook.Consequences].
	Consequences []quality.Consequence
	// Lifecycle is what the clause, of whatever kind, demands of the steps of
	// tickets, complaints and incidents.
	Lifecycle Lifecycle
	// Content is what the clause, of whatever kind, demands of the content of
	// records, without their Clause and When, which are the clause's own. See
	// [Handbook.Content].
	Content []records.Content
	// Notes tell what the text leaves open and how it was read.
	Notes Text
	// Conflicts are the ids of clauses that say something else on the matter.
	Conflicts []string
	// Amended tells which changes made this version, in their order.
	Amended []Amendment
}

// Kind is what sort of rule a clause is.
type Kind string

// The kinds of clauses. Deadline, Classification, Escalation, Retention, Access,
// Objective and Cadence have typed rules; the rules of all others are carried as
// they are. Measures, consequences of an appraisal, a [Lifecycle] and demands on
// the content of records may stand in a clause of any kind.
const (
	KindDeadline       Kind = "deadline"       // a time limit on one case
	KindClassification Kind = "classification" // a set of values and how to assign them
	KindEscalation     Kind = "escalation"     // who takes over
	KindObjective      Kind = "objective"      // a bound on an aggregate
	KindBaseline       Kind = "baseline"       // a reported figure of the past
	KindRetention      Kind = "retention"      // how long something is kept, how protected
	KindWorkflow       Kind = "workflow"       // ordered steps or states
	KindFields         Kind = "fields"         // what must be recorded
	KindRole           Kind = "role"           // a responsibility
	KindCadence        Kind = "cadence"        // something done every so often
	KindProhibition    Kind = "prohibition"    // what must not be done
	KindAccess         Kind = "access"         // who may see or do what
	KindPractice       Kind = "practice"       // a way of working
)

// Subject is the field of service a clause is about.
type Subject string

// The subjects of clauses.
const (
	SubjectSLA        Subject = "sla"
	SubjectTicket     Subject = "ticket"
	SubjectComplaint  Subject = "complaint"
	SubjectIncident   Subject = "incident"
	SubjectQuality    Subject = "quality"
	SubjectRetention  Subject = "retention"
	SubjectPeople     Subject = "people"
	SubjectChannel    Subject = "channel"
	SubjectEquipment  Subject = "equipment"
	SubjectSecurity   Subject = "security"
	SubjectGovernance Subject = "governance"
)

// Check is how it can be told whether a clause is kept.
type Check string

// The ways to check a clause.
const (
	CheckDecidable Check = "decidable" // from the entries of one case
	CheckMeasured  Check = "measured"  // from an aggregate over many
	CheckAttested  Check = "attested"  // a person must attest it
	CheckNone      Check = "none"      // background: nothing to check
)

var (
	kinds = []Kind{
		KindDeadline, KindClassification, KindEscalation, KindObjective, KindBaseline, KindRetention, KindWorkflow,
		KindFields, KindRole, KindCadence, KindProhibition, KindAccess, KindPractice,
	}
	subjects = []Subject{
		SubjectSLA, SubjectTicket, SubjectComplaint, SubjectIncident, SubjectQuality, SubjectRetention, SubjectPeople,
		SubjectChannel, SubjectEquipment, SubjectSecurity, SubjectGovernance,
	}
	checks = []Check{CheckDecidable, CheckMeasured, CheckAttested, CheckNone}
)

// Effective is a stretch of civil dates, in the handbook's zone: from the
// beginning of From, up to but without the day To. A zero From is always, a
// zero To for ever.
type Effective struct {
	From calendar.Date `json:"from,omitzero"`
	To   calendar.Date `json:"to,omitzero"`
}

// Holds reports whether the date lies within.
func (e Effective) Holds(d calendar.Date) bool {
	return e.From.Compare(d) <= 0 && (e.To.IsZero() || d.Compare(e.To) < 0)
}

// meets reports whether there is a day in both.
func (e Effective) meets(o Effective) bool {
	ends := func(e, o Effective) bool { return !e.To.IsZero() && e.To.Compare(o.From) <= 0 }
	return !ends(e, o) && !ends(o, e)
}

// String renders it as "2025-01-01 to 2026-01-01", "from 2025-01-01", "until
// 2026-01-01" or "always".
func (e Effective) String() string {
	switch {
	case e == Effective{}:
		return "always"
	case e.To.IsZero():
		return "from " + e.From.String()
	case e.From.IsZero():
		return "until " + e.To.String()
	}
	return e.From.String() + " to " + e.To.String()
}

// Amendment is a change that made a version what it is.
type Amendment struct {
	Op     string `json:"op"` // as in the patch: "limit", "drop", …
	Reason string `json:"reason"`
	By     string `json:"by,omitempty"`
}

func (r *reader) clause(v at) (c Clause) {
	o := r.object(v, "id", "section", "subject", "kind", "check", "text", "source", "effective", "when", "rule",
		"measures", "consequences", "lifecycle", "content", "notes", "conflicts", "amended")
	if id, ok := o.need("id"); ok {
		c.ID = r.id(id)
	}
	c.Section, c.Source = o.text("section"), o.text("source")
	c.Subject = oneOf(o, "subject", subjects)
	c.Kind = oneOf(o, "kind", kinds)
	c.Check = oneOf(o, "check", checks)
	if t, ok := o.need("text"); ok {
		c.Text = r.both(t)
	}
	c.Effective = o.effective()
	if w, ok := o.get("when"); ok {
		c.When = r.condition(w)
	}
	c.Rule = o.rule(c.Kind)
	c.Measures = list(o, "measures", (*reader).id)
	for i, id := range c.Measures {
		if slices.Contains(c.Measures[:i], id) {
			r.fail(at{o.member("measures"), join(v.path, "measures")}, "%w: %q", ErrDuplicate, clip(id))
		}
	}
	if c.Consequences = o.consequences(c.ID); c.Consequences != nil {
		if err := c.consequenceInconsistency(); err != nil {
			x, _ := o.get("consequences")
			r.fail(x, "%w", err)
		}
	}
	if l, ok := o.get("lifecycle"); ok {
		c.Lifecycle = r.lifecycle(l)
		for _, err := range c.inconsistencies() {
			r.fail(l, "%w", err)
		}
	}
	if c.Content = o.content(c.ID); c.Content != nil {
		if err := c.contentInconsistency(); err != nil {
			x, _ := o.get("content")
			r.fail(x, "%w", err)
		}
	}
	if n, ok := o.get("notes"); ok {
		c.Notes = r.both(n)
	}
	c.Conflicts = o.texts("conflicts")
	c.Amended = list(o, "amended", (*reader).amendment)
	return c
}

// id reads an id: a text without white space or control characters.
func (r *reader) id(v at) string {
	before := len(r.faults)
	s := r.text(v)
	if len(r.faults) == before && (len(s) > 200 || slices.ContainsFunc([]rune(s), func(c rune) bool { return c < ' ' || unicode.IsSpace(c) })) {
		r.fail(v, "%w %q: an id has no white space and at most 200 bytes", ErrValue, clip(s))
	}
	return s
}

func (o object) effective() (e Effective) {
	v, ok := o.get("effective")
	if !ok {
		return e
	}
	in := o.r.object(v, "from", "to")
	in.parse("from", &e.From)
	in.parse("to", &e.To)
	switch {
	case in.ok && len(v.members) == 0:
		o.r.fail(v, "%w: want from, to or both", ErrMissing)
	case !e.To.IsZero() && e.From.Compare(e.To) >= 0:
		o.r.fail(v, "%w: from %v is not before to %v", ErrEffective, e.From, e.To)
	}
	return e
}

func (r *reader) amendment(v at) Amendment {
	o := r.object(v, "op", "reason", "by")
	return Amendment{o.needText("op"), o.needText("reason"), o.text("by")}
}

// condition reads the object form of sla.Condition. It is spelled out here so
// that each mistake has its own line.
func (r *reader) condition(v at) sla.Condition {
	if v.kind != '{' {
		r.fail(v, "%w: want an object from attribute to value, not %s", ErrType, v.is())
		return nil
	}
	if len(v.members) == 0 {
		r.fail(v, "%w: an empty condition; leave the field out for every case", ErrMissing)
	}
	var c sla.Condition
	for i := range v.members {
		m := &v.members[i]
		value := at{&m.value, join(v.path, m.name)}
		t := sla.Term{Attribute: m.name}
		if m.name == "" {
			r.fail(value, "%w: an attribute without a name", ErrMissing)
		}
		if value.kind == '{' {
			not := r.object(value, "not")
			t.Not = true
			if value, not.ok = not.need("not"); !not.ok {
				continue
			}
		}
		if value.kind == '[' {
			t.Values = items(r, value, (*reader).text)
		} else {
			t.Values = []string{r.text(value)}
		}
		c = append(c, t)
	}
	return c
}

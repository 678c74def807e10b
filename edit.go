package charter

import (
	"errors"
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Edit is what a [Change] does, one of the types of this package whose names
// begin with Set, Name, Use, Declare, Add and Drop. Where one lists clauses,
// [Every] alone stands for all deadline clauses to which it can apply.
type Edit interface {
	// op is the operation's name in JSON.
	op() string
	// apply changes what the amender has in hand.
	apply(*amender)
}

// Every, as the only entry of a list of clauses, means every deadline clause
// that the edit can apply to and that is not dropped by its effective date. In
// [SetPauses] it means every metric of those clauses.
const Every = "*"

// SetLimit sets what a deadline allows: a figure with its basis, or a promised
// date. In JSON:
//
//	{"op": "limit", "clause": "norms/2.1.3-urgent-response", "within": "30m"}
//	{"op": "limit", "clause": "norms/2.1.2-time-limited", "due": "planned.due"}
type SetLimit struct {
	Clause string   `json:"clause"`
	Within sla.Span `json:"within,omitzero"`
	Due    Due      `json:"due,omitzero"`
}

// NameBasis says on which meter the figures run whose texts do not say. Lengths
// stay: 24h become 24 business hours. Only whole days can become working days,
// 24h each.
//
// Beware of long figures on the basis Business: an office that is open eight
// hours a day takes nine days to use up 72h. Where three days are meant, name
// WorkingDays for those clauses, or set the limit anew with [SetLimit]. In JSON:
//
//	{"op": "basis", "basis": "elapsed", "clauses": ["*"]}
type NameBasis struct {
	Basis   sla.Basis // Elapsed, Business or WorkingDays
	Clauses []string
}

// MarshalJSON writes the form shown above.
func (e NameBasis) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Basis   string   `json:"basis"`
		Clauses []string `json:"clauses"`
	}{e.Basis.String(), e.Clauses})
}

// SetCalendar sets the hours of the main calendar, or of the one named, as a
// whole: the days of the calendar before are gone unless the new one has them.
// Holidays have to be among its days; "PH off" in the hours closes on no day by
// itself. For mainland China's take package handbooks. In JSON:
//
//	{"op": "calendar", "spec": {"zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-18:00; PH off",
//	 "days": [{"date": "2026-01-01", "name": "New Year's Day", "off": true}], "published": "2026-12-31"}}
//
// A new year's holidays are a change as any other. Let it take effect on the
// date of the settings that it refines, so that clocks of all their cases know
// the days; or on the day on which the days were announced, when a deadline that was
// promised before is to stay: while Semantics.Revise is at start, a clock keeps
// the calendar with which it started.
type SetCalendar struct {
	Name string        `json:"name,omitempty"`
	Spec calendar.Spec `json:"spec"`
}

// UseCalendar says on which calendar, and how, deadlines in business hours and
// working days are counted. In JSON:
//
//	{"op": "use-calendar", "clauses": ["*"], "calendar": "hotline", "days": "last hours"}
type UseCalendar struct {
	Clauses  []string `json:"clauses"`
	Calendar string   `json:"calendar,omitempty"`
	Days     Days     `json:"days,omitzero"`
}

// SetWarnings sets the warnings of deadlines; none removes them. In JSON:
//
//	{"op": "warnings", "clauses": ["*"], "warnings": [{"at": "80%"}]}
type SetWarnings struct {
	Clauses  []string      `json:"clauses"`
	Warnings []sla.Warning `json:"warnings,omitempty"`
}

// SetLadder sets times and roles of deadlines; none removes them. In JSON:
//
//	{"op": "ladder", "clauses": ["norms/2.1.3-urgent-response"],
//	 "ladder": [{"at": "due", "role": "supervisor"}, {"at": "+1h", "role": "management"}]}
type SetLadder struct {
	Clauses []string   `json:"clauses"`
	Ladder  []sla.Rung `json:"ladder,omitempty"`
}

// SetEscalation gives an escalation its time, in one of the two ways that
// [Escalation] describes, and perhaps another role. In JSON:
//
//	{"op": "escalation", "clause": "standard/5.2.2-level-1", "within": "30m", "from": ["detected"]}
//	{"op": "escalation", "clause": "enterprise/4.2.1-overdue-warning", "at": "due", "role": "supervisor"}
type SetEscalation struct {
	Clause   string      `json:"clause"`
	Role     string      `json:"role,omitempty"` // empty leaves it as it is
	Within   sla.Span    `json:"within,omitzero"`
	From     []sla.Match `json:"from,omitempty"`
	Until    []sla.Match `json:"until,omitempty"`
	Calendar string      `json:"calendar,omitempty"`
	At       *sla.Offset `json:"at,omitempty"`
	Clauses  []string    `json:"clauses,omitempty"` // those on which the rung hangs; empty is all
}

// SetPauses says which entries hold the clocks of a metric; none means that
// nothing does. [Every] in place of a metric stands for each metric on which
// the handbook has a deadline by then; one that a later clause brings in is not
// among them. In JSON:
//
//	{"op": "pauses", "metric": "resolution", "on": ["held[reason=customer|vendor]"]}
//	{"op": "pauses", "metric": "*", "on": ["held"]}
type SetPauses struct {
	Metric string      `json:"metric"`
	On     []sla.Match `json:"on,omitempty"`
}

// SetProvides says which kinds of entries the host records at all, in place of
// what was said before; none means every kind. See [Settings].Provides for what
// it does and [Handbook.Lint] for which clauses it leaves without evidence. In
// JSON:
//
//	{"op": "provides", "kinds": ["opened", "responded", "resolved", "closed"]}
type SetProvides struct {
	Kinds []history.Kind `json:"kinds,omitempty"`
}

// SetEnds sets from which entries a deadline counts, and up to which. An empty
// From leaves the start as it is. Until and UntilAll exclude each other, and
// either takes the place of whatever stopped the clock before: Until of an
// until_all too. With both empty the stop stays as it is. In JSON:
//
//	{"op": "ends", "clause": "norms/2.1.3-urgent-response", "from": ["accepted"]}
type SetEnds struct {
	Clause   string      `json:"clause"`
	From     []sla.Match `json:"from,omitempty"`
	Until    []sla.Match `json:"until,omitempty"`
	UntilAll []sla.Match `json:"until_all,omitempty"`
}

// SetCondition sets for which cases a clause holds. It replaces the whole
// condition: a term that is to stay, such as the kind of case, has to be said
// again. Empty means every case. In JSON:
//
//	{"op": "condition", "clause": "norms/2.1.3-urgent-response", "when": {"kind": "ticket", "tier": "urgent"}}
type SetCondition struct {
	Clause string        `json:"clause"`
	When   sla.Condition `json:"when,omitempty"`
}

// SetLifecycle sets what a clause demands of the steps of cases, in place of
// what it demanded before; none removes it. In JSON:
//
//	{"op": "lifecycle", "clause": "standard/1.3-request",
//	 "lifecycle": {"ticket": {"demands": [{"step": "opened", "fields": ["channel", "customer"]}]}}}
type SetLifecycle struct {
	Clause    string    `json:"clause"`
	Lifecycle Lifecycle `json:"lifecycle,omitzero"`
}

// SetSemantics replaces the declared semantics; what it leaves out is the
// default. In JSON:
//
//	{"op": "semantics", "semantics": {"close": "due at next opening"}}
type SetSemantics struct {
	Semantics sla.Semantics `json:"semantics"`
}

// DeclareAttribute adds the declaration of an attribute, or replaces it: how a
// host's own values and words become known. It holds for the handbook as a
// whole, whatever the effective date, because no verdict depends on it. In
// JSON:
//
//	{"op": "attribute", "name": "tier", "attribute": {"values": [{"id": "urgent", "words": ["P1"]}], "ordered": true}}
type DeclareAttribute struct {
	Name      string    `json:"name"`
	Attribute Attribute `json:"attribute"`
}

// DeclareRole adds the declaration of a role, or replaces it; likewise
// whatever the effective date. In JSON:
//
//	{"op": "role", "role": {"id": "supervisor", "zh": "主管", "rank": 3}}
type DeclareRole struct {
	Role Role `json:"role"`
}

// AddClause adds a clause, or one that was dropped before. Its effective dates
// begin with the change's. In JSON:
//
//	{"op": "add", "clause": {"id": "acme/1", "subject": "sla", "kind": "deadline", …}}
type AddClause struct {
	Clause Clause `json:"clause"`
}

// DropClause ends a clause. Clocks that started before go on to their end. In
// JSON:
//
//	{"op": "drop", "clause": "norms/2.2.2-routine-closure"}
type DropClause struct {
	Clause string `json:"clause"`
}

func (SetLimit) op() string         { return "limit" }
func (NameBasis) op() string        { return "basis" }
func (SetCalendar) op() string      { return "calendar" }
func (UseCalendar) op() string      { return "use-calendar" }
func (SetWarnings) op() string      { return "warnings" }
func (SetLadder) op() string        { return "ladder" }
func (SetEscalation) op() string    { return "escalation" }
func (SetPauses) op() string        { return "pauses" }
func (SetProvides) op() string      { return "provides" }
func (SetEnds) op() string          { return "ends" }
func (SetCondition) op() string     { return "condition" }
func (SetLifecycle) op() string     { return "lifecycle" }
func (SetSemantics) op() string     { return "semantics" }
func (DeclareAttribute) op() string { return "attribute" }
func (DeclareRole) op() string      { return "role" }
func (AddClause) op() string        { return "add" }
func (DropClause) op() string       { return "drop" }

var errBoth = errors.New("want exactly one of")

// editReader reads the fields of one operation.
type editReader struct {
	fields []string
	edit   func(object) Edit
}

// edits reads each operation by its name.
var edits = map[string]*editReader{
	"limit": {[]string{"clause", "within", "due"}, func(o object) Edit {
		e := SetLimit{Clause: o.needText("clause")}
		o.parse("within", &e.Within)
		o.parse("due", &e.Due)
		o.oneOf("within", "due")
		if v, ok := o.get("within"); ok && !e.Within.IsZero() && e.Within.Basis == sla.Unnamed {
			o.r.fail(v, "%w: a limit that is set names its basis", ErrValue)
		}
		return e
	}},
	"basis": {[]string{"basis", "clauses"}, func(o object) Edit {
		e := NameBasis{Clauses: o.needTexts("clauses")}
		named := []sla.Basis{sla.Elapsed, sla.Business, sla.WorkingDays}
		names := make([]string, len(named))
		for i, b := range named {
			names[i] = b.String()
		}
		if i := slices.Index(names, oneOf(o, "basis", names)); i >= 0 {
			e.Basis = named[i]
		}
		return e
	}},
	"calendar": {[]string{"name", "spec"}, func(o object) Edit {
		e := SetCalendar{Name: o.text("name")}
		if v, ok := o.need("spec"); ok {
			e.Spec, _ = o.r.calendar(v)
		}
		return e
	}},
	"use-calendar": {[]string{"clauses", "calendar", "days"}, func(o object) Edit {
		e := UseCalendar{Clauses: o.needTexts("clauses"), Calendar: o.text("calendar")}
		o.parse("days", &e.Days)
		return e
	}},
	"warnings": {[]string{"clauses", "warnings"}, func(o object) Edit {
		return SetWarnings{o.needTexts("clauses"), list(o, "warnings", (*reader).warning)}
	}},
	"ladder": {[]string{"clauses", "ladder"}, func(o object) Edit {
		return SetLadder{o.needTexts("clauses"), list(o, "ladder", (*reader).rung)}
	}},
	"escalation": {[]string{"clause", "role", "within", "from", "until", "calendar", "at", "clauses"}, func(o object) Edit {
		e := SetEscalation{
			Clause: o.needText("clause"), Role: o.text("role"), From: o.matches("from"), Until: o.matches("until"),
			Calendar: o.text("calendar"), Clauses: o.texts("clauses"),
		}
		o.parse("within", &e.Within)
		if o.has("at") {
			e.At = new(sla.Offset)
			o.parse("at", e.At)
		}
		o.oneOf("within", "at")
		return e
	}},
	"retention": {[]string{"clauses", "from", "at_least", "at_most", "review"}, func(o object) Edit {
		e := SetRetention{Clauses: o.needTexts("clauses"), Review: o.flag("review")}
		o.parse("from", &e.From)
		o.parse("at_least", &e.AtLeast)
		o.parse("at_most", &e.AtMost)
		return e
	}},
	"objective": {[]string{"clause", "measure", "at_least", "at_most", "year"}, func(o object) Edit {
		e := SetObjective{Clause: o.needText("clause")}
		if v, ok := o.get("measure"); ok {
			e.Measure = o.r.id(v)
		}
		e.AtLeast, e.AtMost, e.Year = o.bounds()
		return e
	}},
	"duty": {append([]string{"clauses"}, dutyFields()...), func(o object) Edit {
		var c Cadence
		o.duty(&c)
		return SetDuty{o.needTexts("clauses"), c.Every, c.SinceLast, c.Need, c.Grace, c.Remind, c.Ladder}
	}},
	"pauses": {[]string{"metric", "on"}, func(o object) Edit {
		e := SetPauses{On: o.matches("on")}
		if v, ok := o.need("metric"); ok {
			if e.Metric = Every; v.kind != '"' || v.node.text != Every {
				e.Metric = o.r.metric(v)
			}
		}
		return e
	}},
	"provides": {[]string{"kinds"}, func(o object) Edit { return SetProvides{o.entryKinds("kinds")} }},
	"ends": {[]string{"clause", "from", "until", "until_all"}, func(o object) Edit {
		o.exclude("until", "until_all")
		return SetEnds{o.needText("clause"), o.matches("from"), o.matches("until"), o.matches("until_all")}
	}},
	"condition": {[]string{"clause", "when"}, func(o object) Edit {
		e := SetCondition{Clause: o.needText("clause")}
		if v, ok := o.get("when"); ok {
			e.When = o.r.condition(v)
		}
		return e
	}},
	"lifecycle": {[]string{"clause", "lifecycle"}, func(o object) Edit {
		e := SetLifecycle{Clause: o.needText("clause")}
		if v, ok := o.get("lifecycle"); ok {
			e.Lifecycle = o.r.lifecycle(v)
		}
		return e
	}},
	"content": {[]string{"clause", "content"}, func(o object) Edit {
		clause := o.needText("clause")
		return SetContent{clause, o.content(clause)}
	}},
	"semantics": {[]string{"semantics"}, func(o object) (e Edit) {
		var s SetSemantics
		if v, ok := o.need("semantics"); ok {
			s.Semantics = o.r.semantics(v)
		}
		return s
	}},
	"attribute": {[]string{"name", "attribute"}, func(o object) Edit {
		e := DeclareAttribute{Name: o.needText("name")}
		if v, ok := o.need("attribute"); ok {
			e.Attribute = o.r.attribute(v)
		}
		return e
	}},
	"role": {[]string{"role"}, func(o object) Edit {
		var e DeclareRole
		if v, ok := o.need("role"); ok {
			e.Role = o.r.role(v)
		}
		return e
	}},
	"add": {[]string{"clause"}, func(o object) Edit {
		var e AddClause
		if v, ok := o.need("clause"); ok {
			e.Clause = o.r.clause(v)
		}
		return e
	}},
	"drop": {[]string{"clause"}, func(o object) Edit { return DropClause{o.needText("clause")} }},
}

func (o object) needTexts(name string) []string {
	if _, ok := o.need(name); !ok {
		return nil
	}
	return o.texts(name)
}

// oneOf wants exactly one of two fields.
func (o object) oneOf(a, b string) {
	if o.ok && o.has(a) == o.has(b) {
		o.r.fail(o.at, "%w: %w %s and %s", ErrContradiction, errBoth, a, b)
	}
}

package charter

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Rule is the executable part of a clause: a [Deadline], a [Classification],
// an [Escalation], a [Retention], an [Access], an [Objective], a [Cadence] or
// [Carried]. A type switch tells them apart.
type Rule interface{ rule() }

func (Deadline) rule()       {}
func (Classification) rule() {}
func (Escalation) rule()     {}
func (Carried) rule()        {}

// Carried is a rule of a kind that Charter does not execute: JSON, kept token
// for token in the order in which it was written; only white space and the way
// in which characters are escaped are made uniform.
type Carried json.RawMessage

// MarshalJSON returns the JSON itself.
func (c Carried) MarshalJSON() ([]byte, error) { return json.RawMessage(c).MarshalJSON() }

// Deadline is a time limit on one case.
type Deadline struct {
	// Metric is the name of one of sla.StandardMetrics.
	Metric string `json:"metric"`
	// From and Until put other entries in place of the metric's start and stop;
	// any of them does. UntilAll wants every one of its entries instead.
	From     []sla.Match `json:"from,omitempty"`
	Until    []sla.Match `json:"until,omitempty"`
	UntilAll []sla.Match `json:"until_all,omitempty"`
	// Within is the limit; zero when the text prints no figure.
	Within sla.Span `json:"within,omitzero"`
	// Due takes the limit from the case instead: a date that was promised. The
	// clock then starts with the entry that records it.
	Due Due `json:"due,omitzero"`
	// Examples are figures that the text prints as examples only. They bind
	// nobody.
	Examples []sla.Span `json:"examples,omitempty"`
	// Conditional: nothing is owed until the clock starts.
	Conditional bool `json:"conditional,omitempty"`
	// Calendar names the calendar of business hours and working days; empty is
	// the handbook's main one.
	Calendar string `json:"calendar,omitempty"`
	// Days says how working days are counted.
	Days Days `json:"days,omitzero"`
	// Warnings and Ladder are a host's: no handbook states a time for either.
	Warnings []sla.Warning `json:"warnings,omitempty"`
	Ladder   []sla.Rung    `json:"ladder,omitempty"`
}

// Figures are the figures that the text prints, examples included.
func (d Deadline) Figures() []sla.Span {
	if d.Within.IsZero() {
		return d.Examples
	}
	return append([]sla.Span{d.Within}, d.Examples...)
}

// Due is where a case records a promised date: a field of entries of a kind.
// Its text form is "planned.due".
type Due struct {
	Kind  history.Kind
	Field string
}

// IsZero reports whether there is no promised date.
func (d Due) IsZero() bool { return d == Due{} }

// String returns the text form.
func (d Due) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.Kind) + "." + d.Field
}

// MarshalText returns the text form.
func (d Due) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form: kind, dot, field.
func (d *Due) UnmarshalText(text []byte) error {
	kind, field, ok := strings.Cut(string(text), ".")
	if !ok || kind == "" || field == "" || strings.ContainsAny(string(text), " \t\n[]") {
		return fmt.Errorf("%q: want an entry kind and a field, such as planned.due", clip(string(text)))
	}
	*d = Due{history.Kind(kind), field}
	return nil
}

// Days is a calendar.DayRule with a text form: "same time" or "last hours",
// and ", counting the first day" where the day of the start is the first of
// the days. The zero value keeps the time of day and counts from the next
// working day.
type Days calendar.DayRule

const countingFirst = ", counting the first day"

// String returns the text form.
func (d Days) String() string {
	s := "same time"
	if d.End == calendar.LastHours {
		s = "last hours"
	}
	if d.Count == calendar.IncludeStart {
		s += countingFirst
	}
	return s
}

// MarshalText returns the text form.
func (d Days) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form.
func (d *Days) UnmarshalText(text []byte) error {
	s, counting := strings.CutSuffix(string(text), countingFirst)
	var out Days
	switch s {
	case "same time":
	case "last hours":
		out.End = calendar.LastHours
	default:
		return fmt.Errorf("%q: want %q or %q, perhaps with %q", clip(string(text)), "same time", "last hours", countingFirst)
	}
	if counting {
		out.Count = calendar.IncludeStart
	}
	*d = out
	return nil
}

// rule reads the rule of a clause of that kind.
func (o object) rule(kind Kind) Rule {
	switch kind {
	case KindDeadline:
		if v, ok := o.need("rule"); ok {
			return o.r.deadline(v)
		}
	case KindClassification:
		if v, ok := o.need("rule"); ok {
			return o.r.classification(v)
		}
	case KindEscalation:
		if v, ok := o.need("rule"); ok {
			return o.r.escalation(v)
		}
	case KindRetention:
		if v, ok := o.get("rule"); ok {
			return o.r.retention(v)
		}
	case KindAccess:
		if v, ok := o.get("rule"); ok {
			if w, limited := o.get("when"); limited {
				o.r.fail(w, "%w: an access rule names record classes, and no attributes of cases", ErrContradiction)
			}
			return o.r.access(v)
		}
	case KindObjective:
		if v, ok := o.get("rule"); ok {
			return o.r.objective(v)
		}
	case KindCadence:
		if v, ok := o.get("rule"); ok {
			return o.r.cadence(v)
		}
	default:
		if v, ok := o.get("rule"); ok {
			return Carried(v.raw())
		}
	}
	return nil
}

var errMetric = errors.New("no such standard metric")

func (r *reader) deadline(v at) (d Deadline) {
	o := r.object(v, "metric", "from", "until", "until_all", "within", "due", "examples", "conditional", "calendar", "days",
		"warnings", "ladder")
	if m, ok := o.need("metric"); ok {
		d.Metric = r.metric(m)
	}
	d.From, d.Until, d.UntilAll = o.matches("from"), o.matches("until"), o.matches("until_all")
	o.parse("within", &d.Within)
	o.parse("due", &d.Due)
	d.Examples = list(o, "examples", parsed[sla.Span])
	d.Conditional = o.flag("conditional")
	d.Calendar = o.text("calendar")
	o.parse("days", &d.Days)
	d.Warnings = list(o, "warnings", (*reader).warning)
	d.Ladder = list(o, "ladder", (*reader).rung)
	o.exclude("until", "until_all")
	o.exclude("within", "due")
	if from, ok := o.get("from"); ok && !d.Due.IsZero() {
		for _, m := range d.From {
			if m.Kind != d.Due.Kind {
				r.fail(from, "%w: a date promised in %s cannot count from %s", ErrContradiction, d.Due, m.Kind)
			}
		}
	}
	return d
}

// exclude refuses two fields that mean different things for one.
func (o object) exclude(a, b string) {
	if v, ok := o.get(b); ok && o.has(a) {
		o.r.fail(v, "%w: %s and %s exclude each other", ErrContradiction, a, b)
	}
}

func (r *reader) metric(v at) string {
	before := len(r.faults)
	name := r.text(v)
	if _, ok := sla.StandardMetric(name); !ok && len(r.faults) == before {
		r.fail(v, "%w: %w: %q", ErrValue, errMetric, clip(name))
	}
	return name
}

func (o object) matches(name string) []sla.Match { return list(o, name, parsed[sla.Match]) }

func (r *reader) warning(v at) (w sla.Warning) {
	o := r.object(v, "name", "at")
	w.Name = o.text("name")
	if _, ok := o.need("at"); ok {
		o.parse("at", &w.At)
	}
	return w
}

func (r *reader) rung(v at) (g sla.Rung) {
	o := r.object(v, "name", "role", "at")
	g.Name, g.Role = o.text("name"), o.needText("role")
	if _, ok := o.need("at"); ok {
		o.parse("at", &g.At)
	}
	return g
}

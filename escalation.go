package charter

import "github.com/servicecharter/charter/sla"

// Escalation says who takes over, or what is done, when the clause's condition
// holds. No handbook of ours states a time for it, so by itself an escalation
// is only carried. A host adds one, in either of two ways:
//
//   - Within: the escalation becomes a limit of its own. It runs from From
//     (the opening or detection, where From is empty) to Until (the entry
//     escalated, where that is empty) and ends without a result when the case
//     is settled first. The verdict on it says whether the escalation took
//     place in time, and its rung tells the role when it falls due.
//   - At: it becomes a rung, or without a role a warning, on deadlines: those
//     named in Clauses, else all. Only deadlines whose condition implies that
//     of the escalation take it, so that nothing escalates outside its
//     condition. An escalation whose On is "breach" can only be timed so.
type Escalation struct {
	Step
	Within   sla.Span    `json:"within,omitzero"`
	From     []sla.Match `json:"from,omitempty"`
	Until    []sla.Match `json:"until,omitempty"`
	Calendar string      `json:"calendar,omitempty"`
	At       *sla.Offset `json:"at,omitempty"` // nil: none; the zero Offset is the deadline itself
	Clauses  []string    `json:"clauses,omitempty"`
}

// onBreach is the event that a deadline was missed.
const onBreach = "breach"

// Timed reports whether a time was added.
func (e Escalation) Timed() bool { return !e.Within.IsZero() || e.At != nil }

// Step is one step of an escalation, or the whole of one without steps.
type Step struct {
	Action string   `json:"action,omitempty"` // lead, handle, report, warn, …
	Role   string   `json:"role,omitempty"`   // who does it; the person is the host's matter
	Roles  []string `json:"roles,omitempty"`  // likewise, where there are several
	Level  string   `json:"level,omitempty"`
	With   []string `json:"with,omitempty"` // roles that take part
	To     []string `json:"to,omitempty"`   // roles that are told
	// Criteria are conditions that no attribute of a case tells.
	Criteria []string `json:"criteria,omitempty"`
	Response string   `json:"response,omitempty"`
	By       string   `json:"by,omitempty"` // the attribute that decides how
	On       string   `json:"on,omitempty"` // the event: "breach"
	Steps    []Step   `json:"steps,omitempty"`
}

// roles lists the roles that a step and the steps in it name.
func (s Step) roles() (all []string) {
	if s.Role != "" {
		all = append(all, s.Role)
	}
	all = append(append(append(all, s.Roles...), s.With...), s.To...)
	for _, sub := range s.Steps {
		all = append(all, sub.roles()...)
	}
	return all
}

var stepFields = []string{"action", "role", "roles", "level", "with", "to", "criteria", "response", "by", "on", "steps"}

func (r *reader) step(v at) Step { return r.object(v, stepFields...).step() }

func (o object) step() Step {
	return Step{
		Action: o.text("action"), Role: o.text("role"), Roles: o.texts("roles"), Level: o.text("level"),
		With: o.texts("with"), To: o.texts("to"), Criteria: o.texts("criteria"), Response: o.text("response"),
		By: o.text("by"), On: o.text("on"), Steps: list(o, "steps", (*reader).step),
	}
}

func (r *reader) escalation(v at) (e Escalation) {
	o := r.object(v, append([]string{"within", "from", "until", "calendar", "at", "clauses"}, stepFields...)...)
	e.Step = o.step()
	o.parse("within", &e.Within)
	e.From, e.Until = o.matches("from"), o.matches("until")
	e.Calendar = o.text("calendar")
	if o.has("at") {
		e.At = new(sla.Offset)
		o.parse("at", e.At)
	}
	e.Clauses = o.texts("clauses")
	o.exclude("within", "at")
	if w, ok := o.get("within"); ok && e.On == onBreach {
		r.fail(w, "%w: an escalation on a breach counts from the deadline; give it at", ErrContradiction)
	}
	if o.ok && len(v.members) == 0 {
		r.fail(v, "%w: want an action, a role or steps", ErrMissing)
	}
	return e
}

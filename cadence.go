package charter

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Cadence is something done every so often: the rule of a clause of kind
// cadence. Of, Class, Shown, Every and SinceLast restate the text; the other
// fields are a host's, for no text of ours prints them.
//
// "Regularly" is no cycle. A clause that says no more has an empty Every, and
// nothing is owed by it until [SetDuty] names one; [Handbook.Lint] lists it.
type Cadence struct {
	// Of is whose it is: person, asset, plan, centre, as in the common
	// vocabulary. Class limits it to some of them, such as printers.
	Of    string `json:"of"`
	Class string `json:"class,omitempty"`
	// Shown is the kind of entry that shows that it was done.
	Shown history.Kind `json:"shown"`
	// Every is how often; several cycles are several duties.
	Every []quality.Cycle `json:"every,omitempty"`
	// SinceLast counts from the last time, "once every 7 days", and not by the
	// calendar, "each quarter"; see quality.Duty.
	SinceLast bool `json:"since_last,omitempty"`
	// Need, Grace, Remind and Ladder are as in quality.Duty.
	Need   decimal.Decimal    `json:"need,omitzero"`
	Grace  int                `json:"grace,omitempty"`
	Remind []int              `json:"remind,omitempty"`
	Ladder []quality.DutyRung `json:"ladder,omitempty"`
}

func (Cadence) rule() {}

// MarshalJSON writes the form that a handbook has. It refuses with [ErrValue] a
// need that takes more than 64 digits to write out.
func (c Cadence) MarshalJSON() ([]byte, error) {
	if !written(c.Need) {
		return nil, fmt.Errorf("need: %w", errDigits)
	}
	type form Cadence
	return marshal(form(c))
}

// String says how often, shown by what, and of whom: "every quarter, trained, of
// person".
func (c Cadence) String() string {
	s := "no interval"
	for i, cycle := range c.Every {
		if s += " and " + cycle.String(); i == 0 {
			s = "every " + cycle.String()
		}
	}
	if c.SinceLast {
		s += " since the last"
	}
	s += ", " + string(c.Shown) + ", of " + c.Of
	if c.Class != "" {
		s += " (" + c.Class + ")"
	}
	return s
}

// duties are the duties of a clause, one a cycle.
func (c Cadence) duties(clause *Clause, zone *time.Location, cal *calendar.Calendar) []quality.Duty {
	in := clause.Effective
	out := make([]quality.Duty, len(c.Every))
	for i, cycle := range c.Every {
		out[i] = quality.Duty{
			ID: clause.ID, Clause: clause.ID, Cycle: cycle, SinceLast: c.SinceLast, Shown: string(c.Shown),
			Need: c.Need, Grace: c.Grace, Remind: c.Remind, Ladder: c.Ladder,
			Calendar: cal,
		}
		if !in.From.IsZero() {
			out[i].From = dayStart(in.From, zone)
		}
		if !in.To.IsZero() {
			out[i].To = dayStart(in.To, zone)
		}
		if len(c.Every) > 1 {
			out[i].ID += "/" + cycle.String()
		}
	}
	return out
}

// Duties returns what the clauses of kind cadence that are in force at an
// instant ask for, in the order of the handbook. The id of a duty is that of its
// clause; where one clause has several cycles, with a slash and the cycle, as
// in "standard/4/4.2-plans/quarter". Each has the zone of the handbook's main
// calendar, or without one [Handbook.Location]. Clauses without an interval are
// left out. The slice is the caller's.
//
// Who owes it is for the host to say: [Handbook.Account] tells how somebody
// stands, and [Desk.Owe] reminds and escalates.
func (h *Handbook) Duties(at time.Time) ([]quality.Duty, error) {
	cal, err := h.civil(at)
	if err != nil {
		return nil, err
	}
	var out []quality.Duty
	for c := range h.InForce(at) {
		if rule, ok := c.Rule.(Cadence); ok {
			out = append(out, rule.duties(&c, h.Location(), cal)...)
		}
	}
	return out, nil
}

// civil is a calendar in whose zone dates begin; nil is UTC.
func (h *Handbook) civil(at time.Time) (*calendar.Calendar, error) {
	h = h.orZero()
	if c := inForce(h.settings, dateIn(at, h.Location())).compiled[""]; c != nil || h.zone == "" {
		return c, nil
	}
	const year = 2025 // hours and years do not matter to a duty
	c, err := calendar.New(calendar.Spec{Zone: h.zone, Hours: calendar.AllWeek(), From: year, To: year})
	if err != nil {
		return nil, fmt.Errorf("charter: handbook %s: %w", h.ID(), err)
	}
	return c, nil
}

// Account says how a subject stands at an instant with a duty of the handbook,
// named by its id as in [Handbook.Duties]. It is quality.Duty.Account, whose
// errors it returns, with one thing added: each period is held to the version of
// the clause that was in force when it began. A quarter that becomes a month
// leaves the quarters that had begun as they were, and a clause that is dropped
// asks for nothing that had not begun. [ErrUnknownClause] is returned for a duty
// that no version of the handbook has.
func (h *Handbook) Account(duty string, s quality.DutySubject, evidence []quality.Evidence, now time.Time) (quality.Account, error) {
	h = h.orZero()
	cal, err := h.civil(now)
	if err != nil {
		return quality.Account{}, err
	}
	var out quality.Account
	known := false
	for i := range h.clauses {
		c := &h.clauses[i]
		rule, _ := c.Rule.(Cadence)
		for _, d := range rule.duties(c, h.Location(), cal) {
			if d.ID != duty {
				continue
			}
			a, err := d.Account(s, evidence, now)
			if err != nil {
				return quality.Account{}, fmt.Errorf("charter: handbook %s: %w", h.ID(), err)
			}
			if known {
				a = joined(out, a)
			}
			out, known = a, true
		}
	}
	if !known {
		return quality.Account{}, fmt.Errorf("charter: handbook %s: %w: no duty %q", h.ID(), ErrUnknownClause, clip(duty))
	}
	return out, nil
}

// joined adds the account by a later version.
func joined(a, b quality.Account) quality.Account {
	a.Obligations = append(a.Obligations, b.Obligations...)
	if a.Next.IsZero() || !b.Next.IsZero() && b.Next.Before(a.Next) {
		a.Next = b.Next
	}
	a.Unused = slices.DeleteFunc(a.Unused, func(id string) bool { return !slices.Contains(b.Unused, id) })
	return a
}

// DutyCase returns the history of the case that an obligation is for a desk and
// for [Handbook.Judge]: its clock is that of the clause, with reminders before
// and rungs after the deadline where the clause has them, and stands as the
// account does. The case has the id of the obligation. It is registered when
// the period begins, with the last instant in time as its promised date, and
// what shows the duty happens when the obligation was kept, or at the beginning
// if that was before.
//
// The kind of the case is [KindDuty], which no handbook has to declare.
func DutyCase(o quality.Obligation) history.History {
	h := history.History{Case: o.ID.String(), Entries: []history.Entry{{
		Seq: 1, At: o.Begin, Kind: history.Registered, Fields: history.Of(
			history.KeyKind, KindDuty, KeyDuty, o.Duty, KeySubject, o.Subject, history.KeyDue, history.FormatInstant(o.Due.Add(-1)),
		),
	}}}
	if o.Owner != "" {
		f := append(h.Entries[0].Fields, history.Field{Key: history.KeyPerson, Value: o.Owner})
		h.Entries[0].Fields = f.Canonical()
	}
	if done, ok := doneEntry(o); ok {
		done.Seq = 2
		h.Entries = append(h.Entries, done)
	}
	return h
}

// KindDuty is the kind of the cases that [DutyCase] makes. KeyDuty and
// KeySubject are the fields of their first entry that name the duty and who or
// what owes it; KeyEvidence is the field that names each piece of evidence.
const (
	KindDuty    = "duty"
	KeyDuty     = "duty"
	KeySubject  = "subject"
	KeyEvidence = "evidence"
)

// doneEntry shows that an obligation was kept, if it was.
func doneEntry(o quality.Obligation) (e history.Entry, ok bool) {
	if o.Kept.IsZero() {
		return e, false
	}
	e = history.Entry{At: o.Kept, Kind: history.Kind(o.Shown)}
	if e.At.Before(o.Begin) {
		e.At = o.Begin // done ahead
	}
	for _, id := range o.Evidence {
		e.Fields = append(e.Fields, history.Field{Key: KeyEvidence, Value: id})
	}
	e.Fields = e.Fields.Canonical()
	return e, true
}

// target is the clock of the cases that [DutyCase] makes of a clause. What the
// host records of customers' cases, [Settings].Provides, does not matter to it:
// a duty can always be attested.
func (c Cadence) target(clause *Clause) (sla.Target, bool) {
	if len(c.Every) == 0 {
		return sla.Target{}, false
	}
	var ids []string
	for _, d := range c.duties(clause, time.UTC, nil) {
		ids = append(ids, d.ID)
	}
	begins := sla.Match{Kind: history.Registered, Fields: []sla.FieldMatch{{Name: KeyDuty, Values: ids}}}
	m, _ := sla.StandardMetric(sla.MetricDuty)
	m = m.Between([]sla.Match{begins}, sla.On(c.Shown, history.Attested), false)
	m.DueField, m.Conditional = history.KeyDue, true
	t := sla.Target{ID: clause.ID, Metric: m}
	// The promised date is the last instant in time, and days count from the one after.
	from := func(days int) sla.Offset {
		d := time.Duration(days)*24*time.Hour + 1
		return sla.Offset{Span: sla.Wall(max(d, -d)), After: d > 0}
	}
	for _, n := range c.Remind {
		t.Warnings = append(t.Warnings, sla.Warning{Name: fmt.Sprintf("%d days left", n), At: from(-n)})
	}
	for _, r := range c.Ladder {
		t.Ladder = append(t.Ladder, sla.Rung{Name: fmt.Sprintf("%d days over", r.Days), Role: r.Role, At: from(r.Days)})
	}
	return t, true
}

// owe makes a revision that of cases of duties: to the clocks of a host's own,
// which have the metric of duties or name their kind, come those of the clauses
// in force on the date.
func (h *Handbook) owe(r *sla.Revision, on calendar.Date) {
	r.Targets = slices.DeleteFunc(r.Targets, func(t sla.Target) bool {
		named := func(x sla.Term) bool {
			return x.Attribute == history.KeyKind && !x.Not && slices.Contains(x.Values, KindDuty)
		}
		return t.Metric.Name != sla.MetricDuty && !slices.ContainsFunc(t.When, named)
	})
	for c := range h.inForce(on) {
		rule, _ := c.Rule.(Cadence)
		if t, ok := rule.target(&c); ok {
			r.Targets = append(r.Targets, t)
		}
	}
	if r.Provides != nil {
		r.Provides = append(slices.Clone(r.Provides), history.Attested)
	}
}

// isDuty tells cases that [DutyCase] makes from all others.
func isDuty(c history.History) bool {
	return slices.ContainsFunc(c.Entries, func(e history.Entry) bool {
		if e.Kind != history.Registered {
			return false
		}
		_, duty := e.Fields.Get(KeyDuty)
		return duty && e.Fields.Has(history.KeyKind, KindDuty)
	})
}

// SetDuty sets what a host adds to clauses of kind cadence: how much is
// needed, days of grace, reminders and the ladder, as a whole, so that what is
// left out is none. Every, where given, names the interval, and SinceLast
// whether it counts from the last time; without Every both stay. [Every] alone
// stands for all such clauses. In JSON:
//
//	{"op": "duty", "clauses": ["*"], "grace": 7, "remind": [14], "ladder": [{"days": 3, "role": "supervisor"}]}
//	{"op": "duty", "clauses": ["telecom/6.3-periodic-evaluation"], "every": ["quarter"], "grace": 14}
type SetDuty struct {
	Clauses   []string           `json:"clauses"`
	Every     []quality.Cycle    `json:"every,omitempty"`
	SinceLast bool               `json:"since_last,omitempty"`
	Need      decimal.Decimal    `json:"need,omitzero"`
	Grace     int                `json:"grace,omitempty"`
	Remind    []int              `json:"remind,omitempty"`
	Ladder    []quality.DutyRung `json:"ladder,omitempty"`
}

func (SetDuty) op() string { return "duty" }

// MarshalJSON writes the form shown above. It refuses with [ErrValue] a need
// that takes more than 64 digits to write out.
func (e SetDuty) MarshalJSON() ([]byte, error) {
	if !written(e.Need) {
		return nil, fmt.Errorf("need: %w", errDigits)
	}
	type form SetDuty
	return marshal(form(e))
}

func (e SetDuty) apply(a *amender) {
	a.every(e.Clauses, func(c *Clause) bool { _, ok := c.Rule.(Cadence); return ok }, func(c *Clause) error {
		rule, ok := c.Rule.(Cadence)
		if !ok {
			return fmt.Errorf("%w: %s", ErrKind, c.Kind)
		}
		rule.Need, rule.Grace, rule.Remind, rule.Ladder = e.Need, e.Grace, e.Remind, e.Ladder
		if len(e.Every) > 0 {
			rule.Every, rule.SinceLast = e.Every, e.SinceLast
		}
		c.Rule = rule
		return nil
	})
}

func (r *reader) cadence(v at) (c Cadence) {
	o := r.object(v, slices.Concat([]string{"of", "class", "shown"}, dutyFields())...)
	c.Of, c.Class = o.needText("of"), o.text("class")
	if _, ok := o.need("shown"); ok {
		var m sla.Match
		o.parse("shown", &m)
		if c.Shown = m.Kind; len(m.Fields) > 0 {
			r.fail(o.at, "%w: shown by %v: want a kind of entry without conditions", ErrValue, m)
		}
	}
	o.duty(&c)
	return c
}

// dutyFields are those that a cadence and [SetDuty] have in common.
func dutyFields() []string {
	return []string{"every", "since_last", "need", "grace", "remind", "ladder"}
}

func (o object) duty(c *Cadence) {
	before := len(o.r.faults)
	c.Every = list(o, "every", parsed[quality.Cycle])
	c.SinceLast = o.flag("since_last")
	if v, ok := o.get("need"); ok {
		before := len(o.r.faults)
		text := o.r.text(v)
		var err error
		if c.Need, err = parseNumber(text); err != nil && len(o.r.faults) == before {
			o.r.fail(v, "%w: %w", ErrValue, err)
		}
	}
	c.Grace = o.whole("grace")
	c.Remind = list(o, "remind", (*reader).whole)
	c.Ladder = list(o, "ladder", func(r *reader, v at) quality.DutyRung {
		rung := r.object(v, "days", "role")
		return quality.DutyRung{Days: rung.whole("days"), Role: rung.needText("role")}
	})
	if o.ok && len(o.r.faults) == before {
		c.check(o)
	}
}

// check reports what keeps the duties from being any.
func (c Cadence) check(o object) {
	twice := func(name string, i int) {
		o.r.fail(at{o.member(name), join(o.path, name)}, "%w: entry %d says the same as one before", ErrDuplicate, i+1)
	}
	for i, cycle := range c.Every {
		if slices.Contains(c.Every[:i], cycle) {
			twice("every", i)
		}
	}
	for i, days := range c.Remind {
		if slices.Contains(c.Remind[:i], days) {
			twice("remind", i)
		}
	}
	if len(c.Every) == 0 {
		c.Every = []quality.Cycle{quality.Yearly()} // for the rest of it
	}
	for _, d := range c.duties(&Clause{ID: "-"}, time.UTC, nil) {
		if err := d.Validate(); err != nil {
			o.r.fail(o.at, "%w: %w", ErrValue, err)
			return
		}
	}
}

// cadence tells what a clause leaves open. Verdicts on cases do not wait for
// it.
func (l *linter) cadence(c Cadence) {
	if len(c.Every) == 0 {
		l.add(Finding{Code: CodeNoCycle})
	}
	l.entry(c.Shown)
	for _, r := range c.Ladder {
		l.role(r.Role)
	}
}

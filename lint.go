package charter

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

// Lint lists what in the handbook a person has to look at before it is used:
// limits without a figure or a basis, escalations without a time, limits that
// contradict each other, words that nothing declares. Those that keep clauses
// from being evaluated have Blocks set. It looks at the versions
// in force at the end, that is at all clauses that are not dropped; findings
// stand in the order of the clauses, those on the settings at the end. Nothing
// it finds keeps the handbook from judging: what cannot be evaluated says so.
// [Finding.Key] tells findings of two handbooks apart.
func (h *Handbook) Lint() []Finding {
	h = h.orZero()
	l := linter{
		Handbook: h, settings: inForce(h.settings, lastDay), bounds: map[string][]bound{}, calendars: map[string]bool{},
		named: map[history.Kind]bool{}, course: h.makeCourse(lastDay), table: knownMeasures(),
	}
	for _, a := range h.attributes {
		if _, ok := l.versions[a.Clause]; !ok && a.Clause != "" {
			l.add(Finding{Code: CodeUnknownClause, Attribute: a.Name, Value: a.Clause})
		}
	}
	for i := range h.clauses {
		c := &h.clauses[i]
		if !c.Effective.To.IsZero() {
			continue
		}
		l.clause = c
		l.condition(c.When)
		for _, id := range c.Conflicts {
			l.reference(id)
		}
		switch rule := c.Rule.(type) {
		case Deadline:
			l.deadline(rule)
		case Escalation:
			l.escalation(rule)
		case Classification:
			l.classification(rule)
		case Retention:
			l.retention(rule)
		case Access:
			l.role(rule.Roles...)
		case Objective:
			l.objective(rule)
		case Cadence:
			l.cadence(rule)
		}
		l.measures(c)
		l.lifecycle(c.Lifecycle)
		l.content(c.Content)
		if t, ok := c.target(l.settings); ok {
			l.evidence(missing(t.Metric, l.settings.Provides))
		}
	}
	l.clause = nil
	l.set()
	return l.findings
}

// lastDay lies in the last version of everything.
var lastDay = calendar.Date{Year: 9999, Month: 12, Day: 31}

type linter struct {
	*Handbook
	settings Settings
	course   course
	table    *measure.Registry
	clause   *Clause            // being looked at
	bounds   map[string][]bound // by metric, so far
	findings []Finding
	// calendars and named are the calendars and kinds of entries in use.
	calendars map[string]bool
	named     map[history.Kind]bool
}

func (l *linter) add(f Finding) {
	if len(f.Clauses) == 0 && l.clause != nil {
		f.Clauses = []string{l.clause.ID}
	}
	l.findings = append(l.findings, f)
}

func (l *linter) reference(id string) {
	if _, ok := l.versions[id]; !ok {
		l.add(Finding{Code: CodeUnknownClause, Value: id})
	}
}

func (l *linter) condition(when sla.Condition) {
	for _, t := range when {
		l.values(t.Attribute, t.Values...)
	}
}

func (l *linter) values(attribute string, values ...string) {
	a := l.attributes.find(attribute)
	if a == nil {
		if !isFree(attribute) {
			l.add(Finding{Code: CodeUndeclaredAttribute, Attribute: attribute})
		}
		return
	}
	for _, v := range values {
		if a.value(v) == nil {
			l.add(Finding{Code: CodeUndeclaredValue, Attribute: attribute, Value: v})
		}
	}
}

// isFree: the values of these attributes are the host's own.
func isFree(attribute string) bool {
	return attribute == history.KeyUnit || attribute == history.KeyPerson || attribute == history.KeyTags
}

func (l *linter) role(names ...string) {
	for _, name := range names {
		known := func(r Role) bool { return r.ID == name }
		if name != "" && name != history.RoleCustomer && name != ticket.RoleSystem && !slices.ContainsFunc(l.roles, known) {
			l.add(Finding{Code: CodeUndeclaredRole, Value: name})
		}
	}
}

func (l *linter) matches(lists ...[]sla.Match) {
	for _, list := range lists {
		for _, m := range list {
			l.entry(m.Kind)
			for _, f := range m.Fields {
				if f.Name == "role" {
					l.role(f.Values...)
				}
			}
		}
	}
}

func (l *linter) entry(k history.Kind) {
	l.named[k] = true
	if !slices.Contains(history.Kinds(), k) && !slices.Contains(l.settings.Provides, k) {
		l.add(Finding{Code: CodeUnknownEntry, Value: string(k), Blocks: true})
	}
}

// evidence tells what a clause needs that the host does not record.
func (l *linter) evidence(lacking []history.Kind) {
	if len(lacking) == 0 {
		return
	}
	names := make([]string, len(lacking))
	for i, k := range lacking {
		names[i] = string(k)
	}
	l.add(Finding{Code: CodeNotProvided, Value: strings.Join(names, ", "), Blocks: true})
}

// set looks at the settings, after the clauses have told what is in use.
func (l *linter) set() {
	for _, metric := range sortedKeys(l.settings.Pauses) {
		for _, m := range l.settings.Pauses[metric] {
			before := len(l.findings)
			l.entry(m.Kind)
			for i := range l.findings[before:] {
				l.findings[before+i].Path = join("settings.pauses", metric)
			}
		}
	}
	for _, k := range l.settings.Provides {
		if !slices.Contains(history.Kinds(), k) && !l.named[k] {
			l.add(Finding{Code: CodeUnknownEntry, Path: "settings.provides", Value: string(k), Blocks: true})
		}
	}
	for _, name := range sortedKeys(l.calendars) {
		if c := l.settings.compiled[name]; c != nil && !knowsHolidays(c.Spec()) {
			l.add(Finding{Code: CodeNoHolidays, Path: join("settings.calendars", name)})
		}
	}
}

// knowsHolidays reports whether a calendar knows its holidays, or has no use
// for any. Of a combination one part is enough.
func knowsHolidays(s calendar.Spec) bool {
	return len(s.Days) > 0 || !s.Published.IsZero() || s.Hours.String() == calendar.AllWeek().String() ||
		slices.ContainsFunc(s.AnyOf, knowsHolidays) || slices.ContainsFunc(s.AllOf, knowsHolidays)
}

// span looks at a figure; one that binds nobody blocks nothing.
func (l *linter) span(s sla.Span, name string, binds bool) {
	if s.IsZero() {
		return
	}
	switch {
	case s.Basis == sla.Unnamed:
		l.add(Finding{Code: CodeNoBasis, Value: strings.TrimSuffix(s.String(), "?"), Blocks: binds})
	case needsCalendar(s):
		l.calendars[name] = true
		if l.settings.compiled[name] == nil {
			l.add(Finding{Code: CodeNoCalendar, Value: s.String(), Attribute: `"` + name + `"`, Blocks: binds})
		}
	}
}

func (l *linter) deadline(d Deadline) {
	if d.Within.IsZero() && d.Due.IsZero() {
		l.add(Finding{Code: CodeNoFigure, Blocks: true})
	}
	l.span(d.Within, d.Calendar, true)
	for _, s := range d.Examples {
		l.span(s, d.Calendar, false)
	}
	l.matches(d.From, d.Until, d.UntilAll)
	for _, g := range d.Ladder {
		l.role(g.Role)
	}
	m := d.target(l.clause, l.settings).Metric
	l.start(m)
	l.twoLimits(d, m)
}

// start compares where a deadline starts with the kinds of case it is for.
func (l *linter) start(m sla.Metric) {
	i := slices.IndexFunc(l.clause.When, func(t sla.Term) bool { return t.Attribute == history.KeyKind && !t.Not })
	if i < 0 {
		return
	}
	of := l.clause.When[i].Values
	var lacking []string
	for _, kind := range of {
		if !slices.ContainsFunc(m.Start, func(x sla.Match) bool { return occurs(x.Kind, kind) }) {
			lacking = append(lacking, kind)
		}
	}
	if len(lacking) > 0 {
		var starts []string
		for _, x := range m.Start {
			starts = append(starts, x.String())
		}
		l.add(Finding{Code: CodeStartElsewhere, Value: strings.Join(starts, ", "), Other: strings.Join(lacking, ", ")})
	}
}

// occurs reports whether cases of a kind have such entries, by the table of
// entries of the common vocabulary.
func occurs(e history.Kind, kind string) bool {
	for _, of := range []struct {
		kind    string
		entries []history.Kind
	}{
		{"ticket", []history.Kind{history.Detected, history.Acknowledged, history.OpinionGiven, history.Declared, history.Notified, history.Restored}},
		{"complaint", []history.Kind{history.Detected, history.Checked, history.Verified, history.Reported, history.Declared, history.Notified, history.Restored}},
		{"incident", []history.Kind{
			history.Opened, history.Registered, history.Checked, history.Accepted, history.Acknowledged, history.Started, history.FirstHandled,
			history.OpinionGiven, history.Verified, history.ResultConfirmed, history.Surveyed, history.FollowedUp, history.Closed, history.Reopened,
			history.Archived,
		}},
	} {
		if of.kind == kind {
			return !slices.Contains(of.entries, e)
		}
	}
	return true
}

func (l *linter) escalation(e Escalation) {
	if !e.Timed() {
		l.add(Finding{Code: CodeNoTime})
	}
	l.span(e.Within, e.Calendar, true)
	l.role(e.Step.roles()...)
	l.matches(e.From, e.Until)
	if e.By != "" {
		l.values(e.By)
	}
	for _, id := range e.Clauses {
		l.reference(id)
	}
	if e.At != nil && !l.covers(e) {
		l.add(Finding{Code: CodeNothingCovered})
	}
}

func (l *linter) covers(e Escalation) bool {
	return slices.ContainsFunc(l.clauses, func(c Clause) bool {
		_, deadline := c.Rule.(Deadline)
		return deadline && c.Effective.To.IsZero() && (len(e.Clauses) == 0 || slices.Contains(e.Clauses, c.ID)) &&
			implies(c.When, l.clause.When)
	})
}

func (l *linter) classification(c Classification) {
	for _, s := range c.Schemes {
		if s.Attribute != "" {
			l.values(s.Attribute, s.Values...)
		}
		for _, name := range sortedKeys(s.Assign) {
			l.values(name, s.Assign[name])
		}
	}
}

// mostTwoLimits bounds what is told of one clause.
const mostTwoLimits = 50

// twoLimits compares a deadline with those of its metric that stand before it.
func (l *linter) twoLimits(d Deadline, m sla.Metric) {
	b := bound{l.clause, d.limit(), ends(m)}
	if b.limit == "" {
		return
	}
	found := 0
	for _, a := range l.bounds[d.Metric] {
		if found == mostTwoLimits {
			break
		}
		// The same limit between the same entries is no second one.
		if a.limit == b.limit && a.ends == b.ends || !overlap(a.clause.When, b.clause.When) {
			continue
		}
		l.add(Finding{
			Code: CodeTwoLimits, Clauses: []string{a.clause.ID, b.clause.ID}, Value: a.limit, Other: b.limit,
			Ends: []string{a.ends, b.ends},
		})
		found++
	}
	l.bounds[d.Metric] = append(l.bounds[d.Metric], b)
}

// bound is what a deadline limits, as text.
type bound struct {
	clause      *Clause
	limit, ends string
}

// ends renders where a metric starts and stops.
func ends(m sla.Metric) string {
	text := func(ms []sla.Match, by string) string {
		parts := make([]string, len(ms))
		for i, m := range ms {
			parts[i] = m.String()
		}
		return strings.Join(parts, by)
	}
	return text(m.Start, " | ") + " → " + text(m.Stop, " | ") + text(m.StopAll, " & ")
}

// limit renders what binds: a figure, a promised date or nothing.
func (d Deadline) limit() string { return cmp.Or(d.Within.String(), d.Due.String()) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package charter

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Plan compiles the handbook for the engine: one sla.Revision from each date
// on which a clause or the settings change. It compiles once, however often
// and from however many goroutines it is called.
//
//   - A deadline clause becomes a target with the clause's id. Its metric is
//     the standard one of that name between the entries that the clause names.
//   - The pauses of the standard metrics are replaced by those in
//     [Settings].Pauses: a handbook that declares none never pauses a clock.
//     [Handbook.Needs] tells what comes of it.
//   - A limit without a figure, without a basis, or in business hours or
//     working days for which the settings have no calendar, gives clocks that
//     are not evaluable, and Lint says why. What hangs on their deadline,
//     warnings and rungs, is left out.
//   - [Settings].Provides is passed on: a clause that waits for what the host
//     never records is not evaluable instead of breached.
//   - A timed escalation becomes a target or a rung, as [Escalation] says; its
//     target is of the metric [MetricEscalation].
//   - Clauses of all other kinds run no clock. Those of kind cadence run one on
//     the cases that [DutyCase] makes, by a plan of their own: [Handbook.Judge]
//     and a [Desk] use it for these.
//
// An error matches sla.ErrCompile and names revision and clause. It can only
// come from what a host has written into a handbook, such as a warning two
// business hours before a deadline on the wall clock. A handbook of thousands
// of deadlines that changes on hundreds of days is refused with [ErrTooLarge].
func (h *Handbook) Plan() (*sla.Plan, error) {
	h = h.orZero()
	c, err := h.compile(&h.cases)
	return c.plan, err
}

// MetricEscalation is the name of the metric of an escalation with a time of
// its own.
const MetricEscalation = "escalation"

// compiled is what is made of a handbook once, for cases in general or for
// those that [DutyCase] makes.
type compiled struct {
	once sync.Once
	err  error
	plan *sla.Plan
	// dates tells, by the id of a revision, the date on which it begins.
	dates map[string]calendar.Date
	// pauseless: there are clocks, and a hold pauses none of them, ever.
	pauseless bool
}

// compile fills one of the handbook's two. Clauses on duties, of which there may
// be many, would cost every other case time and give it nothing.
func (h *Handbook) compile(c *compiled) (*compiled, error) {
	c.once.Do(func() {
		revisions, dates := h.revisions(c == &h.duties)
		c.dates, c.pauseless = dates, pauseless(revisions)
		if n := targetsOf(revisions); n > maxTargets {
			c.err = fmt.Errorf("charter: %w: %d limits in all revisions together, at most %d", ErrTooLarge, n, maxTargets)
			return
		}
		c.plan, c.err = sla.Compile(revisions...)
	})
	return c, c.err
}

// compileFor compiles what judges a case.
func (h *Handbook) compileFor(c history.History) (*compiled, error) {
	if isDuty(c) {
		return h.compile(&h.duties)
	}
	return h.compile(&h.cases)
}

// maxTargets bounds the work of compiling; a target takes some tens of
// microseconds.
const maxTargets = 50_000

func pauseless(revisions []sla.Revision) bool {
	any := false
	for i := range revisions {
		for j := range revisions[i].Targets {
			any = true
			if slices.ContainsFunc(revisions[i].Targets[j].Metric.Pause, func(m sla.Match) bool { return m.Kind == history.Held }) {
				return false
			}
		}
	}
	return any
}

func targetsOf(revisions []sla.Revision) (n int) {
	for i := range revisions {
		n += len(revisions[i].Targets)
	}
	return n
}

// revisions makes one revision for each date on which something changes, and
// one for the time before.
func (h *Handbook) revisions(duties bool) (out []sla.Revision, dates map[string]calendar.Date) {
	boundaries := []calendar.Date{{}}
	for _, c := range h.clauses {
		boundaries = append(boundaries, c.Effective.From, c.Effective.To)
	}
	for _, s := range h.settings {
		boundaries = append(boundaries, s.Effective.From, s.Effective.To)
	}
	slices.SortFunc(boundaries, calendar.Date.Compare)
	dates = map[string]calendar.Date{}
	for _, date := range slices.Compact(boundaries) {
		r := h.revision(date)
		if duties {
			h.owe(&r, date)
		}
		// A zone may skip a whole date; then the next one begins at that instant.
		if n := len(out); n > 0 && out[n-1].From.Equal(r.From) {
			out = out[:n-1]
		}
		dates[r.ID] = date
		out = append(out, r)
	}
	return out, dates
}

func (h *Handbook) revision(on calendar.Date) sla.Revision {
	s := inForce(h.settings, on)
	r := sla.Revision{ID: h.id + " " + h.version, Calendars: maps.Clone(s.compiled), Semantics: s.Semantics, Provides: s.Provides}
	if r.Calendars == nil {
		r.Calendars = map[string]*calendar.Calendar{}
	}
	if !on.IsZero() {
		r.ID += " from " + on.String()
		r.From = dayStart(on, h.Location())
	}
	var rungs []*Clause
	for i := range h.clauses {
		c := &h.clauses[i]
		if !c.Effective.Holds(on) {
			continue
		}
		if e, ok := c.Rule.(Escalation); ok && e.At != nil {
			rungs = append(rungs, c)
		}
		if t, ok := c.target(s); ok {
			// The engine wants a calendar that is not there to be named as such.
			if _, ok := r.Calendars[t.Calendar]; !ok {
				r.Calendars[t.Calendar] = nil
			}
			r.Targets = append(r.Targets, t)
		}
	}
	for i := range r.Targets {
		t := &r.Targets[i]
		if t.Metric.Name == MetricEscalation || !bounded(t) {
			continue
		}
		for _, c := range rungs {
			c.Rule.(Escalation).hang(c, t)
		}
	}
	return r
}

// bounded reports whether clocks of the target have a deadline.
func bounded(t *sla.Target) bool {
	return t.Metric.DueField != "" || !t.Span.IsZero() && t.Span.Basis != sla.Unnamed
}

// target is what the clause runs a clock on, if it runs one.
func (c *Clause) target(s Settings) (t sla.Target, ok bool) {
	switch rule := c.Rule.(type) {
	case Deadline:
		return rule.target(c, s), true
	case Escalation:
		if !rule.Within.IsZero() {
			return rule.target(c), true
		}
	}
	return sla.Target{}, false
}

func (d Deadline) target(c *Clause, s Settings) sla.Target {
	m, _ := sla.StandardMetric(d.Metric)
	stops, all := d.Until, false
	if len(d.UntilAll) > 0 {
		stops, all = d.UntilAll, true
	}
	start := d.From
	if !d.Due.IsZero() {
		if len(start) == 0 {
			start = sla.On(d.Due.Kind)
		}
		m.DueField = d.Due.Field
	}
	if len(start) > 0 || len(stops) > 0 {
		m = m.Between(start, stops, all)
	}
	if m.Name == metricFirstResponse {
		switch s.Semantics.Response {
		case sla.ResponseFromOpening:
			m.Start = sla.On(history.Opened, history.Detected)
		case sla.ResponseFromAssignment:
			m.Start = sla.On(history.Dispatched)
		}
	}
	m.Pause, m.Resume = s.Pauses[d.Metric], nil
	if len(m.Pause) > 0 {
		m.Resume = sla.On(history.Resumed)
	}
	m.Conditional = m.Conditional || d.Conditional
	t := sla.Target{
		ID: c.ID, Metric: m, When: c.When, Span: d.Within, Calendar: d.Calendar,
		Days: calendar.DayRule(d.Days),
	}
	if bounded(&t) {
		t.Warnings, t.Ladder = slices.Clone(d.Warnings), slices.Clone(d.Ladder)
	}
	return t
}

// metricFirstResponse is the metric of which sla.Semantics.Response speaks.
const metricFirstResponse = "first-response"

func needsCalendar(s sla.Span) bool {
	return !s.IsZero() && (s.Basis == sla.Business || s.Basis == sla.WorkingDays)
}

// target is the limit of an escalation with a time of its own. It pauses for
// nothing, and a case that is settled needs it no more.
func (e Escalation) target(c *Clause) sla.Target {
	m := sla.Metric{
		Name: MetricEscalation, Start: e.From, Stop: e.Until,
		Cancel: sla.On(history.Resolved, history.Restored, history.Closed, history.Merged, history.Cancelled),
	}
	if len(m.Start) == 0 {
		m.Start = sla.On(history.Opened, history.Detected)
	}
	if len(m.Stop) == 0 {
		m.Stop = sla.On(history.Escalated)
	}
	m.Cancel = slices.DeleteFunc(m.Cancel, func(x sla.Match) bool {
		same := func(y sla.Match) bool { return y.Kind == x.Kind }
		return slices.ContainsFunc(m.Start, same) || slices.ContainsFunc(m.Stop, same)
	})
	t := sla.Target{ID: c.ID, Metric: m, When: c.When, Span: e.Within, Calendar: e.Calendar}
	if bounded(&t) && e.Role != "" {
		t.Ladder = []sla.Rung{{Name: c.ID, Role: e.Role}}
	}
	return t
}

// hang puts the escalation on a deadline as a rung, if it covers it.
func (e Escalation) hang(c *Clause, t *sla.Target) {
	switch {
	case len(e.Clauses) > 0 && !slices.Contains(e.Clauses, t.ID), !implies(t.When, c.When):
	case e.Role == "":
		t.Warnings = append(t.Warnings, sla.Warning{Name: c.ID, At: *e.At})
	default:
		t.Ladder = append(t.Ladder, sla.Rung{Name: c.ID, Role: e.Role, At: *e.At})
	}
}

// dayStart is the first instant at which clocks in loc show the date or a
// later one. Package time picks an instant of its own for a midnight that a
// zone skips or repeats, so the zone's offsets are walked instead.
func dayStart(d calendar.Date, loc *time.Location) time.Time {
	midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	t := midnight.Add(-26 * time.Hour)
	for {
		_, offset := t.In(loc).Zone()
		at := midnight.Add(-time.Duration(offset) * time.Second)
		if at.Before(t) {
			at = t
		}
		_, end := t.In(loc).ZoneBounds()
		if end.IsZero() || at.Before(end) {
			return at.UTC()
		}
		if !end.After(t) {
			// On the last day of a leap year package time may give bounds that lie
			// in the past, where the zone's rule for later years applies.
			end = t.Add(24 * time.Hour)
		}
		t = end
	}
}

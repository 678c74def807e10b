package sla_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// The reference model: what the doc comments say, told as slowly as they do. It keeps for every clock the list of what happened to
// it (stretch), looks at one stretch after the other and knows nothing of positions, of sharing between targets or of anything that
// makes the engine quick. Semantics that differ between revisions in when a clock starts or ends (Reopen, Message, Response)
// are beyond it; the transcripts have these.

// reference evaluates a case: the clocks by target, revision and cycle.
func reference(revisions []sla.Revision, es []history.Entry, now time.Time) []sla.Clock {
	m := newModel(revisions)
	for _, e := range (history.History{Entries: es}).Sorted().Entries {
		if e.At.After(now) {
			break
		}
		m.step(&e)
	}
	m.takeOver(now)
	return m.clocks(now)
}

// model is one case.
type model struct {
	revisions []sla.Revision
	targets   []*slowTarget
	attrs     map[string][]string
	crossed   int // revisions that have come into force

	begun, withdrawn bool
	closed           time.Time
}

// slowTarget is one target of one revision.
type slowTarget struct {
	sla.Target
	rev    int
	group  string // of its policy and metric; empty: stands for itself
	rules  sla.Semantics
	meter  slowMeter
	truth  int // 0 no, 1 unknown, 2 yes
	lack   string
	onHold bool
	early  time.Time
	bits   map[int]bool
	cycles []*slowCycle

	rearmed bool
}

// stretch is a stretch of a clock's life with one state, up to the next one.
type stretch struct {
	from    time.Time
	running bool
	ended   bool // stopped or cancelled
	force   int  // 0 out, 1 unclear, 2 in, 3 dropped
	enters  bool // the target comes into force here
	restart bool // the clock starts again here
	forget  bool // and nobody could tell what was before
	resumed bool // a hold or a stop ends here
	promise time.Time
	broken  bool // the recorded deadline cannot be read
}

type slowCycle struct {
	n         int
	start     time.Time
	stretches []stretch
	stopped   time.Time
	cancelled bool
	lapsed    bool
	lack      string // the attribute that was missing when the next cycle began
	live      bool   // judged by the target's revision
	taken     bool   // taken over by a later one
}

func (c *slowCycle) open() bool     { return c.stopped.IsZero() }
func (c *slowCycle) last() *stretch { return &c.stretches[len(c.stretches)-1] }

// found tells whether the target was in force before t.
func (c *slowCycle) found(t time.Time) bool {
	if c.last().force < 2 {
		return false
	}
	for i := len(c.stretches) - 1; i > 0; i-- {
		if c.stretches[i].enters {
			return c.stretches[i].from.Before(t)
		}
	}
	return true
}

// next begins a new stretch like the last one.
func (c *slowCycle) next(t time.Time) *stretch {
	s := *c.last()
	s.from, s.enters, s.restart, s.forget, s.resumed = t, false, false, false, false
	c.stretches = append(c.stretches, s)
	return c.last()
}

func (t *slowTarget) current() *slowCycle {
	if len(t.cycles) == 0 {
		return nil
	}
	return t.cycles[len(t.cycles)-1]
}

func newModel(revisions []sla.Revision) *model {
	m := &model{attrs: map[string][]string{}}
	m.revisions = slices.Clone(revisions)
	slices.SortFunc(m.revisions, func(a, b sla.Revision) int { return a.From.Compare(b.From) })
	for i, r := range m.revisions {
		add := func(t sla.Target, group string) {
			s := &slowTarget{Target: t, rev: i, group: group, rules: r.Semantics, bits: map[int]bool{}}
			s.meter = slowMeter{basis: t.Span.Basis, cal: r.Calendars[t.Calendar], rule: t.Days, edge: r.Semantics.Close}
			if t.Metric.DueField != "" || t.Span.IsZero() {
				s.meter.basis = sla.Elapsed
			}
			if t.Metric.Name == "first-response" {
				switch r.Semantics.Response {
				case sla.ResponseFromOpening:
					s.Metric.Start = sla.On(history.Opened, history.Detected)
				case sla.ResponseFromAssignment:
					s.Metric.Start = sla.On(history.Dispatched)
				}
			}
			m.targets = append(m.targets, s)
		}
		for _, t := range r.Targets {
			add(t, "")
		}
		for _, p := range r.Policies {
			for _, t := range p.Targets {
				add(t, p.Name+"/"+t.Metric.Name)
			}
		}
	}
	m.decide()
	return m
}

// inForce is the revision in force at an instant.
func (m *model) inForce(t time.Time) int {
	n := -1
	for i, r := range m.revisions {
		if i == 0 && r.From.IsZero() || !r.From.After(t) {
			n = i
		}
	}
	return n
}

// decide evaluates all conditions.
func (m *model) decide() {
	governed := map[[2]any]bool{}
	for _, t := range m.targets {
		t.truth, t.lack = m.holds(t.When)
		if t.group == "" {
			continue
		}
		key := [2]any{t.rev, t.group}
		if governed[key] || t.truth == 1 {
			t.truth = 0
		}
		if t.truth == 2 {
			governed[key] = true
		}
	}
}

func (m *model) holds(c sla.Condition) (truth int, lack string) {
	truth = 2
	for _, term := range c {
		values, has := m.attrs[term.Attribute]
		one := slices.ContainsFunc(values, func(v string) bool { return slices.Contains(term.Values, v) })
		switch {
		case term.Not && one, !term.Not && has && !one:
			return 0, ""
		case !term.Not && !has && truth == 2:
			truth, lack = 1, term.Attribute
		}
	}
	return truth, lack
}

func anyMatch(ms []sla.Match, e *history.Entry) bool {
	return slices.ContainsFunc(ms, func(m sla.Match) bool { return m.Matches(e) })
}

func anyKind(ms []sla.Match, e *history.Entry) bool {
	return slices.ContainsFunc(ms, func(m sla.Match) bool { return m.Kind == e.Kind })
}

// step applies an entry.
func (m *model) step(e *history.Entry) {
	m.takeOver(e.At)
	m.begun = true
	if history.SetsAttributes(e.Kind) {
		set := map[string][]string{}
		for _, f := range e.Fields {
			set[f.Key] = append(set[f.Key], f.Value)
		}
		for k, v := range set {
			m.attrs[k] = v
		}
		m.decide()
		m.follow(m.targets, e.At, e.At)
	}
	for _, t := range m.targets {
		m.react(t, e)
	}
	switch e.Kind {
	case history.Closed:
		m.closed = e.At
	case history.Reopened:
		m.closed, m.withdrawn = time.Time{}, false
	case history.Merged, history.Cancelled:
		m.withdrawn = true
	}
}

// takeOver lets the revisions that come into force by t take over what runs.
func (m *model) takeOver(t time.Time) {
	for i, r := range m.revisions {
		if i < m.crossed || r.From.After(t) {
			continue
		}
		m.crossed = i + 1
		if r.Semantics.Revise != sla.AtOnce || r.From.IsZero() {
			continue
		}
		for _, s := range m.targets {
			c := s.current()
			switch {
			case c == nil || !c.open():
			case s.rev < i && c.live && !c.taken:
				c.taken = true
				m.leave(c, r.From)
			case s.rev == i && !c.live:
				c.live = true
				m.enter(s, c, r.From)
			}
		}
	}
}

func (m *model) enter(s *slowTarget, c *slowCycle, t time.Time) {
	if s.truth > 0 {
		x := c.next(t)
		x.force, x.enters = s.truth, true
	}
}

func (m *model) leave(c *slowCycle, t time.Time) {
	x := c.next(t)
	if x.force == 2 {
		x.force = 3
	} else if x.force == 1 {
		x.force = 0
	}
}

// follow lets the running clocks follow a change of attributes at t, with effect from an instant.
func (m *model) follow(targets []*slowTarget, t, from time.Time) {
	stays := map[*slowTarget]bool{}
	for _, s := range targets {
		for _, o := range m.targets {
			if s.rules.Retarget == sla.KeepFirst && o.rev == s.rev && o.group == s.group && o.Metric.Name == s.Metric.Name && o.current() != nil {
				stays[s] = stays[s] || o.current().found(t)
			}
		}
	}
	for _, s := range targets {
		c := s.current()
		if c == nil || !c.live || c.taken {
			continue
		}
		switch force := c.last().force; {
		case force == 1:
			// It has been so all along.
			if s.truth != 1 {
				for i := len(c.stretches) - 1; i >= 0 && c.stretches[i].force == 1; i-- {
					c.stretches[i].force = s.truth
				}
			}
		case !c.open() || stays[s]:
		case force == 2 && s.truth == 0:
			m.leave(c, from)
		case force != 2 && s.truth > 0:
			m.enter(s, c, from)
		}
	}
}

// clocks reads everything at now.
func (m *model) clocks(now time.Time) (clocks []sla.Clock) {
	for _, s := range m.targets {
		for _, c := range s.cycles {
			if clock, ok := s.read(c, now); ok {
				clock.Revision = m.revisions[s.rev].ID
				clocks = append(clocks, clock)
			}
		}
		if clock, ok := m.waiting(s, now); ok {
			clock.Revision = m.revisions[s.rev].ID
			clocks = append(clocks, clock)
		}
	}
	sortClocks(clocks)
	return clocks
}

func sortClocks(clocks []sla.Clock) {
	slices.SortStableFunc(clocks, func(a, b sla.Clock) int {
		return cmp.Or(strings.Compare(a.Target, b.Target), strings.Compare(a.Revision, b.Revision), cmp.Compare(a.Cycle, b.Cycle))
	})
}

func (s *slowTarget) clock() sla.Clock {
	c := sla.Clock{Target: s.ID, Metric: s.Metric.Name, Span: s.Span}
	if s.meter.basis == sla.Business || s.meter.basis == sla.WorkingDays {
		c.Calendar = s.meter.cal.Fingerprint()
	}
	return c
}

// missing is what the rule itself lacks.
func (s *slowTarget) missing() string {
	switch {
	case s.Metric.DueField != "":
	case s.Span.IsZero():
		return "figure"
	case s.Span.Basis == sla.Unnamed:
		return "basis"
	}
	return ""
}

// starting names what a clock waits for.
func (s *slowTarget) starting() string {
	var starts []string
	for _, x := range s.Metric.Start {
		starts = append(starts, x.String())
	}
	name := strings.Join(starts, " or ")
	if s.Metric.DueField != "" {
		name += "." + s.Metric.DueField
	}
	return name
}

func (m *model) waiting(s *slowTarget, now time.Time) (sla.Clock, bool) {
	at := now
	if !m.closed.IsZero() {
		at = m.closed
	}
	if !m.begun || m.withdrawn || len(s.cycles) > 0 || s.Metric.Conditional || s.truth == 0 || m.inForce(at) != s.rev {
		return sla.Clock{}, false
	}
	for _, o := range m.targets {
		if o.ID == s.ID && slices.ContainsFunc(o.cycles, func(c *slowCycle) bool { return c.live }) {
			return sla.Clock{}, false
		}
	}
	c := s.clock()
	c.State, c.Missing = sla.Waiting, s.starting()
	switch {
	case !m.closed.IsZero():
		c.State = sla.NotEvaluable
	case s.missing() != "":
		c.State, c.Missing = sla.NotEvaluable, s.missing()
	}
	return c, true
}

// endOfDay tells that deadlines lie at the last closing of a day.
func (s *slowTarget) endOfDay() bool {
	return s.meter.basis == sla.WorkingDays && s.Days.End == calendar.LastHours
}

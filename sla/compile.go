package sla

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// Compile checks and compiles revisions, given in any order. Each is in force
// from its From to the next one's; two with the same From are an error, as is
// none. All errors are found at once; each matches [ErrCompile] and names
// revision and target. The cost is some tens of microseconds a target: compile
// once and keep the Plan.
func Compile(revisions ...Revision) (*Plan, error) {
	c := compiler{Plan: &Plan{}, reactions: map[history.Kind][]reaction{}}
	sorted := slices.SortedStableFunc(slices.Values(revisions), func(a, b Revision) int { return a.From.Compare(b.From) })
	if len(sorted) == 0 {
		c.fail("", "", "no revision")
	}
	for i := range sorted {
		if i > 0 && sorted[i].From.Equal(sorted[i-1].From) {
			c.fail(sorted[i].ID, "", "comes into force at the same instant as revision %q", sorted[i-1].ID)
		}
		if slices.ContainsFunc(c.revisions, func(r revision) bool { return r.id == sorted[i].ID }) {
			c.fail(sorted[i].ID, "", "the id stands twice")
		}
		c.revision(&sorted[i])
	}
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	c.layout()
	c.relate()
	c.dispatch()
	c.bare = c.decide(make([]byte, c.slotAt[len(c.slotNames)]))
	for range c.watches {
		c.idle = append(c.idle, watchState{early: never})
	}
	return c.Plan, nil
}

type compiler struct {
	*Plan
	errs []error
	ids  map[string]bool
	keys map[string]int32
	raw  []Condition // by target
	next int32       // revision being compiled

	reactions map[history.Kind][]reaction
}

func (c *compiler) fail(revision, target, format string, args ...any) {
	c.errs = append(c.errs, compileError(revision, target, format, args...))
}

func (c *compiler) revision(r *Revision) {
	from := nanos(r.From)
	c.next = int32(len(c.revisions))
	if err := r.Semantics.check(); err != nil {
		c.fail(r.ID, "", "%w", err)
	}
	c.revisions = append(c.revisions, revision{r.ID, from, r.Semantics.Revise == AtOnce, time.UTC, int32(len(c.watches)), int32(len(c.targets))})
	if cal := r.Calendars[""]; cal != nil {
		c.revisions[c.next].zone = cal.Location()
	}
	if c.revisions[c.next].atOnce {
		c.taken = append(c.taken, c.next)
	}
	c.ids, c.keys = map[string]bool{}, map[string]int32{}
	for i := range r.Targets {
		c.target(r, &r.Targets[i], -1)
	}
	for p := range r.Policies {
		policy := &r.Policies[p]
		groups := map[string]int32{}
		defaults := map[string]bool{}
		for i := range policy.Targets {
			t := &policy.Targets[i]
			switch {
			case defaults[t.Metric.Name]:
				c.fail(r.ID, t.ID, "stands after the default of policy %q for metric %q and could never match", policy.Name, t.Metric.Name)
			case len(t.When) == 0 && !t.Default:
				c.fail(r.ID, t.ID, "has no condition and is not declared as the default of policy %q", policy.Name)
			}
			defaults[t.Metric.Name] = t.Default
			g, ok := groups[t.Metric.Name]
			if !ok {
				g = int32(len(c.groups))
				groups[t.Metric.Name] = g
				c.groups = append(c.groups, nil)
			}
			c.groups[g] = append(c.groups[g], int32(len(c.targets)))
			c.target(r, t, g)
		}
	}
}

func (c *compiler) target(r *Revision, t *Target, group int32) {
	fail := func(format string, args ...any) { c.fail(r.ID, t.ID, format, args...) }
	switch {
	case t.ID == "":
		fail("has no id")
	case c.ids[t.ID]:
		fail("stands twice")
	}
	c.ids[t.ID] = true
	if err := t.When.Validate(); err != nil {
		fail("%w", err)
	}
	if err := t.Metric.check(); err != nil {
		fail("%w", err)
	}
	if t.Span.Length < 0 {
		fail("the span %v is negative", t.Span.Length)
	}
	if t.Span.Basis > WorkingDays {
		fail("the span has the unknown %v", t.Span.Basis)
	}
	if t.Days.End > calendar.LastHours || t.Days.Count > calendar.IncludeStart {
		fail("the rule for working days %v is unknown", t.Days)
	}
	out := target{id: t.ID, rev: c.next, span: t.Span, group: group, limit: int64(t.Span.Length)}
	m := meter{basis: t.Span.Basis}
	promised := t.Metric.DueField != ""
	switch {
	case promised:
		m.basis = Elapsed
	case t.Span.IsZero():
		out.missing, m.basis = "figure", Elapsed
	case t.Span.Basis == Unnamed:
		out.missing, m.basis = "basis", Elapsed
	}
	if m.basis == Business || m.basis == WorkingDays {
		cal, named := r.Calendars[t.Calendar]
		switch m.cal = cal; {
		case cal == nil && !named && t.Calendar != "":
			fail("needs a calendar named %q", t.Calendar)
		case cal == nil:
			out.missing, m.basis = "calendar", Elapsed
		case m.cal.Fingerprint() == "":
			fail("needs a calendar named %q that package calendar has compiled", t.Calendar)
		default:
			m.fingerprint = m.cal.Fingerprint()
		}
		if m.basis == WorkingDays {
			m.days = t.Days
		}
		if r.Semantics.Close == DueAtNextOpening {
			m.edge = calendar.NextOpening
		}
	}
	if lacks := t.Metric.lacks(r.Provides); out.missing == "" && lacks != "" {
		out.missing = lacks
	}
	if m.basis != WorkingDays {
		switch r.Semantics.Rounding {
		case WholeMinutes:
			out.over = roundedOver(out.limit, int64(time.Minute))
		case WholeSeconds:
			out.over = roundedOver(out.limit, int64(time.Second))
		}
	}
	if out.missing != "calendar" {
		// Without a calendar there is no meter on which to place a mark.
		for _, w := range t.Warnings {
			c.mark(&out, &m, promised, w.Name, "", w.At, fail)
		}
		for _, g := range t.Ladder {
			if g.Role == "" {
				fail("a rung of the ladder names no role")
			}
			c.mark(&out, &m, promised, g.Name, g.Role, g.At, fail)
		}
	}
	out.mark0 = c.marks
	c.marks += len(out.marks)
	out.watch = c.watch(r, t, m)
	c.watches[out.watch].targets = append(c.watches[out.watch].targets, int32(len(c.targets)))
	c.targets = append(c.targets, out)
	c.raw = append(c.raw, t.When)
}

// lacks names the entries without which the metric cannot be evaluated and
// which a host that provides only some kinds never has. Nil is all kinds.
func (m *Metric) lacks(provides []history.Kind) string {
	if provides == nil {
		return ""
	}
	absent := func(x Match) bool { return !slices.Contains(provides, x.Kind) }
	only := func(ms []Match) []Match {
		return slices.DeleteFunc(slices.Clone(ms), func(x Match) bool { return !absent(x) })
	}
	if missing := only(m.Start); len(missing) == len(m.Start) && !m.Conditional {
		return matchNames(missing, " or ")
	}
	if missing := only(m.Stop); len(missing) == len(m.Stop) && len(missing) > 0 {
		return matchNames(missing, " or ")
	}
	return matchNames(only(m.StopAll), " and ")
}

// roundedOver is the least use that exceeds the limit once it is cut to whole
// units.
func roundedOver(limit, unit int64) int64 { return plus(limit-limit%unit, unit) }

func (m *Metric) check() error {
	if m.Name == "" {
		return fmt.Errorf("the metric has no name")
	}
	if len(m.Start) == 0 {
		return fmt.Errorf("metric %q never starts", m.Name)
	}
	if len(m.Stop) == 0 && len(m.StopAll) == 0 {
		return fmt.Errorf("metric %q never stops", m.Name)
	}
	if len(m.Stop) > 0 && len(m.StopAll) > 0 {
		return fmt.Errorf("metric %q has both any-of and all-of stops", m.Name)
	}
	if len(m.StopAll) > 64 {
		return fmt.Errorf("metric %q has more than 64 all-of stops", m.Name)
	}
	for _, ms := range [][]Match{m.Start, m.Stop, m.StopAll, m.Pause, m.Resume, m.Cancel, m.Reopen} {
		for _, x := range ms {
			if err := x.check(); err != nil {
				return fmt.Errorf("metric %q: %w", m.Name, err)
			}
		}
	}
	return nil
}

func (c *compiler) mark(t *target, m *meter, promised bool, name, role string, o Offset, fail func(string, ...any)) {
	k := mark{name: name, role: role, permille: o.Permille}
	if name == "" {
		k.name = o.String()
	}
	d := int64(o.Span.Length)
	if !o.After {
		d = -d
	}
	switch {
	case d != 0 && (o.Span.Length < 0 || o.Permille != 0):
		fail("mark %q: an offset is a share or a positive span", k.name)
	case o.Permille < 0 || o.Permille > 10_000:
		fail("mark %q: a share lies above 0%% and at most at 1000%%", k.name)
	case promised && (o.Span.Basis == Elapsed || d == 0):
		k.offset = d
	case o.Permille > 0:
		k.onMeter, k.offset = true, share(t.limit, o.Permille)
	case o.Span.Basis == m.basis || d == 0:
		k.onMeter, k.offset, k.span = true, plus(t.limit, d), true
	case o.Span.Basis == Elapsed:
		k.offset = d
	default:
		fail("mark %q: an offset of %s cannot be measured on a target of %s", k.name, o.Span.Basis, m.basis)
	}
	if k.onMeter && k.offset < 0 {
		k.offset = 0
	}
	if slices.ContainsFunc(t.marks, func(o mark) bool { return o.name == k.name && o.role == k.role }) {
		fail("mark %q stands twice; notices are named after it", k.name)
	}
	t.marks = append(t.marks, k)
}

// watch finds or makes the stopwatch for a target.
func (c *compiler) watch(r *Revision, t *Target, m meter) int32 {
	metric := t.Metric
	if metric.Name == "first-response" {
		switch r.Semantics.Response {
		case ResponseFromOpening:
			metric.Start = On(history.Opened, history.Detected)
		case ResponseFromAssignment:
			metric.Start = On(history.Dispatched)
		}
	}
	// A struct of slices is no map key; its JSON is one, and exact.
	text, err := json.Marshal(metric)
	if err != nil {
		c.fail(r.ID, t.ID, "%w", err)
	}
	key := fmt.Sprint(string(text), m.basis, t.Calendar, m.days)
	if metric.Repeat && r.Semantics.Message == LatestMessage {
		// What starts again depends on the target.
		key += t.ID
	}
	if w, ok := c.keys[key]; ok {
		return w
	}
	w := int32(len(c.watches))
	c.keys[key] = w
	c.watches = append(c.watches, watch{
		metric: metric, meter: m, dial: c.dial(&m), rules: r.Semantics, rev: c.next,
		all:    1<<len(metric.StopAll) - 1,
		starts: matchNames(metric.Start, " or "),
		stops:  matchNames(metric.Stop, " or ") + matchNames(metric.StopAll, " and "),
	})
	c.watches[w].promise = c.watches[w].starts + "." + metric.DueField
	kinds := map[history.Kind]*reaction{}
	var order []history.Kind
	note := func(ms []Match, always, where effect) {
		for _, x := range ms {
			if kinds[x.Kind] == nil {
				kinds[x.Kind] = &reaction{watch: w}
				order = append(order, x.Kind)
			}
			kinds[x.Kind].does |= always
			kinds[x.Kind].add(x, where)
		}
	}
	note(metric.Start, 0, starts)
	note(metric.Stop, 0, stops)
	note(metric.StopAll, mayComplete, 0)
	note(metric.Pause, mayHold, pauses)
	note(metric.Resume, 0, resumes)
	note(metric.Cancel, 0, cancels)
	note(metric.Reopen, mayReopen, undoes)
	if names(metric.Cancel, history.Closed) {
		note(On(history.Reopened), mayReopen, 0)
	}
	for _, k := range order {
		c.reactions[k] = append(c.reactions[k], *kinds[k])
	}
	return w
}

// dispatch arranges the reactions by the number of the kind: its index in the
// vocabulary, or one after those for a kind of the host.
func (c *compiler) dispatch() {
	c.Plan.reactions = make([][][]reaction, len(history.Kinds()))
	for n := range c.Plan.reactions {
		c.Plan.reactions[n] = make([][]reaction, len(c.revisions))
	}
	c.kinds = map[history.Kind]int{}
	for k, all := range c.reactions {
		n := k.Index()
		if n < 0 {
			n = len(c.Plan.reactions)
			c.kinds[k] = n
			c.Plan.reactions = append(c.Plan.reactions, make([][]reaction, len(c.revisions)))
		}
		for i, r := range c.revisions {
			first, _ := slices.BinarySearchFunc(all, r.watch0, func(a reaction, w int32) int { return cmp.Compare(a.watch, w) })
			c.Plan.reactions[n][i] = all[first:]
		}
	}
}

// layout gives every attribute that a condition names a slot of bits: bit 0
// tells that the case has the attribute, the others name its values.
func (c *compiler) layout() {
	for _, when := range c.raw {
		for _, t := range when {
			slot := c.slot(t.Attribute)
			if slot < 0 {
				slot = len(c.slotNames)
				c.slotNames = append(c.slotNames, t.Attribute)
				c.values = append(c.values, map[string]int{})
			}
			for _, v := range t.Values {
				if _, ok := c.values[slot][v]; !ok {
					c.values[slot][v] = len(c.values[slot]) + 1
				}
			}
		}
	}
	size := 0
	for _, values := range c.values {
		c.slotAt = append(c.slotAt, size)
		size += len(values)/8 + 1
	}
	c.slotAt = append(c.slotAt, size)
	for i, when := range c.raw {
		for _, t := range when {
			slot := c.slot(t.Attribute)
			out := term{slot: slot, first: c.slotAt[slot], not: t.Not, values: make([]byte, c.slotAt[slot+1]-c.slotAt[slot])}
			for _, v := range t.Values {
				bit := c.values[slot][v]
				out.values[bit/8] |= 1 << (bit % 8)
			}
			c.targets[i].terms = append(c.targets[i].terms, out)
		}
	}
}

func matchNames(ms []Match, between string) string {
	texts := make([]string, len(ms))
	for i, m := range ms {
		texts[i] = m.String()
	}
	return strings.Join(texts, between)
}

// relate finds the stopwatches that count cycles of the same clause in other
// revisions.
func (c *compiler) relate() {
	byID := map[string][]int32{}
	for i := range c.targets {
		w := c.targets[i].watch
		for _, k := range byID[c.targets[i].id] {
			if !slices.Contains(c.watches[w].kin, k) {
				c.watches[w].kin = append(c.watches[w].kin, k)
				c.watches[k].kin = append(c.watches[k].kin, w)
			}
		}
		byID[c.targets[i].id] = append(byID[c.targets[i].id], w)
	}
}

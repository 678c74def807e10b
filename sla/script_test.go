package sla_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// script reads rules as tests write them down, a line each:
//
//	calendar [NAME] zone=Asia/Shanghai hours="Mo-Fr 09:00-18:00" off=2025-10-01 work=2025-09-28 published=2025-12-31
//	revision ID from="mon 09:00" reopen="new cycle" …     begins a revision, with its semantics
//	policy NAME                                           ranks the targets after it
//	aside                                                 lets those after it stand side by side again
//	target ID METRIC SPAN [attribute=value|value] [attribute!=value] [key=…]
//
// Keys of a target: calendar=NAME, days=end-of-day, days=count-start (or both, joined by a comma), warn=[NAME@]OFFSET,
// rung=[NAME:]ROLE@OFFSET, default, start=, stop=, all=, pause=, resume=, cancel=, reopen= (each a list of matches apart
// by semicolons; empty for none), repeat, conditional, due=FIELD. METRIC is a standard one, or any name when start= is given.
// Times are those of package chartertest in Asia/Shanghai.
type script struct {
	t         testing.TB
	calendars map[string]*calendar.Calendar
	revisions []sla.Revision
	policy    bool
}

const testZone = "Asia/Shanghai"

func readScript(t testing.TB, text string) []sla.Revision {
	t.Helper()
	s := script{t: t, calendars: map[string]*calendar.Calendar{}}
	for line := range strings.Lines(text) {
		words := splitWords(t, line)
		if len(words) == 0 {
			continue
		}
		switch rest := words[1:]; words[0] {
		case "calendar":
			s.calendar(rest)
		case "revision":
			s.revision(rest)
		case "policy":
			r := s.last()
			r.Policies, s.policy = append(r.Policies, sla.Policy{Name: rest[0]}), true
		case "aside":
			s.policy = false
		case "target":
			s.target(rest)
		default:
			t.Fatalf("%s: not a line of a script", line)
		}
	}
	return s.revisions
}

// splitWords splits at spaces outside quotation marks, which it removes, and drops what follows a #.
func splitWords(t testing.TB, line string) (words []string) {
	t.Helper()
	word, inside, quoted := "", false, false
	for _, c := range strings.TrimSpace(line) + " " {
		switch {
		case c == '"':
			quoted, inside = !quoted, true
		case c == '#' && !inside:
			return words
		case (c == ' ' || c == '\t') && !quoted:
			if inside {
				words = append(words, word)
			}
			word, inside = "", false
		default:
			word, inside = word+string(c), true
		}
	}
	require.False(t, quoted, "a quotation without an end: %s", line)
	return words
}

func (s *script) last() *sla.Revision {
	if len(s.revisions) == 0 {
		s.revisions = append(s.revisions, sla.Revision{Calendars: s.calendars})
	}
	return &s.revisions[len(s.revisions)-1]
}

func (s *script) calendar(words []string) {
	s.t.Helper()
	spec, name := calendar.Spec{Zone: testZone}, ""
	var err error
	for _, w := range words {
		key, value, valued := strings.Cut(w, "=")
		switch {
		case !valued:
			name = w
		case key == "zone":
			spec.Zone = value
		case key == "hours":
			spec.Hours, err = calendar.ParseWeek(value)
			require.NoError(s.t, err)
		case key == "published":
			spec.Published = date(s.t, value)
		case key == "off", key == "work":
			for d := range strings.SplitSeq(value, ",") {
				day, title, _ := strings.Cut(d, ":")
				spec.Days = append(spec.Days, calendar.Day{Date: date(s.t, day), Name: title, Off: key == "off"})
			}
		default:
			s.t.Fatalf("%s: not a word of a calendar", w)
		}
	}
	c, err := calendar.New(spec)
	require.NoError(s.t, err)
	// A calendar may change from one revision to the next.
	calendars := map[string]*calendar.Calendar{}
	for k, v := range s.calendars {
		calendars[k] = v
	}
	calendars[name], s.calendars = c, calendars
}

func date(t testing.TB, text string) calendar.Date {
	t.Helper()
	var d calendar.Date
	require.NoError(t, d.UnmarshalText([]byte(text)))
	return d
}

func (s *script) revision(words []string) {
	s.t.Helper()
	r := sla.Revision{ID: words[0], Calendars: s.calendars}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		var err error
		switch key {
		case "from":
			r.From = moment(s.t, value)
		case "close":
			err = r.Semantics.Close.UnmarshalText([]byte(value))
		case "retarget":
			err = r.Semantics.Retarget.UnmarshalText([]byte(value))
		case "reopen":
			err = r.Semantics.Reopen.UnmarshalText([]byte(value))
		case "message":
			err = r.Semantics.Message.UnmarshalText([]byte(value))
		case "response":
			err = r.Semantics.Response.UnmarshalText([]byte(value))
		case "rounding":
			err = r.Semantics.Rounding.UnmarshalText([]byte(value))
		case "revise":
			err = r.Semantics.Revise.UnmarshalText([]byte(value))
		default:
			s.t.Fatalf("%s: not a word of a revision", w)
		}
		require.NoError(s.t, err)
	}
	s.revisions, s.policy = append(s.revisions, r), false
}

func (s *script) target(words []string) {
	s.t.Helper()
	require.GreaterOrEqual(s.t, len(words), 3, "a target has an id, a metric and a span: %q", words)
	metric, standard := sla.StandardMetric(words[1])
	if !standard {
		metric = sla.Metric{Name: words[1]}
	}
	span, err := sla.ParseSpan(words[2])
	require.NoError(s.t, err)
	target := sla.Target{ID: words[0], Span: span}
	for _, w := range words[3:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "calendar":
			target.Calendar = value
		case "days":
			if strings.Contains(value, "end-of-day") {
				target.Days.End = calendar.LastHours
			}
			if strings.Contains(value, "count-start") {
				target.Days.Count = calendar.IncludeStart
			}
		case "warn":
			name, offset := cutName(value, "@")
			target.Warnings = append(target.Warnings, sla.Warning{Name: name, At: s.offset(offset)})
		case "rung":
			role, offset, _ := strings.Cut(value, "@")
			name, role := cutName(role, ":")
			target.Ladder = append(target.Ladder, sla.Rung{Name: name, Role: role, At: s.offset(offset)})
		case "default":
			target.Default = true
		case "start":
			metric.Start = s.matches(value)
		case "stop":
			metric.Stop = s.matches(value)
		case "all":
			metric.Stop, metric.StopAll = nil, s.matches(value)
		case "pause":
			metric.Pause = s.matches(value)
		case "resume":
			metric.Resume = s.matches(value)
		case "cancel":
			metric.Cancel = s.matches(value)
		case "reopen":
			metric.Reopen = s.matches(value)
		case "repeat":
			metric.Repeat = true
		case "conditional":
			metric.Conditional = true
		case "due":
			metric.DueField = value
		default:
			values := strings.Split(value, "|")
			if name, not := strings.CutSuffix(key, "!"); not {
				target.When = append(target.When, sla.IsNot(name, values...))
			} else {
				target.When = append(target.When, sla.Is(key, values...))
			}
		}
	}
	target.Metric = metric
	r := s.last()
	if s.policy {
		p := &r.Policies[len(r.Policies)-1]
		p.Targets = append(p.Targets, target)
		return
	}
	r.Targets = append(r.Targets, target)
}

func cutName(text, sep string) (name, rest string) {
	if name, rest, ok := strings.Cut(text, sep); ok {
		return name, rest
	}
	return "", text
}

func (s *script) offset(text string) sla.Offset {
	s.t.Helper()
	o, err := sla.ParseOffset(text)
	require.NoError(s.t, err)
	return o
}

func (s *script) matches(text string) (ms []sla.Match) {
	s.t.Helper()
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, ";") {
		m, err := sla.ParseMatch(part)
		require.NoError(s.t, err)
		ms = append(ms, m)
	}
	return ms
}

// compiled compiles a script.
func compiled(t testing.TB, text string) *sla.Plan {
	t.Helper()
	plan, err := sla.Compile(readScript(t, text)...)
	require.NoError(t, err)
	return plan
}

// moment reads a time as package chartertest writes it: "mon 09:00".
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	return chartertest.History(t, text+" check").Entries[0].At
}

// entries reads a history.
func entries(t testing.TB, text string) []history.Entry {
	t.Helper()
	return chartertest.History(t, text).Entries
}

// judge evaluates a history under a script, whole and step by step, which must agree.
func judge(t testing.TB, rules, facts, now string) []sla.Clock {
	t.Helper()
	clocks, _ := judgeAt(t, compiled(t, rules), entries(t, facts), moment(t, now))
	return clocks
}

func judgeAt(t testing.TB, plan *sla.Plan, es []history.Entry, now time.Time) (clocks []sla.Clock, next time.Time) {
	t.Helper()
	clocks, err := plan.Evaluate(nil, es, now)
	require.NoError(t, err)
	stepped, next := stepwise(t, plan, es, now)
	require.Equal(t, show(clocks), show(stepped), "step by step it is not what it is as a whole")
	require.Equal(t, clocks, stepped)
	return clocks, next
}

// stepwise feeds the entries up to now to a Run and reads it at now.
func stepwise(t testing.TB, plan *sla.Plan, es []history.Entry, now time.Time) (clocks []sla.Clock, next time.Time) {
	t.Helper()
	var r sla.Run
	plan.Start(&r)
	for _, e := range (history.History{Entries: es}).Sorted().Entries {
		if e.At.After(now) {
			break
		}
		ended, err := r.Step(&e)
		require.NoError(t, err)
		clocks = append(clocks, keep(ended)...)
	}
	clocks = append(clocks, keep(r.At(nil, now))...)
	next, _ = r.Next(now)
	return clocks, next
}

// keep copies clocks whose marks will be overwritten.
func keep(clocks []sla.Clock) []sla.Clock {
	out := slices.Clone(clocks)
	for i := range out {
		out[i].Marks = slices.Clone(out[i].Marks)
	}
	return out
}

// one returns the only clock of a target.
func one(t testing.TB, clocks []sla.Clock, target string) sla.Clock {
	t.Helper()
	var found []sla.Clock
	for _, c := range clocks {
		if c.Target == target {
			found = append(found, c)
		}
	}
	require.Len(t, found, 1, "clocks of %s in\n%s", target, show(clocks))
	return found[0]
}

// show prints clocks for people, times in the test zone.
func show(clocks []sla.Clock) string {
	var b strings.Builder
	for i := range clocks {
		c := &clocks[i]
		b.WriteString(cmp.Or(c.Target, "?"))
		if c.Revision != "" {
			b.WriteString("/" + c.Revision)
		}
		if c.Cycle > 0 {
			fmt.Fprintf(&b, " #%d", c.Cycle)
		}
		b.WriteString(" " + c.State.String())
		if c.Open && c.State == sla.Breached {
			b.WriteString(" and open")
		}
		if c.Missing != "" {
			b.WriteString(" for want of " + c.Missing)
		}
		if c.Cycle == 0 {
			b.WriteString("\n")
			continue
		}
		when := func(name string, t time.Time) {
			if !t.IsZero() {
				b.WriteString(" " + name + " " + wall(t))
			}
		}
		when("| start", c.Start)
		when("stop", c.Stop)
		when("due", c.Due)
		if c.Provisional && !c.Due.IsZero() {
			b.WriteString("?")
		}
		when("breached", c.BreachedAt)
		fmt.Fprintf(&b, " | elapsed %s remaining %s", lengthOf(c.Elapsed), lengthOf(c.Remaining))
		if c.Held != 0 {
			b.WriteString(" held " + lengthOf(c.Held))
		}
		b.WriteString("\n")
		for _, m := range c.Marks {
			b.WriteString("  " + m.Name)
			if m.Role != "" {
				b.WriteString(" (" + m.Role + ")")
			}
			switch {
			case m.At.IsZero():
				b.WriteString(" none")
			case m.Reached:
				b.WriteString(" reached " + wall(m.At))
			default:
				b.WriteString(" planned " + wall(m.At))
			}
			b.WriteString("\n")
		}
	}
	if len(clocks) == 0 {
		return "no clocks\n"
	}
	return b.String()
}

// wall prints an instant as Monday 2025-03-03 09:00 would be read: "mon 03-03 09:00", with what is finer after it.
func wall(t time.Time) string {
	loc, err := time.LoadLocation(testZone)
	if err != nil {
		panic(err)
	}
	l := t.In(loc)
	layout := "Mon 01-02 15:04"
	if l.Year() != 2025 {
		layout = "Mon 2006-01-02 15:04"
	}
	s := strings.ToLower(l.Format(layout))
	sec, ns := l.Second(), l.Nanosecond()
	switch {
	case sec == 0 && ns == 1:
		s += "+1ns"
	case sec != 0 || ns != 0:
		s += l.Format(":05.999999999")
	}
	return s
}

// lengthOf prints 24h0m0s as 24h and 7h1m0s as 7h1m.
func lengthOf(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

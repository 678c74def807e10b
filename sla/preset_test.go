package sla_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// desk is a help desk under a preset, as tests write it down.
type desk struct {
	preset  sla.Preset
	zone    string            // UTC when empty
	hours   string            // around the clock when empty
	targets map[string]string // id to "metric | span", with "| tier=urgent" and "| warn -1h" where wanted
	edits   []edit            // later revisions
	history string            // text of package chartertest, in zone
	now     string            // "tue 12:00"
}

// edit replaces the targets at an instant.
type edit struct {
	from    string
	targets map[string]string
}

func (d desk) location(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(d.zoneName())
	require.NoError(t, err)
	return loc
}

func (d desk) zoneName() string {
	if d.zone == "" {
		return "UTC"
	}
	return d.zone
}

// instant reads "tue 12:00" in the week of the history.
func (d desk) instant(t testing.TB, text string) time.Time {
	t.Helper()
	week := ""
	for line := range strings.Lines(d.history) {
		if strings.HasPrefix(strings.TrimSpace(line), "week ") {
			week = line
		}
	}
	h := chartertest.History(t, "zone "+d.zoneName()+"\n"+week+"\n"+text+" check")
	return h.Entries[0].At
}

func (d desk) compile(t testing.TB) (*sla.Plan, history.History) {
	t.Helper()
	calendars := map[string]*calendar.Calendar{}
	if d.hours != "" {
		week, err := calendar.ParseWeek(d.hours)
		require.NoError(t, err)
		c, err := calendar.New(calendar.Spec{Zone: d.zoneName(), Hours: week})
		require.NoError(t, err)
		calendars[""] = c
	}
	revisions := []sla.Revision{d.revision(t, "", time.Time{}, d.targets, calendars)}
	for _, e := range d.edits {
		revisions = append(revisions, d.revision(t, e.from, d.instant(t, e.from), e.targets, calendars))
	}
	plan, err := sla.Compile(revisions...)
	require.NoError(t, err)
	return plan, chartertest.History(t, "zone "+d.zoneName()+"\n"+d.history)
}

// revision ranks the targets as products do: of those for one metric the first
// that matches governs, conditional ones before the default.
func (d desk) revision(t testing.TB, id string, from time.Time, targets map[string]string, calendars map[string]*calendar.Calendar) sla.Revision {
	t.Helper()
	policy := sla.Policy{Name: d.preset.Name}
	var defaults []sla.Target
	ids := make([]string, 0, len(targets))
	for id := range targets {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		parts := strings.Split(targets[id], " | ")
		metric, ok := d.preset.Metric(parts[0])
		require.True(t, ok, "%s has no metric %s", d.preset.Name, parts[0])
		span, err := sla.ParseSpan(parts[1])
		require.NoError(t, err)
		target := sla.Target{ID: id, Metric: metric, Span: span}
		for _, extra := range parts[2:] {
			if at, ok := strings.CutPrefix(extra, "warn "); ok {
				offset, err := sla.ParseOffset(at)
				require.NoError(t, err)
				target.Warnings = append(target.Warnings, sla.Warning{At: offset})
			} else if extra == "end of day" {
				target.Days.End = calendar.LastHours
			} else {
				name, value, _ := strings.Cut(extra, "=")
				target.When = append(target.When, sla.Is(name, value))
			}
		}
		if target.Default = len(target.When) == 0; target.Default {
			defaults = append(defaults, target)
		} else {
			policy.Targets = append(policy.Targets, target)
		}
	}
	// Another metric, or another id for the same, stands in a policy of its own.
	r := sla.Revision{ID: id, From: from, Calendars: calendars, Semantics: d.preset.Semantics}
	byMetric := map[string]bool{}
	for _, target := range defaults {
		if byMetric[target.Metric.Name] {
			r.Targets = append(r.Targets, target)
			continue
		}
		byMetric[target.Metric.Name] = true
		policy.Targets = append(policy.Targets, target)
	}
	r.Policies = []sla.Policy{policy}
	return r
}

// evaluate returns the clocks at now.
func (d desk) evaluate(t testing.TB) []sla.Clock {
	t.Helper()
	plan, h := d.compile(t)
	clocks, err := plan.Evaluate(nil, h.Entries, d.instant(t, d.now))
	require.NoError(t, err)
	return clocks
}

// judge returns a line for each clock.
func (d desk) judge(t testing.TB) []string {
	t.Helper()
	var lines []string
	for _, c := range d.evaluate(t) {
		lines = append(lines, clockLine(&c, d.location(t)))
	}
	return lines
}

func clockLine(c *sla.Clock, loc *time.Location) string {
	const layout = "Mon 15:04"
	show := func(at time.Time) string {
		at = at.In(loc)
		if at.Nanosecond() != 0 || at.Second() != 0 {
			return at.Format("Mon 15:04:05.999999999")
		}
		return at.Format(layout)
	}
	s := fmt.Sprintf("%s #%d %s, used %s", c.Target, c.Cycle, c.State, short(c.Elapsed))
	if c.Held > 0 && c.State != sla.Superseded {
		s += ", held " + short(c.Held)
	}
	if !c.Due.IsZero() {
		s += ", due " + show(c.Due)
	}
	if !c.BreachedAt.IsZero() {
		s += ", breached " + show(c.BreachedAt)
	}
	for _, m := range c.Marks {
		if !m.At.IsZero() {
			s += ", " + m.Name + " " + show(m.At)
		}
	}
	return s
}

// short prints 2h0m0s as 2h.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func TestPresetsAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, p := range sla.Presets() {
		t.Run(p.Name, func(t *testing.T) {
			assert.False(t, names[p.Name], "named twice")
			names[p.Name] = true

			sources := map[string]sla.Source{}
			for _, s := range p.Sources {
				assert.NotContains(t, sources, s.For, "cited twice")
				assert.NotEmpty(t, s.Says, s.For)
				assert.Equal(t, s.Title == "", s.URL == "", "%s: a title and an address belong together", s.For)
				if s.URL != "" {
					assert.True(t, strings.HasPrefix(s.URL, "https://"), s.URL)
				}
				sources[s.For] = s
			}

			// Every option is cited with the value it has, and none differs from
			// Charter's default without a document.
			for option, value := range optionsOf(t, p.Semantics) {
				s, ok := sources[option]
				require.True(t, ok, "nothing is said on %s", option)
				assert.Equal(t, value, s.Choice, option)
				if value != optionsOf(t, sla.Semantics{})[option] {
					assert.NotEmpty(t, s.URL, "%s differs from the default without a source", option)
				}
				delete(sources, option)
			}
			for _, m := range p.Metrics {
				s := sources["metric "+m.Name]
				assert.NotEmpty(t, s.URL, "metric %s has no source", m.Name)
				delete(sources, "metric "+m.Name)
				found, ok := p.Metric(m.Name)
				assert.True(t, ok)
				assert.Equal(t, m, found)
			}
			assert.Empty(t, sources, "cited for nothing that the preset has")
			_, ok := p.Metric("no such metric")
			assert.False(t, ok)
		})
	}
}

// optionsOf lists the options of semantics by JSON name, defaults included.
func optionsOf(t *testing.T, s sla.Semantics) map[string]string {
	t.Helper()
	return map[string]string{
		"close": s.Close.String(), "retarget": s.Retarget.String(), "reopen": s.Reopen.String(), "message": s.Message.String(),
		"response": s.Response.String(), "rounding": s.Rounding.String(), "revise": s.Revise.String(),
	}
}

func TestPresetsKnowEveryOption(t *testing.T) {
	all := sla.Semantics{
		Close: sla.DueAtNextOpening, Retarget: sla.FromChange, Reopen: sla.NewCycle, Message: sla.LatestMessage,
		Response: sla.ResponseFromOpening, Rounding: sla.WholeMinutes, Revise: sla.AtOnce,
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	var members map[string]string
	require.NoError(t, json.Unmarshal(text, &members))
	assert.Equal(t, members, optionsOf(t, all), "an option is new: what do the products document?")
}

func TestPresetsCompile(t *testing.T) {
	for _, p := range sla.Presets() {
		var targets []sla.Target
		for _, m := range p.Metrics {
			targets = append(targets, sla.Target{ID: m.Name, Metric: m, Span: sla.Wall(time.Hour)})
		}
		_, err := sla.Compile(sla.Revision{Semantics: p.Semantics, Targets: targets})
		assert.NoError(t, err, p.Name)
	}
}

// What a caller does to one preset is not to be seen in another, nor from one
// metric to the next.
func TestPresetsShareNothing(t *testing.T) {
	for i, p := range sla.Presets() {
		before := marshal(t, sla.Presets()[i].Metrics)
		for j := range p.Metrics {
			own := sla.Presets()[i].Metrics
			for _, list := range lists(&own[j]) {
				for k := range list {
					list[k] = sla.Match{Kind: "changed"}
				}
			}
			for k := range own {
				if k != j {
					assert.NotContains(t, marshal(t, own[k]), "changed", "%s: %s and %s share a list", p.Name, own[j].Name, own[k].Name)
				}
			}
		}
		assert.Equal(t, before, marshal(t, sla.Presets()[i].Metrics))
	}
}

func lists(m *sla.Metric) [][]sla.Match {
	return [][]sla.Match{m.Start, m.Stop, m.StopAll, m.Pause, m.Resume, m.Cancel, m.Reopen}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// The two tables in the comment on Preset are what the code says.
func TestPresetTables(t *testing.T) {
	source, err := os.ReadFile("preset.go")
	require.NoError(t, err)
	columns := []sla.Preset{sla.Zendesk(), sla.ServiceNow(), sla.ServiceNowRetroactive(), sla.Jira(), sla.Zammad(), sla.GLPI()}
	charter := sla.Preset{Metrics: sla.StandardMetrics()}
	defaults := optionsOf(t, sla.Semantics{})
	var want []string
	for _, option := range []string{"close", "retarget", "reopen", "message", "response", "rounding", "revise"} {
		row := []string{option, defaults[option]}
		for _, p := range columns {
			cell := optionsOf(t, p.Semantics)[option]
			if cell == defaults[option] {
				cell = "."
			}
			row = append(row, strings.TrimPrefix(cell, "due "))
		}
		want = append(want, strings.Join(row, "|"))
	}
	columns = slices.Delete(columns, 2, 3)
	metrics := map[string]bool{}
	for _, p := range columns {
		for _, m := range p.Metrics {
			metrics[m.Name] = true
		}
	}
	for name := range metrics {
		row := []string{name}
		for _, p := range append([]sla.Preset{charter}, columns...) {
			row = append(row, pauses(p, name))
		}
		want = append(want, strings.Join(row, "|"))
	}
	var got []string
	for line := range strings.Lines(string(source)) {
		line = strings.TrimSpace(line)
		cells := regexp.MustCompile(`\s\s+`).Split(strings.TrimPrefix(line, "//\t"), -1)
		if strings.HasPrefix(line, "//\t") && len(cells) > 6 && cells[0] != "" {
			got = append(got, strings.Join(cells, "|"))
		}
	}
	assert.ElementsMatch(t, want, got)
}

// pauses says on which holds a preset's metric pauses.
func pauses(p sla.Preset, name string) string {
	m, ok := p.Metric(name)
	switch {
	case !ok:
		return "-"
	case len(m.Pause) == 0:
		return "never"
	case len(m.Pause[0].Fields) == 0:
		return "any"
	}
	return strings.Join(m.Pause[0].Fields[0].Values, " or ")
}

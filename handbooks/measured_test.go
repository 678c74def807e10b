package handbooks_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/quality"
)

// extract reads a list of figures drawn from the catalogue: by clause its subject and check, and the rest of each line.
func extract(t *testing.T, name string) (about map[string]string, figures map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	about, figures = map[string]string{}, map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if line[0] == '#' || cells[0] == "clause" {
			continue
		}
		about[cells[0]] = cells[1] + " " + cells[2]
		if figures[cells[0]] = append(figures[cells[0]], strings.Join(cells[3:], " ")); strings.HasPrefix(cells[3], "-") {
			figures[cells[0]] = nil
		}
	}
	return about, figures
}

// objectives.tsv was drawn from the clause catalogue, independently of the handbooks.
func TestObjectivesAreThoseOfTheCatalogue(t *testing.T) {
	about, figures := extract(t, "objectives.tsv")
	require.Len(t, about, 44)
	delete(figures, "standard/5.3.3-limits-restated") // repeats two figures by way of example, and must not bind twice
	printed := map[string]string{"amount": "count"}
	got, kept := map[string][]string{}, map[string]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if c.Kind != charter.KindObjective {
				continue
			}
			kept[c.ID] = string(c.Subject) + " " + string(c.Check)
			o, ok := c.Rule.(charter.Objective)
			if !ok {
				assert.Equal(t, charter.CheckNone, c.Check, c.ID)
				continue
			}
			got[c.ID] = nil
			for _, b := range []struct {
				op string
				charter.Figure
			}{{">=", o.AtLeast}, {"<=", o.AtMost}} {
				if b.IsZero() {
					continue
				}
				unit := string(b.Unit)
				if word, ok := printed[unit]; ok {
					unit = word
				}
				text := b.op + " " + b.Value.String() + " " + unit
				// A floor on the hours of one person is bounded as the share of those who reach it.
				if hours, ok := strings.CutPrefix(o.Measure, "training-reached/"); ok && text == ">= 100 pct" {
					text = ">= " + hours + " h"
				}
				// All staff: the catalogue knows of no printed percentage.
				if c.ID == "etiquette/6.1-all-staff" && text == ">= 100 pct" {
					continue
				}
				got[c.ID] = append(got[c.ID], text)
			}
		}
	}
	assert.Equal(t, about, kept)
	assert.Equal(t, figures, got)
}

// cadences.tsv was drawn from the clause catalogue, independently of the handbooks.
func TestCadencesAreThoseOfTheCatalogue(t *testing.T) {
	about, figures := extract(t, "cadences.tsv")
	require.Len(t, about, 16)
	words := map[string]string{"<= 7 d": "7 days", "<= 3 month": "quarter", "<= 1 month": "month", "<= 1 year": "year"}
	want := map[string][]string{}
	for id, lines := range figures {
		want[id] = nil
		for _, line := range lines {
			name, figure := line, ""
			if i := strings.IndexAny(line, "<=>"); assert.Positive(t, i, line) {
				name, figure = strings.TrimSpace(line[:i]), line[i:]
			}
			cycle, ok := words[figure]
			if !ok { // once, or at least once, per period
				assert.Contains(t, []string{"== 1 count", ">= 1 count"}, figure, id)
				_, cycle, ok = strings.Cut(name, " per ")
				assert.True(t, ok, line)
			}
			want[id] = append(want[id], cycle)
		}
	}
	got, kept, duties := map[string][]string{}, map[string]string{}, 0
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if rule, ok := c.Rule.(charter.Cadence); ok {
				kept[c.ID] = string(c.Subject) + " " + string(c.Check)
				got[c.ID] = nil
				for _, cycle := range rule.Every {
					got[c.ID] = append(got[c.ID], cycle.String())
				}
				assert.Equal(t, strings.HasPrefix(c.ID, "standard/4/4.1-") && len(rule.Every) > 0, rule.SinceLast, c.ID)
			}
		}
		list, err := h.Duties(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		duties += len(list)
		seen := map[string]bool{}
		for _, d := range list {
			assert.NoError(t, d.Validate())
			assert.False(t, seen[d.ID], d.ID)
			seen[d.ID] = true
		}
	}
	assert.Equal(t, about, kept)
	assert.Equal(t, want, got)
	assert.Equal(t, 14, duties, "12 clauses print an interval, one of them three")
}

// No measure is misspelt, and no bound is in a unit that its measure does not have.
func TestMeasuresAreKnown(t *testing.T) {
	for id, h := range all(t) {
		for _, f := range h.Lint() {
			assert.NotContains(t, []charter.Code{charter.CodeUnknownMeasure, charter.CodeOtherUnit}, f.Code, f.String())
		}
		for _, m := range h.Measures(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			assert.NotEmpty(t, m.Clauses, "%s: %s", id, m.Measure)
		}
	}
}

// Four objectives are set for 2025; in other years they bind nobody.
func TestObjectivesOfAYear(t *testing.T) {
	in := func(year int) (out []quality.Objective) {
		for _, h := range all(t) {
			out = append(out, h.Objectives(time.Date(year, 7, 1, 0, 0, 0, 0, time.UTC))...)
		}
		return out
	}
	assert.Len(t, in(2025), 32)
	assert.Len(t, in(2026), 28)
	assert.Len(t, in(2024), 28)
}

package handbooks_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

func all(t *testing.T) map[string]*charter.Handbook {
	t.Helper()
	out := map[string]*charter.Handbook{}
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		out[h.ID()] = h
	}
	require.Len(t, out, 5)
	return out
}

// deadlines.tsv was drawn from the clause catalogue, independently of the
// handbooks.
func TestDeadlinesAreThoseOfTheCatalogue(t *testing.T) {
	file, err := os.Open("testdata/deadlines.tsv")
	require.NoError(t, err)
	defer file.Close()
	want := map[string][]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(cells[0], "#") || cells[0] == "clause" {
			continue
		}
		require.Len(t, cells, 5, lines.Text())
		if cells[1] == "-" {
			want[cells[0]] = nil
			continue
		}
		want[cells[0]] = append(want[cells[0]], strings.Join(cells[1:], " "))
	}
	require.NoError(t, lines.Err())
	require.Len(t, want, 72)

	got := map[string][]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if d, ok := c.Rule.(charter.Deadline); ok {
				got[c.ID] = nil
				for _, s := range d.Figures() {
					got[c.ID] = append(got[c.ID], printed(t, s))
				}
			}
		}
	}
	assert.Equal(t, want, got)
}

// lifecycles.tsv was drawn from the clause catalogue, independently of the
// handbooks.
func TestLifecycleClausesAreThoseOfTheCatalogue(t *testing.T) {
	text, err := os.ReadFile("testdata/lifecycles.tsv")
	require.NoError(t, err)
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if id, rest, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && id != "clause" {
			want[id] = rest
		}
	}
	require.Len(t, want, 186)
	// Its subject is how a centre is led; but its steps are those of a ticket.
	want["enterprise/1.1-five-stage-framework"] = "governance\tworkflow"

	got := map[string]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if c.Lifecycle.IsZero() {
				continue
			}
			assert.Equal(t, charter.CheckDecidable, c.Check, c.ID)
			switch c.Kind {
			case charter.KindWorkflow, charter.KindFields, charter.KindRole, charter.KindEscalation:
				got[c.ID] = string(c.Subject) + "\t" + string(c.Kind)
			case charter.KindClassification, charter.KindDeadline: // beside what they are by kind
			default:
				t.Errorf("%s: %s", c.ID, c.Kind)
			}
		}
	}
	assert.Equal(t, want, got)
}

// The rules of each stretch can be used as they are, and every clause with a
// demand is in them.
func TestEveryHandbookHasItsLifecycles(t *testing.T) {
	now := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	for id, h := range all(t) {
		tickets, complaints, incidents, plans := h.TicketRules(now), h.ComplaintRules(now), h.IncidentRules(now), h.PlanRules(now)
		require.NoError(t, errors.Join(tickets.Validate(), complaints.Validate(), incidents.Validate(), plans.Validate()), id)
		named := map[string]bool{}
		for _, d := range tickets.Demands {
			named[d.Clause] = true
		}
		for _, x := range tickets.Levels {
			named[x.Clause] = true
		}
		for _, x := range tickets.Attributes {
			named[x.Clause] = true
		}
		for _, f := range complaints.Flows {
			named[f.Clause] = true
		}
		for _, d := range complaints.Demands {
			named[d.Clause] = true
		}
		for _, x := range complaints.Levels {
			named[x.Clause] = true
		}
		for _, x := range complaints.Attributes {
			named[x.Clause] = true
		}
		for _, d := range slices.Concat(incidents.Demands, plans.Demands) {
			named[d.Clause] = true
		}
		delete(named, "") // what every incident is held to
		for c := range h.Clauses() {
			assert.Equal(t, !c.Lifecycle.IsZero(), named[c.ID], c.ID)
		}
	}
}

// printed says a span in the words of the catalogue.
func printed(t *testing.T, s sla.Span) string {
	t.Helper()
	basis := map[sla.Basis]string{sla.Unnamed: "unspecified", sla.Elapsed: "elapsed", sla.Business: "business", sla.WorkingDays: "business"}[s.Basis]
	unit, name := time.Hour, "h"
	switch {
	case s.Basis == sla.WorkingDays:
		unit, name = 24*time.Hour, "wd"
	case s.Length < time.Hour:
		unit, name = time.Minute, "min"
	}
	require.Zero(t, s.Length%unit)
	return "<= " + strconv.Itoa(int(s.Length/unit)) + " " + name + " " + basis
}

// The list of package records was drawn from the clause catalogue. What its
// transcripts do not show is a demand on the content of records here.
func TestRecordClausesAreThoseOfTheCatalogue(t *testing.T) {
	text, err := os.ReadFile("../records/testdata/catalogue.tsv")
	require.NoError(t, err)
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if len(cells) == 4 && (cells[2] == string(charter.KindRetention) || cells[2] == string(charter.KindAccess)) {
			want[cells[0]] = strings.Join(cells[1:], " ")
		}
	}
	require.Len(t, want, 21)
	shown, err := os.ReadFile("../records/testdata/clauses.tsv")
	require.NoError(t, err)
	got := map[string]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if len(c.Content) > 0 {
				shown = append(shown, c.ID+"\t\n"...)
			}
			if c.Kind == charter.KindRetention || c.Kind == charter.KindAccess {
				got[c.ID] = fmt.Sprintf("%s %s %s", c.Subject, c.Kind, c.Check)
			}
		}
		_, err := h.Retention(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		_, err = h.Access(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
	}
	assert.Equal(t, want, got)
	for line := range strings.Lines(string(text)) {
		if id, _, ok := strings.Cut(line, "\t"); ok && id != "clause" {
			assert.Contains(t, string(shown), id+"\t")
		}
	}
}

// contents.tsv was drawn from the clause catalogue, independently of the
// handbooks. Where a clause says how many things there are, its demand has as
// many: as demands, or as values of a field.
func TestContentClausesAreThoseOfTheCatalogue(t *testing.T) {
	text, err := os.ReadFile("testdata/contents.tsv")
	require.NoError(t, err)
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if id, rest, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && id != "clause" {
			want[id] = rest
		}
	}
	require.Len(t, want, 136)
	otherwise := map[string]string{
		"standard/4/3.2-archive-classes":    "the list is open",
		"etiquette/5.2-risks":               "the list is open",
		"etiquette/5.4-classes":             "the list is open",
		"norms/5.1-three-steps":             "each of the three is two entries",
		"standard/4/4.1-maintenance-record": "two of the four are the instant and the actor of the entry",
	}
	got := map[string]string{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			if len(c.Content) == 0 {
				continue
			}
			said := fmt.Sprintf("%s\t%s\t%s", c.Subject, c.Kind, c.Check)
			_, count, _ := strings.Cut(want[c.ID], said+"\t")
			if n, err := strconv.Atoi(count); err == nil && otherwise[c.ID] == "" {
				assert.Contains(t, sizes(c.Content), n, c.ID)
			}
			got[c.ID] = said + "\t" + count
		}
	}
	assert.Equal(t, want, got)
}

// sizes are the numbers of demands, and of the values that a field may have.
func sizes(content []records.Content) (all []int) {
	for _, x := range content {
		all = append(all, len(x.Holds))
		for _, m := range slices.Concat(x.Holds...) {
			for _, f := range m.Fields {
				all = append(all, len(f.Values))
			}
		}
	}
	return all
}

// Of 72 deadlines 8 have no figure, 60 of 65 figures name no basis, and none of
// the 20 escalations states a time. Of 8 clauses on how long records are kept
// one has no figure, and none says from when.
func TestWhatTheHandbooksLeaveOpen(t *testing.T) {
	deadlines, figures, escalations := 0, 0, 0
	found := map[charter.Code]int{}
	for _, h := range all(t) {
		for c := range h.Clauses() {
			switch rule := c.Rule.(type) {
			case charter.Deadline:
				deadlines++
				figures += len(rule.Figures())
			case charter.Escalation:
				escalations++
			}
		}
		for _, f := range h.Lint() {
			found[f.Code]++
		}
	}
	assert.Equal(t, []int{72, 65, 20}, []int{deadlines, figures, escalations})
	delete(found, charter.CodeTwoLimits) // pinned by transcripts of the package charter
	assert.Equal(t, map[charter.Code]int{
		charter.CodeNoFigure: 8 + 1 + 13, charter.CodeNoCycle: 4, charter.CodeNoBasis: 60, charter.CodeNoTime: 20, charter.CodeNoCalendar: 5, charter.CodeNoStart: 8,
	}, found)
}

func TestHandbooksRoundTrip(t *testing.T) {
	for id, h := range all(t) {
		text, err := h.MarshalJSON()
		require.NoError(t, err)
		again, err := charter.ParseHandbook(text)
		require.NoError(t, err, id)
		assert.Equal(t, h.Digest(), again.Digest(), id)
		assert.Empty(t, charter.Diff(h, again), id)
	}
}

// A reference from one clause to another leads somewhere and back.
func TestConflictsAreMutual(t *testing.T) {
	for _, h := range all(t) {
		for c := range h.Clauses() {
			for _, id := range c.Conflicts {
				other, ok := h.Clause(id)
				if assert.True(t, ok, "%s names %s", c.ID, id) {
					assert.Contains(t, other.Conflicts, c.ID, "%s is not named back", id)
				}
			}
		}
	}
}

// One basis and one calendar make every deadline with a figure evaluable.
func TestEveryHandbookCompilesAmended(t *testing.T) {
	for id, h := range all(t) {
		_, err := h.Plan()
		require.NoError(t, err, id)
		out, err := h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "test", Effective: date(2000, 1, 1),
			Changes: []charter.Change{
				{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
				{Edit: charter.SetCalendar{Spec: office(t)}},
			},
		})
		require.NoError(t, err, id)
		for _, f := range out.Lint() {
			assert.NotContains(t, []charter.Code{charter.CodeNoBasis, charter.CodeNoCalendar}, f.Code, f.String())
		}
	}
}

func TestNoSuchHandbook(t *testing.T) {
	_, err := handbooks.JSON("../standard")
	assert.Error(t, err)
}

func TestAllStopsWhenAsked(t *testing.T) {
	n := 0
	for _, err := range handbooks.All() {
		require.NoError(t, err)
		n++
		break
	}
	assert.Equal(t, 1, n)
}

func TestByName(t *testing.T) {
	for id, get := range map[string]func() (*charter.Handbook, error){
		"standard": handbooks.Standard, "etiquette": handbooks.Etiquette, "norms": handbooks.Norms,
		"enterprise": handbooks.Enterprise, "telecom": handbooks.Telecom,
	} {
		h, err := get()
		require.NoError(t, err)
		assert.Equal(t, id, h.ID())
		for c := range h.Clauses() {
			assert.True(t, strings.HasPrefix(c.ID, id+"/"), c.ID)
			assert.NotEmpty(t, c.Text.EN, c.ID)
			assert.NotEmpty(t, c.Text.ZH, c.ID)
		}
	}
}

func ExampleStandard() {
	h, err := handbooks.Standard()
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _ := h.Clause("standard/2.2.1-urgent")
	fmt.Println(c.Text.In("en"))
	fmt.Println(c.Rule.(charter.Deadline).Within)
	tier, _ := h.Value("tier", "紧急")
	fmt.Println(tier)
	// Output:
	// An urgent service is responded to within 4 hours.
	// 4h?
	// urgent
}

func ExampleAll() {
	for h, err := range handbooks.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(h.ID(), h.Sector(), h.Title().In("en"))
	}
	// Output:
	// standard general Customer Service Centre Service Standard Handbook 2025
	// etiquette general 2025 Customer Service Centre Handbook of Service Process and Etiquette
	// norms general Customer Service Center Service Norms Handbook 2025
	// enterprise enterprise 2025 Enterprise Customer Service Process Norms and Skills Guide
	// telecom telecom 2025 Communications Industry Customer Service Standards Handbook
}

func date(year int, month time.Month, day int) calendar.Date {
	return calendar.Date{Year: year, Month: month, Day: day}
}

func office(t *testing.T) calendar.Spec {
	t.Helper()
	c, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	require.NoError(t, err)
	return c.Spec()
}

package logfile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func deskRules(t require.TestingT) audit.Rules {
	metric := func(name string) sla.Metric {
		m, ok := sla.StandardMetric(name)
		require.True(t, ok)
		return m
	}
	r := sla.Revision{Targets: []sla.Target{
		{ID: "response", Metric: metric("first-response"), Span: sla.Wall(30 * time.Minute)},
		{ID: "resolution", Metric: metric("resolution"), When: sla.Condition{sla.Is("tier", "urgent")}, Span: sla.Wall(4 * time.Hour)},
		{ID: "dispatch", Metric: metric("dispatch"), Span: sla.Wall(time.Hour)},
	}}
	plan, err := sla.Compile(r)
	require.NoError(t, err)
	return audit.Targets(plan, r)
}

// entryTable is what a case did, at minutes that differ from each other.
type entryRow struct {
	id     int
	minute int
	kind   history.Kind
	tier   string
}

func drawRows(t *rapid.T) (rows []entryRow) {
	kinds := []history.Kind{history.Responded, history.Dispatched, history.Held, history.Resumed, history.Resolved, history.Reopened, history.Closed}
	for id := range rapid.IntRange(0, 12).Draw(t, "cases") {
		minute := 0
		kind := history.Opened
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			minute += rapid.IntRange(1, 200).Draw(t, "minutes")
			rows = append(rows, entryRow{id, minute, kind, rapid.SampledFrom([]string{"urgent", "routine", "", "sofort"}).Draw(t, "tier")})
			kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		}
	}
	return rows
}

func csvOf(rows []entryRow) string {
	var b strings.Builder
	b.WriteString("id,at,kind,tier\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%d,%s,%s,%s\n", r.id, time.Date(2025, 1, 1, 0, r.minute, 0, 0, time.UTC).Format("2006-01-02 15:04"), r.kind, r.tier)
	}
	return b.String()
}

// However the rows of a log stand, and whatever it is written in, the report is the same.
func TestReportDoesNotDependOnTheOrderOfRows(t *testing.T) {
	rules := deskRules(t)
	report := func(t *rapid.T, s audit.Source, workers int) *audit.Report {
		r, err := audit.Run(context.Background(), rules, s, audit.Options{
			Now: time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC), Worst: 20, Examples: 100, Slices: []string{"tier"}, Workers: workers,
			Window: audit.Window{From: time.Date(2025, 1, 1, 2, 0, 0, 0, time.UTC)},
		})
		require.NoError(t, err)
		return r
	}
	text := func(t *rapid.T, r *audit.Report) string {
		b, err := json.Marshal(r)
		require.NoError(t, err)
		return string(b)
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		ordered := csvOf(rows)
		m := shuffled
		contiguous := report(t, logfile.Read(strings.NewReader(ordered), m), 1)
		m.Budget = 1 << 20
		require.Equal(t, text(t, contiguous), text(t, report(t, logfile.Read(strings.NewReader(ordered), m), 2)), "read as a whole")

		var lines []byte
		for c, err := range logfile.Read(strings.NewReader(ordered), shuffled).Cases {
			require.NoError(t, err)
			for _, e := range c.Entries {
				lines, err = e.AppendLine(lines, c.Case)
				require.NoError(t, err)
				lines = append(lines, '\n')
			}
		}
		// Lines of the file and the order of equal examples are all that may differ from here on.
		plain := func(r *audit.Report) string {
			for i := range r.Clauses {
				for k := range r.Clauses[i].Worst {
					r.Clauses[i].Worst[k].Line = 0
				}
				slices.SortFunc(r.Clauses[i].Worst, func(a, b audit.Breach) int { return strings.Compare(a.Case, b.Case) })
			}
			for i := range r.Findings {
				r.Findings[i].Examples = nil
			}
			return text(t, r)
		}
		want := plain(contiguous)
		require.Equal(t, want, plain(report(t, logfile.ReadJSONLines(strings.NewReader(string(lines)), 0), 1)), "as JSON Lines")

		shuffledRows := rapid.Permutation(rows).Draw(t, "order")
		require.Equal(t, want, plain(report(t, logfile.Read(strings.NewReader(csvOf(shuffledRows)), m), 1)), "shuffled")
	})
}

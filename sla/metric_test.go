package sla_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func standard(t testing.TB, name string) sla.Metric {
	t.Helper()
	m, ok := sla.StandardMetric(name)
	require.True(t, ok, name)
	return m
}

func texts(ms []sla.Match) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.String())
	}
	return strings.Join(out, " ")
}

// The table in the doc comment of StandardMetrics says what the metrics do.
func TestStandardMetricsAreAsDocumented(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "metric.go", nil, parser.ParseComments)
	require.NoError(t, err)
	rows := map[string][2]string{}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "StandardMetrics" {
			for line := range strings.Lines(f.Doc.Text()) {
				if !strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "\tname") {
					continue
				}
				line = strings.TrimSpace(line)
				rows[strings.Fields(line)[0]] = [2]string{line[21:51], line[51:]}
			}
		}
	}
	all := sla.StandardMetrics()
	assert.Len(t, rows, len(all))
	for _, m := range all {
		row, ok := rows[m.Name]
		require.True(t, ok, "%s is not in the table", m.Name)
		stops := append(append([]sla.Match(nil), m.Stop...), m.StopAll...)
		for _, x := range m.Start {
			updates := strings.Contains(row[0], "updates") && anyMatch(stops, &history.Entry{Kind: x.Kind})
			assert.True(t, updates || strings.Contains(row[0], string(x.Kind)), "%s starts with %s, the table says %q", m.Name, x.Kind, row[0])
			for _, f := range x.Fields {
				assert.Contains(t, row[0], f.Values[0], m.Name)
			}
		}
		for _, x := range stops {
			assert.Contains(t, row[1], string(x.Kind), "%s stops", m.Name)
			for _, f := range x.Fields {
				assert.Contains(t, row[1], f.Values[0], m.Name)
			}
		}
		said := strings.FieldsFunc(row[0]+" "+row[1], func(r rune) bool { return strings.ContainsRune(" ,;", r) })
		for _, k := range history.Kinds() {
			if contains(said, string(k)) {
				starts, ends := anyKind(m.Start, &history.Entry{Kind: k}), anyKind(stops, &history.Entry{Kind: k})
				assert.True(t, starts || ends, "the table names %s for %s", k, m.Name)
			}
		}
		assert.Equal(t, strings.Contains(row[1], "again and again") || contains(said, "resolved") && m.Conditional, m.Repeat, "%s repeats", m.Name)

		// The words above the table.
		pauses := map[string]bool{"resolution": true, "closure": true, "recovery": true, "agent-work-time": true, "requester-wait-time": true, "periodic-update": true}
		assert.Equal(t, pauses[m.Name], len(m.Pause) > 0, "%s pauses", m.Name)
		vendor := history.Entry{Kind: history.Held, Fields: history.Of("reason", "vendor")}
		assert.Equal(t, m.Name == "agent-work-time", anyMatch(m.Pause, &vendor), "%s on hold for a vendor", m.Name)
		for _, k := range []history.Kind{history.Merged, history.Cancelled} {
			assert.True(t, anyKind(m.Cancel, &history.Entry{Kind: k}), "%s is cancelled when %s", m.Name, k)
		}
	}
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}

func TestStandardMetricsAreFreshCopies(t *testing.T) {
	first := sla.StandardMetrics()
	for i := range first {
		for _, ms := range [][]sla.Match{first[i].Start, first[i].Stop, first[i].Pause, first[i].Cancel, first[i].Reopen} {
			for j := range ms {
				ms[j].Kind = "changed"
				for k := range ms[j].Fields {
					ms[j].Fields[k].Values[0] = "changed"
				}
			}
		}
	}
	for _, m := range sla.StandardMetrics() {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "changed")
	}
	_, ok := sla.StandardMetric("no such metric")
	assert.False(t, ok)
}

func TestMetricJSON(t *testing.T) {
	for _, m := range metrics() {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		var back sla.Metric
		require.NoError(t, json.Unmarshal(text, &back), "%s", text)
		assert.Equal(t, m, back)
	}
	var m sla.Metric
	assert.ErrorIs(t, json.Unmarshal([]byte(`{"start":["held[reason="]}`), &m), sla.ErrMatch)
}

func TestBetween(t *testing.T) {
	both := sla.On(history.Resolved, history.ResultTold)
	for name, c := range map[string]struct {
		of                                  string
		start, stops                        []sla.Match
		all                                 bool
		wantStart, wantStop, wantAll        string
		wantCancel, wantReopen              string
		wantRepeat, wantConditional, pauses bool
	}{
		"nothing": {
			of: "resolution", wantStart: "opened detected", wantStop: "resolved closed",
			wantCancel: "merged cancelled", wantReopen: "reopened result-confirmed[answer=disputed]", pauses: true,
		},
		"another start": {
			of: "resolution", start: sla.On(history.Accepted), wantStart: "accepted", wantStop: "resolved closed",
			wantCancel: "merged cancelled", wantReopen: "reopened result-confirmed[answer=disputed]", pauses: true,
		},
		"a stop that closing no longer fulfils": {
			of: "resolution", stops: sla.On(history.Resolved), wantStart: "opened detected", wantStop: "resolved",
			wantCancel: "merged cancelled closed", wantReopen: "reopened result-confirmed[answer=disputed]", pauses: true,
		},
		"a stop that no reopening undoes": {
			of: "resolution", stops: sla.On(history.FirstHandled), wantStart: "opened detected", wantStop: "first-handled",
			wantCancel: "merged cancelled closed", pauses: true,
		},
		"both of": {
			of: "resolution", stops: both, all: true, wantStart: "opened detected", wantAll: "resolved result-told",
			wantCancel: "merged cancelled closed", wantReopen: "reopened result-confirmed[answer=disputed]", pauses: true,
		},
		"any of": {
			of: "first-response", stops: both, wantStart: "opened detected", wantStop: "resolved result-told",
			wantCancel: "merged cancelled closed", wantReopen: "reopened result-confirmed[answer=disputed]",
		},
		"from the resolution": {
			of: "first-response", start: sla.On(history.Resolved), stops: sla.On(history.Surveyed), wantStart: "resolved", wantStop: "surveyed",
			wantCancel: "merged cancelled reopened", wantRepeat: true,
		},
		"from the closing to the archive": {
			of: "feedback", start: sla.On(history.Closed), stops: sla.On(history.Archived), wantStart: "closed", wantStop: "archived",
			wantCancel: "merged cancelled reopened", wantRepeat: true, wantConditional: true,
		},
		"from the resolution to the closing": {
			of: "feedback", start: sla.On(history.Resolved), stops: sla.On(history.Closed), wantStart: "resolved", wantStop: "closed",
			wantCancel: "merged cancelled reopened", wantRepeat: true, wantConditional: true,
		},
		"to the closing": {
			of: "dispatch", stops: sla.On(history.Closed), wantStart: "opened", wantStop: "closed",
			wantCancel: "merged cancelled", wantReopen: "reopened result-confirmed[answer=disputed]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := standard(t, c.of)
			m := base.Between(c.start, c.stops, c.all)
			assert.Equal(t, c.wantStart, texts(m.Start), "start")
			assert.Equal(t, c.wantStop, texts(m.Stop), "stop")
			assert.Equal(t, c.wantAll, texts(m.StopAll), "stop all")
			assert.Equal(t, c.wantCancel, texts(m.Cancel), "cancel")
			assert.Equal(t, c.wantReopen, texts(m.Reopen), "reopen")
			assert.Equal(t, c.wantRepeat, m.Repeat, "repeat")
			assert.Equal(t, c.wantConditional, m.Conditional, "conditional")
			assert.Equal(t, c.pauses, len(m.Pause) > 0, "pauses")
			assert.Equal(t, standard(t, c.of), base, "the metric itself is not changed")
			assert.Equal(t, m, m.Between(nil, nil, false), "once more changes nothing")
			_, err := sla.Compile(sla.Revision{Targets: []sla.Target{{ID: "t", Metric: m, Span: sla.Wall(1)}}})
			assert.NoError(t, err)
		})
	}
}

// A metric that starts with the resolution is owed anew after each one.
func TestBetweenAResolutionAndTheSurvey(t *testing.T) {
	m := standard(t, "feedback").Between(sla.On(history.Resolved), sla.On(history.Surveyed), false)
	plan, err := sla.Compile(sla.Revision{Targets: []sla.Target{{ID: "ask", Metric: m, Span: sla.Wall(1e12)}}})
	require.NoError(t, err)
	clocks, _ := judgeAt(t, plan, entries(t, `
		mon 09:00 open
		mon 10:00 resolve
		mon 10:10 survey
		mon 11:00 reopen
		mon 12:00 resolve
		mon 12:05 reopen
		mon 13:00 resolve`), moment(t, "mon 13:01"))
	var states []string
	for _, c := range clocks {
		states = append(states, c.State.String())
	}
	assert.Equal(t, []string{"met", "cancelled", "running"}, states)
}

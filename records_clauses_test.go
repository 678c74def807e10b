package charter_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/access"
)

// clauseLines yields the rules of transcripts that bear the name of a clause of a handbook: what a host or a test makes up has no such name.
func clauseLines(t *testing.T, pattern string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.FromSlash(pattern))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	lines := map[string][]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, `{"clause":`) {
				continue
			}
			var of struct {
				Clause string `json:"clause"`
			}
			require.NoError(t, json.Unmarshal([]byte(line), &of), line)
			if room, _, ok := strings.Cut(of.Clause, "/"); ok && room != "host" {
				lines[of.Clause] = append(lines[of.Clause], strings.TrimSpace(line))
			}
		}
	}
	return lines
}

// TestTranscriptsCarryTheHandbooksRules: a rule in a transcript of package records or records/access that bears the name of a clause is the rule of that clause, and
// every clause that is listed as shown by such a rule is.
func TestTranscriptsCarryTheHandbooksRules(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	kept, open := map[string]records.Rule{}, map[string]access.Rule{}
	for h := range handbooks.All() {
		s, err := h.Retention(at)
		require.NoError(t, err)
		for _, r := range s.Rules() {
			r.Basis = records.Text{}
			if r.From == (records.Start{}) {
				r.From = records.Start{Kind: history.Closed} // which the text leaves to the host
			}
			kept[r.Clause] = r
		}
		for c := range h.InForce(at) {
			if a, ok := c.Rule.(charter.Access); ok {
				open[c.ID] = access.Rule{
					Clause: c.ID, Effect: a.Effect, Actions: a.Actions, Classes: a.Records, Grades: a.Grades, Roles: a.Roles,
					Concerned: a.Concerned, Authorised: a.Authorised,
				}
			}
		}
	}
	retention, policies := clauseLines(t, "records/recordstest/testdata/*.txt"), clauseLines(t, "records/access/testdata/*.txt")
	for id, lines := range retention {
		for _, line := range lines {
			var got records.Rule
			require.NoError(t, json.Unmarshal([]byte(line), &got), line)
			require.Contains(t, kept, id, "no handbook has such a rule")
			want, err := json.Marshal(kept[id])
			require.NoError(t, err)
			same, err := json.Marshal(got)
			require.NoError(t, err)
			assert.JSONEq(t, string(want), string(same), id)
		}
	}
	for id, lines := range policies {
		for _, line := range lines {
			var got access.Rule
			require.NoError(t, json.Unmarshal([]byte(line), &got), line)
			require.Contains(t, open, id, "no handbook has such a rule")
			assert.Equal(t, open[id], got)
		}
	}
	list, err := os.ReadFile(filepath.FromSlash("records/testdata/clauses.tsv"))
	require.NoError(t, err)
	rows := slices.Collect(strings.Lines(string(list)))
	require.Greater(t, len(rows), 10)
	for _, row := range rows[2:] {
		switch columns := strings.Split(row, "\t"); columns[1] {
		case "records.Rule":
			assert.Contains(t, retention, columns[0])
		case "access.Rule":
			assert.Contains(t, policies, columns[0])
		}
	}
}

package records_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rows reads a table of columns parted by tabs, without its heading.
func rows(t *testing.T, name string) [][]string {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	require.NotEmpty(t, rows)
	return rows[1:]
}

// TestEveryRuleHasATranscript: what is in the list is in the extract, once, with a transcript in which a rule of that clause stands. The other clauses
// of the extract are demands on content, in the handbooks; a test of theirs sees to it that none is forgotten.
func TestEveryRuleHasATranscript(t *testing.T) {
	wanted := map[string]bool{}
	for _, row := range rows(t, "testdata/catalogue.tsv") {
		wanted[row[0]] = true
	}
	require.Greater(t, len(wanted), 30)
	for _, row := range rows(t, "testdata/clauses.tsv") {
		require.Len(t, row, 3, row)
		clause, by, transcript := row[0], row[1], row[2]
		assert.True(t, wanted[clause], "%s is not in the extract, or stands twice", clause)
		delete(wanted, clause)
		want, ok := map[string]string{
			"records.Rule": "recordstest/testdata", "access.Rule": "access/testdata", "access.Policy": "access/testdata",
		}[by]
		assert.True(t, ok, "%s: no such rule: %s", clause, by)
		assert.Equal(t, want, filepath.ToSlash(filepath.Dir(transcript)), clause)
		text, err := os.ReadFile(filepath.FromSlash(transcript))
		require.NoError(t, err)
		mention := `"clause":"` + clause + `"`
		if by == "access.Policy" {
			mention = "# " + clause + ":" // it is kept by how every policy decides
		}
		assert.Contains(t, string(text), mention)
	}
}

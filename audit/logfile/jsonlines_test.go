package logfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
)

const entriesLog = `{"at":"2025-03-01T09:05:00+08:00","case":"A1","fields":{"tier":"urgent"},"kind":"opened","seq":1}
{"at":"2025-03-01T01:20:00Z","case":"A1","kind":"responded","seq":2}

{"at":"2025-03-01T01:40:00Z","case":"A1","kind":"resolved","seq":3}
{"at":"2025-03-01T01:40:00Z","kind":"resolved"}
{"at":"gestern","case":"A1","kind":"resolved"}
nonsense
{"at":"2025-03-01T01:30:00Z","case":"A2","kind":"opened"}
{"at":"2025-03-01T02:00:00Z","case":"A1","kind":"closed","seq":4}`

func TestJSONLines(t *testing.T) {
	faults := lines(`
		5: row-case  case="" dropped
		6: row-entry  ="" dropped
		7: row-entry  ="" dropped`)
	first := lines(`
		case A1
		1: 1 2025-03-01T01:05:00Z opened tier=urgent
		2: 2 2025-03-01T01:20:00Z responded
		4: 3 2025-03-01T01:40:00Z resolved`)
	second := lines(`
		case A2
		8: 2025-03-01T01:30:00Z opened`)
	got, err := told(t, logfile.ReadJSONLines(strings.NewReader(entriesLog), 0))
	require.NoError(t, err)
	assert.Equal(t, slices.Concat(faults, first), got[:7])
	assert.Equal(t, slices.Concat(faults, first, second, lines(`
		9: case-split A1 =""
		case A1
		9: 4 2025-03-01T02:00:00Z closed`)), got)

	whole := slices.Concat(faults, first, []string{"9: 4 2025-03-01T02:00:00Z closed"}, second)
	got, err = told(t, logfile.ReadJSONLines(strings.NewReader(entriesLog), 1<<20))
	require.NoError(t, err)
	assert.Equal(t, whole, got)

	rows := slices.Collect(strings.Lines(entriesLog + "\n"))
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	got, err = told(t, logfile.ReadJSONLines(strings.NewReader(strings.Join(rows, "")), 1<<20))
	require.NoError(t, err)
	assert.Equal(t, sorted(whole[3:]), sorted(slices.DeleteFunc(got, func(l string) bool { return strings.HasSuffix(l, "dropped") })))

	_, err = told(t, logfile.ReadJSONLines(strings.NewReader(entriesLog), 1000))
	var r *logfile.ReadError
	require.ErrorAs(t, err, &r)
	assert.ErrorIs(t, err, logfile.ErrBudget)
	assert.Equal(t, 4, r.Line)
}

func TestJSONLinesOfAnySize(t *testing.T) {
	got, err := told(t, logfile.ReadJSONLines(strings.NewReader(""), 0))
	require.NoError(t, err)
	assert.Empty(t, got)
	long := fmt.Sprintf(`{"at":"2025-03-01T01:40:00Z","case":%q,"kind":"resolved"}`, strings.Repeat("x", logfile.MaxRow))
	got, err = told(t, logfile.ReadJSONLines(strings.NewReader(long+"\n"+entriesLog), 0))
	require.NoError(t, err)
	assert.Equal(t, "1: row-size  =\"\" longer than 1 MiB dropped", got[0])
	assert.Equal(t, "2: 1 2025-03-01T01:05:00Z opened tier=urgent", got[5])
	s := logfile.ReadJSONLines(strings.NewReader(entriesLog), 0)
	_, err = told(t, s)
	require.NoError(t, err)
	_, err = told(t, s)
	assert.ErrorIs(t, err, logfile.ErrUsed)
}

func FuzzReadJSONLines(f *testing.F) {
	f.Add([]byte(entriesLog), int64(0))
	f.Add([]byte(entriesLog), int64(1<<20))
	f.Add([]byte("\ufeff{}\r\n\x00"), int64(600))
	f.Fuzz(func(t *testing.T, b []byte, budget int64) {
		if len(b) > 1<<14 || len(b) > 1 && b[0] == 0x1f && b[1] == 0x8b {
			return
		}
		entries, faults := 0, 0
		for c, err := range logfile.ReadJSONLines(bytes.NewReader(b), max(budget, 0)).Cases {
			if f, ok := err.(*audit.Finding); ok {
				require.Positive(t, f.Line)
				if f.Dropped {
					faults++
				}
				continue
			}
			if err != nil {
				require.ErrorIs(t, err, logfile.ErrBudget)
				return
			}
			require.NotEmpty(t, c.Case)
			require.NotEmpty(t, c.Entries)
			require.Len(t, c.Lines, len(c.Entries))
			entries += len(c.Entries)
		}
		want := 0
		for line := range bytes.Lines(bytes.TrimPrefix(b, []byte("\ufeff"))) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		require.Equal(t, want, entries+faults, "each line is an entry or a fault")
	})
}

package journal_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/journal"
)

func TestBatchCheck(t *testing.T) {
	one := [][]byte{[]byte("x")}
	full := make([]byte, journal.MaxRecord)
	sixteen := make([][]byte, 16)
	for i := range sixteen {
		sixteen[i] = full
	}
	for _, c := range []struct {
		name  string
		batch journal.Batch
		want  string // empty: allowed
	}{
		{"plain", journal.Batch{Case: "T-1", Records: one}, ""},
		{"nothing", journal.Batch{}, `case "": case id is empty`},
		{"longest id", journal.Batch{Case: strings.Repeat("x", 200), Records: one}, ""},
		{"long id", journal.Batch{Case: strings.Repeat("x", 201), Records: one}, "case id has 201 bytes, at most 200"},
		{"broken id", journal.Batch{Case: "a\xff", Records: one}, `case "a\xff": case id is not valid UTF-8`},
		{"control character", journal.Batch{Case: "a\nb", Records: one}, `case "a\nb": case id holds the control character U+000A`},
		{"key", journal.Batch{Case: "T-1", Key: strings.Repeat("k", 200), Records: one}, ""},
		{"long key", journal.Batch{Case: "T-1", Key: strings.Repeat("k", 201), Records: one}, `case "T-1": key has 201 bytes, at most 200`},
		{"broken key", journal.Batch{Case: "T-1", Key: "\x00", Records: one}, `case "T-1": key holds the control character U+0000`},
		{"full record", journal.Batch{Case: "T-1", Records: [][]byte{full}}, ""},
		{"over-full record", journal.Batch{Case: "T-1", Records: [][]byte{nil, append(full, 0)}}, "record 2 of the batch has 1048577 bytes, at most 1048576"},
		{"full batch", journal.Batch{Case: "T-1", Records: sixteen}, ""},
		{"over-full batch", journal.Batch{Case: "T-1", Records: append(sixteen, one...)}, "records of 16777217 bytes together, at most 16777216"},
		{"many records", journal.Batch{Case: "T-1", Records: make([][]byte, 1000)}, ""},
		{"too many records", journal.Batch{Case: "T-1", Records: make([][]byte, 1001)}, "1001 records, at most 1000"},
		{"claim", journal.Batch{Case: "T-1", Expect: journal.Head{Version: 1, Rev: 1}}, ""},
		{"claim of nothing", journal.Batch{Case: "T-1"}, "a new case without records"},
		{"first instant", journal.Batch{Case: "T-1", Records: one, Next: time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC)}, ""},
		{"last instant", journal.Batch{Case: "T-1", Records: one, Next: time.Date(2262, 1, 1, 0, 0, 0, -1, time.UTC)}, ""},
		{"too early", journal.Batch{Case: "T-1", Records: one, Next: time.Date(1678, 1, 1, 0, 0, 0, -1, time.UTC)}, "next lies outside the years 1678 to 2261: 1677-12-31T23:59:59Z"},
		{"too late", journal.Batch{Case: "T-1", Records: one, Next: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)}, "next lies outside the years"},
		{"too late in UTC", journal.Batch{Case: "T-1", Records: one, Next: time.Date(2261, 12, 31, 23, 0, 0, 0, time.FixedZone("west", -3600))}, "next lies outside the years"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.batch.Check()
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, journal.ErrBatch)
			var e *journal.BatchError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.batch.Case, e.Case)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

// Whatever CheckID takes survives being a text in a database; whatever it refuses has a reason.
func TestCheckID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(
			rapid.String(),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringN(190, 220, -1),
		).Draw(t, "id")
		want := id != "" && len(id) <= 200 && utf8.ValidString(id) && strings.IndexFunc(id, unicode.IsControl) < 0
		require.Equal(t, want, journal.CheckID(id) == nil)
	})
}

func TestErrorsMatch(t *testing.T) {
	require.ErrorIs(t, &journal.ConflictError{}, journal.ErrConflict)
	require.NotErrorIs(t, &journal.ConflictError{}, journal.ErrBatch)
	require.ErrorIs(t, &journal.BatchError{}, journal.ErrBatch)
	require.ErrorIs(t, journal.CaseError("a", journal.ErrErased), journal.ErrErased)
}

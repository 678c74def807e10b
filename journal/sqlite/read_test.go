package sqlite

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// plan is how SQLite would run a query.
func plan(t *testing.T, j *Journal, query string, args ...any) string {
	t.Helper()
	rows, err := j.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	require.NoError(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	return strings.Join(steps, "; ")
}

// What is read costs what it yields: no query looks through a whole table, and none sorts.
func TestQueriesFollowAnIndex(t *testing.T) {
	j := must(t, file(t))
	for _, c := range []struct {
		query string
		args  []any
		want  string
	}{
		{sqlDue, []any{1, 1, "", 1}, "INDEX charter_case_due"},
		{sqlRead, []any{"T-1", 0}, "(case_id=? AND seq>?)"},
		{sqlScan, []any{1, 2, 1}, "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
		{sqlRefuse, []any{"T-1", []byte("k")}, "(case_id=? AND key=?)"},
	} {
		steps := plan(t, j, c.query, c.args...)
		assert.Contains(t, steps, c.want)
		assert.NotContains(t, steps, "TEMP B-TREE", c.query)
		if c.query != sqlDue {
			assert.NotContains(t, steps, "SCAN", c.query)
		}
	}
	assert.Contains(t, plan(t, j, sqlDue, 1, 1, "", 1), "SEARCH charter_case USING COVERING INDEX")
}

// Loops over several pages, with appends between them.
func TestLoopsGoOverPages(t *testing.T) {
	const n = 2*pageRows + 10
	j := must(t, file(t))
	base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		_, err := j.Append(t.Context(), journal.Batch{Case: fmt.Sprintf("T-%04d", i), Records: [][]byte{{byte(i)}}, Next: base.Add(time.Duration(i / 7))})
		require.NoError(t, err)
	}
	big := make([][]byte, 5)
	for i := range big {
		big[i] = bytes.Repeat([]byte{byte(i)}, pageBytes/2)
	}
	_, err := j.Append(t.Context(), journal.Batch{Case: "big", Records: big})
	require.NoError(t, err)

	count := 0
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		_, err := j.Append(t.Context(), batch(fmt.Sprintf("later %d", count), "x"))
		require.NoError(t, err)
		if count < n {
			require.Equal(t, fmt.Sprintf("T-%04d", count), r.Case)
		}
		count++
	}
	assert.Equal(t, n+len(big), count, "a scan ends at its present")

	i := 0
	for item, err := range j.Due(t.Context(), late) {
		require.NoError(t, err)
		require.Equal(t, journal.Item{Case: fmt.Sprintf("T-%04d", i), Next: base.Add(time.Duration(i / 7))}, item)
		i++
	}
	assert.Equal(t, n, i)
}

// Erasing is no good if the bytes stay in the file or its log.
func TestErasedBytesAreGone(t *testing.T) {
	path := file(t)
	j := must(t, path)
	secret := strings.Repeat("13800138000 ", 50)
	head, err := j.Append(t.Context(), journal.Batch{Case: "T-1", Key: "key of a person", Records: [][]byte{[]byte(secret), []byte(secret)}})
	require.NoError(t, err)
	_, err = j.Append(t.Context(), batch("T-2", "stays"))
	require.NoError(t, err)
	holds := func(text string) bool {
		for _, name := range []string{path, path + "-wal"} {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			if bytes.Contains(data, []byte(text)) {
				return true
			}
		}
		return false
	}
	require.True(t, holds("13800138000"))
	require.True(t, holds("key of a person"))
	_, err = j.Erase(t.Context(), "T-1", head, []byte("erased on request"))
	require.NoError(t, err)
	assert.False(t, holds("13800138000"))
	assert.False(t, holds("key of a person"))
	assert.True(t, holds("erased on request"))
}

func TestErasedPlacesAreNotGivenAgain(t *testing.T) {
	j := must(t, file(t))
	head, err := j.Append(t.Context(), batch("T-1", "x"))
	require.NoError(t, err)
	var at journal.Position
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		at = r.Pos
	}
	_, err = j.Erase(t.Context(), "T-1", head, []byte("gone"))
	require.NoError(t, err)
	var seen []string
	for r, err := range j.Scan(t.Context(), at) {
		require.NoError(t, err)
		seen = append(seen, string(r.Data))
	}
	assert.Equal(t, []string{"gone"}, seen)
}

func positions(t *testing.T, j *Journal) (all []journal.Position) {
	t.Helper()
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		all = append(all, r.Pos)
	}
	return all
}

func scanErr(t *testing.T, j *Journal, at journal.Position) error {
	t.Helper()
	for _, err := range j.Scan(t.Context(), at) {
		return err
	}
	return nil
}

func TestPositionsOfBeforeARestore(t *testing.T) {
	path := file(t)
	j := must(t, path)
	_, err := j.Append(t.Context(), batch("T-1", "x"))
	require.NoError(t, err)
	copied := filepath.Join(t.TempDir(), "backup.db")
	require.NoError(t, j.Backup(t.Context(), copied))
	assert.ErrorIs(t, j.Backup(t.Context(), copied), os.ErrExist, "a backup is not overwritten")
	old := positions(t, j)[0]

	// Two restores of one backup are two lives.
	one, two := file(t), file(t)
	putBack(t, copied, one)
	putBack(t, copied, two)
	a, b := must(t, one), must(t, two)
	at := positions(t, a)
	require.Len(t, at, 1)
	assert.NotEqual(t, at, positions(t, b))
	for _, restored := range []*Journal{a, b} {
		_, err := restored.Append(t.Context(), batch("T-2", "x"))
		require.NoError(t, err)
		assert.ErrorIs(t, scanErr(t, restored, old), journal.ErrPosition)
	}
	assert.NoError(t, scanErr(t, a, at[0]))
	assert.ErrorIs(t, scanErr(t, b, at[0]), journal.ErrPosition)
	assert.NoError(t, scanErr(t, j, old), "the original goes on")

	require.NoError(t, j.Restored(t.Context()))
	assert.ErrorIs(t, scanErr(t, j, old), journal.ErrPosition)
	assert.NoError(t, scanErr(t, j, positions(t, j)[0]))
}

// An older file was put back, and nobody has said so: what can be noticed is noticed.
func TestPositionBeyondTheEnd(t *testing.T) {
	j := must(t, file(t))
	_, err := j.Append(t.Context(), batch("T-1", "x"))
	require.NoError(t, err)
	at := positions(t, j)[0]
	epoch, _, _ := strings.Cut(string(at), ".")
	for _, bad := range []string{
		epoch + ".2", epoch + ".0", epoch + ".-1", epoch + ".01", epoch + ".+1", epoch + ".1 ", epoch, "." + "1", epoch + ".9223372036854775808",
		"0000000000000000.1", "x", strings.Repeat("9", 1<<20), "\xff.1", epoch + ".1.1",
	} {
		err := scanErr(t, j, journal.Position(bad))
		if assert.ErrorIs(t, err, journal.ErrPosition, "%.40q", bad) {
			assert.Less(t, len(err.Error()), 600)
		}
	}
	assert.NoError(t, scanErr(t, j, at))
}

// putBack is what an operator does to restore.
func putBack(t testing.TB, backup, path string) {
	t.Helper()
	for _, old := range []string{path + "-wal", path + "-shm"} {
		if err := os.Remove(old); err != nil {
			require.ErrorIs(t, err, os.ErrNotExist)
		}
	}
	from, err := os.Open(backup)
	require.NoError(t, err)
	defer from.Close()
	to, err := os.Create(path)
	require.NoError(t, err)
	_, err = io.Copy(to, from)
	require.NoError(t, err)
	require.NoError(t, to.Close())
}

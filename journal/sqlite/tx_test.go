package sqlite

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/servicecharter/charter/journal"
)

func TestInCommitsWithTheHostsRows(t *testing.T) {
	path := file(t)
	j := must(t, path)
	db := hold(t, DSN(path))
	_, err := db.Exec("CREATE TABLE orders (id TEXT PRIMARY KEY)")
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		commit bool
	}{{"rolled back", false}, {"committed", true}} {
		tx, err := db.Begin()
		require.NoError(t, err)
		_, err = tx.Exec("INSERT INTO orders VALUES (?)", c.name)
		require.NoError(t, err)
		head, err := j.In(tx).Append(t.Context(), journal.Batch{Case: c.name, Key: "k", Records: [][]byte{[]byte("x")}, Next: late})
		require.NoError(t, err)
		_, records, err := j.In(tx).Read(t.Context(), c.name, 0)
		require.NoError(t, err)
		assert.Len(t, records, 1, "the transaction sees what it wrote")
		_, _, err = j.Read(t.Context(), c.name, 0)
		assert.ErrorIs(t, err, journal.ErrUnknownCase, "others do not, yet")

		var rows int
		if c.commit {
			require.NoError(t, tx.Commit())
			now, _, err := j.Read(t.Context(), c.name, 0)
			require.NoError(t, err)
			assert.Equal(t, head, now)
		} else {
			require.NoError(t, tx.Rollback())
			_, _, err = j.Read(t.Context(), c.name, 0)
			assert.ErrorIs(t, err, journal.ErrUnknownCase)
		}
		require.NoError(t, db.QueryRow("SELECT count(*) FROM orders WHERE id = ?", c.name).Scan(&rows))
		assert.Equal(t, c.commit, rows == 1)
		_, err = j.In(tx).Append(t.Context(), batch("after the end", "x"))
		assert.Error(t, err)
	}
}

// A refusal leaves the host's transaction as it was: the host may do something else and commit.
func TestInGoesOnAfterARefusal(t *testing.T) {
	path := file(t)
	j := must(t, path)
	head, err := j.Append(t.Context(), batch("T-1", "x"))
	require.NoError(t, err)
	db := hold(t, DSN(path))
	_, err = db.Exec(`CREATE TRIGGER no BEFORE INSERT ON charter_record WHEN NEW.data = x'00' BEGIN SELECT RAISE(ABORT, 'not that one'); END`)
	require.NoError(t, err)
	tx, err := db.Begin()
	require.NoError(t, err)
	in := j.In(tx)

	_, err = in.Append(t.Context(), batch("T-1", "wrong head"))
	var conflict *journal.ConflictError
	require.ErrorAs(t, err, &conflict)
	assert.Equal(t, head, conflict.Actual)
	_, err = in.Append(t.Context(), journal.Batch{})
	assert.ErrorIs(t, err, journal.ErrBatch)
	_, err = in.Append(t.Context(), journal.Batch{Case: "half", Records: [][]byte{[]byte("good"), {0}}})
	assert.ErrorContains(t, err, "not that one")
	_, err = in.Append(t.Context(), batch("T-2", "x"))
	require.NoError(t, err)
	require.NoError(t, tx.Commit())

	_, _, err = j.Read(t.Context(), "half", 0)
	assert.ErrorIs(t, err, journal.ErrUnknownCase, "the first half may not stay")
	_, _, err = j.Read(t.Context(), "T-2", 0)
	assert.NoError(t, err)
}

// The classic: a deferred transaction reads, another one commits, the first wants to write. SQLite says "database is locked"; it is a lost race.
func TestInLostRaceIsAConflict(t *testing.T) {
	path := file(t)
	j := must(t, path)
	head, err := j.Append(t.Context(), batch("T-1", "x"))
	require.NoError(t, err)
	deferred := hold(t, strings.ReplaceAll(DSN(path), "_txlock=immediate", "_txlock=deferred"))
	tx, err := deferred.Begin()
	require.NoError(t, err)
	in := j.In(tx)
	_, _, err = in.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)

	_, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("faster")}})
	require.NoError(t, err)
	_, err = in.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("slower")}})
	require.ErrorIs(t, err, journal.ErrConflict)
	var conflict *journal.ConflictError
	require.ErrorAs(t, err, &conflict)
	assert.Equal(t, "T-1", conflict.Case)
	assert.ErrorContains(t, err, "IMMEDIATE")
	require.NoError(t, tx.Rollback())

	// Without having read, a deferred transaction waits for its turn like any other.
	tx, err = deferred.Begin()
	require.NoError(t, err)
	_, err = j.In(tx).Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("slower")}})
	require.ErrorAs(t, err, &conflict)
	assert.EqualValues(t, 2, conflict.Actual.Version)
	require.NoError(t, tx.Rollback())
}

func TestInWithoutTheLockIsBusy(t *testing.T) {
	path := file(t)
	j := must(t, path)
	impatient := hold(t, strings.NewReplacer("_txlock=immediate", "_txlock=deferred", "busy_timeout%2810000%29", "busy_timeout%281%29").Replace(DSN(path)))
	unlock := lock(t, path)
	tx, err := impatient.Begin()
	require.NoError(t, err)
	_, err = j.In(tx).Append(t.Context(), batch("T-1", "x"))
	assert.ErrorIs(t, err, ErrBusy)
	assert.ErrorContains(t, err, "T-1")
	assert.NotErrorIs(t, err, journal.ErrConflict)
	unlock()
	_, err = j.In(tx).Append(t.Context(), batch("T-1", "x"))
	assert.NoError(t, err)
	require.NoError(t, tx.Rollback())
}

func TestInReadOnlyDatabase(t *testing.T) {
	path := file(t)
	j := must(t, path)
	tx, err := hold(t, uri(path)+"?mode=ro").Begin()
	require.NoError(t, err)
	_, err = j.In(tx).Append(t.Context(), batch("T-1", "x"))
	_, isDriver := errors.AsType[*sqlite.Error](err)
	assert.True(t, isDriver, "%v", err)
	assert.ErrorContains(t, err, "readonly")
	assert.ErrorContains(t, err, "T-1")
	require.NoError(t, tx.Rollback())
}

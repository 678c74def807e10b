package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// file is a place for a database that ends with the test.
func file(t testing.TB) string { return filepath.Join(t.TempDir(), "journal.db") }

// must opens a journal that is closed with the test. It waits much longer than usual for the lock: a test that holds it may take several
// [waits] on a loaded machine.
func must(t testing.TB, path string) *Journal {
	t.Helper()
	j, err := Open(t.Context(), path)
	require.NoError(t, err)
	j.patience = 10 * time.Minute
	t.Cleanup(func() { assert.NoError(t, j.Close()) })
	return j
}

// batch is a first append of one record.
func batch(name, data string) journal.Batch {
	return journal.Batch{Case: name, Records: [][]byte{[]byte(data)}}
}

// hold opens a database as a host does.
func hold(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	return db
}

// A log that is synced at checkpoints only may lose acknowledged commits with the power, so every connection that could write must say FULL.
func TestEveryConnectionIsDurable(t *testing.T) {
	path := file(t)
	j := must(t, path)
	host := hold(t, DSN(path))
	for _, pool := range []struct {
		name  string
		db    *sql.DB
		conns int
	}{{"writer", j.write, 1}, {"reader", j.read, readers}, {"host", host, 3}} {
		var conns []*sql.Conn
		for range pool.conns {
			conn, err := pool.db.Conn(t.Context())
			require.NoError(t, err)
			conns = append(conns, conn)
			for pragma, want := range map[string]string{
				"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
			} {
				var got string
				require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
				assert.Equal(t, want, got, "%s: %s", pool.name, pragma)
			}
			var wait int
			require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA busy_timeout").Scan(&wait))
			assert.Positive(t, wait, pool.name)
		}
		for _, conn := range conns {
			require.NoError(t, conn.Close())
		}
	}
}

// A new connection after a broken one is as durable as the first.
func TestDurabilityIsChecked(t *testing.T) {
	path := file(t)
	must(t, path)
	loose := hold(t, strings.ReplaceAll(DSN(path), "synchronous%28full%29", "synchronous%28normal%29"))
	assert.ErrorContains(t, durable(t.Context(), loose), "synchronous=full (it has 1)")
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	path := file(t)
	j := must(t, path)
	head, err := j.Append(t.Context(), batch("T-1", "kept"))
	require.NoError(t, err)
	db := hold(t, DSN(path))
	_, err = db.Exec("INSERT INTO charter_schema (version, name) VALUES (99, 'tomorrow')")
	require.NoError(t, err)

	_, err = Open(t.Context(), path)
	require.ErrorIs(t, err, ErrSchema)
	var newer *SchemaError
	require.ErrorAs(t, err, &newer)
	assert.Equal(t, SchemaError{Found: 99, Known: 1}, *newer)
	assert.ErrorContains(t, err, path)
	assert.ErrorIs(t, Migrate(t.Context(), db), ErrSchema)

	_, err = db.Exec("DELETE FROM charter_schema WHERE version = 99")
	require.NoError(t, err)
	again := must(t, path)
	now, _, err := again.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	assert.Equal(t, head, now)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "letter.txt")
	require.NoError(t, os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600))
	for _, c := range []struct{ path, want string }{
		{"", "a file is needed"},
		{":memory:", "a file is needed"},
		{dir, dir},
		{filepath.Join(dir, "missing", "journal.db"), "unable to open"},
		{text, "not a database"},
	} {
		_, err := Open(t.Context(), c.path)
		assert.ErrorContains(t, err, c.want, c.path)
	}
	left, err := os.ReadFile(text)
	require.NoError(t, err)
	assert.Len(t, left, 1200, "a stranger's file is left alone")

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Open(cancelled, filepath.Join(dir, "journal.db"))
	assert.ErrorIs(t, err, context.Canceled)
}

func TestOpenTakesThePathAsItIs(t *testing.T) {
	for _, name := range []string{"a?mode=ro.db", "50% #1.db", "工单.db", "a&b=c.db", "file:x.db"} {
		path := filepath.Join(t.TempDir(), name)
		j, err := Open(t.Context(), path)
		require.NoError(t, err, name)
		_, err = j.Append(t.Context(), batch("T-1", "x"))
		assert.NoError(t, err, name)
		assert.NoError(t, j.Close(), name)
		assert.FileExists(t, path)
	}
}

func TestOpenAtOnce(t *testing.T) {
	path := file(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			j, err := Open(t.Context(), path)
			if assert.NoError(t, err) {
				assert.NoError(t, j.Close())
			}
		})
	}
	wg.Wait()
	var versions int
	require.NoError(t, hold(t, DSN(path)).QueryRow("SELECT count(*) FROM charter_schema").Scan(&versions))
	assert.Equal(t, 1, versions)
}

func TestMigrateIntoTheHostsDatabase(t *testing.T) {
	path := file(t)
	db := hold(t, "file:"+path) // none of the journal's settings
	_, err := db.Exec("CREATE TABLE orders (id INTEGER PRIMARY KEY); PRAGMA user_version = 7")
	require.NoError(t, err)
	require.NoError(t, Migrate(t.Context(), db))
	require.NoError(t, Migrate(t.Context(), db), "again")
	var version int
	require.NoError(t, db.QueryRow("PRAGMA user_version").Scan(&version))
	assert.Equal(t, 7, version, "that number is the host's")
}

func TestClosed(t *testing.T) {
	j, err := Open(t.Context(), file(t))
	require.NoError(t, err)
	require.NoError(t, j.Close())
	require.NoError(t, j.Close())

	_, err = j.Append(t.Context(), batch("T-1", "x"))
	assert.ErrorIs(t, err, ErrClosed)
	assert.ErrorContains(t, err, "T-1")
	_, err = j.Erase(t.Context(), "T-1", journal.Head{Version: 1, Rev: 1}, nil)
	assert.ErrorIs(t, err, ErrClosed)
	_, _, err = j.Read(t.Context(), "T-1", 0)
	assert.ErrorIs(t, err, ErrClosed)
	for _, err := range j.Scan(t.Context(), "") {
		assert.ErrorIs(t, err, ErrClosed)
	}
	for _, err := range j.Due(t.Context(), late) {
		assert.ErrorIs(t, err, ErrClosed)
	}
	assert.ErrorIs(t, j.Restored(t.Context()), ErrClosed)
	assert.ErrorIs(t, j.Backup(t.Context(), file(t)), ErrClosed)
}

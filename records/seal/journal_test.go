package seal

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/journaltest"
	"github.com/servicecharter/charter/journal/sqlite"
)

func TestJournalOverMemory(t *testing.T) {
	journaltest.Run(t, journaltest.Store{
		Open: func(testing.TB) journal.Journal { return New(journal.NewMemory(), Options{}) },
		Backup: func(_ testing.TB, j journal.Journal) func() journal.Journal {
			m := j.(*Journal).inner.(*journal.Memory)
			backup := m.Snapshot()
			return func() journal.Journal {
				m.Restore(backup)
				return j
			}
		},
	})
}

func TestJournalOverSQLite(t *testing.T) {
	paths := map[journal.Journal]string{}
	open := func(t testing.TB, path string) journal.Journal {
		j := New(openSQLite(t, path), Options{})
		paths[j] = path
		return j
	}
	end := func(t testing.TB, j journal.Journal) string {
		require.NoError(t, j.(*Journal).inner.(*sqlite.Journal).Close())
		return paths[j]
	}
	journaltest.Run(t, journaltest.Store{
		Open:   func(t testing.TB) journal.Journal { return open(t, filepath.Join(t.TempDir(), "journal.db")) },
		Reopen: func(t testing.TB, j journal.Journal) journal.Journal { return open(t, end(t, j)) },
		Backup: func(t testing.TB, j journal.Journal) func() journal.Journal {
			copied := filepath.Join(t.TempDir(), "backup.db")
			require.NoError(t, j.(*Journal).inner.(*sqlite.Journal).Backup(t.Context(), copied))
			return func() journal.Journal {
				path := end(t, j)
				for _, suffix := range []string{"-wal", "-shm"} {
					_ = os.Remove(path + suffix)
				}
				require.NoError(t, os.Rename(copied, path))
				return open(t, path)
			}
		},
		InTx: func(t testing.TB, j journal.Journal, commit bool, work func(journal.Journal)) {
			sealed := j.(*Journal)
			db, err := sql.Open("sqlite", sqlite.DSN(paths[j]))
			require.NoError(t, err)
			defer db.Close()
			tx, err := db.Begin()
			require.NoError(t, err)
			work(sealed.With(sealed.inner.(*sqlite.Journal).In(tx)))
			if commit {
				require.NoError(t, tx.Commit())
			} else {
				require.NoError(t, tx.Rollback())
			}
		},
	})
}

func openSQLite(t testing.TB, path string) *sqlite.Journal {
	t.Helper()
	j, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

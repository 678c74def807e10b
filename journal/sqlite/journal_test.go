package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/journaltest"
)

func TestJournal(t *testing.T) {
	journaltest.Run(t, journaltest.Store{
		Open: func(t testing.TB) journal.Journal { return must(t, file(t)) },
		Reopen: func(t testing.TB, j journal.Journal) journal.Journal {
			require.NoError(t, j.(*Journal).Close())
			return must(t, j.(*Journal).path)
		},
		Backup: func(t testing.TB, j journal.Journal) func() journal.Journal {
			path := j.(*Journal).path
			copied := filepath.Join(t.TempDir(), "backup.db")
			require.NoError(t, j.(*Journal).Backup(t.Context(), copied))
			return func() journal.Journal {
				require.NoError(t, j.(*Journal).Close())
				putBack(t, copied, path)
				return must(t, path)
			}
		},
		InTx: func(t testing.TB, j journal.Journal, commit bool, work func(journal.Journal)) {
			tx, err := hold(t, DSN(j.(*Journal).path)).Begin()
			require.NoError(t, err)
			work(j.(*Journal).In(tx))
			if commit {
				require.NoError(t, tx.Commit())
			} else {
				require.NoError(t, tx.Rollback())
			}
		},
	})
}

// The same suite with every second call through another handle of the same file, and there inside a transaction of the host.
func TestTwoHandles(t *testing.T) {
	journaltest.Run(t, journaltest.Store{
		Open: func(t testing.TB) journal.Journal {
			path := file(t)
			return &alternating{one: must(t, path), two: transacted{must(t, path), hold(t, DSN(path))}}
		},
	})
}

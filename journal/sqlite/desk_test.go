package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
)

// The host's row and the case's history commit together or not at all, and a
// desk on the file then tells what is due.
func TestDeskInTheHostsTransaction(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "host.db")
	j, err := sqlite.Open(ctx, path)
	require.NoError(t, err)
	defer j.Close()
	db, err := sql.Open("sqlite", sqlite.DSN(path))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(ctx, "create table orders (id text primary key)")
	require.NoError(t, err)

	rules, err := handbooks.Norms()
	require.NoError(t, err)
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: j, Now: func() time.Time { return time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC) },
	})
	require.NoError(t, err)
	for _, id := range []string{"rolled back", "committed"} {
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "insert into orders values (?)", id)
		require.NoError(t, err)
		st, err := desk.With(j.In(tx)).Record(ctx, id, "k", func(history.History) ([]history.Entry, error) {
			return []history.Entry{{Kind: history.Opened, Fields: history.Of("kind", "ticket")}}, nil
		})
		require.NoError(t, err)
		require.NotEmpty(t, st.Clocks)
		if id == "committed" {
			require.NoError(t, tx.Commit())
		} else {
			require.NoError(t, tx.Rollback())
		}
	}
	_, err = desk.Status(ctx, "rolled back")
	require.ErrorIs(t, err, journal.ErrUnknownCase)
	st, err := desk.Status(ctx, "committed")
	require.NoError(t, err)
	require.Len(t, st.History.Entries, 1)
	var rows int
	require.NoError(t, db.QueryRowContext(ctx, "select count(*) from orders").Scan(&rows))
	require.Equal(t, 1, rows)
}

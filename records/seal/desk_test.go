package seal_test

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
	"github.com/servicecharter/charter/records/seal"
)

// A desk works over a sealed journal as over any other, in the host's transaction too, and comes to the same judgement before and after
// the customer was forgotten.
func TestDeskOverASealedJournal(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := filepath.Join(dir, "host.db")
	db, err := sqlite.Open(ctx, path)
	require.NoError(t, err)
	defer db.Close()
	host, err := sql.Open("sqlite", sqlite.DSN(path))
	require.NoError(t, err)
	defer host.Close()
	master, err := seal.NewMasterKey(make([]byte, 32))
	require.NoError(t, err)
	keys, err := seal.CreateKeyring(ctx, filepath.Join(dir, "keys"), master)
	require.NoError(t, err)
	log, err := seal.OpenLog(ctx, journal.NewMemory(), "example.com/helpdesk")
	require.NoError(t, err)
	sealed := seal.New(db, seal.Options{Keys: keys, Log: log})

	rules, err := handbooks.Norms()
	require.NoError(t, err)
	desk := func(j journal.Journal) *charter.Desk {
		d, err := charter.NewDesk(charter.Config{
			Handbook: rules, Journal: j, Now: func() time.Time { return time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC) },
		})
		require.NoError(t, err)
		return d
	}
	work := func(d *charter.Desk, key string, kind history.Kind) charter.Status {
		st, err := d.Record(ctx, "T-1", key, func(h history.History) ([]history.Entry, error) {
			e := history.Entry{Kind: kind, Personal: history.Of("name", "Ada")}
			if len(h.Entries) == 0 {
				e.Fields = history.Of("kind", "ticket")
			}
			return []history.Entry{e}, nil
		})
		require.NoError(t, err)
		return st
	}
	plain := desk(journal.NewMemory())
	want := work(plain, "k", history.Opened)

	d := desk(sealed)
	tx, err := host.BeginTx(ctx, nil)
	require.NoError(t, err)
	have := work(d.With(sealed.With(db.In(tx))), "k", history.Opened)
	require.NoError(t, tx.Commit())
	require.Equal(t, want.Clocks, have.Clocks)
	require.Equal(t, want.History, have.History)

	n, err := sealed.Shred(ctx, "T-1")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	have, err = d.Status(ctx, "T-1")
	require.NoError(t, err)
	require.Equal(t, want.Clocks, have.Clocks)
	require.Nil(t, have.History.Entries[0].Personal)
	require.True(t, have.History.Entries[0].Fields.Has(seal.KeyPersonal, seal.Erased))

	want, have = work(plain, "l", history.Responded), work(d, "l", history.Responded)
	require.Equal(t, want.Clocks, have.Clocks)
	require.Equal(t, want.History.Entries[1], have.History.Entries[1])
	_, err = sealed.Verify(ctx)
	require.NoError(t, err)
}

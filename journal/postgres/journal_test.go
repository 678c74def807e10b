package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/journaltest"
	"github.com/servicecharter/charter/journal/postgres"
)

// site is where a journal of the suite lives.
type site struct {
	pool   *pgxpool.Pool
	schema string
}

func TestSuite(t *testing.T) {
	sites := map[journal.Journal]site{}
	at := func(t testing.TB, s site) journal.Journal {
		j, err := postgres.Open(t.Context(), s.pool, postgres.Options{Schema: s.schema, Settle: 20 * time.Millisecond})
		require.NoError(t, err)
		sites[j] = s
		return j
	}
	journaltest.Run(t, journaltest.Store{
		Open: func(t testing.TB) journal.Journal {
			_, pool, schema := fresh(t)
			return at(t, site{pool, schema})
		},
		Reopen: func(t testing.TB, j journal.Journal) journal.Journal {
			s := sites[j]
			s.pool.Reset()
			return at(t, s)
		},
		Backup: func(t testing.TB, j journal.Journal) func() journal.Journal {
			back := saved(t, sites[j].pool, sites[j].schema)
			return func() journal.Journal {
				back()
				return j
			}
		},
		InTx: func(t testing.TB, j journal.Journal, commit bool, work func(tx journal.Journal)) {
			ctx := context.WithoutCancel(t.Context())
			tx, err := sites[j].pool.BeginTx(ctx, pgx.TxOptions{})
			require.NoError(t, err)
			defer func() { _ = tx.Rollback(ctx) }()
			work(j.(*postgres.Journal).In(tx))
			if commit {
				require.NoError(t, tx.Commit(ctx))
			}
		},
	})
}

// saved keeps a copy of the tables and gives what puts it in their place.
func saved(t testing.TB, pool *pgxpool.Pool, schema string) (back func()) {
	tables := []string{"head", "record", "idempotency", "epoch", "migration"}
	for _, table := range tables {
		run(t, pool, "create table "+schema+".saved_"+table+" as table "+schema+"."+table)
	}
	return func() {
		for _, table := range tables {
			run(t, pool, "truncate "+schema+"."+table)
			run(t, pool, "insert into "+schema+"."+table+" overriding system value table "+schema+".saved_"+table)
		}
		require.NoError(t, postgres.NewEpoch(t.Context(), pool, schema))
	}
}

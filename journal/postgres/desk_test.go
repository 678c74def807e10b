package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// newDesk gives a desk that has to warn half an hour after a case was opened,
// the way to set its clock, and what it has delivered.
func newDesk(t *testing.T, j journal.Journal) (desk *charter.Desk, at func(time.Duration), told *[]string) {
	t.Helper()
	rules, err := charter.ParseHandbook([]byte(`{
  "id": "house", "version": "1", "title": {"en": "House rules"}, "sector": "general", "source": {"en": "Made for a test."},
  "clauses": [{"id": "house/respond", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "A reply within an hour."},
    "rule": {"metric": "first-response", "within": "1h", "warnings": [{"at": "50%"}]}}]}`))
	require.NoError(t, err)
	opening := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	now := opening
	told = new([]string)
	desk, err = charter.NewDesk(charter.Config{
		Handbook: rules, Journal: j, Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			*told = append(*told, fmt.Sprintf("%s %v", d.Case, d.Kind))
			return nil
		},
	})
	require.NoError(t, err)
	return desk, func(after time.Duration) { now = opening.Add(after) }, told
}

func adding(k history.Kind) func(history.History) ([]history.Entry, error) {
	return func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: k, Fields: history.Of("kind", "ticket")}}, nil
	}
}

// The host's row and the case's history commit together or not at all, and a
// desk on the real journal then tells what is due.
func TestDeskInTheHostsTransaction(t *testing.T) {
	j, pool, schema := fresh(t)
	run(t, pool, "create table "+schema+".orders (id text primary key)")
	desk, at, told := newDesk(t, j)
	for _, id := range []string{"rolled back", "committed"} {
		tx := begin(t, pool, pgx.ReadCommitted)
		_, err := tx.Exec(t.Context(), "insert into "+schema+".orders values ($1)", id)
		require.NoError(t, err)
		st, err := desk.With(j.In(tx)).Record(t.Context(), id, "k", adding(history.Opened))
		require.NoError(t, err)
		require.NotEmpty(t, st.Clocks)
		_, err = desk.Status(t.Context(), id)
		require.ErrorIs(t, err, journal.ErrUnknownCase, "nobody else sees it before the commit")
		if id == "committed" {
			require.NoError(t, tx.Commit(t.Context()))
		} else {
			require.NoError(t, tx.Rollback(t.Context()))
		}
	}
	_, err := desk.Status(t.Context(), "rolled back")
	require.ErrorIs(t, err, journal.ErrUnknownCase)
	st, err := desk.Status(t.Context(), "committed")
	require.NoError(t, err)
	require.Len(t, st.History.Entries, 1)
	at(30 * time.Minute)
	_, err = desk.Tick(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"committed warning"}, *told)
	var rows []string
	require.NoError(t, pool.QueryRow(t.Context(), "select array_agg(id) from "+schema+".orders").Scan(&rows))
	require.Equal(t, []string{"committed"}, rows)
}

// Who loses a race in the host's transaction is told so and not run again. At
// read committed the transaction goes on, with the host's row; at the stricter
// levels it has failed, and the host begins anew.
func TestDeskLosesARaceInTheHostsTransaction(t *testing.T) {
	for _, c := range []struct {
		level pgx.TxIsoLevel
		goes  bool
	}{{pgx.ReadCommitted, true}, {pgx.RepeatableRead, false}, {pgx.Serializable, false}} {
		t.Run(string(c.level), func(t *testing.T) {
			j, pool, schema := fresh(t)
			run(t, pool, "create table "+schema+".orders (id text primary key)")
			desk, _, _ := newDesk(t, j)
			_, err := desk.Record(t.Context(), "T-1", "open", adding(history.Opened))
			require.NoError(t, err)

			tx := begin(t, pool, c.level)
			_, err = tx.Exec(t.Context(), "insert into "+schema+".orders values ('T-1')")
			require.NoError(t, err)
			bound, calls := desk.With(j.In(tx)), 0
			_, err = bound.Record(t.Context(), "T-1", "slower", func(h history.History) ([]history.Entry, error) {
				calls++
				_, err := desk.Record(t.Context(), "T-1", "faster", adding(history.Responded))
				require.NoError(t, err)
				return adding(history.Messaged)(h)
			})
			require.ErrorIs(t, err, journal.ErrConflict)
			require.ErrorContains(t, err, `"T-1"`)
			require.Equal(t, 1, calls, "only the host can repeat its transaction")

			_, err = bound.Record(t.Context(), "T-1", "slower", adding(history.Messaged))
			if c.goes {
				require.NoError(t, err, "the transaction is usable")
				require.NoError(t, tx.Commit(t.Context()))
			} else {
				require.Error(t, err, "the transaction has failed")
				require.Error(t, tx.Commit(t.Context()))
			}
			st, err := desk.Status(t.Context(), "T-1")
			require.NoError(t, err)
			var kinds []history.Kind
			for _, e := range st.History.Entries {
				kinds = append(kinds, e.Kind)
			}
			want := []history.Kind{history.Opened, history.Responded}
			if c.goes {
				want = append(want, history.Messaged)
			}
			assert.Equal(t, want, kinds)
			var rows int
			require.NoError(t, pool.QueryRow(t.Context(), "select count(*) from "+schema+".orders").Scan(&rows))
			assert.Equal(t, c.goes, rows == 1)
		})
	}
}

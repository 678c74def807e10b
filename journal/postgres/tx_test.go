package postgres_test

import (
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

func TestHostRowAndHistoryCommitTogether(t *testing.T) {
	j, pool, schema := fresh(t)
	run(t, pool, "create table "+schema+".ticket (id text primary key)")
	for _, commit := range []bool{false, true} {
		tx := begin(t, pool, pgx.ReadCommitted)
		_, err := tx.Exec(t.Context(), "insert into "+schema+".ticket values ('T-1')")
		require.NoError(t, err)
		in := j.In(tx)
		h := add(t, in, "T-1", journal.Head{}, "opened")
		add(t, in, "T-1", h, "answered")

		h, records, err := in.Read(t.Context(), "T-1", 0)
		require.NoError(t, err)
		assert.Equal(t, uint64(2), h.Version)
		assert.Len(t, records, 2, "the transaction sees its own")
		got, _ := scan(t, in, "")
		assert.Empty(t, got, "but a scan yields what is committed")
		_, _, err = j.Read(t.Context(), "T-1", 0)
		require.ErrorIs(t, err, journal.ErrUnknownCase, "nobody else does")

		if commit {
			require.NoError(t, tx.Commit(t.Context()))
		} else {
			require.NoError(t, tx.Rollback(t.Context()))
		}
		var rows int
		require.NoError(t, pool.QueryRow(t.Context(), "select count(*) from "+schema+".ticket").Scan(&rows))
		got, _ = scan(t, j, "")
		assert.Equal(t, commit, rows == 1)
		assert.Equal(t, commit, len(got) == 2)
	}
}

func TestConflictLeavesTheHostsTransactionUsable(t *testing.T) {
	j, pool, _ := fresh(t)
	h := add(t, j, "T-1", journal.Head{}, "opened")
	tx := begin(t, pool, pgx.ReadCommitted)
	in := j.In(tx)
	for _, expect := range []journal.Head{{}, {Version: 1, Rev: 2}, {Version: 2, Rev: 1}} {
		_, err := in.Append(t.Context(), batch("T-1", expect, "x"))
		assert.Equal(t, &journal.ConflictError{Case: "T-1", Expected: expect, Actual: h}, err)
	}
	add(t, in, "T-1", h, "answered")
	require.NoError(t, tx.Commit(t.Context()))
	got, _ := scan(t, j, "")
	assert.Equal(t, []string{"T-1/1=opened", "T-1/2=answered"}, got)
}

// A savepoint of the host takes back what was appended since, and no more.
func TestSavepoint(t *testing.T) {
	j, pool, _ := fresh(t)
	tx := begin(t, pool, pgx.ReadCommitted)
	h := add(t, j.In(tx), "T-1", journal.Head{}, "1")
	nested, err := tx.Begin(t.Context())
	require.NoError(t, err)
	add(t, j.In(nested), "T-1", h, "2")
	require.NoError(t, nested.Rollback(t.Context()))
	add(t, j.In(tx), "T-1", h, "two")
	require.NoError(t, tx.Commit(t.Context()))
	got, _ := scan(t, j, "")
	assert.Equal(t, []string{"T-1/1=1", "T-1/2=two"}, got)
}

// The server ends a race at the stricter levels with an error of its own. It becomes a conflict.
func TestSerializationFailureIsAConflict(t *testing.T) {
	for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
		t.Run(string(level), func(t *testing.T) {
			j, pool, _ := fresh(t)
			h := add(t, j, "T-1", journal.Head{}, "opened")

			tx := begin(t, pool, level)
			_, _, err := j.In(tx).Read(t.Context(), "T-1", 0)
			require.NoError(t, err)
			add(t, j, "T-1", h, "faster")
			_, err = j.In(tx).Append(t.Context(), batch("T-1", h, "slower"))
			assert.Equal(t, &journal.ConflictError{Case: "T-1", Expected: h}, err)

			tx = begin(t, pool, level)
			_, _, err = j.In(tx).Read(t.Context(), "T-2", 0)
			require.ErrorIs(t, err, journal.ErrUnknownCase)
			add(t, j, "T-2", journal.Head{}, "faster")
			_, err = j.In(tx).Append(t.Context(), batch("T-2", journal.Head{}, "slower"))
			assert.Equal(t, &journal.ConflictError{Case: "T-2"}, err)
			require.NoError(t, tx.Rollback(t.Context()))

			tx = begin(t, pool, level)
			_, _, err = j.In(tx).Read(t.Context(), "T-2", 0)
			require.NoError(t, err)
			add(t, j, "T-2", journal.Head{Version: 1, Rev: 1}, "faster")
			_, err = j.In(tx).Erase(t.Context(), "T-2", journal.Head{Version: 1, Rev: 1}, nil)
			assert.ErrorIs(t, err, journal.ErrConflict)
		})
	}
}

// Two transactions that append to two cases in opposite order lock each other out. The one that the server ends meets a conflict, the
// other one goes on.
func TestDeadlockIsAConflict(t *testing.T) {
	j, pool, _ := fresh(t)
	h := add(t, j, "A", journal.Head{}, "1")
	add(t, j, "B", journal.Head{}, "1")
	one, two := begin(t, pool, pgx.ReadCommitted), begin(t, pool, pgx.ReadCommitted)
	for _, tx := range []pgx.Tx{one, two} {
		_, err := tx.Exec(t.Context(), "set local deadlock_timeout = '10ms'")
		require.NoError(t, err)
	}
	add(t, j.In(one), "A", h, "one")
	add(t, j.In(two), "B", h, "two")
	var group sync.WaitGroup
	errs := make([]error, 2)
	group.Go(func() {
		if _, errs[0] = j.In(one).Append(t.Context(), batch("B", h, "one")); errs[0] != nil {
			_ = one.Rollback(t.Context())
		}
	})
	group.Go(func() {
		if _, errs[1] = j.In(two).Append(t.Context(), batch("A", h, "two")); errs[1] != nil {
			_ = two.Rollback(t.Context())
		}
	})
	group.Wait()
	if errs[0] == nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	assert.ErrorIs(t, errs[0], journal.ErrConflict)
	assert.NoError(t, errs[1])
}

// An append with a key that waits for the same append gives its result.
func TestSameKeyAtTheSameTime(t *testing.T) {
	j, pool, _ := fresh(t)
	for _, expect := range []journal.Head{{}, {Version: 1, Rev: 1}} {
		b := batch("T-1", expect, "x")
		b.Key = "k" + string(rune('0'+expect.Version))
		tx := begin(t, pool, pgx.ReadCommitted)
		first, err := j.In(tx).Append(t.Context(), b)
		require.NoError(t, err)
		second := make(chan journal.Head, 1)
		go func() {
			h, err := j.Append(t.Context(), b)
			assert.NoError(t, err)
			second <- h
		}()
		require.Eventually(t, func() bool {
			var waits bool
			err := pool.QueryRow(t.Context(), "select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid)))", tx.Conn().PgConn().PID()).Scan(&waits)
			return err == nil && waits
		}, time.Minute, time.Millisecond)
		require.NoError(t, tx.Commit(t.Context()))
		assert.Equal(t, first, <-second)
	}
}

// An error of the host's own constraint is not taken for a lost race of the journal's.
func TestOtherErrorsStayWhatTheyAre(t *testing.T) {
	j, pool, _ := fresh(t)
	h := add(t, j, "T-1", journal.Head{}, "opened")
	holder := begin(t, pool, pgx.ReadCommitted)
	add(t, j.In(holder), "T-1", h, "x")
	tx := begin(t, pool, pgx.ReadCommitted)
	_, err := tx.Exec(t.Context(), "set local lock_timeout = '10ms'")
	require.NoError(t, err)
	_, err = j.In(tx).Append(t.Context(), batch("T-1", h, "y"))
	var refused *pgconn.PgError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "55P03", refused.Code)
	assert.NotErrorIs(t, err, journal.ErrConflict)
	assert.ErrorContains(t, err, `"T-1"`)
}

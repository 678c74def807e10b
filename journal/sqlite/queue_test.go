package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/servicecharter/charter/journal"
)

var late = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// lock takes the write lock of a database on a connection of its own, and gives the way to let it go.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	tx, err := hold(t, DSN(path)).Begin()
	require.NoError(t, err)
	return func() { assert.NoError(t, tx.Rollback()) }
}

// commits counts the transactions that j commits from now on.
func commits(t *testing.T, j *Journal) *atomic.Int64 {
	t.Helper()
	conn, err := j.write.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	n := new(atomic.Int64)
	require.NoError(t, conn.Raw(func(c any) error {
		c.(sqlite.HookRegisterer).RegisterCommitHook(func() int32 { n.Add(1); return 0 })
		return nil
	}))
	return n
}

// waits lets n writes gather in the queue of j.
func waits(t *testing.T, j *Journal, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		j.queue.mu.Lock()
		defer j.queue.mu.Unlock()
		return len(j.queue.waiting) == n
	}, time.Minute, time.Millisecond)
}

func TestWaitingAppendsShareOneCommit(t *testing.T) {
	path := file(t)
	j := must(t, path)
	first, err := j.Append(t.Context(), batch("old", "x"))
	require.NoError(t, err)
	n := commits(t, j)

	unlock := lock(t, path)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			head, err := j.Append(t.Context(), batch(fmt.Sprintf("T-%d", i), "x"))
			assert.NoError(t, err)
			assert.Equal(t, journal.Head{Version: 1, Rev: 1}, head)
		})
	}
	wg.Go(func() {
		_, err := j.Append(t.Context(), batch("old", "a conflict is its caller's alone"))
		var conflict *journal.ConflictError
		if assert.ErrorAs(t, err, &conflict) {
			assert.Equal(t, first, conflict.Actual)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		_, err := j.Append(ctx, batch("cancelled", "x"))
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorContains(t, err, "cancelled")
	})
	waits(t, j, 22)
	cancel()
	waits(t, j, 21)
	unlock()
	wg.Wait()
	assert.EqualValues(t, 1, n.Load())
	_, _, err = j.Read(t.Context(), "cancelled", 0)
	assert.ErrorIs(t, err, journal.ErrUnknownCase)
}

// Whoever leads may be cancelled while it waits for the lock; the others go on.
func TestCancelledLeaderLeavesTheGroup(t *testing.T) {
	path := file(t)
	j := must(t, path)
	unlock := lock(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := j.Append(ctx, batch("leader", "x"))
		assert.ErrorIs(t, err, context.Canceled)
	})
	waits(t, j, 1)
	require.Eventually(t, func() bool { return len(j.queue.lead) == 1 }, time.Minute, time.Millisecond)
	wg.Go(func() {
		_, err := j.Append(t.Context(), batch("follower", "x"))
		assert.NoError(t, err)
	})
	waits(t, j, 2)
	cancel()
	waits(t, j, 1)
	unlock()
	wg.Wait()
	_, _, err := j.Read(t.Context(), "leader", 0)
	assert.ErrorIs(t, err, journal.ErrUnknownCase)
	_, _, err = j.Read(t.Context(), "follower", 0)
	assert.NoError(t, err)
}

func TestALockThatIsKeptIsNoConflict(t *testing.T) {
	path := file(t)
	j := must(t, path)
	j.patience = 30 * time.Millisecond
	unlock := lock(t, path)
	_, err := j.Append(t.Context(), batch("T-1", "x"))
	assert.ErrorIs(t, err, ErrBusy)
	assert.NotErrorIs(t, err, journal.ErrConflict)
	assert.ErrorContains(t, err, "T-1")
	assert.NotContains(t, err.Error(), "locked")

	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	j.patience = Patience
	_, err = j.Append(soon, batch("T-1", "x"))
	assert.ErrorIs(t, err, context.DeadlineExceeded)

	unlock()
	_, err = j.Append(t.Context(), batch("T-1", "x"))
	assert.NoError(t, err)
}

// A write that the database refuses is not allowed to take the rest of its group with it.
func TestTroubleOfOneIsNotTheGroups(t *testing.T) {
	path := file(t)
	j := must(t, path)
	db := hold(t, DSN(path))
	_, err := db.Exec(`CREATE TRIGGER no BEFORE INSERT ON charter_record WHEN NEW.data = x'00' BEGIN SELECT RAISE(ABORT, 'not that one'); END`)
	require.NoError(t, err)

	unlock := lock(t, path)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			_, err := j.Append(t.Context(), batch(fmt.Sprintf("T-%d", i), "x"))
			assert.NoError(t, err)
		})
	}
	wg.Go(func() {
		_, err := j.Append(t.Context(), batch("bad", "\x00"))
		assert.ErrorContains(t, err, `case "bad"`)
		assert.ErrorContains(t, err, "not that one")
	})
	waits(t, j, 6)
	unlock()
	wg.Wait()
	for i := range 5 {
		_, records, err := j.Read(t.Context(), fmt.Sprintf("T-%d", i), 0)
		assert.NoError(t, err)
		assert.Len(t, records, 1)
	}
	_, _, err = j.Read(t.Context(), "bad", 0)
	assert.ErrorIs(t, err, journal.ErrUnknownCase, "half of it may not stay")
}

// The database may not grow: what was acknowledged stays, what was not says why, and after more room was made it goes on.
func TestFullDisk(t *testing.T) {
	path := file(t)
	j := must(t, path)
	limit := func(pages int) {
		_, err := j.write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		require.NoError(t, err)
	}
	limit(100)
	data := string(make([]byte, 5000))
	var kept []string
	var full error
	for i := 0; full == nil && i < 1000; i++ {
		name := fmt.Sprintf("T-%d", i)
		if _, full = j.Append(t.Context(), batch(name, data)); full == nil {
			kept = append(kept, name)
		}
	}
	require.Error(t, full)
	var driver *sqlite.Error
	require.ErrorAs(t, full, &driver)
	assert.Equal(t, lib.SQLITE_FULL, driver.Code())
	assert.ErrorContains(t, full, fmt.Sprintf(`"T-%d"`, len(kept)))
	require.NotEmpty(t, kept)

	check := func() {
		for _, name := range kept {
			_, records, err := j.Read(t.Context(), name, 0)
			require.NoError(t, err)
			require.Len(t, records, 1)
			assert.Equal(t, data, string(records[0].Data))
		}
	}
	check()
	limit(1 << 20)
	_, err := j.Append(t.Context(), batch("more", data))
	assert.NoError(t, err)
	check()
	sound(t, path)
}

func TestReadOnlyDatabase(t *testing.T) {
	path := file(t)
	j := must(t, path)
	_, err := j.Append(t.Context(), batch("T-1", "kept"))
	require.NoError(t, err)
	_, err = j.write.ExecContext(t.Context(), "PRAGMA query_only = 1")
	require.NoError(t, err)
	_, err = j.Append(t.Context(), batch("T-2", "x"))
	var driver *sqlite.Error
	require.ErrorAs(t, err, &driver)
	assert.Equal(t, lib.SQLITE_READONLY, driver.Code()&0xff)
	assert.ErrorContains(t, err, "T-2")
	_, _, err = j.Read(t.Context(), "T-1", 0)
	assert.NoError(t, err)
}

// sound has SQLite look through the whole file.
func sound(t *testing.T, path string) {
	t.Helper()
	db := hold(t, DSN(path))
	var problems string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&problems))
	assert.Equal(t, "ok", problems)
	rows, err := db.Query("PRAGMA foreign_key_check")
	require.NoError(t, err)
	assert.False(t, rows.Next())
	assert.NoError(t, rows.Err())
	assert.NoError(t, rows.Close())
}

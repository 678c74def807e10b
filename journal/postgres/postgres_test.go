package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

func TestMain(m *testing.M) {
	if schema := os.Getenv(childSchema); schema != "" {
		os.Exit(child(schema))
	}
	os.Exit(m.Run())
}

func server() string {
	if s := os.Getenv("CHARTER_POSTGRES"); s != "" {
		return s
	}
	return "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"
}

var schemas atomic.Int64

// connect gives a pool, and the name of a schema that nobody else uses and that is dropped after the test. Without a server the test is
// skipped, but not in CI.
func connect(t testing.TB, settings ...string) (*pgxpool.Pool, string) {
	t.Helper()
	ctx := t.Context()
	config, err := pgxpool.ParseConfig(server())
	require.NoError(t, err)
	config.MaxConns = 16
	for i := 0; i+1 < len(settings); i += 2 {
		config.ConnConfig.RuntimeParams[settings[i]] = settings[i+1]
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	if err := pool.Ping(ctx); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no PostgreSQL, and in CI there must be one: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	schema := fmt.Sprintf("charter_test_%d_%d", os.Getpid(), schemas.Add(1))
	t.Cleanup(func() {
		_, err := pool.Exec(context.WithoutCancel(ctx), "begin read write; drop schema if exists "+schema+" cascade; commit")
		assert.NoError(t, err)
	})
	return pool, schema
}

// fresh gives a journal without cases.
func fresh(t testing.TB) (*postgres.Journal, *pgxpool.Pool, string) {
	t.Helper()
	pool, schema := connect(t)
	require.NoError(t, postgres.Migrate(t.Context(), pool, schema))
	return open(t, pool, schema), pool, schema
}

// open is patient: a transaction of any other test on the same server may hold a scan back.
func open(t testing.TB, pool *pgxpool.Pool, schema string) *postgres.Journal {
	t.Helper()
	j, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema, Settle: time.Minute})
	require.NoError(t, err)
	return j
}

func batch(caseID string, expect journal.Head, records ...string) journal.Batch {
	b := journal.Batch{Case: caseID, Expect: expect}
	for _, r := range records {
		b.Records = append(b.Records, []byte(r))
	}
	return b
}

func add(t testing.TB, j journal.Journal, caseID string, expect journal.Head, records ...string) journal.Head {
	t.Helper()
	h, err := j.Append(context.WithoutCancel(t.Context()), batch(caseID, expect, records...))
	require.NoError(t, err)
	return h
}

// scan gives what follows a position as "case/seq=data" and where it ends.
func scan(t testing.TB, j journal.Journal, after journal.Position) ([]string, journal.Position) {
	t.Helper()
	var got []string
	for r, err := range j.Scan(t.Context(), after) {
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%s/%d=%s", r.Case, r.Seq, r.Data))
		after = r.Pos
	}
	return got, after
}

func scanError(t testing.TB, j journal.Journal, after journal.Position) error {
	t.Helper()
	for _, err := range j.Scan(t.Context(), after) {
		return err
	}
	return nil
}

func run(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	_, err := pool.Exec(context.WithoutCancel(t.Context()), sql, args...)
	require.NoError(t, err)
}

func begin(t testing.TB, pool *pgxpool.Pool, level pgx.TxIsoLevel) pgx.Tx {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: level})
	require.NoError(t, err)
	t.Cleanup(func() { _ = tx.Rollback(ctx) })
	return tx
}

func TestInstantsKeepTheirNanoseconds(t *testing.T) {
	j, _, _ := fresh(t)
	for i, next := range []time.Time{
		time.Unix(0, 0),
		time.Unix(0, 1),
		time.Date(1678, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.FixedZone("", 8*3600)),
		time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC),
	} {
		b := batch(fmt.Sprint("T-", i), journal.Head{}, "opened")
		b.Next = next
		h, err := j.Append(t.Context(), b)
		require.NoError(t, err)
		assert.Equal(t, next.UTC(), h.Next)
		h, _, err = j.Read(t.Context(), b.Case, 0)
		require.NoError(t, err)
		assert.Equal(t, next.UTC(), h.Next)
	}
	var due []string
	for i, err := range j.Due(t.Context(), time.Unix(1<<40, 0)) {
		require.NoError(t, err)
		due = append(due, i.Case)
	}
	assert.Equal(t, []string{"T-2", "T-0", "T-1", "T-3", "T-4"}, due)
	for range j.Due(t.Context(), time.Time{}) {
		t.Fatal("nothing is due before the first instant that can be stored")
	}
}

func TestRecordsAreNeverNull(t *testing.T) {
	j, _, _ := fresh(t)
	_, err := j.Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{nil, {}, {0}}})
	require.NoError(t, err)
	_, records, err := j.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	require.Len(t, records, 3)
	assert.Empty(t, records[0].Data)
	assert.Equal(t, []byte{0}, records[2].Data)
	got, _ := scan(t, j, "")
	assert.Len(t, got, 3)
}

// More than a page, by rows and by bytes, in one turn.
func TestScanTurnsPagesWithinATurn(t *testing.T) {
	j, pool, _ := fresh(t)
	tx := begin(t, pool, pgx.ReadCommitted)
	large := strings.Repeat("x", 1<<20)
	h := add(t, j.In(tx), "A", journal.Head{}, large, large, large, large, large, large)
	for range 2 {
		h = add(t, j.In(tx), "A", h, make([]string, 700)...)
	}
	require.NoError(t, tx.Commit(t.Context()))
	var seq uint64
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		seq++
		require.Equal(t, seq, r.Seq)
	}
	assert.Equal(t, h.Version, seq)
}

// The loop's body may use the journal although the pool has a single connection.
func TestLoopsHoldNoConnection(t *testing.T) {
	_, first, schema := fresh(t)
	config := first.Config()
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer pool.Close()
	j := open(t, pool, schema)
	for i := range 600 {
		b := batch(fmt.Sprintf("T-%03d", i), journal.Head{}, "opened")
		b.Next = time.Unix(int64(i), 0)
		_, err := j.Append(t.Context(), b)
		require.NoError(t, err)
	}
	count := 0
	for i, err := range j.Due(t.Context(), time.Unix(1000, 0)) {
		require.NoError(t, err)
		h, _, err := j.Read(t.Context(), i.Case, 0)
		require.NoError(t, err)
		_, err = j.Append(t.Context(), batch(i.Case, h, "reminded"))
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 600, count)
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		_, _, err = j.Read(t.Context(), r.Case, 0)
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 1800, count)
}

func TestEveryErrorNamesTheCase(t *testing.T) {
	j, _, schema := fresh(t)
	pool, err := pgxpool.New(t.Context(), server())
	require.NoError(t, err)
	dead := open(t, pool, schema)
	pool.Close()
	_, err = dead.Append(t.Context(), batch("T-17", journal.Head{}, "x"))
	assert.ErrorContains(t, err, `"T-17"`)
	_, _, err = dead.Read(t.Context(), "T-17", 0)
	assert.ErrorContains(t, err, `"T-17"`)
	_, err = dead.Erase(t.Context(), "T-17", journal.Head{}, nil)
	assert.ErrorContains(t, err, `"T-17"`)
	assert.Error(t, scanError(t, dead, ""))
	for _, err := range dead.Due(t.Context(), time.Unix(1, 0)) {
		assert.Error(t, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = j.Append(ctx, batch("T-17", journal.Head{}, "x"))
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, `"T-17"`)
	_, _, err = j.Read(t.Context(), "T-17", 0)
	assert.ErrorIs(t, err, journal.ErrUnknownCase)
}

// A version that no int64 holds is one that no case has.
func TestHugeVersions(t *testing.T) {
	j, _, _ := fresh(t)
	h := add(t, j, "T-1", journal.Head{}, "a")
	for _, expect := range []journal.Head{{Version: 1<<64 - 1, Rev: 1}, {Version: 1, Rev: 1 << 63}, {Version: 1<<64 - 1, Rev: 1<<64 - 1}} {
		_, err := j.Append(t.Context(), batch("T-1", expect, "b"))
		var conflict *journal.ConflictError
		require.ErrorAs(t, err, &conflict)
		assert.Equal(t, h, conflict.Actual)
	}
	_, records, err := j.Read(t.Context(), "T-1", 1<<64-1)
	require.NoError(t, err)
	assert.Empty(t, records)
}

func isUnknown(err error) bool { return errors.Is(err, journal.ErrUnknownCase) }

func isConflict(err error) bool { return errors.Is(err, journal.ErrConflict) }

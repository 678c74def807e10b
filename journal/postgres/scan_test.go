package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
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

// A reader that went by serial numbers would yield B first and never see A.
func TestLateCommitIsNotSkipped(t *testing.T) {
	_, pool, schema := fresh(t)
	j, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema, Settle: -1})
	require.NoError(t, err)
	add(t, j, "Z", journal.Head{}, "before")
	_, pos := scan(t, open(t, pool, schema), "")

	late := begin(t, pool, pgx.ReadCommitted)
	add(t, j.In(late), "A", journal.Head{}, "late")
	add(t, j, "B", journal.Head{}, "early")
	got, pos := scan(t, j, pos)
	assert.Empty(t, got, "B has to wait: A may yet commit")

	require.NoError(t, late.Commit(t.Context()))
	got, pos = scan(t, open(t, pool, schema), pos)
	assert.Equal(t, []string{"A/1=late", "B/1=early"}, got)
	got, _ = scan(t, j, pos)
	assert.Empty(t, got)
}

// afterQueries does something when so many queries of a pool have ended.
type afterQueries struct {
	n  atomic.Int32
	do func()
}

func (a *afterQueries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (a *afterQueries) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {
	if a.n.Add(-1) == 0 {
		a.do()
	}
}

// A scan waits for those that are in its way, but not for ever.
func TestScanWaitsForOlderTransactions(t *testing.T) {
	j, pool, schema := fresh(t)
	late := begin(t, pool, pgx.ReadCommitted)
	add(t, j.In(late), "A", journal.Head{}, "late")
	add(t, j, "B", journal.Head{}, "early")

	var looks afterQueries
	config := pool.Config()
	config.ConnConfig.Tracer = &looks
	traced, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer traced.Close()
	patient, err := postgres.Open(t.Context(), traced, postgres.Options{Schema: schema, Settle: time.Hour})
	require.NoError(t, err)

	// It has looked three times and found the other one in its way when it is called off, and then when the other one commits.
	ctx, cancel := context.WithCancel(t.Context())
	looks.do = cancel
	looks.n.Store(3)
	yields := 0
	for _, err := range patient.Scan(ctx, "") {
		require.ErrorIs(t, err, context.Canceled)
		yields++
	}
	require.Equal(t, 1, yields)
	looks.do = func() { assert.NoError(t, late.Commit(context.Background())) }
	looks.n.Store(3)
	got, _ := scan(t, patient, "")
	assert.Equal(t, []string{"A/1=late", "B/1=early"}, got)
}

// The host has written something else first, so that the transaction which appends second has the lower id.
func TestOrderWithinACaseSurvivesALowerTransactionID(t *testing.T) {
	j, pool, _ := fresh(t)
	h := add(t, j, "A", journal.Head{}, "1")
	old := begin(t, pool, pgx.ReadCommitted)
	_, err := old.Exec(t.Context(), "select pg_current_xact_id()")
	require.NoError(t, err)

	h = add(t, j, "A", h, "2", "3")
	h = add(t, j.In(old), "A", h, "4")
	add(t, j.In(old), "B", journal.Head{}, "1")
	h = add(t, j.In(old), "A", h, "5")
	require.NoError(t, old.Commit(t.Context()))
	add(t, j, "A", h, "6")

	got, _ := scan(t, j, "")
	assert.Equal(t, []string{"A/1=1", "B/1=1", "A/2=2", "A/3=3", "A/4=4", "A/5=5", "A/6=6"}, got)
}

// Eight writers in transactions of random length, some of them with an id from long before their first append, some rolled back, while
// two readers follow. Each reader sees every record once and those of a case in order.
func TestReadersFollowEightWriters(t *testing.T) {
	const writers, rounds, cases = 8, 60, 5
	j, pool, schema := fresh(t)
	follower, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema, Settle: -1})
	require.NoError(t, err)

	done := make(chan struct{})
	var readers sync.WaitGroup
	follow := func() map[string]uint64 {
		seen := map[string]uint64{}
		var pos journal.Position
		last := false
		for {
			from := follower
			if last {
				from = j
			}
			for r, err := range from.Scan(t.Context(), pos) {
				if !assert.NoError(t, err) || !assert.Equal(t, seen[r.Case]+1, r.Seq, r.Case) {
					return seen
				}
				seen[r.Case] = r.Seq
				pos = r.Pos
			}
			if last {
				return seen
			}
			select {
			case <-done:
				last = true
			default:
			}
		}
	}
	seen := make([]map[string]uint64, 2)
	for i := range seen {
		readers.Go(func() { seen[i] = follow() })
	}

	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(w)))
			for range rounds {
				assert.NoError(t, write(t.Context(), j, pool.Begin, random, cases))
			}
		})
	}
	group.Wait()
	close(done)
	readers.Wait()

	want := map[string]uint64{}
	total := uint64(0)
	for i := range cases {
		id := fmt.Sprint("T-", i)
		h, _, err := j.Read(t.Context(), id, 0)
		require.NoError(t, err)
		want[id] = h.Version
		total += h.Version
	}
	assert.Equal(t, want, seen[0])
	assert.Equal(t, want, seen[1])
	t.Logf("%d records", total)
}

// write appends to one or two cases in a transaction of its own. Losing a race is no error.
func write(ctx context.Context, j *postgres.Journal, begin func(context.Context) (pgx.Tx, error), random *rand.Rand, cases int) error {
	tx, err := begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if random.IntN(2) == 0 {
		if _, err := tx.Exec(ctx, "select pg_current_xact_id()"); err != nil {
			return err
		}
		time.Sleep(time.Duration(random.IntN(4)) * time.Millisecond)
	}
	in := j.In(tx)
	first := random.IntN(cases)
	for id := first; id < min(first+2, cases); id++ {
		name := fmt.Sprint("T-", id)
		h, _, err := in.Read(ctx, name, 1<<62)
		if err != nil && !isUnknown(err) {
			return err
		}
		_, err = in.Append(ctx, batch(name, h, "a", "b"))
		if isConflict(err) {
			continue
		}
		if err != nil {
			return err
		}
		time.Sleep(time.Duration(random.IntN(3)) * time.Millisecond)
	}
	if random.IntN(8) == 0 {
		return nil
	}
	return tx.Commit(ctx)
}

// The position of an erased record holds: nothing is scanned twice.
func TestPositionOfAnErasedRecord(t *testing.T) {
	j, _, _ := fresh(t)
	h := add(t, j, "A", journal.Head{}, "1", "2")
	_, pos := scan(t, j, "")
	_, err := j.Erase(t.Context(), "A", h, []byte("gone"))
	require.NoError(t, err)
	got, _ := scan(t, j, pos)
	assert.Equal(t, []string{"A/3=gone"}, got)
}

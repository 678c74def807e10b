package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// The server ends sessions in the midst of appends. Whoever repeats an append with its key has it recorded once, whether or not the first
// attempt was kept.
func TestRepeatAfterABrokenConnection(t *testing.T) {
	const writers, appends = 4, 60
	_, pool, schema := fresh(t)
	config, err := pgxpool.ParseConfig(server())
	require.NoError(t, err)
	config.ConnConfig.RuntimeParams["application_name"] = schema
	frail, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer frail.Close()
	j := open(t, frail, schema)

	var broken [writers]int
	var group, breaker sync.WaitGroup
	done := make(chan struct{})
	breaker.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				run(t, pool, "select pg_terminate_backend(pid), pg_sleep(0.003) from pg_stat_activity where application_name = $1", schema)
			}
		}
	})
	for w := range writers {
		group.Go(func() {
			id := fmt.Sprint("T-", w)
			var h journal.Head
			for n := range appends {
				b := batch(id, h, fmt.Sprint(n))
				b.Key = fmt.Sprint(n)
				next, err := j.Append(t.Context(), b)
				for err != nil {
					assert.NotErrorIs(t, err, journal.ErrConflict)
					assert.ErrorContains(t, err, id)
					broken[w]++
					next, err = j.Append(t.Context(), b)
				}
				h = next
			}
		})
	}
	group.Wait()
	close(done)
	breaker.Wait()

	j = open(t, pool, schema)
	all := 0
	for w := range writers {
		_, records, err := j.Read(t.Context(), fmt.Sprint("T-", w), 0)
		require.NoError(t, err)
		require.Len(t, records, appends)
		for n, r := range records {
			require.Equal(t, fmt.Sprint(n), string(r.Data))
		}
		all += broken[w]
	}
	assert.NotZero(t, all, "no append was broken")
	t.Logf("%d of %d appends broken", all, writers*appends)
}

// A standby, or a server that was set read-only because its disk is full.
func TestServerRefusesToWrite(t *testing.T) {
	_, _, schema := fresh(t)
	pool, _ := connect(t, "default_transaction_read_only", "on")
	j := open(t, pool, schema)
	_, err := j.Append(t.Context(), batch("T-1", journal.Head{}, "x"))
	require.Error(t, err)
	assert.ErrorContains(t, err, `case "T-1"`)
	assert.ErrorContains(t, err, "read-only")
	assert.False(t, errors.Is(err, journal.ErrConflict))
	got, _ := scan(t, j, "")
	assert.Empty(t, got)
}

package seal

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/journaltest"
	"github.com/servicecharter/charter/journal/postgres"
)

// database is a schema of a test's own in the server of CHARTER_POSTGRES, or in this machine's.
type database struct {
	testing.TB
	pool   *pgxpool.Pool
	schema string
}

var schemas atomic.Int64

// newDatabase gives a schema that is dropped after the test. Without a server the test is skipped, but not in CI.
func newDatabase(t testing.TB) *database {
	t.Helper()
	address := os.Getenv("CHARTER_POSTGRES")
	if address == "" {
		address = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"
	}
	pool, err := pgxpool.New(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	if err := pool.Ping(t.Context()); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no PostgreSQL, and in CI there must be one: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	d := &database{t, pool, fmt.Sprintf("charter_seal_%d_%d", os.Getpid(), schemas.Add(1))}
	require.NoError(t, postgres.Migrate(t.Context(), pool, d.schema))
	t.Cleanup(func() {
		_, err := pool.Exec(context.WithoutCancel(t.Context()), "drop schema "+d.schema+" cascade")
		assert.NoError(t, err)
	})
	return d
}

func (d *database) journal(settle time.Duration) *postgres.Journal {
	d.Helper()
	j, err := postgres.Open(d.Context(), d.pool, postgres.Options{Schema: d.schema, Settle: settle})
	require.NoError(d, err)
	return j
}

// run executes a statement in which $$ stands for the schema, and gives how many rows it changed.
func (d *database) run(sql string, args ...any) int64 {
	d.Helper()
	tag, err := d.pool.Exec(context.WithoutCancel(d.Context()), strings.ReplaceAll(sql, "$$", d.schema), args...)
	require.NoError(d, err)
	return tag.RowsAffected()
}

var tables = []string{"head", "record", "idempotency", "epoch", "migration"}

// saved keeps a copy of the tables and gives what puts it in their place.
func (d *database) saved(name string) (back func()) {
	for _, table := range tables {
		d.run("create table $$." + name + table + " as table $$." + table)
	}
	return func() {
		for _, table := range tables {
			d.run("truncate $$." + table)
			d.run("insert into $$." + table + " overriding system value table $$." + name + table)
		}
	}
}

func TestJournalOverPostgres(t *testing.T) {
	sites := map[journal.Journal]*database{}
	open := func(d *database) journal.Journal {
		j := New(d.journal(20*time.Millisecond), Options{})
		sites[j] = d
		return j
	}
	journaltest.Run(t, journaltest.Store{
		Open: func(t testing.TB) journal.Journal { return open(newDatabase(t)) },
		Reopen: func(_ testing.TB, j journal.Journal) journal.Journal {
			sites[j].pool.Reset()
			return open(sites[j])
		},
		Backup: func(t testing.TB, j journal.Journal) func() journal.Journal {
			back := sites[j].saved("saved_")
			return func() journal.Journal {
				back()
				require.NoError(t, postgres.NewEpoch(t.Context(), sites[j].pool, sites[j].schema))
				return open(sites[j])
			}
		},
		InTx: func(t testing.TB, j journal.Journal, commit bool, work func(journal.Journal)) {
			ctx := context.WithoutCancel(t.Context())
			tx, err := sites[j].pool.BeginTx(ctx, pgx.TxOptions{})
			require.NoError(t, err)
			defer func() { _ = tx.Rollback(ctx) }()
			sealed := j.(*Journal)
			work(sealed.With(sealed.inner.(*postgres.Journal).In(tx)))
			if commit {
				require.NoError(t, tx.Commit(ctx))
			}
		},
	})
}

// Somebody with the database's password flips bits, exchanges rows, deletes them, cuts off a tail with its head, drops a case, and puts back older tables.
// Each time the right entry is named, and when all is as it was, nothing is.
func TestRowsOfPostgresThatWereChanged(t *testing.T) {
	d := newDatabase(t)
	h := newHouse(t, d.journal(time.Minute))
	for i := range 10 {
		h.entries(fmt.Sprint("T-", i), 5)
	}
	h.checkpoint()
	older := d.saved("older_")
	h.add("T-3", entry(t, 6, "somebody"))
	held := h.checkpoint()
	h.sound(held)
	whole := d.saved("whole_")

	for i := range 60 {
		at := place{fmt.Sprint("T-", i%10), uint64(1 + i%5)}
		good := h.store.stored(t, at.id, at.seq)
		bad := bytes.Clone(good)
		bad[i*7%len(bad)] ^= 1 << (i % 8)
		const update = "update $$.record set data = $1 where case_id = $2 and seq = $3"
		require.Equal(t, int64(1), d.run(update, bad, at.id, at.seq))
		h.named(Fault{Case: at.id, Seq: at.seq, Err: ErrDamaged}, held)
		_, _, err := h.Read(t.Context(), at.id, 0)
		require.Equal(t, fault(at.id, at.seq, ErrDamaged), err)
		d.run(update, good, at.id, at.seq)
	}
	h.sound(held)

	for name, c := range map[string]struct {
		sql  []string
		want Fault
	}{
		"two rows of a case": {
			[]string{"update $$.record r set data = o.data from $$.record o where r.case_id = 'T-4' and o.case_id = 'T-4' and (r.seq, o.seq) in ((2, 4), (4, 2))"},
			Fault{Case: "T-4", Seq: 2, Err: ErrDamaged},
		},
		"their numbers": {
			[]string{
				"update $$.record set seq = 100 where case_id = 'T-4' and seq = 2", "update $$.record set seq = 2 where case_id = 'T-4' and seq = 4",
				"update $$.record set seq = 4 where case_id = 'T-4' and seq = 100",
			},
			Fault{Case: "T-4", Seq: 2, Err: ErrMissing}, // in the order of the table, the fourth comes before the second
		},
		"rows of two cases": {
			[]string{"update $$.record r set data = o.data from $$.record o where r.seq = 3 and o.seq = 3 and (r.case_id, o.case_id) in (('T-5', 'T-6'), ('T-6', 'T-5'))"},
			Fault{Case: "T-5", Seq: 3, Err: ErrDamaged},
		},
		"a deleted row": {[]string{"delete from $$.record where case_id = 'T-7' and seq = 3"}, Fault{Case: "T-7", Seq: 3, Err: ErrMissing}},
		"the last row":  {[]string{"delete from $$.record where case_id = 'T-7' and seq = 5"}, Fault{Case: "T-7", Seq: 5, Err: ErrMissing}},
		"the last row and its head": {
			[]string{"delete from $$.record where case_id = 'T-7' and seq = 5", "update $$.head set version = 4, rev = 4 where case_id = 'T-7'"},
			Fault{Case: "T-7", Seq: 5, Err: ErrMissing},
		},
		"a case": {
			[]string{"delete from $$.record where case_id = 'T-8'", "delete from $$.head where case_id = 'T-8'"},
			Fault{Case: "T-8", Seq: 1, Err: ErrMissing},
		},
	} {
		for _, sql := range c.sql {
			require.Positive(t, d.run(sql), name)
		}
		t.Log(name)
		h.named(c.want, held)
		whole()
		h.sound(held)
	}

	older()
	h.named(Fault{Case: "T-3", Seq: 6, Err: ErrMissing}, held)
	_, err := h.Journal.Checkpoint(t.Context(), h.signer)
	require.ErrorIs(t, err, ErrTampered, "no checkpoint is built on an older database")
}

// Nothing of a person is in what a dump or a copy of the tables yields, before shredding or after.
func TestNoPlaintextInPostgres(t *testing.T) {
	const name = "Wang Xiaoming"
	d, control := newDatabase(t), newDatabase(t)
	h := newHouse(t, d.journal(time.Minute))
	for i := range 20 {
		h.add(fmt.Sprint("T-", i), entry(t, 1, name), entry(t, 2, "Bob"))
	}
	held := h.checkpoint()
	_, err := control.journal(time.Minute).Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{entry(t, 1, name)}})
	require.NoError(t, err)
	require.True(t, shows(control.contents(), name), "what this looks for is found where nothing is sealed")

	require.False(t, shows(d.contents(), name))
	_, err = h.Shred(t.Context(), name)
	require.NoError(t, err)
	require.False(t, shows(d.contents(), name))
	h.sound(held)
	require.Nil(t, h.decoded("T-1")[0].Personal)
	require.True(t, h.decoded("T-1")[1].Personal.Has("name", "Bob"))
}

// shows tells whether a text is in what was dumped, as it is or in the digits in which PostgreSQL writes bytes.
func shows(dump []byte, text string) bool {
	return bytes.Contains(dump, []byte(text)) || bytes.Contains(dump, []byte(hex.EncodeToString([]byte(text))))
}

// contents gives all tables by COPY, as text and as bytes, and what pg_dump makes of the schema.
func (d *database) contents() []byte {
	d.Helper()
	var all bytes.Buffer
	c, err := d.pool.Acquire(d.Context())
	require.NoError(d, err)
	defer c.Release()
	for _, table := range tables {
		for _, format := range []string{"text", "binary"} {
			_, err := c.Conn().PgConn().CopyTo(d.Context(), &all, fmt.Sprintf("copy %s.%s to stdout (format %s)", d.schema, table, format))
			require.NoError(d, err)
		}
	}
	if path, err := exec.LookPath("pg_dump"); err == nil {
		dump, err := exec.CommandContext(d.Context(), path, "--schema", d.schema, d.pool.Config().ConnString()).Output()
		require.NoError(d, err)
		require.Contains(d, string(dump), d.schema+".record")
		all.Write(dump)
	} else if os.Getenv("CI") == "true" {
		d.Fatalf("no pg_dump, and in CI there must be one: %v", err)
	}
	return all.Bytes()
}

package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter/journal"
)

// Options of a journal. The zero value is ready to use.
type Options struct {
	// Schema holds the tables. Any name that PostgreSQL allows; empty: "charter".
	Schema string

	// Settle is how long a scan waits for older transactions that are still running before it ends without what stands behind
	// them. Zero: one second. Negative: not at all.
	Settle time.Duration
}

func (o Options) schema() string {
	if o.Schema == "" {
		return "charter"
	}
	return o.Schema
}

// Journal is a [journal.Journal] over PostgreSQL. It is safe for use by any number of goroutines, and any number of processes may open the same
// tables. It holds nothing that needs to be closed; the pool is the host's.
//
// An append is one statement and one round trip; a conflict costs another one to find the actual head. A scan and a walk over what is due read pages and
// hold no connection while the loop's body runs, so that the body may use the journal even if the pool has one connection only.
type Journal struct {
	db     querier
	sql    statements
	settle time.Duration
}

var _ journal.Journal = (*Journal)(nil)

// querier is what pools, connections and transactions have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Open gives the journal in a schema that [Migrate] has made. It changes nothing. The errors to test for are [ErrSchema], [ErrRestored] and
// [ErrUnsafe].
func Open(ctx context.Context, pool *pgxpool.Pool, o Options) (*Journal, error) {
	have, err := version(ctx, pool, o.schema())
	if err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	if have != len(migrations) {
		return nil, &SchemaError{Schema: o.schema(), Have: have, Need: len(migrations)}
	}
	if err := safe(ctx, pool); err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	j := &Journal{db: pool, sql: prepare(o.schema()), settle: o.Settle}
	if j.settle == 0 {
		j.settle = time.Second
	}
	if _, err := j.present(ctx, place{}); err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	return j, nil
}

// In gives the same journal inside a transaction of the host, for as long as that lasts. What is appended becomes visible when the transaction
// commits; Read and Due see it at once, but Scan yields committed records only and does not wait for others to settle. Like the transaction, the result is not
// for concurrent use.
//
// At the isolation levels above read committed, Scan sees the journal as it was when the transaction began, and refuses a
// position that was given since.
func (j *Journal) In(tx pgx.Tx) journal.Journal {
	return &Journal{db: tx, sql: j.sql, settle: -1}
}

func safe(ctx context.Context, db querier) error {
	var commit, encoding string
	err := db.QueryRow(ctx, "select current_setting('synchronous_commit'), current_setting('server_encoding')").Scan(&commit, &encoding)
	switch {
	case err != nil:
		return err
	case commit == "off":
		return fmt.Errorf("%w: synchronous_commit is off", ErrUnsafe)
	case encoding != "UTF8":
		return fmt.Errorf("%w: server_encoding is %s", ErrUnsafe, encoding)
	}
	return nil
}

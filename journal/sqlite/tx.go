package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"math"
	"time"

	"github.com/servicecharter/charter/journal"
)

// sqlLock takes the write lock and changes nothing. A transaction that reads first and then wants to write is refused at once, without
// any waiting, when another one writes meanwhile.
const sqlLock = `UPDATE charter_meta SET epoch = epoch WHERE id = 0`

// In gives the journal as it is inside a transaction of the host, so that the host's rows and the history are committed together or
// not at all. It is good until the transaction ends, and for one goroutine at a time.
//
// The transaction belongs to a database that holds the journal's tables: j's file, or any other one that [Migrate] was called for. How durable the commit
// is, and how long it waits for other writers, is for the host's connection to say: open it with [DSN]. If the host commits, positions
// and heads that were read are those of the journal; if it rolls back, none of it ever was, positions included.
//
// While the host's transaction has written, j itself waits for it: whoever calls j.Append before the transaction ends, in the same goroutine, gets [ErrBusy].
//
// A transaction that was begun DEFERRED and has read cannot write any more once another one has committed. That too is a *[journal.ConflictError], whose
// Actual is what the transaction sees; only a new transaction can go on. Any other error leaves the host's transaction to be rolled back by
// the host, with one exception: a batch that is refused has changed nothing, and the transaction may go on.
func (j *Journal) In(tx *sql.Tx) journal.Journal { return inside{tx} }

// inside is the journal inside a transaction of the host.
type inside struct{ tx *sql.Tx }

func (in inside) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if err := b.Check(); err != nil {
		return journal.Head{}, err
	}
	return in.change(ctx, b.Case, b.Expect, func(ctx context.Context) (journal.Head, error) { return add(ctx, in.tx, b) })
}

func (in inside) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	if err := checkErase(caseID, tombstone); err != nil {
		return journal.Head{}, err
	}
	return in.change(ctx, caseID, expect, func(ctx context.Context) (journal.Head, error) {
		return erase(ctx, in.tx, caseID, expect, tombstone)
	})
}

func (in inside) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	return read(ctx, in.tx, caseID, after)
}

func (in inside) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return scan(ctx, in.tx, after)
}

func (in inside) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return due(ctx, in.tx, until)
}

// change makes a change under a savepoint, so that one that fails half-way leaves nothing in a transaction which the host may commit all the same.
func (in inside) change(ctx context.Context, caseID string, expect journal.Head, do func(context.Context) (journal.Head, error)) (journal.Head, error) {
	if err := ctx.Err(); err != nil {
		return journal.Head{}, caseError(caseID, err)
	}
	whole := context.WithoutCancel(ctx)
	if _, err := in.tx.ExecContext(whole, sqlLock); err != nil {
		return journal.Head{}, in.locked(ctx, caseID, expect, err)
	}
	if _, err := in.tx.ExecContext(whole, "SAVEPOINT charter"); err != nil {
		return journal.Head{}, caseError(caseID, err)
	}
	head, err := do(whole)
	end := "RELEASE charter"
	if err != nil {
		end = "ROLLBACK TO charter; RELEASE charter"
	}
	if _, ending := in.tx.ExecContext(whole, end); ending != nil {
		return journal.Head{}, caseError(caseID, errors.Join(err, ending))
	}
	return head, caseError(caseID, err)
}

// locked says why the host's transaction did not get the write lock.
func (in inside) locked(ctx context.Context, caseID string, expect journal.Head, err error) error {
	if stale(err) {
		now, _, unread := history(ctx, in.tx, caseID, math.MaxInt64)
		if unread != nil && !errors.Is(unread, journal.ErrUnknownCase) {
			return caseError(caseID, errors.Join(err, unread))
		}
		return &raceError{conflict: &journal.ConflictError{Case: caseID, Expected: expect, Actual: now}, cause: err}
	}
	return caseError(caseID, interrupted(ctx, err))
}

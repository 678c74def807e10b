package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"github.com/servicecharter/charter/journal"
)

// The writing half. Which head a case has is decided by the statements themselves: they change no row when it is another one.
const (
	sqlCreate = `INSERT INTO charter_case (name, version, rev, next, sum) VALUES (?1, ?2, 1, ?3, ?4)
ON CONFLICT (name) DO NOTHING RETURNING id`

	sqlMove = `UPDATE charter_case SET version = version + ?2, rev = rev + 1, next = ?3, sum = ?4
WHERE name = ?1 AND version = ?5 AND rev = ?6 AND erased = 0
AND NOT EXISTS (SELECT 1 FROM charter_key AS k WHERE k.case_id = charter_case.id AND k.key = ?7) RETURNING id`

	sqlRecord = `INSERT INTO charter_record (case_id, seq, data) VALUES (?1, ?2, coalesce(?3, x''))`

	sqlKey = `INSERT INTO charter_key (case_id, key, version, rev, next, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`

	sqlRefuse = `SELECT c.version, c.rev, c.next, c.sum, c.erased, k.version, k.rev, k.next, k.sum
FROM charter_case AS c LEFT JOIN charter_key AS k ON k.case_id = c.id AND k.key = ?2 WHERE c.name = ?1`

	sqlErase = `UPDATE charter_case SET version = version + 1, rev = rev + 1, next = NULL, sum = zeroblob(32), erased = 1
WHERE name = ?1 AND version = ?2 AND rev = ?3 AND erased = 0 RETURNING id`

	sqlForgetRecords = `DELETE FROM charter_record WHERE case_id = ?1`
	sqlForgetKeys    = `DELETE FROM charter_key WHERE case_id = ?1`
)

var writing = []string{sqlCreate, sqlMove, sqlRecord, sqlKey, sqlRefuse, sqlErase, sqlForgetRecords, sqlForgetKeys, sqlEpoch}

// refused tells whether an error of a write says that it has changed nothing, and is the caller's alone.
func refused(err error) bool {
	return errors.Is(err, journal.ErrConflict) || errors.Is(err, journal.ErrErased) || errors.Is(err, journal.ErrUnknownCase)
}

// Append implements [journal.Journal]. Appends that wait at the same time are committed together, each with its own outcome. A context
// that is done before its append is taken up withdraws it; after that Append waits for the commit, whose outcome it returns. [ErrBusy] and [ErrClosed] say that
// nothing was changed.
func (j *Journal) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if err := b.Check(); err != nil {
		return journal.Head{}, err
	}
	size := 0
	for _, r := range b.Records {
		size += len(r)
	}
	head, err := j.submit(ctx, size, func(ctx context.Context, s session) (journal.Head, error) { return add(ctx, s, b) })
	return head, caseError(b.Case, err)
}

// Erase implements [journal.Journal]. The bytes are overwritten in the database file, and the log that may still hold them is emptied, unless another
// connection reads or writes just then; in that case they are in the log until it is overwritten, or until the last connection of all closes. Backups keep what
// they have.
func (j *Journal) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	if err := checkErase(caseID, tombstone); err != nil {
		return journal.Head{}, err
	}
	head, err := j.submit(ctx, len(tombstone), func(ctx context.Context, s session) (journal.Head, error) {
		return erase(ctx, s, caseID, expect, tombstone)
	})
	if err == nil {
		j.emptyLog(ctx)
	}
	return head, caseError(caseID, err)
}

func checkErase(caseID string, tombstone []byte) error {
	if err := journal.CheckID(caseID); err != nil {
		return err
	}
	return journal.CheckRecord(caseID, tombstone)
}

// emptyLog tries to move all of the write-ahead log into the database file and to cut it off.
func (j *Journal) emptyLog(ctx context.Context) {
	select {
	case j.queue.lead <- struct{}{}:
		defer func() { <-j.queue.lead }()
	case <-ctx.Done():
		return
	}
	// The erasure stands, whatever comes of this.
	_, _ = j.write.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
}

// add makes an append whose batch was checked.
func add(ctx context.Context, s session, b journal.Batch) (journal.Head, error) {
	n := uint64(len(b.Records))
	next := instant(b.Next)
	var key any
	if b.Key != "" {
		key = []byte(b.Key)
	}

	var row *sql.Row
	if b.Expect.Version == 0 && b.Expect.Rev == 0 {
		row = s.QueryRowContext(ctx, sqlCreate, b.Case, int64(n), next, b.Sum[:])
	} else {
		row = s.QueryRowContext(ctx, sqlMove, b.Case, int64(n), next, b.Sum[:], int64(b.Expect.Version), int64(b.Expect.Rev), key)
	}
	var id int64
	switch err := row.Scan(&id); {
	case errors.Is(err, sql.ErrNoRows):
		return refuse(ctx, s, b.Case, key, b.Expect)
	case err != nil:
		return journal.Head{}, err
	}

	head := journal.Head{Version: b.Expect.Version + n, Rev: b.Expect.Rev + 1, Next: moment(next), Sum: b.Sum}
	for i, data := range b.Records {
		if _, err := s.ExecContext(ctx, sqlRecord, id, int64(b.Expect.Version)+int64(i)+1, data); err != nil {
			return journal.Head{}, err
		}
	}
	if key != nil {
		if _, err := s.ExecContext(ctx, sqlKey, id, key, int64(head.Version), int64(head.Rev), next, b.Sum[:]); err != nil {
			return journal.Head{}, err
		}
	}
	return head, nil
}

// refuse finds out why a case did not have the expected head. A key that it has seen gives the head of then, and no error.
func refuse(ctx context.Context, s session, name string, key any, expect journal.Head) (journal.Head, error) {
	var now, then head
	var erased bool
	err := s.QueryRowContext(ctx, sqlRefuse, name, key).Scan(append(append(now.columns(), &erased), then.columns()...)...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return journal.Head{}, &journal.ConflictError{Case: name, Expected: expect}
	case err != nil:
		return journal.Head{}, err
	case erased:
		return journal.Head{}, journal.ErrErased
	case then.version.Valid:
		return then.head(), nil
	}
	return journal.Head{}, &journal.ConflictError{Case: name, Expected: expect, Actual: now.head()}
}

// erase takes the records and keys of a case away and puts the tombstone.
func erase(ctx context.Context, s session, name string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	var id int64
	switch err := s.QueryRowContext(ctx, sqlErase, name, int64(expect.Version), int64(expect.Rev)).Scan(&id); {
	case errors.Is(err, sql.ErrNoRows):
		_, err := refuse(ctx, s, name, nil, expect)
		if conflict, ok := errors.AsType[*journal.ConflictError](err); ok && conflict.Actual.Rev == 0 {
			return journal.Head{}, journal.ErrUnknownCase
		}
		return journal.Head{}, err
	case err != nil:
		return journal.Head{}, err
	}
	for _, text := range []string{sqlForgetRecords, sqlForgetKeys} {
		if _, err := s.ExecContext(ctx, text, id); err != nil {
			return journal.Head{}, err
		}
	}
	if _, err := s.ExecContext(ctx, sqlRecord, id, int64(expect.Version)+1, tombstone); err != nil {
		return journal.Head{}, err
	}
	return journal.Head{Version: expect.Version + 1, Rev: expect.Rev + 1}, nil
}

// caseError names the case in an error that does not name it already.
func caseError(caseID string, err error) error {
	if errors.Is(err, journal.ErrConflict) || errors.Is(err, journal.ErrBatch) {
		return err
	}
	return journal.CaseError(caseID, err)
}

// A head is a journal.Head as the database has it.
type head struct {
	version, rev, next sql.NullInt64
	sum                []byte
}

func (h *head) columns() []any { return []any{&h.version, &h.rev, &h.next, &h.sum} }

func (h *head) head() journal.Head {
	out := journal.Head{Version: uint64(h.version.Int64), Rev: uint64(h.rev.Int64), Next: moment(h.next)}
	copy(out.Sum[:], h.sum)
	return out
}

// instant is how the database keeps an instant: nanoseconds since 1970, or NULL for the zero one.
func instant(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixNano(), Valid: true}
}

func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.Unix(0, n.Int64).UTC()
}

// horizon is the last instant that the database can keep and that is not after t.
func horizon(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}

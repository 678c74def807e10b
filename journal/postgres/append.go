package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/servicecharter/charter/journal"
)

// Append implements [journal.Journal] with one statement. An append that lost a race, in whichever way the server reports it, gives a
// *[journal.ConflictError].
func (j *Journal) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if err := b.Check(); err != nil {
		return journal.Head{}, err
	}
	if err := ctx.Err(); err != nil {
		return journal.Head{}, wrap(b.Case, err)
	}
	var key *string
	if b.Key != "" {
		key = &b.Key
	}
	sql, args := j.sql.create, []any{b.Case, key, notNull(b.Records), nanoseconds(b.Next), b.Sum[:]}
	if b.Expect.Version != 0 || b.Expect.Rev != 0 {
		sql, args = j.sql.advance, append(args, int64(b.Expect.Version), int64(b.Expect.Rev))
	}
	var h head
	err := j.db.QueryRow(ctx, sql, args...).Scan(h.fields()...)
	if err == nil {
		return h.head(), nil
	}
	s, err := j.refused(ctx, b.Case, key, err)
	switch {
	case err != nil:
		return journal.Head{}, err
	case s.first != nil:
		return *s.first, nil
	}
	return journal.Head{}, &journal.ConflictError{Case: b.Case, Expected: b.Expect, Actual: s.head}
}

// Erase implements [journal.Journal] with one statement. The rows of the records stay, without their bytes.
func (j *Journal) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	if err := journal.CheckID(caseID); err != nil {
		return journal.Head{}, err
	}
	if err := journal.CheckRecord(caseID, tombstone); err != nil {
		return journal.Head{}, err
	}
	if err := ctx.Err(); err != nil {
		return journal.Head{}, wrap(caseID, err)
	}
	if tombstone == nil {
		tombstone = []byte{}
	}
	var none [32]byte
	var h head
	err := j.db.QueryRow(ctx, j.sql.erase, caseID, int64(expect.Version), int64(expect.Rev), tombstone, none[:]).Scan(h.fields()...)
	if err == nil {
		return h.head(), nil
	}
	s, err := j.refused(ctx, caseID, nil, err)
	switch {
	case err != nil:
		return journal.Head{}, err
	case s.unknown:
		return journal.Head{}, journal.CaseError(caseID, journal.ErrUnknownCase)
	}
	return journal.Head{}, &journal.ConflictError{Case: caseID, Expected: expect, Actual: s.head}
}

// state is what a refused append finds.
type state struct {
	unknown bool
	head    journal.Head
	first   *journal.Head // what the append with the same key gave
}

// refused finds out why a statement that failed, or changed nothing, did so. Without an error the head was not the expected one.
func (j *Journal) refused(ctx context.Context, caseID string, key *string, cause error) (state, error) {
	raced := lostRace(cause)
	if !raced && !errors.Is(cause, pgx.ErrNoRows) {
		return state{}, wrap(caseID, cause)
	}
	var h head
	var erased bool
	var version, rev, next *int64
	var sum []byte
	err := j.db.QueryRow(ctx, j.sql.state, caseID, key).Scan(append(h.fields(), &erased, &version, &rev, &next, &sum)...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return state{unknown: true}, nil
	case err != nil && raced:
		// A transaction of the host that the server has ended answers no more. That the race was lost is certain all the same.
		return state{}, nil
	case err != nil:
		return state{}, wrap(caseID, err)
	case erased:
		return state{}, journal.CaseError(caseID, journal.ErrErased)
	}
	s := state{head: h.head()}
	if version != nil && rev != nil {
		first := head{version: *version, rev: *rev, next: next, sum: sum}.head()
		s.first = &first
	}
	return s, nil
}

// notNull gives the records as an array of which nothing is null: a null array has no length, and a null record is an erased one.
func notNull(records [][]byte) [][]byte {
	out := make([][]byte, len(records))
	for i, r := range records {
		if r == nil {
			r = []byte{}
		}
		out[i] = r
	}
	return out
}

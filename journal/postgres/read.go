package postgres

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/servicecharter/charter/journal"
)

// Read implements [journal.Journal] with one statement, so that head and records belong together.
func (j *Journal) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	if err := journal.CheckID(caseID); err != nil {
		return journal.Head{}, nil, err
	}
	if err := ctx.Err(); err != nil {
		return journal.Head{}, nil, wrap(caseID, err)
	}
	rows, err := j.db.Query(ctx, j.sql.read, caseID, int64(min(after, math.MaxInt64)))
	if err != nil {
		return journal.Head{}, nil, wrap(caseID, err)
	}
	defer rows.Close()
	var h head
	var records []journal.Record
	for rows.Next() {
		var seq *int64
		var data []byte
		if err := rows.Scan(append(h.fields(), &seq, &data)...); err != nil {
			return journal.Head{}, nil, wrap(caseID, err)
		}
		if seq != nil {
			records = append(records, journal.Record{Case: caseID, Seq: uint64(*seq), Data: data})
		}
	}
	if err := rows.Err(); err != nil {
		return journal.Head{}, nil, wrap(caseID, err)
	}
	if rows.CommandTag().RowsAffected() == 0 {
		return journal.Head{}, nil, journal.CaseError(caseID, journal.ErrUnknownCase)
	}
	return h.head(), records, nil
}

// dueRows is how many cases a page of Due has. It stands in due.sql too.
const dueRows = 256

// Due implements [journal.Journal] from an index on the attention instant, in pages of 256 cases.
func (j *Journal) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		limit, ok := bound(until)
		if !ok {
			return
		}
		next, caseID := int64(math.MinInt64), ""
		for {
			items, err := j.duePage(ctx, limit, next, caseID)
			if err != nil {
				yield(journal.Item{}, fmt.Errorf("journal: due: postgres: %w", err))
				return
			}
			for _, i := range items {
				if !yield(i, nil) {
					return
				}
			}
			if len(items) < dueRows {
				return
			}
			last := items[len(items)-1]
			next, caseID = last.Next.UnixNano(), last.Case
		}
	}
}

func (j *Journal) duePage(ctx context.Context, until, next int64, caseID string) ([]journal.Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := j.db.Query(ctx, j.sql.due, until, next, caseID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (journal.Item, error) {
		var ns int64
		var i journal.Item
		err := row.Scan(&ns, &i.Case)
		i.Next = instant(ns)
		return i, err
	})
}

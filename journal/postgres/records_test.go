package postgres_test

import (
	"context"
	"errors"
	"testing"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/recordstest"
)

// TestRecords runs the transcripts of retention, holds, review, disposal and restore over two schemas: one for the cases, one for the ledger.
func TestRecords(t *testing.T) {
	recordstest.Run(t, func(t testing.TB) recordstest.Site {
		j, pool, schema := fresh(t)
		ledger, _, _ := fresh(t)
		return recordstest.Site{
			Store: charter.RecordStore{Journal: j}, Ledger: charter.RecordLedger{Journal: ledger},
			Put: func(ctx context.Context, id string, entries []history.Entry) error { return put(ctx, j, id, entries) },
			Backup: func() func() records.Store {
				back := saved(t, pool, schema)
				return func() records.Store {
					back()
					return charter.RecordStore{Journal: j}
				}
			},
		}
	})
}

// put adds entries to a case.
func put(ctx context.Context, j journal.Journal, id string, entries []history.Entry) error {
	head, _, err := j.Read(ctx, id, 0)
	if err != nil && !errors.Is(err, journal.ErrUnknownCase) {
		return err
	}
	b := journal.Batch{Case: id, Expect: head}
	for i, e := range entries {
		e.Seq = head.Version + uint64(i) + 1
		line, err := e.AppendCanonical(nil)
		if err != nil {
			return err
		}
		b.Records = append(b.Records, line)
	}
	_, err = j.Append(ctx, b)
	return err
}

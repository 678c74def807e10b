package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	hist "github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/recordstest"
)

// TestRecords runs the transcripts of retention, holds, review, disposal and restore over files: one for the cases, one for the ledger.
func TestRecords(t *testing.T) {
	recordstest.Run(t, func(t testing.TB) recordstest.Site {
		j, ledger := must(t, file(t)), must(t, file(t))
		return recordstest.Site{
			Store: charter.RecordStore{Journal: j}, Ledger: charter.RecordLedger{Journal: ledger},
			Put: func(ctx context.Context, id string, entries []hist.Entry) error { return put(ctx, j, id, entries) },
			Backup: func() func() records.Store {
				copied := filepath.Join(t.TempDir(), "backup.db")
				require.NoError(t, j.Backup(t.Context(), copied))
				return func() records.Store {
					require.NoError(t, j.Close())
					putBack(t, copied, j.path)
					return charter.RecordStore{Journal: must(t, j.path)}
				}
			},
		}
	})
}

// put adds entries to a case.
func put(ctx context.Context, j journal.Journal, id string, entries []hist.Entry) error {
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

package seal

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

// TestRecords runs the transcripts of retention, holds, review, disposal and restore over a sealed journal: certificates name the digest of what was
// recorded, sealed or not.
func TestRecords(t *testing.T) {
	recordstest.Run(t, func(t testing.TB) recordstest.Site {
		m := journal.NewMemory()
		j := New(m, Options{})
		return recordstest.Site{
			Store: charter.RecordStore{Journal: j}, Ledger: charter.RecordLedger{Journal: New(journal.NewMemory(), Options{})},
			Put: func(ctx context.Context, id string, entries []history.Entry) error {
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
			},
			Backup: func() func() records.Store {
				backup := m.Snapshot()
				return func() records.Store {
					m.Restore(backup)
					return charter.RecordStore{Journal: j}
				}
			},
		}
	})
}

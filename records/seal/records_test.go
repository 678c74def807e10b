package seal

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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

// TestShreddingBetweenReviewAndDisposal: the keys of a person go while a case waits for its second review. The first one holds, the certificate proves
// what was stored, keys or not, and it is not the digest of what anybody can guess.
func TestShreddingBetweenReviewAndDisposal(t *testing.T) {
	ctx, h := t.Context(), newHouse(t, journal.NewMemory())
	opened := history.Entry{
		Seq: 1, At: noon, Kind: history.Opened, Fields: history.Of("kind", "ticket"), Personal: history.Of("name", "Ada", "phone", "13800138000"),
	}
	first, err := opened.AppendCanonical(nil)
	require.NoError(t, err)
	second, err := history.Entry{Seq: 2, At: noon.Add(time.Hour), Kind: history.Closed}.AppendCanonical(nil)
	require.NoError(t, err)
	h.add("T-1", first, second)

	schedule, err := records.NewSchedule(time.UTC, records.Rule{Clause: "a", From: records.Start{Kind: history.Closed}, AtLeast: records.Years(1), Review: true})
	require.NoError(t, err)
	store := charter.RecordStore{Journal: h.Journal}
	d := &records.Disposer{
		Schedule: schedule, Store: store, Ledger: new(records.MemoryLedger), Now: func() time.Time { return noon.AddDate(2, 0, 0) },
		Erased: func(ctx context.Context, c records.Certificate) error {
			_, err := h.Shred(ctx, "Ada")
			return err
		},
	}
	before, err := store.Load(ctx, "T-1")
	require.NoError(t, err)
	require.True(t, before.Record.History.Entries[0].Personal.Has("name", "Ada"))
	decision, err := d.Review(ctx, "T-1", "anna", true)
	require.NoError(t, err)
	require.Equal(t, records.DueForReview, decision.Action)
	_, kept, err := h.Stored(ctx, "T-1") // as a backup has it
	require.NoError(t, err)
	require.NotContains(t, string(kept[0].Data), "Ada")
	require.Equal(t, string(second), string(kept[1].Data))

	_, err = h.Shred(ctx, "Ada")
	require.NoError(t, err)
	_, err = d.Review(ctx, "T-1", "anna", true)
	require.ErrorIs(t, err, records.ErrSamePerson, "her first word counts")
	decision, err = d.Review(ctx, "T-1", "bo", true)
	require.NoError(t, err)
	require.Equal(t, records.Dispose, decision.Action)
	_, shredded, err := h.Stored(ctx, "T-1")
	require.NoError(t, err)
	require.Equal(t, kept, shredded)

	c, err := d.Dispose(ctx, "T-1")
	require.NoError(t, err)
	require.Equal(t, []string{"anna", "bo"}, c.Agreed)
	require.True(t, c.Proves(parts(kept)))
	require.NotEqual(t, records.DigestOf(parts([]journal.Record{{Data: first}, {Data: second}})), c.Digest)
	h.sound()
}

func parts(stored []journal.Record) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, r := range stored {
			if !yield(r.Data) {
				return
			}
		}
	}
}

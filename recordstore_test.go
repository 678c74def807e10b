package charter_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/recordstest"
)

// put adds entries to a case of a journal.
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

// TestRecordTranscripts runs the transcripts of retention over journals.
func TestRecordTranscripts(t *testing.T) {
	recordstest.Run(t, func(t testing.TB) recordstest.Site {
		j := journal.NewMemory()
		return recordstest.Site{
			Store: charter.RecordStore{Journal: j}, Ledger: charter.RecordLedger{Journal: journal.NewMemory()},
			Put: func(ctx context.Context, id string, entries []history.Entry) error { return put(ctx, j, id, entries) },
			Backup: func() func() records.Store {
				backup := j.Snapshot()
				return func() records.Store {
					j.Restore(backup)
					return charter.RecordStore{Journal: j}
				}
			},
		}
	})
}

func TestRecordStoreRefuses(t *testing.T) {
	ctx, j := t.Context(), journal.NewMemory()
	s := charter.RecordStore{Journal: j}
	_, err := s.Load(ctx, "T-1")
	require.ErrorIs(t, err, records.ErrUnknown)
	_, err = s.Load(ctx, "")
	require.ErrorIs(t, err, journal.ErrBatch)
	require.ErrorIs(t, s.Erase(ctx, "T-1", "1.1", nil), records.ErrUnknown)

	_, err = j.Append(ctx, journal.Batch{Case: "odd", Records: [][]byte{[]byte("no entry")}})
	require.NoError(t, err)
	_, err = s.Load(ctx, "odd")
	require.ErrorIs(t, err, charter.ErrRecord)

	require.NoError(t, put(ctx, j, "T-1", []history.Entry{{At: time.Unix(0, 0), Kind: history.Opened, Fields: history.Of("kind", "ticket")}}))
	before, err := s.Load(ctx, "T-1")
	require.NoError(t, err)
	assert.Equal(t, "ticket", before.Record.Class)
	require.NoError(t, put(ctx, j, "T-1", []history.Entry{{At: time.Unix(1, 0), Kind: history.Classified, Fields: history.Of("kind", "complaint")}}))
	for _, version := range []string{before.Version, "", "x", "1", "1.1"} {
		require.ErrorIs(t, s.Erase(ctx, "T-1", version, []byte("t")), records.ErrChanged, version)
	}
	after, err := s.Load(ctx, "T-1")
	require.NoError(t, err)
	assert.Equal(t, "complaint", after.Record.Class)
	assert.NotEqual(t, before.Digest, after.Digest)
	require.NoError(t, s.Erase(ctx, "T-1", after.Version, []byte("t")))
	require.ErrorIs(t, s.Erase(ctx, "T-1", after.Version, []byte("t")), records.ErrChanged)
	gone, err := s.Load(ctx, "T-1")
	require.NoError(t, err)
	assert.Equal(t, records.Stored{Erased: true, Tombstone: []byte("t")}, gone)
}

// TestRecordsWithoutAJournal: what was forgotten is an error, and no panic.
func TestRecordsWithoutAJournal(t *testing.T) {
	ctx, s, l := t.Context(), charter.RecordStore{}, charter.RecordLedger{}
	_, err := s.Load(ctx, "T-1")
	require.ErrorIs(t, err, journal.ErrNoJournal)
	require.ErrorIs(t, s.Erase(ctx, "T-1", "1.1", nil), journal.ErrNoJournal)
	require.ErrorIs(t, l.Append(ctx, records.Note{Kind: records.Reviewed, Record: "T-1", By: "anna"}), journal.ErrNoJournal)
	_, err = l.Of(ctx, "T-1")
	require.ErrorIs(t, err, journal.ErrNoJournal)
	seen := 0
	for _, err := range l.Notes(ctx) {
		require.ErrorIs(t, err, journal.ErrNoJournal)
		seen++
	}
	assert.Equal(t, 1, seen)
}

// TestLateEntryReclassifies: the class is the one that the case last had by the instants of its entries, not by the order in which they were written down.
func TestLateEntryReclassifies(t *testing.T) {
	ctx, j := t.Context(), journal.NewMemory()
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	require.NoError(t, put(ctx, j, "T-1", []history.Entry{
		{At: at, Kind: history.Opened, Fields: history.Of("kind", "ticket")},
		{At: at.Add(2 * time.Hour), Kind: history.Classified, Fields: history.Of("kind", "complaint")},
		{At: at.Add(time.Hour), Recorded: at.Add(3 * time.Hour), Kind: history.Classified, Fields: history.Of("kind", "incident")},
	}))
	stored, err := charter.RecordStore{Journal: j}.Load(ctx, "T-1")
	require.NoError(t, err)
	assert.Equal(t, "complaint", stored.Record.Class)
}

// TestRecordLedgerKeepsEachNoteOnce: also when its outcome was unknown, and many write at once.
func TestRecordLedgerKeepsEachNoteOnce(t *testing.T) {
	ctx, j := t.Context(), journal.NewMemory()
	l := charter.RecordLedger{Journal: j}
	const writers, each = 4, 10
	done := make(chan error)
	for w := range writers {
		go func() {
			for i := range each {
				n := records.Note{Kind: records.Reviewed, Record: "T-1", At: time.Unix(int64(i), 0), By: fmt.Sprint(w)}
				if err := errors.Join(l.Append(ctx, n), l.Append(ctx, n)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		require.NoError(t, <-done)
	}
	notes, err := l.Of(ctx, "T-1")
	require.NoError(t, err)
	assert.Len(t, notes, writers*each)
	none, err := l.Of(ctx, "T-2")
	require.NoError(t, err)
	assert.Empty(t, none)

	_, err = j.Append(ctx, journal.Batch{Case: "T-3", Records: [][]byte{[]byte("{}")}, Next: time.Unix(0, 0)})
	require.NoError(t, err)
	_, err = l.Of(ctx, "T-3")
	require.ErrorIs(t, err, records.ErrNote)
	last := error(nil)
	for _, err := range l.Notes(ctx) {
		last = err
	}
	require.ErrorIs(t, last, records.ErrNote)
}

// Five years after a ticket was closed its case is disposed of; the journal keeps the certificate, and so does the ledger.
func ExampleRecordStore() {
	ctx, now := context.Background(), time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	cases, ledger := journal.NewMemory(), journal.NewMemory() // in a program two databases
	err := put(ctx, cases, "T-1", []history.Entry{
		{At: now, Kind: history.Opened, Fields: history.Of("kind", "ticket")},
		{At: now.Add(time.Hour), Kind: history.Closed},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	schedule, err := records.NewSchedule(time.UTC, records.Rule{
		Clause: "norms/2.4.2-routine", From: records.Start{Kind: history.Closed}, AtLeast: records.Years(5), AtMost: records.Years(5),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := &records.Disposer{
		Schedule: schedule, Store: charter.RecordStore{Journal: cases}, Ledger: charter.RecordLedger{Journal: ledger},
		Now: func() time.Time { return now },
	}
	_, err = d.Dispose(ctx, "T-1")
	fmt.Println(errors.Is(err, records.ErrKept))
	now = now.AddDate(5, 0, 1)
	c, err := d.Dispose(ctx, "T-1")
	fmt.Println(c.Record, c.Clauses(), c.Parts, err)
	// Output:
	// true
	// T-1 [norms/2.4.2-routine] 2 <nil>
}

// TestDeskOnADisposedCase: a case that was disposed of is erased to the desk, not a record that cannot be read.
func TestDeskOnADisposedCase(t *testing.T) {
	ctx, j := t.Context(), journal.NewMemory()
	require.NoError(t, put(ctx, j, "T-1", []history.Entry{{At: time.Unix(0, 0), Kind: history.Opened, Fields: history.Of("kind", "ticket")}}))
	s := charter.RecordStore{Journal: j}
	stored, err := s.Load(ctx, "T-1")
	require.NoError(t, err)
	require.NoError(t, s.Erase(ctx, "T-1", stored.Version, []byte("certificate")))
	rules, err := handbooks.Norms()
	require.NoError(t, err)
	desk, err := charter.NewDesk(charter.Config{Handbook: rules, Journal: j, Now: func() time.Time { return time.Unix(1, 0) }})
	require.NoError(t, err)
	_, err = desk.Status(ctx, "T-1")
	require.ErrorIs(t, err, journal.ErrErased)
	_, err = desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Reopened}}, nil
	})
	require.ErrorIs(t, err, journal.ErrErased)
}

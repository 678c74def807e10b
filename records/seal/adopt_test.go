package seal

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// unsealedJournal is one that was in use: cases of one to four entries, one with personal fields, one that was erased, one with a record too large for a seal.
func unsealedJournal(t testing.TB, j journal.Journal, cases int) {
	t.Helper()
	for i := range cases {
		var records [][]byte
		for k := range 1 + i%4 {
			records = append(records, entry(t, uint64(k+1), ""))
		}
		_, err := j.Append(t.Context(), journal.Batch{Case: fmt.Sprint("old ", i), Records: records})
		require.NoError(t, err)
	}
	for id, data := range map[string][]byte{"personal": entry(t, 1, "Ada"), "large": make([]byte, journal.MaxRecord), "empty": nil, "gone": []byte("x")} {
		h, err := j.Append(t.Context(), journal.Batch{Case: id, Records: [][]byte{data, data}})
		require.NoError(t, err)
		if id == "gone" {
			_, err = j.Erase(t.Context(), id, h, []byte("disposed of"))
			require.NoError(t, err)
		}
	}
}

func TestAdoptedJournal(t *testing.T) {
	m := journal.NewMemory()
	unsealedJournal(t, m, 8)
	plain := contents(t, m)
	h := newHouse(t, m)
	_, err := h.Verify(t.Context())
	require.ErrorIs(t, err, ErrTampered)
	_, err = h.Journal.Checkpoint(t.Context(), h.signer)
	require.ErrorIs(t, err, ErrTampered)

	n, err := h.Adopt(t.Context(), noon)
	require.NoError(t, err)
	require.Equal(t, 12, n)
	n, err = h.Adopt(t.Context(), noon.Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, n, "once is enough")
	version, at := h.log.Adopted("old 7")
	require.Equal(t, uint64(4), version)
	require.Equal(t, noon.Truncate(time.Second), at)
	version, at = h.log.Adopted("unheard of")
	require.Zero(t, version)
	require.Zero(t, at)
	held := h.checkpoint()
	report := h.sound(held)
	require.Equal(t, len(plain), report.Records)
	require.Equal(t, len(plain), report.Adopted)
	require.Equal(t, 1, report.Erased)
	require.Zero(t, report.Open)
	scanned, err := collectScan(t, h.Journal)
	require.NoError(t, err)
	require.Len(t, scanned, len(plain))
	for _, r := range scanned {
		require.Equal(t, string(plain[place{r.Case, r.Seq}]), string(r.Data))
	}
	for at := range plain {
		for _, after := range []uint64{0, 1, at.seq - 1, at.seq, at.seq + 5} {
			want, raw, err := m.Read(t.Context(), at.id, after)
			require.NoError(t, err)
			have, records, err := h.Read(t.Context(), at.id, after)
			require.NoError(t, err, "%v after %d", at, after)
			require.Equal(t, want, have)
			require.Equal(t, raw, records)
		}
	}

	// Work goes on, with seals.
	for _, id := range []string{"old 0", "old 7", "personal", "large", "empty"} {
		h.add(id, []byte("sealed"), entry(t, 9, "Bob"))
	}
	h.add("new", []byte("sealed"))
	head := h.head("old 1")
	_, err = h.Erase(t.Context(), "old 1", head, []byte("gone"))
	require.NoError(t, err)
	_, err = h.Append(t.Context(), journal.Batch{Case: "gone", Expect: journal.Head{Version: 3, Rev: 2}, Records: [][]byte{{1}}})
	require.ErrorIs(t, err, journal.ErrErased)
	h.sound(held)
	second := h.checkpoint()
	require.Equal(t, len(plain)-2, h.sound(held, second).Adopted)
	_, err = collectScan(t, h.Journal)
	require.NoError(t, err)

	// So it does in another process, and without the log for the cases that have seals by now.
	h.log, err = OpenLog(t.Context(), h.logStore, origin, h.verifier)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log, Subject: subject})
	h.sound(held, second)
	h.add("old 2", []byte("sealed"))
	h.sound(held, second)
	alone := New(h.store, Options{Keys: h.keyring})
	_, _, err = alone.Read(t.Context(), "old 0", 0)
	require.NoError(t, err)
	_, _, err = alone.Read(t.Context(), "old 3", 0)
	require.ErrorIs(t, err, ErrDamaged, "nobody says that it was adopted")
}

// From the adoption on every change of what was adopted is noticed.
func TestAdoptedEntriesAreSealedByTheLog(t *testing.T) {
	m := journal.NewMemory()
	unsealedJournal(t, m, 8)
	plain := contents(t, m)
	h := newHouse(t, m)
	_, err := h.Adopt(t.Context(), noon)
	require.NoError(t, err)
	held := h.checkpoint()
	h.add("old 7", []byte("sealed"))
	last := map[string]uint64{}
	for at := range plain {
		last[at.id] = max(last[at.id], at.seq)
	}
	for at, data := range plain {
		altered := append([]byte("x"), data...)
		if len(data) > 0 {
			altered = append([]byte{}, data...)
			altered[len(data)/2] ^= 1
		}
		h.store.data[at] = altered
		report, err := h.Verify(t.Context(), held)
		require.ErrorIs(t, err, ErrTampered, "%v", at)
		require.Equal(t, at.id, report.Faults[0].Case)
		require.LessOrEqual(t, report.Faults[0].Seq, at.seq)
		require.LessOrEqual(t, at.seq, report.Faults[0].Last)
		require.LessOrEqual(t, report.Faults[0].Last, last[at.id])
		for after := range at.seq {
			_, _, err = h.Read(t.Context(), at.id, after)
			require.ErrorIs(t, err, ErrTampered, "%v after %d", at, after)
		}
		_, err = collectScan(t, h.Journal)
		require.ErrorIs(t, err, ErrTampered)
		_, err = h.Adopt(t.Context(), noon)
		require.ErrorIs(t, err, ErrTampered, "it is not adopted anew")

		h.store.data[at] = nil
		_, err = h.Verify(t.Context(), held)
		require.ErrorIs(t, err, ErrTampered, "%v is gone", at)
		h.store.restore()
	}
	h.sound(held)
}

// What is written behind seals without one is never adopted, nor is what looks like a damaged record, nor a case with a hole.
func TestWhatIsNotAdopted(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 3)
	_, err := h.store.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("past the seal")}})
	require.NoError(t, err)
	h.add("T-2", []byte("x"))
	refused := func(want *Fault) {
		t.Helper()
		n, err := h.Adopt(t.Context(), noon)
		require.Equal(t, want, err)
		require.Zero(t, n)
		require.Zero(t, h.log.Size(), "nothing was written")
	}
	refused(fault("T-1", 4, ErrDamaged))

	m := journal.NewMemory()
	unsealedJournal(t, m, 4)
	h = newHouse(t, m)
	sealed, _ := appendSealed(nil, []byte("x"), "odd", 7, sum{}, 0, 0)
	_, err = m.Append(t.Context(), journal.Batch{Case: "odd", Records: [][]byte{[]byte("x"), sealed}})
	require.NoError(t, err)
	refused(&Fault{Case: "odd", Seq: 1, Last: 2, Err: ErrDamaged})
	h.store.gone["odd"] = true
	h.store.data[place{"old 3", 1}] = nil
	refused(fault("old 3", 1, ErrMissing))
	h.store.data = map[place][]byte{{"old 3", 4}: nil}
	refused(fault("old 3", 4, ErrMissing))
	h.store.restore()
	h.store.gone["odd"] = true
	n, err := h.Adopt(t.Context(), noon)
	require.NoError(t, err)
	require.Equal(t, 8, n)

	_, err = New(m, Options{}).Adopt(t.Context(), noon)
	require.ErrorIs(t, err, ErrNoLog)
	n, err = newHouse(t, journal.NewMemory()).Adopt(t.Context(), time.Time{})
	require.NoError(t, err)
	require.Zero(t, n)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = h.Adopt(ctx, noon)
	require.ErrorIs(t, err, context.Canceled)
}

// Adoption is cut off after each of its writes, as by a crash. What it reached is adopted, what it did not reach is not, and another call finishes it;
// nothing is taken in twice.
func TestAdoptionThatWasCutOff(t *testing.T) {
	const cases = 2*journal.MaxRecords + 100
	for done := range 4 {
		m := journal.NewMemory()
		for i := range cases {
			_, err := m.Append(t.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Records: [][]byte{[]byte("as found")}})
			require.NoError(t, err)
		}
		h := newHouse(t, m)
		log, err := OpenLog(t.Context(), &failing{h.logStore, done}, origin, h.verifier)
		require.NoError(t, err)
		n, err := New(h.store, Options{Log: log}).Adopt(t.Context(), noon)
		reached := min(done*journal.MaxRecords, cases)
		require.Equal(t, reached, n)
		require.Equal(t, reached < cases, err != nil)

		h.log, err = OpenLog(t.Context(), h.logStore, origin, h.verifier)
		require.NoError(t, err)
		h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log})
		readable := 0
		for i := range cases {
			if _, _, err := h.Read(t.Context(), fmt.Sprint("T-", i), 0); err == nil {
				readable++
			} else {
				require.ErrorIs(t, err, ErrDamaged)
			}
		}
		require.Equal(t, reached, readable)
		if reached > 0 {
			h.add("T-0", []byte("sealed meanwhile"))
		}
		if reached < cases {
			_, err = h.Journal.Checkpoint(t.Context(), h.signer)
			require.ErrorIs(t, err, ErrDamaged, "nothing is signed over what was not adopted")
		}
		n, err = h.Adopt(t.Context(), noon.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, cases-reached, n)
		require.Equal(t, int64(cases), h.log.Size())
		require.Equal(t, cases, h.sound(h.checkpoint()).Adopted)
	}
}

// A case that went on without seals after it was adopted is adopted anew, if its beginning is still the same.
func TestAdoptedAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	db := openSQLite(t, path)
	unsealedJournal(t, db, 3)
	h := newHouse(t, db)
	_, err := h.Adopt(t.Context(), noon)
	require.NoError(t, err)
	held := h.checkpoint()
	head, _, err := db.Read(t.Context(), "old 2", 0)
	require.NoError(t, err)
	_, err = db.Append(t.Context(), journal.Batch{Case: "old 2", Expect: head, Records: [][]byte{[]byte("an old program still runs")}})
	require.NoError(t, err)
	h.named(Fault{Case: "old 2", Seq: 4, Err: ErrDamaged}, held)
	_, err = h.Journal.Checkpoint(t.Context(), h.signer)
	require.Equal(t, fault("old 2", 4, ErrDamaged), err)
	n, err := h.Adopt(t.Context(), noon.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	second := h.checkpoint()
	h.sound(held, second)
	h.add("old 2", []byte("sealed"))
	h.sound(held, second)
	file, err := h.Export(t.Context(), "old 2")
	require.NoError(t, err)
	c, err := ReadCase(file, h.verifier)
	require.NoError(t, err)
	require.Equal(t, uint64(4), c.Adopted)
	require.Equal(t, noon.Add(time.Hour).Truncate(time.Second), c.AdoptedAt)
}

// A case file says what was adopted and when, and proves it.
func TestAdoptedCaseFile(t *testing.T) {
	m := journal.NewMemory()
	unsealedJournal(t, m, 4)
	h := newHouse(t, m)
	_, err := h.Adopt(t.Context(), noon)
	require.NoError(t, err)
	_, err = h.Export(t.Context(), "old 3")
	require.ErrorIs(t, err, ErrNoCheckpoint)
	h.checkpoint()
	h.add("old 2", []byte("sealed"), entry(t, 5, "Bob"))
	h.add("new", []byte("sealed"))
	_, err = h.Erase(t.Context(), "old 1", h.head("old 1"), []byte("gone"))
	require.NoError(t, err)
	h.checkpoint()
	for id, want := range map[string]struct {
		adopted, version uint64
		erased           bool
	}{"old 0": {1, 1, false}, "old 1": {0, 3, true}, "old 2": {3, 5, false}, "old 3": {4, 4, false}, "gone": {3, 3, true}, "empty": {2, 2, false}, "new": {0, 1, false}} {
		file, err := h.Export(t.Context(), id)
		require.NoError(t, err, id)
		c, err := ReadCase(file, h.verifier)
		require.NoError(t, err, id)
		require.Equal(t, want.adopted, c.Adopted, id)
		require.Equal(t, want.version, c.Version(), id)
		require.Equal(t, want.erased, c.Erased, id)
		require.Equal(t, want.adopted > 0, c.AdoptedAt.Equal(noon.Truncate(time.Second)), id)
		_, records, err := h.Read(t.Context(), id, 0)
		require.NoError(t, err)
		have, err := c.Records(t.Context(), h.keyring)
		require.NoError(t, err)
		require.Len(t, have, len(records))
		for i := range have {
			require.Equal(t, string(records[i].Data), string(have[i].Data))
		}
		for i := range file {
			for bit := range 8 {
				file[i] ^= 1 << bit
				_, err := ReadCase(file, h.verifier)
				require.True(t, isOne(err, ErrCaseFile, ErrCheckpoint, ErrSignature, ErrProof, ErrTampered), "%s, byte %d, bit %d: %v", id, i, bit, err)
				file[i] ^= 1 << bit
			}
			_, err := ReadCase(file[:i], h.verifier)
			require.ErrorIs(t, err, ErrCaseFile, "%s, cut at %d", id, i)
		}
	}
}

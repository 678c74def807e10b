package seal

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// Of 10,000 random stored entries, one a case, one random bit each is flipped. Every one is named, by its case and number, by
// Verify and by Read.
func TestAnyFlippedBitIsNamed(t *testing.T) {
	const cases = 10_000
	h := newHouse(t, journal.NewMemory())
	random := rand.New(rand.NewPCG(4, 10_000))
	plain, private := entry(t, 1, ""), entry(t, 1, "somebody")
	sizes := make([]int, cases)
	for i := range cases {
		batch := [][]byte{plain, private, {}, []byte("x")}[:1+random.IntN(4)]
		sizes[i] = len(batch)
		id := fmt.Sprint("T-", i)
		head, err := h.Append(t.Context(), journal.Batch{Case: id, Records: batch})
		require.NoError(t, err)
		if i%5 == 0 {
			_, err = h.Erase(t.Context(), id, head, []byte("disposed of"))
			require.NoError(t, err)
			sizes[i] = 0
		}
	}
	h.checkpoint()
	h.sound()

	for i := range cases {
		at := place{fmt.Sprint("T-", i), uint64(1 + random.IntN(max(sizes[i], 1)))}
		if sizes[i] == 0 {
			head, _, err := h.store.Journal.Read(t.Context(), at.id, 1<<62)
			require.NoError(t, err)
			at.seq = head.Version
		}
		data := h.store.stored(t, at.id, at.seq)
		data[random.IntN(len(data))] ^= 1 << random.IntN(8)
		h.store.data[at] = data
	}
	report, err := h.Verify(t.Context())
	require.ErrorIs(t, err, ErrTampered)
	require.Len(t, report.Faults, cases)
	for _, f := range report.Faults {
		_, altered := h.store.data[place{f.Case, f.Seq}]
		require.True(t, altered, "%v", f)
		require.Equal(t, f.Seq, f.Last)
		require.ErrorIs(t, f, ErrDamaged)
		_, _, err := h.Read(t.Context(), f.Case, 0)
		require.Equal(t, f, err, "Read names the same")
	}
	for _, err := range h.Scan(t.Context(), "") {
		require.ErrorIs(t, err, ErrDamaged)
	}
}

// Every bit of a few entries, the last of their case among them, without a checkpoint.
func TestEveryBitOfAnEntryCounts(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, ""), entry(t, 2, "somebody"), nil)
	for seq := range uint64(3) {
		at := place{"T-1", seq + 1}
		data := h.store.stored(t, at.id, at.seq)
		for bit := range len(data) * 8 {
			flipped := slices.Clone(data)
			flipped[bit/8] ^= 1 << (bit % 8)
			h.store.data[at] = flipped
			_, _, err := h.Read(t.Context(), "T-1", 0)
			require.Equal(t, fault("T-1", at.seq, ErrDamaged), err, "bit %d", bit)
			_, _, err = h.Read(t.Context(), "T-1", seq)
			require.Equal(t, fault("T-1", at.seq, ErrDamaged), err, "bit %d", bit)
		}
		h.store.restore()
	}
	h.sound()
}

func TestSwappedEntriesAreNamed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 6)
	h.entries("T-2", 6)
	random := rand.New(rand.NewPCG(1, 2))
	all := contents(t, h.store)
	order := places(all)
	for range 500 {
		a, b := order[random.IntN(len(order))], order[random.IntN(len(order))]
		if a == b {
			continue
		}
		h.store.data = map[place][]byte{a: all[b], b: all[a]}
		first := a
		if b.id == a.id && b.seq < a.seq || b.id < a.id {
			first = b
		}
		h.named(Fault{Case: first.id, Seq: first.seq, Err: ErrDamaged})
	}
}

func TestDroppedEntriesAreNamed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 6)
	h.entries("T-2", 2)
	for seq := range head.Version {
		h.store.restore()
		h.store.data[place{"T-1", seq + 1}] = nil
		h.named(Fault{Case: "T-1", Seq: seq + 1, Err: ErrMissing})
		_, _, err := h.Read(t.Context(), "T-1", 0)
		require.Equal(t, fault("T-1", seq+1, ErrMissing), err)
	}
	// Whoever has to read the last entry first appends nothing without it. Who remembers it does, and what is missing shows as before.
	_, err := New(h.store, Options{}).Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{{1}}})
	require.Equal(t, fault("T-1", head.Version, ErrMissing), err)
	_, err = h.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{{1}}})
	require.NoError(t, err)
	h.named(Fault{Case: "T-1", Seq: head.Version, Err: ErrMissing})
	h.store.restore()
	h.sound()
}

// Of several bad entries the first is named, also when it has lost its seal, so that only what follows tells that it is bad.
func TestFirstOfSeveralFaultsIsNamed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 5)
	held := h.checkpoint()
	unsealed := h.store.stored(t, "T-1", 2)[:50]
	for name, c := range map[string]struct {
		change func()
		last   uint64
	}{
		"the next is missing":    {func() { h.store.data[place{"T-1", 3}] = nil }, 2},
		"the next is damaged":    {func() { h.store.data[place{"T-1", 3}] = h.store.stored(t, "T-1", 4) }, 3},
		"the next has no seal":   {func() { h.store.data[place{"T-1", 3}] = []byte("x") }, 3},
		"all others are missing": {func() { clear(h.store.data); h.dropFrom("T-1", 3, head) }, 3},
		"it is the last one":     {func() { h.dropFrom("T-1", 3, head); h.store.heads["T-1"] = journal.Head{Version: 2, Rev: 2} }, 2},
	} {
		h.store.restore()
		c.change()
		h.store.data[place{"T-1", 2}] = unsealed
		t.Log(name)
		h.named(Fault{Case: "T-1", Seq: 2, Last: c.last, Err: ErrDamaged}, held)
	}
}

func (h *house) dropFrom(id string, seq uint64, head journal.Head) {
	for ; seq <= head.Version; seq++ {
		h.store.data[place{id, seq}] = nil
	}
}

// Whoever drops the last entry will also move the head back. Only the log knows, and it is enough.
func TestTruncatedTailIsNamed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 6)
	h.entries("T-2", 2)
	h.store.data[place{"T-1", 6}] = nil
	h.store.heads["T-1"] = journal.Head{Version: head.Version - 1, Rev: head.Rev - 1}
	require.Equal(t, 7, h.sound().Open, "before a checkpoint nobody can know")
	h.store.restore()

	h.checkpoint()
	h.store.data[place{"T-1", 6}] = nil
	h.store.heads["T-1"] = journal.Head{Version: head.Version - 1, Rev: head.Rev - 1}
	h.named(Fault{Case: "T-1", Seq: 6, Err: ErrMissing})

	h.store.restore()
	h.store.gone["T-1"] = true
	h.named(Fault{Case: "T-1", Seq: 1, Err: ErrMissing})
}

// An older database is consistent with itself. The log beside it knows of entries that it has not.
func TestOlderDatabaseIsNoticed(t *testing.T) {
	m := journal.NewMemory()
	h := newHouse(t, m)
	h.entries("T-1", 3)
	h.checkpoint()
	old := m.Snapshot()
	h.entries("T-2", 1)
	h.add("T-1", entry(t, 4, ""), entry(t, 5, ""))
	h.checkpoint()
	m.Restore(old)
	h.named(Fault{Case: "T-1", Seq: 4, Err: ErrMissing})
	_, err := h.Journal.Checkpoint(t.Context(), h.signer)
	require.Equal(t, fault("T-1", 4, ErrMissing), err, "no checkpoint is built on it")

	// Other entries in the place of the lost ones do not help.
	h.add("T-1", entry(t, 4, ""), []byte("another fifth"))
	h.named(Fault{Case: "T-1", Seq: 4, Last: 5, Err: ErrRewritten})
	_, err = h.Journal.Checkpoint(t.Context(), h.signer)
	require.ErrorIs(t, err, ErrRewritten)
}

// When the log is an older one too, who holds a checkpoint notices.
func TestOlderDatabaseWithOlderLogIsNoticed(t *testing.T) {
	m := journal.NewMemory()
	h := newHouse(t, m)
	h.entries("T-1", 3)
	h.checkpoint()
	old, oldLog := m.Snapshot(), h.logStore.Snapshot()
	h.add("T-1", entry(t, 4, ""))
	held := h.checkpoint()
	h.sound(held)
	m.Restore(old)
	h.logStore.Restore(oldLog)
	_, err := h.Verify(t.Context(), held)
	require.ErrorIs(t, err, ErrRolledBack, "an open log")

	log, err := OpenLog(t.Context(), h.logStore, origin, h.verifier)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Log: log})
	h.sound()
	_, err = h.Verify(t.Context(), held)
	require.ErrorIs(t, err, ErrRolledBack)

	// The log goes on another way.
	h.add("T-1", []byte("another fourth"))
	h.checkpoint()
	_, err = h.Verify(t.Context(), held)
	require.ErrorIs(t, err, ErrForked)
}

// rewrite forges a case from an entry on, with all the sums that follow from it, as somebody would who knows the format.
func (h *house) rewrite(id string, from uint64, forged []byte) {
	h.Helper()
	_, records, err := h.store.Journal.Read(h.Context(), id, 0)
	require.NoError(h, err)
	var last sum
	for _, r := range records[from-1:] {
		payload, s, f := parse(id, r.Seq, r.Data)
		require.Equal(h, sealed, f)
		if r.Seq == from {
			payload, last = forged, *s.prev
		}
		h.store.data[place{id, r.Seq}], last = appendSealed(nil, payload, id, r.Seq, last, s.flags, s.bare)
	}
}

func TestRewrittenEntriesAreNamedAsCloselyAsTheLogKnows(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, ""), entry(t, 2, ""), entry(t, 3, ""))
	h.checkpoint()
	h.add("T-1", entry(t, 4, ""))
	h.checkpoint()
	h.add("T-1", entry(t, 5, ""), entry(t, 6, ""), entry(t, 7, ""))
	held := h.checkpoint()
	for from, want := range []Fault{{Seq: 1, Last: 3}, {Seq: 1, Last: 3}, {Seq: 1, Last: 3}, {Seq: 4}, {Seq: 5, Last: 7}, {Seq: 5, Last: 7}, {Seq: 5, Last: 7}} {
		h.store.restore()
		h.rewrite("T-1", uint64(from+1), []byte("forged"))
		_, _, err := h.Read(t.Context(), "T-1", 0)
		require.NoError(t, err, "the chain alone agrees with itself")
		want.Case, want.Err = "T-1", ErrRewritten
		h.named(want, held)
	}
	h.store.restore()
	h.sound(held)
}

// A record of another chain of the same case, such as one from a copy of the database that went another way, does not fit in.
func TestSplicedEntryIsNamed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, ""), entry(t, 2, ""), entry(t, 3, ""))
	other := newHouse(t, journal.NewMemory())
	other.add("T-1", entry(t, 1, ""), []byte("another second"), entry(t, 3, ""))
	h.store.data[place{"T-1", 3}] = other.store.stored(t, "T-1", 3)
	h.named(Fault{Case: "T-1", Seq: 3, Err: ErrLink})
	h.store.restore()
	h.store.data[place{"T-1", 2}] = other.store.stored(t, "T-1", 2)
	h.named(Fault{Case: "T-1", Seq: 3, Err: ErrLink})
}

func TestJournalThatWasNotSealedIsReported(t *testing.T) {
	m := journal.NewMemory()
	_, err := m.Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{entry(t, 1, ""), entry(t, 2, "")}})
	require.NoError(t, err)
	h := newHouse(t, m)
	want := Fault{Case: "T-1", Seq: 1, Last: 2, Err: ErrDamaged}
	h.named(want)
	_, _, err = h.Read(t.Context(), "T-1", 0)
	require.Equal(t, &want, err)
	_, err = h.Append(t.Context(), journal.Batch{Case: "T-1", Expect: journal.Head{Version: 2, Rev: 1}, Records: [][]byte{{1}}})
	require.Equal(t, &want, err)
}

// The tombstone takes up the sum of what it replaces, so that what the log says of the time before still holds.
func TestChainGoesOnOverAnErasure(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 4)
	first := h.checkpoint()
	file, err := h.Export(t.Context(), "T-1")
	require.NoError(t, err)
	_, err = h.Erase(t.Context(), "T-1", head, []byte("disposed of under standard/7.1-retention"))
	require.NoError(t, err)
	require.Equal(t, 1, h.sound(first).Erased)
	second := h.checkpoint()
	require.Equal(t, 1, h.sound(first, second).Erased)
	_, err = ReadCase(file, h.verifier)
	require.NoError(t, err, "who has an older file can still prove it")

	// A tombstone over another past is not taken for it.
	other := newHouse(t, journal.NewMemory())
	otherHead := other.add("T-1", entry(t, 1, ""), entry(t, 2, ""), entry(t, 3, ""), entry(t, 4, "nobody"))
	_, err = other.Erase(t.Context(), "T-1", otherHead, []byte("disposed of under standard/7.1-retention"))
	require.NoError(t, err)
	h.store.data[place{"T-1", 5}] = other.store.stored(t, "T-1", 5)
	h.named(Fault{Case: "T-1", Seq: 1, Last: 4, Err: ErrRewritten})
}

package seal

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// full is a batch of so many records that leaves no room for seals.
func full(n int) [][]byte {
	records := make([][]byte, n)
	for i := range records {
		records[i] = bytes.Repeat([]byte{byte('a' + i)}, journal.MaxBatch/n)
	}
	return records
}

// A batch that is too large to be sealed is sealed by the record after it: until then by its size alone.
func TestBatchWithoutRoomForSeals(t *testing.T) {
	for _, n := range []int{1, 16, 100} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			h := newHouse(t, journal.NewMemory())
			records := full(n)
			if n == 1 {
				records = [][]byte{bytes.Repeat([]byte("x"), journal.MaxRecord-sealSize+1)}
			}
			h.add("T-1", entry(t, 1, ""))
			head, err := h.Append(t.Context(), journal.Batch{Case: "T-1", Expect: journal.Head{Version: 1, Rev: 1}, Records: records})
			require.NoError(t, err)
			last := uint64(1 + n)
			require.Equal(t, last, head.Version)
			same := func() {
				_, have, err := h.Read(t.Context(), "T-1", 1)
				require.NoError(t, err)
				for i := range records {
					require.True(t, bytes.Equal(records[i], have[i].Data))
				}
				_, have, err = h.Read(t.Context(), "T-1", last-1)
				require.NoError(t, err)
				require.True(t, bytes.Equal(records[n-1], have[0].Data))
				seen := uint64(0)
				for r, err := range h.Scan(t.Context(), "") {
					require.NoError(t, err)
					if seen++; r.Seq > 1 && r.Seq <= last {
						require.True(t, bytes.Equal(records[r.Seq-2], r.Data))
					}
				}
			}
			same()
			held := h.checkpoint()
			h.sound(held)
			file, err := h.Export(t.Context(), "T-1")
			require.NoError(t, err)
			_, err = ReadCase(file, h.verifier)
			require.NoError(t, err)

			// The log has them.
			at := place{"T-1", last}
			data := h.store.stored(t, at.id, at.seq)
			data[len(data)/2] ^= 1
			h.store.data[at] = data
			h.named(Fault{Case: "T-1", Seq: 1, Last: last, Err: ErrRewritten}, held)
			h.store.restore()

			// And the next record has.
			h.add("T-1", []byte("after"))
			same()
			h.sound(held)
			h.store.data[at] = data
			report, err := h.Verify(t.Context())
			require.ErrorIs(t, err, ErrTampered)
			require.LessOrEqual(t, report.Faults[0].Seq, last)
			require.GreaterOrEqual(t, report.Faults[0].Last, last)
			h.store.data[at] = nil
			h.named(Fault{Case: "T-1", Seq: last, Err: ErrMissing})
			h.store.restore()

			second := h.checkpoint()
			h.sound(held, second)
			require.Equal(t, int64(2), second.Size, "a checkpoint that goes on from the middle of them")

			_, err = h.Erase(t.Context(), "T-1", journal.Head{Version: last + 1, Rev: 3}, []byte("gone"))
			require.NoError(t, err)
			h.sound(held, second, h.checkpoint())
		})
	}
}

// A case may begin with such a batch, and be erased right after it.
func TestCaseOfNothingElse(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head, err := h.Append(t.Context(), journal.Batch{Case: "T-1", Records: full(16)})
	require.NoError(t, err)
	held := h.checkpoint()
	h.sound(held)
	_, err = h.Erase(t.Context(), "T-1", head, []byte("gone"))
	require.NoError(t, err)
	h.sound(held)
	h.sound(h.checkpoint())
}

// A small record without a seal is never taken for part of a large batch that lacks them.
func TestSealThatWasTakenOffIsNoticed(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 5)
	for seq := uint64(1); seq <= 5; seq++ {
		data := h.store.stored(t, "T-1", seq)
		h.store.data = map[place][]byte{{"T-1", seq}: data[:len(data)-sealSize]}
		h.named(Fault{Case: "T-1", Seq: seq, Err: ErrDamaged})
		_, _, err := h.Read(t.Context(), "T-1", 0)
		require.Equal(t, fault("T-1", seq, ErrDamaged), err)
		_, _, err = h.Read(t.Context(), "T-1", seq-1)
		require.Equal(t, fault("T-1", seq, ErrDamaged), err, "a tail")
		_, err = collectScan(t, h.Journal)
		require.Equal(t, fault("T-1", seq, ErrDamaged), err)
	}
}

// Who takes a case up in its middle knows no sum to compare with, and notices all the same.
func TestSealThatWasTakenOffIsNoticedWithoutKnowingTheSum(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 6)
	c := chain{seq: 4}
	data := h.store.stored(t, "T-1", 5)
	_, _, bad := c.step("T-1", 5, data[:len(data)-sealSize])
	require.Nil(t, bad)
	_, _, bad = c.step("T-1", 6, h.store.stored(t, "T-1", 6))
	require.Equal(t, fault("T-1", 5, ErrDamaged), bad)
}

func collectScan(t testing.TB, j *Journal) (records []journal.Record, err error) {
	t.Helper()
	for r, err := range j.Scan(t.Context(), "") {
		if err != nil {
			return records, err
		}
		records = append(records, r)
	}
	return records, nil
}

// A record without a seal that ends like one that has it would be read as damaged, and is refused.
func TestRecordThatEndsLikeASealedOne(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	trick, _ := appendSealed(nil, bytes.Repeat([]byte("x"), journal.MaxRecord-sealSize), "T-1", 1, genesis("T-1"), 0, 0)
	require.Len(t, trick, journal.MaxRecord)
	_, err := h.Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{trick}})
	require.ErrorIs(t, err, journal.ErrBatch)
	require.ErrorIs(t, err, errAlike)
	// With room for a seal of its own it is a record like any other.
	small, _ := appendSealed(nil, []byte("x"), "T-1", 1, genesis("T-1"), flagTombstone, 0)
	h.add("T-1", small, slices.Clone(small))
	_, records, err := h.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	require.Equal(t, small, records[0].Data)
	require.Equal(t, small, records[1].Data)
}

func TestTombstoneWithoutRoomForItsSeal(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 2)
	_, err := h.Erase(t.Context(), "T-1", head, make([]byte, journal.MaxRecord-sealSize+1))
	require.ErrorIs(t, err, journal.ErrBatch)
	require.Equal(t, head, h.head("T-1"))
	_, err = h.Erase(t.Context(), "T-1", head, make([]byte, journal.MaxRecord-sealSize))
	require.NoError(t, err)
	h.sound()
}

func (h *house) head(id string) journal.Head {
	h.Helper()
	head, _, err := h.Read(h.Context(), id, 0)
	require.NoError(h, err)
	return head
}

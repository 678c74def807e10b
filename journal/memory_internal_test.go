package journal

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A person's data must not lie about in memory after it was erased.
func TestErasedBytesAreOverwritten(t *testing.T) {
	for _, size := range []int{10, 3000, 200_000} {
		m := NewMemory()
		secret := bytes.Repeat([]byte("secret"), size/6+1)
		held := func() (n int) {
			for _, c := range m.chunks {
				n += bytes.Count(c.data, []byte("secret"))
			}
			return n
		}
		ctx := t.Context()
		h, err := m.Append(ctx, Batch{Case: "case", Key: "secret key", Records: [][]byte{secret}, Sum: [32]byte([]byte("secretsecretsecretsecretsecret32"))})
		require.NoError(t, err)
		_, err = m.Append(ctx, Batch{Case: "other", Records: [][]byte{secret}})
		require.NoError(t, err)
		h, err = m.Append(ctx, Batch{Case: "case", Expect: h, Records: [][]byte{secret, secret}})
		require.NoError(t, err)
		require.Positive(t, held())
		_, err = m.Erase(ctx, "case", h, nil)
		require.NoError(t, err)
		assert.Equal(t, size/6+1, held(), "only the other case's")
	}
}

// A journal does not keep the blocks of cases that were all erased.
func TestMemoryOfErasedCasesIsGivenBack(t *testing.T) {
	m := NewMemory()
	ctx := t.Context()
	heads := make([]Head, 200)
	for i := range heads {
		h, err := m.Append(ctx, Batch{Case: fmt.Sprint(i), Key: "open", Records: [][]byte{bytes.Repeat([]byte{'x'}, 5000)}})
		require.NoError(t, err)
		heads[i] = h
	}
	held := func() (n int) {
		for _, c := range m.chunks {
			n += cap(c.data)
		}
		return n
	}
	require.Greater(t, held(), 1_000_000)
	for i, h := range heads {
		_, err := m.Erase(ctx, fmt.Sprint(i), h, nil)
		require.NoError(t, err)
	}
	assert.LessOrEqual(t, held(), 2*chunkSize)
	assert.Empty(t, m.keys.newest)

	n := 0
	for _, err := range m.Scan(ctx, "") {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, len(heads), n, "tombstones are found behind what was given back")
}

// Whoever scans while the journal is restored must begin anew, not go on in another history.
func TestRestoreEndsAScan(t *testing.T) {
	m := NewMemory()
	for i := range 300 {
		_, err := m.Append(t.Context(), Batch{Case: fmt.Sprint(i), Records: [][]byte{nil}})
		require.NoError(t, err)
	}
	backup := m.Snapshot()
	for _, loop := range []func(context.Context, Position) iter.Seq2[Record, error]{m.Scan, m.View} {
		n := 0
		var last error
		for _, err := range loop(t.Context(), "") {
			if last = err; err != nil {
				break
			}
			if n++; n == 1 {
				m.Restore(backup)
			}
		}
		require.ErrorIs(t, last, ErrPosition)
		assert.Less(t, n, 300)
	}
}

// Records that were given share blocks, and no more than that: none grows into another one, and whoever keeps one keeps eight kilobytes.
func TestGivenRecordsShareSmallBlocks(t *testing.T) {
	m := NewMemory()
	records := make([][]byte, 900)
	for i := range records {
		records[i] = bytes.Repeat([]byte{byte(i)}, i%2000)
	}
	_, err := m.Append(t.Context(), Batch{Case: "case", Records: records})
	require.NoError(t, err)
	_, given, err := m.Read(t.Context(), "case", 0)
	require.NoError(t, err)
	for r, err := range m.Scan(t.Context(), "") {
		require.NoError(t, err)
		given = append(given, r)
	}
	require.Len(t, given, 2*len(records))
	for i, r := range given {
		require.Len(t, r.Data, i%len(records)%2000)
		_ = append(r.Data, 1, 2, 3)
		for k := range r.Data {
			r.Data[k] ^= 0xff
		}
	}
	for i, r := range given {
		require.Equal(t, bytes.Repeat([]byte{^byte(i % len(records))}, len(r.Data)), append([]byte{}, r.Data...), "record %d", i)
	}
	one := testing.AllocsPerRun(10, func() { _, _, _ = m.Read(t.Context(), "case", 890) })
	require.Less(t, one, 20.0)
}

// Looking at records allocates room for one page of them, however many there are.
func TestViewAllocatesOnePage(t *testing.T) {
	m := NewMemory()
	for i := range 100 {
		_, err := m.Append(t.Context(), Batch{Case: fmt.Sprint(i), Records: make([][]byte, 100)})
		require.NoError(t, err)
	}
	n := 0
	allocations := testing.AllocsPerRun(5, func() {
		for _, err := range m.View(t.Context(), "") {
			require.NoError(t, err)
			n++
		}
	})
	require.Equal(t, 6*10_000, n)
	require.Less(t, allocations, 30.0)
}

// A loop is cut off between its pages.
func TestLoopsLookAtTheirContext(t *testing.T) {
	m := NewMemory()
	next := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for i := range 400 {
		_, err := m.Append(t.Context(), Batch{Case: fmt.Sprint(i), Records: [][]byte{nil}, Next: next})
		require.NoError(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range m.Scan(ctx, "") {
		cancel()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for _, err := range m.Due(ctx, next) {
		stop()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

// The zero values are an empty journal and the backup of one.
func TestZeroMemoryAndSnapshot(t *testing.T) {
	var m Memory
	_, _, err := m.Read(t.Context(), "case", 0)
	require.ErrorIs(t, err, ErrUnknownCase)
	for range m.Scan(t.Context(), "") {
		t.Error("an empty journal yields a record")
	}
	for _, err := range m.Scan(t.Context(), ".1") {
		require.ErrorIs(t, err, ErrPosition)
	}
	for range m.Due(t.Context(), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("an empty journal yields an item")
	}
	m.Restore(Snapshot{})
	h, err := m.Append(t.Context(), Batch{Case: "case", Key: "k", Records: [][]byte{[]byte("x")}, Next: time.Unix(0, 0)})
	require.NoError(t, err)
	m.Restore(m.Snapshot())
	have, _, err := m.Read(t.Context(), "case", 0)
	require.NoError(t, err)
	assert.Equal(t, h, have)
	m.Restore(Snapshot{})
	_, _, err = m.Read(t.Context(), "case", 0)
	require.ErrorIs(t, err, ErrUnknownCase)
}

// A snapshot is not moved by what is appended or erased later.
func TestSnapshotStandsStill(t *testing.T) {
	m := NewMemory()
	ctx := t.Context()
	h, err := m.Append(ctx, Batch{Case: "case", Key: "k", Records: [][]byte{[]byte("kept")}, Next: time.Unix(0, 0)})
	require.NoError(t, err)
	backup := m.Snapshot()
	_, err = m.Erase(ctx, "case", h, []byte("gone"))
	require.NoError(t, err)
	for range 2 {
		m.Restore(backup)
		have, records, err := m.Read(ctx, "case", 0)
		require.NoError(t, err)
		require.Equal(t, h, have)
		require.Equal(t, "kept", string(records[0].Data))
		_, err = m.Append(ctx, Batch{Case: "case", Key: "2", Expect: h, Records: [][]byte{[]byte("more")}})
		require.NoError(t, err)
	}
}

// A malicious id neither fills nor forges a line of a log.
func TestErrorsStayShort(t *testing.T) {
	long := strings.Repeat("\x00", 1<<20)
	err := CheckID(long)
	require.ErrorIs(t, err, ErrBatch)
	assert.Less(t, len(err.Error()), 1500)
	assert.NotContains(t, CaseError("a\nb", ErrErased).Error(), "\n")
	assert.NoError(t, CaseError("a", nil))
}

// The copy of a chunk may have room behind a frame longer than a chunk, where no link can point.
func TestRestoreOfALongFrame(t *testing.T) {
	m := NewMemory()
	ctx := t.Context()
	h, err := m.Append(ctx, Batch{Case: "case", Records: [][]byte{bytes.Repeat([]byte{'x'}, chunkSize+4000)}})
	require.NoError(t, err)
	m.Restore(m.Snapshot())
	_, err = m.Append(ctx, Batch{Case: "case", Expect: h, Records: [][]byte{[]byte("short")}})
	require.NoError(t, err)
	_, records, err := m.Read(ctx, "case", 1)
	require.NoError(t, err)
	require.Equal(t, "short", string(records[0].Data))
}

// Keys whose hashes are equal are told apart, also of two cases, and also when one of them was erased.
func TestKeysWhoseHashesAreEqual(t *testing.T) {
	m := NewMemory()
	m.keys.hash = func(uint32, string) uint64 { return 7 }
	ctx := t.Context()
	for i := range 3 {
		for _, key := range []string{"a", "b"} {
			id := fmt.Sprint(i, key)
			_, err := m.Append(ctx, Batch{Case: id, Key: key, Records: make([][]byte, i+1)})
			require.NoError(t, err)
		}
	}
	_, err := m.Erase(ctx, "1a", Head{Version: 2, Rev: 1}, nil)
	require.NoError(t, err)
	for _, i := range []int{0, 2} {
		for _, key := range []string{"a", "b"} {
			h, err := m.Append(ctx, Batch{Case: fmt.Sprint(i, key), Key: key, Records: [][]byte{nil}})
			require.NoError(t, err)
			require.Equal(t, Head{Version: uint64(i + 1), Rev: 1}, h)
		}
	}
	_, err = m.Append(ctx, Batch{Case: "0a", Key: "b", Records: [][]byte{nil}})
	require.ErrorIs(t, err, ErrConflict, "another key, though of the same hash")
}

func FuzzPosition(f *testing.F) {
	m := NewMemory()
	for i := range 12 {
		_, err := m.Append(context.Background(), Batch{Case: fmt.Sprint(i), Records: [][]byte{nil}})
		require.NoError(f, err)
	}
	m.epoch = "EPOCH"
	for _, seed := range []string{"", "EPOCH.1", "EPOCH.12", "EPOCH.13", "EPOCH.0", "EPOCH.01", "EPOCH.+1", "EPOCH.", "EPOCH", ".1", "EPOCH.1.1", "EPOCH.18446744073709551616", "epoch.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := m.resolve(Position(text))
		left := 0
		for _, scanErr := range m.Scan(t.Context(), Position(text)) {
			require.Equal(t, err, scanErr)
			left++
		}
		if err != nil {
			require.ErrorIs(t, err, ErrPosition)
			require.Equal(t, 1, left)
			return
		}
		require.Equal(t, 12-int(n), left)
		if n > 0 {
			require.Equal(t, position("EPOCH", n), Position(text), "a position has one form")
		} else {
			require.Empty(t, text)
		}
	})
}

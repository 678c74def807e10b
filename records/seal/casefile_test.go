package seal

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

func isOne(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func TestCaseFileProvesItself(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	for i := range 9 {
		h.entries(fmt.Sprint("T-", i), 1+i)
		if i%3 == 0 {
			h.checkpoint()
		}
	}
	head := h.entries("gone", 3)
	_, err := h.Erase(t.Context(), "gone", head, []byte("disposed of"))
	require.NoError(t, err)
	want := h.checkpoint()
	h.add("T-4", []byte("newer than the checkpoint"))
	for i := range 9 {
		id := fmt.Sprint("T-", i)
		file, err := h.Export(t.Context(), id)
		require.NoError(t, err)
		c, err := ReadCase(file, h.verifier)
		require.NoError(t, err)
		require.Equal(t, id, c.Case)
		require.Equal(t, want, c.Checkpoint)
		require.Equal(t, uint64(1+i), c.Version())
		require.False(t, c.Erased)
		_, records, err := h.Read(t.Context(), id, 0)
		require.NoError(t, err)
		have, err := c.Records(t.Context(), h.keyring)
		require.NoError(t, err)
		require.Equal(t, records[:1+i], have)
		closed, err := c.Records(t.Context(), nil)
		require.NoError(t, err)
		require.NotContains(t, string(closed[len(closed)-1].Data), "somebody")
	}
	file, err := h.Export(t.Context(), "gone")
	require.NoError(t, err)
	c, err := ReadCase(file, h.verifier)
	require.NoError(t, err)
	require.True(t, c.Erased)
	records, err := c.Records(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "disposed of", string(records[0].Data))
	require.Equal(t, uint64(4), records[0].Seq)
}

// Any bit of a file counts, and any cut.
func TestChangedCaseFileIsRefused(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 3)
	h.entries("T-2", 1)
	h.checkpoint()
	file, err := h.Export(t.Context(), "T-1")
	require.NoError(t, err)
	for i := range file {
		for bit := range 8 {
			bad := bytes.Clone(file)
			bad[i] ^= 1 << bit
			_, err := ReadCase(bad, h.verifier)
			require.True(t, isOne(err, ErrCaseFile, ErrCheckpoint, ErrSignature, ErrProof, ErrTampered), "byte %d, bit %d: %v", i, bit, err)
		}
		_, err := ReadCase(file[:i], h.verifier)
		require.ErrorIs(t, err, ErrCaseFile, "cut at %d", i)
	}
	_, err = ReadCase(append(bytes.Clone(file), 0), h.verifier)
	require.ErrorIs(t, err, ErrCaseFile)
	_, stranger := signers(t, "example.com/stranger")
	_, err = ReadCase(file, stranger)
	require.ErrorIs(t, err, ErrSignature)
}

// A file with fewer records, all of them good, or with records that were sealed anew, is not what the checkpoint holds.
func TestCaseFileCannotBeMadeUp(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 3)
	h.entries("T-2", 3)
	h.checkpoint()
	file, err := h.Export(t.Context(), "T-1")
	require.NoError(t, err)
	p, err := parseCase(file)
	require.NoError(t, err)
	shorter := appendCase(nil, p.caseID, p.records[:2], p.number, p.proof, p.signed, nil)
	_, err = ReadCase(shorter, h.verifier)
	require.ErrorIs(t, err, ErrProof, "the tail is missing")

	dropped := appendCase(nil, p.caseID, []journal.Record{p.records[0], p.records[2]}, p.number, p.proof, p.signed, nil)
	_, err = ReadCase(dropped, h.verifier)
	require.Equal(t, fault("T-1", 2, ErrMissing), err)
	swapped := appendCase(nil, p.caseID, []journal.Record{p.records[1], p.records[0], p.records[2]}, p.number, p.proof, p.signed, nil)
	_, err = ReadCase(swapped, h.verifier)
	require.Equal(t, fault("T-1", 1, ErrMissing), err)
	renamed := appendCase(nil, "T-2", p.records, p.number, p.proof, p.signed, nil)
	_, err = ReadCase(renamed, h.verifier)
	require.Equal(t, fault("T-2", 1, ErrDamaged), err)
	_, err = ReadCase(appendCase(nil, p.caseID, p.records, p.number+1, p.proof, p.signed, nil), h.verifier)
	require.ErrorIs(t, err, ErrProof)
	_, err = ReadCase(appendCase(nil, p.caseID, p.records, 1<<62, p.proof, p.signed, nil), h.verifier)
	require.ErrorIs(t, err, ErrProof)
	_, err = ReadCase(appendCase(nil, p.caseID, nil, p.number, p.proof, p.signed, nil), h.verifier)
	require.ErrorIs(t, err, ErrCaseFile)

	h.rewrite("T-1", 2, []byte("forged"))
	_, err = h.Export(t.Context(), "T-1")
	require.ErrorIs(t, err, ErrRewritten, "no export of what the log does not hold")
}

func TestExportNeedsACheckpoint(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	_, err := h.Export(t.Context(), "T-1")
	require.ErrorIs(t, err, journal.ErrUnknownCase)
	head := h.entries("T-1", 2)
	_, err = h.Export(t.Context(), "T-1")
	require.ErrorIs(t, err, ErrNoCheckpoint)
	h.checkpoint()
	_, err = h.Export(t.Context(), "T-1")
	require.NoError(t, err)
	_, err = h.Erase(t.Context(), "T-1", head, nil)
	require.NoError(t, err)
	_, err = h.Export(t.Context(), "T-1")
	require.ErrorIs(t, err, ErrNoCheckpoint)
	require.ErrorContains(t, err, `"T-1"`)
	h.checkpoint()
	_, err = h.Export(t.Context(), "T-1")
	require.NoError(t, err)
}

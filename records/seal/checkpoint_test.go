package seal

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/servicecharter/charter/journal"
)

func TestCheckpointText(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 2)
	signed, err := h.Journal.Checkpoint(t.Context(), h.signer)
	require.NoError(t, err)
	lines := strings.Split(string(signed), "\n")
	require.Equal(t, origin, lines[0])
	require.Equal(t, "1", lines[1])
	require.Len(t, lines[2], 44)
	require.Empty(t, lines[3])
	require.True(t, strings.HasPrefix(lines[4], "— "+origin+" "))
	require.Len(t, lines, 6)

	n, err := note.Open(signed, note.VerifierList(h.verifier))
	require.NoError(t, err, "any reader of signed notes can check it")
	require.Len(t, n.Sigs, 1)
}

// Flipped, cut or signed by somebody else, a checkpoint is refused, and one says why.
func TestCorruptedCheckpointIsRefused(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 2)
	signed, err := h.Journal.Checkpoint(t.Context(), h.signer)
	require.NoError(t, err)
	good, err := ReadCheckpoint(signed, h.verifier)
	require.NoError(t, err)
	for i := range signed {
		for bit := range 8 {
			bad := bytes.Clone(signed)
			bad[i] ^= 1 << bit
			c, err := ReadCheckpoint(bad, h.verifier)
			require.Error(t, err, "byte %d, bit %d gives %v", i, bit, c)
			require.True(t, isOne(err, ErrCheckpoint, ErrSignature), err)
		}
		_, err := ReadCheckpoint(signed[:i], h.verifier)
		require.Error(t, err, "cut at %d", i)
	}
	// Its last letter also has bits that belong to no byte.
	last := bytes.LastIndexByte(signed, '=') - 1
	for _, letter := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		bad := bytes.Clone(signed)
		bad[last] = letter
		_, err := ReadCheckpoint(bad, h.verifier)
		require.Equal(t, letter == signed[last], err == nil, "%q in place of %q", letter, signed[last])
	}

	_, stranger := signers(t, "example.com/stranger")
	_, err = ReadCheckpoint(signed, stranger)
	require.ErrorIs(t, err, ErrSignature, "nobody we trust has signed it")
	_, err = ReadCheckpoint(signed)
	require.ErrorIs(t, err, ErrSignature, "we trust nobody")

	forger, _ := signers(t, origin)
	forged, err := good.sign(forger)
	require.NoError(t, err)
	_, err = ReadCheckpoint(forged, h.verifier)
	require.ErrorIs(t, err, ErrSignature, "a key of the same name")

	other := good
	other.Size++
	body, _ := good.sign(h.signer)
	swapped := strings.Replace(string(body), "\n1\n", "\n2\n", 1)
	_, err = ReadCheckpoint([]byte(swapped), h.verifier)
	require.ErrorIs(t, err, ErrSignature, "another size under the old signature")

	for _, text := range []string{
		"", "\n", "a\n", "a\n1\n", "a\n1\nx\n", "a b\n1\n" + strings.Repeat("A", 43) + "=\n", "a\n01\n" + strings.Repeat("A", 43) + "=\n",
		"a\n-1\n" + strings.Repeat("A", 43) + "=\n", "a\n+1\n" + strings.Repeat("A", 43) + "=\n", "a\n1\n" + strings.Repeat("A", 43) + "=\nmore\n",
		"a\n9223372036854775808\n" + strings.Repeat("A", 43) + "=\n", "a\n1\n" + strings.Repeat("A", 42) + "B=\n",
	} {
		_, err := parseCheckpoint(text)
		require.ErrorIs(t, err, ErrCheckpoint, "%q", text)
	}
	_, err = ReadCheckpoint(bytes.Repeat([]byte("x"), 1<<20), h.verifier)
	require.ErrorIs(t, err, ErrCheckpoint)
	_, err = ReadCheckpoint(nil, h.verifier)
	require.ErrorIs(t, err, ErrCheckpoint)
}

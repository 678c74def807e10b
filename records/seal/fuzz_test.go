package seal

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/journal"
)

// version1 is a file that some release has written.
func version1(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "version1", name))
	require.NoError(t, err)
	return data
}

func publicKey(t testing.TB) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(strings.TrimSpace(string(version1(t, "public.key"))))
	require.NoError(t, err)
	return v
}

// FuzzRecord: bytes that are taken for a sealed record are the only ones for it, and the ways to look at bytes agree.
func FuzzRecord(f *testing.F) {
	data, _ := appendSealed(nil, []byte("opened"), "T-1", 1, genesis("T-1"), 0, 0)
	f.Add("T-1", uint64(1), data)
	f.Fuzz(func(t *testing.T, id string, seq uint64, data []byte) {
		if journal.CheckID(id) != nil {
			return
		}
		payload, s, form := parse(id, seq, data)
		switch form {
		case sealed:
			again, own := appendSealed(nil, payload, id, seq, *s.prev, s.flags, s.bare)
			require.Equal(t, data, again)
			require.Equal(t, *s.own, own)
		case bare:
			require.False(t, looksSealed(data))
			require.Equal(t, data, payload)
		case damaged:
			require.Nil(t, payload)
		}
		// Sealed as a payload, the bytes come back.
		again, _ := appendSealed(nil, data, id, seq, genesis(id), 0, 0)
		payload, _, form = parse(id, seq, again)
		require.Equal(t, sealed, form)
		require.True(t, bytes.Equal(data, payload))
		c := startOf(id)
		_, _, _ = c.step(id, seq, data)
		_ = c.end(id)
	})
}

// FuzzPersonal: whatever a payload with encrypted fields holds, reading gives an entry or an error that names it.
func FuzzPersonal(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x000123456789abcdef"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		p, ok := parsePersonal(payload)
		if ok {
			require.LessOrEqual(t, p.at, len(p.open))
			require.Equal(t, len(payload), personalHead+len(p.open)+len(p.id)+len(p.box))
		}
		_, err := New(journal.NewMemory(), Options{}).reveal(t.Context(), "T-1", 7, payload, flagPersonal)
		if err != nil {
			require.ErrorContains(t, err, `case "T-1", entry 7`)
		}
	})
}

// FuzzLeaf: what is read as a leaf is written again byte for byte.
func FuzzLeaf(f *testing.F) {
	for _, l := range []leaf{{caseID: "T-1", version: 2}, {caseID: "T-1", version: 2, found: true, at: -1}, {gone: true}} {
		f.Add(l.append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := parseLeaf(b)
		if err != nil {
			require.ErrorIs(t, err, ErrLog)
			return
		}
		require.Equal(t, b, l.append(nil))
	})
}

// FuzzLogRecord: a log takes a record or says what is wrong with it, and takes nothing by halves.
func FuzzLogRecord(f *testing.F) {
	f.Add(append([]byte{logNote}, version1(f, "checkpoint")...))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := &Log{origin: origin, of: map[string][]int{}, gone: map[KeyID]bool{}, found: map[string]*leaf{}}
		if err := l.take(data, nil); err != nil {
			require.True(t, isOne(err, ErrLog, ErrCheckpoint, ErrOrigin, ErrRolledBack, ErrForked), err)
			require.Empty(t, l.leaves)
			require.Zero(t, l.last)
		}
		require.Equal(t, int64(len(l.tree)), tlog.StoredHashCount(int64(len(l.leaves))))
	})
}

// FuzzCheckpoint: the text that is read is written again byte for byte; nothing that was not signed is taken for signed.
func FuzzCheckpoint(f *testing.F) {
	signed := version1(f, "checkpoint")
	verifier := publicKey(f)
	good, err := ReadCheckpoint(signed, verifier)
	require.NoError(f, err)
	f.Add(signed)
	f.Add([]byte(good.text()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := parseCheckpoint(string(b)); err == nil {
			require.Equal(t, string(b), c.text())
		} else {
			require.ErrorIs(t, err, ErrCheckpoint)
		}
		c, err := ReadCheckpoint(b, verifier)
		if err != nil {
			require.True(t, isOne(err, ErrCheckpoint, ErrSignature), err)
			return
		}
		require.Equal(t, good, c, "the only one that this key has signed")
	})
}

// FuzzCaseFile: what is read as a case file is written again byte for byte, and only what the checkpoint holds is taken for proved.
func FuzzCaseFile(f *testing.F) {
	file := version1(f, "case")
	verifier := publicKey(f)
	want, err := ReadCase(file, verifier)
	require.NoError(f, err)
	f.Add(file)
	p, err := parseCase(file)
	require.NoError(f, err)
	f.Add(appendCase(nil, p.caseID, p.records, p.number, p.proof, p.signed, &adoption{at: -1, version: 2, number: 1, proof: p.proof}))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parseCase(b)
		if err != nil {
			require.ErrorIs(t, err, ErrCaseFile)
			return
		}
		require.Equal(t, b, appendCase(nil, p.caseID, p.records, p.number, p.proof, p.signed, p.found))
		c, err := ReadCase(b, verifier)
		if err != nil {
			require.True(t, isOne(err, ErrCaseFile, ErrCheckpoint, ErrSignature, ErrProof, ErrTampered), err)
			return
		}
		require.Equal(t, want.Case, c.Case)
		require.Equal(t, want.records, c.records)
	})
}

// FuzzKeyring: what is read as a keyring is written again byte for byte. Bytes are tried as they are and with their sum put right, which gets
// the fuzzer past it.
func FuzzKeyring(f *testing.F) {
	file := version1(f, "keyring")
	f.Add(file)
	f.Add(file[:len(file)-sha256.Size])
	f.Fuzz(func(t *testing.T, b []byte) {
		s := sha256.Sum256(b)
		for _, data := range [][]byte{b, append(b[:len(b):len(b)], s[:]...)} {
			r, err := parseRing(data)
			if err != nil {
				require.ErrorIs(t, err, ErrKeyring)
				continue
			}
			require.Equal(t, data, r.append(nil))
			require.Len(t, r.byID, len(r.keys))
		}
	})
}

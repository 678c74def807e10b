package seal

import (
	"bytes"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// The bytes of version 1, computed by a program in another language (Python, hashlib and struct) from the description of the format alone.
func TestFormatIsAsDescribed(t *testing.T) {
	const (
		opened = "6f70656e6564fc274c7c07d5939d1f05a88eb5f292fb885fae8cce9d73ecb7c9d47851d676e900000000000063687365616c0146" +
			"6da399f2d3fc64593853c0641a49335c2cf3002b3cf7db2df9f023b4167506"
		empty = "466da399f2d3fc64593853c0641a49335c2cf3002b3cf7db2df9f023b416750600000000000063687365616c01beb8d387fcffa9" +
			"7b267fe0dea69917c0f9971c96fcaf69071c398758aa549c60"
		unsealed = "18c69c81080f9c79603836d482c61c8e7bbecf98f0ed509a51bae838e91a7bfb"
		grave    = "676f6e6518c69c81080f9c79603836d482c61c8e7bbecf98f0ed509a51bae838e91a7bfb02000000010063687365616c0129a0cf" +
			"cfa7bc1e859fa8095668d793255bd4426841119885333349ff778d9fa7"
		head = "636861727465722f7365616c203120686561640a0003542d31000000000000000200beb8d387fcffa97b267fe0dea69917c0f9971c96f" +
			"caf69071c398758aa549c60"
		found = "636861727465722f7365616c20312061646f7074656420686561640afffffffffffeae800003542d31000000000000000200beb8d387fcffa97b267fe0dea69917c0f9971c96fcaf69071c398758aa549c60"
		root  = "b4d5338ff2cdbcc84959b308b4e20648941447a1e6b28c64336dba177e8eba75"
	)
	first, one := appendSealed(nil, []byte("opened"), "T-1", 1, genesis("T-1"), 0, 0)
	require.Equal(t, opened, hex.EncodeToString(first))
	second, two := appendSealed(nil, nil, "T-1", 2, one, 0, 0)
	require.Equal(t, empty, hex.EncodeToString(second))
	three := bareSum("T-1", 3, []byte("xxxxx"), two)
	require.Equal(t, unsealed, hex.EncodeToString(three[:]))
	fourth, four := appendSealed(nil, []byte("gone"), "T-1", 4, three, flagTombstone, 1)
	require.Equal(t, grave, hex.EncodeToString(fourth))
	require.Len(t, second, sealSize)

	leaves := []leaf{
		{caseID: "T-1", version: 2, sum: two},
		{caseID: "T-1", version: 4, erased: true, sum: four},
		{gone: true, key: KeyID{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
	}
	require.Equal(t, head, hex.EncodeToString(leaves[0].append(nil)))
	adopted := leaf{caseID: "T-1", version: 2, sum: two, found: true, at: -86400}
	require.Equal(t, found, hex.EncodeToString(adopted.append(nil)))
	l := &Log{of: map[string][]int{}, gone: map[KeyID]bool{}, found: map[string]*leaf{}}
	for _, f := range leaves {
		require.NoError(t, l.add(f, f.append(nil)))
	}
	have, err := tlog.TreeHash(3, l.tree)
	require.NoError(t, err)
	require.Equal(t, root, hex.EncodeToString(have[:]))
}

var update = flag.Bool("update", false, "write the files of testdata/version1 anew")

// Files that a release has written are read by all later ones.
func TestFilesOfVersion1(t *testing.T) {
	dir := filepath.Join("testdata", "version1")
	master, err := NewMasterKey(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	if *update {
		writeVersion1(t, dir, master)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return data
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read("public.key"))))
	require.NoError(t, err)
	c, err := ReadCheckpoint(read("checkpoint"), verifier)
	require.NoError(t, err)
	require.Equal(t, origin, c.Origin)
	require.Equal(t, int64(2), c.Size)

	path := filepath.Join(t.TempDir(), "keys") // a checkout does not keep modes
	require.NoError(t, os.WriteFile(path, read("keyring"), 0o600))
	keys, err := OpenKeyring(t.Context(), path, master)
	require.NoError(t, err)
	require.Len(t, keys.Destroyed(), 1)

	file, err := ReadCase(read("case"), verifier)
	require.NoError(t, err)
	require.Equal(t, c, file.Checkpoint)
	records, err := file.Records(t.Context(), keys)
	require.NoError(t, err)
	require.Len(t, records, 3)
	e, err := history.Decode(records[0].Data)
	require.NoError(t, err)
	require.True(t, e.Personal.Has("name", "Ada"))
	e, err = history.Decode(records[1].Data)
	require.NoError(t, err)
	require.True(t, e.Fields.Has(KeyPersonal, Erased))
	require.Equal(t, "bytes", string(records[2].Data))
}

func writeVersion1(t *testing.T, dir string, master Master) {
	t.Helper()
	private, public, err := note.GenerateKey(nil, origin)
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "keys")
	keys, err := CreateKeyring(t.Context(), path, master)
	require.NoError(t, err)
	log, err := OpenLog(t.Context(), journal.NewMemory(), origin)
	require.NoError(t, err)
	j := New(journal.NewMemory(), Options{Keys: keys, Log: log, Subject: subject})
	_, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{entry(t, 1, "Ada"), entry(t, 2, "Bob"), []byte("bytes")}})
	require.NoError(t, err)
	_, err = j.Shred(t.Context(), "Bob")
	require.NoError(t, err)
	signed, err := j.Checkpoint(t.Context(), signer)
	require.NoError(t, err)
	file, err := j.Export(t.Context(), "T-1")
	require.NoError(t, err)
	ring, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for name, data := range map[string][]byte{"public.key": []byte(public + "\n"), "checkpoint": signed, "case": file, "keyring": ring} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
}

package seal

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// No way of printing, logging or encoding shows a key, by itself or inside what holds it.
func TestKeysAreNotShown(t *testing.T) {
	secret := []byte("jumps over QUICKLY, the lazy dog") // four of its letters are in no time, address or path
	key, err := NewKey(secret)
	require.NoError(t, err)
	master, err := NewMasterKey(secret)
	require.NoError(t, err)
	ring, err := CreateKeyring(t.Context(), filepath.Join(t.TempDir(), "keys"), master)
	require.NoError(t, err)
	id, _, err := ring.Current(t.Context(), "Ada")
	require.NoError(t, err)
	ring.open[id] = key
	j := New(journal.NewMemory(), Options{Keys: ring})

	var out bytes.Buffer
	for _, v := range []any{key, &key, master, &master, ring, *ring.copyForTest(), j, Options{Keys: ring}, []Key{key}, map[string]Key{"k": key}, struct{ K, k Key }{key, key}, struct{ m Master }{master}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		b, err := json.Marshal(v)
		if err == nil {
			out.Write(b)
		}
		b, _ = xml.Marshal(v)
		out.Write(b)
		_ = gob.NewEncoder(&out).Encode(v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		assert.Equal(recorder{&out}, v, "something else") // dumps both by reflection
		fmt.Fprintln(&out, errors.Join(fmt.Errorf("%v", v)))
	}
	shown := strings.ToLower(out.String())
	for i := 0; i+4 <= len(secret); i += 4 {
		part := secret[i : i+4]
		decimal := strings.Trim(fmt.Sprint(part), "[]")
		for _, form := range []string{string(part), hex.EncodeToString(part), decimal, strings.ReplaceAll(decimal, " ", ","), strings.ReplaceAll(fmt.Sprintf("% x", part), " ", ", 0x")} {
			require.False(t, strings.Contains(shown, strings.ToLower(form)), "%q", form)
		}
	}
	require.Contains(t, shown, "redacted")
	require.Equal(t, redacted, key.String())
	require.Equal(t, redacted, fmt.Sprintf("%#v", key))
}

// recorder is a test that fails and writes down why.
type recorder struct{ *bytes.Buffer }

func (r recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

// copyForTest gives a keyring that may be passed by value.
func (k *Keyring) copyForTest() *struct {
	ring
	master Master
	open   map[KeyID]Key
} {
	return &struct {
		ring
		master Master
		open   map[KeyID]Key
	}{k.ring, k.master, k.open}
}

func TestKeySizes(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		_, err := NewKey(make([]byte, n))
		require.ErrorIs(t, err, ErrKeySize)
		_, err = NewMasterKey(make([]byte, n))
		require.ErrorIs(t, err, ErrKeySize)
	}
	var none Key
	_, err := none.encrypt(nil, nil, nil)
	require.ErrorIs(t, err, ErrKeySize, "the zero key is none")
	_, err = none.decrypt(make([]byte, 40), nil)
	require.ErrorIs(t, err, ErrKeySize)
}

func TestKeyIsACopy(t *testing.T) {
	b := make([]byte, 32)
	k, err := NewKey(b)
	require.NoError(t, err)
	box, err := k.encrypt(nil, []byte("x"), nil)
	require.NoError(t, err)
	b[0] = 1
	plain, err := k.decrypt(box, nil)
	require.NoError(t, err)
	require.Equal(t, "x", string(plain))
}

// NIST's test vectors for GCM (McGrew and Viega, "The Galois/Counter Mode of Operation", test case 15: a 256-bit key and no additional
// data): what is decrypted is AES-256-GCM with the nonce in front and the tag behind.
func TestKnownAnswerOfGCM(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	key, err := NewKey(unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
	require.NoError(t, err)
	plain, err := key.decrypt(unhex("cafebabefacedbaddecaf888"+
		"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"+
		"b094dac5d93471bdec1a502270e3cc6c"), nil)
	require.NoError(t, err)
	require.Equal(t, "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
		hex.EncodeToString(plain))
}

package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
)

// Keys keeps a key for each subject, which is whom personal data is about. [Keyring] is one in a file; a host with a key management service
// either gives the keyring a [Master] that asks the service, or implements Keys over a table of its own. Any number of goroutines may
// call all methods at once.
type Keys interface {
	// Current gives the key for new entries of a subject, and makes one that is kept before it is given when the subject has none.
	Current(ctx context.Context, subject string) (KeyID, Key, error)

	// Lookup gives a key by its id. It gives [ErrKeyDestroyed] when the key was destroyed and [ErrKeyUnknown] when there never was one.
	// Any other error means that the key cannot be had just now.
	Lookup(ctx context.Context, id KeyID) (Key, error)

	// IDs gives the ids of the keys that a subject has, none when it has none.
	IDs(ctx context.Context, subject string) ([]KeyID, error)

	// Destroy destroys keys for good and remembers that they were. Ids that were destroyed before are left as they are; ids that
	// nobody has heard of are remembered as destroyed too, so that a restore may name them in advance.
	Destroy(ctx context.Context, ids ...KeyID) error
}

// KeyID names a key. It is random and says nothing about the subject; it stands in the clear beside what the key has encrypted.
type KeyID [16]byte

// NewKeyID gives an id that nobody else has.
func NewKeyID() KeyID {
	var id KeyID
	_, _ = rand.Read(id[:]) // never fails, crypto/rand says
	return id
}

func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

const keySize = 32

// Key is a data key for AES-256-GCM. It cannot be printed, logged or encoded: each way of doing so gives the word "redacted", and the bytes
// lie behind a function, where reflection does not reach. The zero Key is none. One key encrypts at most 2^32 entries, at which
// two of its random 96-bit nonces are equal with a chance of 2^-33 (NIST SP 800-38D, section 8.3).
type Key struct{ secret func() []byte }

// NewKey makes a key of 32 bytes, which it copies. Others give [ErrKeySize].
func NewKey(b []byte) (Key, error) {
	if len(b) != keySize {
		return Key{}, ErrKeySize
	}
	own := append([]byte{}, b...)
	return Key{func() []byte { return own }}, nil
}

// RandomKey gives a new key.
func RandomKey() Key {
	own := make([]byte, keySize)
	_, _ = rand.Read(own)
	return Key{func() []byte { return own }}
}

// bytes are the key's own.
func (k Key) bytes() []byte {
	if k.secret == nil {
		return nil
	}
	return k.secret()
}

func (k Key) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.bytes())
	if err != nil {
		return nil, ErrKeySize
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// encrypt appends a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes.
func (k Key) encrypt(dst, plain, additional []byte) ([]byte, error) {
	a, err := k.aead()
	if err != nil {
		return nil, err
	}
	return a.Seal(dst, nil, plain, additional), nil
}

// decrypt gives [ErrWrongKey] for whatever encrypt has not made with this key and the same additional data.
func (k Key) decrypt(box, additional []byte) ([]byte, error) {
	a, err := k.aead()
	if err != nil {
		return nil, err
	}
	plain, err := a.Open(nil, nil, box, additional)
	if err != nil {
		return nil, ErrWrongKey
	}
	return plain, nil
}

const redacted = "seal.Key(redacted)"

// String gives no key.
func (k Key) String() string { return redacted }

// GoString gives no key.
func (k Key) GoString() string { return redacted }

// Format gives no key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue gives no key.
func (k Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives no key.
func (k Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON gives no key.
func (k Key) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Master wraps data keys, so that they can be stored. [MasterKey] is one that holds its key in memory; a host with a key management service has the
// service do it. Any number of goroutines may call both at once.
type Master interface {
	// Wrap encrypts a data key. What is additional is bound to it: Unwrap fails when it is given anything else.
	Wrap(ctx context.Context, key, additional []byte) ([]byte, error)

	// Unwrap gives what was wrapped. It gives an error that matches [ErrWrongKey] for what another master has wrapped.
	Unwrap(ctx context.Context, wrapped, additional []byte) ([]byte, error)
}

// MasterKey is a [Master] with a key of its own. It is as hard to print as a [Key].
type MasterKey struct{ Key }

// NewMasterKey makes a master of 32 bytes from wherever the host keeps its secrets. Others give [ErrKeySize].
func NewMasterKey(b []byte) (MasterKey, error) {
	k, err := NewKey(b)
	return MasterKey{k}, err
}

// Wrap implements [Master]. A master may wrap 2^32 keys.
func (m MasterKey) Wrap(_ context.Context, key, additional []byte) ([]byte, error) {
	return m.encrypt(nil, key, additional)
}

// Unwrap implements [Master].
func (m MasterKey) Unwrap(_ context.Context, wrapped, additional []byte) ([]byte, error) {
	return m.decrypt(wrapped, additional)
}

package seal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
)

// Keyring is [Keys] in one file. The keys in it are wrapped by a [Master]; subjects are in it as hashes, so that neither the file nor an old copy of
// it names anybody. One process may have the file open at a time; one that finds it changed by another writes nothing ([ErrKeyringChanged]).
//
// Every change writes the whole file anew beside the old one, with .new behind its name, syncs it, and puts it in its place: after a crash there is the old
// file or the new one, and OpenKeyring removes what was left half-way. The file has about 130 bytes a subject, and a new subject costs the writing of all of it, so that it suits some ten
// thousand subjects; beyond that, implement [Keys] over a table.
//
// Destroying a key takes it out of the file and drops it from memory, and leaves its id among the destroyed ones. After an error of
// the file system open the keyring again: the file is the old one or the new one. What a file system or a
// backup keeps of the old file still has the key, wrapped: [Keyring.Rotate] and then destroying the old master ends that.
type Keyring struct {
	path string

	mu     sync.Mutex
	master Master
	ring
	written sum // of the file, as it was read or written last
	open    map[KeyID]Key
}

// subjectID is how a file names a subject.
type subjectID = sum

func subjectOf(subject string) subjectID {
	return sha256.Sum256([]byte("charter/seal 1 subject\n" + subject))
}

// bound is what a wrapped key is bound to.
func (w *wrappedKey) bound() []byte {
	return append(append([]byte("charter/seal 1 data key\n"), w.id[:]...), w.subject[:]...)
}

var canary = []byte("charter/seal 1 master check\n")

// CreateKeyring makes a new file with no keys in it: once, before the first OpenKeyring. It fails with an error that matches [os.ErrExist] when there is one.
func CreateKeyring(ctx context.Context, path string, master Master) (*Keyring, error) {
	if master == nil {
		return nil, fmt.Errorf("seal: keyring %s: %w", path, ErrNoMaster)
	}
	k := &Keyring{path: path, master: master, open: map[KeyID]Key{}}
	var err error
	if k.check, err = master.Wrap(ctx, RandomKey().bytes(), canary); err != nil {
		return nil, fmt.Errorf("seal: keyring %s: %w", path, err)
	}
	if k.written, err = createFile(path, k.ring.append(nil)); err != nil {
		return nil, err
	}
	return k, nil
}

// OpenKeyring reads a keyring. A missing file is an error that matches [os.ErrNotExist] and never an empty keyring: without its keys all that was
// encrypted would be lost. A truncated or damaged file gives [ErrKeyring], a file that others may read [ErrKeyringOpen], another master than the
// one that wrapped the keys [ErrWrongKey].
func OpenKeyring(ctx context.Context, path string, master Master) (*Keyring, error) {
	if master == nil {
		return nil, fmt.Errorf("seal: keyring %s: %w", path, ErrNoMaster)
	}
	k := &Keyring{path: path, master: master, open: map[KeyID]Key{}}
	data, err := readFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w; once, CreateKeyring makes it", err)
	case err != nil:
		return nil, err
	}
	if err := removeLeftover(path); err != nil {
		return nil, err
	}
	if k.ring, err = parseRing(data); err != nil {
		return nil, fmt.Errorf("seal: keyring %s: %w", path, err)
	}
	k.written = sha256.Sum256(data)
	if _, err := master.Unwrap(ctx, k.check, canary); err != nil {
		return nil, fmt.Errorf("seal: keyring %s: %w", path, err)
	}
	return k, nil
}

// Current implements [Keys].
func (k *Keyring) Current(ctx context.Context, subject string) (KeyID, Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	of := subjectOf(subject)
	if at, ok := k.bySubject[of]; ok {
		key, err := k.unwrap(ctx, &k.keys[at])
		return k.keys[at].id, key, err
	}
	return k.newKey(ctx, of)
}

// Renew gives a subject a new key for its new entries. Those before it stay for what was encrypted under them, since the ciphertext is what was sealed, and
// are destroyed with the new one ([Journal.Shred]). It is for a key that may have become known, or that has come near the number of entries a [Key] is
// good for. A subject without a key gets its first one.
func (k *Keyring) Renew(ctx context.Context, subject string) (KeyID, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, _, err := k.newKey(ctx, subjectOf(subject))
	return id, err
}

// newKey makes a key, keeps it and then gives it.
func (k *Keyring) newKey(ctx context.Context, of subjectID) (KeyID, Key, error) {
	w := wrappedKey{id: NewKeyID(), subject: of}
	key := RandomKey()
	var err error
	if w.wrapped, err = k.master.Wrap(ctx, key.bytes(), w.bound()); err != nil {
		return KeyID{}, Key{}, k.fail(err)
	}
	if len(w.wrapped) > maxWrapped {
		return KeyID{}, Key{}, k.fail(fmt.Errorf("a wrapped key of %d bytes, at most %d", len(w.wrapped), maxWrapped))
	}
	next := k.with(w)
	if err := k.save(next); err != nil {
		return KeyID{}, Key{}, err
	}
	k.open[w.id] = key
	return w.id, key, nil
}

// Lookup implements [Keys].
func (k *Keyring) Lookup(ctx context.Context, id KeyID) (Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.destroyed[id] {
		return Key{}, k.fail(ErrKeyDestroyed)
	}
	at, ok := k.byID[id]
	if !ok {
		return Key{}, k.fail(ErrKeyUnknown)
	}
	return k.unwrap(ctx, &k.keys[at])
}

// IDs implements [Keys].
func (k *Keyring) IDs(_ context.Context, subject string) ([]KeyID, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	of := subjectOf(subject)
	if _, ok := k.bySubject[of]; !ok {
		return nil, nil
	}
	var ids []KeyID
	for i := range k.keys {
		if k.keys[i].subject == of {
			ids = append(ids, k.keys[i].id)
		}
	}
	return ids, nil
}

// Destroy implements [Keys].
func (k *Keyring) Destroy(_ context.Context, ids ...KeyID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	next, changed := k.without(ids)
	if !changed {
		return nil
	}
	if err := k.save(next); err != nil {
		return err
	}
	for _, id := range ids {
		// An append or a read that is using the key must not find half of it, so that it is left to the collector.
		delete(k.open, id)
	}
	return nil
}

// Destroyed gives the ids of the destroyed keys, by their bytes. Keep them where a restore of the file finds them, if there is no [Log].
func (k *Keyring) Destroyed() []KeyID {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.graves()
}

// Rotate wraps all keys anew under another master, in one change of the file. What was encrypted under the keys stays as it is. After an
// error the keyring goes on with the master it had.
func (k *Keyring) Rotate(ctx context.Context, master Master) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if master == nil {
		return k.fail(ErrNoMaster)
	}
	next := k.copy()
	var err error
	if next.check, err = master.Wrap(ctx, RandomKey().bytes(), canary); err != nil {
		return k.fail(err)
	}
	for i := range next.keys {
		w := &next.keys[i]
		key, err := k.unwrap(ctx, w)
		if err != nil {
			return err
		}
		if w.wrapped, err = master.Wrap(ctx, key.bytes(), w.bound()); err != nil {
			return k.fail(err)
		}
	}
	if err := k.save(next); err != nil {
		return err
	}
	k.master = master
	return nil
}

func (k *Keyring) unwrap(ctx context.Context, w *wrappedKey) (Key, error) {
	if key, ok := k.open[w.id]; ok {
		return key, nil
	}
	b, err := k.master.Unwrap(ctx, w.wrapped, w.bound())
	if err != nil {
		return Key{}, k.fail(err)
	}
	key, err := NewKey(b)
	if err != nil {
		return Key{}, k.fail(err)
	}
	clear(b)
	k.open[w.id] = key
	return key, nil
}

// save puts a ring into the file and only then into memory.
func (k *Keyring) save(next ring) error {
	written, err := replaceFile(k.path, next.append(nil), k.written)
	if err != nil {
		return err
	}
	k.ring, k.written = next, written
	return nil
}

func (k *Keyring) fail(err error) error { return fmt.Errorf("seal: keyring %s: %w", k.path, err) }

// String tells the file and no keys.
func (k *Keyring) String() string { return "seal.Keyring(" + k.path + ")" }

// GoString tells the file and no keys.
func (k *Keyring) GoString() string { return k.String() }

// Format tells the file and no keys, whatever the verb.
func (k *Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue tells the file and no keys.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

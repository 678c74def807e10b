package seal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

func newRing(t testing.TB, master Master) (*Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	k, err := CreateKeyring(t.Context(), path, master)
	require.NoError(t, err)
	return k, path
}

func TestKeyringKeepsItsKeys(t *testing.T) {
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	want := map[string]KeyID{}
	secrets := map[KeyID]string{}
	for i := range 20 {
		subject := fmt.Sprint("customer ", i)
		id, key, err := k.Current(t.Context(), subject)
		require.NoError(t, err)
		require.NotContains(t, secrets, id)
		want[subject], secrets[id] = id, string(key.bytes())
		again, key, err := k.Current(t.Context(), subject)
		require.NoError(t, err)
		require.Equal(t, id, again)
		require.Equal(t, secrets[id], string(key.bytes()))
	}
	for range 3 {
		var err error
		k, err = OpenKeyring(t.Context(), path, master)
		require.NoError(t, err)
		for subject, id := range want {
			have, key, err := k.Current(t.Context(), subject)
			require.NoError(t, err)
			require.Equal(t, id, have)
			require.Equal(t, secrets[id], string(key.bytes()))
			key, err = k.Lookup(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, secrets[id], string(key.bytes()))
			ids, err := k.IDs(t.Context(), subject)
			require.NoError(t, err)
			require.Equal(t, []KeyID{id}, ids)
		}
	}
	ids, err := k.IDs(t.Context(), "nobody")
	require.NoError(t, err)
	require.Empty(t, ids)
	_, err = k.Lookup(t.Context(), KeyID{1})
	require.ErrorIs(t, err, ErrKeyUnknown)
}

func TestKeyringFileIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	_, _, err := k.Current(t.Context(), "Ada")
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(data), "Ada")

	for _, mode := range []os.FileMode{0o640, 0o604, 0o666, 0o700} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = OpenKeyring(t.Context(), path, master)
		require.ErrorIs(t, err, ErrKeyringOpen)
	}
}

func TestKeyringIsNeverMadeByAccident(t *testing.T) {
	master := MasterKey{RandomKey()}
	_, path := newRing(t, master)
	_, err := CreateKeyring(t.Context(), path, master)
	require.ErrorIs(t, err, os.ErrExist)
	_, err = OpenKeyring(t.Context(), path+" elsewhere", master)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Cut anywhere, or with any bit flipped, a keyring file is refused.
func TestDamagedKeyringIsRefused(t *testing.T) {
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	for _, subject := range []string{"Ada", "Bob"} {
		id, _, err := k.Current(t.Context(), subject)
		require.NoError(t, err)
		if subject == "Bob" {
			require.NoError(t, k.Destroy(t.Context(), id))
		}
	}
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := range whole {
		_, err := parseRing(whole[:n])
		require.ErrorIs(t, err, ErrKeyring, "cut at %d", n)
		for bit := range 8 {
			whole[n] ^= 1 << bit
			_, err = parseRing(whole)
			require.ErrorIs(t, err, ErrKeyring, "byte %d, bit %d", n, bit)
			whole[n] ^= 1 << bit
		}
	}
	require.NoError(t, os.WriteFile(path, whole[:len(whole)/2], 0o600))
	_, err = OpenKeyring(t.Context(), path, master)
	require.ErrorIs(t, err, ErrKeyring)
	require.ErrorContains(t, err, path)
}

func TestWrongMasterIsRefusedAtOnce(t *testing.T) {
	_, path := newRing(t, MasterKey{RandomKey()})
	_, err := OpenKeyring(t.Context(), path, MasterKey{RandomKey()})
	require.ErrorIs(t, err, ErrWrongKey)
}

// A key that somebody has moved to another subject or id does not unwrap.
func TestKeysOfAFileCannotBeExchanged(t *testing.T) {
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	for _, subject := range []string{"Ada", "Bob"} {
		_, _, err := k.Current(t.Context(), subject)
		require.NoError(t, err)
	}
	forged := k.copy()
	forged.keys[0].wrapped, forged.keys[1].wrapped = forged.keys[1].wrapped, forged.keys[0].wrapped
	require.NoError(t, os.WriteFile(path, forged.append(nil), 0o600))
	k, err := OpenKeyring(t.Context(), path, master)
	require.NoError(t, err)
	_, _, err = k.Current(t.Context(), "Ada")
	require.ErrorIs(t, err, ErrWrongKey)
}

func TestDestroyedKeysAreRemembered(t *testing.T) {
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	id, key, err := k.Current(t.Context(), "Ada")
	require.NoError(t, err)
	wrapped := k.keys[0].wrapped
	require.NoError(t, k.Destroy(t.Context(), id, KeyID{9}))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(before), string(wrapped))
	require.NoError(t, k.Destroy(t.Context(), id))
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after, "once is enough")
	for range 2 {
		_, err = k.Lookup(t.Context(), id)
		require.ErrorIs(t, err, ErrKeyDestroyed)
		_, err = k.Lookup(t.Context(), KeyID{9})
		require.ErrorIs(t, err, ErrKeyDestroyed, "named in advance")
		require.ElementsMatch(t, []KeyID{id, {9}}, k.Destroyed())
		k, err = OpenKeyring(t.Context(), path, master)
		require.NoError(t, err)
	}
	other, otherKey, err := k.Current(t.Context(), "Ada")
	require.NoError(t, err)
	require.NotEqual(t, id, other)
	require.NotEqual(t, key.bytes(), otherKey.bytes())
}

// Rotation wraps the keys anew: the old master opens nothing any more, and what was encrypted can still be read.
func TestRotation(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"), entry(t, 2, "Bob"))
	_, err := h.Shred(t.Context(), "Bob")
	require.NoError(t, err)
	stored := contents(t, h.store)
	next := MasterKey{RandomKey()}
	require.NoError(t, h.keyring.Rotate(t.Context(), next))
	h.add("T-2", entry(t, 1, "Cid"))

	_, err = OpenKeyring(t.Context(), h.path, h.master)
	require.ErrorIs(t, err, ErrWrongKey)
	h.keyring, err = OpenKeyring(t.Context(), h.path, next)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Subject: subject})
	require.True(t, h.decoded("T-1")[0].Personal.Has("name", "Ada"))
	require.True(t, h.decoded("T-1")[1].Fields.Has(KeyPersonal, Erased))
	require.True(t, h.decoded("T-2")[0].Personal.Has("name", "Cid"))
	for at, data := range stored {
		require.Equal(t, data, h.store.stored(t, at.id, at.seq), "old ciphertext stays")
	}
}

// service is a key management service: a master that can be out of order.
type service struct {
	MasterKey
	mu   sync.Mutex
	down error
}

func (s *service) state() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

func (s *service) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

func (s *service) Wrap(ctx context.Context, key, additional []byte) ([]byte, error) {
	if err := s.state(); err != nil {
		return nil, err
	}
	return s.MasterKey.Wrap(ctx, key, additional)
}

func (s *service) Unwrap(ctx context.Context, wrapped, additional []byte) ([]byte, error) {
	if err := s.state(); err != nil {
		return nil, err
	}
	return s.MasterKey.Unwrap(ctx, wrapped, additional)
}

func TestServiceThatIsDown(t *testing.T) {
	kms := &service{MasterKey: MasterKey{RandomKey()}}
	ring, path := newRing(t, kms)
	j := New(journal.NewMemory(), Options{Keys: ring, Subject: subject})
	first := journal.Batch{Case: "T-1", Records: [][]byte{entry(t, 1, "Ada")}}
	head, err := j.Append(t.Context(), first)
	require.NoError(t, err)

	down := errors.New("503")
	kms.set(down)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{entry(t, 2, "Bob")}})
	require.ErrorIs(t, err, down)
	var e *EntryError
	require.ErrorAs(t, err, &e)
	require.Equal(t, uint64(2), e.Seq)
	require.ErrorIs(t, ring.Rotate(t.Context(), kms), down)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, err = OpenKeyring(t.Context(), path, kms)
	require.ErrorIs(t, err, down)
	_, records, err := j.Read(t.Context(), "T-1", 0)
	require.NoError(t, err, "a key that is known needs no service")
	require.Equal(t, first.Records[0], records[0].Data)

	kms.set(nil)
	_, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{entry(t, 2, "Bob")}})
	require.NoError(t, err)
}

// A wrong keyring is told from a destroyed key: nobody may take data that is there for erased.
func TestWrongKeyringIsAnError(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, ""), entry(t, 2, "Ada"))
	other, _ := newRing(t, MasterKey{RandomKey()})
	j := New(h.store, Options{Keys: other, Subject: subject})
	_, _, err := j.Read(t.Context(), "T-1", 0)
	require.ErrorIs(t, err, ErrKeyUnknown)
	var e *EntryError
	require.ErrorAs(t, err, &e)
	require.Equal(t, EntryError{"T-1", 2, e.Err}, *e)

	id, _, err := h.keyring.Current(t.Context(), "Ada")
	require.NoError(t, err)
	j = New(h.store, Options{Keys: wrong{h.keyring}, Subject: subject})
	_, _, err = j.Read(t.Context(), "T-1", 0)
	require.ErrorIs(t, err, ErrWrongKey)
	require.ErrorContains(t, err, `case "T-1", entry 2`)
	for _, err := range j.Scan(t.Context(), "") {
		if err != nil {
			require.ErrorIs(t, err, ErrWrongKey)
		}
	}
	require.NotContains(t, err.Error(), id.String())
}

// wrong gives other keys than were asked for.
type wrong struct{ Keys }

func (wrong) Lookup(context.Context, KeyID) (Key, error) { return RandomKey(), nil }

func TestKeyringChangedByAnother(t *testing.T) {
	master := MasterKey{RandomKey()}
	one, path := newRing(t, master)
	two, err := OpenKeyring(t.Context(), path, master)
	require.NoError(t, err)
	_, _, err = one.Current(t.Context(), "Ada")
	require.NoError(t, err)
	_, _, err = two.Current(t.Context(), "Bob")
	require.ErrorIs(t, err, ErrKeyringChanged)
	ids, err := two.IDs(t.Context(), "Bob")
	require.NoError(t, err)
	require.Empty(t, ids, "a key that was not kept is not given out")
	require.NoError(t, os.Remove(path))
	_, _, err = one.Current(t.Context(), "Cid")
	require.ErrorIs(t, err, ErrKeyringChanged)
}

func TestKeyringIsConcurrent(t *testing.T) {
	k, path := newRing(t, MasterKey{RandomKey()})
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 10 {
				id, _, err := k.Current(t.Context(), fmt.Sprint(i))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := k.Lookup(t.Context(), id); err != nil && !errors.Is(err, ErrKeyDestroyed) {
					t.Error(err)
				}
				if worker == 0 && i%5 == 0 {
					if err := k.Destroy(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	left, err := filepath.Glob(path + ".new*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// A subject's key is renewed: new entries are under the new one, old ones are read with the old one, and shredding destroys both.
func TestRenewedKey(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"), entry(t, 2, "Bob"))
	first, _, err := h.keyring.Current(t.Context(), "Ada")
	require.NoError(t, err)
	second, err := h.keyring.Renew(t.Context(), "Ada")
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	h.add("T-1", entry(t, 3, "Ada"))
	held := h.checkpoint()

	require.NoError(t, h.keyring.Rotate(t.Context(), h.master))
	h.keyring, err = OpenKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log, Subject: subject})
	current, _, err := h.keyring.Current(t.Context(), "Ada")
	require.NoError(t, err)
	require.Equal(t, second, current)
	ids, err := h.keyring.IDs(t.Context(), "Ada")
	require.NoError(t, err)
	require.Equal(t, []KeyID{first, second}, ids)
	under := func(seq uint64) KeyID {
		payload, _, _ := parse("T-1", seq, h.store.stored(t, "T-1", seq))
		p, ok := parsePersonal(payload)
		require.True(t, ok)
		return p.id
	}
	require.Equal(t, first, under(1))
	require.Equal(t, second, under(3))
	for i, name := range []string{"Ada", "Bob", "Ada"} {
		require.True(t, h.decoded("T-1")[i].Personal.Has("name", name))
	}

	n, err := h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	for i, gone := range []bool{true, false, true} {
		require.Equal(t, gone, h.decoded("T-1")[i].Personal == nil)
	}
	h.sound(held)
	id, err := h.keyring.Renew(t.Context(), "nobody yet")
	require.NoError(t, err)
	current, _, err = h.keyring.Current(t.Context(), "nobody yet")
	require.NoError(t, err)
	require.Equal(t, id, current)
}

// A crash while the file was being written leaves a second one with keys in it. It does not outlive the next start, so that what is destroyed then lies
// nowhere; until then nobody writes over it.
func TestKeyringFileThatWasLeftHalfWay(t *testing.T) {
	master := MasterKey{RandomKey()}
	k, path := newRing(t, master)
	id, _, err := k.Current(t.Context(), "Ada")
	require.NoError(t, err)
	wrapped := string(k.keys[0].wrapped)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, half := range [][]byte{{}, whole[:len(whole)/2], whole} {
		require.NoError(t, os.WriteFile(path+".new", half, 0o600))
		_, _, err = k.Current(t.Context(), "Bob")
		require.ErrorIs(t, err, ErrKeyringChanged)
		now, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, whole, now)
		k, err = OpenKeyring(t.Context(), path, master)
		require.NoError(t, err)
		require.NoFileExists(t, path+".new")
	}
	require.NoError(t, k.Destroy(t.Context(), id))
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	require.NoError(t, err)
	require.Equal(t, []string{path}, files)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(now), wrapped)
}

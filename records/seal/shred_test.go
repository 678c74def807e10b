package seal

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// decoded reads a case as entries.
func (h *house) decoded(id string) []history.Entry {
	h.Helper()
	_, records, err := h.Read(h.Context(), id, 0)
	require.NoError(h, err)
	var entries []history.Entry
	for _, r := range records {
		e, err := history.Decode(r.Data)
		require.NoError(h, err)
		entries = append(entries, e)
	}
	return entries
}

func TestPersonalFieldsComeBackByteForByte(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	full := history.Entry{
		Seq: 7, At: noon, Recorded: noon.Add(1), Kind: "opened", Actor: history.Actor{ID: "17", Role: "agent"},
		Fields:   history.Of("tier", "urgent", "personalia", "x", "tags", "a", "tags", `"personal"`),
		Personal: history.Of("name", "Zhang Wei 张伟", "phone", "+86 138 0013 8000", "phone", "x", "note", "\"\\\n"),
	}
	want := [][]byte{nil, nil, nil}
	var err error
	want[0], err = full.AppendCanonical(nil)
	require.NoError(t, err)
	full.Recorded, full.Actor = full.At, history.Actor{}
	want[1], err = full.AppendCanonical(nil)
	require.NoError(t, err)
	full.Seq = 0
	want[2], err = full.AppendCanonical(nil)
	require.NoError(t, err)
	head := h.add("T-1", want...)
	got, records, err := h.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	require.Equal(t, head, got)
	for i, r := range records {
		require.Equal(t, string(want[i]), string(r.Data))
		stored := h.store.stored(t, "T-1", r.Seq)
		for _, secret := range []string{"Zhang", "张伟", "0013"} {
			require.NotContains(t, string(stored), secret)
		}
		require.Contains(t, string(stored), `"tier":"urgent"`, "the rest can be read by anybody")
	}
	require.NotEqual(t, h.store.stored(t, "T-1", 1)[:300], h.store.stored(t, "T-1", 2)[:300])
}

// The same entry twice has two ciphertexts, and neither opens in another place.
func TestCiphertextBelongsToItsPlace(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	same := entry(t, 0, "somebody")
	h.add("T-1", same, same)
	h.add("T-2", same)
	boxes := map[string]place{}
	for at, data := range contents(t, h.store) {
		payload, s, f := parse(at.id, at.seq, data)
		require.Equal(t, sealed, f)
		require.Equal(t, byte(flagPersonal), s.flags)
		p, ok := parsePersonal(payload)
		require.True(t, ok)
		require.NotContains(t, boxes, string(p.box))
		boxes[string(p.box)] = at
		for _, other := range []place{{"T-1", 1}, {"T-1", 2}, {"T-2", 1}} {
			_, err := h.reveal(t.Context(), other.id, other.seq, payload, s.flags)
			if other == at {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, ErrWrongKey)
			}
		}
	}
}

func TestShreddingLeavesTheEntryAndMarksIt(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"), entry(t, 2, "Bob"), entry(t, 3, ""))
	held := h.checkpoint()
	n, err := h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	require.Equal(t, 1, n)

	entries := h.decoded("T-1")
	require.Nil(t, entries[0].Personal)
	require.True(t, entries[0].Fields.Has(KeyPersonal, Erased))
	require.True(t, entries[0].Fields.Has("tier", "urgent"))
	require.Equal(t, uint64(1), entries[0].Seq)
	require.True(t, entries[1].Personal.Has("name", "Bob"))
	require.False(t, entries[1].Fields.Has(KeyPersonal, Erased))
	for r, err := range h.Scan(t.Context(), "") {
		require.NoError(t, err)
		require.NotContains(t, string(r.Data), "Ada")
	}
	h.sound(held)
	require.Equal(t, int64(2), h.checkpoint().Size, "the destroyed key is in the log")
	h.sound(held)

	// The case goes on, and so may the person.
	h.add("T-1", entry(t, 4, "Ada"))
	entries = h.decoded("T-1")
	require.True(t, entries[0].Fields.Has(KeyPersonal, Erased))
	require.True(t, entries[3].Personal.Has("name", "Ada"))

	n, err = h.Shred(t.Context(), "nobody")
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = New(h.store, Options{}).Shred(t.Context(), "Ada")
	require.ErrorIs(t, err, ErrNoKeys)
}

// Without a log the keyring alone remembers.
func TestDestroyedKeyOfTheKeyringAlone(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.Journal = New(h.store, Options{Keys: h.keyring, Subject: subject})
	h.add("T-1", entry(t, 1, "Ada"), entry(t, 2, "Bob"))
	n, err := h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	entries := h.decoded("T-1")
	require.Nil(t, entries[0].Personal)
	require.True(t, entries[0].Fields.Has(KeyPersonal, Erased))
	require.True(t, entries[1].Personal.Has("name", "Bob"))
	h.sound()
}

func TestReadingWithoutKeys(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"))
	h.Journal = New(h.store, Options{})
	e := h.decoded("T-1")[0]
	require.Nil(t, e.Personal)
	require.True(t, e.Fields.Has(KeyPersonal, Withheld))
}

// A keyring from a backup has the key again. The log says that it was destroyed, and Destroy takes it away for good.
func TestRestoredKeyringBringsNobodyBack(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"))
	backup, err := os.ReadFile(h.path)
	require.NoError(t, err)
	_, err = h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(h.path, backup, 0o600))
	restored, err := OpenKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	require.Empty(t, restored.Destroyed())

	h.Journal = New(h.store, Options{Keys: restored, Log: h.log, Subject: subject})
	require.True(t, h.decoded("T-1")[0].Fields.Has(KeyPersonal, Erased))

	h.Journal = New(h.store, Options{Keys: restored, Subject: subject})
	require.True(t, h.decoded("T-1")[0].Personal.Has("name", "Ada"), "without the log nobody knows")
	log, err := OpenLog(t.Context(), h.logStore, origin)
	require.NoError(t, err)
	require.NoError(t, restored.Destroy(t.Context(), log.Destroyed()...))
	require.True(t, h.decoded("T-1")[0].Fields.Has(KeyPersonal, Erased))
	require.Equal(t, log.Destroyed(), restored.Destroyed())

	again, err := OpenKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	require.Equal(t, log.Destroyed(), again.Destroyed(), "the file remembers")
}

// New data of a subject whose key the log has destroyed must not be encrypted under that key, though a restored keyring offers it.
func TestRestoredKeyringEncryptsUnderANewKey(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"))
	backup, err := os.ReadFile(h.path)
	require.NoError(t, err)
	_, err = h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(h.path, backup, 0o600))
	restored, err := OpenKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: restored, Log: h.log, Subject: subject})
	h.add("T-1", entry(t, 2, "Ada"))
	entries := h.decoded("T-1")
	require.True(t, entries[0].Fields.Has(KeyPersonal, Erased))
	require.True(t, entries[1].Personal.Has("name", "Ada"))
	require.Len(t, restored.Destroyed(), 1)
}

// After shredding nothing of the person is in any file of the database, of the log or of the keyring, in an export or in what was logged.
// Nor was it before: what reaches a file is ciphertext.
func TestNoPlaintextAnywhere(t *testing.T) {
	dir := t.TempDir()
	h := newHouse(t, openSQLite(t, filepath.Join(dir, "journal.db")))
	var err error
	h.path = filepath.Join(dir, "keys")
	h.keyring, err = CreateKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	h.log, err = OpenLog(t.Context(), openSQLite(t, filepath.Join(dir, "log.db")), origin, h.verifier)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log, Subject: subject})

	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	const name, phone = "Wang Xiaoming", "+86 138 0000 Wang Xiaoming"
	for i := range 50 {
		id := fmt.Sprint("T-", i)
		h.add(id, entry(t, 1, name), entry(t, 2, "Bob"))
		_, records, err := h.Read(t.Context(), id, 0)
		require.NoError(t, err)
		require.Contains(t, string(records[0].Data), phone)
	}
	held := h.checkpoint()
	clean := func(when string) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		wal, err := os.ReadFile(filepath.Join(dir, "journal.db-wal"))
		require.NoError(t, err)
		require.True(t, bytes.Contains(wal, []byte(`"tier":"urgent"`)), "the write-ahead log has what is not personal")
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			require.False(t, bytes.Contains(data, []byte(name)), "%s in %s", when, filepath.Base(file))
			require.False(t, bytes.Contains(data, []byte("138 0000")), "%s in %s", when, filepath.Base(file))
		}
		for i := range 50 {
			export, err := h.Export(t.Context(), fmt.Sprint("T-", i))
			require.NoError(t, err)
			require.False(t, bytes.Contains(export, []byte(name)), when)
		}
	}
	clean("before")
	_, err = h.Shred(t.Context(), name)
	require.NoError(t, err)
	clean("after")
	h.sound(held)
	for r, err := range h.Scan(t.Context(), "") {
		require.NoError(t, err)
		require.False(t, strings.Contains(string(r.Data), name))
		export, err := h.Export(t.Context(), r.Case)
		require.NoError(t, err)
		file, err := ReadCase(export, h.verifier)
		require.NoError(t, err, "every proof still holds")
		records, err := file.Records(t.Context(), h.keyring)
		require.NoError(t, err)
		require.False(t, bytes.Contains(records[0].Data, []byte(name)))
		require.True(t, bytes.Contains(records[1].Data, []byte("Bob")))
		logger.Info("read", "journal", h.Journal, "keyring", h.keyring, "log", h.log, "file", file, "checkpoint", file.Checkpoint)
	}
	require.NotContains(t, logged.String(), name)
}

func TestEntriesThatCannotBeEncryptedAreRefused(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	refused := func(j *Journal, reason error, records ...[]byte) {
		t.Helper()
		_, err := j.Append(t.Context(), journal.Batch{Case: "T-1", Records: records})
		require.ErrorIs(t, err, reason)
		require.ErrorIs(t, err, journal.ErrBatch)
		var b *journal.BatchError
		require.ErrorAs(t, err, &b)
		require.Equal(t, "T-1", b.Case)
		require.Contains(t, err.Error(), "entry 2")
		require.NotContains(t, err.Error(), "Ada")
		_, _, err = j.Read(t.Context(), "T-1", 0)
		require.ErrorIs(t, err, journal.ErrUnknownCase, "nothing was changed")
	}
	fine, private := entry(t, 1, ""), entry(t, 2, "Ada")
	refused(New(h.store, Options{}), ErrNoKeys, fine, private)

	loose := bytes.Replace(private, []byte(`,"kind"`), []byte(`, "kind"`), 1)
	refused(h.Journal, ErrPlain, fine, loose)
	named := bytes.Replace(private, []byte(`,"kind"`), []byte(`,"case":"T-1","kind"`), 1)
	refused(h.Journal, ErrPlain, fine, named)

	e := history.Entry{At: noon, Kind: "opened", Personal: history.Of("name", strings.Repeat("x", journal.MaxRecord-100))}
	large, err := e.AppendCanonical(nil)
	require.NoError(t, err)
	refused(h.Journal, errTooLarge, fine, large)
	refused(h.Journal, errNoRoom, bytes.Repeat([]byte{'x'}, journal.MaxRecord), private)

	// What only looks like it is a record like any other.
	for _, odd := range []string{`"personal"`, `{"personal":{}}`, `{"at":"2025-03-03T01:00:00Z","fields":{"a":"\"personal\""},"kind":"opened"}`} {
		h.add("odd "+odd, []byte(odd))
		_, records, err := h.Read(t.Context(), "odd "+odd, 0)
		require.NoError(t, err)
		require.Equal(t, odd, string(records[0].Data))
	}
}

func TestSubjectIsTheCaseUnlessTold(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.Journal = New(h.store, Options{Keys: h.keyring})
	h.add("T-1", entry(t, 1, "Ada"))
	h.add("T-2", entry(t, 1, "Ada"))
	_, err := h.Shred(t.Context(), "T-1")
	require.NoError(t, err)
	require.Nil(t, h.decoded("T-1")[0].Personal)
	require.NotNil(t, h.decoded("T-2")[0].Personal)
}

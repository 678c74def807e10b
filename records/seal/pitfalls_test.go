package seal

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
)

// Others hashed nanoseconds and stored microseconds, and no row could be verified. What is hashed here is what is stored, to the byte.
func TestNanosecondsAreHashedAndStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	h := newHouse(t, openSQLite(t, path))
	at := time.Date(2026, 3, 2, 12, 0, 0, 123_456_789, time.UTC)
	data, err := history.Entry{Seq: 1, At: at, Recorded: at.Add(1), Kind: "opened"}.AppendCanonical(nil)
	require.NoError(t, err)
	h.add("T-1", data)
	h.sound(h.checkpoint())
	h.Journal = New(openSQLite(t, path), Options{Keys: h.keyring})
	e := h.decoded("T-1")[0]
	require.Equal(t, at, e.At)
	require.Equal(t, at.Add(1), e.Recorded)

	// A store that keeps less is found out.
	h = newHouse(t, rewriting{journal.NewMemory(), func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte(".123456789Z"), []byte(".123456Z"))
	}})
	h.add("T-1", data)
	h.named(Fault{Case: "T-1", Seq: 1, Err: ErrDamaged})
}

// Others kept entries in a type that orders keys anew, and every chain seemed broken. Records are bytes; a store that takes them for
// JSON is found out at once, and not in some audit.
func TestReorderedKeysAreNoticedAtOnce(t *testing.T) {
	h := newHouse(t, rewriting{journal.NewMemory(), func(b []byte) []byte {
		payload, rest := b[:len(b)-sealSize], b[len(b)-sealSize:]
		var v any
		if json.Unmarshal(payload, &v) != nil {
			return b
		}
		other, err := json.MarshalIndent(v, "", " ")
		require.NoError(t, err)
		return append(other, rest...)
	}})
	h.add("T-1", []byte(`{"b":1,"a":2.50}`))
	_, _, err := h.Read(t.Context(), "T-1", 0)
	require.Equal(t, fault("T-1", 1, ErrDamaged), err)

	h = newHouse(t, openSQLite(t, filepath.Join(t.TempDir(), "journal.db")))
	h.add("T-1", []byte(`{"b":1,"a":2.50}`))
	h.sound()
}

// rewriting is a store that does not keep what it is given.
type rewriting struct {
	*journal.Memory
	change func([]byte) []byte
}

func (r rewriting) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	for i := range b.Records {
		b.Records[i] = r.change(b.Records[i])
	}
	return r.Memory.Append(ctx, b)
}

// Chains do not see that their tail was cut off; the log does. By SQL, as somebody would who has the database's password.
func TestChainWithItsTailCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	h := newHouse(t, openSQLite(t, path))
	h.entries("T-1", 4)
	h.entries("T-2", 4)
	held := h.checkpoint()
	db := openSQL(t, path)
	for _, text := range []string{
		"DELETE FROM charter_record WHERE seq = 4 AND case_id = (SELECT id FROM charter_case WHERE name = 'T-2')",
		"UPDATE charter_case SET version = 3, rev = 3 WHERE name = 'T-2'",
	} {
		_, err := db.Exec(text)
		require.NoError(t, err)
	}
	_, _, err := h.Read(t.Context(), "T-2", 0)
	require.NoError(t, err)
	h.named(Fault{Case: "T-2", Seq: 4, Err: ErrMissing}, held)
}

func openSQL(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.DSN(path))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Another product's audit said "consistent" after a file with values was edited, since it looked at what it had in memory and not at the file. Here
// bytes are changed in the database's own file, one in each of many entries.
func TestEditedValueFileIsNoticed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.db")
	store := openSQLite(t, path)
	h := newHouse(t, store)
	const cases = 40
	for i := range cases {
		h.add(fmt.Sprint("T-", i), entry(t, 1, ""), fmt.Append(nil, "the value of case ", i, "."), entry(t, 3, "Ada"))
	}
	held := h.checkpoint()
	require.NoError(t, store.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range cases {
		edited := bytes.Replace(whole, fmt.Append(nil, "the value of case ", i, "."), fmt.Append(nil, "the value of cAse ", i, "."), 1)
		require.NotEqual(t, whole, edited)
		other := filepath.Join(dir, fmt.Sprint("edited ", i, ".db"))
		require.NoError(t, os.WriteFile(other, edited, 0o600))
		h.Journal = New(openSQLite(t, other), Options{Keys: h.keyring, Log: h.log})
		h.named(Fault{Case: fmt.Sprint("T-", i), Seq: 2, Err: ErrDamaged}, held)
	}
}

// Flipped bits in rows of SQLite, through SQL, with the right entry named each time.
func TestEditedRowsAreNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	h := newHouse(t, openSQLite(t, path))
	for i := range 20 {
		h.entries(fmt.Sprint("T-", i), 5)
	}
	held := h.checkpoint()
	db := openSQL(t, path)
	for i := range 100 {
		at := place{fmt.Sprint("T-", i%20), uint64(1 + i%5)}
		good := h.store.stored(t, at.id, at.seq)
		bad := bytes.Clone(good)
		bad[i*7%len(bad)] ^= 1 << (i % 8)
		const update = "UPDATE charter_record SET data = ? WHERE seq = ? AND case_id = (SELECT id FROM charter_case WHERE name = ?)"
		_, err := db.Exec(update, bad, at.seq, at.id)
		require.NoError(t, err)
		h.named(Fault{Case: at.id, Seq: at.seq, Err: ErrDamaged}, held)
		_, err = db.Exec(update, good, at.seq, at.id)
		require.NoError(t, err)
	}
	h.sound(held)
}

// An older copy of the database's file is put in its place.
func TestOlderDatabaseFileIsNoticed(t *testing.T) {
	dir := t.TempDir()
	path, older := filepath.Join(dir, "journal.db"), filepath.Join(dir, "older.db")
	store := openSQLite(t, path)
	h := newHouse(t, store)
	h.entries("T-1", 3)
	h.entries("T-2", 2)
	h.checkpoint()
	require.NoError(t, store.Backup(t.Context(), older))
	h.add("T-2", entry(t, 3, ""), entry(t, 4, ""))
	held := h.checkpoint()
	h.Journal = New(openSQLite(t, older), Options{Keys: h.keyring, Log: h.log})
	h.named(Fault{Case: "T-2", Seq: 3, Err: ErrMissing}, held)
	_, err := h.Journal.Checkpoint(t.Context(), h.signer)
	require.ErrorIs(t, err, ErrMissing)
}

// Personal fields lie apart in what is stored and are never in the open, in rows, write-ahead log and free pages of SQLite: see
// TestNoPlaintextAnywhere. A record that was erased leaves the file too, and its proof stays.
func TestErasedCaseLeavesTheFile(t *testing.T) {
	dir := t.TempDir()
	h := newHouse(t, openSQLite(t, filepath.Join(dir, "journal.db")))
	head := h.add("T-1", []byte("what is to be disposed of"))
	held := h.checkpoint()
	_, err := h.Erase(t.Context(), "T-1", head, []byte("disposed of"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotContains(t, string(data), "what is to be")
	}
	h.sound(held)
}

// A store that yields entries of a case in another order than they were appended is found out.
func TestReorderedScanIsNoticed(t *testing.T) {
	h := newHouse(t, backwards{journal.NewMemory()})
	h.entries("T-1", 3)
	h.named(Fault{Case: "T-1", Seq: 1, Err: ErrMissing})
}

type backwards struct{ *journal.Memory }

func (b backwards) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		var all []journal.Record
		for r, err := range b.Memory.Scan(ctx, after) {
			if err != nil {
				yield(r, err)
				return
			}
			all = append(all, r)
		}
		for i := len(all); i > 0; i-- {
			if !yield(all[i-1], nil) {
				return
			}
		}
	}
}

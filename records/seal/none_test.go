package seal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// TestWhatWasForgottenIsAnError: no journal, no master, no signer, no keyring file: an error that says which, and no panic.
func TestWhatWasForgottenIsAnError(t *testing.T) {
	ctx := t.Context()
	_, err := OpenLog(ctx, nil, origin)
	require.ErrorIs(t, err, journal.ErrNoJournal)
	log, err := OpenLog(ctx, journal.NewMemory(), origin)
	require.NoError(t, err)
	for _, j := range []*Journal{New(nil, Options{Log: log}), New(journal.NewMemory(), Options{}).With(nil)} {
		_, err = j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("x")}})
		require.ErrorIs(t, err, journal.ErrNoJournal)
		_, _, err = j.Read(ctx, "T-1", 0)
		require.ErrorIs(t, err, journal.ErrNoJournal)
		_, _, err = j.Stored(ctx, "T-1")
		require.ErrorIs(t, err, journal.ErrNoJournal)
		_, err = j.Erase(ctx, "T-1", journal.Head{Version: 1, Rev: 1}, []byte("x"))
		require.ErrorIs(t, err, journal.ErrNoJournal)
		_, err = j.Verify(ctx)
		require.ErrorIs(t, err, journal.ErrNoJournal)
		for _, err := range j.Scan(ctx, "") {
			require.ErrorIs(t, err, journal.ErrNoJournal)
		}
		for _, err := range j.Due(ctx, time.Time{}) {
			require.ErrorIs(t, err, journal.ErrNoJournal)
		}
	}
	_, err = New(journal.NewMemory(), Options{Log: log}).Checkpoint(ctx, nil)
	require.ErrorIs(t, err, ErrNoSigner)

	path := filepath.Join(t.TempDir(), "keys")
	_, err = CreateKeyring(ctx, path, nil)
	require.ErrorIs(t, err, ErrNoMaster)
	_, err = os.Stat(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = OpenKeyring(ctx, path, MasterKey{RandomKey()})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "CreateKeyring")
	ring, err := CreateKeyring(ctx, path, MasterKey{RandomKey()})
	require.NoError(t, err)
	_, err = OpenKeyring(ctx, path, nil)
	require.ErrorIs(t, err, ErrNoMaster)
	require.ErrorIs(t, ring.Rotate(ctx, nil), ErrNoMaster)
}

// TestHeadThatWasMovedBack: the records are all there and the head says that there are fewer.
func TestHeadThatWasMovedBack(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.entries("T-1", 3)
	h.store.heads["T-1"] = journal.Head{Version: head.Version - 1, Rev: head.Rev - 1}
	want := Fault{Case: "T-1", Seq: 3, Last: 3, Err: ErrOrder}
	_, _, err := h.Read(t.Context(), "T-1", 0)
	var f *Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, want, *f)
	report, err := h.Verify(t.Context())
	require.ErrorIs(t, err, ErrOrder)
	require.Len(t, report.Faults, 1)
	require.Equal(t, want, *report.Faults[0])
}

// stuck keeps its keys whatever it is asked.
type stuck struct{ Keys }

var errStuck = errors.New("stuck")

func (stuck) Destroy(context.Context, ...KeyID) error { return errStuck }

// TestShreddingIsWrittenDownFirst: the log has the keys before the keyring destroys them, so that a shredding that is cut off there is one already.
func TestShreddingIsWrittenDownFirst(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"))
	ids, err := h.keyring.IDs(t.Context(), "Ada")
	require.NoError(t, err)
	require.Len(t, ids, 1)
	_, err = New(h.store, Options{Keys: stuck{h.keyring}, Log: h.log, Subject: subject}).Shred(t.Context(), "Ada")
	require.ErrorIs(t, err, errStuck)
	require.Equal(t, ids, h.log.Destroyed())
	require.True(t, h.decoded("T-1")[0].Fields.Has(KeyPersonal, Erased))
	_, err = h.keyring.Lookup(t.Context(), ids[0])
	require.NoError(t, err, "the keyring still has it")
	_, err = h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	_, err = h.keyring.Lookup(t.Context(), ids[0])
	require.ErrorIs(t, err, ErrKeyDestroyed)
}

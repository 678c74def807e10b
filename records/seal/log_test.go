package seal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/journal"
)

func TestCheckpointsFollowEachOther(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	checkpoints := []Checkpoint{h.checkpoint()}
	require.Equal(t, int64(0), checkpoints[0].Size)
	for i := range 6 {
		h.entries(fmt.Sprint("T-", i), 1+i)
		h.add("T-0", entry(t, 2, ""))
		checkpoints = append(checkpoints, h.checkpoint())
	}
	require.Equal(t, checkpoints[6], h.checkpoint(), "nothing new, nothing else is signed")
	require.Equal(t, int64(1+5*2), checkpoints[6].Size, "one leaf for each case that changed")
	h.sound(checkpoints...)
	for i, older := range checkpoints {
		for k, newer := range checkpoints {
			proof, err := h.log.Prove(older, newer)
			if older.Size == 0 || k < i {
				require.ErrorIs(t, err, ErrRolledBack)
				continue
			}
			require.NoError(t, err)
			require.NoError(t, tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root))
			if older.Size < newer.Size {
				require.Error(t, tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, newer.Root))
			}
		}
	}
	other := checkpoints[3]
	other.Origin = "example.com/other"
	require.ErrorIs(t, h.log.Extends(t.Context(), other), ErrOrigin)
	other = checkpoints[3]
	other.Root[0]++
	require.ErrorIs(t, h.log.Extends(t.Context(), other), ErrForked)
	_, err := h.log.Prove(other, checkpoints[4])
	require.ErrorIs(t, err, ErrForked)
}

// The tree is that of RFC 6962, computed here from its definition.
func TestRootIsTheDefinition(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	for i := range 13 {
		h.entries(fmt.Sprint("T-", i), 1)
		c := h.checkpoint()
		var leaves []tlog.Hash
		for k := range h.log.leaves {
			leaves = append(leaves, tlog.RecordHash(h.log.leaves[k].append(nil)))
		}
		require.Equal(t, merkle(leaves), c.Root)
	}
}

func merkle(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(merkle(leaves[:k]), merkle(leaves[k:]))
}

func TestLogIsReadAgain(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	var held []Checkpoint
	for i := range 4 {
		h.entries(fmt.Sprint("T-", i), 3)
		_, err := h.Shred(t.Context(), "somebody")
		require.NoError(t, err)
		held = append(held, h.checkpoint())
		h.log, err = OpenLog(t.Context(), h.logStore, origin, h.verifier)
		require.NoError(t, err)
		h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log, Subject: subject})
		h.sound(held...)
	}
	require.Len(t, h.log.Destroyed(), 4)
	require.Equal(t, int64(8), h.log.Size())
}

// A log whose records were changed does not open, or does not extend what somebody holds.
func TestDamagedLogIsRefused(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 3)
	h.entries("T-2", 3)
	held := h.checkpoint()
	store := alter(h.logStore)
	all := contents(t, store)
	for _, at := range places(all) {
		for i := range all[at] {
			data := append([]byte{}, all[at]...)
			data[i] ^= 4
			store.data[at] = data
			log, err := OpenLog(t.Context(), store, origin, h.verifier)
			if err == nil {
				require.NotEqual(t, byte(logLeaf), all[at][0], "leaf %d, byte %d", at.seq, i)
				err = log.Extends(t.Context(), held)
			}
			if all[at][0] == logPlace && i > 0 {
				continue // only where to go on: see TestEntriesThatTheLogHasNotAreCounted
			}
			require.Error(t, err, "record %d, byte %d", at.seq, i)
		}
		store.restore()
	}
	store.data[place{origin, 1}] = []byte{}
	_, err := OpenLog(t.Context(), store, origin)
	require.ErrorIs(t, err, ErrLog)
	store.data[place{origin, 1}] = all[place{origin, 2}]
	_, err = OpenLog(t.Context(), store, origin)
	require.ErrorIs(t, err, ErrForked)

	for _, bad := range []string{"", " ", "a b", "a+b", "a\nb", "\xff", string(make([]byte, 300))} {
		_, err := OpenLog(t.Context(), h.logStore, bad)
		require.ErrorIs(t, err, ErrLog, "%q", bad)
	}
}

// A position in the log that was changed to a later one would leave entries out of every checkpoint; Verify tells, and so does the
// checkpoint after the case's next entry. No checkpoint signs positions, so that nothing else would.
func TestEntriesThatTheLogHasNotAreCounted(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.entries("T-1", 3)
	h.checkpoint()
	first := h.log.place
	h.entries("T-2", 2)
	require.Equal(t, 2, h.sound().Open)
	later := contents(t, h.logStore)
	var last journal.Position
	for r, err := range h.store.Scan(t.Context(), "") {
		require.NoError(t, err)
		last = r.Pos
	}

	// Changed in its place, and appended.
	edited := alter(h.logStore)
	for at, data := range later {
		if data[0] == logPlace {
			edited.data[at] = append([]byte{logPlace}, last...)
		}
	}
	appended := journal.NewMemory()
	_, err := appended.Append(t.Context(), journal.Batch{Case: origin, Records: append(inOrder(t, h.logStore), append([]byte{logPlace}, last...))})
	require.NoError(t, err)
	for name, store := range map[string]journal.Journal{"edited": edited, "appended": appended} {
		log, err := OpenLog(t.Context(), store, origin, h.verifier)
		require.NoError(t, err, name)
		j := New(h.store, Options{Keys: h.keyring, Log: log, Subject: subject})
		_, err = j.Checkpoint(t.Context(), h.signer)
		require.NoError(t, err, name)
		report, err := j.Verify(t.Context())
		require.ErrorIs(t, err, ErrLog, name)
		require.ErrorContains(t, err, `past entry 1 of case "T-2"`, name)
		require.Equal(t, 2, report.Open, name)
		require.Empty(t, report.Faults, name)
	}

	// Changed to an earlier one, or to none at all, it only makes a checkpoint read more.
	for _, p := range []journal.Position{"", first, "nowhere"} {
		edited.restore()
		for at, data := range later {
			if data[0] == logPlace {
				edited.data[at] = append([]byte{logPlace}, p...)
			}
		}
		log, err := OpenLog(t.Context(), edited, origin, h.verifier)
		require.NoError(t, err, p)
		report, err := New(h.store, Options{Keys: h.keyring, Log: log}).Verify(t.Context())
		require.NoError(t, err, p)
		require.Equal(t, 2, report.Open, p)
	}

	h.checkpoint()
	require.Zero(t, h.sound().Open)
	head := h.entries("T-3", 2)
	_, err = h.Erase(t.Context(), "T-3", head, []byte("gone"))
	require.NoError(t, err)
	require.Equal(t, 3, h.sound().Open, "a tombstone stands for what was before it")

	end, _, err := h.logStore.Read(t.Context(), origin, 0)
	require.NoError(t, err)
	for r, err := range h.store.Scan(t.Context(), "") {
		require.NoError(t, err)
		last = r.Pos
	}
	_, err = h.logStore.Append(t.Context(), journal.Batch{Case: origin, Expect: end, Records: [][]byte{append([]byte{logPlace}, last...)}})
	require.NoError(t, err)
	_, err = h.Verify(t.Context())
	require.ErrorIs(t, err, ErrLog, "nor is a tombstone passed over unnoticed")
	h.entries("T-4", 1)
	h.checkpoint()
	h.add("T-1", entry(t, 4, ""))
	_, err = h.Verify(t.Context())
	require.ErrorContains(t, err, `of case "T-3"`)
}

// inOrder gives the records of a log.
func inOrder(t *testing.T, store journal.Journal) [][]byte {
	t.Helper()
	_, records, err := store.Read(t.Context(), origin, 0)
	require.NoError(t, err)
	var all [][]byte
	for _, r := range records {
		all = append(all, r.Data)
	}
	return all
}

// Two processes with one log take checkpoints at once: no head is lost, none comes twice.
func TestLogOfSeveralProcesses(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	second, err := OpenLog(t.Context(), h.logStore, origin)
	require.NoError(t, err)
	other := New(h.store, Options{Keys: h.keyring, Log: second, Subject: subject})
	var held []Checkpoint
	var mu sync.Mutex
	var all sync.WaitGroup
	for worker, j := range []*Journal{h.Journal, other} {
		all.Go(func() {
			var head journal.Head
			for i := range 30 {
				var err error
				b := journal.Batch{Case: fmt.Sprint("T-", worker), Expect: head, Records: [][]byte{entry(t, uint64(i+1), "")}}
				if head, err = j.Append(t.Context(), b); err != nil {
					t.Error(err)
					return
				}
				signed, err := j.Checkpoint(t.Context(), h.signer)
				if err != nil {
					t.Error(err)
					return
				}
				c, err := ReadCheckpoint(signed, h.verifier)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				held = append(held, c)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	h.checkpoint()
	h.sound(held...)
	seen := map[place]bool{}
	for _, f := range h.log.leaves {
		at := place{f.caseID, f.version}
		require.False(t, seen[at], "%v comes twice", at)
		seen[at] = true
	}
	require.Zero(t, h.sound().Open)
}

// A process learns of keys that another one has destroyed.
func TestShreddingReachesOtherProcesses(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-1", entry(t, 1, "Ada"))
	copied, err := os.ReadFile(h.path)
	require.NoError(t, err)
	second, err := OpenLog(t.Context(), h.logStore, origin)
	require.NoError(t, err)
	_, err = h.Shred(t.Context(), "Ada")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(path, copied, 0o600))
	keys, err := OpenKeyring(t.Context(), path, h.master)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: keys, Log: second, Subject: subject})
	require.NotNil(t, h.decoded("T-1")[0].Personal)
	require.NoError(t, second.Refresh(t.Context()))
	require.Nil(t, h.decoded("T-1")[0].Personal)
}

// Reading goes on while a checkpoint is being taken. That a reader waits for it shows as one that has not come back after a minute; one that does not
// wait is never measured.
func TestReadingDuringACheckpoint(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	data := entry(t, 1, "Ada")
	h.add("T-1", data)
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	type result struct {
		records []journal.Record
		err     error
	}
	read := make(chan result, 1)
	go func() {
		_, records, err := h.Read(context.Background(), "T-1", 0)
		read <- result{records, err}
	}()
	select {
	case r := <-read:
		require.NoError(t, r.err)
		require.Equal(t, string(data), string(r.records[0].Data))
	case <-time.After(time.Minute):
		t.Fatal("reading waits for the checkpoint")
	}
}

// failing is a store whose appends fail when told to.
type failing struct {
	journal.Journal
	after int // appends that succeed
}

func (f *failing) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if f.after--; f.after < 0 {
		return journal.Head{}, fmt.Errorf("disk full")
	}
	return f.Journal.Append(ctx, b)
}

// A gathering of more heads than a batch holds that was cut off half-way is finished by the next one.
func TestGatheringThatWasCutOff(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	h.add("T-0", []byte("before"))
	h.checkpoint()
	const cases = journal.MaxRecords + 500
	for i := range cases {
		h.add(fmt.Sprint("T-", i), []byte("x"))
	}
	store := &failing{h.logStore, 1}
	log, err := OpenLog(t.Context(), store, origin)
	require.NoError(t, err)
	j := New(h.store, Options{Log: log})
	_, err = j.Checkpoint(t.Context(), h.signer)
	require.ErrorContains(t, err, "disk full")
	require.Equal(t, int64(1+journal.MaxRecords), log.Size())
	h.add("T-0", []byte("y"))
	store.after = 100
	_, err = j.Checkpoint(t.Context(), h.signer)
	require.NoError(t, err)
	require.Equal(t, int64(1+cases+1), log.Size())
	report, err := j.Verify(t.Context())
	require.NoError(t, err)
	require.Zero(t, report.Open)
}

func TestWithoutALog(t *testing.T) {
	j := New(journal.NewMemory(), Options{})
	signer, _ := signers(t, origin)
	_, err := j.Checkpoint(t.Context(), signer)
	require.ErrorIs(t, err, ErrNoLog)
	_, err = j.Export(t.Context(), "T-1")
	require.ErrorIs(t, err, ErrNoLog)
	_, err = j.Verify(t.Context(), Checkpoint{})
	require.ErrorIs(t, err, ErrNoLog)
	report, err := j.Verify(t.Context())
	require.NoError(t, err)
	require.Equal(t, Report{}, report)
}

func TestVerifyWhileOthersAppend(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	var all sync.WaitGroup
	defer all.Wait()
	stop := make(chan struct{})
	defer close(stop)
	for worker := range 2 {
		all.Go(func() {
			var head journal.Head
			for i := range 2000 { // each check reads all of them again: a slow machine must not make more of them
				select {
				case <-stop:
					return
				default:
				}
				var err error
				id := fmt.Sprint("T-", worker, "-", i/10)
				if i%10 == 0 {
					head = journal.Head{}
				}
				if head, err = h.Append(context.Background(), journal.Batch{Case: id, Expect: head, Records: [][]byte{{1}, {2}}}); err != nil {
					t.Error(err)
					return
				}
				if i%10 == 9 {
					if _, err = h.Erase(context.Background(), id, head, nil); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for range 20 {
		held := h.checkpoint()
		h.sound(held)
	}
}

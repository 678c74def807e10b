package seal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/journal"
)

// Log gathers the heads of cases, and the keys that were destroyed, in a Merkle tree to which one can only add. It keeps them as the
// records of one case of a journal, which should be another database than the one it speaks of: who puts back an older copy of that then meets
// a log that knows better. The two may be in one database too; then only who holds a [Checkpoint] notices.
//
// A Log has all of it in memory: some 300 bytes and the case's id for each head. Any number of goroutines may use it. Several processes may have one
// log open; what one adds, the others learn at their next Checkpoint, Verify, Export, Shred or [Log.Refresh].
type Log struct {
	store  journal.Journal
	origin string

	mu     sync.Mutex
	head   journal.Head
	leaves []leaf
	tree   hashes64
	place  journal.Position // up to which cases were gathered
	last   Checkpoint       // that was signed
	signed []byte

	// Readers ask for these while a checkpoint is being taken, which may take long.
	reading sync.RWMutex
	gone    map[KeyID]bool
	of      map[string][]int // a case's leaves, by number
	found   map[string]*leaf // cases that were adopted, as they were then
}

// hashes64 are the hashes of a tree in the order in which package tlog numbers them.
type hashes64 []tlog.Hash

// ReadHashes implements [tlog.HashReader].
func (h hashes64) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(h)) {
			return nil, fmt.Errorf("%w: no hash %d", ErrLog, at)
		}
		found[i] = h[at]
	}
	return found, nil
}

// What a record of a log begins with.
const (
	logLeaf  = 'l' // a leaf
	logPlace = 'p' // the position up to which cases were gathered
	logNote  = 'c' // a signed checkpoint
)

// OpenLog reads a log, which is the records of the case origin in store, or begins a new one. The origin names the log in its
// checkpoints: text without blanks or plus signs, up to 200 bytes, as a rule a host name and a path. Every checkpoint in the log is held against the tree; with
// verifiers, its signature too.
//
// The error matches [ErrLog], [ErrForked], [ErrCheckpoint], [ErrSignature] or [journal.ErrNoJournal], or is the store's.
func OpenLog(ctx context.Context, store journal.Journal, origin string, trusted ...note.Verifier) (*Log, error) {
	if !goodOrigin(origin) {
		return nil, fmt.Errorf("seal: %w: %.100q is not an origin", ErrLog, origin)
	}
	if store == nil {
		return nil, fmt.Errorf("seal: log %s: %w", origin, journal.ErrNoJournal)
	}
	l := &Log{store: store, origin: origin, of: map[string][]int{}, gone: map[KeyID]bool{}, found: map[string]*leaf{}}
	if err := l.refresh(ctx, trusted...); err != nil {
		return nil, err
	}
	return l, nil
}

// LogValue says which log it is.
func (l *Log) LogValue() slog.Value { return slog.StringValue("seal.Log(" + l.origin + ")") }

// Size tells how many heads and destroyed keys the log holds.
func (l *Log) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.leaves))
}

// Refresh takes in what other processes have added, destroyed keys above all.
func (l *Log) Refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refresh(ctx)
}

// refresh takes in what was added to the store since.
func (l *Log) refresh(ctx context.Context, trusted ...note.Verifier) error {
	h, records, err := l.store.Read(ctx, l.origin, l.head.Version)
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		if l.head.Version > 0 {
			return l.fail(ErrRolledBack, "the store has lost it")
		}
		return nil
	case err != nil:
		return fmt.Errorf("seal: log %s: %w", l.origin, err)
	case h.Version < l.head.Version || h.Version-l.head.Version != uint64(len(records)):
		return l.fail(ErrRolledBack, fmt.Sprintf("the store has %d records of it, %d were read", h.Version, l.head.Version))
	}
	for _, r := range records {
		if err := l.take(r.Data, trusted); err != nil {
			return err
		}
		l.head.Version = r.Seq
	}
	l.head = h
	return nil
}

func (l *Log) fail(err error, detail string) error {
	return fmt.Errorf("seal: log %s: %w: %s", l.origin, err, detail)
}

// take adds a record of the store to what is known.
func (l *Log) take(data []byte, trusted []note.Verifier) error {
	if len(data) == 0 {
		return l.fail(ErrLog, "an empty record")
	}
	switch body := data[1:]; data[0] {
	case logLeaf:
		f, err := parseLeaf(body)
		if err != nil {
			return fmt.Errorf("seal: log %s: record %d: %w", l.origin, l.head.Version+1, err)
		}
		return l.add(f, body)
	case logPlace:
		l.place = journal.Position(body)
	case logNote:
		return l.takeNote(body, trusted)
	default:
		return l.fail(ErrLog, fmt.Sprintf("a record of sort %q", data[0]))
	}
	return nil
}

func (l *Log) takeNote(signed []byte, trusted []note.Verifier) error {
	var c Checkpoint
	var err error
	if len(trusted) > 0 {
		c, err = ReadCheckpoint(signed, trusted...)
	} else {
		c, err = unverified(signed)
	}
	if err != nil {
		return fmt.Errorf("seal: log %s: %w", l.origin, err)
	}
	if err := l.holds(c); err != nil {
		return err
	}
	l.last, l.signed = c, append([]byte{}, signed...)
	return nil
}

// unverified reads a checkpoint whose signature nobody asked to be looked at.
func unverified(signed []byte) (Checkpoint, error) {
	_, err := note.Open(signed, note.VerifierList())
	var text *note.UnverifiedNoteError
	if !errors.As(err, &text) {
		return Checkpoint{}, fmt.Errorf("%w: not a signed note", ErrCheckpoint)
	}
	return parseCheckpoint(text.Note.Text)
}

// add puts a leaf into the tree.
func (l *Log) add(f leaf, encoded []byte) error {
	n := len(l.leaves)
	stored, err := tlog.StoredHashes(int64(n), encoded, l.tree)
	if err != nil {
		return l.fail(ErrLog, err.Error())
	}
	l.tree = append(l.tree, stored...)
	l.leaves = append(l.leaves, f)
	l.reading.Lock()
	defer l.reading.Unlock()
	if f.gone {
		l.gone[f.key] = true
	} else {
		l.of[f.caseID] = append(l.of[f.caseID], n)
	}
	if f.found {
		l.found[f.caseID] = &f
	}
	return nil
}

// holds tells whether a checkpoint is one of this log.
func (l *Log) holds(c Checkpoint) error {
	switch {
	case c.Origin != l.origin:
		return l.fail(ErrOrigin, c.Origin)
	case c.Size > int64(len(l.leaves)):
		return l.fail(ErrRolledBack, fmt.Sprintf("it has %d leaves, %d were signed", len(l.leaves), c.Size))
	case c.Size == 0:
		return nil
	}
	root, err := tlog.TreeHash(c.Size, l.tree)
	if err != nil {
		return l.fail(ErrLog, err.Error())
	}
	if root != c.Root {
		return l.fail(ErrForked, fmt.Sprintf("its first %d leaves are not those that were signed", c.Size))
	}
	return nil
}

// Extends tells whether the log holds all that it held when the checkpoint was signed, unchanged. It gives [ErrOrigin], [ErrRolledBack] or
// [ErrForked] when not.
func (l *Log) Extends(ctx context.Context, c Checkpoint) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.refresh(ctx); err != nil {
		return err
	}
	return l.holds(c)
}

// Prove gives the proof that a newer checkpoint of the log holds all that an older one does. Who holds both, and nothing else, checks it with
//
//	tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root)
func (l *Log) Prove(older, newer Checkpoint) (tlog.TreeProof, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range []Checkpoint{older, newer} {
		if err := l.holds(c); err != nil {
			return nil, err
		}
	}
	if older.Size == 0 || older.Size > newer.Size {
		return nil, l.fail(ErrRolledBack, fmt.Sprintf("no proof from %d leaves to %d", older.Size, newer.Size))
	}
	proof, err := tlog.ProveTree(newer.Size, older.Size, l.tree)
	if err != nil {
		return nil, l.fail(ErrLog, err.Error())
	}
	return proof, nil
}

// Destroyed gives the ids of all keys that were destroyed, in that order. After a keyring was restored from a backup, give them to
// its Destroy.
func (l *Log) Destroyed() []KeyID {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []KeyID
	for i := range l.leaves {
		if l.leaves[i].gone {
			ids = append(ids, l.leaves[i].key)
		}
	}
	return ids
}

// destroyed tells whether a key was.
func (l *Log) destroyed(id KeyID) bool {
	l.reading.RLock()
	defer l.reading.RUnlock()
	return l.gone[id]
}

// numbers gives the leaves of a case, of those below a number.
func (l *Log) numbers(caseID string, below int) []int {
	l.reading.RLock()
	all := l.of[caseID]
	l.reading.RUnlock()
	n, _ := slices.BinarySearch(all, below)
	return all[:n:n]
}

// write appends records to the store, and takes them in. Somebody else's append meanwhile gives a *[journal.ConflictError].
func (l *Log) write(ctx context.Context, records [][]byte) error {
	for len(records) > 0 {
		n := min(len(records), journal.MaxRecords)
		h, err := l.store.Append(ctx, journal.Batch{Case: l.origin, Expect: l.head, Records: records[:n]})
		if err != nil {
			return fmt.Errorf("seal: log %s: %w", l.origin, err)
		}
		for _, r := range records[:n] {
			if err := l.take(r, nil); err != nil {
				return err
			}
		}
		l.head, records = h, records[n:]
	}
	return nil
}

// change reads the log anew and writes what make gives, as often as somebody else was faster.
func (l *Log) change(ctx context.Context, work func() ([][]byte, error)) error {
	for {
		if err := l.refresh(ctx); err != nil {
			return err
		}
		records, err := work()
		if err != nil {
			return err
		}
		if err = l.write(ctx, records); !errors.Is(err, journal.ErrConflict) {
			return err
		}
	}
}

// destroy writes down that keys are destroyed.
func (l *Log) destroy(ctx context.Context, ids []KeyID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.change(ctx, func() ([][]byte, error) {
		var records [][]byte
		for _, id := range ids {
			if !l.gone[id] {
				f := leaf{gone: true, key: id}
				records = append(records, f.append([]byte{logLeaf}))
			}
		}
		return records, nil
	})
}

package journaltest

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// wrapped is a journal some of whose methods are replaced.
type wrapped struct {
	*journal.Memory

	append func(ctx context.Context, b journal.Batch) (journal.Head, error)
	read   func(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error)
	scan   func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error]
	view   func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error]
	due    func(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error]
	erase  func(ctx context.Context, id string, expect journal.Head, tombstone []byte) (journal.Head, error)
}

func (w *wrapped) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if w.append != nil {
		return w.append(ctx, b)
	}
	return w.Memory.Append(ctx, b)
}

func (w *wrapped) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	if w.read != nil {
		return w.read(ctx, id, after)
	}
	return w.Memory.Read(ctx, id, after)
}

func (w *wrapped) View(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	if w.view != nil {
		return w.view(ctx, after)
	}
	return w.Memory.View(ctx, after)
}

func (w *wrapped) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	if w.scan != nil {
		return w.scan(ctx, after)
	}
	return w.Memory.Scan(ctx, after)
}

func (w *wrapped) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	if w.due != nil {
		return w.due(ctx, until)
	}
	return w.Memory.Due(ctx, until)
}

func (w *wrapped) Erase(ctx context.Context, id string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	if w.erase != nil {
		return w.erase(ctx, id, expect, tombstone)
	}
	return w.Memory.Erase(ctx, id, expect, tombstone)
}

// sound gives a store with all hooks whose journals are spoilt by a fault, or by none.
func sound(fault func(w *wrapped)) Store {
	return Store{
		Open: func(testing.TB) journal.Journal {
			w := &wrapped{Memory: journal.NewMemory()}
			if fault != nil {
				fault(w)
			}
			return w
		},
		Reopen: func(_ testing.TB, j journal.Journal) journal.Journal { return j },
		Backup: func(_ testing.TB, j journal.Journal) func() journal.Journal {
			backup := j.(*wrapped).Snapshot()
			return func() journal.Journal {
				j.(*wrapped).Restore(backup)
				return j
			}
		},
		InTx: func(t testing.TB, j journal.Journal, commit bool, work func(tx journal.Journal)) {
			transact(t, j, commit, work)
		},
		patience: 100 * time.Millisecond,
	}
}

// transact works on a copy and, to commit, appends to the journal what succeeded on the copy.
func transact(t testing.TB, j journal.Journal, commit bool, work func(tx journal.Journal)) {
	copied := journal.NewMemory()
	copied.Restore(j.(*wrapped).Snapshot())
	tx := &wrapped{Memory: copied}
	var done []journal.Batch
	tx.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
		h, err := copied.Append(ctx, b)
		if err == nil {
			done = append(done, b)
		}
		return h, err
	}
	work(tx)
	if !commit {
		return
	}
	for _, b := range done {
		_, err := j.Append(t.Context(), b)
		require.NoError(t, err)
	}
}

func TestSuitePassesWhatIsSound(t *testing.T) {
	Run(t, sound(nil))
}

func TestThemesWithoutTheirHookAreSkipped(t *testing.T) {
	bare := Store{Open: sound(nil).Open}
	var skipped []string
	for _, th := range themes {
		if th.hook == "" {
			continue
		}
		r := outcome(t, th, bare)
		require.Empty(t, r.failures)
		if r.skipped {
			skipped = append(skipped, th.name)
		}
	}
	assert.Equal(t, []string{"restart", "backup", "transaction"}, skipped)
}

func TestStoreWithoutOpenFails(t *testing.T) {
	for _, th := range themes {
		assert.Contains(t, outcome(t, th, Store{}).text(), "Store.Open is needed", th.name)
	}
}

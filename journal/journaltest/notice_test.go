package journaltest

import (
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

func TestSuiteNoticesFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(themes, func(th theme) bool { return th.name == f.theme })
			require.GreaterOrEqual(t, i, 0)
			r := outcome(t, themes[i], sound(f.fault))
			assert.NotEmpty(t, r.failures, "%s passes", f.theme)
			t.Log(r.text())
		})
	}
}

func TestSuiteNoticesFaultsOfHooks(t *testing.T) {
	good := sound(nil)
	for _, c := range []struct {
		name, theme string
		spoil       func(s *Store)
	}{
		{"a restart forgets", "restart", func(s *Store) {
			s.Reopen = func(t testing.TB, _ journal.Journal) journal.Journal { return good.Open(t) }
		}},
		{"a restart forgets the last append", "restart", func(s *Store) {
			var backup journal.Snapshot
			open := s.Open
			s.Open = func(t testing.TB) journal.Journal {
				w := open(t).(*wrapped)
				w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
					backup = w.Snapshot()
					return w.Memory.Append(ctx, b)
				}
				return w
			}
			s.Reopen = func(_ testing.TB, j journal.Journal) journal.Journal {
				j.(*wrapped).Restore(backup)
				return j
			}
		}},
		{"a restart forgets positions", "restart", func(s *Store) {
			s.Reopen = func(_ testing.TB, j journal.Journal) journal.Journal {
				j.(*wrapped).Restore(j.(*wrapped).Snapshot())
				return j
			}
		}},
		{"a restore restores nothing", "backup", func(s *Store) {
			s.Backup = func(_ testing.TB, j journal.Journal) func() journal.Journal {
				return func() journal.Journal { return j }
			}
		}},
		{"what is rolled back is kept", "transaction", func(s *Store) {
			s.InTx = func(t testing.TB, j journal.Journal, _ bool, work func(tx journal.Journal)) {
				transact(t, j, true, work)
			}
		}},
		{"what is committed is lost", "transaction", func(s *Store) {
			s.InTx = func(t testing.TB, j journal.Journal, _ bool, work func(tx journal.Journal)) {
				transact(t, j, false, work)
			}
		}},
		{"a transaction is none", "transaction", func(s *Store) {
			s.InTx = func(_ testing.TB, j journal.Journal, _ bool, work func(tx journal.Journal)) { work(j) }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sound(nil)
			c.spoil(&s)
			i := slices.IndexFunc(themes, func(th theme) bool { return th.name == c.theme })
			r := outcome(t, themes[i], s)
			assert.NotEmpty(t, r.failures, "%s passes", c.theme)
			t.Log(r.text())
		})
	}
}

// force appends whatever the head is.
func force(ctx context.Context, w *wrapped, b journal.Batch) (journal.Head, error) {
	for {
		h, _, err := w.Memory.Read(ctx, b.Case, math.MaxUint64)
		if err != nil && !errors.Is(err, journal.ErrUnknownCase) {
			return h, err
		}
		b.Expect = h
		h, err = w.Memory.Append(ctx, b)
		if !errors.Is(err, journal.ErrConflict) {
			return h, err
		}
	}
}

func resort(w *wrapped, order func(a, b journal.Item) int) func(context.Context, time.Time) iter.Seq2[journal.Item, error] {
	return func(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
		return func(yield func(journal.Item, error) bool) {
			var items []journal.Item
			for item, err := range w.Memory.Due(ctx, until) {
				if err != nil {
					yield(item, err)
					return
				}
				items = append(items, item)
			}
			slices.SortStableFunc(items, order)
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

func rename(w *wrapped, change func(id string) string) {
	w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
		b.Case = change(b.Case)
		return w.Memory.Append(ctx, b)
	}
	w.read = func(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
		h, records, err := w.Memory.Read(ctx, change(id), after)
		for i := range records {
			records[i].Case = id
		}
		return h, records, err
	}
}

// counted gives positions that only count records.
func counted(w *wrapped) func(context.Context, journal.Position) iter.Seq2[journal.Record, error] {
	return func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
		return func(yield func(journal.Record, error) bool) {
			all, err := collect(ctx, w.Memory, "")
			if err != nil {
				yield(journal.Record{}, err)
				return
			}
			n := strings.Count(string(after), "i")
			if n != len(after) || n > len(all) {
				yield(journal.Record{}, journal.ErrPosition)
				return
			}
			for ; n < len(all); n++ {
				all[n].Pos = journal.Position(strings.Repeat("i", n+1))
				if !yield(all[n], nil) {
					return
				}
			}
		}
	}
}

// lateSerials numbers records when an append begins and shows them when it ends, as a database with a sequence does.
func lateSerials(w *wrapped) {
	var mu sync.Mutex
	serial := 0
	visible := map[int]journal.Record{}
	w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
		mu.Lock()
		first := serial + 1
		serial += len(b.Records)
		mu.Unlock()
		time.Sleep(time.Duration(first%7) * 100 * time.Microsecond)
		h, err := w.Memory.Append(ctx, b)
		mu.Lock()
		defer mu.Unlock()
		for i, data := range b.Records {
			if err == nil {
				visible[first+i] = journal.Record{Case: b.Case, Seq: b.Expect.Version + uint64(i) + 1, Data: data}
			}
		}
		return h, err
	}
	w.scan = func(_ context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
		return func(yield func(journal.Record, error) bool) {
			mu.Lock()
			end := serial
			mu.Unlock()
			for n := len(after) + 1; n <= end; n++ {
				mu.Lock()
				r, ok := visible[n]
				mu.Unlock()
				r.Pos = journal.Position(strings.Repeat("i", n))
				if ok && !yield(r, nil) {
					return
				}
			}
		}
	}
}

package journaltest

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Faults that journals have had, and the theme that must notice each.
var faults = []struct {
	name  string
	theme string
	fault func(w *wrapped)
}{
	{"the version is not checked", "heads", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			return force(ctx, w, b)
		}
	}},
	{"the revision is not checked", "claims", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if h, _, err := w.Memory.Read(ctx, b.Case, math.MaxUint64); err == nil && h.Version == b.Expect.Version {
				b.Expect = h
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"the head is read first and written later", "races", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, _, _ := w.Memory.Read(ctx, b.Case, math.MaxUint64)
			if h.Version != b.Expect.Version || h.Rev != b.Expect.Rev {
				return journal.Head{}, &journal.ConflictError{Case: b.Case, Expected: b.Expect, Actual: h}
			}
			time.Sleep(time.Millisecond)
			return force(ctx, w, b)
		}
	}},
	{"a lost race is an error of the driver", "races", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrConflict) {
				err = errors.New("UNIQUE constraint failed: records.case, records.seq")
			}
			return h, err
		}
	}},
	{"a conflict does not tell the actual head", "heads", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrConflict) {
				err = &journal.ConflictError{Case: b.Case, Expected: b.Expect}
			}
			return h, err
		}
	}},
	{"a refused append is kept all the same", "heads", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrConflict) {
				_, _ = force(ctx, w, b)
			}
			return h, err
		}
	}},
	{"a record of a batch is lost", "heads", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if len(b.Records) > 2 {
				b.Records = b.Records[:2]
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"head and records are read apart", "races", func(w *wrapped) {
		w.read = func(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
			h, _, err := w.Memory.Read(ctx, id, after)
			if err != nil {
				return h, nil, err
			}
			time.Sleep(time.Millisecond) // for ten appends
			_, records, err := w.Memory.Read(ctx, id, after)
			return h, records, err
		}
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			time.Sleep(100 * time.Microsecond)
			return w.Memory.Append(ctx, b)
		}
	}},
	{"what is shown overlaps", "view", func(w *wrapped) {
		w.view = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				var last []byte
				for r, err := range w.Memory.View(ctx, after) {
					if copy(r.Data, last); !yield(r, err) {
						return
					}
					last = r.Data
				}
			}
		}
	}},
	{"a view starts from the beginning again", "view", func(w *wrapped) {
		w.view = func(ctx context.Context, _ journal.Position) iter.Seq2[journal.Record, error] {
			return w.Memory.View(ctx, "")
		}
	}},
	{"a repeated append happens again", "keys", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Key = ""
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrConflict) {
				return force(ctx, w, b)
			}
			return h, err
		}
	}},
	{"a repeated append meets a conflict", "keys", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Key = ""
			return w.Memory.Append(ctx, b)
		}
	}},
	{"a repeated append gives the present head", "keys", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if err == nil && b.Key != "" {
				h, _, err = w.Memory.Read(ctx, b.Case, math.MaxUint64)
			}
			return h, err
		}
	}},
	{"keys are looked up before they are taken", "keys", func(w *wrapped) {
		var mu sync.Mutex
		taken := map[string]journal.Head{}
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			id := b.Case + "\x00" + b.Key
			mu.Lock()
			h, known := taken[id]
			mu.Unlock()
			if known && b.Key != "" {
				return h, nil
			}
			time.Sleep(time.Millisecond)
			b.Key = ""
			h, err := w.Memory.Append(ctx, b)
			if err == nil {
				mu.Lock()
				taken[id] = h
				mu.Unlock()
			}
			return h, err
		}
	}},
	{"keys belong to the journal", "keys", func(w *wrapped) {
		taken := map[string]journal.Head{}
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if h, known := taken[b.Key]; known && b.Key != "" {
				return h, nil
			}
			h, err := w.Memory.Append(ctx, b)
			if err == nil {
				taken[b.Key] = h
			}
			return h, err
		}
	}},
	{"a reader gets the store's own bytes", "reading", func(w *wrapped) {
		kept := map[string][]journal.Record{}
		w.read = func(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
			h, records, err := w.Memory.Read(ctx, id, after)
			if id != "bytes" || len(records) == 1 {
				return h, records, err
			}
			if kept[id] == nil {
				kept[id] = records
			}
			return h, kept[id], err
		}
	}},
	{"the numbers of a tail begin at one", "reading", func(w *wrapped) {
		w.read = func(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
			h, records, err := w.Memory.Read(ctx, id, after)
			for i := range records {
				records[i].Seq = uint64(i + 1)
			}
			return h, records, err
		}
	}},
	{"positions are serial numbers given out early", "followers", lateSerials},
	{"a scan goes on at its position instead of after it", "scan", func(w *wrapped) {
		var last journal.Record
		w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				if last.Pos == after && after != "" && !yield(last, nil) {
					return
				}
				for r, err := range w.Memory.Scan(ctx, after) {
					last = r
					if !yield(r, err) {
						return
					}
				}
			}
		}
	}},
	{"a scan follows for ever", "scan", func(w *wrapped) {
		w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				for more := true; more; {
					more = false
					for r, err := range w.Memory.Scan(ctx, after) {
						if !yield(r, err) {
							return
						}
						more, after = err == nil, r.Pos
					}
				}
			}
		}
	}},
	{"a scan holds the lock that an append needs", "scan", func(w *wrapped) {
		var mu sync.Mutex
		w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				mu.Lock()
				defer mu.Unlock()
				w.Memory.Scan(ctx, after)(yield)
			}
		}
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if !mu.TryLock() {
				return journal.Head{}, errors.New("database is locked")
			}
			defer mu.Unlock()
			return w.Memory.Append(ctx, b)
		}
	}},
	{"what is due comes in no order", "due", func(w *wrapped) {
		w.due = resort(w, func(a, b journal.Item) int { return strings.Compare(a.Case, b.Case) })
	}},
	{"ids of one instant come as a locale sorts them", "due", func(w *wrapped) {
		w.due = resort(w, func(a, b journal.Item) int {
			if d := a.Next.Compare(b.Next); d != 0 {
				return d
			}
			return strings.Compare(strings.ToLower(a.Case), strings.ToLower(b.Case))
		})
	}},
	{"what is due now is not due yet", "due", func(w *wrapped) {
		w.due = func(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
			return w.Memory.Due(ctx, until.Add(-1))
		}
	}},
	{"a far bound overflows", "due", func(w *wrapped) {
		w.due = func(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
			return w.Memory.Due(ctx, time.Unix(0, until.UnixNano()))
		}
	}},
	{"a case that has nothing more to come stays due", "due", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if b.Next.IsZero() {
				if h, _, err := w.Memory.Read(ctx, b.Case, 0); err == nil {
					b.Next = h.Next
				}
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"a page of what is due is all of it", "due", func(w *wrapped) {
		w.due = func(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
			return func(yield func(journal.Item, error) bool) {
				n := 0
				for item, err := range w.Memory.Due(ctx, until) {
					if n++; n > 100 || !yield(item, err) {
						return
					}
				}
			}
		}
	}},
	{"a case begins with nothing", "claims", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if len(b.Records) == 0 && b.Expect == (journal.Head{}) {
				b.Records = [][]byte{nil}
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"an append without records does nothing", "claims", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if len(b.Records) == 0 {
				return b.Expect, nil
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"an erased case goes on", "erasure", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrErased) {
				return journal.Head{Version: b.Expect.Version + 1, Rev: b.Expect.Rev + 1}, nil
			}
			return h, err
		}
	}},
	{"a key outlives the erasure", "erasure", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(ctx, b)
			if errors.Is(err, journal.ErrErased) && b.Key == "open" {
				return journal.Head{Version: 2, Rev: 1}, nil
			}
			return h, err
		}
	}},
	{"erased records are still scanned", "erasure", func(w *wrapped) {
		w.erase = func(ctx context.Context, id string, expect journal.Head, tombstone []byte) (journal.Head, error) {
			var kept []journal.Record
			for r := range w.Memory.Scan(ctx, "") {
				if r.Case == id {
					kept = append(kept, r)
				}
			}
			h, err := w.Memory.Erase(ctx, id, expect, tombstone)
			if err == nil {
				w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
					return func(yield func(journal.Record, error) bool) {
						for _, r := range kept {
							if after == "" && !yield(r, nil) {
								return
							}
						}
						w.Memory.Scan(ctx, after)(yield)
					}
				}
			}
			return h, err
		}
	}},
	{"an erasure leaves no tombstone for those who follow", "erasure", func(w *wrapped) {
		graves := map[string]bool{}
		w.erase = func(ctx context.Context, id string, expect journal.Head, tombstone []byte) (journal.Head, error) {
			h, err := w.Memory.Erase(ctx, id, expect, tombstone)
			graves[id] = graves[id] || err == nil
			return h, err
		}
		w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				for r, err := range w.Memory.Scan(ctx, after) {
					if !graves[r.Case] && !yield(r, err) {
						return
					}
				}
			}
		}
	}},
	{"a large record is cut", "limits", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Records = slices.Clone(b.Records)
			for i, r := range b.Records {
				b.Records[i] = r[:min(len(r), journal.MaxRecord)]
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"an id ends at NUL", "ids", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Case, _, _ = strings.Cut(b.Case, "\x00")
			return w.Memory.Append(ctx, b)
		}
	}},
	{"ids are folded", "ids", func(w *wrapped) { rename(w, strings.ToLower) }},
	{"blanks are trimmed", "ids", func(w *wrapped) { rename(w, strings.TrimSpace) }},
	{"long ids are cut", "ids", func(w *wrapped) {
		rename(w, func(id string) string { return id[:min(len(id), journal.MaxID-1)] })
	}},
	{"bytes are taken for text", "bytes", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Records = slices.Clone(b.Records)
			for i, r := range b.Records {
				b.Records[i] = bytes.ToValidUTF8(r, []byte("\uFFFD"))
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"records without bytes are left out", "bytes", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Records = slices.DeleteFunc(slices.Clone(b.Records), func(r []byte) bool { return r == nil })
			return w.Memory.Append(ctx, b)
		}
	}},
	{"instants are kept to the microsecond", "instants", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			b.Next = b.Next.Truncate(time.Microsecond)
			return w.Memory.Append(ctx, b)
		}
	}},
	{"the epoch of Unix is no instant", "instants", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if b.Next.UnixNano() == 0 {
				b.Next = time.Time{}
			}
			return w.Memory.Append(ctx, b)
		}
	}},
	{"an append that reports its cancellation is kept", "cancelled", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			h, err := w.Memory.Append(context.WithoutCancel(ctx), b)
			if ctx.Err() != nil {
				return journal.Head{}, journal.CaseError(b.Case, ctx.Err())
			}
			return h, err
		}
	}},
	{"an append that is cut off is kept in part", "cancelled", func(w *wrapped) {
		w.append = func(ctx context.Context, b journal.Batch) (journal.Head, error) {
			if b.Case != "cut" {
				return w.Memory.Append(ctx, b)
			}
			half := b
			half.Records, half.Key = b.Records[:1], ""
			h, err := w.Memory.Append(ctx, half)
			if err != nil {
				return h, err
			}
			time.Sleep(100 * time.Microsecond)
			b.Records, b.Expect = b.Records[1:], h
			h, err = w.Memory.Append(ctx, b)
			h.Rev--
			return h, err
		}
	}},
	{"a position that is none is the beginning", "bad input", func(w *wrapped) {
		w.scan = func(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
			return func(yield func(journal.Record, error) bool) {
				for r, err := range w.Memory.Scan(ctx, after) {
					if errors.Is(err, journal.ErrPosition) {
						w.Memory.Scan(ctx, "")(yield)
						return
					}
					if !yield(r, err) {
						return
					}
				}
			}
		}
	}},
	{"positions have no epoch", "backup", func(w *wrapped) { w.scan = counted(w) }},
	{"positions of another journal are taken", "bad input", func(w *wrapped) { w.scan = counted(w) }},
}

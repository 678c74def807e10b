package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// alternating sends its calls to one and the other of two journals.
type alternating struct {
	one, two journal.Journal
	calls    atomic.Uint64
}

func (a *alternating) next() journal.Journal {
	if a.calls.Add(1)%2 == 0 {
		return a.one
	}
	return a.two
}

func (a *alternating) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	return a.next().Append(ctx, b)
}

func (a *alternating) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	return a.next().Read(ctx, caseID, after)
}

func (a *alternating) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return a.next().Scan(ctx, after)
}

func (a *alternating) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return a.next().Due(ctx, until)
}

func (a *alternating) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	return a.next().Erase(ctx, caseID, expect, tombstone)
}

// Two handles, four writers each: every writer appends its share to one case and reads again after a conflict. Nothing else may go wrong, and a
// follower sees each record once, in order.
func TestWritersOfTwoHandles(t *testing.T) {
	const writers, each = 8, 15
	path := file(t)
	handles := []*Journal{must(t, path), must(t, path)}
	head, err := handles[0].Append(t.Context(), batch("T-1", "opened"))
	require.NoError(t, err)
	var conflicts atomic.Int64
	var wg sync.WaitGroup
	for w := range writers {
		j := handles[w%2]
		wg.Go(func() {
			head := head
			for n := 0; n < each; {
				next, err := j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{fmt.Appendf(nil, "%d/%d", w, n)}})
				var conflict *journal.ConflictError
				switch {
				case err == nil:
					head = next
					n++
				case errors.As(err, &conflict):
					head = conflict.Actual
					conflicts.Add(1)
				default:
					assert.NoError(t, err)
					return
				}
			}
		})
	}
	var all []string
	var at journal.Position
	follow := func() {
		for r, err := range handles[1].Scan(t.Context(), at) {
			if !assert.NoError(t, err) {
				return
			}
			at = r.Pos
			all = append(all, string(r.Data))
			assert.EqualValues(t, len(all), r.Seq)
		}
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	for done := false; !done; {
		select {
		case <-written:
			done = true
		default:
		}
		follow()
	}
	_, records, err := handles[0].Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	require.Len(t, records, 1+writers*each)
	require.Len(t, all, len(records))
	for i, r := range records {
		assert.Equal(t, all[i], string(r.Data))
	}
	assert.Positive(t, conflicts.Load(), "nobody raced")
	sound(t, path)
}

// transacted makes each of its calls inside a transaction of the host.
type transacted struct {
	j  *Journal
	db *sql.DB
}

func (h transacted) change(do func(journal.Journal) (journal.Head, error)) (journal.Head, error) {
	tx, err := h.db.Begin()
	if err != nil {
		return journal.Head{}, err
	}
	defer func() { _ = tx.Rollback() }()
	head, err := do(h.j.In(tx))
	if err != nil {
		return head, err
	}
	return head, tx.Commit()
}

// look begins a transaction that only reads, and so does not wait.
func (h transacted) look() (in journal.Journal, end func()) {
	tx, err := h.db.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		panic(err)
	}
	return h.j.In(tx), func() { _ = tx.Rollback() }
}

func (h transacted) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	return h.change(func(in journal.Journal) (journal.Head, error) { return in.Append(ctx, b) })
}

func (h transacted) Erase(ctx context.Context, caseID string, expect journal.Head, tombstone []byte) (journal.Head, error) {
	return h.change(func(in journal.Journal) (journal.Head, error) { return in.Erase(ctx, caseID, expect, tombstone) })
}

func (h transacted) Read(ctx context.Context, caseID string, after uint64) (journal.Head, []journal.Record, error) {
	in, end := h.look()
	defer end()
	return in.Read(ctx, caseID, after)
}

func (h transacted) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		in, end := h.look()
		defer end()
		in.Scan(ctx, after)(yield)
	}
}

func (h transacted) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		in, end := h.look()
		defer end()
		in.Due(ctx, until)(yield)
	}
}

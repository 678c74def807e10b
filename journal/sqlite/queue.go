package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"github.com/servicecharter/charter/journal"
)

// A write is one change of one case that waits to be made.
type write struct {
	do   func(context.Context, session) (journal.Head, error)
	size int // bytes of its records

	// Set before done is closed.
	head journal.Head
	err  error
	done chan struct{}
}

// What one transaction takes at most, so that its log stays small and the first of it does not wait long for the last.
const (
	groupWrites = 256
	groupBytes  = 8 << 20
)

// A queue groups writes that wait at the same time into one transaction, since the sync of the disk at its end is what a write costs. It has
// no goroutine of its own: whoever holds the lead does the work of all.
type queue struct {
	lead chan struct{} // holds one token while somebody leads

	mu      sync.Mutex
	waiting []*write
}

func (q *queue) add(w *write) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, w)
}

// withdraw takes a write back unless a leader has it already.
func (q *queue) withdraw(w *write) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// take gives the leader the writes of one transaction, those that came first.
func (q *queue) take() []*write {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, size := 0, 0
	for n < len(q.waiting) && n < groupWrites && (n == 0 || size+q.waiting[n].size <= groupBytes) {
		size += q.waiting[n].size
		n++
	}
	group := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return group
}

// submit makes one change, together with others that wait. Until a leader has taken it, it can be cancelled, and nothing was changed; after that
// it is a matter of one commit, and the caller gets its outcome.
func (j *Journal) submit(ctx context.Context, size int, do func(context.Context, session) (journal.Head, error)) (journal.Head, error) {
	if err := ctx.Err(); err != nil {
		return journal.Head{}, err
	}
	wait, cancel := context.WithTimeoutCause(ctx, j.patience, ErrBusy)
	defer cancel()
	w := &write{do: do, size: size, done: make(chan struct{})}
	j.queue.add(w)
	for {
		select {
		case <-w.done:
			return w.head, w.err
		case j.queue.lead <- struct{}{}:
			err := j.leadFor(wait, w)
			<-j.queue.lead
			if err != nil && j.queue.withdraw(w) {
				return journal.Head{}, reason(ctx, wait, err)
			}
		case <-wait.Done():
			if j.queue.withdraw(w) {
				return journal.Head{}, reason(ctx, wait, wait.Err())
			}
			<-w.done
			return w.head, w.err
		}
	}
}

// reason puts what ended a wait into the words of its caller.
func reason(ctx, wait context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case wait.Err() != nil:
		return context.Cause(wait)
	}
	return err
}

// leadFor makes one transaction of writes that wait, w among them unless others came first. An error says that there was no transaction.
func (j *Journal) leadFor(wait context.Context, w *write) error {
	select {
	case <-w.done: // by the leader before
		return nil
	default:
	}
	if j.closed.Load() {
		return ErrClosed
	}
	// The lock first, then the group: whoever comes while the lock is waited for is in it.
	tx, err := j.begin(wait)
	if err != nil {
		return err
	}
	group := j.queue.take()
	all := context.WithoutCancel(wait) // one caller's context is not the others' business
	if ended, err := j.commit(all, tx, group); err != nil {
		for _, g := range group {
			if len(group) == 1 || ended {
				g.head, g.err = journal.Head{}, err
				continue
			}
			j.alone(all, g)
		}
	}
	for _, g := range group {
		close(g.done)
	}
	return nil
}

// alone repeats a write whose group was rolled back by the trouble of one of them, in a transaction of its own.
func (j *Journal) alone(ctx context.Context, w *write) {
	wait, cancel := context.WithTimeoutCause(ctx, j.patience, ErrBusy)
	defer cancel()
	tx, err := j.begin(wait)
	if err == nil {
		_, err = j.commit(ctx, tx, []*write{w})
	}
	if err != nil {
		w.head, w.err = journal.Head{}, err
	}
}

// begin waits for the write lock.
func (j *Journal) begin(ctx context.Context) (tx *sql.Tx, err error) {
	// Without the context, since an interrupted connection is thrown away by its pool.
	err = retry(ctx, func() error { tx, err = j.write.BeginTx(context.WithoutCancel(ctx), nil); return err })
	return tx, err
}

// commit makes the writes of a group in one transaction. A write that is refused changes nothing and is told so; any other error undoes the transaction
// and is returned. Nobody is told anything before the commit: what a write was refused for may be in the same group. The
// outcome of a transaction that has ended with an error is unknown.
func (j *Journal) commit(ctx context.Context, tx *sql.Tx, group []*write) (ended bool, err error) {
	s := statements{stmts: j.stmts, tx: tx}
	for _, w := range group {
		w.head, w.err = w.do(ctx, s)
		if w.err != nil && !refused(w.err) {
			err := w.err
			// SQLite itself has rolled back if the disk is full; database/sql must be told all the same.
			_ = tx.Rollback()
			return false, err
		}
	}
	return true, tx.Commit()
}

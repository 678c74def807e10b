package charter_test

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/servicecharter/charter/journal"
)

var (
	errStore = errors.New("simulated: the store is away")
	errDead  = errors.New("simulated: the process is dead")
)

// store is a journal as bad as the contract of journal.Journal allows. An
// append that fails may have been kept, or may be kept a good deal later. A
// record may be held back from Scan, as by a transaction that began earlier, so
// that the records of different cases come in another order.
type store struct {
	*journal.Memory
	rand    *rand.Rand
	rate    float64         // of failing calls
	late    []journal.Batch // appends that failed and are still on their way
	after   journal.Position
	held    []journal.Record // not yet shown to Scan
	visible []journal.Record
}

func (s *store) fails() bool { return s.rand.Float64() < s.rate }

func (s *store) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	s.arrive(0.3)
	if s.fails() {
		if s.rand.IntN(3) == 0 {
			s.late = append(s.late, b)
		}
		return journal.Head{}, errStore
	}
	h, err := s.Memory.Append(ctx, b)
	if err == nil && s.fails() {
		return journal.Head{}, errStore // kept all the same
	}
	return h, err
}

// arrive lets each append that is under way get through with some probability.
func (s *store) arrive(p float64) {
	left := s.late[:0]
	for _, b := range s.late {
		if s.rand.Float64() >= p {
			left = append(left, b)
			continue
		}
		// As a rule somebody else was quicker.
		_, _ = s.Memory.Append(context.Background(), b)
	}
	s.late = left
}

func (s *store) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	if s.fails() {
		return journal.Head{}, nil, errStore
	}
	return s.Memory.Read(ctx, id, after)
}

func (s *store) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for item, err := range s.Memory.Due(ctx, until) {
			if s.fails() {
				yield(journal.Item{}, errStore)
				return
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// show makes records visible to Scan: those of one case in order, others as
// it comes.
func (s *store) show(ctx context.Context) error {
	for r, err := range s.Memory.Scan(ctx, s.after) {
		if err != nil {
			return err
		}
		s.held, s.after = append(s.held, r), r.Pos
	}
	waits := map[string]bool{}
	left := s.held[:0]
	for _, r := range s.held {
		if waits[r.Case] || s.rand.Float64() < 2*s.rate {
			waits[r.Case] = true
			left = append(left, r)
			continue
		}
		r.Pos = journal.Position(strconv.Itoa(len(s.visible) + 1))
		s.visible = append(s.visible, r)
	}
	s.held = left
	return nil
}

func (s *store) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		if err := s.show(ctx); err != nil {
			yield(journal.Record{}, err)
			return
		}
		from := 0
		if after != "" {
			from, _ = strconv.Atoi(string(after))
		}
		for _, r := range s.visible[from:] {
			if s.fails() {
				yield(journal.Record{}, errStore)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// process is the store as one process sees it, which may die at every call,
// just before it or just after, and then does nothing more.
type process struct {
	*store
	crash float64
	dead  bool
}

// dies tells whether the process is dead by now.
func (p *process) dies() bool {
	p.dead = p.dead || p.rand.Float64() < p.crash
	return p.dead
}

func (p *process) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if p.dies() {
		return journal.Head{}, errDead
	}
	h, err := p.store.Append(ctx, b)
	if p.dies() {
		return journal.Head{}, errDead
	}
	return h, err
}

func (p *process) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	if p.dies() {
		return journal.Head{}, nil, errDead
	}
	return p.store.Read(ctx, id, after)
}

func (p *process) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return alive(p, p.store.Due(ctx, until))
}

func (p *process) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return alive(p, p.store.Scan(ctx, after))
}

func alive[T any](p *process, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for x, err := range seq {
			if p.dies() {
				var none T
				yield(none, errDead)
				return
			}
			if !yield(x, err) {
				return
			}
		}
	}
}

package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/servicecharter/charter/history"
)

// Run reads every case of the source, judges it by the rules as of [Options].Now, and reports on each clause.
//
// It reads in the goroutine that calls it and judges in as many as [Options].Workers says; it has ended all of them when it returns. Its
// memory does not grow with the number of cases, apart from what the source itself needs; it grows with the number of clauses, of
// values to slice by, and of breaches and examples that are kept.
//
// [Options].Tally changes only when there is a report. When it cannot take in the cases, as beyond quality.MaxCount, that is the error.
//
// Faults in the data never end it unless [Options].Strict is set. It ends early, without a report, with the context's error, with an error
// of the source, with [ErrGroups], or at once with [ErrRules], [ErrSource] or [ErrOptions]. A source without cases gives a
// report without verdicts.
func Run(ctx context.Context, rules Rules, source Source, options Options) (*Report, error) {
	if rules.Plan == nil {
		return nil, ErrRules
	}
	if source.Cases == nil {
		return nil, ErrSource
	}
	options, err := options.check()
	if err != nil {
		return nil, err
	}
	if options.Conduct && rules.Handbook == nil {
		return nil, fmt.Errorf("%w: Conduct: the rules are of no handbook", ErrOptions)
	}
	s := newSettings(rules, source.Provides, options)
	a := &audit{settings: s, source: source, read: newTally(s)}
	if s.Workers == 1 {
		err = a.alone(ctx)
	} else {
		err = a.together(ctx)
	}
	if err != nil {
		return nil, err
	}
	a.progress(true)
	return a.report(source.Name)
}

// audit is one call of Run.
type audit struct {
	*settings
	source  Source
	read    *tally // the total; while reading, what the reading goroutine has counted
	current Case   // here, so that handing it on by pointer does not put each case on the heap
	cases   uint64
	count   uint64 // of entries
}

// every is how many cases there are between two looks at the context, and at most in a batch.
const every = 256

// take reads the source and hands on each case with its number.
func (a *audit) take(ctx context.Context, judge func(c *Case, seq uint64) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for c, err := range a.source.Cases {
		if err != nil {
			if err := a.fault(err); err != nil {
				return err
			}
			continue
		}
		a.current = c
		if err := judge(&a.current, a.cases); err != nil {
			return err
		}
		a.cases++
		a.count += uint64(len(c.Entries))
		if a.cases%every == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			a.progress(false)
		}
	}
	return nil
}

// fault counts a finding of the source; anything else ends the audit.
func (a *audit) fault(err error) error {
	// A source yields the finding itself; a wrapped one is an error of its own.
	f, ok := err.(*Finding)
	if !ok {
		return err
	}
	if f == nil {
		return errors.New("audit: the source yields a nil finding")
	}
	if kept := a.read.find(f.Code, a.cases, a.Examples); kept != nil {
		*kept = f.clone()
	}
	if f.Dropped {
		a.read.dropped++
		if a.Strict {
			c := f.clone()
			return &c
		}
	}
	return nil
}

func (f *Finding) clone() Finding {
	c := *f
	if f.Entry != nil {
		e := *f.Entry
		c.Entry = &e
	}
	return c
}

func (a *audit) progress(done bool) {
	if a.Progress == nil {
		return
	}
	p := Progress{Cases: a.cases, Entries: a.count, Read: -1, Done: done}
	if a.source.Read != nil {
		p.Read = a.source.Read()
	}
	a.Progress(p)
}

// alone judges in the caller's goroutine, without copying a case.
func (a *audit) alone(ctx context.Context) error {
	j := newJudge(a.settings)
	if err := a.take(ctx, j.judgeCase); err != nil {
		return err
	}
	return a.read.add(j.tally, a.settings)
}

// together deals the cases out to several judges, in batches.
func (a *audit) together(ctx context.Context) error {
	var (
		work   = make(chan *batch, a.Workers)
		free   = make(chan *batch, 2*a.Workers+1)
		judges = make([]*judge, a.Workers)
		wg     sync.WaitGroup
		stop   atomic.Bool
		mu     sync.Mutex
		first  failure
	)
	for range cap(free) {
		free <- &batch{}
	}
	for i := range judges {
		j := newJudge(a.settings)
		judges[i] = j
		wg.Go(func() {
			for b := range work {
				if f := b.judge(j); f.err != nil {
					mu.Lock()
					first = first.orEarlier(f)
					mu.Unlock()
					stop.Store(true)
				}
				free <- b
			}
		})
	}
	b := <-free
	b.reset(0)
	flush := func() {
		work <- b
		b = <-free
		b.reset(a.cases)
	}
	err := a.take(ctx, func(c *Case, _ uint64) error {
		if b.full() {
			flush()
		}
		if stop.Load() {
			return errStopped
		}
		b.add(c)
		return nil
	})
	if len(b.cases) > 0 {
		work <- b
	}
	close(work)
	wg.Wait()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	// Of several reasons to end, the earliest in the source counts, so that the error does not depend on who was faster.
	if first.err != nil {
		return first.err
	}
	if err != nil {
		return err
	}
	for _, j := range judges {
		if err := a.read.add(j.tally, a.settings); err != nil {
			return err
		}
	}
	return nil
}

var errStopped = errors.New("audit: stopped")

// failure is a reason to end at a case.
type failure struct {
	seq uint64
	err error
}

func (f failure) orEarlier(o failure) failure {
	if f.err == nil || o.seq < f.seq {
		return o
	}
	return f
}

// batch is a number of cases on their way to a judge, with memory of their own.
type batch struct {
	seq     uint64 // of the first case
	cases   []Case
	entries []history.Entry
	fields  []history.Field
	lines   []int
}

func (b *batch) reset(seq uint64) {
	b.seq = seq
	b.cases, b.entries, b.fields, b.lines = b.cases[:0], b.entries[:0], b.fields[:0], b.lines[:0]
}

// full keeps batches small enough that few wait, and large enough that handing them over costs little.
func (b *batch) full() bool { return len(b.cases) >= every || len(b.entries) >= 8*every }

// add copies a case. When a slice has to grow, the cases before keep the memory they have.
func (b *batch) add(c *Case) {
	to := Case{History: history.History{Case: c.Case}}
	at := len(b.entries)
	b.entries = append(b.entries, c.Entries...)
	to.Entries = b.entries[at:len(b.entries):len(b.entries)]
	for i := range to.Entries {
		e := &to.Entries[i]
		e.Fields, e.Personal = b.copyFields(e.Fields), b.copyFields(e.Personal)
	}
	if c.Lines != nil {
		at = len(b.lines)
		b.lines = append(b.lines, c.Lines...)
		to.Lines = b.lines[at:len(b.lines):len(b.lines)]
	}
	b.cases = append(b.cases, to)
}

func (b *batch) copyFields(f history.Fields) history.Fields {
	if len(f) == 0 {
		return nil
	}
	at := len(b.fields)
	b.fields = append(b.fields, f...)
	return b.fields[at:len(b.fields):len(b.fields)]
}

func (b *batch) judge(j *judge) failure {
	for i := range b.cases {
		seq := b.seq + uint64(i)
		if err := j.judgeCase(&b.cases[i], seq); err != nil {
			return failure{seq, err}
		}
	}
	return failure{}
}

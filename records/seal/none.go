package seal

import (
	"context"
	"iter"
	"time"

	"github.com/servicecharter/charter/journal"
)

// none stands for a journal that was not given.
type none struct{}

func orNone(j journal.Journal) journal.Journal {
	if j == nil {
		return none{}
	}
	return j
}

func (none) Append(context.Context, journal.Batch) (journal.Head, error) {
	return journal.Head{}, journal.ErrNoJournal
}

func (none) Read(context.Context, string, uint64) (journal.Head, []journal.Record, error) {
	return journal.Head{}, nil, journal.ErrNoJournal
}

func (none) Scan(context.Context, journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) { yield(journal.Record{}, journal.ErrNoJournal) }
}

func (none) Due(context.Context, time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) { yield(journal.Item{}, journal.ErrNoJournal) }
}

func (none) Erase(context.Context, string, journal.Head, []byte) (journal.Head, error) {
	return journal.Head{}, journal.ErrNoJournal
}

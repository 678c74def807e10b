package charter

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/servicecharter/charter/journal"
)

// noJournal stands where a host bound a desk to nil: With has no error to
// return, so the first use of the desk does.
type noJournal struct{}

func errNoJournal() error { return fmt.Errorf("%w: a desk on no journal", ErrConfig) }

func (noJournal) Append(context.Context, journal.Batch) (journal.Head, error) {
	return journal.Head{}, errNoJournal()
}

func (noJournal) Read(context.Context, string, uint64) (journal.Head, []journal.Record, error) {
	return journal.Head{}, nil, errNoJournal()
}

func (noJournal) Scan(context.Context, journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) { yield(journal.Record{}, errNoJournal()) }
}

func (noJournal) Due(context.Context, time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) { yield(journal.Item{}, errNoJournal()) }
}

func (noJournal) Erase(context.Context, string, journal.Head, []byte) (journal.Head, error) {
	return journal.Head{}, errNoJournal()
}

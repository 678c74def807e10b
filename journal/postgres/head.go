package postgres

import (
	"math"
	"time"

	"github.com/servicecharter/charter/journal"
)

// head is a journal.Head in columns.
type head struct {
	version, rev int64
	next         *int64
	sum          []byte
}

func (h *head) fields() []any { return []any{&h.version, &h.rev, &h.next, &h.sum} }

func (h head) head() journal.Head {
	out := journal.Head{Version: uint64(h.version), Rev: uint64(h.rev)}
	if h.next != nil {
		out.Next = instant(*h.next)
	}
	copy(out.Sum[:], h.sum)
	return out
}

// nanoseconds gives an instant as it is stored. Batch.Check has seen to it that it fits.
func nanoseconds(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixNano()
	return &n
}

func instant(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// bound gives the last storable instant that is not after t, and whether there is one.
func bound(t time.Time) (int64, bool) {
	switch {
	case t.Before(instant(math.MinInt64)):
		return 0, false
	case t.After(instant(math.MaxInt64)):
		return math.MaxInt64, true
	}
	return t.UnixNano(), true
}

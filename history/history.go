package history

import (
	"cmp"
	"slices"
	"time"
)

// History is what is known of one case.
type History struct {
	Case    string  `json:"case,omitempty"`
	Entries []Entry `json:"entries"`
}

// Sorted returns the history with its entries by At and then by Seq; entries equal in both keep their order. When they stand so
// already it returns the history itself and allocates nothing; else it returns a copy and leaves the receiver alone.
func (h History) Sorted() History {
	if isSorted(h.Entries) {
		return h
	}
	h.Entries = slices.Clone(h.Entries)
	slices.SortStableFunc(h.Entries, func(a, b Entry) int { return compareEntries(&a, &b) })
	return h
}

func isSorted(entries []Entry) bool {
	for i := 1; i < len(entries); i++ {
		a, b := &entries[i-1], &entries[i]
		// Most entries come a second or more after the last.
		if a.At.Unix() >= b.At.Unix() && compareEntries(a, b) > 0 {
			return false
		}
	}
	return true
}

func compareEntries(a, b *Entry) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Compare(a.Seq, b.Seq)
}

// KnownAt returns the history as it was known at t: the entries recorded at t or before, in their order. When that is all of them it
// returns the history itself.
func (h History) KnownAt(t time.Time) History {
	late := func(e Entry) bool { return e.RecordedAt().After(t) }
	if !slices.ContainsFunc(h.Entries, late) {
		return h
	}
	h.Entries = slices.DeleteFunc(slices.Clone(h.Entries), late)
	return h
}

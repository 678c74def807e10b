package history

import "time"

// kindSet holds kinds of the vocabulary by their index.
type kindSet uint64

// later holds, by the index of a kind, the kinds that come after it as far as a case has both.
var later = func() (sets [len(ranks)]kindSet) {
	for _, s := range steps {
		sets[s.start] |= 1 << s.stop
	}
	return sets
}()

// flawless reports that there is nothing to find in a history, in one quick pass. Whatever would take a second look makes it report false, with or
// without a fault: then the checker tells.
func flawless(entries []Entry) bool {
	var (
		seen, now           kindSet // the kinds so far, and those of this instant
		last                time.Time
		held, ended, closed bool
	)
	for i := range entries {
		e := &entries[i]
		n := e.Kind.Index()
		if _, err := e.fault(); n < 0 || err != nil || !e.plainFields() {
			return false
		}
		recorded := e.At
		if !e.Recorded.IsZero() {
			recorded = e.Recorded
		}
		if recorded.Before(e.At) || recorded.Before(last) {
			return false
		}
		last = recorded
		kind := kindSet(1) << n
		if i > 0 {
			before := &entries[i-1]
			rising := before.Seq < e.Seq && before.Seq != 0 || before.Seq == 0 && e.Seq == 0
			if !rising || e.At.Before(before.At) {
				return false
			}
			if !e.At.Equal(before.At) {
				now = 0
			}
			if now&kind != 0 || seen&kind == 0 && seen&later[n] != 0 {
				return false
			}
		}
		now, seen = now|kind, seen|kind
		fine := true
		switch e.Kind {
		case Opened, Detected:
			fine = i == 0
		case Held:
			fine, held = !held, true
		case Resumed:
			fine, held = held, false
		case Resolved, Restored, Merged, Cancelled:
			ended = true
		case Closed:
			fine, ended, closed = !closed, true, true
		case Reopened:
			fine, ended, closed = ended, false, false
		}
		if !fine || i == 0 && e.Kind != Opened && e.Kind != Detected {
			return false
		}
	}
	return len(entries) > 0
}

// plainFields reports that nothing is wrong with an entry's fields because each key stands once, in order, and none holds an instant.
func (e *Entry) plainFields() bool {
	for i := range e.Fields {
		key := e.Fields[i].Key
		if i > 0 && key <= e.Fields[i-1].Key || key == KeyDue || key == KeyOccurred {
			return false
		}
	}
	return true
}

package history

// kindSet holds kinds of the vocabulary by their index.
type kindSet uint64

// after holds, by the index of a kind, the kinds that come after it as far as a case has both.
var after = func() (sets [len(ranks)]kindSet) {
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
		delayed             bool    // an entry says when it was recorded
		held, ended, closed bool
	)
	for i := range entries {
		e := &entries[i]
		n := e.Kind.Index()
		if n < 0 || e.Seq > MaxSeq || e.At.IsZero() || !hasCommonYear(e.At) || !e.plainFields() {
			return false
		}
		delayed = delayed || !e.Recorded.IsZero()
		if delayed && !e.recordedInOrder(entries[:i]) {
			return false
		}
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
			if now&kind != 0 || seen&kind == 0 && seen&after[n] != 0 {
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

// recordedInOrder reports that an entry was recorded when it happened or later, and not before the last one.
func (e *Entry) recordedInOrder(before []Entry) bool {
	recorded := e.RecordedAt()
	return hasCommonYear(recorded) && !recorded.Before(e.At) && (len(before) == 0 || !recorded.Before(before[len(before)-1].RecordedAt()))
}

// plainFields reports that nothing is wrong with the texts of an entry, because each key of its fields stands once, in order, and none holds an
// instant.
func (e *Entry) plainFields() bool {
	if len(e.Fields) == 0 && len(e.Personal) == 0 && e.Actor == (Actor{}) {
		return true
	}
	if _, err := e.textFault(); err != nil {
		return false
	}
	for i := range e.Fields {
		key := e.Fields[i].Key
		if i > 0 && key <= e.Fields[i-1].Key || key == KeyDue || key == KeyOccurred {
			return false
		}
	}
	return true
}

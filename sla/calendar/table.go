package calendar

// span is an open stretch of time in Unix seconds, half open.
type span struct{ start, end int64 }

// table answers for the compiled years. Instants are seconds after start, which
// 32 bits hold for 136 years; entries are in order and never touch.
//
// Both questions, how much is open before an instant and at which instant so
// much has been open, are a search in a sorted column. A bucket index over
// each column leaves about one entry a bucket, so the search is a shift, a
// load and a step or two, whatever the span. Where a very uneven calendar
// crowds many entries into a bucket, halving takes over from stepping.
type table struct {
	start, end int64
	total      uint32  // open seconds
	entries    []entry // a blank one first and a sentinel last
	byStart    index
	byOpen     index
}

// entry is one open interval: it begins at start, and before it open seconds
// have been open. The next entry's open tells its length.
type entry struct{ start, open uint32 }

// index leads from a value to the first entry that a search may need.
type index struct {
	shift uint8
	first []uint32
}

const (
	noMore      = 1<<32 - 1
	stepsAtMost = 8 // entries in a bucket from which on halving beats stepping
)

func newTable(spans []span, start, end int64) table {
	t := table{start: start, end: end}
	t.entries = make([]entry, 1, len(spans)+2)
	for _, s := range spans {
		t.entries = append(t.entries, entry{uint32(s.start - start), t.total})
		t.total += uint32(s.end - s.start)
	}
	t.entries = append(t.entries, entry{noMore, t.total})
	n := len(t.entries) - 1
	t.byStart = newIndex(n, uint32(end-start), func(i int) uint32 { return t.entries[i].start })
	t.byOpen = newIndex(n, t.total, func(i int) uint32 { return t.entries[i].open })
	return t
}

// newIndex indexes n ascending values, the first of which is 0, for searches up to most.
func newIndex(n int, most uint32, value func(int) uint32) index {
	var x index
	for int(most>>x.shift) > n {
		x.shift++
	}
	x.first = make([]uint32, most>>x.shift+2)
	i := 0
	for b := range x.first {
		for i+1 < n && uint64(value(i+1)) <= uint64(b)<<x.shift {
			i++
		}
		x.first[b] = uint32(i)
	}
	return x
}

// before returns the open seconds of the table before an instant inside it, and
// whether that instant is open. The entry is the last that starts by then.
func (t *table) before(sec int64) (open int64, isOpen bool, e int) {
	x := uint32(sec - t.start)
	b := x >> t.byStart.shift
	i, last := t.byStart.first[b], t.byStart.first[b+1]
	for last-i > stepsAtMost {
		if m := (i + last + 1) / 2; t.entries[m].start <= x {
			i = m
		} else {
			last = m - 1
		}
	}
	for t.entries[i+1].start <= x {
		i++
	}
	here, next := t.entries[i], t.entries[i+1]
	if into := x - here.start; into < next.open-here.open {
		return int64(here.open + into), true, int(i)
	}
	return int64(next.open), false, int(i)
}

// nth returns the instant of the n-th open second, from 0 to total-1.
func (t *table) nth(n int64) int64 {
	x := uint32(n)
	b := x >> t.byOpen.shift
	i, last := t.byOpen.first[b], t.byOpen.first[b+1]
	for last-i > stepsAtMost {
		if m := (i + last + 1) / 2; t.entries[m].open <= x {
			i = m
		} else {
			last = m - 1
		}
	}
	for t.entries[i+1].open <= x {
		i++
	}
	here := t.entries[i]
	return t.start + int64(here.start+x-here.open)
}

// span returns an entry's interval; entry 0 is the blank one.
func (t *table) span(e int) span {
	here := t.entries[e]
	start := t.start + int64(here.start)
	return span{start, start + int64(t.entries[e+1].open-here.open)}
}

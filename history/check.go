package history

import (
	"cmp"
	"slices"
)

// Check looks for faults in the data of one case: what no help desk can have done, or what a rule would stumble over. It looks at
// single entries, at the order in which they were recorded (by Seq) and at the order in which things happened (by At, then Seq). A
// finding does not mean that the case cannot be judged; it says which fact to doubt.
//
// What was recorded late is no fault: an entry whose Recorded is set may tell of anything earlier. Gaps in the numbers are none either,
// since [History.KnownAt] leaves them.
//
// Findings on the whole history and on numbers come first, then the others in the order in which things happened. Nil means that
// nothing was found. Entries may come in any order and are not changed. For a few dozen entries in order and without findings it
// allocates nothing; the time is n log n at most, and some tens of nanoseconds an entry where all is well.
func Check(h History) []Finding {
	if len(h.Entries) == 0 {
		return []Finding{{Code: CodeEmpty, Index: -1}}
	}
	if flawless(h.Entries) {
		return nil
	}
	return h.examine()
}

// examine is Check for a history that may have faults.
func (h History) examine() []Finding {
	c := checker{all: h.Entries}
	c.numbers()
	if !isSorted(h.Entries) {
		c.order = positions(len(h.Entries))
		slices.SortStableFunc(c.order, func(i, j int) int { return compareEntries(&c.all[i], &c.all[j]) })
	}
	c.overview()
	for pos := range c.all {
		i := c.index(pos)
		c.single(i)
		if c.all[i].At.IsZero() {
			continue // it stands nowhere among the others
		}
		c.against(pos, i)
		c.twin(pos, i)
		c.turn(i)
	}
	return c.findings
}

// checker goes through the entries of one case. Fields that hold an index of an entry hold it plus one, so that zero is none.
type checker struct {
	all      []Entry
	order    []int // indexes by At and Seq; nil: as they stand
	findings []Finding

	first    [len(ranks)]int // position of the first entry of each kind, by rank, plus one
	reopened int             // position of the first reopening, plus one
	opening  int             // the entry with which the case begins

	ended, closed, held int  // the last end, closing and hold that still stand
	holdEnded           bool // the case ended while on hold

	run  int            // position of the first entry of the same instant
	seen map[string]int // what was said at this instant, when that is much
}

func (c *checker) index(pos int) int {
	if c.order == nil {
		return pos
	}
	return c.order[pos]
}

func positions(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// found notes a fault of entry i; other is the index of another entry plus one, or zero.
func (c *checker) found(code Code, i, other int, field, value string) {
	e := &c.all[i]
	f := Finding{Code: code, Index: i, Seq: e.Seq, Kind: e.Kind, At: e.At, Field: field, Value: safe(value)}
	if other > 0 {
		o := &c.all[other-1]
		f.OtherSeq, f.OtherKind, f.OtherAt = o.Seq, o.Kind, o.At
	}
	c.findings = append(c.findings, f)
}

// numbers looks at the entries in the order in which they were recorded.
func (c *checker) numbers() {
	numbered, rising := 0, true
	for i := range c.all {
		if c.all[i].Seq != 0 {
			numbered++
		}
		rising = rising && (i == 0 || c.all[i].Seq > c.all[i-1].Seq)
	}
	bySeq := []int(nil)
	if numbered > 0 && (!rising || numbered < len(c.all)) {
		bySeq = positions(len(c.all))
		slices.SortStableFunc(bySeq, func(i, j int) int { return cmp.Compare(c.all[i].Seq, c.all[j].Seq) })
	}
	last := 0
	for pos := range c.all {
		i := pos
		if bySeq != nil {
			i = bySeq[pos]
		}
		e := &c.all[i]
		if numbered > 0 && e.Seq == 0 {
			c.found(CodeUnnumbered, i, 0, "", "")
			continue
		}
		if last > 0 && e.Seq != 0 && e.Seq == c.all[last-1].Seq {
			c.found(CodeSeqTwice, i, last, "", "")
		}
		if e.At.IsZero() {
			continue
		}
		if last > 0 && e.RecordedAt().Before(c.all[last-1].RecordedAt()) {
			c.found(CodeTimeBackwards, i, last, "", "")
		}
		last = i + 1
	}
}

// rank is the rank of an entry's kind, or unranked.
func (c *checker) rank(i int) int { return c.all[i].Kind.Index() }

// unranked is the rank of a kind that the vocabulary does not have.
const unranked = -1

// overview finds the opening and the first entry of each kind.
func (c *checker) overview() {
	for pos := range c.all {
		i := c.index(pos)
		e := &c.all[i]
		if e.At.IsZero() {
			continue
		}
		if r := c.rank(i); r != unranked && c.first[r] == 0 {
			c.first[r] = pos + 1
		}
		switch {
		case (e.Kind == Opened || e.Kind == Detected) && c.opening == 0:
			c.opening = i + 1
		case e.Kind == Reopened && c.reopened == 0:
			c.reopened = pos + 1
		}
	}
	if c.opening == 0 {
		c.findings = append(c.findings, Finding{Code: CodeNoOpening, Index: -1})
	}
}

// single looks at one entry alone.
func (c *checker) single(i int) {
	e := &c.all[i]
	if field, err := e.fault(); err != nil {
		c.found(CodeUnwritable, i, 0, field, err.Error())
	}
	if c.rank(i) == unranked && e.Kind != "" {
		c.found(CodeUnknownKind, i, 0, "", "")
	}
	if e.RecordedAt().Before(e.At) {
		c.found(CodeRecordedEarly, i, 0, "recorded", FormatInstant(e.Recorded))
	}
	var first [len(attributes)]int // the first field of each attribute, plus one; below zero: reported
	sets := SetsAttributes(e.Kind)
	for j, f := range e.Fields {
		if f.Key == KeyDue || f.Key == KeyOccurred {
			if _, err := ParseInstant(f.Value); err != nil {
				c.found(CodeBadInstant, i, 0, f.Key, f.Value)
			}
		}
		if !sets {
			continue
		}
		switch a := slices.Index(attributes[:], f.Key); {
		case a < 0:
		case first[a] == 0:
			first[a] = j + 1
		case first[a] > 0 && f.Value != e.Fields[first[a]-1].Value:
			first[a] = -1
			c.found(CodeAttributeTwice, i, 0, f.Key, f.Value)
		}
	}
}

// attributes are those with one value.
var attributes = [...]string{
	KeyKind, KeyRequest, KeyClass, KeyTier, KeyComplexity, KeySeverity, KeyImportance, KeyChannel, KeySource, KeyLevel, KeyUnit,
}

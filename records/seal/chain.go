package seal

import "github.com/servicecharter/charter/journal"

// chain follows the records of one case and finds the first that is not what was sealed. The zero chain stands before a case of which
// nothing is known; startOf gives one that stands before its first record.
type chain struct {
	seq   uint64 // of the last record
	sum   sum
	knows bool // sum is that of record seq

	// Records without a seal may stand before those that were seen: the chain was taken up at a head that the log has.
	takenUp bool

	run      uint64 // records without a seal up to seq
	runBytes int
	large    bool // one of them leaves no room for a seal

	erased bool

	found *leaf // the case as it was adopted, whose records have no seals; nil if it was not
}

func startOf(caseID string) chain { return chain{sum: genesis(caseID), knows: true} }

// startOf is startOf for a case of which the log may know that it was adopted. There may be no log.
func (l *Log) startOf(caseID string) chain {
	c := startOf(caseID)
	if l == nil {
		return c
	}
	l.reading.RLock()
	defer l.reading.RUnlock()
	return c.adopted(l.found[caseID])
}

// adopted gives the start of a case that was found in some state, or not at all. Of one that was erased by then there is nothing before its tombstone.
func (c chain) adopted(found *leaf) chain {
	c.found = found
	if found != nil && found.erased {
		c.seq = found.version - 1
	}
	return c
}

// step takes the next record and gives its payload, which is a part of data.
func (c *chain) step(caseID string, seq uint64, data []byte) (payload []byte, s seal, bad *Fault) {
	payload, s, f := parse(caseID, seq, data)
	if bad = c.check(caseID, seq, &s, f); bad != nil {
		return nil, s, c.earlier(bad, &s, f)
	}
	switch {
	case f == bare:
		c.addBare(caseID, seq, data)
		if c.found != nil && seq == c.found.version {
			if c.knows && c.sum != c.found.sum {
				return nil, s, &Fault{Case: caseID, Seq: seq - c.run + 1, Last: seq, Err: ErrRewritten}
			}
			c.erased = c.found.erased
		}
	default:
		c.seq, c.sum, c.knows, c.takenUp, c.erased = seq, *s.own, true, false, s.flags&flagTombstone != 0
		c.run, c.runBytes, c.large = 0, 0, false
	}
	return payload, s, nil
}

// check tells what is wrong with the next record.
func (c *chain) check(caseID string, seq uint64, s *seal, f form) *Fault {
	grave := f == sealed && s.flags&flagTombstone != 0
	switch {
	case f == damaged && (c.seq == 0 || seq <= c.seq+1):
		// With nothing before it, it may well be the tombstone of an erased case.
		return fault(caseID, seq, ErrDamaged)
	case c.erased || seq <= c.seq:
		return fault(caseID, seq, ErrOrder)
	case seq != c.seq+1 && !grave:
		return fault(caseID, c.seq+1, ErrMissing)
	case grave && seq == c.seq+1 && c.knows && *s.prev != c.sum:
		return fault(caseID, seq, ErrLink)
	case grave, f == bare:
		// The records before a tombstone are gone, those that were never seen too.
		return nil
	}
	return c.joins(caseID, seq, s)
}

// earlier names, instead of a fault, the records before it that lie there without a seal, unless the record at fault says itself that
// they had none.
func (c *chain) earlier(bad *Fault, s *seal, f form) *Fault {
	first := c.seq - c.run + 1
	if c.end(bad.Case) == nil || bad.Seq < first || f == sealed && uint64(s.bare) >= bad.Seq-first {
		return bad
	}
	last := c.seq
	if f != sealed {
		last = bad.Seq // or they are a large batch, and it is this one that is bad
	}
	return &Fault{Case: bad.Case, Seq: first, Last: last, Err: ErrDamaged}
}

// lacks names the entry after the last one as missing.
func (c *chain) lacks(caseID string) *Fault {
	return c.earlier(fault(caseID, c.seq+1, ErrMissing), &seal{}, bare)
}

func (c *chain) addBare(caseID string, seq uint64, data []byte) {
	if c.knows {
		c.sum = bareSum(caseID, seq, data, c.sum)
	}
	c.seq = seq
	c.run++
	if c.found != nil && seq <= c.found.version {
		return
	}
	c.runBytes += len(data)
	c.large = c.large || len(data) > journal.MaxRecord-sealSize
}

// joins tells whether a sealed record continues what was seen.
func (c *chain) joins(caseID string, seq uint64, s *seal) *Fault {
	bares := uint64(s.bare)
	switch {
	case bares < c.run:
		// Some that were sealed have no seal any more.
		return &Fault{Case: caseID, Seq: seq - c.run, Last: seq - 1 - bares, Err: ErrDamaged}
	case bares > c.run && c.knows && !c.takenUp:
		return fault(caseID, seq-min(bares, seq-1), ErrDamaged)
	case !c.knows || *s.prev == c.sum:
		return nil
	case bares > 0:
		return &Fault{Case: caseID, Seq: seq - bares, Last: seq - 1, Err: ErrDamaged}
	}
	return fault(caseID, seq, ErrLink)
}

// end tells whether the records seen may be the last ones. Records without a seal may only if they were adopted, or if there was no room for one.
func (c *chain) end(caseID string) *Fault {
	run := c.run
	if c.found != nil {
		run = min(run, c.seq-min(c.seq, c.found.version))
	}
	if run == 0 || c.large || uint64(c.runBytes)+run*sealSize > journal.MaxBatch {
		return nil
	}
	return &Fault{Case: caseID, Seq: c.seq - run + 1, Last: c.seq, Err: ErrDamaged}
}

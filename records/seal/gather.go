package seal

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/servicecharter/charter/journal"
)

// Checkpoint adds the head of every case that has changed to the log, and signs the log as it is then. It gives the signed note, which
// [ReadCheckpoint] reads. Keep it where those who may write to the database and the log may not: whoever holds it can tell later that
// nothing it covers was changed.
//
// It reads what was appended since the last checkpoint and checks it: the first entry that does not continue what the log holds gives its
// *[Fault], and nothing is added. When the positions of before are refused, because the database was restored, it reads all of it and
// compares that with the log. How often to take one is for the host to say: what is newer than the last one is
// covered by nothing. Several processes may call it at once.
func (j *Journal) Checkpoint(ctx context.Context, signer note.Signer) ([]byte, error) {
	l := j.log
	if l == nil {
		return nil, fmt.Errorf("seal: checkpoint: %w", ErrNoLog)
	}
	if signer == nil {
		return nil, fmt.Errorf("seal: checkpoint: %w", ErrNoSigner)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.change(ctx, func() ([][]byte, error) {
		records, err := j.gather(ctx, l.place)
		if errors.Is(err, journal.ErrPosition) {
			return j.gather(ctx, "")
		}
		return records, err
	})
	if err != nil {
		return nil, err
	}
	var signed []byte
	err = l.change(ctx, func() ([][]byte, error) {
		c := Checkpoint{Origin: l.origin, Size: int64(len(l.leaves))}
		var err error
		if c.Root, err = tlog.TreeHash(c.Size, l.tree); err != nil {
			return nil, l.fail(ErrLog, err.Error())
		}
		if signed, err = c.sign(signer); err != nil {
			return nil, err
		}
		if string(signed) == string(l.signed) {
			return nil, nil
		}
		return [][]byte{append([]byte{logNote}, signed...)}, nil
	})
	return signed, err
}

// gather makes the log's records for what stands after a position.
func (j *Journal) gather(ctx context.Context, after journal.Position) ([][]byte, error) {
	l := j.log
	w := walk{log: l, leaves: l.leaves, fromStart: after == "", cases: map[string]*walked{}}
	place := after
	for r, err := range j.inner.Scan(ctx, after) {
		if err != nil {
			return nil, err
		}
		w.see(r)
		place = r.Pos
	}
	var records [][]byte
	for _, c := range w.order {
		if c.first != nil {
			return nil, c.first
		}
		if c.end(c.id) != nil {
			// They may be part of a batch of which the scan, or the log, has the other part.
			if _, _, err := j.whole(ctx, c.id, journal.Head{}); err != nil {
				return nil, err
			}
		}
		if bad := c.lacking(); bad != nil {
			return nil, bad
		}
		if c.seq > c.known {
			f := leaf{caseID: c.id, version: c.seq, sum: c.sum, erased: c.erased}
			records = append(records, f.append([]byte{logLeaf}))
		}
	}
	if w.fromStart {
		if bad := w.absent(); bad != nil {
			return nil, bad
		}
	}
	if place != l.place {
		records = append(records, append([]byte{logPlace}, place...))
	}
	return records, nil
}

// walk follows many cases at once and holds them against a log.
type walk struct {
	log       *Log   // may be nil
	leaves    []leaf // of the log; what is added to it meanwhile is not looked at
	fromStart bool   // cases are seen from their first record, otherwise from what the log has
	cases     map[string]*walked
	order     []*walked // as they were first met

	records, bytes, adopted, faults int
	last                            *walked // of the last record
}

// walked is a case on the way.
type walked struct {
	chain
	id    string
	known uint64 // what the log has of it
	due   []int  // the log's leaves that are still to be met
	after uint64 // the last version that was found to be as the log says

	unearthed   bool // what is there is a tombstone without a seal
	first       *Fault
	begin, last uint64   // of the last fault
	rewritten   bool     // the log says otherwise, and so it will of all that follows
	faults      []*Fault // those that are among the first of the walk
}

// at gives the case of a record.
func (w *walk) at(id string) *walked {
	if w.last != nil && w.last.id == id {
		return w.last
	}
	c := w.cases[id]
	if c == nil {
		c = &walked{chain: w.log.startOf(id), id: id}
		if w.log != nil {
			c.due = w.log.numbers(id, len(w.leaves))
		}
		if n := len(c.due); n > 0 {
			f := &w.leaves[c.due[n-1]]
			c.known = f.version
			if !w.fromStart {
				c.chain = chain{seq: f.version, sum: f.sum, knows: true, takenUp: true, erased: f.erased}
				c.due = nil
			}
		}
		w.cases[id] = c
		w.order = append(w.order, c)
	}
	w.last = c
	return c
}

// see takes the next record.
func (w *walk) see(r journal.Record) {
	w.records++
	w.bytes += len(r.Data)
	c := w.at(r.Case)
	if !w.fromStart && r.Seq <= c.known {
		return // a gathering that was cut off has it in the log already
	}
	w.step(c, r)
}

// step takes the next record of a case. After a fault it goes on with what can still be said of the records that follow.
func (w *walk) step(c *walked, r journal.Record) {
	before := c.seq
	_, s, bad := c.step(c.id, r.Seq, r.Data)
	if bad != nil {
		w.add(c, bad)
		if bad.Err == ErrOrder {
			return // it is of no use to the others
		}
		// Of what is before it nothing is known any more.
		c.chain = chain{seq: r.Seq - 1, found: c.found}
		before = c.seq
		if _, s, bad = c.step(c.id, r.Seq, r.Data); bad != nil {
			w.add(c, bad)
			c.seq = r.Seq
			for len(c.due) > 0 && w.leaves[c.due[0]].version <= r.Seq {
				c.due = c.due[1:]
			}
			return
		}
	}
	if c.found != nil && r.Seq <= c.found.version {
		w.adopted++
	}
	for len(c.due) > 0 {
		f := &w.leaves[c.due[0]]
		if f.version > r.Seq {
			return
		}
		have := c.sum
		switch {
		case f.version == r.Seq:
		case f.version == r.Seq-1 && f.version > before:
			have = *s.prev // a tombstone names the sum of what was erased last
		default:
			// It was erased, and nothing is left to compare.
			have = f.sum
		}
		if have != f.sum || f.erased != c.erased && f.version == r.Seq {
			w.differs(c, f)
		}
		c.after = f.version
		c.due = c.due[1:]
	}
}

// differs notes that a case is not as the log says, unless that follows from a fault which was noted: every sum has those before it in it.
func (w *walk) differs(c *walked, f *leaf) {
	if c.rewritten {
		return
	}
	c.rewritten = true
	if n := len(c.faults); n > 0 && c.faults[n-1].Err == ErrLink {
		return
	}
	bad := c.end(c.id)
	if bad == nil {
		bad = &Fault{Case: c.id, Seq: min(c.after+1, f.version), Last: f.version, Err: ErrRewritten}
	}
	w.add(c, bad)
}

// add notes a fault of a case, if it is one, without the entries that the fault before it has named.
func (w *walk) add(c *walked, f *Fault) {
	if f == nil {
		return
	}
	if c.begin <= f.Seq && f.Seq <= c.last {
		if f.Last <= c.last {
			return
		}
		f.Seq = c.last + 1
	}
	if c.first == nil {
		c.first = f
	}
	c.begin, c.last = f.Seq, f.Last
	if w.faults++; w.faults <= MaxFaults {
		c.faults = append(c.faults, f)
	}
}

// lacking names the first entry that the log has of the case and that was not met.
func (c *walked) lacking() *Fault {
	if len(c.due) == 0 {
		return nil
	}
	return c.lacks(c.id)
}

// absent names the first case of the log that was not met at all.
func (w *walk) absent() *Fault {
	for i := range w.leaves {
		if f := &w.leaves[i]; !f.gone && w.cases[f.caseID] == nil {
			return fault(f.caseID, 1, ErrMissing)
		}
	}
	return nil
}

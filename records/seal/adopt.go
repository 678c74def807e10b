package seal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Adopt takes in the cases that lie in the store without seals, because the journal was in use before it was sealed. Each becomes a leaf of the log: what
// was found of the case, and at which instant, to the second. From then on the case is read, continued and verified like any other, and the next
// checkpoint covers it. It tells how many cases were taken in by this call.
//
// What that proves is that the records are those of the adoption. Whether they had been changed by then nobody can tell, and
// [Report.Adopted] and [CaseFile.Adopted] say which they are. Records are left as they are: personal fields in them stay readable, and no
// shredding reaches them.
//
//	stop everybody who writes without sealing, then
//	j := seal.New(db, seal.Options{Keys: keys, Log: heads})
//	n, err := j.Adopt(ctx, now)
//	signed, err := j.Checkpoint(ctx, signer)
//
// It reads the whole journal. Cases that are sealed, or that were adopted before, are held against the log and left as they are, so that a call that was cut
// off is finished by another one; until then, cases that were not reached are reported as damaged. A case that has grown without seals since
// it was adopted, and has none yet, is adopted anew, if what was found before is still the beginning of it. Anything else that lies there
// without a seal, behind records that have one above all, gives its *[Fault]: then nothing at all was written. It gives [ErrNoLog] without a log.
func (j *Journal) Adopt(ctx context.Context, at time.Time) (cases int, err error) {
	l := j.log
	if l == nil {
		return 0, fmt.Errorf("seal: adopting: %w", ErrNoLog)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	before := 0
	err = l.change(ctx, func() ([][]byte, error) {
		before = len(l.leaves)
		return j.adoptable(ctx, at.Unix())
	})
	return len(l.leaves) - before, err
}

// Adopted tells up to which record a case was adopted, and when, to the second. Zero: it was not.
func (l *Log) Adopted(caseID string) (version uint64, at time.Time) {
	l.reading.RLock()
	defer l.reading.RUnlock()
	if f := l.found[caseID]; f != nil {
		return f.version, time.Unix(f.at, 0).UTC()
	}
	return 0, time.Time{}
}

// adoptable makes the log's records for what lies there without seals.
func (j *Journal) adoptable(ctx context.Context, at int64) ([][]byte, error) {
	w := walk{log: j.log, leaves: j.log.leaves, fromStart: true, cases: map[string]*walked{}}
	for r, err := range journal.View(ctx, j.inner, "") {
		if err != nil {
			return nil, err
		}
		if c := w.at(r.Case); c.seq == 0 && r.Seq > 1 && len(c.due) == 0 {
			if err := j.unearth(ctx, c, r); err != nil {
				return nil, err
			}
		}
		w.see(r)
	}
	if bad := w.absent(); bad != nil {
		return nil, bad
	}
	var records [][]byte
	for _, c := range w.order {
		h, rest, err := j.inner.Read(ctx, c.id, c.seq)
		if err != nil {
			return nil, err
		}
		for _, r := range rest {
			w.see(r)
		}
		if c.seq < h.Version {
			w.add(c, fault(c.id, c.seq+1, ErrMissing))
		}
		unsealed := c.end(c.id)
		begin := uint64(1)
		if c.unearthed {
			begin = c.seq
		}
		// Those that left no room for seals may have been appended by a sealed journal, if the log has heard of the case.
		if (unsealed != nil || c.known == 0) && c.run > 0 && c.run == c.seq-begin+1 && c.first == nil {
			f := leaf{found: true, at: at, caseID: c.id, version: c.seq, sum: c.sum, erased: c.unearthed}
			records = append(records, f.append([]byte{logLeaf}))
			unsealed = nil
		}
		w.add(c, unsealed)
		w.add(c, c.lacking())
		if c.first != nil {
			return nil, c.first
		}
	}
	return records, nil
}

// unearth takes a record with nothing before it for the tombstone of a case that was erased, if it has no seal and the store says so.
func (j *Journal) unearth(ctx context.Context, c *walked, r journal.Record) error {
	if _, _, f := parse(r.Case, r.Seq, r.Data); f != bare {
		return nil
	}
	nobody := journal.Head{Version: math.MaxUint64, Rev: math.MaxUint64}
	_, err := j.inner.Append(ctx, journal.Batch{Case: r.Case, Expect: nobody})
	switch {
	case errors.Is(err, journal.ErrErased):
		c.seq, c.unearthed = r.Seq-1, true
		return nil
	case errors.Is(err, journal.ErrConflict):
		return nil
	}
	return err
}

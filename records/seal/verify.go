package seal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/servicecharter/charter/journal"
)

// Report is what [Journal.Verify] has found.
type Report struct {
	Cases   int // cases seen, erased ones included
	Erased  int // of these, erased ones: hold them against what was disposed of
	Records int
	Bytes   int // as stored
	Adopted int // of the records, those that are as they were when they were adopted ([Journal.Adopt]), which says nothing of the time before

	// Open counts the records that are newer than what the log holds of their case. They agree with each other, and nothing more can be said.
	// Right after a checkpoint there are none, unless others append.
	Open int

	Bad int // cases with a fault

	// Faults tells what is wrong, case by case in the order in which they were begun, and within a case by number: the first bad entry first. A case
	// is read on behind a fault, so that all entries are named which are not what was sealed; of those that were sealed anew, with all
	// that follow them, the first. These are the first [MaxFaults] that were met. More counts those that were not named.
	Faults []*Fault
	More   int
}

// MaxFaults is how many faults a [Report] names.
const MaxFaults = 10_000

// Verify reads the whole journal and checks every record: that it is the one sealed in its place and continues the one before it, that
// none is missing up to the head of its case, and, with a log, that every head in the log was met, and no case is gone. It also checks
// that the log holds the given checkpoints; without that, an older database together with the older log of that time looks fine.
//
// The error is the log's ([ErrRolledBack], [ErrForked], [ErrOrigin]), the store's, or the first of the report's faults. It is [ErrLog], with the whole
// report, when the position that the log keeps is past records that it has not: somebody has changed it, and the next checkpoint would leave them
// out. Others may append meanwhile. It costs a read and a hash of all bytes, a second read of what is newer than the last checkpoint, a read of
// each case's head, and about 200 bytes of memory a case.
func (j *Journal) Verify(ctx context.Context, held ...Checkpoint) (Report, error) {
	w := walk{fromStart: true, cases: map[string]*walked{}}
	var place journal.Position
	if l := j.log; l != nil {
		for _, c := range held {
			if err := l.Extends(ctx, c); err != nil {
				return Report{}, err
			}
		}
		l.mu.Lock()
		err := l.refresh(ctx)
		w.log, w.leaves, place = l, slices.Clip(l.leaves), l.place
		l.mu.Unlock()
		if err != nil {
			return Report{}, err
		}
	} else if len(held) > 0 {
		return Report{}, ErrNoLog
	}
	for r, err := range journal.View(ctx, j.inner, "") {
		if err != nil {
			return Report{}, err
		}
		w.see(r)
	}
	for i := range w.leaves {
		if f := &w.leaves[i]; !f.gone {
			w.at(f.caseID)
		}
	}
	open := w.open()
	var report Report
	for _, c := range w.order {
		if err := j.finish(ctx, &w, c); err != nil {
			return Report{}, err
		}
		report.Cases++
		if c.erased {
			report.Erased++
		}
		report.Open += int(c.seq - min(c.seq, c.known))
		if c.first != nil {
			report.Bad++
		}
		slices.SortStableFunc(c.faults, func(a, b *Fault) int { return cmp.Compare(a.Seq, b.Seq) })
		report.Faults = append(report.Faults, c.faults...)
	}
	report.Records, report.Bytes, report.Adopted = w.records, w.bytes, w.adopted
	report.More = w.faults - len(report.Faults)
	if report.Bad > 0 {
		return report, report.Faults[0] // the first that was met is among them
	}
	return report, j.reach(ctx, &w, place, open)
}

// open gives the first record of each case that the log has not.
func (w *walk) open() map[string]uint64 {
	open := map[string]uint64{}
	for _, c := range w.order {
		if c.seq > c.known {
			open[c.id] = c.known + 1
		}
	}
	return open
}

// reach tells whether the next checkpoint will meet the open records: whether they stand after the position up to which the log says that cases were
// gathered. Nothing else vouches for that position, since no checkpoint signs it.
func (j *Journal) reach(ctx context.Context, w *walk, place journal.Position, open map[string]uint64) error {
	if place == "" || len(open) == 0 {
		return nil
	}
	for r, err := range j.inner.Scan(ctx, place) {
		if errors.Is(err, journal.ErrPosition) {
			return nil // then it will read all of them
		}
		if err != nil {
			return err
		}
		first, waits := open[r.Case]
		if !waits {
			continue
		}
		// Before a tombstone there is nothing left to meet.
		if _, s, f := parse(r.Case, r.Seq, r.Data); r.Seq <= first || f == sealed && s.flags&flagTombstone != 0 {
			if delete(open, r.Case); len(open) == 0 {
				return nil
			}
		}
	}
	for _, c := range w.order {
		if seq, left := open[c.id]; left {
			return w.log.fail(ErrLog, fmt.Sprintf("its position is past entry %d of case %q, which it has not", seq, c.id))
		}
	}
	return nil
}

// finish holds a case against its head, and reads what was appended since the scan.
func (j *Journal) finish(ctx context.Context, w *walk, c *walked) error {
	h, records, err := j.inner.Read(ctx, c.id, c.seq)
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		w.add(c, fault(c.id, 1, ErrMissing))
		return nil
	case err != nil:
		return err
	}
	for _, r := range records {
		w.records++
		w.bytes += len(r.Data)
		w.step(c, r)
	}
	switch {
	case c.seq < h.Version:
		w.add(c, c.lacks(c.id))
	case c.seq > h.Version:
		w.add(c, fault(c.id, h.Version+1, ErrOrder))
	default:
		w.add(c, c.end(c.id))
		w.add(c, c.lacking())
	}
	return nil
}

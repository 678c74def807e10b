package journaltest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// scan: every record once, in the order of its case, and on from any position.
func scan(p *probe) {
	require.Empty(p, p.scan(""))

	const cases, rounds = 7, 24 // more than some page of records
	heads := make([]journal.Head, cases)
	total := 0
	for round := range rounds {
		for i := range heads {
			var batch []string
			for k := range 1 + (round+i)%3 {
				batch = append(batch, fmt.Sprintf("%d/%d/%d", i, round, k))
			}
			heads[i] = p.append(journal.Batch{Case: fmt.Sprint("case ", i), Expect: heads[i], Records: texts(batch...)})
			total += len(batch)
		}
	}
	all := p.scanned("", total)
	seen := map[string]uint64{}
	places := map[journal.Position]bool{}
	for _, r := range all {
		require.Equal(p, seen[r.Case]+1, r.Seq, "order of %s", r.Case)
		seen[r.Case] = r.Seq
		require.False(p, places[r.Pos], "one position for two records")
		places[r.Pos] = true
	}
	for i, h := range heads {
		_, records, err := p.j.Read(p.ctx, fmt.Sprint("case ", i), 0)
		require.NoError(p, err)
		require.Equal(p, h.Version, seen[fmt.Sprint("case ", i)])
		for _, r := range all {
			if r.Case == fmt.Sprint("case ", i) {
				require.Equal(p, string(records[r.Seq-1].Data), string(r.Data))
			}
		}
	}

	require.Equal(p, all, p.scan(""), "a second reader gets the same")
	for i, r := range all {
		if i%5 == 0 || i > len(all)-3 {
			require.Equal(p, len(all)-i-1, len(p.scan(r.Pos)), "after record %d", i)
		}
		for next, err := range p.j.Scan(p.ctx, r.Pos) {
			require.NoError(p, err)
			require.Equal(p, all[i+1], next, "after record %d", i)
			break
		}
	}
	again := p.j.Scan(p.ctx, all[3].Pos)
	for range 2 {
		for r, err := range again {
			require.NoError(p, err)
			require.Equal(p, all[4], r, "each range starts again")
			break
		}
	}
	scanEnds(p, all[len(all)-1].Pos, heads[0])
}

// scanEnds: the loop's body may use the journal, and the present is the end.
func scanEnds(p *probe, pos journal.Position, h journal.Head) {
	const before = 300 // so that a store that reads by pages needs some
	h = p.append(journal.Batch{Case: "case 0", Expect: h, Records: make([][]byte, before)})
	p.scanned(pos, before)
	turns := 0
	for r, err := range p.j.Scan(p.ctx, pos) {
		require.NoError(p, err)
		turns++
		require.Less(p, turns, 2000, "Scan does not end while its loop appends")
		_, _, err = p.j.Read(p.ctx, r.Case, 0)
		require.NoError(p, err)
		h, err = p.j.Append(p.ctx, journal.Batch{Case: "case 0", Expect: h, Records: texts(fmt.Sprint("turn ", turns)), Next: noon})
		require.NoError(p, err)
		for item, err := range p.j.Due(p.ctx, noon) {
			require.NoError(p, err)
			require.Equal(p, "case 0", item.Case)
		}
	}
	require.GreaterOrEqual(p, turns, before)
	p.scanned(pos, before+turns)
}

// followers: readers who go on from their last position miss nothing and see nothing twice, whatever is being written. Positions
// that are given out by number when an append begins, and seen when it commits, fail here.
func followers(p *probe) {
	const writers, appends, readers = 6, 40, 2
	const total = writers * (2*appends + appends/4)
	var writing atomic.Int32
	writing.Store(writers)
	errs := atOnce(writers+readers, func(i int) error {
		if i < writers {
			defer writing.Add(-1)
			return write(p, i, appends)
		}
		var pos journal.Position
		seen := map[string]uint64{}
		n := 0
		var late context.Context // since all is written
		for n < total {
			done := writing.Load() == 0
			if done && late == nil {
				waiting, cancel := context.WithTimeout(p.ctx, p.store.patience)
				defer cancel()
				late = waiting
			}
			records, err := collect(p.ctx, p.j, pos)
			if err != nil {
				return err
			}
			for _, r := range records {
				if r.Seq != seen[r.Case]+1 {
					return fmt.Errorf("record %d of %s follows record %d", r.Seq, r.Case, seen[r.Case])
				}
				seen[r.Case] = r.Seq
				n++
				pos = r.Pos
			}
			if done && len(records) == 0 && late.Err() != nil {
				return fmt.Errorf("%d of %d records were skipped", total-n, total)
			}
			if len(records) == 0 {
				time.Sleep(100 * time.Microsecond)
			}
		}
		records, err := collect(p.ctx, p.j, pos)
		if len(records) > 0 {
			err = errors.Join(err, fmt.Errorf("%d records too many", len(records)))
		}
		return err
	})
	require.NoError(p, errors.Join(errs...))
	p.scanned("", total)
}

// write appends two records at a time to a case of its own, and now and then opens a case with one.
func write(p *probe, writer, appends int) (err error) {
	var h journal.Head
	id := fmt.Sprint("writer ", writer)
	for i := range appends {
		if h, err = p.j.Append(p.ctx, journal.Batch{Case: id, Expect: h, Records: texts(fmt.Sprint(i), "and")}); err != nil {
			return err
		}
		if i%4 == 0 {
			if _, err = p.j.Append(p.ctx, journal.Batch{Case: fmt.Sprint(id, " opens ", i), Records: texts("x")}); err != nil {
				return err
			}
		}
	}
	return nil
}

package journaltest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// add appends records to a case and must succeed.
func (p *probe) add(caseID string, expect journal.Head, records ...string) journal.Head {
	p.Helper()
	return p.append(journal.Batch{Case: caseID, Expect: expect, Records: texts(records...)})
}

// append must succeed and give the head that follows from the batch.
func (p *probe) append(b journal.Batch) journal.Head {
	p.Helper()
	h, err := p.j.Append(p.ctx, b)
	require.NoError(p, err)
	p.sameHead(after(b), h)
	return h
}

// after is the head that a batch gives when it succeeds.
func after(b journal.Batch) journal.Head {
	return journal.Head{Version: b.Expect.Version + uint64(len(b.Records)), Rev: b.Expect.Rev + 1, Next: b.Next, Sum: b.Sum}
}

// sameHead compares every field; instants must be in UTC, so that heads can be compared with ==.
func (p *probe) sameHead(want, have journal.Head) {
	p.Helper()
	require.Equal(p, want.Version, have.Version, "Version")
	require.Equal(p, want.Rev, have.Rev, "Rev")
	require.True(p, want.Next.Equal(have.Next), "Next: want %v, have %v", want.Next, have.Next)
	require.Equal(p, time.UTC, have.Next.Location(), "Next is given in UTC")
	require.Equal(p, want.Sum, have.Sum, "Sum")
}

// holds reads a case and compares all of it.
func (p *probe) holds(caseID string, head journal.Head, records ...string) {
	p.Helper()
	h, have, err := p.j.Read(p.ctx, caseID, 0)
	require.NoError(p, err)
	p.sameHead(head, h)
	require.Len(p, have, len(records), "records of %q", caseID)
	for i, r := range have {
		require.Equal(p, caseID, r.Case)
		require.Equal(p, head.Version-uint64(len(have)-1-i), r.Seq)
		require.Equal(p, records[i], string(r.Data), "record %d of %q", r.Seq, caseID)
		require.Empty(p, r.Pos, "Pos is given by Scan only")
	}
}

// absent holds a case to not existing.
func (p *probe) absent(caseID string) {
	p.Helper()
	h, records, err := p.j.Read(p.ctx, caseID, 0)
	p.refused(err, journal.ErrUnknownCase, caseID)
	require.Zero(p, h)
	require.Empty(p, records)
}

// refused wants an error that matches and names the case.
func (p *probe) refused(err, want error, caseID string) {
	p.Helper()
	require.Error(p, err)
	require.ErrorIs(p, err, want)
	require.Contains(p, err.Error(), caseID, "the error names the case")
}

// conflict wants a conflict with all its particulars.
func (p *probe) conflict(b journal.Batch, actual journal.Head) {
	p.Helper()
	h, err := p.j.Append(p.ctx, b)
	p.refused(err, journal.ErrConflict, b.Case)
	require.Zero(p, h)
	var c *journal.ConflictError
	require.ErrorAs(p, err, &c)
	require.Equal(p, b.Case, c.Case)
	require.Equal(p, b.Expect.Version, c.Expected.Version)
	require.Equal(p, b.Expect.Rev, c.Expected.Rev)
	p.sameHead(actual, c.Actual)
}

// scan gives all that Scan yields after a position.
func (p *probe) scan(pos journal.Position) []journal.Record {
	p.Helper()
	records, err := collect(p.ctx, p.j, pos)
	require.NoError(p, err)
	return records
}

// collect reads to the end of one Scan. Records come with a position each.
func collect(ctx context.Context, j journal.Journal, pos journal.Position) ([]journal.Record, error) {
	var records []journal.Record
	for r, err := range j.Scan(ctx, pos) {
		if err != nil {
			return records, err
		}
		if r.Pos == "" {
			return records, fmt.Errorf("record %d of %s comes without a position", r.Seq, r.Case)
		}
		records = append(records, r)
	}
	return records, nil
}

// scanned scans after a position until so many records have come, each going on where the one before it ended, and wants no more than those.
func (p *probe) scanned(pos journal.Position, n int) []journal.Record {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.store.patience)
	defer cancel()
	records := p.scan(pos)
	for len(records) < n && ctx.Err() == nil {
		if len(records) > 0 {
			pos = records[len(records)-1].Pos
		}
		time.Sleep(time.Millisecond)
		records = append(records, p.scan(pos)...)
	}
	require.Len(p, records, n, "records that Scan yields")
	return records
}

// dueAt gives all that is due.
func (p *probe) dueAt(until time.Time) []journal.Item {
	p.Helper()
	items := []journal.Item{}
	for item, err := range p.j.Due(p.ctx, until) {
		require.NoError(p, err)
		require.Equal(p, time.UTC, item.Next.Location())
		items = append(items, item)
	}
	return items
}

// due compares what is due, by case.
func (p *probe) due(until time.Time, want ...string) {
	p.Helper()
	have := []string{}
	for _, item := range p.dueAt(until) {
		have = append(have, item.Case)
	}
	require.Equal(p, append([]string{}, want...), have, "due until %v", until)
}

// atOnce runs work in n goroutines that begin together, and gives their errors by number.
func atOnce(n int, work func(i int) error) []error {
	errs := make([]error, n)
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-begin
			errs[i] = work(i)
		})
	}
	close(begin)
	all.Wait()
	return errs
}

func texts(records ...string) [][]byte {
	b := make([][]byte, len(records))
	for i, r := range records {
		b[i] = []byte(r)
	}
	return b
}

// noon is the instant from which the themes count.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

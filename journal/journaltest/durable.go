package journaltest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// restart: a journal that is opened again holds all that was acknowledged, knows its keys and continues positions.
func restart(p *probe) {
	opened := journal.Batch{Case: "case", Key: "open", Records: texts("1", "2"), Next: noon.Add(time.Nanosecond), Sum: [32]byte{1, 31: 2}}
	first := p.append(opened)
	h := p.append(journal.Batch{Case: "case", Expect: first, Next: noon.Add(time.Hour), Sum: [32]byte{3}})
	gone := p.append(journal.Batch{Case: "gone", Records: texts("secret"), Next: noon})
	gone, err := p.j.Erase(p.ctx, "gone", gone, []byte("grave"))
	require.NoError(p, err)
	before := p.scanned("", 3)

	for i := range 3 {
		p.j = p.store.Reopen(p, p.j)
		records := []string{"1", "2"}
		for k := range i {
			records = append(records, fmt.Sprint("restart ", k))
		}
		p.holds("case", h, records...)
		p.holds("gone", gone, "grave")
		p.due(noon)
		p.due(noon.Add(time.Hour), "case")
		have, err := p.j.Append(p.ctx, opened)
		require.NoError(p, err)
		p.sameHead(first, have)
		_, err = p.j.Append(p.ctx, journal.Batch{Case: "gone", Expect: gone, Records: texts("x")})
		p.refused(err, journal.ErrErased, "gone")
		p.conflict(journal.Batch{Case: "case", Records: texts("x")}, h)
		require.Equal(p, before, p.scanned("", len(before)))
		for k, r := range before {
			require.Len(p, p.scanned(r.Pos, len(before)-k-1), len(before)-k-1)
		}

		h = p.append(journal.Batch{Case: "case", Expect: h, Records: texts(fmt.Sprint("restart ", i)), Next: noon.Add(time.Hour), Sum: [32]byte{byte(i)}})
		news := p.scanned(before[len(before)-1].Pos, 1)
		before = append(before, news...)
	}
}

// backup: a journal that was restored knows nothing of what came after the backup, and refuses the positions of that time.
func backup(p *probe) {
	open := journal.Batch{Case: "case", Key: "open", Records: texts("1"), Next: noon}
	h := p.append(open)
	old := p.scanned("", 1)
	restore := p.store.Backup(p, p.j)

	lost := journal.Batch{Case: "case", Key: "lost", Expect: h, Records: texts("lost")}
	p.append(lost)
	p.add("lost", journal.Head{}, "lost")
	_, err := p.j.Erase(p.ctx, "lost", journal.Head{Version: 1, Rev: 1}, nil)
	require.NoError(p, err)
	late := p.scanned("", 3)

	p.j = restore()
	p.holds("case", h, "1")
	p.absent("lost")
	p.due(noon, "case")
	have, err := p.j.Append(p.ctx, open)
	require.NoError(p, err)
	p.sameHead(h, have)

	check := func() {
		p.Helper()
		for _, r := range append(late[1:], old...) {
			_, err := collect(p.ctx, p.j, r.Pos)
			require.ErrorIs(p, err, journal.ErrPosition, "position %q is from before the restore", r.Pos)
		}
	}
	check()
	// The place that a lost record had is taken by another one; who has seen the lost one must not take it for that.
	lost.Records, lost.Next = texts("2", "3", "4", "5"), noon.Add(time.Hour)
	h = p.append(lost)
	check()
	p.holds("case", h, "1", "2", "3", "4", "5")
	all := p.scanned("", 5)
	require.Equal(p, []string{"1", "2", "3", "4", "5"}, contents(all))
	require.Equal(p, []string{"4", "5"}, contents(p.scan(all[2].Pos)))
	if p.store.Reopen != nil {
		p.j = p.store.Reopen(p, p.j)
		check()
		require.Len(p, p.scanned(all[2].Pos, 2), 2)
	}
}

// transaction: what is written in a transaction of the host's is there when that commits, and never was when it does not.
func transaction(p *probe) {
	h := p.append(journal.Batch{Case: "case", Records: texts("1"), Next: noon})
	start := p.scanned("", 1)[0].Pos

	p.store.InTx(p, p.j, false, func(tx journal.Journal) {
		have, err := tx.Append(p.ctx, journal.Batch{Case: "case", Key: "k", Expect: h, Records: texts("rolled back"), Next: noon.Add(time.Hour)})
		require.NoError(p, err)
		inside, records, err := tx.Read(p.ctx, "case", 0)
		require.NoError(p, err)
		p.sameHead(have, inside)
		require.Len(p, records, 2, "a transaction sees what it wrote")
		_, err = tx.Append(p.ctx, journal.Batch{Case: "new", Records: texts("rolled back")})
		require.NoError(p, err)
		p.holds("case", h, "1")
	})
	p.absent("new")
	p.holds("case", h, "1")
	p.due(noon.Add(time.Hour), "case")
	require.Empty(p, p.scan(start))

	p.store.InTx(p, p.j, true, func(tx journal.Journal) {
		_, err := tx.Append(p.ctx, journal.Batch{Case: "case", Records: texts("x")})
		p.refused(err, journal.ErrConflict, "case")
		h, err = tx.Append(p.ctx, journal.Batch{Case: "case", Key: "k", Expect: h, Records: texts("2"), Next: noon.Add(time.Minute)})
		require.NoError(p, err, "a conflict does not spoil the transaction")
		again, err := tx.Append(p.ctx, journal.Batch{Case: "case", Key: "k", Records: texts("x")})
		require.NoError(p, err)
		p.sameHead(h, again)
	})
	p.holds("case", h, "1", "2")
	pos := p.scanned(start, 1)[0].Pos
	lateCommit(p, pos)
}

// lateCommit: a reader who passes by while a transaction is open meets its records when they are committed.
func lateCommit(p *probe, pos journal.Position) {
	want := map[string]bool{"late": true}
	seen := map[string]bool{}
	look := func() {
		for _, r := range p.scan(pos) {
			require.False(p, seen[r.Case], "%s comes twice", r.Case)
			seen[r.Case] = true
			pos = r.Pos
		}
	}
	p.store.InTx(p, p.j, true, func(tx journal.Journal) {
		_, err := tx.Append(p.ctx, journal.Batch{Case: "late", Records: texts("x")})
		require.NoError(p, err)
		// A store with one writer at a time lets nobody in; then the wait is cut off.
		for i := range 3 {
			id := fmt.Sprint("meanwhile ", i)
			ctx, cancel := context.WithTimeout(p.ctx, 100*time.Millisecond)
			_, err := p.j.Append(ctx, journal.Batch{Case: id, Records: texts("x")})
			cancel()
			want[id] = err == nil
			look()
		}
		require.False(p, seen["late"], "what is not committed is yielded")
	})
	for id := range want {
		// A wait that was cut off has an unknown outcome: the case says which.
		if _, _, err := p.j.Read(p.ctx, id, 0); errors.Is(err, journal.ErrUnknownCase) {
			require.False(p, want[id], "%s was acknowledged and is gone", id)
			delete(want, id)
		}
	}
	ctx, cancel := context.WithTimeout(p.ctx, p.store.patience)
	defer cancel()
	for len(seen) < len(want) && ctx.Err() == nil {
		look()
		time.Sleep(time.Millisecond)
	}
	require.Len(p, seen, len(want), "records that Scan yields, of %v", want)
}

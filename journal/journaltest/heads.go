package journaltest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// heads: an append succeeds with the right head only, and gives the next one.
func heads(p *probe) {
	p.absent("case")
	p.conflict(journal.Batch{Case: "case", Expect: journal.Head{Version: 1, Rev: 1}, Records: texts("x")}, journal.Head{})
	p.conflict(journal.Batch{Case: "case", Expect: journal.Head{Rev: 1}}, journal.Head{})
	p.absent("case")

	first := p.append(journal.Batch{Case: "case", Records: texts("1"), Next: noon, Sum: [32]byte{1}})
	p.holds("case", first, "1")
	p.conflict(journal.Batch{Case: "case", Records: texts("x")}, first)

	second := p.append(journal.Batch{Case: "case", Expect: first, Records: texts("2", "3", "4"), Next: noon.Add(time.Hour), Sum: [32]byte{2, 31: 9}})
	p.holds("case", second, "1", "2", "3", "4")

	for _, wrong := range []journal.Head{
		{},
		first,
		{Version: second.Version},
		{Rev: second.Rev},
		{Version: second.Version + 1, Rev: second.Rev},
		{Version: second.Version, Rev: second.Rev + 1},
		{Version: second.Version - 1, Rev: second.Rev},
		{Version: second.Version, Rev: second.Rev - 1},
		{Version: math.MaxUint64, Rev: math.MaxUint64},
		{Version: math.MaxInt64, Rev: math.MaxInt64},
		{Version: 1<<32 + second.Version, Rev: 1<<32 + second.Rev},
	} {
		p.conflict(journal.Batch{Case: "case", Expect: wrong, Records: texts("x"), Next: noon, Sum: [32]byte{7}}, second)
		if wrong.Rev != 0 {
			p.conflict(journal.Batch{Case: "case", Expect: wrong, Next: noon, Sum: [32]byte{7}}, second)
		}
	}
	p.holds("case", second, "1", "2", "3", "4")

	// Only Version and Rev are compared, and Next and Sum are replaced by nothing too.
	bare := journal.Head{Version: second.Version, Rev: second.Rev, Next: noon.Add(-time.Hour), Sum: [32]byte{9}}
	third := p.append(journal.Batch{Case: "case", Expect: bare, Records: texts("5")})
	p.holds("case", third, "1", "2", "3", "4", "5")
	require.True(p, third.Next.IsZero())

	// Cases know nothing of each other.
	other := p.add("other", journal.Head{}, "o")
	p.conflict(journal.Batch{Case: "other", Expect: third, Records: texts("x")}, other)
	p.holds("case", third, "1", "2", "3", "4", "5")
	p.holds("other", other, "o")
}

const racers = 8

// races: of those who expect the same head one succeeds, and the others learn the actual one.
func races(p *probe) {
	var head journal.Head
	var records []string
	for round := range 15 {
		won := make([]journal.Head, racers)
		errs := atOnce(racers, func(i int) (err error) {
			b := journal.Batch{Case: "case", Expect: head, Records: texts(fmt.Sprintf("%d by %d", round, i)), Next: noon.Add(time.Duration(i))}
			if round > 0 && i%4 == 3 {
				b.Records = nil
			}
			won[i], err = p.j.Append(p.ctx, b)
			return err
		})
		winner := -1
		for i, err := range errs {
			if err == nil {
				require.Negative(p, winner, "round %d: %d and %d both append to one head", round, winner, i)
				winner = i
			}
		}
		require.GreaterOrEqual(p, winner, 0, "round %d: nobody could append: %v", round, errors.Join(errs...))
		for i, err := range errs {
			if i == winner {
				continue
			}
			var c *journal.ConflictError
			require.ErrorAs(p, err, &c, "who loses a race meets a conflict and no error of the store")
			p.sameHead(won[winner], c.Actual)
		}
		head = won[winner]
		if round == 0 || winner%4 != 3 {
			records = append(records, fmt.Sprintf("%d by %d", round, winner))
		}
		require.Equal(p, uint64(len(records)), head.Version)
		require.Equal(p, uint64(round+1), head.Rev)
		p.holds("case", head, records...)
	}
	require.Len(p, p.scanned("", len(records)), len(records))
	readersOfARace(p)
	eraseRace(p)
}

// readersOfARace: a head and the records read with it belong together, while others append.
func readersOfARace(p *probe) {
	const appends = 25
	h := p.append(journal.Batch{Case: "read", Records: texts("1"), Sum: [32]byte{1}})
	errs := atOnce(3, func(i int) error {
		if i == 0 {
			for range appends {
				var err error
				n := byte(h.Version + 1)
				if h, err = p.j.Append(p.ctx, journal.Batch{Case: "read", Expect: h, Records: texts(fmt.Sprint(n)), Sum: [32]byte{n}}); err != nil {
					return err
				}
			}
			return nil
		}
		for last := uint64(0); last < appends+1; {
			head, records, err := p.j.Read(p.ctx, "read", 0)
			if err != nil {
				return err
			}
			if n := len(records); uint64(n) != head.Version || head.Sum[0] != byte(n) || string(records[n-1].Data) != fmt.Sprint(n) || head.Rev != head.Version {
				return fmt.Errorf("a head of version %d, revision %d and sum %d comes with %d records", head.Version, head.Rev, head.Sum[0], n)
			}
			if head.Version < last {
				return fmt.Errorf("version %d is read after version %d", head.Version, last)
			}
			last = head.Version
		}
		return nil
	})
	require.NoError(p, errors.Join(errs...))
}

// eraseRace: an erasure and an append that expect the same head do not both succeed.
func eraseRace(p *probe) {
	for round := range 5 {
		id := fmt.Sprint("erase ", round)
		h := p.add(id, journal.Head{}, "1")
		errs := atOnce(2, func(i int) (err error) {
			if i == 0 {
				_, err = p.j.Erase(p.ctx, id, h, []byte("gone"))
			} else {
				_, err = p.j.Append(p.ctx, journal.Batch{Case: id, Expect: h, Records: texts("2")})
			}
			return err
		})
		now, _, err := p.j.Read(p.ctx, id, 0)
		require.NoError(p, err)
		if errs[0] == nil {
			require.ErrorIs(p, errs[1], journal.ErrErased)
			p.holds(id, now, "gone")
		} else {
			require.NoError(p, errs[1])
			require.ErrorIs(p, errs[0], journal.ErrConflict)
			p.holds(id, now, "1", "2")
		}
	}
}

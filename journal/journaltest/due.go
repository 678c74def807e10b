package journaltest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// due: what wants attention comes by instant, then by id, and follows every move.
func due(p *probe) {
	far := noon.AddDate(100, 0, 0)
	p.due(far)

	open := func(id string, next time.Time) journal.Head {
		return p.append(journal.Batch{Case: id, Records: texts("x"), Next: next})
	}
	second := open("second", noon.Add(time.Hour))
	first := open("first", noon)
	open("third", noon.Add(time.Hour+time.Nanosecond))
	never := open("never", time.Time{})
	p.due(noon.Add(-time.Nanosecond))
	p.due(noon, "first")
	p.due(noon.Add(time.Hour), "first", "second")
	p.due(noon.Add(time.Hour).In(time.FixedZone("east", 8*3600)), "first", "second")
	p.due(far, "first", "second", "third")
	require.Equal(p, []journal.Item{{Case: "first", Next: noon}}, p.dueAt(noon))

	// Any bound will do.
	p.due(time.Time{})
	p.due(time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC))
	p.due(time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, year := range []int{2261, 2263, 9999, 100_000} {
		p.due(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), "first", "second", "third")
	}

	first = p.append(journal.Batch{Case: "first", Expect: first, Next: noon.Add(2 * time.Hour)})
	p.due(far, "second", "third", "first")
	second = p.append(journal.Batch{Case: "second", Expect: second, Records: texts("y")})
	p.due(far, "third", "first")
	never = p.append(journal.Batch{Case: "never", Expect: never, Next: noon.Add(-24 * time.Hour)})
	p.due(far, "never", "third", "first")
	p.append(journal.Batch{Case: "first", Expect: first, Next: noon.Add(2 * time.Hour)})
	p.due(far, "never", "third", "first")

	// A refused append moves nothing.
	p.conflict(journal.Batch{Case: "second", Expect: never, Next: noon}, second)
	p.due(far, "never", "third", "first")
	dueTies(p)
	dueWhileMoving(p)
	dueAgainstModel(p)
}

// dueTies: of one instant, by the bytes of the id, more than some page of them.
func dueTies(p *probe) {
	early := noon.AddDate(-1, 0, 0)
	ids := []string{"a", "A", "B", "b", "aa", "a b", "a-b", "a_b", "ä", "é", "e\u0301", "z", "Z", "中", "0", "10", "9", "~", "\U0001F600", "\uFFFD"}
	for i := range 150 {
		ids = append(ids, fmt.Sprint("tie ", i))
	}
	for _, id := range ids {
		p.append(journal.Batch{Case: id, Records: texts("x"), Next: early})
	}
	slices.Sort(ids)
	p.due(early, ids...)
	for n := range 4 {
		var have []string
		for item, err := range p.j.Due(p.ctx, early) {
			require.NoError(p, err)
			if have = append(have, item.Case); len(have) > n {
				break
			}
		}
		require.Equal(p, ids[:n+1], have, "left early")
	}
}

// dueWhileMoving: the body moves what it is given, as a desk does, and meets every case.
func dueWhileMoving(p *probe) {
	early := noon.AddDate(-1, 0, 0)
	before := len(p.dueAt(early))
	worked := map[string]bool{}
	for item, err := range p.j.Due(p.ctx, early) {
		require.NoError(p, err)
		require.False(p, worked[item.Case], "%q was moved out of the way and comes again", item.Case)
		worked[item.Case] = true
		h, _, err := p.j.Read(p.ctx, item.Case, 0)
		require.NoError(p, err)
		p.append(journal.Batch{Case: item.Case, Expect: h, Next: noon.AddDate(50, 0, 0)})
	}
	require.Len(p, worked, before)
	p.due(early)
}

// dueAgainstModel: after many moves the order is that of a sorted list.
func dueAgainstModel(p *probe) {
	type open struct {
		head journal.Head
		id   string
	}
	j := p.store.Open(p)
	random := rand.New(rand.NewPCG(1, 2))
	cases := make([]open, 60)
	for i := range 300 {
		c := &cases[random.IntN(len(cases))]
		if c.id == "" {
			c.id = fmt.Sprint("case ", i)
		}
		b := journal.Batch{Case: c.id, Expect: c.head, Records: texts("x"), Next: noon.Add(time.Duration(random.IntN(50)))}
		if random.IntN(8) == 0 {
			b.Next = time.Time{}
		}
		h, err := j.Append(p.ctx, b)
		require.NoError(p, err)
		c.head = h
		if i%30 != 29 {
			continue
		}
		until := noon.Add(time.Duration(random.IntN(60)))
		want := []journal.Item{}
		for _, c := range cases {
			if !c.head.Next.IsZero() && !c.head.Next.After(until) {
				want = append(want, journal.Item{Case: c.id, Next: c.head.Next})
			}
		}
		slices.SortFunc(want, func(a, b journal.Item) int {
			if d := a.Next.Compare(b.Next); d != 0 {
				return d
			}
			return strings.Compare(a.Case, b.Case)
		})
		have := []journal.Item{}
		for item, err := range j.Due(p.ctx, until) {
			require.NoError(p, err)
			have = append(have, item)
		}
		require.Equal(p, want, have)
	}
}

// claims: a batch without records moves Next and Sum, and claims the case from all others.
func claims(p *probe) {
	_, err := p.j.Append(p.ctx, journal.Batch{Case: "case", Next: noon})
	p.refused(err, journal.ErrBatch, "case")
	p.absent("case")

	h := p.append(journal.Batch{Case: "case", Records: texts("1"), Next: noon, Sum: [32]byte{1}})
	claimed := p.append(journal.Batch{Case: "case", Expect: h, Next: noon.Add(time.Minute), Sum: [32]byte{2}})
	require.Equal(p, h.Version, claimed.Version)
	p.holds("case", claimed, "1")
	p.conflict(journal.Batch{Case: "case", Expect: h, Next: noon.Add(time.Hour)}, claimed)
	p.conflict(journal.Batch{Case: "case", Expect: h, Records: texts("x")}, claimed)
	p.due(noon)
	p.due(noon.Add(time.Minute), "case")
	for range 3 {
		claimed = p.append(journal.Batch{Case: "case", Expect: claimed, Records: [][]byte{}, Next: claimed.Next, Sum: claimed.Sum})
	}
	p.holds("case", claimed, "1")
	last := p.add("case", claimed, "2")
	p.holds("case", last, "1", "2")
	records := p.scanned("", 2)
	require.Equal(p, []uint64{1, 2}, []uint64{records[0].Seq, records[1].Seq}, "claims leave no records")

	// Of workers who find one case due, one delivers.
	for round := range 6 {
		h, _, err := p.j.Read(p.ctx, "case", 0)
		require.NoError(p, err)
		delivered := make([]bool, racers)
		errs := atOnce(racers, func(i int) error {
			_, err := p.j.Append(p.ctx, journal.Batch{Case: "case", Expect: h, Next: noon.Add(time.Duration(round) * time.Second)})
			delivered[i] = err == nil
			if errors.Is(err, journal.ErrConflict) {
				return nil
			}
			return err
		})
		require.NoError(p, errors.Join(errs...))
		delivered = slices.DeleteFunc(delivered, func(d bool) bool { return !d })
		require.Len(p, delivered, 1, "how many have claimed one case")
	}
}

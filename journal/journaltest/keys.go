package journaltest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// keys: an append that is repeated with its key changes nothing and gives the first answer.
func keys(p *probe) {
	opened := journal.Batch{Case: "case", Key: "open", Records: texts("1"), Next: noon, Sum: [32]byte{1}}
	first := p.append(opened)
	again := func(b journal.Batch, want journal.Head) {
		p.Helper()
		h, err := p.j.Append(p.ctx, b)
		require.NoError(p, err)
		p.sameHead(want, h)
	}
	again(opened, first)
	p.holds("case", first, "1")

	replied := journal.Batch{Case: "case", Key: "reply", Expect: first, Records: texts("2", "3"), Next: noon.Add(time.Nanosecond), Sum: [32]byte{2}}
	second := p.append(replied)
	moved := journal.Batch{Case: "case", Key: "move", Expect: second, Next: noon.Add(time.Hour)}
	third := p.append(moved)
	last := p.append(journal.Batch{Case: "case", Expect: third, Records: texts("4"), Sum: [32]byte{4}})

	again(opened, first)
	again(replied, second)
	again(moved, third)
	for _, expect := range []journal.Head{{}, first, last, {Version: 99, Rev: 99}} {
		again(journal.Batch{Case: "case", Key: "reply", Expect: expect, Records: texts("something else"), Next: noon.Add(time.Minute), Sum: [32]byte{9}}, second)
	}
	p.holds("case", last, "1", "2", "3", "4")
	p.due(noon.Add(24 * time.Hour))
	p.scanned("", 4)

	// A refused append leaves its key unused, and a key belongs to its case. No key is not a key.
	p.conflict(journal.Batch{Case: "case", Key: "late", Expect: first, Records: texts("x")}, last)
	last = p.append(journal.Batch{Case: "case", Key: "late", Expect: last, Records: texts("5")})
	p.append(journal.Batch{Case: "other", Key: "open", Records: texts("o")})
	p.conflict(journal.Batch{Case: "case", Expect: first, Records: texts("x")}, last)
	p.conflict(journal.Batch{Case: "third", Key: "open", Expect: first, Records: texts("x")}, journal.Head{})

	// Keys differ in every byte.
	h := p.add("keys", journal.Head{}, "0")
	hostile := append(hostileIDs(), strings.Repeat("k", journal.MaxID))
	for _, key := range hostile {
		h = p.append(journal.Batch{Case: "keys", Key: key, Expect: h, Records: texts(key)})
	}
	for i, key := range hostile {
		have, err := p.j.Append(p.ctx, journal.Batch{Case: "keys", Key: key, Records: texts("x")})
		require.NoError(p, err)
		require.Equal(p, uint64(i+2), have.Version, "key %q", key)
	}
	manyKeys(p)
	keyRaces(p)
}

// manyKeys: among many appends each is found by its key.
func manyKeys(p *probe) {
	const n = 60
	var h journal.Head
	batch := func(i int, h journal.Head) journal.Batch {
		return journal.Batch{Case: "many", Key: fmt.Sprint(i), Expect: h, Records: texts(fmt.Sprint(i)), Sum: [32]byte{byte(i)}}
	}
	for i := range n {
		h = p.append(batch(i, h))
	}
	for i := range n {
		have, err := p.j.Append(p.ctx, batch(i, journal.Head{}))
		require.NoError(p, err)
		p.sameHead(journal.Head{Version: uint64(i + 1), Rev: uint64(i + 1), Sum: [32]byte{byte(i)}}, have)
	}
}

// keyRaces: one append that several send at once happens once, and all get its answer.
func keyRaces(p *probe) {
	var h journal.Head
	var records []string
	for round := range 8 {
		have := make([]journal.Head, racers)
		b := journal.Batch{Case: "race", Key: fmt.Sprint("round ", round), Expect: h, Records: texts(fmt.Sprint(round)), Sum: [32]byte{byte(round)}}
		errs := atOnce(racers, func(i int) (err error) {
			have[i], err = p.j.Append(p.ctx, b)
			return err
		})
		require.NoError(p, errors.Join(errs...), "all who send one append with one key succeed")
		h = after(b)
		for _, one := range have {
			p.sameHead(h, one)
		}
		records = append(records, fmt.Sprint(round))
		p.holds("race", h, records...)
	}
}

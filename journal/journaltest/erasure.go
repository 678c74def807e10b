package journaltest

import (
	"math"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// erasure: the records are gone from every way of reading, and the case takes no more.
func erasure(p *probe) {
	_, err := p.j.Erase(p.ctx, "case", journal.Head{}, nil)
	p.refused(err, journal.ErrUnknownCase, "case")
	p.absent("case")

	before := p.add("before", journal.Head{}, "b")
	opened := journal.Batch{Case: "case", Key: "open", Records: texts("secret 1", "secret 2"), Next: noon, Sum: [32]byte{1}}
	h := p.append(opened)
	h = p.append(journal.Batch{Case: "case", Key: "move", Expect: h, Next: noon.Add(time.Hour), Sum: [32]byte{2}})
	p.add("after", journal.Head{}, "a")
	places := p.scanned("", 4)

	for _, wrong := range []journal.Head{{}, {Version: 2, Rev: 1}, {Version: 1, Rev: 2}, {Version: math.MaxUint64, Rev: math.MaxUint64}} {
		_, err := p.j.Erase(p.ctx, "case", wrong, []byte("grave"))
		p.refused(err, journal.ErrConflict, "case")
		var c *journal.ConflictError
		require.ErrorAs(p, err, &c)
		p.sameHead(h, c.Actual)
	}
	_, err = p.j.Erase(p.ctx, "case", h, make([]byte, journal.MaxRecord+1))
	p.refused(err, journal.ErrBatch, "case")
	p.holds("case", h, "secret 1", "secret 2")

	erased, err := p.j.Erase(p.ctx, "case", h, []byte("grave"))
	require.NoError(p, err)
	p.sameHead(journal.Head{Version: 3, Rev: 3}, erased)
	p.holds("case", erased, "grave")
	p.holds("before", before, "b")
	p.due(noon.AddDate(1, 0, 0))
	_, records, err := p.j.Read(p.ctx, "case", 2)
	require.NoError(p, err)
	require.Len(p, records, 1)
	_, records, err = p.j.Read(p.ctx, "case", 3)
	require.NoError(p, err)
	require.Empty(p, records)

	for _, b := range []journal.Batch{
		{Case: "case", Records: texts("x")},
		{Case: "case", Expect: erased, Records: texts("x")},
		{Case: "case", Expect: erased, Next: noon},
		{Case: "case", Expect: h, Records: texts("x")},
		opened,
	} {
		have, err := p.j.Append(p.ctx, b)
		p.refused(err, journal.ErrErased, "case")
		require.Zero(p, have)
	}
	for _, expect := range []journal.Head{erased, h, {}} {
		_, err = p.j.Erase(p.ctx, "case", expect, []byte("again"))
		p.refused(err, journal.ErrErased, "case")
	}
	p.holds("case", erased, "grave")

	// Readers get the tombstone as news, whether they had passed the records or not.
	all := p.scanned("", 3)
	require.Equal(p, []string{"b", "a", "grave"}, contents(all))
	require.Equal(p, uint64(3), all[2].Seq)
	for i, want := range [][]string{{"a", "grave"}, {"a", "grave"}, {"a", "grave"}, {"grave"}} {
		require.Equal(p, want, contents(p.scanned(places[i].Pos, len(want))), "after %s %d", places[i].Case, places[i].Seq)
	}
	eraseLarge(p)
}

// eraseLarge: what is erased is gone however much it was, and what stands between stays.
func eraseLarge(p *probe) {
	kept := map[string]journal.Head{}
	long := strings.Repeat("secret ", 3000)
	for _, id := range []string{"kept 1", "gone 1", "kept 2", "gone 2", "gone 3", "kept 3"} {
		h := p.append(journal.Batch{Case: id, Key: "1", Records: texts(id, long), Next: noon})
		kept[id] = p.append(journal.Batch{Case: id, Key: "2", Expect: h, Records: texts(long, id), Next: noon})
	}
	for _, id := range []string{"gone 2", "gone 3", "gone 1"} {
		_, err := p.j.Erase(p.ctx, id, kept[id], nil)
		require.NoError(p, err)
		h, records, err := p.j.Read(p.ctx, id, 0)
		require.NoError(p, err)
		require.Equal(p, uint64(5), h.Version)
		require.Len(p, records, 1)
		require.Empty(p, records[0].Data, "an empty tombstone is a record too")
	}
	for _, id := range []string{"kept 1", "kept 2", "kept 3"} {
		p.holds(id, kept[id], id, long, long, id)
		h, err := p.j.Append(p.ctx, journal.Batch{Case: id, Key: "2", Records: texts("x")})
		require.NoError(p, err)
		p.sameHead(kept[id], h)
	}
	p.due(noon, "kept 1", "kept 2", "kept 3")
	for _, r := range p.scanned("", 3+3*4+3) {
		require.False(p, strings.HasPrefix(r.Case, "gone") && len(r.Data) > 0, "%s is yielded", r.Case)
	}
}

func contents(records []journal.Record) []string {
	var data []string
	for _, r := range records {
		data = append(data, string(r.Data))
	}
	return data
}

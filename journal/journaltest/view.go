package journaltest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// view: what a journal shows is what Scan yields, turn by turn, and what it lends is not what it keeps.
func view(p *probe) {
	var heads [5]journal.Head
	n := 0
	for round := range 40 { // more than some page of records
		for i := range heads {
			batch := texts(fmt.Sprint("record ", n), fmt.Sprintf("%0*d", 1+n%1500, n), "")
			heads[i] = p.append(journal.Batch{Case: fmt.Sprint("case ", i), Expect: heads[i], Records: batch[:1+(round+i)%3]})
			n += 1 + (round+i)%3
		}
	}
	_, err := p.j.Erase(p.ctx, "case 1", heads[1], []byte("tombstone"))
	require.NoError(p, err)
	all := p.scanned("", n-int(heads[1].Version)+1)
	shown := func(pos journal.Position, leave int) (records []journal.Record) {
		p.Helper()
		for r, err := range journal.View(p.ctx, p.j, pos) {
			require.NoError(p, err)
			r.Data = slices.Clone(r.Data)
			records = append(records, r)
			if len(records) == leave {
				break
			}
		}
		return records
	}
	same := func(want, have []journal.Record) {
		p.Helper()
		require.Len(p, have, len(want))
		for i := range want {
			require.Equal(p, want[i].Case, have[i].Case)
			require.Equal(p, want[i].Seq, have[i].Seq)
			require.Equal(p, string(want[i].Data), string(have[i].Data))
			if have[i].Pos != "" {
				require.Equal(p, want[i].Pos, have[i].Pos)
			}
		}
	}
	same(all, shown("", -1))
	same(all[:7], shown("", 7))
	for _, i := range []int{0, 3, len(all) / 2, len(all) - 2, len(all) - 1} {
		same(all[i+1:], shown(all[i].Pos, -1))
	}
	for _, err := range journal.View(p.ctx, p.j, "nowhere") {
		require.ErrorIs(p, err, journal.ErrPosition)
	}
	turns := 0
	h := heads[0]
	for _, err := range journal.View(p.ctx, p.j, all[len(all)/2].Pos) {
		require.NoError(p, err)
		turns++
		require.Less(p, turns, 2*len(all), "View does not end while its loop appends")
		h = p.append(journal.Batch{Case: "case 0", Expect: h, Records: texts("turn")})
	}
	same(p.scanned("", len(all)+turns), shown("", -1))
}

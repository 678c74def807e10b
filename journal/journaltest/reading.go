package journaltest

import (
	"fmt"
	"math"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// reading: Read gives the tail that was asked for, and bytes are nobody's but the reader's.
func reading(p *probe) {
	const n = 40
	var h journal.Head
	for i := 0; i < n; {
		var batch []string
		for range 1 + i%3 {
			batch = append(batch, fmt.Sprint("record ", i+1))
			i++
		}
		h = p.append(journal.Batch{Case: "case", Key: fmt.Sprint(i), Expect: h, Records: texts(batch...)})
		h = p.append(journal.Batch{Case: "case", Expect: h, Next: noon})
		p.add(fmt.Sprint("between ", i), journal.Head{}, "x")
	}
	for tail := range h.Version + 3 {
		have, records, err := p.j.Read(p.ctx, "case", tail)
		require.NoError(p, err)
		p.sameHead(h, have)
		require.Len(p, records, int(h.Version-min(tail, h.Version)), "after %d", tail)
		for i, r := range records {
			require.Equal(p, tail+uint64(i)+1, r.Seq)
			require.Equal(p, fmt.Sprint("record ", r.Seq), string(r.Data))
		}
	}
	for _, tail := range []uint64{math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		have, records, err := p.j.Read(p.ctx, "case", tail)
		require.NoError(p, err)
		p.sameHead(h, have)
		require.Empty(p, records)
	}
	ownership(p)
}

// ownership: neither the writer nor a reader can change what is stored.
func ownership(p *probe) {
	mine := texts("first", "second")
	tail := make([]byte, 5, 50)
	copy(tail, "third")
	h := p.append(journal.Batch{Case: "bytes", Records: append(mine, tail)})
	spoil := func(b []byte) {
		for i := range b {
			b[i] = '!'
		}
		_ = append(b, "overflow"...)
	}
	for _, b := range append(mine, tail) {
		spoil(b)
	}
	p.holds("bytes", h, "first", "second", "third")

	_, records, err := p.j.Read(p.ctx, "bytes", 0)
	require.NoError(p, err)
	for i := range records {
		spoil(records[i].Data)
		for k, want := range []string{"first", "second", "third"} {
			if k > i {
				require.Equal(p, want, string(records[k].Data), "records do not overlap")
			}
		}
	}
	for _, r := range p.scan("") {
		spoil(r.Data)
	}
	p.holds("bytes", h, "first", "second", "third")

	grave := []byte("tombstone")
	h, err = p.j.Erase(p.ctx, "bytes", h, grave)
	require.NoError(p, err)
	spoil(grave)
	p.holds("bytes", h, "tombstone")
}

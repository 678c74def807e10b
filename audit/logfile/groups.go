package logfile

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"
)

// groups holds the rows of a file by case until all are read.
type groups struct {
	budget int64 // bytes left
	cases  []grouped
	number map[string]int
	rows   [][]stored // in blocks, so that growing never copies
	bytes  []byte     // the block of fields that is being filled
}

// grouped is a case: its rows as a list, the last one first.
type grouped struct{ last int }

// stored is a row.
type stored struct {
	at     time.Time
	line   int
	fields []byte // each after its length
	before int    // the number of the case's row before, plus one
}

// What a row and a case take besides their texts, roughly.
const (
	rowBlock  = 1 << 10
	byteBlock = 1 << 16
	rowCost   = 72
	caseCost  = 96
)

func newGroups(budget int64) *groups {
	return &groups{budget: budget, number: map[string]int{}}
}

// keep stores a row. It reports false when the budget is used up.
func (g *groups) keep(id []byte, at time.Time, line int, fields [][]byte) bool {
	n, known := g.number[string(id)]
	size := 0
	for _, f := range fields {
		size += len(f) + binary.MaxVarintLen32
	}
	cost := int64(size + rowCost)
	if !known {
		cost += int64(caseCost + len(id))
	}
	if g.budget -= cost; g.budget < 0 {
		return false
	}
	if !known {
		n = len(g.cases)
		g.number[string(id)] = n
		g.cases = append(g.cases, grouped{})
	}
	if cap(g.bytes)-len(g.bytes) < size {
		g.bytes = make([]byte, 0, max(byteBlock, size))
	}
	begin := len(g.bytes)
	for _, f := range fields {
		g.bytes = binary.AppendUvarint(g.bytes, uint64(len(f)))
		g.bytes = append(g.bytes, f...)
	}
	if len(g.rows) == 0 || len(g.rows[len(g.rows)-1]) == rowBlock {
		g.rows = append(g.rows, make([]stored, 0, rowBlock))
	}
	block := &g.rows[len(g.rows)-1]
	*block = append(*block, stored{at, line, g.bytes[begin:len(g.bytes):len(g.bytes)], g.cases[n].last})
	g.cases[n].last = (len(g.rows)-1)*rowBlock + len(*block)
	return true
}

// replay gives the rows to the builder: case by case in the order in which they first came, and in a case by their instants.
func (g *groups) replay(b *builder) {
	var rows []*stored
	fields := make([][]byte, b.columns.needed)
	for _, c := range g.cases {
		rows = rows[:0]
		for n := c.last; n > 0; {
			row := &g.rows[(n-1)/rowBlock][(n-1)%rowBlock]
			rows = append(rows, row)
			n = row.before
		}
		slices.SortFunc(rows, func(x, y *stored) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.line, y.line)) })
		for _, row := range rows {
			rest := row.fields
			for i := range fields {
				n, size := binary.Uvarint(rest)
				fields[i] = rest[size : size+int(n)]
				rest = rest[size+int(n):]
			}
			b.add(row.at, row.line, fields)
			if b.feed.stopped {
				return
			}
		}
	}
	b.finish()
}

package calendar

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// sum hashes all that an operation can depend on, in a fixed order.
func (c *Calendar) sum() string {
	buf := make([]byte, 0, 8*len(c.table.entries)+32*len(c.days.date)+16*len(c.zone.segments)+1024)
	put := func(values ...int64) {
		for _, v := range values {
			buf = binary.BigEndian.AppendUint64(buf, uint64(v))
		}
	}
	put(1) // the version of this layout
	put(c.table.start, c.table.end, c.firm.start, c.firm.end, int64(c.outside))
	put(int64(len(c.table.entries)))
	for _, e := range c.table.entries {
		buf = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(buf, e.start), e.open)
	}
	put(int64(c.days.first), int64(len(c.days.date)))
	for _, d := range c.days.date {
		buf = binary.BigEndian.AppendUint16(buf, d)
	}
	for _, s := range c.zone.segments {
		put(s.start, s.offset)
	}
	if c.rule != nil {
		for n := c.days.first; n < c.days.end; n++ {
			// Where night shifts meet, the intervals do not tell which day a closing belongs to.
			if shifts := c.rule.shifts(n); len(shifts) > 0 {
				put(int64(n), shifts[len(shifts)-1].close)
			}
		}
		for _, shifts := range c.rule.week {
			put(int64(len(shifts)))
			for _, s := range shifts {
				put(s.open, s.close)
			}
		}
	}
	for _, part := range c.parts {
		buf = append(buf, part.fingerprint...)
	}
	if c.all {
		buf = append(buf, "all"...)
	}
	digest := sha256.Sum256(buf)
	return hex.EncodeToString(digest[:16])
}

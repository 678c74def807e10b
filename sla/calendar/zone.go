package calendar

import (
	"math"
	"time"
)

// The instants a calendar knows, in Unix seconds: all that fits into
// nanoseconds since 1970, rounded inwards to whole years.
const (
	firstYear = 1678
	lastYear  = 2261
	minSec    = -9214560000 // 1678-01-01T00:00:00Z
	maxSec    = 9214646400  // 2262-01-01T00:00:00Z
)

// Earliest and Latest are the instants at which operations saturate, the
// beginnings of 1678 and 2262 in UTC. They are the whole years whose instants
// fit into 64 bits of nanoseconds.
func Earliest() time.Time { return time.Unix(minSec, 0).UTC() }

// Latest is the other end of [Earliest].
func Latest() time.Time { return time.Unix(maxSec, 0).UTC() }

// segment is a stretch of constant offset from UTC.
type segment struct {
	start  int64 // instant
	end    int64 // instant
	offset int64 // wall = instant + offset
	// before is the wall time that nothing up to the end of this segment
	// reaches, a running maximum; after is the wall time that nothing from
	// this segment on falls short of, a running minimum from the other end.
	before, after int64
}

// zone resolves wall times by a zone's own transitions. It holds every
// transition from minSec to maxSec, so that no operation depends on how package
// time resolves a wall time that occurs twice or never.
type zone struct {
	segments             []segment
	hint                 []uint16 // the segment at each 2^hintShift seconds from minSec
	minOffset, maxOffset int64
	skipped              []int // day numbers of dates that never were, such as Apia's 2011-12-30
}

const hintShift = 22 // 48 days: hardly ever more than one transition

var utcZone = newZone(time.UTC)

func newZone(loc *time.Location) *zone {
	z := &zone{minOffset: math.MaxInt64, maxOffset: math.MinInt64}
	for at := int64(minSec); at < maxSec; {
		t := time.Unix(at, 0).In(loc)
		_, offset := t.Zone()
		end := int64(maxSec)
		if _, e := t.ZoneBounds(); !e.IsZero() {
			end = min(end, e.Unix())
		}
		if end <= at {
			// Package time lets the years that a zone's rule covers end after 365
			// days, so on the last day of a leap year the bounds lie in the past.
			end = at + secondsPerDay
		}
		if n := len(z.segments); n > 0 && z.segments[n-1].offset == int64(offset) {
			z.segments[n-1].end = end // only the abbreviation changes
		} else {
			z.segments = append(z.segments, segment{start: at, end: end, offset: int64(offset)})
		}
		at = end
	}
	// Beyond both ends the offsets go on, so that every wall time resolves.
	n := len(z.segments)
	z.segments[0].start = math.MinInt64 / 2
	z.segments[n-1].end = math.MaxInt64 / 2
	z.index()
	return z
}

func (z *zone) index() {
	reached := int64(math.MinInt64)
	for i := range z.segments {
		s := &z.segments[i]
		z.minOffset, z.maxOffset = min(z.minOffset, s.offset), max(z.maxOffset, s.offset)
		if i > 0 {
			z.skip(reached, s.start+s.offset)
		}
		reached = max(reached, s.end+s.offset)
		s.before = reached
	}
	least := int64(math.MaxInt64)
	for i := len(z.segments) - 1; i >= 0; i-- {
		s := &z.segments[i]
		least = min(least, s.start+s.offset)
		s.after = least
	}
	z.hint = make([]uint16, (maxSec-minSec)>>hintShift+1)
	k := 0
	for i := range z.hint {
		for z.segments[k].end <= minSec+int64(i)<<hintShift {
			k++
		}
		z.hint[i] = uint16(k)
	}
}

// skip notes the dates that lie wholly in the gap between two wall times.
func (z *zone) skip(from, to int64) {
	first := dayNumber(from + secondsPerDay - 1)
	for day := first; int64(day+1)*secondsPerDay <= to; day++ {
		z.skipped = append(z.skipped, day)
	}
}

// at returns the index of the segment that holds an instant.
func (z *zone) at(sec int64) int {
	i := int(z.hint[(min(max(sec, minSec), maxSec)-minSec)>>hintShift])
	for z.segments[i].end <= sec {
		i++
	}
	return i
}

// wall returns the local wall time at an instant.
func (z *zone) wall(sec int64) int64 { return sec + z.segments[z.at(sec)].offset }

// opening returns the earliest instant at which the local clock shows this
// wall time or a later one: of an ambiguous time the earlier instant, of a
// time inside a gap the transition.
func (z *zone) opening(wall int64) int64 {
	i := z.at(wall - z.maxOffset)
	for z.segments[i].before <= wall {
		i++
	}
	return max(z.segments[i].start, wall-z.segments[i].offset)
}

// closing returns the instant from which on the local clock never again shows
// less than this wall time: of an ambiguous time the later instant, of a time
// inside a gap the transition.
func (z *zone) closing(wall int64) int64 {
	i := z.at(wall - z.minOffset)
	for z.segments[i].after >= wall {
		i--
	}
	return min(z.segments[i].end, wall-z.segments[i].offset)
}

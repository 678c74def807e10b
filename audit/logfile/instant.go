package logfile

import (
	"bytes"
	"time"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

// instants reads the instants of a log.
type instants struct {
	layouts []layout
	unix    bool
	milli   bool
	zone    *time.Location // nil when none is declared
	walls   walls
}

func newInstants(layouts []string, zone *time.Location) *instants {
	in := &instants{zone: zone}
	if zone == nil {
		zone = time.UTC
	}
	in.walls.zone = zone
	if len(layouts) == 0 {
		layouts = DefaultLayouts()
	}
	for _, l := range layouts {
		switch l {
		case Unix:
			in.unix = true
		case UnixMilli:
			in.milli = true
		default:
			in.layouts = append(in.layouts, parseLayout(l))
		}
	}
	return in
}

// parse reads an instant by the first layout that fits. doubt is the code of a finding about it, or empty.
func (in *instants) parse(s []byte) (t time.Time, doubt history.Code, ok bool) {
	for i := range in.layouts {
		st, ok := in.layouts[i].parse(s, in.walls.zone)
		if !ok {
			continue
		}
		if st.zoned {
			return time.Unix(st.wall-int64(st.offset), int64(st.nanos)).UTC(), "", true
		}
		sec, doubt := in.walls.resolve(st.wall)
		if in.zone == nil {
			doubt = audit.CodeNoZone
		}
		return time.Unix(sec, int64(st.nanos)).UTC(), doubt, true
	}
	if in.unix || in.milli {
		if t, ok := in.count(s); ok {
			return t, "", true
		}
	}
	return t, "", false
}

// count reads an instant that is a number.
func (in *instants) count(s []byte) (t time.Time, ok bool) {
	whole, fraction, pointed := bytes.Cut(s, []byte{'.'})
	negative := len(whole) > 0 && whole[0] == '-'
	if negative {
		whole = whole[1:]
	}
	if len(whole) == 0 || len(whole) > 15 || pointed && (!in.unix || negative || len(fraction) == 0) {
		return t, false
	}
	n := int64(0)
	for _, c := range whole {
		if !digit(c) {
			return t, false
		}
		n = n*10 + int64(c-'0')
	}
	for _, c := range fraction {
		if !digit(c) {
			return t, false
		}
	}
	if negative {
		n = -n
	}
	if in.milli {
		return time.UnixMilli(n).UTC(), true
	}
	nanos := int32(0)
	if pointed {
		nanos, _ = anyFraction(s[len(whole):])
	}
	return time.Unix(n, int64(nanos)).UTC(), true
}

// walls turns local times into instants as time.Date does, and remembers the stretches between two changes of the clock that
// it has met, since looking them up costs more than reading the text.
type walls struct {
	zone  *time.Location
	known [4]stretch
	next  int
}

// stretch is a time without a change of the clock, from one instant to the next.
type stretch struct {
	from, to int64 // Unix seconds
	offset   int64
	set      bool
}

// margin is more than any clock has ever been moved by at once, which was 24 hours.
const margin = 48 * 3600

// resolve returns the instant at which the clock shows so many seconds since 1970-01-01 00:00, and a doubt when there is none or
// more than one.
func (w *walls) resolve(wall int64) (sec int64, doubt history.Code) {
	for i := range w.known {
		s := &w.known[i]
		if u := wall - s.offset; s.set && s.from <= u-margin && u+margin < s.to {
			return u, ""
		}
	}
	return w.lookUp(wall)
}

func (w *walls) lookUp(wall int64) (sec int64, doubt history.Code) {
	u := time.Unix(wall, 0).UTC()
	t := time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, w.zone)
	here := w.around(t)
	w.known[w.next] = here
	w.next = (w.next + 1) % len(w.known)
	sec = t.Unix()
	if sec+here.offset != wall {
		return sec, audit.CodeTimeSkipped
	}
	for _, other := range []int64{here.from - 1, here.to} {
		if other < -1<<60 || other > 1<<60 {
			continue
		}
		s := w.around(time.Unix(other, 0).In(w.zone))
		if u := wall - s.offset; s.from <= u && u < s.to {
			return sec, audit.CodeTimeTwice
		}
	}
	return sec, ""
}

// around returns the stretch in which an instant lies.
func (w *walls) around(t time.Time) stretch {
	start, end := t.ZoneBounds()
	_, offset := t.Zone()
	s := stretch{from: -1 << 62, to: 1 << 62, offset: int64(offset), set: true}
	if !start.IsZero() {
		s.from = start.Unix()
	}
	if !end.IsZero() {
		s.to = end.Unix()
	}
	return s
}

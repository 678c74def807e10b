package logfile

import (
	"strings"
	"time"
)

// Layouts besides those of package time.
const (
	// Unix is an instant as seconds since 1970-01-01 in UTC, with or without a fraction.
	Unix = "unix"
	// UnixMilli is an instant as whole milliseconds since then.
	UnixMilli = "unix ms"
)

// DefaultLayouts are the layouts of a mapping that declares none: the year first, and nothing that two countries read differently.
func DefaultLayouts() []string {
	return []string{
		"2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2T15:04:05Z07:00", "2006-1-2 15:04:05Z07:00", "2006-1-2T15:04:05",
		"2006/1/2 15:04:05", "2006/1/2 15:04", "2006-1-2T15:04Z07:00", "2006-1-2T15:04", "2006-1-2", "2006/1/2",
		"2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006年1月2日",
	}
}

// layout is a layout of package time, divided into parts that are read by hand. It accepts the same texts with the same
// results, and is several times as fast; a test holds it to that. Layouts with names of months and the like are left to package time.
type layout struct {
	text  string
	parts []part
	slow  bool // left to package time
	zoned bool // the text says its zone
}

type part struct {
	kind   partKind
	before string // literal text in front
	digits int    // of a fraction
}

type partKind uint8

const (
	year partKind = iota
	month
	month2
	day
	day2
	hour
	minute
	minute2
	second
	second2
	fraction  // as many digits as given
	fraction9 // any digits, or none
	isoZone   // Z or ±07:00
	isoZone4  // Z or ±0700
	isoZone2  // Z or ±07
	numZone   // ±07:00
	numZone4  // ±0700
	numZone2  // ±07
	tail      // nothing but the text in front
)

// chunks are the elements of a layout, longest first where one begins with another. Those without a kind make it slow; zoned ones say a zone.
var chunks = [...]struct {
	text  string
	kind  partKind
	slow  bool
	zoned bool
}{
	{text: "January", slow: true},
	{text: "Jan", slow: true},
	{text: "Monday", slow: true},
	{text: "Mon", slow: true},
	{text: "MST", slow: true, zoned: true},
	{text: "002", slow: true},
	{text: "01", kind: month2},
	{text: "02", kind: day2},
	{text: "03", slow: true},
	{text: "04", kind: minute2},
	{text: "05", kind: second2},
	{text: "06", slow: true},
	{text: "15", kind: hour},
	{text: "1", kind: month},
	{text: "2006", kind: year},
	{text: "2", kind: day},
	{text: "_2006", slow: true},
	{text: "__2", slow: true},
	{text: "_2", slow: true},
	{text: "3", slow: true},
	{text: "4", kind: minute},
	{text: "5", kind: second},
	{text: "PM", slow: true},
	{text: "pm", slow: true},
	{text: "-070000", slow: true, zoned: true},
	{text: "-07:00:00", slow: true, zoned: true},
	{text: "-0700", kind: numZone4, zoned: true},
	{text: "-07:00", kind: numZone, zoned: true},
	{text: "-07", kind: numZone2, zoned: true},
	{text: "Z070000", slow: true, zoned: true},
	{text: "Z07:00:00", slow: true, zoned: true},
	{text: "Z0700", kind: isoZone4, zoned: true},
	{text: "Z07:00", kind: isoZone, zoned: true},
	{text: "Z07", kind: isoZone2, zoned: true},
}

func parseLayout(text string) layout {
	l := layout{text: text}
	before := 0
	for i := 0; i < len(text); {
		p, n, slow, zoned := chunk(text[i:])
		if n == 0 {
			i++
			continue
		}
		// Two zones in one layout are too odd to be worth reading by hand.
		l.slow, l.zoned = l.slow || slow || l.zoned && zoned, l.zoned || zoned
		p.before = text[before:i]
		l.parts = append(l.parts, p)
		i += n
		before = i
	}
	l.parts = append(l.parts, part{kind: tail, before: text[before:]})
	return l
}

// chunk finds the element at the beginning of a layout, as package time does.
func chunk(s string) (p part, n int, slow, zoned bool) {
	if (s[0] == '.' || s[0] == ',') && len(s) > 1 && (s[1] == '0' || s[1] == '9') {
		n = 1
		for n < len(s) && s[n] == s[1] {
			n++
		}
		if n < len(s) && '0' <= s[n] && s[n] <= '9' {
			return part{}, 0, false, false
		}
		kind := fraction
		if s[1] == '9' {
			kind = fraction9
		}
		return part{kind: kind, digits: n - 1}, n, false, false
	}
	for i := range chunks {
		c := &chunks[i]
		if strings.HasPrefix(s, c.text) {
			return part{kind: c.kind}, len(c.text), c.slow, c.zoned
		}
	}
	return part{}, 0, false, false
}

// stamp is what a text says: the local time as seconds since 1970-01-01 00:00 on a clock without a zone, and the zone, if it says one.
type stamp struct {
	wall   int64
	nanos  int32
	zoned  bool
	offset int32 // seconds east of UTC
}

// parse reads a text. The zone only serves abbreviations of zones in the text.
func (l *layout) parse(s []byte, zone *time.Location) (stamp, bool) {
	if l.slow {
		return l.parseSlow(string(s), zone)
	}
	whole := s
	var st stamp
	y, mo, d, h, mi, sec, ok := 0, 1, 1, 0, 0, 0, true
	for i := range l.parts {
		p := &l.parts[i]
		if s, ok = skip(s, p.before); !ok {
			return st, false
		}
		switch p.kind {
		case year:
			if len(s) < 4 || !digit(s[0]) || !digit(s[1]) || !digit(s[2]) || !digit(s[3]) {
				return st, false
			}
			y = int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
			s = s[4:]
		case month, month2:
			mo, s, ok = number(s, p.kind == month2)
			ok = ok && 1 <= mo && mo <= 12
		case day, day2:
			d, s, ok = number(s, p.kind == day2)
		case hour:
			h, s, ok = number(s, false)
			ok = ok && h < 24
		case minute, minute2:
			mi, s, ok = number(s, p.kind == minute2)
			ok = ok && mi < 60
		case second, second2:
			sec, s, ok = number(s, p.kind == second2)
			ok = ok && sec < 60
			// A fraction may stand here though the layout has none.
			next := l.parts[i+1].kind
			if ok && len(s) >= 2 && (s[0] == '.' || s[0] == ',') && digit(s[1]) && next != fraction && next != fraction9 {
				st.nanos, s = anyFraction(s)
			}
		case fraction:
			if len(s) < 1+p.digits || s[0] != '.' && s[0] != ',' {
				return st, false
			}
			for _, c := range s[1 : 1+p.digits] {
				if !digit(c) {
					return l.parseSlow(string(whole), zone)
				}
			}
			st.nanos, _ = anyFraction(s[:1+p.digits])
			s = s[1+p.digits:]
		case fraction9:
			if len(s) >= 2 && (s[0] == '.' || s[0] == ',') && digit(s[1]) {
				st.nanos, s = anyFraction(s)
			}
		case isoZone, isoZone4, isoZone2, numZone, numZone4, numZone2:
			st.offset, s, ok = offset(s, p.kind)
			st.zoned = true
		case tail:
			ok = len(s) == 0
		}
		if !ok {
			return st, false
		}
	}
	if d < 1 || d > daysIn(y, mo) {
		return st, false
	}
	st.wall = days(y, mo, d)*86400 + int64(h*3600+mi*60+sec)
	return st, true
}

// skip moves past the literal text of a layout. As in package time, spaces stand for any number of spaces.
func skip(s []byte, before string) ([]byte, bool) {
	for i := 0; i < len(before); {
		if before[i] == ' ' {
			if len(s) > 0 && s[0] != ' ' {
				return s, false
			}
			for i < len(before) && before[i] == ' ' {
				i++
			}
			for len(s) > 0 && s[0] == ' ' {
				s = s[1:]
			}
			continue
		}
		if len(s) == 0 || s[0] != before[i] {
			return s, false
		}
		s, i = s[1:], i+1
	}
	return s, true
}

func digit(c byte) bool { return c-'0' <= 9 }

// number reads one or two digits, or exactly two.
func number(s []byte, two bool) (int, []byte, bool) {
	if len(s) == 0 || !digit(s[0]) {
		return 0, s, false
	}
	if len(s) == 1 || !digit(s[1]) {
		return int(s[0] - '0'), s[1:], !two
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), s[2:], true
}

// anyFraction reads a point or comma and the digits after it; those beyond the ninth do not count.
func anyFraction(s []byte) (nanos int32, rest []byte) {
	n := 1
	for scale := int32(100_000_000); n < len(s) && digit(s[n]); n++ {
		nanos += int32(s[n]-'0') * scale
		scale /= 10
	}
	return nanos, s[n:]
}

func offset(s []byte, kind partKind) (seconds int32, rest []byte, ok bool) {
	if len(s) > 0 && s[0] == 'Z' && kind <= isoZone2 {
		return 0, s[1:], true
	}
	size, colon := 5, false
	switch kind {
	case isoZone, numZone:
		size, colon = 6, true
	case isoZone2, numZone2:
		size = 3
	}
	if len(s) < size || s[0] != '+' && s[0] != '-' || colon && s[3] != ':' {
		return 0, s, false
	}
	h, _, ok := number(s[1:3], true)
	m := 0
	if ok && size > 3 {
		m, _, ok = number(s[size-2:size], true)
	}
	if !ok || h > 24 || m > 60 {
		return 0, s, false
	}
	seconds = int32(h*3600 + m*60)
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, s[size:], true
}

// parseSlow leaves it to package time.
func (l *layout) parseSlow(s string, zone *time.Location) (st stamp, ok bool) {
	if !l.zoned {
		zone = time.UTC // so that it is the wall that comes out
	}
	t, err := time.ParseInLocation(l.text, s, zone)
	if err != nil {
		return st, false
	}
	st.wall, st.nanos = t.Unix(), int32(t.Nanosecond())
	if l.zoned {
		_, offset := t.Zone()
		st.zoned, st.offset, st.wall = true, int32(offset), st.wall+int64(offset)
	}
	return st, true
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// days counts the days from 1970-01-01, in the Gregorian calendar throughout. Years begin in March, so that the leap day is the last
// one, and the days before a month are a straight line, rounded down.
func days(year, month, day int) int64 {
	m := month - 3
	if m < 0 {
		m += 12
		year--
	}
	era := year / 400
	if year < 0 {
		era = -1
	}
	y := year - era*400
	return int64(era*146097+y*365+y/4-y/100+(153*m+2)/5+day-1) - 719468
}

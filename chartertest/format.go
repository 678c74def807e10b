package chartertest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// FormatHistory writes a history as [ParseHistory] reads it, one line an entry, with days and times of day of Asia/Shanghai; personal fields
// too. Any history whose entries have canonical bytes comes back as it was, but for the location of its instants, the order of fields, and a
// Recorded that equals At.
func FormatHistory(h history.History) string {
	f := formatter{reader: newReader()}
	if h.Case != "" {
		f.WriteString("case " + value(h.Case, "=~#") + "\n")
	}
	for i, e := range h.Entries {
		f.entry(uint64(i)+1, e)
	}
	return f.String()
}

type formatter struct {
	strings.Builder
	reader
}

func (f *formatter) entry(position uint64, e history.Entry) {
	f.WriteString(f.when(e.At) + " ")
	if slices.Contains(allKinds, e.Kind) {
		f.WriteString(string(e.Kind))
	} else {
		f.WriteString(strconv.Quote(string(e.Kind)))
	}
	if e.Actor != (history.Actor{}) {
		f.WriteString(" by=")
		if e.Actor.Role != "" {
			f.WriteString(value(e.Actor.Role, "/"))
		}
		if e.Actor.ID != "" {
			f.WriteString("/" + value(e.Actor.ID, ""))
		}
	}
	if e.Seq != position {
		f.WriteString(" seq=" + strconv.FormatUint(e.Seq, 10))
	}
	if !e.Recorded.IsZero() && !e.Recorded.Equal(e.At) {
		f.WriteString(" recorded=" + history.FormatInstant(e.Recorded))
	}
	for _, field := range e.Fields.Canonical() {
		f.WriteString(" " + fieldKey(field.Key) + "=" + value(field.Value, ""))
	}
	for _, field := range e.Personal.Canonical() {
		f.WriteString(" ~" + value(field.Key, "=") + "=" + value(field.Value, ""))
	}
	f.WriteByte('\n')
}

// when writes the day and the time of day, or the instant where the zone shows that time twice.
func (f *formatter) when(t time.Time) string {
	wall := t.In(f.zone)
	_, offset := wall.Zone()
	asUTC := t.UTC().Add(time.Duration(offset) * time.Second)
	if back, err := resolve(asUTC, f.zone); err != nil || !back.Equal(t) || asUTC.Year() < 0 || asUTC.Year() > 9999 {
		return history.FormatInstant(t)
	}
	day := asUTC.Format(time.DateOnly)
	if since := asUTC.Sub(f.monday); since >= 0 && since < 7*24*time.Hour {
		day = weekdays[int(since/(24*time.Hour))]
	}
	layout := "15:04"
	if asUTC.Second() != 0 || asUTC.Nanosecond() != 0 {
		layout = "15:04:05.999999999"
	}
	return day + " " + asUTC.Format(layout)
}

func fieldKey(key string) string {
	if w := (word{key: key}); w.reserved() {
		return strconv.Quote(key)
	}
	return value(key, "=~#")
}

// value writes a text plainly if it can, without the bytes in special.
func value(s, special string) string {
	if q := strconv.Quote(s); s == "" || len(q) != len(s)+2 || strings.ContainsAny(s, " ,"+special) {
		return q
	}
	return s
}

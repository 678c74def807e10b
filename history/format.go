package history

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
)

// String describes the entry on one line, for people: number, instant, kind, actor, fields. Of personal fields it shows only that there are
// some.
//
//	3 2025-03-03T02:20:00Z responded by=agent/17 channel=phone +2 personal
func (e Entry) String() string {
	var b strings.Builder
	if e.Seq != 0 {
		b.WriteString(strconv.FormatUint(e.Seq, 10) + " ")
	}
	b.WriteString(FormatInstant(e.At) + " " + plain(string(e.Kind)))
	if e.Actor != (Actor{}) {
		b.WriteString(" by=" + plain(e.Actor.Role))
		if e.Actor.ID != "" {
			b.WriteString("/" + plain(e.Actor.ID))
		}
	}
	if !e.Recorded.IsZero() && !e.Recorded.Equal(e.At) {
		b.WriteString(" recorded=" + FormatInstant(e.Recorded))
	}
	for _, f := range e.Fields {
		b.WriteString(" " + plain(f.Key) + "=" + plain(f.Value))
	}
	if n := len(e.Personal); n > 0 {
		b.WriteString(" +" + strconv.Itoa(n) + " personal")
	}
	return b.String()
}

// Format prints [Entry.String] for every verb, %#v and %d included, so that no way of printing an entry, a slice of entries or a history
// shows personal data.
func (e Entry) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.String()) }

// LogValue gives [log/slog] what String says, as a group.
func (e Entry) LogValue() slog.Value {
	attrs := make([]slog.Attr, 0, 7)
	if e.Seq != 0 {
		attrs = append(attrs, slog.Uint64("seq", e.Seq))
	}
	attrs = append(attrs, slog.Time("at", e.At), slog.String("kind", string(e.Kind)))
	if e.Actor != (Actor{}) {
		attrs = append(attrs, slog.Group("actor", slog.String("role", e.Actor.Role), slog.String("id", e.Actor.ID)))
	}
	if !e.Recorded.IsZero() {
		attrs = append(attrs, slog.Time("recorded", e.Recorded))
	}
	if len(e.Fields) > 0 {
		fields := make([]any, len(e.Fields))
		for i, f := range e.Fields {
			fields[i] = slog.String(f.Key, f.Value)
		}
		attrs = append(attrs, slog.Group("fields", fields...))
	}
	if n := len(e.Personal); n > 0 {
		attrs = append(attrs, slog.Int("personal", n))
	}
	return slog.GroupValue(attrs...)
}

// plain writes a text as it is when it is one printable word, and else quoted.
func plain(s string) string {
	if q := strconv.Quote(s); len(q) != len(s)+2 || s == "" || strings.ContainsAny(s, " =,/") {
		return q
	}
	return s
}

// LogValue gives [log/slog] the case and how many entries it has, so that a history can be logged without what it says about people.
func (h History) LogValue() slog.Value {
	return slog.GroupValue(slog.String("case", h.Case), slog.Int("entries", len(h.Entries)))
}

package logfile

import (
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

// addWide makes a case of one row.
func (b *builder) addWide(line int, fields [][]byte) {
	if !b.readTimes(line, fields) {
		b.begun = false
		return
	}
	b.findChanges(line, fields)
	b.wide.Case = b.current.Case
	b.wide.Attributes = append(b.wide.Attributes[:0], b.Always...)
	for _, i := range b.changed {
		b.wide.Attributes = append(b.wide.Attributes, history.Field{Key: b.Attributes[i].Name, Value: b.attributes[i].text})
	}
	h, err := history.FromTimes(b.wide)
	if err != nil {
		b.feed.found(audit.Finding{
			Code: audit.CodeRowEntry, Case: b.current.Case, Line: line, Detail: strings.TrimPrefix(err.Error(), "history: "), Dropped: true,
		})
		b.begun = false
		return
	}
	for i := range h.Entries {
		b.current.Lines = append(b.current.Lines, line)
		e := &h.Entries[i]
		k := slices.IndexFunc(b.Instants, func(t Instant) bool { return t.Kind == e.Kind && len(t.Fields) > 0 })
		if k >= 0 {
			e.Fields = append(e.Fields, b.Instants[k].Fields...).Canonical()
		}
	}
	b.current.Entries = append(b.current.Entries[:0], h.Entries...)
}

// readTimes reads the instants and pauses of a wide row. An unreadable one makes the whole row useless: without it an ended case would look as
// if it went on.
func (b *builder) readTimes(line int, fields [][]byte) bool {
	unread := func(column string, raw []byte) (t time.Time, ok bool) {
		if isMissing(raw, b.Missing) {
			return t, true
		}
		t, state := b.instant(line, b.id, column, raw, true)
		return t, state == readable
	}
	if b.wide.At == nil {
		b.wide.At = map[history.Kind]time.Time{}
	}
	clear(b.wide.At)
	for i := range b.Instants {
		t, ok := unread(b.Instants[i].Column, fields[b.columns.instants[i]])
		if !ok {
			return false
		}
		b.wide.At[b.Instants[i].Kind] = t
	}
	b.wide.Pauses = b.wide.Pauses[:0]
	for i, p := range b.Pauses {
		from, ok := unread(p.From, fields[b.columns.pauses[i][0]])
		to, ok2 := unread(p.To, fields[b.columns.pauses[i][1]])
		if !ok || !ok2 {
			return false
		}
		if !from.IsZero() || !to.IsZero() {
			b.wide.Pauses = append(b.wide.Pauses, history.Pause{From: from, To: to, Reason: p.Reason})
		}
	}
	return true
}

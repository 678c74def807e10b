package logfile

import (
	"bytes"
	"slices"
	"time"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

// builder makes cases of rows. All its memory is used again for the next case.
type builder struct {
	*Mapping
	columns  *columns
	feed     *feed
	instants *instants

	begun   bool
	id      []byte
	current audit.Case
	fields  []history.Field // what the fields of its entries point to
	marked  bool            // Always has been put on an entry
	before  []byte          // the activity of the row before

	meanings   map[string][]*Activity
	kinds      words // without Activities
	roles      words
	actors     words
	facts      []words
	attributes []attribute
	times      []once
	changed    []int // attributes that this row changes
	wide       history.Times
	seen       *seen
}

// attribute is what a case's attribute is so far.
type attribute struct {
	words
	raw   []byte
	text  string
	known bool
}

// once is the first value of a column of instants.
type once struct {
	raw   []byte
	at    time.Time
	known bool
}

func (b *builder) init(m *Mapping, c *columns, f *feed) {
	b.Mapping, b.columns, b.feed = m, c, f
	b.instants = newInstants(m.Layouts, m.Zone)
	b.seen = new(seen)
	if len(m.Activities) > 0 {
		b.meanings = map[string][]*Activity{}
		for i := range m.Activities {
			a := &m.Activities[i]
			b.meanings[a.Word] = append(b.meanings[a.Word], a)
		}
	}
	b.kinds.missing, b.actors.missing = m.Missing, m.Missing
	b.roles = words{meaning: m.Roles, missing: m.Missing}
	for _, f := range m.Facts {
		b.facts = append(b.facts, words{meaning: f.Values, missing: m.Missing})
	}
	for _, a := range m.Attributes {
		b.attributes = append(b.attributes, attribute{words: words{meaning: a.Values, missing: m.Missing}})
	}
	b.times = make([]once, len(m.Instants))
}

// row takes a row whose case stands together.
func (b *builder) row(line int, fields [][]byte) {
	if at, ok := b.admit(line, fields); ok {
		b.add(at, line, fields)
	}
}

// admit tells whether a row can be used, and when it happened; if not it is a finding.
func (b *builder) admit(line int, fields [][]byte) (at time.Time, ok bool) {
	id := fields[b.columns.id]
	if b.begun && bytes.Equal(id, b.id) {
		// as good as the row before
	} else if isMissing(id, b.Missing) {
		if slices.ContainsFunc(fields, func(f []byte) bool { return len(f) > 0 }) {
			b.feed.found(audit.Finding{Code: audit.CodeRowCase, Line: line, Column: b.Case, Dropped: true})
		}
		return at, false
	} else if !isText(id) {
		b.feed.found(audit.Finding{Code: audit.CodeRowText, Line: line, Column: b.Case, Value: audit.Clip(string(id)), Dropped: true})
		return at, false
	}
	if b.Time == "" {
		return at, true
	}
	at, state := b.instant(line, id, b.Time, fields[b.columns.time], true)
	return at, state == readable
}

type readability uint8

const (
	readable readability = iota
	absent
	unreadable
)

// instant reads an instant and reports what is doubtful. A row that needs it is dropped without.
func (b *builder) instant(line int, id []byte, column string, raw []byte, needed bool) (time.Time, readability) {
	t, doubt, ok := b.instants.parse(raw)
	if ok && doubt == "" {
		return t, readable
	}
	if !ok && !needed && isMissing(raw, b.Missing) {
		return t, absent
	}
	f := audit.Finding{Code: doubt, Case: audit.Clip(string(id)), Line: line, Column: column, Value: audit.Clip(string(raw))}
	if !ok {
		f.Code, f.Dropped = audit.CodeRowTime, needed
	}
	b.feed.found(f)
	if !ok {
		return t, unreadable
	}
	return t, readable
}

// add takes a row that was admitted.
func (b *builder) add(at time.Time, line int, fields [][]byte) {
	id := fields[b.columns.id]
	if b.Time == "" {
		b.begin(line, id)
		b.addWide(line, fields)
		b.finish()
		return
	}
	if !b.begun || !bytes.Equal(id, b.id) {
		b.finish()
		b.begin(line, id)
	}
	b.findChanges(line, fields)
	activity, kind := b.activity(line, fields)
	opening := b.addInstants(line, fields)

	if len(b.changed) > 0 || !b.marked {
		switch {
		case opening >= 0:
			b.carry(opening)
		case history.SetsAttributes(kind):
		case b.hasPlainChange() || !b.marked && len(b.Always) > 0:
			b.entry(at, line, history.Classified)
			b.carry(len(b.current.Entries) - 1)
		}
	}
	if kind != "" {
		b.entry(at, line, kind)
		b.detail(line, activity, fields)
	}
	for len(b.changed) > 0 {
		b.entry(at, line, b.Attributes[b.changed[0]].Kind)
		b.carry(len(b.current.Entries) - 1)
	}
}

// begin starts a case.
func (b *builder) begin(line int, id []byte) {
	b.begun, b.marked = true, false
	b.id = append(b.id[:0], id...)
	b.before = b.before[:0]
	b.current.Case = string(id)
	b.current.Entries, b.current.Lines, b.fields = b.current.Entries[:0], b.current.Lines[:0], b.fields[:0]
	for i := range b.attributes {
		a := &b.attributes[i]
		a.raw, a.text, a.known = a.raw[:0], "", false
	}
	for i := range b.times {
		b.times[i].raw, b.times[i].known = b.times[i].raw[:0], false
	}
	if b.seen.before(id) {
		b.feed.found(audit.Finding{Code: audit.CodeCaseSplit, Case: b.current.Case, Line: line})
	}
}

// finish hands the case on.
func (b *builder) finish() {
	if b.begun {
		b.begun = false
		b.feed.hand(b.current, nil)
	}
}

// entry appends an entry without fields.
func (b *builder) entry(at time.Time, line int, kind history.Kind) {
	b.current.Entries = append(b.current.Entries, history.Entry{Seq: uint64(len(b.current.Entries)) + 1, At: at, Kind: kind})
	b.current.Lines = append(b.current.Lines, line)
}

// findChanges finds the attributes to which the row gives another value.
func (b *builder) findChanges(line int, fields [][]byte) {
	b.changed = b.changed[:0]
	for i := range b.attributes {
		a, raw := &b.attributes[i], fields[b.columns.attributes[i]]
		if bytes.Equal(raw, a.raw) {
			continue
		}
		a.raw = append(a.raw[:0], raw...)
		w := a.look(raw)
		b.doubt(line, w, b.Attributes[i].Column, raw)
		if w.missing || w.broken || a.known && w.text == a.text {
			continue
		}
		a.text, a.known = w.text, true
		b.changed = append(b.changed, i)
	}
}

// doubt reports a word without a meaning.
func (b *builder) doubt(line int, w word, column string, raw []byte) {
	code := audit.CodeUnknownWord
	switch {
	case w.broken:
		code = audit.CodeRowText
	case !w.unmapped:
		return
	}
	b.feed.found(audit.Finding{Code: code, Case: b.current.Case, Line: line, Column: column, Value: audit.Clip(string(raw))})
}

func (b *builder) hasPlainChange() bool {
	return slices.ContainsFunc(b.changed, func(i int) bool { return b.Attributes[i].Kind == "" })
}

// activity finds the meaning of the row's activity: the entry to make, if any.
func (b *builder) activity(line int, fields [][]byte) (meaning *Activity, kind history.Kind) {
	if b.Activity == "" {
		return nil, ""
	}
	raw := fields[b.columns.activity]
	if b.States && len(raw) > 0 && bytes.Equal(raw, b.before) {
		return nil, ""
	}
	known := false
	if b.meanings == nil {
		w := b.kinds.look(raw)
		known, kind = !w.missing && !w.broken, history.Kind(w.text)
		if !known {
			kind = ""
		}
	} else {
		for _, a := range b.meanings[string(raw)] {
			if len(a.After) == 0 || slices.Contains(a.After, string(b.before)) {
				meaning, kind, known = a, a.Kind, true
				break
			}
		}
	}
	if !known {
		f := audit.Finding{Code: audit.CodeUnknownActivity, Case: b.current.Case, Line: line, Column: b.Activity, Value: audit.Clip(string(raw))}
		if len(b.before) > 0 {
			f.Detail = "after " + audit.Clip(string(b.before))
		}
		b.feed.found(f)
	}
	b.before = append(b.before[:0], raw...)
	return meaning, kind
}

// addInstants makes entries of the columns of instants that are new in this row. It returns the first that can carry attributes, or -1.
func (b *builder) addInstants(line int, fields [][]byte) (carrier int) {
	carrier = -1
	for i := range b.times {
		o, raw := &b.times[i], fields[b.columns.instants[i]]
		if bytes.Equal(raw, o.raw) {
			continue
		}
		o.raw = append(o.raw[:0], raw...)
		at, state := b.instant(line, b.id, b.Instants[i].Column, raw, false)
		switch {
		case state != readable:
		case !o.known:
			o.at, o.known = at, true
			b.entry(at, line, b.Instants[i].Kind)
			last := len(b.current.Entries) - 1
			b.current.Entries[last].Fields = b.Instants[i].Fields
			if carrier < 0 && history.SetsAttributes(b.Instants[i].Kind) {
				carrier = last
			}
		case !o.at.Equal(at):
			b.feed.found(audit.Finding{
				Code: audit.CodeTimeDiffers, Case: b.current.Case, Line: line, Column: b.Instants[i].Column, Value: audit.Clip(string(raw)),
			})
		}
	}
	return carrier
}

// carry puts on an entry what it can carry: the attributes that make an entry of its kind, those that make none of their own, and Always.
func (b *builder) carry(index int) {
	e := &b.current.Entries[index]
	if !history.SetsAttributes(e.Kind) {
		return
	}
	own := e.Fields
	begin := len(b.fields)
	if !b.marked {
		b.fields = append(b.fields, b.Always...)
		b.marked = true
	}
	left := b.changed[:0]
	for _, i := range b.changed {
		if k := b.Attributes[i].Kind; k != "" && k != e.Kind {
			left = append(left, i)
			continue
		}
		b.fields = append(b.fields, history.Field{Key: b.Attributes[i].Name, Value: b.attributes[i].text})
	}
	b.changed = left
	if len(b.fields) > begin {
		b.fields = append(b.fields, own...)
		b.setFields(e, begin)
	}
}

// setFields gives an entry the fields from an index on, in order.
func (b *builder) setFields(e *history.Entry, begin int) {
	f := b.fields[begin:len(b.fields):len(b.fields)]
	// They are few, and mostly in order.
	for i := 1; i < len(f); i++ {
		for k := i; k > 0 && (f[k].Key < f[k-1].Key || f[k].Key == f[k-1].Key && f[k].Value < f[k-1].Value); k-- {
			f[k], f[k-1] = f[k-1], f[k]
		}
	}
	e.Fields = f
}

// detail completes the entry of the activity.
func (b *builder) detail(line int, activity *Activity, fields [][]byte) {
	last := len(b.current.Entries) - 1
	e := &b.current.Entries[last]
	if activity != nil {
		e.Fields, e.Actor.Role = activity.Fields, activity.Role
	}
	b.carry(last)
	if b.columns.recorded >= 0 {
		if t, state := b.instant(line, b.id, b.Recorded, fields[b.columns.recorded], false); state == readable && !t.Equal(e.At) {
			e.Recorded = t
		}
	}
	if b.columns.actor >= 0 {
		if w := b.actors.look(fields[b.columns.actor]); !w.missing && !w.broken {
			e.Actor.ID = w.text
		}
	}
	if b.columns.role >= 0 {
		raw := fields[b.columns.role]
		w := b.roles.look(raw)
		b.doubt(line, w, b.Role, raw)
		if !w.missing && !w.broken {
			e.Actor.Role = w.text
		}
	}
	begin := len(b.fields)
	for i := range b.facts {
		raw := fields[b.columns.facts[i]]
		if b.Facts[i].Instant {
			if t, state := b.instant(line, b.id, b.Facts[i].Column, raw, false); state == readable {
				b.fields = append(b.fields, history.Field{Key: b.Facts[i].Key, Value: history.FormatInstant(t)})
			}
			continue
		}
		w := b.facts[i].look(raw)
		b.doubt(line, w, b.Facts[i].Column, raw)
		if !w.missing && !w.broken {
			b.fields = append(b.fields, history.Field{Key: b.Facts[i].Key, Value: w.text})
		}
	}
	if len(b.fields) > begin {
		b.fields = append(b.fields, e.Fields...)
		b.setFields(e, begin)
	}
}

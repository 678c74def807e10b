package logfile

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/servicecharter/charter/history"
)

// Mapping says what the columns and words of a foreign table mean. It is plain data: a literal of it is all that a host writes to have its log
// judged.
//
// Columns are named as the header names them, without the spaces around. A table is long, with one row for each thing that happened, when Time
// is set, and else wide, with one row for each case.
type Mapping struct {
	// Case is the column with the id of the case.
	Case string

	// Time is the column that tells when the thing happened of which a row of a long table tells.
	Time string
	// Recorded is the column that tells when it was written down, if that is known.
	Recorded string
	// Layouts are how instants are written, as package time has it, or [Unix] or [UnixMilli]; the first that fits counts. Without any
	// they are [DefaultLayouts]: declare a layout whose day stands first.
	Layouts []string
	// Zone is that of local times. Nil means that none is known: local times are read as UTC, and each is a finding. A text that names its
	// own offset needs none, and the offsets may differ from row to row.
	Zone *time.Location
	// Missing are the words for "no value", such as "?" or "NULL". The empty field always is.
	Missing []string

	// Activity is the column that tells what happened in a row of a long table, or the state that the case is in.
	Activity string
	// States tells that Activity is a state: only a row whose state differs from that of the case's row before makes an entry.
	States bool
	// Activities give words a meaning; the first that fits counts. Words that none fits are findings and make no entry. Without any, the
	// words are kinds themselves.
	Activities []Activity
	// Facts are columns that become fields of the entry that the activity makes.
	Facts []Fact
	// Actor and Role are the columns that tell who did it; Roles gives the words of Role a meaning, as [Attribute].Values does.
	Actor, Role string
	Roles       map[string]string

	// Attributes are columns that tell what the case is. Their first values go on the entry that opens the case, or on the first entry that
	// can carry them; a change makes an entry of its own.
	Attributes []Attribute
	// Always are attributes that every case of the log has, such as kind=ticket.
	Always history.Fields

	// Instants are columns that hold the instant of one thing. In a wide table they are what the case is made of; in a long one, where each row
	// repeats them, the first value makes one entry.
	Instants []Instant
	// Pauses are pairs of columns of a wide table in which work waited.
	Pauses []Pause

	// Comma is what stands between two fields. 0 takes the first of comma, semicolon, tab and bar with which the header has the column Case.
	Comma rune
	// Header names the columns of a file that has no header.
	Header []string
	// Encoding is how the file is written; the zero value finds out.
	Encoding Encoding

	// Budget lets the rows of a case stand anywhere in the file: all rows are read before the first case, and may take so many bytes of
	// memory. Rows of a case then count in the order of their instants, and at one instant in that of the file. With 0, the rows of a case must
	// stand together, in the order in which they were written; the memory does not grow, and a case that comes again is a finding.
	Budget int64
}

// Activity is the meaning of a word in the activity column.
type Activity struct {
	Word string
	// After limits the meaning to rows that come after one of these words in the same case: "active" after "waiting" may be
	// [history.Resumed]. In the first row of a case the word before is empty.
	After []string
	// Kind is the entry that is made; empty: none, and that is no finding.
	Kind history.Kind
	// Role is that of the actor, where no column tells.
	Role string
	// Fields are put on the entry: what it waits for, whom it was reported to.
	Fields history.Fields
}

// Attribute is a column that tells what a case is.
type Attribute struct {
	Column string
	// Name is the attribute: tier, channel, unit.
	Name string
	// Values gives the column's words a meaning in the words of the handbook. A word that is not among them is passed on, and is a finding. Nil
	// passes on all.
	Values map[string]string
	// Kind is the entry that a value makes, the first one included, such as [history.Dispatched] for unit. Empty: the first value is put on the
	// opening, and a change is [history.Classified].
	Kind history.Kind
}

// Fact is a column that becomes a field of an entry.
type Fact struct {
	Column string
	Key    string
	Values map[string]string // as Attribute.Values
	// Instant tells that it holds an instant in the layouts of the mapping, such as a promised date; it is passed on as entries
	// have it.
	Instant bool
}

// Instant is a column that holds the instant of one thing.
type Instant struct {
	Column string
	Kind   history.Kind
	Fields history.Fields
}

// Pause is a pair of columns between whose instants work waited; a missing To means that it still does.
type Pause struct {
	From, To string
	Reason   string
}

// Provides are the kinds of entries that the mapping can make, for [audit.Source]; nil when it can make any.
func (m *Mapping) Provides() []history.Kind {
	if m.Activity != "" && len(m.Activities) == 0 {
		return nil
	}
	kinds := []history.Kind{}
	add := func(k history.Kind) {
		if k != "" && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	for _, i := range m.Instants {
		add(i.Kind)
	}
	for _, a := range m.Attributes {
		add(a.Kind)
	}
	for _, a := range m.Activities {
		add(a.Kind)
	}
	if len(m.Pauses) > 0 {
		add(history.Held)
		add(history.Resumed)
	}
	return kinds
}

// check finds what contradicts itself.
func (m *Mapping) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrMapping, fmt.Sprintf(format, args...))
	}
	wide := m.Time == ""
	switch {
	case m.Case == "":
		return bad("Case names no column")
	case wide && (m.Activity != "" || m.Recorded != "" || m.States || len(m.Activities)+len(m.Facts) > 0 || m.Actor != "" || m.Role != ""):
		return bad("Activity, Recorded, Facts, Actor and Role are for tables with a column Time")
	case wide && len(m.Instants) == 0:
		return bad("neither Time nor Instants")
	case !wide && len(m.Pauses) > 0:
		return bad("Pauses are for tables without a column Time")
	case !wide && m.Activity == "" && len(m.Instants) == 0:
		return bad("neither Activity nor Instants say what happened")
	case m.Activity == "" && (m.States || len(m.Activities) > 0):
		return bad("Activities without the column Activity")
	case m.Role == "" && len(m.Roles) > 0:
		return bad("Roles without the column Role")
	case m.Budget < 0:
		return bad("a Budget of %d bytes", m.Budget)
	case m.Comma == '"' || m.Comma == '\r' || m.Comma == '\n' || m.Comma != 0 && !utf8.ValidRune(m.Comma) || m.Comma == utf8.RuneError:
		return bad("%q cannot stand between fields", m.Comma)
	case m.Encoding > GB18030:
		return bad("no encoding %d", m.Encoding)
	}
	for i, a := range m.Attributes {
		if a.Column == "" || a.Name == "" {
			return bad("attribute number %d lacks a column or a name", i+1)
		}
		if a.Kind != "" && !history.SetsAttributes(a.Kind) {
			return bad("attribute %s: entries of the kind %s set no attributes", a.Name, a.Kind)
		}
	}
	for i, f := range m.Facts {
		if f.Column == "" || f.Key == "" {
			return bad("fact number %d lacks a column or a key", i+1)
		}
	}
	for i, t := range m.Instants {
		if t.Column == "" || t.Kind == "" {
			return bad("instant number %d lacks a column or a kind", i+1)
		}
	}
	for i, t := range m.Instants {
		if wide && slices.ContainsFunc(m.Instants[:i], func(o Instant) bool { return o.Kind == t.Kind }) {
			return bad("two instants of the kind %s in one row", t.Kind)
		}
	}
	for i, p := range m.Pauses {
		if p.From == "" || p.To == "" {
			return bad("pause number %d lacks a column", i+1)
		}
	}
	return nil
}

package logfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/servicecharter/charter/audit"
)

// Read makes a source of a table: CSV or anything like it, in UTF-8, UTF-16 or GB18030, compressed by gzip or not. It can be read
// once. Nothing is read before the audit asks for cases; then a mapping or a header that does not fit ends it with [ErrMapping] or a
// [*HeaderError], a file that is cut off with a [*ReadError]. Whatever is wrong with single rows is a finding.
//
// Each case is a string for its id; apart from that, memory is reused from case to case.
func Read(r io.Reader, m Mapping) audit.Source {
	c := &counter{Reader: r}
	s := audit.Source{Provides: m.Provides(), Read: c.share()}
	if named, ok := r.(interface{ Name() string }); ok {
		s.Name = named.Name()
	}
	used := false
	s.Cases = func(yield func(audit.Case, error) bool) {
		if used {
			yield(audit.Case{}, ErrUsed)
			return
		}
		used = true
		if err := m.check(); err != nil {
			yield(audit.Case{}, err)
			return
		}
		t := &table{mapping: &m}
		t.feed.yield = yield
		if err := t.read(c); err != nil {
			yield(audit.Case{}, err)
		}
	}
	return s
}

// table reads one file.
type table struct {
	mapping *Mapping
	feed    feed
	rows    *rows
	columns columns
	groups  *groups // with a budget
	cases   builder
}

// feed hands on cases and findings. Once nobody wants more, it hands on nothing.
type feed struct {
	yield   func(audit.Case, error) bool
	stopped bool
	finding audit.Finding // reused
}

func (f *feed) hand(c audit.Case, err error) {
	if !f.stopped && !f.yield(c, err) {
		f.stopped = true
	}
}

func (f *feed) found(finding audit.Finding) {
	f.finding = finding
	f.hand(audit.Case{}, &f.finding)
}

func (t *table) read(r io.Reader) error {
	text, err := open(r, t.mapping.Encoding)
	if err != nil {
		return &ReadError{1, err}
	}
	if err := t.header(text); err != nil {
		return err
	}
	t.cases.init(t.mapping, &t.columns, &t.feed)
	if t.mapping.Budget > 0 {
		t.groups = newGroups(t.mapping.Budget)
	}
	for !t.feed.stopped {
		line, err := t.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err := t.malformed(line, err); err != nil {
				return err
			}
			continue
		}
		if err := t.row(line); err != nil {
			return err
		}
	}
	if t.feed.stopped {
		return nil
	}
	if t.groups == nil {
		t.cases.finish()
		return nil
	}
	t.groups.replay(&t.cases)
	return nil
}

// malformed reports a row that cannot be divided; another error ends the reading.
func (t *table) malformed(line int, err error) error {
	var fault *rowError
	if !errors.As(err, &fault) {
		return &ReadError{line, err}
	}
	t.feed.found(audit.Finding{Code: fault.code, Line: line, Detail: fault.detail, Dropped: true})
	return nil
}

// row takes one row.
func (t *table) row(line int) error {
	fields := t.rows.fields
	if t.rows.count != t.columns.count {
		if t.blank(fields) {
			return nil
		}
		f := audit.Finding{Code: audit.CodeRowShape, Line: line, Dropped: true}
		if t.rows.count > t.columns.idColumn {
			f.Case = audit.Clip(string(trim(fields[t.columns.id])))
		}
		f.Detail = fmt.Sprintf("%d instead of %d", t.rows.count, t.columns.count)
		t.feed.found(f)
		return nil
	}
	for i, f := range fields {
		fields[i] = trim(f)
	}
	if t.groups == nil {
		t.cases.row(line, fields)
		return nil
	}
	at, ok := t.cases.admit(line, fields)
	if !ok {
		return nil
	}
	if !t.groups.keep(fields[t.columns.id], at, line, fields) {
		return &ReadError{line, ErrBudget}
	}
	return nil
}

// blank tells that a row says nothing at all, as spreadsheets write them below the last one.
func (t *table) blank(fields [][]byte) bool {
	return t.rows.count == 1 && !slices.ContainsFunc(fields, func(f []byte) bool { return len(bytes.TrimSpace(f)) > 0 })
}

// trim takes away the spaces around a field. Most have none.
func trim(f []byte) []byte {
	if len(f) > 0 && (f[0] <= ' ' || f[len(f)-1] <= ' ') {
		return bytes.TrimSpace(f)
	}
	return f
}

// header finds the delimiter and the columns.
func (t *table) header(text io.Reader) error {
	m := t.mapping
	commas := []string{",", ";", "\t", "|"}
	if m.Comma != 0 {
		commas = []string{string(m.Comma)}
	}
	t.rows = newRows(text, []byte(commas[0]))
	names := m.Header
	if len(names) == 0 {
		all := make([]int, MaxColumns)
		for i := range all {
			all[i] = i
		}
		t.rows.slots, t.rows.fields = all, make([][]byte, MaxColumns)
		var err error
		if names, err = t.names(commas); err != nil {
			return err
		}
	}
	if err := t.columns.find(m, names); err != nil {
		return err
	}
	t.rows.slots, t.rows.fields = t.columns.slots, make([][]byte, t.columns.needed)
	return nil
}

// names reads the header by the first delimiter with which it has the column of the case; by the first of all if none does.
func (t *table) names(commas []string) ([]string, error) {
	first := t.rows
	var line []byte
	for len(bytes.TrimSpace(line)) == 0 {
		row, ended, err := first.physical()
		switch {
		case errors.Is(err, io.EOF):
			return nil, &HeaderError{Column: t.mapping.Case}
		case err != nil:
			return nil, &ReadError{first.line, err}
		}
		line = row
		if len(bytes.TrimSpace(line)) == 0 {
			first.advance(len(row), ended)
		}
	}
	best := 0
	for i, comma := range commas {
		probe := newRows(bytes.NewReader(line), []byte(comma))
		probe.slots, probe.fields = first.slots, first.fields
		if _, err := probe.next(); err == nil && slices.Contains(probe.names(), t.mapping.Case) {
			best = i
			break
		}
	}
	first.comma = []byte(commas[best])
	at, err := first.next()
	if err != nil {
		return nil, &ReadError{at, err}
	}
	if first.count > MaxColumns {
		return nil, &ReadError{at, errWide}
	}
	return first.names(), nil
}

// names returns the fields of the last row as names.
func (r *rows) names() []string {
	names := make([]string, min(r.count, len(r.fields)))
	for i := range names {
		names[i] = strings.Clone(string(bytes.TrimSpace(r.fields[i])))
	}
	return names
}

// columns says which columns are needed, and where their fields stand in a row's: in slots.
type columns struct {
	count  int   // of all columns
	needed int   // of slots
	slots  []int // by column

	idColumn                                  int // of the case, as a column
	id, time, recorded, activity, actor, role int // slots; -1: no such column
	attributes, facts, instants               []int
	pauses                                    [][2]int
}

func (c *columns) find(m *Mapping, names []string) (err error) {
	c.count = len(names)
	c.slots = make([]int, len(names))
	for i := range c.slots {
		c.slots[i] = -1
	}
	slot := func(name string) int {
		if name == "" || err != nil {
			return -1
		}
		i := slices.Index(names, name)
		if i < 0 || slices.Contains(names[i+1:], name) {
			err = &HeaderError{name, i >= 0, names}
			return -1
		}
		if c.slots[i] < 0 {
			c.slots[i] = c.needed
			c.needed++
		}
		return c.slots[i]
	}
	c.id, c.time, c.recorded, c.activity = slot(m.Case), slot(m.Time), slot(m.Recorded), slot(m.Activity)
	c.idColumn = slices.Index(names, m.Case)
	c.actor, c.role = slot(m.Actor), slot(m.Role)
	for _, a := range m.Attributes {
		c.attributes = append(c.attributes, slot(a.Column))
	}
	for _, f := range m.Facts {
		c.facts = append(c.facts, slot(f.Column))
	}
	for _, i := range m.Instants {
		c.instants = append(c.instants, slot(i.Column))
	}
	for _, p := range m.Pauses {
		c.pauses = append(c.pauses, [2]int{slot(p.From), slot(p.To)})
	}
	// Columns after the last needed one are only counted.
	last := len(c.slots)
	for last > 0 && c.slots[last-1] < 0 {
		last--
	}
	c.slots = c.slots[:last]
	return err
}

package logfile

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

// ReadJSONLines makes a source of JSON Lines: on each line one entry with the name of its case, as [history.Entry.AppendLine] writes and
// [history.ParseLine] reads it, compressed by gzip or not.
//
//	{"at":"2025-03-01T01:05:00Z","case":"A1","fields":{"tier":"urgent"},"kind":"opened","seq":1}
//
// With a budget of 0 the lines of a case must stand together, and only one case is held at a time. Else all are read before the first
// case and may take so many bytes of memory; then a case's entries come in the order of their numbers or, where one has none, of
// their instants. More than that is a [*ReadError] for [ErrBudget].
//
// A line that is no entry, or names no case, is a finding and is left out. The source can be read once.
func ReadJSONLines(r io.Reader, budget int64) audit.Source {
	c := &counter{Reader: r}
	s := audit.Source{Read: c.share()}
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
		l := &entryLines{feed: feed{yield: yield}, grouped: budget > 0, budget: budget}
		if err := l.read(c); err != nil {
			l.feed.hand(audit.Case{}, err)
		}
	}
	return s
}

// entryLines reads one file of JSON Lines.
type entryLines struct {
	feed    feed
	current audit.Case
	begun   bool
	seen    seen

	grouped bool
	budget  int64
	cases   []*audit.Case
	number  map[string]int
}

func (l *entryLines) read(r io.Reader) error {
	text, err := open(r, UTF8)
	if err != nil {
		return &ReadError{1, err}
	}
	rows := newRows(text, nil)
	for !l.feed.stopped {
		number := rows.line
		line, ended, err := rows.physical()
		var fault *rowError
		switch {
		case errors.Is(err, io.EOF):
			l.finish()
			return nil
		case errors.As(err, &fault):
			l.feed.found(audit.Finding{Code: fault.code, Line: number, Detail: fault.detail, Dropped: true})
			continue
		case err != nil:
			return &ReadError{number, err}
		}
		if len(bytes.TrimSpace(line)) > 0 && !l.entry(number, line) {
			return &ReadError{number, ErrBudget}
		}
		rows.advance(len(line), ended)
	}
	return nil
}

// entry takes a line. It reports false when the budget is used up.
func (l *entryLines) entry(number int, line []byte) bool {
	id, e, err := history.ParseLine(line)
	if err == nil && id != "" {
		return l.add(id, e, number, len(line))
	}
	f := audit.Finding{Code: audit.CodeRowCase, Line: number, Column: "case", Dropped: true}
	if err != nil {
		f.Code, f.Column = audit.CodeRowEntry, ""
		f.Detail = strings.TrimPrefix(err.Error(), "history: ")
	}
	l.feed.found(f)
	return true
}

func (l *entryLines) add(id string, e history.Entry, line, size int) bool {
	if !l.grouped {
		if !l.begun || l.current.Case != id {
			l.flush()
			l.begun = true
			l.current.Case = id
			l.current.Entries, l.current.Lines = l.current.Entries[:0], l.current.Lines[:0]
			if l.seen.before([]byte(id)) {
				l.feed.found(audit.Finding{Code: audit.CodeCaseSplit, Case: id, Line: line})
			}
		}
		l.current.Entries = append(l.current.Entries, e)
		l.current.Lines = append(l.current.Lines, line)
		return true
	}
	// The texts of an entry are parts of one copy of its line; slices grow to at most twice their need.
	const entryCost, fieldCost = 2 * 160, 32
	if l.budget -= int64(size + entryCost + fieldCost*(len(e.Fields)+len(e.Personal))); l.budget < 0 {
		return false
	}
	n, known := l.number[id]
	if !known {
		if l.number == nil {
			l.number = map[string]int{}
		}
		if l.budget -= int64(caseCost + len(id)); l.budget < 0 {
			return false
		}
		n = len(l.cases)
		l.number[id] = n
		l.cases = append(l.cases, &audit.Case{History: history.History{Case: id}})
	}
	c := l.cases[n]
	c.Entries, c.Lines = append(c.Entries, e), append(c.Lines, line)
	return true
}

func (l *entryLines) flush() {
	if l.begun {
		l.feed.hand(l.current, nil)
	}
}

// finish hands on what is left.
func (l *entryLines) finish() {
	l.flush()
	for _, c := range l.cases {
		if l.feed.stopped {
			return
		}
		l.order(c)
		l.feed.hand(*c, nil)
	}
}

// order puts entries that may stand anywhere in the file in order.
func (l *entryLines) order(c *audit.Case) {
	numbered := !slices.ContainsFunc(c.Entries, func(e history.Entry) bool { return e.Seq == 0 })
	order := make([]int, len(c.Entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if numbered {
			return cmp.Compare(c.Entries[i].Seq, c.Entries[j].Seq)
		}
		return c.Entries[i].At.Compare(c.Entries[j].At)
	})
	entries, lines := make([]history.Entry, len(order)), make([]int, len(order))
	for to, from := range order {
		entries[to], lines[to] = c.Entries[from], c.Lines[from]
	}
	c.Entries, c.Lines = entries, lines
}

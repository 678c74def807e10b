package chartertest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // tests shall not depend on the zones of the machine they run on
	"unicode/utf8"

	"github.com/servicecharter/charter/history"
)

// LineError says which line of a text cannot be read as part of a history, from 1.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string {
	return "chartertest: line " + strconv.Itoa(e.Line) + ": " + e.Err.Error()
}

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// History reads a history from text and ends the test when it cannot. The text is described above.
func History(t testing.TB, text string) history.History {
	t.Helper()
	h, err := ParseHistory(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ParseHistory reads a history from text, as described above. The entries stand as in the text and can all be written as canonical bytes;
// instants are in UTC, fields in canonical order. A text without entries gives a history without entries. Errors are [*LineError].
func ParseHistory(text string) (history.History, error) {
	r := newReader()
	n := 0
	for line := range strings.Lines(text) {
		n++
		if err := r.line(line); err != nil {
			return history.History{}, &LineError{Line: n, Err: err}
		}
	}
	return r.h, nil
}

// reader reads a text line by line.
type reader struct {
	h       history.History
	zone    *time.Location
	monday  time.Time // at midnight in UTC: only the date counts
	scratch []byte
}

// newReader reads in the default zone and week. Should the zone be missing in spite of the embedded ones, its offset will do: it has been the
// same since 1991.
func newReader() reader {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	return reader{zone: zone, monday: time.Date(2025, time.March, 3, 0, 0, 0, 0, time.UTC)}
}

func (r *reader) line(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("not valid UTF-8")
	}
	words := scanner{s: s}
	for {
		part, more, err := words.part()
		if err != nil {
			return err
		}
		if len(part) > 0 {
			if err := r.part(part); err != nil {
				return err
			}
		} else if more {
			return errors.New("nothing before the comma")
		}
		if !more {
			return nil
		}
	}
}

// part reads a directive or an entry.
func (r *reader) part(words []word) error {
	if first := words[0]; first.bare() {
		switch first.key {
		case "case", "zone", "week":
			return r.directive(first.key, words[1:])
		}
	}
	e := history.Entry{Seq: uint64(len(r.h.Entries)) + 1}
	at, words, err := r.time(words)
	if err != nil {
		return err
	}
	e.At = at
	if len(words) == 0 {
		return errors.New("a time without what happened")
	}
	if e.Kind, err = kindOf(words[0]); err != nil {
		return err
	}
	set := map[string]bool{}
	for _, w := range words[1:] {
		switch {
		case !w.hasValue:
			return fmt.Errorf("%s: expected key=value", w.key)
		case w.personal:
			e.Personal = append(e.Personal, history.Field{Key: w.key, Value: w.value})
			continue
		case !w.reserved():
			e.Fields = append(e.Fields, history.Field{Key: w.key, Value: w.value})
			continue
		case set[w.key]:
			return fmt.Errorf("%s: twice", w.key)
		}
		set[w.key] = true
		switch w.key {
		case "by":
			e.Actor = history.Actor{Role: w.value, ID: w.id}
		case "recorded":
			e.Recorded, err = history.ParseInstant(w.value)
		case "seq":
			if e.Seq, err = strconv.ParseUint(w.value, 10, 64); err != nil {
				err = fmt.Errorf("%q is no number", w.value)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.key, err)
		}
	}
	e.Fields, e.Personal = e.Fields.Canonical(), e.Personal.Canonical()
	if e.Recorded.Equal(e.At) {
		e.Recorded = time.Time{}
	}
	if r.scratch, err = e.AppendCanonical(r.scratch[:0]); err != nil {
		return err
	}
	r.h.Entries = append(r.h.Entries, e)
	return nil
}

func (r *reader) directive(name string, words []word) error {
	if len(words) != 1 || words[0].hasValue || words[0].personal || words[0].key == "" {
		return fmt.Errorf("%s: expected one word", name)
	}
	if len(r.h.Entries) > 0 {
		return fmt.Errorf("%s: must stand before the first entry", name)
	}
	value := words[0].key
	switch name {
	case "zone":
		return r.setZone(value)
	case "week":
		return r.setWeek(value)
	}
	if r.h.Case != "" {
		return errors.New("case: twice")
	}
	r.h.Case = value
	return nil
}

func (r *reader) setZone(name string) (err error) {
	if name == "Local" {
		return errors.New("zone: Local is another one on every machine")
	}
	if r.zone, err = time.LoadLocation(name); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	return nil
}

func (r *reader) setWeek(day string) (err error) {
	if r.monday, err = time.Parse(time.DateOnly, day); err != nil {
		return fmt.Errorf("week: %q is not a day such as 2025-03-03", day)
	}
	if r.monday.Weekday() != time.Monday {
		return fmt.Errorf("week: %s is a %s, expected a Monday", day, r.monday.Weekday())
	}
	return nil
}

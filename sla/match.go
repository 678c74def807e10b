package sla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/servicecharter/charter/history"
)

// ErrMatch is matched by every error that a malformed [Match] text causes.
var ErrMatch = errors.New("sla: malformed match")

// Match selects entries: one kind, and the values that some of its fields must
// have. Its text form is the kind alone or with conditions:
//
//	resolved
//	held[reason=customer|vendor]
//	messaged[role=customer]
//	escalated[level=management,unit=network]
//
// "role" means the actor's role, every other name an entry field; a field
// holds when any of its values is one of those listed. The zero Match selects
// nothing.
type Match struct {
	Kind   history.Kind
	Fields []FieldMatch
}

// FieldMatch holds when the named field has one of the values, or, with no
// values, when the entry has the field at all.
type FieldMatch struct {
	Name   string
	Values []string
}

// On returns a Match for each kind, without conditions.
func On(kinds ...history.Kind) []Match {
	ms := make([]Match, len(kinds))
	for i, k := range kinds {
		ms[i].Kind = k
	}
	return ms
}

// Matches reports whether the entry is selected. It allocates nothing.
func (m *Match) Matches(e *history.Entry) bool {
	if m.Kind == "" || e.Kind != m.Kind {
		return false
	}
	for i := range m.Fields {
		if !m.Fields[i].holds(e) {
			return false
		}
	}
	return true
}

func (f *FieldMatch) holds(e *history.Entry) bool {
	if f.Name == "role" {
		return e.Actor.Role != "" && (len(f.Values) == 0 || slices.Contains(f.Values, e.Actor.Role))
	}
	for i := range e.Fields {
		if e.Fields[i].Key == f.Name && (len(f.Values) == 0 || slices.Contains(f.Values, e.Fields[i].Value)) {
			return true
		}
	}
	return false
}

// String returns the text form.
func (m Match) String() string {
	if len(m.Fields) == 0 {
		return string(m.Kind)
	}
	parts := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		parts[i] = f.Name
		if len(f.Values) > 0 {
			parts[i] += "=" + strings.Join(f.Values, "|")
		}
	}
	return string(m.Kind) + "[" + strings.Join(parts, ",") + "]"
}

// ParseMatch reads the text form. Kinds, names and values are taken as they
// are, white space around them aside; they may be any UTF-8 text without
// brackets, equals signs, bars and commas, and must not be empty. The error
// matches [ErrMatch] and quotes the text.
func ParseMatch(text string) (Match, error) {
	bad := func(why string) (Match, error) {
		return Match{}, fmt.Errorf("%w %q: %s", ErrMatch, text, why)
	}
	kind, rest, conditional := strings.Cut(strings.TrimSpace(text), "[")
	m := Match{Kind: history.Kind(strings.TrimSpace(kind))}
	if !word(string(m.Kind)) {
		return bad("want an entry kind first")
	}
	if !conditional {
		return m, nil
	}
	rest, closed := strings.CutSuffix(rest, "]")
	if !closed {
		return bad("the conditions are not closed by ]")
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, values, valued := strings.Cut(part, "=")
		f := FieldMatch{Name: strings.TrimSpace(name)}
		if !word(f.Name) {
			return bad("a condition without a field name")
		}
		if valued {
			for v := range strings.SplitSeq(values, "|") {
				if v = strings.TrimSpace(v); !word(v) {
					return bad("field " + f.Name + " has an empty or malformed value")
				}
				f.Values = append(f.Values, v)
			}
		}
		m.Fields = append(m.Fields, f)
	}
	return m, nil
}

func word(s string) bool {
	return s != "" && !strings.ContainsAny(s, "[]=|,") && strings.TrimSpace(s) == s && utf8.ValidString(s)
}

// check finds what the text form could not say.
func (m *Match) check() error {
	if !word(string(m.Kind)) {
		return fmt.Errorf("%w: entry kind %q", ErrMatch, m.Kind)
	}
	for _, f := range m.Fields {
		if !word(f.Name) {
			return fmt.Errorf("%w: field name %q", ErrMatch, f.Name)
		}
		for _, v := range f.Values {
			if !word(v) {
				return fmt.Errorf("%w: field %s has the value %q", ErrMatch, f.Name, v)
			}
		}
	}
	return nil
}

// MarshalText returns the text form.
func (m Match) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the text form; see [ParseMatch].
func (m *Match) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMatch(string(text))
	return err
}

package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Errors of [NewSchedule]. What is returned wraps them, one for each rule and problem.
var (
	// ErrRule: a rule of a schedule is malformed. The error names its clause.
	ErrRule = errors.New("records: malformed rule")

	// ErrZone: a schedule has no zone, and without it no civil day.
	ErrZone = errors.New("records: no time zone")
)

// Text is a text in English and Simplified Chinese.
type Text struct {
	EN string `json:"en,omitempty"`
	ZH string `json:"zh,omitempty"`
}

// In returns the text in the language of a BCP 47 tag, or the other where that is missing.
func (t Text) In(language string) string {
	if history.IsChinese(language) && t.ZH != "" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// Rule is what one clause says on how long records are kept. A clause that prints an exact period ("kept for 5 years") has it as both AtLeast and
// AtMost.
type Rule struct {
	// Clause is the id of the clause; decisions and certificates name it.
	Clause string `json:"clause"`
	// Classes are the record classes that it speaks of; empty: every class.
	Classes []string `json:"classes,omitempty"`
	// When limits it to records with some attributes; empty: all.
	When sla.Condition `json:"when,omitempty"`
	// From is where its periods begin. A text that does not say leaves it zero: then the record is kept until somebody says it.
	From Start `json:"from,omitzero"`
	// AtLeast is the floor: nothing is disposed of earlier. AtMost is the ceiling: nothing is kept longer. Zero: there is none. "At most nothing"
	// cannot be said: Years(0) as a ceiling is no ceiling. An
	// unstated floor keeps the record until somebody puts a figure to it, an unstated ceiling is a finding.
	AtLeast Period `json:"at_least,omitzero"`
	AtMost  Period `json:"at_most,omitzero"`
	// Review asks for four eyes: two persons agree before disposal.
	Review bool `json:"review,omitempty"`
	// Basis is the law or reason behind it.
	Basis Text `json:"basis,omitzero"`
}

// UnmarshalJSON reads a rule and refuses members that it does not have: a misspelt limit is none.
func (r *Rule) UnmarshalJSON(data []byte) error {
	type plain Rule
	var p plain
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("%w: %w", ErrRule, err)
	}
	*r = Rule(p)
	return nil
}

// Recorded is the kind of a [Start] that is the instant at which the first entry of the record was written down.
const Recorded history.Kind = "recorded"

// Start is the instant from which a period runs: when an entry of a kind happened, or the instant that a field of such entries holds. Its text form is
// "closed" or "placed.expires".
//
// Of several entries the first counts: closing a closed record again, or moving an archive, starts nothing anew. Only reopening does: what stands
// before the last reopened entry no longer counts, and the record has no start until it is closed again. Of a field the last
// value counts, as a contract may be extended.
type Start struct {
	Kind  history.Kind
	Field string
}

// String returns the text form.
func (s Start) String() string {
	if s.Field == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + "." + s.Field
}

// Text names the start in the language of a BCP 47 tag.
func (s Start) Text(language string) string {
	name := s.Kind.Text(language)
	if s.Kind == Recorded && history.IsChinese(language) {
		name = "记录"
	}
	if s.Field != "" {
		name += "." + s.Field
	}
	return name
}

// MarshalText returns the text form.
func (s Start) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the text form.
func (s *Start) UnmarshalText(text []byte) error {
	kind, field, dotted := strings.Cut(string(text), ".")
	if kind == "" || dotted && field == "" || strings.ContainsAny(string(text), " \t\r\n[]") {
		return fmt.Errorf("%w: %q is not where a period begins: want an entry kind, perhaps with a field, such as closed or placed.expires", ErrRule, clip(string(text)))
	}
	*s = Start{history.Kind(kind), field}
	return nil
}

// in finds the instant in a record whose entries stand in the order in which they happened. It is zero when there is none; bad is a field that
// holds no instant.
func (s Start) in(entries []history.Entry) (at time.Time, bad string) {
	if s.Kind == Recorded && s.Field == "" {
		for i := range entries {
			if r := entries[i].RecordedAt(); at.IsZero() || r.Before(at) {
				at = r
			}
		}
		return at, ""
	}
	for i := range entries {
		e := &entries[i]
		if e.Kind == history.Reopened && s.Field == "" && s.Kind != history.Opened && s.Kind != history.Detected && s.Kind != history.Reopened {
			at = time.Time{}
		}
		if e.Kind != s.Kind {
			continue
		}
		if s.Field == "" {
			if at.IsZero() {
				at = e.At
			}
			continue
		}
		if text, ok := e.Fields.Get(s.Field); ok {
			t, err := history.ParseInstant(text)
			at, bad = t, ""
			if err != nil {
				at, bad = time.Time{}, text
			}
		}
	}
	return at, bad
}

// Schedule is a set of rules in a zone. It never changes, and any number of goroutines may use it. The zero Schedule and a nil one have no rules, so
// that everything is kept.
type Schedule struct {
	zone  *time.Location
	rules []Rule
}

// NewSchedule makes a schedule of rules whose periods are counted on the civil days of a zone. Every mistake is an error of its own, joined: a rule
// without clause or period; one whose ceiling lies below its floor; a period of no length. The rules are copied.
func NewSchedule(zone *time.Location, rules ...Rule) (*Schedule, error) {
	var problems []error
	if zone == nil {
		problems = append(problems, ErrZone)
		zone = time.UTC
	}
	seen := map[string]bool{}
	for i, r := range rules {
		fail := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("%w %d (%q): %w", ErrRule, i+1, clip(r.Clause), fmt.Errorf(format, args...)))
		}
		if r.Clause == "" {
			fail("no clause")
		} else if seen[r.Clause] {
			fail("the clause has a rule already")
		}
		seen[r.Clause] = true
		if r.From.Kind == "" && r.From.Field != "" {
			fail("a start with a field and no entry kind")
		}
		if err := r.When.Validate(); err != nil {
			fail("%w", err)
		}
		if slices.Contains(r.Classes, "") {
			fail("a class without a name")
		}
		floor, ceiling := r.AtLeast.check(), r.AtMost.check()
		switch {
		case floor != nil:
			fail("at least: %w", floor)
		case ceiling != nil:
			fail("at most: %w", ceiling)
		case r.AtLeast.IsZero() && r.AtMost.IsZero():
			fail("no period, neither at least nor at most")
		case shorter(r.AtMost, r.AtLeast):
			fail("at most %v is less than at least %v", r.AtMost, r.AtLeast)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	s := &Schedule{zone: zone, rules: slices.Clone(rules)}
	for i := range s.rules {
		s.rules[i].Classes = slices.Clone(s.rules[i].Classes)
	}
	return s, nil
}

// Rules returns the rules. They are not to be changed.
func (s *Schedule) Rules() []Rule {
	if s == nil {
		return nil
	}
	return slices.Clone(s.rules)
}

// Zone returns the zone; of a schedule that [NewSchedule] did not make, UTC.
func (s *Schedule) Zone() *time.Location {
	if s == nil || s.zone == nil {
		return time.UTC
	}
	return s.zone
}

// shorter tells whether a stated period ends before another. Whether 30 days end before a month depends on the month: they do if they do in all years.
func shorter(a, b Period) bool {
	if a.IsZero() || b.IsZero() || a.Unstated || b.Unstated {
		return false
	}
	for month := range time.Month(12) {
		start := time.Date(2023, month+1, 1, 0, 0, 0, 0, time.UTC)
		if !a.End(start, time.UTC).Before(b.End(start, time.UTC)) {
			return false
		}
	}
	return true
}

// Lint finds what a person has to look at before anything is disposed of: periods without a figure or a start, and ceilings that lie below the floor of another rule
// for the same records and start. Whether two conditions can hold at once is taken from their words: they cannot when they ask for different values of one
// attribute.
func (s *Schedule) Lint() []Finding {
	var found []Finding
	rules := s.Rules()
	for i := range rules {
		c := &rules[i]
		if c.AtLeast.Unstated || c.AtMost.Unstated {
			found = append(found, Finding{Code: CodeNoFigure, Clauses: []string{c.Clause}})
		}
		if c.From == (Start{}) {
			found = append(found, Finding{Code: CodeNoStart, Clauses: []string{c.Clause}})
		}
		for j := range rules {
			f := &rules[j]
			if i != j && c.From == f.From && shorter(c.AtMost, f.AtLeast) && sameClass(c, f) && together(c.When, f.When) {
				found = append(found, Finding{Code: CodeConflict, Clauses: []string{c.Clause, f.Clause}})
			}
		}
	}
	return found
}

func sameClass(a, b *Rule) bool {
	return len(a.Classes) == 0 || len(b.Classes) == 0 ||
		slices.ContainsFunc(a.Classes, func(c string) bool { return slices.Contains(b.Classes, c) })
}

func together(a, b sla.Condition) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Attribute != y.Attribute || x.Not && y.Not {
				continue
			}
			is, other := x, y
			if is.Not {
				is, other = y, x
			}
			if !slices.ContainsFunc(is.Values, func(v string) bool { return slices.Contains(other.Values, v) != other.Not }) {
				return false
			}
		}
	}
	return true
}

package charter

import (
	"errors"
	"strconv"
	"strings"
)

// What can be wrong with a handbook, a patch, or with putting one on the
// other, for [errors.Is]. What is returned wraps one of them and says where:
// a [*ParseError] for a text, a [*PatchError] for a patch that does not fit.
var (
	// ErrSyntax: the text is not JSON in UTF-8.
	ErrSyntax = errors.New("not JSON")
	// ErrTooLarge: the text is longer than [MaxSize], nested too deeply, or has
	// more values, clauses, dates or calendars than any handbook.
	ErrTooLarge = errors.New("too large")
	// ErrDuplicate: a key of an object, an id of a clause, role or value, or a
	// printed word of an attribute stands twice.
	ErrDuplicate = errors.New("stands twice")
	// ErrUnknownField: an object has a field that the format does not have
	// there.
	ErrUnknownField = errors.New("unknown field")
	// ErrMissing: a field that must be there is missing or empty.
	ErrMissing = errors.New("missing")
	// ErrType: a value is of the wrong JSON type.
	ErrType = errors.New("wrong type")
	// ErrValue: a value is none of those that may stand there, or its text
	// form is malformed. Where another package reads that text, its sentinel is
	// matched too: sla.ErrSpan, sla.ErrMatch, calendar.ErrDate and so on.
	ErrValue = errors.New("bad value")
	// ErrContradiction: two fields exclude each other, such as within and due.
	ErrContradiction = errors.New("contradiction")
	// ErrEffective: effective dates are reversed, versions of one thing overlap
	// or stand out of order, or a change would take effect before the latest
	// version of what it changes.
	ErrEffective = errors.New("bad effective dates")

	// ErrStale: the patch is pinned to another handbook, or to another state of
	// it.
	ErrStale = errors.New("patch is for another handbook")
	// ErrUnknownClause: the handbook has no clause of that id, or it is no
	// longer in force when the change takes effect.
	ErrUnknownClause = errors.New("no such clause")
	// ErrKind: the change does not go with a clause of this kind, such as a
	// limit for a classification.
	ErrKind = errors.New("wrong kind of clause")
	// ErrUnknownClass: the handbook never speaks of records of that class, which is
	// as a rule another word for one that it does speak of.
	ErrUnknownClass = errors.New("no such record class")
	// ErrNoChange: the patch, or one of its changes, changes nothing.
	ErrNoChange = errors.New("changes nothing")
)

// ParseError is one thing that is wrong with the text of a handbook or a
// patch. [ParseHandbook] and [ParsePatch] return all of them, joined as by
// [errors.Join], in the order of the text.
type ParseError struct {
	// Line and Column tell where the value or key begins, both from 1; the
	// column counts characters, not bytes.
	Line, Column int
	// Clause is the id of the clause in which it stands, if it has one.
	Clause string
	// Change is the number of the change in a patch, from 1; 0 elsewhere.
	Change int
	// Field is the path from the clause, the change or the document to the
	// value, such as "rule.from[0]".
	Field string
	// Err says what is wrong; it matches one of the sentinels.
	Err error
}

// Error renders it on one line.
func (e *ParseError) Error() string {
	s := "charter: line " + strconv.Itoa(e.Line) + ", column " + strconv.Itoa(e.Column) + ": "
	return s + where(e.Change, "", e.Clause, e.Field) + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *ParseError) Unwrap() error { return e.Err }

// PatchError is one reason why a [Patch] cannot be put on a handbook.
// [Handbook.Amend] returns all of them, joined as by [errors.Join].
type PatchError struct {
	// Change is the number of the change, from 1; 0 for the patch itself.
	Change int
	// Op is the operation of the change, as in JSON: "limit", "drop"; empty for
	// the patch itself.
	Op string
	// Clause is the id of the clause concerned, if any.
	Clause string
	// Field is the path from the change to the value at fault, or empty.
	Field string
	// Err says what is wrong; it matches one of the sentinels.
	Err error
}

// Error renders it on one line.
func (e *PatchError) Error() string {
	return "charter: patch: " + where(e.Change, e.Op, e.Clause, e.Field) + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *PatchError) Unwrap() error { return e.Err }

func where(change int, op, clause, field string) string {
	var s strings.Builder
	if change > 0 {
		s.WriteString("change " + strconv.Itoa(change))
		if op != "" {
			s.WriteString(" (" + op + ")")
		}
		s.WriteString(": ")
	}
	if clause != "" {
		s.WriteString(clip(clause) + ": ")
	}
	if field != "" {
		s.WriteString(field + ": ")
	}
	return s.String()
}

// clip makes a text from outside fit for an error: short and on one line.
func clip(s string) string {
	const enough = 80
	runes := []rune(strings.ToValidUTF8(s, "?"))
	if len(runes) > enough {
		runes = append(runes[:enough], '…')
	}
	for i, r := range runes {
		if r < ' ' {
			runes[i] = ' '
		}
	}
	return string(runes)
}

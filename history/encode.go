package history

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// AppendCanonical appends the canonical bytes of the entry to b and returns the longer slice. Equal facts give equal bytes on every
// machine, so they can be compared, hashed and chained.
//
// The bytes are one line of JSON as RFC 8785 writes it: members in alphabetical order, no spaces, the shortest escapes:
//
//	{"actor":{"id":"17","role":"agent"},"at":"2025-03-03T01:00:00.000000001Z","fields":{"tags":["a","b"],"tier":"urgent"},
//	 "kind":"opened","personal":{"name":"..."},"recorded":"2025-03-03T01:05:00Z","seq":1}
//
// (on one line). Only at and kind are always there; a member that says nothing is left out: seq when it is 0, recorded when it is At,
// an actor without a role or id, no fields. Instants are in UTC with as many digits of the nanosecond as it needs. Fields are put in
// order and repetitions dropped; a key with several values has them in an array, by bytes.
//
// Store these bytes, or At as text with all nine digits: many databases keep microseconds, and an entry that comes back from such a
// column has other bytes than were hashed.
//
// It refuses, with an [*EntryError], an entry without At or kind, instants outside the years 0 to 9999 in UTC, text that is not
// UTF-8, a field without a key, a Seq above [MaxSeq] and an entry above [MaxSize]; then b comes back as it was.
// It allocates nothing when b has room and the fields are in order, or not more than sixteen. The receiver is not changed.
func (e Entry) AppendCanonical(b []byte) ([]byte, error) {
	return e.appendLine(b, "")
}

// AppendLine appends the canonical bytes of the entry with the name of its case as a further member, "case", for logs with one entry a
// line; no line break. An empty name is left out. It refuses what [Entry.AppendCanonical] refuses, and a name that is not UTF-8.
func (e Entry) AppendLine(b []byte, caseID string) ([]byte, error) {
	if !utf8.ValidString(caseID) {
		return b, &EntryError{Case: safe(caseID), Seq: e.Seq, Field: "case", Err: ErrUTF8}
	}
	return e.appendLine(b, caseID)
}

func (e *Entry) appendLine(b []byte, caseID string) ([]byte, error) {
	if field, err := e.fault(); err != nil {
		return b, &EntryError{Case: caseID, Seq: e.Seq, Field: field, Err: err}
	}
	start := len(b)
	b = append(b, '{')
	if e.Actor != (Actor{}) {
		b = append(b, `"actor":{`...)
		if e.Actor.ID != "" {
			b = append(b, `"id":`...)
			b = appendString(b, e.Actor.ID)
		}
		if e.Actor.Role != "" {
			if e.Actor.ID != "" {
				b = append(b, ',')
			}
			b = append(b, `"role":`...)
			b = appendString(b, e.Actor.Role)
		}
		b = append(b, '}', ',')
	}
	b = append(b, `"at":`...)
	b = appendInstant(b, e.At)
	if caseID != "" {
		b = append(b, `,"case":`...)
		b = appendString(b, caseID)
	}
	b = appendFields(b, `,"fields":{`, e.Fields)
	b = append(b, `,"kind":`...)
	b = appendString(b, string(e.Kind))
	b = appendFields(b, `,"personal":{`, e.Personal)
	if !e.Recorded.IsZero() && !e.Recorded.Equal(e.At) {
		b = append(b, `,"recorded":`...)
		b = appendInstant(b, e.Recorded)
	}
	if e.Seq != 0 {
		b = append(b, `,"seq":`...)
		b = strconv.AppendUint(b, e.Seq, 10)
	}
	b = append(b, '}')
	if len(b)-start > MaxSize {
		return b[:start], &EntryError{Case: caseID, Seq: e.Seq, Err: ErrSize}
	}
	return b, nil
}

// fault finds what keeps an entry from being written: the member and the reason.
func (e *Entry) fault() (field string, err error) {
	switch {
	case e.Seq > MaxSeq:
		return "seq", ErrSeq
	case e.At.IsZero() || !hasCommonYear(e.At):
		return "at", ErrTime
	case !e.Recorded.IsZero() && !hasCommonYear(e.Recorded):
		return "recorded", ErrTime
	case e.Kind == "":
		return "kind", ErrKind
	case !utf8.ValidString(string(e.Kind)):
		return "kind", ErrUTF8
	}
	return e.textFault()
}

// textFault is fault without what the number, the instants and the kind may be.
func (e *Entry) textFault() (field string, err error) {
	if e.Actor != (Actor{}) {
		switch {
		case !utf8.ValidString(e.Actor.ID):
			return "actor.id", ErrUTF8
		case !utf8.ValidString(e.Actor.Role):
			return "actor.role", ErrUTF8
		}
	}
	size := len(e.Kind) + len(e.Actor.ID) + len(e.Actor.Role)
	for i := range e.Fields {
		size += len(e.Fields[i].Key) + len(e.Fields[i].Value)
		if err := e.Fields[i].fault(); err != nil {
			return "fields." + safe(e.Fields[i].Key), err
		}
	}
	for i := range e.Personal {
		size += len(e.Personal[i].Key) + len(e.Personal[i].Value)
		if err := e.Personal[i].fault(); err != nil {
			return "personal." + safe(e.Personal[i].Key), err
		}
	}
	if size > MaxSize {
		return "", ErrSize
	}
	return "", nil
}

func (f *Field) fault() error {
	switch {
	case f.Key == "":
		return ErrKey
	case !utf8.ValidString(f.Key), !utf8.ValidString(f.Value):
		return ErrUTF8
	}
	return nil
}

// hasCommonYear: the year in UTC has four digits, as RFC 3339 wants it.
func hasCommonYear(t time.Time) bool {
	const first, end = -62167219200, 253402300800 // 0000-01-01 and 10000-01-01
	s := t.Unix()
	return first <= s && s < end
}

func appendInstant(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// appendFields writes the fields with what stands before them, or nothing when there are none.
func appendFields(b []byte, before string, f Fields) []byte {
	if len(f) == 0 {
		return b
	}
	var few [16]Field
	if !f.isCanonical() {
		if len(f) <= len(few) {
			f = few[:copy(few[:], f)]
		} else {
			f = slices.Clone(f)
		}
		slices.SortFunc(f, compareFields)
	}
	b = append(b, before...)
	for i := 0; i < len(f); {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, f[i].Key)
		b = append(b, ':')
		end := i + 1
		for end < len(f) && f[end].Key == f[i].Key {
			end++
		}
		values := f[i:end]
		i = end
		if values[0] == values[len(values)-1] {
			b = appendString(b, values[0].Value)
			continue
		}
		b = append(b, '[')
		for j := range values {
			if j > 0 {
				if values[j] == values[j-1] {
					continue // the same fact twice is one
				}
				b = append(b, ',')
			}
			b = appendString(b, values[j].Value)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendString writes valid UTF-8 as RFC 8785 (section 3.2.2.2) does: only the quotation mark, the backslash and the control
// characters below U+0020 are escaped, five of these in their short form.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\f':
			b = append(b, '\\', 'f')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
	}
	b = append(b, s[done:]...)
	return append(b, '"')
}

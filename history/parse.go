package history

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// parser reads one entry in JSON. Texts without escapes are parts of one copy of the input.
type parser struct {
	s      string
	i      int
	long   bool // the input is too long to be read
	line   bool // the member case is allowed
	caseID string

	name, key string // the member being read, and the part of it
}

func newParser(b []byte) parser {
	if len(b) > MaxSize {
		return parser{long: true} // no need for a copy
	}
	return parser{s: string(b)}
}

// member names what is being read, as in EntryError.
func (p *parser) member() string {
	if p.key == "" {
		return safe(p.name)
	}
	return p.name + "." + safe(p.key)
}

func (p *parser) fail(err error, detail string) error { return p.failAt(p.i, err, detail) }

func (p *parser) failAt(offset int, err error, detail string) error {
	return &DecodeError{Offset: offset, Field: p.member(), Detail: detail, Err: err}
}

// The members of an entry, as bits of those already read.
const (
	hasActor = 1 << iota
	hasAt
	hasCase
	hasFields
	hasKind
	hasPersonal
	hasRecorded
	hasSeq
)

func (p *parser) entry() (Entry, error) {
	if p.long {
		return Entry{}, p.failAt(MaxSize, ErrSize, "")
	}
	var e Entry
	if err := p.expect('{', "expected an object"); err != nil {
		return Entry{}, err
	}
	read := 0
	for first := true; ; first = false {
		p.name = ""
		more, err := p.more('}', first)
		if err != nil {
			return Entry{}, err
		}
		if !more {
			break
		}
		start := p.i
		name, err := p.memberName()
		if err != nil {
			return Entry{}, err
		}
		p.name = name
		bit := memberBit(name)
		switch {
		case bit == 0, bit == hasCase && !p.line:
			return Entry{}, p.failAt(start, ErrSyntax, "no such member")
		case read&bit != 0:
			return Entry{}, p.failAt(start, ErrSyntax, "member twice")
		}
		read |= bit
		if err := p.value(bit, &e); err != nil {
			return Entry{}, err
		}
		p.key = ""
	}
	p.space()
	switch {
	case p.i < len(p.s):
		return Entry{}, p.fail(ErrSyntax, "more after the entry")
	case read&hasAt == 0:
		p.name = "at"
		return Entry{}, p.fail(ErrTime, "missing")
	case read&hasKind == 0:
		p.name = "kind"
		return Entry{}, p.fail(ErrKind, "")
	}
	if e.Recorded.Equal(e.At) {
		e.Recorded = time.Time{}
	}
	return e, nil
}

func memberBit(name string) int {
	switch name {
	case "actor":
		return hasActor
	case "at":
		return hasAt
	case "case":
		return hasCase
	case "fields":
		return hasFields
	case "kind":
		return hasKind
	case "personal":
		return hasPersonal
	case "recorded":
		return hasRecorded
	case "seq":
		return hasSeq
	}
	return 0
}

func (p *parser) value(bit int, e *Entry) (err error) {
	p.space()
	start := p.i
	if bit != hasAt && bit != hasKind && strings.HasPrefix(p.s[p.i:], "null") {
		p.i += len("null")
		return nil
	}
	switch bit {
	case hasActor:
		return p.actor(&e.Actor)
	case hasAt:
		e.At, err = p.instant()
		if err == nil && e.At.IsZero() {
			return p.failAt(start, ErrTime, "")
		}
	case hasCase:
		p.caseID, err = p.text()
	case hasFields:
		e.Fields, err = p.fields()
	case hasKind:
		var kind string
		kind, err = p.text()
		if err == nil && kind == "" {
			return p.failAt(start, ErrKind, "")
		}
		e.Kind = Kind(kind)
	case hasPersonal:
		e.Personal, err = p.fields()
	case hasRecorded:
		e.Recorded, err = p.instant()
	case hasSeq:
		e.Seq, err = p.seq()
	}
	return err
}

func (p *parser) actor(a *Actor) error {
	if err := p.expect('{', "expected an object"); err != nil {
		return err
	}
	var id, role bool
	for first := true; ; first = false {
		p.key = ""
		more, err := p.more('}', first)
		if err != nil || !more {
			return err
		}
		start := p.i
		p.key, err = p.memberName()
		if err != nil {
			return err
		}
		var into *string
		switch {
		case p.key == "id" && !id:
			id, into = true, &a.ID
		case p.key == "role" && !role:
			role, into = true, &a.Role
		case p.key == "id", p.key == "role":
			return p.failAt(start, ErrSyntax, "member twice")
		default:
			return p.failAt(start, ErrSyntax, "no such member")
		}
		p.space()
		if *into, err = p.text(); err != nil {
			return err
		}
	}
}

func (p *parser) fields() (Fields, error) {
	if err := p.expect('{', "expected an object"); err != nil {
		return nil, err
	}
	var room [16]Field
	f := Fields(room[:0])
	var seen map[string]bool // only once keys come out of order
	for first, last := true, ""; ; first = false {
		p.key = ""
		more, err := p.more('}', first)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		start := p.i
		key, err := p.memberName()
		if err != nil {
			return nil, err
		}
		p.key = key
		if key == "" {
			return nil, p.failAt(start, ErrKey, "")
		}
		if seen == nil && compareKeys(key, last) <= 0 {
			seen = make(map[string]bool, len(f)+1)
			for i := range f {
				seen[f[i].Key] = true
			}
			seen[last] = true
		}
		if seen != nil {
			if seen[key] {
				return nil, p.failAt(start, ErrSyntax, "field twice")
			}
			seen[key] = true
		}
		last = key
		if f, err = p.values(f, key); err != nil {
			return nil, err
		}
	}
	if len(f) == 0 {
		return nil, nil
	}
	return slices.Clone(f).Canonical(), nil
}

// values reads the value or the array of values of a key.
func (p *parser) values(f Fields, key string) (Fields, error) {
	p.space()
	if p.i < len(p.s) && p.s[p.i] != '[' {
		value, err := p.text()
		return append(f, Field{key, value}), err
	}
	if err := p.expect('[', "expected a text or an array of texts"); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		more, err := p.more(']', first)
		if err != nil || !more {
			return f, err
		}
		value, err := p.text()
		if err != nil {
			return nil, err
		}
		f = append(f, Field{key, value})
	}
}

func (p *parser) instant() (time.Time, error) {
	start := p.i
	text, err := p.text()
	if err != nil {
		return time.Time{}, err
	}
	t, err := ParseInstant(text)
	switch err {
	case nil:
		return t, nil
	case ErrInstant:
		return time.Time{}, p.failAt(start, ErrSyntax, ErrInstant.Error())
	default:
		return time.Time{}, p.failAt(start, err, "")
	}
}

func (p *parser) seq() (uint64, error) {
	const expected = "expected a whole number"
	start := p.i
	n := uint64(0)
	for ; p.i < len(p.s) && isDigit(p.s[p.i]); p.i++ {
		n = n*10 + uint64(p.s[p.i]-'0')
		if n > MaxSeq {
			return 0, p.failAt(start, ErrSeq, "")
		}
	}
	switch {
	case p.i == start, p.s[start] == '0' && p.i > start+1:
		return 0, p.failAt(start, ErrSyntax, expected)
	case p.i < len(p.s) && strings.IndexByte(".eE", p.s[p.i]) >= 0:
		return 0, p.fail(ErrSyntax, expected)
	}
	return n, nil
}

func (p *parser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *parser) expect(c byte, otherwise string) error {
	p.space()
	if p.i == len(p.s) || p.s[p.i] != c {
		return p.fail(ErrSyntax, otherwise)
	}
	p.i++
	return nil
}

// more moves to the next part of an object or array, past the comma, or past its end.
func (p *parser) more(end byte, first bool) (bool, error) {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == end {
		p.i++
		return false, nil
	}
	if !first {
		if err := p.expect(',', "expected a comma or the end"); err != nil {
			return false, err
		}
		p.space()
	}
	return true, nil
}

func (p *parser) memberName() (string, error) {
	name, err := p.text()
	if err != nil {
		return "", err
	}
	return name, p.expect(':', "expected a colon")
}

// text reads a string.
func (p *parser) text() (string, error) {
	start := p.i
	if p.i == len(p.s) || p.s[p.i] != '"' {
		return "", p.fail(ErrSyntax, "expected a text")
	}
	p.i++
	ascii := true
	for ; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; {
		case c == '"':
			text := p.s[start+1 : p.i]
			if !ascii && !utf8.ValidString(text) {
				return "", p.failAt(start, ErrUTF8, "")
			}
			p.i++
			return text, nil
		case c == '\\':
			return p.escapedText(start)
		case c < ' ':
			return "", p.fail(ErrSyntax, "a control character")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", p.fail(ErrSyntax, "a text without an end")
}

// escapedText goes on reading at the first backslash of the text that began at start.
func (p *parser) escapedText(start int) (string, error) {
	text := []byte(p.s[start+1 : p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == '"':
			if !utf8.Valid(text) {
				return "", p.failAt(start, ErrUTF8, "")
			}
			p.i++
			return string(text), nil
		case c < ' ':
			return "", p.fail(ErrSyntax, "a control character")
		case c != '\\':
			text = append(text, c)
			p.i++
			continue
		}
		r, n := unescape(p.s[p.i:])
		if n == 0 {
			return "", p.fail(ErrSyntax, "a bad escape")
		}
		text = utf8.AppendRune(text, r)
		p.i += n
	}
	return "", p.fail(ErrSyntax, "a text without an end")
}

// unescape reads the escape at the beginning of s and how long it is; 0 when it is none, or half a surrogate pair.
func unescape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r, ok := hex4(s)
		if !ok {
			return 0, 0
		}
		if !utf16.IsSurrogate(r) {
			return r, 6
		}
		low, ok := hex4(s[6:])
		if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
			return pair, 12
		}
	}
	return 0, 0
}

// hex4 reads \uXXXX.
func hex4(s string) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

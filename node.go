package charter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"
)

// MaxSize is the largest text, in bytes, that is read as a handbook or patch.
const MaxSize = 4 << 20

const (
	maxDepth  = 32
	maxValues = 1 << 18
	maxErrors = 100 // reported at once
)

// node is a JSON value that knows where it stands, so that whatever is found
// wrong with it later can be told by line.
type node struct {
	kind    byte // one of { [ " 0 t n: object, array, text, number, true or false, null
	start   int  // offset of its first byte
	end     int  // offset behind its last byte
	text    string
	members []member
	items   []node
}

type member struct {
	name  string
	start int // offset of the key
	value node
}

func (n *node) member(name string) *node {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i].value
		}
	}
	return nil
}

func (n *node) is() string {
	return map[byte]string{'{': "an object", '[': "a list", '"': "a text", '0': "a number", 't': "true or false", 'n': "null"}[n.kind]
}

// source is a text that is being read.
type source struct {
	text  []byte
	lines []int // offsets at which the lines begin
}

func newSource(text []byte) *source {
	s := &source{text: bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), lines: []int{0}}
	for i, b := range s.text {
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// position turns an offset into line and column, both from 1.
func (s *source) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(s.text))
	line = sort.SearchInts(s.lines, offset+1)
	return line, utf8.RuneCount(s.text[s.lines[line-1]:offset]) + 1
}

// readJSON reads a text as one JSON value. Syntax is checked before anything
// is built, so the second half can take it for granted.
func (s *source) readJSON(fail func(offset int, err error)) (root node, ok bool) {
	switch {
	case len(s.text) > MaxSize:
		fail(0, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(s.text), MaxSize))
		return node{}, false
	case !utf8.Valid(s.text):
		bad := 0
		for r, size := utf8.DecodeRune(s.text); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(s.text[bad:]) {
			bad += size
		}
		fail(bad, fmt.Errorf("%w: not valid UTF-8", ErrSyntax))
		return node{}, false
	}
	var raw json.RawMessage
	if err := json.Unmarshal(s.text, &raw); err != nil {
		offset := len(s.text)
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) && int(syntax.Offset) < len(s.text) {
			offset = int(syntax.Offset) - 1
		}
		fail(offset, fmt.Errorf("%w: %s", ErrSyntax, err.Error()))
		return node{}, false
	}
	w := walker{source: s, dec: json.NewDecoder(bytes.NewReader(s.text)), fail: fail}
	w.dec.UseNumber()
	root = w.value(0)
	return root, !w.stopped
}

type walker struct {
	*source
	dec     *json.Decoder
	fail    func(offset int, err error)
	values  int
	stopped bool
}

// next is the offset at which the next token begins.
func (w *walker) next() int {
	at := int(w.dec.InputOffset())
	for at < len(w.text) && bytes.IndexByte([]byte(" \t\r\n,:"), w.text[at]) >= 0 {
		at++
	}
	return at
}

func (w *walker) stop(offset int, why string) node {
	if !w.stopped {
		w.fail(offset, fmt.Errorf("%w: %s", ErrTooLarge, why))
	}
	w.stopped = true
	return node{}
}

func (w *walker) value(depth int) node {
	n := node{start: w.next()}
	w.values++
	switch {
	case depth > maxDepth:
		return w.stop(n.start, fmt.Sprintf("nested more than %d deep", maxDepth))
	case w.values > maxValues:
		return w.stop(n.start, fmt.Sprintf("more than %d values", maxValues))
	}
	tok, err := w.dec.Token()
	if err != nil {
		return w.stop(n.start, err.Error())
	}
	switch tok := tok.(type) {
	case json.Delim:
		n.kind = byte(tok)
		for w.dec.More() && !w.stopped {
			if tok == '[' {
				n.items = append(n.items, w.value(depth+1))
				continue
			}
			m := member{start: w.next()}
			key, _ := w.dec.Token()
			m.name, _ = key.(string)
			m.value = w.value(depth + 1)
			n.members = append(n.members, m)
		}
		if !w.stopped {
			_, _ = w.dec.Token() // the closing bracket, which is known to be there
		}
		w.refuseTwins(&n)
	case string:
		n.kind, n.text = '"', tok
	case json.Number:
		n.kind, n.text = '0', tok.String()
	case bool:
		n.kind, n.text = 't', strconv.FormatBool(tok)
	default:
		n.kind = 'n'
	}
	n.end = int(w.dec.InputOffset())
	return n
}

// refuseTwins: of two members with one name, readers differ on which counts.
func (w *walker) refuseTwins(n *node) {
	if len(n.members) < 2 {
		return
	}
	seen := make(map[string]int, len(n.members))
	n.members = slices.DeleteFunc(n.members, func(m member) bool {
		first, twice := seen[m.name]
		if twice {
			line, _ := w.position(first)
			w.fail(m.start, fmt.Errorf("%w: the key %q, first in line %d", ErrDuplicate, clip(m.name), line))
			return true
		}
		seen[m.name] = m.start
		return false
	})
}

// canonical writes the value without white space, members in their order,
// numbers as they are spelled.
func (n *node) canonical(b []byte) []byte {
	switch n.kind {
	case '{':
		b = append(b, '{')
		for i := range n.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendText(b, n.members[i].name), ':')
			b = n.members[i].value.canonical(b)
		}
		return append(b, '}')
	case '[':
		b = append(b, '[')
		for i := range n.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = n.items[i].canonical(b)
		}
		return append(b, ']')
	case '"':
		return appendText(b, n.text)
	case 'n':
		return append(b, "null"...)
	}
	return append(b, n.text...)
}

// appendText writes a text as encoding/json does without HTML in mind.
func appendText(b []byte, s string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string is always encodable
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

package charter

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/servicecharter/charter/sla/calendar"
)

// reader turns nodes into Go values and gathers everything that is wrong.
type reader struct {
	*source
	faults    []fault
	calendars map[string]*calendar.Calendar // built, by canonical text
	specs     int
}

type fault struct {
	offset int
	field  string
	err    error
}

// at is a node and the path that leads to it.
type at struct {
	*node
	path string
}

func (r *reader) fail(v at, format string, args ...any) {
	r.faults = append(r.faults, fault{v.start, v.path, fmt.Errorf(format, args...)})
}

// read checks the syntax of a text and returns its root.
func read(text []byte) (r *reader, root at, ok bool) {
	r = &reader{source: newSource(text)}
	n, ok := r.readJSON(func(offset int, err error) { r.faults = append(r.faults, fault{offset, "", err}) })
	return r, at{&n, ""}, ok
}

// region is a stretch of the text that errors are named after.
type region struct {
	start, end int
	path       string // is cut off from the field's path
	clause     string
	change     int
}

// errors returns what was found, in the order of the text, each with the
// innermost of the regions, given from the outside in, that holds it.
func (r *reader) errors(regions []region) error {
	slices.SortStableFunc(r.faults, func(a, b fault) int { return cmp.Compare(a.offset, b.offset) })
	var errs []error
	for i, f := range r.faults {
		e := &ParseError{Field: f.field, Err: f.err}
		if i == maxErrors {
			e.Err = fmt.Errorf("%w: %d more errors from here on", ErrTooLarge, len(r.faults)-i)
		}
		e.Line, e.Column = r.position(f.offset)
		for _, g := range regions {
			if g.start <= f.offset && f.offset < g.end {
				e.Clause, e.Change = cmp.Or(g.clause, e.Clause), max(g.change, e.Change)
				if rest, ok := strings.CutPrefix(f.field, g.path); ok {
					e.Field = strings.TrimPrefix(rest, ".")
				}
			}
		}
		errs = append(errs, e)
		if i == maxErrors {
			break
		}
	}
	return errors.Join(errs...)
}

// object is a checked JSON object; its getters are for each field in turn.
type object struct {
	r *reader
	at
	ok bool
}

// object checks that v is an object with no other fields than these.
func (r *reader) object(v at, fields ...string) object {
	o := object{r, v, v.kind == '{'}
	if !o.ok {
		r.fail(v, "%w: want an object, not %s", ErrType, v.is())
		return o
	}
	for i := range v.members {
		if m := &v.members[i]; !slices.Contains(fields, m.name) {
			r.fail(at{&node{start: m.start}, v.path}, "%w %q: want one of %s", ErrUnknownField, clip(m.name), strings.Join(fields, ", "))
		}
	}
	return o
}

func (o object) get(name string) (at, bool) {
	if !o.ok {
		return at{}, false
	}
	n := o.member(name)
	if n == nil {
		return at{}, false
	}
	return at{n, join(o.path, name)}, true
}

func (o object) has(name string) bool {
	_, ok := o.get(name)
	return ok
}

// need is get for a field that must be there.
func (o object) need(name string) (at, bool) {
	v, ok := o.get(name)
	if !ok && o.ok {
		o.r.fail(at{o.node, join(o.path, name)}, "%w: the field must be there", ErrMissing)
	}
	return v, ok
}

func join(path, name string) string {
	switch {
	case path == "":
		return name
	case name == "":
		return path + `[""]`
	}
	return path + "." + name
}

func (o object) text(name string) (s string) {
	if v, ok := o.get(name); ok {
		s = o.r.text(v)
	}
	return s
}

func (o object) needText(name string) (s string) {
	if v, ok := o.need(name); ok {
		s = o.r.text(v)
	}
	return s
}

func (o object) flag(name string) bool {
	v, ok := o.get(name)
	if ok && v.kind != 't' {
		o.r.fail(v, "%w: want true or false, not %s", ErrType, v.is())
	}
	return ok && v.node.text == "true"
}

func (o object) whole(name string) int {
	v, ok := o.get(name)
	if !ok {
		return 0
	}
	return o.r.whole(v)
}

func (r *reader) whole(v at) int {
	n, err := strconv.Atoi(v.node.text)
	if v.kind != '0' || err != nil {
		r.fail(v, "%w: want a whole number", ErrType)
	}
	return n
}

func (o object) texts(name string) []string {
	return list(o, name, func(r *reader, v at) string { return r.text(v) })
}

// parse reads a text form into dst.
func (o object) parse(name string, dst encoding.TextUnmarshaler) {
	if v, ok := o.get(name); ok {
		o.r.parse(v, dst)
	}
}

// list reads a field that is a list; nil when it is not there.
func list[T any](o object, name string, each func(*reader, at) T) []T {
	v, ok := o.get(name)
	if !ok {
		return nil
	}
	return items(o.r, v, each)
}

func items[T any](r *reader, v at, each func(*reader, at) T) []T {
	if v.kind != '[' {
		r.fail(v, "%w: want a list, not %s", ErrType, v.is())
		return nil
	}
	if len(v.items) == 0 {
		r.fail(v, "%w: an empty list; leave the field out", ErrMissing)
	}
	out := make([]T, 0, len(v.items))
	for i := range v.items {
		out = append(out, each(r, at{&v.items[i], v.path + "[" + strconv.Itoa(i) + "]"}))
	}
	return out
}

// text reads a text that says something.
func (r *reader) text(v at) string {
	switch {
	case v.kind != '"':
		r.fail(v, "%w: want a text, not %s", ErrType, v.is())
	case strings.TrimSpace(v.node.text) == "":
		r.fail(v, "%w: an empty text", ErrMissing)
	}
	if v.kind != '"' {
		return ""
	}
	return v.node.text
}

func (r *reader) parse(v at, dst encoding.TextUnmarshaler) {
	before := len(r.faults)
	s := r.text(v)
	if len(r.faults) > before {
		return
	}
	if err := dst.UnmarshalText([]byte(s)); err != nil {
		r.fail(v, "%w: %w", ErrValue, err)
	}
}

// parsed makes a reader of list items from a type with a text form.
func parsed[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](r *reader, v at) (out T) {
	r.parse(v, P(&out))
	return out
}

// oneOf reads a text that must be one of those listed.
func oneOf[T ~string](o object, name string, values []T) T {
	v, ok := o.need(name)
	if !ok {
		return ""
	}
	before := len(o.r.faults)
	s := T(o.r.text(v))
	if len(o.r.faults) == before && !slices.Contains(values, s) {
		names := make([]string, len(values))
		for i, x := range values {
			names[i] = string(x)
		}
		o.r.fail(v, "%w %q: want one of %s", ErrValue, clip(string(s)), strings.Join(names, ", "))
	}
	return s
}

// raw keeps a value as it stands, white space aside.
func (v at) raw() json.RawMessage { return v.canonical(nil) }

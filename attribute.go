package charter

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Attribute declares an attribute of cases and the values it may have.
type Attribute struct {
	Name   string  `json:"-"` // as in entry fields and conditions: "tier"
	Text           // what it is called
	Values []Value `json:"values"`
	// Ordered: the values rise in the order in which they stand.
	Ordered bool `json:"ordered"`
	// Clause is the id of the clause that declares it, if any.
	Clause string `json:"clause,omitempty"`
}

// Value is one value of an attribute.
type Value struct {
	// ID is what entries record and conditions name. The value of a single
	// handbook has its prefix, such as "telecom:key".
	ID    string   `json:"id"`
	Text           // what it is called
	Words []string `json:"words,omitempty"` // how it is printed
	// Kinds limits the value to cases of these kinds; empty means all.
	Kinds []string `json:"kinds,omitempty"`
}

func (v *Value) of(kind string) bool {
	return kind == "" || len(v.Kinds) == 0 || slices.Contains(v.Kinds, kind)
}

// shares reports whether a case may have either value.
func (v *Value) shares(o *Value) bool {
	return len(v.Kinds) == 0 || len(o.Kinds) == 0 || slices.ContainsFunc(v.Kinds, o.of)
}

// Role is somebody who acts: an agent, management, a unit.
type Role struct {
	ID string `json:"id"` // as in the history package: "agent"
	Text
	Words []string `json:"words,omitempty"` // how it is printed
	// Rank is the place on the ladder, rising from 1; 0 is none.
	Rank int `json:"rank,omitempty"`
}

// attributes are written as an object, in their order.
type attributes []Attribute

func (as attributes) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range as {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(appendText(nil, as[i].Name))
		b.WriteByte(':')
		v, err := json.Marshal(&as[i])
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (as attributes) find(name string) *Attribute {
	i := slices.IndexFunc(as, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return &as[i]
}

func (a *Attribute) value(id string) *Value {
	i := slices.IndexFunc(a.Values, func(v Value) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return &a.Values[i]
}

func (r *reader) attributes(v at) (as attributes) {
	if v.kind != '{' {
		r.fail(v, "%w: want an object from attribute to its declaration, not %s", ErrType, v.is())
		return nil
	}
	for i := range v.members {
		m := &v.members[i]
		a := r.attribute(at{&m.value, join(v.path, m.name)})
		if a.Name = m.name; m.name == "" {
			r.fail(at{&m.value, v.path}, "%w: an attribute without a name", ErrMissing)
		}
		as = append(as, a)
	}
	return as
}

func (r *reader) attribute(v at) (a Attribute) {
	o := r.object(v, "en", "zh", "values", "ordered", "clause")
	a.Text = Text{o.text("en"), o.text("zh")}
	a.Ordered, a.Clause = o.flag("ordered"), o.text("clause")
	values, ok := o.need("values")
	if !ok {
		return a
	}
	if len(values.items) > maxAttributeValues {
		r.fail(values, "%w: %d values, at most %d", ErrTooLarge, len(values.items), maxAttributeValues)
		return a
	}
	a.Values = items(r, values, (*reader).value)
	r.refuseTwinValues(values, a.Values)
	return a
}

// maxAttributeValues bounds the work of comparing values with each other.
const maxAttributeValues = 1000

func (r *reader) refuseTwinValues(v at, values []Value) {
	words := map[string][]int{}
	for i := range values {
		x, here := &values[i], at{&v.items[i], v.path}
		if x.ID != "" && slices.ContainsFunc(values[:i], func(y Value) bool { return y.ID == x.ID }) {
			r.fail(here, "%w: the value %q", ErrDuplicate, clip(x.ID))
		}
		for _, w := range x.Words {
			for _, j := range words[w] {
				if y := &values[j]; j != i && x.shares(y) {
					r.fail(here, "%w: %q is printed for %s and for %s", ErrDuplicate, clip(w), clip(y.ID), clip(x.ID))
				}
			}
			words[w] = append(words[w], i)
		}
	}
}

func (r *reader) value(v at) (x Value) {
	o := r.object(v, "id", "en", "zh", "words", "kinds")
	x.Text = Text{o.text("en"), o.text("zh")}
	if id, ok := o.need("id"); ok {
		x.ID = r.id(id)
	}
	x.Words, x.Kinds = o.texts("words"), o.texts("kinds")
	return x
}

func (r *reader) roles(v at) []Role {
	roles := items(r, v, (*reader).role)
	seen := map[string]bool{}
	for i, role := range roles {
		if seen[role.ID] && role.ID != "" {
			r.fail(at{&v.items[i], v.path}, "%w: the role %q", ErrDuplicate, clip(role.ID))
		}
		seen[role.ID] = true
	}
	return roles
}

func (r *reader) role(v at) Role {
	o := r.object(v, "id", "en", "zh", "words", "rank")
	return Role{o.needText("id"), Text{o.text("en"), o.text("zh")}, o.texts("words"), o.whole("rank")}
}

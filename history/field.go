package history

import (
	"iter"
	"slices"
	"strings"
)

// Field is one fact about an entry, as text.
type Field struct{ Key, Value string }

// Fields are the facts of an entry. Their order and repetitions mean nothing: a key with two different values has both (tags), and
// the same key and value twice is one. [Fields.Canonical] gives the one order in which they are written.
type Fields []Field

// Of makes fields from keys and values in turn, in canonical order: Of("tier", "urgent", "channel", "phone"). A last key without a
// value gets the empty one.
func Of(keysAndValues ...string) Fields {
	if len(keysAndValues) == 0 {
		return nil
	}
	f := make(Fields, 0, (len(keysAndValues)+1)/2)
	for pair := range slices.Chunk(keysAndValues, 2) {
		field := Field{Key: pair[0]}
		if len(pair) == 2 {
			field.Value = pair[1]
		}
		f = append(f, field)
	}
	return f.Canonical()
}

// NewFields makes fields from a map, in canonical order; nil when it is empty.
func NewFields(m map[string]string) Fields {
	if len(m) == 0 {
		return nil
	}
	f := make(Fields, 0, len(m))
	for k, v := range m {
		f = append(f, Field{k, v})
	}
	return f.Canonical()
}

// Get returns the first value of a key, and whether there is one. It looks at one field after the other and allocates nothing.
func (f Fields) Get(key string) (string, bool) {
	for i := range f {
		if f[i].Key == key {
			return f[i].Value, true
		}
	}
	return "", false
}

// Has tells whether a key has this value.
func (f Fields) Has(key, value string) bool {
	return slices.Contains(f, Field{key, value})
}

// All gives every value of a key.
func (f Fields) All(key string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range f {
			if f[i].Key == key && !yield(f[i].Value) {
				return
			}
		}
	}
}

// Canonical returns the fields by key and then by value, each pair once. It returns f itself when that is so already, and else a
// copy. Keys are ordered as RFC 8785 orders them, by UTF-16 code units; for keys in the usual letters this is the order of the bytes.
func (f Fields) Canonical() Fields {
	if f.isCanonical() {
		return f
	}
	f = slices.Clone(f)
	slices.SortFunc(f, compareFields)
	return slices.Compact(f)
}

func (f Fields) isCanonical() bool {
	for i := 1; i < len(f); i++ {
		if compareFields(f[i-1], f[i]) >= 0 {
			return false
		}
	}
	return true
}

func compareFields(a, b Field) int {
	if c := compareKeys(a.Key, b.Key); c != 0 {
		return c
	}
	return strings.Compare(a.Value, b.Value)
}

// compareKeys orders valid UTF-8 as its UTF-16 code units would be. The two orders differ only where a character beyond U+FFFF, which
// UTF-16 writes as surrogates from D800 on, meets one from U+E000 to U+FFFF: first bytes F0 to F4 against EE and EF.
func compareKeys(a, b string) int {
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xEE && y >= 0xEE && (x < 0xF0) != (y < 0xF0) {
			x, y = y, x
		}
		if x < y {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

// Equal tells whether both say the same, whatever their order and repetitions.
func (f Fields) Equal(g Fields) bool {
	return slices.Equal(f.Canonical(), g.Canonical())
}

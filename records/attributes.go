package records

import (
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// answer is whether a condition holds, if that can be told.
type answer int

const (
	no answer = iota
	unknown
	yes
)

// values are the attributes of a record as they last stood.
type values map[string][]string

// attributesOf reads entries in the order in which things happened. An entry that sets an attribute replaces what it was.
func attributesOf(entries []history.Entry) values {
	v := values{}
	for i := range entries {
		e := &entries[i]
		if !history.SetsAttributes(e.Kind) {
			continue
		}
		for _, f := range e.Fields {
			v[f.Key] = slices.Collect(e.Fields.All(f.Key))
		}
	}
	return v
}

// meet is the outcome of a condition, as [sla.Condition] describes it: unknown when it asks for an attribute that the record lacks,
// whereas "not" holds for a record without the attribute.
func (v values) meet(c sla.Condition) answer {
	result := yes
	for _, t := range c {
		has := slices.ContainsFunc(v[t.Attribute], func(s string) bool { return slices.Contains(t.Values, s) })
		switch {
		case has == t.Not && (has || len(v[t.Attribute]) > 0):
			return no
		case !t.Not && !has:
			result = unknown
		}
	}
	return result
}

// lacks names the attributes that keep a condition from being decided.
func (v values) lacks(c sla.Condition) []string {
	var missing []string
	for _, t := range c {
		if !t.Not && len(v[t.Attribute]) == 0 {
			missing = append(missing, t.Attribute)
		}
	}
	return missing
}

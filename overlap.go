package charter

import (
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// several are the attributes of which a case may have more than one value, so
// that two conditions on different values can hold at once.
func several(attribute string) bool {
	return attribute == history.KeyTags || attribute == history.KeyPerson
}

// overlap reports whether some case can meet both conditions, as far as one
// can tell from the terms.
func overlap(a, b sla.Condition) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Attribute != y.Attribute || several(x.Attribute) {
				continue
			}
			common := func(v string) bool { return slices.Contains(y.Values, v) }
			switch {
			case !x.Not && !y.Not && !slices.ContainsFunc(x.Values, common),
				!x.Not && y.Not && !slices.ContainsFunc(x.Values, func(v string) bool { return !common(v) }),
				x.Not && !y.Not && !slices.ContainsFunc(y.Values, func(v string) bool { return !slices.Contains(x.Values, v) }):
				return false
			}
		}
	}
	return true
}

// implies reports whether every case that meets a is known to meet b.
func implies(a, b sla.Condition) bool {
	for _, y := range b {
		if !slices.ContainsFunc(a, func(x sla.Term) bool { return x.Attribute == y.Attribute && within(x, y) }) {
			return false
		}
	}
	return true
}

func within(x, y sla.Term) bool {
	inY := func(v string) bool { return slices.Contains(y.Values, v) }
	switch {
	case !x.Not && !y.Not:
		return !slices.ContainsFunc(x.Values, func(v string) bool { return !inY(v) })
	case !x.Not && y.Not:
		return !several(x.Attribute) && !slices.ContainsFunc(x.Values, inY)
	case x.Not && y.Not:
		return !slices.ContainsFunc(y.Values, func(v string) bool { return !slices.Contains(x.Values, v) })
	}
	return false
}

package ticket

import (
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// fact is something an entry can say.
type fact struct {
	text  string
	kind  history.Kind
	conds []cond
}

type cond struct {
	name   string
	values []string // empty: any but the empty text
}

const (
	nameRole  = "role"  // of the actor
	nameActor = "actor" // its id
)

// parseFact reads one alternative.
func parseFact(text string) (fact, error) {
	bad := func(why string) (fact, error) { return fact{}, fmt.Errorf("%w: fact %q: %s", ErrRules, text, why) }
	kind, rest, conditional := strings.Cut(text, "[")
	f := fact{text: text, kind: history.Kind(kind)}
	if !word(kind) {
		return bad("want an entry kind first")
	}
	if !conditional {
		return f, nil
	}
	rest, closed := strings.CutSuffix(rest, "]")
	if !closed {
		return bad("the conditions are not closed by ]")
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, values, valued := strings.Cut(part, "=")
		c := cond{name: name}
		if valued {
			c.values = strings.Split(values, "|")
		}
		if !word(name) || slices.ContainsFunc(c.values, func(v string) bool { return !word(v) }) {
			return bad("want a field, or field=value")
		}
		f.conds = append(f.conds, c)
	}
	return f, nil
}

func word(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsAny(s, "[]=|,") && !strings.Contains(s, or)
}

// or stands between alternatives.
const or = " or "

func (f *fact) holds(e *history.Entry) bool {
	return e.Kind == f.kind && !slices.ContainsFunc(f.conds, func(c cond) bool { return !c.holds(e) })
}

func (c *cond) holds(e *history.Entry) bool {
	switch c.name {
	case nameRole:
		return c.takes(e.Actor.Role)
	case nameActor:
		return c.takes(e.Actor.ID)
	}
	return slices.ContainsFunc(e.Fields, func(f history.Field) bool { return f.Key == c.name && c.takes(f.Value) })
}

func (c *cond) takes(value string) bool {
	return value != "" && (len(c.values) == 0 || slices.Contains(c.values, value))
}

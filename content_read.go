package charter

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

// SetContent sets what a clause demands of the content of records, in place of
// what it demanded before; none removes it. A host whose record classes have
// other names says so with it. In JSON:
//
//	{"op": "content", "clause": "telecom/3.2-pass-before-post",
//	 "content": [{"classes": ["staff file"], "on": "placed[post]", "where": "before", "holds": [["examined[passed=true]"]]}]}
type SetContent struct {
	Clause  string            `json:"clause"`
	Content []records.Content `json:"content,omitempty"`
}

func (SetContent) op() string { return "content" }

func (e SetContent) apply(a *amender) {
	a.one(e.Clause, func(c *Clause) error {
		c.Content = e.Content
		return cmp.Or(c.inconsistencies()...)
	})
}

func (o object) content(clause string) []records.Content {
	return list(o, "content", func(r *reader, v at) (c records.Content) {
		before := len(r.faults)
		o := r.object(v, "classes", "on", "where", "holds", "ordered", "actors", "words", "advised")
		c.Classes = o.texts("classes")
		o.parse("on", &c.On)
		if o.has("where") {
			c.Where = oneOf(o, "where", []records.Where{records.Before, records.Later, records.Itself})
		}
		c.Holds = list(o, "holds", func(r *reader, v at) []sla.Match { return items(r, v, parsed[sla.Match]) })
		c.Ordered, c.Actors, c.Advised = o.flag("ordered"), o.flag("actors"), o.flag("advised")
		if w, ok := o.get("words"); ok {
			words := r.object(w, "field", "any", "none")
			c.Words = records.Words{Field: words.needText("field"), Any: words.texts("any"), None: words.texts("none")}
		}
		sound := c
		sound.Clause = cmp.Or(clause, "-")
		r.sound(v, before, sound.Validate())
		return c
	})
}

// contentInconsistency tells whether no record can meet both the clause's
// condition and one of its demands.
func (c *Clause) contentInconsistency() error {
	for _, x := range c.Content {
		for _, t := range c.When {
			if t.Attribute == history.KeyKind && len(x.Classes) > 0 &&
				!slices.ContainsFunc(x.Classes, func(v string) bool { return slices.Contains(t.Values, v) != t.Not }) {
				return fmt.Errorf("%w: it demands something of %s, where %s", ErrContradiction, either(x.Classes), sla.Condition{t})
			}
		}
	}
	return nil
}

// content looks for entries, roles and values that nobody knows. Attributes are
// set by some kinds of entries only; the fields of all others are free.
func (l *linter) content(demands []records.Content) {
	for _, x := range demands {
		kind := ""
		if len(x.Classes) == 1 {
			kind = x.Classes[0]
		}
		if x.On.Kind != "" {
			l.held(kind, x.On)
		}
		for _, any := range x.Holds {
			for _, m := range any {
				l.held(kind, m)
			}
		}
	}
}

func (l *linter) held(kind string, m sla.Match) {
	l.matches([]sla.Match{m})
	if !history.SetsAttributes(m.Kind) {
		return
	}
	for _, f := range m.Fields {
		switch {
		case f.Name == history.KeyRole:
		case l.attributes.find(f.Name) == nil && slices.Contains(common(), f.Name):
			l.add(Finding{Code: CodeUndeclaredAttribute, Attribute: f.Name})
		default:
			l.choice(kind, f.Name, f.Values)
		}
	}
}

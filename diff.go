package charter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/sla/calendar"
)

// Difference is one value that differs between two handbooks.
type Difference struct {
	// Clause is the id of the clause; empty for the settings and for what the
	// handbook declares as a whole.
	Clause string
	// Effective is when the new value, or the lack of one, is in force.
	Effective Effective
	// Path leads to the value, such as "rule.within"; it is empty when the
	// whole clause was added or dropped, and Old or New is that clause.
	Path string
	// Old and New are JSON; empty where there was, or is, none.
	Old, New string
}

// String renders it on one line.
func (d Difference) String() string {
	var b strings.Builder
	if d.Clause != "" {
		b.WriteString(d.Clause + " ")
	}
	if (d.Effective != Effective{}) {
		b.WriteString("(" + d.Effective.String() + ") ")
	}
	switch {
	case d.Path == "" && d.Old == "":
		b.WriteString("added")
	case d.Path == "" && d.New == "":
		b.WriteString("dropped")
	case d.Old == "":
		fmt.Fprintf(&b, "%s: %s", d.Path, d.New)
	case d.New == "":
		fmt.Fprintf(&b, "%s: no longer %s", d.Path, d.Old)
	default:
		fmt.Fprintf(&b, "%s: %s → %s", d.Path, d.Old, d.New)
	}
	return b.String()
}

// Diff tells what a reviewer has to look at when after takes the place of
// before: how the declarations differ, and for each version of a clause and of
// the settings how it differs from what before has in force on the day on which
// it begins. The history of amendments is left out. Differences stand in the
// order of after, what it lacks at the end.
//
// A nil handbook is like the zero one.
func Diff(before, after *Handbook) []Difference {
	before, after = before.orZero(), after.orZero()
	d := differ{}
	d.compare("", document{before}, document{after})
	for _, s := range after.settings {
		d.effective = s.Effective
		d.compare("settings", inForce(before.settings, s.Effective.From), s)
	}
	for i := range after.clauses {
		c := &after.clauses[i]
		d.clause, d.effective = c.ID, c.Effective
		if old := before.versionOf(c.ID, c.Effective.From); old == nil {
			d.add("", nil, tree(c))
		} else {
			d.compare("", old, c)
		}
		if to := c.Effective.To; !to.IsZero() && after.versionOf(c.ID, to) == nil {
			d.dropped(before, c.ID, to)
		}
	}
	for c := range before.Clauses() {
		if _, ok := after.Clause(c.ID); !ok {
			d.dropped(before, c.ID, c.Effective.From)
		}
	}
	return d.found
}

// versionOf returns the version of a clause that is in force on a day, or nil.
func (h *Handbook) versionOf(id string, on calendar.Date) *Clause {
	v := h.versions[id]
	for i := v.from; i < v.to; i++ {
		if h.clauses[i].Effective.Holds(on) {
			return &h.clauses[i]
		}
	}
	return nil
}

// MarshalJSON writes the settings as they stand in a handbook.
func (s Settings) MarshalJSON() ([]byte, error) { return s.json() }

// document is a handbook without what has versions.
type document struct{ *Handbook }

func (d document) MarshalJSON() ([]byte, error) {
	return marshal(handbookJSON{
		ID: d.id, Version: d.version, Title: d.title, Sector: d.sector, Source: d.source, Zone: d.zone,
		Attributes: d.attributes, Roles: d.roles,
	})
}

type differ struct {
	clause    string
	effective Effective
	found     []Difference
}

func (d *differ) add(path string, old, new *node) {
	text := func(n *node) string {
		if n == nil {
			return ""
		}
		return string(n.canonical(nil))
	}
	d.found = append(d.found, Difference{d.clause, d.effective, path, text(old), text(new)})
}

// dropped notes that a clause ends on a day on which it did not end before.
func (d *differ) dropped(before *Handbook, id string, on calendar.Date) {
	if old := before.versionOf(id, on); old != nil {
		d.clause, d.effective = id, Effective{From: on}
		d.add("", tree(old), nil)
	}
}

// compare walks two values of one type as JSON.
func (d *differ) compare(path string, before, after any) { d.walk(path, tree(before), tree(after)) }

// tree is a value as it stands in JSON.
func tree(v any) *node {
	text, err := marshal(v)
	if err != nil {
		return nil
	}
	_, root, _ := read(text)
	return root.node
}

func (d *differ) walk(path string, old, new *node) {
	if old == nil || new == nil || old.kind != '{' || new.kind != '{' {
		if old == nil && new == nil || old != nil && new != nil && bytes.Equal(old.canonical(nil), new.canonical(nil)) {
			return
		}
		d.add(path, old, new)
		return
	}
	var names []string
	for _, m := range slices.Concat(new.members, old.members) {
		if !slices.Contains(names, m.name) && !slices.Contains([]string{"effective", "amended"}, m.name) {
			names = append(names, m.name)
		}
	}
	for _, name := range names {
		d.walk(join(path, name), old.member(name), new.member(name))
	}
}

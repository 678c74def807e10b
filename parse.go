package charter

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
)

const (
	maxClauses = 10_000 // versions counted one by one
	maxDates   = 400    // on which something changes
)

// ParseHandbook reads a handbook from JSON; [Schema] describes the format, and
// the package handbooks holds five of them.
//
// It is strict: unknown fields, duplicate keys and ids, unknown kinds, subjects
// and metrics, malformed spans, matches, dates and calendars are errors. All
// of them are found at once and joined as by errors.Join: each is a
// [*ParseError] that gives line, column, clause and field. What is well-formed
// but questionable, such as a value that no attribute declares or a limit
// without a figure, is left to [Handbook.Lint].
//
// Texts of more than [MaxSize] bytes, or with more values, clauses, dates or
// calendars than any handbook has, are refused with [ErrTooLarge].
//
// A handbook of 100 clauses takes about five milliseconds.
func ParseHandbook(text []byte) (*Handbook, error) {
	r, root, ok := read(text)
	if !ok {
		return nil, r.errors(nil)
	}
	h := r.handbook(root)
	if len(r.faults) > 0 {
		return nil, r.errors(clauseRegions(root))
	}
	return h, nil
}

// clauseRegions tells which lines belong to which clause.
func clauseRegions(root at) (regions []region) {
	clauses := root.member("clauses")
	if clauses == nil {
		return nil
	}
	for i := range clauses.items {
		n := &clauses.items[i]
		g := region{start: n.start, end: n.end, path: fmt.Sprintf("clauses[%d]", i)}
		if id := n.member("id"); id != nil {
			g.clause = id.text
		}
		regions = append(regions, g)
	}
	return regions
}

func (r *reader) handbook(v at) *Handbook {
	o := r.object(v, "$schema", "id", "version", "title", "sector", "source", "zone", "attributes", "roles", "patches",
		"settings", "clauses")
	h := &Handbook{}
	o.text("$schema")
	if id, ok := o.need("id"); ok {
		h.id = r.id(id)
	}
	h.version, h.sector = o.needText("version"), o.text("sector")
	if t, ok := o.need("title"); ok {
		h.title = r.both(t)
	}
	if s, ok := o.get("source"); ok {
		h.source = r.both(s)
	}
	if z, ok := o.get("zone"); ok {
		h.zone = r.text(z)
		h.location = r.location(z, h.zone)
	}
	if a, ok := o.get("attributes"); ok {
		h.attributes = r.attributes(a)
	}
	if x, ok := o.get("roles"); ok {
		h.roles = r.roles(x)
	}
	h.patches = list(o, "patches", (*reader).applied)
	dates := map[calendar.Date]bool{}
	if s, ok := o.get("settings"); ok {
		h.settings = items(r, s, (*reader).settings)
		for i := range h.settings {
			e := h.settings[i].Effective
			if i > 0 {
				r.order(at{&s.items[i], fmt.Sprintf("settings[%d]", i)}, h.settings[i-1].Effective, e)
			}
			dates[e.From], dates[e.To] = true, true
		}
	}
	if c, ok := o.need("clauses"); ok {
		h.clauses = r.clauses(c)
	}
	for i := range h.clauses {
		dates[h.clauses[i].Effective.From], dates[h.clauses[i].Effective.To] = true, true
	}
	if len(dates) > maxDates {
		r.fail(v, "%w: something changes on %d dates, at most %d", ErrTooLarge, len(dates), maxDates)
	}
	h.index()
	return h
}

func (r *reader) location(v at, zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		r.fail(v, "%w %q: want an IANA zone such as Asia/Shanghai", ErrValue, clip(zone))
		return nil
	}
	return loc
}

func (r *reader) applied(v at) Applied {
	o := r.object(v, "base", "reason", "by", "changes")
	return Applied{o.needText("base"), o.needText("reason"), o.text("by"), o.whole("changes")}
}

func (r *reader) order(v at, before, next Effective) {
	if err := checkOrder(before, next); err != nil {
		r.fail(v, "%w", err)
	}
}

func (r *reader) clauses(v at) []Clause {
	switch {
	case len(v.items) > maxClauses:
		r.fail(v, "%w: %d clauses, at most %d", ErrTooLarge, len(v.items), maxClauses)
		return nil
	case v.kind == '[' && len(v.items) == 0:
		return nil
	}
	out := items(r, v, (*reader).clause)
	r.oneLadder(v, out)
	last := map[string]int{}
	for i := range out {
		id := out[i].ID
		before, again := last[id]
		last[id] = i
		if !again || id == "" {
			continue
		}
		here := at{&v.items[i], fmt.Sprintf("clauses[%d].id", i)}
		switch {
		case out[i].Effective == out[before].Effective:
			line, _ := r.position(v.items[before].start)
			r.fail(here, "%w: the clause of line %d", ErrDuplicate, line)
		case before != i-1:
			r.fail(here, "%w: versions of a clause stand side by side", ErrEffective)
		default:
			r.order(here, out[before].Effective, out[i].Effective)
		}
	}
	return out
}

// index notes where the versions of each clause stand.
func (h *Handbook) index() {
	h.versions = make(map[string]stretch, len(h.clauses))
	for i := range h.clauses {
		v, ok := h.versions[h.clauses[i].ID]
		if !ok {
			v.from = i
		}
		v.to = i + 1
		h.versions[h.clauses[i].ID] = v
	}
}

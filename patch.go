package charter

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/servicecharter/charter/sla/calendar"
)

// Patch is a set of changes to one state of one handbook, small enough to be
// reviewed. It is written in Go or read from JSON by [ParsePatch]; both forms
// say the same:
//
//	{"base": {"handbook": "norms", "version": "2025", "digest": "sha256:…"},
//	 "reason": "agreed with the works council", "by": "service board",
//	 "effective": "2026-01-01", "zone": "Asia/Shanghai",
//	 "changes": [
//	   {"op": "basis", "basis": "business", "clauses": ["*"]},
//	   {"op": "calendar", "spec": {"zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-18:00; PH off",
//	    "days": [{"date": "2026-01-01", "name": "New Year's Day", "off": true}], "published": "2026-12-31"}},
//	   {"op": "limit", "clause": "norms/2.1.3-urgent-response", "within": "30m",
//	    "reason": "the board wants it faster", "effective": "2026-07-01"}]}
//
// Changes are applied in their order, so a later one sees what an earlier one
// did.
type Patch struct {
	// Base is the state that the patch was written for; see [Handbook.Pin].
	Base Pin
	// Reason, By and Effective hold for every change that does not say
	// otherwise. Reason and Effective are required, here or there.
	Reason string
	By     string
	// Effective is the day from whose beginning the changes are in force. Of a
	// handbook's first amendment, which names bases and sets the hours, let it
	// lie before the opening of the oldest case that is still open: a clock is
	// judged by what was in force when it started, so that older cases stay not
	// evaluable for want of a basis. Later changes reach back to nothing: they
	// begin on the day of the latest version or after it.
	Effective calendar.Date
	// Zone is the IANA zone in which the dates are civil dates. It becomes the
	// handbook's own if that has neither zone nor dates, and must else be the
	// same. Empty is the handbook's, which is UTC unless it says otherwise.
	Zone    string
	Changes []Change
}

// Change is one change of a [Patch].
type Change struct {
	Edit Edit
	// Reason and Effective take the place of the patch's. The change is in
	// force from the beginning of the day Effective.
	Reason    string
	Effective calendar.Date
}

type patchJSON struct {
	Base      Pin           `json:"base"`
	Reason    string        `json:"reason,omitempty"`
	By        string        `json:"by,omitempty"`
	Effective calendar.Date `json:"effective,omitzero"`
	Zone      string        `json:"zone,omitempty"`
	Changes   []Change      `json:"changes"`
}

// MarshalJSON writes the form that [ParsePatch] reads.
func (p Patch) MarshalJSON() ([]byte, error) {
	if p.Changes == nil {
		p.Changes = []Change{}
	}
	return marshal(patchJSON(p))
}

// UnmarshalJSON reads what [ParsePatch] reads. Lines count from the beginning
// of the patch.
func (p *Patch) UnmarshalJSON(text []byte) (err error) {
	*p, err = ParsePatch(text)
	return err
}

// MarshalJSON writes the change as it stands in a patch.
func (c Change) MarshalJSON() ([]byte, error) {
	if isNil(c.Edit) {
		return nil, fmt.Errorf("%w: a change without an edit", ErrMissing)
	}
	head, err := marshal(struct {
		Op string `json:"op"`
	}{c.Edit.op()})
	if err != nil {
		return nil, err
	}
	body, err := marshal(c.Edit)
	if err != nil {
		return nil, err
	}
	tail, err := marshal(struct {
		Reason    string        `json:"reason,omitempty"`
		Effective calendar.Date `json:"effective,omitzero"`
	}{c.Reason, c.Effective})
	if err != nil {
		return nil, err
	}
	out := head[:len(head)-1]
	for _, object := range [][]byte{body, tail} {
		if members := bytes.TrimPrefix(object[:len(object)-1], []byte("{")); len(members) > 0 {
			out = append(append(out, ','), members...)
		}
	}
	return append(out, '}'), nil
}

// isNil: a nil pointer to an edit is one too, and has no operation.
func isNil(e Edit) bool {
	v := reflect.ValueOf(e)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// String renders the patch for review, one change a line and its reason below
// where it has one of its own.
func (p Patch) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "patch for %s %s (%s)\n", p.Base.Handbook, p.Base.Version, p.Base.Digest)
	if p.Reason != "" {
		fmt.Fprintf(&b, "  reason: %s\n", p.Reason)
	}
	if p.By != "" {
		fmt.Fprintf(&b, "  by: %s\n", p.By)
	}
	if p.Zone != "" {
		fmt.Fprintf(&b, "  dates in: %s\n", p.Zone)
	}
	for i, c := range p.Changes {
		from := c.Effective
		if from.IsZero() {
			from = p.Effective
		}
		b.WriteString("  " + strconv.Itoa(i+1) + ". from " + from.String() + ": " + c.String() + "\n")
		if c.Reason != "" {
			fmt.Fprintf(&b, "     because: %s\n", c.Reason)
		}
	}
	return b.String()
}

// String renders what is changed, without date and reason: the operation and
// its fields as in JSON.
func (c Change) String() string {
	if isNil(c.Edit) {
		return "nothing"
	}
	text, err := marshal(c.Edit)
	if err != nil {
		return c.Edit.op() + " (" + err.Error() + ")"
	}
	_, root, ok := read(text)
	if !ok {
		return c.Edit.op()
	}
	s := c.Edit.op()
	for _, m := range root.members {
		s += " " + m.name + "=" + string(m.value.canonical(nil))
	}
	return s
}

// ParsePatch reads a patch from JSON, as strictly as [ParseHandbook]: all
// errors at once, each a [*ParseError] that gives line, column, the number of
// the change and the field. Whether it fits a handbook is told by
// [Handbook.Amend].
func ParsePatch(text []byte) (Patch, error) {
	r, root, ok := read(text)
	if !ok {
		return Patch{}, r.errors(nil)
	}
	p := r.patch(root)
	if len(r.faults) > 0 {
		return Patch{}, r.errors(changeRegions(root))
	}
	return p, nil
}

func changeRegions(root at) (regions []region) {
	changes := root.member("changes")
	if changes == nil {
		return nil
	}
	for i := range changes.items {
		n := &changes.items[i]
		g := region{start: n.start, end: n.end, path: fmt.Sprintf("changes[%d]", i), change: i + 1}
		switch c := n.member("clause"); {
		case c == nil:
		case c.kind == '"':
			g.clause = c.text
		case c.member("id") != nil:
			g.clause = c.member("id").text
		}
		regions = append(regions, g)
	}
	return regions
}

const maxChanges = 10_000

func (r *reader) patch(v at) (p Patch) {
	o := r.object(v, "base", "reason", "by", "effective", "zone", "changes")
	if b, ok := o.need("base"); ok {
		base := r.object(b, "handbook", "version", "digest")
		p.Base = Pin{base.needText("handbook"), base.needText("version"), base.needText("digest")}
	}
	p.Reason, p.By = o.text("reason"), o.text("by")
	o.parse("effective", &p.Effective)
	if z, ok := o.get("zone"); ok {
		p.Zone = r.text(z)
		r.location(z, p.Zone)
	}
	given := map[string]bool{"reason": o.lacking("reason"), "effective": o.lacking("effective")}
	changes, ok := o.need("changes")
	if ok && len(changes.items) > maxChanges {
		r.fail(changes, "%w: %d changes, at most %d", ErrTooLarge, len(changes.items), maxChanges)
		return p
	}
	if !ok {
		return p
	}
	if changes.kind == '[' && len(changes.items) == 0 {
		r.fail(changes, "%w: there are no changes", ErrNoChange)
		return p
	}
	p.Changes = items(r, changes, func(r *reader, v at) Change { return r.change(v, given) })
	return p
}

// lacking checks that the patch, or some of its changes, give what each change
// needs, and reports whether the patch itself settles it for all of them.
// Where nobody gives it, that is said once.
func (o object) lacking(name string) (given bool) {
	if o.has(name) || !o.ok {
		return true
	}
	if changes, ok := o.get("changes"); ok {
		for i := range changes.items {
			if changes.items[i].member(name) != nil {
				return false
			}
		}
	}
	o.r.fail(at{o.node, join(o.path, name)}, "%w: neither the patch nor any of its changes gives it", ErrMissing)
	return true
}

// change reads a change; given tells what the patch gives for it.
func (r *reader) change(v at, given map[string]bool) (c Change) {
	if v.kind != '{' {
		r.object(v)
		return c
	}
	name := v.member("op")
	if name == nil || edits[name.text] == nil {
		oneOf(object{r, v, true}, "op", sortedKeys(edits))
		return c
	}
	read := edits[name.text]
	o := r.object(v, append([]string{"op", "reason", "effective"}, read.fields...)...)
	c.Edit = read.edit(o)
	c.Reason = o.text("reason")
	o.parse("effective", &c.Effective)
	for _, name := range []string{"reason", "effective"} {
		if !o.has(name) && !given[name] {
			r.fail(at{v.node, join(v.path, name)}, "%w: neither the change nor the patch gives it", ErrMissing)
		}
	}
	return c
}

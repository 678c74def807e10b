package charter

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/sla/calendar"
)

// Amend puts a patch on the handbook and returns the result; the handbook
// itself stays as it is. For each clause, and for the settings as a whole, the
// result keeps every version with the dates on which it is in force: instants
// before the effective date are judged as before, so that an edit never moves a
// verdict. (The library reads no clock: a patch that says it took effect last
// year is believed.) A change that takes effect on the very day on which the
// latest version does refines that version; one that would take effect before
// it is refused.
//
// Whatever is wrong is found at once and joined as by errors.Join, each a
// [*PatchError] that names the number of the change, its operation and the
// clause. First that is what is wrong with the patch as it stands: all that
// [ParsePatch] refuses, which a patch made in Go is held to as well, and a pin
// that does not match ([ErrStale]). Of a sound patch it is what does not fit: a
// clause that is not there ([ErrUnknownClause]) or is of another kind
// ([ErrKind]), a change that changes nothing ([ErrNoChange]), dates that reach
// back ([ErrEffective]). And last, what cannot be compiled: the change named is
// the one after which it could not. Nothing is done then. A nil handbook is like
// the zero one.
func (h *Handbook) Amend(p Patch) (*Handbook, error) {
	h = h.orZero()
	sound, errs := p.normal()
	if pin := h.Pin(); p.Base != pin && !slices.Contains([]string{p.Base.Handbook, p.Base.Version, p.Base.Digest}, "") {
		errs = append(errs, &PatchError{Err: stale(p.Base, pin)})
	}
	if len(errs) > 0 {
		return nil, p.errors(errs)
	}
	p = sound
	out, errs := h.amend(p)
	if len(errs) > 0 {
		return nil, p.errors(errs)
	}
	if _, err := out.Plan(); err != nil {
		return nil, p.errors(h.blame(p, out, err))
	}
	return out, nil
}

// amend puts a sound patch on the handbook, without compiling the result.
func (h *Handbook) amend(p Patch) (*Handbook, []error) {
	a := newAmender(h, p)
	a.zone()
	for i, c := range p.Changes {
		a.change = i + 1
		a.on = c.Effective
		if a.on.IsZero() {
			a.on = p.Effective
		}
		a.note = Amendment{c.Edit.op(), cmp.Or(c.Reason, p.Reason), p.By}
		c.Edit.apply(a)
	}
	if len(a.errs) > 0 {
		return nil, a.errs
	}
	return a.finish()
}

// amender is a handbook in the making.
type amender struct {
	base       *Handbook
	patch      Patch
	location   string
	groups     [][]Clause // versions of each clause, oldest first
	index      map[string]int
	settings   []Settings
	attributes attributes
	roles      []Role
	errs       []error

	// The change at work:
	change int
	on     calendar.Date
	note   Amendment
}

func newAmender(h *Handbook, p Patch) *amender {
	a := &amender{
		base: h, patch: p, location: h.zone, index: map[string]int{}, settings: slices.Clone(h.settings),
		attributes: slices.Clone(h.attributes), roles: slices.Clone(h.roles),
	}
	for _, c := range h.clauses {
		i, ok := a.index[c.ID]
		if !ok {
			i = len(a.groups)
			a.index[c.ID] = i
			a.groups = append(a.groups, nil)
		}
		a.groups[i] = append(a.groups[i], c)
	}
	return a
}

func (a *amender) fail(clause, format string, args ...any) {
	a.errs = append(a.errs, &PatchError{Change: a.change, Clause: clause, Err: fmt.Errorf(format, args...)})
}

// zone settles in which zone the dates are.
func (a *amender) zone() {
	if a.patch.Zone == "" || a.patch.Zone == a.location {
		return
	}
	dated := func(e Effective) bool { return e != Effective{} }
	switch {
	case a.location != "":
		a.fail("", "%w: dates in %s, but the handbook's are in %s", ErrContradiction, a.patch.Zone, a.location)
	case slices.ContainsFunc(a.base.clauses, func(c Clause) bool { return dated(c.Effective) }),
		slices.ContainsFunc(a.settings, func(s Settings) bool { return dated(s.Effective) }):
		a.fail("", "%w: dates in %s, but the handbook has dates in UTC already", ErrContradiction, a.patch.Zone)
	}
	a.location = a.patch.Zone
}

// group returns the versions of a clause whose latest can be changed from
// a.on, or nil after an error.
func (a *amender) group(id string) *[]Clause {
	i, ok := a.index[id]
	if !ok {
		a.fail(id, "%w", ErrUnknownClause)
		return nil
	}
	last := a.groups[i][len(a.groups[i])-1].Effective
	switch {
	case ended(last, a.on):
		a.fail(id, "%w: not in force after %v", ErrUnknownClause, last.To)
		return nil
	case last.From.Compare(a.on) > 0:
		a.fail(id, "%w: %v lies before the latest version, which is in force %s", ErrEffective, a.on, last)
		return nil
	}
	return &a.groups[i]
}

func ended(e Effective, on calendar.Date) bool { return !e.To.IsZero() && e.To.Compare(on) <= 0 }

// edit changes a clause from a.on, and reports whether that changed anything.
// The function works on a copy and replaces slices, never their elements.
func (a *amender) edit(id string, change func(*Clause) error) bool {
	versions := a.group(id)
	if versions == nil {
		return true // an error has been noted already
	}
	last := &(*versions)[len(*versions)-1]
	next := *last
	if err := change(&next); err != nil {
		a.fail(id, "%w", err)
		return true
	}
	before, err1 := last.MarshalJSON()
	after, err2 := next.MarshalJSON()
	if err := errors.Join(err1, err2); err != nil {
		a.fail(id, "%w: %w", ErrValue, err)
		return true
	}
	if bytes.Equal(before, after) {
		return false
	}
	if last.Effective.From == a.on {
		next.Amended = append(slices.Clone(last.Amended), a.note)
		*last = next
		return true
	}
	next.Effective.From, next.Amended = a.on, []Amendment{a.note}
	last.Effective.To = a.on
	*versions = append(*versions, next)
	return true
}

func (a *amender) nothing(clause string) {
	a.fail(clause, "%w: %s says what holds already", ErrNoChange, a.note.Op)
}

// one edits a clause that the change names.
func (a *amender) one(id string, change func(*Clause) error) {
	if !a.edit(id, change) {
		a.nothing(id)
	}
}

// deadlines edits the deadlines that the change lists.
func (a *amender) deadlines(ids []string, applies func(Deadline) bool, change func(Deadline) (Deadline, error)) {
	wrap := func(c *Clause) error {
		d, ok := c.Rule.(Deadline)
		if !ok {
			return fmt.Errorf("%w: %s", ErrKind, c.Kind)
		}
		d, err := change(d)
		c.Rule = d
		return err
	}
	a.every(ids, func(c *Clause) bool { d, ok := c.Rule.(Deadline); return ok && applies(d) }, wrap)
}

// every edits the clauses that the change lists or, for [Every], those to
// which it applies and that are not dropped by a.on.
func (a *amender) every(ids []string, applies func(*Clause) bool, change func(*Clause) error) {
	if !slices.Equal(ids, []string{Every}) {
		for _, id := range ids {
			a.one(id, change)
		}
		return
	}
	changed := false
	for i := range a.groups {
		last := a.groups[i][len(a.groups[i])-1]
		if applies(&last) && !ended(last.Effective, a.on) && a.edit(last.ID, change) {
			changed = true
		}
	}
	if !changed {
		a.fail("", "%w: there is no clause for %s to change", ErrNoChange, a.note.Op)
	}
}

// set changes the settings from a.on.
func (a *amender) set(change func(*Settings)) {
	var last Settings
	n := len(a.settings)
	if n > 0 && !ended(a.settings[n-1].Effective, a.on) {
		last = a.settings[n-1]
	}
	if last.Effective.From.Compare(a.on) > 0 {
		a.fail("", "%w: %v lies before the latest settings, which are in force %s", ErrEffective, a.on, last.Effective)
		return
	}
	next := last.clone()
	change(&next)
	before, err1 := last.json()
	after, err2 := next.json()
	switch err := errors.Join(err1, err2); {
	case err != nil:
		a.fail("", "%w: %w", ErrValue, err)
		return
	case bytes.Equal(before, after):
		a.nothing("")
		return
	}
	// The settings that hold without any being declared are a version too.
	declared := n > 0 && !ended(a.settings[n-1].Effective, a.on)
	if declared && last.Effective.From == a.on {
		next.Amended = append(slices.Clone(last.Amended), a.note)
		a.settings[n-1] = next
		return
	}
	next.Effective.From, next.Amended = a.on, []Amendment{a.note}
	if declared {
		a.settings[n-1].Effective.To = a.on
	}
	a.settings = append(a.settings, next)
}

func (s Settings) json() ([]byte, error) {
	return marshal(s.form())
}

func (s *Settings) form() settingsJSON {
	return settingsJSON{s.Effective, s.Calendars, s.Pauses, s.Semantics, s.Provides, s.Amended}
}

// finish reads the result back, so that whatever Amend returns is a handbook
// that ParseHandbook accepts.
func (a *amender) finish() (*Handbook, []error) {
	h := &Handbook{
		id: a.base.id, version: a.base.version, sector: a.base.sector, title: a.base.title, source: a.base.source,
		zone: a.location, attributes: a.attributes, roles: a.roles, settings: a.settings,
		clauses: slices.Concat(a.groups...),
		patches: append(slices.Clone(a.base.patches), Applied{a.patch.Base.Digest, a.reason(), a.patch.By, len(a.patch.Changes)}),
	}
	text, err := h.MarshalJSON()
	if err != nil {
		return nil, []error{&PatchError{Err: fmt.Errorf("%w: %w", ErrValue, err)}}
	}
	out, err := ParseHandbook(text)
	return out, unplaced(err)
}

// reason is the patch's, or those of its changes.
func (a *amender) reason() string {
	if a.patch.Reason != "" {
		return a.patch.Reason
	}
	var all []string
	for _, c := range a.patch.Changes {
		if !slices.Contains(all, c.Reason) {
			all = append(all, c.Reason)
		}
	}
	return strings.Join(all, "; ")
}

package charter

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// errors joins what is wrong with the patch, the patch itself first and then
// change by change, each with the operation of its change.
func (p Patch) errors(errs []error) error {
	change := func(err error) int {
		if e := (*PatchError)(nil); errors.As(err, &e) {
			return e.Change
		}
		return 0
	}
	slices.SortStableFunc(errs, func(a, b error) int { return cmp.Compare(change(a), change(b)) })
	for _, err := range errs {
		var e *PatchError
		if errors.As(err, &e) && 0 < e.Change && e.Change <= len(p.Changes) && !isNil(p.Changes[e.Change-1].Edit) {
			e.Op = p.Changes[e.Change-1].Edit.op()
		}
	}
	return errors.Join(errs...)
}

// normal sends the patch through its JSON form, so that one made in Go is held
// to the same rules as one read from a file, and shares no memory with it. What
// has no JSON form is told here, and something harmless stands in for it.
func (p Patch) normal() (Patch, []error) {
	var errs []error
	fail := func(change int, field string, err error) {
		errs = append(errs, &PatchError{Change: change, Field: field, Err: err})
	}
	p.Changes = slices.Clone(p.Changes)
	replaced := map[int]bool{}
	date := func(change int, d *calendar.Date) {
		if _, err := d.MarshalText(); err != nil && !d.IsZero() {
			fail(change, "effective", fmt.Errorf("%w: %w", ErrValue, err))
			*d = calendar.Date{Year: 2000, Month: 1, Day: 1}
		}
	}
	date(0, &p.Effective)
	for i := range p.Changes {
		c := &p.Changes[i]
		date(i+1, &c.Effective)
		switch _, err := c.MarshalJSON(); {
		case err == nil:
			continue
		case isNil(c.Edit):
			fail(i+1, "", fmt.Errorf("%w: a change without an edit", ErrMissing))
		default:
			fail(i+1, "", fmt.Errorf("%w: %w", ErrValue, innermost(err)))
		}
		c.Edit, replaced[i+1] = DropClause{"-"}, true
	}
	text, err := p.MarshalJSON()
	if err != nil {
		return p, append(errs, &PatchError{Err: fmt.Errorf("%w: %w", ErrValue, err)})
	}
	q, err := ParsePatch(text)
	for _, err := range unplaced(err) {
		if e := (*PatchError)(nil); errors.As(err, &e) && replaced[e.Change] {
			e.Clause = "" // is that of the stand-in
		}
		errs = append(errs, err)
	}
	return q, errs
}

// innermost takes off what encoding/json says of Go types.
func innermost(err error) error {
	for m := (*json.MarshalerError)(nil); errors.As(err, &m); {
		err = m.Err
	}
	return err
}

// unplaced turns parse errors of a text that nobody has seen into errors
// without a line.
func unplaced(err error) (out []error) {
	for _, err := range each(err) {
		var p *ParseError
		if errors.As(err, &p) {
			err = &PatchError{Change: p.Change, Clause: p.Clause, Field: p.Field, Err: p.Err}
		}
		out = append(out, err)
	}
	return out
}

// each takes joined errors apart.
func each(err error) []error {
	switch joined := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		return joined.Unwrap()
	}
	return []error{err}
}

func stale(base, pin Pin) error {
	switch {
	case base.Handbook != pin.Handbook:
		return fmt.Errorf("%w: it is for %q, this is %q", ErrStale, clip(base.Handbook), pin.Handbook)
	case base.Version != pin.Version:
		return fmt.Errorf("%w: it is for version %q, this is %q", ErrStale, clip(base.Version), pin.Version)
	}
	return fmt.Errorf("%w: it is for the state %s, this is %s", ErrStale, clip(base.Digest), pin.Digest)
}

// misfit is a clause that the engine does not take.
type misfit struct{ clause, why string }

// misfits compiles limit by limit what did not compile as a whole, and tells
// each mistake once, whatever number of revisions it is in.
func (h *Handbook) misfits() (found map[misfit]error, order []misfit) {
	found = map[misfit]error{}
	revisions, _ := h.revisions(false)
	for _, r := range revisions {
		for _, t := range r.Targets {
			r.Targets = []sla.Target{t}
			_, err := sla.Compile(r)
			for _, err := range each(err) {
				why := err
				if parts := each(err); len(parts) > 1 {
					why = parts[len(parts)-1]
				}
				m := misfit{t.ID, why.Error()}
				if _, again := found[m]; !again {
					found[m] = err
					order = append(order, m)
				}
			}
		}
	}
	return found, order
}

// mostProbes bounds how often a patch is tried in part to find the change that
// is at fault; one search through the longest patch takes fourteen.
const mostProbes = 20

// blame tells of each limit that does not compile after the patch which change
// it was after which it did not. Where too many are at fault, the rest go
// without the number.
func (h *Handbook) blame(p Patch, out *Handbook, err error) (errs []error) {
	var found map[misfit]error
	var order []misfit
	if !errors.Is(err, ErrTooLarge) {
		found, order = out.misfits()
	}
	if len(order) == 0 {
		return []error{&PatchError{Err: fmt.Errorf("%w: %w", ErrValue, err)}}
	}
	if n := len(order); n > maxErrors {
		order = order[:maxErrors]
		errs = append(errs, &PatchError{Err: fmt.Errorf("%w: %d more errors of this kind", ErrTooLarge, n-maxErrors)})
	}
	memory := map[int]map[misfit]error{len(p.Changes): found}
	spent := false
	after := func(changes int) map[misfit]error {
		if _, ok := memory[changes]; !ok {
			if spent = spent || len(memory) > mostProbes; spent {
				return nil
			}
			q := p
			q.Changes = p.Changes[:changes]
			if part, errs := h.amend(q); len(errs) == 0 {
				memory[changes], _ = part.misfits()
			}
		}
		return memory[changes]
	}
	for _, m := range order {
		change := sort.Search(len(p.Changes), func(n int) bool {
			_, there := after(n)[m]
			return there
		})
		if spent {
			change = 0
		}
		errs = append(errs, &PatchError{Change: change, Clause: m.clause, Err: fmt.Errorf("%w: %w", ErrValue, found[m])})
	}
	return errs
}

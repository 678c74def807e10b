package charter

import (
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Needs is what a clause with a clock reads of a case: with it a host knows
// which of its columns the clause wants. It is what the engine runs on: the
// entries of the standard metric, or those that the clause or a [SetEnds] puts
// in their place, with the pauses and semantics of the settings. Its slices are
// the caller's.
type Needs struct {
	// Start are the entries that start the clock; any of them does.
	Start []sla.Match `json:"start"`
	// Stop are the entries that stop it; any of them does. StopAll are entries
	// of which every one must have happened. Only one of the two is there.
	Stop    []sla.Match `json:"stop,omitempty"`
	StopAll []sla.Match `json:"stop_all,omitempty"`
	// Pause are the entries that hold it, and Resume those that let it go on;
	// empty when nothing pauses it.
	Pause  []sla.Match `json:"pause,omitempty"`
	Resume []sla.Match `json:"resume,omitempty"`
	// Due is the field of the start entry that records a promised date, for a
	// clause that takes its limit from there.
	Due string `json:"due,omitempty"`
	// Attributes are those that the clause's condition reads, in its order.
	Attributes []string `json:"attributes,omitempty"`
	// Missing are the kinds without which the clause is not evaluable and which
	// [Settings].Provides does not list. Of several that would do alone, all are
	// named.
	Missing []history.Kind `json:"missing,omitempty"`
}

// Needs tells what the latest version of a clause reads of a case, under the
// settings that hold last. ok is false for an id that the handbook does not
// have and for a clause that runs no clock: only deadlines do, and escalations
// with a time of their own.
func (h *Handbook) Needs(clauseID string) (n Needs, ok bool) {
	h = h.orZero()
	c, ok := h.Clause(clauseID)
	if !ok {
		return Needs{}, false
	}
	s := inForce(h.settings, lastDay)
	t, ok := c.target(s)
	if !ok {
		return Needs{}, false
	}
	return needs(&t, s), true
}

func needs(t *sla.Target, s Settings) Needs {
	m := t.Metric
	n := Needs{
		Start: slices.Clone(m.Start), Stop: slices.Clone(m.Stop), StopAll: slices.Clone(m.StopAll),
		Pause: slices.Clone(m.Pause), Resume: slices.Clone(m.Resume), Due: m.DueField, Missing: missing(m, s.Provides),
	}
	for _, term := range t.When {
		if !slices.Contains(n.Attributes, term.Attribute) {
			n.Attributes = append(n.Attributes, term.Attribute)
		}
	}
	return n
}

// missing mirrors what the engine reports in Clock.Missing under
// sla.Revision.Provides.
func missing(m sla.Metric, provides []history.Kind) (kinds []history.Kind) {
	if provides == nil {
		return nil
	}
	absent := func(ms []sla.Match) (out []history.Kind) {
		for _, x := range ms {
			if !slices.Contains(provides, x.Kind) && !slices.Contains(out, x.Kind) {
				out = append(out, x.Kind)
			}
		}
		return out
	}
	allOf := func(ms []sla.Match) bool {
		return !slices.ContainsFunc(ms, func(x sla.Match) bool { return slices.Contains(provides, x.Kind) })
	}
	switch {
	case allOf(m.Start) && !m.Conditional:
		return absent(m.Start)
	case len(m.Stop) > 0 && allOf(m.Stop):
		return absent(m.Stop)
	}
	return absent(m.StopAll)
}

package charter

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Judgement is what a handbook says about one case at one instant.
type Judgement struct {
	Case string
	At   time.Time // the instant of judgement
	// Clocks are all clocks of the case, those of ended cycles first. Each
	// names its clause in Target.
	Clocks []sla.Clock
	// Next is the next instant at which anything changes without a further
	// entry; zero when nothing will. A host that stores it in its row knows
	// when to judge again.
	Next time.Time
	// Findings tell where the case is described in words that the handbook
	// does not have, and whether it was on hold for nothing.
	Findings []Finding
	// Faults are what history.Check finds in the data of the case, entries
	// after At included: facts to doubt. The case is judged all the same.
	Faults []history.Finding

	handbook *Handbook
	compiled *compiled
	entries  []history.Entry
}

// Judge judges a case by the handbook as of now: what is due when, what was
// kept, and what is not evaluable and why. It is a pure function of its
// arguments; entries out of order are put in order, and a history without
// entries gives no clocks. Entries that happen after now are left out of the
// clocks, but count for Next: a host that already knows of one is called when it
// happens.
//
// Judge takes an entry that is not there for something that has not happened.
// A host that never records some kinds of entries says so once, with
// [SetProvides]: else a clause that waits for one, such as "answered and checked
// within ten minutes" for a table without a column for checked, counts as
// breached in every case.
//
// Every instant is judged by the clauses in force then, as Semantics.Revise
// says. The handbook is compiled at the first call; after that a case of ten
// entries takes some tens of microseconds. An error is that of
// [Handbook.Plan], or sla.ErrInstant for an entry or a now outside the years
// that clocks can count, the zero time among them; it names the case.
func (h *Handbook) Judge(c history.History, now time.Time) (Judgement, error) {
	h = h.orZero()
	j := Judgement{Case: c.Case, At: now, handbook: h, entries: c.Entries}
	fail := func(err error) (Judgement, error) {
		return Judgement{}, fmt.Errorf("charter: case %q: %w", clip(c.Case), err)
	}
	var err error
	if j.compiled, err = h.compileFor(c); err != nil {
		return fail(err)
	}
	if j.Clocks, err = j.compiled.plan.Evaluate(nil, c.Entries, now); err != nil {
		return fail(err)
	}
	if j.Next, _, err = j.compiled.plan.Next(c.Entries, now); err != nil {
		return fail(err)
	}
	sorted := c.Sorted().Entries
	j.Findings = h.unmapped(sorted, now)
	if j.compiled.pauseless {
		j.Findings = append(j.Findings, onHold(sorted, now)...)
	}
	j.Faults = history.Check(c)
	return j, nil
}

// Clause returns the clause that a clock of this judgement is about, in the
// version that judged it.
func (j Judgement) Clause(c sla.Clock) (Clause, bool) {
	if j.handbook == nil {
		return Clause{}, false
	}
	if on, ok := j.compiled.dates[c.Revision]; ok {
		if v := j.handbook.versionOf(c.Target, on); v != nil {
			return *v, true
		}
	}
	return Clause{}, false
}

// Headline returns the governing clock, as sla.Headline does.
func (j Judgement) Headline() (sla.Clock, bool) { return sla.Headline(j.Clocks) }

// Notices returns the warnings, reminders, breaches and escalations that fell
// due within the window: what a host writes to its outbox. A zero Until is the
// instant of the judgement, beyond which it knows nothing, so that the zero
// Window is all there has been. The ids are stable, whoever computes them
// however often.
func (j Judgement) Notices(w sla.Window) []sla.Notice {
	if w.Until.IsZero() {
		w.Until = j.At
	}
	return sla.Notices(j.Case, j.Clocks, w)
}

// ProvisionalDues lists the deadlines that may still move, because they lie
// beyond the published holidays: what a host keeps for [Judgement.Revised], as
// sla.ProvisionalDues says.
func (j Judgement) ProvisionalDues() []sla.ProvisionalDue { return sla.ProvisionalDues(j.Clocks) }

// Revised returns a notice for each deadline that was told while it was
// provisional and that has moved since, because this judgement is by a handbook
// with newer days or rules. It is sla.Revised: pure, with stable ids.
func (j Judgement) Revised(told ...sla.ProvisionalDue) []sla.Notice {
	return sla.Revised(j.Case, told, j.Clocks, j.At)
}

// onHold finds the first hold of a case.
func onHold(entries []history.Entry, now time.Time) []Finding {
	for i := range entries {
		e := &entries[i]
		if e.At.After(now) {
			break
		}
		if e.Kind == history.Held {
			reason, _ := e.Fields.Get("reason")
			return []Finding{{Code: CodeNoPause, Value: cmp.Or(reason, string(history.Held)), Seq: e.Seq}}
		}
	}
	return nil
}

// unmapped finds attributes and values that the handbook does not declare. One
// that is set again and again is found once.
func (h *Handbook) unmapped(entries []history.Entry, now time.Time) (out []Finding) {
	add := func(f Finding) {
		if !slices.ContainsFunc(out, func(o Finding) bool {
			return o.Code == f.Code && o.Attribute == f.Attribute && o.Value == f.Value
		}) {
			out = append(out, f)
		}
	}
	kind := ""
	for i := range entries {
		e := &entries[i]
		if e.At.After(now) {
			break
		}
		if !history.SetsAttributes(e.Kind) {
			continue
		}
		if k, ok := e.Fields.Get(history.KeyKind); ok {
			kind = k
		}
		for _, f := range e.Fields {
			if isFree(f.Key) || f.Key == history.KeyKind && f.Value == KindDuty {
				continue
			}
			finding := Finding{Attribute: f.Key, Value: f.Value, Seq: e.Seq}
			a := h.attributes.find(f.Key)
			if a == nil {
				if slices.Contains(common(), f.Key) {
					finding.Code = CodeUnmappedAttribute
					add(finding)
				}
				continue
			}
			switch v := a.value(f.Value); {
			case v == nil:
				finding.Code = CodeUnmappedValue
				add(finding)
			case !v.of(kind):
				finding.Code, finding.Other = CodeValueOfOtherKind, kind
				add(finding)
			}
		}
	}
	return out
}

// common are the attributes of the common vocabulary whose values handbooks
// declare.
func common() []string {
	return []string{
		history.KeyKind, history.KeyRequest, history.KeyClass, history.KeyTier, history.KeyComplexity, history.KeySeverity,
		history.KeyImportance, history.KeyChannel, history.KeySource, history.KeyLevel,
	}
}

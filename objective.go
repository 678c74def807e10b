package charter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// Objective is a bound on a figure over many facts: the rule of a clause of
// kind objective, such as satisfaction of at least 90% or a mean response
// within 30 seconds. Whom or what the figure is about stands in the id of the
// measure (satisfaction-attitude, mttr/fault), not in the clause's When, so that
// a figure of something else is never held against the bound.
//
// Where the text prints no figure both bounds are zero. Then [Handbook.Lint]
// lists the clause, and until [SetObjective] sets a bound nothing is judged.
type Objective struct {
	// Measure is the id of a measure of package quality/measure, or of one of the
	// host's own.
	Measure string `json:"measure"`
	// AtLeast and AtMost are the bounds, both included; a range is both.
	AtLeast Figure `json:"at_least,omitzero"`
	AtMost  Figure `json:"at_most,omitzero"`
	// Year is the civil year for which the text sets the bound: it binds in no
	// other, and a host that renews the objective says so by an amendment. Zero
	// is every year.
	Year int `json:"year,omitempty"`
}

func (Objective) rule() {}

// Figure is a number with its unit. The text form is that of the handbooks:
// "90 pct", "0.1 pct", "30 s", "40 score". The zero Figure is none.
type Figure struct {
	Value decimal.Decimal
	Unit  quality.Unit
}

// IsZero reports whether there is no figure. A figure of 0 with a unit is one.
func (f Figure) IsZero() bool { return f.Unit == "" }

// String returns the text form; empty for no figure. A number that is too long
// for [Figure.MarshalText] is not written out.
func (f Figure) String() string {
	switch {
	case f.IsZero():
		return ""
	case !written(f.Value):
		return "a number of too many digits " + string(f.Unit)
	}
	return f.Value.String() + " " + string(f.Unit)
}

// MarshalText returns the text form. It refuses with [ErrValue] a number that
// takes more than 64 digits to write out, such as 10 to the power of a billion.
func (f Figure) MarshalText() ([]byte, error) {
	if !f.IsZero() && !written(f.Value) {
		return nil, errDigits
	}
	return []byte(f.String()), nil
}

var errDigits = fmt.Errorf("%w: a number of more than 64 digits", ErrValue)

// written reports whether a number is short when it is written out. A decimal
// with a huge exponent takes a few bytes, and its text gigabytes.
func written(d decimal.Decimal) bool {
	const digits = 64
	return d.NumDigits() <= digits && d.Exponent() >= -digits && d.NumDigits()+int(d.Exponent()) <= digits
}

// numberText is a number as people write it, with at most 30 digits on either
// side of the point.
const numberText = `-?[0-9]{1,30}(\.[0-9]{1,30})?`

// UnmarshalText reads the text form. It refuses a unit that package quality does
// not know, a share that does not lie between 0 and 1, an exponent, and more
// than 30 digits on either side of the point.
func (f *Figure) UnmarshalText(text []byte) error {
	number, unit, _ := strings.Cut(string(text), " ")
	value, err := parseNumber(number)
	if err != nil || unit == "" {
		return fmt.Errorf("%q: want a number and a unit, such as 90 pct", clip(string(text)))
	}
	o := quality.Objective{Measure: "figure", Bound: quality.AtLeast, Figure: value, Unit: quality.Unit(unit)}
	if err := o.Check(nil); err != nil {
		return err
	}
	*f = Figure{value, quality.Unit(unit)}
	return nil
}

func parseNumber(text string) (decimal.Decimal, error) {
	if ok, err := regexp.MatchString("^"+numberText+"$", text); !ok || err != nil {
		return decimal.Decimal{}, fmt.Errorf("%q: want a number, such as 20 or 0.5", clip(text))
	}
	return decimal.NewFromString(text)
}

// Objectives returns what the handbook asks of figures over many facts, as of
// an instant: the objectives of the clauses in force that have a bound, in the
// order of the handbook, each with its clause; a clause with two bounds gives
// two. One that is set for a year is among them in that year only, counted in
// [Handbook.Location]; see [Objective.Bounds] for one that is not. The slice is
// the caller's.
//
// Hold the figures of a period against what was asked in it: at lies in the
// period, not after it.
//
//	for _, o := range h.Objectives(at) {
//		row, ok := tally.Total(o.Measure) // see package quality/measure
//		assessment, err := row.Assess(o, 0.95)
//	}
func (h *Handbook) Objectives(at time.Time) []quality.Objective {
	var out []quality.Objective
	for c := range h.InForce(at) {
		o, ok := c.Rule.(Objective)
		if ok && (o.Year == 0 || o.Year == dateIn(at, h.Location()).Year) {
			out = append(out, o.Bounds(c.ID)...)
		}
	}
	return out
}

// Bounds returns the bounds of the objective of a clause, at least before at
// most, whatever the year for which they are set; none where no figure is. What
// is held against one is shown to two decimal places, and always to one more
// than the bound has, so that 99.98% is not shown as 100%. The slice is the
// caller's.
func (o Objective) Bounds(clause string) (out []quality.Objective) {
	for _, b := range []struct {
		bound quality.Bound
		Figure
	}{{quality.AtLeast, o.AtLeast}, {quality.AtMost, o.AtMost}} {
		if !b.IsZero() {
			out = append(out, quality.Objective{
				Clause: clause, Measure: o.Measure, Bound: b.bound, Figure: b.Value, Unit: b.Unit, Places: max(2, 1-b.Value.Exponent()),
			})
		}
	}
	return out
}

// String says it for people: "satisfaction >= 90 pct in 2025".
func (o Objective) String() string {
	s := o.Measure
	if !o.AtLeast.IsZero() {
		s += " >= " + o.AtLeast.String()
	}
	if !o.AtMost.IsZero() {
		s += " <= " + o.AtMost.String()
	}
	if o.AtLeast.IsZero() && o.AtMost.IsZero() {
		s += ", no figure"
	}
	if o.Year != 0 {
		s += fmt.Sprintf(" in %d", o.Year)
	}
	return s
}

// Measured is a measure that a handbook speaks of.
type Measured struct {
	Measure string // the id
	Clauses []string
}

// Measures returns the measures of which clauses in force at an instant speak,
// in their Measures or as that of an [Objective], with or without a bound: each
// once, in the order in which the handbook comes to speak of it, with its
// clauses in their order. What they mean is told by package quality/measure. The
// slices are the caller's.
func (h *Handbook) Measures(at time.Time) []Measured {
	var out []Measured
	for c := range h.InForce(at) {
		for _, id := range c.speaksOf() {
			i := slices.IndexFunc(out, func(m Measured) bool { return m.Measure == id })
			if i < 0 {
				i, out = len(out), append(out, Measured{Measure: id})
			}
			out[i].Clauses = append(out[i].Clauses, c.ID)
		}
	}
	return out
}

// speaksOf lists the measures of a clause, each once.
func (c *Clause) speaksOf() []string {
	o, ok := c.Rule.(Objective)
	if !ok || slices.Contains(c.Measures, o.Measure) {
		return c.Measures
	}
	return append([]string{o.Measure}, c.Measures...)
}

// SetObjective sets the bounds of an objective and the year for which they
// hold, as a whole: what is left out is none. Measure puts another in place of
// the one that is bounded; empty leaves it. In JSON:
//
//	{"op": "objective", "clause": "standard/1.1-satisfaction-rate", "at_least": "92 pct", "year": 2026}
//	{"op": "objective", "clause": "norms/4.1-accuracy", "at_least": "98 pct"}
type SetObjective struct {
	Clause  string `json:"clause"`
	Measure string `json:"measure,omitempty"`
	AtLeast Figure `json:"at_least,omitzero"`
	AtMost  Figure `json:"at_most,omitzero"`
	Year    int    `json:"year,omitempty"`
}

func (SetObjective) op() string { return "objective" }

func (e SetObjective) apply(a *amender) {
	a.one(e.Clause, func(c *Clause) error {
		if c.Kind != KindObjective {
			return fmt.Errorf("%w: %s", ErrKind, c.Kind)
		}
		o, _ := c.Rule.(Objective) // one that only names measures has none
		o.AtLeast, o.AtMost, o.Year = e.AtLeast, e.AtMost, e.Year
		if e.Measure != "" {
			o.Measure = e.Measure
		}
		c.Rule = o
		return nil
	})
}

func (r *reader) objective(v at) (out Objective) {
	o := r.object(v, "measure", "at_least", "at_most", "year")
	if m, ok := o.need("measure"); ok {
		out.Measure = r.id(m)
	}
	out.AtLeast, out.AtMost, out.Year = o.bounds()
	return out
}

// bounds reads what an objective and [SetObjective] have in common.
func (o object) bounds() (least, most Figure, year int) {
	o.parse("at_least", &least)
	o.parse("at_most", &most)
	year = o.whole("year")
	if v, ok := o.get("year"); ok && v.kind == '0' && (year < 1900 || year > 9999) {
		o.r.fail(v, "%w: %d is no year", ErrValue, year)
	}
	if v, ok := o.get("at_most"); ok && !least.IsZero() && !most.IsZero() {
		switch {
		case least.Unit != most.Unit:
			o.r.fail(v, "%w: at most %v and at least %v are in two units", ErrContradiction, most, least)
		case most.Value.LessThan(least.Value):
			o.r.fail(v, "%w: at most %v is less than at least %v", ErrContradiction, most, least)
		}
	}
	return least, most, year
}

// objective tells what a clause leaves open. Verdicts on cases do not wait for
// it.
func (l *linter) objective(o Objective) {
	if o.AtLeast.IsZero() && o.AtMost.IsZero() {
		l.add(Finding{Code: CodeNoFigure})
	}
}

// measures holds the names against the table of measures, and bounds against
// their units.
func (l *linter) measures(c *Clause) {
	o, _ := c.Rule.(Objective)
	for _, id := range c.speaksOf() {
		m, ok := l.table.Get(id)
		switch {
		case !ok && ofFamily(id):
			m.Unit = quality.Percent
		case !ok:
			l.add(Finding{Code: CodeUnknownMeasure, Value: id})
			continue
		}
		for _, b := range o.Bounds(c.ID) {
			if o.Measure == id && !b.Unit.Like(m.Unit) {
				l.add(Finding{Code: CodeOtherUnit, Value: string(b.Unit), Other: id})
				break // both bounds are in one unit
			}
		}
	}
}

// knownMeasures is the standard table. What scores satisfy and when cases
// settle is the host's, and changes no id.
func knownMeasures() *measure.Registry {
	scale, err := quality.Whole(1, 5)
	if err != nil {
		return nil
	}
	table, _ := measure.Standard(measure.Options{Scale: scale, Satisfied: scale.High()})
	return table
}

// ofFamily reports whether an id is of one of the families of shares that a
// host makes for targets, channels and hours of its own.
func ofFamily(id string) bool {
	for _, family := range []string{"attainment/", "channel-share/", "training-reached/"} {
		if rest, ok := strings.CutPrefix(id, family); ok && rest != "" {
			return true
		}
	}
	return false
}

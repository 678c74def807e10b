package quality

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"
)

// Bound says on which side of its bound a figure must be. Both include the bound itself: 90% is at least 90%.
type Bound uint8

// The bounds. Their texts are those of the clause catalogue, ">=" and "<=".
const (
	AtLeast Bound = iota + 1
	AtMost
)

// String returns ">=" or "<=".
func (b Bound) String() string {
	switch b {
	case AtLeast:
		return ">="
	case AtMost:
		return "<="
	}
	return fmt.Sprintf("Bound(%d)", uint8(b))
}

// MarshalText returns ">=" or "<=", and [ErrFormat] for a value that is neither.
func (b Bound) MarshalText() ([]byte, error) {
	if b != AtLeast && b != AtMost {
		return nil, fmt.Errorf("%w: %v", ErrFormat, b)
	}
	return []byte(b.String()), nil
}

// UnmarshalText reads ">=" and "<=". Other text is refused with [ErrFormat].
func (b *Bound) UnmarshalText(text []byte) error {
	switch string(text) {
	case ">=":
		*b = AtLeast
	case "<=":
		*b = AtMost
	default:
		return fmt.Errorf("%w: bound %.20q", ErrFormat, text)
	}
	return nil
}

// Objective is a bound on a figure over many facts: satisfaction at least 90%, complaint rate at most 1%, mean response within 30 s. The
// zero value is no objective and is refused; see [Objective.Check].
type Objective struct {
	// Clause is the id of the clause that states it, if any.
	Clause string `json:"clause,omitempty"`
	// Measure is the id of the measure that it bounds.
	Measure string `json:"measure"`
	Bound   Bound  `json:"bound"`
	// Figure is the bound, in Unit: 90 with Percent is 0.90 with Share.
	Figure decimal.Decimal `json:"figure"`
	Unit   Unit            `json:"unit"`
	// Places is to how many decimal places figures are shown in Unit, 0 to 32; rounding is half away from zero. It changes no outcome:
	// comparisons are never rounded.
	Places int32 `json:"places,omitempty"`
}

// Check reports what keeps the objective from being judged: [ErrUnit] for a unit that is none or that the measure does not have (a share bounded in
// minutes), [ErrRate] for a bound on a share that is not between 0 and 1, such as 90 where 90% is meant, [ErrNegative] for a time or an amount below zero, [ErrScale] for a bound on a score that its scale
// does not reach, such as 85 on 1 to 5, and [ErrFormat] for another bound than the two and for a figure of more than 64 digits when it is
// written out.
func (o Objective) Check(s Statistic) error {
	base, of, err := o.Unit.base()
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", o, err)
	case o.Bound != AtLeast && o.Bound != AtMost:
		return fmt.Errorf("%s: %w: %v", o, ErrFormat, o.Bound)
	case o.Places < 0 || o.Places > maxPlaces:
		return fmt.Errorf("%s: %w: %d places", o, ErrFormat, o.Places)
	case s != nil && s.unit() != base:
		return fmt.Errorf("%s: %w: the measure is in %s", o, ErrUnit, s.unit())
	case base == Share && (o.Figure.IsNegative() || compare(new(big.Rat).Inv(of), o.Figure) < 0):
		return fmt.Errorf("%s: %w: the bound is not between 0 and 1", o, ErrRate)
	case (base == Seconds || base == Amount) && o.Figure.IsNegative():
		return fmt.Errorf("%s: %w: the bound is below zero", o, ErrNegative)
	case !written(o.Figure):
		return fmt.Errorf("%s: %w: the bound has too many digits", o, ErrFormat)
	}
	if low, high, ok := limits(s); ok && (compare(low, o.Figure) > 0 || compare(high, o.Figure) < 0) {
		return fmt.Errorf("%s: %w: figures lie between %s and %s", o, ErrScale, low.RatString(), high.RatString())
	}
	return nil
}

// limits are the lowest and the highest figure that a score can have.
func limits(s Statistic) (low, high *big.Rat, ok bool) {
	switch s := s.(type) {
	case Net:
		return big.NewRat(-100, 1), big.NewRat(100, 1), true
	case *Scores:
		if s != nil && s.scale.levels > 0 {
			return s.scale.Low().Rat(), s.scale.High().Rat(), true
		}
	case Composite:
		if len(s.parts) > 0 { // all of one scale
			return limits(s.parts[0])
		}
	}
	return nil, nil, false
}

// alike tells whether two statistics of one unit are figures on one scale, so that a mean of both is a figure. Points of a net promoter score
// are no answers, even where answers go from -100 to 100.
func alike(a, b Statistic) bool {
	low, high, bounded := limits(a)
	otherLow, otherHigh, otherBounded := limits(b)
	if bounded != otherBounded || isNet(a) != isNet(b) {
		return false
	}
	return !bounded || low.Cmp(otherLow) == 0 && high.Cmp(otherHigh) == 0
}

func isNet(s Statistic) bool {
	switch s := s.(type) {
	case Net:
		return true
	case Composite:
		return len(s.parts) > 0 && isNet(s.parts[0])
	}
	return false
}

// Exact compares the figure with the bound, exactly, as when the facts are all there are: Met or Missed, or Undecided when there are no
// facts. It is an error when [Objective.Check] finds one.
func (o Objective) Exact(s Statistic) (Outcome, error) {
	if err := o.Check(s); err != nil {
		return Undecided, err
	}
	if s == nil {
		return Undecided, nil
	}
	r, ok := o.of(s)
	if !ok {
		return Undecided, nil
	}
	c := o.compare(r)
	if c == 0 || (c > 0) == (o.Bound == AtLeast) {
		return Met, nil
	}
	return Missed, nil
}

// of is the exact figure that the bound is about; false when there is none.
func (o Objective) of(s Statistic) (*big.Rat, bool) {
	if each, ok := s.(interface{ against(Bound) (*big.Rat, bool) }); ok {
		return each.against(o.Bound)
	}
	return s.ratio()
}

// compare holds a figure in the base unit against the bound.
func (o Objective) compare(r *big.Rat) int {
	_, of, _ := o.Unit.base()
	return compare(new(big.Rat).Quo(r, of), o.Figure)
}

// outcome holds an interval in the base unit against the bound.
func (o Objective) outcome(i Interval) Outcome {
	low, high, ok := i.ends()
	if !ok {
		return Undecided
	}
	below, above := o.compare(low), o.compare(high)
	if o.Bound == AtMost {
		below, above = -above, -below
	}
	switch {
	case below >= 0:
		return Met
	case above < 0:
		return Missed
	}
	return Undecided
}

// Assessment is what the facts say about an objective.
type Assessment struct {
	Objective Objective `json:"objective"`
	// Count is how many facts there are.
	Count uint64 `json:"count"`
	// Value is the figure in the objective's unit, rounded to its places; nil when there is none. Of [Extremes] it is the one that the bound
	// is about: the smallest for AtLeast, the largest for AtMost.
	Value *decimal.Decimal `json:"value"`
	// Exact compares the figure itself with the bound; Outcome all of the interval. Where the facts are a sample, Outcome is the answer.
	Exact   Outcome `json:"exact"`
	Outcome Outcome `json:"outcome"`
	Level   float64 `json:"level"`
	// Interval is in the objective's unit; nil when the facts say nothing.
	Interval *Interval `json:"interval"`
	// More is how many more facts at the same rate would decide: 0 when it is decided, nil when no number would (the figure is the bound)
	// or nobody can tell.
	More *uint64 `json:"more"`
}

// Assess says whether the objective is met as far as the facts can tell, at a level such as 0.95: Met or Missed when the whole interval of
// [Estimate] is on one side of the bound, and otherwise Undecided, with the number of further facts that would decide if they came at the
// same rate. No facts, and facts that say nothing about their own spread, leave it undecided. It is an error when [Objective.Check] finds
// one, or [ErrLevel] for a level that is not between 0 and 1, such as 95.
//
// It takes the facts as a sample. No sample, however large, shows that a share is 100%, for the next fact may be a miss. Where the facts
// are all there are (the whole staff is trained or is not), [Objective.Exact] is the answer; measure.Row.Assess takes it for a census.
func (o Objective) Assess(s Statistic, level float64) (Assessment, error) {
	if err := o.Check(s); err != nil {
		return Assessment{}, err
	}
	if !(level > 0 && level < 1) {
		return Assessment{}, fmt.Errorf("%s: %w: %v", o, ErrLevel, level)
	}
	a := Assessment{Objective: o, Level: level}
	if s == nil {
		return a, nil
	}
	a.Count = s.Count()
	a.Exact, _ = o.Exact(s) // checked above
	if r, ok := o.of(s); ok {
		_, of, _ := o.Unit.base() // checked above
		v := round(r.Quo(r, of), o.Places)
		a.Value = &v
	}
	i, ok := estimate(s, level, 1)
	if !ok {
		return a, nil
	}
	a.Outcome = o.outcome(i)
	shown, _ := Estimate(s, o.Unit, level)
	a.Interval = &shown
	if more, ok := o.more(s, level, a.Outcome); ok {
		a.More = &more
	}
	return a, nil
}

// more looks for the smallest number of further facts that would decide.
func (o Objective) more(s Statistic, level float64, now Outcome) (uint64, bool) {
	if now != Undecided {
		return 0, true
	}
	have := s.Count()
	r, ok := s.ratio()
	if !ok || have == 0 || o.compare(r) == 0 {
		return 0, false
	}
	decides := func(more uint64) bool {
		i, ok := estimate(s, level, (float64(have)+float64(more))/float64(have))
		return ok && o.outcome(i) != Undecided
	}
	enough := uint64(1)
	for !decides(enough) {
		if enough *= 2; enough > MaxCount-have {
			return 0, false
		}
	}
	few := enough / 2 // not enough
	for enough-few > 1 {
		if mid := few + (enough-few)/2; decides(mid) {
			enough = mid
		} else {
			few = mid
		}
	}
	return enough, true
}

// String returns the objective, as in "satisfaction >= 90%".
func (o Objective) String() string {
	return o.name() + " " + o.Bound.String() + " " + o.figure() + o.Unit.suffix()
}

func (o Objective) name() string {
	if o.Clause != "" {
		return o.Clause + ": " + o.Measure
	}
	return o.Measure
}

// figure is the bound, or "?" for one that nobody would read to its end.
func (o Objective) figure() string {
	if o.Figure.NumDigits()+int(max(o.Figure.Exponent(), 0)) < 40 && o.Figure.Exponent() > -40 {
		return o.Figure.String()
	}
	return "?"
}

// String says it in one line, as in "satisfaction >= 90%: undecided, 93.3% of 30 (78.7% to 98.2%), 282 more would tell".
func (a Assessment) String() string {
	text := fmt.Sprintf("%s: %s", a.Objective, a.Outcome)
	if a.Value == nil {
		return fmt.Sprintf("%s, no figure from %d", text, a.Count)
	}
	places, suffix := a.Objective.Places, a.Objective.Unit.suffix()
	text += fmt.Sprintf(", %s%s of %d", a.Value.StringFixed(places), suffix, a.Count)
	if a.Interval != nil {
		text += fmt.Sprintf(" (%.*f%s to %.*f%s)", places, a.Interval.Low, suffix, places, a.Interval.High, suffix)
	}
	if a.More != nil && *a.More > 0 {
		text += fmt.Sprintf(", %d more would tell", *a.More)
	}
	return text
}

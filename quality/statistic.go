package quality

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Statistic is a figure over many facts, exact in what it counts, with what a sample of it allows one to say. It is a [Proportion], a
// [Net], a *[Scores] (the mean score), a [MeanTime], a [MeanAmount], an [Extremes] (no single figure), a [Ratio], an [Uptime] (the availability), a
// [BetweenFailures] or a [Composite].
type Statistic interface {
	// Count returns how many facts the figure rests on: trials, answers, times, failures.
	Count() uint64

	// unit is the base unit in which ratio and grown speak.
	unit() Unit
	// ratio is the exact figure; false when there is none.
	ratio() (*big.Rat, bool)
	// grown is the interval at a level between 0 and 1 that there would be if there were so many times as many facts at the same rate. It
	// is false when they say nothing.
	grown(level, growth float64) (Interval, bool)
}

// Value returns the figure in a unit, rounded once, half away from zero, to so many decimal places (0 to 32). It says false if there is
// none (no facts), or if the unit is of another kind.
func Value(s Statistic, unit Unit, places int32) (decimal.Decimal, bool) {
	base, of, err := unit.base()
	if err != nil || s == nil || base != s.unit() {
		return decimal.Decimal{}, false
	}
	v, ok := s.ratio()
	if !ok {
		return decimal.Decimal{}, false
	}
	return round(new(big.Rat).Quo(v, of), min(max(places, 0), maxPlaces)), true
}

// Estimate returns the interval of figures that go with what was seen, at a level such as 0.95, in the given unit:
//
//	Proportion          Wilson's score interval
//	Net                 adjusted Wald, with three responses added
//	Scores, MeanTime,   Student's t; none from a single fact, nor when all are the same
//	MeanAmount
//	Extremes, Ratio     none
//	Uptime              from the F distribution; none without a failure
//	BetweenFailures     exact, from the chi-square distribution; none without a failure
//	Composite           the weighted sum of its parts' intervals, each at a higher level (Bonferroni)
//
// Student's t rests on the spread that was seen, and that of a few facts is a matter of luck: two times that nearly agree give a narrow
// interval. Trust it from some dozens of facts on. It stands here, and no bootstrap, because it is the same each time it is asked, needs only sums
// that merge, and errs in a known way: of few and skewed facts it holds the mean less often than the level says. Of scores, which are bounded
// and all kept, [Scores.Bootstrap] resamples.
//
// A Ratio counts units of money and not independent cases, so a sample of one has no interval, and an objective stays undecided unless the
// pairs are all there are ([Objective.Exact], or the census of package measure). The same holds for Extremes.
//
// Its ends are figures in the unit; [Interval.String], which writes percent, is for shares. It says false when the facts say nothing, when the level is not between 0 and 1, and when the unit is of another kind.
func Estimate(s Statistic, unit Unit, level float64) (Interval, bool) {
	base, of, err := unit.base()
	if err != nil || s == nil || base != s.unit() {
		return Interval{}, false
	}
	i, ok := estimate(s, level, 1)
	f, _ := of.Float64()
	return Interval{Low: i.Low / f, High: i.High / f}, ok
}

func estimate(s Statistic, level, growth float64) (Interval, bool) {
	if !(level > 0 && level < 1) {
		return Interval{}, false
	}
	return s.grown(level, growth)
}

// Count returns how many were counted: the same as [Proportion.Trials].
func (p Proportion) Count() uint64 { return p.trials }

func (p Proportion) unit() Unit { return Share }

func (p Proportion) grown(level, growth float64) (Interval, bool) {
	if !p.Known() {
		return Interval{}, false
	}
	if growth == 1 {
		return p.Wilson(level), true
	}
	return wilson(float64(p.hits)*growth, float64(p.trials-p.hits)*growth, level), true
}

package chart

import (
	"fmt"
	"math"
	"sort"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/internal/prob"
)

// ThreeSigma is the chance of a false alarm that is usual for control charts, that of a normal figure beyond three standard deviations:
// about 1 in 370.
const ThreeSigma = 0.0026997960632601866

// MaxTrials is the largest number of cases in one point of a p-chart.
const MaxTrials = 1_000_000_000

// P is a chart for shares of cases, such as the share of complaints per day, with limits from the binomial distribution. Days may differ in
// how many cases they have. It takes cases as independent; see [Laney] for when they are not.
type P struct {
	rate, alarm float64
}

// NewP returns the chart for a usual rate, between 0 and 1, with a chance of false alarms per point that is not exceeded: [ThreeSigma], or
// any other up to 0.5. Half of it is allowed on either side. It refuses other parameters, such as a rate of 2 for 2%, with [ErrDesign].
func NewP(rate, falseAlarms float64) (P, error) {
	if !(rate > 0 && rate < 1) {
		return P{}, fmt.Errorf("%w: rate %v", ErrDesign, rate)
	}
	if !(falseAlarms > 0 && falseAlarms <= 0.5) {
		return P{}, fmt.Errorf("%w: %v false alarms a point", ErrDesign, falseAlarms)
	}
	return P{rate: rate, alarm: falseAlarms}, nil
}

// Limits returns the smallest and the largest number of hits among so many trials that are no signal. It refuses with [ErrValue] no trials
// and more than [MaxTrials], and with [ErrDesign] the zero chart.
func (c P) Limits(trials uint64) (low, high uint64, err error) {
	if c.rate == 0 {
		return 0, 0, fmt.Errorf("%w: not made by NewP", ErrDesign)
	}
	if trials == 0 || trials > MaxTrials {
		return 0, 0, fmt.Errorf("%w: %d cases", ErrValue, trials)
	}
	n := int(trials)
	// The first count whose tail, itself included, is too likely to be a signal; and the first above which too little is left.
	lowest := sort.Search(n, func(hits int) bool { return prob.Binomial(float64(hits), float64(n), c.rate) > c.alarm/2 })
	highest := sort.Search(n, func(hits int) bool { return prob.BinomialAbove(float64(hits), float64(n), c.rate) <= c.alarm/2 })
	return uint64(lowest), uint64(highest), nil
}

// FalseAlarms returns the chances that a point of so many trials signals low, and high, though the rate is the usual one. Each is at most
// half of what the chart was made with, and less when counts are small. The errors are those of [P.Limits].
func (c P) FalseAlarms(trials uint64) (low, high float64, err error) {
	lowest, highest, err := c.Limits(trials)
	if err != nil {
		return 0, 0, err
	}
	n := float64(trials)
	return prob.Binomial(float64(lowest)-1, n, c.rate), prob.BinomialAbove(float64(highest), n, c.rate), nil
}

// Watch says whether a share is unusual. The errors are those of [P.Limits].
func (c P) Watch(p quality.Proportion) (Signal, error) {
	low, high, err := c.Limits(p.Trials())
	switch {
	case err != nil:
		return None, err
	case p.Hits() < low:
		return Low, nil
	case p.Hits() > high:
		return High, nil
	}
	return None, nil
}

// Sigma returns the limits of the textbook, so many standard deviations on either side, as shares, and the true chance of a false alarm
// with them. It is for comparison, and for those who must keep to the textbook. The errors are those of [P.Limits].
func (c P) Sigma(trials uint64, sigmas float64) (low, high, falseAlarms float64, err error) {
	if _, _, err := c.Limits(trials); err != nil {
		return 0, 0, 0, err
	}
	if !(sigmas > 0) || math.IsInf(sigmas, 0) {
		return 0, 0, 0, fmt.Errorf("%w: %v standard deviations", ErrDesign, sigmas)
	}
	n := float64(trials)
	half := sigmas * math.Sqrt(c.rate*(1-c.rate)/n)
	low, high = math.Max(c.rate-half, 0), math.Min(c.rate+half, 1)
	falseAlarms = prob.Binomial(math.Ceil(n*low)-1, n, c.rate) + prob.BinomialAbove(math.Floor(n*high), n, c.rate)
	return low, high, falseAlarms, nil
}

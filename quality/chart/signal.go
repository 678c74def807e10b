package chart

import (
	"errors"
	"fmt"
	"math"

	"github.com/servicecharter/charter/quality"
)

// Errors of this package, for [errors.Is]. What is returned wraps one of them and names the figures.
var (
	// ErrDesign is returned for the parameters of a chart that cannot be.
	ErrDesign = errors.New("chart: no such chart")

	// ErrBaseline is returned for figures that no chart can be set up from: none, or all hits, or no hits.
	ErrBaseline = errors.New("chart: baseline says nothing")

	// ErrValue is returned for a figure that is none: NaN, infinite, or a share of no cases.
	ErrValue = errors.New("chart: no figure")
)

// Signal is what a chart says about a figure. The zero value is [None].
type Signal uint8

// The signals. Their texts are "none", "low" and "high".
const (
	// None: nothing unusual.
	None Signal = iota
	// Low: lower than chance allows for.
	Low
	// High: higher than chance allows for.
	High
)

var signals = [...]string{None: "none", Low: "low", High: "high"}

// String returns "none", "low" or "high".
func (s Signal) String() string {
	if int(s) < len(signals) {
		return signals[s]
	}
	return fmt.Sprintf("Signal(%d)", uint8(s))
}

// MarshalText returns the same text as [Signal.String].
func (s Signal) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Standard returns how many standard deviations of chance a share lies above a usual rate: what [EWMA] and [CUSUM] with target 0 and
// deviation 1 are given when they watch shares of varying numbers of cases. It refuses with [ErrValue] a share of no cases, and with
// [ErrDesign] a rate that is not between 0 and 1.
func Standard(p quality.Proportion, rate float64) (float64, error) {
	if !(rate > 0 && rate < 1) {
		return 0, fmt.Errorf("%w: rate %v", ErrDesign, rate)
	}
	if !p.Known() {
		return 0, fmt.Errorf("%w: %v", ErrValue, p)
	}
	n := float64(p.Trials())
	return (float64(p.Hits()) - n*rate) / math.Sqrt(n*rate*(1-rate)), nil
}

// Pool returns the rate of all points together: of a time when all was well, the usual rate. It refuses with [ErrBaseline] points without
// cases, and a rate of 0 or 1, of which no chart can say what is unusual.
func Pool(points ...quality.Proportion) (float64, error) {
	var hits, trials float64
	for _, p := range points {
		hits += float64(p.Hits())
		trials += float64(p.Trials())
	}
	if hits == 0 || hits == trials {
		return 0, fmt.Errorf("%w: %v hits in %v cases of %d points", ErrBaseline, hits, trials, len(points))
	}
	return hits / trials, nil
}

package chart

import (
	"fmt"
	"math"

	"github.com/servicecharter/charter/quality/internal/prob"
)

// CUSUM is a pair of cumulative sums, one of what lies above the target and one of what lies below. It finds a shift of a known size
// soonest. Make one with [NewCUSUM]; the zero value refuses every figure.
type CUSUM struct {
	target, deviation, slack, limit float64
	low, high                       float64 // in deviations
}

// NewCUSUM returns a chart whose sums are zero. Deviation is the standard deviation of single figures. Slack and limit are in such
// deviations: slack, often called k, is what a figure may lie off the target without adding to a sum, and half the shift that is to be
// found; limit, often called h, is the sum that is a signal. Slack 0.5 with limit 5 gives a false alarm in 465 figures and finds a shift by
// one deviation after 10. A deviation or limit that is not above 0, or a slack below 0, is refused with [ErrDesign].
func NewCUSUM(target, deviation, slack, limit float64) (*CUSUM, error) {
	if !finite(target, deviation, slack, limit) || !(deviation > 0) || !(slack >= 0) || !(limit > 0) {
		return nil, fmt.Errorf("%w: CUSUM of target %v, deviation %v, slack %v, limit %v", ErrDesign, target, deviation, slack, limit)
	}
	return &CUSUM{target: target, deviation: deviation, slack: slack, limit: limit}, nil
}

// Observe takes in the next figure and says whether a sum is above the limit, and of both the larger. A chart that has signalled goes on;
// [CUSUM.Reset] starts it again. A figure that is NaN or infinite is refused with [ErrValue] and changes nothing.
func (c *CUSUM) Observe(v float64) (Signal, error) {
	if c.limit == 0 {
		return None, fmt.Errorf("%w: not made by NewCUSUM", ErrDesign)
	}
	if !finite(v) {
		return None, fmt.Errorf("%w: %v", ErrValue, v)
	}
	off := (v - c.target) / c.deviation
	c.high = math.Max(0, c.high+off-c.slack)
	c.low = math.Max(0, c.low-off-c.slack)
	switch {
	case c.high > c.limit && c.high >= c.low:
		return High, nil
	case c.low > c.limit:
		return Low, nil
	}
	return None, nil
}

// Sums returns the sums below and above the target, in standard deviations.
func (c *CUSUM) Sums() (low, high float64) { return c.low, c.high }

// Reset brings both sums back to zero, as after the cause of a signal was removed.
func (c *CUSUM) Reset() { c.low, c.high = 0, 0 }

// RunLength returns how many figures on average a fresh chart takes until it signals when their mean lies so many of their standard
// deviations above the target (or below): with 0, until a false alarm. Figures are taken as independent and normal. It solves Page's
// integral equation for either sum; the two combine as rates do. It is good to six digits. A design beyond what can be solved,
// such as one with a false alarm in more than 10^9 figures, is refused with [ErrDesign].
func (c *CUSUM) RunLength(shift float64) (float64, error) {
	if c.limit == 0 || !finite(shift) {
		return 0, fmt.Errorf("%w: shift %v", ErrDesign, shift)
	}
	rate := 0.0
	for _, side := range [2]float64{shift, -shift} {
		q, err := gauss(0, c.limit, c.limit)
		if err != nil {
			return 0, err
		}
		n, err := q.runLength(0,
			func(s, y float64) float64 { return prob.NormalDensity(y - s + c.slack - side) },
			func(s float64) float64 { return prob.Normal(c.slack - s - side) })
		switch {
		case math.IsInf(n, 1): // this side never signals
		case err != nil:
			return 0, err
		default:
			rate += 1 / n
		}
	}
	if rate == 0 {
		return 0, fmt.Errorf("%w: a run too long to tell", ErrDesign)
	}
	return 1 / rate, nil
}

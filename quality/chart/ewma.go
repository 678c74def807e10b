package chart

import (
	"fmt"
	"math"

	"github.com/servicecharter/charter/quality/internal/prob"
)

// EWMA is a chart of the exponentially weighted moving average: each figure counts less the longer it is ago. It finds small shifts that
// last. Make one with [NewEWMA]; the zero value refuses every figure.
type EWMA struct {
	target, deviation, weight, width float64
	average                          float64 // in deviations from the target
}

// NewEWMA returns a chart that starts at the target. Deviation is the standard deviation of single figures; weight, above 0 and at most 1,
// is what the newest figure counts (0.05 to 0.25 is usual); width is how many standard deviations of the average the limits lie from the
// target. Weight 0.2 with width 2.962 gives a false alarm in 500 figures. Other parameters are refused with [ErrDesign].
//
// The limits are those of the long run from the first figure on, as in the published tables of run lengths.
func NewEWMA(target, deviation, weight, width float64) (*EWMA, error) {
	if !finite(target, deviation, width) || !(deviation > 0) || !(weight > 0 && weight <= 1) || !(width > 0) {
		return nil, fmt.Errorf("%w: EWMA of target %v, deviation %v, weight %v, width %v", ErrDesign, target, deviation, weight, width)
	}
	return &EWMA{target: target, deviation: deviation, weight: weight, width: width}, nil
}

// Observe takes in the next figure and says where the average stands. A chart that has signalled goes on; [EWMA.Reset] starts it again. A
// figure that is NaN or infinite is refused with [ErrValue] and changes nothing.
func (c *EWMA) Observe(v float64) (Signal, error) {
	if c.weight == 0 {
		return None, fmt.Errorf("%w: not made by NewEWMA", ErrDesign)
	}
	if !finite(v) {
		return None, fmt.Errorf("%w: %v", ErrValue, v)
	}
	c.average += c.weight * ((v-c.target)/c.deviation - c.average)
	switch limit := c.limit(); {
	case c.average < -limit:
		return Low, nil
	case c.average > limit:
		return High, nil
	}
	return None, nil
}

// Average returns the average, in the unit of the figures.
func (c *EWMA) Average() float64 { return c.target + c.deviation*c.average }

// Limits returns the lowest and the highest average that are no signal.
func (c *EWMA) Limits() (low, high float64) {
	half := c.deviation * c.limit()
	return c.target - half, c.target + half
}

// Reset brings the average back to the target, as after the cause of a signal was removed.
func (c *EWMA) Reset() { c.average = 0 }

// limit is in deviations of single figures.
func (c *EWMA) limit() float64 { return c.width * math.Sqrt(c.weight/(2-c.weight)) }

// RunLength returns how many figures on average a fresh chart takes until it signals when their mean lies so many of their standard
// deviations above the target (or below): with 0, until a false alarm. Figures are taken as independent and normal. It solves Crowder's
// integral equation and is good to six digits. A design beyond what can be solved, such as one with a false alarm in more than
// 10^9 figures, is refused with [ErrDesign].
func (c *EWMA) RunLength(shift float64) (float64, error) {
	if c.weight == 0 || !finite(shift) {
		return 0, fmt.Errorf("%w: shift %v", ErrDesign, shift)
	}
	limit := c.limit()
	q, err := gauss(-limit, limit, limit/c.weight)
	if err != nil {
		return 0, err
	}
	// From an average u, the next is y with density φ((y − (1−w)u)/w − shift)/w.
	return q.runLength(0, func(u, y float64) float64 {
		return prob.NormalDensity((y-(1-c.weight)*u)/c.weight-shift) / c.weight
	}, nil)
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

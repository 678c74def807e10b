package chart

import (
	"fmt"
	"math"

	"github.com/servicecharter/charter/quality"
)

// Laney is a chart for shares of many cases whose rate varies from day to day by more than chance (Laney's p′ chart). Limits are three
// standard deviations of what the days of the baseline differed by.
type Laney struct {
	rate, spread float64
}

// NewLaney sets the chart up from a baseline in the order of time: at least two points with cases, better twenty or more. It refuses with
// [ErrBaseline] fewer, points without cases, a rate of 0 or 1, and points that are all the same, from which no spread follows.
//
// Each point is measured in standard deviations of chance from the pooled rate; the mean difference between neighbours, divided by 1.128,
// is the spread: 1 when the days differ as chance makes them differ. Differences of neighbours are used because a slow drift adds little to
// them.
func NewLaney(baseline ...quality.Proportion) (Laney, error) {
	rate, err := Pool(baseline...)
	if err != nil {
		return Laney{}, err
	}
	var last, moved float64
	for i, p := range baseline {
		z, err := Standard(p, rate)
		if err != nil {
			return Laney{}, fmt.Errorf("%w: point %d: %v", ErrBaseline, i, p)
		}
		if i > 0 {
			moved += math.Abs(z - last)
		}
		last = z
	}
	if moved == 0 {
		return Laney{}, fmt.Errorf("%w: %d points do not differ", ErrBaseline, len(baseline))
	}
	// 2/√π = 1.128: the mean difference of two normal figures with deviation 1.
	return Laney{rate: rate, spread: moved / float64(len(baseline)-1) * math.SqrtPi / 2}, nil
}

// Rate returns the pooled rate of the baseline.
func (c Laney) Rate() float64 { return c.rate }

// Spread returns by how many times more than chance the points of the baseline differ: about 1 for independent cases at one rate, well
// above when the rate varies, and below when something evens the points out.
func (c Laney) Spread() float64 { return c.spread }

// Limits returns the lowest and the highest share among so many trials that are no signal. It refuses no trials with [ErrValue], and the
// zero chart with [ErrDesign].
func (c Laney) Limits(trials uint64) (low, high float64, err error) {
	if c.spread == 0 {
		return 0, 0, fmt.Errorf("%w: not made by NewLaney", ErrDesign)
	}
	if trials == 0 {
		return 0, 0, fmt.Errorf("%w: no cases", ErrValue)
	}
	half := 3 * c.spread * math.Sqrt(c.rate*(1-c.rate)/float64(trials))
	return math.Max(c.rate-half, 0), math.Min(c.rate+half, 1), nil
}

// Watch says whether a share is unusual. The errors are those of [Laney.Limits].
func (c Laney) Watch(p quality.Proportion) (Signal, error) {
	low, high, err := c.Limits(p.Trials())
	if err != nil {
		return None, err
	}
	switch share := float64(p.Hits()) / float64(p.Trials()); {
	case share < low:
		return Low, nil
	case share > high:
		return High, nil
	}
	return None, nil
}

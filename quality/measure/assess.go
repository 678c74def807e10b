package measure

import (
	"fmt"

	"github.com/servicecharter/charter/quality"
)

// Assess holds a row against an objective, at a level such as 0.95. It is an error when they are of different measures ([ErrMeasure]), and
// when the objective cannot be judged.
//
// The facts of most measures are a sample of the service that is given, and are judged as one: see quality.Objective.Assess. Those of a
// census are all there are: everybody trained is 100%, of ten as of ten thousand. Its outcome is the comparison of the figure itself, and
// there is no interval and no number of further facts. What is pending belongs to the whole as well: a share is met or missed once no
// answer of those pending can change that, and any other figure when nothing is pending.
func (r Row) Assess(o quality.Objective, level float64) (quality.Assessment, error) {
	if o.Measure != r.Measure {
		return quality.Assessment{}, fmt.Errorf("%w: %.60q is held against an objective of %.60q", ErrMeasure, r.Measure, o.Measure)
	}
	a, err := o.Assess(r.Statistic, level)
	if err != nil || !r.Census {
		return a, err
	}
	a.Outcome, a.Interval, a.More = r.whole(o, a.Exact), nil, nil
	if a.Outcome != quality.Undecided {
		a.More = new(uint64)
	}
	return a, nil
}

// whole is the outcome of a census, whose figure so far compares as now with the bound.
func (r Row) whole(o quality.Objective, now quality.Outcome) quality.Outcome {
	p, share := r.Statistic.(quality.Proportion)
	switch {
	case r.Pending == 0:
		return now
	case !share || r.Pending > quality.MaxCount-p.Trials():
		return quality.Undecided
	}
	worst := quality.Undecided
	for i, hits := range [...]uint64{p.Hits(), p.Hits() + r.Pending} {
		all, _ := quality.NewProportion(hits, p.Trials()+r.Pending) // checked above
		switch end, _ := o.Exact(all); {                            // checked by the caller
		case i == 0:
			worst = end
		case end != worst:
			return quality.Undecided
		}
	}
	return worst
}

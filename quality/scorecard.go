package quality

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// ErrScorecard is returned for a scorecard that is none, for figures that it has no indicator for, and for results that cannot be ranked.
var ErrScorecard = errors.New("quality: scorecard")

// KPI is one indicator of a [Scorecard]: how much it counts, and which figures earn how many points.
//
// Points run from 0 to 100 in a straight line between two figures and stop at either end, so that no excellence in one thing pays for a failure
// in another without limit. Where less is better, as with complaints, Full is below Zero. The key result of an OKR (standard/3.4-okrs) is an indicator too:
// Zero is where it started, Full is its target, and its points are the percentage of the way that has been gone.
type KPI struct {
	ID string `json:"id"`
	// Share is how much it counts, of 1.
	Share decimal.Decimal `json:"share"`
	// Zero is the figure that earns no points, Full the one that earns all 100.
	Zero decimal.Decimal `json:"zero"`
	Full decimal.Decimal `json:"full"`
	// Clause is the id of the clause that asks for it, if any.
	Clause string `json:"clause,omitempty"`
}

// Grade is a band of points. It reaches from its lower end, which belongs to it, to the lower end of the next better one.
type Grade struct {
	Name string          `json:"name"`
	From decimal.Decimal `json:"from"`
	// Standing says what a handbook makes of it; see [Follows]. No handbook prints a figure for it, so that is the host's to say.
	Standing Standing `json:"standing"`
}

// Scorecard turns figures of an agent or a team into points from 0 to 100, and points into a grade. The zero value has no indicator and
// scores nothing. It is an immutable value and may be used by several goroutines.
type Scorecard struct {
	kpis   []KPI
	grades []Grade // best first
}

// NewScorecard refuses with [ErrWeights] shares that do not sum to exactly one (see [NewWeights]), and with [ErrScorecard] an indicator
// whose Zero is its Full, a figure that has more than 64 digits when it is written out, a grade without a name or standing, two grades of one name or with one lower
// end, and grades of which none begins at 0: then a score would have none. No grades at all are allowed.
func NewScorecard(kpis []KPI, grades []Grade) (Scorecard, error) {
	weights := make([]Weight, len(kpis))
	for i, k := range kpis {
		weights[i] = Weight{Part: k.ID, Share: k.Share}
		switch {
		case !written(k.Zero) || !written(k.Full):
			return Scorecard{}, fmt.Errorf("%w: %.40q: figures of too many digits", ErrScorecard, k.ID)
		case k.Zero.Equal(k.Full):
			return Scorecard{}, fmt.Errorf("%w: %.40q: no and all points at %v", ErrScorecard, k.ID, k.Zero)
		}
	}
	if _, err := NewWeights(weights...); err != nil {
		return Scorecard{}, err
	}
	names := map[string]bool{}
	for _, g := range grades {
		switch {
		case g.Name == "" || names[g.Name]:
			return Scorecard{}, fmt.Errorf("%w: grade %.40q is empty or stands twice", ErrScorecard, g.Name)
		case g.Standing < Failed || g.Standing > Outstanding:
			return Scorecard{}, fmt.Errorf("%w: grade %.40q has no standing", ErrScorecard, g.Name)
		case !written(g.From) || g.From.IsNegative() || g.From.GreaterThan(decimal.New(100, 0)):
			return Scorecard{}, fmt.Errorf("%w: grade %.40q does not begin between 0 and 100", ErrScorecard, g.Name)
		}
		names[g.Name] = true
	}
	sorted := slices.Clone(grades)
	slices.SortStableFunc(sorted, func(a, b Grade) int { return b.From.Cmp(a.From) })
	for i := range sorted[min(1, len(sorted)):] {
		if sorted[i].From.Equal(sorted[i+1].From) {
			return Scorecard{}, fmt.Errorf("%w: grades %.40q and %.40q begin at one point", ErrScorecard, sorted[i].Name, sorted[i+1].Name)
		}
		if sorted[i].Standing < sorted[i+1].Standing {
			return Scorecard{}, fmt.Errorf("%w: grade %.40q is better than %.40q and stands lower", ErrScorecard, sorted[i].Name, sorted[i+1].Name)
		}
	}
	if n := len(sorted); n > 0 && !sorted[n-1].From.IsZero() {
		return Scorecard{}, fmt.Errorf("%w: no grade begins at 0", ErrScorecard)
	}
	return Scorecard{kpis: slices.Clone(kpis), grades: sorted}, nil
}

// written reports whether a decimal is short enough to be calculated with. One such as 1e2000000000 is small to hold, but would fill the
// memory.
func written(d decimal.Decimal) bool {
	const digits = 64
	return d.NumDigits() <= digits && d.Exponent() >= -digits && d.NumDigits()+int(d.Exponent()) <= digits
}

// Part is what one indicator contributed.
type Part struct {
	KPI    string `json:"kpi"`
	Clause string `json:"clause,omitempty"`
	// Figure is what was measured; nil if it is missing.
	Figure *decimal.Decimal `json:"figure"`
	// Points are those of this indicator alone, 0 to 100, before they are weighted; nil if the figure is missing.
	Points *decimal.Decimal `json:"points"`
	Share  decimal.Decimal  `json:"share"`
}

// Result is the score of one agent or team.
type Result struct {
	Subject string `json:"subject"`
	// Points are the weighted points, 0 to 100, rounded to the places asked for; nil if a figure is missing.
	Points *decimal.Decimal `json:"points"`
	// Missing are the indicators without a figure. One is enough for no score: to leave it out would give its weight to the others, and to
	// count it as 0 would claim something that nobody measured.
	Missing []string `json:"missing,omitempty"`
	Parts   []Part   `json:"parts"`
	// Grade is empty when there is no score or the card has no grades. It goes by the exact points: 89.996 shown as 90.00 is still below 90.
	Grade    string   `json:"grade,omitempty"`
	Standing Standing `json:"standing,omitzero"`

	exact *big.Rat
}

// Score returns the result for the figures of a subject, by the ids of indicators, with points rounded half away from zero to so many
// decimal places (0 to 32). A figure that is not there makes a result without points, with the indicator named. It is [ErrScorecard] when the
// card has no indicator, when a figure belongs to none of them (a name misspelt would otherwise be missing and ignored), and when a
// figure has more than 64 digits.
func (c Scorecard) Score(subject string, figures map[string]decimal.Decimal, places int32) (Result, error) {
	if len(c.kpis) == 0 {
		return Result{}, fmt.Errorf("%w: no indicators", ErrScorecard)
	}
	for id, f := range figures {
		if !slices.ContainsFunc(c.kpis, func(k KPI) bool { return k.ID == id }) {
			return Result{}, fmt.Errorf("%w: %.40q: a figure for %.40q, which is no indicator", ErrScorecard, subject, id)
		}
		if !written(f) {
			return Result{}, fmt.Errorf("%w: %.40q: %.40q has too many digits", ErrScorecard, subject, id)
		}
	}
	places = min(max(places, 0), maxPlaces)
	r := Result{Subject: subject}
	sum := new(big.Rat)
	for _, k := range c.kpis {
		part := Part{KPI: k.ID, Clause: k.Clause, Share: k.Share}
		if f, ok := figures[k.ID]; ok {
			exact := k.points(f)
			shown := round(exact, places)
			part.Figure, part.Points = &f, &shown
			sum.Add(sum, exact.Mul(exact, k.Share.Rat()))
		} else {
			r.Missing = append(r.Missing, k.ID)
		}
		r.Parts = append(r.Parts, part)
	}
	if len(r.Missing) > 0 {
		return r, nil
	}
	shown := round(sum, places)
	r.Points, r.exact = &shown, sum
	for _, g := range c.grades {
		if sum.Cmp(g.From.Rat()) >= 0 {
			r.Grade, r.Standing = g.Name, g.Standing
			break
		}
	}
	return r, nil
}

// points is exact, 0 to 100.
func (k KPI) points(f decimal.Decimal) *big.Rat {
	p := new(big.Rat).Quo(f.Sub(k.Zero).Rat(), k.Full.Sub(k.Zero).Rat())
	switch one := big.NewRat(1, 1); {
	case p.Sign() < 0:
		p.SetInt64(0)
	case p.Cmp(one) > 0:
		p = one
	}
	return p.Mul(p, big.NewRat(100, 1))
}

// String says it in one line, as in "Li: 87.50, good" or "Li: no score, complaint-rate is missing".
func (r Result) String() string {
	if r.Points == nil {
		return fmt.Sprintf("%s: no score, %v missing", r.Subject, r.Missing)
	}
	text := r.Subject + ": " + r.Points.StringFixed(-r.Points.Exponent())
	if r.Grade != "" {
		text += ", " + r.Grade
	}
	return text
}

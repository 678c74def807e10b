package quality

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Weight is how much one part counts in a whole: a dimension of a survey, an indicator of an appraisal.
type Weight struct {
	Part  string          `json:"part"`
	Share decimal.Decimal `json:"share"` // of 1
}

// Weights are the parts of a whole with their shares, which sum to exactly one. The zero value has no parts and combines nothing. It is an
// immutable value.
type Weights struct {
	parts []Weight
}

// NewWeights refuses with [ErrWeights] shares that are not above zero, that do not sum to exactly one (as decimals: three times 0.3333 is
// not one), a part without a name and a part twice. Nothing is scaled to fit.
func NewWeights(parts ...Weight) (Weights, error) {
	sum := decimal.Decimal{}
	seen := map[string]bool{}
	for _, p := range parts {
		switch {
		case p.Part == "" || seen[p.Part]:
			return Weights{}, fmt.Errorf("%w: part %.40q is empty or stands twice", ErrWeights, p.Part)
		case !p.Share.IsPositive() || p.Share.NumDigits()+int(p.Share.Exponent()) > 1 || p.Share.Exponent() < -maxPlaces:
			return Weights{}, fmt.Errorf("%w: part %.40q has a share that is not above 0 and at most 1, or too many digits", ErrWeights, p.Part)
		}
		seen[p.Part] = true
		sum = sum.Add(p.Share)
	}
	if !sum.Equal(decimal.New(1, 0)) {
		return Weights{}, fmt.Errorf("%w: %d parts sum to %v", ErrWeights, len(parts), sum)
	}
	return Weights{parts: slices.Clone(parts)}, nil
}

// Parts returns the parts in the order in which they were given.
func (w Weights) Parts() []Weight { return slices.Clone(w.parts) }

// Mean returns the weighted mean of a figure for each part, exactly: decimals multiply and add without rounding. A part without a figure,
// or a figure without a part, is refused with [ErrWeights]: leaving one out would silently give its weight to the others. So is a figure of
// more than 64 digits when it is written out.
func (w Weights) Mean(figures map[string]decimal.Decimal) (decimal.Decimal, error) {
	if err := match(w, figures); err != nil {
		return decimal.Decimal{}, err
	}
	sum := decimal.Decimal{}
	for _, p := range w.parts {
		if !written(figures[p.Part]) {
			return decimal.Decimal{}, fmt.Errorf("%w: the figure for %.40q has too many digits", ErrWeights, p.Part)
		}
		sum = sum.Add(figures[p.Part].Mul(p.Share))
	}
	return sum, nil
}

// Combine returns the weighted mean of a statistic for each part. It is refused with [ErrWeights] as in [Weights.Mean], and with [ErrUnit]
// when the parts are not of one kind: shares and scores do not add up. Mean scores must be on scales with the same ends, and a net promoter
// score goes with others of its kind only: else it is refused with [ErrScale], as 4 on 1 to 5 and 80 on 0 to 100 make no mean.
func (w Weights) Combine(figures map[string]Statistic) (Composite, error) {
	if err := match(w, figures); err != nil {
		return Composite{}, err
	}
	var c Composite
	for _, p := range w.parts {
		s := figures[p.Part]
		if s == nil {
			return Composite{}, fmt.Errorf("%w: no figure for %q", ErrWeights, p.Part)
		}
		if len(c.parts) > 0 && s.unit() != c.parts[0].unit() {
			return Composite{}, fmt.Errorf("%w: %q is in %s, %q in %s", ErrUnit, p.Part, s.unit(), w.parts[0].Part, c.parts[0].unit())
		}
		if len(c.parts) > 0 && !alike(s, c.parts[0]) {
			return Composite{}, fmt.Errorf("%w: %q and %q are not on one", ErrScale, p.Part, w.parts[0].Part)
		}
		c.parts = append(c.parts, s)
		c.shares = append(c.shares, p.Share)
	}
	return c, nil
}

func match[T any](w Weights, figures map[string]T) error {
	if len(w.parts) == 0 {
		return fmt.Errorf("%w: no parts", ErrWeights)
	}
	for _, p := range w.parts {
		if _, ok := figures[p.Part]; !ok {
			return fmt.Errorf("%w: no figure for %q", ErrWeights, p.Part)
		}
	}
	if len(figures) > len(w.parts) {
		return fmt.Errorf("%w: %d figures for %d parts", ErrWeights, len(figures), len(w.parts))
	}
	return nil
}

// String returns "attitude 0.3, efficiency 0.7".
func (w Weights) String() string {
	texts := make([]string, len(w.parts))
	for i, p := range w.parts {
		texts[i] = p.Part + " " + p.Share.String()
	}
	return strings.Join(texts, ", ")
}

// MarshalJSON writes a list of parts with shares as text: [{"part":"attitude","share":"0.3"},…].
func (w Weights) MarshalJSON() ([]byte, error) {
	return json.Marshal(append([]Weight{}, w.parts...))
}

// UnmarshalJSON reads what [Weights.MarshalJSON] writes, by the rules of [NewWeights].
func (w *Weights) UnmarshalJSON(data []byte) error {
	var parts []Weight
	if err := json.Unmarshal(data, &parts); err != nil {
		return fmt.Errorf("%w: weights: %w", ErrFormat, err)
	}
	read, err := NewWeights(parts...)
	if err != nil {
		return err
	}
	*w = read
	return nil
}

// Composite is a weighted mean of statistics of one kind. The zero value is empty. It has a figure only if all its parts have one.
//
// The answers to the questions of one survey come from the same people, so its interval does not take the parts as independent: it is the
// weighted sum of the parts' intervals, each at a level so high (Bonferroni) that all of them hold together at the level asked for. It is
// wide rather than wrong.
type Composite struct {
	parts  []Statistic
	shares []decimal.Decimal
}

// Count returns the smallest count among the parts.
func (c Composite) Count() uint64 {
	if len(c.parts) == 0 {
		return 0
	}
	n := c.parts[0].Count()
	for _, p := range c.parts {
		n = min(n, p.Count())
	}
	return n
}

func (c Composite) unit() Unit {
	if len(c.parts) == 0 {
		return Share
	}
	return c.parts[0].unit()
}

func (c Composite) ratio() (*big.Rat, bool) {
	sum := new(big.Rat)
	for i, p := range c.parts {
		r, ok := p.ratio()
		if !ok {
			return nil, false
		}
		sum.Add(sum, r.Mul(r, c.shares[i].Rat()))
	}
	return sum, len(c.parts) > 0
}

func (c Composite) grown(level, growth float64) (Interval, bool) {
	var sum Interval
	for i, p := range c.parts {
		part, ok := p.grown(1-(1-level)/float64(len(c.parts)), growth)
		if !ok {
			return Interval{}, false
		}
		share := c.shares[i].InexactFloat64()
		sum.Low += share * part.Low
		sum.High += share * part.High
	}
	return sum, len(c.parts) > 0
}

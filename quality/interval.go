package quality

import (
	"fmt"
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// Interval is a range of rates, both ends included, that go with what was observed. It is an estimate. Compare it with a bound by
// [Interval.AtLeast] or [Interval.AtMost].
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// AtLeast says what the interval tells about "the rate is at least bound": [Met] if all of it is at or above the bound, [Missed] if all of
// it is below, and otherwise [Undecided]. The bound is a share, such as 0.90. An interval that is reversed or not a number decides nothing.
func (i Interval) AtLeast(bound decimal.Decimal) Outcome {
	switch low, high, ok := i.ends(); {
	case !ok:
		return Undecided
	case compare(low, bound) >= 0:
		return Met
	case compare(high, bound) < 0:
		return Missed
	}
	return Undecided
}

// AtMost says what the interval tells about "the rate is at most bound": [Met] if all of it is at or below the bound, [Missed] if all of it
// is above, and otherwise [Undecided]. The bound is a share, such as 0.01. An interval that is reversed or not a number decides nothing.
func (i Interval) AtMost(bound decimal.Decimal) Outcome {
	switch low, high, ok := i.ends(); {
	case !ok:
		return Undecided
	case compare(high, bound) <= 0:
		return Met
	case compare(low, bound) > 0:
		return Missed
	}
	return Undecided
}

func (i Interval) ends() (low, high *big.Rat, ok bool) {
	if !(i.Low <= i.High) || math.IsInf(i.Low, 0) || math.IsInf(i.High, 0) {
		return nil, nil, false
	}
	return new(big.Rat).SetFloat64(i.Low), new(big.Rat).SetFloat64(i.High), true
}

// String returns the interval in percent with two places, as in "25.53%–36.62%".
func (i Interval) String() string {
	return fmt.Sprintf("%.2f%%–%.2f%%", 100*i.Low, 100*i.High)
}

// Outcome says whether a bound on an aggregate is met, as far as a sample can tell. The zero value is [Undecided].
type Outcome uint8

// The outcomes. Their texts, also in JSON, are "undecided", "met" and "missed".
const (
	// Undecided means that the sample allows both.
	Undecided Outcome = iota
	// Met means that every rate that goes with the sample keeps the bound.
	Met
	// Missed means that none does.
	Missed
)

var outcomes = [...]string{Undecided: "undecided", Met: "met", Missed: "missed"}

// String returns "undecided", "met" or "missed".
func (o Outcome) String() string {
	if int(o) < len(outcomes) {
		return outcomes[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText returns the same text as [Outcome.String], and an error for a value that is none of the three.
func (o Outcome) MarshalText() ([]byte, error) {
	if int(o) >= len(outcomes) {
		return nil, fmt.Errorf("%w: %v", ErrFormat, o)
	}
	return []byte(outcomes[o]), nil
}

// UnmarshalText reads what [Outcome.MarshalText] writes. Other text is refused with [ErrFormat] and leaves o as it was.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomes {
		if string(text) == name {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("%w: outcome %.40q", ErrFormat, text)
}

// compare returns -1, 0 or 1 as r is below, equal to or above bound, exactly. r must come from two counts or a float64.
//
// A decimal such as 1e2000000000 is small to hold, but written out to be compared it would fill the memory. Such a bound lies beyond
// everything that r can be, so its magnitude alone decides.
func compare(r *big.Rat, bound decimal.Decimal) int {
	const beyond = 400 // float64 spans 10^-324 to 10^308
	if bound.IsZero() {
		return r.Sign()
	}
	switch magnitude := int64(bound.NumDigits()) + int64(bound.Exponent()); {
	case magnitude > beyond, r.Sign() == 0:
		return -bound.Sign()
	case magnitude < -beyond:
		return r.Sign()
	}
	return r.Cmp(bound.Rat())
}

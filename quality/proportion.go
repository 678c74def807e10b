package quality

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// Proportion is a share of cases as two exact counts: hits among trials. The zero value has no trials and no rate. It is an
// immutable value: it may be copied, compared with ==, and used by several goroutines.
type Proportion struct {
	hits, trials uint64
}

// NewProportion returns hits among trials. It refuses more hits than trials with [ErrHitsExceedTrials] and more than [MaxCount] trials
// with [ErrTooMany].
func NewProportion(hits, trials uint64) (Proportion, error) {
	if hits > trials {
		return Proportion{}, fmt.Errorf("%w: %d of %d", ErrHitsExceedTrials, hits, trials)
	}
	if trials > MaxCount {
		return Proportion{}, fmt.Errorf("%w: %d trials, at most %d", ErrTooMany, trials, uint64(MaxCount))
	}
	return Proportion{hits: hits, trials: trials}, nil
}

// Hits returns how many trials were hits.
func (p Proportion) Hits() uint64 { return p.hits }

// Trials returns how many were counted.
func (p Proportion) Trials() uint64 { return p.trials }

// Known reports whether there is a rate at all, that is, at least one trial.
func (p Proportion) Known() bool { return p.trials > 0 }

// maxPlaces is beyond what two counts up to MaxCount need to be told from any other two.
const maxPlaces = 32

// Rate returns hits divided by trials, rounded once, half away from zero, to so many decimal places, and false if there are no trials.
// Places below 0 count as 0, and above 32 as 32. It is for reading; to compare with a bound use [Proportion.AtLeast] or
// [Proportion.AtMost], which do not round.
func (p Proportion) Rate(places int32) (decimal.Decimal, bool) {
	if !p.Known() {
		return decimal.Decimal{}, false
	}
	places = min(max(places, 0), maxPlaces)
	return decimal.NewFromUint64(p.hits).DivRound(decimal.NewFromUint64(p.trials), places), true
}

// AtLeast reports whether the rate is at least bound, a share such as 0.90, compared exactly. Without trials it is false.
func (p Proportion) AtLeast(bound decimal.Decimal) bool {
	r, ok := p.ratio()
	return ok && compare(r, bound) >= 0
}

// AtMost reports whether the rate is at most bound, a share such as 0.01, compared exactly. Without trials it is false.
func (p Proportion) AtMost(bound decimal.Decimal) bool {
	r, ok := p.ratio()
	return ok && compare(r, bound) <= 0
}

func (p Proportion) ratio() (*big.Rat, bool) {
	if !p.Known() {
		return nil, false
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(p.hits), new(big.Int).SetUint64(p.trials)), true
}

// Wilson returns the two-sided score interval (Wilson 1927) for the rate behind the counts, at a level between 0 and 1 such as 0.95.
// It contains the observed rate, stays within 0 and 1, and starts at exactly 0 without hits and ends at exactly 1 when all are hits.
// Without trials nothing is known and the interval is [0, 1]; so it is for a level that is not between 0 and 1, such as 95 or NaN.
//
// Its ends are the rates p at which a score test just rejects: (hits/trials − p)² = z² p (1 − p) / trials, where z is the normal
// quantile of the level, √2 · erf⁻¹(level).
func (p Proportion) Wilson(level float64) Interval {
	if !p.Known() || !(level > 0 && level < 1) {
		return Interval{Low: 0, High: 1}
	}
	i := wilson(float64(p.hits), float64(p.trials-p.hits), level)
	if p.hits == 0 {
		i.Low = 0
	}
	if p.hits == p.trials {
		i.High = 1
	}
	return i
}

// wilson is the interval of h hits and m misses, which need not be whole: what more cases at the same rate would tell.
func wilson(h, m, level float64) Interval {
	z, n := math.Sqrt2*math.Erfinv(level), h+m
	zz, rate := z*z, h/n

	// The larger root adds only positive terms. The smaller one, by the usual formula, would subtract two nearly equal numbers when
	// hits are few; the product of both roots, h²/(n(n+z²)), gives it without that loss.
	high := (2*h + zz + z*math.Sqrt(zz+4*h*(m/n))) / (2 * (n + zz))
	low := h / n * (h / (n + zz)) / high
	return Interval{Low: min(low, rate), High: min(max(high, rate), 1)}
}

// String returns the counts and the rate in percent, rounded to two places, as in "81/263 (30.80%)"; without trials, "0/0 (unknown)".
func (p Proportion) String() string {
	rate, ok := p.Rate(4)
	if !ok {
		return "0/0 (unknown)"
	}
	return fmt.Sprintf("%d/%d (%s%%)", p.hits, p.trials, rate.Shift(2).StringFixed(2))
}

type proportionJSON struct {
	Hits   *uint64 `json:"hits"`
	Trials *uint64 `json:"trials"`
}

// MarshalJSON writes {"hits":81,"trials":263}.
func (p Proportion) MarshalJSON() ([]byte, error) {
	return json.Marshal(proportionJSON{Hits: &p.hits, Trials: &p.trials})
}

// UnmarshalJSON reads what [Proportion.MarshalJSON] writes. Both counts must be there, and the rules of [NewProportion] hold; anything
// else is an error, [ErrFormat] if it is not two counts, and leaves p as it was.
func (p *Proportion) UnmarshalJSON(data []byte) error {
	var in proportionJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: proportion: %w", ErrFormat, err)
	}
	if in.Hits == nil || in.Trials == nil {
		return fmt.Errorf("%w: proportion: needs hits and trials", ErrFormat)
	}
	read, err := NewProportion(*in.Hits, *in.Trials)
	if err != nil {
		return err
	}
	*p = read
	return nil
}

package quality

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/shopspring/decimal"
)

// moments are the exact count, sum and sum of squares of whole numbers from 0 on. They add up to the same whatever the order and grouping.
type moments struct {
	count   uint64
	sum     total
	squares squares
}

func (m *moments) observe(v int64, what error) error {
	if v < 0 {
		return fmt.Errorf("%w: %d", what, v)
	}
	if m.count >= MaxCount {
		return fmt.Errorf("%w: already %d", ErrTooMany, m.count)
	}
	m.count++
	m.sum.add(uint64(v))
	m.squares.add(uint64(v))
	return nil
}

func (m *moments) merge(o moments) error {
	if o.count > MaxCount-m.count {
		return fmt.Errorf("%w: %d and %d more", ErrTooMany, m.count, o.count)
	}
	m.count += o.count
	m.sum.merge(o.sum)
	m.squares.merge(o.squares)
	return nil
}

func (m moments) mean() (*big.Rat, bool) {
	if m.count == 0 {
		return nil, false
	}
	return new(big.Rat).SetFrac(m.sum.big(), new(big.Int).SetUint64(m.count)), true
}

// deviation is the standard deviation of the sample: n·Σx² − (Σx)², exactly, over n(n−1).
func (m moments) deviation() float64 {
	if m.count < 2 {
		return 0
	}
	n := new(big.Int).SetUint64(m.count)
	sum := m.sum.big()
	spread := new(big.Int).Sub(new(big.Int).Mul(n, m.squares.big()), new(big.Int).Mul(sum, sum))
	pairs := new(big.Int).Mul(n, new(big.Int).SetUint64(m.count-1))
	variance, _ := new(big.Rat).SetFrac(spread, pairs).Float64()
	return math.Sqrt(variance)
}

func (m moments) grown(level, growth float64) (Interval, bool) {
	mean, ok := m.mean()
	if !ok {
		return Interval{}, false
	}
	at, _ := mean.Float64()
	i, ok := studentInterval(at, m.deviation(), float64(m.count)*growth, level)
	i.Low = max(i.Low, 0)
	return i, ok
}

type momentsJSON struct {
	Count   uint64 `json:"count"`
	Sum     string `json:"sum"`
	Squares string `json:"squares"`
}

// MarshalJSON writes the whole state: count, sum and sum of squares, the latter as text because they pass what JSON readers keep exactly.
func (m moments) MarshalJSON() ([]byte, error) {
	return json.Marshal(momentsJSON{m.count, m.sum.big().String(), m.squares.big().String()})
}

// UnmarshalJSON reads what MarshalJSON writes. Anything else is refused with [ErrFormat] and leaves the state as it was.
func (m *moments) UnmarshalJSON(data []byte) error {
	var in momentsJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: mean: %w", ErrFormat, err)
	}
	read := moments{count: in.Count}
	if in.Count > MaxCount {
		return fmt.Errorf("%w: mean: %w: %d", ErrFormat, ErrTooMany, in.Count)
	}
	if err := readWords(in.Sum, read.sum[:]); err != nil {
		return fmt.Errorf("%w: mean: sum: %w", ErrFormat, err)
	}
	if err := readWords(in.Squares, read.squares[:]); err != nil {
		return fmt.Errorf("%w: mean: squares: %w", ErrFormat, err)
	}
	// Of whole numbers from 0 on, n·Σx² ≥ (Σx)² ≥ Σx² ≥ Σx, and if m is the largest that there can be, n·m ≥ Σx and m·Σx ≥ Σx².
	sum, squares, n := read.sum.big(), read.squares.big(), new(big.Int).SetUint64(in.Count)
	square, most := new(big.Int).Mul(sum, sum), new(big.Int).Mul(sum, big.NewInt(math.MaxInt64))
	if n.Mul(n, squares).Cmp(square) < 0 || square.Cmp(squares) < 0 || squares.Cmp(sum) < 0 || !read.sum.holds(in.Count) || most.Cmp(squares) < 0 {
		return fmt.Errorf("%w: mean: no %d numbers have this sum and these squares", ErrFormat, in.Count)
	}
	*m = read
	return nil
}

// MeanTime is the mean of durations, exact to the nanosecond whatever their number: waiting, handling and repair times, hours of training.
// The zero value is empty and ready for use. It takes 56 bytes; copies are independent. For quantiles use [Durations].
//
// Times of service are skewed, and its interval, by Student's t, is approximate then: trust it from some dozens of times on. It is not safe
// for concurrent use while it changes.
type MeanTime struct{ moments }

// Observe takes in one duration. One below zero means that the data are wrong and is refused with [ErrNegative]; a count beyond [MaxCount]
// is refused with [ErrTooMany]. What is refused changes nothing.
func (m *MeanTime) Observe(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("%w: %v", ErrNegative, d)
	}
	return m.observe(int64(d), ErrNegative)
}

// Merge takes in all that other has seen; the order does not matter. A sum beyond [MaxCount] is refused with [ErrTooMany] and changes nothing.
func (m *MeanTime) Merge(other MeanTime) error { return m.merge(other.moments) }

// Count returns how many durations were observed.
func (m MeanTime) Count() uint64 { return m.count }

// Mean returns the mean, rounded once, half away from zero, to the nanosecond, and false if there is no duration.
func (m MeanTime) Mean() (time.Duration, bool) {
	mean, ok := m.mean()
	if !ok {
		return 0, false
	}
	return time.Duration(round(mean, 0).IntPart()), true
}

func (m MeanTime) unit() Unit { return Seconds }

func (m MeanTime) ratio() (*big.Rat, bool) {
	mean, ok := m.mean()
	if !ok {
		return nil, false
	}
	return mean.Quo(mean, big.NewRat(int64(time.Second), 1)), true
}

func (m MeanTime) grown(level, growth float64) (Interval, bool) {
	i, ok := m.moments.grown(level, growth)
	return Interval{Low: i.Low / float64(time.Second), High: i.High / float64(time.Second)}, ok
}

// MeanAmount is the mean of whole amounts from 0 on, such as money in the smallest unit of a currency. It is what [MeanTime] is for durations.
type MeanAmount struct{ moments }

// Observe takes in one amount. One below zero is refused with [ErrNegative]; a count beyond [MaxCount] is refused with [ErrTooMany].
func (m *MeanAmount) Observe(v int64) error { return m.observe(v, ErrNegative) }

// Merge takes in all that other has seen. A sum beyond [MaxCount] is refused with [ErrTooMany] and changes nothing.
func (m *MeanAmount) Merge(other MeanAmount) error { return m.merge(other.moments) }

// Count returns how many amounts were observed.
func (m MeanAmount) Count() uint64 { return m.count }

// Mean returns the mean, rounded once, half away from zero, to so many decimal places (0 to 32), and false if there is no amount.
func (m MeanAmount) Mean(places int32) (decimal.Decimal, bool) {
	mean, ok := m.mean()
	if !ok {
		return decimal.Decimal{}, false
	}
	return round(mean, min(max(places, 0), maxPlaces)), true
}

func (m MeanAmount) unit() Unit { return Amount }

func (m MeanAmount) ratio() (*big.Rat, bool) { return m.mean() }

func (m MeanAmount) grown(level, growth float64) (Interval, bool) {
	return m.moments.grown(level, growth)
}

// Ratio is a part of a whole in amounts, such as cost saved of cost before. It is exact, and has no interval: what it counts are units of
// money, and not independent cases. So it can be compared with a bound ([Objective.Exact]) but decides nothing as a sample. The zero value
// is empty and ready for use.
type Ratio struct {
	part, whole total
	count       uint64
}

// Observe takes in one pair of amounts. An amount below zero is refused with [ErrNegative], a part above its whole with [ErrRate], and more
// than [MaxCount] pairs with [ErrTooMany].
func (r *Ratio) Observe(part, whole int64) error {
	switch {
	case part < 0 || whole < 0:
		return fmt.Errorf("%w: %d of %d", ErrNegative, part, whole)
	case part > whole:
		return fmt.Errorf("%w: %d of %d", ErrRate, part, whole)
	case r.count >= MaxCount:
		return fmt.Errorf("%w: already %d", ErrTooMany, r.count)
	}
	r.part.add(uint64(part))
	r.whole.add(uint64(whole))
	r.count++
	return nil
}

// Merge takes in all that other has seen. A sum beyond [MaxCount] is refused with [ErrTooMany] and changes nothing.
func (r *Ratio) Merge(other Ratio) error {
	if other.count > MaxCount-r.count {
		return fmt.Errorf("%w: %d and %d more", ErrTooMany, r.count, other.count)
	}
	r.part.merge(other.part)
	r.whole.merge(other.whole)
	r.count += other.count
	return nil
}

// Count returns how many pairs were observed.
func (r Ratio) Count() uint64 { return r.count }

func (r Ratio) unit() Unit { return Share }

func (r Ratio) ratio() (*big.Rat, bool) {
	if r.whole == (total{}) {
		return nil, false
	}
	return new(big.Rat).SetFrac(r.part.big(), r.whole.big()), true
}

func (r Ratio) grown(float64, float64) (Interval, bool) { return Interval{}, false }

type ratioJSON struct {
	Part  string `json:"part"`
	Whole string `json:"whole"`
	Count uint64 `json:"count"`
}

// MarshalJSON writes the whole state, amounts as text.
func (r Ratio) MarshalJSON() ([]byte, error) {
	return json.Marshal(ratioJSON{r.part.big().String(), r.whole.big().String(), r.count})
}

// UnmarshalJSON reads what [Ratio.MarshalJSON] writes. Anything else is refused with [ErrFormat] and leaves r as it was.
func (r *Ratio) UnmarshalJSON(data []byte) error {
	var in ratioJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: ratio: %w", ErrFormat, err)
	}
	read := Ratio{count: in.Count}
	if err := readWords(in.Part, read.part[:]); err != nil {
		return fmt.Errorf("%w: ratio: part: %w", ErrFormat, err)
	}
	if err := readWords(in.Whole, read.whole[:]); err != nil {
		return fmt.Errorf("%w: ratio: whole: %w", ErrFormat, err)
	}
	if in.Count > MaxCount || read.part.compare(read.whole) > 0 || !read.whole.holds(in.Count) {
		return fmt.Errorf("%w: ratio: no %d pairs have these sums", ErrFormat, in.Count)
	}
	*r = read
	return nil
}

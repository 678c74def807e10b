package quality

import (
	"encoding/json"
	"fmt"
	"math/big"
)

// Extremes are the smallest and the largest of whole amounts from 0 on, for bounds that each amount must keep: every large service centre has
// 20 to 30 terminals. A mean would hide the centre of 10 behind one of 40.
//
// An objective holds the smallest against [AtLeast] and the largest against [AtMost] ([Objective.Exact]), so it is met when every amount
// meets it. They have no other single figure and no interval: [Value] and [Estimate] say false, as no sample shows how far the next amount
// will lie. Give all amounts there are.
//
// The zero value is empty and ready for use. Copies are independent and compare with ==. It is not safe for concurrent use while it changes.
type Extremes struct {
	smallest, largest int64
	count             uint64
}

// Observe takes in one amount. One below zero is refused with [ErrNegative]; a count beyond [MaxCount] is refused with [ErrTooMany]. What is
// refused changes nothing.
func (e *Extremes) Observe(v int64) error {
	if v < 0 {
		return fmt.Errorf("%w: %d", ErrNegative, v)
	}
	return e.Merge(Extremes{smallest: v, largest: v, count: 1})
}

// Merge takes in all that other has seen; the order does not matter. A sum beyond [MaxCount] is refused with [ErrTooMany] and changes nothing.
func (e *Extremes) Merge(other Extremes) error {
	switch {
	case other.count > MaxCount-e.count:
		return fmt.Errorf("%w: %d and %d more", ErrTooMany, e.count, other.count)
	case other.count == 0:
		return nil
	case e.count == 0:
		*e = other
		return nil
	}
	e.smallest = min(e.smallest, other.smallest)
	e.largest = max(e.largest, other.largest)
	e.count += other.count
	return nil
}

// Count returns how many amounts were observed.
func (e Extremes) Count() uint64 { return e.count }

// Between returns the smallest and the largest amount, and false if there is none.
func (e Extremes) Between() (smallest, largest int64, ok bool) {
	return e.smallest, e.largest, e.count > 0
}

func (e Extremes) unit() Unit { return Amount }

func (e Extremes) ratio() (*big.Rat, bool) { return nil, false }

func (e Extremes) grown(float64, float64) (Interval, bool) { return Interval{}, false }

// against is the amount that has the hardest time with a bound.
func (e Extremes) against(b Bound) (*big.Rat, bool) {
	v := e.largest
	if b == AtLeast {
		v = e.smallest
	}
	return new(big.Rat).SetInt64(v), e.count > 0
}

type extremesJSON struct {
	Smallest int64  `json:"smallest,string"`
	Largest  int64  `json:"largest,string"`
	Count    uint64 `json:"count"`
}

// MarshalJSON writes {"smallest":"24","largest":"28","count":3}: amounts as text, because they may pass what JSON readers keep exactly.
func (e Extremes) MarshalJSON() ([]byte, error) {
	return json.Marshal(extremesJSON{e.smallest, e.largest, e.count})
}

// UnmarshalJSON reads what [Extremes.MarshalJSON] writes. Anything else is refused with [ErrFormat] and leaves e as it was.
func (e *Extremes) UnmarshalJSON(data []byte) error {
	var in extremesJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: extremes: %w", ErrFormat, err)
	}
	if in.Count > MaxCount || in.Smallest < 0 || in.Smallest > in.Largest || in.Count == 0 && in.Largest > 0 || in.Count == 1 && in.Smallest < in.Largest {
		return fmt.Errorf("%w: extremes: no %d amounts lie between %d and %d", ErrFormat, in.Count, in.Smallest, in.Largest)
	}
	*e = Extremes{in.Smallest, in.Largest, in.Count}
	return nil
}

package quality

import (
	"fmt"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"
)

// RelativeError is how far a quantile of [Durations] may be from the true one, as a share of the true one: 1/128, below 1%.
const RelativeError = 1.0 / (2 * binsPerOctave)

// A duration falls into an octave, a power of two, and there into one of 64 bins of equal width, which its seven leading bits name.
// A bin is thus at most 1/64 as wide as its values are large, and its middle at most 1/128 off. Only integers are used, so that a
// duration falls into the same bin on every machine; with logarithms it need not. The lowest octave holds 0 to 63 ns, one bin each.
const (
	binBits       = 6
	binsPerOctave = 1 << binBits
	octaves       = 63 - binBits + 1
)

// Durations takes in durations one by one and answers for their quantiles. The zero value is empty and ready for use.
//
// Quantiles are estimates, off by at most [RelativeError] of the true value; Count, Min and Max are exact, and everything below 128 ns
// is. Memory is bounded whatever is observed: 512 bytes for each power of two that occurs, typically 5 to 12 KiB for times between
// a second and some months, never above 31 KiB. An observation costs a few nanoseconds and, once its power of two has occurred, does
// not allocate.
//
// A Durations must not be copied after the first observation, as both would share counters, and is not safe for concurrent use while
// it changes: give each goroutine its own and merge them.
type Durations struct {
	count    uint64
	min, max time.Duration
	// Grown to the highest octave seen; an octave without observations is nil. Equal observations in any order and grouping therefore
	// leave equal states.
	bins []*[binsPerOctave]uint64
}

// Observe takes in one duration. Zero is a duration like any other. One below zero means that the data are wrong (an end before its
// beginning), would spoil every quantile, and is refused with [ErrNegative]; a count beyond [MaxCount] is refused with
// [ErrTooMany]. What is refused changes nothing.
func (d *Durations) Observe(v time.Duration) error {
	if v < 0 {
		return fmt.Errorf("%w: %v", ErrNegative, v)
	}
	if d.count >= MaxCount {
		return fmt.Errorf("%w: already %d durations", ErrTooMany, d.count)
	}
	octave, bin := locate(v)
	d.octave(octave)[bin]++
	d.widen(v, v)
	d.count++
	return nil
}

// Merge takes in all that other holds, as if each duration had been observed here; the order does not matter. Other is not changed and
// shares nothing with d afterwards; nil is as good as empty. A sum beyond [MaxCount] is refused with [ErrTooMany] and changes nothing.
func (d *Durations) Merge(other *Durations) error {
	if other == nil || other.count == 0 {
		return nil
	}
	if other.count > MaxCount-d.count {
		return fmt.Errorf("%w: %d durations and %d more", ErrTooMany, d.count, other.count)
	}
	for octave, from := range other.bins {
		if from == nil {
			continue
		}
		to := d.octave(octave)
		for bin, n := range from {
			to[bin] += n
		}
	}
	d.widen(other.min, other.max)
	d.count += other.count
	return nil
}

// Count returns how many durations were observed; of nil, none.
func (d *Durations) Count() uint64 {
	if d == nil {
		return 0
	}
	return d.count
}

// Min returns the shortest duration, exactly, and false if there is none.
func (d *Durations) Min() (time.Duration, bool) { return d.min, d.count > 0 }

// Max returns the longest duration, exactly, and false if there is none.
func (d *Durations) Max() (time.Duration, bool) { return d.max, d.count > 0 }

// Quantile returns the duration that at least a share q of the cases did not exceed: of n durations in order, the one with rank ⌈q·n⌉
// (Hyndman and Fan's definition 1), to within [RelativeError] and never outside Min and Max. There is no interpolation, so the
// median of an even number is the lower of the two in the middle. Quantile(0) and Quantile(1) are Min and Max. It returns false if
// there is no duration or q is not between 0 and 1.
//
// q is taken as the decimal number it prints as: of 100 durations, 0.07 is the 7th, although 0.07*100 is above 7 in float64.
func (d *Durations) Quantile(q float64) (time.Duration, bool) {
	if d.count == 0 || !(q >= 0 && q <= 1) {
		return 0, false
	}
	rank := decimal.NewFromFloat(q).Mul(decimal.NewFromUint64(d.count)).Ceil().BigInt().Uint64()
	switch {
	case rank <= 1:
		return d.min, true
	case rank == d.count:
		return d.max, true
	}
	for octave, counts := range d.bins {
		if counts == nil {
			continue
		}
		for bin, n := range counts {
			if rank <= n {
				return min(max(middle(octave, bin), d.min), d.max), true
			}
			rank -= n
		}
	}
	return d.max, true
}

// octave returns the counters of an octave, made on first use.
func (d *Durations) octave(i int) *[binsPerOctave]uint64 {
	for len(d.bins) <= i {
		d.bins = append(d.bins, nil)
	}
	if d.bins[i] == nil {
		d.bins[i] = new([binsPerOctave]uint64)
	}
	return d.bins[i]
}

// widen moves the extremes so that they take in shortest and longest; it comes before the count goes up.
func (d *Durations) widen(shortest, longest time.Duration) {
	if d.count == 0 {
		d.min, d.max = shortest, longest
		return
	}
	d.min, d.max = min(d.min, shortest), max(d.max, longest)
}

func locate(v time.Duration) (octave, bin int) {
	octave = max(bits.Len64(uint64(v))-binBits, 0)
	return octave, int(v>>max(octave-1, 0)) & (binsPerOctave - 1)
}

// middle is the inverse of locate: a duration in the middle of the bin.
func middle(octave, bin int) time.Duration {
	if octave == 0 {
		return time.Duration(bin)
	}
	width := time.Duration(1) << (octave - 1)
	return (binsPerOctave+time.Duration(bin))*width + (width-1)/2
}

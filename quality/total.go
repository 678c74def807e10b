package quality

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
)

// total is a sum of 64-bit numbers that cannot overflow before [MaxCount] of them: 128 bits, low word first.
type total [2]uint64

func (t *total) add(v uint64) { t.merge(total{v}) }

func (t *total) merge(o total) {
	var carry uint64
	t[0], carry = bits.Add64(t[0], o[0], 0)
	t[1], _ = bits.Add64(t[1], o[1], carry)
}

func (t total) compare(o total) int {
	return t.big().Cmp(o.big())
}

func (t total) big() *big.Int { return words(t[:]) }

// holds reports whether so many numbers, each of at most 63 bits, can have this sum. Sums that do cannot overflow before [MaxCount] either.
func (t total) holds(count uint64) bool {
	high, low := bits.Mul64(count, math.MaxInt64)
	return t[1] < high || t[1] == high && t[0] <= low
}

// squares is a sum of squares of 64-bit numbers: 192 bits.
type squares [3]uint64

func (s *squares) add(v uint64) {
	high, low := bits.Mul64(v, v)
	s.merge(squares{low, high})
}

func (s *squares) merge(o squares) {
	var carry uint64
	s[0], carry = bits.Add64(s[0], o[0], 0)
	s[1], carry = bits.Add64(s[1], o[1], carry)
	s[2], _ = bits.Add64(s[2], o[2], carry)
}

func (s squares) big() *big.Int { return words(s[:]) }

func words(w []uint64) *big.Int {
	v := new(big.Int)
	for i := len(w) - 1; i >= 0; i-- {
		v.Lsh(v, 64)
		v.Or(v, new(big.Int).SetUint64(w[i]))
	}
	return v
}

// readWords is the inverse of words, for numbers that others wrote.
func readWords(text string, w []uint64) error {
	const longest = 60 // digits of 192 bits
	if len(text) > longest {
		return errors.New("a number of too many digits")
	}
	v, ok := new(big.Int).SetString(text, 10)
	if !ok || v.Sign() < 0 || v.BitLen() > 64*len(w) || v.String() != text {
		return errors.New("not a whole number that fits")
	}
	for i := range w {
		w[i] = new(big.Int).And(new(big.Int).Rsh(v, uint(64*i)), new(big.Int).SetUint64(1<<64-1)).Uint64()
	}
	return nil
}

package quality

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Scale is the set of answers that a question allows: from a lowest to a highest score, in equal steps. Scales are compared with ==.
// The zero value allows nothing.
type Scale struct {
	// The scores are low, low+step, … as multiples of 10^-places.
	low, step int64
	levels    int32
	places    int32
}

// MaxLevels is how many scores a scale may have: 0 to 100 in steps of 0.01.
const MaxLevels = 10_001

// NewScale returns the scale from low to high in steps. It refuses with [ErrScale] what is no scale: a high that is not above low, a step
// that is not positive or does not lead to high, more than [MaxLevels] scores, or figures with more than six decimal places or beyond a
// thousand million.
func NewScale(low, high, step decimal.Decimal) (Scale, error) {
	limit := decimal.New(1, 9)
	for _, v := range []decimal.Decimal{low, high, step} {
		if v.NumDigits()+int(v.Exponent()) > 10 || v.Exponent() < -6 || v.Abs().GreaterThan(limit) {
			return Scale{}, fmt.Errorf("%w: figures too large or too fine", ErrScale)
		}
	}
	if !high.GreaterThan(low) || !step.IsPositive() {
		return Scale{}, fmt.Errorf("%w: from %v to %v in steps of %v", ErrScale, low, high, step)
	}
	n, rest := high.Sub(low).QuoRem(step, 0)
	if !rest.IsZero() {
		return Scale{}, fmt.Errorf("%w: steps of %v do not lead from %v to %v", ErrScale, step, low, high)
	}
	if n.GreaterThanOrEqual(decimal.New(MaxLevels, 0)) {
		return Scale{}, fmt.Errorf("%w: more than %d scores from %v to %v", ErrScale, MaxLevels, low, high)
	}
	places := int32(0)
	for !low.Equal(low.Truncate(places)) || !step.Equal(step.Truncate(places)) {
		places++
	}
	return Scale{
		low: low.Shift(places).IntPart(), step: step.Shift(places).IntPart(), levels: int32(n.IntPart()) + 1, places: places,
	}, nil
}

// Whole returns the scale of the whole numbers from low to high, such as Whole(1, 5).
func Whole(low, high int) (Scale, error) {
	return NewScale(decimal.NewFromInt(int64(low)), decimal.NewFromInt(int64(high)), decimal.NewFromInt(1))
}

// ParseScale reads what [Scale.String] writes: "1-5", "0-100", "-3-3", "1-5/0.5" for half points, and "0-1" for no and yes.
func ParseScale(text string) (Scale, error) {
	ends, step, stepped := strings.Cut(text, "/")
	if !stepped {
		step = "1"
	}
	if len(text) > 64 || len(ends) < 3 {
		return Scale{}, fmt.Errorf("%w: %.64q", ErrScale, text)
	}
	dash := strings.IndexByte(ends[1:], '-') + 1
	var figures [3]decimal.Decimal
	for i, part := range []string{ends[:dash], ends[min(dash+1, len(ends)):], step} {
		v, err := plain(part)
		if err != nil {
			return Scale{}, fmt.Errorf("%w: %.64q", ErrScale, text)
		}
		figures[i] = v
	}
	return NewScale(figures[0], figures[1], figures[2])
}

// plain reads a decimal without an exponent.
func plain(text string) (decimal.Decimal, error) {
	if len(text) > 40 || strings.Trim(text, "0123456789.-+") != "" {
		return decimal.Decimal{}, fmt.Errorf("%w: %.40q is no plain number", ErrFormat, text)
	}
	v, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%w: %.40q is no plain number", ErrFormat, text)
	}
	return v, nil
}

// Levels returns how many scores the scale has.
func (s Scale) Levels() int { return int(s.levels) }

// Low returns the lowest score.
func (s Scale) Low() decimal.Decimal { return s.At(0) }

// High returns the highest score.
func (s Scale) High() decimal.Decimal { return s.At(int(s.levels) - 1) }

// At returns the score of a level, counted from 0 upwards.
func (s Scale) At(level int) decimal.Decimal {
	return decimal.New(s.low+int64(level)*s.step, -s.places)
}

// Level returns the level of a score. A score that the scale does not have is refused with [ErrOffScale]: one beyond its ends, and also one
// between two steps, such as 6.5 where whole numbers were asked for. It is never moved to a neighbour.
func (s Scale) Level(score decimal.Decimal) (int, error) {
	if level, ok := s.level(score); ok {
		return level, nil
	}
	if score.NumDigits()+int(max(score.Exponent(), 0)) > 40 || score.Exponent() < -40 {
		return 0, fmt.Errorf("%w: a number of many digits, on the scale %v", ErrOffScale, s)
	}
	return 0, fmt.Errorf("%w: %v on the scale %v", ErrOffScale, score, s)
}

func (s Scale) level(score decimal.Decimal) (int, bool) {
	v, ok := s.units(score)
	if !ok || s.levels == 0 {
		return 0, false
	}
	distance := v - s.low
	if distance < 0 || distance%s.step != 0 || distance/s.step >= int64(s.levels) {
		return 0, false
	}
	return int(distance / s.step), true
}

// units returns a score as a whole number of 10^-places, and false if it is none or too large for any scale.
func (s Scale) units(score decimal.Decimal) (int64, bool) {
	const most = 18 // digits that fit 64 bits
	digits, shift := int64(score.NumDigits()), int64(score.Exponent())+int64(s.places)
	switch {
	case score.IsZero():
		return 0, true
	case digits+shift > most, digits+shift <= 0, digits > 60:
		return 0, false
	case digits > most: // 7.000000000000000000000
		shifted := score.Shift(s.places)
		return shifted.IntPart(), shifted.IsInteger()
	}
	v := score.CoefficientInt64()
	for ; shift > 0; shift-- {
		v *= 10
	}
	for ; shift < 0; shift++ {
		if v%10 != 0 {
			return 0, false
		}
		v /= 10
	}
	return v, true
}

// String returns "1-5", or "1-5/0.5" when the step is not 1.
func (s Scale) String() string {
	text := s.Low().String() + "-" + s.High().String()
	if step := decimal.New(s.step, -s.places); !step.Equal(decimal.New(1, 0)) {
		text += "/" + step.String()
	}
	return text
}

// MarshalText returns the same text as [Scale.String].
func (s Scale) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ParseScale] reads. Other text is refused with [ErrScale] and leaves s as it was.
func (s *Scale) UnmarshalText(text []byte) error {
	read, err := ParseScale(string(text))
	if err != nil {
		return err
	}
	*s = read
	return nil
}

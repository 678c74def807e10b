package quality

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality/internal/prob"
)

// Scores counts the answers to one question of a survey, score by score. It is exact: means, shares and net scores come from the counts.
// Make one with [NewScores]; the zero value has no scale and refuses every score.
//
// As a [Statistic] it is the mean score. A Scores must not be copied after the first observation, as both would share counters, and is not
// safe for concurrent use while it changes: give each goroutine its own and merge them.
type Scores struct {
	scale  Scale
	count  uint64
	counts []uint64
}

// NewScores returns an empty Scores on a scale.
func NewScores(scale Scale) *Scores { return &Scores{scale: scale} }

// Observe counts one answer. A score that the scale does not have is refused with [ErrOffScale], changes nothing and belongs in a report of
// findings: it is neither rounded nor left in the denominator. A nil Scores has no scale: [ErrScale].
func (s *Scores) Observe(score decimal.Decimal) error {
	if s == nil {
		return errNoScores
	}
	level, err := s.scale.Level(score)
	if err != nil {
		return err
	}
	return s.add(level, 1)
}

// errNoScores is for a nil Scores, which has no scale.
var errNoScores = fmt.Errorf("%w: nil scores have none", ErrScale)

func (s *Scores) add(level int, n uint64) error {
	if n > MaxCount-s.count {
		return fmt.Errorf("%w: %d scores and %d more", ErrTooMany, s.count, n)
	}
	if s.counts == nil {
		s.counts = make([]uint64, s.scale.levels)
	}
	s.counts[level] += n
	s.count += n
	return nil
}

// Merge takes in all that other counted. Scores on different scales are never mixed: that is refused with [ErrScale]. Other is not changed;
// nil is as good as empty.
func (s *Scores) Merge(other *Scores) error {
	if other == nil || other.count == 0 {
		return nil
	}
	if s == nil {
		return errNoScores
	}
	if s.scale != other.scale {
		return fmt.Errorf("%w: %v and %v", ErrScale, s.scale, other.scale)
	}
	if other.count > MaxCount-s.count {
		return fmt.Errorf("%w: %d scores and %d more", ErrTooMany, s.count, other.count)
	}
	for level, n := range other.counts {
		if n > 0 {
			_ = s.add(level, n) // fits: the sum was checked
		}
	}
	return nil
}

// Scale returns the scale.
func (s *Scores) Scale() Scale { return s.scale }

// Count returns how many answers there are; of nil, none.
func (s *Scores) Count() uint64 {
	if s == nil {
		return 0
	}
	return s.count
}

// All gives every score of the scale that occurred, from the lowest, with how often it did.
func (s *Scores) All() iter.Seq2[decimal.Decimal, uint64] {
	return func(yield func(decimal.Decimal, uint64) bool) {
		for level, n := range s.counts {
			if n > 0 && !yield(s.scale.At(level), n) {
				return
			}
		}
	}
}

// AtLeast returns the share of answers with this score or a higher one, of all answers: with 4 on a scale of 1 to 5, the share of the two best.
// A score that the scale does not have is refused with [ErrOffScale].
func (s *Scores) AtLeast(score decimal.Decimal) (Proportion, error) {
	from, err := s.scale.Level(score)
	if err != nil {
		return Proportion{}, err
	}
	return Proportion{hits: s.within(from, s.scale.Levels()-1), trials: s.count}, nil
}

// Net returns the answers as promoters (this score or higher), detractors (that score or lower) and, between them, passives. It refuses
// with [ErrOffScale] scores that the scale does not have, and with [ErrScale] two that leave a score on both sides.
//
// A net promoter score is asked on 0 to 10 and has promoters from 9 and detractors to 6 (Reichheld 2003); other questions and other scales
// give other figures, which are not one.
func (s *Scores) Net(promotersFrom, detractorsTo decimal.Decimal) (Net, error) {
	from, err := s.scale.Level(promotersFrom)
	if err != nil {
		return Net{}, err
	}
	to, err := s.scale.Level(detractorsTo)
	if err != nil {
		return Net{}, err
	}
	if to >= from {
		return Net{}, fmt.Errorf("%w: promoters from %v and detractors to %v", ErrScale, promotersFrom, detractorsTo)
	}
	promoters, detractors := s.within(from, s.scale.Levels()-1), s.within(0, to)
	return Net{promoters: promoters, passives: s.count - promoters - detractors, detractors: detractors}, nil
}

func (s *Scores) within(from, to int) (n uint64) {
	for level := from; level <= to && level < len(s.counts); level++ {
		n += s.counts[level]
	}
	return n
}

// Mean returns the mean score, rounded once, half away from zero, to so many decimal places (0 to 32), and false if there is no answer.
func (s *Scores) Mean(places int32) (decimal.Decimal, bool) {
	mean, ok := s.ratio()
	if !ok {
		return decimal.Decimal{}, false
	}
	return round(mean, min(max(places, 0), maxPlaces)), true
}

func (s *Scores) unit() Unit { return Score }

func (s *Scores) ratio() (*big.Rat, bool) {
	if s.Count() == 0 {
		return nil, false
	}
	sum := new(big.Int)
	for level, n := range s.counts {
		term := new(big.Int).Mul(big.NewInt(s.scale.low+int64(level)*s.scale.step), new(big.Int).SetUint64(n))
		sum.Add(sum, term)
	}
	divisor := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.scale.places)), nil)
	divisor.Mul(divisor, new(big.Int).SetUint64(s.count))
	return new(big.Rat).SetFrac(sum, divisor), true
}

// moments returns mean and standard deviation of the sample.
func (s *Scores) moments() (mean, deviation float64) {
	r, _ := s.ratio()
	mean, _ = r.Float64()
	sum := 0.0
	for score, n := range s.All() {
		d := score.InexactFloat64() - mean
		sum += float64(n) * d * d
	}
	return mean, math.Sqrt(sum / float64(s.count-1))
}

func (s *Scores) grown(level, growth float64) (Interval, bool) {
	if s.Count() < 2 {
		return Interval{}, false
	}
	mean, deviation := s.moments()
	i, ok := studentInterval(mean, deviation, float64(s.count)*growth, level)
	return Interval{
		Low: max(i.Low, s.scale.Low().InexactFloat64()), High: min(i.High, s.scale.High().InexactFloat64()),
	}, ok
}

// studentInterval is mean ± t · deviation / √n. A sample in which all are the same says nothing about how much they may differ.
func studentInterval(mean, deviation, n, level float64) (Interval, bool) {
	if !(deviation > 0) || !(n > 1) {
		return Interval{}, false
	}
	half := prob.StudentTwoSided(level, n-1) * deviation / math.Sqrt(n)
	if math.IsNaN(half) {
		return Interval{}, false
	}
	return Interval{Low: mean - half, High: mean + half}, true
}

// maxResamples bounds the work of a bootstrap.
const maxResamples = 1_000_000

// Bootstrap returns the percentile interval of the mean score from so many resamples (at least 100, at most a million; 2,000 is usual). The
// draws follow from the seed, so that equal calls give equal intervals. It says false if there are fewer than two answers, if all are the
// same, or if the level is not between 0 and 1.
//
// It needs no assumption on the shape of the answers, where [Estimate] uses Student's t; from some dozens of answers on the two agree. Up
// to a thousand answers are drawn one by one; counts beyond that are drawn from the normal distribution, so that a resample of a million
// answers costs no more.
func (s *Scores) Bootstrap(level float64, resamples int, seed uint64) (Interval, bool) {
	if _, varied := s.grown(0.5, 1); !varied || !(level > 0 && level < 1) || resamples < 100 || resamples > maxResamples {
		return Interval{}, false
	}
	r := rand.New(rand.NewPCG(seed, 0))
	means := make([]float64, resamples)
	for i := range means {
		means[i] = s.resample(r)
	}
	slices.Sort(means)
	at := func(q float64) float64 {
		return means[min(max(int(math.Ceil(q*float64(resamples)))-1, 0), resamples-1)]
	}
	return Interval{Low: at((1 - level) / 2), High: at((1 + level) / 2)}, true
}

// resample draws as many answers as there are from those that there are, and returns their mean. It draws how many fall on each score, one
// score after the other, each a binomial count of those that are left.
func (s *Scores) resample(r *rand.Rand) float64 {
	left, weight, sum := s.count, s.count, 0.0
	for level, n := range s.counts {
		if n == 0 {
			continue
		}
		drawn := left
		if weight > n {
			drawn = binomial(r, left, float64(n)/float64(weight))
		}
		sum += float64(drawn) * s.scale.At(level).InexactFloat64()
		left -= drawn
		weight -= n
	}
	return sum / float64(s.count)
}

// binomial draws the number of hits: one trial after the other when they are few, else from the normal distribution, whose error is then
// far below that of a bootstrap.
func binomial(r *rand.Rand, trials uint64, rate float64) uint64 {
	variance := float64(trials) * rate * (1 - rate)
	if trials > 1000 && variance > 100 {
		hits := math.Round(float64(trials)*rate + r.NormFloat64()*math.Sqrt(variance))
		return uint64(min(max(hits, 0), float64(trials)))
	}
	// The gaps between hits are geometric, so that rare hits among many trials are cheap.
	if rate > 0.5 {
		return trials - binomial(r, trials, 1-rate)
	}
	hits, at := uint64(0), 0.0
	for {
		at += math.Floor(math.Log1p(-r.Float64())/math.Log1p(-rate)) + 1
		if at > float64(trials) {
			return hits
		}
		hits++
	}
}

type scoresJSON struct {
	Scale  Scale      `json:"scale"`
	Scores [][]uint64 `json:"scores"`
}

// MarshalJSON writes the scale and, for each score that occurred, its level from 0 upwards and how often it did:
//
//	{"scale":"1-5","scores":[[0,2],[4,31]]}
func (s *Scores) MarshalJSON() ([]byte, error) {
	out := scoresJSON{Scale: s.scale, Scores: [][]uint64{}}
	for level, n := range s.counts {
		if n > 0 {
			out.Scores = append(out.Scores, []uint64{uint64(level), n})
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what [Scores.MarshalJSON] writes, in place of what s held. Anything else is refused with [ErrFormat] and leaves s as
// it was.
func (s *Scores) UnmarshalJSON(data []byte) error {
	var in scoresJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: scores: %w", ErrFormat, err)
	}
	read := Scores{scale: in.Scale}
	next := uint64(0)
	for i, pair := range in.Scores {
		if len(pair) != 2 || pair[0] < next || pair[0] >= uint64(in.Scale.levels) || pair[1] == 0 {
			return fmt.Errorf("%w: scores[%d]", ErrFormat, i)
		}
		if err := read.add(int(pair[0]), pair[1]); err != nil {
			return fmt.Errorf("%w: scores[%d]: %w", ErrFormat, i, err)
		}
		next = pair[0] + 1
	}
	if read.scale.levels == 0 {
		return fmt.Errorf("%w: scores: no scale", ErrFormat)
	}
	*s = read
	return nil
}

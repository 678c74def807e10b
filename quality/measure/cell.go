package measure

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// cell holds the facts of one group. Shares are by far the most frequent, and stand in the cell itself.
type cell struct {
	hits, trials      uint64
	pending, excluded uint64
	more              *sums
}

type sums struct {
	scores    *quality.Scores
	time      quality.MeanTime
	durations quality.Durations
	amount    quality.MeanAmount
	each      quality.Extremes
	ratio     quality.Ratio
	uptime    quality.Uptime
}

func (c *cell) statistic(m *Measure) quality.Statistic {
	if m.Kind == Share {
		p, _ := quality.NewProportion(c.hits, c.trials) // each fact was checked
		return p
	}
	s := c.more
	if s == nil {
		s = new(sums)
	}
	scores := s.scores
	if scores == nil {
		scores = quality.NewScores(m.Survey.Scale)
	}
	switch m.Kind {
	case Satisfied:
		p, _ := scores.AtLeast(m.Survey.Satisfied) // on the scale, by Measure.check
		return p
	case MeanScore:
		return scores
	case NetScore:
		n, _ := scores.Net(decimal.NewFromInt(9), decimal.NewFromInt(6)) // on 0 to 10, by Measure.check
		return n
	case MeanTime:
		return s.time
	case MeanAmount:
		return s.amount
	case Each:
		return s.each
	case Part:
		return s.ratio
	case BetweenFailures:
		return s.uptime.BetweenFailures()
	}
	return s.uptime
}

// counts tells whether a kind of measure counts a kind of fact.
func counts(k Kind, f factKind) bool {
	switch f {
	case pending, excluded:
		return true
	case hits:
		return k == Share
	case rating:
		return k == Satisfied || k == MeanScore || k == NetScore
	case took:
		return k == MeanTime
	case worth:
		return k == MeanAmount || k == Each
	case part:
		return k == Part
	case ran:
		return k == Availability || k == BetweenFailures
	}
	return false
}

func (c *cell) add(m *Measure, f Fact, quantiles bool) error {
	switch f.kind {
	case pending, excluded:
		n := &c.pending
		if f.kind == excluded {
			n = &c.excluded
		}
		if *n >= quality.MaxCount {
			return fmt.Errorf("%w: %d", quality.ErrTooMany, *n)
		}
		*n++
		return nil
	case hits:
		if f.a > f.b {
			return fmt.Errorf("%w: %d of %d", quality.ErrHitsExceedTrials, f.a, f.b)
		}
		if f.b > quality.MaxCount-c.trials {
			return fmt.Errorf("%w: %d trials and %d more", quality.ErrTooMany, c.trials, f.b)
		}
		c.hits += f.a
		c.trials += f.b
		return nil
	}
	s := c.more
	if s == nil {
		s = new(sums)
	}
	if err := s.add(m, f, quantiles); err != nil {
		return err
	}
	c.more = s
	return nil
}

func (s *sums) add(m *Measure, f Fact, quantiles bool) error {
	switch f.kind {
	case rating:
		if s.scores == nil {
			s.scores = quality.NewScores(m.Survey.Scale)
		}
		return s.scores.Observe(f.score)
	case took:
		if err := s.time.Observe(time.Duration(f.a)); err != nil || !quantiles {
			return err
		}
		return s.durations.Observe(time.Duration(f.a))
	case worth:
		if m.Kind == Each {
			return s.each.Observe(int64(f.a))
		}
		return s.amount.Observe(int64(f.a))
	case part:
		return s.ratio.Observe(int64(f.a), int64(f.b))
	}
	return s.uptime.Add(time.Duration(f.a), time.Duration(f.b), f.c)
}

// weight is at least as much as a fact adds to any count.
func (f Fact) weight() uint64 {
	switch f.kind {
	case hits:
		return f.b
	case ran:
		return max(f.c, 1)
	}
	return 1
}

// weight is at least as large as any count of the cell.
func (c *cell) weight() uint64 {
	n := max(c.trials, c.pending, c.excluded)
	if s := c.more; s != nil {
		n = max(n, s.scores.Count(), s.time.Count(), s.durations.Count(), s.amount.Count(), s.each.Count(), s.ratio.Count(), s.uptime.Count(), s.uptime.Stretches())
	}
	return n
}

// fits tells whether another cell of the same measure can be merged, and changes nothing.
func (c *cell) fits(o *cell) error {
	counts := [...][2]uint64{{c.trials, o.trials}, {c.pending, o.pending}, {c.excluded, o.excluded}}
	for _, n := range counts {
		if n[1] > quality.MaxCount-n[0] {
			return fmt.Errorf("%w: %d and %d more", quality.ErrTooMany, n[0], n[1])
		}
	}
	if c.more == nil || o.more == nil {
		return nil
	}
	return c.more.fits(o.more)
}

// fits tries on copies what may be copied. Of scores and durations, which may not, only the counts can be too large.
func (s *sums) fits(o *sums) error {
	for _, n := range [...][2]uint64{{s.scores.Count(), o.scores.Count()}, {s.durations.Count(), o.durations.Count()}} {
		if n[1] > quality.MaxCount-n[0] {
			return fmt.Errorf("%w: %d and %d more", quality.ErrTooMany, n[0], n[1])
		}
	}
	time, amount, each, ratio, uptime := s.time, s.amount, s.each, s.ratio, s.uptime
	if err := time.Merge(o.time); err != nil {
		return err
	}
	if err := amount.Merge(o.amount); err != nil {
		return err
	}
	if err := each.Merge(o.each); err != nil {
		return err
	}
	if err := ratio.Merge(o.ratio); err != nil {
		return err
	}
	return uptime.Merge(o.uptime)
}

// merge refuses what does not fit, and changes nothing then.
func (c *cell) merge(o *cell) error {
	if err := c.fits(o); err != nil {
		return err
	}
	return c.take(o)
}

// take merges what fits; so it gives no error.
func (c *cell) take(o *cell) error {
	if o.more != nil {
		if c.more == nil {
			c.more = new(sums)
		}
		if err := c.more.take(o.more); err != nil {
			return err
		}
	}
	c.hits += o.hits
	c.trials += o.trials
	c.pending += o.pending
	c.excluded += o.excluded
	return nil
}

func (s *sums) take(o *sums) error {
	if o.scores != nil {
		if s.scores == nil {
			s.scores = quality.NewScores(o.scores.Scale())
		}
		if err := s.scores.Merge(o.scores); err != nil {
			return err
		}
	}
	return errors.Join(s.durations.Merge(&o.durations), s.time.Merge(o.time), s.amount.Merge(o.amount), s.each.Merge(o.each), s.ratio.Merge(o.ratio), s.uptime.Merge(o.uptime))
}

package quality

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/servicecharter/charter/quality/internal/prob"
)

// Uptime is how long services were to run, how long of it they did not, and how often they went down. The zero value is empty and ready for
// use; copies are independent.
//
// As a [Statistic] it is the availability, the share of the agreed time in which the service ran. [Uptime.BetweenFailures] gives the mean
// time between failures. Its interval takes times up and times down as exponential and independent, so that their ratio follows an F
// distribution (Ebeling, An Introduction to Reliability and Maintainability Engineering): with few outages it is wide, and without any
// there is none.
type Uptime struct {
	agreed, down total
	failures     uint64
	stretches    uint64
}

// Outage is a stretch in which a service did not run, from the first instant up to the second.
type Outage struct{ From, To time.Time }

// Observe takes in one service over a stretch of agreed time, from the first instant up to the second, with its outages in any order.
// Outages that overlap or touch are one; of those that reach beyond the stretch the part within counts, and as a failure only if it began
// within. An outage still lasting has a zero To.
//
// A stretch without length or an outage that ends before it begins is refused with [ErrNegative], and one longer than a time.Duration can be,
// 292 years, with [ErrTooMany]; either changes nothing. Give each service and
// stretch once: outages of one service in two calls cannot be seen to overlap.
func (u *Uptime) Observe(from, to time.Time, outages ...Outage) error {
	if !to.After(from) {
		return fmt.Errorf("%w: agreed time from %v to %v", ErrNegative, from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	agreed := to.Sub(from)
	if agreed == math.MaxInt64 {
		return fmt.Errorf("%w: nanoseconds from %v to %v", ErrTooMany, from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	sorted := slices.Clone(outages)
	for i, o := range sorted {
		if o.To.IsZero() && o.From.Before(to) {
			sorted[i].To = to
		} else if !o.To.IsZero() && o.To.Before(o.From) {
			return fmt.Errorf("%w: outage from %v to %v", ErrNegative, o.From.Format(time.RFC3339), o.To.Format(time.RFC3339))
		}
	}
	slices.SortFunc(sorted, func(a, b Outage) int { return a.From.Compare(b.From) })
	var down time.Duration
	var failures uint64
	var end time.Time // of the outages so far
	for i, o := range sorted {
		if !o.From.Before(to) || !o.To.After(o.From) {
			continue
		}
		if i == 0 || o.From.After(end) || end.IsZero() {
			if !o.From.Before(from) {
				failures++
			}
		}
		begin := latest(o.From, from, end)
		if stop := earliest(o.To, to); stop.After(begin) {
			down += stop.Sub(begin)
		}
		end = latest(end, o.To)
	}
	return u.Add(agreed, down, failures)
}

// Add takes in a stretch of agreed time of which the host has worked out the time down and the number of failures, as when services are
// owed during opening hours only. Time down beyond the agreed time is refused with [ErrRate]: availability would be below zero; a time
// below zero with [ErrNegative].
func (u *Uptime) Add(agreed, down time.Duration, failures uint64) error {
	switch {
	case agreed < 0 || down < 0:
		return fmt.Errorf("%w: %v down of %v", ErrNegative, down, agreed)
	case down > agreed:
		return fmt.Errorf("%w: %v down of %v", ErrRate, down, agreed)
	case failures > MaxCount-u.failures || u.stretches >= MaxCount:
		return fmt.Errorf("%w: %d failures and %d more", ErrTooMany, u.failures, failures)
	}
	u.agreed.add(uint64(agreed))
	u.down.add(uint64(down))
	u.failures += failures
	u.stretches++
	return nil
}

// Merge takes in all that other holds; the order does not matter. Sums beyond [MaxCount] are refused with [ErrTooMany] and change nothing.
func (u *Uptime) Merge(other Uptime) error {
	if other.failures > MaxCount-u.failures || other.stretches > MaxCount-u.stretches {
		return fmt.Errorf("%w: %d failures and %d more", ErrTooMany, u.failures, other.failures)
	}
	u.agreed.merge(other.agreed)
	u.down.merge(other.down)
	u.failures += other.failures
	u.stretches += other.stretches
	return nil
}

// Count returns how many failures there were: what the interval rests on.
func (u Uptime) Count() uint64 { return u.failures }

// Stretches returns how many stretches of agreed time there were.
func (u Uptime) Stretches() uint64 { return u.stretches }

// Down returns the time down, and false if it is longer than a time.Duration can be, 292 years.
func (u Uptime) Down() (time.Duration, bool) {
	return time.Duration(u.down[0]), u.down[1] == 0 && u.down[0] <= math.MaxInt64
}

// BetweenFailures returns the time up with the number of failures, whose ratio is the mean time between failures.
func (u Uptime) BetweenFailures() BetweenFailures {
	return BetweenFailures{up: new(big.Int).Sub(u.agreed.big(), u.down.big()), failures: u.failures}
}

func (u Uptime) unit() Unit { return Share }

func (u Uptime) ratio() (*big.Rat, bool) {
	agreed := u.agreed.big()
	if agreed.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).SetFrac(new(big.Int).Sub(agreed, u.down.big()), agreed), true
}

func (u Uptime) grown(level, growth float64) (Interval, bool) {
	share, ok := u.ratio()
	if !ok || u.failures == 0 || u.down == (total{}) || u.down.compare(u.agreed) == 0 {
		return Interval{}, false
	}
	up, _ := share.Float64()
	n := float64(u.failures) * growth
	// With F of 2n and 2n degrees of freedom, F/(1+F) has the beta distribution with shapes n and n.
	b := prob.BetaQuantile((1+level)/2, n, n)
	f := b / (1 - b)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Interval{}, false
	}
	odds := up / (1 - up)
	return Interval{Low: odds / (odds + f), High: odds / (odds + 1/f)}, true
}

func latest(first time.Time, more ...time.Time) time.Time {
	for _, t := range more {
		if t.After(first) {
			first = t
		}
	}
	return first
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

type uptimeJSON struct {
	Agreed    string `json:"agreed_ns"`
	Down      string `json:"down_ns"`
	Failures  uint64 `json:"failures"`
	Stretches uint64 `json:"stretches"`
}

// MarshalJSON writes the whole state, times in nanoseconds as text.
func (u Uptime) MarshalJSON() ([]byte, error) {
	return json.Marshal(uptimeJSON{u.agreed.big().String(), u.down.big().String(), u.failures, u.stretches})
}

// UnmarshalJSON reads what [Uptime.MarshalJSON] writes. Anything else is refused with [ErrFormat] and leaves u as it was.
func (u *Uptime) UnmarshalJSON(data []byte) error {
	var in uptimeJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: uptime: %w", ErrFormat, err)
	}
	read := Uptime{failures: in.Failures, stretches: in.Stretches}
	if err := readWords(in.Agreed, read.agreed[:]); err != nil {
		return fmt.Errorf("%w: uptime: agreed_ns: %w", ErrFormat, err)
	}
	if err := readWords(in.Down, read.down[:]); err != nil {
		return fmt.Errorf("%w: uptime: down_ns: %w", ErrFormat, err)
	}
	if in.Failures > MaxCount || in.Stretches > MaxCount || read.down.compare(read.agreed) > 0 || !read.agreed.holds(in.Stretches) || in.Stretches == 0 && in.Failures > 0 {
		return fmt.Errorf("%w: uptime: no services have these figures", ErrFormat)
	}
	*u = read
	return nil
}

// BetweenFailures is time up with the number of failures in it. As a [Statistic] it is the mean time between failures. Without a failure
// there is no mean: a year without one is good news, but no figure.
//
// Its interval is exact for failures at a constant rate over a fixed time (Garwood 1936, by way of the chi-square distribution).
type BetweenFailures struct {
	up       *big.Int
	failures uint64
}

// Count returns how many failures there were.
func (b BetweenFailures) Count() uint64 { return b.failures }

// Mean returns the mean time between failures, rounded once, half away from zero, to the nanosecond, and false if there was none or it is
// longer than a time.Duration can be, 292 years.
func (b BetweenFailures) Mean() (time.Duration, bool) {
	mean, ok := b.ratio()
	if !ok {
		return 0, false
	}
	ns := round(mean.Mul(mean, big.NewRat(int64(time.Second), 1)), 0).BigInt()
	return time.Duration(ns.Int64()), ns.IsInt64()
}

func (b BetweenFailures) unit() Unit { return Seconds }

func (b BetweenFailures) ratio() (*big.Rat, bool) {
	if b.up == nil || b.failures == 0 {
		return nil, false
	}
	return seconds(new(big.Int).Set(b.up)).Quo(seconds(b.up), new(big.Rat).SetFrac(new(big.Int).SetUint64(b.failures), big.NewInt(1))), true
}

func (b BetweenFailures) grown(level, growth float64) (Interval, bool) {
	mean, ok := b.ratio()
	if !ok {
		return Interval{}, false
	}
	at, _ := mean.Float64()
	n := float64(b.failures) * growth
	low, high := n/prob.GammaQuantile((1+level)/2, n+1), n/prob.GammaQuantile((1-level)/2, n)
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(high, 0) {
		return Interval{}, false
	}
	return Interval{Low: at * low, High: at * high}, true
}

package quality

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"

	"github.com/shopspring/decimal"
)

// Net is a net promoter score: the share of promoters less the share of detractors, in points from -100 to 100, as three exact counts. The
// zero value has no responses and no score. It is an immutable value: it may be copied, compared with ==, and used by several goroutines.
type Net struct {
	promoters, passives, detractors uint64
}

// NewNet returns the score of so many promoters (9 and 10 on the scale 0 to 10), passives (7 and 8) and detractors (0 to 6). It refuses a
// sum above [MaxCount] with [ErrTooMany].
func NewNet(promoters, passives, detractors uint64) (Net, error) {
	n := Net{promoters: promoters, passives: passives, detractors: detractors}
	for _, c := range [3]uint64{promoters, passives, detractors} {
		if c > MaxCount {
			return Net{}, fmt.Errorf("%w: %d responses", ErrTooMany, c)
		}
	}
	if n.Count() > MaxCount {
		return Net{}, fmt.Errorf("%w: %d responses", ErrTooMany, n.Count())
	}
	return n, nil
}

// Promoters returns the share of promoters.
func (n Net) Promoters() Proportion { return Proportion{hits: n.promoters, trials: n.Count()} }

// Detractors returns the share of detractors.
func (n Net) Detractors() Proportion { return Proportion{hits: n.detractors, trials: n.Count()} }

// Count returns how many responses there are, passives included: they are in the denominator.
func (n Net) Count() uint64 { return n.promoters + n.passives + n.detractors }

// Add returns the score of both together. A sum above [MaxCount] is refused with [ErrTooMany].
func (n Net) Add(o Net) (Net, error) {
	return NewNet(n.promoters+o.promoters, n.passives+o.passives, n.detractors+o.detractors)
}

// Points returns the score, rounded once, half away from zero, to so many decimal places (0 to 32), and false if there are no responses. It
// is the difference of the exact shares, not of two rounded ones.
func (n Net) Points(places int32) (decimal.Decimal, bool) {
	points, ok := n.ratio()
	if !ok {
		return decimal.Decimal{}, false
	}
	return round(points, min(max(places, 0), maxPlaces)), true
}

func (n Net) unit() Unit { return Score }

func (n Net) ratio() (*big.Rat, bool) {
	if n.Count() == 0 {
		return nil, false
	}
	net := big.NewInt(int64(n.promoters) - int64(n.detractors))
	return new(big.Rat).SetFrac(net.Mul(net, big.NewInt(100)), new(big.Int).SetUint64(n.Count())), true
}

// grown is the adjusted Wald interval: three responses are added, three quarters of one to the promoters, as much to the detractors, the
// rest to the passives.
func (n Net) grown(level, growth float64) (Interval, bool) {
	if n.Count() == 0 {
		return Interval{}, false
	}
	all := float64(n.Count())*growth + 3
	promoters := (float64(n.promoters)*growth + 0.75) / all
	detractors := (float64(n.detractors)*growth + 0.75) / all
	net := promoters - detractors
	half := math.Sqrt2 * math.Erfinv(level) * math.Sqrt((promoters+detractors-net*net)/all)
	seen := 100 * (float64(n.promoters) - float64(n.detractors)) / float64(n.Count())
	return Interval{
		Low:  max(min(100*(net-half), seen), -100),
		High: min(max(100*(net+half), seen), 100), // of a single promoter, 100 would lie outside
	}, true
}

// String returns the score with one place and the counts, as in "40.0 (55/30/15 of 100)".
func (n Net) String() string {
	points, ok := n.Points(1)
	if !ok {
		return "unknown (no responses)"
	}
	return fmt.Sprintf("%s (%d/%d/%d of %d)", points.StringFixed(1), n.promoters, n.passives, n.detractors, n.Count())
}

type netJSON struct {
	Promoters  *uint64 `json:"promoters"`
	Passives   *uint64 `json:"passives"`
	Detractors *uint64 `json:"detractors"`
}

// MarshalJSON writes {"promoters":55,"passives":30,"detractors":15}.
func (n Net) MarshalJSON() ([]byte, error) {
	return json.Marshal(netJSON{&n.promoters, &n.passives, &n.detractors})
}

// UnmarshalJSON reads what [Net.MarshalJSON] writes; all three counts must be there. Anything else is refused with [ErrFormat] and leaves n
// as it was.
func (n *Net) UnmarshalJSON(data []byte) error {
	var in netJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("%w: net: %w", ErrFormat, err)
	}
	if in.Promoters == nil || in.Passives == nil || in.Detractors == nil {
		return fmt.Errorf("%w: net: needs promoters, passives and detractors", ErrFormat)
	}
	read, err := NewNet(*in.Promoters, *in.Passives, *in.Detractors)
	if err != nil {
		return fmt.Errorf("%w: net: %w", ErrFormat, err)
	}
	*n = read
	return nil
}

package quality

import (
	"fmt"
	"math/big"
	"time"

	"github.com/shopspring/decimal"
)

// Unit is what the figure of a measure or of a bound counts. The texts are those of the handbooks.
type Unit string

// The units.
const (
	Share   Unit = "share"  // of 1: 0.9
	Percent Unit = "pct"    // of 100: 90
	Score   Unit = "score"  // points of a survey's scale, or of a net promoter score
	Seconds Unit = "s"      // elapsed time
	Minutes Unit = "min"    //
	Hours   Unit = "h"      //
	Days    Unit = "d"      // of 24 hours
	Amount  Unit = "amount" // the host's smallest unit of money, or whatever else it counts
)

// units says, for each unit, in which unit figures of its kind are held and how many of these it is.
var units = []struct {
	unit, base Unit
	of         *big.Rat
}{
	{Share, Share, big.NewRat(1, 1)},
	{Percent, Share, big.NewRat(1, 100)},
	{Score, Score, big.NewRat(1, 1)},
	{Seconds, Seconds, big.NewRat(1, 1)},
	{Minutes, Seconds, big.NewRat(60, 1)},
	{Hours, Seconds, big.NewRat(3600, 1)},
	{Days, Seconds, big.NewRat(86400, 1)},
	{Amount, Amount, big.NewRat(1, 1)},
}

// base returns the unit in which figures are held, and how many of these one u is.
func (u Unit) base() (Unit, *big.Rat, error) {
	for _, known := range units {
		if known.unit == u {
			return known.base, known.of, nil
		}
	}
	return "", nil, fmt.Errorf("%w: unit %.20q", ErrUnit, string(u))
}

// Like reports whether figures in both units are of one kind, so that each can be told in the other: share and pct, or s and h. A unit that is
// none is like no other.
func (u Unit) Like(other Unit) bool {
	a, _, err := u.base()
	b, _, err2 := other.base()
	return err == nil && err2 == nil && a == b
}

// suffix is what stands behind a figure.
func (u Unit) suffix() string {
	switch base, _, err := u.base(); {
	case u == Percent:
		return "%"
	case err == nil && base == Seconds:
		return " " + string(u)
	}
	return ""
}

// round rounds once, half away from zero.
func round(r *big.Rat, places int32) decimal.Decimal {
	return decimal.NewFromBigInt(r.Num(), 0).DivRound(decimal.NewFromBigInt(r.Denom(), 0), places)
}

func seconds(nanoseconds *big.Int) *big.Rat {
	return new(big.Rat).SetFrac(nanoseconds, big.NewInt(int64(time.Second)))
}

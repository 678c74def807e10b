package quality

import (
	"fmt"
	"slices"
)

// Ties says which ranks equals get. The zero value is [Competition].
type Ties uint8

// The tie rules, for four of whom the second and third are equal.
const (
	// Competition: 1, 2, 2, 4. A rank is one more than the number of those who are better.
	Competition Ties = iota
	// Dense: 1, 2, 2, 3. A rank is one more than the number of better scores.
	Dense
	// Ordinal: 1, 2, 3, 4. Equals are told apart by a key that the host declares.
	Ordinal
)

var tieNames = [...]string{Competition: "competition", Dense: "dense", Ordinal: "ordinal"}

// String returns "competition", "dense" or "ordinal".
func (t Ties) String() string {
	if int(t) < len(tieNames) {
		return tieNames[t]
	}
	return fmt.Sprintf("Ties(%d)", uint8(t))
}

// Ranked is a result with its rank.
type Ranked struct {
	// Rank is 1 for the best; 0 for a result without a score, which has no rank.
	Rank int `json:"rank"`
	Result
}

// Rank returns the results with ranks, the best first; equals stand in the order of their subjects' names. They are equal when their exact points
// are, whatever was shown. Results without a score come last, with rank 0: they are not the worst, they are unknown.
//
// A key is needed for [Ordinal] and refused otherwise. It compares two results, below zero when the first ranks before the second, and
// must tell all equals apart. It is [ErrScorecard] when it does not, when a subject is empty or stands twice, and for results that do not come from
// [Scorecard.Score] as they are (read from JSON they have lost their exact points).
func Rank(results []Result, ties Ties, key func(a, b Result) int) ([]Ranked, error) {
	switch {
	case ties > Ordinal:
		return nil, fmt.Errorf("%w: %v", ErrScorecard, ties)
	case (ties == Ordinal) != (key != nil):
		return nil, fmt.Errorf("%w: a key is for ordinal ranks, and these are %v", ErrScorecard, ties)
	}
	seen := map[string]bool{}
	ranked := make([]Ranked, len(results))
	for i, r := range results {
		switch {
		case r.Subject == "" || seen[r.Subject]:
			return nil, fmt.Errorf("%w: subject %.40q is empty or stands twice", ErrScorecard, r.Subject)
		case (r.Points == nil) != (r.exact == nil):
			return nil, fmt.Errorf("%w: %.40q has lost its exact points", ErrScorecard, r.Subject)
		}
		seen[r.Subject] = true
		ranked[i].Result = r
	}
	slices.SortFunc(ranked, func(a, b Ranked) int {
		if c := better(a.Result, b.Result); c != 0 {
			return c
		}
		if key != nil && a.exact != nil {
			if c := key(a.Result, b.Result); c != 0 {
				return c
			}
		}
		if a.Subject < b.Subject {
			return -1
		}
		return 1
	})
	for i := range ranked {
		r := &ranked[i]
		if r.exact == nil {
			break
		}
		r.Rank = i + 1
		if i == 0 {
			continue
		}
		before := ranked[i-1]
		equal := better(before.Result, r.Result) == 0
		switch {
		case ties == Ordinal && equal && key(before.Result, r.Result) == 0:
			return nil, fmt.Errorf("%w: the key does not tell %.40q from %.40q", ErrScorecard, before.Subject, r.Subject)
		case ties == Competition && equal:
			r.Rank = before.Rank
		case ties == Dense && equal:
			r.Rank = before.Rank
		case ties == Dense:
			r.Rank = before.Rank + 1
		}
	}
	return ranked, nil
}

// better is below zero when a has more points; those without any come last, as equals.
func better(a, b Result) int {
	switch {
	case a.exact == nil && b.exact == nil:
		return 0
	case a.exact == nil:
		return 1
	case b.exact == nil:
		return -1
	}
	return b.exact.Cmp(a.exact)
}

// Stars chooses who gets one of so many awards, such as a service star (standard/3.1-service-star, standard/3.4-awards), from what [Rank] returned: the best
// ranks whose grade is [Outstanding]. Where equals stand across the last place, nobody is cut off by the order of a list: chosen
// are those above them, and they are returned as tied, for a vote of customers or a review to decide. Ordinal ranks have no equals. It chooses
// nobody from no places or fewer.
func Stars(ranked []Ranked, places int) (chosen, tied []Ranked) {
	var able []Ranked
	for _, r := range ranked {
		if r.Rank > 0 && r.Standing == Outstanding {
			able = append(able, r)
		}
	}
	slices.SortStableFunc(able, func(a, b Ranked) int { return a.Rank - b.Rank })
	places = max(places, 0)
	if len(able) <= places {
		return able, nil
	}
	if places == 0 {
		return nil, nil
	}
	last := able[places-1].Rank
	if able[places].Rank != last {
		return able[:places:places], nil
	}
	for _, r := range able {
		switch {
		case r.Rank < last:
			chosen = append(chosen, r)
		case r.Rank == last:
			tied = append(tied, r)
		}
	}
	return chosen, tied
}

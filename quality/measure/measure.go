package measure

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// Errors of this package, for [errors.Is]. What is returned wraps one of them, or one of package quality, and names the measure.
var (
	// ErrMeasure is returned for a measure that is unknown, defined twice or not whole.
	ErrMeasure = errors.New("measure: no such measure")

	// ErrFact is returned for a fact that a measure cannot count: a rating for a share, an instant without a date.
	ErrFact = errors.New("measure: fact does not fit")

	// ErrRecord is returned for a record that cannot be counted: of no kind, without Now, a window that ends before it begins or lasts
	// longer than a time.Duration can.
	ErrRecord = errors.New("measure: record cannot be counted")

	// ErrTally is returned where tallies that differ in measures or grouping would be merged.
	ErrTally = errors.New("measure: tallies differ")
)

// Kind says what a measure makes of its facts.
type Kind uint8

// The kinds.
const (
	// Share: hits among trials, a quality.Proportion. Facts: [Hit], [Hits].
	Share Kind = iota + 1
	// Satisfied: the share of ratings from Survey.Satisfied on, a quality.Proportion. Facts: [Rating].
	Satisfied
	// MeanScore: the mean rating, a *quality.Scores. Facts: [Rating].
	MeanScore
	// NetScore: promoters from 9 less detractors to 6, on 0 to 10, a quality.Net. Facts: [Rating].
	NetScore
	// MeanTime: a quality.MeanTime. Facts: [Took].
	MeanTime
	// MeanAmount: a quality.MeanAmount. Facts: [Worth].
	MeanAmount
	// Availability: a quality.Uptime. Facts: [Ran].
	Availability
	// BetweenFailures: a quality.BetweenFailures. Facts: [Ran].
	BetweenFailures
	// Part: a part of a whole in amounts, a quality.Ratio. Facts: [PartOf].
	Part
	// Each: the smallest and the largest of amounts each of which is bounded, a quality.Extremes. Facts: [Worth].
	Each
)

var kindNames = [...]string{
	Share: "share", Satisfied: "satisfied", MeanScore: "mean score", NetScore: "net score", MeanTime: "mean time", MeanAmount: "mean amount",
	Availability: "availability", BetweenFailures: "time between failures", Part: "part of amounts",
	Each: "each amount",
}

// String returns the kind in lower case.
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Better says which way a measure should go.
type Better uint8

// The directions.
const (
	// Neither: the figure describes; no direction is better.
	Neither Better = iota
	Higher
	Lower
)

// String returns "neither", "higher" or "lower".
func (b Better) String() string {
	switch b {
	case Neither:
		return "neither"
	case Higher:
		return "higher"
	case Lower:
		return "lower"
	}
	return fmt.Sprintf("Better(%d)", uint8(b))
}

// Of says whose histories a measure is computed from.
type Of uint8

// What records are of.
const (
	// Host: no history; the host observes the facts itself, with [Tally.Observe].
	Host Of = iota
	// Cases: tickets, complaints and incidents.
	Cases
	// People: members of staff, over a window of time.
	People
	// Services: systems and equipment, over a window of time.
	Services
	// Problems: things found wrong, each with the steps that put it right.
	Problems
)

// String returns "host", "cases", "people", "services" or "problems".
func (o Of) String() string {
	names := [...]string{"host", "cases", "people", "services", "problems"}
	if int(o) < len(names) {
		return names[o]
	}
	return fmt.Sprintf("Of(%d)", uint8(o))
}

// Measure defines a figure: what is counted, of what, and when it counts. The texts are for people; Observe does what they say. No measure
// rounds: figures stay exact, and who shows one says to how many places (quality.Objective.Places, quality.Value).
type Measure struct {
	// ID is a name in lower case with dashes, unique in a [Registry].
	ID   string
	Name Text
	// Numerator, Denominator and Excluded say what counts. A fact that is not decided yet is pending: counted apart, and in neither.
	Numerator, Denominator, Excluded Text
	Kind                             Kind
	// Unit is the unit in which people read it.
	Unit   quality.Unit
	Better Better
	// Attributed says to which instant a fact belongs, and so to which period.
	Attributed Text
	Of         Of
	// Census says that the facts are all there are (the whole staff, every service), and no sample of more to come. So the figure itself is
	// held against a bound, without an interval; see [Row.Assess].
	Census bool
	// Survey is the question, for kinds that count ratings.
	Survey Survey
	// Kinds are the kinds of case (the attribute kind) that it looks for. A case of a kind that no measure of a table has is a finding,
	// [CodeNoKind], unless it is one of Charter's own: ticket, complaint, incident, duty.
	Kinds []string `json:",omitempty"`
	// Topic is the topic of the inspections of people that it counts. One on a topic that no measure of a table has is a finding,
	// [CodeNoTopic].
	Topic string `json:",omitempty"`
	// Observe gives the facts of one record. It is nil when the host observes them itself. It must not keep the record, and is called by
	// several goroutines if tallies are filled by several.
	Observe func(r *Record, emit func(Observation)) `json:"-"`
}

// Survey is one question of a survey.
type Survey struct {
	// Dimension is what it asks about, as on entries surveyed: overall, attitude, ...; an entry without one is overall.
	Dimension string
	// Scale is the set of answers.
	Scale quality.Scale
	// Satisfied is the lowest answer that counts as satisfied.
	Satisfied decimal.Decimal
}

// plain writes Satisfied as its scale does: 4 for 4.000, and for one with a thousand million zeros.
func (s *Survey) plain() {
	if level, err := s.Scale.Level(s.Satisfied); err == nil {
		s.Satisfied = s.Scale.At(level)
	}
}

// The dimensions of the vocabulary, and two questions that are none of satisfaction.
const (
	Overall        = "overall"
	Recommendation = "recommendation" // how likely the customer is to recommend the company, 0 to 10
	Effort         = "effort"         // how much effort it took the customer, 1 to 5
	Ease           = "ease"           // whether the company made it easy, 1 (strongly disagree) to 7 (strongly agree)
)

// Dimensions returns the parts of satisfaction that handbooks ask about, without overall.
func Dimensions() []string {
	return []string{"attitude", "professionalism", "efficiency", "resolution", "content", "process", "response", "accuracy", "completeness", "transparency", "follow_up"}
}

// check tells whether a measure is whole.
func (m *Measure) check() error {
	fail := func(what string) error { return fmt.Errorf("%w: %.60q: %s", ErrMeasure, m.ID, what) }
	switch {
	case m.ID == "":
		return fail("no id")
	case m.Kind == 0 || int(m.Kind) >= len(kindNames):
		return fail("no kind")
	case m.Of > Problems:
		return fail("of nothing")
	}
	if _, ok := unitOf[m.Kind]; ok && unitOf[m.Kind] != baseOf(m.Unit) {
		return fail(fmt.Sprintf("a %v is not in %q", m.Kind, m.Unit))
	}
	switch m.Kind {
	case Satisfied:
		if _, err := m.Survey.Scale.Level(m.Survey.Satisfied); err != nil {
			return fmt.Errorf("%w: satisfied: %w", fail("survey"), err)
		}
	case MeanScore:
		if m.Survey.Scale.Levels() == 0 {
			return fail("no scale")
		}
	case NetScore:
		if m.Survey.Scale.String() != "0-10" {
			return fail("a net promoter score is asked on 0-10")
		}
	}
	return nil
}

var unitOf = map[Kind]quality.Unit{
	Share: quality.Share, Satisfied: quality.Share, MeanScore: quality.Score, NetScore: quality.Score, MeanTime: quality.Seconds,
	MeanAmount: quality.Amount, Availability: quality.Share, BetweenFailures: quality.Seconds, Part: quality.Share,
	Each: quality.Amount,
}

func baseOf(u quality.Unit) quality.Unit {
	switch u {
	case quality.Percent:
		return quality.Share
	case quality.Minutes, quality.Hours, quality.Days:
		return quality.Seconds
	}
	return u
}

// Fact is one thing that a measure counts. The zero value counts nothing and is refused.
type Fact struct {
	kind    factKind
	a, b, c uint64
	score   decimal.Decimal
	fault   *Fault
}

type factKind uint8

const (
	hits factKind = iota + 1
	rating
	took
	worth
	part
	ran
	pending
	excluded
	broken
)

// Hit is one trial of a share.
func Hit(hit bool) Fact {
	if hit {
		return Fact{kind: hits, a: 1, b: 1}
	}
	return Fact{kind: hits, b: 1}
}

// Hits are so many hits among trials that the host has counted already.
func Hits(n, trials uint64) Fact { return Fact{kind: hits, a: n, b: trials} }

// Rating is an answer to a survey.
func Rating(score decimal.Decimal) Fact {
	return Fact{kind: rating, score: score}
}

// Took is a length of time.
func Took(d time.Duration) Fact { return Fact{kind: took, a: uint64(d)} }

// Worth is an amount, such as money in the smallest unit of a currency.
func Worth(amount int64) Fact { return Fact{kind: worth, a: uint64(amount)} }

// PartOf is an amount of another, such as cost saved of cost before.
func PartOf(amount, of int64) Fact { return Fact{kind: part, a: uint64(amount), b: uint64(of)} }

// Ran is a stretch of time that a service was to run, how long of it it did not, and how often it failed.
func Ran(agreed, down time.Duration, failures uint64) Fact {
	return Fact{kind: ran, a: uint64(agreed), b: uint64(down), c: failures}
}

// Pending is a fact that is not decided yet. It is counted apart.
func Pending() Fact { return Fact{kind: pending} }

// Excluded is a fact that the definition leaves out. It is counted apart.
func Excluded() Fact { return Fact{kind: excluded} }

// Fault is what is wrong with an entry that should have given a fact.
type Fault struct {
	Code   Code
	Detail string
}

// Broken is a fact that the data do not give. It is counted as a finding.
func Broken(code Code, detail string) Fact {
	return Fact{kind: broken, fault: &Fault{Code: code, Detail: detail}}
}

// Error returns the detail.
func (f *Fault) Error() string { return f.Detail }

// Slice is where a fact belongs, as of its instant: as the entries up to then say it, and where they do not, as Record.Slice does. Empty texts
// are what is not known.
type Slice struct {
	Tier    string `json:"tier,omitempty"`
	Channel string `json:"channel,omitempty"`
	Group   string `json:"group,omitempty"` // the unit that had the case, service or problem, or the person
	// Agent is the person who had it, or whose record it is. Where nobody is named (the attribute person, Record.Slice), it is the agent who
	// acted on the case last by that instant: surveys and reviews that come later count for that agent, and those of a case that was reopened
	// too, until another agent acts.
	Agent string `json:"agent,omitempty"`
}

// Observation is one fact, with the instant to which it is attributed.
type Observation struct {
	At    time.Time
	Slice Slice
	Fact  Fact
	// Seq is the entry that it comes from, for findings; 0 when it comes from several.
	Seq uint64
}

package quality

import "errors"

// Errors of this package, for [errors.Is]. What is returned wraps one of them and names the figures.
var (
	// ErrHitsExceedTrials is returned for a proportion with more hits than trials.
	ErrHitsExceedTrials = errors.New("quality: more hits than trials")

	// ErrTooMany is returned when a count would pass [MaxCount].
	ErrTooMany = errors.New("quality: count too large")

	// ErrNegative is returned for a duration or an amount below zero, observed or as a bound.
	ErrNegative = errors.New("quality: negative duration")

	// ErrScale is returned for what is no scale, and where two scales would be mixed.
	ErrScale = errors.New("quality: scale")

	// ErrOffScale is returned for a score that its scale does not have, such as 6 or 4.5 on 1 to 5.
	ErrOffScale = errors.New("quality: score off the scale")

	// ErrUnit is returned for a unit that is unknown, or of another kind than the figure.
	ErrUnit = errors.New("quality: unit does not fit")

	// ErrRate is returned for a share above 1 or below 0.
	ErrRate = errors.New("quality: not a share between 0 and 1")

	// ErrLevel is returned for a confidence level that is not between 0 and 1.
	ErrLevel = errors.New("quality: level not between 0 and 1")

	// ErrWeights is returned for weights that do not sum to exactly one, and for parts without a figure.
	ErrWeights = errors.New("quality: weights")

	// ErrConsequence is returned for what cannot follow from an appraisal.
	ErrConsequence = errors.New("quality: malformed consequence")

	// ErrFormat is returned when JSON is not what this package writes.
	ErrFormat = errors.New("quality: malformed JSON")
)

// MaxCount is the largest count a [Proportion] or a [Durations] holds: the largest whole number that every JSON reader keeps exactly
// (RFC 7493, section 2.2).
const MaxCount = 1<<53 - 1

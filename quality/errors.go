package quality

import "errors"

// Errors of this package, for [errors.Is]. What is returned wraps one of them and names the figures.
var (
	// ErrHitsExceedTrials is returned for a proportion with more hits than trials.
	ErrHitsExceedTrials = errors.New("quality: more hits than trials")

	// ErrTooMany is returned when a count would pass [MaxCount].
	ErrTooMany = errors.New("quality: count too large")

	// ErrNegative is returned for a duration below zero.
	ErrNegative = errors.New("quality: negative duration")

	// ErrFormat is returned when JSON is not what this package writes.
	ErrFormat = errors.New("quality: malformed JSON")
)

// MaxCount is the largest count a [Proportion] or a [Durations] holds: the largest whole number that every JSON reader keeps exactly
// (RFC 7493, section 2.2).
const MaxCount = 1<<53 - 1

package sla

import (
	"strconv"
	"time"
)

// State is what a clock is doing.
type State uint8

const (
	// Waiting: the target covers the case, but the entry that starts its clock
	// has not happened yet.
	Waiting State = iota
	// Running: time is being used.
	Running
	// Paused: the case is on hold and no time is being used.
	Paused
	// Met: stopped in time.
	Met
	// Breached: the limit was exceeded. The clock may run on (Clock.Open).
	Breached
	// Cancelled: ended without a result. Clock.Missing names the stop that was
	// never recorded when the case was closed without it; it is empty when the
	// case was withdrawn or merged.
	Cancelled
	// Superseded: another target took over in time (a change of tier, a new
	// revision).
	Superseded
	// NotEvaluable: the history or the rule lacks what Clock.Missing names.
	NotEvaluable
)

var stateNames = []string{"waiting", "running", "paused", "met", "breached", "cancelled", "superseded", "not evaluable"}

// String returns the state in lower case.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "state(" + strconv.Itoa(int(s)) + ")"
}

// Text names the state for people: in Simplified Chinese for the BCP 47 tag
// "zh" and its variants, as String does for all others.
func (s State) Text(language string) string {
	if states := wordsFor(language).states; int(s) < len(states) {
		return states[s]
	}
	return s.String()
}

// MarshalText returns the state in lower case.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the state's name.
func (s *State) UnmarshalText(t []byte) error { return optionValue(stateNames, t, s) }

// Verdict is what a clock says about its clause.
type Verdict uint8

const (
	// Pending: not decided yet.
	Pending Verdict = iota
	// Kept: the limit was kept.
	Kept
	// Broken: the limit was exceeded, whether or not the work was done later.
	Broken
	// Unknown: not evaluable, for want of evidence or of a figure.
	Unknown
	// OutOfScope: nothing was owed (withdrawn, merged, superseded in time).
	OutOfScope
)

var verdictNames = []string{"pending", "kept", "breached", "not evaluable", "out of scope"}

// String returns "pending", "kept", "breached", "not evaluable" or "out of
// scope".
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "verdict(" + strconv.Itoa(int(v)) + ")"
}

// MarshalText returns the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the verdict's name.
func (v *Verdict) UnmarshalText(t []byte) error { return optionValue(verdictNames, t, v) }

// Clock is one target running on one case, as it stands at the instant of
// evaluation. All instants are in UTC; a zero time means that there is none and
// is left out in JSON.
type Clock struct {
	Target   string `json:"clause"` // Target.ID
	Metric   string `json:"metric"`
	Revision string `json:"revision,omitempty"`
	Cycle    uint32 `json:"cycle"` // from 1; 0 while Waiting

	State State `json:"state"`
	// Open tells that the clock has not stopped: Running and Paused clocks are
	// open, and a Breached one may be.
	Open bool `json:"open"`

	Start time.Time `json:"start,omitzero"` // when the cycle started
	Stop  time.Time `json:"stop,omitzero"`  // when it stopped, was cancelled or superseded
	// Due is the deadline: a stop at this very instant is in time. For a
	// paused clock it is the deadline if the hold ended now, and moves; it
	// never lies within a hold.
	Due time.Time `json:"due,omitzero"`
	// BreachedAt is the first instant beyond the limit, to the nanosecond. An
	// entry that puts the deadline into the past (a change of tier, an earlier
	// promise) breaches it at the instant of the entry.
	BreachedAt time.Time `json:"breached_at,omitzero"`

	Span Span `json:"limit,omitzero"`
	// Elapsed, Remaining and Held are measured on the span's basis (24h a
	// working day). Remaining is what may still be used until Due, so that it
	// is never positive once the limit is exceeded. Held is what pauses, and
	// stops that a reopening undid, took out while the target counted: not
	// after it was superseded, nor before a start at the change of tier.
	Elapsed   time.Duration `json:"elapsed_ns"`
	Remaining time.Duration `json:"remaining_ns"`
	Held      time.Duration `json:"held_ns,omitempty"`

	// Provisional tells that Due or the verdict may still move, because it
	// lies beyond the days for which the calendar knows the holidays.
	Provisional bool `json:"provisional,omitempty"`
	// Missing names what keeps the clock from being evaluated: an attribute, an
	// entry kind, "figure", "basis" or "calendar".
	Missing string `json:"missing,omitempty"`
	// Calendar is the fingerprint of the calendar that was used, if any.
	Calendar string `json:"calendar,omitempty"`
	// Marks are the warnings and rungs with their instants, in the order of
	// declaration, warnings first.
	Marks []Mark `json:"marks,omitempty"`
}

// Mark is a warning or rung of one clock.
type Mark struct {
	// Name is the declared name, or the offset's text.
	Name string `json:"name"`
	// Role is the rung's role; empty for a warning.
	Role string `json:"role,omitempty"`
	// At is the instant: past when Reached, planned otherwise. It is zero
	// where the clock ended before the mark was reached, and while it is on
	// hold, when nothing is reached and nobody knows when it will be.
	At      time.Time `json:"at,omitzero"`
	Reached bool      `json:"reached"`
}

// Verdict returns what the clock says about its clause as of its evaluation.
func (c *Clock) Verdict() Verdict { return verdict(c.State, c.Missing) }

func verdict(state State, missing string) Verdict {
	switch state {
	case Waiting, Running, Paused:
		return Pending
	case Met:
		return Kept
	case Breached:
		return Broken
	case Cancelled:
		if missing != "" {
			return Unknown
		}
		return OutOfScope
	case Superseded:
		return OutOfScope
	}
	return Unknown
}

// Headline returns the governing clock of a case: of the open clocks that have
// a deadline, the one due first; equal deadlines keep the order of the list. A
// breached clock that runs on counts with its past deadline. ok is false when
// no open clock has a deadline.
func Headline(clocks []Clock) (governing Clock, ok bool) {
	for i := range clocks {
		c := &clocks[i]
		if c.Open && !c.Due.IsZero() && (!ok || c.Due.Before(governing.Due)) {
			governing, ok = *c, true
		}
	}
	return governing, ok
}

package sla

import (
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// ErrNoClock is matched by the error of [Plan.Explain] when the case has no
// such clock.
var ErrNoClock = errors.New("sla: no such clock")

// Explanation tells how a clock came to its reading: what was counted, what
// was not, and why.
type Explanation struct {
	Clock Clock `json:"clock"`
	// Start is the entry that started the cycle. Stop is what stopped,
	// cancelled or superseded the clock; it is zero while the clock is open.
	Start Cause `json:"start"`
	Stop  Cause `json:"stop,omitzero"`
	// Entered is what brought the target into force after the start of the
	// cycle, such as a change of tier or a revision, the last time where it has
	// come and gone; zero when it was in force from the start.
	Entered Cause `json:"entered,omitzero"`
	// Waits lists the entries that would stop an open clock, in their text
	// form: any of them or, with All, every one of them. Those of an all-of
	// stop that have happened are left out.
	Waits []Match `json:"waits,omitempty"`
	All   bool    `json:"all,omitempty"`
	// Zone is the zone in which the days of the segments lie and Text prints:
	// the calendar's. Where the limit runs on the wall clock it is that of the
	// revision's calendar named "", or else UTC.
	Zone *time.Location `json:"-"`
	// Segments lie end to end, each beginning where the one before it ends.
	// The first begins at the clock's start; the last ends at its stop or,
	// while it is open, at the instant of evaluation, and at the deadline where
	// that lies ahead of a running clock. There is none where the clock ended
	// as it began, or was stopped before it began.
	//
	// To the nanosecond, Used adds up to Clock.Elapsed over the segments that
	// are not Ahead, and to Clock.Remaining over those that are. (Beyond 292
	// years, which no Duration holds, they add up to the most that it does.)
	Segments []Segment `json:"segments"`
}

// Cause names an entry of the history or, where no entry did it, the revision
// that came into force.
type Cause struct {
	Seq   uint64       `json:"seq,omitempty"`
	Entry history.Kind `json:"entry,omitempty"`
	At    time.Time    `json:"at"`
	// Reason is the entry's field "reason".
	Reason string `json:"reason,omitempty"`
	// Revision is the id of the revision that took over at once.
	Revision string `json:"revision,omitempty"`
}

func causeOf(e *history.Entry) Cause {
	reason, _ := e.Fields.Get("reason")
	return Cause{Seq: e.Seq, Entry: e.Kind, At: e.At.UTC(), Reason: reason}
}

// SegmentKind says what a segment did to the clock.
type SegmentKind uint8

const (
	// Counted: the time was used.
	Counted SegmentKind = iota
	// Closed: the calendar was closed, or the time is not counted by the rule
	// for working days (the day of the start, an hour that the clock shows
	// twice).
	Closed
	// OnHold: the case was on hold.
	OnHold
	// Done: the clock had stopped and was reopened later.
	Done
	// NotInForce: another target governed, and its time is not counted here.
	NotInForce
	// Credited: the start alone was worth so much, as the rule for working days
	// has it: the day of the start counts whole, or from its beginning. It is
	// no stretch of time; From and To are the start.
	Credited
	// GivenBack: the target was in force before, went and came back, and begins
	// with its whole span again.
	GivenBack
)

var segmentNames = []string{"counted", "closed", "on hold", "done", "not in force", "credited", "given back"}

// String returns the kind in lower case.
func (k SegmentKind) String() string { return optionText(segmentNames, uint8(k)) }

// MarshalText returns the kind in lower case.
func (k SegmentKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the kind's name.
func (k *SegmentKind) UnmarshalText(t []byte) error { return optionValue(segmentNames, t, k) }

// Segment is a stretch of time with one reason.
type Segment struct {
	Kind SegmentKind `json:"kind"`
	From time.Time   `json:"from"`
	To   time.Time   `json:"to"`
	// Used is by how much Clock.Elapsed grows over the segment, in the limit's
	// units; zero unless Counted or Credited. The last segment of a limit of
	// working days may be worth less than it is long: what the clock skips
	// beyond the limit, when it is turned forward just there, is not used.
	Used time.Duration `json:"used,omitempty"`
	// Ahead marks time after the instant of evaluation: what will count if
	// nothing happens.
	Ahead bool `json:"ahead,omitempty"`
	// Day is why the calendar was open or closed: a workday outside its hours,
	// a rest day, a holiday with its Name, a make-up day. NoDay where the
	// limit runs on the wall clock.
	Day  calendar.DayKind `json:"day,omitempty"`
	Name string           `json:"name,omitempty"`
	// Cause is what is behind it: the hold, the stop, the change that ended
	// the time in which the target was not in force; for all other time the
	// entry that set the clock going.
	Cause Cause `json:"cause,omitzero"`
}

// Explain evaluates the history and explains one clock: of the target with
// that id, the given cycle, or the latest for cycle 0. Where a revision that
// took over lists a cycle twice it is the clock that governs now: one that has
// not been superseded, and of the latest revision. It costs a full evaluation
// plus a few allocations an entry and a day that the clock ran. An unknown
// target, or a clock that has not started, gives [ErrNoClock]; what Evaluate
// refuses gives the same error as there.
func (p *Plan) Explain(target string, cycle uint32, entries []history.Entry, now time.Time) (Explanation, error) {
	x, ok, err := p.explain(entries, now, func(c *Clock) bool {
		return c.Cycle > 0 && c.Target == target && (cycle == 0 || c.Cycle == cycle)
	})
	if err == nil && !ok {
		err = fmt.Errorf("%w: target %q cycle %d", ErrNoClock, target, cycle)
	}
	return x, err
}

// ExplainClock explains a clock that [Plan.Evaluate] gives for the same entries
// and now, whatever has replaced it since. Target, Revision and Cycle name it;
// where there is none so named the error is [ErrNoClock].
func (p *Plan) ExplainClock(clock Clock, entries []history.Entry, now time.Time) (Explanation, error) {
	x, ok, err := p.explain(entries, now, func(c *Clock) bool {
		return c.Cycle > 0 && c.Target == clock.Target && c.Revision == clock.Revision && c.Cycle == clock.Cycle
	})
	if err == nil && !ok {
		err = fmt.Errorf("%w: target %q of revision %q cycle %d", ErrNoClock, clock.Target, clock.Revision, clock.Cycle)
	}
	return x, err
}

func (p *Plan) explain(entries []history.Entry, now time.Time, wanted func(*Clock) bool) (x Explanation, ok bool, err error) {
	var r Run
	p.Start(&r)
	r.trace = newTrace(p, wanted)
	if _, err = r.Evaluate(nil, entries, now); err != nil || r.trace.found == nil {
		return Explanation{}, false, err
	}
	return r.account(r.trace.found), true, nil
}

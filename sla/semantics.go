package sla

import (
	"fmt"
	"strconv"
)

// Semantics declares what the texts of policies usually leave open. Every
// field's zero value is Charter's default, chosen so that a customer who reads
// the policy is not surprised: no option makes a deadline later than its words
// say unless somebody asks for it.
type Semantics struct {
	Close    CloseRule    `json:"close,omitzero"`
	Retarget RetargetRule `json:"retarget,omitzero"`
	Reopen   ReopenRule   `json:"reopen,omitzero"`
	Message  MessageRule  `json:"message,omitzero"`
	Response ResponseRule `json:"response,omitzero"`
	Rounding RoundingRule `json:"rounding,omitzero"`
	Revise   ReviseRule   `json:"revise,omitzero"`
}

// CloseRule says when a span of business time is due that is used up exactly
// at closing time.
type CloseRule uint8

const (
	// DueAtClose: due at closing time. An answer in the night after is late.
	DueAtClose CloseRule = iota
	// DueAtNextOpening: due when the calendar next opens, because until then
	// no further business time has passed.
	DueAtNextOpening
)

// RetargetRule says what a change of tier (or any attribute) means for a
// running metric whose target is replaced by another.
type RetargetRule uint8

const (
	// FromStart: the new target counts from the metric's start, and pauses
	// since then stay given back. A deadline that lies in the past is
	// breached at the change, not before it, on hold or not.
	FromStart RetargetRule = iota
	// FromChange: the new target begins with its whole span at the change.
	FromChange
	// KeepFirst: the target that was found first stays for the cycle, whatever
	// changes; one comes into force later only where none of its policy (or,
	// beside policies, of its metric) has been yet.
	KeepFirst
)

// ReopenRule says how a stopped clock goes on when the case is reopened.
type ReopenRule uint8

const (
	// ResumeClock: the cycle goes on where it stopped; the time between stop
	// and reopening is not counted. A premature "resolved" wins nothing.
	ResumeClock ReopenRule = iota
	// CountClosed: the cycle goes on as if it had never stopped. A deadline
	// that has passed meanwhile is breached just after it.
	CountClosed
	// NewCycle: the reopening begins a new cycle with the whole span, judged by
	// the revision then in force.
	NewCycle
	// IgnoreReopen: the first stop stands.
	IgnoreReopen
)

// MessageRule says what a further start entry does to a repeating metric that
// is already running, such as a second message of a customer who waits.
type MessageRule uint8

const (
	// FirstUnanswered: nothing; the deadline counts from the first one.
	FirstUnanswered MessageRule = iota
	// LatestMessage: the clock starts again at the latest one. A clock that is
	// breached runs on from its own start, a mark that was reached stays so,
	// and the cycle keeps its number. As long as an attribute is missing,
	// nothing of before the latest message is held against anybody.
	LatestMessage
)

// ResponseRule says from where the metric named first-response counts.
type ResponseRule uint8

const (
	// ResponseAsWritten: from the metric's own start, usually the opening,
	// even when the policy or the tier was assigned later.
	ResponseAsWritten ResponseRule = iota
	// ResponseFromOpening: from opened or detected, whatever the metric says.
	ResponseFromOpening
	// ResponseFromAssignment: from the first dispatch.
	ResponseFromAssignment
)

// RoundingRule says how exactly the used time is compared with the limit.
type RoundingRule uint8

const (
	// Exact: to the nanosecond.
	Exact RoundingRule = iota
	// WholeMinutes: the used time is cut to whole minutes first, so that
	// 30 min 59 s still keep a limit of 30 minutes. Due stays where it is;
	// only the instant of the breach moves. Working days and promised dates
	// are never rounded.
	WholeMinutes
	// WholeSeconds: likewise with seconds.
	WholeSeconds
)

// ReviseRule says which revision judges a clock that runs while a new one
// comes into force.
type ReviseRule uint8

const (
	// AtStart: the revision in force when the cycle started, to its end.
	AtStart ReviseRule = iota
	// AtOnce: the new one takes over at the instant it comes into force, like
	// a change of tier under Retarget; targets that only it has apply to what
	// runs by then, and those that it no longer has are superseded. What was
	// breached by then stays so, and what had stopped keeps its revision, also
	// when it is reopened later.
	AtOnce
)

var (
	closeNames    = []string{"due at close", "due at next opening"}
	retargetNames = []string{"from start", "from change", "keep first"}
	reopenNames   = []string{"resume clock", "count closed", "new cycle", "ignore"}
	messageNames  = []string{"first unanswered", "latest message"}
	responseNames = []string{"as written", "from opening", "from assignment"}
	roundingNames = []string{"exact", "whole minutes", "whole seconds"}
	reviseNames   = []string{"at start", "at once"}
)

// check finds values that no option has.
func (s Semantics) check() error {
	for _, o := range []struct {
		value uint8
		names []string
		what  string
	}{
		{uint8(s.Close), closeNames, "close"},
		{uint8(s.Retarget), retargetNames, "retarget"},
		{uint8(s.Reopen), reopenNames, "reopen"},
		{uint8(s.Message), messageNames, "message"},
		{uint8(s.Response), responseNames, "response"},
		{uint8(s.Rounding), roundingNames, "rounding"},
		{uint8(s.Revise), reviseNames, "revise"},
	} {
		if int(o.value) >= len(o.names) {
			return fmt.Errorf("%s: %w", o.what, &OptionError{optionText(o.names, o.value), o.names})
		}
	}
	return nil
}

func optionText(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return "option(" + strconv.Itoa(int(v)) + ")"
}

func optionValue[T ~uint8](names []string, text []byte, dst *T) error {
	for i, n := range names {
		if n == string(text) {
			*dst = T(i)
			return nil
		}
	}
	return &OptionError{Text: string(text), Want: names}
}

// OptionError is the error for an unknown name of a declared option.
type OptionError struct {
	Text string
	Want []string
}

// Error names the text and the values that would do.
func (e *OptionError) Error() string {
	s := "sla: unknown option " + strconv.Quote(e.Text) + ": want "
	for i, w := range e.Want {
		if i > 0 {
			s += ", "
		}
		s += strconv.Quote(w)
	}
	return s
}

// The text forms of the options are their names in lower case, as in
// "due at close"; unknown text gives an [*OptionError].

// String returns the option's name.
func (r CloseRule) String() string    { return optionText(closeNames, uint8(r)) }
func (r RetargetRule) String() string { return optionText(retargetNames, uint8(r)) }
func (r ReopenRule) String() string   { return optionText(reopenNames, uint8(r)) }
func (r MessageRule) String() string  { return optionText(messageNames, uint8(r)) }
func (r ResponseRule) String() string { return optionText(responseNames, uint8(r)) }
func (r RoundingRule) String() string { return optionText(roundingNames, uint8(r)) }
func (r ReviseRule) String() string   { return optionText(reviseNames, uint8(r)) }

// MarshalText returns the option's name.
func (r CloseRule) MarshalText() ([]byte, error)    { return []byte(r.String()), nil }
func (r RetargetRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
func (r ReopenRule) MarshalText() ([]byte, error)   { return []byte(r.String()), nil }
func (r MessageRule) MarshalText() ([]byte, error)  { return []byte(r.String()), nil }
func (r ResponseRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
func (r RoundingRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
func (r ReviseRule) MarshalText() ([]byte, error)   { return []byte(r.String()), nil }

// UnmarshalText reads the option's name.
func (r *CloseRule) UnmarshalText(t []byte) error    { return optionValue(closeNames, t, r) }
func (r *RetargetRule) UnmarshalText(t []byte) error { return optionValue(retargetNames, t, r) }
func (r *ReopenRule) UnmarshalText(t []byte) error   { return optionValue(reopenNames, t, r) }
func (r *MessageRule) UnmarshalText(t []byte) error  { return optionValue(messageNames, t, r) }
func (r *ResponseRule) UnmarshalText(t []byte) error { return optionValue(responseNames, t, r) }
func (r *RoundingRule) UnmarshalText(t []byte) error { return optionValue(roundingNames, t, r) }
func (r *ReviseRule) UnmarshalText(t []byte) error   { return optionValue(reviseNames, t, r) }

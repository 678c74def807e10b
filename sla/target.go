package sla

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// Target is a limit on one case. A case has at most one running clock a
// target.
type Target struct {
	// ID is the id of the clause (or policy line) that the limit comes from;
	// clocks, notices and verdicts carry it. Unique within a revision.
	ID     string
	Metric Metric
	// When limits the target to some cases; empty means every case.
	When Condition
	// Default marks the last target of a ranked policy for a metric, the one
	// for cases that no other covers. Only a default may have an empty
	// condition there.
	Default bool
	// Span is the limit: a stop at the very end of it is still in time. A zero
	// Span (a text without a figure) or one of unnamed basis makes the clock
	// not evaluable, unless Metric.DueField records the deadline.
	Span Span
	// Calendar names the calendar of Business and WorkingDays spans among
	// Revision.Calendars; empty means the one named "".
	Calendar string
	// Days says how working days are counted. A cycle that starts on a day off
	// counts from the beginning of the next working day. With
	// calendar.LastHours the deadline is always the last closing of a working
	// day: time on hold moves it on to the end of the day on which the span
	// then ends, be it by an hour.
	Days calendar.DayRule
	// Warnings and Ladder tell when somebody is to be told, each at its own
	// instant; a rung also who takes over.
	Warnings []Warning
	Ladder   []Rung
}

// Warning is an instant before (or after) a deadline at which somebody wants
// to know.
type Warning struct {
	Name string `json:"name,omitempty"`
	At   Offset `json:"at"`
}

// Rung is one step of an escalation ladder: at its instant the role takes
// over. The role is the rule's; who fills it is the host's matter.
type Rung struct {
	Name string `json:"name,omitempty"`
	Role string `json:"role"`
	At   Offset `json:"at"`
}

// Offset places a warning or rung relative to a target: at a share of its
// span, or so long before or after its deadline. Text form:
//
//	80%                 when four fifths of the span are used
//	-30m                half an hour before the deadline
//	-2 business hours   on the target's meter, when it is one of business time
//	+1 working day      likewise, after the deadline
//	0%…100%…150%        shares beyond 100% lie after the deadline
//	due                 at the deadline
//
// A span on the target's own basis runs on the target's meter: pauses move it
// with the deadline, and where working days end with the last hours, so does
// the offset. An elapsed span on any other target is counted on the
// wall clock from the deadline. Other mixtures are refused when compiled.
// The zero Offset is the deadline itself.
type Offset struct {
	// Permille is the share in thousandths; 0 means that the offset is Span
	// before or after the deadline.
	Permille int
	Span     Span
	After    bool
}

// String returns the text form.
func (o Offset) String() string {
	switch {
	case o.Permille != 0:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%d", o.Permille/10, o.Permille%10), "0"), ".") + "%"
	case o.Span.IsZero():
		return "due"
	case o.After:
		return "+" + o.Span.String()
	}
	return "-" + o.Span.String()
}

// ParseOffset reads the text form. Shares lie above 0% and at most at 1000%,
// in steps of a tenth.
func ParseOffset(text string) (Offset, error) {
	t := strings.TrimSpace(text)
	if t == "due" {
		return Offset{}, nil
	}
	if share, ok := strings.CutSuffix(t, "%"); ok {
		d, err := times(share, 10)
		if err != nil || d < 1 || d > 10_000 {
			return Offset{}, fmt.Errorf("%w %q: want a share above 0%% and at most at 1000%%", ErrSpan, text)
		}
		return Offset{Permille: int(d)}, nil
	}
	sign := ""
	if t != "" {
		sign = t[:1]
	}
	if sign != "+" && sign != "-" {
		return Offset{}, fmt.Errorf("%w %q: want a share such as 80%%, a signed span such as -30m, or due", ErrSpan, text)
	}
	s, err := ParseSpan(t[1:])
	if err != nil {
		return Offset{}, err
	}
	if s.IsZero() || s.Basis == Unnamed {
		return Offset{}, fmt.Errorf("%w %q: an offset needs a length and a basis", ErrSpan, text)
	}
	return Offset{Span: s, After: sign == "+"}, nil
}

// MarshalText returns the text form.
func (o Offset) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the text form; see [ParseOffset].
func (o *Offset) UnmarshalText(text []byte) (err error) {
	*o, err = ParseOffset(string(text))
	return err
}

// Policy is a ranked list of targets: of those for one metric, the first whose
// condition holds governs the case, and no other. A target whose attribute the
// case lacks is passed over. Where every clause counts for itself, as in a
// handbook, use Revision.Targets instead.
type Policy struct {
	Name    string
	Targets []Target
}

// Revision is a set of rules that is in force from one instant to the next
// revision's.
type Revision struct {
	// ID names the revision in clocks and verdicts.
	ID string
	// From is the instant from which it is in force; zero for the first one
	// means always.
	From time.Time
	// Targets all run side by side; Policies pick one each.
	Targets  []Target
	Policies []Policy
	// Calendars are by name. A target on the main calendar, "", when there is
	// none, or on one that stands here as nil, is not evaluable for want of a
	// "calendar"; a name that does not stand here is an error.
	Calendars map[string]*calendar.Calendar
	Semantics Semantics
	// Provides lists the kinds of entries that the host records at all; nil
	// means every kind. A target that can never stop (or, unless its metric is
	// conditional, never start) without a kind that is not listed is not
	// evaluable for want of it, instead of being breached by every case.
	Provides []history.Kind
}

// ErrCompile is matched by every error of [Compile]. Errors of several targets
// are joined.
var ErrCompile = errors.New("sla: cannot compile")

func compileError(revision, target, format string, args ...any) error {
	where := ""
	if revision != "" {
		where = " revision " + strconv.Quote(revision)
	}
	if target != "" {
		where += " target " + strconv.Quote(target)
	}
	return fmt.Errorf("%w%s: %w", ErrCompile, where, fmt.Errorf(format, args...))
}

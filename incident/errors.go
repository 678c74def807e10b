package incident

import (
	"errors"
	"fmt"

	"github.com/servicecharter/charter/history"
)

// Why a step is refused, for errors.Is.
var (
	// ErrOrder: another step has to come first, or must not have come.
	ErrOrder = errors.New("out of order")
	// ErrField: a required field is missing or empty.
	ErrField = errors.New("missing field")
	// ErrRole: the actor, or who leads the incident, has not the required role.
	ErrRole = errors.New("not the required role")
	// ErrFuture: something is said to have happened later than now, or than it was recorded.
	ErrFuture = errors.New("from the future")
	// ErrClosed: the case is closed, merged or cancelled; a second close is refused so.
	ErrClosed = errors.New("the case is over")
	// ErrUnknown: a value is not one of those that the rules know, or the kind is neither of the vocabulary nor in the rules, or the case is of another lifecycle.
	ErrUnknown = errors.New("unknown value")
	// ErrMalformed: a field that holds an instant or a duration holds something else.
	ErrMalformed = errors.New("malformed value")
)

// ErrNumber: an entry has no number, or the number of another entry. What Load returns is a *history.EntryError.
var ErrNumber = errors.New("not numbered, or numbered twice")

// ErrRules: a set of rules is not usable.
var ErrRules = errors.New("unusable rules")

// StepError says which step of which case was refused, and why.
type StepError struct {
	Case string
	// Seq is the entry in the wrong: the new one, or one that stands already and that the new one, recorded late, would put in the wrong.
	Seq  uint64
	Step history.Kind
	// Code is what Check would find; empty when the entry cannot be written.
	Code Code
	// Field is the key or member at fault; empty when it is the step as a whole.
	Field string
	// Need is what was asked for: a step, a field or a role; several with | between them when any one will do.
	Need string
	// Clause is the clause of the rule that was broken; empty for what holds everywhere.
	Clause string
	// Err is one of the sentinels of this package, or a *history.EntryError for an entry that cannot be written.
	Err error
}

// Error says it in English.
func (e *StepError) Error() string {
	name := "incident"
	if e.Case != "" {
		name += " " + e.Case
	}
	return fmt.Sprintf("%s: entry %d: %s", name, e.Seq, e.Text("en"))
}

// Text says what was refused, without the case, in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with
// "zh-", English for all others. It is made for the person whose step it was; entries that cannot be written are described in English only.
func (e *StepError) Text(language string) string {
	if e.Code == "" {
		return e.Step.Text(language) + ": " + e.Err.Error()
	}
	return Finding{Code: e.Code, Step: e.Step, Field: e.Field, Need: e.Need, Clause: e.Clause}.Text(language)
}

// Unwrap returns why.
func (e *StepError) Unwrap() error { return e.Err }

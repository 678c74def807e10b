package ticket

import (
	"errors"

	"github.com/servicecharter/charter/history"
)

// Why a step was refused, for errors.Is. What is returned is a [*StepError] that wraps one of them, or a *history.EntryError for an entry
// that cannot be written.
var (
	// ErrOrder: the step cannot be taken now; another comes first.
	ErrOrder = errors.New("step out of order")
	// ErrField: a field that the step must have is missing or empty.
	ErrField = errors.New("missing field")
	// ErrRole: the actor's role may not take the step.
	ErrRole = errors.New("actor without the role")
	// ErrOwner: nobody answers for the ticket.
	ErrOwner = errors.New("no owner")
	// ErrFuture: the step lies after the instant at which it is recorded, or is recorded after now.
	ErrFuture = errors.New("entry from the future")
	// ErrClosed: the ticket is over; a second close, or a step that needs it reopened.
	ErrClosed = errors.New("the ticket is over")
	// ErrUnknown: a value that is not one of those that the rules list, or a case of another lifecycle.
	ErrUnknown = errors.New("unknown value")
)

// StepError says which step was refused and why. Nothing was recorded. It repeats neither personal data nor values of fields.
type StepError struct {
	Case    string
	Step    history.Kind
	Field   string // the field or member at fault, where there is one
	Clause  string // that asks for it, if any
	Finding Finding
	// After is true when the step itself is in order, but one that happened later would no longer be.
	After bool
	Err   error
}

func (e *StepError) Error() string {
	text := "ticket " + clip(e.Case) + ": " + e.Err.Error() + ": "
	if e.After {
		text += clip(string(e.Step)) + " would spoil "
	}
	return text + e.Finding.Text("en")
}

// Unwrap returns the reason.
func (e *StepError) Unwrap() error { return e.Err }

func sentinel(c Code) error {
	switch c {
	case CodeField:
		return ErrField
	case CodeRole:
		return ErrRole
	case CodeOwner:
		return ErrOwner
	case CodeFuture:
		return ErrFuture
	case CodeClosed:
		return ErrClosed
	case CodeUnknown:
		return ErrUnknown
	case CodeRules:
		return ErrRules
	}
	return ErrOrder
}

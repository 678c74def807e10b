package complaint

import (
	"errors"
	"strings"

	"github.com/servicecharter/charter/history"
)

// Why a step was refused, for errors.Is. What is returned is a *StepError that wraps one of them, or an error of package history for an
// entry that cannot be written.
var (
	// ErrOrder: the step cannot be taken now; another comes first.
	ErrOrder = errors.New("out of order")
	// ErrField: a field that the step must have is missing, or has none of the values that it must have here.
	ErrField = errors.New("missing or not as required")
	// ErrRole: the actor's role may not take the step.
	ErrRole = errors.New("without the role for it")
	// ErrFuture: the step lies after the instant at which it is recorded, or is recorded after now.
	ErrFuture = errors.New("in the future")
	// ErrClosed: the complaint is over; a second close, or a step that needs it reopened.
	ErrClosed = errors.New("the complaint is over")
	// ErrUnknown: no step of a complaint, or a value outside the vocabulary.
	ErrUnknown = errors.New("unknown")
)

// StepError says which step was refused and why. Nothing was recorded. It repeats neither personal data nor values of fields.
type StepError struct {
	Case   string
	Step   history.Kind
	Field  string   // the field or member at fault, where there is one
	Wants  []string // as in Finding
	Clause string   // that asks for it, if any
	Err    error
}

func (e *StepError) Error() string {
	var b strings.Builder
	b.WriteString("complaint " + clip(e.Case) + ": " + clip(string(e.Step)) + ": ")
	if e.Field != "" {
		b.WriteString(clip(e.Field) + ": ")
	}
	b.WriteString(e.Err.Error())
	if len(e.Wants) > 0 {
		b.WriteString(", wants ")
		for i, w := range e.Wants {
			if i > 0 {
				b.WriteString(" or ")
			}
			b.WriteString(clip(w))
		}
	}
	if e.Clause != "" {
		b.WriteString(" [" + clip(e.Clause) + "]")
	}
	return b.String()
}

// Unwrap returns the reason.
func (e *StepError) Unwrap() error { return e.Err }

// refusal makes an error of a finding.
func refusal(caseID string, f Finding) *StepError {
	return &StepError{Case: caseID, Step: f.Step, Field: f.Field, Wants: f.Wants, Clause: f.Clause, Err: sentinel(f.Code)}
}

func sentinel(c Code) error {
	switch c {
	case CodeField:
		return ErrField
	case CodeRole:
		return ErrRole
	case CodeFuture:
		return ErrFuture
	case CodeClosed:
		return ErrClosed
	case CodeUnknown:
		return ErrUnknown
	}
	return ErrOrder
}

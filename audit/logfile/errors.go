package logfile

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that end the reading of a log, for [errors.Is]. What is wrong with single rows is a finding and does not end it.
var (
	// ErrMapping: the mapping contradicts itself or lacks something.
	ErrMapping = errors.New("logfile: impossible mapping")
	// ErrHeader: the log lacks a column that the mapping names, has it twice, or has no header at all. See [HeaderError].
	ErrHeader = errors.New("logfile: header does not fit")
	// ErrBudget: rows of all cases do not fit into the memory that the caller allows. See [ReadError].
	ErrBudget = errors.New("logfile: more than fits the budget")
	// ErrUsed: the source has been read before, and what it read from cannot be read again.
	ErrUsed = errors.New("logfile: source was read before")
)

// HeaderError says which column is missing or ambiguous, and which there are.
type HeaderError struct {
	Column string
	Twice  bool
	Have   []string
}

func (e *HeaderError) Error() string {
	what := "no column"
	if e.Twice {
		what = "more than one column"
	}
	have := e.Have
	more := ""
	if len(have) > 40 {
		have, more = have[:40], ", ..."
	}
	if len(have) == 0 {
		return fmt.Sprintf("%v: %s %q; the log is empty", ErrHeader, what, e.Column)
	}
	return fmt.Sprintf("%v: %s %q; there are %s%s", ErrHeader, what, e.Column, strings.Join(have, ", "), more)
}

// Unwrap returns [ErrHeader].
func (e *HeaderError) Unwrap() error { return ErrHeader }

// ReadError says at which line the reading ended: the file was cut off, could not be decompressed, or does not fit the budget.
type ReadError struct {
	Line int // the first line that was not read, or that no longer fits
	Err  error
}

func (e *ReadError) Error() string { return fmt.Sprintf("logfile: line %d: %v", e.Line, e.Err) }

// Unwrap returns what happened, such as [io.ErrUnexpectedEOF] or [ErrBudget].
func (e *ReadError) Unwrap() error { return e.Err }

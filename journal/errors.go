package journal

import (
	"errors"
	"fmt"
)

// What a journal refuses. After each of them nothing was changed.
var (
	// ErrUnknownCase: the case was never appended to.
	ErrUnknownCase = errors.New("unknown case")

	// ErrNoJournal: what works over a journal was given none.
	ErrNoJournal = errors.New("no journal was given")

	// ErrConflict: the case has another head than expected. The error is a *[ConflictError].
	ErrConflict = errors.New("the case has moved on")

	// ErrErased: the case was erased and takes nothing more.
	ErrErased = errors.New("the case was erased")

	// ErrPosition: the position is malformed, of another journal, or older than the last restore of this one. Scan from the beginning.
	ErrPosition = errors.New("position not of this journal")

	// ErrBatch: the batch, an id or a record is not one that a journal takes. The error is a *[BatchError].
	ErrBatch = errors.New("batch refused")
)

// ConflictError says that a case has another head than expected: somebody else was faster. Read the case again and decide anew. It
// matches [ErrConflict].
type ConflictError struct {
	Case     string
	Expected Head
	Actual   Head // zero when the case does not exist
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("journal: case %s: expected version %d, revision %d; it has version %d, revision %d",
		quote(e.Case), e.Expected.Version, e.Expected.Rev, e.Actual.Version, e.Actual.Rev)
}

// Is makes the error match [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// BatchError says what is wrong with a batch, an id or a record. It matches [ErrBatch].
type BatchError struct {
	Case    string // as given, however malformed
	Problem string // in English
}

func (e *BatchError) Error() string {
	return fmt.Sprintf("journal: case %s: %s", quote(e.Case), e.Problem)
}

// Is makes the error match [ErrBatch].
func (e *BatchError) Is(target error) bool { return target == ErrBatch }

// CaseError wraps an error about one case in one that names it: "journal: case "T-1": unknown case". Implementations use it so
// that they all read alike. A nil err gives nil.
func CaseError(caseID string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("journal: case %s: %w", quote(caseID), err)
}

// quote keeps a malicious id from filling or forging a line of a log.
func quote(id string) string {
	if len(id) > MaxID {
		return fmt.Sprintf("%+q…", id[:MaxID])
	}
	return fmt.Sprintf("%q", id)
}

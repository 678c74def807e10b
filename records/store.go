package records

import (
	"context"
	"errors"
)

// What a [Store] and a [Disposer] refuse.
var (
	// ErrUnknown: the store has no such record and never had.
	ErrUnknown = errors.New("records: unknown record")

	// ErrChanged: the record is not as it was loaded. Load it again and decide anew.
	ErrChanged = errors.New("records: the record has changed")

	// ErrKept: the rules do not allow the disposal. The error is a *[KeptError] with the decision.
	ErrKept = errors.New("records: not to be disposed of")

	// ErrDisposer: a Disposer lacks its Store, Ledger or Now.
	ErrDisposer = errors.New("records: a disposer needs a store, a ledger and a clock")

	// ErrSamePerson: a person agreed twice.
	ErrSamePerson = errors.New("records: the same person has agreed already")

	// ErrNobody: a review names no person.
	ErrNobody = errors.New("records: nobody is named")

	// ErrGone: the record has been disposed of, so that there is nothing to review.
	ErrGone = errors.New("records: the record is gone")

	// ErrForeign: the record was erased, but not by a disposal that the certificate left in its place could show.
	ErrForeign = errors.New("records: erased without a certificate")
)

// KeptError says why a record was not disposed of. It matches [ErrKept].
type KeptError struct{ Decision Decision }

func (e *KeptError) Error() string { return ErrKept.Error() + ": " + e.Decision.String() }

// Is makes the error match [ErrKept].
func (e *KeptError) Is(target error) bool { return target == ErrKept }

// Stored is a record as a store has it.
type Stored struct {
	Record Record // Reviews is not looked at

	// Digest is that of the Parts of which the stored record consists, as [DigestOf] computes it.
	Digest Digest
	Parts  int

	// Version changes with whatever is added to the record. Only the store can make sense of it.
	Version string

	// Erased: the record is gone and Tombstone stands in its place. Then all else may be empty.
	Erased    bool
	Tombstone []byte
}

// Store is where the records are. In package charter, RecordStore makes one of any journal; a host with tables of its own writes these two methods.
//
// Erasing takes a record out of the store. It does not reach what was copied elsewhere: logs, projections, replicas that lag, the
// write-ahead log and backups. For backups there is [Disposer.Reapply]; for all of them at once, destroying the key that the record was
// encrypted with.
type Store interface {
	// Load gives a record, or what was left in its place. An unknown one gives an error that matches ErrUnknown.
	Load(ctx context.Context, id string) (Stored, error)

	// Erase takes the record out and leaves the tombstone, both or neither, if its version is still the given one; else it gives an error that matches
	// ErrChanged. After any other error the outcome is unknown.
	Erase(ctx context.Context, id, version string, tombstone []byte) error
}

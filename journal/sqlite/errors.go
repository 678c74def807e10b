package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/servicecharter/charter/journal"
)

var (
	// ErrBusy: another connection has kept the database to itself for longer than [Patience]. Nothing was changed. It is no lost race, which is
	// always a *[journal.ConflictError]: a transaction was left open, or a backup tool holds the file.
	ErrBusy = errors.New("the database is held by another writer")

	// ErrSchema: the database was made or migrated by a newer release. The error is a *[SchemaError].
	ErrSchema = errors.New("schema of a newer release")

	// ErrClosed: the journal was closed.
	ErrClosed = errors.New("the journal is closed")
)

// SchemaError says that the tables of a database are of a newer release than this one, which would not know what it destroys. It
// matches [ErrSchema].
type SchemaError struct {
	Found int // version of the tables
	Known int // the last version that this release knows
}

func (e *SchemaError) Error() string {
	return fmt.Sprintf("journal: the database has schema version %d, this release knows versions up to %d: use the newer release", e.Found, e.Known)
}

// Is makes the error match [ErrSchema].
func (e *SchemaError) Is(target error) bool { return target == ErrSchema }

// busy tells whether another connection stands in the way for now.
func busy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return true
	}
	return false
}

// stale tells whether a transaction cannot write any more since it has read, and somebody else has written after that.
func stale(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == lib.SQLITE_BUSY_SNAPSHOT
}

// raceError is a lost race inside the host's transaction that SQLite noticed before the journal could compare heads.
type raceError struct {
	conflict *journal.ConflictError
	cause    error
}

func (e *raceError) Error() string {
	return fmt.Sprintf("journal: case %q: the host's transaction has read, and another one has committed since; roll back and repeat, best with BEGIN IMMEDIATE: %v",
		e.conflict.Case, e.cause)
}

func (e *raceError) Unwrap() []error { return []error{e.conflict, e.cause} }

// interrupted gives the context's error for one that SQLite reports as its own when a statement is cancelled half-way.
func interrupted(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case busy(err):
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// pause is how long retry waits between two tries.
const pause = 5 * time.Millisecond

// retry repeats do for as long as another connection stands in the way and ctx lasts.
func retry(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !busy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}

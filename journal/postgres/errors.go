package postgres

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/servicecharter/charter/journal"
)

var (
	// ErrSchema: the tables are missing, older or newer than this release needs. The error is a *[SchemaError].
	ErrSchema = errors.New("schema of another release")

	// ErrRestored: the tables are a copy made by dump and restore, or the cluster was upgraded. Call [NewEpoch].
	ErrRestored = errors.New("journal restored into another place: needs a new epoch")

	// ErrUnsafe: the pool's sessions run with synchronous_commit off, so that an append which returned could be lost, or the database
	// has another encoding than UTF-8, so that ids would not be kept as they are.
	ErrUnsafe = errors.New("settings unsafe for a journal")
)

// SchemaError says which version of the tables there is. It matches [ErrSchema].
type SchemaError struct {
	Schema string
	Have   int // as found; 0: no tables
	Need   int // of this release
}

func (e *SchemaError) Error() string {
	switch {
	case e.Have == 0:
		return fmt.Sprintf("postgres: schema %q holds no journal: call Migrate", e.Schema)
	case e.Have < e.Need:
		return fmt.Sprintf("postgres: schema %q has version %d, this release needs %d: call Migrate", e.Schema, e.Have, e.Need)
	}
	return fmt.Sprintf("postgres: schema %q has version %d of a newer release, this one knows %d", e.Schema, e.Have, e.Need)
}

// Is makes the error match [ErrSchema].
func (e *SchemaError) Is(target error) bool { return target == ErrSchema }

// lostRace tells whether the server ended the statement because another transaction was faster.
func lostRace(err error) bool {
	const (
		serializationFailure = "40001"
		deadlockDetected     = "40P01"
		uniqueViolation      = "23505"
	)
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == serializationFailure || e.Code == deadlockDetected || e.Code == uniqueViolation
}

// wrap names the case of an error that the driver gave.
func wrap(caseID string, err error) error {
	return journal.CaseError(caseID, fmt.Errorf("postgres: %w", err))
}

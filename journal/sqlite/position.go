package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/servicecharter/charter/journal"
)

// A position is the restore epoch, a dot, and the place of the record after which to go on.
func formatPosition(epoch string, place int64) journal.Position {
	return journal.Position(epoch + "." + strconv.FormatInt(place, 10))
}

// parsePosition gives the place of a position that this database has given out in this epoch. A place beyond the last one shows that
// an older state of the database was put back without a new epoch.
func parsePosition(p journal.Position, epoch string, last int64) (int64, error) {
	if p == "" {
		return 0, nil
	}
	_, text, _ := strings.Cut(string(p), ".")
	place, err := strconv.ParseInt(text, 10, 64)
	if err != nil || place < 1 || place > last || formatPosition(epoch, place) != p {
		return 0, fmt.Errorf("%w: %.100q", journal.ErrPosition, string(p))
	}
	return place, nil
}

func scanError(err error) error { return fmt.Errorf("journal: scan: %w", err) }

func dueError(err error) error { return fmt.Errorf("journal: due: %w", err) }

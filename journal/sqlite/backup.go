package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/servicecharter/charter/journal"
)

// Backup writes a copy of the whole database, the host's tables included, into a new file, while others go on writing. The copy is one state of
// the database and needs no log beside it. To restore, close every Journal of the old file, delete it with its -wal and -shm files, and put a copy of
// the backup in its place. The first [Open] of it begins a new restore epoch by itself.
//
// The file must not exist. It is synced to the disk before Backup returns; after an error it may be there in part.
func (j *Journal) Backup(ctx context.Context, path string) error {
	if j.closed.Load() {
		return fmt.Errorf("journal: backup to %s: %w", path, ErrClosed)
	}
	if err := j.backup(ctx, path); err != nil {
		return fmt.Errorf("journal: backup to %s: %w", path, interrupted(ctx, err))
	}
	return nil
}

func (j *Journal) backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(os.ErrExist, err)
	}
	// A connection of its own: VACUUM INTO is more than a query, and would make appends wait on the writer's.
	from, err := sql.Open("sqlite", DSN(j.path))
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", uri(path)); err != nil {
		return err
	}
	if err := forget(ctx, path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// forget takes the epoch out of a copy. Its copies begin each their own.
func forget(ctx context.Context, path string) error {
	to, err := sql.Open("sqlite", uri(path))
	if err != nil {
		return err
	}
	_, err = to.ExecContext(ctx, "UPDATE charter_meta SET epoch = NULL")
	return errors.Join(err, to.Close())
}

// Restored begins a new restore epoch: every position given out before is refused with [journal.ErrPosition] from now on, so that readers start
// again. Call it once after an older state of the file was put back by other means than [Journal.Backup], such as a copy of the file or
// a snapshot of the disk.
func (j *Journal) Restored(ctx context.Context) error {
	_, err := j.submit(ctx, 0, func(ctx context.Context, s session) (journal.Head, error) {
		_, err := s.ExecContext(ctx, sqlEpoch)
		return journal.Head{}, err
	})
	if err != nil {
		return fmt.Errorf("journal: restored: %w", err)
	}
	return nil
}

const sqlEpoch = `UPDATE charter_meta SET epoch = lower(hex(randomblob(8))) WHERE id = 1`

// revive begins the epoch of a database that comes from a backup.
func revive(ctx context.Context, conn *sql.Conn) error {
	var missing bool
	if err := conn.QueryRowContext(ctx, "SELECT epoch IS NULL FROM charter_meta WHERE id = 1").Scan(&missing); err != nil || !missing {
		return err
	}
	_, err := conn.ExecContext(ctx, sqlEpoch+" AND epoch IS NULL")
	return err
}

package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// The tables, one file a version: 0001 makes version 1. A file that was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Migrate makes or brings up to date the journal's tables in a database of the host, in one transaction. Current tables are left alone, without
// a write; a newer release's give a *[SchemaError]. Several processes may call it at once. [Open] does the same for its file.
func Migrate(ctx context.Context, db *sql.DB) error {
	wait, cancel := context.WithTimeoutCause(ctx, Patience, ErrBusy)
	defer cancel()
	if err := migrate(wait, db); err != nil {
		return fmt.Errorf("journal: migrate: %w", reason(ctx, wait, err))
	}
	return nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(steps)

	var found int
	if err := retry(ctx, func() error { found, err = version(ctx, conn); return err }); err != nil {
		return err
	}
	if found == len(steps) {
		return retry(ctx, func() error { return revive(ctx, conn) })
	}
	// Written out, since BeginTx of a host's database begins as the host has chosen.
	if err := retry(ctx, func() error { _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); return err }); err != nil {
		return err
	}
	if err := apply(ctx, conn, steps); err != nil {
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, undo)
	}
	return nil
}

// apply runs the missing steps inside the transaction of conn and commits it. Another process may have been faster.
func apply(ctx context.Context, conn *sql.Conn, steps []string) error {
	found, err := version(ctx, conn)
	if err != nil {
		return err
	}
	if found == 0 {
		if _, err := conn.ExecContext(ctx, "CREATE TABLE charter_schema (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"); err != nil {
			return err
		}
	}
	for i, step := range steps {
		if i < found {
			continue
		}
		text, err := migrations.ReadFile(step)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO charter_schema (version, name) VALUES (?, ?)", i+1, step); err != nil {
			return err
		}
	}
	if err := revive(ctx, conn); err != nil {
		return err
	}
	_, err = conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	return err
}

// version is that of the tables, 0 if there are none. One that this release does not know is a *SchemaError.
func version(ctx context.Context, conn *sql.Conn) (int, error) {
	var tables, found int
	err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'charter_schema'").Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	if err := conn.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM charter_schema").Scan(&found); err != nil {
		return 0, err
	}
	known, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	if found > len(known) {
		return 0, &SchemaError{Found: found, Known: len(known)}
	}
	return found, nil
}

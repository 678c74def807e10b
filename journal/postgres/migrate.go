package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/0001_journal.sql
var journalSQL string

// migrations lead from one version of the tables to the next. The first one leads to version 1. They never change once released.
var migrations = []string{journalSQL}

// Beginner begins transactions: a pool, a connection, or a transaction, which nests.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Migrate brings the tables in a schema to the version that this release needs, and makes the schema if it is missing; the empty
// name is "charter". It does so in one transaction, or inside the host's: after an error nothing was changed. Processes that start at the same time
// wait for each other. Tables of a newer release are left alone: the error is a *[SchemaError].
//
// The role needs the right to create a schema in the database, or to create tables in the schema when that exists. Afterwards a role that appends, scans and
// erases needs select, insert, update and delete on the tables and usage of the schema.
func Migrate(ctx context.Context, db Beginner, schema string) error {
	schema = Options{Schema: schema}.schema()
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		return migrate(ctx, tx, schema)
	})
	var refused *SchemaError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("postgres: migrate: %w", err)
}

func migrate(ctx context.Context, tx pgx.Tx, schema string) error {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1, 0))", "charter journal "+schema); err != nil {
		return err
	}
	have, err := version(ctx, tx, schema)
	switch {
	case err != nil:
		return err
	case have > len(migrations):
		return &SchemaError{Schema: schema, Have: have, Need: len(migrations)}
	case have == len(migrations):
		return nil
	}
	if have == 0 {
		if err := found(ctx, tx, schema); err != nil {
			return err
		}
	}
	for v := have + 1; v <= len(migrations); v++ {
		if _, err := tx.Exec(ctx, within(schema, migrations[v-1])); err != nil {
			return fmt.Errorf("to version %d: %w", v, err)
		}
		if _, err := tx.Exec(ctx, within(schema, "insert into charter.migration (version) values ($1)"), v); err != nil {
			return err
		}
	}
	return nil
}

// found makes the schema and the table of versions. A schema that exists needs no right to make one.
func found(ctx context.Context, tx pgx.Tx, schema string) error {
	var exists bool
	if err := tx.QueryRow(ctx, "select exists (select from pg_namespace where nspname = $1)", schema).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		if _, err := tx.Exec(ctx, "create schema "+pgx.Identifier{schema}.Sanitize()); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, within(schema, `create table charter.migration (
	version integer primary key,
	applied timestamptz not null default now()
)`))
	return err
}

// version gives that of the tables in a schema, 0 when there are none.
func version(ctx context.Context, db querier, schema string) (int, error) {
	table := pgx.Identifier{schema, "migration"}.Sanitize()
	var there bool
	if err := db.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&there); err != nil || !there {
		return 0, err
	}
	var v int
	err := db.QueryRow(ctx, "select coalesce(max(version), 0) from "+table).Scan(&v)
	return v, err
}

// NewEpoch makes all positions that the journal ever gave invalid, so that every reader of Scan meets [journal.ErrPosition] and starts from the
// beginning. Call it after each restore from a backup, with the processes that scan stopped; the package comment says why. The empty schema is
// "charter".
//
// It waits for appends and scans that are under way. It costs next to nothing, except after a dump and restore into a cluster with lower
// transaction ids, when it rewrites the rows whose ids this cluster has not reached. Tables of another release give a *[SchemaError].
func NewEpoch(ctx context.Context, db Beginner, schema string) error {
	schema = Options{Schema: schema}.schema()
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		have, err := version(ctx, tx, schema)
		if err != nil {
			return err
		}
		if have != len(migrations) {
			return &SchemaError{Schema: schema, Have: have, Need: len(migrations)}
		}
		for _, sql := range []string{lockSQL, epochSQL} {
			if _, err := tx.Exec(ctx, within(schema, sql)); err != nil {
				return err
			}
		}
		return nil
	})
	var refused *SchemaError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("postgres: new epoch: %w", err)
}

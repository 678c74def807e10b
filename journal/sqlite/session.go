package sqlite

import (
	"context"
	"database/sql"
)

// A session runs SQL: a transaction of the journal, one of the host, or the pool of readers.
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// statements runs SQL that was prepared once, by its text: in a transaction of the journal or, without one, on any connection of the readers.
type statements struct {
	stmts map[string]*sql.Stmt
	tx    *sql.Tx
}

func (s statements) stmt(ctx context.Context, query string) *sql.Stmt {
	if s.tx == nil {
		return s.stmts[query]
	}
	return s.tx.StmtContext(ctx, s.stmts[query])
}

func (s statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return s.stmt(ctx, query).ExecContext(ctx, args...)
}

func (s statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.stmt(ctx, query).QueryContext(ctx, args...)
}

func (s statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return s.stmt(ctx, query).QueryRowContext(ctx, args...)
}

func (j *Journal) reader() session { return statements{stmts: j.stmts} }

// prepare adds statements of a database to those of the journal.
func (j *Journal) prepare(ctx context.Context, db *sql.DB, texts []string) error {
	for _, text := range texts {
		stmt, err := db.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		j.stmts[text] = stmt
	}
	return nil
}

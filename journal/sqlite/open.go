package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Patience is how long a writer waits for other writers before it gives up with [ErrBusy]. A context with an earlier deadline makes it shorter.
const Patience = 10 * time.Second

// slice is how long SQLite itself waits for the write lock. It cannot be interrupted meanwhile, so that a cancelled caller waits as long.
const slice = 100 * time.Millisecond

// readers is how many connections read at once.
const readers = 8

// A Journal keeps cases in a SQLite database. All methods may be called by any number of goroutines, and any number of Journals, in this
// process or in others on the same machine, may have the same file open. The zero Journal is of no use: [Open] makes one.
type Journal struct {
	path     string
	write    *sql.DB // one connection, for whoever holds the lead
	read     *sql.DB
	stmts    map[string]*sql.Stmt // of both, by their text
	patience time.Duration

	queue  queue
	closed atomic.Bool
}

var _ journal.Journal = (*Journal)(nil)

// Open opens the database in a file, which is made if there is none in an existing folder, and brings its tables up to date. The file may hold tables of
// the host as well; the journal's begin with charter_. A newer release's tables give a *[SchemaError], a file that is no database the
// driver's error. Neither changes the file.
//
// The path is taken as it is, whatever signs it holds. There is no journal in memory: an empty path and ":memory:" are refused, since
// connections would not see each other's cases; [journal.Memory] is made for that. Nor does write-ahead logging work on a network file system.
func Open(ctx context.Context, path string) (*Journal, error) {
	if path == "" || path == ":memory:" {
		return nil, fmt.Errorf("journal: open %q: a file is needed", path)
	}
	j, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("journal: open %s: %w", path, err)
	}
	return j, nil
}

func open(ctx context.Context, path string) (_ *Journal, err error) {
	j := &Journal{path: path, stmts: map[string]*sql.Stmt{}, patience: Patience, queue: queue{lead: make(chan struct{}, 1)}}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.Close())
		}
	}()
	if j.write, err = sql.Open("sqlite", dsn(path, slice)); err != nil {
		return nil, err
	}
	j.write.SetMaxOpenConns(1)
	if j.read, err = sql.Open("sqlite", dsn(path, Patience)+"&_pragma=query_only(1)"); err != nil {
		return nil, err
	}
	j.read.SetMaxOpenConns(readers)
	j.read.SetMaxIdleConns(readers)

	wait, cancel := context.WithTimeoutCause(ctx, j.patience, ErrBusy)
	defer cancel()
	if err := retry(wait, func() error { return durable(ctx, j.write) }); err != nil {
		return nil, err
	}
	if err := migrate(wait, j.write); err != nil {
		return nil, err
	}
	if err := j.prepare(ctx, j.write, writing); err != nil {
		return nil, err
	}
	return j, j.prepare(ctx, j.read, reading)
}

// DSN is the data source name with which a host opens the database at path as the journal does: sql.Open("sqlite", DSN(path)). Every
// connection then has write-ahead logging, synchronous=FULL, foreign keys, zeros over what is deleted, a busy timeout of [Patience], and
// begins its transactions IMMEDIATE, unless they are read-only.
func DSN(path string) string { return dsn(path, Patience) }

// uri is the file as SQLite takes it without mistaking a sign in its name for a parameter.
func uri(path string) string {
	name := filepath.ToSlash(path)
	if abs, err := filepath.Abs(path); err == nil {
		name = filepath.ToSlash(abs)
	}
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	return "file:" + (&url.URL{Path: name}).EscapedPath()
}

func dsn(path string, wait time.Duration) string {
	parameters := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()),
			"journal_mode(wal)",
			"synchronous(full)",
			"foreign_keys(1)",
			"secure_delete(1)",
		},
	}
	return uri(path) + "?" + parameters.Encode()
}

// durable tells whether a commit on the connections of db survives a loss of power. SQLite answers a PRAGMA that it cannot obey with the
// old value, not with an error.
func durable(ctx context.Context, db *sql.DB) error {
	var mode string
	var synchronous int
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return err
	}
	const full = 2
	if mode != "wal" || synchronous < full {
		return fmt.Errorf("the database does not take journal_mode=wal (it has %s) and synchronous=full (it has %d)", mode, synchronous)
	}
	return nil
}

// Close waits for the append that is under way and closes the database. Appends that still wait, and all later calls, give [ErrClosed].
// Closing again does nothing.
func (j *Journal) Close() error {
	if j.closed.Swap(true) {
		return nil
	}
	j.queue.lead <- struct{}{}
	defer func() { <-j.queue.lead }()
	var errs []error
	for _, s := range j.stmts {
		errs = append(errs, s.Close())
	}
	// The writer last: the last connection moves the log into the database file, which those that only read may not.
	for _, db := range []*sql.DB{j.read, j.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

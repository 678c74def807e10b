// Command postgres lets two processes, A and B, work on one journal in
// PostgreSQL. B comes while A delivers a notice, and A is killed in the midst of
// that by a signal that nobody can catch. B finds out by itself; nothing is lost and nothing is recorded
// twice.
//
//	go run ./examples/postgres                 A dies after it handed the notice over
//	go run ./examples/postgres -kill before    A dies before
//
// CHARTER_POSTGRES names the server; the program works in a schema of its own
// and drops it at the end.
package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal/postgres"
)

// site is what parent and children share: a schema with the journal, and in it
// the table told, which stands for the world outside.
type site struct {
	pool    *pgxpool.Pool
	journal *postgres.Journal
	schema  string
}

const told = `create table told (notice uuid not null, worker text not null, at timestamptz not null default clock_timestamp())`

// found makes a new site, and what removes it.
func found(ctx context.Context) (site, func() error, error) {
	s := site{schema: "example_postgres_" + strings.ToLower(rand.Text()[:8])}
	pool, err := connect(ctx, s.schema)
	if err != nil {
		return s, nil, err
	}
	drop := func() error {
		defer pool.Close()
		_, err := pool.Exec(context.WithoutCancel(ctx), `drop schema if exists `+s.schema+` cascade`)
		return err
	}
	if err := postgres.Migrate(ctx, pool, s.schema); err != nil {
		return s, nil, errors.Join(err, drop())
	}
	if _, err := pool.Exec(ctx, told); err != nil {
		return s, nil, errors.Join(err, drop())
	}
	s.pool = pool
	s.journal, err = postgres.Open(ctx, pool, postgres.Options{Schema: s.schema})
	if err != nil {
		return s, nil, errors.Join(err, drop())
	}
	return s, drop, nil
}

func connect(ctx context.Context, schema string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(cmp.Or(os.Getenv("CHARTER_POSTGRES"), "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"))
	if err != nil {
		return nil, err
	}
	config.ConnConfig.RuntimeParams["search_path"] = schema
	return pgxpool.NewWithConfig(ctx, config)
}

// run is the parent: it opens tickets, kills A, and looks at what is left.
func run(ctx context.Context, w io.Writer, s site, kill string) (r report, err error) {
	handbook, err := rules()
	if err != nil {
		return r, err
	}
	desk, err := charter.NewDesk(charter.Config{Handbook: handbook, Journal: s.journal, Now: time.Now})
	if err != nil {
		return r, err
	}
	a, _, lastWords, err := child(ctx, s.schema, "A", kill)
	if err != nil {
		return r, err
	}
	defer end(a)
	lingers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(lastWords).ReadString('\n')
		lingers <- strings.TrimSpace(line)
	}()
	for range 12 {
		if err := r.open(ctx, desk); err != nil {
			return r, err
		}
	}
	select {
	case <-ctx.Done():
		return r, ctx.Err()
	case r.fatal = <-lingers:
	}
	if r.fatal == "" {
		end(a)
		return r, fmt.Errorf("worker A has ended early: %v", a.ProcessState)
	}
	// Not before, or B, when it comes up first, leaves A nothing to die of.
	b, peace, _, err := child(ctx, s.schema, "B", "never")
	if err != nil {
		return r, err
	}
	defer end(b)
	fmt.Fprintf(w, "A and B, processes %d and %d, share a journal\n", a.Process.Pid, b.Process.Pid)
	end(a)
	r.death = a.ProcessState.String()
	fmt.Fprintf(w, "A ends while it delivers, %s it handed the notice over: %s\n", kill, r.death)
	for range 13 {
		if err := r.open(ctx, desk); err != nil {
			return r, err
		}
	}
	if err := r.await(ctx, s); err != nil {
		return r, err
	}
	if err := errors.Join(peace.Close(), b.Wait()); err != nil {
		return r, fmt.Errorf("worker B: %w", err)
	}
	return r, r.print(w)
}

// open opens a ticket whose warning comes in half a second and whose limit is
// exceeded a second later.
func (r *report) open(ctx context.Context, desk *charter.Desk) error {
	id := fmt.Sprintf("T-%03d", len(r.due)/2+1)
	opened := time.Now().Add(1500*time.Millisecond - limit)
	status, err := desk.Record(ctx, id, "opened", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{At: opened, Kind: history.Opened, Fields: history.Of("kind", "ticket", "tier", "routine")}}, nil
	})
	if err != nil {
		return err
	}
	return r.expect(status.History, opened.Add(limit+time.Second))
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func start(ctx context.Context) (err error) {
	if who := os.Getenv(worker); who != "" {
		return work(ctx, who, os.Stdin, os.Stdout)
	}
	kill := flag.String("kill", "after", "when A dies: before or after it handed a notice over")
	flag.Parse()
	if *kill != "before" && *kill != "after" {
		return fmt.Errorf("-kill is before or after, not %q", *kill)
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute) // should B die as well
	defer stop()
	s, drop, err := found(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	_, err = run(ctx, os.Stdout, s, *kill)
	return err
}

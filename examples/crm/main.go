// Command crm puts Charter into a CRM that exists: a ticket table with
// timestamps and an outbox, both in PostgreSQL. It is the second level of
// adoption. The host keeps its tables and its one transaction; Charter adds a
// column, the instant at which a ticket has to be looked at again.
//
//	go run ./examples/crm
//
// CHARTER_POSTGRES names the server; the program works in a schema of its own
// and drops it at the end.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// tables are the host's, as they were before Charter came.
const tables = `
create table ticket (
	id          text primary key,
	tier        text not null,
	opened_at   timestamptz not null,
	accepted_at timestamptz,
	replied_at  timestamptz,
	closed_at   timestamptz
);
create table outbox (
	id      uuid primary key,
	topic   text not null,
	payload jsonb not null,
	sent_at timestamptz
);`

// adoption is all that changes in them. Tickets that are open already are
// looked at once, since the instant lies in the past.
const adoption = `
alter table ticket add column attention_at timestamptz; -- null: nothing will change by itself
create index on ticket (attention_at) where attention_at is not null;
update ticket set attention_at = opened_at where closed_at is null;`

// ticket is a row.
type ticket struct {
	ID, Tier                  string
	Opened                    time.Time
	Accepted, Replied, Closed *time.Time
}

const columns = `select id, tier, opened_at, accepted_at, replied_at, closed_at from ticket `

// history is the row in Charter's words. Agents here repeat what they have
// understood when they first reply, so the reply is the first check as well.
func (t ticket) history() (history.History, error) {
	at := map[history.Kind]time.Time{history.Opened: t.Opened}
	for kind, instant := range map[history.Kind]*time.Time{
		history.Accepted: t.Accepted, history.Responded: t.Replied, history.Checked: t.Replied, history.Closed: t.Closed,
	} {
		if instant != nil {
			at[kind] = *instant
		}
	}
	return history.FromTimes(history.Times{Case: t.ID, Attributes: history.Of("kind", "ticket", "tier", t.Tier), At: at})
}

// crm is the host.
type crm struct {
	pool     *pgxpool.Pool
	handbook *charter.Handbook
	cutover  time.Time // what fell due before is not told any more
}

// change runs a statement of the host's on a ticket and, in the same
// transaction, judges what the row has become.
func (c *crm) change(ctx context.Context, id string, now time.Time, statement string, args ...any) error {
	return pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement, append([]any{id}, args...)...); err != nil {
			return err
		}
		// Read back, since the database keeps microseconds and may have
		// defaults and triggers: a later look at the row has to find the same.
		rows, _ := tx.Query(ctx, columns+`where id = $1 for update`, id)
		t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[ticket])
		if err != nil {
			return fmt.Errorf("ticket %s: %w", id, err)
		}
		notices, next, err := c.judge(t, now)
		if err != nil {
			return err
		}
		return write(ctx, tx, t.ID, notices, next)
	})
}

// tick writes what has fallen due, a hundred tickets in a transaction. Any
// number of tickers may run: each takes tickets that no other has, nor an agent
// who is changing one. A ticket that cannot be judged does not keep the others
// waiting; it comes again in an hour.
func (c *crm) tick(ctx context.Context, now time.Time) error {
	var faults []error
	for more := true; more; {
		err := pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, columns+`where attention_at <= $1 order by attention_at limit 100 for update skip locked`, now)
			due, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ticket])
			if err != nil {
				return err
			}
			more = len(due) > 0
			for _, t := range due {
				notices, next, err := c.judge(t, now)
				if err != nil {
					faults = append(faults, err)
					next = now.Add(time.Hour)
				}
				if err := write(ctx, tx, t.ID, notices, next); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
	}
	return errors.Join(faults...)
}

// judge tells what a ticket has due by now, and when to look again.
func (c *crm) judge(t ticket, now time.Time) ([]sla.Notice, time.Time, error) {
	h, err := t.history()
	if err != nil {
		return nil, time.Time{}, err
	}
	j, err := c.handbook.Judge(h, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	return j.Notices(sla.Window{Cutover: c.cutover}), j.Next, nil
}

// write puts notices into the outbox and the next instant into the row, in one
// round trip. A notice has the same id whenever and wherever it is computed,
// so the outbox's primary key makes sure that it is there once.
func write(ctx context.Context, tx pgx.Tx, id string, notices []sla.Notice, next time.Time) error {
	var batch pgx.Batch
	for _, n := range notices {
		batch.Queue(`insert into outbox (id, topic, payload) values ($1, $2, $3) on conflict (id) do nothing`, n.ID, "ticket."+n.Kind.String(), n)
	}
	var attention *time.Time
	if !next.IsZero() {
		// Rounded up to what the database keeps: a limit is exceeded a
		// nanosecond after its deadline.
		up := next.Add(time.Microsecond - 1).Truncate(time.Microsecond)
		attention = &up
	}
	batch.Queue(`update ticket set attention_at = $2 where id = $1`, id, attention)
	return tx.SendBatch(ctx, &batch).Close()
}

// wait is how long a ticker may sleep: until the returned instant, and not much
// longer than a minute, since agents change tickets meanwhile. Nil: nothing is
// due, ever.
func (c *crm) wait(ctx context.Context) (until *time.Time, err error) {
	err = c.pool.QueryRow(ctx, `select min(attention_at) from ticket`).Scan(&until)
	return until, err
}

// play lets two tickers work until an instant. Time jumps from one instant at
// which something is due to the next, where a host would sleep.
func (c *crm) play(ctx context.Context, end time.Time) error {
	for {
		now, err := c.wait(ctx)
		if err != nil || now == nil || now.After(end) {
			return err
		}
		var tickers sync.WaitGroup
		var faults [2]error
		for i := range faults {
			tickers.Go(func() { faults[i] = c.tick(ctx, *now) })
		}
		tickers.Wait()
		if err := errors.Join(faults[:]...); err != nil {
			return err
		}
	}
}

// connect gives a pool that works in a schema of its own, and what drops both.
func connect(ctx context.Context) (*pgxpool.Pool, func() error, error) {
	config, err := pgxpool.ParseConfig(cmp.Or(os.Getenv("CHARTER_POSTGRES"), "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"))
	if err != nil {
		return nil, nil, err
	}
	schema := "example_crm_" + strings.ToLower(rand.Text()[:8])
	config.ConnConfig.RuntimeParams["search_path"] = schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	if _, err := pool.Exec(ctx, `create schema `+schema); err != nil {
		pool.Close()
		return nil, nil, err
	}
	return pool, func() error {
		defer pool.Close()
		_, err := pool.Exec(context.WithoutCancel(ctx), `drop schema `+schema+` cascade`)
		return err
	}, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func start(ctx context.Context, w io.Writer) (err error) {
	pool, drop, err := connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	return week(ctx, w, pool)
}

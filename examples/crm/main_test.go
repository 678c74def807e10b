package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter/sla"
)

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, drop, err := connect(t.Context())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no PostgreSQL, and in CI there must be one: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return pool
}

// adopted is a CRM with tickets of one tier, opened a minute after one another.
func adopted(t *testing.T, cutover time.Time, opened time.Time, tier string, tickets int) *crm {
	t.Helper()
	pool := database(t)
	handbook, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	c := &crm{pool: pool, handbook: handbook, cutover: cutover}
	for _, statements := range []string{tables, adoption} {
		if _, err := pool.Exec(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
	_, err = pool.Exec(t.Context(), `insert into ticket (id, tier, opened_at, attention_at)
		select 'T-' || n, $1, $2::timestamptz + n * interval '1 minute', $2 from generate_series(1, $3) n`, tier, opened, tickets)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func count(t *testing.T, c *crm, query string, args ...any) (n int) {
	t.Helper()
	if err := c.pool.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

var monday = time.Date(2025, 3, 3, 1, 0, 0, 0, time.UTC) // 09:00 in Shanghai

func TestWeek(t *testing.T) {
	// A ticker that does not get past an instant would turn for ever.
	patience, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var out bytes.Buffer
	if err := week(patience, &out, database(t)); err != nil {
		t.Fatal(err)
	}
	// T-1 fell due before the cut-over. T-3 came five minutes before the weekend
	// and was answered a minute before its ten were over.
	const want = `
Fri 17:38  T-2  warning     norms/2.1.2-first-response
Fri 17:40  T-2  breach      norms/2.1.2-first-response
Mon 09:03  T-3  warning     norms/2.1.2-first-response
Mon 09:38  T-4  warning     norms/2.1.2-first-response
Mon 09:40  T-4  breach      norms/2.1.2-first-response
Mon 10:18  T-4  warning     norms/2.1.3-urgent-response
Mon 10:30  T-4  breach      norms/2.1.3-urgent-response
Mon 11:00  T-4  escalation  norms/2.1.3-urgent-response management
Mon 11:06  T-4  warning     norms/2.1.3-urgent-initial
Mon 11:30  T-4  breach      norms/2.1.3-urgent-initial
`
	if got := out.String(); got != want[1:] {
		t.Fatalf("got\n%swant%s", got, want)
	}
}

func TestStartDropsItsSchema(t *testing.T) {
	c := &crm{pool: database(t)}
	const schemas = `select count(*) from pg_namespace where nspname = $1`
	pool, drop, err := connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := pool.Config().ConnConfig.RuntimeParams["search_path"]
	if n := count(t, c, schemas, name); n != 1 {
		t.Fatalf("%d schemas %s", n, name)
	}
	if err := drop(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c, schemas, name); n != 0 {
		t.Fatalf("schema %s is still there", name)
	}
}

// Four tickers write what one judgement of each ticket says, and each notice
// once; a second round, with every ticket due again, adds nothing.
func TestTickersRace(t *testing.T) {
	c := adopted(t, time.Time{}, monday, "urgent", 220)
	now := monday.AddDate(0, 0, 2)
	rows, _ := c.pool.Query(t.Context(), columns)
	tickets, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ticket])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, row := range tickets {
		notices, _, err := c.judge(row, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notices {
			want[n.ID.String()] = true
		}
	}
	if len(want) < 7*220 {
		t.Fatalf("only %d notices for 220 tickets", len(want))
	}
	for range 2 {
		var tickers sync.WaitGroup
		for range 4 {
			tickers.Go(func() {
				if err := c.tick(t.Context(), now); err != nil {
					t.Error(err)
				}
			})
		}
		tickers.Wait()
		rows, _ := c.pool.Query(t.Context(), `select id::text from outbox`)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d notices in the outbox, want %d", len(got), len(want))
		}
		for _, id := range got {
			if !want[id] {
				t.Fatalf("notice %s is not due", id)
			}
		}
		if n := count(t, c, `select count(*) from ticket where attention_at <= $1`, now); n != 0 {
			t.Fatalf("%d tickets are still due", n)
		}
		if _, err := c.pool.Exec(t.Context(), `update ticket set attention_at = $1`, now); err != nil {
			t.Fatal(err)
		}
	}
}

// The change of a ticket, its notices and its next instant are there together
// or not at all.
func TestOneTransaction(t *testing.T) {
	c := adopted(t, time.Time{}, monday, "urgent", 1)
	ctx := t.Context()
	now := monday.Add(30 * time.Minute)
	const accept = `update ticket set accepted_at = $2 where id = $1`
	// The last statement of the transaction fails.
	if _, err := c.pool.Exec(ctx, `alter table ticket add constraint fault check (attention_at < '2025-03-03 01:20Z')`); err != nil {
		t.Fatal(err)
	}
	if err := c.change(ctx, "T-1", now, accept, now); err == nil || !strings.Contains(err.Error(), "fault") {
		t.Fatalf("the constraint was not met: %v", err)
	}
	if n := count(t, c, `select count(*) from outbox`) + count(t, c, `select count(*) from ticket where accepted_at is not null`); n != 0 {
		t.Fatalf("%d rows of a transaction that failed", n)
	}
	if _, err := c.pool.Exec(ctx, `alter table ticket drop constraint fault`); err != nil {
		t.Fatal(err)
	}
	if err := c.change(ctx, "T-1", now, accept, now); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c, `select count(*) from outbox where topic = 'ticket.breach'`); n != 1 {
		t.Fatalf("%d breaches, want that of the first response", n)
	}
	if n := count(t, c, `select count(*) from ticket where accepted_at = $1 and attention_at > $1`, now); n != 1 {
		t.Fatal("the row has not changed, or has no next instant")
	}
	if err := c.change(ctx, "T-9", now, accept, now); err == nil || !strings.Contains(err.Error(), "T-9") {
		t.Fatalf("an unknown ticket: %v", err)
	}
}

// A ticker neither waits for an agent who is changing a ticket nor touches it.
func TestTickerSkipsLockedTickets(t *testing.T) {
	c := adopted(t, time.Time{}, monday, "urgent", 2)
	now := monday.Add(30 * time.Minute)
	agent, err := c.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer agent.Rollback(context.WithoutCancel(t.Context()))
	if _, err := agent.Exec(t.Context(), `update ticket set tier = 'high' where id = 'T-1'`); err != nil {
		t.Fatal(err)
	}
	patience, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	if err := c.tick(patience, now); err != nil {
		t.Fatal(err)
	}
	const of = `select count(*) from outbox where payload ->> 'case' = $1`
	if count(t, c, of, "T-1") != 0 || count(t, c, of, "T-2") == 0 {
		t.Fatal("want notices of T-2 and none of T-1")
	}
	if err := agent.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if count(t, c, of, "T-1") == 0 {
		t.Fatal("T-1 was forgotten")
	}
}

// A row that is no case keeps nobody waiting: the others get their notices, the
// error names it, and it comes again later.
func TestUnjudgeableTicket(t *testing.T) {
	c := adopted(t, time.Time{}, monday, "urgent", 3)
	if _, err := c.pool.Exec(t.Context(), `update ticket set tier = repeat('x', 10000000) where id = 'T-1'`); err != nil {
		t.Fatal(err)
	}
	now := monday.Add(30 * time.Minute)
	patience, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	if err := c.tick(patience, now); err == nil || !strings.Contains(err.Error(), "T-1") || len(err.Error()) > 1000 {
		t.Fatalf("the error does not name T-1: %.1000v", err)
	}
	if n := count(t, c, `select count(distinct payload ->> 'case') from outbox`); n != 2 {
		t.Fatalf("%d tickets with notices, want 2", n)
	}
	if err := c.tick(t.Context(), now); err != nil {
		t.Fatalf("it came again at once: %v", err)
	}
	if n := count(t, c, `select count(*) from ticket where id = 'T-1' and attention_at = $1`, now.Add(time.Hour)); n != 1 {
		t.Fatal("it does not come again")
	}
}

// The instant that is stored is never before the one at which something
// changes, so that a look at it finds the change.
func TestNextInstantIsRoundedUp(t *testing.T) {
	c := adopted(t, time.Time{}, monday, "urgent", 1)
	next := monday.Add(time.Nanosecond)
	err := pgx.BeginFunc(t.Context(), c.pool, func(tx pgx.Tx) error {
		return write(t.Context(), tx, "T-1", []sla.Notice{}, next)
	})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := c.wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if stored == nil || !stored.Equal(monday.Add(time.Microsecond)) {
		t.Fatalf("%v is stored for %v", stored, next)
	}
}

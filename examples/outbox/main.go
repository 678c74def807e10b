// Command outbox writes warnings, breaches and escalations in the host's own
// transaction: the second level of adoption. The host keeps its ticket table
// and its outbox; Charter adds one column, the instant at which the ticket has
// to be looked at again.
//
//	go run ./examples/outbox
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"strings"
	"time"

	_ "modernc.org/sqlite"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

const schema = `
create table ticket (id text primary key, tier text, opened integer, accepted integer, replied integer, closed integer,
	attention integer); -- when something changes next, in microseconds; null: never
create index ticket_attention on ticket (attention);
create table outbox (id text primary key, ticket text, kind text, clause text, role text, at integer);`

// tick writes what has fallen due. It can run as often as it likes, in as many
// processes as it likes: what is in the outbox already has the same id.
func tick(ctx context.Context, db *sql.DB, rules *charter.Handbook, now, cutover time.Time) error {
	ids, err := due(ctx, db, now)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := attend(ctx, db, rules, id, now, cutover); err != nil {
			return fmt.Errorf("ticket %s: %w", id, err)
		}
	}
	return nil
}

// attend judges one ticket and writes its notices and its next instant in one
// transaction. A host calls it too whenever it changes a ticket, inside the
// transaction that does.
func attend(ctx context.Context, db *sql.DB, rules *charter.Handbook, id string, now, cutover time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	h, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	j, err := rules.Judge(h, now)
	if err != nil {
		return err
	}
	for _, n := range j.Notices(sla.Window{Cutover: cutover}) {
		if _, err := tx.ExecContext(ctx, `insert into outbox values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
			n.ID.String(), n.Case, n.Kind.String(), n.Target, n.Role, n.At.UnixMicro()); err != nil {
			return err
		}
	}
	var next any
	if !j.Next.IsZero() {
		// Rounded up: a deadline passes a nanosecond after its instant.
		next = j.Next.Add(time.Microsecond - 1).UnixMicro()
	}
	if _, err := tx.ExecContext(ctx, `update ticket set attention = ? where id = ?`, next, id); err != nil {
		return err
	}
	return tx.Commit()
}

func due(ctx context.Context, db *sql.DB, now time.Time) (ids []string, err error) {
	rows, err := db.QueryContext(ctx, `select id from ticket where attention <= ? order by attention`, now.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// load makes a history of a row.
func load(ctx context.Context, tx *sql.Tx, id string) (history.History, error) {
	var tier string
	var opened, accepted, replied, closed sql.NullInt64
	err := tx.QueryRowContext(ctx, `select tier, opened, accepted, replied, closed from ticket where id = ?`, id).
		Scan(&tier, &opened, &accepted, &replied, &closed)
	if err != nil {
		return history.History{}, err
	}
	at := map[history.Kind]time.Time{}
	for kind, micros := range map[history.Kind]sql.NullInt64{
		history.Opened: opened, history.Accepted: accepted, history.Responded: replied, history.Closed: closed,
	} {
		if micros.Valid {
			at[kind] = time.UnixMicro(micros.Int64)
		}
	}
	return history.FromTimes(history.Times{Case: id, Attributes: history.Of("kind", "ticket", "tier", tier), At: at})
}

// rules are the norms handbook, its figures read as time on the wall clock,
// with a warning at 80% of every limit and a ladder for urgent tickets.
func rules() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "how we escalate", Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			{Edit: charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 800}}}}},
			{Edit: charter.SetLadder{
				Clauses: []string{"norms/2.1.3-urgent-response"},
				Ladder:  []sla.Rung{{Role: "management", At: sla.Offset{Span: sla.Wall(30 * time.Minute), After: true}}},
			}},
		},
	})
}

func main() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:outbox?mode=memory&cache=shared")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if err := run(ctx, db); err != nil {
		log.Fatal(err)
	}
}

// run plays an afternoon: an urgent ticket that nobody answers.
func run(ctx context.Context, db *sql.DB) error {
	handbook, err := rules()
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return err
	}
	opened := time.Date(2025, 3, 3, 6, 0, 0, 0, time.UTC)
	_, err = db.ExecContext(ctx, `insert into ticket values ('T-1', 'urgent', ?, null, null, null, ?)`, opened.UnixMicro(), opened.UnixMicro())
	if err != nil {
		return err
	}
	for now := opened; now.Before(opened.Add(2 * time.Hour)); now = now.Add(10 * time.Minute) {
		if err := tick(ctx, db, handbook, now, time.Time{}); err != nil {
			return err
		}
	}
	rows, err := db.QueryContext(ctx, `select kind, clause, role, at from outbox order by at, clause`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, clause, role string
		var at int64
		if err := rows.Scan(&kind, &clause, &role, &at); err != nil {
			return err
		}
		fmt.Println(strings.TrimSpace(fmt.Sprintf("%s  %-10s  %s %s", time.UnixMicro(at).UTC().Format("15:04"), kind, clause, role)))
	}
	return rows.Err()
}

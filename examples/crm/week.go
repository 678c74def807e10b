package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	_ "time/tzdata" // so that the zone is there on any machine

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// rules are the norms handbook over office hours, with a warning at 80% of
// every limit and a ladder for urgent tickets.
func rules() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		return nil, err
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "what we keep", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: office.Spec()}},
			{Edit: charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 800}}}}},
			{Edit: charter.SetLadder{
				Clauses: []string{"norms/2.1.3-urgent-response"},
				Ladder:  []sla.Rung{{Role: "management", At: sla.Offset{Span: sla.Wall(30 * time.Minute), After: true}}},
			}},
		},
	})
}

// week plays some days around the one on which the CRM adopts Charter, a
// Friday evening.
func week(ctx context.Context, w io.Writer, pool *pgxpool.Pool) error {
	handbook, err := rules()
	if err != nil {
		return err
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return err
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2025, 3, day, hour, minute, 0, 0, shanghai) }

	if _, err := pool.Exec(ctx, tables); err != nil {
		return err
	}
	// An old ticket that nobody ever answered: it does not wake anybody now.
	if _, err := pool.Exec(ctx, `insert into ticket (id, tier, opened_at) values ('T-1', 'urgent', $1)`, at(3, 9, 0)); err != nil {
		return err
	}
	c := &crm{pool: pool, handbook: handbook, cutover: at(7, 17, 0)}
	if _, err := pool.Exec(ctx, adoption); err != nil {
		return err
	}

	const (
		open  = `insert into ticket (id, tier, opened_at) values ($1, $2, $3)`
		reply = `update ticket set accepted_at = coalesce(accepted_at, $2), replied_at = $2 where id = $1`
		shut  = `update ticket set closed_at = $2 where id = $1`
	)
	for _, step := range []struct {
		at        time.Time
		id        string
		statement string
		args      []any
	}{
		{at(7, 17, 30), "T-2", open, []any{"urgent", at(7, 17, 30)}},
		{at(7, 17, 45), "T-2", reply, []any{at(7, 17, 45)}},
		{at(7, 17, 50), "T-2", shut, []any{at(7, 17, 50)}},
		{at(7, 17, 55), "T-3", open, []any{"routine", at(7, 17, 55)}},
		{at(10, 9, 4), "T-3", reply, []any{at(10, 9, 4)}},
		{at(10, 9, 30), "T-4", open, []any{"urgent", at(10, 9, 30)}},
		{at(10, 15, 0), "T-3", shut, []any{at(10, 15, 0)}},
	} {
		if err := c.play(ctx, step.at); err != nil {
			return err
		}
		if err := c.change(ctx, step.id, step.at, step.statement, step.args...); err != nil {
			return err
		}
	}
	if err := c.play(ctx, at(11, 18, 0)); err != nil {
		return err
	}
	return c.print(ctx, w, shanghai)
}

// print shows the outbox.
func (c *crm) print(ctx context.Context, w io.Writer, zone *time.Location) error {
	rows, _ := c.pool.Query(ctx, `select payload from outbox order by (payload ->> 'at')::timestamptz, payload ->> 'case', payload ->> 'clause'`)
	notices, err := pgx.CollectRows(rows, pgx.RowTo[sla.Notice])
	if err != nil {
		return err
	}
	for _, n := range notices {
		line := fmt.Sprintf("%s  %s  %-10s  %s %s", n.At.In(zone).Format("Mon 15:04"), n.Case, n.Kind, n.Target, n.Role)
		fmt.Fprintln(w, strings.TrimSpace(line))
	}
	return nil
}

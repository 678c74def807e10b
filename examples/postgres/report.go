package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// limit is what the norms handbook gives a first response.
const limit = 10 * time.Minute

// rules are the norms handbook on the wall clock, with a warning a second
// before each limit.
func rules() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "for the example", Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			{Edit: charter.SetWarnings{
				Clauses:  []string{"norms/2.1.2-first-response"},
				Warnings: []sla.Warning{{At: sla.Offset{Span: sla.Wall(time.Second)}}},
			}},
		},
	})
}

// report is what became of the notices, by their ids.
type report struct {
	due   map[string]sla.Notice // all that have to be told
	fatal string                // the one at which A died
	death string                // how

	position  journal.Position
	recorded  map[string]int // as the journal says
	delivered map[string]int
	told      map[string][]handover // as the world outside says
}

type handover struct {
	Notice string
	Worker string
	At     time.Time
}

// expect notes what a history has due by an instant.
func (r *report) expect(h history.History, by time.Time) error {
	handbook, err := rules()
	if err != nil {
		return err
	}
	j, err := handbook.Judge(h, by)
	if err != nil {
		return err
	}
	if r.due == nil {
		r.due = map[string]sla.Notice{}
	}
	for _, n := range j.Notices(sla.Window{}) {
		r.due[n.ID.String()] = n
	}
	return nil
}

// await follows the journal until it says that all is delivered, and then asks
// the world outside.
func (r *report) await(ctx context.Context, s site) error {
	r.recorded, r.delivered = map[string]int{}, map[string]int{}
	for done := false; !done; {
		if err := r.follow(ctx, s.journal); err != nil {
			return err
		}
		done = true
		for id := range r.due {
			done = done && r.delivered[id] > 0
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	rows, _ := s.pool.Query(ctx, `select notice::text, worker, at from told order by at`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[handover])
	r.told = map[string][]handover{}
	for _, h := range all {
		r.told[h.Notice] = append(r.told[h.Notice], h)
	}
	return err
}

// follow reads what the journal has got since the last time.
func (r *report) follow(ctx context.Context, j journal.Journal) error {
	for record, err := range j.Scan(ctx, r.position) {
		if err != nil {
			return err
		}
		e, err := history.Decode(record.Data)
		if err != nil {
			return err
		}
		id, _ := e.Fields.Get("id")
		switch e.Kind {
		case history.NoticeRecorded:
			r.recorded[id]++
		case history.NoticeDelivered:
			r.delivered[id]++
		}
		r.position = record.Pos
	}
	return nil
}

// print tells what happened. Its error says what should not have.
func (r *report) print(w io.Writer) error {
	lost, twice, handovers := 0, 0, map[string]int{}
	for id, n := range r.due {
		if len(r.told[id]) == 0 || r.recorded[id] == 0 {
			lost++
		}
		if r.recorded[id] > 1 {
			twice++
		}
		for _, h := range r.told[id] {
			handovers[h.Worker]++
		}
		if id == r.fatal {
			fmt.Fprintf(w, "the %s of %s, at which A died, was handed over", n.Kind, n.Case)
			for i, h := range r.told[id] {
				if i > 0 {
					fmt.Fprint(w, " and")
				}
				fmt.Fprintf(w, " by %s %v after its instant", h.Worker, h.At.Sub(n.At).Round(time.Millisecond))
			}
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "%d notices were due; A handed over %d, B %d\n", len(r.due), handovers["A"], handovers["B"])
	fmt.Fprintf(w, "%d lost, %d recorded twice\n", lost, twice)
	if lost+twice+max(0, len(r.recorded)-len(r.due)) > 0 {
		return fmt.Errorf("%d notices are due, %d lost, %d recorded twice, %d recorded in all", len(r.due), lost, twice, len(r.recorded))
	}
	return nil
}

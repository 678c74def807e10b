package charter

import (
	"cmp"
	"context"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

// Lifecycles are a host's own rules by which a desk lets cases be worked on.
// Where there are none, the handbook's are used, those in force when the desk
// is asked: [Handbook.TicketRules] and its sisters.
type Lifecycles struct {
	Tickets    *ticket.Rules
	Complaints *complaint.Rules
	Incidents  *incident.Rules
}

// lifecycle is what the three aggregates have in common.
type lifecycle interface{ Pending() []history.Entry }

// Ticket works on a ticket: fn calls its commands, and what they add is
// recorded as by [Desk.Record], with its idempotency and its repetition on a
// conflict. An error of fn, such as that of a command which the rules refuse,
// is returned as it is, and nothing is recorded.
//
//	status, err := desk.Ticket(ctx, "T-1", requestID, func(t *ticket.Ticket) error {
//		return t.Hold(ticket.Meta{Actor: me, Now: now}, "customer")
//	})
func (d *Desk) Ticket(ctx context.Context, id, key string, fn func(*ticket.Ticket) error) (Status, error) {
	return work(ctx, d, id, key, fn, func(h history.History) (*ticket.Ticket, error) {
		return ticket.Load(h, cmp.Or(d.config.Lifecycles.Tickets, d.handbook().TicketRules(d.config.Now())))
	})
}

// Complaint works on a complaint, as Ticket does on a ticket.
func (d *Desk) Complaint(ctx context.Context, id, key string, fn func(*complaint.Complaint) error) (Status, error) {
	return work(ctx, d, id, key, fn, func(h history.History) (*complaint.Complaint, error) {
		return complaint.Load(h, cmp.Or(d.config.Lifecycles.Complaints, d.handbook().ComplaintRules(d.config.Now())))
	})
}

// Incident works on an incident, as Ticket does on a ticket.
func (d *Desk) Incident(ctx context.Context, id, key string, fn func(*incident.Incident) error) (Status, error) {
	return work(ctx, d, id, key, fn, func(h history.History) (*incident.Incident, error) {
		return incident.Load(h, cmp.Or(d.config.Lifecycles.Incidents, d.handbook().IncidentRules(d.config.Now())))
	})
}

func work[T lifecycle](
	ctx context.Context, d *Desk, id, key string, fn func(T) error, load func(history.History) (T, error),
) (Status, error) {
	var run func(history.History) ([]history.Entry, error)
	if fn != nil {
		run = func(h history.History) ([]history.Entry, error) {
			c, err := load(h)
			if err != nil {
				return nil, err
			}
			if err := fn(c); err != nil {
				return nil, err
			}
			return c.Pending(), nil
		}
	}
	return d.Record(ctx, id, key, run)
}

package charter

import (
	"context"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

// Lifecycles are the rules by which a desk lets cases be worked on. Nil rules
// are the package's defaults.
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
		return ticket.Load(h, d.config.Lifecycles.Tickets)
	})
}

// Complaint works on a complaint, as Ticket does on a ticket.
func (d *Desk) Complaint(ctx context.Context, id, key string, fn func(*complaint.Complaint) error) (Status, error) {
	return work(ctx, d, id, key, fn, func(h history.History) (*complaint.Complaint, error) {
		return complaint.Load(h, d.config.Lifecycles.Complaints)
	})
}

// Incident works on an incident, as Ticket does on a ticket.
func (d *Desk) Incident(ctx context.Context, id, key string, fn func(*incident.Incident) error) (Status, error) {
	return work(ctx, d, id, key, fn, func(h history.History) (*incident.Incident, error) {
		return incident.Load(h, d.config.Lifecycles.Incidents)
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

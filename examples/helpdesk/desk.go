package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
	"github.com/servicecharter/charter/ticket"
)

// helpdesk is a desk over a journal and, for the list, a projection of it.
type helpdesk struct {
	desk     *charter.Desk
	handbook *charter.Handbook
	journal  *sqlite.Journal
	now      func() time.Time

	mu      sync.Mutex
	read    journal.Position
	tickets map[string]history.History
}

func open(ctx context.Context, path string, answer time.Duration, now func() time.Time) (*helpdesk, error) {
	handbook, err := rules(answer)
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	desk, err := charter.NewDesk(charter.Config{
		Handbook: handbook, Journal: store, Now: now, Deliver: deliver, Logger: slog.Default(),
		// The norms want registers, dispatches and confirmations that a small house
		// does not have: its limits are the handbook's, its steps the plain ones.
		Lifecycles: charter.Lifecycles{Tickets: ticket.DefaultRules()},
	})
	return &helpdesk{desk: desk, handbook: handbook, journal: store, now: now, tickets: map[string]history.History{}}, err
}

// deliver is where a host pages somebody or writes to a chat. The same notice
// may come twice, with the same id.
func deliver(_ context.Context, d charter.Delivery) error {
	slog.Info(d.Kind.String(), "ticket", d.Case, "clause", d.Target, "role", d.Role, "withdrawn", d.Withdrawn, "id", d.ID)
	return nil
}

// all follows the journal: it reads what was recorded since the last call, by
// whichever process, and returns every ticket. It is lost with the process and
// made anew from the beginning.
func (d *helpdesk) all(ctx context.Context) ([]history.History, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for record, err := range d.journal.Scan(ctx, d.read) {
		if err != nil {
			return nil, err
		}
		entry, err := history.Decode(record.Data)
		if err != nil {
			return nil, fmt.Errorf("ticket %q: %w", record.Case, err)
		}
		h := d.tickets[record.Case]
		h.Case, h.Entries = record.Case, append(h.Entries, entry)
		d.tickets[record.Case], d.read = h, record.Pos
	}
	var all []history.History
	for _, h := range d.tickets {
		all = append(all, h)
	}
	return all, nil
}

// step is something that an agent can do to a ticket.
type step struct {
	Name, EN, ZH string
	Words        bool // takes some
}

var steps = []step{
	{"accept", "Take it on", "受理", false},
	{"reply", "Reply", "回复", true},
	{"handle", "First handling is done", "完成初步处理", false},
	{"hold", "Wait for the customer", "等待客户", false},
	{"resume", "Resume", "恢复", false},
	{"resolve", "Resolve", "解决", true},
	{"close", "Close", "结案", false},
	{"reopen", "Reopen", "重开", true},
}

// do takes a step, or opens the ticket. The lifecycle knows what may be done
// when, and refuses the rest.
func (d *helpdesk) do(t *ticket.Ticket, name string, form url.Values) error {
	m := ticket.Meta{Now: d.now(), Actor: history.Actor{ID: "agent-1", Role: history.RoleAgent}}
	switch text := form.Get("text"); name {
	case "open":
		// What the customer is called stands apart, where no rule reads it.
		m.Actor, m.Personal = history.Actor{Role: history.RoleCustomer}, history.Of("name", form.Get("name"), "text", text)
		m.Fields = history.Of(history.KeyTier, form.Get("tier"), history.KeyRequest, form.Get("request"),
			history.KeyComplexity, form.Get("complexity"), history.KeyImportance, "standard")
		return t.Open(m, ticket.Opening{Channel: "web", Content: form.Get("subject"), Source: "customer"})
	case "accept":
		if t.State() != ticket.Open {
			return ticket.ErrOrder // somebody else might take it on as well; here there is one agent
		}
		return errors.Join(t.Accept(m), t.Check(m, "portal account", "as described"))
	case "reply":
		m.Personal = history.Of("text", text)
		return t.Reply(m, "web")
	case "handle":
		return t.FirstHandled(m)
	case "hold":
		return t.Hold(m, "customer")
	case "resume":
		return t.Resume(m, "")
	case "resolve":
		return errors.Join(t.Resolve(m, text, ""), t.TellResult(m, text))
	case "close":
		return t.Close(m, "")
	case "reopen":
		return t.Reopen(m, text)
	}
	return fmt.Errorf("%w: no step %q", ticket.ErrUnknown, name)
}

// take takes a step for good and gives the ticket as it stands then, with its
// deadlines. A form that comes twice has the same key, and is recorded once.
func (d *helpdesk) take(ctx context.Context, id, name string, form url.Values) (charter.Status, error) {
	return d.desk.Ticket(ctx, id, form.Get("key"), func(t *ticket.Ticket) error { return d.do(t, name, form) })
}

// possible gives the steps that the lifecycle would take now.
func (d *helpdesk) possible(h history.History) (some []step) {
	for _, s := range steps {
		if t, err := ticket.Load(h, nil); err == nil && d.do(t, s.Name, url.Values{"text": {"-"}}) == nil {
			some = append(some, s)
		}
	}
	return some
}

package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// step is something that an agent does to a ticket by a form.
type step struct {
	Name, EN, ZH string
	Text         bool // asks for words
	Reason       bool // asks why work waits
	do           func(*ticket.Ticket, ticket.Meta, url.Values) error
}

var steps = []step{
	{Name: "accept", EN: "Take it on", ZH: "受理", do: func(t *ticket.Ticket, m ticket.Meta, _ url.Values) error { return t.Accept(m) }},
	{Name: "reply", EN: "Reply", ZH: "回复", Text: true, do: reply},
	{Name: "handle", EN: "First handling done", ZH: "完成初步处理", do: func(t *ticket.Ticket, m ticket.Meta, _ url.Values) error {
		return t.FirstHandled(m)
	}},
	{Name: "hold", EN: "Put on hold", ZH: "挂起", Reason: true, do: func(t *ticket.Ticket, m ticket.Meta, f url.Values) error {
		return t.Hold(m, f.Get("reason"))
	}},
	{Name: "resume", EN: "Resume", ZH: "恢复", do: func(t *ticket.Ticket, m ticket.Meta, _ url.Values) error { return t.Resume(m, "") }},
	{Name: "resolve", EN: "Resolve", ZH: "解决", Text: true, do: func(t *ticket.Ticket, m ticket.Meta, f url.Values) error {
		if err := t.Resolve(m, f.Get("text"), ""); err != nil {
			return err
		}
		return t.TellResult(m, f.Get("text"))
	}},
	{Name: "close", EN: "Close", ZH: "结案", do: func(t *ticket.Ticket, m ticket.Meta, _ url.Values) error { return t.Close(m, "") }},
	{Name: "reopen", EN: "Reopen", ZH: "重开", Text: true, do: func(t *ticket.Ticket, m ticket.Meta, f url.Values) error {
		return t.Reopen(m, f.Get("text"))
	}},
}

// reply answers the customer. The first answer to a ticket in work also says
// that customer and need were checked: the agent had to, to answer.
func reply(t *ticket.Ticket, m ticket.Meta, f url.Values) error {
	checked := slices.ContainsFunc(t.History().Entries, func(e history.Entry) bool { return e.Kind == history.Checked })
	if !checked && t.State() != ticket.Resolved && !t.State().Over() {
		if err := t.Check(m, "portal account", "as described"); err != nil {
			return err
		}
	}
	m.Personal = history.Of("text", f.Get("text"))
	return t.Reply(m, "web")
}

// possible gives the steps that the lifecycle would take now. It would accept a
// ticket again, for somebody else; here there is one agent.
func (s *server) possible(h history.History) (some []step, err error) {
	sample := url.Values{"text": {"-"}, "reason": {"customer"}}
	for _, a := range steps {
		t, err := ticket.Load(h, nil)
		if err != nil {
			return nil, err
		}
		again := a.Name == "accept" && t.State() != ticket.Open
		if !again && a.do(t, s.agent(), sample) == nil {
			some = append(some, a)
		}
	}
	return some, nil
}

// take records a step of the agent. The key was made with the form, so that a
// form sent twice is recorded once.
func (s *server) take(ctx context.Context, id, name, key string, form url.Values) error {
	i := slices.IndexFunc(steps, func(a step) bool { return a.Name == name })
	if i < 0 {
		return fmt.Errorf("%w: no step %q", ticket.ErrUnknown, name)
	}
	_, err := s.desk.Record(ctx, id, key, func(h history.History) ([]history.Entry, error) {
		if len(h.Entries) == 0 {
			return nil, nil
		}
		return pending(h, func(t *ticket.Ticket) error { return steps[i].do(t, s.agent(), form) })
	})
	return err
}

// begin opens a ticket and returns it with its deadlines. What the customer is
// called stands apart, where no rule reads it.
func (s *server) begin(ctx context.Context, id string, form url.Values) (charter.Status, error) {
	m := ticket.Meta{
		At: s.second(), Actor: history.Actor{Role: history.RoleCustomer},
		Fields: history.Of(
			history.KeyTier, form.Get("tier"), history.KeyRequest, form.Get("request"),
			history.KeyComplexity, form.Get("complexity"), history.KeyImportance, "standard"),
		Personal: history.Of("name", form.Get("name"), "text", form.Get("text")),
	}
	return s.desk.Record(ctx, id, "open", func(h history.History) ([]history.Entry, error) {
		return pending(h, func(t *ticket.Ticket) error {
			return t.Open(m, ticket.Opening{Channel: "web", Content: form.Get("subject"), Source: "customer"})
		})
	})
}

func pending(h history.History, work func(*ticket.Ticket) error) ([]history.Entry, error) {
	t, err := ticket.Load(h, nil)
	if err != nil {
		return nil, err
	}
	if err := work(t); err != nil {
		return nil, err
	}
	return t.Pending(), nil
}

func (s *server) agent() ticket.Meta {
	return ticket.Meta{At: s.second(), Actor: history.Actor{ID: "agent-1", Role: history.RoleAgent}}
}

// second is now as facts are dated: to the second that the page shows.
func (s *server) second() time.Time { return s.now().Truncate(time.Second) }

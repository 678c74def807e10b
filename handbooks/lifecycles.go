package handbooks

import (
	"embed"
	"fmt"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

//go:embed lifecycles/*.json
var lifecycles embed.FS

// TicketRules returns what the handbook with that id says on the steps,
// fields, roles and escalations of a ticket, each demand with its clause. The
// rules are made anew at each call and are the caller's: strict as they stand,
// and every demand or code can be declared lenient.
func TicketRules(name string) (*ticket.Rules, error) {
	return rules("ticket", name, ticket.ParseRules)
}

// ComplaintRules returns what the handbook says on complaints; see
// [TicketRules].
func ComplaintRules(name string) (*complaint.Rules, error) {
	return rules("complaint", name, complaint.ParseRules)
}

// IncidentRules returns what the handbook says on incidents, on top of
// incident.DefaultRules; see [TicketRules].
func IncidentRules(name string) (*incident.Rules, error) {
	own, err := rules("incident", name, incident.ParseRules)
	if err != nil {
		return nil, err
	}
	return incident.DefaultRules().With(own.Demands...), nil
}

func rules[T any](lifecycle, name string, parse func([]byte) (*T, error)) (*T, error) {
	text, err := lifecycles.ReadFile("lifecycles/" + lifecycle + "-" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("handbooks: no handbook %q", name)
	}
	r, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("handbooks: lifecycles/%s-%s.json: %w", lifecycle, name, err)
	}
	return r, nil
}

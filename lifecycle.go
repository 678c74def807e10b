package charter

import (
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

// Lifecycle is what a clause demands of the course of cases: steps in an
// order, fields, roles, levels, values. It stands beside the rule of a clause of
// any kind, in JSON as in
//
//	"lifecycle": {"ticket": {"demands": [{"step": "opened", "fields": ["channel"]}]}}
//
// and each of its parts takes a part of the rules of that package: Demands,
// Levels and Attributes, and of complaints Flows. No clause id stands in it:
// what comes of it names the clause that it is in. Nor does anything that is the
// host's to declare, such as Lenient.
//
// The clause's When and Effective hold for all of it. A term of When that
// excludes values means the other values that the handbook declares for the
// attribute, or none. Levels and attributes hold for every case, so that the
// When beside them may name no attribute but kind.
type Lifecycle struct {
	Ticket    *ticket.Rules    `json:"ticket,omitempty"`
	Complaint *complaint.Rules `json:"complaint,omitempty"`
	Incident  *incident.Rules  `json:"incident,omitempty"`
	// Plan is about the history of an emergency plan; see incident.PlanRules.
	Plan *incident.Rules `json:"plan,omitempty"`
}

// kindTicket is the value of the attribute kind.
const kindTicket = "ticket"

// IsZero reports whether nothing is demanded.
func (l Lifecycle) IsZero() bool { return l == Lifecycle{} }

// TicketRules returns what the clauses in force at an instant demand of
// tickets, in the order of the handbook, each demand with the id of its clause.
// A handbook without such clauses demands nothing: tickets are held to what
// package ticket holds every ticket to, and not to ticket.DefaultRules.
//
// The rules are strict as they stand. They are made once for each stretch of
// dates, and shared: make a copy of what they list to change it.
func (h *Handbook) TicketRules(at time.Time) *ticket.Rules { return h.course(at).tickets }

// ComplaintRules returns what the clauses in force at an instant demand of
// complaints; see [Handbook.TicketRules].
func (h *Handbook) ComplaintRules(at time.Time) *complaint.Rules { return h.course(at).complaints }

// IncidentRules returns what the clauses in force at an instant demand of
// incidents, on top of incident.DefaultRules; see [Handbook.TicketRules].
func (h *Handbook) IncidentRules(at time.Time) *incident.Rules { return h.course(at).incidents }

// PlanRules returns what the clauses in force at an instant demand of emergency
// plans, on top of incident.PlanRules; see [Handbook.TicketRules].
func (h *Handbook) PlanRules(at time.Time) *incident.Rules { return h.course(at).plans }

// course is the rules of all lifecycles from a date on.
type course struct {
	from       calendar.Date
	tickets    *ticket.Rules
	complaints *complaint.Rules
	incidents  *incident.Rules
	plans      *incident.Rules
}

func (h *Handbook) course(at time.Time) *course {
	h = h.orZero()
	h.coursesOnce.Do(func() { h.courses = h.makeCourses() })
	on := dateIn(at, h.Location())
	i := sort.Search(len(h.courses), func(i int) bool { return h.courses[i].from.Compare(on) > 0 })
	return &h.courses[max(i-1, 0)]
}

// makeCourses makes rules for each date on which a demand begins or ends, and
// for the time before.
func (h *Handbook) makeCourses() (out []course) {
	dates := []calendar.Date{{}}
	for i := range h.clauses {
		if c := &h.clauses[i]; !c.Lifecycle.IsZero() {
			dates = append(dates, c.Effective.From, c.Effective.To)
		}
	}
	slices.SortFunc(dates, calendar.Date.Compare)
	for _, date := range slices.Compact(dates) {
		out = append(out, h.makeCourse(date))
	}
	return out
}

func (h *Handbook) makeCourse(on calendar.Date) course {
	x := course{from: on, tickets: &ticket.Rules{Name: h.id}, complaints: &complaint.Rules{}}
	var incidents, plans []incident.Demand
	for i := range h.clauses {
		c := &h.clauses[i]
		if !c.Effective.Holds(on) {
			continue
		}
		if r := c.Lifecycle.Ticket; r != nil {
			for _, d := range r.Demands {
				d.Clause = c.ID
				if when, ok := h.limits(c, kindTicket, d.When); ok {
					d.When = when
					x.tickets.Demands = append(x.tickets.Demands, d)
				}
			}
			for _, l := range r.Levels {
				l.Clause = c.ID
				x.tickets.Levels = append(x.tickets.Levels, l)
			}
			for _, a := range r.Attributes {
				a.Clause = c.ID
				x.tickets.Attributes = append(x.tickets.Attributes, a)
			}
		}
		if r := c.Lifecycle.Complaint; r != nil {
			h.addComplaints(x.complaints, c, r)
		}
		incidents = h.addIncidents(incidents, c, c.Lifecycle.Incident, incident.KindIncident)
		plans = h.addIncidents(plans, c, c.Lifecycle.Plan, "")
	}
	x.incidents = incident.DefaultRules().With(incidents...)
	x.plans = incident.PlanRules().With(plans...)
	return x
}

func (h *Handbook) addComplaints(to *complaint.Rules, c *Clause, r *complaint.Rules) {
	for _, f := range r.Flows {
		f.Clause = c.ID
		if when, ok := h.limits(c, complaint.KindComplaint, f.When); ok {
			f.When = when
			to.Flows = append(to.Flows, f)
		}
	}
	for _, d := range r.Demands {
		d.Clause = c.ID
		if when, ok := h.limits(c, complaint.KindComplaint, d.When); ok {
			d.When = when
			to.Demands = append(to.Demands, d)
		}
	}
	for _, l := range r.Levels {
		l.Clause = c.ID
		to.Levels = append(to.Levels, l)
	}
	for _, a := range r.Attributes {
		a.Clause = c.ID
		to.Attributes = append(to.Attributes, a)
	}
}

func (h *Handbook) addIncidents(to []incident.Demand, c *Clause, r *incident.Rules, kind string) []incident.Demand {
	if r == nil {
		return to
	}
	for _, d := range r.Demands {
		d.Clause = c.ID
		if when, ok := h.limits(c, kind, d.When); ok {
			d.When = when
			to = append(to, d)
		}
	}
	return to
}

// limits joins the clause's condition to that of a demand of its own, which it
// does not change. ok is false when no case can meet both. An empty list of
// values, which only incidents have, stands for any.
func (h *Handbook) limits(c *Clause, kind string, own map[string][]string) (when map[string][]string, ok bool) {
	when = own
	for _, t := range c.When {
		if t.Attribute == history.KeyKind {
			continue // the parser has seen to it
		}
		values := h.values(t, kind)
		if mine, twice := own[t.Attribute]; twice {
			values = slices.DeleteFunc(values, func(v string) bool {
				return len(mine) == 0 && v == "" || len(mine) > 0 && !slices.Contains(mine, v)
			})
		}
		if len(values) == 0 {
			return nil, false
		}
		when = maps.Clone(when)
		if when == nil {
			when = map[string][]string{}
		}
		when[t.Attribute] = values
	}
	return when, true
}

// values lists those that a term allows; "" is no value.
func (h *Handbook) values(t sla.Term, kind string) []string {
	if !t.Not {
		return slices.Clone(t.Values)
	}
	allowed := []string{""}
	if a := h.attributes.find(t.Attribute); a != nil {
		for i := range a.Values {
			if v := &a.Values[i]; v.of(kind) && !slices.Contains(t.Values, v.ID) {
				allowed = append(allowed, v.ID)
			}
		}
	}
	return allowed
}

package charter

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

// CheckTicket holds a history to what the clauses demanded of a ticket when each
// of its entries happened: an amendment finds nothing in what was done before
// it. It is ticket.Check with the rules of each stretch of dates in turn, and
// takes as many times its time as amendments fall into the history. Nil is
// nothing found.
func (h *Handbook) CheckTicket(x history.History) []ticket.Finding {
	return checked(h, x, func(c *course) []ticket.Finding { return ticket.Check(x, c.tickets) },
		func(f ticket.Finding) time.Time { return f.At })
}

// CheckComplaint holds a history to what was demanded of a complaint; see
// [Handbook.CheckTicket].
func (h *Handbook) CheckComplaint(x history.History) []complaint.Finding {
	return checked(h, x, func(c *course) []complaint.Finding { return complaint.Check(x, c.complaints) },
		func(f complaint.Finding) time.Time { return f.At })
}

// CheckIncident holds a history to what was demanded of an incident; see
// [Handbook.CheckTicket].
func (h *Handbook) CheckIncident(x history.History) []incident.Finding {
	return checked(h, x, func(c *course) []incident.Finding { return incident.Check(x, c.incidents) },
		func(f incident.Finding) time.Time { return f.At })
}

// CheckPlan holds the history of an emergency plan to what was demanded of it;
// see [Handbook.CheckTicket].
func (h *Handbook) CheckPlan(x history.History) []incident.Finding {
	return checked(h, x, func(c *course) []incident.Finding { return incident.Check(x, c.plans) },
		func(f incident.Finding) time.Time { return f.At })
}

// checked checks a history by each course that its entries fall into, and keeps
// of each what is about its own stretch.
func checked[F any](h *Handbook, x history.History, check func(*course) []F, at func(F) time.Time) (all []F) {
	h = h.orZero()
	var courses []*course
	for i := range x.Entries {
		if c := h.course(x.Entries[i].At); !slices.Contains(courses, c) {
			courses = append(courses, c)
		}
	}
	if len(courses) == 1 {
		return check(courses[0]) // all of it falls into one stretch
	}
	slices.SortFunc(courses, func(a, b *course) int { return a.from.Compare(b.from) })
	for _, c := range courses {
		for _, f := range check(c) {
			if h.course(at(f)) == c {
				all = append(all, f)
			}
		}
	}
	return all
}

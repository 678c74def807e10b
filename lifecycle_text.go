package charter

import (
	"cmp"
	"strings"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/ticket"
)

// String lists what is demanded, one demand a line, for people:
//
//	ticket: resolved after checked | verified, with result & steps
//	complaint: opened → registered → resolved
//
// Of what stands between | one will do; of what stands between & all is wanted.
func (l Lifecycle) String() string {
	var b strings.Builder
	add := func(of, text string) { b.WriteString(of + ": " + text + "\n") }
	if x := l.Ticket; x != nil {
		for _, a := range x.Attributes {
			add(kindTicket, a.Name+" is "+either(a.Values))
		}
		for _, v := range x.Levels {
			add(kindTicket, atLevel(v.Name, v.Roles))
		}
		for _, d := range x.Demands {
			add(kindTicket, ticketText(d))
		}
	}
	if x := l.Complaint; x != nil {
		for _, a := range x.Attributes {
			add(complaint.KindComplaint, a.Name+" is "+either(a.Values))
		}
		for _, v := range x.Levels {
			add(complaint.KindComplaint, atLevel(v.Name, v.Roles))
		}
		for _, f := range x.Flows {
			add(complaint.KindComplaint, flowText(f))
		}
		for _, d := range x.Demands {
			add(complaint.KindComplaint, complaintText(d))
		}
	}
	for _, part := range []struct {
		of    string
		rules *incident.Rules
	}{{incident.KindIncident, l.Incident}, {"plan", l.Plan}} {
		if part.rules == nil {
			continue
		}
		for _, d := range part.rules.Demands {
			add(part.of, incidentText(d))
		}
	}
	return b.String()
}

// either and allOf join as in the listing of clocks.
func either(values []string) string { return bar(strings.Join(values, " | ")) }

func allOf(values []string) string { return bar(strings.Join(values, " & ")) }

// bar writes alternatives of tickets like all others.
func bar(s string) string { return strings.ReplaceAll(s, " or ", " | ") }

func atLevel(name string, roles []string) string {
	if len(roles) == 0 {
		return "level " + name
	}
	return "level " + name + " by " + either(roles)
}

// phrases joins what is said of a step with commas.
type phrases []string

func (p *phrases) add(before, text string) {
	if text != "" {
		*p = append(*p, before+text)
	}
}

func (p *phrases) choices(before string, of map[string][]string) {
	for _, key := range sortedKeys(of) {
		values := make([]string, len(of[key]))
		for i, v := range of[key] {
			values[i] = cmp.Or(v, "nothing")
		}
		*p = append(*p, before+key+" is "+cmp.Or(either(values), "known"))
	}
}

func (p *phrases) flag(on bool, text string) {
	if on {
		*p = append(*p, text)
	}
}

// join puts an order of steps, a step or both before what is said of them.
func (p phrases) join(order, step string) string {
	said := strings.Join(p, ", ")
	if step != "" {
		said = strings.TrimSpace(step + " " + said)
	}
	if order != "" && said != "" {
		return order + ", " + said
	}
	return order + said
}

func ticketText(d ticket.Demand) string {
	var p phrases
	p.add("after ", allOf(d.After))
	p.add("with ", allOf(d.Fields))
	p.add("by ", either(d.Roles))
	p.flag(d.Owned, "with an owner")
	p.choices("where ", d.When)
	p.flag(d.Advised, "advised")
	return p.join(bar(strings.Join(d.Order, " → ")), bar(d.Step))
}

func flowText(f complaint.Flow) string {
	places := make([]string, len(f.Steps))
	for i, place := range f.Steps {
		places[i] = either(texts(place))
	}
	var p phrases
	p.choices("where ", f.When)
	p.flag(f.Advised, "advised")
	return p.join(strings.Join(places, " → "), "")
}

func texts(kinds []history.Kind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return out
}

func complaintText(d complaint.Demand) string {
	var p phrases
	p.add("with ", allOf(d.Fields))
	p.add("knowing ", allOf(d.Known))
	p.choices("so that ", d.Values)
	p.add("by ", either(d.Roles))
	p.choices("where ", d.When)
	p.flag(d.Advised, "advised")
	return p.join("", string(d.Step))
}

func incidentText(d incident.Demand) string {
	var p phrases
	p.add("after ", allOf(d.After))
	p.add("before ", allOf(d.Before))
	p.flag(d.Once, "once")
	p.add("with ", allOf(d.Fields))
	p.add("knowing ", allOf(d.Known))
	p.choices("so that ", d.Values)
	p.add("by ", either(d.Roles))
	p.add("led by ", either(d.Lead))
	p.choices("where ", d.When)
	p.flag(d.Advised, "advised")
	return p.join("", string(d.Step))
}

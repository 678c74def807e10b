package charter_test

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// A table with four columns: created, first reply, solved, closed. First the
// host says what it records, and Lint tells which clauses that leaves without
// evidence: those wait for a check, an acceptance or a first handling of which
// the table knows nothing. Then it decides what stands in for what is not there:
// a ticket is accepted when it is created, and a reply counts as the check too.
// These clauses become evaluable. The one on the initial handling does not, and
// says so instead of counting as breached; nor does the one without a figure.
func Example_fourColumns() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-18:00; PH off")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Before the oldest case that is still open.
	from := calendar.Date{Year: 2025, Month: time.January, Day: 1}
	columns, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "what our table holds", Effective: from, Zone: "Asia/Shanghai",
		Changes: []charter.Change{
			{Edit: charter.SetProvides{Kinds: []history.Kind{history.Opened, history.Responded, history.Resolved, history.Closed}}},
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: office.Spec()}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range columns.Lint() {
		if f.Code == charter.CodeNotProvided {
			fmt.Println(f.Clauses[0], "needs", f.Value)
		}
	}

	rules, err := columns.Amend(charter.Patch{
		Base: columns.Pin(), Reason: "what stands in for what", Effective: from,
		Changes: []charter.Change{
			{Edit: charter.SetEnds{Clause: "norms/2.1.2-first-response", Until: sla.On(history.Responded)}},
			{Edit: charter.SetEnds{Clause: "norms/2.1.2-time-limited", From: sla.On(history.Opened)}},
			{Edit: charter.SetEnds{Clause: "norms/2.1.3-routine-closure", From: sla.On(history.Opened)}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	monday := time.Date(2025, 3, 3, 9, 30, 0, 0, rules.Location())
	row, err := history.FromTimes(history.Times{
		Case: "T-1",
		// What the table does not say because it is always so.
		Attributes: history.Of("kind", "ticket", "tier", "routine", "complexity", "simple", "request", "enquiry"),
		At: map[history.Kind]time.Time{
			history.Opened: monday, history.Responded: monday.Add(8 * time.Minute), history.Resolved: monday.Add(30 * time.Hour),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	j, err := rules.Judge(row, monday.Add(48*time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println()
	for _, c := range j.Clocks {
		if c.State == sla.NotEvaluable {
			fmt.Printf("%-27s not evaluable for want of %s\n", c.Target, c.Missing)
			continue
		}
		fmt.Printf("%-27s %-7s due %s\n", c.Target, c.State, c.Due.In(rules.Location()).Format("Mon 15:04"))
	}
	// Output:
	// norms/2.1.2-time-limited needs accepted
	// norms/2.1.2-first-response needs checked
	// norms/2.1.3-routine-initial needs accepted
	// norms/2.1.3-routine-closure needs accepted
	// norms/2.1.3-urgent-initial needs first-handled
	// norms/5.1-technical-first-response needs investigated
	// norms/5.1-verification-closure needs verified
	//
	// norms/2.1.2-time-limited    not evaluable for want of figure
	// norms/2.1.2-first-response  met     due Mon 09:40
	// norms/2.1.3-routine-initial not evaluable for want of accepted
	// norms/2.1.3-routine-closure running due Thu 09:30
	// norms/2.2.2-routine-closure running due Fri 15:30
}

// What a clause reads of a case: which columns a table has to have for it.
func ExampleHandbook_Needs() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	n, _ := norms.Needs("norms/2.1.2-first-response")
	fmt.Println("starts with any of", n.Start)
	fmt.Println("stops with all of", n.StopAll)
	fmt.Println("for cases by", n.Attributes)
	// Output:
	// starts with any of [opened]
	// stops with all of [responded checked]
	// for cases by [kind]
}

// Printing a handbook lists the clauses that run a clock, with their ids.
func ExampleHandbook_String() {
	h, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(h)
	// Output:
	// acme 1: Acme help desk
	// acme/urgent  4h?  opened | detected → resolved | closed  tier is urgent
}

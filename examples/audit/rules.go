package main

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// desk are the norms with what this help desk has decided: which figures run on the wall clock and which in business hours, when it is open, what
// pauses a clock, and the figure that the norms leave open.
func desk() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; Sa 09:00-12:00; PH off")
	if err != nil {
		return nil, err
	}
	waiting, err := sla.ParseMatch("held[reason=customer]")
	if err != nil {
		return nil, err
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "how the desk works", By: "service board", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.SetCalendar{Spec: office.Spec()}},
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{
				"norms/2.1.3-urgent-response", "norms/2.1.3-urgent-initial", "norms/2.2.2-urgent-handling", "norms/2.2.2-urgent-closure",
			}}, Reason: "urgent matters are handled around the clock"},
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetLimit{Clause: "norms/2.1.2-time-limited", Within: sla.Days(10)}, Reason: "the norms print no figure"},
			{Edit: charter.SetPauses{Metric: "resolution", On: []sla.Match{waiting}}},
			{Edit: charter.SetPauses{Metric: "closure", On: []sla.Match{waiting}}},
		},
	})
}

// byPriority are the norms with limits for each of two priorities. The targets of the company that the log comes from are not public. 96 and 336
// hours are the single limits on the elapsed time of a resolution that agree best with its own flag; but that flag only falls when an incident is
// closed, and limits on the closing agree better still.
func byPriority() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	limit := func(priority, metric, done string, hours int) charter.Change {
		return charter.Change{Edit: charter.AddClause{Clause: charter.Clause{
			ID: "desk/priority-" + priority + "-" + metric, Subject: charter.SubjectSLA, Kind: charter.KindDeadline, Check: charter.CheckDecidable,
			Text: charter.Text{EN: fmt.Sprintf("An incident of priority %s is %s within %d hours.", priority, done, hours)},
			When: sla.Condition{sla.Is("kind", "ticket"), sla.Is("priority", priority)},
			Rule: charter.Deadline{Metric: metric, Within: sla.Wall(time.Duration(hours) * time.Hour)},
		}}, Reason: "measured against the log's own flag"}
	}
	values := []charter.Value{{ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4"}}
	for i := range values {
		values[i].EN = "priority " + values[i].ID
		values[i].ZH = "优先级" + values[i].ID
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "a trial on a public log", Effective: calendar.Date{Year: 2016, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek()}}, Reason: "the log names no zone"},
			{Edit: charter.DeclareAttribute{Name: "priority", Attribute: charter.Attribute{Text: charter.Text{EN: "priority", ZH: "优先级"}, Values: values}}},
			{Edit: charter.DeclareAttribute{Name: "made_sla", Attribute: charter.Attribute{
				Text: charter.Text{EN: "the log's own verdict", ZH: "日志自带的判定"}, Values: []charter.Value{{ID: "true"}, {ID: "false"}},
			}}},
			limit("3", "resolution", "resolved", 96),
			limit("4", "resolution", "resolved", 336),
			limit("3", "closure", "closed", 96+120), // an incident is closed 120 hours after it was resolved
			limit("4", "closure", "closed", 336+120),
		},
	})
}

package sla_test

import (
	"testing"

	"github.com/servicecharter/charter/sla"
)

func TestServiceNowKnownAnswers(t *testing.T) {
	process := desk{
		targets: targets{"p1": "resolution | 8h | tier=1", "p2": "resolution | 16h | tier=2"},
		history: `
			mon 09:00 open tier=1
			mon 10:00 classify tier=2
			mon 11:00 hold reason=customer
			mon 13:00 resume
			mon 15:00 resolve`,
	}
	priority := desk{
		targets: targets{"p1": "resolution | 8h | tier=1", "p3": "resolution | 72h | tier=3"},
		history: "mon 09:00 open tier=3, mon 12:00 classify tier=1",
		now:     "mon 13:00",
	}
	held := priority
	held.history = "mon 09:00 open tier=3, mon 10:00 hold reason=customer, mon 11:00 resume, mon 12:00 classify tier=1"
	reopened := desk{
		targets: targets{"done": "resolution | 8h"},
		history: "mon 09:00 open, mon 11:00 resolve, tue 09:00 reopen",
		now:     "tue 10:00",
	}
	at := func(d desk, now string) desk { d.now = now; return d }
	retroactive := func(d desk) desk { d.preset = sla.ServiceNowRetroactive(); return d }
	check(t, sla.ServiceNow(), []known{{
		name:   "ten hours without a schedule",
		source: "SLA duration types: an SLA of 10 hours that starts 2015-01-01 10:30 breaches at 20:30. Printed.",
		desk: desk{
			targets: targets{"done": "resolution | 10h"},
			history: "week 2014-12-29\nthu 10:30 open",
			now:     "thu 12:00",
		},
		want: "done #1 running, used 1h30m, due Thu 20:30",
	}, {
		name:   "business and actual elapsed time",
		source: "Actual and business elapsed times: from 2 pm, at 9 am of the next weekday, 3 and 19 hours. Printed.",
		desk: desk{
			hours:   "Mo-Fr 09:00-17:00",
			targets: targets{"actual": "resolution | 40h", "business": "resolution | 40 business hours"},
			history: "mon 14:00 open",
			now:     "tue 09:00",
		},
		want: `
			business #1 running, used 3h, due Mon 14:00
			actual #1 running, used 19h, due Wed 06:00`,
	}, {
		name: "over a weekend",
		source: "Actual and business elapsed times: opened Friday, December 12 at 9 pm, schedule 8 am to 5 pm, Monday 9:30 am: " +
			"1 hour 30 and 60 hours 30, 19 and more than 750 percent of 8 hours. Printed.",
		desk: desk{
			hours:   "Mo-Fr 08:00-17:00",
			targets: targets{"actual": "resolution | 8h", "business": "resolution | 8 business hours"},
			history: "week 2014-12-08\nfri 21:00 open",
			now:     "mon+1 09:30",
		},
		want: `
			business #1 running, used 1h30m, due Mon 16:00
			actual #1 breached, used 60h30m, due Sat 05:00, breached Sat 05:00:00.000000001`,
	}, {
		name:   "a day is 24 hours of schedule",
		source: "Create an SLA definition: with eight-hour days a duration of 1 day breaches three business days later. Printed.",
		desk: desk{
			hours:   "Mo-Fr 09:00-17:00",
			targets: targets{"done": "resolution | 24 business hours"},
			history: "mon 12:00 open",
			now:     "mon 12:00",
		},
		want: "done #1 running, used 0s, due Thu 12:00",
	}, {
		name:   "the process example, paused",
		source: "SLA process example: priority 1 cancelled, priority 2 attached, paused while awaiting user info. Times ours.",
		desk:   at(process, "mon 12:00"),
		want: `
			p1 #1 superseded, used 1h, due Mon 17:00
			p2 #1 paused, used 1h, held 1h, due Tue 03:00`,
	}, {
		name:   "the process example, completed",
		source: "SLA process example: no longer in a pause condition it resumes, resolved it is completed. Times ours.",
		desk:   at(process, "mon 16:00"),
		want: `
			p1 #1 superseded, used 1h, due Mon 17:00
			p2 #1 met, used 3h, held 2h, due Tue 04:00`,
	}, {
		name:   "another priority has its whole span",
		source: "Configure SLA retroactive start and pause: without it a new SLA is attached with timing of its own. Times ours.",
		desk:   priority,
		want: `
			p1 #1 running, used 1h, due Mon 20:00
			p3 #1 superseded, used 3h, due Thu 09:00`,
	}, {
		name: "retroactive start counts from the opening",
		source: "Configure SLA retroactive start and pause: priority 3 becomes priority 1 after 3 hours; its SLA counts from the creation. " +
			"The 3 hours are printed, the others ours.",
		desk: retroactive(priority),
		want: `
			p1 #1 running, used 4h, due Mon 17:00
			p3 #1 superseded, used 3h, due Thu 09:00`,
	}, {
		name:   "retroactive pause gives the hour back",
		source: "As before: pause time accumulated since the retroactive start increases the breach time accordingly. Times ours.",
		desk:   retroactive(held),
		want: `
			p1 #1 running, used 3h, held 1h, due Mon 18:00
			p3 #1 superseded, used 2h, due Thu 10:00`,
	}, {
		name: "a reopened task gets a new record",
		source: "SLA processing: a definition without an active record is attached when its start condition holds and its stop " +
			"condition does not. Times ours.",
		desk: reopened,
		want: `
			done #1 met, used 2h, due Mon 17:00
			done #2 running, used 1h, due Tue 17:00`,
	}, {
		name: "which counts from the opening when retroactive",
		source: "Configure SLA retroactive start and pause: the date is the start of every record, and one may be breached as soon as it " +
			"is attached. Times ours.",
		desk: retroactive(reopened),
		want: "done #1 breached, used 25h, due Mon 17:00, breached Mon 17:00:00.000000001",
	}, {
		name: "a changed definition is for later tasks",
		source: "KB0869748: the new definition starts with tasks created from then on, the old one keeps those created before. " +
			"Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 8h"},
			edits:   []edit{{"mon 10:00", targets{"done": "resolution | 2h"}}},
			history: "mon 09:00 open",
			now:     "mon 12:00",
		},
		want: "done #1 running, used 3h, due Mon 17:00",
	}})
}

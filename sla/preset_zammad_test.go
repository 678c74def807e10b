package sla_test

import (
	"testing"

	"github.com/servicecharter/charter/sla"
)

func TestZammadKnownAnswers(t *testing.T) {
	const eight = "Mo-Fr 09:00-17:00"
	check(t, sla.Zammad(), []known{{
		name:   "sixteen hours are two business days of eight",
		source: "SLAs: with 8 business hours a day a 16 hour interval escalates in 2 business days. Printed.",
		desk: desk{
			hours:   eight,
			targets: targets{"done": "resolution | 16 business hours"},
			history: "mon 10:00 open",
			now:     "tue 12:00",
		},
		want: "done #1 running, used 10h, due Wed 10:00",
	}, {
		name: "two hours from an hour before closing",
		source: "Zammad community, SLA escalation calculation: first response 2 hours, mail at 4 pm, closing at 5 pm: escalates an hour " +
			"after the next working day has begun. Printed.",
		desk: desk{
			hours:   eight,
			targets: targets{"first": "first-response | 2 business hours"},
			history: "mon 16:00 open",
			now:     "mon 17:00",
		},
		want: "first #1 running, used 1h, due Tue 10:00",
	}, {
		name:   "another group does not reset the first response",
		source: "SLAs: it is calculated from the creation and not reset by moving the ticket into another group. Times ours.",
		desk: desk{
			targets: targets{"any": "first-response | 4h", "second": "first-response | 6h | unit=second"},
			history: "mon 09:00 open unit=first, mon 10:00 dispatch unit=second",
			now:     "mon 11:00",
		},
		want: `
			second #1 running, used 2h, due Mon 15:00
			any #1 superseded, used 1h, due Mon 13:00`,
	}, {
		name: "pending takes its time out, for the first response too",
		source: "SLAs: tickets in pending states are frozen; source, ticket_biz_break: the time between entering and leaving such a state " +
			"is a break in the working hours. Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 2h", "first": "first-response | 2h"},
			history: "mon 09:00 open, mon 10:30 hold reason=reminder, mon 11:00 resume",
			now:     "mon 11:10",
		},
		want: `
			done #1 running, used 1h40m, held 30m, due Mon 11:30
			first #1 running, used 1h40m, held 30m, due Mon 11:30`,
	}, {
		name: "the two modes of update time",
		source: "SLAs: between agent updates they respond every interval, whether or not the customer replied; for an agent to respond " +
			"nothing is calculated without a new reply of the customer. Times ours.",
		desk: desk{
			targets: targets{"answer": "next-response | 2h", "update": "periodic-update | 4h"},
			history: `
				mon 09:00 open
				mon 10:00 reply by=agent
				mon 12:00 message by=customer
				mon 12:30 message by=customer
				mon 13:00 reply by=agent`,
			now: "mon 18:00",
		},
		want: `
			update #1 met, used 3h, due Mon 14:00
			answer #1 met, used 1h, due Mon 14:00
			update #2 breached, used 5h, due Mon 17:00, breached Mon 17:01`,
	}, {
		name:   "solution time applies once",
		source: "SLAs: first response and solution time can only apply once per ticket. Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 4h"},
			history: "mon 09:00 open, mon 11:00 close, tue 09:00 reopen",
			now:     "tue 16:00",
		},
		want: "done #1 met, used 2h, due Mon 13:00",
	}, {
		name: "fifty-nine seconds over half an hour are half an hour",
		source: "Source, period_working_minutes: what a ticket took is a number of whole minutes, which is subtracted from the limit. " +
			"Times ours.",
		desk: desk{
			targets: targets{"first": "first-response | 30m"},
			history: "mon 09:00 open, mon 09:30:59 reply by=agent",
			now:     "mon 12:00",
		},
		want: "first #1 met, used 30m59s, due Mon 09:30",
	}, {
		name:   "and a minute over is late",
		source: "As before.",
		desk: desk{
			targets: targets{"first": "first-response | 30m"},
			history: "mon 09:00 open, mon 09:31 reply by=agent",
			now:     "mon 12:00",
		},
		want: "first #1 breached, used 31m, due Mon 09:30, breached Mon 09:31",
	}, {
		name: "used up at closing is due at the next opening",
		source: "biz, pull request 139: the end of an interval does not belong to it, so a span that lands there goes on to the next " +
			"beginning. Times ours.",
		desk: desk{
			hours:   eight,
			targets: targets{"done": "resolution | 8 business hours"},
			history: "mon 09:00 open, mon 20:00 close",
			now:     "wed 09:00",
		},
		want: "done #1 met, used 8h, due Tue 09:00",
	}})
}

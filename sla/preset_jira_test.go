package sla_test

import (
	"testing"

	"github.com/servicecharter/charter/sla"
)

func TestJiraKnownAnswers(t *testing.T) {
	check(t, sla.Jira(), []known{{
		name: "sixteen hours on uneven days",
		source: "How teams see SLAs: request A, goal 16 hours, start Monday 11:00, Monday 9 to 17, Tuesday 9 to 16, Thursday 8 to 17. " +
			"Hours printed, the end computed: 6 on Monday, 7 on Tuesday, 3 on Thursday.",
		desk: desk{
			hours:   "Mo 09:00-17:00; Tu 09:00-16:00; Th 08:00-17:00",
			targets: targets{"done": "resolution | 16 business hours"},
			history: "mon 11:00 open",
			now:     "wed 12:00",
		},
		want: "done #1 running, used 13h, due Thu 11:00",
	}, {
		name:   "waiting for the customer does not count against forty hours",
		source: "Example SLA configurations, SLA that doesn't track continuous time: paused on waiting for customer, goal 40h. Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 40h"},
			history: "mon 09:00 open, mon 13:00 hold reason=customer, tue 13:00 resume",
			now:     "tue 14:00",
		},
		want: "done #1 running, used 5h, held 24h, due Thu 01:00",
	}, {
		name: "a cycle each time the customer has answered",
		source: "Example SLA configurations, SLA with multiple cycles: service requests 2h, all others 24h; starts on creation and on " +
			"waiting for support, stops on waiting for customer and on resolution. Times ours.",
		desk: desk{
			targets: targets{"other": "next-response | 24h", "service": "next-response | 2h | request=service"},
			history: `
				mon 09:00 open request=service
				mon 10:30 hold reason=customer
				mon 15:00 resume`,
			now: "mon 16:00",
		},
		want: `
			service #1 met, used 1h30m, due Mon 11:00
			service #2 running, used 1h, due Mon 17:00`,
	}, {
		name:   "a start after the stop opens a new cycle",
		source: "Can SLAs have multiple cycles: the SLA is reset to start a new one, and the past one is kept. Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 8h"},
			history: "mon 09:00 open, mon 11:00 resolve, tue 09:00 reopen",
			now:     "tue 10:00",
		},
		want: `
			done #1 met, used 2h, due Mon 17:00
			done #2 running, used 1h, due Tue 17:00`,
	}, {
		name:   "another priority keeps the time",
		source: "How teams see SLAs: the goal is always calculated from the start time. Times ours.",
		desk: desk{
			targets: targets{"any": "resolution | 24h", "blocker": "resolution | 4h | tier=blocker"},
			history: "mon 09:00 open tier=minor, mon 11:00 classify tier=blocker",
			now:     "mon 12:00",
		},
		want: `
			blocker #1 running, used 3h, due Mon 13:00
			any #1 superseded, used 2h, due Tue 09:00`,
	}, {
		name: "a completed cycle stays met when the goal is lowered",
		source: "Resolve wrong or missing SLAs in Jira Service Management Cloud: goal 4h, resolved in 2.5h, then changed to 2h: " +
			"still met. Printed.",
		desk: desk{
			targets: targets{"done": "resolution | 4h"},
			edits:   []edit{{"mon 15:00", targets{"done": "resolution | 2h"}}},
			history: "mon 09:00 open, mon 11:30 resolve",
			now:     "tue 09:00",
		},
		want: "done #1 met, used 2h30m, due Mon 13:00",
	}, {
		name:   "an open cycle takes the new goal",
		source: "Create and edit an SLA: an edit applies to open cycles. Times ours.",
		desk: desk{
			targets: targets{"done": "resolution | 4h"},
			edits:   []edit{{"mon 10:00", targets{"done": "resolution | 2h"}}},
			history: "mon 09:00 open",
			now:     "mon 10:30",
		},
		want: `
			done #1 superseded, used 1h, due Mon 13:00
			done #1 running, used 1h30m, due Mon 11:00`,
	}})
}

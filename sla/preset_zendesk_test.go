package sla_test

import (
	"testing"

	"github.com/servicecharter/charter/sla"
)

func TestZendeskKnownAnswers(t *testing.T) {
	check(t, sla.Zendesk(), []known{{
		name: "first reply counts from creation, though the policy comes later",
		source: "Ticket metric event types reference: a metric is activated at its event, usually the creation, policy or not; " +
			"Customizing your SLAs: first reply time runs from creation. Figures ours.",
		desk: desk{
			targets: targets{"first": "first-response | 2h | tier=high"},
			history: "mon 09:00 open, mon 10:00 classify tier=high",
			now:     "mon 10:30",
		},
		want: "first #1 running, used 1h30m, due Mon 11:00",
	}, {
		name: "requester wait leaves pending out, agent work also on-hold",
		source: "Ticket metric event types reference: requester wait time pauses on pending, agent work time on pending and on-hold. " +
			"The course of the ticket is the example in GitLab's handbook, Zendesk metrics definitions; the sums are ours, from the rule.",
		desk: desk{
			targets: targets{
				"1 first": "first-response | 8h", "2 next": "next-response | 1h", "3 wait": "requester-wait-time | 40h",
				"4 work": "agent-work-time | 10h", "5 whole": "resolution | 72h",
			},
			history: `
				mon 09:00 open
				mon 14:00 reply by=agent
				mon 15:30 message by=customer
				mon 16:00 reply by=agent, mon 16:00 hold reason=customer
				tue 10:00 message by=customer, tue 10:00 resume
				tue 11:00 hold reason=engineering
				wed 14:00 resume
				wed 14:30 reply by=agent, wed 14:30 resolve`,
			now: "wed 15:00",
		},
		want: `
			2 next #1 met, used 30m, due Mon 16:30
			1 first #1 met, used 5h, due Mon 17:00
			2 next #2 breached, used 28h30m, due Tue 11:00, breached Tue 11:00:00.000000001
			3 wait #1 met, used 35h30m, held 18h, due Wed 19:00
			4 work #1 met, used 8h30m, held 45h, due Wed 16:00
			5 whole #1 met, used 53h30m, due Thu 09:00`,
	}, {
		name:   "the oldest unanswered comment counts",
		source: "Customizing your SLAs: next reply time runs from the oldest unanswered customer comment. Figures ours.",
		desk: desk{
			targets: targets{"next": "next-response | 4h"},
			history: `
				mon 09:00 open, mon 09:30 reply by=agent
				mon 10:00 message by=customer
				mon 11:30 message by=customer`,
			now: "mon 12:00",
		},
		want: "next #1 running, used 2h, due Mon 14:00",
	}, {
		name:   "only the pausable update pauses",
		source: "Defining SLA policies: both run between public comments of agents, pausable update pauses on pending. Figures ours.",
		desk: desk{
			targets: targets{"pausable": "pausable-update | 4h", "periodic": "periodic-update | 4h"},
			history: "mon 09:00 open, mon 10:00 reply by=agent, mon 10:00 hold reason=customer, mon 15:00 resume",
			now:     "mon 16:00",
		},
		want: `
			pausable #1 running, used 1h, held 5h, due Mon 19:00
			periodic #1 breached, used 6h, due Mon 14:00, breached Mon 14:00:00.000000001`,
	}, {
		name: "a ticket that is reopened goes on with what was left",
		source: "Ticket metric event types reference: an activate event also says that a metric is no longer paused or fulfilled; " +
			"agent work time adds up new and open. Figures ours.",
		desk: desk{
			targets: targets{"work": "agent-work-time | 4h"},
			history: "mon 09:00 open, mon 11:00 resolve, tue 09:00 reopen",
			now:     "tue 10:00",
		},
		want: "work #1 running, used 3h, held 22h, due Tue 11:00",
	}, {
		name:   "another priority is held against the time that has passed",
		source: "Ticket metric event types reference: a changed target is an apply_sla event and activates nothing. Figures ours.",
		desk: desk{
			targets: targets{"normal": "requester-wait-time | 8h", "urgent": "requester-wait-time | 4h | tier=urgent"},
			history: "mon 09:00 open tier=normal, mon 11:00 classify tier=urgent",
			now:     "mon 12:00",
		},
		want: `
			urgent #1 running, used 3h, due Mon 13:00
			normal #1 superseded, used 2h, due Mon 17:00`,
	}, {
		name: "an edited policy takes over what runs and leaves what is past",
		source: "Customizing your SLAs: changes apply when a ticket is next created or updated, never retroactively. " +
			"Charter applies them at once; here the next update follows before either deadline. Figures ours.",
		desk: desk{
			targets: targets{"first": "first-response | 1h", "wait": "requester-wait-time | 8h"},
			edits:   []edit{{"mon 11:00", targets{"first": "first-response | 15m", "wait": "requester-wait-time | 4h"}}},
			history: "mon 09:00 open, mon 09:30 reply by=agent, mon 11:00 classify tier=normal",
			now:     "mon 12:00",
		},
		want: `
			first #1 met, used 30m, due Mon 10:00
			wait #1 superseded, used 2h, due Mon 17:00
			wait #1 running, used 3h, due Mon 13:00`,
	}})
}

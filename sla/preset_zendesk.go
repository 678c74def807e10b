package sla

import "github.com/servicecharter/charter/history"

// Zendesk counts as Zendesk Support documents it for SLA policies.
//
// Its metrics run from fixed events of the ticket whether or not a policy
// applies, so a policy or priority that comes later is held against the time
// that has already passed: Charter's default. "Pausing" is a matter of each
// metric: replies never pause, the requester waits except while pending, the
// agent works neither while pending nor while on hold. What resolves a ticket
// stops these, and a ticket that is reopened goes on with what was left.
//
// Deviations from Charter's defaults:
//
//   - revise: an edited policy takes over running clocks. Zendesk applies it at
//     the next update of the ticket, Charter at the instant at which the new
//     revision comes into force; between the two a clock differs.
//   - resolution (total resolution time) and periodic-update do not pause while
//     the customer is asked; pausable-update does.
//
// Not expressed: the advanced settings of first reply, next reply and periodic
// update, for which a host writes the further starts and stops into the
// metrics; which comment is public (only such a one is an entry responded); a
// change of the schedule that leaves running targets on the old one; group SLAs.
func Zendesk() Preset {
	var (
		define   = page{"Zendesk help: Defining SLA policies", "https://support.zendesk.com/hc/en-us/articles/4408829459866-Defining-SLA-policies"}
		advanced = page{"Zendesk help: Customizing your SLAs with advanced settings", "https://support.zendesk.com/hc/en-us/articles/7412192349466-Customizing-your-SLAs-with-advanced-settings"}
		events   = page{"Zendesk developer docs: Ticket metric event types reference", "https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-metric-event-types-reference"}
	)
	return Preset{
		Name:      "Zendesk",
		Semantics: Semantics{Revise: AtOnce},
		Metrics: []Metric{
			presetReply("first-response", presetStart()),
			presetReply("next-response", byCustomer()).repeated(),
			presetReply("periodic-update", On(history.Responded)).repeated(),
			presetReply("pausable-update", On(history.Responded)).repeated().pausedOn(askedCustomer()),
			presetWork("requester-wait-time", askedCustomer()),
			presetWork("agent-work-time", On(history.Held)),
			presetWork("resolution", nil),
		},
		Sources: []Source{
			silent("close", "due at close"),
			events.says("retarget", "from start", "Every metric is activated at its own event, usually the creation of the ticket, whether or not a policy applies; a changed policy or target only sets another limit on it."),
			events.says("reopen", "resume clock", "Agent work time and requester wait time are activated again after they were fulfilled and add up; only reply times get a further instance."),
			advanced.says("message", "first unanswered", "Next reply time runs from the oldest customer comment that is not answered."),
			advanced.says("response", "as written", "First reply time runs from the creation of the ticket to the first public reply of an agent."),
			silent("rounding", "exact"),
			advanced.says("revise", "at once", "A changed policy applies when a ticket is next created or updated, and never to the past."),
			advanced.says("metric first-response", "First reply time", "From the creation of the ticket to the first public reply of an agent; it does not pause."),
			advanced.says("metric next-response", "Next reply time", "From the oldest unanswered customer comment to the next public reply of an agent; it does not pause."),
			advanced.says("metric periodic-update", "Periodic update", "From each public comment of an agent to the next; it does not pause."),
			define.says("metric pausable-update", "Pausable update", "As periodic update, but paused while the ticket is pending."),
			events.says("metric requester-wait-time", "Requester wait time", "From creation to solved, paused while the ticket is pending; on-hold counts."),
			events.says("metric agent-work-time", "Agent work time", "From creation to solved, paused while the ticket is pending or on-hold."),
			define.says("metric resolution", "Total resolution time", "From creation to solved, in whatever status the ticket was meanwhile."),
		},
	}
}

package sla

import "github.com/servicecharter/charter/history"

// Zammad counts as Zammad documents it; where its documentation stays vague,
// as its published source does.
//
// First response and solution time count from the creation of the ticket, are
// not reset by whatever happens to it, and apply once a ticket. In the states
// pending reminder, pending close and closed all times are frozen, the first
// response too. Update time has two modes, here next-response ("for an agent
// to respond") and periodic-update ("between agent updates"); use one of them.
//
// Deviations from Charter's defaults:
//
//   - close: time that is used up exactly at closing is due at the next opening.
//   - reopen: the first solution stands.
//   - rounding: what a ticket took is kept in whole minutes and compared with
//     the limit; Zammad also shows an escalation at the exact instant, which
//     here is Clock.Due.
//   - revise: an edited SLA recalculates the tickets it affects.
//   - every metric pauses, on whatever hold. For a state of the host's own that
//     does not ignore escalation, leave its reason out of Pause.
//
// Not expressed: update time that counts from the creation where no first
// response is set, for which a host adds On(history.Opened) to Start; that a
// frozen ticket shows no deadline at all; that an edit forgets a breach.
func Zammad() Preset {
	var (
		slas    = page{"Zammad admin docs: SLAs", "https://admin-docs.zammad.org/en/latest/manage/slas.html"}
		contact = page{"Zammad admin docs: Ticket settings, last contact behaviour", "https://admin-docs.zammad.org/en/latest/settings/ticket.html"}
		source  = page{"Zammad source: lib/escalation", "https://github.com/zammad/zammad/tree/develop/lib/escalation"}
		biz     = page{"biz, Zammad's library of business time: pull request 139", "https://github.com/zendesk/biz/pull/139"}
	)
	return Preset{
		Name:      "Zammad",
		Semantics: Semantics{Close: DueAtNextOpening, Reopen: IgnoreReopen, Rounding: WholeMinutes, Revise: AtOnce},
		Metrics: []Metric{
			presetReply("first-response", presetStart()).pausedOn(On(history.Held)),
			presetReply("next-response", byCustomer()).repeated().pausedOn(On(history.Held)),
			presetReply("periodic-update", On(history.Responded)).repeated().pausedOn(On(history.Held)),
			presetWork("resolution", On(history.Held)),
		},
		Sources: []Source{
			biz.says("close", "due at next opening", "The end of an interval is not part of it, so a span that lands there ends with the next interval's beginning."),
			slas.says("retarget", "from start", "The time is calculated from the creation of the ticket and is not reset by moving it to another group or by other changes."),
			slas.says("reopen", "ignore", "First response and solution time can apply only once a ticket."),
			contact.says("message", "first unanswered", "By default the last contact is the beginning of the customer's last thread: further messages do not move it until an agent reacts."),
			slas.says("response", "as written", "First response is calculated from the creation of the ticket."),
			source.says("rounding", "whole minutes", "Working minutes are cut to whole ones before the limit in minutes is subtracted."),
			slas.says("revise", "at once", "Editing an SLA recalculates the tickets that it affects, at a cost in performance."),
			slas.says("metric first-response", "First response", "From creation to the first call or e-mail to the customer; frozen while pending."),
			slas.says("metric next-response", "Update time, for an agent to respond", "From a customer's reply to the agent's; nothing runs after an agent's reply."),
			slas.says("metric periodic-update", "Update time, between agent updates", "From each response to the next, whether or not the customer replied."),
			source.says("metric resolution", "Solution time", "From creation to a closed state. The documentation calls pending tickets frozen; the source takes the time in such a state out like a break in the working hours."),
		},
	}
}

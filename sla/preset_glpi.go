package sla

import "github.com/servicecharter/charter/history"

// GLPI counts as GLPI documents its service levels; where its documentation
// is silent, as its published source does.
//
// Time to own ends when the ticket is assigned to a technician or a group,
// time to resolve when it is solved. Pending puts the latter to sleep and moves
// its due date by the time it took; the time for which a ticket was solved or
// closed before it was reopened counts as waiting too. Another SLA counts from
// the opening of the ticket and keeps the waiting time, all of which is
// Charter's default.
//
// Deviations from Charter's defaults:
//
//   - close: time that is used up exactly at closing is due at the next opening.
//   - resolution pauses on every hold, not only on the customer's.
//
// A maximum in hours or minutes counts opening hours: OpenTime. A maximum in
// days counts working days: Days, the starting day excluded, and with "end of
// the working day" Target.Days with calendar.LastHours. An OLA counts from the
// moment at which it is given to the ticket, here the assignment.
//
// Not expressed: a pause of a target in working days, which GLPI gives back in
// opening hours and Charter in fractions of a day; a time to resolve that was
// set by hand and is moved by a pause all the same (in Charter a promised date,
// [Metric.DueField], stays where it is); months.
func GLPI() Preset {
	var (
		levels   = page{"GLPI user documentation: Service Levels", "https://github.com/glpi-project/doc/blob/master/source/modules/configuration/service_levels.rst"}
		faq      = page{"GLPI help: Service levels, FAQ", "https://help.glpi-project.org/faq/glpi/service_levels"}
		calendar = page{"GLPI source: Calendar::computeEndDate", "https://github.com/glpi-project/glpi/blob/main/src/Calendar.php"}
		source   = page{"GLPI source: LevelAgreement", "https://github.com/glpi-project/glpi/blob/main/src/LevelAgreement.php"}
		waiting  = page{"GLPI pull request 16383: waiting duration when SLA changes", "https://github.com/glpi-project/glpi/pull/16383"}
		closed   = page{"GLPI pull request 9267: time in closed status is waiting time", "https://github.com/glpi-project/glpi/pull/9267"}
	)
	own := Metric{
		Name: "dispatch", Start: presetStart(), Stop: On(history.Dispatched),
		Cancel: presetWithdrawn(history.Closed),
	}
	internal := presetWork("internal-resolution", On(history.Held))
	internal.Start, internal.Conditional = On(history.Dispatched), true
	return Preset{
		Name:      "GLPI",
		Semantics: Semantics{Close: DueAtNextOpening},
		Metrics:   []Metric{own, presetWork("resolution", On(history.Held)), internal},
		Sources: []Source{
			calendar.says("close", "due at next opening", "A delay equal to what is left of the day passes to the next working day."),
			waiting.says("retarget", "from start", "Another SLA counts from the opening of the ticket, with the waiting time up to then."),
			closed.says("reopen", "resume clock", "The time for which a ticket was solved or closed is added to its waiting time when it is reopened."),
			silent("message", "first unanswered"),
			silent("response", "as written"),
			silent("rounding", "exact"),
			silent("revise", "at start"),
			faq.says("metric dispatch", "Time to own (TTO)", "Ends as soon as the ticket is allocated to a group or a user. Only time to resolve is recalculated after a hold."),
			levels.says("metric resolution", "Time to resolve (TTR)", "Pending puts the SLA to sleep: the due date is postponed by the time it lasts."),
			source.says("metric internal-resolution", "Internal time to resolve (OLA TTR)", "An OLA has a start of its own: when it is added to the ticket."),
		},
	}
}

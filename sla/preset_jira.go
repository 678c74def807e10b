package sla

import "github.com/servicecharter/charter/history"

// Jira counts as Jira Service Management documents it, with the conditions of
// its example configurations.
//
// An SLA there is a time metric (start, pause and stop conditions) with goals,
// of which the first that matches the issue applies. A start after the stop
// opens a new cycle, and the goal always counts from the start of its cycle, so
// that a change of priority is Charter's default.
//
// Deviations from Charter's defaults:
//
//   - reopen: a resolution that is cleared begins a new cycle with the whole
//     goal.
//   - revise: an edited SLA takes over the open cycles; completed ones stay.
//   - next-response begins with the opening and whenever the issue comes back
//     to the team, and ends when it goes to the customer, whoever wrote what.
//
// Put the goals of one SLA into a [Policy]: there, too, the first that matches
// governs.
//
// Not expressed: that an open cycle whose goal has been breached is judged anew
// after an edit, or all cycles by a forced reconstruction (Charter keeps the
// breach); an edit of conditions that lets an open cycle vanish; pausing until
// a date in a field has passed.
func Jira() Preset {
	var (
		see     = page{"Jira Service Management docs: How teams see SLAs", "https://confluence.atlassian.com/servicemanagementserver0421/how-teams-see-slas-1115653768.html"}
		example = page{"Jira Service Management docs: Example SLA configurations", "https://confluence.atlassian.com/servicemanagementserver0512/example-sla-configurations-1319246988.html"}
		edit    = page{"Jira Service Management Cloud docs: Create and edit an SLA", "https://support.atlassian.com/jira-service-management-cloud/docs/create-an-sla"}
		setup   = page{"Jira Service Management docs: Setting up SLAs", "https://confluence.atlassian.com/display/SERVICEMANAGEMENTSERVER0506/Setting+up+SLAs"}
		cycles  = page{"Atlassian support: Can SLAs have multiple cycles?", "https://support.atlassian.com/jira/kb/can-slas-have-multiple-cycles/"}
		options = page{"Atlassian support: Understand SLA condition options", "https://support.atlassian.com/jira/kb/understand-sla-condition-options-in-jira-service-management-cloud/"}
	)
	again := Metric{
		Name:   "next-response",
		Start:  append(presetStart(), On(history.Resumed, history.Reopened)...),
		Stop:   append(On(history.Resolved, history.Closed), askedCustomer()...),
		Cancel: presetWithdrawn(),
		Repeat: true,
	}
	return Preset{
		Name:      "Jira",
		Semantics: Semantics{Reopen: NewCycle, Revise: AtOnce},
		Metrics: []Metric{
			presetReply("first-response", presetStart()),
			again,
			presetWork("resolution", askedCustomer()),
		},
		Sources: []Source{
			silent("close", "due at close"),
			see.says("retarget", "from start", "The goal is always counted from the start, whatever the time is now."),
			cycles.says("reopen", "new cycle", "When a start condition occurs after the stop, the SLA is reset and a new cycle begins; the past one is kept."),
			silent("message", "first unanswered"),
			silent("response", "as written"),
			silent("rounding", "exact"),
			edit.says("revise", "at once", "An edit applies to open cycles, which may close, restart or vanish; completed cycles stay as they are."),
			options.says("metric first-response", "Time to first response", "From the creation of the issue to the first comment for customers."),
			example.says("metric next-response", "SLA with multiple cycles", "Starts at creation and on entering waiting for support, stops when resolved and on entering waiting for customer."),
			setup.says("metric resolution", "Time to resolution", "From creation until the resolution is set; the example pauses while waiting for customer."),
		},
	}
}

package sla

// ServiceNow counts as ServiceNow documents a task SLA whose definition has
// the default settings, retroactive start not among them. See
// [ServiceNowRetroactive] for the other choice.
//
// A definition is attached as soon as its start condition holds, cancelled
// when that no longer holds, and completed by the stop condition. A change of
// priority therefore cancels one record and attaches another, which begins at
// the change; a case that is reopened gets a new record.
//
// Deviations from Charter's defaults:
//
//   - retarget: the target of the new priority has its whole span from the
//     change on. A customer who reads "one hour for priority 1" gets more than
//     an hour after raising the case.
//   - reopen: the reopening begins a new cycle with the whole span.
//
// Conditions are the administrator's. These metrics follow the worked example
// in the documentation: the pause condition is "awaiting user info", the stop
// condition "resolved". Where the pause condition is every on-hold state, give
// the metric On(history.Held) as its Pause. A duration of days is one of 24 hours
// of schedule: write OpenTime(24 * time.Hour), not Days(1).
//
// Not expressed: retroactive start without retroactive pause; a percentage
// that is rounded up to 100 before the time is over, which ServiceNow's own
// property for exact times turns off; relative durations, except for a due
// date as [Metric.DueField], which is not moved into the schedule; reset
// conditions, for which a host adds the same entry to Stop and Start of a
// repeating metric.
func ServiceNow() Preset {
	p := serviceNow("ServiceNow", Semantics{Retarget: FromChange, Reopen: NewCycle})
	p.Sources = append(p.Sources,
		snExample.says("retarget", "from change", "A change of priority cancels the task SLA and attaches that of the new priority, with timing of its own."),
		snProcess.says("reopen", "new cycle", "A task without an active record of a definition gets a new one as soon as the start condition holds and the stop condition does not."),
	)
	return p
}

// ServiceNowRetroactive counts as [ServiceNow] does with retroactive start,
// set to the opening of the task, and retroactive pause time: every record,
// whenever it is attached, counts from the opening and gets the pauses since
// then back.
//
// The change of priority then is Charter's default. Deviation:
//
//   - reopen: the record that a reopening attaches counts from the opening too,
//     with the time in which the case was resolved. Charter goes on with the
//     same cycle, which has the same deadline; ServiceNow also keeps the
//     completed record beside the new one.
func ServiceNowRetroactive() Preset {
	p := serviceNow("ServiceNow retroactive", Semantics{Reopen: CountClosed})
	p.Sources = append(p.Sources,
		snRetro.says("retarget", "from start", "With retroactive start a record counts from the opening of the task, with retroactive pause the pauses since then are added to the breach time."),
		snRetro.says("reopen", "count closed", "The chosen date is the start time of every record that the definition creates."),
	)
	return p
}

var (
	snConditions = page{"ServiceNow docs: SLA conditions", "https://www.servicenow.com/docs/r/it-service-management/service-level-management/c_SLAConditions.html"}
	snDefinition = page{"ServiceNow docs: Create an SLA definition", "https://www.servicenow.com/docs/r/it-service-management/service-level-management/t_CreateAnSLADefinition.html"}
	snExample    = page{"ServiceNow docs: SLA process example", "https://www.servicenow.com/docs/r/it-service-management/service-level-management/t_SLAProcessExample.html"}
	snProcess    = page{"ServiceNow docs: SLA processing", "https://www.servicenow.com/docs/r/it-service-management/service-level-management/c_SLAProcessing.html"}
	snRetro      = page{"ServiceNow docs: Configure SLA retroactive start and pause", "https://www.servicenow.com/docs/r/it-service-management/service-level-management/t_UseSLARetroactiveStartAndPause.html"}
	snInUse      = page{"ServiceNow KB0869748: Changing SLA definitions and schedules in use", "https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB0869748"}
)

func serviceNow(name string, s Semantics) Preset {
	return Preset{
		Name:      name,
		Semantics: s,
		Metrics: []Metric{
			presetReply("first-response", presetStart()),
			presetWork("resolution", askedCustomer()),
		},
		Sources: []Source{
			silent("close", "due at close"),
			silent("message", "first unanswered"),
			silent("response", "as written"),
			silent("rounding", "exact"),
			snInUse.says("revise", "at start", "A definition in use is not to be changed: a new one is to start with the tasks created from then on, and the old one keeps the earlier ones."),
			snDefinition.says("metric first-response", "Target: Response", "The target is a label; start and stop conditions are the administrator's."),
			snConditions.says("metric resolution", "Target: Resolution", "Paused while the pause condition holds, completed when the stop condition does, breached or not."),
		},
	}
}

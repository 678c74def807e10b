package sla

import (
	"slices"

	"github.com/servicecharter/charter/history"
)

// Metric says which entries start, hold and end a stopwatch. Matches in one
// list are alternatives: any of them does it.
//
// An entry that matches Stop and Start both (a progress report ends one period
// and begins the next) ends the running cycle first. A stop that comes before
// the very first start satisfies the metric at once: a reply given before
// acceptance is in time. That is not so with Repeat: what was said before a
// question is no answer to it.
type Metric struct {
	// Name identifies the metric; policies rank their targets per name.
	Name string `json:"name"`
	// Start opens a cycle. Further starts of a running cycle change nothing,
	// so that a second message of the customer does not move a deadline (but
	// see Semantics.Message).
	Start []Match `json:"start"`
	// Stop ends the cycle in fulfilment.
	Stop []Match `json:"stop,omitempty"`
	// StopAll ends the cycle once each of them has happened ("completed and
	// reported back"), up to 64. Stop and StopAll exclude each other.
	StopAll []Match `json:"stop_all,omitempty"`
	// Pause holds the stopwatch, Resume lets it go on. While on hold, an entry
	// of a Pause kind that no Pause selects (a hold for another reason) ends
	// the hold too; so does a Cancel, and a Reopen of a stopped cycle. A stop
	// does not: a cycle that begins while the case is on hold begins paused.
	Pause  []Match `json:"pause,omitempty"`
	Resume []Match `json:"resume,omitempty"`
	// Cancel ends the cycle without a result, unless it is breached already.
	// What stopped before counts no longer, and a later start opens a new cycle
	// even without Repeat. What the closing of the case cancelled is undone by
	// its reopening, as Semantics.Reopen says; a stop in between then counts.
	Cancel []Match `json:"cancel,omitempty"`
	// Reopen undoes the stop, in the way Semantics.Reopen says. Of StopAll it
	// undoes them all, also before the last of them has happened.
	Reopen []Match `json:"reopen,omitempty"`
	// Repeat lets a start after the end of a cycle open the next one.
	Repeat bool `json:"repeat,omitempty"`
	// Conditional metrics owe nothing until they start. For all others a case
	// that ends without the start lacks evidence.
	Conditional bool `json:"conditional,omitempty"`
	// DueField, where set, names the field of the start entry that records the
	// deadline itself, as history.ParseInstant reads it; of several values the
	// earliest counts. Such a promised date is no timer: a case on hold does
	// not move it, and the clock is never Paused; a later start entry with that
	// field replaces it, and the target's Span is not used. A clock without a
	// readable date is not evaluable.
	DueField string `json:"due_field,omitempty"`
}

// Between returns the metric with another start and, where given, another
// stop: any of stops, or every one of them with all. What follows from the
// ends is adapted: a metric that starts with the resolution or the closing is
// cancelled by a reopening and starts again, and only one that stops there can
// be reopened.
func (m Metric) Between(start, stops []Match, all bool) Metric {
	if len(start) > 0 {
		m.Start = start
	}
	if len(stops) > 0 {
		m.Stop, m.StopAll = stops, nil
		if all {
			m.Stop, m.StopAll = nil, stops
		}
	}
	m.Reopen = nil
	if names(m.Stop, ending...) || names(m.StopAll, ending...) {
		m.Reopen = reopening()
	}
	without := func(m Match) bool { return m.Kind == history.Closed || m.Kind == history.Reopened }
	m.Cancel = slices.DeleteFunc(slices.Clone(m.Cancel), without)
	switch {
	case names(m.Start, ending...):
		m.Cancel = append(m.Cancel, On(history.Reopened)...)
		m.Reopen, m.Repeat = nil, true
	case !names(m.Stop, history.Closed) && !names(m.StopAll, history.Closed):
		m.Cancel = append(m.Cancel, On(history.Closed)...)
	}
	return m
}

// ending are the kinds after which nothing is owed on the matter itself.
var ending = []history.Kind{history.Resolved, history.Closed, history.Restored}

func names(ms []Match, kinds ...history.Kind) bool {
	return slices.ContainsFunc(ms, func(m Match) bool { return slices.Contains(kinds, m.Kind) })
}

func reopening() []Match {
	return []Match{
		{Kind: history.Reopened},
		{Kind: history.ResultConfirmed, Fields: []FieldMatch{{"answer", []string{"disputed"}}}},
	}
}

// StandardMetrics returns the metrics of service management under their usual
// names, each a fresh copy that the caller may change.
//
// Only metrics of the work itself and the periodic update pause, and only on a
// hold whose reason is "customer" (agent-work-time on every hold): a customer
// who waits for a vendor, a part or a colleague still waits. Nothing pauses
// while the customer has heard nothing yet. All are cancelled when the case is
// merged or cancelled.
//
//	name                 starts                        stops
//	first-response       opened, detected              responded
//	next-response        messaged by the customer      responded; again and again
//	periodic-update      accepted, reopened, updates   progress-told or responded; again and again
//	dispatch             opened                        dispatched
//	initial-handling     accepted                      first-handled
//	resolution           opened, detected              resolved or closed
//	closure              opened, detected              closed
//	feedback             resolved                      result-told
//	follow-up            resolved                      followed-up
//	acknowledgement      opened                        acknowledged
//	registration         opened                        registered
//	investigation        opened, detected              investigated
//	opinion              opened                        opinion-given
//	report               detected                      reported to management
//	recovery             detected                      restored
//	agent-work-time      opened                        resolved or closed; pauses on every hold
//	requester-wait-time  opened                        resolved or closed; pauses while the customer is asked
//	duty                 registered                    attested
//
// A duty is something owed every so often: training, a survey, maintenance, a
// drill. Each period of each subject is a case of its own, so that what is overdue
// and what is due next run side by side. It is registered with a promised date
// (Metric.DueField), the end of the period and of its days of grace, and it ends
// with the evidence, which a rule names in place of attested. Its warnings are
// reminders.
func StandardMetrics() []Metric {
	begin := func() []Match { return On(history.Opened, history.Detected) }
	withdrawn := func(more ...history.Kind) []Match {
		return On(append(more, history.Merged, history.Cancelled)...)
	}
	asked := func() []Match {
		return []Match{{Kind: history.Held, Fields: []FieldMatch{{"reason", []string{"customer"}}}}}
	}
	work := func(name string, start, stop []Match) Metric {
		return Metric{
			Name: name, Start: start, Stop: stop, Pause: asked(), Resume: On(history.Resumed),
			Cancel: withdrawn(), Reopen: reopening(),
		}
	}
	once := func(name string, start, stop []Match) Metric {
		return Metric{Name: name, Start: start, Stop: stop, Cancel: withdrawn(history.Closed)}
	}
	afterwards := func(name string, stop ...history.Kind) Metric {
		return Metric{
			Name: name, Start: On(history.Resolved), Stop: On(stop...),
			Cancel: withdrawn(history.Reopened), Repeat: true, Conditional: true,
		}
	}
	solved := func() []Match { return On(history.Resolved, history.Closed) }

	next := once("next-response", []Match{{history.Messaged, []FieldMatch{{"role", []string{"customer"}}}}}, On(history.Responded))
	next.Cancel = withdrawn(history.Resolved, history.Closed)
	next.Repeat, next.Conditional = true, true
	update := once("periodic-update",
		On(history.Accepted, history.ProgressTold, history.Responded, history.Reopened),
		On(history.ProgressTold, history.Responded))
	update.Cancel = withdrawn(history.Resolved, history.Closed)
	update.Repeat, update.Conditional = true, true
	update.Pause, update.Resume = asked(), On(history.Resumed)
	report := once("report", On(history.Detected), []Match{{history.Reported, []FieldMatch{{"to", []string{"management"}}}}})
	report.Cancel = withdrawn()
	closure := work("closure", begin(), On(history.Closed))
	duty := once(MetricDuty, On(history.Registered), On(history.Attested))
	duty.Conditional = true
	agent := work("agent-work-time", On(history.Opened), solved())
	agent.Pause = On(history.Held)

	return []Metric{
		once("first-response", begin(), On(history.Responded)),
		next,
		update,
		once("dispatch", On(history.Opened), On(history.Dispatched)),
		once("initial-handling", On(history.Accepted), On(history.FirstHandled)),
		work("resolution", begin(), solved()),
		closure,
		afterwards("feedback", history.ResultTold),
		afterwards("follow-up", history.FollowedUp),
		once("acknowledgement", On(history.Opened), On(history.Acknowledged)),
		once("registration", On(history.Opened), On(history.Registered)),
		once("investigation", begin(), On(history.Investigated)),
		once("opinion", On(history.Opened), On(history.OpinionGiven)),
		report,
		work("recovery", On(history.Detected), On(history.Restored)),
		agent,
		work("requester-wait-time", On(history.Opened), solved()),
		duty,
	}
}

// MetricDuty is the name of the metric whose warnings are reminders.
const MetricDuty = "duty"

// StandardMetric returns the standard metric of that name.
func StandardMetric(name string) (Metric, bool) {
	ms := StandardMetrics()
	i := slices.IndexFunc(ms, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return ms[i], true
}

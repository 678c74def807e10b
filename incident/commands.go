package incident

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Detection is how an incident came to be known. Empty members are not known yet.
type Detection struct {
	Occurred  time.Time // when it began
	Source    string    // customer, internal, third_party, ...
	Channel   string    // how it was reported: phone, chat, app, ...
	Class     string    // outage, fault, security, network, complaint, other
	Severity  string    // provisional, when it is known at all
	Place     string
	Service   string // what is affected
	Customers string // how many or which customers are affected
	Business  string // what it means for the business
}

// Detect begins the case: an incident was noticed by monitoring or reported by somebody (entry detected). It sets the attribute kind.
func (i *Incident) Detect(m Meta, d Detection) error {
	var w writer
	w.text(history.KeyKind, KindIncident)
	w.instant(history.KeyOccurred, d.Occurred)
	w.text(history.KeySource, d.Source)
	w.text(history.KeyChannel, d.Channel)
	w.text(history.KeyClass, d.Class)
	w.text(history.KeySeverity, d.Severity)
	w.text(KeyPlace, d.Place)
	w.text(KeyService, d.Service)
	w.text(KeyCustomers, d.Customers)
	w.text(KeyBusiness, d.Business)
	return i.Add(m, history.Detected, history.Fields(w))
}

// Report is what somebody above, or another place, is told.
type Report struct {
	To      string // management, a department, ...
	Form    string // report, analysis, summary, phone, ...
	Channel string
}

// Report tells somebody above (entry reported). What the report has to contain, the case has to know: the rules ask for it by form, and
// [Incident.Lacking] lists what is missing.
func (i *Incident) Report(m Meta, r Report) error {
	var w writer
	w.text(KeyTo, r.To)
	w.text(KeyForm, r.Form)
	w.text(history.KeyChannel, r.Channel)
	return i.Add(m, history.Reported, history.Fields(w))
}

// Respond is the first answer to whoever reported the incident (entry responded).
func (i *Incident) Respond(m Meta, channel string) error {
	var w writer
	w.text(history.KeyChannel, channel)
	return i.Add(m, history.Responded, history.Fields(w))
}

// Classification is what an incident was found to be. Empty members leave what was set before.
type Classification struct {
	Severity, Class, Impact, Urgency string
	Basis                            string // why
}

// Classify grades the incident, for the first time or again (entry classified).
func (i *Incident) Classify(m Meta, c Classification) error {
	var w writer
	w.text(history.KeySeverity, c.Severity)
	w.text(history.KeyClass, c.Class)
	w.text(KeyImpact, c.Impact)
	w.text(KeyUrgency, c.Urgency)
	w.text(KeyBasis, c.Basis)
	return i.Add(m, history.Classified, history.Fields(w))
}

// Declaration puts a plan in force.
type Declaration struct {
	Plan     string
	Severity string   // when it is graded at once
	Level    string   // who handles: agent, team, management
	Response string   // the level of response, such as highest
	Lead     string   // who leads
	Role     string   // the role in which the lead does so
	Team     []string // people and departments that work with the lead
}

// Declare declares the incident (entry declared).
func (i *Incident) Declare(m Meta, d Declaration) error {
	var w writer
	w.text(KeyPlan, d.Plan)
	w.text(history.KeySeverity, d.Severity)
	w.text(history.KeyLevel, d.Level)
	w.text(KeyResponse, d.Response)
	w.text(KeyLead, d.Lead)
	w.text(history.KeyRole, d.Role)
	w.text(KeyTeam, d.Team...)
	return i.Add(m, history.Declared, history.Fields(w))
}

// Escalation hands the lead to somebody higher.
type Escalation struct {
	Lead  string
	Role  string
	Level string
	Unit  string
}

// Escalate hands the lead on (entry escalated), as a higher severity asks for.
func (i *Incident) Escalate(m Meta, e Escalation) error {
	var w writer
	w.text(KeyLead, e.Lead)
	w.text(history.KeyRole, e.Role)
	w.text(history.KeyLevel, e.Level)
	w.text(history.KeyUnit, e.Unit)
	return i.Add(m, history.Escalated, history.Fields(w))
}

// Notice is what those affected are told.
type Notice struct {
	Audience string    // Customers, Departments, or an audience of the host's
	Content  string    // what happened
	State    string    // how handling stands
	Due      time.Time // when it is expected to be over
	Channel  string
}

// Notify tells those affected (entry notified).
func (i *Incident) Notify(m Meta, n Notice) error { return i.tell(m, history.Notified, n) }

// TellProgress tells them how far the case is (entry progress-told).
func (i *Incident) TellProgress(m Meta, n Notice) error { return i.tell(m, history.ProgressTold, n) }

// TellResult tells them how it ended (entry result-told).
func (i *Incident) TellResult(m Meta, n Notice) error { return i.tell(m, history.ResultTold, n) }

func (i *Incident) tell(m Meta, kind history.Kind, n Notice) error {
	var w writer
	w.text(KeyAudience, n.Audience)
	w.text(KeyContent, n.Content)
	w.text(KeyState, n.State)
	w.instant(history.KeyDue, n.Due)
	w.text(history.KeyChannel, n.Channel)
	return i.Add(m, kind, history.Fields(w))
}

// Dispatch sends a unit or a person (entry dispatched); the mode says whether on the spot or from afar.
func (i *Incident) Dispatch(m Meta, unit, person, mode string) error {
	var w writer
	w.text(history.KeyUnit, unit)
	w.text(history.KeyPerson, person)
	w.text(KeyMode, mode)
	return i.Add(m, history.Dispatched, history.Fields(w))
}

// Resource is something used in an emergency. Who uses it answers for it.
type Resource struct {
	ID       string
	Category string // people, money, goods, information, technology, equipment
	User     string
}

// Allocate takes a resource into use (entry kept, state in_use).
func (i *Incident) Allocate(m Meta, r Resource) error { return i.keep(m, r, InUse) }

// Release gives a resource back (entry kept, state released).
func (i *Incident) Release(m Meta, r Resource) error { return i.keep(m, r, Released) }

func (i *Incident) keep(m Meta, r Resource, state string) error {
	var w writer
	w.text(KeyResource, r.ID)
	w.text(KeyCategory, r.Category)
	w.text(KeyUser, r.User)
	w.text(KeyState, state)
	return i.Add(m, history.Kept, history.Fields(w))
}

// Handle says what is done about it (entry started); it may come again with further measures.
func (i *Incident) Handle(m Meta, measures ...string) error {
	var w writer
	w.text(KeyMeasures, measures...)
	return i.Add(m, history.Started, history.Fields(w))
}

// Investigation is why it happened and how far it reached.
type Investigation struct{ Cause, Nature, Impact string }

// Investigate states the cause (entry investigated).
func (i *Incident) Investigate(m Meta, v Investigation) error {
	var w writer
	w.text(KeyCause, v.Cause)
	w.text(KeyNature, v.Nature)
	w.text(KeyImpact, v.Impact)
	return i.Add(m, history.Investigated, history.Fields(w))
}

// Hold says that work waits (entry held).
func (i *Incident) Hold(m Meta, reason string) error { return i.because(m, history.Held, reason) }

// Resume ends a hold (entry resumed).
func (i *Incident) Resume(m Meta) error { return i.Add(m, history.Resumed, nil) }

// Restoration is a service that runs again.
type Restoration struct {
	Service string
	// Downtime is how long it was away, where that is not simply from occurrence to restoration; zero: not stated.
	Downtime time.Duration
	// DataLostFrom is the instant since which data are lost, DataLostUntil up to when; zero times: none, and up to the occurrence.
	DataLostFrom, DataLostUntil time.Time
}

// Restore says that the service runs again (entry restored), whether or not the cause is dealt with.
func (i *Incident) Restore(m Meta, r Restoration) error {
	var w writer
	w.text(KeyService, r.Service)
	if r.Downtime != 0 {
		w.text(KeyDowntime, r.Downtime.String())
	}
	w.instant(KeyDataLostFrom, r.DataLostFrom)
	w.instant(KeyDataLostUntil, r.DataLostUntil)
	return i.Add(m, history.Restored, history.Fields(w))
}

// Resolve says that the cause is dealt with (entry resolved): with what result, and how it was handled.
func (i *Incident) Resolve(m Meta, result, steps string) error {
	var w writer
	w.text(KeyResult, result)
	w.text(KeySteps, steps)
	return i.Add(m, history.Resolved, history.Fields(w))
}

// Review is what is learnt afterwards.
type Review struct {
	Cause, Steps, Impact string
	Improvements         []string
	Lessons              string
	LaterImpact          string
}

// Review looks at the incident afterwards (entry reviewed).
func (i *Incident) Review(m Meta, r Review) error {
	var w writer
	w.text(KeyCause, r.Cause)
	w.text(KeySteps, r.Steps)
	w.text(KeyImpact, r.Impact)
	w.text(KeyImprovements, r.Improvements...)
	w.text(KeyLessons, r.Lessons)
	w.text(KeyLaterImpact, r.LaterImpact)
	return i.Add(m, history.Reviewed, history.Fields(w))
}

// Measure is something that is to be done, or was done, so that it does not happen again. Package quality/improvement reads what these entries
// make of an improvement, and has the words of Step and Effect.
type Measure struct {
	Plan     string // name of the follow-up plan
	Measures []string
	Owner    string
	Due      time.Time
	Step     string // plan, do, check, act; verified once somebody saw that the problem is gone
	Effect   string // whether it helped, once that is seen: yes, no
}

// PlanFollowUp decides what follows (entry planned).
func (i *Incident) PlanFollowUp(m Meta, v Measure) error { return i.measure(m, history.Planned, v) }

// Improve says how far a measure is (entry improved).
func (i *Incident) Improve(m Meta, v Measure) error { return i.measure(m, history.Improved, v) }

func (i *Incident) measure(m Meta, kind history.Kind, v Measure) error {
	var w writer
	w.text(KeyPlan, v.Plan)
	w.text(KeyMeasures, v.Measures...)
	w.text(KeyOwner, v.Owner)
	w.instant(history.KeyDue, v.Due)
	w.text(KeyStep, v.Step)
	w.text(KeyEffect, v.Effect)
	return i.Add(m, kind, history.Fields(w))
}

// FollowUp asks again later whether the problem stayed away (entry followed-up).
func (i *Incident) FollowUp(m Meta, solved bool) error {
	var w writer
	w.text(KeySolved, map[bool]string{true: "yes", false: "no"}[solved])
	return i.Add(m, history.FollowedUp, history.Fields(w))
}

// Close ends the case (entry closed).
func (i *Incident) Close(m Meta, reason string) error { return i.because(m, history.Closed, reason) }

// Reopen goes on with a resolved or ended case (entry reopened).
func (i *Incident) Reopen(m Meta, reason string) error {
	return i.because(m, history.Reopened, reason)
}

// Cancel ends a case that turned out to be none (entry cancelled).
func (i *Incident) Cancel(m Meta, reason string) error {
	return i.because(m, history.Cancelled, reason)
}

func (i *Incident) because(m Meta, kind history.Kind, reason string) error {
	var w writer
	w.text(history.KeyReason, reason)
	return i.Add(m, kind, history.Fields(w))
}

// Merge ends the case, which goes on as part of another (entry merged).
func (i *Incident) Merge(m Meta, into string) error {
	var w writer
	w.text(KeyInto, into)
	return i.Add(m, history.Merged, history.Fields(w))
}

// Archive puts the file away (entry archived).
func (i *Incident) Archive(m Meta, store string) error {
	var w writer
	w.text(KeyStore, store)
	return i.Add(m, history.Archived, history.Fields(w))
}

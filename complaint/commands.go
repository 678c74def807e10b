package complaint

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Intake is what is known when a complaint arrives. Empty members are left out.
type Intake struct {
	Channel    string // phone, email, web, on_site, ...
	Source     string // customer, internal, third_party
	Level      string // that takes it in; empty is the lowest
	FirstAgent string // who takes it in; empty is the actor
	Customer   string // the complainant's id
	Content    string // what is complained of
	Severity   string // as reported
	Grade      string // of confidentiality
}

// Open takes a complaint in.
func (c *Complaint) Open(m Meta, i Intake) error {
	return c.Record(m, history.Opened, said(history.KeyKind, KindComplaint, history.KeyChannel, i.Channel, history.KeySource, i.Source,
		history.KeyLevel, i.Level, KeyFirstAgent, i.FirstAgent, KeyCustomer, i.Customer, KeyContent, i.Content,
		history.KeySeverity, i.Severity, KeyGrade, i.Grade))
}

// Registration is what the register wants to know. Empty members are left out.
type Registration struct {
	Customer string    // the complainant's id
	Content  string    // the event
	Place    string    // where it happened
	Occurred time.Time // when it happened
	Person   string    // who is responsible for the complaint
	Service  string    // the service concerned
	State    string    // of the handling
}

// Register enters the complaint in the register.
func (c *Complaint) Register(m Meta, r Registration) error {
	return c.Record(m, history.Registered, said(KeyCustomer, r.Customer, KeyContent, r.Content, KeyPlace, r.Place,
		history.KeyOccurred, instant(r.Occurred), history.KeyPerson, r.Person, KeyService, r.Service, KeyState, r.State))
}

// Classification sets class and gravity. Empty members stay as they were.
type Classification struct {
	Class    string
	Severity string
	Source   string
	Grade    string   // of confidentiality
	Basis    string   // BasisReport, BasisAnalysis
	Criteria []string // what it touches: safety_risk, service_interruption, internal_process, ...
}

// Classify classifies the complaint, or classifies it again; with BasisAnalysis it is no longer provisional.
func (c *Complaint) Classify(m Meta, k Classification) error {
	fields := said(history.KeyClass, k.Class, history.KeySeverity, k.Severity, history.KeySource, k.Source, KeyGrade, k.Grade, KeyBasis, k.Basis)
	return c.Record(m, history.Classified, repeated(fields, KeyCriteria, k.Criteria))
}

// Acknowledge records that the complainant was told that the complaint has arrived.
func (c *Complaint) Acknowledge(m Meta, channel string) error {
	return c.Record(m, history.Acknowledged, said(history.KeyChannel, channel))
}

// Accept takes the complaint on; the actor owns it from now on.
func (c *Complaint) Accept(m Meta) error { return c.Record(m, history.Accepted, nil) }

// Dispatch gives the complaint to a unit or a person. The owner stays until it is accepted.
func (c *Complaint) Dispatch(m Meta, unit, person string) error {
	return c.Record(m, history.Dispatched, said(history.KeyUnit, unit, history.KeyPerson, person))
}

// Escalate passes the complaint to a higher level, and to a role and unit there if they are named.
func (c *Complaint) Escalate(m Meta, level, role, unit string) error {
	return c.Record(m, history.Escalated, said(history.KeyLevel, level, history.KeyRole, role, history.KeyUnit, unit))
}

// Respond answers the complainant.
func (c *Complaint) Respond(m Meta, channel string) error {
	return c.Record(m, history.Responded, said(history.KeyChannel, channel))
}

// TellProgress tells the complainant how far the handling is and, unless it is zero, until when it will last.
func (c *Complaint) TellProgress(m Meta, state string, due time.Time) error {
	return c.Record(m, history.ProgressTold, said(KeyState, state, history.KeyDue, instant(due)))
}

// Hold puts the complaint on hold.
func (c *Complaint) Hold(m Meta, reason string) error {
	return c.Record(m, history.Held, said(history.KeyReason, reason))
}

// Resume ends the wait.
func (c *Complaint) Resume(m Meta) error { return c.Record(m, history.Resumed, nil) }

// Analysis is what the investigation found: who, what, when, where, why and how (5W1H), and what follows from it.
type Analysis struct {
	Who, What, When, Where, Why, How string

	Problem        string // the problem as it is
	Cause          string
	Nature         string
	Impact         string // how far it reaches
	Responsibility string
}

// Investigate records the analysis.
func (c *Complaint) Investigate(m Meta, a Analysis) error {
	return c.Record(m, history.Investigated, said("who", a.Who, "what", a.What, "when", a.When, "where", a.Where, "why", a.Why, "how", a.How,
		KeyProblem, a.Problem, "cause", a.Cause, "nature", a.Nature, "impact", a.Impact, "responsibility", a.Responsibility))
}

// GiveOpinion states an opinion on the complaint.
func (c *Complaint) GiveOpinion(m Meta, opinion string) error {
	return c.Record(m, history.OpinionGiven, said(KeyOpinion, opinion))
}

// Plan records the solution: the problem, the measures, who is responsible and when it is to be finished.
func (c *Complaint) Plan(m Meta, s Solution) error {
	fields := said(KeyProblem, s.Problem, KeyOwner, s.Owner, history.KeyDue, instant(s.Due))
	return c.Record(m, history.Planned, repeated(fields, KeyMeasures, s.Measures))
}

// Resolve states that the matter is settled: the word of who handled it, not of the complainant.
func (c *Complaint) Resolve(m Meta, result, steps string) error {
	return c.Record(m, history.Resolved, said(KeyResult, result, "steps", steps))
}

// Verify records that the result was checked.
func (c *Complaint) Verify(m Meta) error { return c.Record(m, history.Verified, nil) }

// Result is the result as the complainant is told it. Empty members are left out.
type Result struct {
	Content  string
	Form     string    // written, electronic, oral
	Solved   string    // Yes, No
	Steps    string    // how it was handled
	Measures string    // what was or will be done
	Due      time.Time // when that will be finished
	FollowUp string    // what follows
	Initial  bool      // not yet the result
}

// TellResult tells the complainant the result or, if it is Initial, what can be said so far.
func (c *Complaint) TellResult(m Meta, n Result) error {
	initial := ""
	if n.Initial {
		initial = "true"
	}
	return c.Record(m, history.ResultTold, said("content", n.Content, KeyForm, n.Form, KeySolved, n.Solved, "steps", n.Steps,
		KeyMeasures, n.Measures, history.KeyDue, instant(n.Due), "follow_up", n.FollowUp, KeyInitial, initial))
}

// ConfirmResult records whether the complainant accepts the result or disputes it, and why. After a dispute the complaint is in hand
// again, and measures, solution and result are due once more.
func (c *Complaint) ConfirmResult(m Meta, answer, reason string) error {
	return c.Record(m, history.ResultConfirmed, said(history.KeyAnswer, answer, history.KeyReason, reason))
}

// FollowUp records a return visit: whether the problem is solved and the complainant satisfied (Yes, No). One that finds an open
// complaint unsolved has the effect of a dispute; a closed one must be reopened.
func (c *Complaint) FollowUp(m Meta, solved, satisfied string) error {
	return c.Record(m, history.FollowedUp, said(KeySolved, solved, KeySatisfied, satisfied))
}

// Review records the evaluation of the outcome: the cause, and what is learnt from it.
func (c *Complaint) Review(m Meta, cause, lessons string) error {
	return c.Record(m, history.Reviewed, said("cause", cause, "lessons", lessons))
}

// Close ends the complaint.
func (c *Complaint) Close(m Meta, reason string) error {
	return c.Record(m, history.Closed, said(history.KeyReason, reason))
}

// Reopen takes a complaint that was resolved or had ended in hand again.
func (c *Complaint) Reopen(m Meta, reason string) error {
	return c.Record(m, history.Reopened, said(history.KeyReason, reason))
}

// Archive puts the file away, in one store or several.
func (c *Complaint) Archive(m Meta, store ...string) error {
	return c.Record(m, history.Archived, repeated(nil, "store", store))
}

// Merge ends the complaint in favour of another.
func (c *Complaint) Merge(m Meta, into string) error {
	return c.Record(m, history.Merged, said("into", into))
}

// Withdraw ends the complaint because the complainant takes it back, or because it was none.
func (c *Complaint) Withdraw(m Meta, reason string) error {
	return c.Record(m, history.Cancelled, said(history.KeyReason, reason))
}

// said makes fields of the pairs that have a value.
func said(keysAndValues ...string) history.Fields {
	var f history.Fields
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		if keysAndValues[i+1] != "" {
			f = append(f, history.Field{Key: keysAndValues[i], Value: keysAndValues[i+1]})
		}
	}
	return f
}

func repeated(f history.Fields, key string, vs []string) history.Fields {
	for _, v := range vs {
		f = append(f, said(key, v)...)
	}
	return f
}

// instant writes a time, the zero one as nothing.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return history.FormatInstant(t)
}

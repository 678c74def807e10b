package incident

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Keys of fields of an incident, beside those of package history. Instants are written as [history.FormatInstant] writes them, durations
// as [time.Duration] is printed (1h30m0s).
const (
	KeyPlace         = "place"          // where it happened
	KeyService       = "service"        // the service or channel affected
	KeyCustomers     = "customers"      // how many or which customers are affected
	KeyBusiness      = "business"       // what it means for the business
	KeyImpact        = "impact"         // the scope: an attribute, or words
	KeyUrgency       = "urgency"        // an attribute
	KeyBasis         = "basis"          // why it was graded so
	KeyPlan          = "plan"           // the emergency plan in force, or the follow-up plan
	KeyLead          = "lead"           // who leads
	KeyTeam          = "team"           // who belongs to the response team or works with it; may be repeated
	KeyResponse      = "response"       // the level of response
	KeyAudience      = "audience"       // who is told: customers, departments; may be repeated
	KeyContent       = "content"        // what was told
	KeyState         = "state"          // how things stand
	KeyTo            = "to"             // who gets a report
	KeyForm          = "form"           // what form of report or drill
	KeyMode          = "mode"           // on_site, remote
	KeyMeasures      = "measures"       // what is done; may be repeated
	KeyResource      = "resource"       // what is used
	KeyCategory      = "category"       // of a resource: people, money, goods, information, technology, equipment
	KeyUser          = "user"           // who uses it and answers for it
	KeyCause         = "cause"          // why it happened
	KeyNature        = "nature"         // what sort of cause
	KeyResult        = "result"         // how it ended
	KeySteps         = "steps"          // how it was handled
	KeyDowntime      = "downtime"       // how long the service was away, as a duration
	KeyDataLostFrom  = "data_lost_from" // the instant since which data are lost
	KeyDataLostUntil = "data_lost_until"
	KeyImprovements  = "improvements" // what should change; may be repeated
	KeyLessons       = "lessons"      // what was learnt
	KeyLaterImpact   = "later_impact" // what may still follow
	KeyOwner         = "owner"        // who carries an improvement through
	KeyStep          = "step"         // which step of the cycle a measure is at
	KeyEffect        = "effect"       // what came of it
	KeySolved        = "solved"       // whether the problem stayed away: yes, no
	KeyStore         = "store"        // where the file is kept
	KeyInto          = "into"         // the case with which this one goes on
	KeyScope         = "scope"        // of a drill: full, part
	KeyFindings      = "findings"     // of a drill
)

// Values of fields that this package reads or writes itself.
const (
	Customers   = "customers"   // KeyAudience
	Departments = "departments" // KeyAudience
	InUse       = "in_use"      // KeyState of a resource
	Released    = "released"    // KeyState of a resource
)

// KindIncident is the value of history.KeyKind, which Detect sets.
const KindIncident = "incident"

// writer gathers the fields of an entry and leaves out what is empty.
type writer history.Fields

func (w *writer) text(key string, values ...string) {
	for _, v := range values {
		if v != "" {
			*w = append(*w, history.Field{Key: key, Value: v})
		}
	}
}

func (w *writer) instant(key string, t time.Time) {
	if !t.IsZero() {
		w.text(key, history.FormatInstant(t))
	}
}

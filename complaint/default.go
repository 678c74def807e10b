package complaint

import "github.com/servicecharter/charter/history"

// Keys of fields that complaints have beside those of package history. A host may use others.
const (
	KeyCustomer   = "customer"    // the complainant, by the host's id
	KeyFirstAgent = "first_agent" // who took the complaint in, and owns it until somebody else accepts it
	KeyContent    = "content"     // what is complained of
	KeyPlace      = "place"       // where it happened
	KeyService    = "service"     // the service concerned
	KeyGrade      = "grade"       // confidentiality, as the host's access rules name it
	KeyBasis      = "basis"       // of a classification: BasisReport, BasisAnalysis
	KeyCriteria   = "criteria"    // what made it so grave; may be repeated
	KeyProblem    = "problem"     // that a solution is for
	KeyMeasures   = "measures"    // that are taken
	KeyOwner      = "owner"       // who is responsible for the solution
	KeyOpinion    = "opinion"     // on the complaint
	KeyResult     = "result"      // of the handling
	KeyForm       = "form"        // of a result: written, electronic, oral
	KeyInitial    = "initial"     // "true" on a result that is not yet final
	KeySolved     = "solved"      // yes, no
	KeySatisfied  = "satisfied"   // yes, no
	KeyState      = "state"       // of the handling, as the complainant was told
)

// Values that the package itself reads.
const (
	KindComplaint  = "complaint" // of the attribute kind
	BasisReport    = "report"    // as the complainant describes it
	BasisAnalysis  = "analysis"  // as the investigation found it
	AnswerAccepted = "accepted"
	AnswerDisputed = "disputed"
	Yes            = "yes"
	No             = "no"
)

// DefaultRules returns rules for a host without a handbook: an order that all five handbooks of Charter agree with, and the fields that
// several of them ask for. Values of attributes are those that the handbooks share. The result is the caller's.
func DefaultRules() *Rules {
	return &Rules{
		Attributes: []Attribute{
			{Name: history.KeySeverity, Values: []string{"minor", "ordinary", "serious", "major", "extreme"}},
			{Name: history.KeySource, Values: []string{"customer", "internal", "third_party", "assessment"}},
			{Name: history.KeyChannel, Values: []string{
				"phone", "chat", "web", "app", "mini_program", "official_account", "social", "email", "fax", "sms",
				"self_service", "bot", "on_site", "outlet",
			}},
		},
		Levels: []Level{{Name: "agent"}, {Name: "team"}, {Name: "management"}},
		Flows: []Flow{{Steps: [][]history.Kind{
			{history.Opened},
			{history.Registered},
			{history.Classified},
			{history.Investigated},
			{history.Planned},
			{history.Resolved},
			{history.Closed},
		}}, {
			When:  When{KeyInitial: {""}},
			Steps: [][]history.Kind{{history.Resolved}, {history.ResultTold}, {history.Closed}},
		}},
		Demands: []Demand{
			{Step: history.Opened, Fields: []string{history.KeyChannel}},
			{Step: history.Registered, Known: []string{KeyContent, KeyCustomer}},
			{Step: history.Classified, Known: []string{history.KeySeverity}},
			{Step: history.Investigated, Known: []string{"cause"}},
			{Step: history.Planned, Known: []string{KeyProblem}, Fields: []string{KeyMeasures, KeyOwner, history.KeyDue}},
			{Step: history.Resolved, Fields: []string{KeyResult}},
			{Step: history.Held, Fields: []string{history.KeyReason}},
			{Step: history.Reopened, Fields: []string{history.KeyReason}},
			{Step: history.Cancelled, Fields: []string{history.KeyReason}},
			{Step: history.FollowedUp, Fields: []string{KeySolved}},
			{Step: history.Resolved, When: When{history.KeySeverity: {"major", "extreme"}}, Values: map[string][]string{history.KeyLevel: {"management"}}},
		},
	}
}

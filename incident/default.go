package incident

import "github.com/servicecharter/charter/history"

// Ranks of the roles that handbooks share, from the lowest to the highest.
func ranks() []string {
	return []string{
		history.RoleAgent, history.RoleSeniorAgent, history.RoleSupervisor, history.RoleDepartmentHead, history.RoleExecutiveInCharge,
		history.RoleManagement,
	}
}

// DefaultRules are what none of the five handbooks contradicts: an incident is detected, declared with a plan and somebody who leads,
// restored where a service or a network was away, resolved with a result, reviewed with cause and improvements, closed, archived. Whether the
// response starts before or after grading is open, since handbooks differ. Every violation stops a command.
//
// Each call makes new rules: change them as you like.
func DefaultRules() *Rules {
	channels := []string{
		"phone", "chat", "web", "app", "mini_program", "official_account", "social", "email", "fax", "sms", "self_service", "bot", "on_site",
		"outlet", "monitoring",
	}
	attributes := map[string][]string{
		history.KeyChannel: channels,
		history.KeySource:  {"customer", "internal", "third_party", "assessment"},
		history.KeyClass:   {"outage", "fault", "security", "network", "complaint", "other"},
		history.KeySeverity: {
			"minor", "ordinary", "serious", "major", "extreme",
			"etiquette:1", "etiquette:2", "etiquette:3", "norms:2", // levels that only one handbook has
		},
	}
	return &Rules{
		Opens: []history.Kind{history.Detected, history.Opened},
		Demands: []Demand{
			{Step: history.Opened, Once: true, Before: []string{"detected"}, Values: attributes},
			{Step: history.Detected, Once: true, Values: attributes},
			{Step: history.Classified, Fields: []string{"severity|class|impact|urgency|tier|importance"}, Values: attributes},
			{Step: history.Declared, Before: []string{"restored", "resolved"}, Fields: []string{KeyPlan, KeyLead}, Values: attributes},
			{Step: history.Escalated, Fields: []string{"role|level|unit"}},
			{Step: history.Dispatched, Fields: []string{"unit|person"}},
			{Step: history.Kept, Fields: []string{KeyResource, KeyUser}, Values: map[string][]string{KeyState: {InUse, Released}}},
			{Step: history.Notified, Fields: []string{KeyAudience}},
			{Step: history.Reported, Fields: []string{KeyTo}},
			{Step: history.Started, Before: []string{"resolved"}, Fields: []string{KeyMeasures}},
			{Step: history.Held, Before: []string{"resolved"}, Fields: []string{history.KeyReason}},
			{Step: history.Investigated, Fields: []string{KeyCause}},
			{Step: history.Restored, Before: []string{"resolved"}},
			{
				Step: history.Resolved, Once: true, When: map[string][]string{history.KeyClass: {"outage", "network"}},
				After: []string{"restored"},
			},
			{Step: history.Resolved, Once: true, Fields: []string{KeyResult}},
			{Step: history.ResultTold, After: []string{"resolved"}},
			{Step: history.Reviewed, After: []string{"resolved"}, Fields: []string{KeyCause, KeyImprovements}},
			{Step: history.FollowedUp, After: []string{"resolved"}, Values: map[string][]string{KeySolved: {"yes", "no"}}},
			{Step: history.Closed, After: []string{"resolved", "reviewed"}},
			{Step: history.Archived, After: []string{"closed|merged|cancelled"}},
			{Step: history.Reopened, Fields: []string{history.KeyReason}},
			{Step: history.Cancelled, Fields: []string{history.KeyReason}},
			{Step: history.Merged, Fields: []string{KeyInto}},
		},
		AfterEnd: []history.Kind{
			history.FollowedUp, history.Reviewed, history.Reported, history.Planned, history.Improved, history.ProgressTold, history.ResultTold,
			history.Surveyed, history.Messaged, history.Accessed, history.Protected, history.Disposed, history.Attested, history.Kept,
		},
		Reset: []history.Kind{history.ResultTold, history.Reviewed, history.FollowedUp},
		Ranks: ranks(),
	}
}

// PlanRules are for the history of an emergency plan, of which each is a case of its own: the risk is assessed, measures are planned, the draft
// is verified, the plan is issued, then drilled and, after a drill or an evaluation, revised, which is issuing it again. Pass them to
// [Check]. What an issued plan must contain is up to the handbook.
func PlanRules() *Rules {
	return &Rules{
		Demands: []Demand{
			{Step: history.Planned, After: []string{"assessed[kind=risk]"}, Fields: []string{KeyMeasures}},
			{Step: history.Verified, After: []string{"planned"}},
			{Step: history.Issued, After: []string{"verified"}, Fields: []string{"version"}},
			{
				Step: history.Drilled, After: []string{"issued"}, Fields: []string{KeyScope, KeyFindings},
				Values: map[string][]string{KeyScope: {"full", "part"}},
			},
		},
		Ranks: ranks(),
	}
}

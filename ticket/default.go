package ticket

import "github.com/servicecharter/charter/history"

// DefaultRules returns rules for a host without a handbook: the order that all five handbooks of Charter agree with, and the levels that
// one of them prints. Actors need no role, but a customer cannot take the steps of the centre; that nobody answers for a ticket is found and
// not refused. Values of attributes are those that the handbooks share. There are no grades: no handbook prints which urgency, impact and
// importance make which tier. The result is the caller's.
func DefaultRules() *Rules {
	staff := []string{
		history.RoleAgent, history.RoleSeniorAgent, history.RoleSupervisor, history.RoleDepartmentHead, history.RoleExecutiveInCharge,
		history.RoleManagement, history.RoleCaseOwner, history.RoleTechnicalSupport, history.RoleEquipmentTechnician,
		history.RoleSpecialist, RoleSystem,
	}
	return &Rules{
		Name: "default",
		Demands: []Demand{
			{Order: []string{"opened", "accepted", "resolved", "result-told", "closed", "archived"}},
			{Step: "result-confirmed", After: []string{"result-told"}},
			{Step: "opened", Fields: []string{history.KeyChannel}},
			{Step: "dispatched", Fields: []string{"unit or person"}},
			{Step: "resolved", Fields: []string{KeyResult}},
			{Step: "resolved", Owned: true, Advised: true},
			{Step: "accepted[role] or dispatched[role] or started[role] or escalated[role] or resolved[role] or closed[role]", Roles: staff},
		},
		Levels: []Level{
			{Name: "agent"},
			{Name: "team"},
			{Name: "management"},
		},
		Attributes: []Attribute{
			{Name: history.KeyTier, Values: []string{"routine", "urgent"}},
			{Name: history.KeyComplexity, Values: []string{"simple", "complex"}},
			{Name: history.KeyImportance, Values: []string{"standard", "high"}},
			{Name: "classified[impact]", Values: []string{"low", "high"}},
			{Name: history.KeySource, Values: []string{"customer", "internal", "third_party", "assessment"}},
			{Name: history.KeyRequest, Values: []string{
				"enquiry", "transaction", "fault", "technical", "after_sales", "feedback", "suggestion", "other",
			}},
			{Name: history.KeyChannel, Values: []string{
				"phone", "chat", "web", "app", "mini_program", "official_account", "social", "email", "fax", "sms", "self_service", "bot",
				"on_site", "outlet",
			}},
		},
	}
}

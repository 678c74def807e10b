package history

// Keys of fields that set attributes of a case, on entries for which [SetsAttributes] holds.
const (
	KeyKind       = "kind"       // the lifecycle: ticket, complaint, incident
	KeyRequest    = "request"    // what is wanted: enquiry, transaction, fault, ...
	KeyClass      = "class"      // the nature: outage, security, ...
	KeyTier       = "tier"       // the urgency: routine, urgent
	KeyComplexity = "complexity" // simple, complex
	KeySeverity   = "severity"   // the gravity: minor, ordinary, serious, major, extreme
	KeyImportance = "importance" // of the customer: standard, high
	KeyChannel    = "channel"    // phone, chat, email, ...
	KeySource     = "source"     // customer, internal, third_party, assessment
	KeyLevel      = "level"      // who handles: agent, team, management
	KeyUnit       = "unit"       // the group that has the case
	KeyPerson     = "person"     // who has it; may be repeated
	KeyTags       = "tags"       // may be repeated
)

// Keys of other fields that rules read.
const (
	KeyDue      = "due"      // an instant that was promised, as [ParseInstant] reads it
	KeyOccurred = "occurred" // when an incident began, as [ParseInstant] reads it
	KeyReason   = "reason"   // why work waits, or why a case was closed or reopened; may be repeated
	KeyAnswer   = "answer"   // of the customer to the result: accepted, disputed
	KeyRole     = "role"     // the role concerned, where it is not the actor's
)

// Roles of actors. A host may have others.
const (
	RoleCustomer            = "customer"
	RoleAgent               = "agent"
	RoleSeniorAgent         = "senior agent"
	RoleSupervisor          = "supervisor"
	RoleDepartmentHead      = "department head"
	RoleExecutiveInCharge   = "executive in charge"
	RoleManagement          = "management"
	RoleCaseOwner           = "case owner"
	RoleIncidentLead        = "incident lead"
	RoleTechnicalSupport    = "technical support"
	RoleEquipmentTechnician = "equipment technician"
	RoleSpecialist          = "specialist"
)

package ticket

// Keys of fields that tickets have beside those of package history. A host may use others.
const (
	KeyCustomer   = "customer"    // the host's id of the customer's file
	KeyFirstAgent = "first_agent" // who was the customer's first contact, by id
	KeyContent    = "content"     // what is wanted
	KeyFrom       = "from"        // the case that this one was split from
	KeyIdentity   = "identity"    // how the customer was identified
	KeyNeed       = "need"        // what the customer needs, as it was understood
	KeyMode       = "mode"        // automatic, manual, hand-over
	KeyBasis      = "basis"       // what a classification rests on
	KeyUrgency    = "urgency"     // of the matter
	KeyImpact     = "impact"      // how far it reaches
	KeyMeasures   = "measures"    // that are planned
	KeyCause      = "cause"
	KeyNature     = "nature"
	KeyState      = "state"     // of the handling, as the customer was told
	KeyText       = "text"      // of a message
	KeyResult     = "result"    // of the handling
	KeySteps      = "steps"     // of the handling
	KeySolved     = "solved"    // yes, no
	KeySatisfied  = "satisfied" // yes, no
	KeyDimension  = "dimension" // of a survey's answer
	KeyScore      = "score"
	KeyScale      = "scale"
	KeyComment    = "comment"
	KeyStore      = "store"   // where the file was put
	KeyLessons    = "lessons" // of a review
	KeyTo         = "to"      // whom a report went to
	KeyForm       = "form"    // of a report
	KeyInto       = "into"    // the case that a merged one goes on in
	KeyPart       = "part"    // the case that a part was split off to
)

// Values that the package itself reads or writes.
const (
	AnswerAccepted = "accepted"
	AnswerDisputed = "disputed"
	Yes            = "yes"
	No             = "no"
	Automatic      = "automatic" // mode of what a program did
	HandOver       = "hand-over" // mode of a dispatch from one who has the ticket to another
	Split          = "split"     // basis of the entry that a split leaves
)

// RoleSystem is the role of a program that acts for the centre. It owns no ticket.
const RoleSystem = "system"

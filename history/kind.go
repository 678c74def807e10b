package history

import (
	"cmp"
	"slices"
)

// Kind says what happened. The constants are the words that Charter's handbooks share; a host may have kinds of its own, which rules
// can name and which [Check] reports as unknown. The empty kind is no kind and is refused everywhere.
//
// The comments name the usual fields of an entry of that kind. None is required by this package.
type Kind string

// What happens to a case: a ticket, a complaint or an incident.
const (
	// Opened: the customer's request or complaint reached the centre. Fields: channel, customer, first_agent, content, source, and
	// any attribute.
	Opened Kind = "opened"
	// Detected: an incident was noticed. Fields: occurred (when it began), source, and any attribute.
	Detected Kind = "detected"
	// Registered: the case was entered in the register.
	Registered Kind = "registered"
	// Checked: the customer's identity and need were checked. Fields: identity, need.
	Checked Kind = "checked"
	// Accepted: the centre took the case on. Fields: mode.
	Accepted Kind = "accepted"
	// Classified: attributes were set, or set again. Fields: any attribute, basis.
	Classified Kind = "classified"
	// Dispatched: the case was given to a unit or a person. Fields: unit, person, mode.
	Dispatched Kind = "dispatched"
	// Escalated: the case went to a higher level. Fields: level, role, unit.
	Escalated Kind = "escalated"
	// Responded: the centre answered the customer. Fields: role, channel.
	Responded Kind = "responded"
	// Acknowledged: the customer was told that the complaint has arrived.
	Acknowledged Kind = "acknowledged"
	// Planned: measures were decided, perhaps with a promised date. Fields: measures, due, promised.
	Planned Kind = "planned"
	// Started: work on the case began.
	Started Kind = "started"
	// FirstHandled: the first handling was done.
	FirstHandled Kind = "first-handled"
	// ProgressTold: the customer was told how far the case is. Fields: state, due, channel.
	ProgressTold Kind = "progress-told"
	// Held: work waits for something. Fields: reason.
	Held Kind = "held"
	// Resumed: the wait is over. Fields: reason.
	Resumed Kind = "resumed"
	// Investigated: cause and extent were established. Fields: cause, nature, impact.
	Investigated Kind = "investigated"
	// OpinionGiven: an opinion on a complaint was stated. Fields: opinion.
	OpinionGiven Kind = "opinion-given"
	// Resolved: the matter itself was settled. Fields: result, steps.
	Resolved Kind = "resolved"
	// Verified: the result was checked.
	Verified Kind = "verified"
	// ResultTold: the customer was told the result. Fields: content, form, initial.
	ResultTold Kind = "result-told"
	// ResultConfirmed: the customer accepted or disputed the result. Fields: answer (accepted, disputed).
	ResultConfirmed Kind = "result-confirmed"
	// Surveyed: the customer answered a survey. Fields: dimension, score, scale, comment.
	Surveyed Kind = "surveyed"
	// FollowedUp: the centre asked again later. Fields: solved, satisfied.
	FollowedUp Kind = "followed-up"
	// Closed: the case is over. Fields: reason.
	Closed Kind = "closed"
	// Reopened: the case goes on after all. Fields: reason.
	Reopened Kind = "reopened"
	// Archived: the file was put away. Fields: store.
	Archived Kind = "archived"
	// Reviewed: the case was looked at afterwards. Fields: cause, lessons, correct.
	Reviewed Kind = "reviewed"
	// Reported: somebody above was told. Fields: to, form.
	Reported Kind = "reported"
	// Declared: an incident was declared and its plan put in force. Fields: plan, level, lead, and any attribute.
	Declared Kind = "declared"
	// Notified: those affected were told of an incident. Fields: audience.
	Notified Kind = "notified"
	// Restored: the service runs again. Fields: service, downtime.
	Restored Kind = "restored"
	// Merged: the case went on as part of another. Fields: into.
	Merged Kind = "merged"
	// Cancelled: the case was withdrawn, or turned out to be none. Fields: reason.
	Cancelled Kind = "cancelled"
	// Messaged: somebody wrote or said something that is no reply; the actor's role tells who (customer for the customer). On a
	// contact it carries the words. Fields: text.
	Messaged Kind = "messaged"
)

// What Charter's desk writes into the history of a case about what it tells people. Fields: id, and what identifies the notice.
const (
	// NoticeRecorded: a warning, breach or escalation fell due, or a deadline was revised, and it is to be told. Fields: id, notice,
	// clause, metric, cycle, name, role, instant, due, was, provisional.
	NoticeRecorded Kind = "notice-recorded"
	// NoticeDelivered: the host took it. Fields: id, role, person.
	NoticeDelivered Kind = "notice-delivered"
	// NoticeFailed: the host did not take it, and will be asked again. Fields: id.
	NoticeFailed Kind = "notice-failed"
	// NoticeWithdrawn: a fact that was recorded later took away its ground. Fields: id.
	NoticeWithdrawn Kind = "notice-withdrawn"
	// NoticeAcknowledged: somebody answers for the matter. Rungs that come later are not recorded, and warnings and rungs that are not yet
	// delivered are not told any more; a breach still is. Fields: clause, cycle.
	NoticeAcknowledged Kind = "notice-acknowledged"
	// DeadlineNoted: this deadline was known when it was still provisional. Fields: clause, cycle, due, calendar, revision.
	DeadlineNoted Kind = "deadline-noted"
)

// What happens around cases: to people, assets, documents, records and plans.
const (
	// Trained: a person was trained. Fields: topics, hours, form.
	Trained Kind = "trained"
	// Examined: a person took an examination. Fields: part, score, passed.
	Examined Kind = "examined"
	// Appraised: a person's work was appraised. Fields: dimension, score.
	Appraised Kind = "appraised"
	// Placed: a person was given a post, a grade, a reward or a sanction. Fields: post, grade, reward, sanction.
	Placed Kind = "placed"
	// Kept: an asset is held in a state. Fields: class, state.
	Kept Kind = "kept"
	// Maintained: an asset was maintained. Fields: work, state.
	Maintained Kind = "maintained"
	// Inspected: a person's work or an asset was inspected. Fields: finding.
	Inspected Kind = "inspected"
	// Issued: a document was issued. Fields: version, owner.
	Issued Kind = "issued"
	// Drilled: a plan was rehearsed. Fields: scope, findings.
	Drilled Kind = "drilled"
	// Assessed: a centre was assessed. Fields: kind, period, findings.
	Assessed Kind = "assessed"
	// Improved: a measure moved on. Fields: owner, due, step, effect.
	Improved Kind = "improved"
	// Accessed: a record was read or changed. Fields: right, action.
	Accessed Kind = "accessed"
	// Protected: data was put under protection. Fields: class, encryption, backup.
	Protected Kind = "protected"
	// Disposed: a record was disposed of. Fields: method.
	Disposed Kind = "disposed"
	// Attested: a person stated that a clause is kept. Fields: until.
	Attested Kind = "attested"
)

// ranks holds the kinds of the vocabulary in the order in which they stand at one instant.
var ranks = [...]Kind{
	Opened, Detected, Registered, Checked, Accepted, Classified, Dispatched, Escalated, Messaged, Responded, Acknowledged,
	Declared, Notified, Planned, Started, FirstHandled, ProgressTold, Resumed, Held, Investigated, OpinionGiven, Restored, Resolved,
	Verified, ResultTold, ResultConfirmed, Reopened, Surveyed, FollowedUp, Reviewed, Reported, Trained, Examined, Appraised, Placed,
	Kept, Maintained, Inspected, Issued, Drilled, Assessed, Improved, Accessed, Protected, Attested,
	DeadlineNoted, NoticeRecorded, NoticeWithdrawn, NoticeFailed, NoticeDelivered, NoticeAcknowledged,
	Merged, Cancelled, Closed, Archived, Disposed,
}

// compareKinds orders the kinds of one instant: as in ranks, with unknown ones just before merged, by name.
func compareKinds(a, b Kind) int {
	rank := func(k Kind) int {
		if i := k.Index(); i >= 0 {
			return 2 * i
		}
		return 2*Merged.Index() - 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// Kinds returns every kind of the vocabulary, in the order in which [FromTimes] puts entries of one instant. The slice is the
// caller's.
func Kinds() []Kind { return slices.Clone(ranks[:]) }

// SetsAttributes tells whether the fields of an entry of this kind set attributes of the case: opened, detected, registered,
// accepted, classified, dispatched, escalated and declared. Fields of other kinds describe only what happened.
func SetsAttributes(k Kind) bool {
	switch k {
	case Opened, Detected, Registered, Accepted, Classified, Dispatched, Escalated, Declared:
		return true
	}
	return false
}

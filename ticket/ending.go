package ticket

import (
	"slices"

	"github.com/servicecharter/charter/history"
)

// Resolve records that the matter is settled, with its result and the steps that led there. It ends a hold.
func (t *Ticket) Resolve(m Meta, result, steps string) error {
	return t.Record(m, history.Resolved, give(KeyResult, result, KeySteps, steps))
}

// Verify records that the result was checked.
func (t *Ticket) Verify(m Meta) error { return t.Record(m, history.Verified, nil) }

// TellResult records that the customer was told the result.
func (t *Ticket) TellResult(m Meta, content string) error {
	return t.Record(m, history.ResultTold, give(KeyContent, content))
}

// ConfirmResult records the customer's answer to the result. A disputed one puts a resolved ticket back to handling; a closed one stays
// closed until it is reopened.
func (t *Ticket) ConfirmResult(m Meta, accepted bool) error {
	answer := AnswerDisputed
	if accepted {
		answer = AnswerAccepted
	}
	return t.Record(m, history.ResultConfirmed, give(history.KeyAnswer, answer))
}

// FollowUp records that the customer was asked again later, and what came of it.
func (t *Ticket) FollowUp(m Meta, solved, satisfied bool) error {
	return t.Record(m, history.FollowedUp, give(KeySolved, yes(solved), KeySatisfied, yes(satisfied)))
}

// Answer is one answer to a survey. Score and scale are decimal numbers as text.
type Answer struct{ Dimension, Score, Scale, Comment string }

// Survey records what the customer answered.
func (t *Ticket) Survey(m Meta, a Answer) error {
	return t.Record(m, history.Surveyed, give(KeyDimension, a.Dimension, KeyScore, a.Score, KeyScale, a.Scale, KeyComment, a.Comment))
}

// Review records what was found when the ticket was looked at afterwards.
func (t *Ticket) Review(m Meta, cause, lessons string) error {
	return t.Record(m, history.Reviewed, give(KeyCause, cause, KeyLessons, lessons))
}

// Close ends the ticket.
func (t *Ticket) Close(m Meta, reason string) error {
	return t.Record(m, history.Closed, give(history.KeyReason, reason))
}

// Cancel ends a ticket that was withdrawn or turned out to be none.
func (t *Ticket) Cancel(m Meta, reason string) error {
	return t.Record(m, history.Cancelled, give(history.KeyReason, reason))
}

// Reopen lets a ticket go on that was resolved or is over. A reason is required. It must then be resolved, and the result told, anew.
func (t *Ticket) Reopen(m Meta, reason string) error {
	return t.Record(m, history.Reopened, give(history.KeyReason, reason))
}

// Archive puts the file of a ticket that is over away.
func (t *Ticket) Archive(m Meta, store string) error {
	return t.Record(m, history.Archived, give(KeyStore, store))
}

// Merge ends the ticket because it goes on as part of another case. That case is not touched: what it takes over is its host's.
func (t *Ticket) Merge(m Meta, into string) error {
	return t.Record(m, history.Merged, give(KeyInto, into))
}

// Split records that a part of the ticket goes on as a case of its own, which the host opens with Opening.From. This ticket goes on too.
func (t *Ticket) Split(m Meta, part string) error {
	if part == "" {
		f := Finding{Code: CodeField, Seq: t.seq + 1, Step: history.Classified, At: m.At, State: t.now.state, Field: KeyPart, Wants: []string{KeyPart}}
		return t.refusal(&history.Entry{Kind: history.Classified}, f)
	}
	return t.Record(m, history.Classified, give(KeyBasis, Split, KeyPart, part))
}

// Tag adds tags. The entry has all tags that the ticket then has. Without new ones nothing is recorded.
func (t *Ticket) Tag(m Meta, tags ...string) error {
	all := t.Tags()
	for _, tag := range tags {
		if tag != "" && !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	if len(all) == len(t.now.tags) {
		return nil
	}
	return t.Record(m, history.Classified, giveAll(nil, history.KeyTags, all))
}

// Note records free fields as attributes of the ticket.
func (t *Ticket) Note(m Meta, fields history.Fields) error {
	return t.Record(m, history.Classified, fields)
}

package ticket

import "github.com/servicecharter/charter/history"

// State is how far a ticket is. Being on hold is no state: see [Ticket.OnHold].
//
//	(new) ── opened ──▸ open ── accepted ──▸ accepted ── started, first-handled ──▸ handling ── resolved ──▸ resolved ── closed ──▸ closed
//
// Rules may want each of these steps; by itself the lifecycle lets any of them be left out, and a ticket be closed, merged or cancelled
// whenever it is not over. Only what is over is archived. A result that the customer disputes puts a resolved ticket back to handling;
// reopening does so from resolved and from everything after it. Then the ticket must be resolved, and the result told, anew.
type State string

// The states of a ticket.
const (
	New       State = ""          // not yet opened
	Open      State = "open"      // the customer has asked
	Accepted  State = "accepted"  // the centre has taken it on
	Handling  State = "handling"  // work has begun, or begun again
	Resolved  State = "resolved"  // the matter is settled, says the centre
	Closed    State = "closed"    // over
	Archived  State = "archived"  // put away
	Merged    State = "merged"    // goes on as part of another
	Cancelled State = "cancelled" // withdrawn, or none
)

// Over tells whether the ticket has ended: closed, archived, merged or cancelled.
func (s State) Over() bool { return s == Closed || s == Archived || s == Merged || s == Cancelled }

// working tells whether the ticket is to be worked on.
func (s State) working() bool { return s == Open || s == Accepted || s == Handling }

// Text is the name in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (s State) Text(language string) string {
	if !history.IsChinese(language) {
		if s == New {
			return "not opened"
		}
		return string(s)
	}
	switch s {
	case New:
		return "未开立"
	case Open:
		return "已开立"
	case Accepted:
		return "已受理"
	case Handling:
		return "处理中"
	case Resolved:
		return "已解决"
	case Closed:
		return "已结案"
	case Archived:
		return "已归档"
	case Merged:
		return "已合并"
	case Cancelled:
		return "已撤销"
	}
	return string(s)
}

// takes tells whether an entry of a kind can happen in the state. Kinds that are no step of a ticket can happen at any time once it is opened.
func (s State) takes(k history.Kind) bool {
	switch k {
	case history.Opened:
		return s == New
	case history.Registered, history.Checked, history.Accepted, history.Dispatched, history.Escalated, history.Started,
		history.FirstHandled, history.Held, history.Resumed, history.Resolved:
		return s.working()
	case history.Planned, history.Closed, history.Merged, history.Cancelled:
		return s.working() || s == Resolved
	case history.Classified, history.Verified, history.Investigated:
		return s.working() || s == Resolved || s == Closed
	case history.ResultConfirmed:
		return s == Resolved || s == Closed
	case history.Reopened:
		return s.Over() || s == Resolved
	case history.Archived:
		return s.Over() && s != Archived
	}
	return s != New
}

// next is the state after an entry.
func (s State) next(e *history.Entry) State {
	switch e.Kind {
	case history.Opened:
		if s == New {
			return Open
		}
	case history.Accepted:
		if s == Open {
			return Accepted
		}
	case history.Started, history.FirstHandled:
		if s.working() {
			return Handling
		}
	case history.Resolved:
		if !s.Over() {
			return Resolved
		}
	case history.ResultConfirmed:
		if s == Resolved && e.Fields.Has(history.KeyAnswer, AnswerDisputed) {
			return Handling
		}
	case history.Reopened:
		return Handling
	case history.Closed:
		if !s.Over() {
			return Closed
		}
	case history.Archived:
		return Archived
	case history.Merged:
		return Merged
	case history.Cancelled:
		return Cancelled
	}
	if s == New {
		return Open // a foreign history whose beginning is missing
	}
	return s
}

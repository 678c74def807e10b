package chartertest

import (
	"fmt"
	"slices"

	"github.com/servicecharter/charter/history"
)

// commands are the short names of kinds.
var commands = map[string]history.Kind{
	"open":           history.Opened,
	"detect":         history.Detected,
	"register":       history.Registered,
	"check":          history.Checked,
	"accept":         history.Accepted,
	"classify":       history.Classified,
	"dispatch":       history.Dispatched,
	"escalate":       history.Escalated,
	"respond":        history.Responded,
	"reply":          history.Responded,
	"acknowledge":    history.Acknowledged,
	"plan":           history.Planned,
	"start":          history.Started,
	"first-handle":   history.FirstHandled,
	"tell-progress":  history.ProgressTold,
	"hold":           history.Held,
	"resume":         history.Resumed,
	"investigate":    history.Investigated,
	"give-opinion":   history.OpinionGiven,
	"resolve":        history.Resolved,
	"verify":         history.Verified,
	"tell-result":    history.ResultTold,
	"confirm-result": history.ResultConfirmed,
	"survey":         history.Surveyed,
	"follow-up":      history.FollowedUp,
	"close":          history.Closed,
	"reopen":         history.Reopened,
	"archive":        history.Archived,
	"review":         history.Reviewed,
	"report":         history.Reported,
	"declare":        history.Declared,
	"notify":         history.Notified,
	"restore":        history.Restored,
	"merge":          history.Merged,
	"cancel":         history.Cancelled,
	"message":        history.Messaged,
	"train":          history.Trained,
	"examine":        history.Examined,
	"appraise":       history.Appraised,
	"place":          history.Placed,
	"keep":           history.Kept,
	"maintain":       history.Maintained,
	"inspect":        history.Inspected,
	"issue":          history.Issued,
	"drill":          history.Drilled,
	"assess":         history.Assessed,
	"improve":        history.Improved,
	"access":         history.Accessed,
	"protect":        history.Protected,
	"dispose":        history.Disposed,
	"attest":         history.Attested,

	"notice-record":      history.NoticeRecorded,
	"notice-deliver":     history.NoticeDelivered,
	"notice-fail":        history.NoticeFailed,
	"notice-withdraw":    history.NoticeWithdrawn,
	"notice-acknowledge": history.NoticeAcknowledged,
	"deadline-note":      history.DeadlineNoted,
}

// kindOf reads what happened: a command, a kind of the vocabulary, or any kind in quotes.
func kindOf(w word) (history.Kind, error) {
	kind := history.Kind(w.key)
	switch {
	case w.personal, w.hasValue:
		return "", fmt.Errorf("%s: expected what happened, then fields", w.key)
	case w.quoted, slices.Contains(allKinds, kind):
		return kind, nil
	}
	if kind, ok := commands[w.key]; ok {
		return kind, nil
	}
	return "", fmt.Errorf("%s: neither a kind nor a command; kinds of your own stand in quotes", w.key)
}

var allKinds = history.Kinds()

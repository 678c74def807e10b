package ticket

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
)

// give makes fields of keys and values, without the empty ones.
func give(keysAndValues ...string) history.Fields {
	var f history.Fields
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		if keysAndValues[i+1] != "" {
			f = append(f, history.Field{Key: keysAndValues[i], Value: keysAndValues[i+1]})
		}
	}
	return f
}

func giveAll(f history.Fields, key string, values []string) history.Fields {
	for _, v := range values {
		f = append(f, give(key, v)...)
	}
	return f
}

func yes(b bool) string {
	if b {
		return Yes
	}
	return No
}

// Opening is what the customer's request says. Whatever is left empty is not recorded. Other attributes go into Meta.Fields.
type Opening struct {
	Channel    string
	Customer   string // the host's id of the customer's file
	FirstAgent string // who was the first contact, when that is not the actor
	Content    string // what is wanted
	Source     string
	From       string // the case that this one was split from
}

// Open begins the ticket: the customer's request has reached the centre.
func (t *Ticket) Open(m Meta, o Opening) error {
	return t.Record(m, history.Opened, give(history.KeyKind, kindOfCase, history.KeyChannel, o.Channel, KeyCustomer, o.Customer,
		KeyFirstAgent, o.FirstAgent, KeyContent, o.Content, history.KeySource, o.Source, KeyFrom, o.From))
}

// Register enters the ticket in the register, with the mode in which that was done ("automatic", "manual").
func (t *Ticket) Register(m Meta, mode string) error {
	return t.Record(m, history.Registered, give(KeyMode, mode))
}

// Check records how the customer was identified and what the need is; either may be empty and follow in another entry.
func (t *Ticket) Check(m Meta, identity, need string) error {
	return t.Record(m, history.Checked, give(KeyIdentity, identity, KeyNeed, need))
}

// Accept takes the ticket on. The actor owns it from here on; see [Ticket.Owner]. Accepting again, after a dispatch or by somebody else, is
// in order.
func (t *Ticket) Accept(m Meta) error { return t.Record(m, history.Accepted, nil) }

// Classification is what a ticket is taken for. Whatever is left empty is not recorded.
type Classification struct {
	Urgency, Impact, Importance string
	// Tier, where it is not left to Rules.Grades.
	Tier, Request, Class, Complexity string
	Basis                            string
}

// Classify sets attributes. The first of Rules.Grades that fits the ticket, these values included, adds its own, unless the classification
// has them.
func (t *Ticket) Classify(m Meta, c Classification) error {
	e := history.Entry{Kind: history.Classified, Fields: slices.Concat(give(KeyUrgency, c.Urgency, KeyImpact, c.Impact,
		history.KeyImportance, c.Importance, history.KeyTier, c.Tier, history.KeyRequest, c.Request, history.KeyClass, c.Class,
		history.KeyComplexity, c.Complexity, KeyBasis, c.Basis), m.Fields)}
	j := judging{fold: t.now, e: &e}
	for _, g := range t.program.rules.Grades {
		if !j.applies(g.When) {
			continue
		}
		for key, v := range g.Set {
			if value(&e, key) == "" {
				e.Fields = append(e.Fields, history.Field{Key: key, Value: v})
			}
		}
		break
	}
	m.Fields = nil
	return t.Record(m, history.Classified, e.Fields)
}

// Dispatch gives the ticket to a unit, to persons, or to both. The owner stays the same until somebody accepts it there.
func (t *Ticket) Dispatch(m Meta, unit string, persons ...string) error {
	return t.Record(m, history.Dispatched, giveAll(give(history.KeyUnit, unit), history.KeyPerson, persons))
}

// HandOver is a dispatch by one who has the ticket, and says so in its mode. Until it is accepted elsewhere the owner stays the same.
func (t *Ticket) HandOver(m Meta, unit string, persons ...string) error {
	return t.Record(m, history.Dispatched, giveAll(give(KeyMode, HandOver, history.KeyUnit, unit), history.KeyPerson, persons))
}

// Plan records the measures decided on and, unless it is zero, the date promised.
func (t *Ticket) Plan(m Meta, measures string, due time.Time) error {
	f := give(KeyMeasures, measures)
	if !due.IsZero() {
		f = append(f, give(history.KeyDue, history.FormatInstant(due))...)
	}
	return t.Record(m, history.Planned, f)
}

// Start begins the work.
func (t *Ticket) Start(m Meta) error { return t.Record(m, history.Started, nil) }

// FirstHandled records that the first handling was done.
func (t *Ticket) FirstHandled(m Meta) error { return t.Record(m, history.FirstHandled, nil) }

// Investigate records cause, nature and impact.
func (t *Ticket) Investigate(m Meta, cause, nature, impact string) error {
	return t.Record(m, history.Investigated, give(KeyCause, cause, KeyNature, nature, KeyImpact, impact))
}

// Reply records an answer to the customer, and by which channel it went.
func (t *Ticket) Reply(m Meta, channel string) error {
	return t.Record(m, history.Responded, give(history.KeyChannel, channel))
}

// TellProgress records that the customer was told how far the ticket is.
func (t *Ticket) TellProgress(m Meta, state, channel string) error {
	return t.Record(m, history.ProgressTold, give(KeyState, state, history.KeyChannel, channel))
}

// Message records words that are no reply, of the customer or of the centre; the actor tells whose. Keep what identifies people in
// Meta.Personal.
func (t *Ticket) Message(m Meta, text string) error {
	return t.Record(m, history.Messaged, give(KeyText, text))
}

// Hold lets the work wait. A reason is required; there may be several. A ticket that waits already must be resumed first.
func (t *Ticket) Hold(m Meta, reasons ...string) error {
	return t.Record(m, history.Held, giveAll(nil, history.KeyReason, reasons))
}

// Resume ends the wait, for whatever it was.
func (t *Ticket) Resume(m Meta, reason string) error {
	return t.Record(m, history.Resumed, give(history.KeyReason, reason))
}

// Escalate takes the ticket to a higher level and perhaps to a unit. The owner stays the same.
func (t *Ticket) Escalate(m Meta, level, unit string) error {
	return t.Record(m, history.Escalated, give(history.KeyLevel, level, history.KeyUnit, unit))
}

// Report records that somebody above was told.
func (t *Ticket) Report(m Meta, to, form string) error {
	return t.Record(m, history.Reported, give(KeyTo, to, KeyForm, form))
}

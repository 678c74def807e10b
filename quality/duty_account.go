package quality

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/sla/calendar"
)

// DutyState is how an obligation stands. The zero value is [Owed].
type DutyState uint8

// The states. Their texts are "owed", "reminded", "kept", "overdue" and "escalated".
const (
	// Owed: it has begun and is neither done nor due.
	Owed DutyState = iota
	// Reminded: at least one reminder has passed.
	Reminded
	// Kept: it is done, perhaps late.
	Kept
	// Overdue: the grace is over, and it is not done.
	Overdue
	// Escalated: overdue, and at least one rung of the ladder has passed.
	Escalated
)

var dutyStates = [...]string{Owed: "owed", Reminded: "reminded", Kept: "kept", Overdue: "overdue", Escalated: "escalated"}

// String returns the text of the state.
func (s DutyState) String() string {
	if int(s) < len(dutyStates) {
		return dutyStates[s]
	}
	return fmt.Sprintf("DutyState(%d)", uint8(s))
}

// MarshalText returns the same text as [DutyState.String], and [ErrFormat] for a value that is none.
func (s DutyState) MarshalText() ([]byte, error) {
	if int(s) >= len(dutyStates) {
		return nil, fmt.Errorf("%w: %v", ErrFormat, s)
	}
	return []byte(dutyStates[s]), nil
}

// UnmarshalText reads what [DutyState.MarshalText] writes. Other text is refused with [ErrFormat] and leaves s as it was.
func (s *DutyState) UnmarshalText(text []byte) error {
	if i := slices.Index(dutyStates[:], string(text)); i >= 0 {
		*s = DutyState(i)
		return nil
	}
	return fmt.Errorf("%w: state %.40q", ErrFormat, text)
}

// Obligation is what one subject owes in one period.
type Obligation struct {
	// ID is a UUID of version 5 from the duty, the subject and the dates of the period: it is the same whoever works it out, and when.
	ID      uuid.UUID `json:"id"`
	Duty    string    `json:"duty"`
	Clause  string    `json:"clause,omitempty"`
	Subject string    `json:"subject"`
	Owner   string    `json:"owner,omitempty"`
	// Shown is the kind of entry that shows it.
	Shown string `json:"shown,omitempty"`
	// First and Last are the dates of the period, both included.
	First calendar.Date `json:"first"`
	Last  calendar.Date `json:"last"`
	// Begin is the first instant of the period, End the first after it, Due the first after its grace.
	Begin time.Time `json:"begin"`
	End   time.Time `json:"end"`
	Due   time.Time `json:"due"`
	State DutyState `json:"state"`
	// Reminders is how many reminders had passed when it was done, one at that very instant included; Role is who has it by the last rung passed.
	Reminders int    `json:"reminders,omitempty"`
	Role      string `json:"role,omitempty"`
	// Done is the sum of amounts, or without a need the number of times; Kept is when it was enough; Late tells that this was not before Due.
	Done decimal.Decimal `json:"done"`
	Kept time.Time       `json:"kept,omitzero"`
	Late bool            `json:"late,omitempty"`
	// Evidence are the ids of what was counted, in the order of time.
	Evidence []string `json:"evidence,omitempty"`
}

// String says it in one line, as in "training of Li for 2026-04-01 to 2026-06-30: overdue since 2026-07-01".
func (o Obligation) String() string {
	text := fmt.Sprintf("%s of %s for %v to %v: %v", o.Duty, o.Subject, o.First, o.Last, o.State)
	switch o.State {
	case Overdue, Escalated:
		text += " since " + o.Due.Format(time.DateOnly)
		if o.Role != "" {
			text += ", with " + o.Role
		}
	case Kept:
		text += " on " + o.Kept.Format(time.DateOnly)
		if o.Late {
			text += ", late"
		}
	default:
		text += ", due " + o.Due.Format(time.DateOnly)
	}
	return text
}

// Account is how a subject stands with a duty at an instant.
type Account struct {
	// Obligations are all that have begun by then, the oldest first. What is overdue stays beside what is owed next.
	Obligations []Obligation `json:"obligations"`
	// Next is the next instant at which something changes by time alone: a period begins, a reminder, an end of grace, a rung. Zero if none will.
	Next time.Time `json:"next,omitzero"`
	// Unused are the ids of evidence that counts for no period: done before the first or after the last, or with SinceLast a second time on one
	// day. What is done ahead, for a period that has not begun, is not among them.
	Unused []string `json:"unused,omitempty"`
}

// Account says how a subject stands with the duty at an instant, from evidence in any order. It is a function of its arguments: the
// same facts give the same answer, whenever it is asked and whatever was asked before. What happens after now has not happened yet.
//
// One piece of evidence counts for one period: the one that it names; otherwise the oldest whose grace it is in and that still lacks something; otherwise
// that of its own date. Once grace is over, only evidence that names the period can make up for it.
//
// Refused with [ErrDuty], and nothing answered: what [Duty.Validate] refuses; a subject without id or From, or that leaves before it comes;
// evidence without an id or instant, with an id that stands twice, or without an amount where one is needed; years before 1900 or
// from 9000; more than 10,000 periods. Cost: one step for each period since From, and sorting the evidence.
//
// To have somebody reminded and called, see Desk.Owe of the root package: each obligation is a case there, on the clock of the handbook's clause.
func (d *Duty) Account(s DutySubject, evidence []Evidence, now time.Time) (Account, error) {
	if err := d.Validate(); err != nil {
		return Account{}, err
	}
	switch {
	case s.ID == "" || !plausible(s.From):
		return Account{}, fmt.Errorf("%w %.40q: subject %.40q has no id, or does not say since when", ErrDuty, d.ID, s.ID)
	case !s.Until.IsZero() && (s.Until.Before(s.From) || !plausible(s.Until)):
		return Account{}, fmt.Errorf("%w %.40q: subject %.40q leaves before it comes", ErrDuty, d.ID, s.ID)
	case !plausible(now):
		return Account{}, fmt.Errorf("%w %.40q: now is %v", ErrDuty, d.ID, now)
	}
	if !s.Until.IsZero() && s.Until.Before(now) {
		now = s.Until
	}
	facts, err := d.sorted(evidence, now)
	if err != nil {
		return Account{}, err
	}
	l := ledger{duty: d, subject: s, now: now}
	if d.SinceLast {
		err = l.sinceLast(facts)
	} else {
		err = l.byCalendar(facts)
	}
	if err != nil {
		return Account{}, err
	}
	l.Obligations = slices.DeleteFunc(l.Obligations, func(o Obligation) bool { return !d.asks(o.Begin) })
	for i := range l.Obligations {
		l.stand(&l.Obligations[i])
	}
	return l.Account, nil
}

// ledger is one account while it is drawn up.
type ledger struct {
	Account
	duty    *Duty
	subject DutySubject
	now     time.Time
}

// byCalendar draws up one obligation for each period of the calendar.
func (l *ledger) byCalendar(facts []Evidence) error {
	d := l.duty
	first := d.Cycle.rank(d.date(l.subject.From))
	if d.start(d.Cycle.first(first)).Before(l.subject.From) {
		first++
	}
	for rank := first; ; rank++ {
		begun, err := l.open(d.Cycle.first(rank), d.Cycle.first(rank+1).AddDays(-1))
		if err != nil {
			return err
		}
		if !begun {
			break
		}
	}
	for _, e := range facts {
		on := d.date(e.At)
		if !e.For.IsZero() {
			on = e.For
		}
		at := d.Cycle.rank(on) - first
		if e.For.IsZero() {
			for back := min(at, len(l.Obligations)) - 1; back >= 0 && e.At.Before(l.Obligations[back].Due); back-- {
				if l.Obligations[back].Kept.IsZero() {
					at = back
				}
			}
		}
		switch {
		case 0 <= at && at < len(l.Obligations):
			l.count(&l.Obligations[at], e)
		case at < 0 || e.For.IsZero() || l.Next.IsZero():
			l.Unused = append(l.Unused, e.ID)
		default: // done ahead of a period that has not begun
		}
	}
	return nil
}

// sinceLast draws up obligations of which each begins when the one before it was done.
func (l *ledger) sinceLast(facts []Evidence) error {
	d := l.duty
	last := d.date(l.subject.From).AddDays(-1)
	begun, err := l.open(last.AddDays(1), d.Cycle.after(last))
	if err != nil {
		return err
	}
	for _, e := range facts {
		if !begun || e.At.Before(l.subject.From) || d.date(e.At).Compare(last) <= 0 {
			l.Unused = append(l.Unused, e.ID)
			continue
		}
		o := &l.Obligations[len(l.Obligations)-1]
		if l.count(o, e); o.Kept.IsZero() {
			continue
		}
		last = d.date(e.At)
		// What the next one has may be nothing yet: then what is done on this day once more finds no period.
		if begun, err = l.open(last.AddDays(1), d.Cycle.after(last)); err != nil {
			return err
		}
	}
	return nil
}

// open adds the obligation of a period that has begun, and reports whether it has; if not, it may be what comes next.
func (l *ledger) open(first, last calendar.Date) (bool, error) {
	d, s := l.duty, l.subject
	o := Obligation{
		ID: obligationID(d.ID, s.ID, first, last), Duty: d.ID, Clause: d.Clause, Subject: s.ID, Owner: s.Owner, Shown: d.Shown, First: first, Last: last,
		Begin: d.start(first), End: d.start(last.AddDays(1)), Due: d.start(last.AddDays(1 + d.Grace)),
	}
	if !s.Until.IsZero() && o.End.After(s.Until) {
		return false, nil
	}
	if o.Begin.After(l.now) {
		if d.asks(o.Begin) {
			l.changes(o.Begin)
		}
		return false, nil
	}
	if len(l.Obligations) == maxObligations {
		return false, fmt.Errorf("%w %.40q: %.40q has more than %d periods", ErrDuty, d.ID, s.ID, maxObligations)
	}
	l.Obligations = append(l.Obligations, o)
	return true, nil
}

// count adds evidence to an obligation.
func (l *ledger) count(o *Obligation, e Evidence) {
	amount, need := e.Amount, l.duty.Need
	if need.IsZero() {
		amount, need = decimal.New(1, 0), decimal.New(1, 0)
	}
	o.Done = o.Done.Add(amount)
	o.Evidence = append(o.Evidence, e.ID)
	if o.Kept.IsZero() && o.Done.GreaterThanOrEqual(need) {
		o.Kept = e.At
		o.Late = !e.At.Before(o.Due)
	}
}

// day is what a reminder and a rung count in.
const day = 24 * time.Hour

// stand says how an obligation stands now, and notes when that changes.
func (l *ledger) stand(o *Obligation) {
	d := l.duty
	kept := !o.Kept.IsZero()
	for _, days := range d.Remind {
		at := o.Due.Add(-time.Duration(days) * day)
		if at.Before(o.Begin) {
			at = o.Begin
		}
		switch {
		case kept && at.After(o.Kept):
		case !at.After(l.now):
			o.Reminders++
			o.State = Reminded
		case !kept:
			l.changes(at)
		}
	}
	if kept {
		o.State = Kept
		return
	}
	if o.Due.After(l.now) {
		l.changes(o.Due)
	} else {
		o.State = Overdue
	}
	for _, r := range d.Ladder {
		if at := o.Due.Add(time.Duration(r.Days) * day); at.After(l.now) {
			l.changes(at)
		} else {
			o.State, o.Role = Escalated, r.Role
		}
	}
}

// changes notes an instant at which something changes, unless the subject has left by then.
func (l *ledger) changes(at time.Time) {
	if (l.Next.IsZero() || at.Before(l.Next)) && (l.subject.Until.IsZero() || !at.After(l.subject.Until)) {
		l.Next = at
	}
}

func obligationID(duty, subject string, first, last calendar.Date) uuid.UUID {
	space := uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/servicecharter/charter/duty"))
	var b []byte
	for _, part := range []string{duty, subject, first.String() + "/" + last.String()} {
		b = binary.AppendUvarint(b, uint64(len(part))) // else "a", "bc" and "ab", "c" would be one
		b = append(b, part...)
	}
	return uuid.NewSHA1(space, b)
}

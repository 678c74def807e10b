package records

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
)

// Record is what a decision is made of.
type Record struct {
	ID      string
	Class   string // the record class, in the host's words: case file, complaint, contract, ...
	History history.History
	Reviews []Review
}

// Review is what a person said on the disposal of a record.
type Review struct {
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Agree bool      `json:"agree"` // false: objects
}

// Action is what is to be done with a record. The zero Action is to keep it.
type Action int

// The actions.
const (
	// Keep: it may not be disposed of.
	Keep Action = iota
	// DueForReview: it may be disposed of, when enough persons agree.
	DueForReview
	// Dispose: it is to be disposed of.
	Dispose
)

// String names the action in English.
func (a Action) String() string {
	return cmp.Or(map[Action]string{Keep: "keep", DueForReview: "due for review", Dispose: "dispose"}[a], "unknown")
}

// Decision is what the rules say on one record at one instant, and why.
type Decision struct {
	Record string
	Class  string
	At     time.Time
	Action Action

	// Until: of a record to keep, the instant at which the answer changes if nothing else happens; of one due for review, its ceiling. Zero: none is
	// known.
	Until time.Time
	// Due is since when the record may, or must, be disposed of. Zero for one to keep.
	Due time.Time
	// Missing is how many persons still have to agree.
	Missing int

	Reasons  []Reason  // the deciding ones first
	Findings []Finding // what a person should look at, whatever the decision
}

// Clauses names the clauses whose periods the decision rests on, each once, in the order of the rules.
func (d Decision) Clauses() []string {
	var ids []string
	for _, r := range d.Reasons {
		if (r.Code == ReasonPerhaps || r.Code == ReasonFloor || r.Code == ReasonCeiling) && !slices.Contains(ids, r.Clause) {
			ids = append(ids, r.Clause)
		}
	}
	return ids
}

// Decide says what is to be done with a record at an instant. It is a function of its arguments alone, and never fails: what is unclear keeps
// the record, with the reason.
//
// In this order, the first that speaks decides:
//
//  1. A hold that stands keeps the record.
//  2. A floor that is not over keeps it: the longest of all that apply. So does a floor whose start is not known or whose figure is unstated, a rule of which it cannot be told
//     whether it applies, and a record that no rule speaks of, of an unknown class too.
//  3. A ceiling that is over, the earliest of all, disposes of it. A floor that ends later goes first; that the two clauses disagree is a finding.
//  4. A floor that is over, while no ceiling is, leaves the record free to go, but nothing demands it: it is due for review by a person.
//  5. A ceiling that is not over keeps the record as long as no floor has freed it: "at most five years" lets nobody dispose of it after one.
//
// So a further rule need not keep a record longer. Of a record under a ceiling alone, a second clause whose floor is over makes one that is due for review:
// it says for how long the record is needed, and that time is past. Whether it goes early is still for a person; without one it goes when the ceiling is over, as before.
//
// A rule with Review asks for two persons. They count once the record is due and free of holds: what was said before that, or by the same person twice, does
// not. Where a period begins on a day before the first entry, which the field of an entry may say ([CodeEarlyStart]), at least one person has to agree: a date that somebody
// mistyped shall not dispose of a young record. A standing objection stops disposal even where no review was asked for; the last word of each person counts.
//
// The entries of the record may stand in any order. Those that happened or were recorded after now are not looked at, so that a decision can be repeated later.
func (s *Schedule) Decide(r Record, holds []Hold, now time.Time) Decision {
	d := Decision{Record: r.ID, Class: r.Class, At: now}
	c := chooser{d: &d, now: now}
	entries := r.History.Sorted().Entries
	if len(entries) == 0 || now.IsZero() || now.Before(entries[0].At) {
		c.keep(Reason{Code: ReasonClock})
		d.Findings = append(d.Findings, Finding{Code: CodeClock})
	}
	entries = known(entries, now)
	attributes := attributesOf(entries)
	c.hold(r, holds, attributes)
	if s != nil {
		c.zone = s.zone
		for i := range s.rules {
			c.rule(&s.rules[i], r.Class, entries, attributes)
		}
	}
	c.decide(r.Reviews)
	return d
}

// known leaves the entries that had happened and were recorded by an instant.
func known(entries []history.Entry, now time.Time) []history.Entry {
	future := func(e history.Entry) bool { return e.At.After(now) || e.RecordedAt().After(now) }
	if !slices.ContainsFunc(entries, future) {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), future)
}

// chooser gathers what speaks for and against disposal.
type chooser struct {
	d    *Decision
	now  time.Time
	zone *time.Location

	kept    bool // whatever the periods say
	spoken  bool // a rule applies, or may
	review  bool // some rule asks for a second person
	early   bool // some period begins before the record
	floor   end
	ceiling end
	free    time.Time // the last release of a hold
}

// end is when a period of a rule is over.
type end struct {
	at     time.Time
	clause string
}

func (c *chooser) because(r Reason) { c.d.Reasons = append(c.d.Reasons, r) }

func (c *chooser) keep(r Reason) {
	c.kept = true
	c.because(r)
}

func (c *chooser) find(code Code, value string, clauses ...string) {
	c.d.Findings = append(c.d.Findings, Finding{Code: code, Clauses: clauses, Value: value})
}

func (c *chooser) hold(r Record, holds []Hold, attributes values) {
	for i := range holds {
		h := &holds[i]
		if err := h.Check(); err != nil {
			c.keep(Reason{Code: ReasonHold, Hold: h.Name, From: h.Placed})
			c.find(CodeBadHold, h.Name)
			continue
		}
		if !h.covers(r.ID, r.Class, attributes) {
			continue
		}
		if h.stands(c.now) {
			c.keep(Reason{Code: ReasonHold, Hold: h.Name, From: h.Placed})
		} else if !h.Released.IsZero() && !h.Released.After(c.now) && h.Released.After(c.free) {
			c.free = h.Released
		}
	}
}

func (c *chooser) rule(r *Rule, class string, entries []history.Entry, attributes values) {
	if len(r.Classes) > 0 && !slices.Contains(r.Classes, class) {
		return
	}
	applies := attributes.meet(r.When)
	if applies == no {
		return
	}
	c.spoken = true
	c.review = c.review || r.Review
	if applies == unknown {
		for _, a := range attributes.lacks(r.When) {
			c.find(CodeUnknownAttribute, a, r.Clause)
		}
	}
	start, bad := r.From.in(entries)
	if bad != "" {
		c.find(CodeBadInstant, bad, r.Clause)
	}
	if !start.IsZero() && c.dayOf(start).Before(c.dayOf(entries[0].At)) {
		c.early = true
		c.find(CodeEarlyStart, history.FormatInstant(start), r.Clause)
	}
	notStarted := ReasonNotStarted
	if r.From == (Start{}) {
		notStarted = ReasonNoStart
		c.find(CodeNoStart, "", r.Clause)
	}
	reason := Reason{Clause: r.Clause, Start: r.From, From: start}
	if !r.AtLeast.IsZero() {
		reason.Period = r.AtLeast
		switch {
		case r.AtLeast.Unstated:
			reason.Code = ReasonNoFigure
			c.keep(reason)
			c.find(CodeNoFigure, "", r.Clause)
		case start.IsZero():
			reason.Code = notStarted
			c.keep(reason)
		default:
			reason.Code, reason.End = ReasonFloor, r.AtLeast.End(start, c.zone)
			if applies == unknown {
				reason.Code = ReasonPerhaps
			}
			c.because(reason)
			if c.floor.clause == "" || reason.End.After(c.floor.at) {
				c.floor = end{reason.End, r.Clause}
			}
		}
	}
	if !r.AtMost.IsZero() && applies == yes {
		switch reason.Period = r.AtMost; {
		case r.AtMost.Unstated:
			c.find(CodeNoFigure, "", r.Clause)
			if r.AtLeast.IsZero() {
				reason.Code = ReasonNoFigure
				c.because(reason)
			}
		case start.IsZero():
			if r.AtLeast.IsZero() { // else it has been said
				reason.Code = notStarted
				c.because(reason)
			}
		default:
			reason.Code, reason.End = ReasonCeiling, r.AtMost.End(start, c.zone)
			c.because(reason)
			if c.ceiling.clause == "" || reason.End.Before(c.ceiling.at) {
				c.ceiling = end{reason.End, r.Clause}
			}
		}
	}
}

// dayOf is the beginning of the civil day of an instant, as a wall time.
func (c *chooser) dayOf(at time.Time) time.Time {
	y, m, d := at.In(c.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (c *chooser) decide(reviews []Review) {
	d := c.d
	if !c.spoken {
		c.keep(Reason{Code: ReasonNoRule})
		c.find(CodeNoRule, d.Class)
	}
	floored, capped := c.floor.clause != "", c.ceiling.clause != ""
	if floored && capped && c.ceiling.at.Before(c.floor.at) {
		c.find(CodeConflict, "", c.ceiling.clause, c.floor.clause)
	}
	defer sortReasons(d)
	switch {
	case c.kept:
		return
	case floored && c.now.Before(c.floor.at):
		d.Until = c.floor.at
		return
	case !floored && !capped:
		return // a ceiling without a start or a figure
	case !floored && c.now.Before(c.ceiling.at):
		d.Until = c.ceiling.at
		return
	}
	over := capped && !c.now.Before(c.ceiling.at)
	need := 0
	switch {
	case c.review:
		need = 2
	case !over || c.early:
		need = 1
	}
	d.Action, d.Due = DueForReview, c.floor.at
	if over {
		d.Due = c.ceiling.at
		if floored && d.Due.Before(c.floor.at) {
			d.Due = c.floor.at
		}
	} else if capped {
		d.Until = c.ceiling.at
	}
	since := d.Due
	if c.free.After(since) {
		since = c.free
	}
	agreed, objections := c.heard(reviews, since)
	d.Missing = max(need-agreed, 0)
	if d.Missing == 0 && objections == 0 {
		d.Action, d.Until = Dispose, time.Time{}
	}
	if d.Missing > 0 {
		c.because(Reason{Code: ReasonReview, Count: d.Missing})
	}
}

// heard counts the last word of each person, if it was given when the record could have been disposed of.
func (c *chooser) heard(reviews []Review, since time.Time) (agreed, objections int) {
	last := map[string]Review{}
	for _, v := range reviews {
		if v.By == "" || v.At.Before(since) || v.At.After(c.now) {
			continue
		}
		// Of two words of one instant the objection counts.
		if was, spoke := last[v.By]; !spoke || v.At.After(was.At) || v.At.Equal(was.At) && !v.Agree {
			last[v.By] = v
		}
	}
	said := make([]Review, 0, len(last))
	for _, v := range last {
		said = append(said, v)
	}
	slices.SortFunc(said, func(a, b Review) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.By, b.By)) })
	for _, v := range said {
		code := ReasonAgreed
		if v.Agree {
			agreed++
		} else {
			objections++
			code = ReasonObjection
		}
		c.because(Reason{Code: code, By: v.By, From: v.At})
	}
	return agreed, objections
}

// sortReasons puts what decides first: holds, then what is not known, then periods by their end, and what persons said last.
func sortReasons(d *Decision) {
	slices.SortStableFunc(d.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(rank[a.Code], rank[b.Code]), b.End.Compare(a.End))
	})
}

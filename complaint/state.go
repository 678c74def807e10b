package complaint

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// State is where a complaint stands. What the complainant says of the result is another matter: see [Complaint.Answer].
type State string

// The states.
const (
	New       State = ""          // not opened
	Open      State = "open"      // in hand
	OnHold    State = "on hold"   // waiting
	Resolved  State = "resolved"  // settled, as the agent says
	Closed    State = "closed"    // over
	Archived  State = "archived"  // put away
	Merged    State = "merged"    // went on as part of another
	Cancelled State = "cancelled" // withdrawn
)

// Change is an attribute that was set to another value than it had.
type Change struct {
	Attribute string
	From, To  string // From is empty the first time
	At        time.Time
	Seq       uint64
	Basis     string // of the classification, if it gave one
}

// Solution is the record of what is to be done.
type Solution struct {
	Problem  string
	Measures []string
	Owner    string    // who is responsible
	Due      time.Time // when it is to be finished; zero when it was not said
}

// fold is what a history amounts to, read step by step.
type fold struct {
	state       State
	resolved    bool
	held        bool
	dropped     bool // merged or cancelled: no flow holds any more
	begun       bool // some step has been taken, if not opened
	opened      time.Time
	done        map[history.Kind]bool
	attributes  map[string][]string
	facts       map[string]bool // the fields that some entry gave
	problem     string
	owner       string
	provisional bool
	answer      string
	solution    Solution
	changes     []Change
}

func newFold() *fold {
	return &fold{
		done: map[history.Kind]bool{}, attributes: map[string][]string{}, facts: map[string]bool{}, provisional: true,
	}
}

// lookup gives the values of a field for a rule that judges an entry: its own, or those of the case.
func (s *fold) lookup(e history.Entry, key string) []string {
	if own := values(e.Fields, key); len(own) > 0 {
		return own
	}
	return s.attributes[key]
}

// known tells whether any entry so far, or this one, gives the field.
func (s *fold) known(e history.Entry, key string) bool {
	return len(values(e.Fields, key)) > 0 || s.facts[key]
}

// values are those of a key that say something.
func values(f history.Fields, key string) []string {
	var vs []string
	for v := range f.All(key) {
		if v != "" {
			vs = append(vs, v)
		}
	}
	return vs
}

func first(vs []string) string {
	if len(vs) == 0 {
		return ""
	}
	return vs[0]
}

// ended tells whether only what comes after the end is left.
func (s *fold) ended() bool {
	switch s.state {
	case Closed, Archived, Merged, Cancelled:
		return true
	}
	return false
}

// apply reads one entry, whatever the rules think of it.
func (s *fold) apply(e history.Entry) {
	s.begun = true
	s.remember(e)
	if problem := first(values(e.Fields, KeyProblem)); problem != "" {
		s.problem = problem
	}
	if provisionalResult(e) {
		s.done[history.Responded] = true
		return
	}
	s.done[e.Kind] = true
	switch e.Kind {
	case history.Opened:
		if s.opened.IsZero() {
			s.opened = e.At
		}
		if s.owner == "" {
			s.owner = e.Actor.ID
			if agent, ok := e.Fields.Get(KeyFirstAgent); ok && agent != "" {
				s.owner = agent
			}
		}
	case history.Accepted:
		if e.Actor.ID != "" {
			s.owner = e.Actor.ID
		}
	case history.Held:
		s.held = true
	case history.Resumed:
		s.held = false
	case history.Resolved:
		s.resolved, s.held = true, false
	case history.Planned:
		s.plan(e)
	case history.ResultTold:
		s.answer = ""
	case history.ResultConfirmed:
		if s.answer, _ = e.Fields.Get(history.KeyAnswer); s.answer == AnswerDisputed {
			s.setback()
		}
	case history.FollowedUp:
		if e.Fields.Has(KeySolved, No) && !s.ended() {
			s.setback()
		}
	case history.Classified:
		if e.Fields.Has(KeyBasis, BasisAnalysis) {
			s.provisional = false
		}
	case history.Reopened:
		s.setback()
		s.answer = ""
	}
	s.move(e.Kind)
}

// move finds the state after a step.
func (s *fold) move(k history.Kind) {
	switch k {
	case history.Closed:
		s.state, s.held = Closed, false
	case history.Archived:
		s.state, s.held = Archived, false
	case history.Merged:
		s.state, s.held, s.dropped = Merged, false, true
	case history.Cancelled:
		s.state, s.held, s.dropped = Cancelled, false, true
	case history.Reopened:
		s.state, s.dropped = Open, false
	}
	if s.ended() {
		return
	}
	switch {
	case s.held:
		s.state = OnHold
	case s.resolved:
		s.state = Resolved
	default:
		s.state = Open
	}
}

// setback makes what leads to an outcome due again.
func (s *fold) setback() {
	s.resolved, s.held = false, false
	for _, k := range []history.Kind{
		history.Planned, history.Resolved, history.Verified, history.ResultTold, history.ResultConfirmed, history.Closed, history.Archived,
	} {
		delete(s.done, k)
	}
}

func (s *fold) plan(e history.Entry) {
	s.solution = Solution{Problem: s.problem, Measures: values(e.Fields, KeyMeasures), Owner: first(values(e.Fields, KeyOwner))}
	if due, ok := e.Fields.Get(history.KeyDue); ok {
		if at, err := history.ParseInstant(due); err == nil {
			s.solution.Due = at
		}
	}
}

// remember takes in the fields of an entry; it costs what they are, however many.
func (s *fold) remember(e history.Entry) {
	given := make(map[string][]string, len(e.Fields))
	var keys []string
	for _, f := range e.Fields {
		if f.Value == "" {
			continue
		}
		if given[f.Key] == nil {
			keys = append(keys, f.Key)
		}
		given[f.Key] = append(given[f.Key], f.Value)
	}
	for _, key := range keys {
		s.facts[key] = true
		if !history.SetsAttributes(e.Kind) {
			continue
		}
		if before := first(s.attributes[key]); before != given[key][0] && key != KeyBasis {
			s.changes = append(s.changes, Change{
				Attribute: key, From: before, To: given[key][0], At: e.At, Seq: e.Seq, Basis: first(given[KeyBasis]),
			})
		}
		s.attributes[key] = given[key]
	}
}

// provisionalResult tells a result that is not yet the result. It is a response.
func provisionalResult(e history.Entry) bool {
	return e.Kind == history.ResultTold && e.Fields.Has(KeyInitial, "true")
}

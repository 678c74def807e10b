package measure

import (
	"fmt"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Record is what is known of one case, person, service or problem, to be counted by the measures that are computed from its kind.
type Record struct {
	Of      Of
	History history.History
	// Clocks are the case's clocks as of Now, for measures of attainment.
	Clocks []sla.Clock
	// Slice is what the host knows and the history does not say: the group of a service, the channel that a desk serves. Entries say
	// otherwise from their instant on. A member of staff is an agent: of people, the agent is the case of the history unless it is given here.
	Slice Slice
	// Now is the instant of the count: what happens later is not known yet.
	Now time.Time
	// From and To are the window, from the first instant up to but without the second, over which people and services are counted. Facts
	// are attributed to From: use windows that lie within one period of the tally, and shorter than 292 years.
	From, To time.Time

	facts
}

// facts are what many measures ask about a case, by position among the entries; -1 is never.
type facts struct {
	entries   []history.Entry
	slices    []Slice // of each entry
	person    string  // who has the case, as entries name it
	began     int     // opened or detected
	first     int     // the first end: resolved, restored or closed
	end       int     // the end that stands: not undone by a reopening or a dispute
	settled   int     // the resolution that stands
	undone    int     // the first reopening or dispute after an end
	withdrawn int     // cancelled or merged
	answers   []int   // entries surveyed that answer a question of the table, readable and on its scale
}

// Entries returns what happened by Now, in the order of time. It is for measures of a host's own, while they observe; the slice is not to
// be changed.
func (r *Record) Entries() []history.Entry { return r.entries }

// prepare checks a record and reads what many measures ask about.
func (r *Record) prepare() error {
	switch {
	case r.Of == Host || r.Of > Problems:
		return fmt.Errorf("%w: %q is of %v", ErrRecord, r.History.Case, r.Of)
	case r.Now.IsZero():
		return fmt.Errorf("%w: %q has no Now", ErrRecord, r.History.Case)
	case (r.Of == People || r.Of == Services) && (!r.To.After(r.From) || saturated(r.To.Sub(r.From))):
		return fmt.Errorf("%w: %q has a window from %s to %s", ErrRecord, r.History.Case, history.FormatInstant(r.From), history.FormatInstant(r.To))
	}
	es := r.History.Sorted().Entries
	n := len(es)
	for n > 0 && es[n-1].At.After(r.Now) {
		n--
	}
	f := facts{entries: es[:n], slices: r.slices[:0], answers: r.answers[:0], began: -1, first: -1, end: -1, settled: -1, undone: -1, withdrawn: -1}
	for i := range f.entries {
		switch e := &f.entries[i]; e.Kind {
		case history.Opened, history.Detected:
			if f.began < 0 {
				f.began = i
			}
		case history.Resolved, history.Restored, history.Closed:
			if f.first < 0 {
				f.first = i
			}
			if f.end < 0 {
				f.end = i
			}
			if f.settled < 0 && e.Kind != history.Closed {
				f.settled = i
			}
		case history.Reopened:
			f.undo(i)
			f.withdrawn = -1
		case history.ResultConfirmed:
			if e.Fields.Has(history.KeyAnswer, "disputed") {
				f.undo(i)
			}
		case history.Cancelled, history.Merged:
			f.withdrawn = i
		}
		f.cut(i, r)
	}
	r.facts = f
	return nil
}

func (f *facts) undo(i int) {
	if f.first >= 0 && f.undone < 0 {
		f.undone = i
	}
	f.end, f.settled = -1, -1
}

// at returns an observation attributed to an entry, and sliced as the case stood then.
func (r *Record) at(i int, fact Fact) Observation {
	e := &r.entries[i]
	return Observation{At: e.At, Seq: e.Seq, Slice: r.slices[i], Fact: fact}
}

// on returns an observation of an instant, sliced as the case stood then.
func (r *Record) on(at time.Time, fact Fact) Observation {
	o := Observation{At: at, Slice: r.base(), Fact: fact}
	for i := range r.entries {
		if r.entries[i].At.After(at) {
			break
		}
		o.Slice = r.slices[i]
	}
	return o
}

// base is the slice before the first entry.
func (r *Record) base() Slice {
	s := r.Slice
	if r.Of == People && s.Agent == "" {
		s.Agent = r.History.Case
	}
	return s
}

// cut adds the slice of an entry: tier, channel, group and agent as known by it. Where neither the host nor an entry names the person, the
// case is with the agent who acted on it last: what a customer answers or a supervisor reviews later is about that agent's work, also
// after a reopening, until another agent acts. A problem is with whom an entry planned or improved names as its owner.
func (f *facts) cut(i int, r *Record) {
	base := r.base()
	s := base
	if i > 0 {
		s = f.slices[i-1]
	}
	e := &f.entries[i]
	if r.Of == Problems && (e.Kind == history.Planned || e.Kind == history.Improved) {
		if unit, has := e.Fields.Get(history.KeyUnit); has {
			s.Group = unit
		}
		if owner, has := e.Fields.Get("owner"); has {
			s.Agent, f.person = owner, owner
		}
	}
	if history.SetsAttributes(e.Kind) {
		for _, field := range e.Fields {
			switch field.Key {
			case history.KeyTier:
				s.Tier = field.Value
			case history.KeyChannel:
				s.Channel = field.Value
			case history.KeyUnit:
				s.Group = field.Value
			case history.KeyPerson:
				s.Agent, f.person = field.Value, field.Value
			}
		}
	}
	if f.person == "" && base.Agent == "" && e.Actor.ID != "" && strings.HasSuffix(e.Actor.Role, history.RoleAgent) {
		s.Agent = e.Actor.ID
	}
	f.slices = append(f.slices, s)
}

// attribute is the last value of an attribute of the case.
func (r *Record) attribute(key string) (value string, ok bool) {
	for i := range r.entries {
		if e := &r.entries[i]; history.SetsAttributes(e.Kind) {
			if v, has := e.Fields.Get(key); has {
				value, ok = v, true
			}
		}
	}
	return value, ok
}

// index is the first entry of one of these kinds from a position on, or -1.
func (r *Record) index(from int, kinds ...history.Kind) int {
	for i := max(from, 0); i < len(r.entries); i++ {
		for _, k := range kinds {
			if r.entries[i].Kind == k {
				return i
			}
		}
	}
	return -1
}

// says reads yes or no.
func says(e *history.Entry, key string) (yes, known bool) {
	v, ok := e.Fields.Get(key)
	if !ok {
		return false, false
	}
	switch v {
	case "yes", "true", "1":
		return true, true
	case "no", "false", "0":
		return false, true
	}
	return false, false
}

package sla

import (
	"errors"
	"fmt"
	"math"

	"github.com/servicecharter/charter/history"
)

// ErrLate is returned by [Run.Step] for an entry that happened before the last
// one: the incremental form has passed it, so evaluate the whole history again.
var ErrLate = errors.New("sla: entry is earlier than the last one")

// ErrInstant is matched by the error for an entry outside the years 1700 to
// 2199, which no clock can count.
var ErrInstant = errors.New("sla: instant outside the years 1700 to 2199")

// Run is the state of one case on a [Plan]: feed it the entries in order, ask
// it at any instant. [Plan.Start] makes it ready and reuses its memory; until
// then it has no clocks. A Run must not be copied and serves one goroutine at
// a time.
type Run struct {
	plan    *Plan
	watches []watchState
	targets []targetState
	marks   []int64 // instants of reached marks, or never
	attrs   []byte
	fresh   []byte    // attributes of the entry at hand; clear between entries
	decided *decision // on attrs
	memo    memo
	rests   []bool // by stopwatch: none of its targets will ever cover the case
	dials   []dial

	progress

	ended  []Clock // cycles that others have replaced
	buffer []Mark
	// While it is counting, outcomes take the place of ended.
	outcomes []Outcome
	counting bool
	scratch  *Run
	trace    *trace // nil unless an explanation is wanted
}

// dial is where a meter stood at the last instant at which it was read: the
// stopwatches on one calendar ask for the same instants.
type dial struct{ at, position int64 }

// position is where a stopwatch's meter stands at t.
func (r *Run) position(w *watch, t int64) int64 {
	if w.dial < 0 {
		return t
	}
	d := &r.dials[w.dial]
	if d.at != t {
		d.at, d.position = t, w.meter.position(t)
	}
	return d.position
}

// progress is what a Run knows of the case as a whole.
type progress struct {
	begun, closed, withdrawn bool
	closedAt                 int64
	lastAt                   int64
	lastSeq                  uint64
	taken                    int // revisions of plan.taken that have taken over
	// The revision in force at the first entry, and its first target: earlier
	// ones can never say anything about the case.
	first, target0 int32
	alone          bool // that revision has judged the case from its first entry and is the last one
	final          bool // no entry after the one at hand sets attributes, and so the stopwatches without a target may rest
	settled        bool // its attributes are final, and no other revision has a say
	evaluated      bool
}

type phase uint8

const (
	idle phase = iota
	running
	paused
	stopped
	cancelled
)

func (p phase) open() bool { return p == running || p == paused }

// watchState is where a stopwatch stands.
type watchState struct {
	phase   phase
	live    bool // its revision judges the cycle
	shadow  bool // not live, but its revision will take over what runs by then
	retired bool // a later revision has taken the cycle over
	onHold  bool
	rearmed bool // a cancel came after the stop: the next start opens a cycle
	lapsed  bool // cancelled by the closing of the case, and not reopened since
	badDue  bool
	cycle   uint32
	bits    uint64 // which of StopAll have happened
	start   int64
	stop    int64
	early   int64 // a stop before the start or after a lapse, or never
	due     int64 // recorded deadline
	base    int64 // position from which the cycle counts
	held    int64 // units taken out by ended pauses
	frozen  int64 // position at the pause or stop
	moved   int64 // when an entry last moved deadlines: what it brought about is not reached before
	mark    int64 // position at moved where a hold or stop ended there, or never
}

type force uint8

const (
	out     force = iota // never in force in this cycle
	unclear              // an attribute is missing
	in
	dropped
)

// targetState is what a target adds to its stopwatch.
type targetState struct {
	force    force
	kept     bool  // another target stays
	start    int64 // from which it counts
	since    int64 // when it came into force by a change
	base     int64 // consumption at that moment, where it is given back
	breached int64 // or never
	due      int64 // deadline once it is fixed, or never
	room     int64 // use that it allows
	dropped  int64
	used     int64 // consumption when dropped
	before   int64 // held before it came into force, where that is not its own
	held     int64 // held when dropped
}

// Start makes r ready for a new case. A zero Run may be given; one that has
// been used keeps its memory.
func (p *Plan) Start(r *Run) {
	if r.plan != p {
		size := 0
		if n := len(p.slotAt); n > 0 {
			size = p.slotAt[n-1]
		}
		*r = Run{
			plan:    p,
			watches: make([]watchState, len(p.watches)),
			targets: make([]targetState, len(p.targets)),
			marks:   make([]int64, p.marks),
			attrs:   make([]byte, size),
			fresh:   make([]byte, size),
			rests:   make([]bool, len(p.watches)),
			dials:   p.newDials(),
		}
	}
	copy(r.watches, p.idle)
	clear(r.targets)
	clear(r.attrs)
	clear(r.rests)
	r.decided = p.bare
	r.progress = progress{lastAt: math.MinInt64}
}

// Step takes the next entry, in the order of At and, at equal instants, Seq.
// It returns the clocks whose cycle this entry replaced by a new one; they and
// their marks are valid until the next call. It allocates nothing once the
// case has had as many ended cycles as before.
//
// An entry before the last gives [ErrLate] and changes nothing, and so does any
// after [Run.Evaluate]. Entries of
// kinds that no metric names only set attributes, if their kind does that.
func (r *Run) Step(e *history.Entry) ([]Clock, error) {
	r.ended, r.buffer = r.ended[:0], r.buffer[:0]
	if r.plan == nil {
		return nil, nil
	}
	if r.evaluated {
		return nil, fmt.Errorf("%w: entry %d at %v comes after an evaluation", ErrLate, e.Seq, e.At)
	}
	err := r.step(e)
	return r.ended, err
}

func (r *Run) step(e *history.Entry) error {
	t := nanos(e.At)
	if t == never || t == math.MinInt64 {
		return fmt.Errorf("%w: entry %d at %v", ErrInstant, e.Seq, e.At)
	}
	if t < r.lastAt || t == r.lastAt && e.Seq < r.lastSeq {
		return fmt.Errorf("%w: entry %d at %v", ErrLate, e.Seq, e.At)
	}
	if !r.begun && len(r.plan.revisions) > 0 {
		first := r.plan.inForce(t)
		r.alone = int(first) == len(r.plan.revisions)-1
		r.first = max(first, 0)
		r.target0 = r.plan.revisions[r.first].target0
	}
	r.cross(t)
	if r.trace != nil {
		r.trace.by = causeOf(e)
	}
	if len(e.Fields) > 0 && history.SetsAttributes(e.Kind) && r.absorb(e) {
		if r.decide(); r.begun {
			r.retarget(t)
		}
	}
	r.begun, r.lastAt, r.lastSeq = true, t, e.Seq
	if r.final {
		r.excuse()
	}
	reactions := r.plan.reactionsTo(e.Kind, r.first)
	for i := range reactions {
		if a := &reactions[i]; !r.rests[a.watch] {
			r.react(a, e, t)
		}
	}
	switch e.Kind {
	case history.Closed:
		r.closed, r.closedAt = true, t
	case history.Reopened:
		r.closed, r.withdrawn = false, false
	case history.Merged, history.Cancelled:
		r.withdrawn = true
	}
	return nil
}

// excuse lets stopwatches rest whose targets do not cover the case, when its
// attributes are final. Where several revisions have a say they go on counting,
// for each other.
func (r *Run) excuse() {
	if r.final, r.settled = false, r.alone; !r.alone {
		return
	}
	for wi := r.plan.revisions[r.first].watch0; int(wi) < len(r.watches); wi++ {
		r.rests[wi] = r.watches[wi].phase == idle && !r.decided.covers[wi]
	}
}

// react applies one entry to one stopwatch.
func (r *Run) react(a *reaction, e *history.Entry, t int64) {
	w, s := &r.plan.watches[a.watch], &r.watches[a.watch]
	m, does := &w.metric, a.by(e)
	if does&stops != 0 || does&mayComplete != 0 && s.collect(m, e) == w.all {
		switch {
		case s.phase.open():
			r.halt(a.watch, t, stopped)
		case s.phase == idle && !m.Repeat && s.early == never, s.lapsed && s.early == never:
			s.early = t
			r.trace.stoppedEarly(a.watch)
		}
	}
	if does&cancels != 0 {
		if s.phase.open() {
			r.halt(a.watch, t, cancelled)
			s.lapsed = e.Kind == history.Closed
		}
		s.rearmed, s.onHold, s.early, s.bits = true, false, never, 0
	}
	if does&mayReopen != 0 && w.rules.Reopen != IgnoreReopen {
		stop := does&undoes != 0
		if stop {
			s.bits = 0
		}
		if stop && s.phase == stopped || s.lapsed && e.Kind == history.Reopened && does&cancels == 0 {
			s.onHold = false
			r.reopen(a.watch, t)
		}
	}
	hold := s.onHold
	if does&mayHold != 0 {
		hold = does&pauses != 0
	}
	if hold && does&resumes != 0 {
		hold = false
	}
	if hold != s.onHold {
		r.hold(a.watch, t, hold)
	}
	if does&starts != 0 {
		r.begin(a.watch, e, t)
	}
}

// collect notes which of the all-of stops have happened.
func (s *watchState) collect(m *Metric, e *history.Entry) uint64 {
	if s.phase.open() || s.phase == idle && !m.Repeat {
		for i := range m.StopAll {
			if m.StopAll[i].Matches(e) {
				s.bits |= 1 << i
			}
		}
	}
	return s.bits
}

package sla

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// Plan is a compiled set of revisions. It is immutable and safe for
// concurrent use; a [Run] is the state of one case on it.
type Plan struct {
	revisions []revision
	targets   []target
	watches   []watch
	groups    [][]int32            // ranked targets, best first
	kinds     map[history.Kind]int // number of each kind of the host
	reactions [][][]reaction       // by kind and by the revision in force at the first entry, whose stopwatches and later ones react
	slotNames []string
	slotAt    []int // first byte of a slot; slotAt[len(slotNames)] is the end
	values    []map[string]int
	marks     int
	dials     []dialKey
	idle      []watchState
	bare      *decision // on a case without attributes
	// taken are the revisions that take over running clocks at once.
	taken []int32
}

type revision struct {
	id     string
	from   int64
	atOnce bool
	zone   *time.Location // for people
	// Stopwatches and targets stand in the order of their revisions; these are
	// its first ones.
	watch0, target0 int32
}

// watch is a stopwatch: what several targets of one metric on one meter share.
type watch struct {
	metric  Metric
	meter   meter
	rules   Semantics
	rev     int32
	dial    int32 // among those of its plan; -1 on the wall clock
	targets []int32
	all     uint64  // the bits of StopAll
	kin     []int32 // stopwatches of the same clauses in other revisions
	starts  string  // what starts it, for people
	stops   string
	promise string // the field that records the deadline
}

// dialKey tells apart meters that may stand at different positions.
type dialKey struct {
	basis Basis
	cal   *calendar.Calendar
}

func (c *compiler) dial(m *meter) int32 {
	if m.cal == nil {
		return -1
	}
	key := dialKey{m.basis, m.cal}
	if i := slices.Index(c.dials, key); i >= 0 {
		return int32(i)
	}
	c.dials = append(c.dials, key)
	return int32(len(c.dials)) - 1
}

// newDials returns dials that have not been read.
func (p *Plan) newDials() []dial {
	dials := make([]dial, len(p.dials))
	for i := range dials {
		dials[i].at = never
	}
	return dials
}

// target is a compiled Target.
type target struct {
	id      string
	rev     int32
	watch   int32
	span    Span
	missing string // "figure", "basis", "calendar", or entries that the host never records
	terms   []term
	group   int32 // -1: stands for itself
	limit   int64 // consumption at the deadline
	over    int64 // consumption at the breach where use is rounded; 0: the breach is a nanosecond after the deadline
	marks   []mark
	mark0   int // where its marks stand in a Run
}

type term struct {
	slot   int
	first  int // byte of the slot
	not    bool
	values []byte
}

// mark is a compiled warning or rung.
type mark struct {
	name, role string
	permille   int
	onMeter    bool
	span       bool  // a span on the meter, not a share
	offset     int64 // consumption at the mark, or distance from the deadline on the wall
}

// reaction tells what an entry of one kind does to a stopwatch: in any case,
// and where one of the matches selects it that ask for more than the kind.
type reaction struct {
	watch int32
	does  effect
	some  []conditional
}

type conditional struct {
	match Match
	does  effect
}

// effect is a set of what an entry can do to a stopwatch.
type effect uint16

const (
	starts effect = 1 << iota
	stops
	pauses
	resumes
	cancels
	undoes      // a stop
	mayComplete // the kind stands in StopAll
	mayHold     // it stands in Pause
	mayReopen   // it may undo an end
)

func (a *reaction) add(m Match, does effect) {
	switch {
	case does == 0:
	case len(m.Fields) == 0:
		a.does |= does
	default:
		a.some = append(a.some, conditional{m, does})
	}
}

// by is what the entry does.
func (a *reaction) by(e *history.Entry) effect {
	does := a.does
	for i := range a.some {
		if c := &a.some[i]; c.match.Matches(e) {
			does |= c.does
		}
	}
	return does
}

// reactionsTo returns what an entry of a kind does to the stopwatches of a
// revision and later ones.
func (p *Plan) reactionsTo(k history.Kind, first int32) []reaction {
	n, named := k.Index(), true
	if n < 0 {
		n, named = p.kinds[k]
	}
	if !named || n >= len(p.reactions) {
		return nil
	}
	return p.reactions[n][first]
}

// Targets returns the ids of all targets, in the order in which clocks are
// listed.
func (p *Plan) Targets() []string {
	ids := make([]string, len(p.targets))
	for i := range p.targets {
		ids[i] = p.targets[i].id
	}
	return ids
}

// Attributes returns the names of the attributes on which the plan depends.
func (p *Plan) Attributes() []string { return slices.Clone(p.slotNames) }

// inForce returns the revision in force at an instant, or -1 before the first.
func (p *Plan) inForce(t int64) int32 {
	r := int32(len(p.revisions)) - 1
	for r >= 0 && p.revisions[r].from > t {
		r--
	}
	return r
}

package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Times is a case as a row of a host's table has it: an instant for each thing that happened, attributes, and the stretches in which
// work waited. [FromTimes] makes a history of it.
//
// A host maps its columns to kinds. The usual ones, though the contract decides what each stands for:
//
//	created, reported                 Opened (Detected for an incident that monitoring noticed)
//	taken on, triaged                 Accepted
//	assigned                          Dispatched
//	first reply, first response       Responded
//	solved, fixed, done               Resolved (Restored for a service that runs again)
//	closed                            Closed
//	withdrawn, duplicate              Cancelled, Merged
//	acknowledged to the complainant   Acknowledged
//
// Map only what a column really says: the first change of a status is no reply, and the last change of a row is no closing.
type Times struct {
	Case string
	// Attributes are what the case is: kind, tier, channel, ... They go on the opening entry.
	Attributes Fields
	// At says when each thing happened; a zero time means that it has not. Any kind but the empty one may be used, so a column's
	// name that is no kind, such as "created_at", is taken as a kind of the host; [Check] finds it.
	At map[Kind]time.Time
	// Pauses may come in any order and overlap. They say that work waited, not that a clock stopped; see [Pause].
	Pauses []Pause
}

// Pause is a stretch of time in which work waited, from the first instant up to the second. It is a fact; what it does to a deadline is
// decided by the policy that judges the case:
//
//   - A charter.Handbook pauses nothing, whatever the reason, until its Settings.Pauses name the metric and the reasons. The edit
//     charter.SetPauses sets them.
//   - Of sla.StandardMetrics, used by themselves, those of the work (resolution, closure, recovery, periodic-update and
//     requester-wait-time) pause on the reason "customer" only, agent-work-time on every reason, and the others never.
type Pause struct {
	From   time.Time
	To     time.Time // zero: still waiting
	Reason string    // what it waited for, such as RoleCustomer; may be empty, and then no policy that names a reason pauses
}

// MaxReasons is how many reasons may hold at one instant of a row.
const MaxReasons = 64

// FromTimes makes a history from a row. Rows are written when it suits the host, so every entry counts as recorded at once.
//
// It builds what the row says and does not doubt it. Pass the result to [Check] when a new source of data is connected, and whenever rows
// are not trusted: it finds a kind that is not of the vocabulary ([CodeUnknownKind], such as the name of a column instead of a kind: no clock
// starts or stops there unless a rule of the host's names it), a case without an opening, and columns in an impossible order.
//
// Entries are numbered from 1, by instant; at one instant in the order of [Kinds], with the kinds of the host just before merged, cancelled,
// closed, archived and disposed. Equal rows give equal histories. Attributes stand on the entry opened, or on detected when there is no
// opened.
//
// Pauses become entries held and resumed, with the field reason when there is one. Pauses of one reason that overlap or touch are one.
// Where pauses of several reasons overlap, the stretch is divided so that each part has exactly the reasons that hold in it, and a
// clock that waits only for some of them waits just then. A pause without length is nothing. A pause may end after the last
// instant of the row, or not at all.
//
// The zero Times gives a history without entries. Errors name the case and the pause, counted from 1: [ErrPause] for one that
// ends before it begins or has no beginning, and for more than [MaxReasons] reasons at once; [ErrNoOpening] for attributes without an entry to carry them, and, as an [*EntryError],
// what an entry cannot hold.
func FromTimes(t Times) (History, error) {
	opening := Opened
	if t.At[Opened].IsZero() {
		opening = Detected
	}
	if len(t.Attributes) > 0 && t.At[opening].IsZero() {
		return History{}, fmt.Errorf("history: case %q: %w", t.Case, ErrNoOpening)
	}
	entries := make([]Entry, 0, len(t.At)+2*len(t.Pauses))
	for kind, at := range t.At {
		if at.IsZero() {
			continue
		}
		e := Entry{At: at, Kind: kind}
		if kind == opening {
			e.Fields = slices.Clone(t.Attributes).Canonical()
		}
		entries = append(entries, e)
	}
	entries, err := appendPauses(entries, t.Pauses)
	if err != nil {
		return History{}, fmt.Errorf("history: case %q: %w", t.Case, err)
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), compareKinds(a.Kind, b.Kind))
	})
	for i := range entries {
		entries[i].Seq = uint64(i) + 1
		if field, err := entries[i].fault(); err != nil {
			return History{}, &EntryError{Case: t.Case, Seq: entries[i].Seq, Field: field, Err: err}
		}
	}
	return History{Case: t.Case, Entries: entries}, nil
}

// An edge is the instant at which a pause of some reason begins or ends.
type edge struct {
	at     time.Time
	reason string
	by     int // +1 or -1 pauses of that reason
}

// appendPauses sweeps over the edges and writes a held for each stretch with some set of reasons, and a resumed at its end.
func appendPauses(entries []Entry, pauses []Pause) ([]Entry, error) {
	edges := make([]edge, 0, 2*len(pauses))
	for i, p := range pauses {
		switch {
		case p.From.IsZero():
			return nil, fmt.Errorf("pause %d (reason %q): %w: no beginning", i+1, p.Reason, ErrPause)
		case !p.To.IsZero() && p.To.Before(p.From):
			return nil, fmt.Errorf("pause %d (reason %q): %w: ends at %s, before it begins at %s", i+1, p.Reason, ErrPause,
				FormatInstant(p.To), FormatInstant(p.From))
		case p.To.Equal(p.From):
			continue
		}
		edges = append(edges, edge{p.From, p.Reason, 1})
		if !p.To.IsZero() {
			edges = append(edges, edge{p.To, p.Reason, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return a.at.Compare(b.at) })

	open := map[string]int{} // pauses in force, by reason
	var before []string      // their reasons, sorted
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at.Equal(at); i++ {
			e := edges[i]
			if open[e.reason] += e.by; open[e.reason] == 0 {
				delete(open, e.reason)
			}
		}
		if len(open) > MaxReasons {
			return nil, fmt.Errorf("%w: more than %d reasons at once, at %s", ErrPause, MaxReasons, FormatInstant(at))
		}
		now := slices.Sorted(maps.Keys(open))
		if len(now) > 1 && now[0] == "" {
			now = now[1:] // a pause for no stated reason adds nothing to one for a stated one
		}
		if slices.Equal(before, now) {
			continue
		}
		if len(before) > 0 {
			entries = append(entries, Entry{At: at, Kind: Resumed, Fields: reasons(before)})
		}
		if len(now) > 0 {
			entries = append(entries, Entry{At: at, Kind: Held, Fields: reasons(now)})
		}
		before = now
	}
	return entries, nil
}

func reasons(sorted []string) Fields {
	var f Fields
	for _, r := range sorted {
		if r != "" {
			f = append(f, Field{KeyReason, r})
		}
	}
	return f
}

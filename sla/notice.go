package sla

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/servicecharter/charter/history"
)

// NoticeKind says why somebody is told.
type NoticeKind uint8

const (
	// WarningNotice: a warning's instant has come.
	WarningNotice NoticeKind = iota
	// BreachNotice: the limit has been exceeded.
	BreachNotice
	// EscalationNotice: a rung's instant has come, and its role takes over.
	EscalationNotice
	// RevisedNotice: a deadline that was told while it was provisional has
	// moved, because newer days or rules are known. See [Revised].
	RevisedNotice
	// ReminderNotice: a warning of a duty ([MetricDuty]): it is owed by then, and
	// nobody has done it yet.
	ReminderNotice
)

var noticeNames = []string{"warning", "breach", "escalation", "revised", "reminder"}

// String returns "warning", "breach", "escalation", "revised" or "reminder".
func (k NoticeKind) String() string { return optionText(noticeNames, uint8(k)) }

// Text names the kind for people: in Simplified Chinese for the BCP 47 tag "zh"
// and its variants, as String does for all others.
func (k NoticeKind) Text(language string) string {
	if notices := wordsFor(language).notices; int(k) < len(notices) {
		return notices[k]
	}
	return k.String()
}

// MarshalText returns the kind's name.
func (k NoticeKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the kind's name.
func (k *NoticeKind) UnmarshalText(t []byte) error { return optionValue(noticeNames, t, k) }

// Notice is something the host has to tell somebody.
type Notice struct {
	// ID is a version 5 UUID made of case, clause, cycle, kind and mark; of
	// both deadlines where one was revised. Every recomputation, on whatever
	// machine, makes the same one, so a unique column makes sure that it is sent
	// once.
	ID     uuid.UUID  `json:"id"`
	Case   string     `json:"case"`
	Kind   NoticeKind `json:"kind"`
	Target string     `json:"clause"`
	Metric string     `json:"metric"`
	Cycle  uint32     `json:"cycle"`
	// Name is the warning's or rung's name; empty for a breach.
	Name string `json:"name,omitempty"`
	// Role is who takes over, for an escalation.
	Role string `json:"role,omitempty"`
	// At is the instant that the rule names, not the one of its computation;
	// only that a deadline was revised bears the instant at which it was found.
	At  time.Time `json:"at"`
	Due time.Time `json:"due"`
	// Was is the deadline before it was revised.
	Was         time.Time `json:"was,omitzero"`
	Provisional bool      `json:"provisional,omitempty"`
	// Open tells that the clock was still open when it was evaluated: the
	// work is not done yet.
	Open bool `json:"open"`
}

// Window selects notices by their own instants.
type Window struct {
	// After is exclusive; zero means since ever. A fact that is recorded late
	// can make a notice due at an instant that has passed: a host that wants
	// those too leaves After zero and lets the ids keep out the ones it has.
	After time.Time
	// Until is inclusive: usually the instant of evaluation.
	Until time.Time
	// Cutover keeps notices before it away for good, so that a host that
	// starts with thousands of old open cases is not flooded. Zero means none.
	Cutover time.Time
}

func (w Window) holds(t time.Time) bool {
	return t.After(w.After) && !t.After(w.Until) && !t.Before(w.Cutover)
}

// noticeSpace is the name space of the ids, itself made from a URL so that
// anybody can make it again.
func noticeSpace() uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/servicecharter/charter/notice"))
}

// Notices returns what has fallen due inside the window, in the order of At. It
// is a pure function of its arguments. A clock that stopped, was superseded or
// cancelled gives what it reached before and nothing after.
//
// Only marks that were reached by the evaluation of the clocks count, so
// evaluate at w.Until.
func Notices(caseID string, clocks []Clock, w Window) []Notice {
	var out []Notice
	space := noticeSpace()
	add := func(c *Clock, k NoticeKind, m Mark) {
		if !w.holds(m.At) {
			return
		}
		n := Notice{
			Case: caseID, Kind: k, Target: c.Target, Metric: c.Metric, Cycle: c.Cycle, Name: m.Name, Role: m.Role,
			At: m.At, Due: c.Due, Provisional: c.Provisional, Open: c.Open,
		}
		n.ID = n.id(space)
		out = append(out, n)
	}
	for i := range clocks {
		c := &clocks[i]
		for _, m := range c.Marks {
			switch {
			case !m.Reached:
			case m.Role != "":
				add(c, EscalationNotice, m)
			case c.Metric == MetricDuty:
				add(c, ReminderNotice, m)
			default:
				add(c, WarningNotice, m)
			}
		}
		if !c.BreachedAt.IsZero() {
			add(c, BreachNotice, Mark{At: c.BreachedAt})
		}
	}
	slices.SortStableFunc(out, func(a, b Notice) int { return a.At.Compare(b.At) })
	// A revision that took over at once lists a cycle twice, and both clocks may
	// have reached the same mark: the first one counts.
	seen := make(map[uuid.UUID]bool, len(out))
	return slices.DeleteFunc(out, func(n Notice) bool {
		again := seen[n.ID]
		seen[n.ID] = true
		return again
	})
}

// id depends on what identifies the notice and on nothing that may be computed
// anew: not on its instant, and not on the deadline, unless that is the news.
func (n *Notice) id(space uuid.UUID) uuid.UUID {
	parts := []string{n.Case, n.Target, strconv.FormatUint(uint64(n.Cycle), 10), n.Kind.String(), n.Name, n.Role}
	if n.Kind == RevisedNotice {
		parts = append(parts, history.FormatInstant(n.Was), history.FormatInstant(n.Due))
	}
	var b []byte
	for _, part := range parts {
		// The length before each part keeps two ids apart whatever they contain.
		b = strconv.AppendInt(b, int64(len(part)), 10)
		b = append(b, ':')
		b = append(b, part...)
	}
	return uuid.NewSHA1(space, b)
}

package records

import (
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// Check holds a record to the demand. The entries may stand in any order; they should be numbered. A malformed demand gives [Unknown], and a record without
// entries owes nothing yet. It takes time in proportion to the entries, and allocates little else than what it finds.
func (c Content) Check(r Record) Holding { return c.CheckWithin(r, time.Time{}, time.Time{}) }

// CheckWithin is Check for a demand that was in force from one instant on, up to but without another; zero is always. It is owed for those entries of On,
// or, without On, with any entry, that happened then, and only entries of that time have to name their actors. What answers the demand may have happened at any
// time. Where nothing of it happened then, nothing is owed.
func (c Content) CheckWithin(r Record, from, to time.Time) Holding {
	h := Holding{Clause: c.Clause, State: Unknown, Advised: c.Advised}
	if c.Validate() != nil {
		return h
	}
	if len(c.Classes) > 0 && !slices.Contains(c.Classes, r.Class) {
		h.State = Elsewhere
		return h
	}
	k := checker{Content: &c, entries: r.History.Sorted().Entries}
	if len(c.When) > 0 {
		switch attributesOf(k.entries).meet(c.When) {
		case no:
			h.State = Elsewhere
			return h
		case unknown:
			return h
		}
	}
	k.done, k.owing = make([]int, 0, len(k.entries)), make([]int, 0, len(k.entries))
	for i := range k.entries {
		e := &k.entries[i]
		if !from.IsZero() && e.At.Before(from) || !to.IsZero() && !e.At.Before(to) {
			continue
		}
		k.done = append(k.done, i)
		if c.On.Kind == "" || c.On.Matches(e) {
			k.owing = append(k.owing, i)
		}
	}
	if len(k.owing) == 0 {
		h.State = Pending
		return h
	}
	k.holds()
	k.actors()
	k.words()
	if h.Lacks, h.State = k.lacks, Complete; len(h.Lacks) > 0 {
		h.State = Incomplete
	}
	return h
}

// checker gathers what a record lacks.
type checker struct {
	*Content
	entries []history.Entry // in their order
	done    []int           // those that happened while the demand was in force
	owing   []int           // those of them with which it is owed
	lacks   []Lack
}

func (k *checker) holds() {
	switch k.Where {
	case Anywhere:
		k.among(k.entries, nil)
	case Before:
		first := k.owing[0]
		k.among(k.entries[:first+1], []uint64{k.number(first)})
	case Later:
		k.behind()
	case Itself:
		for _, any := range k.Holds {
			for _, i := range k.owing {
				if !selects(any, &k.entries[i]) {
					k.lack(CodeMissing, matchesText(any), []uint64{k.number(i)})
				}
			}
		}
	}
}

// number is that of an entry, or its place where nobody numbered it.
func (k *checker) number(i int) uint64 {
	if n := k.entries[i].Seq; n != 0 {
		return n
	}
	return uint64(i) + 1
}

// among looks for what is demanded among the first entries, seen from those of some numbers.
func (k *checker) among(entries []history.Entry, seenFrom []uint64) {
	rest := entries
	for _, any := range k.Holds {
		i := 0
		for i < len(rest) && !selects(any, &rest[i]) {
			i++
		}
		if i < len(rest) {
			if k.Ordered {
				rest = rest[i+1:]
			}
			continue
		}
		if early := k.numbers(len(entries), any); len(early) > 0 {
			k.lack(CodeOutOfOrder, matchesText(any), early)
		} else {
			k.lack(CodeMissing, matchesText(any), seenFrom)
		}
	}
}

// behind looks for what is demanded behind each entry with which it is owed. What stands behind one stands behind those before it, so that it is enough to know
// the last place of each demand; of demands in an order, the last place from which on all of them follow.
func (k *checker) behind() {
	last := func(any []sla.Match, before int) int {
		for before--; before >= 0 && !selects(any, &k.entries[before]); {
			before--
		}
		return before
	}
	if !k.Ordered {
		for _, any := range k.Holds {
			k.owed(last(any, len(k.entries)), matchesText(any))
		}
		return
	}
	end, chain := len(k.entries), make([]string, len(k.Holds))
	for j, any := range slices.Backward(k.Holds) {
		end, chain[j] = last(any, end), matchesText(any)
	}
	k.owed(end, strings.Join(chain, " → "))
}

// owed notes that something does not stand behind those entries that are no earlier than the last place of it.
func (k *checker) owed(last int, what string) {
	for _, i := range k.owing {
		if i >= last {
			k.lack(CodeMissing, what, []uint64{k.number(i)})
		}
	}
}

// numbers are those of the first n entries that one of some matches selects.
func (k *checker) numbers(n int, any []sla.Match) (of []uint64) {
	for i := range n {
		if selects(any, &k.entries[i]) {
			of = append(of, k.number(i))
		}
	}
	return of
}

func (k *checker) actors() {
	if !k.Actors {
		return
	}
	signed := k.done
	if k.Where == Itself {
		signed = k.owing
	}
	for _, i := range signed {
		if k.entries[i].Actor.ID == "" {
			k.lack(CodeNoActor, "", []uint64{k.number(i)})
		}
	}
}

func (k *checker) words() {
	if k.Words.IsZero() {
		return
	}
	says := func(phrase string, e *history.Entry) bool {
		for text := range e.Fields.All(k.Words.Field) {
			if strings.Contains(text, phrase) {
				return true
			}
		}
		return false
	}
	for _, phrase := range k.Words.None {
		for _, i := range k.owing {
			if says(phrase, &k.entries[i]) {
				k.lack(CodeForbidden, phrase, []uint64{k.number(i)})
			}
		}
	}
	if len(k.Words.Any) > 0 && !slices.ContainsFunc(k.owing, func(i int) bool {
		return slices.ContainsFunc(k.Words.Any, func(phrase string) bool { return says(phrase, &k.entries[i]) })
	}) {
		k.lack(CodeNoWords, strings.Join(k.Words.Any, " | "), nil)
	}
}

// lack notes one thing, and once only if it is the same of several entries.
func (k *checker) lack(code Code, what string, entries []uint64) {
	where := Anywhere
	if code == CodeMissing {
		where = k.Where
	}
	for i := range k.lacks {
		if l := &k.lacks[i]; l.Code == code && l.What == what {
			l.Entries = append(l.Entries, entries...)
			return
		}
	}
	k.lacks = append(k.lacks, Lack{Code: code, What: what, Where: where, Entries: entries})
}

func selects(any []sla.Match, e *history.Entry) bool {
	for i := range any {
		if any[i].Matches(e) {
			return true
		}
	}
	return false
}

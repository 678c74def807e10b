package charter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
)

// book is what a history says about its notices, read as simply as can be.
type book struct {
	standing map[uuid.UUID]history.Fields // recorded and not withdrawn
	open     map[uuid.UUID]bool           // still to be delivered, or a withdrawal is
	noted    map[string]history.Fields    // by clause and cycle
	commands map[string]int
	moot     map[uuid.UUID]bool
}

func field(f history.Fields, key string) string {
	v, _ := f.Get(key)
	return v
}

func cycleOf(f history.Fields) string { return field(f, "clause") + " " + field(f, "cycle") }

func readBook(h history.History) (b book, problem string) {
	b = book{map[uuid.UUID]history.Fields{}, map[uuid.UUID]bool{}, map[string]history.Fields{}, map[string]int{}, map[uuid.UUID]bool{}}
	known, revised := map[uuid.UUID]bool{}, map[uuid.UUID]string{} // to somebody; the cycle
	for _, e := range h.Entries {
		f := e.Fields
		if key, ok := f.Get("command"); ok {
			b.commands[key]++
		}
		id, _ := uuid.Parse(field(f, "id"))
		switch e.Kind {
		case history.DeadlineNoted:
			b.noted[cycleOf(f)] = f
			// The case itself has moved the deadline; what was told of it is past.
			for id, cycle := range revised {
				if cycle == cycleOf(f) {
					delete(b.standing, id)
					delete(b.open, id)
					delete(known, id)
				}
			}
		case history.NoticeRecorded:
			if b.standing[id] != nil {
				return b, fmt.Sprintf("notice %s is recorded twice", id)
			}
			if field(f, "notice") == "revised" {
				was := b.noted[cycleOf(f)]
				if field(f, "was") == field(f, "due") || field(f, "was") != field(was, "due") || field(f, "due") == "" {
					return b, fmt.Sprintf("%v revises %v", f, was)
				}
				revised[id] = cycleOf(f)
			}
			b.standing[id] = f
			b.open[id] = !known[id]
		case history.NoticeWithdrawn:
			delete(b.standing, id)
			b.open[id] = known[id]
		case history.NoticeDelivered:
			// Somebody knows now that it stands, or that it does not any more.
			b.moot[id] = f.Has("moot", "true")
			known[id] = b.standing[id] != nil && !b.moot[id]
			delete(b.open, id)
		}
	}
	return b, ""
}

// check holds what the desks have left behind against a judgement of the
// histories by themselves: at any moment the index of what is due, and in the
// end that nothing is owed.
func (w *world) check(t testing.TB, end bool) string {
	ctx := context.Background()
	w.follower.follow(t, w.store)
	due := map[string]time.Time{}
	for item, err := range w.store.Due(ctx, w.now.AddDate(100, 0, 0)) {
		require.NoError(t, err)
		due[item.Case] = item.Next
	}
	for i := range 5 {
		id := fmt.Sprint("T-", i)
		fail := func(format string, args ...any) string { return id + ": " + fmt.Sprintf(format, args...) }
		st, err := w.shops[0].desk.Status(ctx, id)
		if errors.Is(err, journal.ErrUnknownCase) {
			if keys := w.acked[id]; len(keys) > 0 {
				return fail("commands %v were acknowledged and are gone", keys)
			}
			continue
		}
		require.NoError(t, err)
		fail = func(format string, args ...any) string {
			return id + ": " + fmt.Sprintf(format, args...) + "\n" + transcript(st.History)
		}
		if !slices.EqualFunc(w.follower.cases[id].Entries, st.History.Entries, history.Entry.Equal) {
			return fail("what was scanned is not what is read")
		}
		if !due[id].Equal(st.Head.Next) {
			return fail("due at %v by the index, at %v by the head", due[id], st.Head.Next)
		}
		b, problem := readBook(st.History)
		if problem != "" {
			return fail("%s", problem)
		}
		for key, n := range b.commands {
			if n > 1 {
				return fail("command %s stands %d times", key, n)
			}
		}
		for _, key := range w.acked[id] {
			if b.commands[key] == 0 {
				return fail("command %s was acknowledged and is lost", key)
			}
		}
		j := st.Judgement
		lost, groundless, pending := w.owed(j, b)
		switch {
		case !end:
			if problem := w.planned(st.Head.Next, j.Next, len(lost)+len(groundless) > 0, pending); problem != "" {
				return fail("%s", problem)
			}
		case len(lost) > 0:
			return fail("%v of %v is lost", lost[0].Kind, lost[0].At)
		case len(groundless) > 0:
			return fail("%v stands without ground", groundless[0])
		case pending:
			return fail("something was never delivered")
		case !st.Head.Next.IsZero():
			return fail("still due at %v", st.Head.Next)
		default:
			for n := range b.standing {
				if w.delivered[n] == 0 && !b.moot[n] {
					return fail("%v is delivered by the record, and nobody got it", b.standing[n])
				}
			}
		}
	}
	return ""
}

// transcript lists the entries of a case.
func transcript(h history.History) string {
	var b strings.Builder
	for _, e := range h.Entries {
		fmt.Fprintf(&b, "%s %s", history.FormatInstant(e.At), e.Kind)
		for _, f := range e.Fields {
			if f.Key != "calendar" && f.Key != "revision" && f.Key != "metric" {
				fmt.Fprintf(&b, " %s=%.8s", f.Key, strings.TrimPrefix(f.Value, "2025-03-"))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// owed compares what stands in a history with what a judgement gives.
func (w *world) owed(j charter.Judgement, b book) (lost []sla.Notice, groundless []history.Fields, pending bool) {
	given := map[uuid.UUID]bool{}
	for _, n := range j.Notices(sla.Window{}) {
		given[n.ID] = true
		if b.standing[n.ID] == nil {
			lost = append(lost, n)
		}
	}
	for i := range j.Clocks {
		c := &j.Clocks[i]
		key := fmt.Sprint(c.Target, " ", c.Cycle)
		told := map[uuid.UUID]history.Fields{}
		for id, n := range b.standing {
			if field(n, "notice") == "revised" && cycleOf(n) == key {
				told[id] = n
			}
		}
		at, was, noted := history.FormatInstant(c.Due), b.noted[key], b.noted[key] != nil
		final := slices.ContainsFunc(mapValues(told), func(n history.Fields) bool { return !n.Has("provisional", "true") })
		switch {
		case !c.Open || c.State == sla.Paused, c.Provisional && final:
			// What was told while it ran, or by who knew more, stays.
			for id := range told {
				given[id] = true
			}
		case !noted || field(was, "due") == at || field(was, "calendar") == c.Calendar && field(was, "revision") == c.Revision:
		default:
			found := false
			for id, n := range told {
				if field(n, "due") == at && field(n, "was") == field(was, "due") {
					given[id], found = true, true
				}
			}
			if !found {
				lost = append(lost, sla.Notice{Kind: sla.RevisedNotice, At: c.Due, Target: c.Target})
			}
		}
	}
	for id, n := range b.standing {
		if !given[id] {
			groundless = append(groundless, n)
		}
	}
	for _, open := range b.open {
		pending = pending || open
	}
	return lost, groundless, pending
}

func mapValues[K comparable, V any](m map[K]V) (out []V) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// planned tells what is wrong with the instant at which a case is due.
func (w *world) planned(next, rules time.Time, work, pending bool) string {
	switch {
	case !next.IsZero() && !next.After(w.now):
		// Due: whoever attends to it plans it again.
	case work:
		return fmt.Sprintf("something is to be recorded, and the case is due at %v", next)
	case pending && (next.IsZero() || next.After(w.now.Add(time.Hour))):
		return fmt.Sprintf("something is to be delivered, and the case is due at %v", next)
	case pending:
	case !next.Equal(rules):
		return fmt.Sprintf("due at %v, by the handbook at %v", next, rules)
	}
	return ""
}

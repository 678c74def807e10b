package ticket_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// requireReloads holds a ticket against itself rebuilt from what was stored.
func requireReloads(t require.TestingT, made *ticket.Ticket, r *ticket.Rules) {
	stored := history.History{Case: made.Case()}
	for _, e := range made.History().Entries {
		text, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		back, err := history.Decode(text)
		require.NoError(t, err)
		stored.Entries = append(stored.Entries, back)
	}
	again, err := ticket.Load(stored, r)
	require.NoError(t, err)
	require.Equal(t, stands(made), stands(again))
	require.Equal(t, made.Attributes(), again.Attributes())
	require.Empty(t, again.Pending())
	for _, f := range ticket.Check(stored, r) {
		require.True(t, f.Advised, f.String())
	}
}

var books = []string{"standard", "etiquette", "norms", "enterprise", "telecom"}

// ruleSets are the rules of the five handbooks, the default ones and none.
var ruleSets = sync.OnceValues(func() ([]*ticket.Rules, error) {
	sets := []*ticket.Rules{nil, {}}
	for _, book := range books {
		all, err := rulebooks()
		if err != nil {
			return nil, err
		}
		sets = append(sets, all[book])
	}
	return sets, nil
})

func drawRules(t *rapid.T) *ticket.Rules {
	sets, err := ruleSets()
	require.NoError(t, err)
	return rapid.SampledFrom(sets).Draw(t, "rules")
}

// steps are drawn often enough that whole courses come about.
var steps = []history.Kind{
	history.Opened, history.Registered, history.Checked, history.Accepted, history.Classified, history.Dispatched, history.Planned,
	history.Investigated, history.Started, history.FirstHandled, history.Responded, history.ProgressTold, history.Messaged, history.Held,
	history.Resumed, history.Escalated, history.Reported, history.Resolved, history.Verified, history.ResultTold, history.ResultConfirmed,
	history.FollowedUp, history.Surveyed, history.Reviewed, history.Closed, history.Cancelled, history.Reopened, history.Archived,
	history.Merged, "acme.seen", history.Restored,
}

var course = []history.Kind{
	history.Opened, history.Checked, history.Reported, history.Classified, history.Registered, history.Dispatched, history.Accepted,
	history.Investigated, history.Planned, history.Started, history.ProgressTold, history.Held, history.Resumed, history.Resolved,
	history.Verified, history.ResultTold, history.FollowedUp, history.ResultConfirmed, history.Surveyed, history.Reviewed, history.Closed,
	history.Archived, history.Reopened,
}

// words are the values of each field that is drawn; every field of a rule is among them.
var words = map[string][]string{
	"channel": {"phone", "sms", "pigeon"}, "customer": {"C-7"}, "content": {"a"}, "request": {"fault", "feedback", "technical", "after_sales"},
	"class": {"network"}, "mode": {"automatic", "manual", ticket.HandOver}, "identity": {"a"}, "need": {"a"}, "tier": {"routine", "urgent"},
	"complexity": {"complex", "simple"}, "unit": {"network operations", "a"}, "person": {"li", "zhao"}, "informed": {"li"},
	"measures": {"a"}, "method": {"a"}, "due": {"2025-03-03T12:00:00Z"}, "cause": {"a"}, "nature": {"a"}, "impact": {"low", "high"},
	"state": {"a"}, "text": {"a"}, "reason": {"customer", "vendor"}, "level": {"agent", "team", "management"}, "to": {"supervisor"},
	"form": {"service report"}, "result": {"a"}, "steps": {"a"}, "follow_up": {"a"}, "answer": {"accepted", "disputed"},
	"solved": {"yes", "no"}, "satisfied": {"yes"}, "suggestion": {"a"}, "score": {"5"}, "lessons": {"a"}, "store": {"a"}, "into": {"T-2"},
	"tags": {"a", "b"}, "first_agent": {"chen"}, "part": {"T-3"}, "kind": {"ticket"},
}

var keys = func() (names []string) {
	for name := range words {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

func drawEntry(t *rapid.T, kinds []history.Kind) history.Entry {
	e := history.Entry{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	roles := []string{"agent", "agent", "supervisor", "management", "customer", "system", "technical support", ""}
	e.Actor = history.Actor{Role: rapid.SampledFrom(roles).Draw(t, "role"), ID: rapid.SampledFrom([]string{"li", "zhao", ""}).Draw(t, "id")}
	all := rapid.Bool().Draw(t, "all fields")
	for _, key := range keys {
		if all && key != "class" && key != "kind" || rapid.IntRange(0, 9).Draw(t, key) == 0 {
			e.Fields = append(e.Fields, history.Field{Key: key, Value: rapid.SampledFrom(words[key]).Draw(t, "value")})
		}
	}
	return e
}

// Whatever steps succeed, the stored entries give the same ticket back, Check is content with them, and what is refused leaves no trace.
func TestStepsReload(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := drawRules(t)
		made, err := ticket.Load(history.History{Case: "T-1"}, rules)
		require.NoError(t, err)
		now := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
		place := 0
		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			// Most steps follow the usual course, so that tickets come to an end.
			kinds := steps
			if rapid.IntRange(0, 3).Draw(t, "in course") > 0 {
				kinds = []history.Kind{course[place%len(course)]}
				place++
			}
			e := drawEntry(t, kinds)
			now = now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute)
			m := ticket.Meta{At: now, Actor: e.Actor, Now: now}
			if rapid.IntRange(0, 4).Draw(t, "late") == 0 {
				m.At = now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "by")) * time.Minute)
			}
			before, stood := made.Pending(), stands(made)
			if err := made.Record(m, e.Kind, e.Fields); err != nil {
				var refused *ticket.StepError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, e.Kind, refused.Step)
				require.NotNil(t, refused.Unwrap())
				require.Equal(t, before, made.Pending(), "step %d", i)
				require.Equal(t, stood, stands(made))
				continue
			}
			require.Len(t, made.Pending(), len(before)+1)
			require.Equal(t, uint64(len(before)+1), made.Pending()[len(before)].Seq)
		}
		requireReloads(t, made, rules)
	})
}

// A foreign history may be anything. Its entries may stand in any order, and what Check finds is what a reader sees who goes through the whole
// history for each entry anew.
func TestForeignHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := drawRules(t)
		start := time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)
		h := history.History{Case: "T-1"}
		for i := range rapid.IntRange(0, 40).Draw(t, "entries") {
			e := drawEntry(t, steps)
			e.Seq = uint64(i) + 1
			e.At = start.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "at")) * time.Minute)
			h.Entries = append(h.Entries, e)
		}
		found := ticket.Check(h, rules)
		shuffled := history.History{Case: h.Case, Entries: rapid.Permutation(h.Entries).Draw(t, "order")}
		other := ticket.Check(shuffled, rules)
		require.Len(t, other, len(found))
		for i := range found {
			require.Equal(t, found[i].Seq, h.Entries[found[i].Index].Seq)
			require.Equal(t, other[i].Seq, shuffled.Entries[other[i].Index].Seq)
			other[i].Index = found[i].Index
			require.Equal(t, found[i], other[i])
		}
		a, err := ticket.Load(h, rules)
		require.NoError(t, err)
		b, err := ticket.Load(shuffled, rules)
		require.NoError(t, err)
		require.Equal(t, stands(a), stands(b))
		requireOrderAsRead(t, h.Sorted(), found, rules)
	})
}

// requireOrderAsRead looks, for every kind that must come after another, back through the entries until that one is found or a reopening is.
func requireOrderAsRead(t *rapid.T, h history.History, found []ticket.Finding, rules *ticket.Rules) {
	if rules == nil {
		rules = ticket.DefaultRules()
	}
	missing := map[uint64]bool{} // by Seq: result-told without resolved, where an order has the two
	for _, d := range rules.Demands {
		at := slices.Index(d.Order, "result-told")
		if at < 1 || d.Order[at-1] != "resolved" || d.When != nil {
			continue
		}
		for i, e := range h.Entries {
			if e.Kind == history.ResultTold && !resolvedBefore(h.Entries[:i]) && i > 0 {
				missing[e.Seq] = true
			}
		}
	}
	seen := map[uint64]bool{}
	for _, f := range found {
		if f.Step == history.ResultTold && f.Code == ticket.CodeOrder && slices.Contains(f.Wants, "resolved") {
			seen[f.Seq] = true
		}
	}
	for i, e := range h.Entries {
		require.False(t, seen[e.Seq] && resolvedBefore(h.Entries[:i]), "entry %d tells a result that there is", e.Seq)
	}
	for seq := range missing {
		require.True(t, seen[seq], "entry %d tells a result that there is not", seq)
	}
}

// resolvedBefore reads backwards.
func resolvedBefore(entries []history.Entry) bool {
	for i, e := range slices.Backward(entries) {
		switch {
		case e.Kind == history.Resolved:
			return true
		case e.Kind == history.Reopened:
			return false
		case e.Kind == history.ResultConfirmed && e.Fields.Has(history.KeyAnswer, ticket.AnswerDisputed):
			// It undoes the result of a ticket that is resolved, not of one that is over.
			before, _ := ticket.Load(history.History{Entries: entries[:i]}, &ticket.Rules{})
			if before.State() == ticket.Resolved {
				return false
			}
		}
	}
	return false
}

func TestRulesAreSharedByGoroutines(t *testing.T) {
	sets, err := ruleSets()
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, r := range sets {
				_ = ticket.Check(history.History{Entries: []history.Entry{{Kind: history.Opened, At: time.Unix(0, 0)}}}, r)
			}
		})
	}
	group.Wait()
}

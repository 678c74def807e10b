package history

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// faults are ways to spoil the entry at i.
var faults = []func(t *rapid.T, all []Entry, i int) []Entry{
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Kind = rapid.SampledFrom(append(Kinds(), "acme", "")).Draw(t, "kind")
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].At = all[i].At.Add(time.Duration(rapid.IntRange(-4, 4).Draw(t, "hours")) * time.Hour)
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].At = rapid.SampledFrom([]time.Time{{}, time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}).Draw(t, "at")
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Actor.ID = rapid.SampledFrom([]string{"17", "\xff"}).Draw(t, "actor")
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Recorded = all[i].At.Add(time.Duration(rapid.IntRange(-60, 300).Draw(t, "delay")) * time.Minute)
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Seq = rapid.Uint64Range(0, 14).Draw(t, "seq")
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Fields = rapid.SampledFrom([]Fields{
			Of("due", "soon"), Of("reason", "\xff"), Of("", "x"), Of("tags", "a", "tags", "b"),
			{{"tier", "urgent"}, {"tier", "routine"}},
			{{"tier", "urgent"}, {"channel", "phone"}, {"tier", "routine"}},
		}).Draw(t, "fields")
		return all
	},
	func(t *rapid.T, all []Entry, i int) []Entry {
		all[i].Personal = Of("name", rapid.SampledFrom([]string{"Li Lei", "\xff"}).Draw(t, "name"))
		return all
	},
	func(_ *rapid.T, all []Entry, i int) []Entry { return slices.Insert(all, i, all[i]) },
	func(_ *rapid.T, all []Entry, i int) []Entry { return slices.Delete(all, i, i+1) },
	func(t *rapid.T, all []Entry, i int) []Entry {
		j := rapid.IntRange(0, len(all)-1).Draw(t, "with")
		all[i].Kind, all[j].Kind = all[j].Kind, all[i].Kind
		return all
	},
}

// nearlyFlawless draws cases as a help desk has them, some of them spoilt.
func nearlyFlawless() *rapid.Generator[[]Entry] {
	return rapid.Custom(func(t *rapid.T) (all []Entry) {
		at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
		for _, kind := range []Kind{
			Opened, Accepted, Dispatched, Held, Resumed, Started, FirstHandled, Resolved, ResultTold, ResultConfirmed, Reopened, Resolved, Closed, Archived,
		} {
			if kind == Archived && rapid.Bool().Draw(t, "unless archived") {
				continue
			}
			at = at.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "hours")) * time.Hour)
			all = append(all, Entry{At: at, Seq: uint64(len(all)) + 1, Kind: kind, Fields: Of("channel", "phone", "reason", "customer")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "faults") {
			i := rapid.IntRange(0, len(all)-1).Draw(t, "at")
			all = rapid.SampledFrom(faults).Draw(t, "fault")(t, all, i)
		}
		if rapid.Bool().Draw(t, "unnumbered") {
			for i := range all {
				all[i].Seq = 0
			}
		}
		return all
	})
}

// TestFlawlessAgreesWithTheChecker: what the quick pass lets through has nothing that the checker would find.
func TestFlawlessAgreesWithTheChecker(t *testing.T) {
	flawlessOnes := 0
	rapid.Check(t, func(t *rapid.T) {
		entries := nearlyFlawless().Draw(t, "entries")
		if flawless(entries) {
			flawlessOnes++
			require.Empty(t, History{Entries: entries}.examine())
		}
	})
	if !testing.Short() { // which draws too few to be sure
		require.NotZero(t, flawlessOnes, "a test that lets nothing through tests nothing")
	}
}

func TestKindIndex(t *testing.T) {
	for i, k := range Kinds() {
		require.Equal(t, i, k.Index(), "%s", k)
		require.Equal(t, i+1, int(places[k.slot()]), "%s stands where its search begins", k)
		for _, other := range []Kind{k + "x", k[1:], k[:len(k)-1], "x" + k[1:]} {
			require.Equal(t, -1, other.Index(), "%s", other)
		}
	}
	require.Equal(t, -1, Kind("").Index())
	rapid.Check(t, func(t *rapid.T) {
		k := Kind(rapid.String().Draw(t, "kind"))
		for i, other := range Kinds() {
			require.Equal(t, other == k, k.Index() == i)
		}
	})
}

// TestFlawlessKnowsTheCourseOfACase: one thing is wrong with each of these, and nothing with the last.
func TestFlawlessKnowsTheCourseOfACase(t *testing.T) {
	courses := [][]Kind{
		{Accepted},
		{Accepted, Opened},
		{Opened, Detected},
		{Opened, Held, Held},
		{Opened, Resumed},
		{Opened, Held, Resumed, Resumed},
		{Opened, Closed, Closed},
		{Opened, Reopened},
		{Opened, Closed, Reopened, Reopened},
		{Opened, Resolved, Accepted},
		{Opened, "acme"},
		{Opened, Accepted, Held, Resumed, Resolved, Closed, Reopened, Held, Resumed, Resolved, Closed},
	}
	for i, course := range courses {
		var entries []Entry
		for n, kind := range course {
			entries = append(entries, Entry{At: time.Date(2025, 3, 3, 9, n, 0, 0, time.UTC), Kind: kind})
		}
		require.Equal(t, i == len(courses)-1, flawless(entries), "%v", course)
	}
}

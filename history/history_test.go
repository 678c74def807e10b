package history_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

func TestKinds(t *testing.T) {
	kinds := history.Kinds()
	assert.Equal(t, history.Opened, kinds[0])
	assert.Equal(t, []history.Kind{history.Closed, history.Archived, history.Disposed}, kinds[len(kinds)-3:])
	seen := map[history.Kind]bool{}
	for _, k := range kinds {
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, string(k))
		assert.False(t, seen[k], k)
		seen[k] = true
	}
	kinds[0] = "changed"
	assert.Equal(t, history.Opened, history.Kinds()[0], "the slice is the caller's")
}

func TestSetsAttributes(t *testing.T) {
	var set []history.Kind
	for _, k := range append(history.Kinds(), "", "acme", "Opened") {
		if history.SetsAttributes(k) {
			set = append(set, k)
		}
	}
	assert.ElementsMatch(t, []history.Kind{
		history.Opened, history.Detected, history.Registered, history.Accepted, history.Classified, history.Dispatched, history.Escalated,
		history.Declared,
	}, set)
}

func TestFields(t *testing.T) {
	f := history.Of("tier", "urgent", "tags", "b", "tags", "a", "tags", "b", "note")
	assert.Equal(t, history.Fields{{"note", ""}, {"tags", "a"}, {"tags", "b"}, {"tier", "urgent"}}, f)
	v, ok := f.Get("tags")
	assert.Equal(t, "a", v)
	assert.True(t, ok)
	_, ok = f.Get("missing")
	assert.False(t, ok)
	v, ok = f.Get("note")
	assert.Empty(t, v)
	assert.True(t, ok)
	assert.True(t, f.Has("tags", "b"))
	assert.False(t, f.Has("tags", "c"))
	assert.Equal(t, []string{"a", "b"}, slices.Collect(f.All("tags")))
	assert.Empty(t, slices.Collect(f.All("missing")))
	for v := range f.All("tags") {
		assert.Equal(t, "a", v)
		break
	}
	assert.Equal(t, history.Of("a", "1", "b", "2"), history.NewFields(map[string]string{"b": "2", "a": "1"}))

	assert.Nil(t, history.Of())
	assert.Nil(t, history.NewFields(nil))
	var none history.Fields
	_, ok = none.Get("x")
	assert.False(t, ok)
	assert.Nil(t, none.Canonical())
	assert.True(t, none.Equal(history.Fields{}))
}

func TestSorted(t *testing.T) {
	at := func(seconds int, seq uint64, kind history.Kind) history.Entry {
		return history.Entry{At: nine.Add(time.Duration(seconds) * time.Second), Seq: seq, Kind: kind}
	}
	h := history.History{Case: "T-1", Entries: []history.Entry{at(2, 1, "c"), at(1, 3, "b"), at(1, 2, "a"), at(2, 1, "d")}}
	before := slices.Clone(h.Entries)
	s := h.Sorted()
	assert.Equal(t, "T-1", s.Case)
	assert.Equal(t, []history.Entry{at(1, 2, "a"), at(1, 3, "b"), at(2, 1, "c"), at(2, 1, "d")}, s.Entries)
	assert.Equal(t, before, h.Entries, "the receiver is left alone")
	assert.Same(t, &s.Entries[0], &s.Sorted().Entries[0])
	assert.Nil(t, history.History{}.Sorted().Entries)
}

func TestKnownAt(t *testing.T) {
	h := chartertest.History(t, `
		mon 09:00 open
		mon 10:00 reply recorded=2025-03-04T00:00:00Z
		tue 08:00 resolve
		wed 08:00 close
	`)
	known := func(s string) []history.Kind {
		at, err := history.ParseInstant(s)
		require.NoError(t, err)
		var kinds []history.Kind
		for _, e := range h.KnownAt(at).Entries {
			kinds = append(kinds, e.Kind)
		}
		return kinds
	}
	assert.Empty(t, known("2025-03-03T00:59:59.999999999Z"))
	assert.Equal(t, []history.Kind{history.Opened}, known("2025-03-03T01:00:00Z"))
	assert.Equal(t, []history.Kind{history.Opened}, known("2025-03-03T23:59:59.999999999Z"))
	assert.Equal(t, []history.Kind{history.Opened, history.Responded, history.Resolved}, known("2025-03-04T00:00:00Z"))
	assert.Len(t, h.Entries, 4)
	assert.Equal(t, history.Closed, h.Entries[3].Kind)
	assert.Empty(t, history.History{}.KnownAt(nine).Entries)
}

// TestPausesAgainstModel asks at every second which reasons hold, of the pauses and of the entries.
func TestPausesAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		second := func(i int) time.Time { return nine.Add(time.Duration(i) * time.Second) }
		pauses := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) history.Pause {
			p := history.Pause{Reason: rapid.SampledFrom([]string{"", "customer", "vendor", "stock"}).Draw(t, "reason")}
			from := rapid.IntRange(0, 20).Draw(t, "from")
			p.From = second(from)
			if rapid.IntRange(0, 9).Draw(t, "ends") > 0 {
				p.To = second(from + rapid.IntRange(0, 8).Draw(t, "length"))
			}
			return p
		}), 0, 8).Draw(t, "pauses")
		h, err := history.FromTimes(history.Times{At: map[history.Kind]time.Time{history.Opened: second(-1)}, Pauses: pauses})
		require.NoError(t, err)
		require.Empty(t, history.Check(h))
		for i := range 30 {
			want := map[string]bool{}
			for _, p := range pauses {
				if !p.From.After(second(i)) && (p.To.IsZero() || p.To.After(second(i))) {
					want[p.Reason] = true
				}
			}
			held, got := false, map[string]bool{}
			for _, e := range h.Entries {
				if e.At.After(second(i)) {
					break
				}
				held = e.Kind == history.Held
				got = map[string]bool{}
				for r := range e.Fields.All(history.KeyReason) {
					got[r] = held
				}
			}
			require.Equal(t, len(want) > 0, held)
			delete(want, "") // a pause without a reason only holds
			maps.DeleteFunc(got, func(_ string, in bool) bool { return !in })
			require.Equal(t, want, got)
		}
	})
}

func TestFromTimesEmptyAndHuge(t *testing.T) {
	h, err := history.FromTimes(history.Times{})
	require.NoError(t, err)
	assert.Empty(t, h.Entries)

	var many history.Times
	for i := range 100_000 {
		from := nine.Add(time.Duration(i) * time.Second)
		many.Pauses = append(many.Pauses, history.Pause{From: from, To: from.Add(time.Minute), Reason: "customer"})
	}
	h, err = history.FromTimes(many)
	require.NoError(t, err)
	assert.Len(t, h.Entries, 2, "one long pause")

	var reasons history.Times
	for i := range 100_000 {
		from := nine.Add(time.Duration(i) * time.Second)
		reasons.Pauses = append(reasons.Pauses, history.Pause{From: from, Reason: from.String()})
	}
	_, err = history.FromTimes(reasons)
	require.ErrorIs(t, err, history.ErrPause, "the entries would grow with the square of the pauses")
	assert.EqualError(t, err, `history: case "": impossible pause: more than 64 reasons at once, at 2025-03-03T01:01:04Z`)

	_, err = history.FromTimes(history.Times{Case: "T-1", At: map[history.Kind]time.Time{history.Opened: nine}, Attributes: history.Of("tier", "\xff")})
	require.ErrorIs(t, err, history.ErrUTF8)
	assert.EqualError(t, err, `history: case "T-1": entry 1: fields.tier: not valid UTF-8`)
}

// TestColumnNamesAreKindsOfTheHost: a column's name in place of a kind makes an entry, and Check tells of each, and of the opening that is missed.
func TestColumnNamesAreKindsOfTheHost(t *testing.T) {
	h, err := history.FromTimes(history.Times{At: map[history.Kind]time.Time{
		"created_at": nine, "Opened": nine.Add(time.Minute), history.Closed: nine.Add(time.Hour),
	}})
	require.NoError(t, err)
	require.Len(t, h.Entries, 3)
	var unknown []history.Kind
	opening := false
	for _, f := range history.Check(h) {
		switch f.Code {
		case history.CodeUnknownKind:
			unknown = append(unknown, f.Kind)
		case history.CodeNoOpening:
			opening = true
		default:
			t.Errorf("%s", f)
		}
	}
	assert.Equal(t, []history.Kind{"created_at", "Opened"}, unknown)
	assert.True(t, opening)
}

// TestFromTimesIsDeterministic: the map's order does not matter, and the row is left alone.
func TestFromTimesIsDeterministic(t *testing.T) {
	row := history.Times{
		At:         map[history.Kind]time.Time{"b": nine, "a": nine, history.Opened: nine, history.Closed: nine, history.Held: nine},
		Attributes: history.Fields{{"tier", "urgent"}, {"channel", "phone"}},
		Pauses:     []history.Pause{{From: nine, To: nine.Add(1), Reason: "y"}, {From: nine, To: nine.Add(1), Reason: "x"}},
	}
	first, err := history.FromTimes(row)
	require.NoError(t, err)
	for range 20 {
		again, err := history.FromTimes(row)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
	assert.Equal(t, "tier", row.Attributes[0].Key)
	assert.Equal(t, "y", row.Pauses[0].Reason)
}

// TestHistoryJSON: a history as JSON is its case and its entries, and comes back.
func TestHistoryJSON(t *testing.T) {
	h := chartertest.History(t, "case T-1\nmon 09:00 open tier=urgent ~name=\"Li Lei\"\nmon 10:00 reply by=agent/17")
	b, err := json.Marshal(h)
	require.NoError(t, err)
	assert.Equal(t, `{"case":"T-1","entries":[`+
		`{"at":"2025-03-03T01:00:00Z","fields":{"tier":"urgent"},"kind":"opened","personal":{"name":"Li Lei"},"seq":1},`+
		`{"actor":{"id":"17","role":"agent"},"at":"2025-03-03T02:00:00Z","kind":"responded","seq":2}]}`, string(b))
	var back history.History
	require.NoError(t, json.Unmarshal(b, &back))
	assert.Equal(t, h, back)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"entries":[{"kind":"k"}]}`), &back), history.ErrTime)
}

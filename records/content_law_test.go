package records_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

var drawMatch = rapid.Custom(func(t *rapid.T) sla.Match {
	m := sla.Match{Kind: rapid.SampledFrom([]history.Kind{history.Trained, history.Examined, history.Placed}).Draw(t, "kind")}
	if rapid.Bool().Draw(t, "limited") {
		m.Fields = []sla.FieldMatch{{Name: "part", Values: []string{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "part")}}}
	}
	return m
})

var drawContent = rapid.Custom(func(t *rapid.T) records.Content {
	c := records.Content{Clause: "a", Actors: rapid.IntRange(0, 2).Draw(t, "actors") == 0}
	c.Holds = rapid.SliceOfN(rapid.SliceOfN(drawMatch, 1, 2), 1, 3).Draw(t, "holds")
	if rapid.IntRange(0, 3).Draw(t, "on") > 0 {
		c.On = drawMatch.Draw(t, "on")
		c.Where = rapid.SampledFrom([]records.Where{records.Anywhere, records.Before, records.Later, records.Itself}).Draw(t, "where")
	}
	if c.Where == records.Itself && c.Actors && rapid.Bool().Draw(t, "actors alone") {
		c.Holds = nil
	}
	c.Ordered = len(c.Holds) > 1 && c.Where != records.Itself && rapid.Bool().Draw(t, "ordered")
	return c
})

var drawFile = rapid.Custom(func(t *rapid.T) []history.Entry {
	entries := make([]history.Entry, rapid.IntRange(0, 8).Draw(t, "entries"))
	for i := range entries {
		entries[i] = history.Entry{
			Seq: uint64(i + 1), At: time.Unix(rapid.Int64Range(1, 5).Draw(t, "at"), 0),
			Kind:   rapid.SampledFrom([]history.Kind{history.Trained, history.Examined, history.Placed}).Draw(t, "kind"),
			Fields: history.Of("part", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "part")),
			Actor:  history.Actor{ID: rapid.SampledFrom([]string{"li", "li", "li", ""}).Draw(t, "by")},
		}
	}
	return entries
})

// stateOf is the meaning of a demand, written down without regard to cost: every way to pick entries is tried.
func stateOf(c records.Content, entries []history.Entry, from, to time.Time) records.State {
	entries = history.History{Entries: entries}.Sorted().Entries
	selects := func(any []sla.Match, e history.Entry) bool {
		return slices.ContainsFunc(any, func(m sla.Match) bool { return m.Matches(&e) })
	}
	// found tells whether the demands can be answered by entries of those indexes.
	var found func(holds [][]sla.Match, of []int) bool
	found = func(holds [][]sla.Match, of []int) bool {
		if len(holds) == 0 {
			return true
		}
		for n, i := range of {
			rest := of
			if c.Ordered {
				rest = of[n+1:]
			}
			if selects(holds[0], entries[i]) && found(holds[1:], rest) {
				return true
			}
		}
		return false
	}
	var owing, all []int
	signed := true
	for i, e := range entries {
		all = append(all, i)
		if e.At.Before(from) || !to.IsZero() && !e.At.Before(to) {
			continue
		}
		on := c.On.Kind == "" || c.On.Matches(&e)
		if on {
			owing = append(owing, i)
		}
		signed = signed && (e.Actor.ID != "" || c.Where == records.Itself && !on)
	}
	if len(owing) == 0 {
		return records.Pending
	}
	kept := !c.Actors || signed
	switch c.Where {
	case records.Anywhere:
		kept = kept && found(c.Holds, all)
	case records.Before:
		kept = kept && found(c.Holds, all[:owing[0]+1])
	case records.Later:
		for _, i := range owing {
			kept = kept && found(c.Holds, all[i+1:])
		}
	case records.Itself:
		for _, i := range owing {
			kept = kept && found(c.Holds, []int{i})
		}
	}
	if kept {
		return records.Complete
	}
	return records.Incomplete
}

// A demand means what the slow model says, whatever the order in which the entries stand and whatever the time for which it holds.
func TestContentAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, entries := drawContent.Draw(t, "content"), drawFile.Draw(t, "file")
		require.NoError(t, c.Validate())
		var from, to time.Time
		if rapid.Bool().Draw(t, "for a time") {
			from, to = time.Unix(rapid.Int64Range(0, 3).Draw(t, "from"), 0), time.Unix(rapid.Int64Range(3, 6).Draw(t, "to"), 0)
		}
		got := c.CheckWithin(records.Record{History: history.History{Entries: entries}}, from, to)
		require.Equal(t, stateOf(c, entries, from, to), got.State, "%v: %v", c, got)
		require.Equal(t, got.State == records.Incomplete, len(got.Lacks) > 0, "%v", got)

		mixed := rapid.Permutation(entries).Draw(t, "mixed")
		require.Equal(t, got, c.CheckWithin(records.Record{History: history.History{Entries: mixed}}, from, to))
	})
}

// A further entry breaks nothing, unless it is one with which something is owed, or names nobody where everybody is to be named.
func TestAnEntryMoreBreaksNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, entries := drawContent.Draw(t, "content"), drawFile.Draw(t, "file")
		if len(entries) == 0 {
			return
		}
		record := func(entries []history.Entry) records.Record {
			return records.Record{History: history.History{Entries: entries}}
		}
		more := entries[len(entries)-1]
		before, after := c.Check(record(entries[:len(entries)-1])), c.Check(record(entries))
		if before.State != records.Complete || c.Where != records.Anywhere && c.On.Matches(&more) || c.Actors && more.Actor.ID == "" {
			return
		}
		require.Equal(t, records.Complete, after.State, "%v: %v", c, after)
	})
}

// A record of very many entries that all owe something: what stands behind one is not looked for again behind the next, and each is told of.
func TestContentOfAHugeRecord(t *testing.T) {
	const n = 100_000
	var h history.History
	for i := range n {
		h.Entries = append(h.Entries, history.Entry{Seq: uint64(i + 1), At: time.Unix(int64(i), 0), Kind: history.Examined})
	}
	for _, ordered := range []bool{false, true} {
		c := records.Content{
			Clause: "a", On: sla.Match{Kind: history.Examined}, Where: records.Later, Ordered: ordered,
			Holds: [][]sla.Match{sla.On(history.Trained), sla.On(history.Appraised)},
		}
		held := c.Check(records.Record{History: h})
		require.Equal(t, records.Incomplete, held.State)
		require.Len(t, held.Lacks[0].Entries, n)
	}
}

// Of entries that nobody numbered the place is told: an entry 0 is nowhere.
func TestLacksOfUnnumberedEntries(t *testing.T) {
	placed := sla.Match{Kind: history.Placed}
	h := history.History{Entries: []history.Entry{
		{At: time.Unix(3, 0), Kind: history.Trained}, {At: time.Unix(2, 0), Kind: history.Placed}, {At: time.Unix(1, 0), Kind: history.Examined},
	}}
	for want, c := range map[string]records.Content{
		"第2条之前缺少trained":  {On: placed, Where: records.Before, Holds: [][]sla.Match{sla.On(history.Trained)}},
		"第2条之后缺少examined": {On: placed, Where: records.Later, Holds: [][]sla.Match{sla.On(history.Examined)}},
		"第2条不符合trained":   {On: placed, Where: records.Itself, Holds: [][]sla.Match{sla.On(history.Trained)}},
		"examined过早，见第1条": {Ordered: true, Holds: [][]sla.Match{sla.On(history.Placed), sla.On(history.Examined)}},
		"第1、2、3条未写明操作人":   {Actors: true},
	} {
		c.Clause = "a"
		require.NoError(t, c.Validate())
		assert.Equal(t, "a: 不完整；"+want, c.Check(records.Record{History: h}).Text("zh"))
	}
}

// Whatever a state, a lack or a language is called, nothing panics and nothing is empty.
func TestHoldingHasWordsForEverything(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range []records.Code{records.CodeMissing, records.CodeOutOfOrder, records.CodeNoActor, records.CodeNoWords, records.CodeForbidden} {
		for _, where := range []records.Where{records.Anywhere, records.Before, records.Later, records.Itself} {
			l := records.Lack{Code: code, What: "closed", Where: where, Entries: []uint64{3, 4}}
			en, zh := l.Text("en"), l.Text("zh-Hans")
			assert.NotEmpty(t, en)
			assert.NotEqual(t, en, zh)
			seen[en], seen[zh] = true, true
		}
	}
	assert.Len(t, seen, 2*(4+4))
	assert.Equal(t, "new", records.Lack{Code: "new"}.String())
	assert.Equal(t, "missing", records.Lack{Code: records.CodeMissing, Where: "near"}.String())
	assert.Equal(t, "a: odd", records.Holding{Clause: "a", State: "odd"}.Text("zh"))
}

// What JSON cannot say, Go can; it is refused as well, and decides nothing.
func TestContentThatNoTextSays(t *testing.T) {
	for want, c := range map[string]records.Content{
		"fields of no entry":   {Clause: "a", Actors: true, On: sla.Match{Fields: []sla.FieldMatch{{Name: "post"}}}},
		"sla: malformed":       {Clause: "a", Actors: true, When: sla.Condition{{}}},
		"it says where":        {Clause: "a", Actors: true, On: sla.Match{Kind: history.Placed}, Where: records.Before},
		"a demand without":     {Clause: "a", Holds: [][]sla.Match{nil}},
		"it demands nothing":   {Clause: "a", Holds: [][]sla.Match{}},
		"an order needs two":   {Clause: "a", Ordered: true, Actors: true},
		"before, seen from wh": {Clause: "a", Where: records.Before, Holds: [][]sla.Match{sla.On(history.Trained)}},
	} {
		err := c.Validate()
		require.ErrorIs(t, err, records.ErrContent, want)
		assert.ErrorContains(t, err, want)
		assert.Equal(t, records.Unknown, c.Check(records.Record{}).State)
	}
	early := history.Entry{Seq: 1, At: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Trained}
	c := records.Content{Clause: "a", Holds: [][]sla.Match{sla.On(history.Trained)}}
	assert.Equal(t, records.Complete, c.Check(records.Record{History: history.History{Entries: []history.Entry{early}}}).State)
	assert.Equal(t, records.Pending, c.Check(records.Record{}).State)
}

func FuzzContent(f *testing.F) {
	text, err := os.ReadFile("testdata/content.txt")
	require.NoError(f, err)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "{") {
			f.Add([]byte(line))
		}
	}
	file := history.History{Entries: []history.Entry{
		{Seq: 1, At: time.Unix(1, 0), Kind: history.Opened, Fields: history.Of("tier", "urgent", "text", "hey")},
		{Seq: 2, At: time.Unix(2, 0), Kind: history.Closed, Actor: history.Actor{ID: "li", Role: "agent"}},
	}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c records.Content
		if err := json.Unmarshal(data, &c); err != nil {
			return
		}
		held := c.Check(records.Record{Class: "ticket", History: file})
		_ = fmt.Sprint(c, held, held.Text("zh"))
		if err := c.Validate(); err != nil {
			require.ErrorIs(t, err, records.ErrContent)
			require.Equal(t, records.Unknown, held.State)
			return
		}
		once, err := json.Marshal(c)
		require.NoError(t, err)
		var back records.Content
		require.NoError(t, json.Unmarshal(once, &back), "%s", once)
		twice, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
		require.Equal(t, held, back.Check(records.Record{Class: "ticket", History: file}))
	})
}

package history_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
)

var nine = time.Date(2025, 3, 3, 9, 0, 0, 0, time.FixedZone("", 8*60*60))

// full is an entry with something in every member, and texts that need care.
func full() history.Entry {
	return history.Entry{
		Seq:      3,
		At:       nine.Add(1),
		Recorded: nine.Add(5 * time.Minute),
		Kind:     history.Opened,
		Actor:    history.Actor{ID: "17", Role: history.RoleAgent},
		Fields: history.Fields{
			{"tier", "urgent"},
			{"tags", "b"},
			{"content", "a \"quote\"\n<b>&\u2028 \\ \u007f 路由器坏了 😀"},
			{"tags", "a"},
			{"tags", "b"},
		},
		Personal: history.Of("name", "李雷", "phone", "13800000000"),
	}
}

func canonical(t require.TestingT, e history.Entry) string {
	b, err := e.AppendCanonical(nil)
	require.NoError(t, err)
	return string(b)
}

// TestCanonicalGolden pins the bytes for good: hosts hash and chain them.
func TestCanonicalGolden(t *testing.T) {
	golden, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(golden), "\n"), "\n")
	entries := []history.Entry{
		full(),
		{At: nine, Kind: history.Resolved},
		{Seq: history.MaxSeq, At: nine, Recorded: nine.UTC(), Kind: "acme.triaged", Actor: history.Actor{Role: "customer"}},
		{Seq: 1, At: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), Recorded: time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC), Kind: "k", Actor: history.Actor{ID: "x"}},
		{Seq: 1, At: nine.Add(120 * time.Millisecond), Kind: "k", Fields: history.Fields{{"a", ""}, {"a", ""}}},
	}
	require.Len(t, lines, len(entries))
	for i, e := range entries {
		assert.Equal(t, lines[i], canonical(t, e))
		back, err := history.Decode([]byte(lines[i]))
		require.NoError(t, err)
		assert.True(t, back.Equal(e))
		assert.Equal(t, lines[i], canonical(t, back))
		assert.True(t, json.Valid([]byte(lines[i])))
	}
}

// TestCanonicalIsRFC8785 takes its answers from RFC 8785: the string of section 3.2.2 and the order of keys of section 3.2.3.
func TestCanonicalIsRFC8785(t *testing.T) {
	e := history.Entry{At: nine, Kind: "k", Fields: history.Fields{
		{"string", "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/"},
	}}
	assert.Contains(t, canonical(t, e), `{"string":"€$\u000f\nA'B\"\\\\\"/"}`)

	e.Fields = history.Fields{
		{"\u20ac", "Euro Sign"},
		{"\r", "Carriage Return"},
		{"\ufb33", "Hebrew Letter Dalet With Dagesh"},
		{"1", "One"},
		{"\U0001F600", "Emoji: Grinning Face"},
		{"\u0080", "Control"},
		{"\u00f6", "Latin Small Letter O With Diaeresis"},
	}
	assert.Contains(t, canonical(t, e), `{"\r":"Carriage Return","1":"One","`+"\u0080"+`":"Control","ö":"Latin Small Letter O With Diaeresis",`+
		`"€":"Euro Sign","😀":"Emoji: Grinning Face","`+"\ufb33"+`":"Hebrew Letter Dalet With Dagesh"}`)
}

func TestAppendCanonicalRefuses(t *testing.T) {
	const bad = "\xff"
	late := time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -2*60*60)) // the year 10000 in UTC
	for field, c := range map[string]struct {
		change func(*history.Entry)
		err    error
	}{
		"at":            {func(e *history.Entry) { e.At = time.Time{} }, history.ErrTime},
		"at ":           {func(e *history.Entry) { e.At = late }, history.ErrTime},
		"at  ":          {func(e *history.Entry) { e.At = time.Date(-1, 12, 31, 23, 59, 59, 0, time.UTC) }, history.ErrTime},
		"at   ":         {func(e *history.Entry) { e.At = time.Unix(1<<62, 0) }, history.ErrTime},
		"recorded":      {func(e *history.Entry) { e.Recorded = late }, history.ErrTime},
		"kind":          {func(e *history.Entry) { e.Kind = "" }, history.ErrKind},
		"kind ":         {func(e *history.Entry) { e.Kind = bad }, history.ErrUTF8},
		"actor.id":      {func(e *history.Entry) { e.Actor.ID = bad }, history.ErrUTF8},
		"actor.role":    {func(e *history.Entry) { e.Actor.Role = bad }, history.ErrUTF8},
		"fields.note":   {func(e *history.Entry) { e.Fields = history.Of("a", "b", "note", bad) }, history.ErrUTF8},
		"fields.a?":     {func(e *history.Entry) { e.Fields = history.Of("a"+bad, "b") }, history.ErrUTF8},
		"fields.":       {func(e *history.Entry) { e.Fields = history.Fields{{"", "b"}} }, history.ErrKey},
		"personal.name": {func(e *history.Entry) { e.Personal = history.Of("name", bad) }, history.ErrUTF8},
		"personal.":     {func(e *history.Entry) { e.Personal = history.Fields{{"", "b"}} }, history.ErrKey},
		"seq":           {func(e *history.Entry) { e.Seq = history.MaxSeq + 1 }, history.ErrSeq},
		"":              {func(e *history.Entry) { e.Fields = history.Of("a", strings.Repeat("x", history.MaxSize)) }, history.ErrSize},
		" ":             {func(e *history.Entry) { e.Fields = history.Of("a", strings.Repeat("\x01", history.MaxSize/2)) }, history.ErrSize},
	} {
		e := full()
		c.change(&e)
		b, err := e.AppendCanonical([]byte("before"))
		require.ErrorIs(t, err, c.err, field)
		assert.Equal(t, "before", string(b), field)
		var entryError *history.EntryError
		require.ErrorAs(t, err, &entryError)
		assert.Equal(t, strings.TrimSpace(field), entryError.Field)
		assert.Equal(t, e.Seq, entryError.Seq)
		assert.NotContains(t, err.Error(), "李雷")
		assert.Less(t, len(err.Error()), 200)
		_, err = json.Marshal(e)
		require.ErrorIs(t, err, c.err)
	}
}

// TestAppendCanonicalAtTheLimit: an entry of exactly MaxSize bytes is written and read, one byte more is not.
func TestAppendCanonicalAtTheLimit(t *testing.T) {
	e := history.Entry{At: nine, Kind: "k", Fields: history.Fields{{"a", ""}}}
	room := history.MaxSize - len(canonical(t, e))
	e.Fields[0].Value = strings.Repeat("x", room)
	b := []byte(canonical(t, e))
	require.Len(t, b, history.MaxSize)
	back, err := history.Decode(b)
	require.NoError(t, err)
	assert.True(t, back.Equal(e))
	e.Fields[0].Value += "x"
	_, err = e.AppendCanonical(nil)
	require.ErrorIs(t, err, history.ErrSize)
	_, err = history.Decode(append(b, ' '))
	require.ErrorIs(t, err, history.ErrSize)
}

func TestAppendLineRefuses(t *testing.T) {
	e := full()
	b, err := e.AppendLine([]byte("before"), "T\xff")
	require.ErrorIs(t, err, history.ErrUTF8)
	assert.Equal(t, "before", string(b))
	e.Kind = ""
	_, err = e.AppendLine(nil, "T-1")
	require.ErrorIs(t, err, history.ErrKind)
	assert.EqualError(t, err, `history: case "T-1": entry 3: kind: no kind`)
}

// TestAppendCanonicalLeavesTheEntry: fields out of order are put in order in the bytes only.
func TestAppendCanonicalLeavesTheEntry(t *testing.T) {
	e := full()
	for i := range 40 { // more than fit on the stack
		e.Fields = append(e.Fields, history.Field{Key: "k", Value: string(rune('z' - i))})
	}
	before := append(history.Fields(nil), e.Fields...)
	canonical(t, e)
	assert.Equal(t, before, e.Fields)
}

package chartertest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

// TestParseHistory pins what texts mean, as the canonical bytes of their entries, and what is wrong with others.
func TestParseHistory(t *testing.T) {
	datadriven.RunTest(t, "testdata/parse.txt", func(t *testing.T, d *datadriven.TestData) string {
		h, err := chartertest.ParseHistory(d.Input)
		if err != nil {
			var lineError *chartertest.LineError
			require.ErrorAs(t, err, &lineError)
			assert.Zero(t, h)
			return err.Error() + "\n"
		}
		var b strings.Builder
		fmt.Fprintf(&b, "case %q\n", h.Case)
		for _, e := range h.Entries {
			line, err := e.AppendCanonical(nil)
			require.NoError(t, err)
			b.Write(append(line, '\n'))
		}
		assertSame(t, h, chartertest.FormatHistory(h))
		return b.String()
	})
}

// assertSame: text means h, but for what FormatHistory says it does not keep.
func assertSame(t require.TestingT, h history.History, text string) {
	back, err := chartertest.ParseHistory(text)
	require.NoError(t, err, text)
	require.Equal(t, h.Case, back.Case)
	require.Len(t, back.Entries, len(h.Entries), text)
	for i := range h.Entries {
		require.True(t, h.Entries[i].Equal(back.Entries[i]), "%s\n%v\n%v", text, h.Entries[i], back.Entries[i])
	}
}

// TestEveryKindHasACommand: each kind of the vocabulary can be written as it is and as a command, and the commands do not collide.
func TestEveryKindHasACommand(t *testing.T) {
	irregular := map[history.Kind]string{
		history.NoticeWithdrawn: "notice-withdraw",
		history.FirstHandled:    "first-handle", history.ProgressTold: "tell-progress", history.ResultTold: "tell-result",
		history.ResultConfirmed: "confirm-result", history.OpinionGiven: "give-opinion", history.FollowedUp: "follow-up", history.Held: "hold",
		history.Kept: "keep",
	}
	regular := func(k history.Kind) []string {
		stem := strings.TrimSuffix(string(k), "ed")
		return []string{stem, stem + "e", strings.TrimSuffix(stem, "i") + "y", stem[:len(stem)-1]}
	}
	for _, k := range history.Kinds() {
		assert.Equal(t, k, chartertest.History(t, "mon 09:00 "+string(k)).Entries[0].Kind)
		commands := regular(k)
		if c, ok := irregular[k]; ok {
			commands = []string{c}
		}
		found := 0
		for _, c := range commands {
			if h, err := chartertest.ParseHistory("mon 09:00 " + c); err == nil {
				assert.Equal(t, k, h.Entries[0].Kind, c)
				found++
			}
		}
		assert.Equal(t, 1, found, "commands for %s among %v", k, commands)
	}
	assert.Equal(t, history.Responded, chartertest.History(t, "mon 09:00 reply").Entries[0].Kind)
}

func TestParseHistoryHuge(t *testing.T) {
	h, err := chartertest.ParseHistory("mon 09:00 open\n" + strings.Repeat("+1s message\n", 50_000))
	require.NoError(t, err)
	assert.Len(t, h.Entries, 50_001)
	assert.Equal(t, uint64(50_001), h.Entries[50_000].Seq)
	_, err = chartertest.ParseHistory("mon 09:00 open note=" + strings.Repeat("x", history.MaxSize))
	require.ErrorIs(t, err, history.ErrSize)
	_, err = chartertest.ParseHistory("mon 09:00 open\n\xff")
	assert.EqualError(t, err, "chartertest: line 2: not valid UTF-8")
	_, err = chartertest.ParseHistory("mon 09:00 open\r\nmon 10:00 reply\r\n")
	assert.NoError(t, err, "lines may end as in Windows")
}

// failing is a test that notes how it ended.
type failing struct {
	testing.TB
	failure string
}

func (f *failing) Helper() {}

func (f *failing) Fatal(args ...any) {
	f.failure = fmt.Sprint(args...)
	panic(f)
}

func TestHistoryEndsTheTest(t *testing.T) {
	f := &failing{TB: t}
	func() {
		defer func() { assert.Equal(t, f, recover()) }()
		chartertest.History(f, "mon 09:00 open\nmon")
	}()
	assert.Equal(t, "chartertest: line 2: mon: expected a time of day after it", f.failure)
}

func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "by", "seq", "recorded", "case", "zone", "mon", "open", "opened", "held", "a b", "a/b", "#", "~", "=", ",", "路由器"}),
		rapid.StringOf(rapid.RuneFrom([]rune("ab ,=/~#\"\\\n\r\t\u0000\u00a0\ufffd中😀"))),
		rapid.String(),
	)
}

func fields() *rapid.Generator[history.Fields] {
	return rapid.Custom(func(t *rapid.T) history.Fields {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) history.Field {
			key := text().Filter(func(s string) bool { return s != "" }).Draw(t, "key")
			return history.Field{Key: key, Value: text().Draw(t, "value")}
		}), 0, 4).Draw(t, "fields")
	})
}

func instant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		seconds := rapid.OneOf(
			rapid.Int64Range(1740960000-86400, 1740960000+8*86400), // about the default week
			rapid.Int64Range(516_000_000, 700_000_000),             // summer times of Shanghai, 1986 to 1991
			rapid.Int64Range(-62167219200+1, 253402300799),
		).Draw(t, "seconds")
		seconds -= rapid.SampledFrom([]int64{0, seconds % 60, seconds % 3600}).Draw(t, "round")
		return time.Unix(max(seconds, -62167219200), rapid.SampledFrom([]int64{0, 1, 500_000_000}).Draw(t, "nanoseconds"))
	}).Filter(func(t time.Time) bool { return !t.IsZero() })
}

func TestFormatHistoryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := history.History{Case: text().Draw(t, "case")}
		for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
			e := history.Entry{
				Seq:      uint64(i) + 1,
				At:       instant().Draw(t, "at"),
				Kind:     history.Kind(text().Filter(func(s string) bool { return s != "" }).Draw(t, "kind")),
				Actor:    history.Actor{Role: text().Draw(t, "role"), ID: text().Draw(t, "id")},
				Fields:   fields().Draw(t, "fields"),
				Personal: fields().Draw(t, "personal"),
			}
			if rapid.Bool().Draw(t, "numbered otherwise") {
				e.Seq = rapid.Uint64Range(0, history.MaxSeq).Draw(t, "seq")
			}
			if rapid.Bool().Draw(t, "recorded later") {
				e.Recorded = instant().Draw(t, "recorded")
			}
			h.Entries = append(h.Entries, e)
		}
		text := chartertest.FormatHistory(h)
		assertSame(t, h, text)
		back, err := chartertest.ParseHistory(text)
		require.NoError(t, err)
		require.Equal(t, text, chartertest.FormatHistory(back))
	})
}

// FuzzParseHistory: what is read can be written and read again, and errors name a line of the text.
func FuzzParseHistory(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		h, err := chartertest.ParseHistory(text)
		if err != nil {
			var lineError *chartertest.LineError
			require.ErrorAs(t, err, &lineError)
			require.GreaterOrEqual(t, lineError.Line, 1)
			require.LessOrEqual(t, lineError.Line, strings.Count(text, "\n")+1)
			return
		}
		for _, e := range h.Entries {
			_, err := e.AppendCanonical(nil)
			require.NoError(t, err)
			require.Equal(t, e.Fields.Canonical(), e.Fields)
		}
		assertSame(t, h, chartertest.FormatHistory(h))
	})
}

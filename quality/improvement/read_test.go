package improvement_test

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
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
)

var shanghai = time.FixedZone("", 8*60*60)

// TestRead pins what histories say, and what they do not.
func TestRead(t *testing.T) {
	datadriven.RunTest(t, "testdata/read.txt", func(t *testing.T, d *datadriven.TestData) string {
		language, now := "en", "2025-12-31T00:00:00Z"
		d.MaybeScanArgs(t, "lang", &language)
		d.MaybeScanArgs(t, "now", &now)
		at, err := history.ParseInstant(now)
		require.NoError(t, err)
		words := improvement.Words{}
		if d.HasArg("words") { // a host's own
			words = improvement.Standard()
			words.Steps["rolled out"] = improvement.Meaning{Step: quality.Do}
			words.Steps["nonsense"] = improvement.Meaning{}
			words.Effects["halved"] = true
		}
		r := improvement.Read(chartertest.History(t, d.Input), words, at)
		if err := r.Improvement.Validate(); err != nil && len(r.Findings) == 0 {
			d.Fatalf(t, "%v", err)
		}
		return show(r, language)
	})
}

func show(r improvement.Reading, language string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	day := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.In(shanghai).Format("Mon 02 15:04")
	}
	m := r.Improvement
	if !m.Raised.IsZero() {
		say("%s raised %s: %q because of %q", m.ID, day(m.Raised), m.Problem, m.Cause)
	}
	for _, a := range m.Actions {
		say("  %v %q by %q until %s: done %s", a.Step, a.Text, a.Owner, day(a.Deadline), day(a.Done))
	}
	if !r.Carried.IsZero() {
		say("  carried out %s", day(r.Carried))
	}
	if e := m.Effect; e != nil {
		say("  effect %s: helped %v, %v", day(e.Seen), e.Helped, e.Change)
	}
	if !m.Verified.IsZero() {
		say("  verified %s by %q", day(m.Verified), m.Verifier)
	}
	for _, f := range r.Findings {
		say("%s: %s", f.Code, f.Text(language))
	}
	return b.String()
}

// anyHistory draws a history of a problem, of which much may be missing or wrong.
func anyHistory(t *rapid.T) history.History {
	h := history.History{Case: rapid.SampledFrom([]string{"P-1", ""}).Draw(t, "case")}
	pick := func(key string, values ...string) history.Field {
		return history.Field{Key: key, Value: rapid.SampledFrom(values).Draw(t, key)}
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
		e := history.Entry{
			Seq: uint64(i) + 1, At: monday.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hour")) * time.Hour),
			Kind: rapid.SampledFrom([]history.Kind{history.Planned, history.Improved, history.Improved, history.Improved, history.Improved, history.Reviewed, history.Reopened}).Draw(t, "kind"),
		}
		if rapid.Bool().Draw(t, "actor") {
			e.Actor.ID = "Zhao"
		}
		for _, f := range []history.Field{
			pick("owner", "", "Li", "Wang"), pick("step", "", "plan", "do", "improve", "check", "act", "verified", "verify", "think"), pick("cause", "", "lunch"), pick("problem", "", "waits"),
			pick("effect", "", "", "yes", "no", "halved"), pick("before", "", "", "", "1/2", "2/1"), pick("after", "", "", "", "2/2", "x"), pick("measures", "", "shifts", "forms"),
			pick("due", "", "", "2025-03-04T12:00:00+08:00", "2025-03-09T12:00:00+08:00", "2025-03-01T12:00:00+08:00", "soon"),
		} {
			if f.Value != "" {
				e.Fields = append(e.Fields, f)
			}
		}
		h.Entries = append(h.Entries, e)
	}
	return h
}

var monday = time.Date(2025, 3, 3, 9, 0, 0, 0, shanghai)

// What Validate refuses has a finding, so that whoever looks at findings only misses nothing.
func TestNothingRefusedIsWithoutAFinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := improvement.Read(anyHistory(t), improvement.Words{}, monday.AddDate(0, 1, 0))
		if err := r.Improvement.Validate(); err != nil {
			assert.NotEmpty(t, r.Findings, "%v", err)
		}
		for _, f := range r.Findings {
			assert.NotEqual(t, f.Text("en"), f.Text("zh"))
			assert.NotContains(t, f.Text("zh"), "{")
			assert.NotContains(t, f.Text("en"), "{")
			assert.NotEqual(t, string(f.Code), f.Text("en"))
		}
	})
}

// The order in which entries stand says nothing, what comes later is not known, and the history is not changed.
func TestReadGoesByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		shuffled := history.History{Case: h.Case, Entries: rapid.Permutation(h.Entries).Draw(t, "order")}
		was := fmt.Sprint(shuffled)
		now := monday.Add(time.Duration(rapid.IntRange(0, 31).Draw(t, "now")) * time.Hour)
		got := improvement.Read(shuffled, improvement.Words{}, now)
		assert.Equal(t, improvement.Read(h, improvement.Words{}, now), got)
		assert.Equal(t, was, fmt.Sprint(shuffled))
		var known []history.Entry
		for _, e := range h.Entries {
			if !e.At.After(now) {
				known = append(known, e)
			}
		}
		assert.Equal(t, improvement.Read(history.History{Case: h.Case, Entries: known}, improvement.Words{}, now.AddDate(9, 0, 0)), got)
	})
}

func TestReadOfHostileHistories(t *testing.T) {
	r := improvement.Read(history.History{}, improvement.Words{}, time.Time{})
	assert.Equal(t, "no-id: the history names no case\nnothing: nothing has happened yet\n", show(r, "en"))
	assert.ErrorIs(t, r.Improvement.Validate(), quality.ErrImprovement)

	h := history.History{Case: "P-1", Entries: []history.Entry{
		{Kind: history.Improved, Seq: 1, Fields: history.Of("step", "do")}, // at no instant
		{Kind: history.Improved, Seq: 2, At: monday, Fields: history.Of("step", strings.Repeat("很", 1_000_000), "before", "18446744073709551615/18446744073709551615", "after", "1/1")},
	}}
	r = improvement.Read(h, improvement.Words{}, monday)
	var codes []improvement.Code
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
		assert.Less(t, len(f.Text("zh")), 300)
	}
	assert.Equal(t, []improvement.Code{
		improvement.CodeNoAction, improvement.CodeNoCause, improvement.CodeNoProblem, improvement.CodeUnreadable,
		improvement.CodeEarlyEffect, improvement.CodeUnknownStep, improvement.CodeUnreadable,
	}, codes)

	// A table of nothing maps nothing; one of the host's is the host's.
	r = improvement.Read(chartertest.History(t, "mon 09:00 improve step=do"), improvement.Words{Steps: map[string]improvement.Meaning{}}, monday.AddDate(1, 0, 0))
	assert.Empty(t, r.Improvement.Actions)
	improvement.Standard().Steps["do"] = improvement.Meaning{Step: quality.Act}
	assert.Equal(t, quality.Do, improvement.Standard().Steps["do"].Step)
}

func FuzzRead(f *testing.F) {
	f.Add("improved", "do", "Li", "2025-03-04T12:00:00+08:00", "yes", "1/2", "2/2", int64(5))
	f.Add("improved", "verified", "", "soon", "halved", "1/", "/", int64(-1))
	f.Add("planned", "", "Li", "", "", "", "", int64(0))
	f.Add("reopened", "think", "\xff", "9999-12-31T23:59:59Z", "no", "2/1", "1/1", int64(1)<<62)
	f.Fuzz(func(t *testing.T, kind, step, owner, due, effect, before, after string, later int64) {
		fields := history.Of("step", step, "owner", owner, "due", due, "effect", effect, "before", before, "after", after)
		h := history.History{Case: "P-1", Entries: []history.Entry{
			{Seq: 1, At: monday, Kind: history.Planned, Fields: history.Of("measures", "shifts", "owner", "Li", "due", "2025-03-05T09:00:00+08:00", "problem", "waits", "cause", "lunch")},
			{Seq: 2, At: monday.Add(time.Duration(later)), Kind: history.Kind(kind), Fields: fields},
			{Seq: 3, At: monday.Add(time.Hour), Kind: history.Improved, Actor: history.Actor{ID: "Zhao"}, Fields: history.Of("step", "verified")},
		}}
		r := improvement.Read(h, improvement.Words{}, monday.AddDate(1, 0, 0))
		if err := r.Improvement.Validate(); err != nil && len(r.Findings) == 0 {
			t.Fatal(err)
		}
		if !r.Carried.IsZero() && r.Carried.After(monday.AddDate(1, 0, 0)) {
			t.Fatal("carried out later than now")
		}
	})
}

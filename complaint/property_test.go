package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
)

// snapshot is everything that a Complaint tells of itself, besides what is pending.
func snapshot(c *complaint.Complaint) map[string]any {
	done := map[history.Kind]bool{}
	for _, k := range complaint.Steps() {
		done[k] = c.Done(k)
	}
	return map[string]any{
		"state": c.State(), "owner": c.Owner(), "level": c.Level(), "unit": c.Unit(), "severity": c.Severity(), "grade": c.Grade(),
		"answer": c.Answer(), "provisional": c.Provisional(), "solution": c.Solution(), "changes": c.Changes(), "attributes": c.Attributes(),
		"done": done, "case": c.Case(),
	}
}

// reload passes a history through its canonical bytes.
func reload(t require.TestingT, h history.History, r *complaint.Rules) *complaint.Complaint {
	back := history.History{Case: h.Case}
	for _, e := range h.Entries {
		text, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		again, err := history.Decode(text)
		require.NoError(t, err)
		back.Entries = append(back.Entries, again)
	}
	c, err := complaint.Load(back, r)
	require.NoError(t, err)
	return c
}

// anyEntry is a step as a host may try it, or as a foreign system may have recorded it.
func anyEntry(t *rapid.T, kinds []history.Kind) history.Entry {
	value := map[string][]string{
		"channel": {"phone", "pigeon"}, "severity": {"ordinary", "major", "grave"}, "level": {"agent", "team", "management", "moon"},
		"basis": {"report", "analysis"}, "answer": {"accepted", "disputed", "well"}, "solved": {"yes", "no"}, "initial": {"true"},
		"due": {"2025-03-04T10:00:00Z", "soon"}, "reason": {"r"}, "first_agent": {"17"}, "criteria": {"safety_risk", "internal_process"},
		"unit": {"customer service", "legal"}, "class": {"complaint", "x"}, "form": {"written", "oral"}, "": {"x"}, "content": {"c", ""},
	}
	keys := []string{"channel", "severity", "level", "basis", "answer", "solved", "initial", "due", "reason", "first_agent", "criteria", "unit", "class", "form", "content"}
	e := history.Entry{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
		At:   nine.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour),
		Actor: history.Actor{
			Role: rapid.SampledFrom([]string{"agent", "management", "customer", ""}).Draw(t, "role"),
			ID:   rapid.SampledFrom([]string{"17", "21", ""}).Draw(t, "id"),
		},
	}
	for _, key := range rapid.SliceOfN(rapid.SampledFrom(keys), 0, 5).Draw(t, "keys") {
		e.Fields = append(e.Fields, history.Field{Key: key, Value: rapid.SampledFrom(value[key]).Draw(t, key)})
	}
	return e
}

// Whatever steps succeed, in whatever order they are entered, the entries say the same after they have been stored and read, and a
// checker finds nothing in them but what the rules let pass. A step that is refused changes nothing.
func TestWhatIsRecordedIsWhatIsReadBack(t *testing.T) {
	course := chartertest.History(t, whole).Entries
	reached := map[complaint.State]int{}
	rapid.Check(t, func(t *rapid.T) {
		rules := ruleset(quiet{}, rapid.SampledFrom(rulesets).Draw(t, "rules"))
		if rapid.IntRange(0, 3).Draw(t, "lenient") == 0 {
			rules.Lenient = []complaint.Code{rapid.SampledFrom(complaint.Codes()).Draw(t, "code")}
		}
		c, err := complaint.Load(history.History{Case: "C-1"}, rules)
		require.NoError(t, err)
		next := 0
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			var e history.Entry
			if next < len(course) && rapid.IntRange(0, 5).Draw(t, "planned") > 0 {
				e = course[next]
				next++
			} else {
				e = anyEntry(t, complaint.Steps())
			}
			before, pending := snapshot(c), len(c.Pending())
			if err := c.Record(complaint.Meta{At: e.At, Actor: e.Actor}, e.Kind, e.Fields); err != nil {
				var step *complaint.StepError
				require.ErrorAs(t, err, &step)
				require.Equal(t, before, snapshot(c))
				require.Len(t, c.Pending(), pending)
			}
			reached[c.State()]++
			require.Equal(t, snapshot(reload(t, c.History(), rules)), snapshot(c))
		}
		for _, f := range complaint.Check(c.History(), rules) {
			require.True(t, f.Advised, "%s", f)
		}
	})
	for _, s := range []complaint.State{complaint.Open, complaint.Resolved, complaint.Closed} {
		assert.NotZero(t, reached[s], "no course reached %q", s)
	}
}

// quiet lets ruleset be used where no testing.TB is at hand: the rules are those of testdata, which other tests read.
type quiet struct{ testing.TB }

func (quiet) Helper()               {}
func (quiet) Errorf(string, ...any) {}
func (quiet) FailNow()              {}

// A checker takes anything: kinds nobody knows, entries without instants or numbers, in any order.
func TestForeignHistoriesNeverPanic(t *testing.T) {
	kinds := append(complaint.Steps(), history.Detected, history.NoticeRecorded, "acme.triaged", "")
	rapid.Check(t, func(t *rapid.T) {
		var h history.History
		for range rapid.IntRange(0, 25).Draw(t, "entries") {
			e := anyEntry(t, kinds)
			e.Seq = rapid.Uint64Range(0, 5).Draw(t, "seq")
			switch rapid.IntRange(0, 9).Draw(t, "odd") {
			case 0:
				e.At = time.Time{}
			case 1:
				e.Recorded = e.At.Add(-time.Hour)
			case 2:
				e.Fields = append(e.Fields, history.Field{}, history.Field{Key: "severity", Value: "\xff"})
			}
			h.Entries = append(h.Entries, e)
		}
		rules := ruleset(quiet{}, rapid.SampledFrom(rulesets).Draw(t, "rules"))
		findings := complaint.Check(h, rules)
		for _, f := range findings {
			require.Equal(t, h.Entries[f.Index].Kind, f.Step)
			require.NotEmpty(t, f.Text("en"))
			require.NotEmpty(t, f.Text("zh"))
		}
		require.Equal(t, findings, complaint.Check(h, rules))
		if c, err := complaint.Load(h, rules); err == nil {
			_ = snapshot(c)
			_ = c.Close(complaint.Meta{At: nine.Add(300 * time.Hour)}, "")
			require.GreaterOrEqual(t, len(c.History().Entries), len(h.Entries))
		}
	})
}

// What the rules do not name, they do not look at: the order of entries in the slice is nothing.
func TestCheckReadsByTime(t *testing.T) {
	entries := chartertest.History(t, whole).Entries
	rules := ruleset(t, "standard")
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(entries).Draw(t, "order")
		require.Empty(t, complaint.Check(history.History{Entries: shuffled}, rules))
	})
}

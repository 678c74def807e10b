package charter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Each clause of the five handbooks with a demand is kept by a record of the transcripts, and broken by another.
func TestEveryDemandIsKeptAndBrokenInATranscript(t *testing.T) {
	answers := map[string]bool{}
	files, err := filepath.Glob("testdata/handbook/content-*")
	require.NoError(t, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if id, rest, ok := strings.Cut(line, ": "); ok {
				state, _, _ := strings.Cut(rest, ";")
				answers[id+": "+strings.TrimSuffix(strings.TrimSpace(state), " (advised)")] = true
			}
		}
	}
	demanding := 0
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for c := range h.Clauses() {
			if len(c.Content) == 0 {
				continue
			}
			demanding++
			for _, state := range []records.State{records.Complete, records.Incomplete} {
				assert.True(t, answers[c.ID+": "+string(state)], "%s is %s in no transcript", c.ID, state)
			}
		}
	}
	require.Greater(t, demanding, 100)
}

// drawDemands makes a handbook of one clause whose versions each want something else with every entry placed: that it has the field v0, v1, …
func drawDemands(t *rapid.T) *charter.Handbook {
	dates := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) calendar.Date { return drawDate(t, "version") }), 0, 4, rapid.ID).Draw(t, "dates")
	slices.SortFunc(dates, calendar.Date.Compare)
	clauses := ""
	for i := 0; i <= len(dates); i++ {
		var bounds []string
		if i > 0 {
			bounds = append(bounds, fmt.Sprintf(`"from": %q`, dates[i-1]))
		}
		if i < len(dates) {
			bounds = append(bounds, fmt.Sprintf(`"to": %q`, dates[i]))
		}
		if len(bounds) > 0 && rapid.IntRange(0, 4).Draw(t, "gap") == 0 {
			continue
		}
		effective := ""
		if len(bounds) > 0 {
			effective = `"effective": {` + strings.Join(bounds, ", ") + `},`
		}
		clauses += fmt.Sprintf(`, {"id": "a/1", %s "subject": "people", "kind": "fields", "check": "decidable", "text": {"en": "x"},
			"content": [{"on": "placed", "where": "itself", "holds": [["placed[v%d]"]]}]}`, effective, i)
	}
	zone := rapid.SampledFrom([]string{"UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia"}).Draw(t, "zone")
	h, err := charter.ParseHandbook(fmt.Appendf(nil, `{"id": "a", "version": "1", "title": {"en": "A"}, "zone": %q, "clauses": [%s]}`,
		zone, clauses[min(2, len(clauses)):]))
	require.NoError(t, err)
	return h
}

// Each entry is held to what was demanded at its own instant, in whatever order the entries stand.
func TestRecordIsHeldToWhatWasDemandedThen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawDemands(t)
		var x history.History
		want := map[string][]uint64{} // by what is demanded, the entries that lack it
		for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
			day := drawDate(t, "day")
			e := history.Entry{
				Seq: uint64(i + 1), At: time.Date(day.Year, day.Month, day.Day, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC),
				Kind:   rapid.SampledFrom([]history.Kind{history.Placed, history.Trained}).Draw(t, "kind"),
				Fields: history.Of(rapid.SampledFrom([]string{"v0", "v1", "v2", "v3"}).Draw(t, "field"), "x"),
			}
			x.Entries = append(x.Entries, e)
			for _, d := range h.Content(e.At) {
				if _, has := e.Fields.Get(d.Holds[0][0].Fields[0].Name); e.Kind == history.Placed && !has {
					want[d.Holds[0][0].String()] = append(want[d.Holds[0][0].String()], e.Seq)
				}
			}
		}
		got := map[string][]uint64{}
		held, _ := h.CheckRecord("person", x) // a handbook without classes is drawn
		for _, held := range held {
			assert.Equal(t, len(held.Lacks) > 0, held.State == records.Incomplete)
			for _, l := range held.Lacks {
				got[l.What] = slices.Sorted(slices.Values(l.Entries))
			}
		}
		require.Equal(t, want, got)

		mixed := history.History{Entries: rapid.Permutation(x.Entries).Draw(t, "mixed")}
		again, _ := h.CheckRecord("person", mixed)
		require.Equal(t, held, again)
	})
}

// What is asked in Go is held to what the parser holds JSON to.
func TestContentOfAPatchInGo(t *testing.T) {
	h, err := handbooks.Telecom()
	require.NoError(t, err)
	for _, x := range []records.Content{
		{},
		{Clause: "telecom/5.2-measures", Actors: true},
		{When: sla.Condition{sla.Is("tier", "urgent")}, Actors: true},
		{Where: "near", On: sla.Match{Kind: history.Placed}, Holds: [][]sla.Match{sla.On(history.Trained)}},
		{Holds: [][]sla.Match{nil}},
		{Holds: [][]sla.Match{{{Kind: "trained["}}}},
	} {
		_, err := h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "test", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1},
			Changes: []charter.Change{{Edit: charter.SetContent{Clause: "telecom/5.2-measures", Content: []records.Content{x}}}},
		})
		assert.Error(t, err, "%+v", x)
	}
}

// Nothing is demanded by no handbook, of no class and of no entry.
func TestCheckRecordOfNothing(t *testing.T) {
	var none *charter.Handbook
	x := history.History{Entries: []history.Entry{{Seq: 1, Kind: history.Placed}}}
	held, err := none.CheckRecord("person", x)
	assert.Empty(t, held)
	require.ErrorIs(t, err, charter.ErrUnknownClass)
	assert.Empty(t, none.RecordClasses(time.Time{}))
	assert.Empty(t, none.Content(time.Time{}))
	h, err := handbooks.Enterprise()
	require.NoError(t, err)
	held, err = h.CheckRecord("person", history.History{})
	require.NoError(t, err)
	assert.Empty(t, held)
	for _, class := range []string{"", "Person", "staff", "person "} { // silence would look like a sound record
		_, err = h.CheckRecord(class, x)
		require.ErrorIs(t, err, charter.ErrUnknownClass, class)
		_, err = h.CheckRecord(class, history.History{})
		require.ErrorIs(t, err, charter.ErrUnknownClass, class)
	}
	held, err = h.CheckRecord("person", x)
	require.NoError(t, err)
	assert.NotEmpty(t, held)
	classes := h.RecordClasses(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	assert.Contains(t, classes, "person")
	assert.True(t, slices.IsSorted(classes))
	for _, class := range classes {
		_, err = h.CheckRecord(class, x)
		require.NoError(t, err, class)
	}
}

// What the five handbooks demand can be checked as it is.
func TestContentOfTheHandbooksIsSound(t *testing.T) {
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for _, x := range h.Content(time.Time{}) {
			assert.NoError(t, x.Validate())
			c, ok := h.Clause(x.Clause)
			assert.True(t, ok)
			assert.NotEmpty(t, c.Content, x.Clause)
		}
	}
}

// A staff file is held to what the handbook wants of it: this agent was placed before the examination.
func ExampleHandbook_CheckRecord() {
	h, err := handbooks.Telecom()
	if err != nil {
		fmt.Println(err)
		return
	}
	monday := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	file := history.History{Case: "agent 17", Entries: []history.Entry{
		{Seq: 1, At: monday, Kind: history.Trained, Fields: history.Of("topics", "theory", "form", "online_course")},
		{Seq: 2, At: monday.AddDate(0, 0, 7), Kind: history.Placed, Fields: history.Of("post", "desk")},
		{Seq: 3, At: monday.AddDate(0, 0, 14), Kind: history.Examined, Fields: history.Of("part", "theory", "passed", "false")},
	}}
	holdings, err := h.CheckRecord("person", file)
	if err != nil {
		fmt.Println(err)
	}
	for _, held := range holdings {
		if held.State == records.Incomplete && strings.HasPrefix(held.Clause, "telecom/3.2-") && len(held.Lacks) == 1 {
			fmt.Println(held)
		}
	}
	c, _ := h.Clause("telecom/3.2-pass-before-post")
	fmt.Println(c.Text.In("en"))
	fmt.Println(c.Content[0])
	// Output:
	// telecom/3.2-pass-before-post: incomplete; lacks examined[passed=true|yes] before entry 2
	// telecom/3.2-fail-retrain: incomplete; lacks trained | placed[post] after entry 3
	// Nobody takes up a post before passing the examination.
	// person: examined[passed=true|yes] before placed[post]
}

// What a staff file has to hold, for whoever maps a table of trainings and appraisals.
func ExampleHandbook_Content() {
	h, err := handbooks.Enterprise()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range h.Content(time.Date(2025, 3, 3, 0, 0, 0, 0, h.Location())) {
		if slices.Contains(x.Classes, "person") {
			fmt.Println(x.Clause, x)
		}
	}
	// Output:
	// enterprise/7.2-improvement-plan person: planned[measures] | improved[step] after every appraised
	// enterprise/7.3-career-stages person: every placed[grade] is placed[grade=junior|intermediate|senior|management]
	// enterprise/7.3-ladder person: every placed[post] is placed[post=specialist|supervisor|manager|director], advised
}

// A host whose files have another name, and who asks for more, says so.
func ExampleSetContent() {
	h, err := handbooks.Telecom()
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := charter.ParsePatch([]byte(`{
		"base": {"handbook": "telecom", "version": "2025", "digest": "` + h.Digest() + `"},
		"reason": "our staff files", "effective": "2026-01-01",
		"changes": [{"op": "content", "clause": "telecom/3.2-pass-before-post", "content": [
			{"classes": ["staff file"], "on": "placed[post]", "where": "before", "holds": [["trained"], ["examined[passed=true]"]], "ordered": true}
		]}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if h, err = h.Amend(p); err != nil {
		fmt.Println(err)
		return
	}
	hired := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	holdings, err := h.CheckRecord("staff file", history.History{Entries: []history.Entry{
		{Seq: 1, At: hired, Kind: history.Examined, Fields: history.Of("passed", "true")},
		{Seq: 2, At: hired.AddDate(0, 0, 1), Kind: history.Placed, Fields: history.Of("post", "desk")},
	}})
	if err != nil {
		fmt.Println(err)
	}
	for _, held := range holdings {
		fmt.Println(held.Text("en"))
		fmt.Println(held.Text("zh"))
	}
	// Output:
	// telecom/3.2-pass-before-post: incomplete; lacks trained before entry 2
	// telecom/3.2-pass-before-post: 不完整；第2条之前缺少trained
}

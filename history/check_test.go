package history_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

// TestCodes: each code that is declared has a message in both languages, and a transcript that shows it.
func TestCodes(t *testing.T) {
	source, err := os.ReadFile("finding.go")
	require.NoError(t, err)
	transcript, err := os.ReadFile("testdata/check.txt")
	require.NoError(t, err)
	var declared []history.Code
	for _, m := range regexp.MustCompile(`(?m)^\tCode\w+ Code = "([a-z-]+)"$`).FindAllSubmatch(source, -1) {
		declared = append(declared, history.Code(m[1]))
	}
	require.NotEmpty(t, declared)
	assert.ElementsMatch(t, declared, history.Codes())
	han := regexp.MustCompile(`\p{Han}`)
	for _, code := range declared {
		f := history.Finding{Code: code, Seq: 2, Kind: "k", At: nine, Field: "f", Value: "v", OtherSeq: 1, OtherKind: "o", OtherAt: nine}
		for _, language := range []string{"zh", "zh-CN", "zh-Hans"} {
			assert.Regexp(t, han, f.Text(language))
		}
		for _, language := range []string{"", "en", "en-GB", "de", "zhx"} {
			assert.Equal(t, f.String(), f.Text(language))
			assert.NotRegexp(t, han, f.Text(language))
		}
		assert.NotContains(t, f.String()+f.Text("zh"), "{")
		if code != history.CodeUnwritable { // text has no unwritable entries: see below
			assert.Contains(t, string(transcript), "\n"+string(code)+": ")
		}
	}
	assert.Equal(t, "given-up", history.Finding{Code: "given-up"}.String())
}

func codes(found []history.Finding) (codes []history.Code) {
	for _, f := range found {
		codes = append(codes, f.Code)
	}
	return codes
}

// TestCheckUnwritable: entries that no canonical bytes exist for are named, and do not disturb the others.
func TestCheckUnwritable(t *testing.T) {
	h := history.History{Entries: []history.Entry{
		{Seq: 1, At: nine, Kind: history.Opened},
		{Seq: 2, Kind: history.Resolved},
		{Seq: 3, At: nine.Add(time.Hour)},
		{Seq: 4, At: nine.Add(time.Hour), Kind: history.Closed, Personal: history.Of("name", "\xff")},
		{Seq: 5, At: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Archived},
	}}
	var got []string
	for _, f := range history.Check(h) {
		got = append(got, f.String())
	}
	assert.Equal(t, []string{
		"time runs backwards: entry 5 (archived, -0005-01-01T00:00:00Z) was recorded earlier than entry 4 (closed, 2025-03-03T02:00:00Z), which stands before it",
		"entry 5 (archived, -0005-01-01T00:00:00Z) cannot be written: at: \"no instant between the years 0 and 9999\"",
		"entry 5 (archived, -0005-01-01T00:00:00Z) happened before entry 1 (opened, 2025-03-03T01:00:00Z), with which the case begins",
		"entry 5 (archived, -0005-01-01T00:00:00Z) happened before entry 4 (closed, 2025-03-03T02:00:00Z), which should come first",
		"entry 2 (resolved) cannot be written: at: \"no instant between the years 0 and 9999\"",
		"entry 3 (2025-03-03T02:00:00Z) cannot be written: kind: \"no kind\"",
		"entry 4 (closed, 2025-03-03T02:00:00Z) cannot be written: personal.name: \"not valid UTF-8\"",
	}, got)
	assert.Equal(t, []history.Code{history.CodeEmpty}, codes(history.Check(history.History{})))
}

// TestCheckKnowsTheIndex: a finding leads to its entry as the caller has it, though the entries are out of order.
func TestCheckKnowsTheIndex(t *testing.T) {
	h := chartertest.History(t, `
		tue 09:00 reply seq=2
		wed 09:00 "acme" seq=3
		mon 09:00 open seq=1
	`)
	found := history.Check(h)
	require.Equal(t, []history.Code{history.CodeUnknownKind}, codes(found))
	assert.Equal(t, 1, found[0].Index)
	assert.Equal(t, uint64(2), h.Entries[0].Seq, "nothing is moved")
}

// TestCheckManyAtOnce: very many entries of one instant are compared, but not each with each.
func TestCheckManyAtOnce(t *testing.T) {
	h := history.History{}
	for i := range 50_000 {
		h.Entries = append(h.Entries, history.Entry{Seq: uint64(i) + 1, At: nine, Kind: history.Surveyed, Fields: history.Of("comment", string(rune('一'+i%20_000)))})
	}
	h.Entries[0].Kind = history.Opened
	twins := 0
	for _, f := range history.Check(h) {
		require.Equal(t, history.CodeEntryTwice, f.Code)
		twins++
	}
	assert.Equal(t, 50_000-20_000-1, twins)

	var twice history.Fields
	for range 50_000 {
		twice = append(twice, history.Field{Key: "tags", Value: "a"}, history.Field{Key: "tier", Value: "b"}, history.Field{Key: "tier", Value: "c"})
	}
	found := history.Check(history.History{Entries: []history.Entry{{Seq: 1, At: nine, Kind: history.Opened, Fields: twice}}})
	assert.Len(t, found, 1)
}

// caseOfKinds draws a small, disorderly case with numbers from 1 and steps of whole hours.
func caseOfKinds() *rapid.Generator[history.History] {
	return rapid.Custom(func(t *rapid.T) history.History {
		kinds := []history.Kind{
			history.Opened, history.Detected, history.Accepted, history.Dispatched, history.Held, history.Resumed, history.Resolved, history.Closed,
			history.Reopened, history.Archived, "acme",
		}
		h := history.History{}
		for i := range rapid.IntRange(1, 25).Draw(t, "entries") {
			h.Entries = append(h.Entries, history.Entry{
				Seq:    uint64(i) + 1,
				At:     nine.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "hour")) * time.Hour),
				Kind:   rapid.SampledFrom(kinds).Draw(t, "kind"),
				Fields: rapid.SampledFrom([]history.Fields{nil, history.Of("reason", "x")}).Draw(t, "fields"),
			})
		}
		return h
	})
}

// TestCheckInAnyOrder: numbered entries give the same findings however they are handed over.
func TestCheckInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := caseOfKinds().Draw(t, "case")
		shuffled := history.History{Entries: rapid.Permutation(h.Entries).Draw(t, "shuffled")}
		found, same := history.Check(h), history.Check(shuffled)
		for i := range same {
			if same[i].Index >= 0 {
				require.Equal(t, same[i].Seq, shuffled.Entries[same[i].Index].Seq)
			}
			same[i].Index = 0
		}
		for i := range found {
			found[i].Index = 0
		}
		require.Equal(t, found, same)
	})
}

// TestCheckAgainstModel counts findings in the slow, obvious way.
func TestCheckAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := caseOfKinds().Draw(t, "case")
		got := map[history.Code]int{}
		for _, c := range codes(history.Check(h)) {
			got[c]++
		}
		want := map[history.Code]int{}
		for i, e := range h.Entries {
			if i > 0 && e.At.Before(h.Entries[i-1].At) {
				want[history.CodeTimeBackwards]++
			}
		}
		entries := h.Sorted().Entries
		said := map[string]bool{}
		isOpening := func(e history.Entry) bool { return e.Kind == history.Opened || e.Kind == history.Detected }
		opening := slices.IndexFunc(entries, isOpening)
		if opening < 0 {
			want[history.CodeNoOpening]++
		}
		firsts := map[history.Kind]history.Entry{}
		held, ended, closed := "", false, false
		for _, e := range entries {
			key := e
			key.Seq = 0
			if said[key.String()] {
				want[history.CodeEntryTwice]++
			}
			said[key.String()] = true
			_, again := firsts[e.Kind]
			if !again {
				firsts[e.Kind] = e
			}
			if opening >= 0 && e.At.Before(entries[opening].At) {
				if e.Kind == history.Resolved {
					want[history.CodeResolvedBeforeOpened]++
				} else {
					want[history.CodeBeforeOpening]++
				}
			}
			switch {
			case e.Kind == "acme":
				want[history.CodeUnknownKind]++
			case isOpening(e) && again:
				want[history.CodeOpenedTwice]++
			case e.Kind == history.Held:
				if held == "held" {
					want[history.CodeHeldTwice]++
				}
				held = "held"
			case e.Kind == history.Resumed:
				if held == "" {
					want[history.CodeResumedWithoutHeld]++
				}
				held = ""
			case e.Kind == history.Resolved, e.Kind == history.Closed:
				if e.Kind == history.Closed && closed {
					want[history.CodeClosedTwice]++
				}
				ended, closed = true, closed || e.Kind == history.Closed
				if held != "" {
					held = "held until the end"
				}
			case e.Kind == history.Reopened:
				if !ended {
					want[history.CodeReopenedWithoutEnd]++
				}
				ended, closed = false, false
			}
		}
		for _, pair := range []string{"accepted resolved", "dispatched resolved", "resolved closed", "closed archived"} {
			earlier, later, _ := strings.Cut(pair, " ")
			a, hasA := firsts[history.Kind(earlier)]
			b, hasB := firsts[history.Kind(later)]
			r, reopened := firsts[history.Reopened]
			afterReopening := reopened && (r.At.Before(a.At) || r.At.Equal(a.At) && r.Seq < a.Seq)
			if hasA && hasB && b.At.Before(a.At) && !afterReopening {
				want[history.CodeStopBeforeStart]++
			}
		}
		require.Equal(t, want, got)
	})
}

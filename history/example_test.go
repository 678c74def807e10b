package history_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
)

// A host's row becomes a history: one entry for each column that is set, held and resumed for each pause.
func ExampleFromTimes() {
	day := time.Date(2025, time.March, 3, 0, 0, 0, 0, time.UTC)
	h, err := history.FromTimes(history.Times{
		Case:       "T-1001",
		Attributes: history.Of("kind", "ticket", "tier", "urgent"),
		At: map[history.Kind]time.Time{
			history.Opened:    day.Add(9 * time.Hour),
			history.Responded: day.Add(9*time.Hour + 20*time.Minute),
			history.Resolved:  day.Add(15 * time.Hour),
			history.Closed:    {}, // not yet
		},
		Pauses: []history.Pause{{From: day.Add(10 * time.Hour), To: day.Add(12 * time.Hour), Reason: "customer"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range h.Entries {
		fmt.Println(e)
	}
	// Output:
	// 1 2025-03-03T09:00:00Z opened kind=ticket tier=urgent
	// 2 2025-03-03T09:20:00Z responded
	// 3 2025-03-03T10:00:00Z held reason=customer
	// 4 2025-03-03T12:00:00Z resumed reason=customer
	// 5 2025-03-03T15:00:00Z resolved
}

// A table with the four columns that most help desks have.
func ExampleTimes() {
	row := struct{ createdAt, firstReplyAt, solvedAt, closedAt time.Time }{
		createdAt:    time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC),
		firstReplyAt: time.Date(2025, time.March, 3, 9, 20, 0, 0, time.UTC),
		solvedAt:     time.Date(2025, time.March, 3, 15, 0, 0, 0, time.UTC),
		// closedAt is null: not yet.
	}
	h, err := history.FromTimes(history.Times{
		Case: "T-1001",
		At: map[history.Kind]time.Time{
			history.Opened:    row.createdAt,
			history.Responded: row.firstReplyAt,
			history.Resolved:  row.solvedAt,
			history.Closed:    row.closedAt,
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range h.Entries {
		fmt.Println(e)
	}
	fmt.Println(len(history.Check(h)), "findings")
	// Output:
	// 1 2025-03-03T09:00:00Z opened
	// 2 2025-03-03T09:20:00Z responded
	// 3 2025-03-03T15:00:00Z resolved
	// 0 findings
}

// A column mapped by its own name makes a history all the same; Check tells that its name is no kind.
func ExampleCheck_unknownKind() {
	h, err := history.FromTimes(history.Times{At: map[history.Kind]time.Time{
		"created_at": time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range history.Check(h) {
		fmt.Printf("%s: %s\n", f.Code, f)
	}
	// Output:
	// no-opening: the case has neither opened nor detected
	// unknown-kind: entry 1 (created_at, 2025-03-03T09:00:00Z): no kind of the vocabulary
}

func ExampleCheck() {
	nine := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)
	h := history.History{Entries: []history.Entry{
		{Seq: 1, At: nine, Kind: history.Opened},
		{Seq: 2, At: nine.Add(-time.Hour), Kind: history.Resolved},
	}}
	for _, f := range history.Check(h) {
		fmt.Println(f.Code)
		fmt.Println(" ", f)
		fmt.Println(" ", f.Text("zh"))
	}
	// Output:
	// time-backwards
	//   time runs backwards: entry 2 (resolved, 2025-03-03T08:00:00Z) was recorded earlier than entry 1 (opened, 2025-03-03T09:00:00Z), which stands before it
	//   时间倒退：记录 2（resolved，2025-03-03T08:00:00Z）的记录时间早于排在其前的记录 1（opened，2025-03-03T09:00:00Z）
	// resolved-before-opened
	//   resolved before it began: entry 2 (resolved, 2025-03-03T08:00:00Z) is earlier than entry 1 (opened, 2025-03-03T09:00:00Z)
	//   尚未受理即已解决：记录 2（resolved，2025-03-03T08:00:00Z）早于记录 1（opened，2025-03-03T09:00:00Z）
}

// Equal facts have equal bytes, so a sum over them can be compared later, or in another program.
func ExampleEntry_AppendCanonical() {
	e := history.Entry{
		Seq:    1,
		At:     time.Date(2025, time.March, 3, 9, 0, 0, 1, time.FixedZone("CST", 8*60*60)),
		Kind:   history.Opened,
		Fields: history.Fields{{Key: "tier", Value: "urgent"}, {Key: "channel", Value: "phone"}},
	}
	b, err := e.AppendCanonical(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%.8x\n", b, sha256.Sum256(b))
	// Output:
	// {"at":"2025-03-03T01:00:00.000000001Z","fields":{"channel":"phone","tier":"urgent"},"kind":"opened","seq":1}
	// 62bac7f02b2942cb
}

// Decode takes the one canonical form only, UnmarshalJSON any JSON that says the same.
func ExampleDecode() {
	foreign := []byte(`{ "kind": "opened", "at": "2025-03-03T09:00:00+08:00" }`)

	_, err := history.Decode(foreign)
	fmt.Println(errors.Is(err, history.ErrNotCanonical), err)

	var e history.Entry
	err = json.Unmarshal(foreign, &e)
	fmt.Println(err, e)
	// Output:
	// true history: at byte 1: not the canonical form: written otherwise by AppendCanonical
	// <nil> 2025-03-03T01:00:00Z opened
}

// A log with one entry a line names the case on each.
func ExampleParseLine() {
	id, e, err := history.ParseLine([]byte(`{"case":"T-1001","at":"2025-03-03T09:00:00+08:00","kind":"held","fields":{"reason":"customer"}}`))
	fmt.Println(id, e, err)
	_, _, err = history.ParseLine([]byte(`{"case":"T-1001","at":"2025-03-03 09:00","kind":"held"}`))
	fmt.Println(err)
	// Output:
	// T-1001 2025-03-03T01:00:00Z held reason=customer <nil>
	// history: at byte 22: at: malformed entry: not an instant with an offset, such as 2025-03-03T09:00:00+08:00
}

// What was known on Monday evening does not contain what was recorded on Tuesday, even though it happened before.
func ExampleHistory_KnownAt() {
	monday := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)
	h := history.History{Entries: []history.Entry{
		{Seq: 1, At: monday, Kind: history.Opened},
		{Seq: 2, At: monday.Add(time.Hour), Recorded: monday.Add(24 * time.Hour), Kind: history.Responded},
	}}
	fmt.Println(len(h.KnownAt(monday.Add(9 * time.Hour)).Entries))
	fmt.Println(len(h.KnownAt(monday.Add(24 * time.Hour)).Entries))
	// Output:
	// 1
	// 2
}

func ExampleFields() {
	f := history.Of("tier", "urgent", "tags", "vip", "tags", "late")
	tier, _ := f.Get("tier")
	fmt.Println(tier)
	for tag := range f.All("tags") {
		fmt.Println(tag)
	}
	// Output:
	// urgent
	// late
	// vip
}

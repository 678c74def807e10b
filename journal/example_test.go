package journal_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Two workers read one head. One appends; the other meets a conflict, reads what happened and decides anew.
func Example() {
	ctx := context.Background()
	var j journal.Journal = journal.NewMemory()

	opened, err := j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err = j.Append(ctx, journal.Batch{Case: "T-1", Expect: opened, Records: [][]byte{[]byte("answered by Li")}}); err != nil {
		fmt.Println(err)
		return
	}

	_, err = j.Append(ctx, journal.Batch{Case: "T-1", Expect: opened, Records: [][]byte{[]byte("answered by Wang")}})
	fmt.Println(err)
	if errors.Is(err, journal.ErrConflict) {
		_, records, _ := j.Read(ctx, "T-1", opened.Version)
		fmt.Printf("meanwhile: %s\n", records[0].Data)
	}
	// Output:
	// journal: case "T-1": expected version 1, revision 1; it has version 2, revision 2
	// meanwhile: answered by Li
}

// An answer was lost on its way; the append is sent again with its key.
func ExampleBatch_key() {
	ctx := context.Background()
	j := journal.NewMemory()

	open := journal.Batch{Case: "T-1", Key: "web form 4711", Records: [][]byte{[]byte("opened")}}
	first, _ := j.Append(ctx, open)
	again, err := j.Append(ctx, open)
	fmt.Println(again == first, err)

	head, records, _ := j.Read(ctx, "T-1", 0)
	fmt.Println(head.Version, len(records))
	// Output:
	// true <nil>
	// 1 1
}

// A worker looks for what wants attention and claims it by moving it. Only who succeeds does the work.
func ExampleMemory_Due() {
	ctx := context.Background()
	j := journal.NewMemory()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for i, id := range []string{"T-1", "T-2", "T-3"} {
		_, _ = j.Append(ctx, journal.Batch{Case: id, Records: [][]byte{[]byte("opened")}, Next: noon.Add(time.Duration(-i) * time.Hour)})
	}

	for item, err := range j.Due(ctx, noon.Add(-time.Hour)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		head, _, _ := j.Read(ctx, item.Case, 0)
		if _, err := j.Append(ctx, journal.Batch{Case: item.Case, Expect: head, Next: noon.Add(time.Hour), Sum: head.Sum}); err != nil {
			continue // another worker was faster
		}
		fmt.Println(item.Case, item.Next.Format(time.TimeOnly))
	}
	// Output:
	// T-3 10:00:00
	// T-2 11:00:00
}

// A reader stores how far it has come, and goes on from there.
func ExampleMemory_Scan() {
	ctx := context.Background()
	j := journal.NewMemory()
	head, _ := j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened"), []byte("answered")}})

	var passed journal.Position
	follow := func() {
		for r, err := range j.Scan(ctx, passed) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("%s %d %s\n", r.Case, r.Seq, r.Data)
			passed = r.Pos
		}
	}
	follow()
	_, _ = j.Append(ctx, journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("closed")}})
	follow()
	// Output:
	// T-1 1 opened
	// T-1 2 answered
	// T-1 3 closed
}

// After a restore, positions of before are refused: the reader begins again, since what it has seen may never have happened.
func ExampleMemory_Restore() {
	ctx := context.Background()
	j := journal.NewMemory()
	backup := j.Snapshot()
	_, _ = j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened")}})
	var passed journal.Position
	for r := range j.Scan(ctx, "") {
		passed = r.Pos
	}

	j.Restore(backup)
	for _, err := range j.Scan(ctx, passed) {
		fmt.Println(errors.Is(err, journal.ErrPosition))
	}
	// Output: true
}

// A person asks to be forgotten. What is left says that there was a case, and nothing more.
func ExampleMemory_Erase() {
	ctx := context.Background()
	j := journal.NewMemory()
	head, _ := j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened for Zhang San")}})

	head, _ = j.Erase(ctx, "T-1", head, []byte("erased on request"))
	_, records, _ := j.Read(ctx, "T-1", 0)
	for _, r := range records {
		fmt.Printf("%d %s\n", r.Seq, r.Data)
	}
	_, err := j.Append(ctx, journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("answered")}})
	fmt.Println(err)
	// Output:
	// 2 erased on request
	// journal: case "T-1": the case was erased
}

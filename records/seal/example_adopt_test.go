package seal_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records/seal"
)

// A journal that was in use without seals is taken in as it is found.
func ExampleJournal_Adopt() {
	ctx := context.Background()
	db := journal.NewMemory()
	head, err := db.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened"), []byte("responded")}})
	if err != nil {
		log.Fatal(err)
	}

	heads, err := seal.OpenLog(ctx, journal.NewMemory(), "example.com/helpdesk")
	if err != nil {
		log.Fatal(err)
	}
	j := seal.New(db, seal.Options{Log: heads})
	n, err := j.Adopt(ctx, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "case adopted")
	if _, err := j.Append(ctx, journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("resolved")}}); err != nil {
		log.Fatal(err)
	}
	report, err := j.Verify(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Records, "records,", report.Adopted, "of them as found")
	// Output:
	// 1 case adopted
	// 3 records, 2 of them as found
}

// An audit goes on over a damaged journal, without the cases that the report has named.
func ExampleJournal_Without() {
	ctx := context.Background()
	db := journal.NewMemory()
	j := seal.New(db, seal.Options{})
	for _, id := range []string{"T-1", "T-2"} {
		if _, err := j.Append(ctx, journal.Batch{Case: id, Records: [][]byte{[]byte("opened")}}); err != nil {
			log.Fatal(err)
		}
	}
	// Somebody writes past the seals.
	if _, err := db.Append(ctx, journal.Batch{Case: "T-3", Records: [][]byte{[]byte("opened")}}); err != nil {
		log.Fatal(err)
	}

	report, err := j.Verify(ctx)
	fmt.Println(err)
	for r, err := range j.Without(report.Faults...).Scan(ctx, "") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r.Case, string(r.Data))
	}
	// Output:
	// seal: case "T-3", entry 1: bytes differ from those that were sealed
	// T-1 opened
	// T-2 opened
}

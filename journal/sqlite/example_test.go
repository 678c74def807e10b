package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
)

// A case is opened, and two workers want to go on with it.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	j, err := sqlite.Open(ctx, filepath.Join(dir, "journal.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer j.Close()

	head, err := j.Append(ctx, journal.Batch{
		Case:    "T-1",
		Key:     "web form 4711", // a repeated request opens no second case
		Records: [][]byte{[]byte("opened")},
		Next:    time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
	})
	if err != nil {
		log.Fatal(err)
	}

	_, err = j.Append(ctx, journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("answered")}})
	fmt.Println("first worker:", err)
	_, err = j.Append(ctx, journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("answered too")}})
	fmt.Println("second worker:", errors.Is(err, journal.ErrConflict), err)

	for record, err := range j.Scan(ctx, "") {
		fmt.Println(record.Case, record.Seq, string(record.Data), err)
	}
	// Output:
	// first worker: <nil>
	// second worker: true journal: case "T-1": expected version 1, revision 1; it has version 2, revision 2
	// T-1 1 opened <nil>
	// T-1 2 answered <nil>
}

// The host's row and the history are committed together, or neither is.
func ExampleJournal_In() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "shop.db")
	j, err := sqlite.Open(ctx, path)
	if err != nil {
		log.Fatal(err)
	}
	defer j.Close()
	db, err := sql.Open("sqlite", sqlite.DSN(path))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE TABLE orders (id TEXT PRIMARY KEY, state TEXT)"); err != nil {
		log.Fatal(err)
	}

	refund := func(order string, fail bool) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.ExecContext(ctx, "INSERT INTO orders VALUES (?, 'refund asked for')", order); err != nil {
			return err
		}
		if _, err := j.In(tx).Append(ctx, journal.Batch{Case: order, Records: [][]byte{[]byte("opened")}}); err != nil {
			return err
		}
		if fail {
			return errors.New("the card is unknown")
		}
		return tx.Commit()
	}
	for _, err := range []error{refund("order 7", false), refund("order 8", true)} {
		fmt.Println("refund:", err)
	}
	for _, order := range []string{"order 7", "order 8"} {
		head, _, err := j.Read(ctx, order, 0)
		fmt.Println(order, head.Version, err)
	}
	// Output:
	// refund: <nil>
	// refund: the card is unknown
	// order 7 1 <nil>
	// order 8 0 journal: case "order 8": unknown case
}

// A backup is taken while others write. What is restored from it refuses the positions of before, so that no reader goes on behind records that are
// no longer there.
func ExampleJournal_Backup() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	j, err := sqlite.Open(ctx, filepath.Join(dir, "journal.db"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened")}}); err != nil {
		log.Fatal(err)
	}
	backup := filepath.Join(dir, "backup.db")
	if err := j.Backup(ctx, backup); err != nil {
		log.Fatal(err)
	}
	var at journal.Position
	for record := range j.Scan(ctx, "") {
		at = record.Pos
	}
	j.Close()

	restored, err := sqlite.Open(ctx, backup)
	if err != nil {
		log.Fatal(err)
	}
	defer restored.Close()
	for _, err := range restored.Scan(ctx, at) {
		fmt.Println(errors.Is(err, journal.ErrPosition))
	}
	for record, err := range restored.Scan(ctx, "") {
		fmt.Println(string(record.Data), err)
	}
	// Output:
	// true
	// opened <nil>
}

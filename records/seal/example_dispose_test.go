package seal_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/seal"
)

// The keys of a case are destroyed with it, so that copies of it that were made before cannot be read either. Here the subject is the case; a host whose
// subjects are customers asks first whether the case was the customer's last.
func ExampleJournal_Shred() {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	dir, err := os.MkdirTemp("", "seal")
	check(err)
	defer os.RemoveAll(dir)
	master, err := seal.NewMasterKey([]byte("thirty-two bytes from your vault"))
	check(err)
	keys, err := seal.CreateKeyring(ctx, filepath.Join(dir, "keys"), master)
	check(err)
	j := seal.New(journal.NewMemory(), seal.Options{Keys: keys})
	at := time.Date(2020, 3, 2, 9, 0, 0, 0, time.UTC)
	closed := history.Entry{Seq: 1, At: at, Kind: history.Closed, Personal: history.Of("name", "Ada")}
	data, err := closed.AppendCanonical(nil)
	check(err)
	_, err = j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{data}})
	check(err)

	schedule, err := records.NewSchedule(time.UTC, records.Rule{
		Clause: "host/five", From: records.Start{Kind: history.Closed}, AtMost: records.Years(5),
	})
	check(err)
	d := &records.Disposer{
		Schedule: schedule, Store: charter.RecordStore{Journal: j}, Ledger: new(records.MemoryLedger),
		Now: func() time.Time { return at.AddDate(6, 0, 0) },
		Erased: func(ctx context.Context, c records.Certificate) error {
			_, err := j.Shred(ctx, c.Record)
			return err
		},
	}
	before, err := keys.IDs(ctx, "T-1")
	check(err)
	_, err = d.Dispose(ctx, "T-1")
	check(err)
	after, err := keys.IDs(ctx, "T-1")
	check(err)
	fmt.Println(len(before), len(after))
	// Output: 1 0
}

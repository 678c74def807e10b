package seal_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/records/seal"
)

// Example seals a journal, takes a checkpoint, forgets a customer and verifies.
func Example() {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}

	// Once: a key pair for checkpoints, and a master for the keyring. Both secrets belong where the host keeps its others.
	private, public, err := note.GenerateKey(nil, "example.com/helpdesk")
	check(err)
	signer, err := note.NewSigner(private)
	check(err)
	verifier, err := note.NewVerifier(public)
	check(err)
	master, err := seal.NewMasterKey([]byte("thirty-two bytes from your vault"))
	check(err)
	dir, err := os.MkdirTemp("", "seal")
	check(err)
	defer os.RemoveAll(dir)
	keys, err := seal.CreateKeyring(ctx, filepath.Join(dir, "keys"), master)
	check(err)

	heads, err := seal.OpenLog(ctx, journal.NewMemory(), "example.com/helpdesk", verifier)
	check(err)
	j := seal.New(journal.NewMemory(), seal.Options{
		Keys: keys,
		Log:  heads,
		Subject: func(_ string, e history.Entry) string {
			customer, _ := e.Fields.Get("customer")
			return customer
		},
	})

	opened := history.Entry{
		Seq: 1, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Kind: history.Opened,
		Fields:   history.Of("customer", "C-17", "tier", "urgent"),
		Personal: history.Of("name", "Ada"),
	}
	data, err := opened.AppendCanonical(nil)
	check(err)
	_, err = j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{data}})
	check(err)
	signed, err := j.Checkpoint(ctx, signer)
	check(err)

	_, err = j.Shred(ctx, "C-17")
	check(err)
	_, records, err := j.Read(ctx, "T-1", 0)
	check(err)
	fmt.Println(string(records[0].Data))

	held, err := seal.ReadCheckpoint(signed, verifier)
	check(err)
	report, err := j.Verify(ctx, held)
	check(err)
	fmt.Println(report.Records, "record,", report.Open, "newer than the log")
	// Output:
	// {"at":"2026-03-02T09:00:00Z","fields":{"customer":"C-17","personal":"erased","tier":"urgent"},"kind":"opened","seq":1}
	// 1 record, 0 newer than the log
}

// An auditor is given a case file and has the public key, nothing else.
func ExampleReadCase() {
	ctx := context.Background()
	private, public, err := note.GenerateKey(nil, "example.com/helpdesk")
	if err != nil {
		log.Fatal(err)
	}
	signer, _ := note.NewSigner(private)
	verifier, _ := note.NewVerifier(public)
	heads, err := seal.OpenLog(ctx, journal.NewMemory(), "example.com/helpdesk")
	if err != nil {
		log.Fatal(err)
	}
	j := seal.New(journal.NewMemory(), seal.Options{Log: heads})
	if _, err := j.Append(ctx, journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened"), []byte("resolved")}}); err != nil {
		log.Fatal(err)
	}
	if _, err := j.Checkpoint(ctx, signer); err != nil {
		log.Fatal(err)
	}
	file, err := j.Export(ctx, "T-1")
	if err != nil {
		log.Fatal(err)
	}

	c, err := seal.ReadCase(file, verifier)
	if err != nil {
		log.Fatal(err)
	}
	records, err := c.Records(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range records {
		fmt.Println(r.Case, r.Seq, string(r.Data))
	}

	file[60] ^= 1 // somebody would like it to be otherwise
	_, err = seal.ReadCase(file, verifier)
	fmt.Println(err)
	fmt.Println(errors.Is(err, seal.ErrTampered))
	// Output:
	// T-1 1 opened
	// T-1 2 resolved
	// seal: case "T-1", entry 1: bytes differ from those that were sealed
	// true
}

// A key destroyed by hand is gone for good, also in a keyring that is opened again.
func ExampleKeyring() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "seal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "keys")
	master, err := seal.NewMasterKey([]byte("thirty-two bytes from your vault"))
	if err != nil {
		log.Fatal(err)
	}
	keys, err := seal.CreateKeyring(ctx, path, master)
	if err != nil {
		log.Fatal(err)
	}
	id, key, err := keys.Current(ctx, "C-17")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key)
	if err := keys.Destroy(ctx, id); err != nil {
		log.Fatal(err)
	}
	keys, err = seal.OpenKeyring(ctx, path, master)
	if err != nil {
		log.Fatal(err)
	}
	_, err = keys.Lookup(ctx, id)
	fmt.Println(errors.Is(err, seal.ErrKeyDestroyed))
	// Output:
	// seal.Key(redacted)
	// true
}

// Command archive shows the end of records, from a handbook's periods to the
// proof that nothing was changed: closed cases in a sealed SQLite journal are
// kept, held, agreed on by two persons and disposed of; a customer is
// forgotten; an auditor checks a case file without any database. Whatever it
// prints of a person is masked.
//
//	go run ./examples/archive
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/mask"
	"github.com/servicecharter/charter/records/seal"
	"github.com/servicecharter/charter/sla/calendar"
	"golang.org/x/mod/sumdb/note"
)

// today is the day on which the archive is tidied up.
var today = time.Date(2026, time.April, 1, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

// policy says which fields hold what sort of personal data.
var policy = mask.New(mask.Usual())

// schedule is how long the norms keep records. Their text leaves open from
// when the years count and what "soon destroyed" means; the host says both,
// and wants two persons to agree to each disposal.
func schedule() *records.Schedule {
	norms, err := handbooks.Norms()
	check(err)
	rules, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "agreed with the archive", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2020, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.SetRetention{Clauses: []string{charter.Every}, From: records.Start{Kind: history.Closed}}},
			{Edit: charter.SetRetention{Clauses: []string{"norms/6.3-data-lifecycle"}, AtMost: records.Years(20), Review: true}},
		},
	})
	check(err)
	s, err := rules.Retention(today)
	check(err)
	return s
}

// file puts a case into the journal: one that a customer opened in March of a year and an agent closed.
func file(ctx context.Context, j journal.Journal, id, customer, name, phone, tier string, year int) {
	opened := history.Entry{
		Seq: 1, At: time.Date(year, time.March, 3, 9, 0, 0, 0, today.Location()), Kind: history.Opened,
		Actor:    history.Actor{Role: "customer", ID: customer},
		Fields:   history.Of("kind", "ticket", "tier", tier, "complexity", "simple", "importance", "normal", "customer", customer),
		Personal: history.Of("name", name, "phone", phone),
	}
	ended := history.Entry{Seq: 2, At: opened.At.Add(5 * time.Hour), Kind: history.Closed, Actor: history.Actor{Role: "agent", ID: "agent-7"}}
	b := journal.Batch{Case: id}
	for _, e := range []history.Entry{opened, ended} {
		line, err := e.AppendCanonical(nil)
		check(err)
		b.Records = append(b.Records, line)
	}
	_, err := j.Append(ctx, b)
	check(err)
}

// customer is whom the personal fields of an entry are about: they are encrypted under the key of that person.
func customer(_ string, e history.Entry) string {
	id, _ := e.Fields.Get("customer")
	return id
}

func run(ctx context.Context, out io.Writer, dir string) {
	// Three databases, and the keys beside them. In a real house all four are backed up apart from each other.
	database := func(name string) *sqlite.Journal {
		j, err := sqlite.Open(ctx, filepath.Join(dir, name))
		check(err)
		return j
	}
	cases, ledger, heads := database("cases.db"), database("ledger.db"), database("log.db")
	defer cases.Close()
	defer ledger.Close()
	defer heads.Close()
	master, err := seal.NewMasterKey([]byte("thirty-two bytes from your vault"))
	check(err)
	keys, err := seal.CreateKeyring(ctx, filepath.Join(dir, "keys"), master)
	check(err)
	private, public, err := note.GenerateKey(nil, "example.com/archive")
	check(err)
	signer, err := note.NewSigner(private)
	check(err)
	verifier, err := note.NewVerifier(public)
	check(err)
	chain, err := seal.OpenLog(ctx, heads, "example.com/archive", verifier)
	check(err)
	sealed := seal.New(cases, seal.Options{Keys: keys, Log: chain, Subject: customer})

	file(ctx, sealed, "T-1", "C-1", "王小明", "13800138000", "routine", 2020)
	file(ctx, sealed, "T-2", "C-2", "Li Lei", "13900139000", "routine", 2020)
	file(ctx, sealed, "T-3", "C-3", "欧阳娜娜", "010-62345678", "routine", 2020)
	file(ctx, sealed, "T-4", "C-4", "Han Meimei", "13700137000", "urgent", 2024)
	ids := []string{"T-1", "T-2", "T-3", "T-4"}

	suit := records.Hold{Name: "suit of 2025", Records: []string{"T-3"}, Placed: today.AddDate(-1, 0, 0), PlacedBy: "legal"}
	disposer := records.Disposer{
		Schedule: schedule(), Store: charter.RecordStore{Journal: sealed}, Ledger: charter.RecordLedger{Journal: ledger},
		Holds: func(context.Context) ([]records.Hold, error) { return []records.Hold{suit}, nil },
		Now:   func() time.Time { return today },
	}
	fmt.Fprintln(out, "What would be done:")
	for decision, err := range disposer.Plan(ctx, slices.Values(ids)) {
		check(err)
		fmt.Fprintln(out, decision)
	}

	fmt.Fprintln(out, "\nWho agrees:")
	for _, r := range []struct{ id, by string }{{"T-1", "Anna Graf"}, {"T-1", "Anna Graf"}, {"T-1", "林涛"}, {"T-2", "林涛"}} {
		decision, err := disposer.Review(ctx, r.id, r.by, true)
		if errors.Is(err, records.ErrSamePerson) {
			fmt.Fprintln(out, r.id, policy.Value("name", r.by), "again: does not count")
			continue
		}
		check(err)
		fmt.Fprintln(out, r.id, policy.Value("name", r.by), "agrees:", decision.Action)
	}

	fmt.Fprintln(out, "\nWhat was done:")
	for _, id := range ids {
		certificate, err := disposer.Dispose(ctx, id)
		if kept := (*records.KeptError)(nil); errors.As(err, &kept) {
			fmt.Fprintln(out, id, "stays:", kept.Decision.Action)
			continue
		}
		check(err)
		fmt.Fprintln(out, id, "was disposed of on", certificate.At.In(today.Location()).Format(time.DateOnly), "under", certificate.Clauses())
		for _, by := range certificate.Agreed {
			fmt.Fprintln(out, "- agreed:", policy.Value("name", by))
		}
	}

	// The checkpoint goes to the auditor, and so does the file of a case.
	signed, err := sealed.Checkpoint(ctx, signer)
	check(err)
	export, err := sealed.Export(ctx, "T-4")
	check(err)
	fmt.Fprintln(out, "\nThe file of T-4, checked without a database:")
	read(ctx, out, export, verifier, keys)
	_, err = sealed.Shred(ctx, "C-4")
	check(err)
	fmt.Fprintln(out, "\nThe same file when its customer is forgotten:")
	read(ctx, out, export, verifier, keys)

	held, err := seal.ReadCheckpoint(signed, verifier)
	check(err)
	report, err := sealed.Verify(ctx, held)
	check(err)
	fmt.Fprintf(out, "\nThe journal as the auditor's checkpoint has it: %d cases, %d of them erased, %d changed\n", report.Cases, report.Erased, report.Bad)
}

// read verifies a case file and prints its entries masked. It needs the public key; the persons' keys only for what is personal.
func read(ctx context.Context, out io.Writer, export []byte, verifier note.Verifier, keys seal.Keys) {
	c, err := seal.ReadCase(export, verifier)
	check(err)
	rows, err := c.Records(ctx, keys)
	check(err)
	for _, r := range rows {
		e, err := history.Decode(r.Data)
		check(err)
		e = policy.Entry(e)
		fmt.Fprintln(out, e.Seq, e.At.Format(time.DateOnly), e.Kind, e.Actor.Role, e.Fields, e.Personal)
	}
}

func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}

func main() {
	dir, err := os.MkdirTemp("", "archive")
	check(err)
	defer os.RemoveAll(dir)
	run(context.Background(), os.Stdout, dir)
}

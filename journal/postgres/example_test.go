package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

func Example() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://postgres@127.0.0.1:5432/test")
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if err := postgres.Migrate(ctx, pool, "helpdesk"); err != nil {
		log.Fatal(err)
	}
	j, err := postgres.Open(ctx, pool, postgres.Options{Schema: "helpdesk"})
	if err != nil {
		log.Fatal(err)
	}

	_, err = j.Append(ctx, journal.Batch{
		Case:    "T-1",
		Key:     "web form 4711", // the form may be sent twice
		Records: [][]byte{[]byte("opened")},
		Next:    time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
	})
	if err != nil && !errors.Is(err, journal.ErrConflict) {
		log.Fatal(err)
	}

	var seen journal.Position // kept by the reader, together with what it makes of the records
	for r, err := range j.Scan(ctx, seen) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s/%d %s\n", r.Case, r.Seq, r.Data)
		seen = r.Pos
	}
}

// The host's row and the history commit together.
func ExampleJournal_In() {
	var pool *pgxpool.Pool // the host's
	var j *postgres.Journal
	answer := func(ctx context.Context, id string) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "update ticket set state = 'answered' where id = $1", id); err != nil {
				return err
			}
			in := j.In(tx)
			head, _, err := in.Read(ctx, id, 0)
			if err != nil {
				return err
			}
			_, err = in.Append(ctx, journal.Batch{Case: id, Expect: head, Records: [][]byte{[]byte("answered")}})
			return err
		})
	}
	_ = answer
}

// After a restore from a backup, with the processes that scan stopped.
func ExampleNewEpoch() {
	var pool *pgxpool.Pool // the host's
	if err := postgres.NewEpoch(context.Background(), pool, "helpdesk"); err != nil {
		log.Fatal(err)
	}
}

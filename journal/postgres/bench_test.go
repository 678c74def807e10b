package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

// BenchmarkAppend opens a case and answers it, by one and by eight writers, and writes the same rows bare: plain statements of the same driver into
// equal tables, one transaction an append as well, without conditions. The two take turns in chunks, so that both meet the
// same machine; x-bare is the ratio of their times, and ns/op is that of both together.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 8} {
		for _, key := range []bool{false, true} {
			name := fmt.Sprintf("writers=%d", writers)
			if key {
				name += "/key"
			}
			b.Run(name, func(b *testing.B) { benchmarkAppend(b, writers, key) })
		}
	}
}

func benchmarkAppend(b *testing.B, writers int, key bool) {
	j, pool, _ := fresh(b)
	_, bareSchema := connect(b)
	if err := postgres.Migrate(b.Context(), pool, bareSchema); err != nil {
		b.Fatal(err)
	}
	var numbers atomic.Int64
	kinds := []struct {
		spent time.Duration
		work  func(ctx context.Context, id string, data [][]byte) error
	}{
		{work: func(ctx context.Context, id string, data [][]byte) error {
			return throughJournal(ctx, j, id, data, key)
		}},
		{work: func(ctx context.Context, id string, data [][]byte) error {
			return bare(ctx, pool, bareSchema, id, data, key)
		}},
	}
	data := [][]byte{make([]byte, 300), make([]byte, 200)}
	const chunk = 64
	appends := 0
	for b.Loop() {
		for k := range kinds {
			var group sync.WaitGroup
			begin := time.Now()
			for range writers {
				group.Go(func() {
					for range chunk / writers {
						if err := kinds[k].work(b.Context(), fmt.Sprintf("T-%09d", numbers.Add(1)), data); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
			kinds[k].spent += time.Since(begin)
		}
		appends += 2 * chunk
	}
	b.ReportMetric(float64(appends)/kinds[0].spent.Seconds(), "appends/s")
	b.ReportMetric(float64(appends)/kinds[1].spent.Seconds(), "bare/s")
	b.ReportMetric(kinds[0].spent.Seconds()/kinds[1].spent.Seconds(), "x-bare")
}

func throughJournal(ctx context.Context, j journal.Journal, id string, data [][]byte, key bool) error {
	batch := journal.Batch{Case: id, Records: data[:1], Next: time.Unix(1e9, 0)}
	if key {
		batch.Key = "opened"
	}
	h, err := j.Append(ctx, batch)
	if err != nil {
		return err
	}
	batch = journal.Batch{Case: id, Expect: h, Records: data[1:], Next: time.Unix(2e9, 0)}
	if key {
		batch.Key = "answered"
	}
	_, err = j.Append(ctx, batch)
	return err
}

// bare writes what throughJournal writes.
func bare(ctx context.Context, pool *pgxpool.Pool, schema, id string, data [][]byte, key bool) error {
	with := "with record as (insert into " + schema + ".record (case_id, seq, turn, data) values ($1, $2, pg_current_xact_id(), $3))"
	if key {
		with += ", idempotency as (insert into " + schema + ".idempotency values ($1, 'key ' || $2, $2, $2, $4, $5))"
	}
	opening := with + " insert into " + schema + ".head values ($1, $2, $2, $4, $5, false, pg_current_xact_id())"
	answer := with + " update " + schema + ".head set version = $2, rev = $2, next = $4, sum = $5 where case_id = $1"
	sum := make([]byte, 32)
	if _, err := pool.Exec(ctx, opening, id, 1, data[0], int64(1e18), sum); err != nil {
		return err
	}
	_, err := pool.Exec(ctx, answer, id, 2, data[1], int64(2e18), sum)
	return err
}

// fill puts open cases with one record of 100 bytes each straight into the tables, due one a second.
func fill(b *testing.B, pool *pgxpool.Pool, schema string, cases int) {
	run(b, pool, `insert into `+schema+`.head select 'T-' || n, 1, 1, n * 1000000000::bigint, '', false, '1' from generate_series(1, $1::bigint) n`, cases)
	run(b, pool, `insert into `+schema+`.record (case_id, seq, turn, data)
		select 'T-' || n, 1, '1', convert_to(repeat('x', 100), 'UTF8') from generate_series(1, $1::bigint) n`, cases)
	run(b, pool, "analyze "+schema+".head, "+schema+".record")
}

// BenchmarkDue walks over 100 cases that are due, of more and more that are open.
func BenchmarkDue(b *testing.B) {
	for _, open := range []int{1000, 100_000} {
		b.Run(fmt.Sprintf("open=%d", open), func(b *testing.B) {
			j, pool, schema := fresh(b)
			fill(b, pool, schema, open)
			for b.Loop() {
				n := 0
				for _, err := range j.Due(b.Context(), time.Unix(100, 0)) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != 100 {
					b.Fatalf("%d due", n)
				}
			}
		})
	}
}

// BenchmarkScan reads 100,000 records; compare with the rate of BenchmarkScanBare.
func BenchmarkScan(b *testing.B) {
	j, pool, schema := fresh(b)
	fill(b, pool, schema, 100_000)
	records := 0
	for b.Loop() {
		for _, err := range j.Scan(b.Context(), "") {
			if err != nil {
				b.Fatal(err)
			}
			records++
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkScanBare reads the same rows with one plain query.
func BenchmarkScanBare(b *testing.B) {
	_, pool, schema := fresh(b)
	fill(b, pool, schema, 100_000)
	records := 0
	for b.Loop() {
		rows, err := pool.Query(b.Context(), "select case_id, seq, turn, place, mark, data from "+schema+".record order by turn, place")
		if err != nil {
			b.Fatal(err)
		}
		var id string
		var seq, place, mark int64
		var turn uint64
		var data []byte
		for rows.Next() {
			if err := rows.Scan(&id, &seq, &turn, &place, &mark, &data); err != nil {
				b.Fatal(err)
			}
			records++
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// appender is one writer, who adds a record to each of a hundred cases of its own in turn.
type appender func() error

const benchCases = 100

// journaled appends through the journal.
func journaled(j *Journal, writer int, data []byte) appender {
	heads := make([]journal.Head, benchCases)
	n := 0
	return func() (err error) {
		c := n % benchCases
		heads[c], err = j.Append(context.Background(), journal.Batch{
			Case: fmt.Sprintf("T-%d-%d", writer, c), Key: fmt.Sprint(n), Expect: heads[c], Records: [][]byte{data}, Next: late,
		})
		n++
		return err
	}
}

// bare writes the same rows into the same tables with the same driver and settings, prepared, one transaction an append, and looks at nothing: no head is
// compared, no key is looked for. Writers wait for each other in the pool, which is kinder to them than SQLite's busy handler.
func bare(b *testing.B, db *sql.DB) func(writer int, data []byte) appender {
	prepare := func(text string) *sql.Stmt {
		stmt, err := db.Prepare(text)
		require.NoError(b, err)
		b.Cleanup(func() { _ = stmt.Close() })
		return stmt
	}
	create := prepare("INSERT INTO charter_case (name, version, rev, next, sum) VALUES (?, 1, 1, ?, zeroblob(32))")
	move := prepare("UPDATE charter_case SET version = ?, rev = ?, next = ? WHERE id = ?")
	record := prepare("INSERT INTO charter_record (case_id, seq, data) VALUES (?, ?, ?)")
	key := prepare("INSERT INTO charter_key (case_id, key, version, rev, next, sum) VALUES (?, ?, ?, ?, ?, zeroblob(32))")
	next := late.UnixNano()
	return func(writer int, data []byte) appender {
		ids, versions := make([]int64, benchCases), make([]int64, benchCases)
		n := 0
		return func() error {
			c := n % benchCases
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			versions[c]++
			if versions[c] == 1 {
				made, err := tx.Stmt(create).Exec(fmt.Sprintf("T-%d-%d", writer, c), next)
				if err != nil {
					return err
				}
				if ids[c], err = made.LastInsertId(); err != nil {
					return err
				}
			} else if _, err := tx.Stmt(move).Exec(versions[c], versions[c], next, ids[c]); err != nil {
				return err
			}
			if _, err := tx.Stmt(record).Exec(ids[c], versions[c], data); err != nil {
				return err
			}
			if _, err := tx.Stmt(key).Exec(ids[c], fmt.Append(nil, n), versions[c], versions[c], next); err != nil {
				return err
			}
			n++
			return tx.Commit()
		}
	}
}

// spread lets writers share n appends, and gives how long they took.
func spread(b *testing.B, writers []appender, n int) time.Duration {
	begin := time.Now()
	var wg sync.WaitGroup
	for i, add := range writers {
		share := n / len(writers)
		if i < n%len(writers) {
			share++
		}
		wg.Go(func() {
			for range share {
				if err := add(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

// BenchmarkAppend compares appends with the same rows inserted bare. The two take short turns on two files of one disk, so that both have the same
// weather, and x_bare is the ratio of their times: at most 1.5 is promised.
func BenchmarkAppend(b *testing.B) {
	data := fmt.Appendf(nil, "%0500d", 0)
	for _, n := range []int{1, 8} {
		b.Run(fmt.Sprintf("writers=%d", n), func(b *testing.B) {
			j, other := must(b, file(b)), must(b, file(b))
			db := hold(b, DSN(other.path))
			db.SetMaxOpenConns(1)
			insert := bare(b, db)
			var ours, theirs []appender
			for w := range n {
				ours = append(ours, journaled(j, w, data))
				theirs = append(theirs, insert(w, data))
			}
			var spent, without time.Duration
			turn := 50 * n
			b.ResetTimer()
			for done := 0; done < b.N; done += turn {
				spent += spread(b, ours, min(turn, b.N-done))
				without += spread(b, theirs, min(turn, b.N-done))
			}
			b.ReportMetric(float64(b.N)/spent.Seconds(), "appends/s")
			b.ReportMetric(float64(b.N)/without.Seconds(), "bare/s")
			b.ReportMetric(spent.Seconds()/without.Seconds(), "x_bare")
			b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "ns/op")
		})
	}
}

// BenchmarkRead reads a case of ten records.
func BenchmarkRead(b *testing.B) {
	j := must(b, file(b))
	records := make([][]byte, 10)
	for i := range records {
		records[i] = fmt.Appendf(nil, "%0500d", i)
	}
	_, err := j.Append(b.Context(), journal.Batch{Case: "T-1", Records: records})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, got, err := j.Read(b.Context(), "T-1", 0); err != nil || len(got) != 10 {
			b.Fatal(len(got), err)
		}
	}
}

// BenchmarkDue finds ten due cases among more and more open ones, at the same cost.
func BenchmarkDue(b *testing.B) {
	for _, open := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("open=%d", open), func(b *testing.B) {
			path := file(b)
			j := must(b, path)
			db := hold(b, DSN(path))
			_, err := db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO charter_case (name, version, rev, next, sum) SELECT 'T-' || i, 1, 1, i, zeroblob(32) FROM n`, open)
			require.NoError(b, err)
			for b.Loop() {
				n := 0
				for _, err := range j.Due(b.Context(), time.Unix(0, 10)) {
					require.NoError(b, err)
					n++
				}
				require.Equal(b, 10, n)
			}
		})
	}
}

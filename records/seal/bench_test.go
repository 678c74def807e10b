package seal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

const benchCases = 100

// appender adds a record of some 500 bytes to each of a hundred cases in turn.
func appender(j journal.Journal, data []byte) func(n int) error {
	heads := make([]journal.Head, benchCases)
	n := 0
	return func(count int) (err error) {
		for range count {
			c := n % benchCases
			b := journal.Batch{Case: fmt.Sprint("T-", c), Expect: heads[c], Records: [][]byte{data}, Key: fmt.Sprint(n)}
			if heads[c], err = j.Append(context.Background(), b); err != nil {
				return err
			}
			n++
		}
		return nil
	}
}

// ratio runs two pieces of work in short alternating turns, so that both have the same weather, and reports the one in terms of the other.
func ratio(b *testing.B, turn int, name string, ours, theirs func(n int) error) {
	b.Helper()
	ratios(b, turn, ours, against{name, "bare-ns/op", theirs})
}

// against is what something is compared with, and the names of the ratio and of its own time.
type against struct {
	ratio, time string
	work        func(n int) error
}

// ratios is ratio for several comparisons: whose turn comes first goes round.
func ratios(b *testing.B, turn int, ours func(n int) error, others ...against) {
	b.Helper()
	all := append([]against{{"", "ns/op", ours}}, others...)
	spent := make([]time.Duration, len(all))
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		for i := range all {
			at := (i + done/turn) % len(all)
			begin := time.Now()
			if err := all[at].work(n); err != nil {
				b.Fatal(err)
			}
			spent[at] += time.Since(begin)
		}
	}
	for i, a := range all {
		b.ReportMetric(float64(spent[i].Nanoseconds())/float64(b.N), a.time)
		if i > 0 {
			b.ReportMetric(spent[0].Seconds()/spent[i].Seconds(), a.ratio)
		}
	}
}

// BenchmarkAppend compares a sealed append with the same one unsealed, over the same sort of store: x_append at most 2 is wanted.
// personal: the record is an entry whose personal fields are encrypted.
func BenchmarkAppend(b *testing.B) {
	plain := benchEntry(b, false)
	private := benchEntry(b, true)
	for _, store := range []struct {
		name string
		open func() journal.Journal
		turn int
	}{
		{"memory", func() journal.Journal { return journal.NewMemory() }, 1000},
		{"sqlite", func() journal.Journal { return openSQLite(b, filepath.Join(b.TempDir(), "journal.db")) }, 50},
	} {
		for name, data := range map[string][]byte{"plain": plain, "personal": private} {
			b.Run(store.name+"/"+name, func(b *testing.B) {
				ring, _ := newRing(b, MasterKey{RandomKey()})
				sealed := New(store.open(), Options{Keys: ring, Subject: func(string, history.Entry) string { return "somebody" }})
				ratio(b, store.turn, "x_append", appender(sealed, data), appender(store.open(), data))
			})
		}
	}
}

func benchEntry(b *testing.B, personal bool) []byte {
	b.Helper()
	e := history.Entry{At: noon, Kind: "opened", Fields: history.Of("note", fmt.Sprintf("%0380d", 0), "tier", "urgent")}
	if personal {
		e.Personal = history.Of("name", "somebody", "phone", "+86 138 0013 8000")
	}
	data, err := e.AppendCanonical(nil)
	require.NoError(b, err)
	return data
}

// BenchmarkVerify compares Verify of a journal in memory with bare SHA-256 over the same stored bytes, which lie in memory already, one hash a
// record: x_sha256 at most 2 is wanted. That of Verify has the reading in it and bare-ns/op has not; x_read_sha256 compares with reading the journal
// and hashing, and tells what the checks alone take.
func BenchmarkVerify(b *testing.B) {
	const cases, each = 1000, 20
	for _, size := range []int{100, 500, 4000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			h := newHouse(b, journal.NewMemory())
			data := fmt.Appendf(nil, "%0*d", size, 0)
			records := make([][]byte, each)
			for i := range records {
				records[i] = data
			}
			for i := range cases {
				_, err := h.Append(b.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Records: records})
				require.NoError(b, err)
			}
			held := h.checkpoint()
			stored := h.store.Journal
			j := New(stored, Options{Log: h.log})
			report := h.sound(held)
			var all [][]byte
			for r, err := range stored.Scan(b.Context(), "") {
				require.NoError(b, err)
				all = append(all, r.Data)
			}
			ratios(b, 1, func(n int) error {
				for range n {
					if _, err := j.Verify(b.Context(), held); err != nil {
						return err
					}
				}
				return nil
			}, against{"x_sha256", "bare-ns/op", func(n int) error {
				for range n {
					for _, data := range all {
						sha256.Sum256(data)
					}
				}
				return nil
			}}, against{"x_read_sha256", "read-ns/op", func(n int) error {
				for range n {
					for r, err := range stored.Scan(b.Context(), "") {
						if err != nil {
							return err
						}
						sha256.Sum256(r.Data)
					}
				}
				return nil
			}})
			b.ReportMetric(float64(report.Bytes), "bytes/op")
		})
	}
}

// BenchmarkReadCase compares the verification of a case file, signature and proof included, with one SHA-256 over its bytes.
func BenchmarkReadCase(b *testing.B) {
	for _, each := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(each), func(b *testing.B) {
			h := newHouse(b, journal.NewMemory())
			records := make([][]byte, each)
			for i := range records {
				records[i] = fmt.Appendf(nil, "%0500d", i)
			}
			for i := range 100 {
				_, err := h.Append(b.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Records: records})
				require.NoError(b, err)
			}
			h.checkpoint()
			file, err := h.Export(b.Context(), "T-50")
			require.NoError(b, err)
			ratio(b, 10, "x_sha256", func(n int) error {
				for range n {
					if _, err := ReadCase(file, h.verifier); err != nil {
						return err
					}
				}
				return nil
			}, func(n int) error {
				for range n {
					sha256.Sum256(file)
				}
				return nil
			})
		})
	}
}

// BenchmarkNewSubject is the cost of a subject's first entry, by how many subjects a keyring has: the whole file is written and synced.
func BenchmarkNewSubject(b *testing.B) {
	for _, have := range []int{10, 10_000} {
		b.Run(fmt.Sprint(have), func(b *testing.B) {
			ring, _ := newRing(b, MasterKey{RandomKey()})
			next := ring.copy()
			for i := range have {
				w := wrappedKey{id: NewKeyID(), subject: subjectOf(fmt.Sprint("old ", i))}
				w.wrapped, _ = ring.master.Wrap(b.Context(), RandomKey().bytes(), w.bound())
				next.keys = append(next.keys, w)
			}
			next.index()
			require.NoError(b, ring.save(next))
			n := 0
			for b.Loop() {
				n++
				if _, _, err := ring.Current(b.Context(), fmt.Sprint(n)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

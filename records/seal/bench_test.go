package seal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// flow is a way in which a program comes to append.
type flow struct {
	name string
	key  bool // appends have keys
	read bool // each reads the case first, as a desk does; otherwise the head is remembered
}

var flows = []flow{{name: "plain"}, {name: "key", key: true}, {name: "read", key: true, read: true}}

// appender works on a hundred cases in turn, each of eight records of the same bytes, one an append.
func (f flow) appender(j journal.Journal, data []byte) func(n int) error {
	type work struct {
		id   string
		head journal.Head
	}
	cases := make([]work, 100)
	ctx := context.Background()
	n, opened := 0, 0
	return func(count int) (err error) {
		for range count {
			c := &cases[n%len(cases)]
			switch {
			case c.head.Version%8 == 0:
				opened++
				*c = work{id: "T-" + strconv.Itoa(opened)}
			case f.read:
				if c.head, _, err = j.Read(ctx, c.id, 0); err != nil {
					return err
				}
			}
			b := journal.Batch{Case: c.id, Expect: c.head, Records: [][]byte{data}}
			if f.key {
				b.Key = strconv.Itoa(n)
			}
			if c.head, err = j.Append(ctx, b); err != nil {
				return err
			}
			n++
		}
		return nil
	}
}

// ratio runs two pieces of work in short alternating turns, so that both have the same weather, and reports the one in terms of the other: the
// median turns, which do not feel the few that something else on the machine held up.
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
	spent := make([][]float64, len(all)) // ns per operation, turn by turn
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		for i := range all {
			at := (i + done/turn) % len(all)
			begin := time.Now()
			if err := all[at].work(n); err != nil {
				b.Fatal(err)
			}
			spent[at] = append(spent[at], float64(time.Since(begin).Nanoseconds())/float64(n))
		}
	}
	for i, a := range all {
		slices.Sort(spent[i])
		b.ReportMetric(median(spent[i]), a.time)
		if i > 0 {
			b.ReportMetric(median(spent[0])/median(spent[i]), a.ratio)
		}
	}
}

func median(sorted []float64) float64 { return sorted[len(sorted)/2] }

// BenchmarkAppend compares sealed appends with the same ones unsealed, over the same sort of store: x_append at most 2 is wanted. floor-ns/op is what one
// hash of a sealed record takes. personal: the record is an entry whose personal fields are encrypted.
func BenchmarkAppend(b *testing.B) {
	for _, store := range []struct {
		name string
		open func(b *testing.B) journal.Journal
		turn int
	}{
		{"memory", func(*testing.B) journal.Journal { return journal.NewMemory() }, 1000},
		{"sqlite", func(b *testing.B) journal.Journal { return openSQLite(b, filepath.Join(b.TempDir(), "journal.db")) }, 50},
		{"postgres", func(b *testing.B) journal.Journal { return newDatabase(b).journal(time.Minute) }, 20},
	} {
		for _, f := range flows {
			b.Run(store.name+"/"+f.name, func(b *testing.B) { benchmarkAppend(b, store.open, store.turn, f, benchEntry(b, 0, "")) })
		}
		b.Run(store.name+"/personal", func(b *testing.B) {
			benchmarkAppend(b, store.open, store.turn, flow{}, benchEntry(b, 0, "somebody"))
		})
	}
}

func benchmarkAppend(b *testing.B, open func(*testing.B) journal.Journal, turn int, f flow, data []byte) {
	b.Helper()
	ring, _ := newRing(b, MasterKey{RandomKey()})
	sealed := New(open(b), Options{Keys: ring, Subject: func(string, history.Entry) string { return "somebody" }})
	stored := make([]byte, len(data)+sealSize)
	ratios(b, turn, f.appender(sealed, data), against{"x_append", "bare-ns/op", f.appender(open(b), data)},
		against{"x_hash", "floor-ns/op", func(n int) error {
			for range n {
				sha256.Sum256(stored)
			}
			return nil
		}})
	b.ReportMetric(float64(len(data)), "bytes/entry")
}

// benchEntry is what an agent's answer to a ticket looks like, with a note of so many bytes, and with personal fields if a name is given.
func benchEntry(b *testing.B, note int, name string) []byte {
	b.Helper()
	e := history.Entry{
		Seq: 3, At: noon, Recorded: noon.Add(time.Second), Kind: history.Responded, Actor: history.Actor{ID: "li.na", Role: "agent"},
		Fields: history.Of("channel", "phone", "tier", "urgent"),
	}
	if note > 0 {
		e.Fields = append(e.Fields, history.Field{Key: "note", Value: strings.Repeat("x", note)})
	}
	if name != "" {
		e.Personal = history.Of("name", name, "phone", "+86 138 0013 8000")
	}
	data, err := e.AppendCanonical(nil)
	require.NoError(b, err)
	return data
}

// BenchmarkVerify compares Verify of a journal in memory with bare SHA-256 over the same stored bytes, which lie in memory already, one hash a
// record: x_sha256 at most 2 is wanted. That of Verify has the reading in it and bare-ns/op has not; x_read_sha256 compares with reading the journal
// and hashing, and tells what the checks alone take. Records are named by their bytes before sealing, which adds 77. Those of a case lie together, or, in
// turns, as far from each other as they can.
func BenchmarkVerify(b *testing.B) {
	entry := len(benchEntry(b, 0, ""))
	for _, size := range []int{100, entry, 500, 4000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchmarkVerify(b, size, 1, 20) })
	}
	b.Run(fmt.Sprint(entry, "/turns"), func(b *testing.B) { benchmarkVerify(b, entry, 20, 1) })
}

func benchmarkVerify(b *testing.B, size, appends, each int) {
	b.Helper()
	const cases = 1000
	h := newHouse(b, journal.NewMemory())
	data := fmt.Appendf(nil, "%0*d", size, 0)
	records := make([][]byte, each)
	for i := range records {
		records[i] = data
	}
	var heads [cases]journal.Head
	for range appends {
		for i := range cases {
			var err error
			heads[i], err = h.Append(b.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Expect: heads[i], Records: records})
			require.NoError(b, err)
		}
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

package journal_test

import (
	"bytes"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

var (
	entry = bytes.Repeat([]byte("entry..."), 16) // 128 bytes, about what an entry takes
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

// Opening a case and appending to it four times.
func BenchmarkAppend(b *testing.B) {
	m := journal.NewMemory()
	b.ReportAllocs()
	b.SetBytes(int64(len(entry)))
	var h journal.Head
	id := ""
	for i := range b.N {
		if i%5 == 0 {
			h, id = journal.Head{}, fmt.Sprint("T-", i)
		}
		var err error
		h, err = m.Append(b.Context(), journal.Batch{Case: id, Expect: h, Records: [][]byte{entry}, Next: noon.Add(time.Duration(i%1000) * time.Second)})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// Opening cases from all processors.
func BenchmarkAppendParallel(b *testing.B) {
	m := journal.NewMemory()
	b.ReportAllocs()
	var n atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			if _, err := m.Append(b.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Records: [][]byte{entry}, Next: noon.Add(time.Duration(i) * time.Second)}); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// A hundred due cases cost the same whatever else is open.
func BenchmarkDue(b *testing.B) {
	for _, open := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("100 of %d", open), func(b *testing.B) {
			m := fill(b, open, 1)
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range m.Due(b.Context(), noon.Add(99*time.Second)) {
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

func BenchmarkRead(b *testing.B) {
	m := fill(b, 100_000, 5)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i = (i + 7919) % 100_000
		if _, _, err := m.Read(b.Context(), fmt.Sprint("T-", i), 0); err != nil {
			b.Fatal(err)
		}
	}
}

var open = flag.Int("open", 100_000, "cases of BenchmarkOpenCases")

// What open cases of five entries take: live bytes of each, and what the runtime holds of the system's memory for all. Ten million:
//
//	go test -run=NONE -bench=OpenCases -benchtime=1x -timeout=1h ./journal -open=10000000
func BenchmarkOpenCases(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	records := entries(b)
	size := 0
	for _, r := range records {
		size += len(r)
	}
	for b.Loop() {
		before := heap()
		m := journal.NewMemory()
		for i := range *open {
			var h journal.Head
			for k := range records {
				var err error
				h, err = m.Append(b.Context(), journal.Batch{
					Case: fmt.Sprintf("T-%09d", i), Expect: h, Records: records[k : k+1],
					Next: noon.Add(time.Duration(i*7919%*open) * time.Second),
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		b.ReportMetric(float64(size)/float64(len(records)), "bytes/entry")
		b.ReportMetric(float64(s.Sys-s.HeapReleased)/(1<<30), "GiB-resident")
		b.ReportMetric(float64(heap()-before)/float64(*open), "bytes/case")
		runtime.KeepAlive(m)
	}
}

// entries gives the canonical bytes of a case that was opened, classified, answered, held and resumed.
func entries(b *testing.B) [][]byte {
	b.Helper()
	var records [][]byte
	for i, kind := range []history.Kind{history.Opened, history.Classified, history.Responded, history.Held, history.Resumed} {
		e := history.Entry{Seq: uint64(i + 1), At: noon.Add(time.Duration(i) * 613 * time.Second), Kind: kind, Actor: history.Actor{ID: "li.na"}}
		if i < 2 {
			e.Fields = history.Fields{{Key: "channel", Value: "phone"}, {Key: "tier", Value: "urgent"}}
		}
		data, err := e.AppendCanonical(nil)
		if err != nil {
			b.Fatal(err)
		}
		records = append(records, data)
	}
	return records
}

func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// fill opens cases, one due each second.
func fill(b *testing.B, cases, records int) *journal.Memory {
	b.Helper()
	m := journal.NewMemory()
	heads := make([]journal.Head, cases)
	for range records {
		for i := range cases {
			h, err := m.Append(b.Context(), journal.Batch{Case: fmt.Sprint("T-", i), Expect: heads[i], Records: [][]byte{entry}, Next: noon.Add(time.Duration(i) * time.Second)})
			if err != nil {
				b.Fatal(err)
			}
			heads[i] = h
		}
	}
	return m
}

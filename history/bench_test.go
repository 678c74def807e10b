package history_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/servicecharter/charter/history"
)

// usual is an entry as most are.
func usual() history.Entry {
	return history.Entry{
		Seq: 12, At: nine.Add(123456789), Recorded: nine.Add(time.Minute), Kind: history.Dispatched,
		Actor:  history.Actor{ID: "a-1042", Role: history.RoleAgent},
		Fields: history.Of("unit", "network", "person", "李雷", "mode", "phone"),
	}
}

// plainEntry is what encoding/json would make of an entry by itself.
type plainEntry struct {
	Actor    struct{ ID, Role string } `json:"actor"`
	At       time.Time                 `json:"at"`
	Fields   map[string]string         `json:"fields,omitempty"`
	Kind     string                    `json:"kind"`
	Recorded time.Time                 `json:"recorded,omitzero"`
	Seq      uint64                    `json:"seq"`
}

func plainOf(e history.Entry) plainEntry {
	p := plainEntry{Actor: e.Actor, At: e.At.UTC(), Fields: map[string]string{}, Kind: string(e.Kind), Recorded: e.Recorded.UTC(), Seq: e.Seq}
	for _, f := range e.Fields {
		p.Fields[f.Key] = f.Value
	}
	return p
}

func BenchmarkEncode(b *testing.B) {
	b.Run("AppendCanonical", func(b *testing.B) {
		e, buf := usual(), make([]byte, 0, 1024)
		b.ReportAllocs()
		for b.Loop() {
			buf, _ = e.AppendCanonical(buf[:0])
		}
		b.SetBytes(int64(len(buf)))
	})
	b.Run("encoding/json on a plain struct", func(b *testing.B) {
		p := plainOf(usual())
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	in := []byte(canonical(b, usual()))
	b.Run("Decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			if _, err := history.Decode(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ParseLine", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			if _, _, err := history.ParseLine(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json on a plain struct", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(in)))
		for b.Loop() {
			var p plainEntry
			if err := json.Unmarshal(in, &p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchmarkRow() history.Times {
	return history.Times{
		Case: "T-1001", Attributes: history.Of("tier", "urgent", "channel", "phone"),
		At: map[history.Kind]time.Time{
			history.Opened: nine, history.Accepted: nine.Add(time.Minute), history.Responded: nine.Add(time.Hour), history.Resolved: nine.Add(9 * time.Hour),
			history.Closed: nine.Add(30 * time.Hour),
		},
		Pauses: []history.Pause{{From: nine.Add(2 * time.Hour), To: nine.Add(3 * time.Hour), Reason: "customer"}},
	}
}

func BenchmarkFromTimes(b *testing.B) {
	row := benchmarkRow()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := history.FromTimes(row); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	h, err := history.FromTimes(benchmarkRow())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if history.Check(h) != nil {
			b.Fatal("no findings expected")
		}
	}
}

func BenchmarkParseInstant(b *testing.B) {
	in := history.FormatInstant(nine.Add(123456789))
	b.Run("ParseInstant", func(b *testing.B) {
		for b.Loop() {
			_, _ = history.ParseInstant(in)
		}
	})
	b.Run("time.Parse", func(b *testing.B) {
		for b.Loop() {
			_, _ = time.Parse(time.RFC3339Nano, in)
		}
	})
}

func BenchmarkDecodeLarge(b *testing.B) {
	e := usual()
	e.Fields = history.Of("content", strings.Repeat("network down ", 5_000))
	in := []byte(canonical(b, e))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := history.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}

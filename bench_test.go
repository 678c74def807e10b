package charter_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func BenchmarkParseHandbook(b *testing.B) {
	text, err := handbooks.JSON("norms")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := charter.ParseHandbook(text); err != nil {
			b.Fatal(err)
		}
	}
}

func norms(b *testing.B) *charter.Handbook {
	h, err := handbooks.Norms()
	if err != nil {
		b.Fatal(err)
	}
	return h
}

var elapsed = []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}}

func BenchmarkAmend(b *testing.B) {
	h := norms(b)
	p := charter.Patch{Base: h.Pin(), Reason: "r", Effective: day(2025, 1, 1), Changes: elapsed}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Amend(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLint(b *testing.B) {
	h := norms(b)
	b.ReportAllocs()
	for b.Loop() {
		h.Lint()
	}
}

func BenchmarkJudge(b *testing.B) {
	base := norms(b)
	h, err := base.Amend(charter.Patch{Base: base.Pin(), Reason: "r", Effective: day(2025, 1, 1), Changes: elapsed})
	if err != nil {
		b.Fatal(err)
	}
	c := history.History{Entries: []history.Entry{entry(at(2, 8, 0), history.Opened, "kind", "ticket", "tier", "urgent")}}
	for i, kind := range []history.Kind{
		history.Registered, history.Accepted, history.Responded, history.Checked, history.Held, history.Resumed,
		history.FirstHandled, history.Resolved, history.Closed,
	} {
		c.Entries = append(c.Entries, entry(at(2, 9, 0).Add(time.Duration(i)*time.Hour), kind))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Judge(c, at(3, 8, 0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckRecord holds a staff file of ten entries to all that telecom demands of it, beside a loop that is written for one of the
// demands: an examination before the post.
func BenchmarkCheckRecord(b *testing.B) {
	h, err := handbooks.Telecom()
	if err != nil {
		b.Fatal(err)
	}
	file := history.History{Case: "agent 17"}
	for i := range 10 {
		e := history.Entry{Seq: uint64(i + 1), At: at(3, 8, i), Kind: history.Trained, Fields: history.Of("topics", "theory", "form", "online_course")}
		switch i {
		case 7:
			e.Kind, e.Fields = history.Examined, history.Of("part", "theory", "passed", "true", "score", "80")
		case 8:
			e.Kind, e.Fields = history.Placed, history.Of("post", "desk")
		}
		file.Entries = append(file.Entries, e)
	}
	b.Run("all demands", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if held, err := h.CheckRecord("person", file); err != nil || len(held) != 14 {
				b.Fatal("fourteen demands on persons")
			}
		}
	})
	b.Run("one by hand", func(b *testing.B) {
		for b.Loop() {
			passed := false
			for i := range file.Entries {
				e := &file.Entries[i]
				if v, _ := e.Fields.Get("passed"); e.Kind == history.Examined && (v == "true" || v == "yes") {
					passed = true
				}
				if _, post := e.Fields.Get("post"); e.Kind == history.Placed && post {
					break
				}
			}
			if !passed {
				b.Fatal("passed before")
			}
		}
	})
}

package records_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

// TestContent pins how records are held to demands. What the handbooks demand stands in the handbooks, and their transcripts with package charter.
func TestContent(t *testing.T) {
	var demands []records.Content
	var from, to time.Time
	datadriven.RunTest(t, "testdata/content.txt", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		switch d.Cmd {
		case "demand":
			demands, from, to = nil, time.Time{}, time.Time{}
			if d.HasArg("from") {
				var bounds [2]string
				d.ScanArgs(t, "from", &bounds[0])
				d.ScanArgs(t, "to", &bounds[1])
				from, to = instant(t, bounds[0]), instant(t, bounds[1])
			}
			for line := range strings.Lines(d.Input) {
				var c records.Content
				err := json.Unmarshal([]byte(line), &c)
				if err == nil {
					err = c.Validate()
				}
				if err != nil {
					require.ErrorIs(t, err, records.ErrContent)
					fmt.Fprintln(&b, err)
				}
				demands = append(demands, c)
			}
		case "check":
			language, class := "en", "ticket"
			d.MaybeScanArgs(t, "lang", &language)
			d.MaybeScanArgs(t, "class", &class)
			r := records.Record{ID: "R-1", Class: strings.ReplaceAll(class, "+", " ")}
			for line := range strings.Lines(d.Input) {
				words := strings.Fields(line)
				e := history.Entry{Seq: uint64(len(r.History.Entries)) + 1, At: instant(t, words[0]), Kind: history.Kind(words[1])}
				for _, w := range words[2:] {
					key, value, _ := strings.Cut(w, "=")
					if value = strings.ReplaceAll(value, "+", " "); key == "by" {
						e.Actor.ID = value
						continue
					}
					if key == "role" {
						e.Actor.Role = value
						continue
					}
					e.Fields = append(e.Fields, history.Field{Key: key, Value: value})
				}
				r.History.Entries = append(r.History.Entries, e)
			}
			for _, c := range demands {
				fmt.Fprintln(&b, c.CheckWithin(r, from, to).Text(language))
			}
		}
		if b.Len() == 0 {
			return "ok\n"
		}
		return b.String()
	})
}

// An examination has to be passed before the post is taken up.
func ExampleContent() {
	post, err := sla.ParseMatch("placed[post]")
	if err != nil {
		fmt.Println(err)
		return
	}
	passed, err := sla.ParseMatch("examined[passed=true]")
	if err != nil {
		fmt.Println(err)
		return
	}
	c := records.Content{Clause: "telecom/3.2-pass-before-post", On: post, Where: records.Before, Holds: [][]sla.Match{{passed}}}
	h := history.History{Entries: []history.Entry{{Seq: 1, Kind: history.Placed, Fields: history.Of("post", "desk")}}}
	fmt.Println(c.Check(records.Record{ID: "agent 17", History: h}))
	// Output: telecom/3.2-pass-before-post: incomplete; lacks examined[passed=true] before entry 1
}

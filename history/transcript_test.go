package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

// TestCheck pins what Check finds, on histories as package chartertest writes them.
func TestCheck(t *testing.T) {
	datadriven.RunTest(t, "testdata/check.txt", func(t *testing.T, d *datadriven.TestData) string {
		language := "en"
		d.MaybeScanArgs(t, "lang", &language)
		found := history.Check(chartertest.History(t, d.Input))
		if found == nil {
			return "no findings\n"
		}
		var b strings.Builder
		for _, f := range found {
			fmt.Fprintf(&b, "%s: %s\n", f.Code, f.Text(language))
		}
		return b.String()
	})
}

// TestFromTimes pins the histories that rows give, on lines "KIND INSTANT", "attribute KEY VALUE" and "pause FROM TO [REASON]", where - is the zero
// instant.
func TestFromTimes(t *testing.T) {
	instant := func(d *datadriven.TestData, s string) time.Time {
		if s == "-" {
			return time.Time{}
		}
		at, err := history.ParseInstant(s)
		if err != nil {
			d.Fatalf(t, "%s: %v", s, err)
		}
		return at
	}
	datadriven.RunTest(t, "testdata/times.txt", func(t *testing.T, d *datadriven.TestData) string {
		row := history.Times{Case: "T-1", At: map[history.Kind]time.Time{}}
		for line := range strings.Lines(d.Input) {
			words := strings.Fields(line)
			switch words[0] {
			case "attribute":
				row.Attributes = append(row.Attributes, history.Field{Key: words[1], Value: words[2]})
			case "pause":
				p := history.Pause{From: instant(d, words[1]), To: instant(d, words[2])}
				if len(words) > 3 {
					p.Reason = words[3]
				}
				row.Pauses = append(row.Pauses, p)
			default:
				kind := words[0]
				if kind == "EMPTY" {
					kind = ""
				}
				row.At[history.Kind(kind)] = instant(d, words[1])
			}
		}
		h, err := history.FromTimes(row)
		if err != nil {
			return err.Error() + "\n"
		}
		return chartertest.FormatHistory(h)
	})
}

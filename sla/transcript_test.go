package sla_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// The transcripts under testdata/clocks: rules, then a history, then what the clocks say.
//
//	rules      the lines of a script (script_test.go); prints the errors of Compile
//	history    a history in the text of package chartertest
//	clocks     times, one a line; the clocks then, and when something changes next
//	known      likewise, of what had been recorded by then
//	explain    TARGET [revision=ID] [cycle=N] [lang=zh]; the explanation of its clock at times, one a line
//
// Every reading is made twice, of the whole history and step by step.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/clocks", func(t *testing.T, path string) {
		if filepath.Ext(path) != "" {
			return
		}
		var plan *sla.Plan
		var es []history.Entry
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "rules":
				var err error
				plan, err = sla.Compile(readScript(t, d.Input)...)
				es = nil
				if err != nil {
					return err.Error() + "\n"
				}
			case "history":
				es = entries(t, d.Input)
			case "clocks", "known":
				var b strings.Builder
				for line := range strings.Lines(d.Input) {
					now := strings.TrimSpace(line)
					facts := es
					if d.Cmd == "known" {
						facts = history.History{Entries: es}.KnownAt(moment(t, now)).Entries
					}
					clocks, next := judgeAt(t, plan, facts, moment(t, now))
					b.WriteString("@ " + now + "\n" + show(clocks) + nextLine(next))
				}
				return b.String()
			case "explain":
				return explain(t, plan, d, es)
			default:
				require.Fail(t, "unknown command", d.Cmd)
			}
			return ""
		})
	})
}

// explain prints explanations, and after them what is wrong with them.
func explain(t *testing.T, plan *sla.Plan, d *datadriven.TestData, es []history.Entry) string {
	var b strings.Builder
	var revision, lang string
	var cycle int
	zone, err := time.LoadLocation(testZone)
	require.NoError(t, err)
	d.MaybeScanArgs(t, "revision", &revision)
	d.MaybeScanArgs(t, "cycle", &cycle)
	d.MaybeScanArgs(t, "lang", &lang)
	for line := range strings.Lines(d.Input) {
		now := moment(t, strings.TrimSpace(line))
		x, err := plan.Explain(d.CmdArgs[0].Key, uint32(cycle), es, now)
		if revision != "" {
			x, err = plan.ExplainClock(sla.Clock{Target: d.CmdArgs[0].Key, Revision: revision, Cycle: uint32(max(cycle, 1))}, es, now)
		}
		b.WriteString("@ " + strings.TrimSpace(line) + "\n")
		if err != nil {
			b.WriteString(err.Error() + "\n")
			continue
		}
		x.Zone = zone
		clock := x.Clock
		b.WriteString(x.Text(lang) + flaw(&x, nil, &clock, now))
	}
	return b.String()
}

func nextLine(next time.Time) string {
	if next.IsZero() {
		return ""
	}
	return "next " + wall(next) + "\n"
}

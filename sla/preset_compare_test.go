package sla_test

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
)

// TestPresetsSideBySide judges one history under Charter's defaults and under
// every preset. Lines of the input that begin with
//
//	hours    are the weekly hours of the desk,
//	target   are a metric and its limit; presets without the metric show a dash,
//	edit     are an instant and the target as it is from then on,
//	now      is the instant of evaluation,
//
// and all others are the history.
func TestPresetsSideBySide(t *testing.T) {
	datadriven.RunTest(t, "testdata/presets", func(t *testing.T, d *datadriven.TestData) string {
		require.Equal(t, "compare", d.Cmd)
		var common desk
		var limits, edits []string
		for line := range strings.Lines(d.Input) {
			word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch word {
			case "hours":
				common.hours = rest
			case "target":
				limits = append(limits, rest)
			case "edit":
				edits = append(edits, rest)
			case "now":
				common.now = rest
			default:
				common.history += line
			}
		}
		var out strings.Builder
		table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "preset\tcycle\tstate\tused\theld\tdue\tbreached\tlimit")
		presets := append([]sla.Preset{{Name: "Charter", Metrics: sla.StandardMetrics()}}, sla.Presets()...)
		for _, preset := range presets {
			this := common
			this.preset = preset
			this.targets = map[string]string{}
			for _, limit := range limits {
				if metric, _, _ := strings.Cut(limit, " | "); has(preset, metric) {
					this.targets[limit] = limit
				}
			}
			for _, e := range edits {
				from, limit, _ := strings.Cut(e, " | ")
				if metric, _, _ := strings.Cut(limit, " | "); has(preset, metric) {
					this.edits = append(this.edits, edit{from, targets{limits[0]: limit}})
				}
			}
			if len(this.targets) == 0 {
				fmt.Fprintln(table, preset.Name+strings.Repeat("\t-", 7))
				continue
			}
			for _, c := range this.evaluate(t) {
				cells := []string{
					preset.Name, fmt.Sprintf("#%d", c.Cycle), c.State.String(), short(c.Elapsed), "-",
					c.Due.In(this.location(t)).Format("Mon 15:04"), "-", c.Target,
				}
				if c.Held > 0 && c.State != sla.Superseded {
					cells[4] = short(c.Held)
				}
				if b := c.BreachedAt; !b.IsZero() {
					cells[6] = "from " + b.In(this.location(t)).Format("Mon 15:04")
					if b.Nanosecond() == 1 {
						cells[6] = "after " + b.In(this.location(t)).Format("Mon 15:04")
					}
				}
				fmt.Fprintln(table, strings.Join(cells, "\t"))
			}
		}
		require.NoError(t, table.Flush())
		return out.String()
	})
}

func has(p sla.Preset, metric string) bool {
	_, ok := p.Metric(metric)
	return ok
}

package records_test

import (
	"testing"
	_ "time/tzdata" // the transcripts shall not depend on the zones of the machine

	"github.com/cockroachdb/datadriven"

	"github.com/servicecharter/charter/records/recordstest"
)

// TestTranscripts pins what is kept, reviewed and disposed of, over a site in memory. The journals run the same transcripts.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "recordstest/testdata", func(t *testing.T, path string) {
		script := recordstest.NewScript(recordstest.Memory())
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			args := map[string]string{}
			for _, a := range d.CmdArgs {
				args[a.Key] = ""
				if len(a.Vals) > 0 {
					args[a.Key] = a.Vals[0]
				}
			}
			return script.Do(t.Context(), d.Cmd, args, d.Input)
		})
	})
}

// TestSuite: the suite that others run is passed by its own site.
func TestSuite(t *testing.T) {
	recordstest.Run(t, func(testing.TB) recordstest.Site { return recordstest.Memory() })
}

package charter_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// A first look: one published handbook, the host's reading of it, one row of a
// table, and what the handbook says about it.
func Example() {
	norms, _ := handbooks.Norms()
	rules, _ := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "hours are hours on the wall", Effective: calendar.Date{Year: 2025, Month: 1, Day: 1},
		Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
	})
	opened := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	row, _ := history.FromTimes(history.Times{
		Case: "T-1", Attributes: history.Of("kind", "ticket", "tier", "urgent"),
		At: map[history.Kind]time.Time{history.Opened: opened, history.Responded: opened.Add(80 * time.Minute)},
	})
	judgement, _ := rules.Judge(row, opened.Add(100*time.Minute))
	for _, c := range judgement.Clocks {
		if c.Metric != "closure" && !c.Due.IsZero() {
			fmt.Printf("%-28s %-8s due %s\n", c.Target, c.State, c.Due.Format("Mon 15:04"))
		}
	}
	// Output:
	// norms/2.1.2-first-response   breached due Mon 09:10
	// norms/2.1.3-urgent-response  breached due Mon 10:00
	// norms/2.1.3-urgent-initial   running  due Mon 11:00
	// norms/2.2.2-urgent-handling  running  due Tue 09:00
}

// The README shows the code of Example and what it prints, word for word.
func TestReadmeShowsTheExample(t *testing.T) {
	source, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, body, _ := strings.Cut(string(source), "func Example() {\n")
	body, output, _ := strings.Cut(body, "\t// Output:\n")
	output, _, _ = strings.Cut(output, "}\n")
	code := strings.ReplaceAll(strings.TrimPrefix(body, "\t"), "\n\t", "\n")
	require.Contains(t, string(readme), "```go\n"+code+"```\n")
	require.Contains(t, string(readme), "```text\n"+strings.ReplaceAll(strings.TrimPrefix(output, "\t// "), "\n\t// ", "\n")+"```\n")
}

package incident_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

// Transcripts under testdata:
//
//	run [name=label] [rules=handbook] [now=instant] [lenient=codes]   lines of chartertest, each taken as a command
//	check [name=label] [rules=handbook] [plan]                        a foreign history
//
// Rules are DefaultRules (PlanRules with plan), and with rules what the clauses of a handbook demand, or testdata/rules. Without now, the present is the latest instant
// that any line mentions so far.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
				return play(t, d)
			})
		})
	}
}

func play(t *testing.T, d *datadriven.TestData) string {
	r := rulesFor(t, d)
	h, err := chartertest.ParseHistory(d.Input)
	require.NoError(t, err, d.Pos)
	switch d.Cmd {
	case "run":
		var now string
		d.MaybeScanArgs(t, "now", &now)
		return commands(t, h, r, now)
	case "check":
		var b strings.Builder
		for _, f := range incident.Check(h, r) {
			fmt.Fprintf(&b, "%d %s\n  %s\n", f.Seq, f, f.Text("zh"))
		}
		if b.Len() == 0 {
			return "nothing found"
		}
		return b.String()
	default:
		t.Fatalf("%s: unknown directive %s", d.Pos, d.Cmd)
		return ""
	}
}

func rulesFor(t *testing.T, d *datadriven.TestData) *incident.Rules {
	r, plan := incident.DefaultRules(), incident.PlanRules()
	var name string
	if d.MaybeScanArgs(t, "rules", &name); name != "" {
		r, plan = demanded(t, name)
	}
	if d.HasArg("plan") {
		r = plan
	}
	if d.HasArg("lenient") {
		for i := range d.CmdArgs {
			if d.CmdArgs[i].Key == "lenient" {
				for _, v := range d.CmdArgs[i].Vals {
					r.Lenient = append(r.Lenient, incident.Code(v))
				}
			}
		}
	}
	require.NoError(t, r.Validate())
	return r
}

// demanded gives the rules of a handbook, or of a file, for an incident and for a plan.
func demanded(t *testing.T, name string) (r, plan *incident.Rules) {
	all, err := rulebooks()
	require.NoError(t, err)
	now := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	if h := all[name]; h != nil {
		return h.IncidentRules(now).With(), h.PlanRules(now).With()
	}
	data, err := os.ReadFile("testdata/rules/" + name + ".json")
	require.NoError(t, err)
	own, err := incident.ParseRules(data)
	require.NoError(t, err)
	return incident.DefaultRules().With(own.Demands...), incident.PlanRules().With(own.Demands...)
}

var rulebooks = sync.OnceValues(func() (map[string]*charter.Handbook, error) {
	all := map[string]*charter.Handbook{}
	for h, err := range handbooks.All() {
		if err != nil {
			return nil, err
		}
		all[h.ID()] = h
	}
	return all, nil
})

func commands(t *testing.T, h history.History, r *incident.Rules, fixed string) string {
	i, err := incident.Load(history.History{Case: h.Case}, r)
	require.NoError(t, err)
	var now time.Time
	var b strings.Builder
	for _, e := range h.Entries {
		for _, at := range []time.Time{e.At, e.Recorded} {
			if at.After(now) {
				now = at
			}
		}
		if fixed != "" {
			now, err = history.ParseInstant(fixed)
			require.NoError(t, err)
		}
		before := i.History()
		m := incident.Meta{At: e.At, Recorded: e.Recorded, Actor: e.Actor, Now: now, Personal: e.Personal}
		if err := command(i, m, e.Kind, e.Fields); err != nil {
			var step *incident.StepError
			require.ErrorAs(t, err, &step)
			require.Equal(t, before, i.History(), "nothing is recorded on an error")
			fmt.Fprintf(&b, "%s\n", err)
			continue
		}
		fmt.Fprintf(&b, "%d %s\n", len(before.Entries)+1, e.Kind)
	}
	again, err := incident.Load(i.History(), r)
	require.NoError(t, err)
	require.Equal(t, view(i), view(again))
	b.WriteString(view(i))
	for _, f := range incident.Check(i.History(), r) {
		fmt.Fprintf(&b, "found: %d %s\n", f.Seq, f)
	}
	return b.String()
}

// view is all that a case says of itself, on few lines.
func view(i *incident.Incident) string {
	var b strings.Builder
	fmt.Fprintf(&b, "state %s", i.State())
	if s := i.Severity(); s != "" {
		fmt.Fprintf(&b, ", %s", s)
	}
	if l := i.Lead(); l != (history.Actor{}) {
		fmt.Fprintf(&b, ", led by %s/%s", l.Role, l.ID)
	}
	b.WriteString("\n")
	if g := i.Gradings(); len(g) > 1 {
		b.WriteString("graded")
		for _, x := range g {
			fmt.Fprintf(&b, " %s", x.Severity)
		}
		b.WriteString("\n")
	}
	for _, r := range i.Resources() {
		fmt.Fprintf(&b, "uses %s %s %s\n", r.Category, r.ID, r.User)
	}
	if r := i.Recovery(); !r.Restored.IsZero() {
		fmt.Fprintf(&b, "down %s, data lost %s, fixed %v\n", r.Downtime, r.DataLost, !r.Resolved.IsZero())
	}
	return b.String()
}

// clauses.tsv maps clauses to the transcript that shows each: one where the clause is named because a step broke it.
func TestClausesAreShown(t *testing.T) {
	shown := map[string]string{} // file:label → what came out
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			var name string
			if d.MaybeScanArgs(t, "name", &name); name != "" {
				label := filepath.Base(file) + ":" + name
				require.NotContains(t, shown, label, "a label twice")
				shown[label] = d.Expected
			}
			return d.Expected
		})
	}
	data, err := os.ReadFile("testdata/clauses.tsv")
	require.NoError(t, err)
	var clauses []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		clause, label, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		require.True(t, ok, line)
		require.Contains(t, shown, label, clause)
		assert.Contains(t, shown[label], "("+clause+")", label)
		clauses = append(clauses, clause)
	}
	assert.True(t, slices.IsSorted(clauses))
	assert.Len(t, slices.Compact(clauses), len(clauses), "a clause twice")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(decidable(t))), clauses)
}

// decidable are the clauses of the handbooks that a transcript has to show.
func decidable(t testing.TB) map[string]bool {
	ids := map[string]bool{}
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for c := range h.Clauses() {
			if c.Subject != charter.SubjectIncident || c.Check != charter.CheckDecidable {
				continue
			}
			switch c.Kind {
			case charter.KindWorkflow, charter.KindFields, charter.KindRole, charter.KindEscalation:
				ids[c.ID] = true
			}
		}
	}
	require.NotEmpty(t, ids)
	return ids
}

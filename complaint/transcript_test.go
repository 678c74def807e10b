package complaint_test

import (
	"bufio"
	"fmt"
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
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
)

// The transcripts under testdata/steps. Histories are in the text of package chartertest; the first line of the first block may name the
// case, the zone and the week.
//
//	rules   the name of a handbook, for what its clauses demand, or default, as argument; begins a new complaint. Lines: codes to be lenient with
//	do      entries to be taken as steps, one after the other; prints what is refused, and the state in the end. now=TIME as argument.
//	show    what is known of the complaint
//	check   a whole history; prints the findings. With zh, in Chinese too
//
// The argument shows=NAME labels a block for testdata/clauses.tsv.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/steps", func(t *testing.T, path string) {
		var rules *complaint.Rules
		var c *complaint.Complaint
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var b strings.Builder
			switch d.Cmd {
			case "rules":
				rules = ruleset(t, d.CmdArgs[0].Key)
				for code := range strings.FieldsSeq(d.Input) {
					rules.Lenient = append(rules.Lenient, complaint.Code(code))
				}
				var err error
				c, err = complaint.Load(history.History{Case: "C-1"}, rules)
				require.NoError(t, err)
			case "do":
				h := chartertest.History(t, d.Input)
				for _, e := range h.Entries {
					if err := c.Record(meta(t, d, e), e.Kind, e.Fields); err != nil {
						fmt.Fprintln(&b, err)
					}
				}
				fmt.Fprintf(&b, "%s, %d entries\n", state(c), len(c.Pending()))
			case "show":
				show(&b, c)
			case "check":
				h := chartertest.History(t, d.Input)
				for _, f := range complaint.Check(h, rules) {
					fmt.Fprintln(&b, f)
					if d.HasArg("zh") {
						fmt.Fprintln(&b, "  "+f.Text("zh-CN"))
					}
				}
				if b.Len() == 0 {
					b.WriteString("as the rules have it\n")
				}
			default:
				require.Fail(t, "unknown command", d.Cmd)
			}
			return b.String()
		})
	})
}

func meta(t *testing.T, d *datadriven.TestData, e history.Entry) complaint.Meta {
	m := complaint.Meta{At: e.At, Recorded: e.Recorded, Actor: e.Actor, Personal: e.Personal}
	if d.HasArg("now") {
		var now string
		d.ScanArgs(t, "now", &now)
		m.Now = chartertest.History(t, strings.ReplaceAll(now, "_", " ")+" open").Entries[0].At
	}
	return m
}

func ruleset(t testing.TB, name string) *complaint.Rules {
	if name == "default" {
		return complaint.DefaultRules()
	}
	all, err := rulebooks()
	require.NoError(t, err)
	require.Contains(t, all, name)
	r := *all[name]
	return &r
}

// rulebooks are what the five handbooks demand of complaints.
var rulebooks = sync.OnceValues(func() (map[string]*complaint.Rules, error) {
	all := map[string]*complaint.Rules{}
	for h, err := range handbooks.All() {
		if err != nil {
			return nil, err
		}
		all[h.ID()] = h.ComplaintRules(time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC))
	}
	return all, nil
})

func state(c *complaint.Complaint) string {
	if c.State() == complaint.New {
		return "not opened"
	}
	s := string(c.State())
	if c.Answer() != "" {
		s += ", " + c.Answer()
	}
	return s
}

func show(b *strings.Builder, c *complaint.Complaint) {
	for _, line := range []struct{ name, value string }{
		{"state", state(c)},
		{"owner", c.Owner()},
		{"level", c.Level()},
		{"unit", c.Unit()},
		{"severity", c.Severity()},
		{"grade", c.Grade()},
	} {
		if line.value != "" {
			fmt.Fprintf(b, "%s: %s\n", line.name, line.value)
		}
	}
	fmt.Fprintf(b, "provisional: %v\n", c.Provisional())
	if s := c.Solution(); s.Owner != "" {
		fmt.Fprintf(b, "solution: %s: %s, by %s", s.Problem, strings.Join(s.Measures, " and "), s.Owner)
		if !s.Due.IsZero() {
			fmt.Fprintf(b, " until %s", history.FormatInstant(s.Due))
		}
		b.WriteString("\n")
	}
	for _, ch := range c.Changes() {
		if ch.From != "" {
			fmt.Fprintf(b, "changed: %s from %s to %s in entry %d, basis %q\n", ch.Attribute, ch.From, ch.To, ch.Seq, ch.Basis)
		}
	}
}

// blocks reads the labelled blocks of a transcript: label → what it printed.
func blocks(t *testing.T, path string) map[string]string {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	found := map[string]string{}
	label := ""
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		command, _, _ := strings.Cut(line, " ")
		if slices.Contains([]string{"rules", "do", "show", "check"}, command) {
			label = ""
		}
		if _, name, ok := strings.Cut(line, " shows="); ok {
			label, _, _ = strings.Cut(name, " ")
			require.NotContains(t, found, label, "%s: the label is taken", path)
			found[label] = ""
			continue
		}
		if label != "" {
			found[label] += line + "\n"
		}
	}
	return found
}

// testdata/clauses.tsv says which block of which transcript shows a clause. Each block names its clause in what it prints.
func TestEveryListedClauseIsShown(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "clauses.tsv"))
	require.NoError(t, err)
	listed := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		require.Len(t, columns, 3, "line %d", i+1)
		clause, label := columns[0], columns[1]
		require.False(t, listed[clause], "%s is listed twice", clause)
		listed[clause] = true
		file, name, ok := strings.Cut(label, ":")
		require.True(t, ok, "line %d: %s", i+1, label)
		shown, ok := blocks(t, filepath.Join("testdata", file))[name]
		if assert.True(t, ok, "%s: %s has no block %s", clause, file, name) {
			_, output, ok := strings.Cut(shown, "----\n")
			assert.True(t, ok && strings.Contains(output, "["+clause+"]"), "%s: the block %s does not speak of it", clause, label)
		}
	}
	assert.Equal(t, decidable(t), listed)
}

// decidable are the clauses of the handbooks that a transcript has to show.
func decidable(t testing.TB) map[string]bool {
	ids := map[string]bool{}
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for c := range h.Clauses() {
			if c.Subject != charter.SubjectComplaint || c.Check != charter.CheckDecidable {
				continue
			}
			switch c.Kind {
			case charter.KindWorkflow, charter.KindFields, charter.KindRole, charter.KindEscalation, charter.KindClassification:
				ids[c.ID] = true
			}
		}
	}
	require.NotEmpty(t, ids)
	return ids
}

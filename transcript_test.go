package charter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/ticket"
)

// The transcripts of testdata/parse show what is refused and where; those of
// testdata/handbook take one handbook through lint, amendments and judgements.
// Commands:
//
//	parse                  reads the input as a handbook
//	patch                  reads the input as a patch
//	handbook [name=norms]  takes the input, or an embedded one, as the handbook
//	lint [zh] [only=…]     lists findings, perhaps of one code; ! marks those that block verdicts
//	amend                  puts the input on the handbook; PIN stands for its digest
//	versions id=…          shows the versions of a clause
//	needs id=…             shows what a clause reads of a case
//	list                   lists the clauses that run a clock or demand steps
//	steps of=ticket        takes the entries of the input as steps of a ticket, complaint or incident at a desk, each at its
//	                       instant; prints what is refused, and how many were taken
//	plan now=…             the demands on emergency plans
//	check of=ticket        holds the entries of the input to what was demanded of a ticket, complaint, incident or plan at the time
//	record class=person    holds the entries of the input, those of a record of a class, to what was demanded of it at the time; perhaps
//	                       of one clause only, as in only=norms/2.4.1
//	judge now=…            judges the entries of the input, one a line:
//	                       instant, kind, fields; by=… is the actor's role
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/parse", func(t *testing.T, path string) { datadriven.RunTest(t, path, new(session).run) })
	datadriven.Walk(t, "testdata/handbook", func(t *testing.T, path string) { datadriven.RunTest(t, path, new(session).run) })
}

type session struct{ handbook *charter.Handbook }

func (s *session) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "parse":
		h, err := charter.ParseHandbook([]byte(d.Input))
		if err != nil {
			return problems(err)
		}
		text, err := h.MarshalJSON()
		require.NoError(t, err)
		return string(text) + "\n"
	case "patch":
		p, err := charter.ParsePatch([]byte(d.Input))
		if err != nil {
			return problems(err)
		}
		return p.String()
	case "handbook":
		text := []byte(d.Input)
		if d.HasArg("name") {
			var name string
			d.ScanArgs(t, "name", &name)
			var err error
			text, err = handbooks.JSON(name)
			require.NoError(t, err)
		}
		h, err := charter.ParseHandbook(text)
		if err != nil {
			return problems(err)
		}
		s.handbook = h
		return fmt.Sprintf("%s %s\n", h.ID(), h.Version())
	case "lint":
		language := "en"
		if d.HasArg("zh") {
			language = "zh-CN"
		}
		var b strings.Builder
		for _, f := range s.handbook.Lint() {
			mark := ""
			if f.Blocks {
				mark = "! "
			}
			if !d.HasArg("only") || d.CmdArgs[len(d.CmdArgs)-1].Vals[0] == string(f.Code) {
				fmt.Fprintf(&b, "%s%s: %s\n", mark, f.Code, f.Text(language))
			}
		}
		return b.String()
	case "amend":
		return s.amend(t, d)
	case "versions":
		var id string
		d.ScanArgs(t, "id", &id)
		var b strings.Builder
		for c := range s.handbook.Versions(id) {
			text, err := c.MarshalJSON()
			require.NoError(t, err)
			b.Write(text)
			b.WriteByte('\n')
		}
		return b.String()
	case "needs":
		var id string
		d.ScanArgs(t, "id", &id)
		n, ok := s.handbook.Needs(id)
		if !ok {
			return "no clock\n"
		}
		text, err := json.Marshal(n)
		require.NoError(t, err)
		return string(text) + "\n"
	case "list":
		return s.handbook.String()
	case "judge":
		return s.judge(t, d)
	case "steps":
		return s.steps(t, d)
	case "check":
		return s.check(t, d)
	case "record":
		return s.record(t, d)
	case "plan":
		var at string
		d.ScanArgs(t, "now", &at)
		var b strings.Builder
		for _, x := range s.handbook.PlanRules(instant(t, at)).Demands {
			if x.Clause != "" {
				fmt.Fprintln(&b, x.Clause, x.Step, x.After, x.Fields)
			}
		}
		return b.String()
	}
	return "unknown command\n"
}

func (s *session) amend(t *testing.T, d *datadriven.TestData) string {
	pin := s.handbook.Pin()
	p, err := charter.ParsePatch([]byte(strings.ReplaceAll(d.Input, "PIN", pin.Digest)))
	if err != nil {
		return problems(err)
	}
	before, err := s.handbook.MarshalJSON()
	require.NoError(t, err)
	h, err := s.handbook.Amend(p)
	untouched, err2 := s.handbook.MarshalJSON()
	require.NoError(t, err2)
	require.Equal(t, string(before), string(untouched), "amending changed the base")
	if err != nil {
		require.Nil(t, h)
		return strings.ReplaceAll(problems(err), pin.Digest, "PIN")
	}
	var b strings.Builder
	for _, x := range charter.Diff(s.handbook, h) {
		b.WriteString(x.String() + "\n")
	}
	s.handbook = h
	return b.String()
}

func (s *session) judge(t *testing.T, d *datadriven.TestData) string {
	var at string
	d.ScanArgs(t, "now", &at)
	now := instant(t, at)
	h := timeline(t, d.Input)
	j, err := s.handbook.Judge(h, now)
	if err != nil {
		return problems(err)
	}
	var b strings.Builder
	for _, c := range j.Clocks {
		clause, ok := j.Clause(c)
		require.True(t, ok, c.Target)
		fmt.Fprintf(&b, "%s [%s] %s", c.Target, c.Revision, c.State)
		if !c.Due.IsZero() {
			fmt.Fprintf(&b, ", due %s", c.Due.Format(time.RFC3339))
		}
		if c.Missing != "" {
			fmt.Fprintf(&b, ", missing %s", c.Missing)
		}
		fmt.Fprintf(&b, ": %s\n", clause.Text.In("en"))
	}
	if c, ok := j.Headline(); ok {
		fmt.Fprintf(&b, "headline: %s\n", c.Target)
	}
	for _, n := range j.Notices(sla.Window{}) {
		fmt.Fprintf(&b, "notice: %s %s %s %s %s\n", n.At.Format(time.RFC3339), n.Kind, n.Target, n.Name, n.Role)
	}
	if !j.Next.IsZero() {
		fmt.Fprintf(&b, "next: %s\n", j.Next.Format(time.RFC3339Nano))
	}
	for _, f := range j.Findings {
		fmt.Fprintf(&b, "%s: %s\n", f.Code, f)
	}
	for _, f := range j.Faults {
		fmt.Fprintf(&b, "fault %s: %s\n", f.Code, f)
	}
	return b.String()
}

// timeline reads a history, one entry a line.
func timeline(t *testing.T, text string) history.History {
	h := history.History{Case: "case-1"}
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		e := history.Entry{Seq: uint64(len(h.Entries) + 1), At: instant(t, words[0]), Kind: history.Kind(words[1])}
		var pairs []string
		for _, w := range words[2:] {
			key, value, _ := strings.Cut(w, "=")
			if !strings.HasPrefix(value, "20") { // in an instant it is a sign
				value = strings.ReplaceAll(value, "+", " ")
			}
			if key == "by" {
				e.Actor.Role, e.Actor.ID, _ = strings.Cut(value, "/")
				continue
			}
			pairs = append(pairs, key, value)
		}
		e.Fields = history.Of(pairs...)
		h.Entries = append(h.Entries, e)
	}
	return h
}

// steps works on a new case at a desk that has nothing but the handbook.
func (s *session) steps(t *testing.T, d *datadriven.TestData) string {
	var of string
	d.ScanArgs(t, "of", &of)
	var now time.Time
	desk, err := charter.NewDesk(charter.Config{Handbook: s.handbook, Journal: journal.NewMemory(), Now: func() time.Time { return now }})
	require.NoError(t, err)
	var b strings.Builder
	taken := 0
	for _, e := range timeline(t, d.Input).Entries {
		now = e.At
		var err error
		ctx := context.Background()
		switch of {
		case "ticket":
			_, err = desk.Ticket(ctx, "T-1", "", func(c *ticket.Ticket) error {
				return c.Record(ticket.Meta{Actor: e.Actor, Now: now}, e.Kind, e.Fields)
			})
		case "complaint":
			_, err = desk.Complaint(ctx, "C-1", "", func(c *complaint.Complaint) error {
				return c.Record(complaint.Meta{Actor: e.Actor, Now: now}, e.Kind, e.Fields)
			})
		case "incident":
			_, err = desk.Incident(ctx, "I-1", "", func(c *incident.Incident) error {
				return c.Add(incident.Meta{Actor: e.Actor, Now: now}, e.Kind, e.Fields)
			})
		default:
			t.Fatalf("no lifecycle %q", of)
		}
		if err != nil {
			b.WriteString(err.Error() + "\n")
			continue
		}
		taken++
	}
	fmt.Fprintf(&b, "%d taken\n", taken)
	return b.String()
}

func (s *session) check(t *testing.T, d *datadriven.TestData) string {
	var of string
	d.ScanArgs(t, "of", &of)
	h := timeline(t, d.Input)
	var found []fmt.Stringer
	switch of {
	case "ticket":
		for _, f := range s.handbook.CheckTicket(h) {
			found = append(found, f)
		}
	case "complaint":
		for _, f := range s.handbook.CheckComplaint(h) {
			found = append(found, f)
		}
	case "incident":
		for _, f := range s.handbook.CheckIncident(h) {
			found = append(found, f)
		}
	case "plan":
		for _, f := range s.handbook.CheckPlan(h) {
			found = append(found, f)
		}
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintln(&b, f)
	}
	if found == nil {
		return "nothing found\n"
	}
	return b.String()
}

func (s *session) record(t *testing.T, d *datadriven.TestData) string {
	class, only, language := "", "", "en"
	d.MaybeScanArgs(t, "class", &class)
	d.MaybeScanArgs(t, "only", &only)
	d.MaybeScanArgs(t, "lang", &language)
	var b strings.Builder
	holdings, err := s.handbook.CheckRecord(class, timeline(t, d.Input))
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	for _, x := range holdings {
		if strings.HasPrefix(x.Clause, only) {
			fmt.Fprintln(&b, x.Text(language))
		}
	}
	if b.Len() == 0 {
		return "nothing demanded\n"
	}
	return b.String()
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", text)
	require.NoError(t, err)
	return at
}

// problems lists errors one a line, each of which must match a sentinel.
func problems(err error) string {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var b strings.Builder
	for _, err := range all {
		b.WriteString(err.Error() + "\n")
		if !slices.ContainsFunc(sentinels, func(s error) bool { return errors.Is(err, s) }) {
			b.WriteString("  which is no declared error\n")
		}
	}
	return b.String()
}

var sentinels = []error{
	charter.ErrSyntax, charter.ErrTooLarge, charter.ErrDuplicate, charter.ErrUnknownField, charter.ErrMissing, charter.ErrType,
	charter.ErrValue, charter.ErrContradiction, charter.ErrEffective, charter.ErrStale, charter.ErrUnknownClause, charter.ErrKind,
	charter.ErrNoChange,
}

package ticket_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

// The transcripts of testdata/lifecycle take one theme each; those of testdata/handbooks hold a case that a handbook is content with, and for
// each of its clauses what would break it. Histories are written as in package chartertest. Commands:
//
//	rules [name=standard]   takes the input, or what the clauses of that handbook demand, as the rules; without either the default ones
//	new                     begins another ticket
//	do                      takes each line of the input as a step: nothing is said of those that succeed; then how the ticket stands
//	load                    loads the input; then how the ticket stands
//	pending                 the entries that the steps added
//	check [lang=zh]         what Check finds in the input
//	case                    the input as a case that keeps the rules: by steps and by Check
//	broken CLAUSE           the case with the edits of the input, held to one clause:
//	                        "drop KIND[.FIELD]", "set KIND.FIELD VALUE", "by KIND ROLE[/ID]" (ROLE - is none), "last KIND" (moves it to the end)
func TestTranscripts(t *testing.T) {
	for _, dir := range []string{"testdata/lifecycle", "testdata/handbooks"} {
		datadriven.Walk(t, dir, func(t *testing.T, path string) {
			datadriven.RunTest(t, path, (&session{t: t}).run)
		})
	}
}

type session struct {
	t      *testing.T
	rules  *ticket.Rules
	ticket *ticket.Ticket
	model  history.History
}

func (s *session) run(t *testing.T, d *datadriven.TestData) string {
	s.t = t
	switch d.Cmd {
	case "rules":
		return s.load(d)
	case "new":
		s.ticket = nil
		return ""
	case "do":
		if s.ticket == nil {
			s.ticket = loaded(t, history.History{Case: "T-1"}, s.rules)
		}
		return s.play(s.ticket, chartertest.History(t, d.Input)) + stands(s.ticket) + "\n"
	case "load":
		h := chartertest.History(t, d.Input)
		h.Case = cmp.Or(h.Case, "T-1")
		got, err := ticket.Load(h, s.rules)
		if err != nil {
			return err.Error() + "\n"
		}
		s.ticket = got
		return stands(got) + "\n"
	case "pending":
		return chartertest.FormatHistory(history.History{Entries: s.ticket.Pending()})
	case "check":
		language := "en"
		d.MaybeScanArgs(t, "lang", &language)
		return texts(ticket.Check(chartertest.History(t, d.Input), s.rules), language)
	case "case":
		s.model = chartertest.History(t, d.Input)
		s.model.Case = "T-1"
		made := loaded(t, history.History{Case: "T-1"}, s.rules)
		refused := s.play(made, s.model)
		requireReloads(t, made, s.rules)
		return refused + stands(made) + "\n" + texts(ticket.Check(s.model, s.rules), "en")
	case "broken":
		return s.broken(d)
	}
	return "unknown command\n"
}

func (s *session) load(d *datadriven.TestData) string {
	if d.HasArg("name") {
		var name string
		d.ScanArgs(s.t, "name", &name)
		s.rules = demanded(s.t, name)
		return ""
	}
	if d.Input == "" {
		s.rules = nil
		return ""
	}
	r, err := ticket.ParseRules([]byte(d.Input))
	if err != nil {
		return err.Error() + "\n"
	}
	s.rules = r
	return ""
}

// rulebooks are what the five handbooks demand of tickets.
var rulebooks = sync.OnceValues(func() (map[string]*ticket.Rules, error) {
	all := map[string]*ticket.Rules{}
	for h, err := range handbooks.All() {
		if err != nil {
			return nil, err
		}
		all[h.ID()] = h.TicketRules(time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC))
	}
	return all, nil
})

func demanded(t testing.TB, book string) *ticket.Rules {
	all, err := rulebooks()
	require.NoError(t, err)
	require.Contains(t, all, book)
	return all[book]
}

// play takes the steps and tells which are refused.
func (s *session) play(to *ticket.Ticket, h history.History) string {
	var b strings.Builder
	for _, e := range h.Entries {
		before := len(to.Pending())
		if err := take(to, e); err != nil {
			require.Len(s.t, to.Pending(), before)
			b.WriteString(err.Error() + "\n")
		}
	}
	return b.String()
}

// take takes a step by the method that is named after it.
func take(t *ticket.Ticket, e history.Entry) error {
	get := func(key string) string { v, _ := e.Fields.Get(key); return v }
	all := func(key string) []string { return slices.Collect(e.Fields.All(key)) }
	m := ticket.Meta{At: e.At, Recorded: e.Recorded, Actor: e.Actor, Fields: e.Fields, Personal: e.Personal}
	switch e.Kind {
	case history.Opened:
		return t.Open(m, ticket.Opening{
			Channel: get("channel"), Customer: get("customer"), FirstAgent: get("first_agent"), Content: get("content"),
			Source: get("source"), From: get("from"),
		})
	case history.Registered:
		return t.Register(m, get("mode"))
	case history.Checked:
		return t.Check(m, get("identity"), get("need"))
	case history.Accepted:
		return t.Accept(m)
	case history.Classified:
		switch {
		case get("part") != "" || get("basis") == ticket.Split:
			m.Fields = nil
			return t.Split(m, get("part"))
		case get("tags") != "":
			m.Fields = nil
			return t.Tag(m, all("tags")...)
		case get("note") != "":
			m.Fields = nil
			return t.Note(m, e.Fields)
		}
		return t.Classify(m, ticket.Classification{
			Urgency: get("urgency"), Impact: get("impact"), Importance: get("importance"), Tier: get("tier"), Request: get("request"),
			Class: get("class"), Complexity: get("complexity"), Basis: get("basis"),
		})
	case history.Dispatched:
		if get("mode") == ticket.HandOver {
			return t.HandOver(m, get("unit"), all("person")...)
		}
		return t.Dispatch(m, get("unit"), all("person")...)
	case history.Planned:
		due, _ := history.ParseInstant(get("due"))
		return t.Plan(m, get("measures"), due)
	case history.Started:
		return t.Start(m)
	case history.FirstHandled:
		return t.FirstHandled(m)
	case history.Investigated:
		return t.Investigate(m, get("cause"), get("nature"), get("impact"))
	case history.Responded:
		return t.Reply(m, get("channel"))
	case history.ProgressTold:
		return t.TellProgress(m, get("state"), get("channel"))
	case history.Messaged:
		return t.Message(m, get("text"))
	case history.Held:
		return t.Hold(m, all("reason")...)
	case history.Resumed:
		return t.Resume(m, get("reason"))
	case history.Escalated:
		return t.Escalate(m, get("level"), get("unit"))
	case history.Reported:
		return t.Report(m, get("to"), get("form"))
	case history.Resolved:
		return t.Resolve(m, get("result"), get("steps"))
	case history.Verified:
		return t.Verify(m)
	case history.ResultTold:
		return t.TellResult(m, get("content"))
	case history.ResultConfirmed:
		if answer := get("answer"); answer == "accepted" || answer == "disputed" {
			return t.ConfirmResult(m, answer == "accepted")
		}
	case history.FollowedUp:
		if get("solved") != "" && get("satisfied") != "" {
			return t.FollowUp(m, get("solved") == ticket.Yes, get("satisfied") == ticket.Yes)
		}
	case history.Surveyed:
		return t.Survey(m, ticket.Answer{Dimension: get("dimension"), Score: get("score"), Scale: get("scale"), Comment: get("comment")})
	case history.Reviewed:
		return t.Review(m, get("cause"), get("lessons"))
	case history.Closed:
		return t.Close(m, get("reason"))
	case history.Cancelled:
		return t.Cancel(m, get("reason"))
	case history.Reopened:
		return t.Reopen(m, get("reason"))
	case history.Archived:
		return t.Archive(m, get("store"))
	case history.Merged:
		return t.Merge(m, get("into"))
	}
	m.Fields = nil
	return t.Record(m, e.Kind, e.Fields)
}

// broken holds an edited case to one clause, by steps and by Check.
func (s *session) broken(d *datadriven.TestData) string {
	require.Len(s.t, d.CmdArgs, 1, d.Pos)
	clause := d.CmdArgs[0].Key
	only := only(s.rules, clause)
	h := edited(s.t, s.model, d.Input)
	kept := ticket.Check(s.model, only)
	require.Empty(s.t, kept, "%s: the case itself breaks %s", d.Pos, clause)
	found := slices.DeleteFunc(ticket.Check(h, only), func(f ticket.Finding) bool { return f.Clause != clause })
	require.NotEmpty(s.t, found, "%s: nothing breaks %s", d.Pos, clause)
	step := "taken"
	for line := range strings.Lines(s.play(loaded(s.t, history.History{Case: "T-1"}, only), h)) {
		if strings.Contains(line, "["+clause+"]") {
			step = strings.TrimSpace(line)
			break
		}
	}
	require.Equal(s.t, found[0].Advised, step == "taken", "%s: steps and Check disagree", d.Pos)
	return "step:  " + step + "\ncheck: " + found[0].String() + "\n"
}

// only gives the rules that come of one clause.
func only(r *ticket.Rules, clause string) *ticket.Rules {
	one := &ticket.Rules{}
	for _, d := range r.Demands {
		if d.Clause == clause {
			one.Demands = append(one.Demands, d)
		}
	}
	for _, l := range r.Levels {
		if l.Clause == clause {
			one.Levels = append(one.Levels, l)
		}
	}
	for _, a := range r.Attributes {
		if a.Clause == clause {
			one.Attributes = append(one.Attributes, a)
		}
	}
	return one
}

func edited(t *testing.T, h history.History, edits string) history.History {
	h.Entries = slices.Clone(h.Entries)
	for line := range strings.Lines(edits) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		what, to, _ := strings.Cut(rest, " ")
		kind, field, _ := strings.Cut(what, ".")
		done := false
		for i := 0; i < len(h.Entries); i++ {
			e := &h.Entries[i]
			if string(e.Kind) != kind {
				continue
			}
			done = true
			switch verb {
			case "drop":
				if field == "" {
					h.Entries = slices.Delete(h.Entries, i, i+1)
					i--
					continue
				}
				e.Fields = slices.DeleteFunc(slices.Clone(e.Fields), func(f history.Field) bool { return f.Key == field })
			case "set":
				kept := slices.DeleteFunc(slices.Clone(e.Fields), func(f history.Field) bool { return f.Key == field })
				e.Fields = append(kept, history.Field{Key: field, Value: to}).Canonical()
			case "by":
				role, id, _ := strings.Cut(to, "/")
				e.Actor = history.Actor{Role: strings.TrimPrefix(role, "-"), ID: id}
			case "last":
				e.At = h.Entries[len(h.Entries)-1].At.Add(time.Minute)
			default:
				t.Fatalf("unknown edit %q", line)
			}
		}
		require.True(t, done, "nothing to edit: %s", line)
	}
	h = h.Sorted()
	for i := range h.Entries {
		h.Entries[i].Seq = uint64(i) + 1
	}
	return h
}

func loaded(t testing.TB, h history.History, r *ticket.Rules) *ticket.Ticket {
	made, err := ticket.Load(h, r)
	require.NoError(t, err)
	return made
}

func texts(found []ticket.Finding, language string) string {
	if found == nil {
		return "no findings\n"
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s: %s\n", f.Code, f.Text(language))
	}
	return b.String()
}

// stands tells what the accessors say, as far as they say anything.
func stands(t *ticket.Ticket) string {
	var b strings.Builder
	b.WriteString(t.State().Text("en"))
	if reasons, held := t.OnHold(); held {
		b.WriteString(", on hold for " + strings.Join(reasons, " and "))
	}
	for _, part := range []struct{ name, value string }{
		{"owner", t.Owner()},
		{"level", t.Level()},
		{"unit", t.Unit()},
		{"person", strings.Join(t.Persons(), " and ")},
		{"tier", t.Attribute(history.KeyTier)},
		{"tags", strings.Join(t.Tags(), " and ")},
		{"answer", t.Answer()},
		{"into", t.MergedInto()},
		{"parts", strings.Join(t.Parts(), " and ")},
	} {
		if part.value != "" {
			b.WriteString(", " + part.name + " " + part.value)
		}
	}
	return b.String()
}

// Every clause of the list is shown by the transcript that it names, and comes of the rules of its handbook.
func TestClausesAreShown(t *testing.T) {
	list, err := os.ReadFile("testdata/clauses.tsv")
	require.NoError(t, err)
	listed := map[string]bool{}
	for n, line := range slices.Collect(strings.Lines(string(list))) {
		if n == 0 {
			require.Equal(t, "clause\tkind\ttranscript\tlabel\n", line)
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, columns, 4, line)
		clause, file, label := columns[0], columns[2], columns[3]
		require.False(t, listed[clause], "%s is listed twice", clause)
		listed[clause] = true
		transcript, err := os.ReadFile(filepath.FromSlash("testdata/" + file))
		require.NoError(t, err)
		require.Contains(t, strings.Split(string(transcript), "\n"), label, clause)
		require.Equal(t, "broken "+clause, label)
		book, _, _ := strings.Cut(clause, "/")
		one := only(demanded(t, book), clause)
		require.NotZero(t, len(one.Demands)+len(one.Levels), clause)
	}
	require.Equal(t, decidable(t), listed)
}

// decidable are the clauses of the handbooks that a transcript has to show.
func decidable(t testing.TB) map[string]bool {
	ids := map[string]bool{}
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		for c := range h.Clauses() {
			if c.Subject != charter.SubjectTicket || c.Check != charter.CheckDecidable {
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

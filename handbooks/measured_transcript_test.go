package handbooks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// The transcripts of testdata/measured show what the handbooks ask of figures, and what they ask for every so often. Commands:
//
//	checks list=quality    the decidable and measured clauses of a list drawn from the catalogue, and what the handbooks check each by
//	take book=norms        takes a handbook
//	amend                  puts changes on it, as in a patch, from 2026-01-01 in Asia/Shanghai
//	assess at=2025-06-30   what the figures of the input say about the objectives of that day: a measure and its facts a line
//	                       (190/200, 40m 50m, 9:50 7:30, 720h-20m, 24); a measure that is not among them stays undecided
//	duties at=2026-01-01   what is owed every so often
//	account duty=… from=… [until=…] now=…
//	                       how a subject stands, from evidence: an id, a day, perhaps an amount a line; beneath each obligation
//	                       what has been told of its case by then
func TestMeasuredTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/measured", func(t *testing.T, path string) { datadriven.RunTest(t, path, new(measuring).run) })
}

type measuring struct{ book *charter.Handbook }

func (s *measuring) run(t *testing.T, d *datadriven.TestData) string {
	arg := func(name string) (text string) {
		d.MaybeScanArgs(t, name, &text)
		return text
	}
	day := func(name string) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, arg(name), s.book.Location())
		require.NoError(t, err)
		return at
	}
	var b strings.Builder
	switch d.Cmd {
	case "checks":
		return checks(t, arg("list"))
	case "take":
		s.book = all(t)[arg("book")]
		return s.book.ID() + "\n"
	case "amend":
		text := fmt.Sprintf(`{"base": {"handbook": %q, "version": %q, "digest": %q}, "reason": "r", "effective": "2026-01-01", "zone": "Asia/Shanghai",
			"changes": [%s]}`, s.book.ID(), s.book.Version(), s.book.Digest(), d.Input)
		var p charter.Patch
		require.NoError(t, json.Unmarshal([]byte(text), &p))
		out, err := s.book.Amend(p)
		require.NoError(t, err)
		for _, x := range charter.Diff(s.book, out) {
			fmt.Fprintln(&b, x)
		}
		s.book = out
	case "assess":
		tally := measure.NewTally(table(t), measure.Grouping{})
		for line := range strings.Lines(d.Input) {
			id, facts, _ := strings.Cut(strings.TrimSpace(line), " ")
			observe(t, tally, id, strings.Fields(facts))
		}
		for _, o := range s.book.Objectives(day("at")) {
			row, counted := tally.Total(o.Measure)
			if !counted {
				fmt.Fprintf(&b, "%v: undecided, no facts\n", o)
				continue
			}
			a, err := row.Assess(o, 0.95)
			require.NoError(t, err)
			fmt.Fprintln(&b, a)
		}
	case "duties":
		duties, err := s.book.Duties(day("at"))
		require.NoError(t, err)
		for _, x := range duties {
			c, _ := s.book.Clause(x.Clause)
			fmt.Fprintf(&b, "%s: %v, %s\n", x.ID, c.Rule, c.Check)
		}
	case "account":
		subject := quality.DutySubject{ID: "it", From: day("from")}
		if arg("until") != "" {
			subject.Until = day("until")
		}
		var evidence []quality.Evidence
		for line := range strings.Lines(d.Input) {
			cells := strings.Fields(line)
			at, err := time.ParseInLocation(time.DateOnly, cells[1], s.book.Location())
			require.NoError(t, err)
			e := quality.Evidence{ID: cells[0], At: at}
			if len(cells) > 2 {
				e.Amount = decimal.RequireFromString(cells[2])
			}
			evidence = append(evidence, e)
		}
		now := day("now")
		account, err := s.book.Account(arg("duty"), subject, evidence, now)
		if err != nil {
			return err.Error() + "\n"
		}
		for _, o := range account.Obligations {
			_, text, _ := strings.Cut(o.String(), " for ")
			fmt.Fprintln(&b, text)
			j, err := s.book.Judge(charter.DutyCase(o), now)
			require.NoError(t, err)
			for _, n := range j.Notices(sla.Window{}) {
				fmt.Fprintf(&b, "  %s %s", n.At.In(s.book.Location()).Format(time.DateOnly), n.Kind)
				if n.Role != "" {
					b.WriteString(" to " + n.Role)
				}
				b.WriteByte('\n')
			}
		}
		if !account.Next.IsZero() {
			fmt.Fprintf(&b, "next look %s\n", account.Next.In(s.book.Location()).Format(time.DateOnly))
		}
	default:
		return "unknown command\n"
	}
	return b.String()
}

func table(t *testing.T) *measure.Registry {
	t.Helper()
	scale, err := quality.Whole(1, 5)
	require.NoError(t, err)
	out, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4)})
	require.NoError(t, err)
	return out
}

// observe reads facts as the kind of the measure has them.
func observe(t *testing.T, tally *measure.Tally, id string, facts []string) {
	t.Helper()
	m, ok := table(t).Get(id)
	require.True(t, ok, id)
	whole := func(s string) uint64 {
		n, err := strconv.ParseUint(s, 10, 32)
		require.NoError(t, err, "%s %s", id, s)
		return n
	}
	length := func(s string) time.Duration {
		d, err := time.ParseDuration(s)
		require.NoError(t, err, "%s %s", id, s)
		return d
	}
	give := func(f measure.Fact) {
		require.NoError(t, tally.Observe(id, measure.Observation{At: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), Fact: f}), id)
	}
	rate := func(score int64, times uint64) {
		for range times {
			give(measure.Rating(decimal.NewFromInt(score)))
		}
	}
	for _, fact := range facts {
		switch a, b, _ := strings.Cut(fact, "/"); m.Kind {
		case measure.Share:
			give(measure.Hits(whole(a), whole(b)))
		case measure.Satisfied:
			rate(5, whole(a))
			rate(1, whole(b)-whole(a))
		case measure.NetScore:
			score, times, _ := strings.Cut(fact, ":")
			rate(int64(whole(score)), whole(times))
		case measure.MeanTime:
			give(measure.Took(length(fact)))
		case measure.Availability:
			agreed, down, _ := strings.Cut(fact, "-")
			give(measure.Ran(length(agreed), length(down), 1))
		case measure.MeanAmount, measure.Each:
			give(measure.Worth(int64(whole(fact))))
		default:
			t.Fatalf("%s is a %v", id, m.Kind)
		}
	}
}

// checks lists what the handbooks check the clauses of an extract of the catalogue by. Each has something, or the list would be of no use.
func checks(t *testing.T, list string) string {
	text, err := os.ReadFile("../quality/testdata/" + list + "-clauses.txt")
	require.NoError(t, err)
	books := all(t)
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		cells := strings.Fields(line)
		if line[0] == '#' || len(cells) < 3 || cells[1] != "decidable" && cells[1] != "measured" {
			continue
		}
		id := cells[0]
		book, _, _ := strings.Cut(id, "/")
		c, ok := books[book].Clause(id)
		if !assert.True(t, ok, id) {
			continue
		}
		assert.Equal(t, cells[1]+" "+cells[2], fmt.Sprint(c.Check, " ", c.Kind), id)
		before := b.Len()
		say := func(by string, what any) { fmt.Fprintf(&b, "%s  %s  %v\n", id, by, what) }
		switch rule := c.Rule.(type) {
		case charter.Objective:
			say("objective", rule)
		case charter.Cadence:
			say("duty", rule)
		case charter.Deadline:
			say("deadline", rule.Within)
		}
		if len(c.Measures) > 0 {
			say("measure", strings.Join(c.Measures, ", "))
		}
		for line := range strings.Lines(c.Lifecycle.String()) {
			say("lifecycle", strings.TrimSuffix(line, "\n"))
		}
		for _, x := range c.Content {
			say("content", x)
		}
		assert.Greater(t, b.Len(), before, "%s is checked by nothing", id)
	}
	return b.String()
}

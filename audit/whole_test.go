package audit_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla/calendar"
)

// wild are cases and other records in which anything happens in any order, to try whatever a handbook says.
func wild(seed uint64, n int) []history.History {
	rnd := rand.New(rand.NewPCG(seed, 7))
	kinds := history.Kinds()
	pick := func(from ...string) string { return from[rnd.IntN(len(from))] }
	var all []history.History
	for i := range n {
		h := history.History{Case: fmt.Sprintf("%s-%04d", pick("A", "B"), i)}
		at := monday.Add(time.Duration(rnd.Int64N(int64(20 * 24 * time.Hour))))
		add := func(kind history.Kind, keysAndValues ...string) {
			at = at.Add(time.Duration(rnd.Int64N(int64(9 * time.Hour))))
			h.Entries = append(h.Entries, history.Entry{
				Seq: uint64(len(h.Entries)) + 1, At: at, Kind: kind, Fields: history.Of(keysAndValues...),
				Actor: history.Actor{ID: pick("", "a1", "a2"), Role: pick("", "agent", "supervisor", "customer")},
			})
		}
		class := pick("ticket", "ticket", "complaint", "complaint", "incident", "plan", "person", "document", "")
		begin := history.Opened
		if class == "incident" {
			begin = history.Detected
		}
		if class != "" && rnd.IntN(9) > 0 {
			add(begin, "kind", class, "channel", pick("phone", "web", "fone"), "tier", pick("urgent", "routine"), "class", pick("security", "fault", "complaint"))
		}
		for range rnd.IntN(14) {
			fields := []string{
				pick("reason", "score", "answer", "result"), pick("customer", "5", "4", "6", "accepted", "done"),
				pick("tier", "severity", "level", "dimension", "unit"), pick("urgent", "major", "front", "attitude", "overall", "north"),
			}
			if class != "" && rnd.IntN(8) == 0 {
				fields = append(fields, "kind", class)
			}
			add(kinds[rnd.IntN(len(kinds))], fields...)
		}
		if k := len(h.Entries); k > 1 && rnd.IntN(10) == 0 { // out of order, a number twice
			h.Entries[0], h.Entries[k-1] = h.Entries[k-1], h.Entries[0]
			h.Entries[0].Seq = 2
		}
		all = append(all, h)
	}
	return all
}

func standardMeasures(t require.TestingT, more ...measure.Measure) *measure.Registry {
	scale, err := quality.Whole(1, 5)
	require.NoError(t, err)
	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4), Settle: 24 * time.Hour})
	require.NoError(t, err)
	table, err = table.With(more...)
	require.NoError(t, err)
	return table
}

// upTo is what is known of a case at an instant, in order.
func upTo(h history.History, now time.Time) history.History {
	h = h.Sorted()
	h.Entries = slices.DeleteFunc(slices.Clone(h.Entries), func(e history.Entry) bool { return e.At.After(now) })
	return h
}

func classOf(h history.History) (class string) {
	for _, e := range h.Entries {
		if kind, ok := e.Fields.Get(history.KeyKind); ok && history.SetsAttributes(e.Kind) {
			class = kind
		}
	}
	return class
}

// otherClasses are the classes of records that are no cases and of which the handbook speaks.
func otherClasses(h *charter.Handbook) map[string]bool {
	others := map[string]bool{}
	for latest := range h.Clauses() {
		for c := range h.Versions(latest.ID) {
			for _, x := range c.Content {
				for _, class := range x.Classes {
					others[class] = class != "ticket" && class != "complaint" && class != "incident"
				}
			}
			if c.Lifecycle.Plan != nil {
				others["plan"] = true
			}
		}
	}
	return others
}

// amended is a handbook in which, from the middle of the cases on, every second clause on conduct is no longer in force.
func amended(t *testing.T, h *charter.Handbook) *charter.Handbook {
	p := charter.Patch{Base: h.Pin(), Reason: "test", Effective: calendar.Date{Year: 2025, Month: 3, Day: 12}}
	n := 0
	for c := range h.Clauses() {
		if !c.Lifecycle.IsZero() || len(c.Content) > 0 {
			if n++; n%2 == 0 {
				p.Changes = append(p.Changes, charter.Change{Edit: charter.DropClause{Clause: c.ID}})
			}
		}
	}
	h, err := h.Amend(p)
	require.NoError(t, err)
	return h
}

// found is one finding as both sides tell it.
type found struct{ clause, code, id, text string }

func TestWholeAuditAgreesWithTheCalls(t *testing.T) {
	now := monday.AddDate(0, 0, 17)
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		h := amended(t, h)
		t.Run(h.ID(), func(t *testing.T) {
			rules, err := audit.By(h)
			require.NoError(t, err)
			cases := wild(3, 600)
			target := rules.Plan.Targets()[0]
			table := standardMeasures(t, measure.Attainment(target, measure.Text{EN: "first", ZH: "第一"}))
			grouping := measure.Grouping{Period: measure.Week, Channel: true, Quantiles: true}

			var want []found

			breached, kept := map[string]map[string]bool{}, map[string]uint64{}
			add := func(h history.History, clause, class, code, text string, advised bool) {
				if clause == "" {
					clause = class
				}
				want = append(want, found{clause, code, h.Case, text})
				if !advised {
					if breached[clause] == nil {
						breached[clause] = map[string]bool{}
					}
					breached[clause][h.Case] = true
				}
			}
			others, filed := otherClasses(h), 0
			var proper []history.History
			byHand := measure.NewTally(table, grouping)
			require.NoError(t, byHand.Observe("training-hours", measure.Observation{At: now, Fact: measure.Took(80 * time.Hour)}))
			for _, whole := range cases {
				x := upTo(whole, now)
				class := classOf(x)
				if others[class] {
					filed++
				} else {
					clocks, err := rules.Plan.Evaluate(nil, whole.Entries, now)
					require.NoError(t, err)
					require.NoError(t, byHand.Take(&measure.Record{Of: measure.Cases, History: whole, Clocks: clocks, Now: now}))
					proper = append(proper, whole)
				}
				if len(x.Entries) == 0 {
					continue
				}
				switch class {
				case "ticket":
					for _, f := range h.CheckTicket(x) {
						clause, advised := f.Clause, f.Advised
						f.Clause, f.Seq, f.Advised = "", 0, false
						add(x, clause, class, string(f.Code), f.Text("zh"), advised)
					}
				case "complaint":
					for _, f := range h.CheckComplaint(x) {
						clause, advised := f.Clause, f.Advised
						f.Clause, f.Seq, f.Advised = "", 0, false
						add(x, clause, class, string(f.Code), f.Text("zh"), advised)
					}
				case "incident", "plan":
					check := h.CheckIncident
					if class == "plan" {
						check = h.CheckPlan
					}
					for _, f := range check(x) {
						clause, advised := f.Clause, f.Advised
						f.Clause, f.Advised = "", false
						add(x, clause, class, string(f.Code), f.Text("zh"), advised)
					}
				}

				holdings, err := h.CheckRecord(class, x)
				if err != nil {
					require.ErrorIs(t, err, charter.ErrUnknownClass)
				}
				for _, held := range holdings {
					for _, l := range held.Lacks {
						add(x, held.Clause, class, string(l.Code), l.Text("zh"), held.Advised)
					}
				}
				for clause, states := range byClause(holdings) {
					if !slices.ContainsFunc(states, func(s records.State) bool { return s != records.Complete }) {
						kept[clause]++
					}
				}
			}

			plain, err := audit.Run(context.Background(), rules, audit.From(slices.Values(proper)), audit.Options{Now: now})
			require.NoError(t, err)
			var first []byte
			for _, workers := range []int{1, 2, 5} {
				tally := measure.NewTally(table, grouping)
				require.NoError(t, tally.Observe("training-hours", measure.Observation{At: now, Fact: measure.Took(80 * time.Hour)}))
				report, err := audit.Run(context.Background(), rules, audit.From(slices.Values(cases)),
					audit.Options{Now: now, Workers: workers, Examples: audit.MaxExamples, Conduct: true, Tally: tally})
				require.NoError(t, err)
				text, err := json.Marshal(report)
				require.NoError(t, err)
				if first == nil {
					first = text
				}
				assert.Equal(t, string(first), string(text), "%d workers", workers)

				assert.Equal(t, plain.Clauses, report.Clauses)
				assert.EqualValues(t, filed, report.Records)

				var got []found
				for _, c := range report.Conduct {
					id := cmp.Or(c.ID, c.Of)
					assert.EqualValues(t, len(breached[id]), c.Breached, id)
					assert.Equal(t, c.Cases, c.Kept+c.Breached+c.AgainstAdvice+c.Pending+c.NotEvaluable, id)
					if clause, _ := h.Clause(c.ID); len(clause.Content) > 0 && clause.Lifecycle.IsZero() {
						assert.Equal(t, kept[id], c.Kept, id)
					}
					for _, f := range c.Findings {
						assert.EqualValues(t, f.Count, len(f.Examples))
						for _, e := range f.Examples {
							assert.NotEmpty(t, e.Text.EN)
							got = append(got, found{id, f.Code, e.Case, e.Text.ZH})
						}
					}
				}
				assert.ElementsMatch(t, want, got)

				a, err := json.Marshal(byHand)
				require.NoError(t, err)
				b, err := json.Marshal(tally)
				require.NoError(t, err)
				assert.JSONEq(t, string(a), string(b))
				assert.Equal(t, byHand.Findings(), report.MeasureFindings)
				objectives := h.Objectives(now)
				require.Len(t, report.Objectives, len(objectives))
				for i, o := range objectives {
					row, ok := byHand.Total(o.Measure)
					if !ok {
						assert.NotEmpty(t, report.Objectives[i].NotMeasured, o)
						continue
					}
					want, err := row.Assess(o, 0.95)
					require.NoError(t, err)
					assert.Equal(t, want, report.Objectives[i].Assessment)
				}
			}
			assert.NotEmpty(t, want)
		})
	}
}

func byClause(all []records.Holding) map[string][]records.State {
	states := map[string][]records.State{}
	for _, h := range all {
		states[h.Clause] = append(states[h.Clause], h.State)
	}
	return states
}

// What is asked for beyond deadlines is refused where it cannot be had, and is empty where there is nothing to tell.
func TestWholeAuditOfNothing(t *testing.T) {
	ctx, now := context.Background(), monday.AddDate(0, 1, 0)
	cases := func() audit.Source { return audit.From(made(1, 20)) }

	_, err := audit.Run(ctx, rules(t), cases(), audit.Options{Now: now, Conduct: true})
	require.ErrorIs(t, err, audit.ErrOptions)
	assert.ErrorContains(t, err, "of no handbook")
	for _, tally := range []*measure.Tally{{}, measure.NewTally(nil, measure.Grouping{})} {
		_, err = audit.Run(ctx, rules(t), cases(), audit.Options{Now: now, Tally: tally})
		require.ErrorIs(t, err, audit.ErrOptions)
		assert.ErrorContains(t, err, "no table of measures")
	}

	// Targets without a handbook fill a tally all the same.
	tally := measure.NewTally(standardMeasures(t), measure.Grouping{Period: measure.Day})
	report, err := audit.Run(ctx, rules(t), cases(), audit.Options{Now: now, Tally: tally})
	require.NoError(t, err)
	assert.Empty(t, report.Objectives)
	assert.Empty(t, report.Measures)
	_, ok := tally.Total("response-attainment")
	assert.True(t, ok)

	// A handbook without such clauses, and a source without kinds.
	h, err := charter.ParseHandbook([]byte(acme))
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	tally = measure.NewTally(standardMeasures(t), measure.Grouping{})
	report, err = audit.Run(ctx, r, cases(), audit.Options{Now: now, Conduct: true, Tally: tally})
	require.NoError(t, err)
	assert.NotNil(t, report.Conduct)
	assert.Empty(t, report.Conduct)
	i := slices.IndexFunc(report.Findings, func(f audit.FindingCount) bool { return f.Code == audit.CodeNoKind })
	require.GreaterOrEqual(t, i, 0)
	assert.EqualValues(t, 20, report.Findings[i].Count)

	// The host can say what they are.
	report, err = audit.Run(ctx, r, cases(), audit.Options{Now: now, Conduct: true, Class: func(history.History) string { return "ticket" }})
	require.NoError(t, err)
	require.Len(t, report.Conduct, 1)
	assert.Equal(t, "ticket", report.Conduct[0].Of)
	assert.EqualValues(t, 20, report.Conduct[0].Cases)

	// A class of which the handbook never speaks is held to nothing, and does not look sound for it.
	standard, err := handbooks.Standard()
	require.NoError(t, err)
	r, err = audit.By(standard)
	require.NoError(t, err)
	for class, want := range map[string]uint64{"Person": 20, "person": 0} {
		report, err = audit.Run(ctx, r, cases(), audit.Options{Now: now, Conduct: true, Class: func(history.History) string { return class }})
		require.NoError(t, err)
		var got uint64
		for _, f := range report.Findings {
			if f.Code == audit.CodeUnmappedValue && f.Examples[0].Value == class {
				got = f.Count
			}
		}
		assert.Equal(t, want, got, class)
	}

	// An empty source.
	report, err = audit.Run(ctx, r, audit.From(nil), audit.Options{Now: now, Conduct: true, Tally: measure.NewTally(standardMeasures(t), measure.Grouping{})})
	require.NoError(t, err)
	assert.NotEmpty(t, report.Conduct)
	for _, c := range report.Conduct {
		assert.Zero(t, c.Cases)
	}
	assert.NotEmpty(t, report.Objectives)
	for _, o := range report.Objectives {
		assert.Equal(t, audit.NoFacts, o.NotMeasured)
		assert.Equal(t, quality.Undecided, o.Assessment.Outcome)
	}

	// A table that lacks the measures.
	bare, err := measure.NewRegistry()
	require.NoError(t, err)
	report, err = audit.Run(ctx, r, audit.From(nil), audit.Options{Now: now, Tally: measure.NewTally(bare, measure.Grouping{})})
	require.NoError(t, err)
	for _, o := range report.Objectives {
		assert.Equal(t, audit.NoMeasure, o.NotMeasured)
		assert.NotEmpty(t, o.Assessment.Objective.Measure)
	}
}

// A run that fails leaves the host's tally as it was.
func TestFailedAuditLeavesTheTallyAlone(t *testing.T) {
	h, err := handbooks.Standard()
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	tally := measure.NewTally(standardMeasures(t), measure.Grouping{})
	for _, workers := range []int{1, 3} {
		source := audit.From(made(1, 1000))
		cases := source.Cases
		source.Cases = func(yield func(audit.Case, error) bool) {
			for c, err := range cases {
				if !yield(c, err) {
					return
				}
			}
			yield(audit.Case{}, assert.AnError)
		}
		_, err = audit.Run(context.Background(), r, source, audit.Options{Now: monday.AddDate(0, 1, 0), Workers: workers, Tally: tally})
		require.ErrorIs(t, err, assert.AnError)
	}
	for range tally.Rows() {
		t.Fatal("the tally has taken cases")
	}
}

// Whatever a history holds, it is judged, found faulty or left out, the same for any number of workers: nothing panics.
func TestWholeAuditOfBadData(t *testing.T) {
	h, err := handbooks.Norms()
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	var cases []history.History
	for _, class := range []string{"", "ticket", "complaint", "incident", "plan", "person", "no such class", "\xff"} {
		opened := history.Entry{Seq: 1, At: monday, Kind: history.Opened, Fields: history.Of("kind", class, "channel", "\x00", "level", "?")}
		cases = append(cases,
			history.History{Case: "none"},
			history.History{Case: "no instant", Entries: []history.Entry{{Kind: history.Opened, Fields: opened.Fields}}},
			history.History{Case: "far", Entries: []history.Entry{opened, {At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Closed}}},
			history.History{Case: "twice", Entries: []history.Entry{opened, opened, opened}},
			history.History{Case: "reversed", Entries: []history.Entry{{Seq: 3, At: monday.Add(time.Hour), Kind: history.Closed}, opened}},
			history.History{Case: "no kind", Entries: []history.Entry{opened, {Seq: 2, At: monday.Add(time.Hour)}}},
			history.History{Case: "huge", Entries: slices.Repeat([]history.Entry{opened, {Seq: 1, At: monday, Kind: history.Surveyed, Fields: history.Of("score", "1e999999999")}}, 500)},
			history.History{Case: "later", Entries: []history.Entry{{Seq: 1, At: monday.AddDate(1, 0, 0), Kind: history.Opened, Fields: opened.Fields}}},
		)
	}
	var first []byte
	for _, workers := range []int{1, 3} {
		tally := measure.NewTally(standardMeasures(t), measure.Grouping{Tier: true})
		report, err := audit.Run(context.Background(), r, audit.From(slices.Values(cases)),
			audit.Options{Now: monday.AddDate(0, 1, 0), Workers: workers, Conduct: true, Tally: tally})
		require.NoError(t, err)
		assert.EqualValues(t, len(cases), report.Cases)
		assert.NotZero(t, report.Dropped)
		text, err := json.Marshal(report)
		require.NoError(t, err)
		if first == nil {
			first = text
		}
		assert.Equal(t, string(first), string(text))
		assert.NotEmpty(t, report.Text("zh"))
	}
}

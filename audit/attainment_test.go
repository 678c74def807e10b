package audit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	measures "github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// anyCase makes a case of whatever kind the handbook knows, with values of its attributes and entries as they come.
func anyCase(rnd *rand.Rand, id string, attributes []charter.Attribute) history.History {
	kind := []string{"ticket", "complaint", "incident"}[rnd.IntN(3)]
	state := func(share int) history.Fields {
		var pairs []string
		for _, a := range attributes {
			if a.Name == history.KeyKind || rnd.IntN(share) > 0 || len(a.Values) == 0 {
				continue
			}
			if v := a.Values[rnd.IntN(len(a.Values))]; len(v.Kinds) == 0 || slices.Contains(v.Kinds, kind) {
				pairs = append(pairs, a.Name, v.ID)
			}
		}
		return history.Of(pairs...)
	}
	h := history.History{Case: id}
	at := monday.Add(time.Duration(rnd.IntN(7*24*60)) * time.Minute)
	add := func(k history.Kind, fields history.Fields) {
		h.Entries = append(h.Entries, history.Entry{Seq: uint64(len(h.Entries)) + 1, At: at, Kind: k, Fields: fields.Canonical()})
		if k == history.Messaged {
			h.Entries[len(h.Entries)-1].Actor.Role = history.RoleCustomer
		}
		minutes := []int{30, 600, 6000}[rnd.IntN(3)]
		at = at.Add(time.Duration(rnd.IntN(minutes)) * time.Minute)
	}
	begin := history.Opened
	if kind == "incident" {
		begin = history.Detected
	}
	if rnd.IntN(20) > 0 {
		add(begin, append(state(2), history.Field{Key: history.KeyKind, Value: kind}))
	}
	kinds := history.Kinds()
	usual := []history.Kind{history.Registered, history.Accepted, history.Classified, history.Dispatched, history.Responded, history.Resolved, history.ResultTold, history.Closed}
	for range rnd.IntN(12) {
		k := usual[rnd.IntN(len(usual))]
		if rnd.IntN(3) == 0 {
			k = kinds[rnd.IntN(len(kinds))]
		}
		var fields history.Fields
		if history.SetsAttributes(k) {
			fields = state(4)
		}
		if rnd.IntN(6) == 0 {
			fields = append(fields, history.Field{Key: history.KeyDue, Value: history.FormatInstant(at.Add(time.Duration(rnd.IntN(5000)) * time.Minute))})
		}
		add(k, fields)
	}
	return h
}

// A measure of attainment says what an audit reports for the same target over the same cases: kept, breached, pending, and what cannot be judged
// or was not owed; and for a week, what became final in it.
func TestAttainmentIsThatOfTheAudit(t *testing.T) {
	type handbook struct {
		rules      audit.Rules
		attributes []charter.Attribute
		table      *measures.Registry
	}
	var books []*charter.Handbook // as they are printed, and with the basis of every figure named
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		amended, err := h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "every hour counts", Zone: "Asia/Shanghai", Effective: calendar.Date{Year: 2024, Month: 1, Day: 1},
			Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
		})
		require.NoError(t, err)
		books = append(books, h, amended)
	}
	var all []handbook
	for _, h := range books {
		r, err := audit.By(h)
		require.NoError(t, err)
		b := handbook{rules: r, attributes: slices.Collect(h.Attributes())}
		var list []measures.Measure
		for _, id := range slices.Compact(slices.Sorted(slices.Values(r.Plan.Targets()))) { // once for all revisions
			list = append(list, measures.Attainment(id, measures.Text{EN: id}))
		}
		b.table, err = measures.NewRegistry(list...)
		require.NoError(t, err)
		all = append(all, b)
	}
	week := audit.Window{From: time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 3, 17, 0, 0, 0, 0, time.UTC)}
	var seen audit.Counts
	var out uint64
	compare := func(t require.TestingT, b handbook, seed uint64, now time.Time, count int) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var cases []history.History
		for i := range count {
			cases = append(cases, anyCase(rnd, fmt.Sprint("T-", i), b.attributes))
		}
		report, err := audit.Run(context.Background(), b.rules, audit.From(slices.Values(cases)), audit.Options{Now: now, Window: week, Workers: 1})
		require.NoError(t, err)
		total, weekly := measures.NewTally(b.table, measures.Grouping{}), measures.NewTally(b.table, measures.Grouping{Period: measures.Week})
		for _, h := range cases {
			clocks, err := b.rules.Plan.Evaluate(nil, h.Entries, now)
			require.NoError(t, err)
			for _, tally := range []*measures.Tally{total, weekly} {
				require.NoError(t, tally.Take(&measures.Record{Of: measures.Cases, History: h, Clocks: clocks, Now: now}))
			}
		}
		for _, c := range report.Clauses {
			row, ok := total.Total("attainment/" + c.ID)
			require.Equal(t, c.InScope+c.OutOfScope > 0, ok, c.ID)
			if !ok {
				continue
			}
			assert.Equal(t, c.Attainment, row.Statistic, c.ID)
			assert.Equal(t, c.Pending, row.Pending, c.ID)
			assert.Equal(t, c.NotEvaluable+c.OutOfScope, row.Excluded, c.ID)
			var final quality.Proportion
			if row, ok := weekly.Get("attainment/"+c.ID, "2025-W11", measures.Slice{}); ok {
				final = row.Statistic.(quality.Proportion)
			}
			assert.Equal(t, *c.Final, audit.Final{Kept: final.Hits(), Breached: final.Trials() - final.Hits()}, c.ID)
			seen.Kept += c.Kept
			seen.Breached += c.Breached
			seen.Pending += c.Pending
			seen.NotEvaluable += c.NotEvaluable
			out += c.OutOfScope
		}
	}
	for i, b := range all { // the same cases every time, so that each sort of verdict is among them
		compare(t, b, uint64(i), monday.AddDate(0, 0, i), 150)
	}
	for name, n := range map[string]uint64{"kept": seen.Kept, "breached": seen.Breached, "pending": seen.Pending, "not evaluable": seen.NotEvaluable, "out of scope": out} {
		assert.NotZero(t, n, "no case was ever %s", name)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := all[rapid.IntRange(0, len(all)-1).Draw(t, "handbook")]
		now := monday.Add(time.Duration(rapid.IntRange(0, 30*24*60).Draw(t, "now")) * time.Minute)
		compare(t, b, rapid.Uint64().Draw(t, "seed"), now, rapid.IntRange(1, 20).Draw(t, "cases"))
	})
}

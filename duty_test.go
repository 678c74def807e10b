package charter_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// owing is a handbook with one clause on a duty, drawn by chance, and somebody who owes it.
type owing struct {
	book     *charter.Handbook
	duty     string
	subject  quality.DutySubject
	evidence []quality.Evidence
}

func anyOwing(t *rapid.T) owing {
	rule := charter.Cadence{
		Of: "person", Shown: "trained", SinceLast: rapid.Bool().Draw(t, "since"), Grace: rapid.IntRange(0, 20).Draw(t, "grace"),
		Every: []quality.Cycle{rapid.SampledFrom([]quality.Cycle{
			quality.Weekly(), quality.Monthly(), quality.Quarterly(), quality.Yearly(), {Days: 10}, {Months: 5},
		}).Draw(t, "cycle")},
	}
	if reminders := rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 0, 3, rapid.ID).Draw(t, "remind"); len(reminders) > 0 {
		rule.Remind = reminders
	}
	days := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 0, 3, rapid.ID).Draw(t, "rungs")
	slices.Sort(days)
	for i, n := range days {
		rule.Ladder = append(rule.Ladder, quality.DutyRung{Days: n, Role: string(rune('a' + i))})
	}
	if rapid.Bool().Draw(t, "amounts") {
		rule.Need = decimal.New(rapid.Int64Range(1, 3).Draw(t, "need"), 0)
	}
	base, err := charter.ParseHandbook([]byte(`{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": []}`))
	require.NoError(t, err)
	out, err := base.Amend(charter.Patch{
		Base: base.Pin(), Reason: "r", Effective: calendar.Date{Year: 2010, Month: 1, Day: 1},
		Zone: rapid.SampledFrom([]string{"", "America/Sao_Paulo", "Asia/Shanghai", "Europe/Berlin"}).Draw(t, "zone"),
		Changes: []charter.Change{{Edit: charter.AddClause{Clause: charter.Clause{
			ID: "a/1", Subject: charter.SubjectPeople, Kind: charter.KindCadence, Check: charter.CheckDecidable, Text: charter.Text{EN: "x"}, Rule: rule,
		}}}},
	})
	require.NoError(t, err)
	from := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	hour := func(name string) time.Time {
		return from.Add(time.Duration(rapid.IntRange(0, 600*24).Draw(t, name)) * time.Hour)
	}
	o := owing{book: out, duty: "a/1", subject: quality.DutySubject{ID: "s", From: hour("from")}}
	if rapid.Bool().Draw(t, "leaves") {
		o.subject.Until = o.subject.From.Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "until")) * time.Hour)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "evidence") {
		e := quality.Evidence{ID: fmt.Sprint(i), At: hour("at"), Amount: decimal.New(rapid.Int64Range(1, 2).Draw(t, "amount"), 0)}
		if !rule.SinceLast && rapid.IntRange(0, 3).Draw(t, "for") == 0 {
			on := hour("for")
			e.For = calendar.Date{Year: on.Year(), Month: on.Month(), Day: on.Day()}
		}
		o.evidence = append(o.evidence, e)
	}
	return o
}

// holds compares an obligation with the clock of its case.
func holds(t require.TestingT, o quality.Obligation, j charter.Judgement) {
	require.Len(t, j.Clocks, 1)
	c := j.Clocks[0]
	assert.Equal(t, o.Clause, c.Target)
	assert.True(t, c.Due.Equal(o.Due.Add(-1)), "the last instant in time")
	reminders, role := 0, ""
	for _, m := range c.Marks {
		switch {
		case !m.Reached:
		case m.Role == "":
			reminders++
		default:
			role = m.Role
		}
	}
	if o.Kept.IsZero() || !o.Kept.Before(o.Begin) { // what is done ahead is nothing to be reminded of, and what falls on its beginning moot
		assert.Equal(t, o.Reminders, reminders, "%v", o)
	}
	overdue := o.State == quality.Overdue || o.State == quality.Escalated
	assert.Equal(t, overdue || o.Late, !c.BreachedAt.IsZero(), "%v", o)
	if !c.BreachedAt.IsZero() {
		assert.True(t, c.BreachedAt.Equal(o.Due), "%v: breached at %v", o, c.BreachedAt)
	}
	if o.State != quality.Kept {
		assert.Equal(t, o.Role, role, "%v", o)
	}
	assert.Equal(t, o.State == quality.Escalated, overdue && role != "", "%v", o)
	assert.Empty(t, j.Findings, "nothing has to be declared for a duty")
}

// An account, and the clocks of the cases that its obligations are, give the same answers: what is owed, reminded, overdue, with whom, since
// when, and when it changes next.
func TestDutyCaseStandsAsTheAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOwing(t)
		now := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 800*24).Draw(t, "now")) * time.Hour)
		account, err := o.book.Account(o.duty, o.subject, o.evidence, now)
		require.NoError(t, err)
		if left := o.subject.Until; !left.IsZero() && left.Before(now) {
			now = left
		}
		var next time.Time
		for _, x := range account.Obligations {
			j, err := o.book.Judge(charter.DutyCase(x), now)
			require.NoError(t, err)
			holds(t, x, j)
			if !j.Next.IsZero() && (next.IsZero() || j.Next.Before(next)) {
				next = j.Next
			}
		}
		if account.Next.IsZero() || account.Next.Equal(next) {
			return
		}
		// Else it is a new period that begins.
		assert.True(t, next.IsZero() || account.Next.Before(next), "%v, %v", account.Next, next)
		known := slices.DeleteFunc(slices.Clone(o.evidence), func(e quality.Evidence) bool { return e.At.After(now) })
		then, err := o.book.Account(o.duty, o.subject, known, account.Next)
		require.NoError(t, err)
		assert.True(t, slices.ContainsFunc(then.Obligations, func(x quality.Obligation) bool { return x.Begin.Equal(account.Next) }))
	})
}

// However often, and whenever, a desk is told what is owed, its cases stand in the end as the account does.
func TestDeskStandsAsTheAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyOwing(t)
		now := o.subject.From
		ctx := context.Background()
		told := map[string]int{}
		desk, err := charter.NewDesk(charter.Config{
			Handbook: o.book, Journal: journal.NewMemory(), Now: func() time.Time { return now },
			Deliver: func(_ context.Context, d charter.Delivery) error {
				if !d.Withdrawn {
					told[d.ID.String()]++
				}
				return nil
			},
		})
		require.NoError(t, err)
		var account quality.Account
		for range rapid.IntRange(1, 5).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(1, 200*24).Draw(t, "later")) * time.Hour)
			var known []quality.Evidence
			for _, e := range o.evidence {
				if !e.At.After(now) {
					known = append(known, e)
				}
			}
			account, err = desk.Owe(ctx, o.duty, o.subject, known)
			require.NoError(t, err)
			again, err := desk.Owe(ctx, o.duty, o.subject, known)
			require.NoError(t, err)
			require.Equal(t, account, again)
			_, err = desk.Tick(ctx)
			require.NoError(t, err)
		}
		for _, x := range account.Obligations {
			status, err := desk.Status(ctx, x.ID.String())
			require.NoError(t, err)
			holds(t, x, status.Judgement)
			assert.LessOrEqual(t, len(status.History.Entries), 40)
		}
		for id, n := range told {
			assert.Equal(t, 1, n, id)
		}
	})
}

func TestAccountOfVersions(t *testing.T) {
	base, err := charter.ParseHandbook([]byte(`{
	  "id": "a", "version": "1", "title": {"en": "A"},
	  "clauses": [{"id": "a/1", "subject": "people", "kind": "cadence", "check": "decidable", "text": {"en": "Everybody is trained each quarter."},
	    "rule": {"of": "person", "shown": "trained", "every": ["quarter"]}}]}`))
	require.NoError(t, err)
	amend := func(h *charter.Handbook, on string, e charter.Edit) *charter.Handbook {
		date, err := calendar.ParseDate(on)
		require.NoError(t, err)
		out, err := h.Amend(charter.Patch{Base: h.Pin(), Reason: "r", Effective: date, Changes: []charter.Change{{Edit: e}}})
		require.NoError(t, err)
		return out
	}
	monthly := amend(base, "2026-05-01", charter.SetDuty{Clauses: []string{charter.Every}, Every: []quality.Cycle{quality.Monthly()}, Grace: 3})
	ended := amend(monthly, "2026-07-01", charter.DropClause{Clause: "a/1"})
	li := quality.DutySubject{ID: "Li", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	account, err := ended.Account("a/1", li, []quality.Evidence{{ID: "e", At: time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC)}}, time.Date(2026, 7, 20, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	var lines []string
	for _, o := range account.Obligations {
		lines = append(lines, o.String())
	}
	assert.Equal(t, []string{
		"a/1 of Li for 2026-01-01 to 2026-03-31: overdue since 2026-04-01",
		"a/1 of Li for 2026-04-01 to 2026-06-30: kept on 2026-06-02",
		"a/1 of Li for 2026-05-01 to 2026-05-31: kept on 2026-06-02",
		"a/1 of Li for 2026-06-01 to 2026-06-30: overdue since 2026-07-04",
	}, lines)
	assert.True(t, account.Next.IsZero(), "nothing begins any more: %v", account.Next)
	assert.Empty(t, account.Unused)
	for now, next := range map[string]string{
		"2026-04-10": "2026-05-01", // the later version begins, before the quarter of the earlier one ends
		"2026-05-10": "2026-06-01", // its next month does
		"2026-06-20": "2026-07-01", // the quarter ends, before the grace of the month does
		"2026-07-02": "2026-07-04",
		"2026-07-04": "0001-01-01",
	} {
		at, err := time.Parse(time.DateOnly, now)
		require.NoError(t, err)
		account, err := ended.Account("a/1", li, nil, at)
		require.NoError(t, err)
		assert.Equal(t, next, account.Next.Format(time.DateOnly), "as of %s", now)
	}

	duties, err := ended.Duties(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	assert.Empty(t, duties)
	_, err = ended.Account("a/2", li, nil, li.From)
	assert.ErrorIs(t, err, charter.ErrUnknownClause)
	_, err = ended.Account("a/1", quality.DutySubject{}, nil, li.From)
	assert.ErrorIs(t, err, quality.ErrDuty)
	_, err = (*charter.Handbook)(nil).Account("a/1", li, nil, li.From)
	assert.ErrorIs(t, err, charter.ErrUnknownClause)
}

// What a host says it records of its customers' cases keeps no duty from being judged, and an escalation at every deadline does not hang on one.
func TestDutyMindsItsOwn(t *testing.T) {
	due := sla.Offset{}
	base, err := charter.ParseHandbook([]byte(small))
	require.NoError(t, err)
	h, err := base.Amend(charter.Patch{
		Base: base.Pin(), Reason: "r", Effective: calendar.Date{Year: 2025, Month: 1, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.SetProvides{Kinds: []history.Kind{history.Opened, history.Responded}}},
			{Edit: charter.SetEscalation{Clause: "small/2", At: &due}},
		},
	})
	require.NoError(t, err)
	now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	account, err := h.Account("small/6/quarter", quality.DutySubject{ID: "Li", From: now.AddDate(0, -6, 0)}, nil, now)
	require.NoError(t, err)
	require.NotEmpty(t, account.Obligations)
	for _, o := range account.Obligations {
		j, err := h.Judge(charter.DutyCase(o), now)
		require.NoError(t, err)
		for _, n := range j.Notices(sla.Window{}) {
			assert.Equal(t, "small/6", n.Target)
			assert.NotEqual(t, "small/2", n.Name)
		}
		require.Len(t, j.Clocks, 1)
		assert.NotEqual(t, sla.NotEvaluable, j.Clocks[0].State, "%+v", j.Clocks[0])
	}
}

// Whoever leaves owes nothing for what he does not see the end of, and hears nothing more about the rest.
func TestOweOfWhoLeaves(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(`{
	  "id": "a", "version": "1", "title": {"en": "A"}, "roles": [{"id": "lead"}],
	  "clauses": [{"id": "a/1", "subject": "people", "kind": "cadence", "check": "decidable", "text": {"en": "Everybody is trained each month."},
	    "rule": {"of": "person", "shown": "trained", "every": ["month"], "remind": [5], "ladder": [{"days": 10, "role": "lead"}]}}]}`))
	require.NoError(t, err)
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	now := day(3, 1)
	var told []string
	desk, err := charter.NewDesk(charter.Config{
		Handbook: h, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			told = append(told, fmt.Sprintf("%s %v", d.At.Format(time.DateOnly), d.Kind))
			return nil
		},
	})
	require.NoError(t, err)
	ctx := context.Background()
	li := quality.DutySubject{ID: "Li", From: now}
	step := func(at time.Time) quality.Account {
		now = at
		account, err := desk.Owe(ctx, "a/1", li, nil)
		require.NoError(t, err)
		_, err = desk.Tick(ctx)
		require.NoError(t, err)
		return account
	}
	march := step(day(3, 1)).Obligations[0].ID.String()
	april := step(day(4, 3)).Obligations[1].ID.String()
	assert.Equal(t, []string{"2026-03-27 reminder", "2026-04-01 breach"}, told)
	li.Until = day(4, 8)
	assert.Len(t, step(day(4, 4)).Obligations, 1, "April ends after he left")
	step(day(6, 1))
	assert.Equal(t, []string{"2026-03-27 reminder", "2026-04-01 breach"}, told, "neither April, nor anybody called about March")
	for id, at := range map[string]time.Time{march: day(4, 8), april: day(4, 4)} {
		status, err := desk.Status(ctx, id)
		require.NoError(t, err)
		cancelled := slices.IndexFunc(status.History.Entries, func(e history.Entry) bool { return e.Kind == history.Cancelled })
		require.GreaterOrEqual(t, cancelled, 0)
		assert.Equal(t, at, status.History.Entries[cancelled].At.UTC())
		step(day(6, 2))
		again, err := desk.Status(ctx, id)
		require.NoError(t, err)
		assert.Len(t, again.History.Entries, len(status.History.Entries))
	}
	_, err = desk.Owe(ctx, "a/2", li, nil)
	assert.ErrorIs(t, err, charter.ErrUnknownClause)
	_, err = desk.Owe(ctx, "a/1", li, []quality.Evidence{{}})
	assert.ErrorIs(t, err, quality.ErrDuty)
}

// Evidence that comes late ends the case when it happened, and takes back what was told meanwhile.
func TestOweOfLateEvidence(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(`{
	  "id": "a", "version": "1", "title": {"en": "A"},
	  "clauses": [{"id": "a/1", "subject": "people", "kind": "cadence", "check": "decidable", "text": {"en": "Everybody is trained each month."},
	    "rule": {"of": "person", "shown": "trained", "every": ["month"]}}]}`))
	require.NoError(t, err)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var told []string
	desk, err := charter.NewDesk(charter.Config{
		Handbook: h, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			told = append(told, fmt.Sprintf("%v withdrawn=%v", d.Kind, d.Withdrawn))
			return nil
		},
	})
	require.NoError(t, err)
	ctx := context.Background()
	li := quality.DutySubject{ID: "Li", From: now}
	_, err = desk.Owe(ctx, "a/1", li, nil)
	require.NoError(t, err)
	now = time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)
	_, err = desk.Tick(ctx)
	require.NoError(t, err)
	for _, day := range []int{20, 10} { // and then it turns out that it had been done even earlier
		account, err := desk.Owe(ctx, "a/1", li, []quality.Evidence{{ID: "e", At: time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC)}})
		require.NoError(t, err)
		assert.Equal(t, quality.Kept, account.Obligations[0].State)
		_, err = desk.Tick(ctx)
		require.NoError(t, err)
		status, err := desk.Status(ctx, account.Obligations[0].ID.String())
		require.NoError(t, err)
		assert.Equal(t, sla.Met, status.Clocks[0].State)
		assert.Equal(t, day, status.Clocks[0].Stop.Day())
	}
	assert.Equal(t, []string{"breach withdrawn=false", "breach withdrawn=true"}, told)
}

// An objective for a year is asked for in that year, as its days are counted where the handbook is.
func TestObjectivesOfAYear(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(`{
	  "id": "a", "version": "1", "title": {"en": "A"}, "zone": "Asia/Shanghai",
	  "clauses": [{"id": "a/1", "subject": "quality", "kind": "objective", "check": "measured", "text": {"en": "Nine in ten are content."},
	    "rule": {"measure": "satisfaction", "at_least": "90 pct", "year": 2025}}]}`))
	require.NoError(t, err)
	for at, asked := range map[string]int{
		"2024-06-30T00:00:00Z": 0, "2024-12-31T15:59:59Z": 0, "2024-12-31T16:00:00Z": 1,
		"2025-06-30T00:00:00Z": 1, "2025-12-31T15:59:59Z": 1, "2025-12-31T16:30:00Z": 0, "2026-06-30T00:00:00Z": 0,
	} {
		instant, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		assert.Len(t, h.Objectives(instant), asked, at)
	}
}

// What misses its bound by little is not shown as if it met it.
func TestBoundsAreShownFinely(t *testing.T) {
	for _, c := range []struct {
		least, figure string
		k, n          uint64
	}{
		{"100 pct", "99.98%", 4999, 5000},
		{"99.9 pct", "99.89%", 9989, 10000},
		{"99.95 pct", "99.949%", 99949, 100000},
	} {
		var o charter.Objective
		o.Measure, o.Year = "availability", 2025 // whatever the year
		require.NoError(t, o.AtLeast.UnmarshalText([]byte(c.least)))
		bounds := o.Bounds("a/1")
		require.Len(t, bounds, 1)
		share, err := quality.NewProportion(c.k, c.n)
		require.NoError(t, err)
		assessment, err := bounds[0].Assess(share, 0.95)
		require.NoError(t, err)
		assert.Equal(t, quality.Missed, assessment.Exact)
		assert.Contains(t, assessment.String(), c.figure)
	}
	assert.Empty(t, charter.Objective{Measure: "availability"}.Bounds("a/1"))
}

// A handbook that is none, or that says nothing of it, asks for nothing.
func TestNothingAskedFor(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, h := range []*charter.Handbook{nil, {}} {
		duties, err := h.Duties(now)
		require.NoError(t, err)
		assert.Empty(t, duties)
		assert.Empty(t, h.Objectives(now))
		assert.Empty(t, h.Measures(time.Time{}))
	}
}

package charter_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

// amended is the norms handbook with every edit on it.
func amended(t *testing.T) *charter.Handbook {
	t.Helper()
	norms, err := handbooks.Norms()
	require.NoError(t, err)
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	require.NoError(t, err)
	due := sla.Offset{}
	match := func(text string) sla.Match {
		m, err := sla.ParseMatch(text)
		require.NoError(t, err)
		return m
	}
	out, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "first adoption", By: "service board",
		Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: calendar.Spec{Zone: "Asia/Shanghai", Hours: week}}},
			{Edit: charter.SetCalendar{Name: "hotline", Spec: calendar.Spec{Zone: "Asia/Shanghai", Hours: calendar.AllWeek()}}},
			{Edit: charter.SetLimit{Clause: "norms/2.1.2-time-limited", Within: sla.Days(5)}},
			{Edit: charter.SetLimit{Clause: "norms/2.1.3-urgent-response", Within: sla.Wall(30 * 60e9)}, Reason: "faster"},
			{Edit: charter.UseCalendar{Clauses: []string{"norms/2.1.3-routine-closure"}, Calendar: "hotline", Days: charter.Days{End: calendar.LastHours}}},
			{Edit: charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 800}}}}},
			{Edit: charter.SetLadder{Clauses: []string{"norms/2.1.3-urgent-response"}, Ladder: []sla.Rung{{Role: "supervisor"}}}},
			{Edit: charter.DeclareRole{Role: charter.Role{ID: "supervisor", Text: charter.Text{EN: "supervisor", ZH: "主管"}, Rank: 3}}},
			{Edit: charter.SetEscalation{Clause: "norms/4.4.2-major-escalation", Within: sla.OpenTime(2 * 3600e9)}},
			{Edit: charter.SetEscalation{Clause: "norms/7.2.2-level-1", Role: "incident lead", At: &due, Clauses: []string{"norms/2.1.2-time-limited"}}},
			{Edit: charter.SetRetention{Clauses: []string{charter.Every}, From: records.Start{Kind: history.Closed}, Review: true}},
			{Edit: charter.SetObjective{Clause: "norms/4.1-accuracy", AtLeast: charter.Figure{Value: decimal.NewFromInt(98), Unit: quality.Percent}, Year: 2026}},
			{Edit: charter.SetDuty{
				Clauses: []string{charter.Every}, Grace: 7, Remind: []int{14, 2}, Ladder: []quality.DutyRung{{Days: 3, Role: "supervisor"}},
			}},
			{Edit: charter.SetPauses{Metric: "resolution", On: []sla.Match{match("held[reason=customer|vendor]")}}},
			{Edit: charter.SetEnds{Clause: "norms/2.1.3-urgent-initial", From: []sla.Match{match("accepted")}}},
			{Edit: charter.SetCondition{Clause: "norms/2.1.2-first-response", When: sla.Condition{sla.Is("kind", "ticket")}}},
			{Edit: charter.SetLifecycle{Clause: "norms/2.1.2-ticket-fields", Lifecycle: charter.Lifecycle{
				Ticket: &ticket.Rules{Demands: []ticket.Demand{{Step: "opened", Fields: []string{"customer"}}}},
			}}},
			{Edit: charter.SetContent{Clause: "norms/3.4.1-no-process-change", Content: []records.Content{
				{Classes: []string{"ticket"}, On: match("closed"), Where: records.Later, Holds: [][]sla.Match{{match("reviewed")}, {match("reported")}}, Ordered: true},
				{On: match("messaged[role=agent]"), Words: records.Words{Field: "text", Any: []string{"请"}, None: []string{"你"}}, Actors: true, Advised: true},
			}}},
			{Edit: charter.SetSemantics{Semantics: sla.Semantics{Close: sla.DueAtNextOpening}}},
			{Edit: charter.SetProvides{Kinds: history.Kinds()}},
			{Edit: charter.DeclareAttribute{Name: "level", Attribute: charter.Attribute{
				Values: []charter.Value{{ID: "agent"}, {ID: "team"}}, Ordered: true,
			}}},
			{Edit: charter.DropClause{Clause: "norms/2.2.2-routine-closure"}},
			{Edit: charter.AddClause{Clause: charter.Clause{
				ID: "acme/1", Subject: charter.SubjectSLA, Kind: charter.KindDeadline, Check: charter.CheckDecidable,
				Text: charter.Text{EN: "A callback within the hour."},
				Rule: charter.Deadline{Metric: "follow-up", Within: sla.Wall(3600e9)},
			}}, Effective: calendar.Date{Year: 2026, Month: 7, Day: 1}},
		},
	})
	require.NoError(t, err)
	return out
}

func TestAmendedRoundTripsWithItsHistory(t *testing.T) {
	h := amended(t)
	text, err := h.MarshalJSON()
	require.NoError(t, err)
	again, err := charter.ParseHandbook(text)
	require.NoError(t, err)
	assert.Equal(t, h.Digest(), again.Digest())
	assert.Len(t, slices.Collect(again.Versions("norms/2.1.3-urgent-response")), 2)
	assert.Equal(t, slices.Collect(h.Patches()), slices.Collect(again.Patches()))
	assert.Equal(t, slices.Collect(h.Settings())[0].Pauses, slices.Collect(again.Settings())[0].Pauses)
	// A text of a Marshaler goes through json.Marshal, which escapes HTML.
	indented, err := json.MarshalIndent(h, "", "  ")
	require.NoError(t, err)
	again, err = charter.ParseHandbook(indented)
	require.NoError(t, err)
	assert.Equal(t, h.Digest(), again.Digest())
}

func TestAmendDoesNotTouchItsBase(t *testing.T) {
	norms, err := handbooks.Norms()
	require.NoError(t, err)
	before := norms.Digest()
	h, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "r", Effective: day(2026, 1, 1),
		Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
	})
	require.NoError(t, err)
	assert.Equal(t, before, norms.Digest())
	assert.NotEqual(t, before, h.Digest())
	assert.Equal(t, before, slices.Collect(h.Patches())[0].Base)
}

// A patch made in Go is held to what ParsePatch refuses, and says which change.
func TestAmendRefusesInGoWhatItRefusesInJSON(t *testing.T) {
	h := parse(t, small)
	ok := charter.SetLimit{Clause: "small/1", Within: sla.Wall(time.Hour)}
	for name, c := range map[string]struct {
		change func(*charter.Patch)
		want   error
		number int
	}{
		"nothing":         {func(p *charter.Patch) { p.Changes = nil }, charter.ErrNoChange, 0},
		"no edit":         {func(p *charter.Patch) { p.Changes[1].Edit = nil }, charter.ErrMissing, 2},
		"nil edit":        {func(p *charter.Patch) { p.Changes[1].Edit = (*charter.SetLimit)(nil) }, charter.ErrMissing, 2},
		"no reason":       {func(p *charter.Patch) { p.Reason = "" }, charter.ErrMissing, 0},
		"no date":         {func(p *charter.Patch) { p.Effective = calendar.Date{} }, charter.ErrMissing, 0},
		"no reason there": {func(p *charter.Patch) { p.Reason, p.Changes[0].Reason = "", "r" }, charter.ErrMissing, 2},
		"twice provided": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetProvides{Kinds: []history.Kind{history.Opened, history.Opened}}
		}, charter.ErrDuplicate, 2},
		"impossible date": {func(p *charter.Patch) { p.Changes[1].Effective = day(2026, 2, 30) }, charter.ErrValue, 2},
		"no pin":          {func(p *charter.Patch) { p.Base = charter.Pin{} }, charter.ErrMissing, 0},
		"zone":            {func(p *charter.Patch) { p.Zone = "Mars/Olympus" }, charter.ErrValue, 0},
		"no figure":       {func(p *charter.Patch) { p.Changes[1].Edit = charter.SetLimit{Clause: "small/1"} }, charter.ErrContradiction, 2},
		"unnamed basis": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLimit{Clause: "small/1", Within: sla.Span{Length: 1}}
		}, charter.ErrValue, 2},
		"negative": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLimit{Clause: "small/1", Within: sla.Wall(-time.Hour)}
		}, charter.ErrValue, 2},
		"odd basis":   {func(p *charter.Patch) { p.Changes[1].Edit = charter.NameBasis{Clauses: []string{charter.Every}} }, charter.ErrValue, 2},
		"empty match": {func(p *charter.Patch) { p.Changes[1].Edit = charter.SetEnds{Clause: "small/1", From: []sla.Match{{}}} }, charter.ErrMissing, 2},
		"calendar":    {func(p *charter.Patch) { p.Changes[1].Edit = charter.SetCalendar{} }, calendar.ErrZone, 2},
		"rung of nobody": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLadder{Clauses: []string{"small/1"}, Ladder: []sla.Rung{{}}}
		}, charter.ErrMissing, 2},
		"empty clause": {func(p *charter.Patch) { p.Changes[1].Edit = charter.AddClause{} }, charter.ErrMissing, 2},
		"condition": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetCondition{Clause: "small/1", When: sla.Condition{{}}}
		}, sla.ErrCondition, 2},
		"both terms": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetCondition{Clause: "small/1", When: sla.Condition{sla.Is("a", "b"), sla.IsNot("a", "c")}}
		}, charter.ErrDuplicate, 2},
		"clause in a lifecycle": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLifecycle{Clause: "small/4", Lifecycle: charter.Lifecycle{
				Ticket: &ticket.Rules{Demands: []ticket.Demand{{Clause: "small/4", Step: "closed"}}},
			}}
		}, charter.ErrUnknownField, 2},
		"lenient lifecycle": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLifecycle{Clause: "small/4", Lifecycle: charter.Lifecycle{
				Complaint: &complaint.Rules{Lenient: []complaint.Code{complaint.CodeOrder}},
			}}
		}, charter.ErrUnknownField, 2},
		"empty part": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLifecycle{Clause: "small/4", Lifecycle: charter.Lifecycle{Plan: &incident.Rules{}}}
		}, charter.ErrMissing, 2},
		"lifecycle of no clause": {func(p *charter.Patch) { p.Changes[1].Edit = charter.SetLifecycle{} }, charter.ErrMissing, 2},
		"second ladder": {func(p *charter.Patch) {
			p.Changes[1].Edit = charter.SetLifecycle{Clause: "small/4", Lifecycle: charter.Lifecycle{
				Ticket: &ticket.Rules{Levels: []ticket.Level{{Name: "first"}}},
			}}
		}, charter.ErrDuplicate, 0},
		"clause of a kind": {func(p *charter.Patch) { p.Changes[1].Edit = charter.SetLimit{Clause: "small/4", Within: sla.Wall(1)} }, charter.ErrKind, 2},
		"clause dates": {func(p *charter.Patch) {
			c, _ := h.Clause("small/4")
			c.ID, c.Effective.From = "small/5", day(2020, 1, 1)
			p.Changes[1].Edit = charter.AddClause{Clause: c}
		}, charter.ErrEffective, 2},
		"before the clause": {func(p *charter.Patch) { p.Changes[0].Effective = day(2024, 1, 1) }, charter.ErrEffective, 1},
		"never in force": {func(p *charter.Patch) {
			p.Changes[1] = charter.Change{Edit: charter.DropClause{Clause: "small/1"}, Effective: day(2025, 1, 1)}
			p.Changes[0] = charter.Change{Edit: charter.DropClause{Clause: "small/2"}}
		}, charter.ErrEffective, 2},
	} {
		p := charter.Patch{
			Base: h.Pin(), Reason: "r", Effective: day(2026, 1, 1),
			Changes: []charter.Change{{Edit: ok}, {Edit: charter.DropClause{Clause: "small/2"}}},
		}
		c.change(&p)
		out, err := h.Amend(p)
		assert.Nil(t, out, name)
		if !assert.ErrorIs(t, err, c.want, name) {
			continue
		}
		var e *charter.PatchError
		if assert.ErrorAs(t, err, &e, name) {
			assert.Equal(t, c.number, e.Change, "%s: %v", name, err)
		}
		_ = p.String()
	}
}

// Everything that is wrong with a patch is said at once, each thing once and
// with its place.
func TestAmendSaysAllThatIsWrong(t *testing.T) {
	h := parse(t, small)
	never := day(2025, 2, 31)
	ok := charter.SetLimit{Clause: "small/1", Within: sla.Wall(time.Hour)}
	for name, c := range map[string]struct {
		patch charter.Patch
		want  string
	}{
		"a pin alone": {charter.Patch{Base: h.Pin()}, `
charter: patch: reason: missing: neither the patch nor any of its changes gives it
charter: patch: effective: missing: neither the patch nor any of its changes gives it
charter: patch: changes: changes nothing: there are no changes`},
		"nothing": {charter.Patch{}, `
charter: patch: reason: missing: neither the patch nor any of its changes gives it
charter: patch: effective: missing: neither the patch nor any of its changes gives it
charter: patch: base.handbook: missing: an empty text
charter: patch: base.version: missing: an empty text
charter: patch: base.digest: missing: an empty text
charter: patch: changes: changes nothing: there are no changes`},
		"a date that no calendar has": {charter.Patch{
			Base: h.Pin(), Reason: "r", Effective: never,
			Changes: []charter.Change{{Edit: ok}, {Edit: ok}, {Edit: charter.DropClause{Clause: "small/2"}}},
		}, `
charter: patch: effective: bad value: calendar: bad date: 2025-02-31 does not exist`},
		"many": {charter.Patch{
			Base: charter.Pin{Handbook: "small", Version: "2", Digest: "x"}, Effective: day(2026, 1, 1),
			Changes: []charter.Change{
				{Edit: nil, Reason: "r"},
				{Edit: (*charter.SetLimit)(nil)},
				{Edit: ok, Effective: never},
				{Edit: charter.SetCalendar{Spec: calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek(), Published: never}}, Reason: "r"},
				{Edit: charter.SetLimit{Clause: "small/1", Within: sla.Wall(-time.Hour)}, Reason: "r"},
			},
		}, `
charter: patch: patch is for another handbook: it is for version "2", this is "1"
charter: patch: change 1: missing: a change without an edit
charter: patch: change 2: missing: a change without an edit
charter: patch: change 2: reason: missing: neither the change nor the patch gives it
charter: patch: change 3 (limit): effective: bad value: calendar: bad date: 2025-02-31 does not exist
charter: patch: change 3 (limit): small/1: reason: missing: neither the change nor the patch gives it
charter: patch: change 4 (calendar): bad value: calendar: bad date: 2025-02-31 does not exist
charter: patch: change 5 (limit): small/1: within: bad value: sla: malformed span "-1h": a limit is longer than nothing`},
	} {
		_, err := h.Amend(c.patch)
		assert.EqualError(t, err, strings.TrimPrefix(c.want, "\n"), name)
	}
}

// A mark that its deadline cannot carry is told with the change that brought
// the two together, whichever that was, once for all revisions.
func TestAmendNamesTheChangeOfAMark(t *testing.T) {
	h := parse(t, small)
	mark := charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Span: sla.OpenTime(2 * time.Hour)}}}}
	basis := charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}
	rung := charter.SetEscalation{Clause: "small/2", At: &sla.Offset{Span: sla.OpenTime(time.Hour)}}
	drop := charter.DropClause{Clause: "small/4"}
	semantics := charter.SetSemantics{Semantics: sla.Semantics{Close: sla.DueAtNextOpening}}
	for name, c := range map[string]struct {
		edits  []charter.Edit
		change int
		op     string
	}{
		"mark last":  {[]charter.Edit{drop, basis, mark}, 3, "warnings"},
		"basis last": {[]charter.Edit{mark, drop, basis}, 3, "basis"},
		"rung":       {[]charter.Edit{basis, rung, drop}, 2, "escalation"},
		"revisions":  {[]charter.Edit{basis, mark, semantics}, 2, "warnings"},
	} {
		p := charter.Patch{Base: h.Pin(), Reason: "r", Effective: day(2026, 1, 1)}
		for _, e := range c.edits {
			p.Changes = append(p.Changes, charter.Change{Edit: e})
		}
		p.Changes[2].Effective = day(2026, 2, 1)
		_, err := h.Amend(p)
		require.ErrorIs(t, err, sla.ErrCompile, name)
		require.ErrorIs(t, err, charter.ErrValue, name)
		all := err.(interface{ Unwrap() []error }).Unwrap()
		require.Len(t, all, 1, "%s: %v", name, err)
		var e *charter.PatchError
		require.ErrorAs(t, all[0], &e, name)
		assert.Equal(t, []any{c.change, c.op, "small/1"}, []any{e.Change, e.Op, e.Clause}, "%s: %v", name, err)
	}
}

// An edit never moves a verdict: whatever is changed from a date on, a case
// that ended before is judged as it was.
func TestAmendNeverMovesAVerdict(t *testing.T) {
	base := amended(t) // from 2026-01-01
	var deadlines []string
	for c := range base.Clauses() {
		if _, ok := c.Rule.(charter.Deadline); ok && c.Effective.To.IsZero() {
			deadlines = append(deadlines, c.ID)
		}
	}
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, base.Location())
	kinds := []history.Kind{
		history.Accepted, history.Classified, history.Responded, history.FirstHandled, history.Held, history.Resumed,
		history.Resolved, history.Closed, history.Reopened, history.Checked, history.Investigated,
	}
	rapid.Check(t, func(r *rapid.T) {
		clause := rapid.SampledFrom(deadlines).Draw(r, "clause")
		edits := []charter.Edit{
			charter.SetLimit{Clause: clause, Within: sla.Wall(7 * time.Minute)},
			charter.DropClause{Clause: clause},
			charter.SetLadder{Clauses: []string{charter.Every}, Ladder: []sla.Rung{{Role: "management", Name: "new"}}},
			charter.SetCondition{Clause: clause, When: sla.Condition{sla.Is("tier", "routine")}},
			charter.SetEnds{Clause: clause, From: sla.On(history.Dispatched)},
			charter.SetPauses{Metric: "closure", On: sla.On(history.Held)},
			charter.SetSemantics{Semantics: sla.Semantics{Reopen: sla.NewCycle, Revise: sla.AtOnce}},
			charter.SetCalendar{Spec: calendar.Spec{Zone: "UTC", Hours: calendar.AllWeek()}},
		}
		// Zoned as the handbook's dates are.
		after, err := base.Amend(charter.Patch{
			Base: base.Pin(), Reason: "r", Effective: day(2026, 9, 1), Zone: "Asia/Shanghai",
			Changes: []charter.Change{{Edit: rapid.SampledFrom(edits).Draw(r, "edit")}},
		})
		require.NoError(r, err)

		at := from.Add(-time.Duration(rapid.IntRange(1, 60*24*30).Draw(r, "minutes before")) * time.Minute)
		c := history.History{Entries: []history.Entry{{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of(
			"kind", "ticket", "tier", rapid.SampledFrom([]string{"routine", "urgent"}).Draw(r, "tier"), "complexity", "complex",
			"request", "technical", "importance", "standard",
		)}}}
		for range rapid.IntRange(0, 8).Draw(r, "entries") {
			at = at.Add(time.Duration(rapid.IntRange(0, 60*24*5).Draw(r, "minutes")) * time.Minute)
			c.Entries = append(c.Entries, history.Entry{
				Seq: uint64(len(c.Entries) + 1), At: at, Kind: rapid.SampledFrom(kinds).Draw(r, "kind"),
			})
		}
		// The instant before the change: all that was decided by then stands.
		now := from.Add(-time.Nanosecond)
		was, err := base.Judge(c, now)
		require.NoError(r, err)
		is, err := after.Judge(c, now)
		require.NoError(r, err)
		require.Equal(r, was.Clocks, is.Clocks)
	})
}

func day(year int, month time.Month, day int) calendar.Date {
	return calendar.Date{Year: year, Month: month, Day: day}
}

// However many changes are at fault, finding them stays cheap, and at least the
// first is told by its number.
func TestAmendOfManyBadMarks(t *testing.T) {
	norms, err := handbooks.Norms()
	require.NoError(t, err)
	p := charter.Patch{Base: norms.Pin(), Reason: "r", Effective: day(2026, 1, 1)}
	for i := range 130 {
		p.Changes = append(p.Changes, charter.Change{Edit: charter.AddClause{Clause: charter.Clause{
			ID: fmt.Sprintf("acme/%d", i), Subject: charter.SubjectSLA, Kind: charter.KindDeadline, Check: charter.CheckDecidable,
			Text: charter.Text{EN: "x"},
			Rule: charter.Deadline{
				Metric: "resolution", Within: sla.Wall(time.Hour), Warnings: []sla.Warning{{At: sla.Offset{Span: sla.OpenTime(time.Minute)}}},
			},
		}}})
	}
	_, err = norms.Amend(p)
	require.ErrorIs(t, err, sla.ErrCompile)
	require.ErrorIs(t, err, charter.ErrTooLarge)
	all := err.(interface{ Unwrap() []error }).Unwrap()
	assert.Len(t, all, 101)
	assert.ErrorContains(t, err, "change 1 (add): acme/0: ")
	assert.ErrorContains(t, err, "30 more errors")
}

// A clock that an amendment has superseded is explained as it was, beside the
// one that governs now.
func TestExplainTellsOfTheClockThatWasAsked(t *testing.T) {
	base := parse(t, small)
	h, err := base.Amend(charter.Patch{
		Base: base.Pin(), Reason: "r", Effective: day(2026, 1, 2),
		Changes: []charter.Change{
			{Edit: charter.SetLimit{Clause: "small/1", Within: sla.Wall(90 * time.Hour)}},
			{Edit: charter.SetSemantics{Semantics: sla.Semantics{Revise: sla.AtOnce}}},
		},
	})
	require.NoError(t, err)
	at := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	opened := history.Entry{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of("kind", "ticket", "tier", "urgent")}
	j, err := h.Judge(history.History{Case: "T-1", Entries: []history.Entry{opened}}, at.Add(72*time.Hour))
	require.NoError(t, err)
	var explained []sla.Clock
	for _, c := range j.Clocks {
		if c.Target == "small/1" {
			x, err := j.Explain(c)
			require.NoError(t, err)
			assert.Equal(t, c, x.Clock)
			explained = append(explained, c)
		}
	}
	assert.Len(t, explained, 2)
}

package charter_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

func parse(t testing.TB, text string) *charter.Handbook {
	t.Helper()
	h, err := charter.ParseHandbook([]byte(text))
	require.NoError(t, err)
	return h
}

func TestParseErrorsCanBeTakenApart(t *testing.T) {
	_, err := charter.ParseHandbook([]byte(strings.Replace(small, `"1h?"`, `"soon"`, 1)))
	var p *charter.ParseError
	require.ErrorAs(t, err, &p)
	assert.Equal(t, 11, p.Line)
	assert.Equal(t, "small/1", p.Clause)
	assert.Equal(t, "rule.within", p.Field)
	assert.ErrorIs(t, err, charter.ErrValue)
	assert.ErrorIs(t, err, sla.ErrSpan)

	_, err = charter.ParseHandbook([]byte(strings.Replace(small, `"2025-01-01"`, `"soon"`, 1)))
	assert.ErrorIs(t, err, calendar.ErrDate)
}

func TestRefusesWhatIsTooLarge(t *testing.T) {
	practice := func(id string) string {
		return `{"id": "` + id + `", "subject": "people", "kind": "practice", "check": "none", "text": {"en": "x"}}`
	}
	book := func(clauses string) string {
		return `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [` + clauses + `]}`
	}
	repeat := func(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }
	for name, text := range map[string]string{
		"bytes":  strings.Repeat(" ", charter.MaxSize) + "{}",
		"depth":  book(strings.Replace(practice("a/1"), `"text"`, `"rule": `+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`, "text"`, 1)),
		"abyss":  strings.Repeat("[", 1<<20),
		"values": book(strings.Replace(practice("a/1"), `"text"`, `"rule": [`+repeat("0", 300_000)+`], "text"`, 1)),
		"errors": book(repeat("0", 5000)),
		"calendars": `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [], "settings": [{"calendars": {"": {"anyOf": [` +
			repeat(`{"zone": "UTC", "hours": "24/7"}`, 100) + `]}}}]}`,
		"attribute": `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [], "attributes": {"x": {"values": [` +
			repeat(`{"id": "x"}`, 1001) + `]}}}`,
	} {
		_, err := charter.ParseHandbook([]byte(text))
		if name == "abyss" {
			assert.ErrorIs(t, err, charter.ErrSyntax, name)
			continue
		}
		assert.ErrorIs(t, err, charter.ErrTooLarge, name)
		assert.Less(t, strings.Count(err.Error(), "\n"), 110, name)
	}
}

func TestRefusesInvalidUTF8(t *testing.T) {
	_, err := charter.ParseHandbook([]byte("{\n\"id\": \"\xff\"}"))
	require.ErrorIs(t, err, charter.ErrSyntax)
	assert.Contains(t, err.Error(), "line 2, column 8")
}

// Editors on Windows put a byte order mark before the text.
func TestTakesAByteOrderMark(t *testing.T) {
	h, err := charter.ParseHandbook([]byte("\ufeff" + small))
	require.NoError(t, err)
	assert.Equal(t, parse(t, small).Digest(), h.Digest())
}

func TestDigestDependsOnWhatIsSaid(t *testing.T) {
	h := parse(t, small)
	assert.Equal(t, h.Digest(), parse(t, strings.ReplaceAll(small, "  ", "\t")).Digest(), "white space")
	assert.NotEqual(t, h.Digest(), parse(t, strings.Replace(small, "1.50", "1.5", 1)).Digest(), "a carried number")
	assert.NotEqual(t, h.Digest(), parse(t, strings.Replace(small, "1h?", "1h", 1)).Digest(), "a basis")
}

// The zero Handbook says nothing, and nothing of it fails.
func TestZeroHandbook(t *testing.T) {
	var h charter.Handbook
	for range h.Clauses() {
		t.Error("a clause")
	}
	_, ok := h.Clause("x")
	assert.False(t, ok)
	_, ok = h.Value("tier", "紧急")
	assert.False(t, ok)
	assert.Empty(t, h.Lint())
	assert.Equal(t, time.UTC, h.Location())
	j, err := h.Judge(history.History{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	assert.Empty(t, j.Clocks)
	_, ok = j.Clause(sla.Clock{})
	assert.False(t, ok)
	_, ok = charter.Judgement{}.Clause(sla.Clock{})
	assert.False(t, ok)
}

func TestValue(t *testing.T) {
	h := parse(t, `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [], "attributes": {
		"severity": {"values": [
			{"id": "low", "words": ["一般"], "kinds": ["complaint"]},
			{"id": "mid", "words": ["一般", "中"], "kinds": ["incident"]},
			{"id": "high", "words": ["重大"]}]}}}`)
	for _, c := range []struct {
		attribute, word string
		kind            []string
		want            string
	}{
		{"severity", "重大", nil, "high"},
		{"severity", "high", nil, "high"},
		{"severity", "中", nil, "mid"},
		{"severity", "一般", nil, ""}, // means two things
		{"severity", "一般", []string{"complaint"}, "low"},
		{"severity", "一般", []string{"incident"}, "mid"},
		{"severity", "一般", []string{"ticket"}, ""},
		{"severity", "重大", []string{"ticket"}, "high"},
		{"severity", "无", nil, ""},
		{"tier", "一般", nil, ""},
	} {
		got, ok := h.Value(c.attribute, c.word, c.kind...)
		assert.Equal(t, c.want, got, "%v", c)
		assert.Equal(t, c.want != "", ok, "%v", c)
	}
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC)
}

func entries(es ...history.Entry) history.History {
	for i := range es {
		es[i].Seq = uint64(i + 1)
	}
	return history.History{Case: "c", Entries: es}
}

func entry(t time.Time, kind history.Kind, fields ...string) history.Entry {
	return history.Entry{At: t, Kind: kind, Fields: history.Of(fields...)}
}

func clock(t *testing.T, h *charter.Handbook, c history.History, now time.Time, id string) sla.Clock {
	t.Helper()
	j, err := h.Judge(c, now)
	require.NoError(t, err)
	for _, k := range j.Clocks {
		if k.Target == id {
			return k
		}
	}
	require.Fail(t, "no clock", id)
	return sla.Clock{}
}

// The standard metric resolution pauses on held[reason=customer]; a handbook that
// prints no pause has none, until the host declares one.
func TestPausesAreTheHandbooksOwn(t *testing.T) {
	h := parse(t, `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [
		{"id": "a/1", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "rule": {"metric": "resolution", "within": "4h"}}]}`)
	c := entries(
		entry(at(2, 8, 0), history.Opened), entry(at(2, 9, 0), history.Held, "reason", "customer"), entry(at(2, 11, 0), history.Resumed),
	)
	assert.Equal(t, at(2, 12, 0), clock(t, h, c, at(2, 11, 30), "a/1").Due)

	paused, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "r", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1},
		Changes: []charter.Change{{Edit: charter.SetPauses{
			Metric: "resolution", On: []sla.Match{{Kind: history.Held, Fields: []sla.FieldMatch{{Name: "reason", Values: []string{"customer"}}}}},
		}}},
	})
	require.NoError(t, err)
	assert.Equal(t, at(2, 14, 0), clock(t, paused, c, at(2, 11, 30), "a/1").Due)
}

// enterprise/3.3.4-follow-up-time takes its limit from the date that was
// promised to the customer.
func TestPromisedDate(t *testing.T) {
	h, err := handbooks.Enterprise()
	require.NoError(t, err)
	c := entries(
		entry(at(2, 8, 0), history.Opened, "kind", "ticket"),
		entry(at(2, 9, 0), history.Planned, "due", "2026-03-03T10:00:00Z"),
	)
	k := clock(t, h, c, at(2, 12, 0), "enterprise/3.3.4-follow-up-time")
	assert.Equal(t, sla.Running, k.State)
	assert.Equal(t, at(3, 10, 0), k.Due)
}

func TestEscalationWithATimeOfItsOwn(t *testing.T) {
	h, err := handbooks.Standard()
	require.NoError(t, err)
	var id string
	for c := range h.Clauses() {
		if e, ok := c.Rule.(charter.Escalation); ok && e.Role == "management" && e.Action == "lead" {
			id = c.ID
		}
	}
	require.NotEmpty(t, id)
	timed, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "r", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1},
		Changes: []charter.Change{{Edit: charter.SetEscalation{Clause: id, Within: sla.Wall(30 * time.Minute)}}},
	})
	require.NoError(t, err)

	extreme := entry(at(2, 8, 0), history.Detected, "kind", "incident", "severity", "extreme")
	k := clock(t, timed, entries(extreme), at(2, 8, 30), id)
	assert.Equal(t, sla.Running, k.State)
	assert.Equal(t, at(2, 8, 30), k.Due)
	require.Len(t, k.Marks, 1)
	assert.Equal(t, sla.Mark{Name: id, Role: "management", At: at(2, 8, 30), Reached: true}, k.Marks[0])

	done := entry(at(2, 8, 20), history.Escalated, "level", "management")
	assert.Equal(t, sla.Met, clock(t, timed, entries(extreme, done), at(2, 9, 0), id).State)
	assert.Equal(t, sla.Breached, clock(t, timed, entries(extreme), at(2, 9, 0), id).State)
	settled := entry(at(2, 8, 20), history.Restored)
	assert.Equal(t, sla.OutOfScope.String(), verdict(clock(t, timed, entries(extreme, settled), at(2, 9, 0), id)))

	j, err := timed.Judge(entries(entry(at(2, 8, 0), history.Detected, "kind", "incident", "severity", "minor")), at(2, 9, 0))
	require.NoError(t, err)
	for _, k := range j.Clocks {
		assert.NotEqual(t, id, k.Target, "an incident of another severity")
	}
}

func verdict(c sla.Clock) string { return c.Verdict().String() }

// What happens on a breach counts from the deadline, not from the opening.
func TestEscalationOnBreachHasNoTimeOfItsOwn(t *testing.T) {
	h, err := handbooks.Enterprise()
	require.NoError(t, err)
	amend := func(e charter.SetEscalation) (*charter.Handbook, error) {
		return h.Amend(charter.Patch{
			Base: h.Pin(), Reason: "r", Effective: day(2026, 1, 1),
			Changes: []charter.Change{
				{Edit: e}, {Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}},
			},
		})
	}
	var id string
	for c := range h.Clauses() {
		if e, ok := c.Rule.(charter.Escalation); ok && e.On == "breach" && e.Action == "warn" {
			id = c.ID
		}
	}
	require.NotEmpty(t, id)
	_, err = amend(charter.SetEscalation{Clause: id, Within: sla.Wall(time.Hour)})
	require.ErrorIs(t, err, charter.ErrContradiction)

	late, err := amend(charter.SetEscalation{Clause: id, Role: "supervisor", At: &sla.Offset{Span: sla.Wall(time.Hour), After: true}})
	require.NoError(t, err)
	c := entries(entry(at(2, 8, 0), history.Opened, "kind", "ticket"))
	k := clock(t, late, c, at(3, 10, 0), "enterprise/4.1.3-response-24h")
	require.Len(t, k.Marks, 1)
	assert.Equal(t, sla.Mark{Name: id, Role: "supervisor", At: at(3, 9, 0), Reached: true}, k.Marks[0])
}

// A rung would fire for every case of the deadline on which it hangs, so it
// hangs only where all of these meet the escalation's own condition.
func TestEscalationHangsOnlyWhereItsConditionHolds(t *testing.T) {
	h := parse(t, `{"id": "a", "version": "1", "title": {"en": "A"}, "clauses": [
		{"id": "a/all", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "rule": {"metric": "resolution", "within": "4h"}},
		{"id": "a/urgent", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "when": {"tier": "urgent", "kind": "ticket"}, "rule": {"metric": "resolution", "within": "4h"}},
		{"id": "a/open", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "when": {"tier": "urgent"}, "rule": {"metric": "dispatch", "within": "4h?"}},
		{"id": "a/lead", "subject": "incident", "kind": "escalation", "check": "decidable", "text": {"en": "x"},
		 "when": {"tier": "urgent"}, "rule": {"role": "lead", "at": "due"}},
		{"id": "a/warn", "subject": "incident", "kind": "escalation", "check": "decidable", "text": {"en": "x"},
		 "rule": {"action": "warn", "at": "50%", "clauses": ["a/all"]}}]}`)
	c := entries(entry(at(2, 8, 0), history.Opened, "tier", "urgent", "kind", "ticket"))
	marks := map[string][]string{}
	j, err := h.Judge(c, at(2, 9, 0))
	require.NoError(t, err)
	for _, k := range j.Clocks {
		for _, m := range k.Marks {
			marks[k.Target] = append(marks[k.Target], m.Name+" "+m.Role)
		}
	}
	assert.Equal(t, map[string][]string{"a/urgent": {"a/lead lead"}, "a/all": {"a/warn "}}, marks)
}

func TestJudgeNamesTheCase(t *testing.T) {
	h := parse(t, small)
	_, err := h.Judge(history.History{Case: "c-17", Entries: []history.Entry{{Kind: history.Opened}}}, at(2, 8, 0))
	require.ErrorIs(t, err, sla.ErrInstant)
	assert.Contains(t, err.Error(), "c-17")
}

// A file may say what Amend would refuse; then Plan and Judge do.
func TestPlanSaysWhatCannotBeMeasured(t *testing.T) {
	h := parse(t, strings.Replace(small, `"1h?"`, `"1h", "warnings": [{"at": "-1 business hour"}]`, 1))
	_, err := h.Plan()
	require.ErrorIs(t, err, sla.ErrCompile)
	assert.Contains(t, err.Error(), "small/1")
	_, err = h.Judge(history.History{}, at(2, 8, 0))
	require.ErrorIs(t, err, sla.ErrCompile)
}

func TestJudgeFromManyGoroutines(t *testing.T) {
	h := amended(t)
	c := entries(entry(at(2, 1, 0), history.Opened, "kind", "ticket", "tier", "urgent"))
	want, err := amended(t).Judge(c, at(3, 8, 0))
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := h.Judge(c, at(3, 8, 0))
			assert.NoError(t, err)
			assert.Equal(t, want.Clocks, got.Clocks)
			assert.NotEmpty(t, h.Lint())
		})
	}
	wg.Wait()
}

// Every code has a text in both languages, and no two the same.
func TestFindingsAreSaidInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range []charter.Code{
		charter.CodeNoFigure, charter.CodeNoBasis, charter.CodeNoTime, charter.CodeNoCalendar, charter.CodeTwoLimits,
		charter.CodeUndeclaredAttribute, charter.CodeUndeclaredValue, charter.CodeUndeclaredRole, charter.CodeUnknownClause,
		charter.CodeUnknownEntry, charter.CodeStartElsewhere, charter.CodeNothingCovered, charter.CodeUnmappedValue,
		charter.CodeValueOfOtherKind, charter.CodeUnmappedAttribute, charter.CodeNotProvided, charter.CodeNoHolidays, charter.CodeNoPause,
	} {
		f := charter.Finding{Code: code, Clauses: []string{"a", "b"}, Attribute: "x", Value: "y", Other: "z"}
		for _, language := range []string{"en", "zh-CN"} {
			s := f.Text(language)
			assert.NotEqual(t, string(code), s)
			assert.False(t, seen[s], s)
			assert.NotContains(t, s, "{")
			seen[s] = true
		}
	}
	assert.Equal(t, "unheard-of", charter.Finding{Code: "unheard-of"}.String())
}

func TestTextFallsBack(t *testing.T) {
	both := charter.Text{EN: "a", ZH: "甲"}
	assert.Equal(t, "a", both.In("en-GB"))
	assert.Equal(t, "a", both.In(""))
	assert.Equal(t, "甲", both.In("zh"))
	assert.Equal(t, "甲", both.In("zh-Hans-CN"))
	assert.Equal(t, "甲", charter.Text{ZH: "甲"}.In("en"))
	assert.Equal(t, "a", charter.Text{EN: "a"}.In("zh"))
}

func TestErrorsAreOneEach(t *testing.T) {
	for i, a := range sentinels {
		for j, b := range sentinels {
			assert.Equal(t, i == j, errors.Is(a, b))
		}
	}
}

package charter_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/access"
	"github.com/servicecharter/charter/sla/calendar"
)

// kept is a handbook in which retention counts from closing.
func kept(t testing.TB, h *charter.Handbook, more ...charter.Change) *charter.Handbook {
	t.Helper()
	out, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "agreed with the archive", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: append([]charter.Change{
			{Edit: charter.SetRetention{Clauses: []string{charter.Every}, From: records.Start{Kind: history.Closed}}},
		}, more...),
	})
	require.NoError(t, err)
	return out
}

func closedCase(class string, fields ...string) records.Record {
	at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	return records.Record{ID: "T-1", Class: class, History: history.History{Entries: []history.Entry{
		{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of(fields...)}, {Seq: 2, At: at, Kind: history.Closed},
	}}}
}

// TestHandbooksKeepRecords: three, five, ten and fifteen years, as the handbooks say, once a host has said from when.
func TestHandbooksKeepRecords(t *testing.T) {
	standard, err := handbooks.Standard()
	require.NoError(t, err)
	norms, err := handbooks.Norms()
	require.NoError(t, err)
	for _, c := range []struct {
		h      *charter.Handbook
		class  string
		fields []string
		until  string
		then   records.Action
	}{
		{standard, "ticket", nil, "2029-03-04", records.DueForReview},
		{standard, "complaint", nil, "2029-03-04", records.DueForReview},
		{norms, "ticket", []string{"tier", "routine", "complexity", "simple"}, "2031-03-04", records.Dispose},
		{norms, "ticket", []string{"tier", "urgent", "complexity", "simple"}, "2036-03-04", records.Dispose},
		{norms, "complaint", []string{"tier", "routine", "complexity", "complex"}, "2041-03-04", records.Dispose},
		{norms, "ticket", []string{"tier", "urgent", "complexity", "complex"}, "2041-03-04", records.Dispose},
		{norms, "ticket", nil, "2041-03-04", records.Dispose},
		{norms, "ticket", []string{"tier", "routine", "complexity", "simple", "importance", "high"}, "2031-03-04", records.DueForReview},
	} {
		r := closedCase(c.class, c.fields...)
		now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		open, err := c.h.Retention(now)
		require.NoError(t, err)
		d := open.Decide(r, nil, time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC))
		assert.Equal(t, records.Keep, d.Action, "nobody said from when")

		s, err := kept(t, c.h).Retention(now)
		require.NoError(t, err)
		d = s.Decide(r, nil, now)
		assert.Equal(t, records.Keep, d.Action)
		assert.Equal(t, c.until, d.Until.Format(time.DateOnly), "%s %v", c.class, c.fields)
		assert.Equal(t, c.then, s.Decide(r, nil, d.Until).Action, "%s %v", c.class, c.fields)
		d = s.Decide(closedCase("payroll"), nil, d.Until.AddDate(100, 0, 0))
		assert.Equal(t, records.Keep, d.Action, "no clause speaks of it")
	}
}

// TestRetentionIsByVersion: what was in force at an instant is what it was; a later figure counts from its day.
func TestRetentionIsByVersion(t *testing.T) {
	norms, err := handbooks.Norms()
	require.NoError(t, err)
	h := kept(t, norms, charter.Change{
		Edit:      charter.SetRetention{Clauses: []string{"norms/6.3-data-lifecycle"}, AtMost: records.Years(20), Review: true},
		Effective: calendar.Date{Year: 2027, Month: 1, Day: 1},
	})
	codes := func(year int) map[records.Code]int {
		s, err := h.Retention(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, err)
		found := map[records.Code]int{}
		for _, f := range s.Lint() {
			found[f.Code]++
		}
		return found
	}
	assert.Equal(t, map[records.Code]int{records.CodeNoStart: 5, records.CodeNoFigure: 1, records.CodeConflict: 1}, codes(2025))
	assert.Equal(t, map[records.Code]int{records.CodeNoFigure: 1, records.CodeConflict: 1}, codes(2026))
	assert.Equal(t, map[records.Code]int{records.CodeConflict: 1}, codes(2027))
	text, err := h.MarshalJSON()
	require.NoError(t, err)
	again, err := charter.ParseHandbook(text)
	require.NoError(t, err)
	assert.Equal(t, h.Digest(), again.Digest())
}

// TestHandbooksLimitAccess: complaint records are for those concerned; where no clause allows anything, nothing is allowed.
func TestHandbooksLimitAccess(t *testing.T) {
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	standard, err := handbooks.Standard()
	require.NoError(t, err)
	p, err := standard.Access(now)
	require.NoError(t, err)
	ask := func(class string, handlers ...string) bool {
		return p.Decide(access.Request{
			Person: access.Person{ID: "anna", Roles: []string{"agent"}}, Action: access.Read, Record: access.Record{Class: class, Handlers: handlers},
		}).Allowed
	}
	assert.True(t, ask("ticket"))
	assert.False(t, ask("complaint"))
	assert.True(t, ask("complaint", "anna"))
	assert.False(t, ask("payroll"))
	assert.Equal(t, []access.Conflict{{Allows: "standard/4/3.2-sharing", Limits: "standard/7.1-confidential"}}, p.Lint())

	norms, err := handbooks.Norms()
	require.NoError(t, err)
	p, err = norms.Access(now)
	require.NoError(t, err)
	assert.Equal(t, []string{"public", "internal", "confidential"}, p.Grades())
	telecom, err := handbooks.Telecom()
	require.NoError(t, err)
	p, err = telecom.Access(now)
	require.NoError(t, err)
	assert.False(t, ask("ticket"))
	p, err = (*charter.Handbook)(nil).Access(now)
	require.NoError(t, err)
	assert.False(t, ask("ticket"))
	s, err := (*charter.Handbook)(nil).Retention(now)
	require.NoError(t, err)
	assert.Equal(t, records.Keep, s.Decide(closedCase("ticket"), nil, now.AddDate(100, 0, 0)).Action)
}

func ExampleHandbook_Retention() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "the text does not say from when", Effective: calendar.Date{Year: 2020, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: []charter.Change{
			{Edit: charter.SetRetention{Clauses: []string{charter.Every}, From: records.Start{Kind: history.Closed}}},
			{Edit: charter.DropClause{Clause: "norms/6.3-data-lifecycle"}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, h.Location())
	s, err := h.Retention(now)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Decide(closedCase("ticket", "tier", "urgent", "complexity", "simple"), nil, now))
	// Output:
	// T-1: keep until 2036-03-04T00:00:00+08:00
	// - norms/2.4.2-urgent: at least 10 years from closed (2026-03-03), until the end of 2036-03-03
	// - norms/2.4.2-minimum: at least 5 years from closed (2026-03-03), until the end of 2031-03-03
	// - norms/2.4.2-urgent: at most 10 years from closed (2026-03-03), until the end of 2036-03-03
}

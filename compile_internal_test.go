package charter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// The transitions are those of the IANA time zone database.
func TestDayStart(t *testing.T) {
	for _, c := range []struct{ zone, date, want string }{
		{"UTC", "2026-01-01", "2026-01-01T00:00:00Z"},
		{"Asia/Shanghai", "2026-01-01", "2025-12-31T16:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // midnight was skipped
		{"America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"},    // midnight came twice
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"}, // the date was skipped
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"Europe/Berlin", "2096-12-31", "2096-12-30T23:00:00Z"}, // last day of a leap year
	} {
		loc, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		d, err := calendar.ParseDate(c.date)
		require.NoError(t, err)
		assert.Equal(t, c.want, dayStart(d, loc).Format(time.RFC3339), "%s %s", c.zone, c.date)
	}
}

// A date that the zone skipped gives no revision of its own.
func TestRevisionsOnASkippedDate(t *testing.T) {
	h, err := ParseHandbook([]byte(`{"id": "a", "version": "1", "title": {"en": "A"}, "zone": "Pacific/Apia", "clauses": [
		{"id": "a/1", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "effective": {"to": "2011-12-30"}, "rule": {"metric": "dispatch", "within": "1h"}},
		{"id": "a/2", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "effective": {"from": "2011-12-30", "to": "2011-12-31"}, "rule": {"metric": "dispatch", "within": "1h"}},
		{"id": "a/3", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
		 "effective": {"from": "2011-12-31"}, "rule": {"metric": "dispatch", "within": "1h"}}]}`))
	require.NoError(t, err)
	p, err := h.Plan()
	require.NoError(t, err)
	assert.Equal(t, []string{"a/1", "a/3"}, p.Targets())
}

func TestOverlapAndImplies(t *testing.T) {
	urgent, routine := sla.Is("tier", "urgent"), sla.Is("tier", "routine")
	notUrgent := sla.IsNot("tier", "urgent")
	for _, c := range []struct {
		a, b             sla.Condition
		overlap, implies bool
	}{
		{nil, nil, true, true},
		{sla.Condition{urgent}, nil, true, true},
		{nil, sla.Condition{urgent}, true, false},
		{sla.Condition{urgent}, sla.Condition{routine}, false, false},
		{sla.Condition{urgent}, sla.Condition{sla.Is("tier", "urgent", "routine")}, true, true},
		{sla.Condition{sla.Is("tier", "urgent", "routine")}, sla.Condition{urgent}, true, false},
		{sla.Condition{urgent}, sla.Condition{notUrgent}, false, false},
		{sla.Condition{notUrgent}, sla.Condition{urgent}, false, false},
		{sla.Condition{routine}, sla.Condition{notUrgent}, true, true},
		{sla.Condition{notUrgent}, sla.Condition{routine}, true, false},
		{sla.Condition{sla.IsNot("tier", "urgent", "key")}, sla.Condition{notUrgent}, true, true},
		{sla.Condition{notUrgent}, sla.Condition{sla.IsNot("tier", "urgent", "key")}, true, false},
		{sla.Condition{urgent, sla.Is("class", "outage")}, sla.Condition{urgent}, true, true},
		{sla.Condition{urgent}, sla.Condition{urgent, sla.Is("class", "outage")}, true, false},
		// A case may have several tags.
		{sla.Condition{sla.Is("tags", "a")}, sla.Condition{sla.Is("tags", "b")}, true, false},
		{sla.Condition{sla.Is("tags", "a")}, sla.Condition{sla.IsNot("tags", "b")}, true, false},
	} {
		assert.Equal(t, c.overlap, overlap(c.a, c.b), "%v overlaps %v", c.a, c.b)
		assert.Equal(t, c.overlap, overlap(c.b, c.a), "%v overlaps %v", c.b, c.a)
		assert.Equal(t, c.implies, implies(c.a, c.b), "%v implies %v", c.a, c.b)
	}
}

package charter_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Somebody has failed the appraisal. What does the telecom handbook say follows?
func ExampleHandbook_Consequences() {
	h, err := handbooks.Telecom()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range quality.Follows(h.Consequences(time.Date(2025, 12, 20, 9, 0, 0, 0, time.UTC)), quality.Failed) {
		fmt.Println(c)
	}
	// Output:
	// telecom/3.4-result-use: promotion, change of post, performance evaluation and career development
	// telecom/3.4-fail-retrain: training or another post
}

// Nothing follows from no handbook. What follows changes on the day of an amendment, and never before.
func TestConsequencesInForce(t *testing.T) {
	var none *charter.Handbook
	assert.Empty(t, none.Consequences(time.Time{}))
	assert.Empty(t, new(charter.Handbook).Consequences(time.Time{}))

	h, err := handbooks.Telecom()
	require.NoError(t, err)
	talk := quality.Consequence{After: []quality.Standing{quality.Passed}, Due: []string{"a talk"}}
	clause := charter.Clause{
		ID: "house/1", Subject: charter.SubjectPeople, Kind: charter.KindPractice, Check: charter.CheckAttested, Text: charter.Text{EN: "A talk."},
		Consequences: []quality.Consequence{talk},
	}
	patch := func(edits ...charter.Edit) charter.Patch {
		p := charter.Patch{Base: h.Pin(), Reason: "test", Zone: "UTC", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}}
		for _, e := range edits {
			p.Changes = append(p.Changes, charter.Change{Edit: e})
		}
		return p
	}
	amended, err := h.Amend(patch(charter.AddClause{Clause: clause}, charter.DropClause{Clause: "telecom/3.4-fail-retrain"}))
	require.NoError(t, err)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, h.Consequences(day), amended.Consequences(day.Add(-1)))
	var ids []string
	for _, c := range amended.Consequences(day) {
		ids = append(ids, c.Clause)
	}
	assert.Equal(t, []string{"telecom/3.4-result-use", "telecom/3.4-reward-best", "house/1"}, ids)

	// What is asked in Go is held to what the parser holds JSON to.
	clause.Consequences = []quality.Consequence{{After: []quality.Standing{9}, Due: []string{"a talk"}}}
	_, err = h.Amend(patch(charter.AddClause{Clause: clause}))
	assert.Error(t, err)
	clause.Consequences = []quality.Consequence{{Clause: "house/2", After: talk.After, Due: talk.Due}}
	_, err = h.Amend(patch(charter.AddClause{Clause: clause}))
	assert.Error(t, err)
	clause.Consequences = []quality.Consequence{talk}
	clause.When = sla.Condition{sla.Is("kind", "ticket")}
	_, err = h.Amend(patch(charter.AddClause{Clause: clause}))
	assert.ErrorIs(t, err, charter.ErrContradiction)
	_, err = h.Amend(patch(charter.SetCondition{Clause: "telecom/3.4-result-use", When: clause.When}))
	assert.ErrorIs(t, err, charter.ErrContradiction)
}

package incident_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

func TestRulesAreData(t *testing.T) {
	incidents, plans := demanded(t, "norms")
	for _, r := range []*incident.Rules{incident.DefaultRules(), incident.PlanRules(), incidents, plans} {
		require.NoError(t, r.Validate())
		b, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := incident.ParseRules(b)
		require.NoError(t, err)
		assert.Equal(t, r, again)
	}
}

func TestParseRulesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                      "EOF",
		`{"demand":[]}`:         `unknown field "demand"`,
		`{} {}`:                 "more after the end",
		`{"demands":[{}]}`:      "demand 1 has no step",
		`{"lenient":["order"]}`: `unknown code "order"`,
		`{"opens":["found"]}`:   `unknown kind "found"`,
		`{"demands":[{"step":"closed"},{"step":"closed","after":["resolved|repaired"]}]}`: `demand 2 (closed) refers to "repaired"`,
		`{"demands":[{"step":"closed","before":["notified[customers]"]}]}`:                `demand 1 (closed) refers to "notified[customers]"`,
	} {
		r, err := incident.ParseRules([]byte(text))
		assert.Nil(t, r, text)
		require.ErrorIs(t, err, incident.ErrRules, text)
		assert.ErrorContains(t, err, want, text)
	}
	r, err := incident.ParseRules([]byte(`{"opens":["acme.found"],"demands":[{"step":"acme.found"},{"step":"closed","after":["acme.found"]}]}`))
	require.NoError(t, err, "a host's kind is known when it has a demand")
	assert.Empty(t, incident.Check(chartertest.History(t, `mon 09:00 "acme.found", mon 10:00 close`), r))
}

func TestWithLeavesTheRules(t *testing.T) {
	r := incident.DefaultRules()
	more := r.With(incident.Demand{Step: history.Closed, After: []string{"archived"}})
	assert.Equal(t, incident.DefaultRules(), r)
	assert.Len(t, more.Demands, len(r.Demands)+1)
}

// What two demands ask for is found once; as advice only when both are.
func TestAdvice(t *testing.T) {
	ask := func(clause string, advised bool) incident.Demand {
		return incident.Demand{Step: history.Detected, Fields: []string{"place"}, Clause: clause, Advised: advised}
	}
	h := chartertest.History(t, `mon 09:00 detect`)
	for _, c := range []struct {
		demands []incident.Demand
		clause  string
		advised bool
	}{
		{[]incident.Demand{ask("a", true), ask("b", true)}, "a", true},
		{[]incident.Demand{ask("a", true), ask("b", false)}, "b", false},
		{[]incident.Demand{ask("a", false), ask("b", true)}, "a", false},
	} {
		found := incident.Check(h, &incident.Rules{Demands: c.demands})
		require.Len(t, found, 1)
		assert.Equal(t, c.clause, found[0].Clause)
		assert.Equal(t, c.advised, found[0].Advised)
	}
}

// Conditions read the entry first, then the case; "" is no value, an empty list any value.
func TestWhen(t *testing.T) {
	rule := func(values ...string) *incident.Rules {
		return &incident.Rules{Demands: []incident.Demand{{
			Step: history.Notified, When: map[string][]string{"severity": values}, Fields: []string{"content"},
		}}}
	}
	graded := chartertest.History(t, `mon 09:00 detect severity=major, mon 09:10 notify`)
	ungraded := chartertest.History(t, `mon 09:00 detect, mon 09:10 notify`)
	other := chartertest.History(t, `mon 09:00 detect severity=major, mon 09:10 notify severity=minor`)
	for _, c := range []struct {
		rules   *incident.Rules
		h       history.History
		applies bool
	}{
		{rule("major"), graded, true},
		{rule("major"), ungraded, false},
		{rule("major"), other, false},
		{rule("minor", "major"), other, true},
		{rule(), graded, true},
		{rule(), ungraded, false},
		{rule(""), ungraded, true},
		{rule(""), graded, false},
	} {
		assert.Equal(t, c.applies, len(incident.Check(c.h, c.rules)) == 1, "%v %v", c.rules.Demands[0].When, c.h.Entries)
	}
}

// Rules that were not checked are kept to as far as they can be.
func TestUncheckedRules(t *testing.T) {
	r := &incident.Rules{Demands: []incident.Demand{{}, {Step: history.Detected, After: []string{"", "x[", "|"}, Fields: []string{"", "|"}}}}
	assert.NotEmpty(t, incident.Check(chartertest.History(t, `mon 09:00 detect`), r))
	assert.Empty(t, incident.Check(history.History{}, nil))
	assert.Nil(t, incident.Check(chartertest.History(t, `mon 09:00 close, tue 09:00 "reopened" , wed 09:00 close`), &incident.Rules{}))
}

package sla_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
)

func TestConditionJSON(t *testing.T) {
	for text, want := range map[string]sla.Condition{
		`{}`:                               nil,
		`{"tier":"urgent"}`:                {sla.Is("tier", "urgent")},
		`{"class":["outage","fault"]}`:     {sla.Is("class", "outage", "fault")},
		`{"complexity":{"not":"complex"}}`: {sla.IsNot("complexity", "complex")},
		`{"z":"1","a":{"not":["2","3"]}}`:  {sla.Is("z", "1"), sla.IsNot("a", "2", "3")},

		`{"tier":["urgent","key"],"tier":{"not":"key"}}`: {sla.Is("tier", "urgent", "key"), sla.IsNot("tier", "key")},

		`{"级别":"紧急"}`: {sla.Is("级别", "紧急")},
	} {
		var got sla.Condition
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		assert.Equal(t, want, got, text)
		back, err := json.Marshal(got)
		require.NoError(t, err)
		assert.Equal(t, text, string(back))
	}
	for _, text := range []string{
		`null`, `[]`, `"urgent"`, `7`, `true`, ``, ` `, `{`, `{"tier"`, `{"tier":"urgent"`, `{"tier":"urgent"}x`, `{"tier":"urgent"}{}`,
		`{"":"urgent"}`, `{"tier":""}`, `{"tier":[]}`, `{"tier":["urgent",""]}`, `{"tier":null}`, `{"tier":7}`, `{"tier":["urgent",7]}`,
		`{"tier":{"is":"urgent"}}`, `{"tier":{}}`, `{"tier":{"not":null}}`, `{"tier":{"not":{"not":"x"}}}`, `{"tier":{"not":"x","is":"y"}}`,
		`{"tier":"a","tier":"b"}`, `{"tier":{"not":"a"},"tier":{"not":"b"}}`, `{tier:"urgent"}`,
	} {
		c := sla.Condition{sla.Is("kept", "as it was")}
		require.ErrorIs(t, c.UnmarshalJSON([]byte(text)), sla.ErrCondition, text)
		assert.Equal(t, sla.Condition{sla.Is("kept", "as it was")}, c, text)
	}
	_, err := json.Marshal(sla.Condition{{Attribute: "tier"}})
	require.ErrorIs(t, err, sla.ErrCondition)
}

func TestConditionForPeople(t *testing.T) {
	assert.Equal(t, "every case", sla.Condition{}.String())
	assert.Equal(t, "tier is urgent or key, complexity is not complex", sla.Condition{sla.Is("tier", "urgent", "key"), sla.IsNot("complexity", "complex")}.String())
}

// A condition holds, does not hold, or cannot be told. Each case is a condition, the attributes of a case, and what becomes of the clock.
func TestConditionHasThreeOutcomes(t *testing.T) {
	for _, c := range []struct{ when, fields, want string }{
		{"", "", "running"},
		{"tier=urgent", "tier=urgent", "running"},
		{"tier=urgent|key", "tier=key", "running"},
		{"tier=urgent", "tier=routine", ""},
		{"tier=urgent", `tier=""`, ""}, // known to be none of the values
		{"tier=urgent", "", "tier"},
		{"tier=urgent", "class=outage", "tier"},
		{"tier!=urgent", "", "running"},
		{"tier!=urgent", "tier=routine", "running"},
		{"tier!=urgent", "tier=urgent", ""},
		{"tier!=urgent|key", "tier=key", ""},
		{"tier=urgent class=outage", "tier=urgent class=outage", "running"},
		{"tier=urgent class=outage", "tier=urgent", "class"},
		{"tier=urgent class=outage", "class=outage", "tier"},
		{"tier=urgent class=outage", "", "tier"},
		{"tier=urgent class=outage", "class=fault", ""}, // whatever the tier is
		{"tier=urgent class!=outage", "", "tier"},
		{"tier=urgent class!=outage", "class=outage", ""},
		{"tags=vip", "tags=new tags=vip", "running"}, // several values: each
		{"tags!=vip", "tags=new tags=vip", ""},
		{"tags=vip tags!=new", "tags=new tags=vip", ""},
		{"tags=vip tags!=old", "tags=new tags=vip", "running"},
	} {
		clocks := judge(t, "revision r\ntarget t resolution 4h "+c.when, "mon 09:00 open "+c.fields, "mon 10:00")
		got := ""
		if len(clocks) > 0 {
			if got = clocks[0].State.String(); clocks[0].State == sla.NotEvaluable {
				got = clocks[0].Missing
			}
		}
		assert.Equal(t, c.want, got, "%s for a case with %s", c.when, c.fields)
		// In a ranked policy what cannot be told is passed over.
		clocks = judge(t, "revision r\npolicy p\ntarget t resolution 4h tier=none\ntarget u resolution 4h default "+c.when+"\n", "mon 09:00 open "+c.fields, "mon 10:00")
		assert.Equal(t, c.want == "running", len(clocks) == 1, "ranked: %s for a case with %s", c.when, c.fields)
	}
}

// A value of an attribute is replaced by a later entry, as a whole; entries of other kinds say nothing of the case.
func TestAttributesAreReplaced(t *testing.T) {
	rules := "revision r\ntarget t resolution 4h tags=vip"
	state := func(facts string) string {
		clocks := judge(t, rules, facts, "mon 12:00")
		if len(clocks) == 0 {
			return ""
		}
		return clocks[0].State.String()
	}
	assert.Equal(t, "running", state("mon 09:00 open tags=vip, mon 10:00 reply tags=old"))
	assert.Equal(t, "superseded", state("mon 09:00 open tags=vip, mon 10:00 classify tags=old"))
	assert.Equal(t, "running", state("mon 09:00 open tags=vip, mon 10:00 classify tier=urgent"))
	assert.Equal(t, "running", state("mon 09:00 open tags=old, mon 10:00 dispatch tags=new tags=vip"))
}

func FuzzConditionUnmarshalJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"tier":"urgent"}`, `{"a":["b","c"],"d":{"not":"e"}}`, `null`, `{"a":{"not":["b"]}}`, `{"a":"b"`, `{"\ud800":"x"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c sla.Condition
		if err := c.UnmarshalJSON(data); err != nil {
			require.ErrorIs(t, err, sla.ErrCondition)
			require.Nil(t, c)
			return
		}
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back sla.Condition
		require.NoError(t, json.Unmarshal(text, &back), "%s", text)
		require.Equal(t, c, back)
	})
}

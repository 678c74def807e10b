package access_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records/access"
)

// TestHandbooks pins what the handbooks' clauses on access allow and refuse.
func TestHandbooks(t *testing.T) {
	var p *access.Policy
	datadriven.RunTest(t, "testdata/handbooks.txt", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		switch d.Cmd {
		case "policy":
			var text string
			d.MaybeScanArgs(t, "grades", &text)
			var rules []access.Rule
			for line := range strings.Lines(d.Input) {
				var r access.Rule
				require.NoError(t, json.Unmarshal([]byte(line), &r), line)
				rules = append(rules, r)
			}
			var err error
			if p, err = access.NewPolicy(list(text), rules...); err != nil {
				return err.Error() + "\n"
			}
			for _, c := range p.Lint() {
				fmt.Fprintf(&b, "%s allows what %s limits\n", c.Allows, c.Limits)
			}
		case "ask":
			language := "en"
			d.MaybeScanArgs(t, "lang", &language)
			for line := range strings.Lines(d.Input) {
				b.WriteString(p.Decide(request(line)).Text(language) + "\n")
			}
		}
		if b.Len() == 0 {
			return "ok\n"
		}
		return b.String()
	})
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(s, "+", " "), ",")
}

// request reads a line "ACTION CLASS key=value...".
func request(line string) access.Request {
	words := strings.Fields(line)
	r := access.Request{Action: access.Action(words[0])}
	r.Record.Class = strings.ReplaceAll(words[1], "-", " ")
	r.Record.ID = r.Record.Class
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "by":
			r.Person.ID = value
		case "roles":
			r.Person.Roles = list(value)
		case "units":
			r.Person.Units = list(value)
		case "handlers":
			r.Record.Handlers = list(value)
		case "concerns":
			r.Record.Units = list(value)
		case "grade":
			r.Record.Grade = value
		case "leave":
			r.AuthorisedBy = value
		}
	}
	return r
}

// TestDefaultIsRefusal: nothing, a nil policy, and empty facts allow nothing.
func TestDefaultIsRefusal(t *testing.T) {
	empty, err := access.NewPolicy(nil)
	require.NoError(t, err)
	concerned, err := access.NewPolicy(nil, access.Rule{Clause: "c", Effect: access.Only, Concerned: true, Roles: []string{"agent"}})
	require.NoError(t, err)
	for _, p := range []*access.Policy{nil, {}, empty, concerned} {
		for _, r := range []access.Request{
			{},
			{Action: access.Read},
			{Action: access.Read, Person: access.Person{ID: "a"}},
			{Action: access.Read, Person: access.Person{ID: "a", Roles: []string{"agent"}, Units: []string{""}}, Record: access.Record{Units: []string{""}, Handlers: []string{""}}},
		} {
			d := p.Decide(r)
			assert.False(t, d.Allowed)
			assert.NotEmpty(t, d.Reasons)
		}
	}
	assert.False(t, access.Decision{}.Allowed)
}

// TestMisspeltLimitIsAnError: it would name everybody.
func TestMisspeltLimitIsAnError(t *testing.T) {
	var r access.Rule
	require.ErrorIs(t, json.Unmarshal([]byte(`{"clause":"c","effect":"allow","actions":["read"],"role":["lead"]}`), &r), access.ErrRule)
	assert.Empty(t, r.Clause)
}

// TestPolicyIsACopy: what the caller changes later changes nothing.
func TestPolicyIsACopy(t *testing.T) {
	roles := []string{"agent"}
	p, err := access.NewPolicy(nil, access.Rule{Clause: "c", Effect: access.Allow, Roles: roles})
	require.NoError(t, err)
	roles[0] = "anybody"
	assert.False(t, p.Decide(access.Request{Action: access.Read, Person: access.Person{ID: "a", Roles: []string{"anybody"}}}).Allowed)
}

// TestLawsOfAccess: against a plain reading of the rules; one more limit or refusal never opens anything, one more allowance never closes anything, order does not matter.
func TestLawsOfAccess(t *testing.T) {
	grades := []string{"public", "secret"}
	some := func(t *rapid.T, name string, from ...string) []string {
		return rapid.SampledFrom(append([][]string{nil}, [][]string{from[:1], from[1:], from}...)).Draw(t, name)
	}
	rule := rapid.Custom(func(t *rapid.T) access.Rule {
		r := access.Rule{
			Clause: rapid.StringMatching(`[a-z]{3}`).Draw(t, "clause"), Effect: rapid.SampledFrom([]access.Effect{access.Allow, access.Only, access.Refuse}).Draw(t, "effect"),
			Actions: []access.Action{access.Read}, Classes: some(t, "classes", "ticket", "complaint"), Grades: some(t, "grades", grades...),
			Roles: some(t, "roles", "agent", "lead"), Concerned: rapid.Bool().Draw(t, "concerned"), Authorised: rapid.Bool().Draw(t, "authorised"),
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(rule, 0, 5).Draw(t, "rules")
		q := access.Request{
			Action: access.Read, Person: access.Person{ID: "a", Roles: some(t, "has", "agent", "lead")}, AuthorisedBy: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "by"),
			Record: access.Record{Class: rapid.SampledFrom([]string{"ticket", "complaint"}).Draw(t, "class"), Grade: rapid.SampledFrom([]string{"", "public", "secret", "odd"}).Draw(t, "grade"), Handlers: some(t, "handlers", "a", "b")},
		}
		policy := func(rules ...access.Rule) access.Decision {
			p, err := access.NewPolicy(grades, rules...)
			require.NoError(t, err)
			return p.Decide(q)
		}
		d := policy(rules...)
		allowed, refused := false, false
		for _, r := range rules {
			speaks := len(r.Classes) == 0 || slices.Contains(r.Classes, q.Record.Class)
			certain := len(r.Grades) == 0 || slices.Contains(r.Grades, q.Record.Grade)
			perhaps := certain || !slices.Contains(grades, q.Record.Grade)
			named := (len(r.Roles) == 0 || slices.ContainsFunc(r.Roles, func(s string) bool { return slices.Contains(q.Person.Roles, s) })) &&
				(!r.Concerned || slices.Contains(q.Record.Handlers, "a")) && (!r.Authorised || q.AuthorisedBy == "b")
			allowed = allowed || speaks && certain && named && r.Effect != access.Refuse
			refused = refused || speaks && perhaps && (r.Effect == access.Only && !named || r.Effect == access.Refuse && named)
		}
		require.Equal(t, allowed && !refused, d.Allowed, d)
		require.Equal(t, d.Allowed, policy(rapid.Permutation(rules).Draw(t, "order")...).Allowed)
		more := rule.Draw(t, "more")
		after := policy(append(slices.Clone(rules), more)...)
		switch {
		case more.Effect == access.Allow && d.Allowed:
			require.True(t, after.Allowed)
		case more.Effect == access.Refuse && !d.Allowed:
			require.False(t, after.Allowed)
		}
		for _, language := range []string{"en", "zh"} {
			require.NotContains(t, d.Text(language), "%!")
			for _, c := range d.Clauses() {
				require.Contains(t, d.Text(language), c)
			}
		}
		entry := d.Entry(time.Unix(0, 0).UTC())
		_, err := entry.AppendCanonical(nil)
		require.NoError(t, err)
		if again, given, ok := access.FromEntry(entry, q.Record); q.Record.Class != "" {
			require.True(t, ok)
			require.Equal(t, d.Allowed, given)
			require.Equal(t, q, again)
		}
	})
}

func TestFromEntry(t *testing.T) {
	_, _, ok := access.FromEntry(history.Entry{Kind: history.Opened}, access.Record{})
	assert.False(t, ok)
	_, _, ok = access.FromEntry(history.Entry{Kind: history.Accessed}, access.Record{})
	assert.False(t, ok)
	_, given, ok := access.FromEntry(history.Entry{Kind: history.Accessed, Fields: history.Of("action", "read")}, access.Record{})
	assert.True(t, ok && given, "an entry that does not say it was refused was an access")
}

// A complaint's records are for those who handle it, whatever others may read.
func ExamplePolicy_Decide() {
	p, err := access.NewPolicy(
		nil,
		access.Rule{Clause: "standard/4/3.2-sharing", Effect: access.Allow, Actions: []access.Action{access.Read}, Roles: []string{"agent"}},
		access.Rule{Clause: "standard/7.1-confidential", Effect: access.Only, Classes: []string{"complaint"}, Concerned: true},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := p.Decide(access.Request{
		Person: access.Person{ID: "anna", Roles: []string{"agent"}}, Action: access.Read,
		Record: access.Record{ID: "C-1", Class: "complaint", Handlers: []string{"bo"}},
	})
	fmt.Println(d)
	fmt.Println(d.Text("zh-Hans"))
	fmt.Println(p.Lint())
	// Output:
	// refused: anna may not read C-1
	// - standard/4/3.2-sharing allows it (agent)
	// - standard/7.1-confidential limits it to others (only if concerned)
	// 拒绝：anna查阅C-1
	// - standard/4/3.2-sharing允许（agent）
	// - standard/7.1-confidential仅限他人（仅限经办或相关部门）
	// [{standard/4/3.2-sharing standard/7.1-confidential}]
}

// TestLintNamesLimitsThatDisagree: two limits that leave nobody, and a limit whose persons another rule refuses.
func TestLintNamesLimitsThatDisagree(t *testing.T) {
	only := func(clause string, roles ...string) access.Rule {
		return access.Rule{Clause: clause, Effect: access.Only, Classes: []string{"ticket"}, Roles: roles}
	}
	refuse := func(clause string, roles ...string) access.Rule {
		return access.Rule{Clause: clause, Effect: access.Refuse, Roles: roles}
	}
	elsewhere := access.Rule{Clause: "z", Effect: access.Only, Classes: []string{"plan"}, Roles: []string{"lead"}}
	ab := []access.Conflict{{Allows: "a", Limits: "b"}}
	for name, c := range map[string]struct {
		rules []access.Rule
		want  []access.Conflict
	}{
		"nobody is left":       {[]access.Rule{only("a", "agent"), only("b", "lead")}, ab},
		"some are left":        {[]access.Rule{only("a", "agent", "lead"), only("b", "lead")}, nil},
		"one names everybody":  {[]access.Rule{only("a", "agent"), only("b")}, nil},
		"of another class":     {[]access.Rule{only("a", "agent"), elsewhere}, nil},
		"refused":              {[]access.Rule{only("a", "agent"), refuse("b", "agent")}, ab},
		"refused, before":      {[]access.Rule{refuse("b", "agent"), only("a", "agent")}, ab},
		"refused to everybody": {[]access.Rule{only("a", "agent"), refuse("b")}, ab},
		"refused to others":    {[]access.Rule{only("a", "agent"), refuse("b", "lead")}, nil},
		"two refusals":         {[]access.Rule{refuse("a"), refuse("b")}, nil},
	} {
		p, err := access.NewPolicy(nil, c.rules...)
		require.NoError(t, err)
		assert.Equal(t, c.want, p.Lint(), name)
	}
	assert.Empty(t, (*access.Policy)(nil).Lint())
	assert.Empty(t, (*access.Policy)(nil).Grades())
}

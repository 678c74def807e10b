package sla_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func TestMatchText(t *testing.T) {
	field := func(name string, values ...string) sla.FieldMatch { return sla.FieldMatch{Name: name, Values: values} }
	for text, want := range map[string]sla.Match{
		"resolved":                                 {Kind: history.Resolved},
		"held[reason=customer|vendor]":             {Kind: history.Held, Fields: []sla.FieldMatch{field("reason", "customer", "vendor")}},
		"messaged[role=customer]":                  {Kind: history.Messaged, Fields: []sla.FieldMatch{field("role", "customer")}},
		"escalated[level=management,unit=network]": {Kind: history.Escalated, Fields: []sla.FieldMatch{field("level", "management"), field("unit", "network")}},
		"held[reason]":                             {Kind: history.Held, Fields: []sla.FieldMatch{field("reason")}},
		"host.triaged[角色=客服 专员]":                   {Kind: "host.triaged", Fields: []sla.FieldMatch{field("角色", "客服 专员")}},
	} {
		got, err := sla.ParseMatch(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, text, got.String())
	}
	got, err := sla.ParseMatch("  held [ reason = customer | vendor , unit ] ")
	require.NoError(t, err)
	assert.Equal(t, "held[reason=customer|vendor,unit]", got.String())
	for _, text := range []string{
		"", " ", "[reason=x]", "held[", "held]", "held[]", "held[=x]", "held[reason=]", "held[reason=a|]", "held[reason=a||b]", "held[a,,b]",
		"held[a=b=c]", "held[a[b]", "held[a]]", "held,resumed", "held|resumed", "held=x", "held[a]x", "he\xffld", "held[a=\xff]",
	} {
		got, err := sla.ParseMatch(text)
		require.ErrorIs(t, err, sla.ErrMatch, text)
		assert.Contains(t, err.Error(), strconv.Quote(text))
		assert.Zero(t, got, text)
	}
}

func TestMatches(t *testing.T) {
	e := history.Entry{Kind: history.Held, Actor: history.Actor{Role: "agent"}, Fields: history.Of("reason", "customer", "reason", "part", "unit", "")}
	for text, want := range map[string]bool{
		"held":                           true,
		"resumed":                        false,
		"held[reason]":                   true,
		"held[reason=customer]":          true,
		"held[reason=part]":              true,
		"held[reason=vendor|part]":       true,
		"held[reason=vendor]":            false,
		"held[reason=customer,unit]":     true,
		"held[reason=customer,person]":   false,
		"held[unit=network]":             false,
		"held[role=agent]":               true,
		"held[role]":                     true,
		"held[role=customer]":            false,
		"held[Reason=customer]":          false,
		"held[reason=customer,role=bot]": false,
	} {
		m, err := sla.ParseMatch(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, m.Matches(&e), text)
	}
	nobody := history.Entry{Kind: history.Held, Fields: history.Of("role", "agent")}
	m, err := sla.ParseMatch("held[role]")
	require.NoError(t, err)
	assert.False(t, m.Matches(&nobody), "role means the actor's")
	assert.False(t, new(sla.Match).Matches(&history.Entry{}), "the zero Match selects nothing")
}

func FuzzParseMatch(f *testing.F) {
	for _, s := range []string{"resolved", "held[reason=customer|vendor]", "escalated[level=management,unit]", "a[b=c|d,e]", "[", "a[b=]", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := sla.ParseMatch(text)
		if err != nil {
			require.ErrorIs(t, err, sla.ErrMatch)
			require.Zero(t, m)
			return
		}
		back, err := sla.ParseMatch(m.String())
		require.NoError(t, err)
		require.Equal(t, m, back)
		// What it says can be compiled, and an entry made of it matches.
		e := history.Entry{Kind: m.Kind}
		for _, x := range m.Fields {
			value := "any"
			if len(x.Values) > 0 {
				value = x.Values[len(x.Values)-1]
			}
			if x.Name == "role" {
				e.Actor.Role = value
			} else {
				e.Fields = append(e.Fields, history.Field{Key: x.Name, Value: value})
			}
		}
		roles := 0
		for _, x := range m.Fields {
			if x.Name == "role" {
				roles++
			}
		}
		require.True(t, roles > 1 || m.Matches(&e))
		metric := sla.Metric{Name: "m", Start: []sla.Match{m}, Stop: []sla.Match{m}}
		_, err = sla.Compile(sla.Revision{Targets: []sla.Target{{ID: "t", Metric: metric, Span: sla.Wall(1)}}})
		require.NoError(t, err)
	})
}

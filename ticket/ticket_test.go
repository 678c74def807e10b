package ticket_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/ticket"
)

var nine = time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)

func li(at time.Time) ticket.Meta {
	return ticket.Meta{At: at, Actor: history.Actor{Role: history.RoleAgent, ID: "li"}}
}

func opened(t *testing.T, r *ticket.Rules) *ticket.Ticket {
	t.Helper()
	made := loaded(t, history.History{Case: "T-1"}, r)
	require.NoError(t, made.Open(li(nine), ticket.Opening{Channel: "phone"}))
	return made
}

func TestErrorsHaveSentinels(t *testing.T) {
	rules := ticket.DefaultRules()
	rules.Demands = append(rules.Demands, ticket.Demand{Clause: "host/owner", Step: "started", Owned: true})
	for _, c := range []struct {
		name  string
		step  func(*ticket.Ticket) error
		want  error
		field string
	}{
		{"order", func(x *ticket.Ticket) error { return x.Close(li(nine), "") }, ticket.ErrOrder, ""},
		{"field", func(x *ticket.Ticket) error { return x.Hold(li(nine)) }, ticket.ErrField, "reason"},
		{"empty field", func(x *ticket.Ticket) error { return x.Hold(li(nine), "") }, ticket.ErrField, "reason"},
		{"split of nothing", func(x *ticket.Ticket) error { return x.Split(li(nine), "") }, ticket.ErrField, "part"},
		{"role", func(x *ticket.Ticket) error {
			return x.Accept(ticket.Meta{At: nine, Actor: history.Actor{Role: history.RoleCustomer, ID: "C-7"}})
		}, ticket.ErrRole, "role"},
		{"future", func(x *ticket.Ticket) error {
			m := li(nine.Add(time.Nanosecond))
			m.Now = nine
			return x.Accept(m)
		}, ticket.ErrFuture, "at"},
		{"recorded in the future", func(x *ticket.Ticket) error {
			m := li(nine)
			m.Now, m.Recorded = nine, nine.Add(time.Nanosecond)
			return x.Accept(m)
		}, ticket.ErrFuture, "recorded"},
		{"recorded early", func(x *ticket.Ticket) error {
			m := li(nine)
			m.Recorded = nine.Add(-time.Nanosecond)
			return x.Accept(m)
		}, ticket.ErrFuture, "at"},
		{"closed", func(x *ticket.Ticket) error {
			require.NoError(t, x.Cancel(li(nine), ""))
			return x.Close(li(nine), "")
		}, ticket.ErrClosed, ""},
		{"unknown", func(x *ticket.Ticket) error {
			return x.Classify(li(nine), ticket.Classification{Tier: "whenever"})
		}, ticket.ErrUnknown, "tier"},
	} {
		made := opened(t, rules)
		err := c.step(made)
		var refused *ticket.StepError
		require.ErrorAs(t, err, &refused, c.name)
		assert.ErrorIs(t, err, c.want, c.name)
		assert.Equal(t, "T-1", refused.Case, c.name)
		assert.Equal(t, c.field, refused.Field, c.name)
		assert.NotEmpty(t, refused.Step, c.name)
		assert.Contains(t, err.Error(), "T-1", c.name)
	}

	nobody := loaded(t, history.History{}, rules)
	require.NoError(t, nobody.Open(ticket.Meta{At: nine}, ticket.Opening{Channel: "web"}))
	err := nobody.Start(ticket.Meta{At: nine})
	require.ErrorIs(t, err, ticket.ErrOwner)
	assert.ErrorContains(t, err, "host/owner")
}

// What cannot be written is refused before it is anything else, and never printed.
func TestWhatCannotBeWritten(t *testing.T) {
	for _, c := range []struct {
		name string
		meta ticket.Meta
		want error
	}{
		{"no instant", ticket.Meta{}, history.ErrTime},
		{"year 10000", li(time.Date(10000, 1, 2, 0, 0, 0, 0, time.UTC)), history.ErrTime},
		{"not UTF-8", ticket.Meta{At: nine, Fields: history.Of("secret", "\xff")}, history.ErrUTF8},
		{"personal not UTF-8", ticket.Meta{At: nine, Personal: history.Of("name", "Li Lei\xff")}, history.ErrUTF8},
		{"no key", ticket.Meta{At: nine, Fields: history.Of("", "x")}, history.ErrKey},
		{"too large", ticket.Meta{At: nine, Fields: history.Of("note", strings.Repeat("x", history.MaxSize))}, history.ErrSize},
	} {
		made := opened(t, nil)
		err := made.Accept(c.meta)
		var entry *history.EntryError
		require.ErrorAs(t, err, &entry, c.name)
		assert.ErrorIs(t, err, c.want, c.name)
		assert.Equal(t, "T-1", entry.Case, c.name)
		assert.NotContains(t, err.Error(), "Li Lei")
		assert.Len(t, made.Pending(), 1, c.name)
		assert.Equal(t, ticket.Open, made.State(), c.name)
	}
	made := loaded(t, history.History{Case: "T-1", Entries: []history.Entry{{Seq: history.MaxSeq, At: nine, Kind: history.Opened}}}, nil)
	assert.ErrorIs(t, made.Accept(li(nine)), history.ErrSeq)
	assert.ErrorIs(t, opened(t, nil).Record(li(nine), "", nil), history.ErrKind)
	broken := loaded(t, history.History{Case: "\xff"}, nil)
	assert.ErrorIs(t, broken.Open(li(nine), ticket.Opening{Channel: "phone"}), history.ErrUTF8)
}

func TestMetaGivesInstants(t *testing.T) {
	made := loaded(t, history.History{}, nil)
	require.NoError(t, made.Open(ticket.Meta{Now: nine}, ticket.Opening{Channel: "phone"}))
	require.NoError(t, made.Message(ticket.Meta{At: nine.Add(time.Minute), Now: nine.Add(time.Hour)}, "a"))
	got := made.Pending()
	assert.Equal(t, nine, got[0].At)
	assert.Zero(t, got[0].Recorded)
	assert.Equal(t, nine.Add(time.Minute), got[1].At)
	assert.Equal(t, nine.Add(time.Hour), got[1].Recorded)
}

// The caller's values are not changed and not kept.
func TestCallersKeepTheirSlices(t *testing.T) {
	fields := history.Fields{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}
	personal := history.Of("name", "Li Lei")
	room := make([]history.Entry, 1, 8)
	room[0] = history.Entry{Seq: 1, At: nine, Kind: history.Opened, Fields: history.Of("channel", "phone")}
	made := loaded(t, history.History{Entries: room}, nil)
	m := li(nine.Add(time.Minute))
	m.Fields, m.Personal = fields, personal
	require.NoError(t, made.Accept(m))
	fields[0].Value, personal[0].Value = "changed", "changed"
	assert.Equal(t, history.Of("a", "2", "b", "1"), made.Pending()[0].Fields)
	assert.Equal(t, history.Of("name", "Li Lei"), made.Pending()[0].Personal)
	assert.Zero(t, room[:2][1], "the host's array is not written to")
	made.Pending()[0].Kind = history.Closed
	assert.Equal(t, history.Accepted, made.History().Entries[1].Kind)
	assert.NotContains(t, texts(ticket.Check(made.History(), nil), "en"), "Li Lei")
}

// Findings of the same entry and errors say nothing of what people wrote.
func TestValuesAreNotRepeated(t *testing.T) {
	h := chartertest.History(t, `
		mon 09:00 open channel=sesame kind=sesame level=sesame ~name=sesame
		mon 09:01 confirm-result answer=sesame`)
	for _, language := range []string{"en", "zh-CN"} {
		got := texts(ticket.Check(h, nil), language)
		assert.NotContains(t, got, "sesame")
		assert.NotEqual(t, "no findings\n", got)
	}
}

func TestCheckOfUnusableRules(t *testing.T) {
	bad := &ticket.Rules{Demands: []ticket.Demand{{Step: "a["}}}
	found := ticket.Check(history.History{}, bad)
	require.Len(t, found, 1)
	assert.Equal(t, ticket.CodeRules, found[0].Code)
	assert.Equal(t, -1, found[0].Index)
	assert.Contains(t, found[0].Text("en"), "a[")
	assert.Contains(t, found[0].Text("zh"), "规则")
	_, err := ticket.Load(history.History{}, bad)
	assert.ErrorIs(t, err, ticket.ErrRules)
}

// An entry of a hundred thousand fields costs what they are, not their square.
func TestManyFields(t *testing.T) {
	e := history.Entry{Seq: 1, At: nine, Kind: history.Opened}
	for _, key := range []string{history.KeyTags, history.KeyPerson, "part", "reason"} {
		for i := range 25_000 {
			e.Fields = append(e.Fields, history.Field{Key: key, Value: strconv.Itoa(i)})
		}
	}
	held := e
	held.Seq, held.Kind = 2, history.Held
	h := history.History{Entries: []history.Entry{e, held}}
	made := loaded(t, h, nil)
	reasons, _ := made.OnHold()
	assert.Len(t, reasons, 25_000)
	assert.Len(t, made.Tags(), 25_000)
	assert.Equal(t, "0", made.Attribute(history.KeyTags))
	assert.Len(t, ticket.Check(h, nil), 1)
}

// A tag that is there already is no news; a host's text in a finding stays on one line.
func TestSmallThings(t *testing.T) {
	made := opened(t, nil)
	require.NoError(t, made.Tag(li(nine), "a", "", "a"))
	require.NoError(t, made.Tag(li(nine), "a"))
	assert.Len(t, made.Pending(), 2)
	assert.Equal(t, []string{"a"}, made.Tags())
	f := ticket.Finding{Code: ticket.CodeField, Step: "a\nb", Wants: []string{strings.Repeat("x", 1000)}}
	assert.NotContains(t, f.String(), "\n")
	assert.Less(t, len(f.String()), 400)
}

func TestRulesComeBackFromJSON(t *testing.T) {
	text, err := json.Marshal(ticket.DefaultRules())
	require.NoError(t, err)
	back, err := ticket.ParseRules(text)
	require.NoError(t, err)
	assert.Equal(t, ticket.DefaultRules(), back)
	assert.NoError(t, new(ticket.Rules).Validate())
}

// Every state and code says something in both languages.
func TestTexts(t *testing.T) {
	for _, s := range []ticket.State{
		ticket.New, ticket.Open, ticket.Accepted, ticket.Handling, ticket.Resolved, ticket.Closed, ticket.Archived, ticket.Merged, ticket.Cancelled,
	} {
		assert.NotEmpty(t, s.Text("en"))
		assert.NotEqual(t, s.Text("en"), s.Text("zh"))
		for _, c := range ticket.Codes() {
			f := ticket.Finding{Code: c, Step: history.Resolved, State: s, Field: "x", Wants: []string{"accepted[role=agent]"}}
			assert.NotEqual(t, f.Text("en"), f.Text("zh-Hans"), c)
			assert.Contains(t, f.Text("zh"), "解决")
			assert.Contains(t, f.Text("en"), "resolved")
		}
	}
}

package complaint_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
)

var nine = time.Date(2025, 3, 3, 1, 0, 0, 0, time.UTC)

func at(d time.Duration, role, id string) complaint.Meta {
	return complaint.Meta{At: nine.Add(d), Actor: history.Actor{Role: role, ID: id}}
}

func TestARefusedStepRecordsNothing(t *testing.T) {
	c, err := complaint.Load(history.History{Case: "C-1"}, ruleset(t, "telecom"))
	require.NoError(t, err)
	require.NoError(t, c.Open(at(0, "agent", "17"), complaint.Intake{Channel: "app", FirstAgent: "17"}))
	before := fmt.Sprint(snapshot(c))
	now := at(time.Minute, "agent", "17")
	for _, refused := range []struct {
		err           error
		wants         error
		step          history.Kind
		field, clause string
	}{
		{c.Register(now, complaint.Registration{Content: "c"}), complaint.ErrField, history.Registered, "customer", "telecom/6.2-registration-fields"},
		{c.Resolve(now, "r", "s"), complaint.ErrOrder, history.Resolved, "", "telecom/6.2-workflow"},
		{c.Classify(now, complaint.Classification{Class: "x", Severity: "grave", Source: "customer"}), complaint.ErrUnknown, history.Classified, "severity", "telecom/6.1-severity-classes"},
		{c.Record(now, "acme.triaged", nil), complaint.ErrUnknown, "acme.triaged", "", ""},
		{c.Record(now, history.NoticeRecorded, nil), complaint.ErrUnknown, history.NoticeRecorded, "", ""},
		{c.Record(now, "", nil), history.ErrKind, "", "kind", ""},
		{c.Record(now, history.Messaged, history.Of("", "x")), history.ErrKey, history.Messaged, "fields", ""},
		{c.Record(now, history.Messaged, history.Of("text", "\xff")), history.ErrUTF8, history.Messaged, "fields.text", ""},
		{c.Record(now, history.Messaged, history.Of("text", strings.Repeat("x", history.MaxSize))), history.ErrSize, history.Messaged, "", ""},
		{c.Accept(complaint.Meta{}), complaint.ErrField, history.Accepted, "at", ""},
		{c.Hold(complaint.Meta{At: nine.Add(time.Hour), Now: nine}, "r"), complaint.ErrFuture, history.Held, "at", ""},
		{c.Hold(complaint.Meta{At: nine, Recorded: nine.Add(2), Now: nine.Add(1)}, "r"), complaint.ErrFuture, history.Held, "recorded", ""},
		{c.Hold(complaint.Meta{At: nine.Add(2), Recorded: nine.Add(1)}, "r"), complaint.ErrFuture, history.Held, "at", ""},
		{c.Open(now, complaint.Intake{FirstAgent: "17"}), complaint.ErrOrder, history.Opened, "", ""},
		{c.TellProgress(now, "s", time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)), complaint.ErrUnknown, history.ProgressTold, "due", ""},
		{c.ConfirmResult(now, "", ""), complaint.ErrOrder, history.ResultConfirmed, "", ""},
	} {
		var step *complaint.StepError
		require.ErrorAs(t, refused.err, &step)
		require.ErrorIs(t, refused.err, refused.wants, "%v", refused.err)
		assert.Equal(t, refused.step, step.Step)
		if refused.wants != history.ErrKey {
			assert.Equal(t, refused.field, step.Field, "%v", refused.err)
		}
		assert.Equal(t, refused.clause, step.Clause, "%v", refused.err)
		assert.Equal(t, "C-1", step.Case)
		assert.Less(t, len(step.Error()), 400)
		assert.Contains(t, step.Error(), "complaint C-1")
	}
	assert.Equal(t, before, fmt.Sprint(snapshot(c)))
	assert.Len(t, c.Pending(), 1)
}

func TestRolesAreTold(t *testing.T) {
	c, err := complaint.Load(history.History{Case: "C-1"}, ruleset(t, "standard"))
	require.NoError(t, err)
	err = c.Open(at(0, "agent", "17"), complaint.Intake{Channel: "phone", Level: "management"})
	require.ErrorIs(t, err, complaint.ErrRole)
	assert.EqualError(t, err, "complaint C-1: opened: actor: without the role for it, wants department head or executive in charge or management [standard/7.1-three-tiers]")
	require.NoError(t, c.Open(at(0, "management", "2"), complaint.Intake{Channel: "phone", Level: "management"}))
	assert.Equal(t, "management", c.Level())
}

func TestTheZeroComplaint(t *testing.T) {
	var c complaint.Complaint
	assert.Equal(t, complaint.New, c.State())
	assert.Empty(t, c.Owner()+c.Level()+c.Severity()+c.Answer()+c.Grade()+c.Unit()+c.Case())
	assert.True(t, c.Provisional())
	assert.Empty(t, c.Pending())
	assert.Empty(t, c.Changes())
	assert.Empty(t, c.Attributes())
	assert.Empty(t, c.Solution())
	assert.ErrorIs(t, c.Accept(at(0, "agent", "17")), complaint.ErrOrder)
	require.NoError(t, c.Open(at(0, "agent", "17"), complaint.Intake{Channel: "phone"}))
	assert.Equal(t, complaint.Open, c.State())
	assert.Equal(t, "agent", c.Level())
}

func TestLoadRefusesWhatCannotBeGoneOnWith(t *testing.T) {
	open := history.Entry{Seq: 1, At: nine, Kind: history.Opened}
	for _, c := range []struct {
		entries []history.Entry
		rules   *complaint.Rules
		wants   error
	}{
		{[]history.Entry{open, open}, nil, history.ErrSeq},
		{[]history.Entry{{Seq: 1, Kind: history.Opened}}, nil, history.ErrTime},
		{[]history.Entry{{Seq: 1, At: nine}}, nil, history.ErrKind},
		{[]history.Entry{{Seq: history.MaxSeq + 1, At: nine, Kind: history.Opened}}, nil, history.ErrSeq},
		{nil, &complaint.Rules{Demands: []complaint.Demand{{}}}, complaint.ErrRules},
		{nil, &complaint.Rules{Flows: []complaint.Flow{{Clause: "x", Steps: [][]history.Kind{{history.Opened}}}}}, complaint.ErrRules},
		{nil, &complaint.Rules{Flows: []complaint.Flow{{Steps: [][]history.Kind{{history.Opened}, {}}}}}, complaint.ErrRules},
		{nil, &complaint.Rules{Levels: []complaint.Level{{Name: "a"}, {Name: "a"}}}, complaint.ErrRules},
		{nil, &complaint.Rules{Attributes: []complaint.Attribute{{Name: "a"}}}, complaint.ErrRules},
		{nil, &complaint.Rules{Lenient: []complaint.Code{"any"}}, complaint.ErrRules},
	} {
		loaded, err := complaint.Load(history.History{Case: "C-1", Entries: c.entries}, c.rules)
		require.ErrorIs(t, err, c.wants)
		assert.Nil(t, loaded)
		assert.Contains(t, err.Error(), "C-1")
	}
	last := history.Entry{Seq: history.MaxSeq, At: nine, Kind: history.Opened}
	c, err := complaint.Load(history.History{Entries: []history.Entry{last}}, nil)
	require.NoError(t, err)
	assert.ErrorIs(t, c.Acknowledge(at(1, "", ""), ""), history.ErrSeq, "there is no number left")
}

func TestEntriesAreNumberedOn(t *testing.T) {
	c, err := complaint.Load(history.History{Entries: []history.Entry{{At: nine, Kind: history.Opened}, {At: nine, Kind: history.Messaged}}}, nil)
	require.NoError(t, err)
	require.NoError(t, c.Acknowledge(at(time.Minute, "agent", "17"), "phone"))
	assert.Equal(t, uint64(3), c.Pending()[0].Seq)
	assert.Len(t, c.History().Entries, 3)
}

// A disputed result leaves the agent's word in the history, and the case in hand.
func TestResolvedAndAcceptedAreTwoFacts(t *testing.T) {
	h := chartertest.History(t, strings.Join(strings.Split(whole, "\n")[:14], "\n"))
	c, err := complaint.Load(h, nil)
	require.NoError(t, err)
	require.Equal(t, complaint.Resolved, c.State())
	require.Empty(t, c.Answer())
	require.NoError(t, c.ConfirmResult(complaint.Meta{At: nine.Add(30 * time.Hour)}, complaint.AnswerDisputed, "still no signal"))
	assert.Equal(t, complaint.Open, c.State())
	assert.Equal(t, complaint.AnswerDisputed, c.Answer())
	assert.False(t, c.Done(history.Resolved))
	assert.False(t, c.Done(history.Planned), "the measures are to be reassessed")
	assert.True(t, c.Done(history.Investigated))
	assert.ErrorIs(t, c.Resolve(complaint.Meta{At: nine.Add(31 * time.Hour)}, "again", ""), complaint.ErrOrder)
}

// No rule reads what is personal, and no error repeats it or a value.
func TestPersonalDataIsNeitherReadNorPrinted(t *testing.T) {
	c, err := complaint.Load(history.History{Case: "C-1"}, nil)
	require.NoError(t, err)
	m := at(0, "agent", "17")
	m.Personal = history.Of("channel", "secret", "customer", "secret")
	err = c.Open(m, complaint.Intake{})
	require.ErrorIs(t, err, complaint.ErrField, "a personal field is no channel")
	assert.NotContains(t, err.Error(), "secret")
	m.Fields = history.Of("channel", "secret")
	err = c.Open(m, complaint.Intake{})
	require.ErrorIs(t, err, complaint.ErrUnknown)
	assert.NotContains(t, err.Error(), "secret")
	m.Fields = history.Of("channel", "phone")
	require.NoError(t, c.Open(m, complaint.Intake{}))
	assert.Equal(t, m.Personal, c.Pending()[0].Personal)
}

func TestRulesInJSON(t *testing.T) {
	for _, name := range rulesets {
		r := ruleset(t, name)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := complaint.ParseRules(text)
		require.NoError(t, err)
		assert.Equal(t, r, again, name)
	}
	for _, bad := range []string{"", "[]", `{"demands":[{}]}`, `{"flows":3}`, `{"demand":[]}`, `{} {}`, `{"lenient":["any"]}`} {
		_, err := complaint.ParseRules([]byte(bad))
		assert.ErrorIs(t, err, complaint.ErrRules, bad)
	}
}

func TestNowIsWhenNothingElseIsSaid(t *testing.T) {
	c, err := complaint.Load(history.History{Case: "C-1"}, nil)
	require.NoError(t, err)
	require.NoError(t, c.Open(complaint.Meta{Now: nine}, complaint.Intake{Channel: "phone"}))
	require.NoError(t, c.Acknowledge(complaint.Meta{At: nine.Add(1), Now: nine.Add(time.Hour)}, "phone"))
	assert.Equal(t, nine, c.Pending()[0].At)
	assert.Equal(t, nine.Add(time.Hour), c.Pending()[1].RecordedAt(), "what is entered late says so")
}

func TestCasesOfAnotherLifecycleAreRefused(t *testing.T) {
	c, err := complaint.Load(history.History{Case: "C-1"}, nil)
	require.NoError(t, err)
	err = c.Record(at(0, "agent", "17"), history.Opened, history.Of("kind", "ticket", "channel", "phone"))
	require.ErrorIs(t, err, complaint.ErrUnknown)
	assert.Contains(t, err.Error(), "kind")
}

// The host's rules may add steps, which are held to flows only.
func TestStepsOfTheHost(t *testing.T) {
	r := &complaint.Rules{
		Steps: []history.Kind{"acme.triaged"},
		Flows: []complaint.Flow{{Clause: "acme/1", Steps: [][]history.Kind{{history.Registered}, {"acme.triaged"}}}},
	}
	c, err := complaint.Load(history.History{Case: "C-1"}, r)
	require.NoError(t, err)
	require.NoError(t, c.Open(at(0, "", ""), complaint.Intake{}))
	require.ErrorIs(t, c.Record(at(1, "", ""), "acme.triaged", nil), complaint.ErrOrder)
	require.NoError(t, c.Register(at(1, "", ""), complaint.Registration{}))
	require.NoError(t, c.Record(at(2, "", ""), "acme.triaged", nil))
}

func TestEveryCodeHasASentinelAndWords(t *testing.T) {
	for _, code := range complaint.Codes() {
		f := complaint.Finding{Code: code, Seq: 3, Step: history.Closed, Field: "due", Wants: []string{"resolved"}, Clause: "acme/1"}
		assert.Contains(t, f.Text("en"), "closed")
		assert.Contains(t, f.Text("zh"), "关闭")
		assert.NotContains(t, f.Text("zh-Hans"), "entry")
		f.Wants, f.Field = nil, ""
		assert.NotContains(t, f.String(), string(code), "no words for %s", code)
	}
	assert.NotErrorIs(t, complaint.ErrOrder, complaint.ErrClosed)
	assert.True(t, errors.Is(&complaint.StepError{Err: complaint.ErrClosed}, complaint.ErrClosed))
}

// An entry may hold as many fields as fit; reading them must not cost their square.
func TestHugeEntriesAreReadInOneGo(t *testing.T) {
	var fields history.Fields
	for i := range 60_000 {
		fields = append(fields, history.Field{Key: fmt.Sprintf("k%05d", i), Value: "v"})
	}
	c, err := complaint.Load(history.History{Case: "C-1"}, &complaint.Rules{})
	require.NoError(t, err)
	require.NoError(t, c.Record(at(0, "agent", "17"), history.Opened, fields))
	require.NoError(t, c.Record(at(1, "agent", "17"), history.Classified, fields))
	assert.Len(t, c.Attributes(), 60_000)
	assert.Len(t, c.Changes(), 60_000)
}

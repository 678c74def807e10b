package charter_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

const simple = `{"id": "a", "version": "1", "title": {"en": "A"}, "attributes": {"tier": {"values": [{"id": "urgent"}]}}, "clauses": [
	{"id": "a/1", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "x"},
	 "rule": {"metric": "resolution", "within": "4h", "warnings": [{"at": "50%"}]}}]}`

// The JSON of a judgement is a form for other programs: names in snake case,
// no zero instants, texts in both languages.
func TestJudgementAsJSON(t *testing.T) {
	h := parse(t, simple)
	j, err := h.Judge(entries(
		entry(at(2, 8, 0), history.Opened, "tier", "P1"), entry(at(2, 9, 0), history.Held), entry(at(2, 9, 30), "phoned"),
	), at(2, 13, 0))
	require.NoError(t, err)
	text, err := json.Marshal(j)
	require.NoError(t, err)
	assert.JSONEq(t, `{
	  "case": "c", "at": "2026-03-02T13:00:00Z",
	  "clocks": [{
	    "clause": "a/1", "metric": "resolution", "revision": "a 1", "cycle": 1, "state": "breached", "open": true,
	    "start": "2026-03-02T08:00:00Z", "due": "2026-03-02T12:00:00Z", "breached_at": "2026-03-02T12:00:00.000000001Z",
	    "limit": "4h", "elapsed_ns": 18000000000000, "remaining_ns": -3600000000000,
	    "marks": [{"name": "50%", "at": "2026-03-02T10:00:00Z", "reached": true}]
	  }],
	  "findings": [
	    {"code": "unmapped-value", "attribute": "tier", "value": "P1", "seq": 1, "text": {
	      "en": "the value P1 of tier is not declared in the handbook; no clause speaks of it",
	      "zh": "属性tier的取值P1未在手册中声明，没有条款涉及"}},
	    {"code": "no-pause", "value": "held", "seq": 2, "text": {
	      "en": "the case was on hold (held), and nothing in the handbook pauses; every clock ran on",
	      "zh": "案件曾挂起（held），但手册未设定任何暂停，各项时限照常计时"}}
	  ],
	  "faults": [
	    {"code": "unknown-kind", "index": 2, "seq": 3, "kind": "phoned", "at": "2026-03-02T09:30:00Z", "text": {
	      "en": "`+j.Faults[0].Text("en")+`", "zh": "`+j.Faults[0].Text("zh")+`"}}
	  ]
	}`, string(text))

	text, err = json.Marshal(charter.Judgement{At: at(2, 8, 0)})
	require.NoError(t, err)
	assert.JSONEq(t, `{"at": "2026-03-02T08:00:00Z", "clocks": []}`, string(text))
}

// Without Until a window ends with the judgement; its ends cannot be swapped.
func TestNoticesOfAWindow(t *testing.T) {
	j, err := parse(t, simple).Judge(entries(entry(at(2, 8, 0), history.Opened)), at(2, 13, 0))
	require.NoError(t, err)
	kinds := func(w sla.Window) (out []string) {
		for _, n := range j.Notices(w) {
			out = append(out, n.Kind.String())
		}
		return out
	}
	assert.Equal(t, []string{"warning", "breach"}, kinds(sla.Window{}))
	assert.Equal(t, []string{"breach"}, kinds(sla.Window{After: at(2, 10, 0)}))
	assert.Equal(t, []string{"warning"}, kinds(sla.Window{Until: at(2, 11, 0)}))
	assert.Equal(t, []string{"breach"}, kinds(sla.Window{Cutover: at(2, 11, 0)}))
	assert.Empty(t, charter.Judgement{}.Notices(sla.Window{}))
}

// An entry that the host knows of in advance is no part of the clocks, but of Next.
func TestEntriesAfterNowCountForNextOnly(t *testing.T) {
	h := parse(t, simple)
	c := entries(entry(at(2, 8, 0), history.Opened), entry(at(2, 9, 0), history.Resolved))
	j, err := h.Judge(c, at(2, 8, 30))
	require.NoError(t, err)
	assert.Equal(t, sla.Running, j.Clocks[0].State)
	assert.Equal(t, at(2, 9, 0), j.Next)
	_, err = h.Judge(c, time.Time{})
	require.ErrorIs(t, err, sla.ErrInstant)
	assert.Contains(t, err.Error(), `"c"`)
}

// A hold that nothing pauses on is told until something does.
func TestNoPauseIsFoundUntilSomethingPauses(t *testing.T) {
	h := parse(t, simple)
	c := entries(entry(at(2, 8, 0), history.Opened), entry(at(2, 9, 0), history.Held, "reason", "vendor"))
	codes := func(h *charter.Handbook, now time.Time) (out []charter.Code) {
		j, err := h.Judge(c, now)
		require.NoError(t, err)
		for _, f := range j.Findings {
			out = append(out, f.Code)
		}
		return out
	}
	assert.Empty(t, codes(h, at(2, 8, 30)), "not on hold yet")
	assert.Equal(t, []charter.Code{charter.CodeNoPause}, codes(h, at(2, 9, 30)))
	paused, err := h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "r", Effective: day(2026, 1, 1),
		Changes: []charter.Change{{Edit: charter.SetPauses{Metric: charter.Every, On: sla.On(history.Held)}}},
	})
	require.NoError(t, err)
	assert.Empty(t, codes(paused, at(2, 9, 30)))
}

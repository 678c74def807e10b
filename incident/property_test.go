package incident_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

var start = time.Date(2025, time.March, 3, 1, 0, 0, 0, time.UTC)

// values that random fields have, for the keys that rules speak of.
var values = map[string][]string{
	history.KeyClass:       {"outage", "fault", "security", "complaint", "network", "earthquake"},
	history.KeySeverity:    {"ordinary", "serious", "major", "extreme", "etiquette:1", "huge"},
	history.KeyChannel:     {"phone", "app", "pigeon"},
	history.KeySource:      {"customer", "internal"},
	history.KeyRole:        {"agent", "department head", "management", "incident lead"},
	history.KeyOccurred:    {"2025-03-03T00:00:00Z", "2025-03-03T01:30:00.000000001Z", "soon"},
	history.KeyReason:      {"vendor", ""},
	incident.KeyLead:       {"7", "9"},
	incident.KeyPlan:       {"EP-1"},
	incident.KeyResponse:   {"highest", "ordinary"},
	incident.KeyTeam:       {"network", "billing"},
	incident.KeyAudience:   {"customers", "departments"},
	incident.KeyState:      {"in_use", "released", "searching"},
	incident.KeyTo:         {"management"},
	incident.KeyForm:       {"report", "analysis", "summary"},
	incident.KeyMode:       {"on_site", "remote"},
	incident.KeyMeasures:   {"restart", "data recovery"},
	incident.KeyResource:   {"GEN-3", "VAN-1"},
	incident.KeyUser:       {"4"},
	incident.KeyCause:      {"fuse"},
	incident.KeyResult:     {"repaired"},
	incident.KeySteps:      {"searched"},
	incident.KeyStep:       {"do", "verified"},
	incident.KeyImpact:     {"two cities"},
	incident.KeyDowntime:   {"45m0s", "-1h0m0s", "long"},
	incident.KeySolved:     {"yes", "no"},
	incident.KeyInto:       {"I-2"},
	incident.KeyStore:      {"files"},
	incident.KeyOwner:      {"4"},
	"unit":                 {"operations"},
	"person":               {"4", "5"},
	"content":              {"down"},
	"improvements":         {"spare fuses"},
	"data_lost_from":       {"2025-03-02T20:00:00Z", "9999-12-31T23:59:59Z"},
	"kind":                 {"incident", "ticket"},
	"acme.key | [x=y] 中\"": {"", "a|b"},
}

var keys = func() []string {
	var all []string
	for k := range values {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}()

// most lists the fields that let a step pass more often than not, so that random cases get far.
var most = map[history.Kind][]string{
	history.Detected: {"class"}, history.Declared: {"plan", "lead"}, history.Classified: {"severity"}, history.Escalated: {"role"},
	history.Dispatched: {"unit"}, history.Kept: {"resource", "user", "state"}, history.Notified: {"audience"}, history.Reported: {"to"},
	history.Started: {"measures"}, history.Held: {"reason"}, history.Investigated: {"cause"}, history.Resolved: {"result"},
	history.Reviewed: {"cause", "improvements"}, history.Reopened: {"reason"}, history.Cancelled: {"reason"}, history.Merged: {"into"},
}

func randomFields(t *rapid.T, kind history.Kind) history.Fields {
	var fields history.Fields
	wanted := most[kind]
	if rapid.IntRange(0, 3).Draw(t, "more") == 0 {
		wanted = slices.Concat(wanted, rapid.SliceOfN(rapid.SampledFrom(keys), 0, 4).Draw(t, "keys"))
	}
	for _, k := range wanted {
		fields = append(fields, history.Field{Key: k, Value: rapid.SampledFrom(values[k]).Draw(t, k)})
	}
	return fields.Canonical()
}

// course is a likely order of kinds; random cases follow it with jumps.
var course = []history.Kind{
	history.Detected, history.Responded, history.Declared, history.Reported, history.Classified, history.Notified, history.Dispatched, history.Kept,
	history.Started, history.ProgressTold, history.Held, history.Resumed, history.Escalated, history.Investigated, history.Restored, history.Resolved,
	history.ResultTold, history.Reviewed, history.Planned, history.Improved, history.Closed, history.FollowedUp, history.Reopened, history.Started,
	history.Resolved, history.Reviewed, history.Closed, history.Archived, history.Merged, history.Cancelled, history.Opened, "acme.alarm",
}

// Whatever commands write comes back from its canonical bytes as the same case, and Check finds nothing in it. A refused command has changed nothing.
func TestWhatCommandsWriteIsKeptAndInOrder(t *testing.T) {
	sets := []*incident.Rules{incident.DefaultRules(), {}}
	for _, name := range []string{"standard", "etiquette", "norms", "enterprise", "telecom"} {
		r, _ := demanded(t, name)
		sets = append(sets, r)
	}
	taken, over := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(sets).Draw(t, "rules")
		i, err := incident.Load(history.History{Case: "I-1"}, r)
		require.NoError(t, err)
		now := start
		at := 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3600e9).Draw(t, "passes")))
			if rapid.IntRange(0, 4).Draw(t, "jump") == 0 {
				at = rapid.IntRange(0, len(course)-1).Draw(t, "to")
			}
			kind := course[at%len(course)]
			at++
			m := incident.Meta{Now: now, Actor: history.Actor{ID: "1", Role: rapid.SampledFrom(values["role"]).Draw(t, "actor")}}
			if rapid.IntRange(0, 5).Draw(t, "late") == 0 {
				m.At = now.Add(-time.Duration(rapid.IntRange(-3600e9, 7200e9).Draw(t, "before")))
			}
			if rapid.IntRange(0, 7).Draw(t, "personal") == 0 {
				m.Personal = history.Of("place", "at home")
			}
			fields := randomFields(t, kind)
			before, seen := i.History(), i.Findings()
			if err := command(i, m, kind, fields); err != nil {
				var step *incident.StepError
				require.ErrorAs(t, err, &step)
				require.Equal(t, "I-1", step.Case)
				require.Equal(t, before, i.History())
				require.Equal(t, seen, i.Findings())
				continue
			}
			taken++
		}
		require.Empty(t, i.Findings())
		if i.State() == incident.Closed || i.State() == incident.Archived {
			over++
		}
		var kept history.History
		kept.Case = i.Case()
		for _, e := range i.Pending() {
			b, err := e.AppendCanonical(nil)
			require.NoError(t, err)
			again, err := history.Decode(b)
			require.NoError(t, err)
			kept.Entries = append(kept.Entries, again)
		}
		require.Equal(t, i.History(), kept)
		require.Empty(t, incident.Check(kept, r))
		loaded, err := incident.Load(history.History{Case: kept.Case, Entries: reversed(kept.Entries)}, r)
		require.NoError(t, err)
		require.Equal(t, whole(i), whole(loaded))
		require.Empty(t, loaded.Pending())
	})
	if !testing.Short() { // which draws too few to be sure
		require.Greater(t, taken, 300, "the random cases got somewhere")
		require.Positive(t, over, "some of them to the end")
	}
}

func whole(i *incident.Incident) string {
	return fmt.Sprint(view(i), i.Recovery(), i.Record(), i.Gradings(), i.Resources(), i.Findings(), slices.Collect(i.Timeline()), i.History())
}

func reversed(entries []history.Entry) []history.Entry {
	all := slices.Clone(entries)
	slices.Reverse(all)
	return all
}

// Histories that nobody checked: Check and Load say something or nothing, and never panic; a command after Load is judged by what it adds.
func TestForeignHistories(t *testing.T) {
	kinds := slices.Concat(course, history.Kinds(), []history.Kind{"", "x|y", "detected[class=outage]"})
	rapid.Check(t, func(t *rapid.T) {
		h := history.History{Case: "I-1"}
		for n := range rapid.IntRange(0, 20).Draw(t, "entries") {
			e := history.Entry{
				Seq: rapid.SampledFrom([]uint64{uint64(n) + 1, uint64(n) + 1, uint64(n) + 1, 0, 3, history.MaxSeq}).Draw(t, "seq"),
				At:  start.Add(time.Duration(rapid.IntRange(-5, 50).Draw(t, "at")) * time.Minute), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
			}
			if rapid.IntRange(0, 9).Draw(t, "no instant") == 0 {
				e.At = time.Time{}
			}
			for range rapid.IntRange(0, 4).Draw(t, "fields") {
				k := rapid.SampledFrom(keys).Draw(t, "key")
				e.Fields = append(e.Fields, history.Field{Key: k, Value: rapid.SampledFrom(values[k]).Draw(t, "value")})
			}
			h.Entries = append(h.Entries, e)
		}
		given := slices.Clone(h.Entries)
		found := incident.Check(h, nil)
		require.Equal(t, given, h.Entries)
		for _, f := range found {
			require.Equal(t, h.Entries[f.Index].Kind, f.Step)
			require.NotEmpty(t, f.Text("en"))
			require.NotEmpty(t, f.Text("zh"))
		}
		i, err := incident.Load(h, nil)
		if err != nil {
			return
		}
		require.Len(t, i.Findings(), len(found))
		whole(i)
		if i.Add(incident.Meta{At: start.Add(time.Hour)}, history.Messaged, nil) == nil {
			require.Len(t, i.Findings(), len(found), "the step brought nothing that was not there")
		}
	})
}

package records_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
)

var closed = records.Start{Kind: history.Closed}

func schedule(t require.TestingT, rules ...records.Rule) *records.Schedule {
	s, err := records.NewSchedule(time.UTC, rules...)
	require.NoError(t, err)
	return s
}

// caseOf is a ticket that was opened and closed on a day at noon, UTC.
func caseOf(t require.TestingT, day string, fields ...string) records.Record {
	at := instant(t, day+"T12:00:00Z")
	return records.Record{ID: "T-1", Class: "ticket", History: history.History{Entries: []history.Entry{
		{Seq: 1, At: at, Kind: history.Opened, Fields: history.Of(fields...)},
		{Seq: 2, At: at, Kind: history.Closed},
	}}}
}

// TestRollOverDoesNotRestartAge: what happens to a closed record (moved to another store, closed again, read, told) leaves its age alone (elasticsearch#85651).
func TestRollOverDoesNotRestartAge(t *testing.T) {
	s := schedule(t,
		records.Rule{Clause: "a", From: closed, AtLeast: records.Years(3)},
		records.Rule{Clause: "b", From: records.Start{Kind: records.Recorded}, AtLeast: records.Years(2)},
		records.Rule{Clause: "c", From: records.Start{Kind: history.Archived}, AtLeast: records.Years(1)})
	r := caseOf(t, "2020-05-01")
	r.History.Entries = append(r.History.Entries, history.Entry{Seq: 3, At: instant(t, "2020-05-02T00:00:00Z"), Kind: history.Archived})
	now := instant(t, "2022-12-31T00:00:00Z")
	before := s.Decide(r, nil, now)
	require.Equal(t, "2023-05-02T00:00:00Z", before.Until.Format(time.RFC3339))
	for i, k := range []history.Kind{history.Archived, history.Closed, history.Accessed, history.NoticeDelivered, history.Surveyed} {
		r.History.Entries = append(r.History.Entries, history.Entry{Seq: uint64(4 + i), At: now.AddDate(0, -1, i), Kind: k})
	}
	assert.Equal(t, before, s.Decide(r, nil, now))
}

// TestReopeningLeavesTheBeginning: reopening takes back that a case was closed, not that it was detected, opened, or reopened first.
func TestReopeningLeavesTheBeginning(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2020, 1, day, 0, 0, 0, 0, time.UTC) }
	h := history.History{Entries: []history.Entry{
		{Seq: 1, At: at(1), Kind: history.Detected},
		{Seq: 2, At: at(2), Kind: history.Opened},
		{Seq: 3, At: at(3), Kind: history.Closed},
		{Seq: 4, At: at(4), Kind: history.Reopened},
		{Seq: 5, At: at(5), Kind: history.Closed},
		{Seq: 6, At: at(6), Kind: history.Reopened},
	}}
	for kind, day := range map[history.Kind]int{history.Detected: 1, history.Opened: 2, history.Reopened: 4, history.Closed: 0} {
		d := schedule(t, records.Rule{Clause: "a", From: records.Start{Kind: kind}, AtMost: records.Period{Days: 1}}).Decide(records.Record{History: h}, nil, at(30))
		if day == 0 {
			assert.Equal(t, records.ReasonNotStarted, d.Reasons[0].Code, kind)
			continue
		}
		assert.Equal(t, at(day), d.Reasons[0].From, kind)
		assert.Equal(t, records.Dispose, d.Action, kind)
	}
}

// TestHoldProtectsWhatAnyRuleWouldDelete: a rule of the life cycle never goes before a lock (noobaa-core#9868).
func TestHoldProtectsWhatAnyRuleWouldDelete(t *testing.T) {
	s := schedule(t, records.Rule{Clause: "a", From: closed, AtMost: records.Period{Days: 1}})
	r, now := caseOf(t, "2020-05-01"), instant(t, "2030-01-01T00:00:00Z")
	require.Equal(t, records.Dispose, s.Decide(r, nil, now).Action)
	placed := now.Add(-time.Hour)
	for name, h := range map[string]records.Hold{
		"by id":                      {Name: "h", Placed: placed, Records: []string{"T-1"}},
		"by class":                   {Name: "h", Placed: placed, Classes: []string{"ticket"}},
		"everything":                 {Name: "h", Placed: placed, Everything: true},
		"by an attribute it lacks":   {Name: "h", Placed: placed, When: sla.Condition{sla.Is("tier", "urgent")}},
		"placed this instant":        {Name: "h", Placed: now, Everything: true},
		"released in a nanosecond":   {Name: "h", Placed: placed, Released: now.Add(1), Everything: true},
		"nameless":                   {Placed: placed, Everything: true},
		"never placed":               {Name: "h", Records: []string{"other"}},
		"released before placed":     {Name: "h", Placed: placed, Released: placed.Add(-1), Records: []string{"other"}},
		"of nothing":                 {Name: "h", Placed: placed},
		"of no value":                {Name: "h", Placed: placed, When: sla.Condition{sla.Is("tier")}},
		"of no attribute":            {Name: "h", Placed: placed, When: sla.Condition{sla.Is("", "urgent")}},
		"of no id":                   {Name: "h", Placed: placed, Records: []string{""}},
		"of no id, among others":     {Name: "h", Placed: placed, Records: []string{"other", ""}},
		"of no class":                {Name: "h", Placed: placed, Classes: []string{""}},
		"of what is two things":      {Name: "h", Placed: placed, When: sla.Condition{sla.Is("kind", "a"), sla.Is("kind", "b")}},
		"of what is and is not":      {Name: "h", Placed: placed, When: sla.Condition{sla.Is("kind", "a"), sla.IsNot("kind", "a", "b")}},
		"of nothing, though release": {Name: "h", Placed: placed, Released: placed.Add(1)},
	} {
		assert.Equal(t, records.Keep, s.Decide(r, []records.Hold{h}, now).Action, name)
	}
	kind := caseOf(t, "2020-05-01", "kind", "ticket")
	for name, when := range map[string]sla.Condition{
		"no value":       {sla.Is("tier"), sla.Is("kind", "parcel")},
		"two things":     {sla.Is("kind", "parcel"), sla.Is("kind", "letter")},
		"is and is not":  {sla.Is("kind", "parcel"), sla.IsNot("kind", "parcel")},
		"no value of it": {sla.Is("kind", "")},
	} {
		h := records.Hold{Name: "h", Placed: placed, When: when}
		require.ErrorIs(t, h.Check(), records.ErrHold, name)
		d := s.Decide(kind, []records.Hold{h}, now)
		assert.Equal(t, records.Keep, d.Action, name)
		assert.Equal(t, []records.Finding{{Code: records.CodeBadHold, Value: "h"}}, d.Findings, name)
	}
	require.NoError(t, records.Hold{Name: "h", Placed: placed, When: sla.Condition{sla.Is("kind", "a", "b"), sla.IsNot("kind", "a")}}.Check())
	for name, h := range map[string]records.Hold{
		"of another":       {Name: "h", Placed: placed, Records: []string{"T-2"}},
		"not yet placed":   {Name: "h", Placed: now.Add(1), Everything: true},
		"released":         {Name: "h", Placed: placed, Released: now, Everything: true},
		"of another class": {Name: "h", Placed: placed, Classes: []string{"complaint"}},
	} {
		assert.Equal(t, records.Dispose, s.Decide(r, []records.Hold{h}, now).Action, name)
	}
}

// TestFloorThatIsOverFreesWhatACeilingKept: under a ceiling alone nobody has said that the record may go before; the floor of another clause says until when it
// is needed. Then a person may let it go early. Nothing goes by itself before the ceiling, and the ceiling stays what it was.
func TestFloorThatIsOverFreesWhatACeilingKept(t *testing.T) {
	ceiling := records.Rule{Clause: "ceiling", From: closed, AtMost: records.Years(5)}
	floor := records.Rule{Clause: "floor", From: closed, AtLeast: records.Years(1)}
	alone, both := schedule(t, ceiling), schedule(t, ceiling, floor)
	r := caseOf(t, "2020-05-01")
	agreed := r
	agreed.Reviews = []records.Review{{By: "zhao", At: instant(t, "2022-01-01T00:00:00Z"), Agree: true}}
	for _, c := range []struct {
		now                 string
		alone, both, agreed records.Action
	}{
		{"2021-05-01T12:00:00Z", records.Keep, records.Keep, records.Keep},
		{"2021-05-02T00:00:00Z", records.Keep, records.DueForReview, records.DueForReview},
		{"2022-01-01T00:00:00Z", records.Keep, records.DueForReview, records.Dispose},
		{"2025-05-02T00:00:00Z", records.Dispose, records.Dispose, records.Dispose},
	} {
		now := instant(t, c.now)
		assert.Equal(t, c.alone, alone.Decide(r, nil, now).Action, c.now)
		assert.Equal(t, c.alone, alone.Decide(agreed, nil, now).Action, "%s: nobody has freed it, so nobody can let it go", c.now)
		assert.Equal(t, c.both, both.Decide(r, nil, now).Action, c.now)
		assert.Equal(t, c.agreed, both.Decide(agreed, nil, now).Action, c.now)
	}
	before := instant(t, "2022-01-01T00:00:00Z")
	assert.Equal(t, "2025-05-02T00:00:00Z", alone.Decide(r, nil, before).Until.Format(time.RFC3339))
	assert.Equal(t, "2025-05-02T00:00:00Z", both.Decide(r, nil, before).Until.Format(time.RFC3339))
}

// TestUnclearIsKept: no input disposes of a record silently.
func TestUnclearIsKept(t *testing.T) {
	short := schedule(t, records.Rule{Clause: "a", Classes: []string{"ticket"}, From: closed, AtMost: records.Period{Days: 1}})
	now := instant(t, "2030-01-01T00:00:00Z")
	r := caseOf(t, "2020-05-01")
	unclosed, unknown := r, r
	unclosed.History.Entries = r.History.Entries[:1]
	unknown.Class = "parcel"
	later := caseOf(t, "2031-01-01")
	for name, d := range map[string]records.Decision{
		"no schedule":    (*records.Schedule)(nil).Decide(r, nil, now),
		"no rules":       schedule(t).Decide(r, nil, now),
		"no instant":     short.Decide(r, nil, time.Time{}),
		"no record":      short.Decide(records.Record{}, nil, now),
		"no entries":     short.Decide(records.Record{ID: "T-1", Class: "ticket"}, nil, now),
		"not closed":     short.Decide(unclosed, nil, now),
		"unknown class":  short.Decide(unknown, nil, now),
		"in the future":  short.Decide(later, nil, now),
		"clock set back": short.Decide(r, nil, instant(t, "2020-01-01T00:00:00Z")),
	} {
		assert.Equal(t, records.Keep, d.Action, name)
		assert.NotEmpty(t, d.Reasons, name)
		assert.True(t, d.Due.IsZero(), name)
	}
	assert.Equal(t, records.Dispose, short.Decide(r, nil, now).Action)
	for _, r := range []records.Rule{{Clause: "a", AtLeast: records.Years(1)}, {Clause: "a", AtMost: records.Years(1)}} {
		d := schedule(t, r).Decide(caseOf(t, "2020-05-01"), nil, now)
		assert.Equal(t, records.Keep, d.Action, "a text that does not say from when")
		assert.Equal(t, []records.Finding{{Code: records.CodeNoStart, Clauses: []string{"a"}}}, d.Findings)
	}
}

// TestYearsZeroIsNoLimit: zero retention cannot be said; nothing goes because of it.
func TestYearsZeroIsNoLimit(t *testing.T) {
	s := schedule(t, records.Rule{Clause: "a", From: closed, AtLeast: records.Years(3), AtMost: records.Years(0)})
	d := s.Decide(caseOf(t, "2020-05-01"), nil, instant(t, "2900-01-01T00:00:00Z"))
	assert.Equal(t, records.DueForReview, d.Action)
	assert.True(t, d.Until.IsZero(), "no ceiling")
	_, err := records.NewSchedule(time.UTC, records.Rule{Clause: "a", From: closed, AtMost: records.Years(0)})
	require.ErrorIs(t, err, records.ErrRule)
	_, err = records.ParsePeriod("0 years")
	require.ErrorIs(t, err, records.ErrPeriod)
}

// TestNoSchedule: without rules there is nothing to find, and everything is kept.
func TestNoSchedule(t *testing.T) {
	for _, s := range []*records.Schedule{nil, {}} {
		assert.Empty(t, s.Lint())
		assert.Empty(t, s.Rules())
		assert.Equal(t, time.UTC, s.Zone())
		assert.Equal(t, records.Keep, s.Decide(caseOf(t, "2020-05-01"), nil, instant(t, "2030-01-01T00:00:00Z")).Action)
	}
}

// TestHoldJSON: a hold with a misspelt member would hold less than was meant.
func TestHoldJSON(t *testing.T) {
	const text = `{"name":"suit","reason":"a lawsuit","records":["T-9"],"classes":["ticket"],"when":{"tier":"urgent"},"everything":true,` +
		`"placed":"2025-03-03T09:00:00Z","placed_by":"zhao","released":"2025-04-03T09:00:00Z","released_by":"qian"}`
	var h records.Hold
	require.NoError(t, json.Unmarshal([]byte(text), &h))
	out, err := json.Marshal(h)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(out))
	for _, bad := range []string{`{"records":["T-9"],"clases":["ticket"]}`, `{"when":{"tier":[]}}`, `{"placed":"soon"}`, `[]`} {
		was := h
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &h), records.ErrHold, bad)
		assert.Equal(t, was, h, "left as it was")
	}
}

// TestStartBeforeTheRecordIsConfirmed: the mistyped end of a contract does not dispose of a record that is a day old; an old contract that was filed late goes when somebody
// agrees.
func TestStartBeforeTheRecordIsConfirmed(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	expires := records.Start{Kind: history.Placed, Field: "expires"}
	s, err := records.NewSchedule(shanghai,
		records.Rule{Clause: "a", From: expires, AtMost: records.Years(5)}, records.Rule{Clause: "b", From: expires, AtLeast: records.Years(1)})
	require.NoError(t, err)
	now := instant(t, "2031-01-01T00:00:00Z")
	decide := func(text string, reviews ...records.Review) records.Decision {
		at := instant(t, "2025-03-03T01:00:00Z")
		return s.Decide(records.Record{ID: "K", Reviews: reviews, History: history.History{Entries: []history.Entry{
			{Seq: 1, At: at, Kind: history.Opened},
			{Seq: 2, At: at.Add(time.Hour), Kind: history.Placed, Fields: history.Of("expires", text)},
		}}}, nil, now)
	}
	d := decide("1970-01-01T00:00:00Z")
	assert.Equal(t, records.DueForReview, d.Action)
	assert.Equal(t, 1, d.Missing)
	assert.Equal(t, []records.Finding{
		{Code: records.CodeEarlyStart, Clauses: []string{"a"}, Value: "1970-01-01T00:00:00Z"},
		{Code: records.CodeEarlyStart, Clauses: []string{"b"}, Value: "1970-01-01T00:00:00Z"},
	}, d.Findings)
	assert.NotContains(t, d.Text("zh"), "early-start")
	assert.Equal(t, records.Dispose, decide("1970-01-01T00:00:00Z", records.Review{By: "zhao", At: now, Agree: true}).Action)
	// Days count, and those of the zone: what begins on the day of the first entry is not early.
	assert.Equal(t, records.Dispose, decide("2025-03-02T16:00:00Z").Action)
	assert.Equal(t, records.DueForReview, decide("2025-03-02T15:59:59Z").Action)
}

// TestLateFactsAreNotKnownEarlier: an entry counts from when it was recorded, so that a decision can be repeated.
func TestLateFactsAreNotKnownEarlier(t *testing.T) {
	s := schedule(t, records.Rule{Clause: "a", From: closed, AtMost: records.Years(1)})
	r := caseOf(t, "2020-05-01")
	r.History.Entries[1].Recorded = instant(t, "2022-01-01T00:00:00Z")
	assert.Equal(t, records.Keep, s.Decide(r, nil, instant(t, "2021-12-31T00:00:00Z")).Action)
	assert.Equal(t, records.Dispose, s.Decide(r, nil, instant(t, "2022-01-01T00:00:00Z")).Action)
}

// TestSamePersonTwiceIsOne: four eyes are two persons, however often one of them speaks.
func TestSamePersonTwiceIsOne(t *testing.T) {
	s := schedule(t, records.Rule{Clause: "a", From: closed, AtMost: records.Years(1), Review: true})
	r, now := caseOf(t, "2020-05-01"), instant(t, "2030-01-01T00:00:00Z")
	r.Reviews = []records.Review{{By: "anna", At: now.AddDate(0, 0, -2), Agree: true}, {By: "anna", At: now.AddDate(0, 0, -1), Agree: true}, {At: now, Agree: true}}
	d := s.Decide(r, nil, now)
	assert.Equal(t, records.DueForReview, d.Action)
	assert.Equal(t, 1, d.Missing)
	r.Reviews = append(r.Reviews, records.Review{By: "bo", At: now, Agree: true})
	assert.Equal(t, records.Dispose, s.Decide(r, nil, now).Action)
	// Of two words of one instant the objection counts, whichever stands first.
	yes, no := records.Review{By: "bo", At: now, Agree: true}, records.Review{By: "bo", At: now}
	for _, words := range [][]records.Review{{yes, no}, {no, yes}} {
		r.Reviews = append(r.Reviews[:3:3], words...)
		assert.Equal(t, records.DueForReview, s.Decide(r, nil, now).Action, words)
	}
}

func TestRuleJSON(t *testing.T) {
	const text = `{"clause":"a","classes":["ticket"],"when":{"tier":"urgent"},"from":"placed.expires","at_least":"3 years","at_most":"1000 days",` +
		`"review":true,"basis":{"en":"law","zh":"法律"}}`
	var r records.Rule
	require.NoError(t, json.Unmarshal([]byte(text), &r))
	out, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(out))
	_, err = records.NewSchedule(time.UTC, r)
	require.ErrorIs(t, err, records.ErrRule)
	assert.ErrorContains(t, err, "less than")
	for _, bad := range []string{`{"from":""}`, `{"from":"."}`, `{"from":"closed."}`, `{"from":"a b"}`, `{"at_least":"0 days"}`, `{"at_least":3}`, `{"atleast":"3 years"}`} {
		assert.Error(t, json.Unmarshal([]byte(bad), &r), bad)
	}
	_, err = records.NewSchedule(nil, records.Rule{Clause: "x", From: closed, AtLeast: records.Years(1)}, records.Rule{Clause: "x", Classes: []string{""}})
	require.ErrorIs(t, err, records.ErrZone)
	for _, want := range []string{"has a rule already", "no period", "class without a name"} {
		assert.ErrorContains(t, err, want)
	}
	_, err = records.NewSchedule(time.UTC, records.Rule{Clause: "y", From: closed, When: sla.Condition{{}}, AtLeast: records.Period{Days: -1}})
	require.ErrorIs(t, err, sla.ErrCondition)
	require.ErrorIs(t, err, records.ErrPeriod)
}

// drawn is a schedule, a record and holds in the small.
type drawn struct {
	rules []records.Rule
	r     records.Record
	holds []records.Hold
	now   time.Time
}

var day0 = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func draw(t *rapid.T) drawn {
	day := func(name string, most int) time.Time {
		return day0.AddDate(0, 0, rapid.IntRange(0, most).Draw(t, name))
	}
	period := func(name string) records.Period { return records.Period{Days: rapid.IntRange(0, 30).Draw(t, name)} }
	x := drawn{now: day("now", 60), r: records.Record{ID: "T-1", Class: rapid.SampledFrom([]string{"ticket", "complaint"}).Draw(t, "class")}}
	x.r.History.Entries = []history.Entry{{Seq: 1, At: day0, Kind: history.Opened, Fields: rapid.SampledFrom([]history.Fields{
		nil, history.Of("tier", "urgent"), history.Of("tier", "routine"),
	}).Draw(t, "fields")}}
	if rapid.Bool().Draw(t, "closed") {
		x.r.History.Entries = append(x.r.History.Entries, history.Entry{Seq: 2, At: day("closing", 10), Kind: history.Closed})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "rules") {
		r := records.Rule{
			Clause: string(rune('a' + i)), AtLeast: period("least"), AtMost: period("most"), Review: rapid.Bool().Draw(t, "review"),
			From:    rapid.SampledFrom([]records.Start{closed, {Kind: history.Opened}}).Draw(t, "from"),
			Classes: rapid.SampledFrom([][]string{nil, {"ticket"}}).Draw(t, "classes"),
			When:    rapid.SampledFrom([]sla.Condition{nil, {sla.Is("tier", "urgent")}, {sla.IsNot("tier", "urgent")}}).Draw(t, "when"),
		}
		if _, err := records.NewSchedule(time.UTC, r); err == nil {
			x.rules = append(x.rules, r)
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "holds") {
		h := records.Hold{Name: string(rune('h' + i)), Placed: day("placed", 60), Everything: true}
		if rapid.Bool().Draw(t, "released") {
			h.Released = h.Placed.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "held"))
		}
		x.holds = append(x.holds, h)
	}
	for range rapid.IntRange(0, 3).Draw(t, "reviews") {
		spoken := x.now // so that two words of one instant are no rarity
		if rapid.Bool().Draw(t, "earlier") {
			spoken = day("review", 60)
		}
		x.r.Reviews = append(x.r.Reviews, records.Review{By: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "by"), At: spoken, Agree: rapid.Bool().Draw(t, "agree")})
	}
	return x
}

// decideSlowly is what [records.Schedule.Decide] should say, rule by rule in plain words and whole days.
func decideSlowly(x drawn) (records.Action, int) {
	tier, hasTier := x.r.History.Entries[0].Fields.Get("tier")
	start := func(k history.Kind) (time.Time, bool) {
		for _, e := range x.r.History.Entries {
			if e.Kind == k && !e.At.After(x.now) {
				return e.At, true
			}
		}
		return time.Time{}, false
	}
	for _, h := range x.holds {
		if !x.now.Before(h.Placed) && (h.Released.IsZero() || x.now.Before(h.Released)) {
			return records.Keep, 0
		}
	}
	applied, floors, over, twoPersons := 0, 0, false, false
	due := time.Time{}
	var ceilings []time.Time
	for _, r := range x.rules {
		if len(r.Classes) > 0 && r.Classes[0] != x.r.Class {
			continue
		}
		perhaps := false
		if len(r.When) > 0 {
			switch {
			case r.When[0].Not && hasTier && tier == "urgent", !r.When[0].Not && hasTier && tier != "urgent":
				continue
			case !r.When[0].Not && !hasTier:
				perhaps = true
			}
		}
		applied++
		twoPersons = twoPersons || r.Review
		from, begun := start(r.From.Kind)
		after := func(p records.Period) time.Time { return from.AddDate(0, 0, p.Days+1).Truncate(24 * time.Hour) }
		if !r.AtLeast.IsZero() {
			floors++
			if !begun || x.now.Before(after(r.AtLeast)) {
				return records.Keep, 0
			}
			if end := after(r.AtLeast); end.After(due) {
				due = end
			}
		}
		if !r.AtMost.IsZero() && !perhaps && begun {
			ceilings = append(ceilings, after(r.AtMost))
		}
	}
	if applied == 0 {
		return records.Keep, 0
	}
	for _, c := range ceilings {
		over = over || !x.now.Before(c)
	}
	if !over && floors == 0 {
		return records.Keep, 0
	}
	if over {
		first := slices.MinFunc(ceilings, time.Time.Compare)
		if first.After(due) {
			due = first
		}
	}
	need := 0
	if !over {
		need = 1
	}
	if twoPersons {
		need = 2
	}
	for _, h := range x.holds {
		if !h.Released.IsZero() && !h.Released.After(x.now) && h.Released.After(due) {
			due = h.Released
		}
	}
	objected := false
	for _, who := range []string{"a", "b"} {
		spoke, agree, at := false, false, time.Time{}
		for _, v := range x.r.Reviews {
			if v.By != who || v.At.Before(due) || v.At.After(x.now) || spoke && v.At.Before(at) {
				continue
			}
			agree = v.Agree && (!spoke || v.At.After(at) || agree)
			spoke, at = true, v.At
		}
		if spoke && agree {
			need--
		}
		objected = objected || spoke && !agree
	}
	if need = max(need, 0); need > 0 || objected {
		return records.DueForReview, need
	}
	return records.Dispose, 0
}

func TestDecideAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := draw(t)
		d := schedule(t, x.rules...).Decide(x.r, x.holds, x.now)
		action, missing := decideSlowly(x)
		require.Equal(t, action, d.Action, d)
		require.Equal(t, missing, d.Missing, d)
	})
}

// TestDecideLaws: the order of what is given does not matter; another floor, where one keeps the record, or hold never brings disposal nearer; Until is when the answer changes; texts name
// every clause.
func TestDecideLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := draw(t)
		d := schedule(t, x.rules...).Decide(x.r, x.holds, x.now)
		shuffled := x.r
		shuffled.History.Entries = rapid.Permutation(x.r.History.Entries).Draw(t, "entries")
		shuffled.Reviews = rapid.Permutation(x.r.Reviews).Draw(t, "spoken")
		same := schedule(t, rapid.Permutation(x.rules).Draw(t, "order")...).Decide(shuffled, rapid.Permutation(x.holds).Draw(t, "sets"), x.now)
		require.Equal(t, d.Action, same.Action)
		require.True(t, d.Until.Equal(same.Until) && d.Due.Equal(same.Due))
		require.ElementsMatch(t, d.Reasons, same.Reasons)

		floored := schedule(t, append(slices.Clone(x.rules), records.Rule{Clause: "more", From: closed, AtLeast: records.Period{Days: 5}})...)
		// What only a ceiling speaks of is kept until then; a floor that is over already would say that it may go before.
		if d.Action == records.Keep && slices.ContainsFunc(d.Reasons, func(r records.Reason) bool { return r.Code == records.ReasonFloor }) {
			require.Equal(t, records.Keep, floored.Decide(x.r, x.holds, x.now).Action)
		}
		held := append(slices.Clone(x.holds), records.Hold{Name: "more", Placed: x.now, Everything: true})
		require.Equal(t, records.Keep, schedule(t, x.rules...).Decide(x.r, held, x.now).Action)

		if d.Action == records.Keep && !d.Until.IsZero() {
			require.True(t, d.Until.After(x.now))
			x.r.History.Entries = slices.DeleteFunc(x.r.History.Entries, func(e history.Entry) bool { return e.At.After(x.now) })
			before := schedule(t, x.rules...).Decide(x.r, nil, d.Until.Add(-1))
			require.Equal(t, records.Keep, before.Action)
			require.NotEqual(t, records.Keep, schedule(t, x.rules...).Decide(x.r, nil, d.Until).Action)
		}
		for _, language := range []string{"en", "zh-Hans"} {
			for _, clause := range d.Clauses() {
				require.Contains(t, d.Text(language), clause)
			}
			require.NotContains(t, d.Text(language), "%!")
		}
	})
}

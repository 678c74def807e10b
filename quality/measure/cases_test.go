package measure_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// taken counts one record at the end of the week.
func taken(t require.TestingT, of measure.Of, facts string, now time.Time) *measure.Tally {
	tally := measure.NewTally(standard(), measure.Grouping{})
	require.NoError(t, tally.Take(&measure.Record{Of: of, History: parse(facts), Now: now, From: monday, To: sunday}))
	return tally
}

// says is what a tally says about a share of one record: hit, miss, pending, excluded or nothing.
func says(tally *measure.Tally, id string) string {
	row, ok := tally.Total(id)
	switch {
	case !ok:
		return "nothing"
	case row.Pending > 0:
		return "pending"
	case row.Excluded > 0:
		return "excluded"
	}
	if p, isShare := row.Statistic.(quality.Proportion); isShare && p.Trials() == 1 {
		return map[uint64]string{0: "miss", 1: "hit"}[p.Hits()]
	}
	return row.Statistic.(fmt.Stringer).String()
}

func TestEdgesOfDefinitions(t *testing.T) {
	for _, c := range []struct{ measure, facts, want string }{
		// "Resolved" means that the complainant accepts, not that the agent closes.
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, mon 11:00 confirm-result answer=disputed", "pending"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, mon 11:00 confirm-result answer=accepted", "hit"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, mon 11:00 reopen, tue 10:00 close", "miss"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, mon 11:00 reopen, tue 10:00 resolve", "hit"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, tue 10:00 follow-up solved=no", "miss"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, tue 10:00 follow-up solved=perhaps", "hit"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 resolve, tue 10:00 follow-up solved=no, wed 10:00 follow-up solved=yes", "miss"}, // it did not stand
		{"resolution-rate", "mon 09:00 open, mon 10:00 merge", "excluded"},
		{"resolution-rate", "mon 09:00 open, mon 10:00 cancel, mon 11:00 reopen", "pending"},
		{"resolution-rate", "mon 09:00 detect, mon 10:00 restore", "hit"},
		{"resolution-rate", "mon 10:00 resolve", "nothing"},
		{"resolution-rate", "", "nothing"},
		{"first-contact-resolution", "mon 09:00 open, mon 09:05 dispatch person=17, mon 10:00 resolve", "hit"},
		{"first-contact-resolution", "mon 09:00 open, mon 09:05 dispatch person=17, mon 09:30 dispatch person=21, mon 10:00 resolve", "miss"},
		{"first-contact-resolution", "mon 09:00 open, mon 09:30 message by=customer, mon 10:00 resolve", "miss"},
		{"first-contact-resolution", "mon 09:00 open, mon 09:30 message by=agent, mon 10:00 resolve", "hit"},
		{"first-contact-resolution", "mon 09:00 open, mon 10:00 close", "miss"},
		{"first-contact-resolution", "mon 09:00 open, mon 10:00 resolve, mon 12:00 confirm-result answer=disputed", "miss"},
		{"first-contact-resolution", "mon 09:00 open, mon 10:00 resolve, tue 10:00:00.000000001 reopen", "hit"}, // a day has passed
		{"first-contact-resolution", "mon 09:00 open, mon 10:00 resolve, tue 10:00 reopen", "miss"},
		{"first-contact-resolution", "mon 09:00 open", "pending"},
		{"first-contact-resolution", "sun 10:00 open, sun 11:00 resolve, sun 12:00 reopen", "miss"}, // decided before it settles
		{"reopen-rate", "mon 09:00 open, mon 10:00 resolve, wed 10:00 reopen", "miss"},              // after it settled
		{"reopen-rate", "sun 09:00 open, sun 10:00 resolve, sun 11:00 reopen", "hit"},
		{"reopen-rate", "mon 09:00 open, mon 10:00 reopen, mon 11:00 resolve", "miss"}, // nothing had ended
		{"complaint-rate", "mon 09:00 open kind=ticket, mon 10:00 classify kind=complaint", "hit"},
		{"complaint-rate", "mon 09:00 open", "excluded"},
		{"complaint-rate", "mon 09:00 open kind=complaint, mon 10:00 merge", "excluded"},
		{"complaint-rate", "mon 09:00 open kind=complaint, mon 10:00 cancel", "hit"},
		{"survey-participation", "sun 09:00 open, sun 10:00 resolve", "pending"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, wed 10:00 survey score=5", "miss"}, // too late
		{"survey-participation", "mon 09:00 open, mon 09:30 survey score=5, mon 10:00 resolve", "hit"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey comment=no", "miss"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=99", "excluded"}, // who knows what was answered
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=good", "excluded"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=8 scale=1-10", "excluded"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey dimension=atitude score=5", "excluded"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=99, mon 12:00 survey dimension=recommendation score=9", "hit"},
		{"survey-participation", "mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=99, wed 10:00 survey score=5", "excluded"}, // too late
		{"survey-participation", "sun 09:00 open, sun 10:00 resolve, sun 11:00 survey score=99", "pending"},
		{"promise-kept", "mon 09:00 open due=2025-03-20T00:00:00Z", "pending"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z", "miss"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z, mon 12:00 plan due=2025-03-06T00:00:00Z, wed 09:00 resolve", "hit"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z, wed 09:00 resolve, thu 09:00 plan due=2025-03-06T00:00:00Z", "miss"}, // promised afterwards
		{"promise-kept", "mon 09:00 open due=tomorrow, wed 09:00 resolve", "nothing"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z, mon 10:00 cancel", "excluded"},
		{"assignment-accuracy", "mon 09:00 open, mon 10:00 resolve", "nothing"},
		{"assignment-accuracy", "mon 09:00 open, mon 09:10 dispatch person=17, mon 10:00 close", "miss"},
		{"assignment-accuracy", "mon 09:00 open, mon 09:10 dispatch person=17", "pending"},
		{"classification-accuracy", "mon 09:00 open, mon 10:00 resolve", "nothing"},
		{"classification-accuracy", "mon 09:00 open, mon 09:10 classify tier=routine, mon 09:40 classify tier=urgent, mon 10:00 resolve", "hit"}, // things changed, nobody erred
		{"record-completeness", "mon 09:00 open, mon 10:00 resolve result=done, mon 11:00 follow-up solved=yes", "miss"},
		{"record-completeness", "mon 09:00 open", "pending"},
		{"follow-up-rate", "sun 09:00 open, sun 10:00 resolve", "pending"},
		{"security-incident-share", "mon 09:00 detect", "excluded"},
		{"security-incident-share", "mon 09:00 open class=security", "nothing"},
		{"accuracy", "mon 09:00 open, tue 10:00 review correct=sort-of", "nothing"},
		{"channel-share/phone", "mon 09:00 detect channel=phone", "nothing"},
	} {
		assert.Equal(t, c.want, says(taken(t, measure.Cases, c.facts, sunday), c.measure), "%s: %s", c.measure, c.facts)
	}
}

// What happens after Now is not known yet.
func TestNowIsWhatIsKnown(t *testing.T) {
	facts := "mon 09:00 open, tue 10:00 resolve"
	for now, want := range map[string]string{"mon": "pending", "sun": "hit"} {
		at := monday.Add(12 * time.Hour)
		if now == "sun" {
			at = sunday
		}
		assert.Equal(t, want, says(taken(t, measure.Cases, facts, at), "resolution-rate"))
	}
}

// Facts are sliced as the case stood at their instant: a case that is dispatched later was another's before.
func TestSlicesAreThoseOfTheInstant(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{Tier: true, Channel: true, Group: true, Agent: true, Period: measure.Day, Zone: shanghai})
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, Now: sunday, History: parse(`
		mon 09:00 open tier=routine channel=chat
		mon 09:20 reply by=agent/9
		tue 09:00 dispatch unit=network person=17
		tue 10:00 classify tier=urgent
		wed 09:00 resolve by=agent/21
	`)}))
	for id, want := range map[string]string{
		"mean-first-response": "2025-03-03 tier=routine channel=chat agent=9",
		"mean-resolution":     "2025-03-05 tier=urgent channel=chat group=network agent=17",
		"channel-share/chat":  "2025-03-03 tier=routine channel=chat",
	} {
		for row := range tally.Rows() {
			if row.Measure == id {
				assert.Equal(t, want, fmt.Sprint(row.Period, " ", row.Slice), id)
			}
		}
	}
}

// What the data get wrong is counted nowhere and found.
func TestFindings(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for i, facts := range []string{
		"mon 09:00 open, mon 10:00 survey score=6, mon 10:00 survey score=4.5, mon 10:00 survey score=good",
		"mon 09:00 open, mon 10:00 survey score=8 scale=1-10, mon 11:00 survey score=5 scale=1-5, mon 12:00 survey score=1e1",
		"mon 11:00 open, mon 10:00 reply",
		"mon 09:00 open due=soon, mon 10:00 review correct=quite",
	} {
		h := parse(facts)
		h.Case = fmt.Sprint("T-", i)
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: sunday}))
	}
	var got []string
	for _, f := range tally.Findings() {
		got = append(got, f.String())
	}
	assert.Equal(t, strings.Split(strings.TrimSpace(`
negative: 2; mean-first-response, case T-2, entry 2: quality: negative duration: -1h0m0s; mean-waiting, case T-2, entry 2: quality: negative duration: -1h0m0s
no-rating: 4; satisfaction, case T-0, entry 4: score "good"; satisfaction-score, case T-0, entry 4: score "good"; satisfaction, case T-1, entry 4: score "1e1"
off-scale: 4; satisfaction, case T-0, entry 2: quality: score off the scale: 6 on the scale 1-5; satisfaction-score, case T-0, entry 2: quality: score off the scale: 6 on the scale 1-5; satisfaction, case T-0, entry 3: quality: score off the scale: 4.5 on the scale 1-5
other-scale: 2; satisfaction, case T-1, entry 2: asked on "1-10", not on 1-5; satisfaction-score, case T-1, entry 2: asked on "1-10", not on 1-5
unreadable: 2; promise-kept, case T-3, entry 1: due "soon"; accuracy, case T-3, entry 2: correct "quite"
`), "\n"), got)
	row, ok := tally.Total("satisfaction")
	require.True(t, ok)
	assert.Equal(t, uint64(1), row.Statistic.Count())

	twice := measure.NewTally(standard(), measure.Grouping{})
	require.NoError(t, twice.Merge(tally))
	require.NoError(t, twice.Merge(tally))
	assert.Equal(t, uint64(8), twice.Findings()[2].Count)
	assert.Len(t, twice.Findings()[2].Examples, 3)
	back, err := measure.ReadTally(standard(), nil, []byte(state(t, twice)))
	require.NoError(t, err)
	assert.Equal(t, twice.Findings(), back.Findings())
}

// Every question on 0 to 10 became a net promoter score (posthog#19500): here only the one that asks for a recommendation does.
func TestNotEveryQuestionIsANetPromoterScore(t *testing.T) {
	for facts, want := range map[string]uint64{
		"mon 09:00 open, mon 10:00 survey score=9 scale=0-10":                                  0,
		"mon 09:00 open, mon 10:00 survey dimension=attitude score=9 scale=0-10":               0,
		"mon 09:00 open, mon 10:00 survey dimension=recommendation score=9 scale=0-10":         1,
		"mon 09:00 open, mon 10:00 survey dimension=recommendation score=9":                    1,
		"mon 09:00 open, mon 10:00 survey dimension=recommendation score=5 scale=1-5":          0,
		"mon 09:00 open, mon 10:00 survey dimension=recommendation comment=\"no score given\"": 0,
	} {
		row, _ := taken(t, measure.Cases, facts, sunday).Total("nps")
		if want == 0 {
			assert.Nil(t, row.Statistic, facts)
			continue
		}
		assert.Equal(t, want, row.Statistic.Count(), facts)
	}
}

// What others say of a case counts for the agent who acted on it last.
func TestSlicesByAgent(t *testing.T) {
	for _, c := range []struct {
		facts string
		host  string
		want  map[string]string
	}{
		{
			"mon 09:00 open kind=ticket, mon 09:10 reply by=agent/17, mon 10:00 resolve by=agent/17, mon 11:00 survey score=5 by=customer, mon 12:00 review correct=yes by=supervisor/9", "",
			map[string]string{"mean-first-response": "17", "resolution-rate": "17", "satisfaction": "17", "accuracy": "17"},
		},
		{
			"mon 09:00 open kind=ticket, mon 10:00 resolve by=agent/17, mon 11:00 reopen by=customer, mon 11:30 survey score=1 by=customer, mon 12:00 resolve by=agent/21, mon 13:00 review correct=yes by=supervisor/9", "",
			map[string]string{"satisfaction": "17", "resolution-rate": "21", "accuracy": "21"},
		},
		{
			"mon 09:00 open kind=ticket person=33, mon 10:00 resolve by=agent/17, mon 11:00 survey score=5 by=customer", "",
			map[string]string{"resolution-rate": "33", "satisfaction": "33"},
		},
		{
			"mon 09:00 open kind=ticket, mon 10:00 resolve by=agent/17, mon 11:00 survey score=5 by=customer", "desk",
			map[string]string{"resolution-rate": "desk", "satisfaction": "desk"},
		},
		{
			"mon 09:00 open kind=ticket, mon 10:00 resolve by=agent/17, mon 10:30 close by=agent, mon 11:00 survey score=5 by=customer", "",
			map[string]string{"satisfaction": "17"},
		},
	} {
		tally := measure.NewTally(standard(), measure.Grouping{Agent: true})
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: parse(c.facts), Now: sunday, Slice: measure.Slice{Agent: c.host}}))
		for id, agent := range c.want {
			row, ok := tally.Get(id, "", measure.Slice{Agent: agent})
			assert.True(t, ok && row.Statistic.Count() == 1, "%s: %s is not with %s", c.facts, id, agent)
		}
	}
}

func TestPeopleServicesAndProblems(t *testing.T) {
	early := monday.AddDate(0, 0, 1)
	for _, c := range []struct {
		of             measure.Of
		measure, facts string
		now            time.Time
		want           string
	}{
		{measure.People, "training-coverage", "", early, "pending"},
		{measure.People, "training-coverage", "mon 09:00 train hours=1", early, "hit"},
		{measure.People, "training-coverage", "2025-03-02 09:00 train hours=1", sunday, "miss"},  // before the window
		{measure.People, "training-coverage", "mon+1 00:00 train hours=1", sunday, "miss"},       // the next window
		{measure.People, "training-reached/20", "mon 09:00 train hours=20", early, "hit"},        // nothing can undo it
		{measure.People, "training-reached/20", "mon 09:00 train hours=19.99", early, "pending"}, // there are days left
		{measure.People, "training-reached/20", "mon 09:00 train hours=19.99", sunday, "miss"},   //
		{measure.People, "training-reached/20", "mon 09:00 train hours=-30", sunday, "excluded"}, // a finding
		{measure.People, "training-reached/20", "mon 09:00 train hours=99999999", sunday, "excluded"},
		{measure.People, "training-reached/20", "mon 09:00 train hours=x, tue 09:00 train hours=19", sunday, "excluded"},
		{measure.People, "training-reached/20", "mon 09:00 train hours=x, tue 09:00 train hours=20", sunday, "hit"}, // whatever x is
		{measure.People, "training-reached/20", "mon 09:00 train hours=x", early, "pending"},
		{measure.People, "training-reached/20", "2025-03-02 09:00 train hours=x", sunday, "miss"}, // not of this window
		{measure.People, "training-hours", "mon 09:00 train hours=x, tue 09:00 train hours=20", sunday, "excluded"},
		{measure.People, "training-hours", "mon 09:00 train hours=-30", sunday, "excluded"},
		{measure.People, "training-hours", "mon 09:00 train hours=-30", early, "pending"},
		{measure.People, "training-coverage", "mon 09:00 train hours=x", sunday, "hit"},              // trained, however long
		{measure.People, "dress-nonconformity", "mon 09:00 inspect topic=dress", sunday, "excluded"}, //
		{measure.People, "dress-nonconformity", "mon 09:00 inspect topic=dress finding=bad", sunday, "nothing"},
		{measure.People, "dress-nonconformity", "mon 09:00 inspect topic=conduct finding=conforming", sunday, "nothing"},
		{measure.Services, "fault-rate", "2025-03-01 09:00 detect, mon 10:00 restore", sunday, "hit"}, // still down
		{measure.Services, "fault-rate", "2025-03-01 09:00 detect, mon 00:00 restore", sunday, "miss"},
		{measure.Services, "fault-rate", "mon 10:00 restore", sunday, "miss"},
		{measure.Services, "fault-rate", "", monday, "pending"},        // the window has not begun
		{measure.Services, "fault-rate", "", monday.Add(1), "pending"}, // it has only begun
		{measure.Services, "fault-rate", "mon 10:00 detect, mon 11:00 restore", early, "hit"},
		{measure.Services, "fault-rate", "", sunday.Add(-1), "pending"},
		{measure.Services, "fault-rate", "tue 09:00 detect occurred=2025-03-03T00:00:00+08:00", sunday, "hit"},
		{measure.Problems, "rectification-rate", "mon 09:00 improve step=verified", sunday, "hit"},
		{measure.Problems, "rectification-rate", "mon 09:00 improve step=do due=2025-03-04T00:00:00Z, wed 09:00 improve step=verified", sunday, "miss"}, // too late
		{measure.Problems, "rectification-rate", "", sunday, "nothing"},
	} {
		assert.Equal(t, c.want, says(taken(t, c.of, c.facts, c.now), c.measure), "%s: %s", c.measure, c.facts)
	}
	// Two incidents of one service at a time are one outage; what began before it was noticed counts from there; the last one lasts.
	tally := taken(t, measure.Services, `
		mon 10:00 detect, mon 11:00 detect, mon 12:00 restore, mon 13:00 restore
		tue 10:00 detect occurred=2025-03-04T09:00:00+08:00, tue 11:00 restore
		sun 23:00 detect
	`, sunday)
	row, ok := tally.Total("availability")
	require.True(t, ok)
	down, _ := row.Statistic.(quality.Uptime).Down()
	assert.Equal(t, 6*time.Hour, down)
	assert.Equal(t, uint64(3), row.Statistic.Count())
	tally = taken(t, measure.Services, "mon 10:00 detect occurred=2025-03-04T09:00:00+08:00, tue 10:00 restore", sunday)
	assert.Equal(t, measure.CodeUnreadable, tally.Findings()[0].Code, "it did not occur after it was detected")
}

func TestRecordsThatCannotBeCounted(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for name, r := range map[string]measure.Record{
		"of nothing":        {Now: monday},
		"of something else": {Of: 99, Now: monday},
		"no now":            {Of: measure.Cases},
		"no window":         {Of: measure.People, Now: monday},
		"window backwards":  {Of: measure.Services, Now: monday, From: sunday, To: monday},
	} {
		r.History.Case = "T-1"
		err := tally.Take(&r)
		assert.ErrorIs(t, err, measure.ErrRecord, name)
		assert.ErrorContains(t, err, "T-1", name)
	}
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, Now: monday}), "a case without entries is no fact")
	for row := range tally.Rows() {
		assert.Fail(t, "something was counted", "%+v", row)
	}
}

// Printed channel shares of 42, 35, 18 and 8 percent sum to 103 (standard/2.1.1-channel-shares); counted ones sum to one, less the cases
// by channels that have no share, and those are found.
func TestChannelSharesSumToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := measure.NewTally(standard(), measure.Grouping{})
		channels := rapid.SliceOfN(rapid.SampledFrom(append(measure.Channels(), "fone", "Phone")), 1, 40).Draw(t, "channels")
		for _, c := range channels {
			h := history.History{Entries: []history.Entry{{Seq: 1, At: monday, Kind: history.Opened, Fields: history.Of("channel", c)}}}
			require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: sunday}))
		}
		var hits, found uint64
		for _, f := range tally.Findings() {
			assert.Equal(t, measure.CodeNoChannel, f.Code)
			found += f.Count
		}
		for _, c := range measure.Channels() {
			row, ok := tally.Total("channel-share/" + c)
			require.True(t, ok)
			p := row.Statistic.(quality.Proportion)
			assert.Equal(t, uint64(len(channels)), p.Trials())
			hits += p.Hits()
		}
		assert.Equal(t, uint64(len(channels)), hits+found)
	})
}

// Whatever a history looks like, each share counts a case at most once, and the parts add up.
func TestAnyHistoryIsCountedOnce(t *testing.T) {
	kinds := []string{"open", "detect", "resolve", "close", "reopen", "cancel", "merge", "survey score=5", "dispatch person=17", "reply", "escalate", "review correct=yes", "plan due=2025-03-05T00:00:00Z", "restore", "confirm-result answer=disputed"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "entries") {
			fmt.Fprintf(&b, "%s %02d:00 %s\n", rapid.SampledFrom([]string{"mon", "tue", "wed", "mon+1"}).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.SampledFrom(kinds).Draw(t, "kind"))
		}
		tally := taken(t, measure.Cases, b.String(), sunday)
		for row := range tally.Rows() {
			switch row.Measure {
			case "satisfaction", "satisfaction-score", "accuracy":
			default:
				assert.LessOrEqual(t, row.Statistic.Count()+row.Pending+row.Excluded, uint64(1), "%s: %s", row.Measure, b.String())
			}
		}
	})
}

func TestSettleZeroCountsAtOnce(t *testing.T) {
	five, err := quality.Whole(1, 5)
	require.NoError(t, err)
	table, err := measure.Standard(measure.Options{Scale: five, Satisfied: decimal.NewFromInt(4)})
	require.NoError(t, err)
	for facts, want := range map[string]string{
		"sun 09:00 open, sun 10:00 resolve":                   "miss",
		"mon 09:00 open, mon 10:00 resolve, sun 10:00 reopen": "hit",
	} {
		tally := measure.NewTally(table, measure.Grouping{})
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: parse(facts), Now: sunday}))
		assert.Equal(t, want, says(tally, "reopen-rate"), facts)
	}
}

// What is due at an instant is in time at it, and what settles by an instant has settled at it.
func TestEqualInstants(t *testing.T) {
	due := time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		measure, facts string
		now            time.Time
		want           string
	}{
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z", due, "pending"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z", due.Add(1), "miss"},
		{"promise-kept", "mon 09:00 open due=2025-03-04T00:00:00Z, tue 08:00 resolve", due, "hit"},
		{"reopen-rate", "mon 07:00 open, mon 08:00 resolve", due.Add(-1), "pending"}, // a day to settle
		{"reopen-rate", "mon 07:00 open, mon 08:00 resolve", due, "miss"},
	} {
		assert.Equal(t, c.want, says(taken(t, measure.Cases, c.facts, c.now), c.measure), "%s: %s at %s", c.measure, c.facts, c.now)
	}
}

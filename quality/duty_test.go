package quality_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla/calendar"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func date(text string) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func in(t require.TestingT, zone string) *calendar.Calendar {
	hours, err := calendar.ParseWeek("Mo-Fr 09:00-18:00")
	require.NoError(t, err)
	c, err := calendar.New(calendar.Spec{Zone: zone, Hours: hours, From: 2018, To: 2018})
	require.NoError(t, err)
	return c
}

func states(a quality.Account) (out []string) {
	for _, o := range a.Obligations {
		out = append(out, fmt.Sprintf("%v %v", o.First, o.State))
	}
	return out
}

func drill() quality.Duty {
	return quality.Duty{ID: "drill", Cycle: quality.Monthly(), Grace: 5, Remind: []int{10}, Ladder: []quality.DutyRung{{Days: 2, Role: "supervisor"}}}
}

// The grace is over at the first instant after its last date: evidence then is late, and a state changes with the instant itself.
func TestDutyBoundaries(t *testing.T) {
	d, unit := drill(), quality.DutySubject{ID: "north", From: at("2026-03-01T00:00:00Z")}
	for now, want := range map[string]string{
		"2026-03-01T00:00:00Z":           "2026-03-01 owed",
		"2026-03-26T23:59:59.999999999Z": "2026-03-01 owed",
		"2026-03-27T00:00:00Z":           "2026-03-01 reminded",
		"2026-04-05T23:59:59.999999999Z": "2026-03-01 reminded",
		"2026-04-06T00:00:00Z":           "2026-03-01 overdue",
		"2026-04-08T00:00:00Z":           "2026-03-01 escalated",
	} {
		a, err := d.Account(unit, nil, at(now))
		require.NoError(t, err)
		assert.Equal(t, want, states(a)[0], now)
	}
	for when, late := range map[string]bool{"2026-04-05T23:59:59.999999999Z": false, "2026-04-06T00:00:00Z": true} {
		a, err := d.Account(unit, []quality.Evidence{{ID: "e", At: at(when), For: date("2026-03-31")}}, at("2026-05-01T00:00:00Z"))
		require.NoError(t, err)
		assert.Equal(t, late, a.Obligations[0].Late, when)
		assert.Equal(t, quality.Kept, a.Obligations[0].State)
	}
}

// After the grace, what is done counts for the period in which it is done, unless it says otherwise; what is missed stays missed.
func TestDutyEvidenceCountsOnce(t *testing.T) {
	d, unit := drill(), quality.DutySubject{ID: "north", From: at("2026-03-01T00:00:00Z")}
	account := func(evidence ...quality.Evidence) quality.Account {
		a, err := d.Account(unit, evidence, at("2026-05-20T00:00:00Z"))
		require.NoError(t, err)
		return a
	}
	april3 := quality.Evidence{ID: "a", At: at("2026-04-03T00:00:00Z")}
	april4 := quality.Evidence{ID: "b", At: at("2026-04-04T00:00:00Z")}
	april9 := quality.Evidence{ID: "c", At: at("2026-04-09T00:00:00Z")}
	assert.Equal(t, []string{"2026-03-01 kept", "2026-04-01 escalated", "2026-05-01 owed"}, states(account(april3)), "in the grace of March")
	assert.Equal(t, []string{"2026-03-01 kept", "2026-04-01 kept", "2026-05-01 owed"}, states(account(april4, april3)), "March has enough")
	assert.Equal(t, []string{"2026-03-01 escalated", "2026-04-01 kept", "2026-05-01 owed"}, states(account(april9)), "after the grace")
	april9.For = date("2026-03-15")
	assert.Equal(t, []string{"2026-03-01 kept", "2026-04-01 escalated", "2026-05-01 owed"}, states(account(april9)), "made up for")
	april9.For = date("2026-05-31")
	assert.Equal(t, []string{"2026-03-01 escalated", "2026-04-01 escalated", "2026-05-01 kept"}, states(account(april9)), "done ahead")
	april9.For = date("2026-06-01")
	assert.Empty(t, account(april9).Unused, "ahead of what has not begun")
	april9.For = date("2026-02-01")
	assert.Equal(t, []string{"c"}, account(april9).Unused)
	april9.For = date("0000-05-05")
	assert.Equal(t, []string{"c"}, account(april9).Unused, "a year before cycles are counted")
	assert.Equal(t, []string{"z"}, account(quality.Evidence{ID: "z", At: at("2026-02-20T00:00:00Z")}).Unused)
	assert.Empty(t, account(quality.Evidence{ID: "z", At: at("2026-06-20T00:00:00Z")}).Obligations[2].Evidence, "not happened yet")
}

// Whoever leaves owes nothing for a period that he did not see the end of, and nobody is reminded about him.
func TestDutyOfWhoLeft(t *testing.T) {
	d, unit := drill(), quality.DutySubject{ID: "north", From: at("2026-03-01T00:00:00Z"), Until: at("2026-04-20T00:00:00Z")}
	a, err := d.Account(unit, []quality.Evidence{{ID: "e", At: at("2026-04-03T00:00:00Z")}}, at("2027-01-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, []string{"2026-03-01 kept"}, states(a))
	assert.True(t, a.Next.IsZero())
	unit.Until = at("2026-04-02T00:00:00Z")
	a, err = d.Account(unit, nil, at("2027-01-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, []string{"2026-03-01 reminded"}, states(a), "as it stood then")
	unit.Until = at("2026-04-06T00:00:00Z")
	a, err = d.Account(unit, nil, at("2026-04-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, unit.Until, a.Next, "what changes with the last instant is still seen")
	a, err = d.Account(unit, nil, at("2027-01-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, []string{"2026-03-01 overdue"}, states(a))
	a, err = d.Account(unit, nil, at("2026-02-01T00:00:00Z"))
	require.NoError(t, err)
	assert.Empty(t, a.Obligations, "a clock before the record")
	assert.Equal(t, unit.From, a.Next)
}

// São Paulo had no midnight on 2018-11-04, Havana two on 2018-11-04: the day begins with the first instant that has its date.
func TestDutyBeginsWithTheDay(t *testing.T) {
	for zone, want := range map[string]string{"America/Sao_Paulo": "2018-11-04T03:00:00Z", "America/Havana": "2018-11-04T04:00:00Z"} {
		d := quality.Duty{ID: "d", Cycle: quality.Cycle{Days: 1}, Calendar: in(t, zone)}
		a, err := d.Account(quality.DutySubject{ID: "s", From: at("2018-11-03T12:00:00Z")}, nil, at("2018-11-04T12:00:00Z"))
		require.NoError(t, err)
		assert.Equal(t, date("2018-11-04"), a.Obligations[0].First, zone)
		assert.Equal(t, at(want), a.Obligations[0].Begin.UTC(), zone)
	}
}

func TestDutySinceLast(t *testing.T) {
	d := quality.Duty{ID: "server", Cycle: quality.Quarterly(), SinceLast: true}
	server := quality.DutySubject{ID: "s", From: at("2025-12-01T09:00:00Z")}
	e := []quality.Evidence{
		{ID: "before", At: at("2025-12-01T08:00:00Z")}, {ID: "first", At: at("2025-12-31T09:00:00Z")}, {ID: "again", At: at("2025-12-31T10:00:00Z")},
	}
	a, err := d.Account(server, e, at("2026-01-01T00:00:00Z"))
	require.NoError(t, err)
	require.Len(t, a.Obligations, 2)
	assert.Equal(t, date("2026-02-28"), a.Obligations[0].Last, "three months after 2025-11-30")
	assert.Equal(t, date("2026-03-31"), a.Obligations[1].Last)
	assert.Equal(t, at("2026-04-01T00:00:00Z"), a.Next)
	assert.Equal(t, []string{"before", "again"}, a.Unused)
	a, err = d.Account(server, e, at("2025-12-31T12:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, []string{"2025-12-01 kept"}, states(a))
	assert.Equal(t, at("2026-01-01T00:00:00Z"), a.Next, "the next period begins tomorrow")
}

// The ids are a promise to every host that stored them.
func TestObligationIDs(t *testing.T) {
	d := drill()
	id := func(duty, subject string) uuid.UUID {
		d.ID = duty
		a, err := d.Account(quality.DutySubject{ID: subject, From: at("2026-03-01T00:00:00Z")}, nil, at("2026-03-02T00:00:00Z"))
		require.NoError(t, err)
		return a.Obligations[0].ID
	}
	assert.Equal(t, "2037ce72-efae-5e7d-9eae-e3176f22981e", id("drill", "north").String())
	assert.Equal(t, uuid.Version(5), id("drill", "north").Version())
	assert.NotEqual(t, id("a", "bc"), id("ab", "c"))
	assert.NotEqual(t, id("drill", "north"), id("drill", "south"))
}

func anyDuty(t *rapid.T) (quality.Duty, quality.DutySubject, []quality.Evidence) {
	d := quality.Duty{
		ID: "d", Grace: rapid.IntRange(0, 20).Draw(t, "grace"), SinceLast: rapid.Bool().Draw(t, "since"),
		Cycle:  rapid.SampledFrom([]quality.Cycle{quality.Weekly(), quality.Monthly(), quality.Quarterly(), quality.Yearly(), {Days: 10}, {Months: 5}}).Draw(t, "cycle"),
		Remind: rapid.SliceOfN(rapid.IntRange(0, 40), 0, 2).Draw(t, "remind"),
		Ladder: []quality.DutyRung{{Days: rapid.IntRange(0, 5).Draw(t, "rung"), Role: "a"}, {Days: rapid.IntRange(6, 20).Draw(t, "rung"), Role: "b"}},
	}
	if zone := rapid.SampledFrom([]string{"", "America/Sao_Paulo", "Asia/Shanghai"}).Draw(t, "zone"); zone != "" {
		d.Calendar = in(t, zone)
	}
	if rapid.Bool().Draw(t, "amounts") {
		d.Need = decimal.New(rapid.Int64Range(1, 3).Draw(t, "need"), 0)
	}
	from := at("2018-01-01T00:00:00Z")
	hour := func(name string) time.Time {
		return from.Add(time.Duration(rapid.IntRange(0, 800*24).Draw(t, name)) * time.Hour)
	}
	s := quality.DutySubject{ID: "s", From: hour("from")}
	if rapid.Bool().Draw(t, "leaves") {
		s.Until = s.From.Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "until")) * time.Hour)
	}
	var evidence []quality.Evidence
	for i := range rapid.IntRange(0, 12).Draw(t, "evidence") {
		evidence = append(evidence, quality.Evidence{ID: fmt.Sprint(i), At: hour("at"), Amount: decimal.New(rapid.Int64Range(1, 2).Draw(t, "amount"), 0)})
	}
	return d, s, evidence
}

// The text form goes there and back, and reads weeks and years by their number.
func TestCycleText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := quality.Cycle{Days: rapid.IntRange(1, 3660).Draw(t, "days")}
		if rapid.Bool().Draw(t, "months") {
			c = quality.Cycle{Months: rapid.IntRange(1, 120).Draw(t, "months")}
		}
		text, err := c.MarshalText()
		require.NoError(t, err)
		var back quality.Cycle
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, c, back)
	})
	for text, want := range map[string]quality.Cycle{
		"week": quality.Weekly(), "7 days": quality.Weekly(), "1 month": quality.Monthly(), "3 months": quality.Quarterly(), "1 quarter": quality.Quarterly(),
		"12 months": quality.Yearly(), "2 weeks": {Days: 14}, "10 years": {Months: 120},
	} {
		var c quality.Cycle
		require.NoError(t, c.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, c, text)
	}
	kept := quality.Monthly()
	for _, text := range []string{"", "days", "fortnight", "0 days", "-1 day", "3661 days", "121 months", "11 years", "1.5 days", "7  days", "year 1", "99999999999999999999 days"} {
		assert.ErrorIs(t, kept.UnmarshalText([]byte(text)), quality.ErrDuty, text)
	}
	assert.Equal(t, quality.Monthly(), kept)
	for _, c := range []quality.Cycle{{}, {Days: 1, Months: 1}, {Days: -1}, {Months: 121}} {
		_, err := c.MarshalText()
		assert.ErrorIs(t, err, quality.ErrDuty, "%v", c)
	}
}

// A duty that came into force and was replaced asks for the periods that begin meanwhile, and for nothing of the others; what happens within those
// stands as ever.
func TestDutyWithin(t *testing.T) {
	d, unit := drill(), quality.DutySubject{ID: "north", From: at("2026-01-01T00:00:00Z")}
	d.From, d.To = at("2026-03-01T00:00:00Z"), at("2026-05-01T00:00:00Z")
	a, err := d.Account(unit, []quality.Evidence{{ID: "e", At: at("2026-04-20T00:00:00Z")}, {ID: "f", At: at("2026-02-20T00:00:00Z")}}, at("2026-04-25T00:00:00Z"))
	require.NoError(t, err)
	assert.Equal(t, []string{"2026-03-01 escalated", "2026-04-01 kept"}, states(a))
	assert.Empty(t, a.Unused, "February is counted as if it were asked for")
	assert.True(t, a.Next.IsZero(), "no period begins any more")
	before, err := d.Account(unit, nil, at("2026-02-10T00:00:00Z"))
	require.NoError(t, err)
	assert.Empty(t, before.Obligations)
	d.To = d.From
	_, err = d.Account(unit, nil, at("2026-02-10T00:00:00Z"))
	assert.ErrorIs(t, err, quality.ErrDuty)
}

// Between now and Next nothing changes but by new evidence; the order of evidence does not matter; every piece that has happened is counted
// once or named as unused; periods do not overlap, and by the calendar they leave no gap.
func TestDutyLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s, evidence := anyDuty(t)
		now := at("2018-01-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 1000*24).Draw(t, "now")) * time.Hour)
		a, err := d.Account(s, evidence, now)
		require.NoError(t, err)

		shuffled := rapid.Permutation(evidence).Draw(t, "order")
		b, err := d.Account(s, shuffled, now)
		require.NoError(t, err)
		assert.Equal(t, a, b)

		seen := map[string]int{}
		for i, o := range a.Obligations {
			for _, id := range o.Evidence {
				seen[id]++
			}
			assert.True(t, o.Begin.Before(o.End) && !o.Due.Before(o.End), "%v", o)
			assert.Equal(t, o.State == quality.Kept, !o.Kept.IsZero())
			if i > 0 && !d.SinceLast {
				assert.Equal(t, a.Obligations[i-1].End, o.Begin)
			}
			if i > 0 && d.SinceLast {
				assert.True(t, a.Obligations[i-1].Kept.Before(o.Begin), "one at a time")
			}
			assert.False(t, d.SinceLast && o.State != quality.Kept && i < len(a.Obligations)-1)
		}
		for _, id := range a.Unused {
			seen[id]++
		}
		end := now
		if !s.Until.IsZero() && s.Until.Before(now) {
			end = s.Until
		}
		var happened []quality.Evidence
		for _, e := range evidence {
			if !e.At.After(end) {
				happened = append(happened, e)
			}
		}
		assert.Len(t, seen, len(happened))
		for id, n := range seen {
			assert.Equal(t, 1, n, id)
		}

		if a.Next.IsZero() {
			if s.Until.IsZero() { // by the calendar there is always another period; one that is counted from the last time waits for it
				require.True(t, d.SinceLast, "periods do not end")
				assert.Equal(t, "b", a.Obligations[len(a.Obligations)-1].Role, "every rung has passed")
			}
			later, err := d.Account(s, happened, now.AddDate(20, 0, 0))
			require.NoError(t, err)
			assert.Equal(t, a.Obligations, later.Obligations)
			return
		}
		assert.True(t, a.Next.After(now))
		before, err := d.Account(s, happened, a.Next.Add(-1))
		require.NoError(t, err)
		assert.Equal(t, a.Obligations, before.Obligations)
		then, err := d.Account(s, happened, a.Next)
		require.NoError(t, err)
		assert.NotEqual(t, a.Obligations, then.Obligations, "something changes at %v", a.Next)
	})
}

// The slow and obvious account: each period from the year 2000 on, walked with the months of package time, and each piece of evidence given to
// the first period that may have it.
func TestDutyAgainstTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s, evidence := anyDuty(t)
		d.SinceLast, d.Calendar = false, nil
		d.Cycle = rapid.SampledFrom([]quality.Cycle{quality.Weekly(), quality.Monthly(), quality.Quarterly(), quality.Yearly()}).Draw(t, "cycle")
		now := at("2018-01-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 1000*24).Draw(t, "now")) * time.Hour)
		a, err := d.Account(s, evidence, now)
		require.NoError(t, err)

		if !s.Until.IsZero() && s.Until.Before(now) {
			now = s.Until
		}
		slices.SortFunc(evidence, func(a, b quality.Evidence) int {
			if c := a.At.Compare(b.At); c != 0 {
				return c
			}
			return slices.Compare([]byte(a.ID), []byte(b.ID))
		})
		given := map[string]bool{}
		var want []string
		begin := at("2000-01-01T00:00:00Z")
		if d.Cycle == quality.Weekly() {
			begin = at("2000-01-03T00:00:00Z") // a Monday
		}
		for ; !begin.After(now); begin = begin.AddDate(0, d.Cycle.Months, d.Cycle.Days) {
			end := begin.AddDate(0, d.Cycle.Months, d.Cycle.Days)
			if begin.Before(s.From) || !s.Until.IsZero() && end.After(s.Until) {
				continue
			}
			due := end.AddDate(0, 0, d.Grace)
			state, done := quality.Owed, int64(0)
			for _, e := range evidence {
				if given[e.ID] || e.At.After(now) || e.At.Before(begin) || !e.At.Before(due) || state == quality.Kept && !e.At.Before(end) {
					continue
				}
				given[e.ID] = true
				if done += e.Amount.IntPart(); d.Need.IsZero() || done >= d.Need.IntPart() {
					state = quality.Kept
				}
			}
			if state != quality.Kept {
				for _, days := range d.Remind {
					if !due.AddDate(0, 0, -days).After(now) {
						state = quality.Reminded
					}
				}
				if !due.After(now) {
					state = quality.Overdue
				}
				if !due.AddDate(0, 0, d.Ladder[0].Days).After(now) {
					state = quality.Escalated
				}
			}
			want = append(want, begin.Format(time.DateOnly)+" "+state.String())
		}
		assert.Equal(t, want, states(a))
	})
}

// The periods of the year as anybody writes them down.
func TestPeriodsOfTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on := time.Date(rapid.IntRange(1901, 2400).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		monday := on.AddDate(0, 0, -(int(on.Weekday())+6)%7)
		quarter := time.Date(on.Year(), (on.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
		for cycle, want := range map[quality.Cycle][2]time.Time{
			quality.Weekly():    {monday, monday.AddDate(0, 0, 7)},
			quality.Monthly():   {on.AddDate(0, 0, 1-on.Day()), on.AddDate(0, 1, 1-on.Day())},
			quality.Quarterly(): {quarter, quarter.AddDate(0, 3, 0)},
			quality.Yearly():    {on.AddDate(0, 0, 1-on.YearDay()), time.Date(on.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)},
		} {
			d := quality.Duty{ID: "d", Cycle: cycle}
			a, err := d.Account(quality.DutySubject{ID: "s", From: want[0]}, nil, on)
			require.NoError(t, err)
			require.Len(t, a.Obligations, 1, "%v on %v", cycle, on)
			assert.Equal(t, want[0], a.Obligations[0].Begin, "%v on %v", cycle, on)
			assert.Equal(t, want[1], a.Obligations[0].End, "%v on %v", cycle, on)
		}
	})
}

// refused is one question, to be spoilt.
type refused struct {
	duty     quality.Duty
	subject  quality.DutySubject
	evidence []quality.Evidence
	now      time.Time
}

func TestDutyRefuses(t *testing.T) {
	now := at("2026-05-01T00:00:00Z")
	s := quality.DutySubject{ID: "s", From: at("2026-01-01T00:00:00Z")}
	e := quality.Evidence{ID: "e", At: at("2026-02-01T00:00:00Z")}
	for name, c := range map[string]func(c *refused){
		"no id":                func(c *refused) { c.duty.ID = "" },
		"no cycle":             func(c *refused) { c.duty.Cycle = quality.Cycle{} },
		"two cycles":           func(c *refused) { c.duty.Cycle.Days = 7 },
		"backwards":            func(c *refused) { c.duty.Cycle.Months = -1 },
		"negative need":        func(c *refused) { c.duty.Need = num("-1") },
		"huge need":            func(c *refused) { c.duty.Need = share(t, "1e2000000000") },
		"negative grace":       func(c *refused) { c.duty.Grace = -1 },
		"reminder after":       func(c *refused) { c.duty.Remind = []int{-1} },
		"rung of nobody":       func(c *refused) { c.duty.Ladder[0].Role = "" },
		"rungs that fall":      func(c *refused) { c.duty.Ladder = append(c.duty.Ladder, c.duty.Ladder[0]) },
		"nobody":               func(c *refused) { c.subject.ID = "" },
		"since when":           func(c *refused) { c.subject.From = time.Time{} },
		"leaves before":        func(c *refused) { c.subject.Until = c.subject.From.Add(-1) },
		"no clock":             func(c *refused) { c.now = time.Time{} },
		"too many periods":     func(c *refused) { c.duty.Cycle = quality.Cycle{Days: 1}; c.now = at("2099-01-01T00:00:00Z") },
		"evidence twice":       func(c *refused) { c.evidence = append(c.evidence, e) },
		"evidence without id":  func(c *refused) { c.evidence[0].ID = "" },
		"evidence at no time":  func(c *refused) { c.evidence[0].At = time.Time{} },
		"no hours":             func(c *refused) { c.duty.Need = num("20") },
		"for no date":          func(c *refused) { c.evidence[0].For = calendar.Date{Year: 2026, Month: 2, Day: 30} },
		"for a rolling period": func(c *refused) { c.duty.SinceLast, c.evidence[0].For = true, date("2026-02-01") },
	} {
		r := refused{drill(), s, []quality.Evidence{e}, now}
		_, err := r.duty.Account(r.subject, r.evidence, r.now)
		require.NoError(t, err)
		c(&r)
		a, err := r.duty.Account(r.subject, r.evidence, r.now)
		assert.ErrorIs(t, err, quality.ErrDuty, name)
		assert.Zero(t, a, name)
	}
}

func TestDutyJSON(t *testing.T) {
	d := drill()
	data, err := json.Marshal(d)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"drill","cycle":"month","grace":5,"remind":[10],"ladder":[{"days":2,"role":"supervisor"}]}`, string(data))
	a, err := d.Account(quality.DutySubject{ID: "s", From: at("2026-03-01T00:00:00Z")}, []quality.Evidence{{ID: "e", At: at("2026-03-05T00:00:00Z")}}, at("2026-03-10T00:00:00Z"))
	require.NoError(t, err)
	data, err = json.Marshal(a)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"state":"kept"`)
	var back quality.Account
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, a, back)
	var state quality.DutyState
	assert.ErrorIs(t, state.UnmarshalText([]byte("forgotten")), quality.ErrFormat)
	_, err = quality.DutyState(9).MarshalText()
	assert.ErrorIs(t, err, quality.ErrFormat)
	assert.Equal(t, "DutyState(9)", quality.DutyState(9).String())
}

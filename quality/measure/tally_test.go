package measure_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

type fact struct {
	measure string
	o       measure.Observation
}

// anyFact draws a fact that its measure counts.
func anyFact(t *rapid.T) fact {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	n := rapid.Uint64Range(0, 1000).Draw(t, "n")
	id := pick("measure", "reopen-rate", "satisfaction", "satisfaction-score", "nps", "mean-handling", "customer-value", "cost-saving", "availability", "mtbf")
	var f measure.Fact
	switch id {
	case "reopen-rate":
		f = measure.Hits(n/2, n)
	case "satisfaction", "satisfaction-score", "nps":
		f = measure.Rating(decimal.NewFromUint64(1 + n%5))
	case "mean-handling":
		f = measure.Took(time.Duration(n) * time.Minute)
	case "customer-value":
		f = measure.Worth(int64(n))
	case "cost-saving":
		f = measure.PartOf(int64(n/3), int64(n))
	default:
		f = measure.Ran(time.Duration(n)*time.Hour, time.Duration(n/10)*time.Hour, n)
	}
	switch pick("decided", "yes", "yes", "yes", "pending", "excluded") {
	case "pending":
		f = measure.Pending()
	case "excluded":
		f = measure.Excluded()
	}
	return fact{id, measure.Observation{
		At: monday.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "hour")) * time.Hour), Fact: f,
		Slice: measure.Slice{Tier: pick("tier", "", "urgent", "routine"), Channel: pick("channel", "phone", "chat"), Group: pick("group", "a", "b"), Agent: pick("agent", "17", "21")},
	}}
}

func counted(t require.TestingT, by measure.Grouping, facts []fact) *measure.Tally {
	tally := measure.NewTally(standard(), by)
	for _, f := range facts {
		require.NoError(t, tally.Observe(f.measure, f.o))
	}
	return tally
}

func state(t require.TestingT, tally *measure.Tally) string {
	data, err := tally.MarshalJSON()
	require.NoError(t, err)
	return string(data)
}

var everything = measure.Grouping{Period: measure.Month, Zone: shanghai, Tier: true, Channel: true, Group: true, Agent: true, Quantiles: true}

// Shards combine to exactly the whole, whatever falls into which, by way of JSON too; and less is kept apart as if it never had been.
func TestShardsMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shards [4][]fact
		var all []fact
		for range rapid.IntRange(0, 60).Draw(t, "facts") {
			f := anyFact(t)
			i := rapid.IntRange(0, 3).Draw(t, "shard")
			shards[i] = append(shards[i], f)
			all = append(all, f)
		}
		whole := counted(t, everything, all)
		sum := measure.NewTally(standard(), everything)
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order") {
			shard := counted(t, everything, shards[i])
			was := state(t, shard)
			sent, err := measure.ReadTally(standard(), shanghai, []byte(was))
			require.NoError(t, err)
			require.NoError(t, sum.Merge(sent))
			assert.Equal(t, was, state(t, shard), "the other is not changed")
		}
		assert.Equal(t, state(t, whole), state(t, sum))

		less := measure.Grouping{Period: measure.Month, Zone: shanghai}
		if rapid.Bool().Draw(t, "all time") {
			less = measure.Grouping{}
		}
		less.Tier, less.Agent = rapid.Bool().Draw(t, "tier"), rapid.Bool().Draw(t, "agent")
		less.Quantiles = rapid.Bool().Draw(t, "quantiles")
		rolled, err := whole.By(less)
		require.NoError(t, err)
		assert.Equal(t, state(t, counted(t, less, all)), state(t, rolled))
		assert.Equal(t, state(t, sum), state(t, whole), "rolling up changes nothing")
	})
}

// Two machines meet channels in different orders.
func TestMergeGoesByNameOfTheGroup(t *testing.T) {
	by := measure.Grouping{Channel: true}
	share := func(channel string) fact {
		return fact{"accuracy", measure.Observation{At: monday, Slice: measure.Slice{Channel: channel}, Fact: measure.Hit(true)}}
	}
	sum := counted(t, by, []fact{share("phone"), share("chat")})
	require.NoError(t, sum.Merge(counted(t, by, []fact{share("chat"), share("email")})))
	for channel, want := range map[string]uint64{"phone": 1, "chat": 2, "email": 1} {
		row, ok := sum.Get("accuracy", "", measure.Slice{Channel: channel})
		require.True(t, ok, channel)
		assert.Equal(t, want, row.Statistic.Count(), channel)
	}
}

func TestTalliesThatDiffer(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Tier: true})
	fewer, err := measure.NewRegistry(measure.ChannelShare("phone"))
	require.NoError(t, err)
	for name, other := range map[string]*measure.Tally{
		"measures": measure.NewTally(fewer, measure.Grouping{Period: measure.Month, Tier: true}),
		"slices":   measure.NewTally(standard(), measure.Grouping{Period: measure.Month}),
		"period":   measure.NewTally(standard(), measure.Grouping{Period: measure.Week, Tier: true}),
		"zone":     measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Tier: true, Zone: shanghai}),
	} {
		assert.ErrorIs(t, tally.Merge(other), measure.ErrTally, name)
	}
	require.NoError(t, tally.Merge(nil))
	require.NoError(t, tally.Merge(measure.NewTally(standard(), measure.Grouping{Period: measure.Month, Tier: true, Zone: time.UTC})), "no zone is UTC")
	for name, g := range map[string]measure.Grouping{
		"finer": {Period: measure.Month, Channel: true}, "quantiles": {Quantiles: true}, "years of months": {Period: measure.Year}, "another zone": {Period: measure.Month, Zone: shanghai},
	} {
		_, err := tally.By(g)
		assert.ErrorIs(t, err, measure.ErrTally, name)
	}
}

func TestTallyRefuses(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	at := func(f measure.Fact) measure.Observation { return measure.Observation{At: monday, Fact: f} }
	for name, c := range map[string]struct {
		measure string
		o       measure.Observation
		want    error
	}{
		"no such measure":     {"smiles", at(measure.Hit(true)), measure.ErrMeasure},
		"no instant":          {"accuracy", measure.Observation{Fact: measure.Hit(true)}, measure.ErrFact},
		"nothing":             {"accuracy", at(measure.Fact{}), measure.ErrFact},
		"a rating of a share": {"accuracy", at(measure.Rating(decimal.NewFromInt(5))), measure.ErrFact},
		"a hit of a mean":     {"mean-handling", at(measure.Hit(true)), measure.ErrFact},
		"more than all":       {"accuracy", at(measure.Hits(3, 2)), quality.ErrHitsExceedTrials},
		"too many":            {"accuracy", at(measure.Hits(0, math.MaxUint64)), quality.ErrTooMany},
		"negative time":       {"mean-handling", at(measure.Took(-1)), quality.ErrNegative},
		"negative amount":     {"customer-value", at(measure.Worth(-1)), quality.ErrNegative},
		"more than the whole": {"cost-saving", at(measure.PartOf(2, 1)), quality.ErrRate},
		"more down than up":   {"availability", at(measure.Ran(time.Hour, 2*time.Hour, 1)), quality.ErrRate},
		"off the scale":       {"satisfaction", at(measure.Rating(decimal.NewFromInt(6))), quality.ErrOffScale},
		"half a point":        {"nps", at(measure.Rating(decimal.RequireFromString("6.5"))), quality.ErrOffScale},
		"a huge rating":       {"nps", at(measure.Rating(decimal.RequireFromString("123456789012345678901234567890"))), quality.ErrOffScale},
		"a tiny rating":       {"nps", at(measure.Rating(decimal.New(1, math.MinInt32))), quality.ErrOffScale},
	} {
		assert.ErrorIs(t, tally.Observe(c.measure, c.o), c.want, name)
	}
	for row := range tally.Rows() {
		assert.Fail(t, "something was counted", "%+v", row)
	}
	_, ok := tally.Total("accuracy")
	assert.False(t, ok)
	_, ok = tally.Get("smiles", "", measure.Slice{})
	assert.False(t, ok)

	// A fact that is pending makes a row without a figure, which passes no objective.
	require.NoError(t, tally.Observe("accuracy", at(measure.Pending())))
	row, ok := tally.Total("accuracy")
	require.True(t, ok)
	a, err := row.Assess(quality.Objective{Measure: "accuracy", Bound: quality.AtLeast, Unit: quality.Percent}, 0.95)
	require.NoError(t, err)
	assert.Equal(t, quality.Undecided, a.Outcome)
	_, err = row.Assess(quality.Objective{Measure: "conformity", Bound: quality.AtLeast, Unit: quality.Percent}, 0.95)
	assert.ErrorIs(t, err, measure.ErrMeasure)
}

func TestReadTallyRefuses(t *testing.T) {
	whole := `{"grouping":{"period":"month","channel":true},"zone":"UTC","rows":[{"measure":"satisfaction","period":"2025-03","slice":{"channel":"chat"},"scores":{"scale":"1-5","scores":[[4,1]]}}]}`
	tally, err := measure.ReadTally(standard(), nil, []byte(whole))
	require.NoError(t, err)
	assert.Equal(t, whole, state(t, tally))
	row, ok := tally.Get("satisfaction", "2025-03", measure.Slice{Channel: "chat"})
	assert.True(t, ok)
	assert.Equal(t, uint64(1), row.Statistic.Count())
	for name, change := range map[string][2]string{
		"no JSON":         {`{"grouping"`, `{grouping`},
		"another zone":    {`"UTC"`, `"Asia/Shanghai"`},
		"no such period":  {`"month"`, `"decade"`},
		"no such measure": {`"satisfaction"`, `"smiles"`},
		"another scale":   {`"1-5"`, `"1-10"`},
		"another kind":    {`"satisfaction"`, `"accuracy"`},
		"not kept apart":  {`{"channel":"chat"}`, `{"agent":"17"}`},
		"no period":       {`"period":"2025-03",`, ``},
		"a level too far": {`[[4,1]]`, `[[5,1]]`},
		"trials too":      {`"scores":{`, `"trials":3,"scores":{`},
		"more hits":       {`"scores":{`, `"hits":3,"scores":{`},
		"too many":        {`"scores":{`, `"pending":9007199254740992,"scores":{`},
		"twice":           {`]]}}]`, `]]}},{"measure":"satisfaction","period":"2025-03","slice":{"channel":"chat"}}]`},
		"sketch":          {`"scores":{"scale":"1-5","scores":[[4,1]]}`, `"durations":{"binsPerOctave":64,"count":1,"min":"1ns","max":"1ns","bins":[[1,1]]}`},
	} {
		require.Contains(t, whole, change[0], name)
		_, err := measure.ReadTally(standard(), nil, []byte(strings.Replace(whole, change[0], change[1], 1)))
		assert.ErrorIs(t, err, measure.ErrTally, name)
	}
}

func TestPeriods(t *testing.T) {
	at := time.Date(2024, 12, 30, 18, 0, 0, 0, time.UTC) // Tuesday, the 31st, in Shanghai
	for p, want := range map[measure.Period]string{
		measure.AllTime: "", measure.Day: "2024-12-31", measure.Week: "2025-W01", measure.Month: "2024-12", measure.Quarter: "2024-Q4", measure.Year: "2024",
	} {
		assert.Equal(t, want, p.Label(at, shanghai))
		var back measure.Period
		require.NoError(t, back.UnmarshalText([]byte(p.String())))
		assert.Equal(t, p, back)
	}
	assert.Equal(t, "2024-12-30", measure.Day.Label(at, nil))

	// A day that a zone skipped, and one whose midnight came twice.
	for zone, days := range map[string]map[string]string{
		"Pacific/Apia":     {"2011-12-30T09:59:59Z": "2011-12-29", "2011-12-30T10:00:00Z": "2011-12-31"},
		"America/St_Johns": {"2006-10-29T02:30:30Z": "2006-10-29", "2006-10-29T02:31:30Z": "2006-10-28", "2006-10-29T03:30:00Z": "2006-10-29"},
	} {
		location, err := time.LoadLocation(zone)
		require.NoError(t, err)
		tally := measure.NewTally(standard(), measure.Grouping{Period: measure.Day, Zone: location})
		for text, day := range days {
			at, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			assert.Equal(t, day, measure.Day.Label(at, location))
			require.NoError(t, tally.Observe("accuracy", measure.Observation{At: at, Fact: measure.Hit(true)}))
			_, ok := tally.Get("accuracy", day, measure.Slice{})
			assert.True(t, ok, day)
		}
	}
}

func TestQuantilesAreKeptWhereAsked(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{Quantiles: true})
	for i := range 100 {
		require.NoError(t, tally.Observe("mean-handling", measure.Observation{At: monday, Fact: measure.Took(time.Duration(i+1) * time.Minute)}))
	}
	row, ok := tally.Total("mean-handling")
	require.True(t, ok)
	require.NotNil(t, row.Durations)
	p95, ok := row.Durations.Quantile(0.95)
	assert.True(t, ok)
	assert.InEpsilon(t, 95.0, p95.Minutes(), quality.RelativeError)
	plain, err := tally.By(measure.Grouping{})
	require.NoError(t, err)
	row, _ = plain.Total("mean-handling")
	assert.Nil(t, row.Durations)
	assert.Equal(t, "50.5", func() string { v, _ := quality.Value(row.Statistic, quality.Minutes, 2); return v.String() }())
}

func TestRowsStandInOrder(t *testing.T) {
	tally := counted(t, measure.Grouping{Period: measure.Day, Zone: shanghai, Channel: true}, []fact{
		{"accuracy", measure.Observation{At: monday.Add(30 * time.Hour), Slice: measure.Slice{Channel: "chat"}, Fact: measure.Hit(true)}},
		{"accuracy", measure.Observation{At: monday, Slice: measure.Slice{Channel: "phone", Agent: "17"}, Fact: measure.Hit(false)}},
		{"satisfaction", measure.Observation{At: monday, Slice: measure.Slice{Channel: "phone"}, Fact: measure.Rating(decimal.NewFromInt(5))}},
		{"accuracy", measure.Observation{At: monday, Slice: measure.Slice{Channel: "chat"}, Fact: measure.Excluded()}},
	})
	var got []string
	for row := range tally.Rows() {
		got = append(got, fmt.Sprint(row.Measure, " ", row.Period, " ", row.Slice.Channel, row.Slice.Agent, " ", row.Statistic.Count(), " ", row.Excluded))
	}
	assert.Equal(t, []string{"satisfaction 2025-03-03 phone 1 0", "accuracy 2025-03-03 chat 0 1", "accuracy 2025-03-03 phone 1 0", "accuracy 2025-03-04 chat 1 0"}, got)
	for range tally.Rows() {
		break // may stop early
	}
}

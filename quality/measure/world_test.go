package measure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// world is a quarter of a service centre, in which, if it has some hundreds of cases, every measure of the standard table has facts.
type world struct {
	random  *rand.Rand
	records []measure.Record
	facts   []fact // of the measures that the host observes
}

func newWorld(t require.TestingT, seed uint64, cases int) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 0))}
	plan := desk(t)
	for i := range cases {
		w.addCase(t, plan, fmt.Sprint("T-", i))
	}
	for i := range cases / 10 {
		w.addPerson(fmt.Sprint("E-", i))
		w.addService(fmt.Sprint("S-", i))
		w.addProblem(fmt.Sprint("P-", i))
	}
	for m := range standard().All() {
		if m.Of == measure.Host {
			for range cases / 10 {
				w.observe(m)
			}
		}
	}
	return w
}

// desk is a plan of two targets, of which one is the one that the table has a measure of.
func desk(t require.TestingT) *sla.Plan {
	metric := func(name string) sla.Metric {
		metrics := sla.StandardMetrics()
		return metrics[slices.IndexFunc(metrics, func(m sla.Metric) bool { return m.Name == name })]
	}
	span := func(text string) sla.Span {
		s, err := sla.ParseSpan(text)
		require.NoError(t, err)
		return s
	}
	plan, err := sla.Compile(sla.Revision{ID: "2025", Targets: []sla.Target{
		{ID: "desk/urgent", Metric: metric("resolution"), Span: span("20h")}, {ID: "desk/answer", Metric: metric("first-response"), Span: span("10h")},
	}})
	require.NoError(t, err)
	return plan
}

func (w *world) pick(from ...string) string { return from[w.random.IntN(len(from))] }

func (w *world) often() bool { return w.random.IntN(3) > 0 }

func (w *world) day() time.Time { return monday.Add(time.Duration(w.random.IntN(90*24)) * time.Hour) }

func (w *world) slice() measure.Slice {
	return measure.Slice{Tier: w.pick("routine", "urgent"), Channel: w.pick(measure.Channels()...), Group: w.pick("north", "south"), Agent: w.pick("17", "21", "33")}
}

var quarter = monday.AddDate(0, 0, 91) // its end

// story is a history that goes on and on.
type story struct {
	w  *world
	at time.Time
	history.History
}

func (s *story) add(kind history.Kind, fields ...string) {
	s.Entries = append(s.Entries, history.Entry{
		Seq: uint64(len(s.Entries)) + 1, At: s.at, Kind: kind, Actor: history.Actor{Role: s.w.pick("agent", "supervisor", "customer"), ID: s.w.pick("17", "21")},
		Fields: history.Of(fields...),
	})
	s.at = s.at.Add(time.Duration(s.w.random.IntN(600)) * time.Minute)
}

// maybe adds two times out of three.
func (s *story) maybe(kind history.Kind, fields ...string) {
	if s.w.often() {
		s.add(kind, fields...)
	}
}

func (w *world) addCase(t require.TestingT, plan *sla.Plan, id string) {
	s := story{w: w, at: w.day(), History: history.History{Case: id}}
	slice := w.slice()
	kind, class, end := w.pick("ticket", "complaint", "incident"), w.pick("security", "fault", "outage", "complaint"), history.Resolved
	begin := history.Opened
	if kind == "incident" {
		begin, end = history.Detected, history.Restored
	}
	s.add(begin, "kind", kind, "class", class, "tier", slice.Tier, "channel", slice.Channel, "unit", slice.Group, "person", slice.Agent)
	s.maybe(history.Accepted)
	s.maybe(history.Classified, "tier", w.pick("routine", "urgent"), "basis", w.pick("rules", "correction"))
	s.maybe(history.Responded)
	s.maybe(history.Dispatched, "unit", w.pick("north", "south"), "person", w.pick("17", "21", "33"))
	s.maybe(history.Started)
	s.maybe(history.Planned, "due", history.FormatInstant(w.day()))
	if w.random.IntN(8) == 0 {
		s.add(history.Escalated)
	}
	s.maybe(end, "result", w.pick("", "repaired"))
	if w.random.IntN(5) == 0 {
		s.add(history.Reopened)
		s.maybe(end, "result", "replaced")
	}
	s.maybe(history.Closed)
	for _, d := range append(measure.Dimensions(), measure.Overall) {
		s.maybe(history.Surveyed, "dimension", d, "score", fmt.Sprint(1+w.random.IntN(5)))
	}
	s.maybe(history.Surveyed, "dimension", measure.Recommendation, "score", fmt.Sprint(w.random.IntN(11)))
	s.maybe(history.Surveyed, "dimension", measure.Effort, "score", fmt.Sprint(1+w.random.IntN(5)))
	s.maybe(history.Surveyed, "dimension", measure.Ease, "score", fmt.Sprint(1+w.random.IntN(7)))
	s.maybe(history.FollowedUp, "solved", w.pick("yes", "no"))
	for _, field := range []string{"correct", "conforming", "consistent", "adequate"} {
		s.maybe(history.Reviewed, field, w.pick("yes", "no"))
	}
	if w.random.IntN(12) == 0 {
		s.add(history.Cancelled)
	}
	clocks, err := plan.Evaluate(nil, s.Entries, quarter)
	require.NoError(t, err)
	w.records = append(w.records, measure.Record{Of: measure.Cases, History: s.History, Clocks: clocks, Now: quarter})
}

func (w *world) window(of measure.Of, s *story, slice measure.Slice) {
	for month := range 3 {
		from := time.Date(2025, time.March+time.Month(month), 3, 0, 0, 0, 0, shanghai)
		w.records = append(w.records, measure.Record{Of: of, History: s.History, Slice: slice, Now: quarter, From: from, To: from.AddDate(0, 0, 28)})
	}
}

func (w *world) addPerson(id string) {
	s := story{w: w, at: w.day(), History: history.History{Case: id}}
	slice := w.slice()
	slice.Agent = ""
	for range 3 {
		s.at = w.day()
		s.maybe(history.Trained, "hours", fmt.Sprint(w.random.IntN(50)))
		s.maybe(history.Inspected, "topic", w.pick("dress", "conduct"), "finding", w.pick("conforming", "nonconforming", ""))
	}
	w.window(measure.People, &s, slice)
}

func (w *world) addService(id string) {
	s := story{w: w, at: w.day(), History: history.History{Case: id}}
	slice := w.slice()
	for range 2 {
		if w.often() {
			s.add(history.Detected)
			s.add(history.Restored)
		}
	}
	w.window(measure.Services, &s, slice)
}

func (w *world) addProblem(id string) {
	s := story{w: w, at: w.day(), History: history.History{Case: id}}
	slice := w.slice()
	s.add(history.Reviewed, "problem", "waits", "cause", "lunch")
	s.add(history.Planned, "measures", "shifts", "owner", slice.Agent, "unit", slice.Group, "due", history.FormatInstant(w.day()))
	s.maybe(history.Improved, "step", "do", "owner", w.pick("17", "21", "33"))
	s.maybe(history.Improved, "effect", w.pick("yes", "no"))
	s.maybe(history.Improved, "step", w.pick("verified", "accepted"))
	w.records = append(w.records, measure.Record{Of: measure.Problems, History: s.History, Slice: slice, Now: quarter})
}

func (w *world) observe(m measure.Measure) {
	n := uint64(w.random.IntN(100))
	var f measure.Fact
	switch m.Kind {
	case measure.Share:
		f = measure.Hits(n/2, n)
	case measure.MeanAmount, measure.Each:
		f = measure.Worth(int64(n))
	case measure.Part:
		f = measure.PartOf(int64(n/2), int64(n))
	}
	w.facts = append(w.facts, fact{m.ID, measure.Observation{At: w.day(), Slice: w.slice(), Fact: f}})
}

// count takes the records and facts of which the number is one of a shard of so many.
func (w *world) count(t require.TestingT, by measure.Grouping, shard, of int) *measure.Tally {
	tally := measure.NewTally(standard(), by)
	for i := range w.records {
		if i%of == shard {
			r := w.records[i] // a record keeps what it has worked out
			require.NoError(t, tally.Take(&r))
		}
	}
	for i, f := range w.facts {
		if i%of == shard {
			require.NoError(t, tally.Observe(f.measure, f.o), f.measure)
		}
	}
	return tally
}

// Every measure has facts in several tiers, channels, groups, by several agents and in several periods.
func TestEveryMeasureIsSliced(t *testing.T) {
	w := newWorld(t, 1, 600)
	values := map[string][5]map[string]bool{}
	for row := range w.count(t, everything, 0, 1).Rows() {
		if row.Statistic.Count()+row.Pending+row.Excluded == 0 {
			continue
		}
		if _, ok := values[row.Measure]; !ok {
			values[row.Measure] = [5]map[string]bool{{}, {}, {}, {}, {}}
		}
		for i, v := range [5]string{row.Period, row.Slice.Tier, row.Slice.Channel, row.Slice.Group, row.Slice.Agent} {
			if v != "" {
				values[row.Measure][i][v] = true
			}
		}
	}
	for m := range standard().All() {
		for i, name := range []string{"periods", "tiers", "channels", "groups", "agents"} {
			assert.Greater(t, len(values[m.ID][i]), 1, "%s: %s", m.ID, name)
		}
	}
}

// sum adds up rows without the help of a tally.
type sum struct {
	hits, trials, pending, excluded uint64
	scores                          map[string]uint64
	time                            quality.MeanTime
	amount                          quality.MeanAmount
	each                            quality.Extremes
	ratio                           quality.Ratio
	uptime                          quality.Uptime
	failures                        uint64
}

func (s *sum) add(t require.TestingT, row measure.Row) {
	s.pending += row.Pending
	s.excluded += row.Excluded
	switch v := row.Statistic.(type) {
	case quality.Proportion:
		s.hits += v.Hits()
		s.trials += v.Trials()
	case *quality.Scores:
		if s.scores == nil {
			s.scores = map[string]uint64{}
		}
		for score, n := range v.All() {
			s.scores[score.String()] += n
		}
	case quality.Net:
		s.hits += v.Promoters().Hits()
		s.failures += v.Detractors().Hits()
		s.trials += v.Count()
	case quality.MeanTime:
		require.NoError(t, s.time.Merge(v))
	case quality.MeanAmount:
		require.NoError(t, s.amount.Merge(v))
	case quality.Extremes:
		require.NoError(t, s.each.Merge(v))
	case quality.Ratio:
		require.NoError(t, s.ratio.Merge(v))
	case quality.Uptime:
		require.NoError(t, s.uptime.Merge(v))
	case quality.BetweenFailures:
		s.failures += v.Count()
	default:
		require.Fail(t, "unknown statistic", "%T", v)
	}
}

func sums(t require.TestingT, tally *measure.Tally) map[string]sum {
	out := map[string]sum{}
	for row := range tally.Rows() {
		s := out[row.Measure]
		s.add(t, row)
		out[row.Measure] = s
	}
	return out
}

// However the facts are sliced, the slices of each measure add up to the whole, and so do shards.
func TestSlicesAndShardsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(t, "seed"), 20)
		all := w.count(t, measure.Grouping{}, 0, 1)
		whole := sums(t, all)
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		by := measure.Grouping{
			Period: measure.Period(rapid.IntRange(0, 5).Draw(t, "period")), Zone: shanghai, Tier: flag("tier"), Channel: flag("channel"), Group: flag("group"), Agent: flag("agent"),
		}
		sliced := w.count(t, by, 0, 1)
		assert.Equal(t, whole, sums(t, sliced))
		assert.Equal(t, all.Findings(), sliced.Findings())
		shards := rapid.IntRange(2, 5).Draw(t, "shards")
		merged := measure.NewTally(standard(), by)
		for i := range shards {
			require.NoError(t, merged.Merge(w.count(t, by, i, shards)))
		}
		assert.Equal(t, state(t, sliced), state(t, merged))
	})
}

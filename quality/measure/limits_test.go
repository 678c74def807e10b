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

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// Each training is plausible, and together they pass what a time.Duration holds: the sum must not turn negative or small.
func TestTrainingsBeyondADurationAreAFinding(t *testing.T) {
	h := history.History{Case: "E-17"}
	for i := range 300 {
		h.Entries = append(h.Entries, history.Entry{Seq: uint64(i) + 1, At: monday.Add(time.Duration(i) * time.Minute), Kind: history.Trained, Fields: history.Of("hours", "10000")})
	}
	tally := measure.NewTally(standard(), measure.Grouping{})
	require.NoError(t, tally.Take(&measure.Record{Of: measure.People, History: h, Now: sunday, From: monday, To: sunday}))
	assert.Equal(t, "excluded", says(tally, "training-hours"))
	assert.Equal(t, "hit", says(tally, "training-reached/80"), "what fits is enough")
	found := tally.Findings()
	require.Len(t, found, 1)
	assert.Equal(t, measure.CodeImpossible, found[0].Code)
	assert.Equal(t, uint64(300-256), found[0].Count, "256 times 10,000 hours are less than 292 years")
	assert.Equal(t, `impossible: 44; training-hours, case E-17, entry 257: hours "10000" make more than 292 years in one window`, strings.Join(strings.SplitN(found[0].String(), "; ", 3)[:2], "; "))
}

// Many people with the longest training that there can be: the mean stays exact.
func TestHoursTimesPersons(t *testing.T) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for range 1000 {
		require.NoError(t, tally.Observe("training-hours", measure.Observation{At: monday, Fact: measure.Took(math.MaxInt64)}))
	}
	row, _ := tally.Total("training-hours")
	mean, ok := row.Statistic.(quality.MeanTime).Mean()
	assert.True(t, ok)
	assert.Equal(t, time.Duration(math.MaxInt64), mean)
}

// An exponent is short to write and would fill the memory.
func TestHoursAreWrittenOut(t *testing.T) {
	for _, text := range []string{"1e999999999", "1E9", "1e-999999999", strings.Repeat("9", 1_000_000), "10000.01", "-1", "", "NaN", "Inf", "0x10"} {
		h := history.History{Case: "E-17", Entries: []history.Entry{{Seq: 1, At: monday, Kind: history.Trained, Fields: history.Of("hours", text)}}}
		tally := measure.NewTally(standard(), measure.Grouping{})
		require.NoError(t, tally.Take(&measure.Record{Of: measure.People, History: h, Now: sunday, From: monday, To: sunday}))
		assert.Equal(t, "excluded", says(tally, "training-hours"), "%.20s", text)
		require.Len(t, tally.Findings(), 1)
		assert.Equal(t, measure.CodeUnreadable, tally.Findings()[0].Code, "%.20s", text)
	}
}

// time.Time.Sub gives 292 years for whatever is longer, which would look like a time.
func TestTimesBeyondADurationAreAFinding(t *testing.T) {
	at := func(year int, kind history.Kind) history.Entry {
		return history.Entry{Seq: uint64(year), At: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), Kind: kind}
	}
	for _, years := range [][2]int{{1700, 2025}, {9999, 2025}} {
		tally := measure.NewTally(standard(), measure.Grouping{})
		h := history.History{Case: "T-1", Entries: []history.Entry{at(years[0], history.Opened), at(years[1], history.Resolved)}}
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}))
		assert.Equal(t, "nothing", says(tally, "mean-resolution"), years)
		assert.Contains(t, fmt.Sprint(tally.Findings()), fmt.Sprintf("impossible: 1; mean-resolution, case T-1, entry %d: more than 292 years after entry %d", years[1], years[0]))
	}
	tally := measure.NewTally(standard(), measure.Grouping{})
	err := tally.Take(&measure.Record{Of: measure.Services, History: history.History{Case: "S-1"}, Now: monday, From: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), To: monday})
	assert.ErrorIs(t, err, measure.ErrRecord)
	assert.ErrorContains(t, err, "S-1")
}

// What does not fit is refused before anything is added.
func TestMergeBeyondTheLargestCountChangesNothing(t *testing.T) {
	const most = "9007199254740991"
	read := func(rows, findings string) *measure.Tally {
		tally, err := measure.ReadTally(standard(), nil, fmt.Appendf(nil, `{"grouping":{"period":"all time"},"zone":"UTC","rows":[%s],"findings":[%s]}`, rows, findings))
		require.NoError(t, err)
		return tally
	}
	small := `{"measure":"reopen-rate","slice":{},"hits":1,"trials":1},{"measure":"accuracy","slice":{},"hits":1,"trials":1}`
	for name, row := range map[string]string{
		"trials":    `{"measure":"conformity","slice":{},"trials":` + most + `}`,
		"pending":   `{"measure":"conformity","slice":{},"pending":` + most + `}`,
		"excluded":  `{"measure":"conformity","slice":{},"excluded":` + most + `}`,
		"scores":    `{"measure":"nps","slice":{},"scores":{"scale":"0-10","scores":[[10,` + most + `]]}}`,
		"times":     `{"measure":"mttr","slice":{},"time":{"count":` + most + `,"sum":"0","squares":"0"}}`,
		"amounts":   `{"measure":"customer-value","slice":{},"amount":{"count":` + most + `,"sum":"0","squares":"0"}}`,
		"parts":     `{"measure":"cost-saving","slice":{},"ratio":{"part":"0","whole":"0","count":` + most + `}}`,
		"failures":  `{"measure":"mtbf","slice":{},"uptime":{"agreed_ns":"1","down_ns":"0","failures":` + most + `,"stretches":1}}`,
		"stretches": `{"measure":"mtbf","slice":{},"uptime":{"agreed_ns":"1","down_ns":"0","failures":0,"stretches":` + most + `}}`,
	} {
		full := read(small+","+row, "")
		was := state(t, full)
		assert.ErrorIs(t, full.Merge(read(small+","+row, "")), quality.ErrTooMany, name)
		assert.Equal(t, was, state(t, full), name)
		assert.ErrorIs(t, full.Merge(full), quality.ErrTooMany, name)
		assert.Equal(t, was, state(t, full), name)
	}
	finding := `{"code":"off-scale","count":` + most + `,"examples":[]}`
	full := read(small, finding)
	was := state(t, full)
	assert.ErrorIs(t, full.Merge(read(small, finding)), quality.ErrTooMany)
	assert.Equal(t, was, state(t, full))
	for _, f := range []string{
		`{"code":"off-scale","count":9007199254740992,"examples":[]}`, `{"code":"off-scale","count":0,"examples":[]}`, `{"code":"","count":1,"examples":[]}`,
		finding + "," + finding, `{"code":"off-scale","count":-1}`,
	} {
		_, err := measure.ReadTally(standard(), nil, fmt.Appendf(nil, `{"grouping":{"period":"all time"},"zone":"UTC","findings":[%s]}`, f))
		assert.ErrorIs(t, err, measure.ErrTally, f)
	}
}

// A decimal that is small to hold and long to write out is refused, or taken for what it is, before it is written out.
func TestEndlessDecimals(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		scale, _ := quality.ParseScale("0-10")
		for _, endless := range []decimal.Decimal{decimal.New(1, 2_000_000_000), decimal.New(1, -2_000_000_000), decimal.New(-1, 2_000_000_000)} {
			m := measure.Satisfaction(measure.Survey{Scale: scale, Satisfied: endless})
			assert.Equal(t, "answers from ? on", m.Numerator.EN)
			_, err := measure.NewRegistry(m)
			assert.ErrorIs(t, err, measure.ErrMeasure)
			assert.ErrorIs(t, err, quality.ErrOffScale)
			_, err = measure.Standard(measure.Options{Scale: scale, Satisfied: endless})
			assert.ErrorIs(t, err, measure.ErrMeasure)
		}
		nothing := measure.Satisfaction(measure.Survey{Scale: scale, Satisfied: decimal.New(0, -2_000_000_000)})
		assert.Equal(t, "answers from 0 on", nothing.Numerator.EN)
		nothing.Survey.Satisfied = decimal.New(0, -2_000_000_000)
		a, err := measure.NewRegistry(nothing)
		assert.NoError(t, err)
		b, err := measure.NewRegistry(measure.Satisfaction(measure.Survey{Scale: scale, Satisfied: decimal.NewFromInt(1)}))
		assert.NoError(t, err)
		assert.ErrorIs(t, measure.NewTally(a, measure.Grouping{}).Merge(measure.NewTally(b, measure.Grouping{})), measure.ErrTally)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("a decimal is written out")
	}
}

// A tally without a table counts nothing, and says so.
func TestTalliesWithoutATable(t *testing.T) {
	record := &measure.Record{Of: measure.Cases, Now: monday}
	for name, tally := range map[string]*measure.Tally{"zero": {}, "nil table": measure.NewTally(nil, measure.Grouping{})} {
		assert.ErrorIs(t, tally.Take(record), measure.ErrTally, name)
		assert.ErrorIs(t, tally.Observe("accuracy", measure.Observation{At: monday, Fact: measure.Hit(true)}), measure.ErrTally, name)
		assert.ErrorIs(t, tally.Merge(measure.NewTally(standard(), measure.Grouping{})), measure.ErrTally, name)
		assert.ErrorIs(t, measure.NewTally(standard(), measure.Grouping{}).Merge(tally), measure.ErrTally, name)
		assert.Nil(t, tally.Measures(), name)
		assert.Empty(t, tally.Findings(), name)
		_, ok := tally.Total("accuracy")
		assert.False(t, ok, name)
		_, ok = tally.Get("accuracy", "", measure.Slice{})
		assert.False(t, ok, name)
		for range tally.Rows() {
			assert.Fail(t, "a row", name)
		}
	}
	assert.ErrorIs(t, measure.NewTally(standard(), measure.Grouping{}).Take(nil), measure.ErrRecord)
	_, err := measure.ReadTally(nil, nil, []byte(`{"grouping":{"period":"all-time"},"zone":"UTC","rows":[]}`))
	assert.ErrorIs(t, err, measure.ErrTally)
}

package measure_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// In both languages, which are not the same: no text of the one stands in the other.
func TestEveryMeasureSaysWhatItCounts(t *testing.T) {
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	names := map[measure.Text]string{}
	n := 0
	for m := range standard().All() {
		n++
		assert.Regexp(t, `^[a-z][-a-z0-9_/]*$`, m.ID)
		for _, text := range []measure.Text{m.Name, m.Numerator, m.Denominator, m.Excluded, m.Attributed} {
			assert.NotEmpty(t, text.EN, m.ID)
			assert.False(t, han(text.EN), "%s: %s", m.ID, text.EN)
			assert.True(t, han(text.ZH), "%s: %s", m.ID, text.ZH)
			assert.Contains(t, m.Text("en"), text.EN, m.ID)
			assert.Contains(t, m.Text("zh"), text.ZH, m.ID)
		}
		assert.False(t, han(m.Text("en")), m.ID)
		for _, name := range []measure.Text{{EN: m.Name.EN}, {ZH: m.Name.ZH}} {
			assert.Empty(t, names[name], "%v names %s too", name, m.ID)
			names[name] = m.ID
		}
		assert.Equal(t, m.Of == measure.Host, m.Observe == nil, m.ID)
		got, ok := standard().Get(m.ID)
		assert.True(t, ok)
		assert.Equal(t, m.Name, got.Name)
	}
	assert.Equal(t, standard().Len(), n)
	_, ok := standard().Get("smiles")
	assert.False(t, ok)
}

func TestEveryMeasureHasAnExample(t *testing.T) {
	files, err := filepath.Glob("example_measures*_test.go")
	require.NoError(t, err)
	var source []byte
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		source = append(source, text...)
	}
	for m := range standard().All() {
		assert.True(t, strings.Contains(string(source), `("`+m.ID+`",`), "an example of %s", m.ID)
	}
	assert.Equal(t, strings.Count(string(source), "\nfunc Example"), strings.Count(string(source), "// Output: "))
}

func TestRegistryRefuses(t *testing.T) {
	five, err := quality.Whole(1, 5)
	require.NoError(t, err)
	ok := measure.Measure{ID: "m", Kind: measure.Share, Unit: quality.Percent}
	for name, change := range map[string]func(*measure.Measure){
		"no id":             func(m *measure.Measure) { m.ID = "" },
		"no kind":           func(m *measure.Measure) { m.Kind = 0 },
		"no such kind":      func(m *measure.Measure) { m.Kind = 99 },
		"of nothing":        func(m *measure.Measure) { m.Of = 99 },
		"another unit":      func(m *measure.Measure) { m.Unit = quality.Hours },
		"no unit":           func(m *measure.Measure) { m.Unit = "" },
		"satisfied of none": func(m *measure.Measure) { m.Kind = measure.Satisfied },
		"satisfied at 6": func(m *measure.Measure) {
			m.Kind, m.Survey = measure.Satisfied, measure.Survey{Scale: five, Satisfied: decimal.NewFromInt(6)}
		},
		"score of none": func(m *measure.Measure) { m.Kind, m.Unit = measure.MeanScore, quality.Score },
		// Every question on 0 to 10 became a net promoter score (posthog#19500); this is the other way round.
		"nps on 1 to 5": func(m *measure.Measure) { m.Kind, m.Unit, m.Survey.Scale = measure.NetScore, quality.Score, five },
	} {
		m := ok
		change(&m)
		_, err := measure.NewRegistry(m)
		assert.ErrorIs(t, err, measure.ErrMeasure, name)
	}
	_, err = measure.NewRegistry(ok, ok)
	assert.ErrorIs(t, err, measure.ErrMeasure)
	_, err = standard().With(measure.ChannelShare("phone"))
	assert.ErrorIs(t, err, measure.ErrMeasure)
	for name, o := range map[string]measure.Options{
		"nothing said": {}, "no scale": {Satisfied: decimal.NewFromInt(4)}, "satisfied off the scale": {Scale: five}, "settles before": {Scale: five, Satisfied: decimal.NewFromInt(4), Settle: -1},
		"a channel twice": {Scale: five, Satisfied: decimal.NewFromInt(4), Channels: []string{"phone", "phone"}},
	} {
		_, err := measure.Standard(o)
		assert.ErrorIs(t, err, measure.ErrMeasure, name)
	}
	for _, text := range []string{measure.Kind(99).String(), measure.Of(99).String(), measure.Better(99).String(), measure.Period(99).String()} {
		assert.Contains(t, text, "(99)")
	}
}

// As a host's own words may be in one language only.
func TestTextWithoutALanguage(t *testing.T) {
	for _, c := range []struct {
		text     measure.Text
		language string
		want     string
	}{
		{measure.Text{EN: "a", ZH: "甲"}, "zh-CN", "甲"},
		{measure.Text{EN: "a", ZH: "甲"}, "en-GB", "a"},
		{measure.Text{EN: "a", ZH: "甲"}, "", "a"},
		{measure.Text{EN: "a"}, "zh", "a"},
		{measure.Text{ZH: "甲"}, "en", "甲"},
		{measure.Text{}, "zh", ""},
	} {
		assert.Equal(t, c.want, c.text.In(c.language))
	}
	for k := measure.Share; k <= measure.Part; k++ {
		assert.NotEqual(t, k.Text("zh"), k.Text("en"))
		assert.Equal(t, k.String(), k.Text("en"))
	}
	for b := measure.Neither; b <= measure.Lower; b++ {
		assert.NotEqual(t, b.Text("zh"), b.Text("en"))
	}
	assert.Equal(t, "Kind(99)", measure.Kind(99).Text("zh"))
	assert.Equal(t, "Better(99)", measure.Better(99).Text("zh"))
	for hours, want := range map[float64][2]string{
		1: {"staff trained for 1 hour", "培训达1小时人员占比"}, 80: {"staff trained for 80 hours", "培训达80小时人员占比"}, 0.5: {"staff trained for 30m0s", "培训达30m0s人员占比"},
	} {
		m := measure.TrainingReached("x", time.Duration(hours*float64(time.Hour)))
		assert.Equal(t, measure.Text{EN: want[0], ZH: want[1]}, m.Name)
	}
}

func TestEveryFindingIsSaidInBothLanguages(t *testing.T) {
	source, err := os.ReadFile("finding.go")
	require.NoError(t, err)
	assert.Len(t, measure.Codes(), strings.Count(string(source), " Code = \""))
	for _, c := range measure.Codes() {
		assert.NotEqual(t, c.Text("en"), c.Text("zh-CN"), c)
		assert.NotEqual(t, string(c), c.Text("en"))
		assert.True(t, strings.ContainsFunc(c.Text("zh"), func(r rune) bool { return unicode.Is(unicode.Han, r) }), c)
	}
	assert.Equal(t, "strange", measure.Code("strange").Text("zh"))
}

// Who publishes a table of definitions needs the scale, the rounding and what is a census.
func TestTextSaysScaleRoundingAndCensus(t *testing.T) {
	for id, want := range map[string][2]string{
		"satisfaction":       {"\n  scale: 1-5, satisfied from 4\n  rounding: none; shown half away from zero", "\n  量表：1-5，4分起为满意\n  修约：不修约；显示时按绝对值四舍五入"},
		"satisfaction-score": {"\n  scale: 1-5\n  rounding:", "\n  量表：1-5\n  修约："},
		"nps":                {"\n  scale: 0-10\n  rounding:", "\n  量表：0-10\n  修约："},
		"training-coverage":  {"zero\n  census: the facts are all there are, so without an interval", "五入\n  普查：已含全部事实，不作区间估计"},
	} {
		m, ok := standard().Get(id)
		require.True(t, ok, id)
		assert.Contains(t, m.Text("en"), want[0], id)
		assert.Contains(t, m.Text("zh"), want[1], id)
	}
	m, _ := standard().Get("reopen-rate")
	assert.NotContains(t, m.Text("en"), "scale:")
	assert.NotContains(t, m.Text("en"), "census:")
}

func TestMeasureIsJSON(t *testing.T) {
	m, _ := standard().Get("satisfaction")
	data, err := json.Marshal(m)
	require.NoError(t, err)
	assert.NotContains(t, string(data), "Observe")
	var back measure.Measure
	require.NoError(t, json.Unmarshal(data, &back))
	m.Observe = nil
	assert.Equal(t, m, back)
}

package quality_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

// anyDuration draws from 0 to the largest, every power of two being about as likely.
func anyDuration() *rapid.Generator[time.Duration] {
	return rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "v") >> rapid.IntRange(0, 62).Draw(t, "shift"))
	})
}

func observe(t require.TestingT, vs ...time.Duration) *quality.Durations {
	d := new(quality.Durations)
	for _, v := range vs {
		require.NoError(t, d.Observe(v))
	}
	return d
}

// The reference keeps everything, sorts, and takes rank ⌈q·n⌉ with q in thousandths.
func TestQuantileWithinRelativeError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vs := rapid.SliceOfN(anyDuration(), 1, 300).Draw(t, "durations")
		d := observe(t, vs...)
		slices.Sort(vs)
		assert.Equal(t, uint64(len(vs)), d.Count())
		shortest, ok := d.Min()
		assert.True(t, ok)
		assert.Equal(t, vs[0], shortest)
		longest, ok := d.Max()
		assert.True(t, ok)
		assert.Equal(t, vs[len(vs)-1], longest)

		for _, permille := range []int{0, 1, 100, 500, 900, 950, 990, 999, 1000, rapid.IntRange(0, 1000).Draw(t, "permille")} {
			rank := max((permille*len(vs)+999)/1000, 1)
			want := vs[rank-1]
			got, ok := d.Quantile(float64(permille) / 1000)
			require.True(t, ok)
			if off := (got - want).Abs(); off > want/128 {
				t.Fatalf("quantile %d‰ of %d: %d ns instead of %d ns, off by %d", permille, len(vs), got, want, off)
			}
		}
	})
}

func TestRelativeErrorIsBelowOnePercent(t *testing.T) {
	assert.Equal(t, 1.0/128, quality.RelativeError)
	assert.Less(t, quality.RelativeError, 0.01)
}

// Both sides of every bin's edges, so that a bin that is one too wide shows.
func TestQuantileAtBinEdges(t *testing.T) {
	for shift := range 57 {
		for lead := int64(64); lead < 128; lead++ {
			for _, v := range []time.Duration{time.Duration(lead << shift), time.Duration((lead+1)<<shift - 1)} {
				if v < 0 {
					continue
				}
				// Clamping to the extremes must not hide the error.
				got, _ := observe(t, 0, v, math.MaxInt64).Quantile(0.5)
				if (got - v).Abs() > v/128 {
					t.Fatalf("%d ns came back as %d ns", v, got)
				}
			}
		}
	}
	for v := range time.Duration(128) {
		got, _ := observe(t, 0, v, math.MaxInt64).Quantile(0.5)
		assert.Equal(t, v, got, "below 128 ns it is exact")
	}
}

func TestQuantileRank(t *testing.T) {
	var hundred quality.Durations
	for i := range time.Duration(100) {
		require.NoError(t, hundred.Observe(i+1)) // nanoseconds below 128 are exact
	}
	for q, want := range map[float64]time.Duration{
		0: 1, 0.001: 1, 0.01: 1, 0.0100001: 2, 0.07: 7, 0.14: 14, 0.29: 29, 0.5: 50, 0.9: 90, 0.95: 95, 0.999: 100, 1: 100,
		math.SmallestNonzeroFloat64: 1, math.Nextafter(1, 0): 100,
	} {
		got, ok := hundred.Quantile(q)
		assert.True(t, ok)
		assert.Equal(t, want, got, "q = %v", q)
	}
	lower, _ := observe(t, 10, 20).Quantile(0.5)
	assert.Equal(t, 10*time.Nanosecond, lower)
	for _, q := range []float64{-0.01, 1.01, 95, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, ok := hundred.Quantile(q)
		assert.False(t, ok, "q = %v", q)
	}
}

func TestQuantileNeverOutsideExtremes(t *testing.T) {
	const v = 50 * time.Hour
	got, ok := observe(t, v, v, v).Quantile(0.5)
	assert.True(t, ok)
	assert.Equal(t, v, got)
}

func TestDurationsEmpty(t *testing.T) {
	var d quality.Durations
	assert.Zero(t, d.Count())
	_, ok := d.Min()
	assert.False(t, ok)
	_, ok = d.Max()
	assert.False(t, ok)
	_, ok = d.Quantile(0.5)
	assert.False(t, ok)
}

func TestObserveNegative(t *testing.T) {
	d := observe(t, time.Minute)
	for _, v := range []time.Duration{-1, -time.Hour, math.MinInt64} {
		err := d.Observe(v)
		assert.ErrorIs(t, err, quality.ErrNegative)
		assert.ErrorContains(t, err, v.String())
	}
	assert.Equal(t, observe(t, time.Minute), d)

	var empty quality.Durations
	assert.Error(t, empty.Observe(-1))
	assert.Equal(t, quality.Durations{}, empty)
}

// Merging in any grouping and order leaves exactly the state, bit for bit, of one accumulator that saw everything.
func TestMergeEqualsObservingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(anyDuration(), 0, 50), 1, 6).Draw(t, "parts")
		whole := observe(t, slices.Concat(parts...)...)
		merged, backwards := new(quality.Durations), new(quality.Durations)
		for i := range parts {
			require.NoError(t, merged.Merge(observe(t, parts[i]...)))
			require.NoError(t, backwards.Merge(observe(t, parts[len(parts)-1-i]...)))
		}
		require.Equal(t, whole, merged)
		require.Equal(t, whole, backwards)
	})
}

func TestMergeSharesNothing(t *testing.T) {
	from, into := observe(t, time.Hour), new(quality.Durations)
	require.NoError(t, into.Merge(from))
	require.NoError(t, into.Observe(time.Hour))
	assert.Equal(t, observe(t, time.Hour), from)
	assert.Equal(t, observe(t, time.Hour, time.Hour), into)
}

func TestMergeOdd(t *testing.T) {
	d := observe(t, time.Minute, time.Hour)
	require.NoError(t, d.Merge(nil))
	require.NoError(t, d.Merge(new(quality.Durations)))
	assert.Equal(t, observe(t, time.Minute, time.Hour), d)

	require.NoError(t, d.Merge(d))
	assert.Equal(t, observe(t, time.Minute, time.Hour, time.Minute, time.Hour), d)
}

func TestDurationsFull(t *testing.T) {
	const text = `{"binsPerOctave":64,"count":9007199254740991,"min":"0s","max":"0s","bins":[[0,9007199254740991]]}`
	full := new(quality.Durations)
	require.NoError(t, json.Unmarshal([]byte(text), full))
	assert.ErrorIs(t, full.Observe(1), quality.ErrTooMany)
	assert.ErrorIs(t, full.Merge(observe(t, 1)), quality.ErrTooMany)
	assert.ErrorIs(t, full.Merge(full), quality.ErrTooMany)
	data, err := json.Marshal(full)
	require.NoError(t, err)
	assert.Equal(t, text, string(data))
}

func TestDurationsJSON(t *testing.T) {
	data, err := json.Marshal(observe(t, time.Minute, time.Minute, 90*time.Minute))
	require.NoError(t, err)
	assert.Equal(t, `{"binsPerOctave":64,"count":3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]}`, string(data))

	byValue, err := json.Marshal(struct{ D quality.Durations }{*observe(t, 5)})
	require.NoError(t, err)
	assert.Equal(t, `{"D":{"binsPerOctave":64,"count":1,"min":"5ns","max":"5ns","bins":[[5,1]]}}`, string(byValue))

	empty, err := json.Marshal(quality.Durations{})
	require.NoError(t, err)
	assert.Equal(t, `{"binsPerOctave":64,"count":0,"bins":[]}`, string(empty))
}

func TestDurationsJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := observe(t, rapid.SliceOfN(anyDuration(), 0, 100).Draw(t, "durations")...)
		data, err := json.Marshal(d)
		require.NoError(t, err)
		back := observe(t, 42*time.Hour) // what it held before goes
		require.NoError(t, json.Unmarshal(data, back))
		require.Equal(t, d, back)
	})
}

func TestDurationsJSONRefuses(t *testing.T) {
	const good = `{"binsPerOctave":64,"count":3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]}`
	require.NoError(t, new(quality.Durations).UnmarshalJSON([]byte(good)))
	for _, c := range []struct{ old, new, says string }{
		{good, `null`, "0 bins per octave"},
		{good, `{}`, "0 bins per octave"},
		{good, `[`, "unexpected end"},
		{`Octave":64`, `Octave":128`, "128 bins per octave"},
		{`:3`, `:4`, "count 4, but the bins hold 3"},
		{`:3`, `:-3`, "cannot unmarshal"},
		{`[1967,2]`, `[1967]`, "bins[0]: 1 numbers"},
		{`[1967,2]`, `[1967,2,2]`, "bins[0]: 3 numbers"},
		{`[1967,2]`, `[1967,2.5]`, "cannot unmarshal"},
		{`[1967,2]`, `[1967,0]`, "bins[0]: nothing in it"},
		{`[1967,2]`, `[2382,2]`, "bins[1]: number 2382 does not rise"},
		{`[1967,2]`, `[2383,2]`, "bins[1]: number 2382 does not rise"},
		{`[2382,1]`, `[3712,1]`, "bins[1]: number 3712, the last is 3711"},
		{`[2382,1]`, `[18446744073709551615,1]`, "bins[1]: number"},
		{`[2382,1]`, `[2382,9007199254740990]`, "count too large"},
		{`[2382,1]`, `[2382,18446744073709551615]`, "count too large"},
		{`"1m0s"`, `"2m0s"`, "min: 2m0s is not in bin 1967"},
		{`"1m0s"`, `"-1m0s"`, "min: quality: negative"},
		{`"1m0s"`, `"soon"`, `min: time: invalid duration "soon"`},
		{`"1h30m0s"`, `"1h0m0s"`, "max: 1h0m0s is not in bin 2382"},
		{`"1h30m0s"`, `""`, "max: time: invalid duration"},
		{`3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]`, `2,"min":"1m0.1s","max":"1m0s","bins":[[1967,2]]`, "min 1m0.1s and max 1m0s of 2"},
		{`3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]`, `1,"min":"1m0s","max":"1m0.1s","bins":[[1967,1]]`, "min 1m0s and max 1m0.1s of 1"},
		{`3,"min":"1m0s","max":"1h30m0s","bins":[[1967,2],[2382,1]]`, `0,"min":"1m0s","bins":[]`, "of nothing"},
	} {
		input := strings.Replace(good, c.old, c.new, 1)
		d := observe(t, time.Second)
		err := d.UnmarshalJSON([]byte(input))
		assert.ErrorIs(t, err, quality.ErrFormat, input)
		assert.ErrorContains(t, err, c.says, input)
		assert.Equal(t, observe(t, time.Second), d, "%s changed it", input)
	}
}

// Whatever bytes come in, they are refused and change nothing, or stand for a state with all its properties.
func FuzzDurationsJSON(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		d := observe(t, time.Second)
		if err := json.Unmarshal(data, d); err != nil {
			require.Equal(t, observe(t, time.Second), d)
			return
		}
		written, err := json.Marshal(d)
		require.NoError(t, err)
		back := new(quality.Durations)
		require.NoError(t, json.Unmarshal(written, back))
		require.Equal(t, d, back)

		last, known := d.Min()
		require.Equal(t, d.Count() > 0, known)
		for _, q := range []float64{0, 0.25, 0.5, 0.9, 0.99, 1} {
			v, ok := d.Quantile(q)
			require.Equal(t, known, ok)
			require.GreaterOrEqual(t, v, last, "quantiles fall at %v", q)
			last = v
		}
		longest, _ := d.Max()
		require.Equal(t, longest, last)
	})
}

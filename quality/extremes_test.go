package quality_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

func extremes(t require.TestingT, amounts ...int64) (e quality.Extremes) {
	for _, v := range amounts {
		require.NoError(t, e.Observe(v))
	}
	return e
}

// The mean of 10, 40, 24 and 26 is 25, and two of the four keep neither bound.
func TestEachAmountMustKeepTheBound(t *testing.T) {
	floor, ceiling := objective("terminals", quality.AtLeast, "20", quality.Amount), objective("terminals", quality.AtMost, "30", quality.Amount)
	for _, c := range []struct {
		of           quality.Extremes
		floor, above quality.Outcome
	}{
		{extremes(t, 10, 40, 24, 26), quality.Missed, quality.Missed},
		{extremes(t, 20, 24, 30), quality.Met, quality.Met},
		{extremes(t, 19, 24, 30), quality.Missed, quality.Met},
		{extremes(t, 20, 24, 31), quality.Met, quality.Missed},
		{extremes(t, 0), quality.Missed, quality.Met},
		{extremes(t), quality.Undecided, quality.Undecided},
	} {
		for o, want := range map[quality.Objective]quality.Outcome{floor: c.floor, ceiling: c.above} {
			got, err := o.Exact(c.of)
			require.NoError(t, err)
			assert.Equal(t, want, got, "%v: %v", o, c.of)
			a := assess(t, o, c.of)
			assert.Equal(t, want, a.Exact, a.String())
			assert.Equal(t, quality.Undecided, a.Outcome, "a sample of centres does not bound the next")
			assert.Nil(t, a.More, a.String())
		}
	}
	assert.Equal(t, "10", assess(t, floor, extremes(t, 10, 40, 24, 26)).Value.String(), "the amount that the bound is about")
	assert.Equal(t, "40", assess(t, ceiling, extremes(t, 10, 40, 24, 26)).Value.String())
	assert.Nil(t, assess(t, floor, extremes(t)).Value)
	_, ok := quality.Value(extremes(t, 3), quality.Amount, 0)
	assert.False(t, ok)
	_, err := objective("terminals", quality.AtLeast, "90", quality.Percent).Exact(extremes(t, 3))
	assert.ErrorIs(t, err, quality.ErrUnit)
}

// However the amounts are split, the parts merge to those of all, and what is written reads back the same.
func TestExtremesMergeToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOf(rapid.Int64Range(0, math.MaxInt64)).Draw(t, "amounts")
		cut := rapid.IntRange(0, len(amounts)).Draw(t, "cut")
		merged := extremes(t, amounts[:cut]...)
		require.NoError(t, merged.Merge(extremes(t, amounts[cut:]...)))
		assert.Equal(t, extremes(t, amounts...), merged)
		smallest, largest, ok := merged.Between()
		assert.Equal(t, len(amounts) > 0, ok)
		if ok {
			assert.Equal(t, [...]int64{slices.Min(amounts), slices.Max(amounts)}, [...]int64{smallest, largest})
		}
		data, err := json.Marshal(merged)
		require.NoError(t, err)
		var back quality.Extremes
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, merged, back)
	})
}

func TestExtremesRefuse(t *testing.T) {
	e := extremes(t, 24, 28, 26)
	assert.ErrorIs(t, e.Observe(-1), quality.ErrNegative)
	data, err := json.Marshal(e)
	require.NoError(t, err)
	assert.Equal(t, `{"smallest":"24","largest":"28","count":3}`, string(data))
	var most quality.Extremes
	require.NoError(t, json.Unmarshal([]byte(`{"smallest":"1","largest":"2","count":9007199254740991}`), &most))
	assert.ErrorIs(t, most.Observe(0), quality.ErrTooMany)
	assert.ErrorIs(t, e.Merge(most), quality.ErrTooMany)
	for _, in := range []string{
		`[]`, `{"smallest":24,"largest":28,"count":3}`, `{"smallest":"28","largest":"24","count":3}`, `{"smallest":"-1","largest":"24","count":3}`,
		`{"smallest":"24","largest":"28","count":1}`, `{"smallest":"0","largest":"28","count":0}`, `{"smallest":"1","largest":"2","count":9007199254740992}`,
		`{"smallest":"1","largest":"9223372036854775808","count":2}`,
	} {
		assert.ErrorIs(t, e.UnmarshalJSON([]byte(in)), quality.ErrFormat, in)
	}
	assert.Equal(t, extremes(t, 24, 28, 26), e, "what is refused changes nothing")
}

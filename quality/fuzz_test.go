package quality_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
)

func FuzzParseScale(f *testing.F) {
	for _, text := range []string{"1-5", "0-100/0.01", "-3-3", "-5--1", "1-5/0.3", "5", "1-1e9", "0-0.000001/0.000001", "999999999-1000000000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := quality.ParseScale(text)
		if err != nil {
			require.ErrorIs(t, err, quality.ErrScale)
			return
		}
		require.True(t, s.Levels() >= 2 && s.Levels() <= quality.MaxLevels)
		again, err := quality.ParseScale(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
		for _, level := range []int{0, 1, s.Levels() / 2, s.Levels() - 1} {
			got, err := s.Level(s.At(level))
			require.NoError(t, err)
			require.Equal(t, level, got)
		}
	})
}

// Whatever is read as a state is written as one that reads back the same, merges with itself and has no figure out of bounds; all else leaves the state
// as it was.
func FuzzStates(f *testing.F) {
	for _, text := range []string{
		`{"scale":"1-5","scores":[[0,2],[4,31]]}`, `{"promoters":55,"passives":30,"detractors":15}`, `{"count":2,"sum":"3","squares":"5"}`,
		`{"agreed_ns":"100","down_ns":"1","failures":2,"stretches":3}`, `{"part":"1","whole":"3","count":1}`, `{"smallest":"24","largest":"28","count":3}`,
		`[{"part":"a","share":"0.25"},{"part":"b","share":"0.75"}]`, `{"count":9007199254740991,"sum":"0","squares":"0"}`, `null`, `{"scale":"0-1","scores":null}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, fresh := range []func() json.Unmarshaler{
			func() json.Unmarshaler { return new(quality.Scores) },
			func() json.Unmarshaler { return new(quality.Net) },
			func() json.Unmarshaler { return new(quality.MeanTime) },
			func() json.Unmarshaler { return new(quality.MeanAmount) },
			func() json.Unmarshaler { return new(quality.Extremes) },
			func() json.Unmarshaler { return new(quality.Uptime) },
			func() json.Unmarshaler { return new(quality.Ratio) },
			func() json.Unmarshaler { return new(quality.Weights) },
		} {
			v := fresh()
			if err := json.Unmarshal(data, v); err != nil {
				require.Equal(t, fresh(), v)
				continue
			}
			if strings.TrimSpace(string(data)) == "null" {
				continue
			}
			written, err := json.Marshal(v)
			require.NoError(t, err)
			back := fresh()
			require.NoError(t, json.Unmarshal(written, back), "%s", written)
			require.Equal(t, v, back)
			if s, ok := v.(quality.Statistic); ok {
				sound(t, s)
			}
			if u, ok := v.(*quality.Uptime); ok {
				sound(t, u.BetweenFailures())
			}
		}
	})
}

// sound holds what is so for every statistic.
func sound(t *testing.T, s quality.Statistic) {
	for _, unit := range []quality.Unit{quality.Percent, quality.Score, quality.Hours, quality.Amount} {
		v, known := quality.Value(s, unit, 6)
		if known && unit == quality.Percent {
			require.False(t, v.IsNegative() || v.IntPart() > 100)
		}
		if i, ok := quality.Estimate(s, unit, 0.95); ok {
			require.True(t, known)
			require.LessOrEqual(t, i.Low, i.High)
		}
	}
}

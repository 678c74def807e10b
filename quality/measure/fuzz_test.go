package measure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality/measure"
)

// Whatever is read as a tally is written as one that reads back the same and merges; all else is refused.
func FuzzReadTally(f *testing.F) {
	for _, text := range []string{
		`{"grouping":{"period":"month","channel":true},"zone":"UTC","rows":[{"measure":"satisfaction","period":"2025-03","slice":{"channel":"chat"},"scores":{"scale":"1-5","scores":[[4,1]]}}]}`,
		`{"grouping":{"period":"all time","quantiles":true},"zone":"UTC","rows":[{"measure":"mttr","slice":{},"time":{"count":1,"sum":"1","squares":"1"},"durations":{"binsPerOctave":64,"count":1,"min":"1ns","max":"1ns","bins":[[1,1]]}}]}`,
		`{"grouping":{"period":"all time"},"zone":"UTC","rows":[{"measure":"mtbf","slice":{},"pending":3,"uptime":{"agreed_ns":"9","down_ns":"1","failures":1,"stretches":1}}],"findings":[{"code":"off-scale","count":2,"examples":[]}]}`,
		`{}`, `null`, `[]`,
	} {
		f.Add([]byte(text))
	}
	table := standard()
	f.Fuzz(func(t *testing.T, data []byte) {
		tally, err := measure.ReadTally(table, nil, data)
		if err != nil {
			require.ErrorIs(t, err, measure.ErrTally)
			return
		}
		written := state(t, tally)
		back, err := measure.ReadTally(table, nil, []byte(written))
		require.NoError(t, err)
		require.Equal(t, written, state(t, back))
		for row := range tally.Rows() {
			require.NotNil(t, row.Statistic)
		}
		_ = back.Merge(tally) // may pass the largest count
	})
}

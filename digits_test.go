package charter_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla/calendar"
)

// A number of a few bytes whose text has gigabytes is refused before anybody writes it out.
func TestNumbersThatCannotBeWrittenOut(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(small))
	require.NoError(t, err)
	huge, tiny := decimal.New(1, 2_000_000_000), decimal.New(1, -2_000_000_000)
	added := func(kind charter.Kind, r charter.Rule) charter.Edit {
		return charter.AddClause{Clause: charter.Clause{
			ID: "small/new", Subject: "people", Kind: kind, Check: charter.CheckMeasured, Text: charter.Text{EN: "New."}, Rule: r,
		}}
	}
	for _, n := range []decimal.Decimal{huge, huge.Neg(), tiny, decimal.New(1, 64), decimal.New(1, -65)} {
		f := charter.Figure{Value: n, Unit: quality.Score}
		cadence := charter.Cadence{Of: "person", Shown: history.Trained, Every: []quality.Cycle{quality.Monthly()}, Need: n}
		for _, e := range []charter.Edit{
			charter.SetObjective{Clause: "small/5", AtLeast: f},
			&charter.SetObjective{Clause: "small/5", AtMost: f},
			charter.SetDuty{Clauses: []string{charter.Every}, Need: n},
			added(charter.KindObjective, charter.Objective{Measure: "nps", AtLeast: f}),
			added(charter.KindObjective, &charter.Objective{Measure: "nps", AtMost: f}),
			added(charter.KindCadence, cadence),
		} {
			inTime(t, func() {
				p := charter.Patch{
					Base: h.Pin(), Reason: "r", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}, Changes: []charter.Change{{Edit: e}},
				}
				out, err := h.Amend(p)
				require.ErrorIs(t, err, charter.ErrValue)
				assert.ErrorContains(t, err, "change 1")
				assert.ErrorContains(t, err, "64 digits")
				assert.Nil(t, out)
				assert.Less(t, len(p.String()), 1000)
				_, err = json.Marshal(p)
				assert.ErrorIs(t, err, charter.ErrValue)
			})
		}
		inTime(t, func() {
			_, err := f.MarshalText()
			assert.ErrorIs(t, err, charter.ErrValue)
			assert.Equal(t, "a number of too many digits score", f.String())
			assert.Contains(t, charter.Objective{Measure: "nps", AtLeast: f, AtMost: f}.String(), "too many digits")
			_, err = json.Marshal(charter.Figure{Value: n})
			assert.NoError(t, err, "without a unit it is no figure")
		})
	}
	for _, n := range []decimal.Decimal{decimal.New(1, 63), decimal.New(1, -64), decimal.New(-985, -1)} {
		text, err := charter.Figure{Value: n, Unit: quality.Score}.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, n.String()+" score", string(text))
	}
}

// inTime fails the test where something hangs.
func inTime(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
	}
}

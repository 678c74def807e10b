package measure_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
	"github.com/servicecharter/charter/quality/measure"
)

// The closure rate is that of package quality over the same improvements, wherever that has one: it refuses what is not whole.
func TestClosureRateIsThatOfTheImprovements(t *testing.T) {
	instant := func(hour int) string { return history.FormatInstant(monday.Add(time.Duration(hour) * time.Hour)) }
	rapid.Check(t, func(t *rapid.T) {
		tally := measure.NewTally(standard(), measure.Grouping{})
		var whole []quality.Improvement
		now := monday.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "now")) * time.Hour)
		for i := range rapid.IntRange(0, 8).Draw(t, "problems") {
			h := history.History{Case: fmt.Sprint("P-", i)}
			hour := rapid.IntRange(0, 20).Draw(t, "raised")
			add := func(kind history.Kind, fields ...string) {
				h.Entries = append(h.Entries, history.Entry{
					Seq: uint64(len(h.Entries)) + 1, At: monday.Add(time.Duration(hour) * time.Hour), Kind: kind, Actor: history.Actor{ID: "Zhao"}, Fields: history.Of(fields...),
				})
				hour += rapid.IntRange(0, 20).Draw(t, "later")
			}
			add(history.Reviewed, "problem", "waits", "cause", "lunch")
			add(history.Planned, "measures", "shifts", "owner", "Li", "due", instant(hour+rapid.IntRange(0, 30).Draw(t, "due")))
			if rapid.Bool().Draw(t, "done") {
				add(history.Improved, "step", "do")
				if rapid.Bool().Draw(t, "verified") {
					add(history.Improved, "step", "verified", "effect", rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "effect"))
				}
				if rapid.Bool().Draw(t, "reopened") {
					add(history.Reopened)
					add(history.Improved, "step", "do")
				}
			}
			r := improvement.Read(h, improvement.Words{}, now)
			if r.Improvement.Validate() != nil {
				continue // not raised or not planned yet, or done in an order that quality refuses
			}
			whole = append(whole, r.Improvement)
			require.NoError(t, tally.Take(&measure.Record{Of: measure.Problems, History: h, Now: now}))
		}
		want, err := quality.Closed(whole, now)
		require.NoError(t, err)
		row, ok := tally.Total("improvement-closure")
		require.Equal(t, len(whole) > 0, ok)
		if ok {
			assert.Equal(t, want.Rate(), row.Statistic)
		}
		assert.Empty(t, tally.Findings())
	})
}

func TestImprovementsAtTheEdges(t *testing.T) {
	early := monday.AddDate(0, 0, 1)
	for _, c := range []struct {
		measure, facts string
		now            time.Time
		want           string
	}{
		{"rectification-rate", "mon 09:00 improve step=verified, tue 09:00 reopen", sunday, "pending"},
		{"rectification-rate", "mon 09:00 improve step=verify effect=no due=2025-03-04T00:00:00Z", sunday, "miss"},
		{"rectification-rate", "mon 09:00 plan due=2025-03-05T09:00:00+08:00, wed 09:00 improve step=verified", sunday, "hit"},
		{"rectification-rate", "mon 09:00 plan due=2025-03-05T09:00:00+08:00, wed 09:01 improve step=verified", sunday, "miss"},
		{"rectification-rate", "mon 09:00 plan due=2025-03-05T09:00:00+08:00, wed 09:00 cancel", sunday, "excluded"},
		{"improvement-closure", "", sunday, "nothing"},
		{"improvement-closure", "mon 09:00 inspect finding=waits", sunday, "miss"},
		{"improvement-closure", "wed 09:00 inspect finding=waits", early, "nothing"},
		{"improvement-closure", "mon 09:00 improve step=verified", sunday, "hit"},
		{"improvement-closure", "mon 09:00 improve step=verified, tue 09:00 reopen", sunday, "miss"},
		{"improvement-closure", "mon 09:00 improve step=checked", sunday, "miss"},
		{"improvement-closure", "mon 09:00 improve step=verify effect=no", sunday, "miss"},
		{"improvement-closure", "mon 09:00 improve step=accepted", sunday, "excluded"},
		{"improvement-closure", "mon 09:00 improve step=accepted, tue 09:00 improve step=verified", sunday, "hit"}, // whatever that was
		{"improvement-closure", "mon 09:00 review cause=x, tue 09:00 merge", sunday, "excluded"},
		{"improvement-verified", "mon 09:00 plan measures=x", sunday, "excluded"},
		{"improvement-verified", "mon 09:00 improve step=do due=2025-03-05T09:00:00+08:00", monday.Add(57 * time.Hour), "pending"},
		{"improvement-verified", "mon 09:00 improve step=do due=2025-03-05T09:00:00+08:00", monday.Add(57*time.Hour + 1), "miss"},
		{"improvement-verified", "mon 09:00 improve step=do, tue 09:00 improve step=accepted", sunday, "excluded"},
		{"improvement-evaluated", "mon 09:00 improve step=do, tue 09:00 improve effect=halved", sunday, "hit"}, // somebody looked
		{"improvement-effective", "mon 09:00 improve step=do, tue 09:00 improve effect=halved", sunday, "excluded"},
		{"improvement-effective", "mon 09:00 improve step=do", sunday, "nothing"},
	} {
		assert.Equal(t, c.want, says(taken(t, measure.Problems, c.facts, c.now), c.measure), "%s: %s", c.measure, c.facts)
	}
	found := taken(t, measure.Problems, "mon 09:00 improve step=accepted effect=halved", sunday).Findings()
	require.Len(t, found, 1, "by one measure, once each")
	assert.Equal(t, `unmapped: 2; improvement-closure, case , entry 1: effect "halved"; improvement-closure, case , entry 1: step "accepted"`, found[0].String())

	// The words of a host.
	five, err := quality.Whole(1, 5)
	require.NoError(t, err)
	words := improvement.Standard()
	words.Steps["accepted"] = improvement.Meaning{Step: quality.Check, Verified: true}
	table, err := measure.Standard(measure.Options{Scale: five, Satisfied: decimal.NewFromInt(4), Improvement: words})
	require.NoError(t, err)
	tally := measure.NewTally(table, measure.Grouping{})
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Problems, History: parse("mon 09:00 improve step=accepted"), Now: sunday}))
	assert.Equal(t, "hit", says(tally, "improvement-closure"))
	assert.Empty(t, tally.Findings())
}

package measure_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// A slip of the pen in a dimension or a channel is in no figure where it belongs. No measure would see it, so the tally does.
func TestWhatNoMeasureHasIsFound(t *testing.T) {
	counted := func(table *measure.Registry, facts ...string) (found []string) {
		tally := measure.NewTally(table, measure.Grouping{})
		for i, f := range facts {
			h := parse(f)
			h.Case = fmt.Sprint("T-", i)
			require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: sunday}))
		}
		back, err := measure.ReadTally(table, nil, []byte(state(t, tally)))
		require.NoError(t, err)
		assert.Equal(t, tally.Findings(), back.Findings())
		for _, f := range tally.Findings() {
			found = append(found, f.String())
		}
		return found
	}
	surveys := []string{
		"mon 09:00 open, mon 10:00 survey dimension=atitude score=99",
		"mon 09:00 open, mon 10:00 survey dimension=taste score=5",
		"mon 09:00 open, mon 10:00 survey dimension=taste comment=none",
		"mon 09:00 open, mon 10:00 survey score=5, mon 10:00 survey dimension=attitude score=5",
	}
	channels := []string{"mon 09:00 open channel=fone", "mon 09:00 open channel=phone", "mon 09:00 open", "mon 09:00 detect channel=fone"}
	assert.Equal(t, []string{
		`no-question: 3; case T-0, entry 2: dimension "atitude"; case T-1, entry 2: dimension "taste"; case T-2, entry 2: dimension "taste"`,
	}, counted(standard(), surveys...))
	assert.Equal(t, []string{`no-channel: 1; case T-0, entry 1: channel "fone"`}, counted(standard(), channels...))

	// A host that asks about taste, or lists a channel, says so by a measure.
	five, err := quality.Whole(1, 5)
	require.NoError(t, err)
	taste := measure.Satisfaction(measure.Survey{Dimension: "taste", Scale: five, Satisfied: decimal.NewFromInt(4)})
	assert.Equal(t, measure.Text{EN: "satisfaction with taste", ZH: "taste满意率"}, taste.Name)
	table, err := standard().With(taste, measure.ChannelShare("fone"))
	require.NoError(t, err)
	assert.Equal(t, []string{`no-question: 1; case T-0, entry 2: dimension "atitude"`}, counted(table, surveys...))
	assert.Empty(t, counted(table, channels...))

	// No dimension is overall, in a measure as on an entry.
	overall := measure.Satisfaction(measure.Survey{Scale: five, Satisfied: decimal.NewFromInt(4)})
	table, err = measure.NewRegistry(overall)
	require.NoError(t, err)
	tally := measure.NewTally(table, measure.Grouping{})
	require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, Now: sunday, History: parse("mon 09:00 open, mon 10:00 survey score=5, mon 11:00 survey dimension=\"\" score=4")}))
	row, _ := tally.Total("satisfaction")
	assert.Equal(t, "2/2 (100.00%)", fmt.Sprint(row.Statistic))
	assert.Empty(t, tally.Findings())

	// Where nothing is asked, nothing is missed, and any number is an answer.
	participation, _ := standard().Get("survey-participation")
	table, err = measure.NewRegistry(participation)
	require.NoError(t, err)
	assert.Empty(t, counted(table, append(surveys, channels...)...))
	for facts, want := range map[string]string{
		"mon 09:00 open, mon 10:00 resolve, mon 11:00 survey dimension=taste score=99": "hit",
		"mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=good":               "excluded",
		"mon 09:00 open, mon 10:00 resolve, mon 11:00 survey comment=none":             "miss",
	} {
		tally := measure.NewTally(table, measure.Grouping{})
		require.NoError(t, tally.Take(&measure.Record{Of: measure.Cases, Now: sunday, History: parse(facts)}))
		assert.Equal(t, want, says(tally, "survey-participation"), facts)
	}
}

// A kind or a topic in a host's own spelling would leave the complaint rate and the shares of inspections without a word.
func TestKindsAndTopicsThatNoMeasureHasAreFound(t *testing.T) {
	found := func(table *measure.Registry, of measure.Of, facts ...string) (found []string) {
		tally := measure.NewTally(table, measure.Grouping{})
		for i, f := range facts {
			h := parse(f)
			h.Case = fmt.Sprint("T-", i)
			require.NoError(t, tally.Take(&measure.Record{Of: of, History: h, Now: sunday, From: monday, To: sunday}))
		}
		back, err := measure.ReadTally(table, nil, []byte(state(t, tally)))
		require.NoError(t, err)
		assert.Equal(t, tally.Findings(), back.Findings())
		for _, f := range tally.Findings() {
			found = append(found, f.String())
		}
		return found
	}
	kinds := []string{
		"mon 09:00 open kind=Complaint",
		"mon 09:00 open kind=complaint, mon 10:00 classify kind=gripe",
		"mon 09:00 open kind=Complaint, mon 10:00 classify kind=complaint", // put right
		"mon 09:00 open kind=\"\"",
		"mon 09:00 open", "mon 09:00 open kind=ticket", "mon 09:00 detect kind=incident", "mon 09:00 register kind=duty",
		"mon 09:00 open, mon 10:00 improve kind=innovation", // no kind of case
	}
	assert.Equal(t, []string{`no-kind: 3; case T-0, entry 1: kind "Complaint"; case T-1, entry 2: kind "gripe"; case T-3, entry 1: kind ""`},
		found(standard(), measure.Cases, kinds...))
	topics := []string{
		"mon 09:00 inspect topic=dres finding=conforming, mon 10:00 inspect topic=hygiene",
		"mon 09:00 inspect topic=dress finding=conforming, mon 10:00 inspect topic=conduct",
		"mon 09:00 inspect finding=conforming", // on no topic
		"2025-03-02 09:00 inspect topic=dres",  // of the window before
		"mon 09:00 train topic=dres hours=1",   // no inspection
	}
	assert.Equal(t, []string{`no-topic: 2; case T-0, entry 1: topic "dres"; case T-0, entry 2: topic "hygiene"`},
		found(standard(), measure.People, topics...))
	assert.Empty(t, found(standard(), measure.Services, topics...), "what is inspected of a service is none of dress")

	// A host that has requests, or looks at hygiene, says so by a measure.
	rate, _ := standard().Get("resolution-rate")
	requests := measure.Among(rate, "request", measure.Text{EN: "requests resolved"}, measure.Text{EN: "requests"}, history.Field{Key: "kind", Value: "gripe"})
	hygiene, _ := standard().Get("conduct-conformity")
	hygiene.ID, hygiene.Topic = "hygiene", "hygiene"
	table, err := standard().With(requests, hygiene)
	require.NoError(t, err)
	assert.Equal(t, []string{`no-kind: 2; case T-0, entry 1: kind "Complaint"; case T-3, entry 1: kind ""`}, found(table, measure.Cases, kinds...))
	assert.Equal(t, []string{`no-topic: 1; case T-0, entry 1: topic "dres"`}, found(table, measure.People, topics...))

	// A table that asks for one kind knows the others of Charter; one that asks for none finds none.
	only, err := measure.NewRegistry(requests)
	require.NoError(t, err)
	assert.Equal(t, found(table, measure.Cases, kinds...), found(only, measure.Cases, kinds...))
	only, err = measure.NewRegistry(rate)
	require.NoError(t, err)
	assert.Empty(t, found(only, measure.Cases, kinds...))
	assert.Empty(t, found(only, measure.People, topics...))
}

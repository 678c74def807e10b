package measure_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

var (
	shanghai = func() *time.Location {
		zone, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			panic(err)
		}
		return zone
	}()
	monday = time.Date(2025, 3, 3, 0, 0, 0, 0, shanghai)
	sunday = monday.AddDate(0, 0, 7) // its end
)

// standard is the table with answers from 4 on as satisfied, on a scale of 1 to 5, and cases that settle after a day.
func standard() *measure.Registry {
	scale, _ := quality.Whole(1, 5)
	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4), Settle: 24 * time.Hour})
	if err != nil {
		panic(err)
	}
	table, err = table.With(measure.Attainment("desk/urgent", measure.Text{EN: "urgent cases in time", ZH: "紧急工单达标率"}))
	if err != nil {
		panic(err)
	}
	return table
}

func parse(facts string) history.History {
	h, err := chartertest.ParseHistory(facts)
	if err != nil {
		panic(err)
	}
	return h
}

func show(id string, facts ...string)         { showOf(measure.Cases, id, facts) }
func showServices(id string, facts ...string) { showOf(measure.Services, id, facts) }
func showPeople(id string, facts ...string)   { showOf(measure.People, id, facts) }
func showProblems(id string, facts ...string) { showOf(measure.Problems, id, facts) }

// showOf counts records at the end of the week of 2025-03-03, which is also their window, and prints one measure.
func showOf(of measure.Of, id string, facts []string) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for _, f := range facts {
		if err := tally.Take(&measure.Record{Of: of, History: parse(f), Now: sunday, From: monday, To: sunday}); err != nil {
			fmt.Println(err)
		}
	}
	printRow(tally, id)
}

// showTarget counts cases with the clocks of a target on a metric.
func showTarget(id, metric, limit string, facts ...string) {
	span, err := sla.ParseSpan(limit)
	if err != nil {
		fmt.Println(err)
		return
	}
	metrics := sla.StandardMetrics()
	i := slices.IndexFunc(metrics, func(m sla.Metric) bool { return m.Name == metric })
	plan, err := sla.Compile(sla.Revision{ID: "2025", Targets: []sla.Target{{ID: "desk/urgent", Metric: metrics[i], Span: span}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	tally := measure.NewTally(standard(), measure.Grouping{})
	for _, f := range facts {
		h := parse(f)
		clocks, err := plan.Evaluate(nil, h.Entries, sunday)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := tally.Take(&measure.Record{Of: measure.Cases, History: h, Clocks: clocks, Now: sunday}); err != nil {
			fmt.Println(err)
		}
	}
	printRow(tally, id)
}

// showFacts observes facts that the host has.
func showFacts(id string, facts ...measure.Fact) {
	tally := measure.NewTally(standard(), measure.Grouping{})
	for _, f := range facts {
		if err := tally.Observe(id, measure.Observation{At: monday, Fact: f}); err != nil {
			fmt.Println(err)
		}
	}
	printRow(tally, id)
}

func printRow(tally *measure.Tally, id string) {
	row, ok := tally.Total(id)
	if !ok {
		fmt.Println(id, "no facts")
		return
	}
	m, _ := standard().Get(id)
	value, known := quality.Value(row.Statistic, m.Unit, 2)
	text := "no figure"
	each, bounded := row.Statistic.(quality.Extremes)
	switch smallest, largest, seen := each.Between(); {
	case bounded && seen:
		text = fmt.Sprintf("%d to %d", smallest, largest)
	case known && m.Unit == quality.Percent:
		text = value.StringFixed(2) + "%"
	case known && (m.Unit == quality.Score || m.Unit == quality.Amount):
		text = value.StringFixed(2)
	case known:
		text = value.StringFixed(2) + " " + string(m.Unit)
	}
	fmt.Print(text, " of ", row.Statistic.Count())
	if row.Pending > 0 {
		fmt.Print(", pending ", row.Pending)
	}
	if row.Excluded > 0 {
		fmt.Print(", excluded ", row.Excluded)
	}
	for _, f := range tally.Findings() {
		for _, e := range f.Examples {
			if e.Measure == id {
				fmt.Print(", ", f.Code, " ", f.Count)
			}
		}
	}
	fmt.Println()
}

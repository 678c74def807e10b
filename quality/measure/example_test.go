package measure_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
)

// Cases of a month, counted by month and channel, and held against an objective of a handbook.
func ExampleTally() {
	scale, err := quality.Whole(1, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4), Settle: 72 * time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	tally := measure.NewTally(table, measure.Grouping{Period: measure.Month, Channel: true})

	now := time.Date(2025, 4, 10, 0, 0, 0, 0, time.UTC)
	for i := range 200 {
		opened := time.Date(2025, 3, 1+i%28, 9, 0, 0, 0, time.UTC)
		channel, score := "phone", "5"
		if i%4 == 0 {
			channel = "chat"
		}
		if i%20 == 0 {
			score = "2"
		}
		record := measure.Record{Of: measure.Cases, Now: now, History: history.History{Case: fmt.Sprint("T-", i), Entries: []history.Entry{
			{Seq: 1, At: opened, Kind: history.Opened, Fields: history.Of("kind", "ticket", "channel", channel)},
			{Seq: 2, At: opened.Add(time.Hour), Kind: history.Resolved},
			{Seq: 3, At: opened.Add(2 * time.Hour), Kind: history.Surveyed, Fields: history.Of("score", score, "scale", "1-5")},
		}}}
		if err := tally.Take(&record); err != nil {
			fmt.Println(err)
			return
		}
	}

	objective := quality.Objective{
		Clause: "standard/1.1-satisfaction-rate", Measure: "satisfaction", Bound: quality.AtLeast, Figure: decimal.NewFromInt(90), Unit: quality.Percent, Places: 1,
	}
	for row := range tally.Rows() {
		if row.Measure == "satisfaction" {
			a, err := row.Assess(objective, 0.95)
			fmt.Println(row.Period, row.Slice.Channel, a, err)
		}
	}
	all, _ := tally.Total("first-contact-resolution")
	fmt.Println(all.Statistic)
	// Output:
	// 2025-03 chat standard/1.1-satisfaction-rate: satisfaction >= 90%: missed, 80.0% of 50 (67.0% to 88.8%) <nil>
	// 2025-03 phone standard/1.1-satisfaction-rate: satisfaction >= 90%: met, 100.0% of 150 (97.5% to 100.0%) <nil>
	// 200/200 (100.00%)
}

// Two machines count, one sends its tally as JSON, and the other merges it.
func ExampleTally_Merge() {
	table, err := measure.NewRegistry(measure.ChannelShare("phone"))
	if err != nil {
		fmt.Println(err)
		return
	}
	here, there := measure.NewTally(table, measure.Grouping{}), measure.NewTally(table, measure.Grouping{})
	at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	for range 3 {
		_ = here.Observe("channel-share/phone", measure.Observation{At: at, Fact: measure.Hit(true)}) // a fact of a share
		_ = there.Observe("channel-share/phone", measure.Observation{At: at, Fact: measure.Hit(false)})
	}
	data, err := there.MarshalJSON()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(data))
	received, err := measure.ReadTally(table, nil, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := here.Merge(received); err != nil {
		fmt.Println(err)
		return
	}
	row, _ := here.Total("channel-share/phone")
	fmt.Println(row.Statistic)
	// Output:
	// {"grouping":{"period":"all time"},"zone":"UTC","rows":[{"measure":"channel-share/phone","slice":{},"trials":3}]}
	// 3/6 (50.00%)
}

// A measure of a host's own: the share of cases that a bot has answered.
func ExampleRegistry_With() {
	table, err := measure.NewRegistry()
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err = table.With(measure.Measure{
		ID: "answered-by-bot", Name: measure.Text{EN: "answered by a bot", ZH: "机器人应答率"},
		Numerator:   measure.Text{EN: "those whose first response came from a bot", ZH: "由机器人首次响应的个案"},
		Denominator: measure.Text{EN: "cases responded to", ZH: "已响应的个案"}, Excluded: measure.Text{EN: "none", ZH: "无"},
		Kind: measure.Share, Unit: quality.Percent, Attributed: measure.Text{EN: "the first response", ZH: "首次响应之时"}, Of: measure.Cases,
		Observe: func(r *measure.Record, emit func(measure.Observation)) {
			for _, e := range r.Entries() {
				if e.Kind == history.Responded {
					emit(measure.Observation{At: e.At, Seq: e.Seq, Fact: measure.Hit(e.Actor.Role == "bot")})
					return
				}
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	tally := measure.NewTally(table, measure.Grouping{})
	for _, role := range []string{"bot", "agent", "bot"} {
		at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
		h := history.History{Entries: []history.Entry{{Seq: 1, At: at, Kind: history.Responded, Actor: history.Actor{Role: role}}}}
		if err := tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: at}); err != nil {
			fmt.Println(err)
		}
	}
	row, _ := tally.Total("answered-by-bot")
	fmt.Println(row.Statistic)
	// Output: 2/3 (66.67%)
}

// What a measure counts, for people, in their language.
func ExampleMeasure_Text() {
	m, _ := standard().Get("reopen-rate")
	fmt.Println(m.Text("en"))
	fmt.Println(m.Text("zh-Hans"))
	// Output:
	// reopen rate: share, lower is better
	//   counted: those reopened or disputed
	//   of: cases that ended; those that may not have settled are pending
	//   left out: cases withdrawn or merged
	//   attributed to: the first end of the case
	//   rounding: none; shown half away from zero
	// 重开率：占比，越低越好
	//   分子：曾重开或客户提出异议的个案
	//   分母：已结束的个案；尚在观察期内的待定
	//   不计入：已撤回或合并的个案
	//   归属时点：个案首次结束之时
	//   修约：不修约；显示时按绝对值四舍五入
}

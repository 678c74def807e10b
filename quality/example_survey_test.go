package quality_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// Satisfaction on a scale of 1 to 5. Which scores count as satisfied is the host's to say: here 4 and 5.
func ExampleScores() {
	scale, err := quality.Whole(1, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	answers := quality.NewScores(scale)
	for _, text := range []string{"5", "4", "5", "2", "4", "6", "4.5"} {
		if err := answers.Observe(decimal.RequireFromString(text)); errors.Is(err, quality.ErrOffScale) {
			fmt.Println(err)
		}
	}
	satisfied, _ := answers.AtLeast(decimal.NewFromInt(4))
	mean, _ := answers.Mean(1)
	fmt.Println(satisfied, mean)
	// Output:
	// quality: score off the scale: 6 on the scale 1-5
	// quality: score off the scale: 4.5 on the scale 1-5
	// 4/5 (80.00%) 4
}

// A net promoter score is asked on 0 to 10; passives count in the denominator.
func ExampleScores_Net() {
	scale, err := quality.ParseScale("0-10")
	if err != nil {
		fmt.Println(err)
		return
	}
	answers := quality.NewScores(scale)
	for _, score := range []int64{10, 9, 9, 8, 7, 3, 10, 9, 6, 10} {
		_ = answers.Observe(decimal.NewFromInt(score)) // all on the scale
	}
	net, err := answers.Net(decimal.NewFromInt(9), decimal.NewFromInt(6))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net)
	// Output: 40.0 (6/2/2 of 10)
}

// The resamples follow from the seed, so that a report can be made again.
func ExampleScores_Bootstrap() {
	scale, _ := quality.Whole(1, 5)
	answers := quality.NewScores(scale)
	for i := range 200 {
		_ = answers.Observe(decimal.NewFromInt(int64(1 + i%5))) // all on the scale
	}
	interval, ok := answers.Bootstrap(0.95, 2000, 1)
	if !ok {
		fmt.Println("the answers say nothing")
		return
	}
	fmt.Println(interval.AtLeast(decimal.RequireFromString("2.5")))
	// Output: met
}

// The etiquette handbook asks for a net promoter score of at least 40.
func ExampleObjective_Assess() {
	objective := quality.Objective{
		Clause: "etiquette/4.1-nps", Measure: "nps", Bound: quality.AtLeast, Figure: decimal.NewFromInt(40), Unit: quality.Score, Places: 1,
	}
	for _, hundreds := range []uint64{1, 4} {
		score, err := quality.NewNet(60*hundreds, 25*hundreds, 15*hundreds)
		if err != nil {
			fmt.Println(err)
			return
		}
		a, err := objective.Assess(score, 0.95)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(a)
	}
	// Output:
	// etiquette/4.1-nps: nps >= 40: undecided, 45.0 of 100 (29.3 to 58.0), 793 more would tell
	// etiquette/4.1-nps: nps >= 40: undecided, 45.0 of 400 (37.4 to 51.9), 493 more would tell
}

// All cases of the month are known, so that no interval is needed.
func ExampleObjective_Exact() {
	complaints, err := quality.NewProportion(100, 10_000)
	if err != nil {
		fmt.Println(err)
		return
	}
	objective := quality.Objective{Measure: "complaint-rate", Bound: quality.AtMost, Figure: decimal.NewFromInt(1), Unit: quality.Percent}
	fmt.Println(objective.Exact(complaints))
	// Output: met <nil>
}

// Overall satisfaction as a weighted mean of three questions.
func ExampleWeights() {
	weights, err := quality.NewWeights(
		quality.Weight{Part: "attitude", Share: decimal.RequireFromString("0.3")},
		quality.Weight{Part: "professionalism", Share: decimal.RequireFromString("0.3")},
		quality.Weight{Part: "efficiency", Share: decimal.RequireFromString("0.4")},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	share := func(hits, trials uint64) quality.Proportion {
		p, _ := quality.NewProportion(hits, trials)
		return p
	}
	overall, err := weights.Combine(map[string]quality.Statistic{
		"attitude": share(170, 200), "professionalism": share(180, 200), "efficiency": share(160, 200),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	percent, _ := quality.Value(overall, quality.Percent, 2)
	interval, _ := quality.Estimate(overall, quality.Share, 0.95)
	fmt.Println(percent, interval)

	_, err = quality.NewWeights(
		quality.Weight{Part: "a", Share: decimal.RequireFromString("0.3333")},
		quality.Weight{Part: "b", Share: decimal.RequireFromString("0.6666")},
	)
	fmt.Println(err)
	// Output:
	// 84.5 77.50%–89.58%
	// quality: weights: 2 parts sum to 0.9999
}

// March 2025 of one service: two outages that overlap are one.
func ExampleUptime() {
	at := func(day, hour int) time.Time { return time.Date(2025, 3, day, hour, 0, 0, 0, time.UTC) }
	var service quality.Uptime
	err := service.Observe(at(1, 0), at(32, 0),
		quality.Outage{From: at(7, 2), To: at(7, 4)},
		quality.Outage{From: at(7, 3), To: at(7, 5)},
		quality.Outage{From: at(20, 10), To: at(20, 11)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	percent, _ := quality.Value(service, quality.Percent, 3)
	between, _ := service.BetweenFailures().Mean()
	fmt.Println(percent, service.Count(), between)
	// Output: 99.462 2 370h0m0s
}

// A mean that must stay within 30 seconds.
func ExampleMeanTime() {
	var response quality.MeanTime
	for _, seconds := range []int{12, 41, 25, 9, 38, 30} {
		if err := response.Observe(time.Duration(seconds) * time.Second); err != nil {
			fmt.Println(err)
			return
		}
	}
	objective := quality.Objective{Measure: "mean-first-response", Bound: quality.AtMost, Figure: decimal.NewFromInt(30), Unit: quality.Seconds, Places: 1}
	fmt.Println(objective.Assess(response, 0.95))
	// Output: mean-first-response <= 30 s: undecided, 25.8 s of 6 (12.0 s to 39.7 s), 35 more would tell <nil>
}

package quality_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// All cases of a month are known, so the exact comparison is the answer.
func ExampleProportion_AtLeast() {
	kept, err := quality.NewProportion(899_999, 1_000_000)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kept, kept.AtLeast(decimal.RequireFromString("0.90")))
	// Output: 899999/1000000 (90.00%) false
}

// A survey of twenty speaks for all customers, and twenty are too few to tell.
func ExampleProportion_Wilson() {
	bound := decimal.RequireFromString("0.90")
	for _, n := range []uint64{20, 200, 2000} {
		satisfied, err := quality.NewProportion(n*95/100, n)
		if err != nil {
			fmt.Println(err)
			return
		}
		interval := satisfied.Wilson(0.95)
		fmt.Println(satisfied, interval, interval.AtLeast(bound))
	}
	// Output:
	// 19/20 (95.00%) 76.39%–99.11% undecided
	// 190/200 (95.00%) 91.04%–97.26% met
	// 1900/2000 (95.00%) 93.96%–95.87% met
}

// A gate that stops a release only when the complaint rate is surely too high.
func ExampleInterval_AtMost() {
	complaints, err := quality.NewProportion(31, 1500)
	if err != nil {
		fmt.Println(err)
		return
	}
	switch complaints.Wilson(0.95).AtMost(decimal.RequireFromString("0.01")) {
	case quality.Missed:
		fmt.Println("too many complaints:", complaints)
	case quality.Undecided:
		fmt.Println("too early to tell:", complaints)
	case quality.Met:
		fmt.Println("kept:", complaints)
	}
	// Output: too many complaints: 31/1500 (2.07%)
}

// The true 95th percentile is 1h35m0s; what is printed is less than 1% off.
func ExampleDurations() {
	var handling quality.Durations
	for minutes := range 100 {
		if err := handling.Observe(time.Duration(minutes+1) * time.Minute); err != nil {
			fmt.Println(err)
			return
		}
	}
	median, _ := handling.Quantile(0.5)
	p95, _ := handling.Quantile(0.95)
	longest, _ := handling.Max()
	fmt.Println(handling.Count(), median.Round(time.Minute), p95.Round(time.Minute), longest)
	// Output: 100 50m0s 1h34m0s 1h40m0s
}

// Each goroutine fills its own; merged, they hold what one would that had seen everything.
func ExampleDurations_Merge() {
	var workers [4]quality.Durations
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range 1000 {
				_ = workers[w].Observe(time.Duration(w*1000+i) * time.Second) // never negative
			}
		})
	}
	wg.Wait()

	var all quality.Durations
	for w := range workers {
		if err := all.Merge(&workers[w]); err != nil {
			fmt.Println(err)
			return
		}
	}
	longest, _ := all.Max()
	fmt.Println(all.Count(), longest)
	// Output: 4000 1h6m39s
}

// Yesterday's state is kept as JSON and goes on today.
func ExampleDurations_MarshalJSON() {
	var yesterday, today quality.Durations
	_ = yesterday.Observe(time.Minute) // never negative
	saved, err := json.Marshal(yesterday)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(saved))

	if err := json.Unmarshal(saved, &today); err != nil {
		fmt.Println(err)
		return
	}
	_ = today.Observe(time.Hour)
	fmt.Println(today.Count())
	// Output:
	// {"binsPerOctave":64,"count":1,"min":"1m0s","max":"1m0s","bins":[[1967,1]]}
	// 2
}

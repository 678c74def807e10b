package chart_test

import (
	"fmt"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/chart"
)

// Complaints per day: usually 1 in 1,000.
func ExampleP() {
	complaints, err := chart.NewP(0.001, chart.ThreeSigma)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hits := range []uint64{0, 4, 6} {
		day, err := quality.NewProportion(hits, 1000)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(hits)
		fmt.Println(complaints.Watch(day))
	}
	_, _, textbook, _ := complaints.Sigma(1000, 3)
	_, exact, _ := complaints.FalseAlarms(1000)
	fmt.Printf("false alarms: %.2f%%, with three sigma %.2f%%\n", 100*exact, 100*textbook)
	// Output:
	// 0
	// none <nil>
	// 4
	// none <nil>
	// 6
	// high <nil>
	// false alarms: 0.06%, with three sigma 1.89%
}

// Attainment per week of a large desk: weeks differ by more than chance, and the limits must allow for it.
func ExampleLaney() {
	var weeks []quality.Proportion
	for _, kept := range []uint64{91_200, 92_900, 90_800, 92_100, 93_000, 91_500, 92_400, 90_900} {
		p, err := quality.NewProportion(kept, 100_000)
		if err != nil {
			fmt.Println(err)
			return
		}
		weeks = append(weeks, p)
	}
	attainment, err := chart.NewLaney(weeks...)
	if err != nil {
		fmt.Println(err)
		return
	}
	low, high, _ := attainment.Limits(100_000)
	fmt.Printf("%.0f times the spread of chance, limits %.1f%% to %.1f%%\n", attainment.Spread(), 100*low, 100*high)
	// Output: 14 times the spread of chance, limits 88.1% to 95.6%
}

// Daily mean handling times, in minutes: usually 40 with a standard deviation of 5.
func ExampleCUSUM() {
	handling, err := chart.NewCUSUM(40, 5, 0.5, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	for day, minutes := range []float64{41, 36, 44, 48, 46, 47, 49} {
		signal, err := handling.Observe(minutes)
		if err != nil {
			fmt.Println(err)
			return
		}
		if signal != chart.None {
			fmt.Println("day", day+1, signal)
		}
	}
	falsely, _ := handling.RunLength(0)
	soon, _ := handling.RunLength(1)
	fmt.Printf("a false alarm in %.0f days, a shift by 5 minutes found after %.1f\n", falsely, soon)
	// Output:
	// day 7 high
	// a false alarm in 168 days, a shift by 5 minutes found after 8.4
}

// Shares of different numbers of cases become comparable by Standard.
func ExampleEWMA() {
	const usual = 0.90
	satisfaction, err := chart.NewEWMA(0, 1, 0.2, 2.962)
	if err != nil {
		fmt.Println(err)
		return
	}
	for week, answers := range [][2]uint64{{180, 200}, {171, 190}, {148, 170}, {150, 172}, {170, 200}, {128, 150}, {150, 180}} {
		p, err := quality.NewProportion(answers[0], answers[1])
		if err != nil {
			fmt.Println(err)
			return
		}
		z, err := chart.Standard(p, usual)
		if err != nil {
			fmt.Println(err)
			return
		}
		if signal, _ := satisfaction.Observe(z); signal != chart.None {
			fmt.Println("week", week+1, signal)
		}
	}
	// Output: week 6 low
	// week 7 low
}

package quality_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla/calendar"
)

// Twenty hours of training a quarter, with two weeks of grace. Li has had sixteen in the second quarter, and twelve in the two weeks after.
func ExampleDuty_Account() {
	hours, _ := calendar.ParseWeek("Mo-Fr 09:00-18:00") // of no matter: a duty takes the zone alone
	shanghai, err := calendar.New(calendar.Spec{Zone: "Asia/Shanghai", Hours: hours})
	if err != nil {
		fmt.Println(err)
		return
	}
	training := quality.Duty{
		ID: "training", Clause: "norms/3.2.2-training-cadence", Cycle: quality.Quarterly(), Need: decimal.NewFromInt(20), Calendar: shanghai,
		Grace: 14, Remind: []int{30, 7}, Ladder: []quality.DutyRung{{Days: 3, Role: "supervisor"}, {Days: 14, Role: "department head"}},
	}
	li := quality.DutySubject{ID: "Li", Owner: "Li", From: at("2026-02-10T01:00:00Z")} // the first quarter that begins after this is the second
	courses := []quality.Evidence{
		{ID: "etiquette", At: at("2026-05-11T02:00:00Z"), Amount: decimal.NewFromInt(16)},
		{ID: "emergencies", At: at("2026-07-08T02:00:00Z"), Amount: decimal.NewFromInt(12)},
	}
	for _, now := range []string{"2026-06-01T00:00:00Z", "2026-07-07T00:00:00Z", "2026-07-09T00:00:00Z", "2026-10-18T00:00:00Z"} {
		account, err := training.Account(li, courses, at(now))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(now[:10])
		for _, o := range account.Obligations {
			fmt.Println("  ", o)
		}
		fmt.Println("   next look:", account.Next.Format(time.RFC3339))
	}
	// Output:
	// 2026-06-01
	//    training of Li for 2026-04-01 to 2026-06-30: owed, due 2026-07-15
	//    next look: 2026-06-15T00:00:00+08:00
	// 2026-07-07
	//    training of Li for 2026-04-01 to 2026-06-30: reminded, due 2026-07-15
	//    training of Li for 2026-07-01 to 2026-09-30: owed, due 2026-10-15
	//    next look: 2026-07-08T00:00:00+08:00
	// 2026-07-09
	//    training of Li for 2026-04-01 to 2026-06-30: kept on 2026-07-08
	//    training of Li for 2026-07-01 to 2026-09-30: owed, due 2026-10-15
	//    next look: 2026-09-15T00:00:00+08:00
	// 2026-10-18
	//    training of Li for 2026-04-01 to 2026-06-30: kept on 2026-07-08
	//    training of Li for 2026-07-01 to 2026-09-30: escalated since 2026-10-15, with supervisor
	//    training of Li for 2026-10-01 to 2026-12-31: owed, due 2027-01-15
	//    next look: 2026-10-29T00:00:00+08:00
}

// Once every seven days is counted from the last time, here two days late.
func ExampleDuty_Account_sinceLast() {
	cleaning := quality.Duty{ID: "standard/4/4.1-printer-cleaning", Cycle: quality.Weekly(), SinceLast: true, Shown: "maintained"}
	account, err := cleaning.Account(quality.DutySubject{ID: "printer 7", From: at("2026-03-02T08:00:00Z")}, []quality.Evidence{
		{ID: "m1", At: at("2026-03-05T10:00:00Z")}, {ID: "m2", At: at("2026-03-14T10:00:00Z")},
	}, at("2026-03-15T08:00:00Z"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range account.Obligations {
		fmt.Println(o)
	}
	// Output:
	// standard/4/4.1-printer-cleaning of printer 7 for 2026-03-02 to 2026-03-08: kept on 2026-03-05
	// standard/4/4.1-printer-cleaning of printer 7 for 2026-03-06 to 2026-03-12: kept on 2026-03-14, late
	// standard/4/4.1-printer-cleaning of printer 7 for 2026-03-15 to 2026-03-21: owed, due 2026-03-22
}

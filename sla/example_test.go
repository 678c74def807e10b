package sla_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// examplePlan limits resolution to eight business hours, with a warning and a
// rung.
func examplePlan() *sla.Plan {
	week, _ := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00")
	office, _ := calendar.New(calendar.Spec{Zone: "Asia/Shanghai", Hours: week})
	resolution, _ := sla.StandardMetric("resolution")
	plan, err := sla.Compile(sla.Revision{
		Calendars: map[string]*calendar.Calendar{"": office},
		Targets: []sla.Target{{
			ID: "house/resolve", Metric: resolution, Span: sla.OpenTime(8 * time.Hour),
			Warnings: []sla.Warning{{At: sla.Offset{Permille: 750}}},
			Ladder:   []sla.Rung{{Role: "supervisor"}},
		}},
	})
	if err != nil {
		fmt.Println(err)
	}
	return plan
}

func shanghai(text string) time.Time {
	t, _ := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("CST", 8*3600))
	return t
}

// When is it due if it was opened on Friday afternoon?
func ExamplePlan_Evaluate() {
	entries := []history.Entry{{Seq: 1, At: shanghai("2025-03-07 16:00"), Kind: history.Opened}}
	clocks, err := examplePlan().Evaluate(nil, entries, shanghai("2025-03-07 17:00"))
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range clocks {
		fmt.Println(c.Target, c.State, c.Due.In(shanghai("2025-03-07 16:00").Location()).Format("Mon 15:04"), c.Remaining)
	}
	// Output: house/resolve running Mon 16:00 7h0m0s
}

// How many cases of a month were resolved in time, and how long did they take?
func ExampleRun_Outcomes() {
	plan := examplePlan()
	opened := shanghai("2025-03-07 09:00")
	var (
		run      sla.Run
		outcomes []sla.Outcome
		kept     int
		took     time.Duration
	)
	plan.Start(&run)
	for _, resolved := range []string{"2025-03-07 11:00", "2025-03-07 18:00", "2025-03-10 10:00"} {
		var err error
		outcomes, err = run.Outcomes(outcomes[:0], []history.Entry{
			{Seq: 1, At: opened, Kind: history.Opened},
			{Seq: 2, At: shanghai(resolved), Kind: history.Resolved},
		}, shanghai("2025-04-01 00:00"))
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range outcomes {
			took += o.Elapsed
			if o.Verdict == sla.Kept {
				kept++
			}
		}
	}
	fmt.Println(kept, "of 3 kept,", took, "in all")
	// Output: 2 of 3 kept, 19h0m0s in all
}

// What if the customer is waiting, or we wait for the customer? Time on hold
// for the customer is given back, and nothing else.
func ExamplePlan_Explain() {
	entries := []history.Entry{
		{Seq: 1, At: shanghai("2025-03-07 16:00"), Kind: history.Opened},
		{Seq: 2, At: shanghai("2025-03-07 17:00"), Kind: history.Held, Fields: history.Of("reason", "customer")},
		{Seq: 3, At: shanghai("2025-03-10 10:00"), Kind: history.Resumed},
		{Seq: 4, At: shanghai("2025-03-10 11:30"), Kind: history.Resolved},
	}
	x, err := examplePlan().Explain("house/resolve", 0, entries, shanghai("2025-03-11 09:00"))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(x)
	fmt.Print(x.Text("zh"))
	// Output:
	// house/resolve: resolution within 8 business hours — met
	// from 2025-03-07 16:00 Fri (entry 1, opened); due 2025-03-10 18:00 Mon; ended 2025-03-10 11:30 Mon (entry 4, resolved); used 2h30m; on hold 2h
	//   2025-03-07 16:00 Fri – 2025-03-07 17:00 Fri  counted  1h
	//   2025-03-07 17:00 Fri – 2025-03-10 10:00 Mon  on hold (entry 2, held: customer)
	//   2025-03-10 10:00 Mon – 2025-03-10 11:30 Mon  counted  1h30m
	// house/resolve：解决，时限8个工作小时 —— 按时
	// 起算 2025-03-07 16:00 周五（记录 1，提出）；截止 2025-03-10 18:00 周一；终止 2025-03-10 11:30 周一（记录 4，解决）；已用 2小时30分钟；挂起 2小时
	//   2025-03-07 16:00 周五 – 2025-03-07 17:00 周五  计时  1小时
	//   2025-03-07 17:00 周五 – 2025-03-10 10:00 周一  挂起（记录 2，挂起：customer）
	//   2025-03-10 10:00 周一 – 2025-03-10 11:30 周一  计时  1小时30分钟
}

// The incremental form follows a case without allocating and sleeps until
// something changes.
func ExampleRun() {
	plan := examplePlan()
	var run sla.Run
	plan.Start(&run)
	opened := history.Entry{Seq: 1, At: shanghai("2025-03-07 16:00"), Kind: history.Opened}
	if _, err := run.Step(&opened); err != nil {
		fmt.Println(err)
	}
	for at := opened.At; ; {
		next, ok := run.Next(at)
		if !ok {
			break
		}
		fmt.Println(next.In(opened.At.Location()).Format("Mon 15:04:05.999999999"))
		at = next
	}
	// Output:
	// Mon 14:00:00
	// Mon 16:00:00
	// Mon 16:00:00.000000001
}

// Which notices have fallen due since the last look?
func ExampleNotices() {
	plan := examplePlan()
	entries := []history.Entry{{Seq: 1, At: shanghai("2025-03-07 16:00"), Kind: history.Opened}}
	now := shanghai("2025-03-10 17:00")
	clocks, err := plan.Evaluate(nil, entries, now)
	if err != nil {
		fmt.Println(err)
	}
	for _, n := range sla.Notices("T-42", clocks, sla.Window{After: shanghai("2025-03-10 15:00"), Until: now}) {
		fmt.Println(n.Kind, n.Role, n.At.In(now.Location()).Format("15:04"))
	}
	// Output:
	// escalation supervisor 16:00
	// breach  16:00
}

// A page counts down without asking again.
func ExamplePlan_Countdown() {
	plan := examplePlan()
	entries := []history.Entry{{Seq: 1, At: shanghai("2025-03-07 16:00"), Kind: history.Opened}}
	now := shanghai("2025-03-07 17:30")
	clocks, err := plan.Evaluate(nil, entries, now)
	if err != nil {
		fmt.Println(err)
	}
	headline, _ := sla.Headline(clocks)
	text, _ := json.Marshal(plan.Countdown(headline, now))
	fmt.Println(string(text))
	// Output: {"clause":"house/resolve","metric":"resolution","state":"running","now":"2025-03-07T09:30:00Z","due":"2025-03-10T08:00:00Z","remaining_ms":23400000,"ticking":true,"until":"2025-03-07T10:00:00Z"}
}

// Spans are written as people say them.
func ExampleParseSpan() {
	for _, text := range []string{"4h", "8 business hours", "3 working days", "24h?"} {
		s, err := sla.ParseSpan(text)
		fmt.Println(s, "|", s.Basis, "|", s.Text("zh"), err)
	}
	_, err := sla.ParseSpan("soon")
	fmt.Println(err)
	// Output:
	// 4h | elapsed | 4小时 <nil>
	// 8 business hours | business | 8个工作小时 <nil>
	// 3 working days | working days | 3个工作日 <nil>
	// 24h? | unnamed | 24小时（未注明口径） <nil>
	// sla: malformed span "soon": want a length such as 4h, 30m, 8 business hours or 3 working days
}

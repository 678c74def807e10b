package charter_test

import (
	"context"
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla/calendar"
)

// The norms want everybody trained once a quarter. The host adds what they do not print: a week of grace, a reminder, whom to call. From then
// on it says who there is and what was done, whenever it likes; the desk reminds and escalates.
func ExampleDesk_Owe() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	const training = "norms/3.2.2-training-cadence"
	rules, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "agreed with the works council", Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: []charter.Change{{Edit: charter.SetDuty{
			Clauses: []string{training}, Grace: 7, Remind: []int{14}, Ladder: []quality.DutyRung{{Days: 3, Role: "supervisor"}},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, rules.Location())
	who := map[string]string{}
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			what := fmt.Sprint(d.Kind, " of ", who[d.Case])
			if d.Role != "" {
				what += " to " + d.Role
			}
			fmt.Printf("%s %s, by %s\n", d.At.In(rules.Location()).Format(time.DateOnly), what, d.Target)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	staff := []quality.DutySubject{{ID: "Li", From: now}, {ID: "Wang", From: now}}
	courses := map[string][]quality.Evidence{
		"Wang": {{ID: "course 12", At: time.Date(2026, 5, 11, 9, 0, 0, 0, rules.Location())}},
	}
	for ; now.Before(time.Date(2026, 7, 12, 0, 0, 0, 0, rules.Location())); now = now.AddDate(0, 0, 1) {
		for _, s := range staff {
			var done []quality.Evidence
			for _, e := range courses[s.ID] {
				if !e.At.After(now) {
					done = append(done, e)
				}
			}
			account, err := desk.Owe(ctx, training, s, done)
			if err != nil {
				fmt.Println(err)
				return
			}
			for _, o := range account.Obligations {
				who[o.ID.String()] = o.Subject
			}
		}
		if _, err := desk.Tick(ctx); err != nil {
			fmt.Println(err)
			return
		}
	}
	account, err := rules.Account(training, staff[1], courses["Wang"], now)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range account.Obligations {
		fmt.Println(o)
	}
	// Output:
	// 2026-06-24 reminder of Li, by norms/3.2.2-training-cadence
	// 2026-07-08 breach of Li, by norms/3.2.2-training-cadence
	// 2026-07-11 escalation of Li to supervisor, by norms/3.2.2-training-cadence
	// norms/3.2.2-training-cadence of Wang for 2026-04-01 to 2026-06-30: kept on 2026-05-11
	// norms/3.2.2-training-cadence of Wang for 2026-07-01 to 2026-09-30: owed, due 2026-10-08
}

// What a year's figures are held against: the bounds that the handbook sets for it.
func ExampleHandbook_Objectives() {
	h, err := handbooks.Etiquette()
	if err != nil {
		fmt.Println(err)
		return
	}
	satisfied, err := quality.NewProportion(200, 212) // or from package quality/measure: tally.Total(o.Measure)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range h.Objectives(time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)) {
		if o.Measure != "satisfaction" {
			continue
		}
		assessment, err := o.Assess(satisfied, 0.95)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(assessment)
	}
	// Output:
	// etiquette/1.4-csat: satisfaction >= 85%: met, 94.34% of 212 (90.37% to 96.73%)
}

func ExampleHandbook_Duties() {
	h, err := handbooks.Standard()
	if err != nil {
		fmt.Println(err)
		return
	}
	duties, err := h.Duties(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range duties {
		fmt.Printf("%s: every %v, shown by %s\n", d.ID, d.Cycle, d.Shown)
	}
	// Output:
	// standard/4/4.1-printer-cleaning: every 7 days, shown by maintained
	// standard/4/4.1-server-check: every quarter, shown by maintained
	// standard/4/4.2-plans/year: every year, shown by issued
	// standard/4/4.2-plans/quarter: every quarter, shown by issued
	// standard/4/4.2-plans/month: every month, shown by issued
	// standard/6.3-tracking: every quarter, shown by surveyed
	// standard/6.4-annual-plan: every year, shown by issued
	// standard/6.4-monitoring: every quarter, shown by assessed
}

func ExampleHandbook_Measures() {
	h, err := handbooks.Telecom()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range h.Measures(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))[:4] {
		fmt.Println(m.Measure, m.Clauses)
	}
	// Output:
	// satisfaction [telecom/1.1-satisfaction-target telecom/1.4.1-result-evaluation telecom/3.1-regular-statistics telecom/7.4-indicators]
	// mean-first-response [telecom/1.1-response-target telecom/1.4.1-performance-evaluation telecom/2.2-average-response-45min telecom/3.1-regular-statistics]
	// fault-rate [telecom/1.1-fault-rate-target]
	// mean-resolution/complaint [telecom/1.1-complaint-handling-48h]
}

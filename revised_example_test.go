package charter_test

import (
	"context"
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla/calendar"
)

// workdays gives three working days to every ticket; the holidays are known up
// to a date.
func workdays(published string, off ...string) (*charter.Handbook, error) {
	h, err := charter.ParseHandbook([]byte(`{
	  "id": "acme", "version": "1", "title": {"en": "Help desk"}, "sector": "general", "source": {"en": "Ours."},
	  "clauses": [{"id": "acme/solve", "subject": "ticket", "kind": "deadline", "check": "decidable",
	    "text": {"en": "A ticket is solved within three working days."},
	    "rule": {"metric": "resolution", "within": "3 working days"}}]}`))
	if err != nil {
		return nil, err
	}
	week, err := calendar.ParseWeek("Mo-Fr 09:00-18:00; PH off")
	if err != nil {
		return nil, err
	}
	office := calendar.Spec{Zone: "Asia/Shanghai", Hours: week}
	if err := office.Published.UnmarshalText([]byte(published)); err != nil {
		return nil, err
	}
	for _, text := range off {
		day := calendar.Day{Off: true}
		if err := day.Date.UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
		office.Days = append(office.Days, day)
	}
	return h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "our hours", Effective: calendar.Date{Year: 2026, Month: time.January, Day: 1},
		Changes: []charter.Change{{Edit: charter.SetCalendar{Spec: office}}},
	})
}

// A deadline that was told before next year's holidays were known.
func ExampleJudgement_Revised() {
	before, err := workdays("2026-12-28")
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := workdays("2027-12-28", "2027-01-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	opened := time.Date(2026, 12, 29, 10, 0, 0, 0, before.Location())
	c := history.History{Case: "T-1", Entries: []history.Entry{{Seq: 1, At: opened, Kind: history.Opened}}}
	j, err := before.Judge(c, opened)
	if err != nil {
		fmt.Println(err)
		return
	}
	row := j.ProvisionalDues() // what the host keeps
	fmt.Println("told:", row[0].Due.In(before.Location()).Format(time.DateOnly))

	if j, err = after.Judge(c, opened.Add(time.Hour)); err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range j.Revised(row...) {
		fmt.Printf("%v of %s: %s instead of %s\n", n.Kind, n.Target,
			n.Due.In(after.Location()).Format(time.DateOnly), n.Was.In(after.Location()).Format(time.DateOnly))
	}
	// Output:
	// told: 2027-01-01
	// revised of acme/solve: 2027-01-04 instead of 2027-01-01
}

// The desk keeps what it needs by itself, and tells what the new days move.
func ExampleDesk_Use() {
	before, err := workdays("2026-12-28")
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := workdays("2027-12-28", "2027-01-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 12, 29, 10, 0, 0, 0, before.Location())
	desk, err := charter.NewDesk(charter.Config{
		Handbook: before, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			fmt.Printf("%s: %v, due %s instead of %s\n", d.Case, d.Kind, d.Due.Format(time.DateOnly), d.Was.Format(time.DateOnly))
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Opened}}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := desk.Use(after); err != nil {
		fmt.Println(err)
		return
	}
	// Desk.Run does these two by itself.
	if _, _, err := desk.Replan(ctx, ""); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := desk.Tick(ctx); err != nil {
		fmt.Println(err)
		return
	}
	// Output:
	// T-1: revised, due 2027-01-04 instead of 2027-01-01
}

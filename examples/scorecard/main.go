// Command scorecard shows a month of service held against a handbook: figures
// over cases and people, objectives met, missed or undecided, duties owed,
// a day that was unlike the others, and the worst case, masked.
//
//	go run ./examples/scorecard
//	go run ./examples/scorecard -lang zh
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/chart"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/records/mask"
)

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
	from     = time.Date(2025, time.March, 1, 0, 0, 0, 0, shanghai)
	to       = from.AddDate(0, 1, 0)
	// now is when the month is looked at: what was solved on its last day has settled.
	now = to.AddDate(0, 0, 9)
)

// usual is the share of cases that were reopened in the quarter before, when all was well.
const usual = 0.05

// scorecard is a month as it was counted.
type scorecard struct {
	out      io.Writer
	language string
	handbook *charter.Handbook
	tally    *measure.Tally
}

// say gives the English or the Chinese words. Names of measures and texts of clauses come in both from the library.
func (s scorecard) say(english, chinese string) string {
	return measure.Text{EN: english, ZH: chinese}.In(s.language)
}

func run(out io.Writer, language string) error {
	handbook, err := handbooks.Standard()
	if err != nil {
		return err
	}
	// No handbook says which score is satisfied, and how long a case may still be reopened: the host does.
	scale, err := quality.Whole(1, 5)
	if err != nil {
		return err
	}
	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4), Settle: 72 * time.Hour})
	if err != nil {
		return err
	}
	s := scorecard{
		out: out, language: language, handbook: handbook,
		tally: measure.NewTally(table, measure.Grouping{Period: measure.Day, Zone: shanghai}),
	}
	made := month{rand.New(rand.NewPCG(2025, 3))}
	cases, people := made.cases(), made.people()
	for _, h := range cases {
		if err := s.tally.Take(&measure.Record{Of: measure.Cases, History: h, Now: now}); err != nil {
			return err
		}
	}
	for _, h := range people {
		if err := s.tally.Take(&measure.Record{Of: measure.People, History: h, Now: now, From: from, To: to}); err != nil {
			return err
		}
	}
	return errors.Join(s.objectives(), s.duties(), s.days(), s.worst(cases))
}

// objectives holds the whole month against what the handbook asked in it.
func (s scorecard) objectives() error {
	fmt.Fprintln(s.out, s.say("Objectives", "目标"))
	for _, o := range s.handbook.Objectives(from) {
		m, _ := s.tally.Measures().Get(o.Measure)
		row, ok := s.tally.Total(o.Measure)
		if !ok {
			fmt.Fprintf(s.out, "  %s %s %v %v: %s\n", o.Clause, m.Name.In(s.language), o.Bound, o.Figure, s.say("no facts", "无数据"))
			continue
		}
		a, err := row.Assess(o, 0.95)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "  %s %s %v %v %s: %s, ", o.Clause, m.Name.In(s.language), o.Bound, o.Figure, o.Unit, a.Outcome.Text(s.language))
		fmt.Fprintf(s.out, s.say("%v of %d", "%v（样本 %d）"), a.Value.StringFixed(o.Places), a.Count)
		if a.Interval != nil {
			fmt.Fprintf(s.out, " [%.*f, %.*f]", int(o.Places), a.Interval.Low, int(o.Places), a.Interval.High)
		}
		if a.More != nil && *a.More > 0 {
			fmt.Fprintf(s.out, s.say("; %d more would tell", "；再有 %d 个样本即可判定"), *a.More)
		}
		fmt.Fprintln(s.out)
	}
	return nil
}

// duties says how the centre stands with what is owed every so often.
func (s scorecard) duties() error {
	fmt.Fprintln(s.out, s.say("Duties of the centre", "服务中心的周期性职责"))
	done := map[string][]quality.Evidence{
		"standard/4/4.2-plans/month": {
			{ID: "plan of January", At: from.AddDate(0, -2, 4)}, {ID: "plan of February", At: from.AddDate(0, -1, 2)}, {ID: "plan of March", At: from.AddDate(0, 0, 2)},
		},
		"standard/6.3-tracking": {{ID: "survey of the winter", At: from.AddDate(0, 0, 20)}},
	}
	centre := quality.DutySubject{ID: "centre", From: time.Date(2025, time.January, 1, 0, 0, 0, 0, shanghai)}
	duties, err := s.handbook.Duties(from)
	if err != nil {
		return err
	}
	for _, d := range duties {
		if d.SinceLast { // equipment has records of its own
			continue
		}
		account, err := s.handbook.Account(d.ID, centre, done[d.ID], now)
		if err != nil {
			return err
		}
		for _, o := range account.Obligations {
			if o.State != quality.Kept {
				fmt.Fprintf(s.out, "  %s %v – %v: %s\n", o.Duty, o.First, o.Last, o.State.Text(s.language))
			}
		}
	}
	return nil
}

// days looks for days on which more was reopened than chance allows for.
func (s scorecard) days() error {
	watch, err := chart.NewP(usual, chart.ThreeSigma)
	if err != nil {
		return err
	}
	m, _ := s.tally.Measures().Get("reopen-rate")
	fmt.Fprintf(s.out, "%s%s\n", m.Name.In(s.language), s.say(", days unlike the usual 5%", "异于常态（5%）的日期"))
	for row := range s.tally.Rows() {
		day, ok := row.Statistic.(quality.Proportion)
		if row.Measure != m.ID || !ok {
			continue
		}
		signal, err := watch.Watch(day)
		if err != nil {
			return err
		}
		if signal != chart.None {
			fmt.Fprintf(s.out, "  %s %v\n", row.Period, day)
		}
	}
	return nil
}

// worst shows the fault that took longest, fit for a report: numbers in notes are masked like those in fields.
func (s scorecard) worst(cases []history.History) error {
	var longest time.Duration
	var worst history.History
	for _, h := range cases {
		first, last := h.Entries[0], h.Entries[len(h.Entries)-1]
		if took := last.At.Sub(first.At); first.Fields.Has(history.KeyClass, "fault") && took > longest {
			longest, worst = took, h
		}
	}
	fmt.Fprintf(s.out, "%s %s: %v\n", s.say("The longest fault,", "修复最久的故障"), worst.Case, longest)
	policy := mask.New(mask.Usual())
	for _, e := range worst.Entries {
		e = policy.Entry(e)
		fmt.Fprintln(s.out, " ", e.At.Format("2006-01-02 15:04"), e.Kind, e.Actor.Role, e.Fields, e.Personal)
	}
	return nil
}

func main() {
	language := flag.String("lang", "en", "en or zh")
	flag.Parse()
	if err := run(os.Stdout, *language); err != nil {
		log.Fatal(err)
	}
}

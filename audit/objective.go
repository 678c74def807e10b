package audit

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// ObjectiveReport is what the facts of a tally say about one bound of an objective.
type ObjectiveReport struct {
	ID      string       `json:"id"` // of the clause
	Section string       `json:"section,omitempty"`
	Text    charter.Text `json:"text,omitzero"`
	// Name is that of the measure; empty when the table of measures does not have it.
	Name charter.Text `json:"name,omitzero"`
	// Assessment holds the figure against the bound, with the decimal places of [charter.Objective.Bounds]. Its Outcome is met, missed, or undecided; without a figure it is
	// undecided, and NotMeasured tells why.
	Assessment quality.Assessment `json:"assessment"`
	// Pending and Excluded are facts that are in no figure: not decided yet, and left out by the definition of the measure.
	Pending  uint64 `json:"pending"`
	Excluded uint64 `json:"excluded"`
	// NotMeasured is why there is no figure.
	NotMeasured NotMeasured `json:"not_measured,omitempty"`
}

// MeasureReport is the figure of a measure that clauses name without a bound, or without one for this year.
type MeasureReport struct {
	Measure string       `json:"measure"`
	Name    charter.Text `json:"name,omitzero"`
	// Clauses are those that name it so, in the order of the handbook.
	Clauses []string `json:"clauses"`
	// Count is how many facts there are, Value the figure in Unit with two decimal places, and Interval, also in Unit, what the facts tell if
	// they stand for more than themselves; nil where there is none.
	Count    uint64            `json:"count"`
	Unit     quality.Unit      `json:"unit,omitempty"`
	Value    *decimal.Decimal  `json:"value"`
	Interval *quality.Interval `json:"interval"`
	Pending  uint64            `json:"pending"`
	Excluded uint64            `json:"excluded"`
	// NotMeasured is why there is no figure.
	NotMeasured NotMeasured `json:"not_measured,omitempty"`
}

// NotMeasured is why a figure is missing.
type NotMeasured string

// The reasons.
const (
	// NoFacts: nothing has been counted, or only what is pending or excluded.
	NoFacts NotMeasured = "no facts"
	// NoMeasure: the table of the tally does not have the measure.
	NoMeasure NotMeasured = "no such measure"
	// NoComparison: the bound cannot be held against the measure, as one in minutes against a share.
	NoComparison NotMeasured = "bound and measure do not fit"
	// NoSingle: the facts have no single figure without a bound, as the smallest and the largest of many amounts.
	NoSingle NotMeasured = "no single figure"
	// OtherYear: the bound is set for a year, and the instant of judgement lies in another. A host renews it by charter.SetObjective.
	OtherYear NotMeasured = "not set for this year"
)

// figurePlaces is to how many decimal places figures without a bound are shown.
const figurePlaces = 2

// judgeFor makes the outcomes of a case and, where measures are wanted, counts it by them. The entries are in order.
func (j *judge) judgeFor(c *Case, sorted []history.Entry) (err error) {
	j.clocks, err = j.run.Evaluate(j.clocks[:0], sorted, j.Now)
	if err != nil {
		return err
	}
	j.outcomes = j.outcomes[:0]
	for i := range j.clocks {
		k := &j.clocks[i]
		o := sla.Outcome{
			Target: j.numbers[k.Target], Revision: k.Revision, Cycle: k.Cycle, Open: k.Open, Verdict: k.Verdict(), Missing: k.Missing,
			Elapsed: k.Elapsed, Remaining: k.Remaining,
		}
		switch o.Verdict {
		case sla.Kept:
			o.Decided = k.Stop
		case sla.Broken:
			o.Decided = k.BreachedAt
		}
		j.outcomes = append(j.outcomes, o)
		if lacks := j.lacks[j.clause[o.Target]]; lacks != "" && o.Verdict != sla.OutOfScope {
			k.State, k.Missing = sla.NotEvaluable, lacks // as the report counts it
		}
	}
	j.record.Of, j.record.Now, j.record.Clocks = measure.Cases, j.Now, j.clocks
	j.record.History = history.History{Case: c.Case, Entries: sorted}
	return j.tally.measures.Take(&j.record)
}

// assess adds to the report what the tally says as of the instant of judgement. The tally has taken in all cases.
func (a *audit) assess(r *Report) error {
	total, err := a.Tally.By(measure.Grouping{})
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	table, h := total.Measures(), a.rules.Handbook
	bounded, year := map[[2]string]bool{}, r.Now.In(h.Location()).Year()
	for c := range h.InForce(r.Now) {
		rule, ok := c.Rule.(charter.Objective)
		if !ok {
			continue
		}
		asked := rule.Year == 0 || rule.Year == year
		for _, o := range rule.Bounds(c.ID) {
			x := ObjectiveReport{ID: c.ID, Section: c.Section, Text: c.Text, Assessment: quality.Assessment{Objective: o, Level: a.Level}}
			m, known := table.Get(o.Measure)
			x.Name = charter.Text(m.Name)
			if !asked {
				x.NotMeasured = OtherYear
				r.Objectives = append(r.Objectives, x)
				continue
			}
			bounded[[2]string{c.ID, o.Measure}] = true
			row, facts := total.Get(o.Measure, "", measure.Slice{})
			x.Pending, x.Excluded = row.Pending, row.Excluded
			switch assessed, err := row.Assess(o, a.Level); {
			case !known:
				x.NotMeasured = NoMeasure
			case !facts:
				x.NotMeasured = NoFacts
			case err != nil:
				x.NotMeasured = NoComparison
			default:
				if x.Assessment = assessed; assessed.Value == nil {
					x.NotMeasured = NoFacts
				}
			}
			r.Objectives = append(r.Objectives, x)
		}
	}
	for _, spoken := range h.Measures(r.Now) {
		x := MeasureReport{Measure: spoken.Measure}
		for _, clause := range spoken.Clauses {
			if !bounded[[2]string{clause, spoken.Measure}] {
				x.Clauses = append(x.Clauses, clause)
			}
		}
		if len(x.Clauses) == 0 {
			continue
		}
		m, known := table.Get(spoken.Measure)
		row, facts := total.Get(spoken.Measure, "", measure.Slice{})
		x.Name, x.Unit, x.Pending, x.Excluded = charter.Text(m.Name), m.Unit, row.Pending, row.Excluded
		switch {
		case !known:
			x.NotMeasured = NoMeasure
		case !facts:
			x.NotMeasured = NoFacts
		default:
			x.figure(row.Statistic, a.Level)
		}
		r.Measures = append(r.Measures, x)
	}
	r.MeasureFindings = a.Tally.Findings()
	return nil
}

func (x *MeasureReport) figure(s quality.Statistic, level float64) {
	x.Count = s.Count()
	v, ok := quality.Value(s, x.Unit, figurePlaces)
	if _, each := s.(quality.Extremes); each && x.Count > 0 {
		x.NotMeasured = NoSingle
		return
	}
	if !ok {
		x.NotMeasured = NoFacts
		return
	}
	x.Value = &v
	if i, ok := quality.Estimate(s, x.Unit, level); ok {
		x.Interval = &i
	}
}

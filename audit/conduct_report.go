package audit

import (
	"maps"
	"slices"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/quality"
)

// ConductReport is what an audit found about what one clause demands of the steps and of the content of cases, in cases.
//
// A case counts where the clause speaks of it: it is of the kind, the clause was in force while something happened, and its condition was met. A
// case that stands differently to several demands of one clause counts once: as breached if it breaches any, else as not evaluable, else as
// against advice, else as pending, else as kept.
type ConductReport struct {
	// ID is the clause. It is empty for what holds without one for all cases of the kind Of, such as that a ticket begins with its opening.
	ID      string       `json:"id,omitempty"`
	Of      string       `json:"of,omitempty"`
	Section string       `json:"section,omitempty"`
	Text    charter.Text `json:"text,omitzero"`

	Cases uint64 `json:"cases"` // the sum of the others
	// Kept: of what the clause speaks has happened, and nothing was found against it.
	Kept     uint64 `json:"kept"`
	Breached uint64 `json:"breached"`
	// AgainstAdvice: only recommendations were not followed.
	AgainstAdvice uint64 `json:"against_advice"`
	// Pending: what the clause speaks of has not happened.
	Pending uint64 `json:"pending"`
	// NotEvaluable: whether the clause speaks of it depends on an attribute that the case lacks. Only demands on content tell; a step whose
	// condition rests on such an attribute is not asked for.
	NotEvaluable uint64 `json:"not_evaluable"`
	// Attainment is kept among kept and breached, and Interval its Wilson interval.
	Attainment quality.Proportion `json:"attainment"`
	Interval   quality.Interval   `json:"interval"`
	// Findings are the deviations, by code, with the first examples.
	Findings []DeviationCount `json:"findings,omitempty"`
}

// DeviationCount is how often one thing was found against a clause. The codes are those of packages ticket, complaint, incident and
// records.
type DeviationCount struct {
	Code     string      `json:"code"`
	Count    uint64      `json:"count"`
	Examples []Deviation `json:"examples,omitempty"`
}

// Deviation is one example. It repeats no personal data.
type Deviation struct {
	Case string `json:"case"`
	// Line is that of the entry, or of the first one of the case where it is about the whole; 0 when there are no lines.
	Line int `json:"line,omitempty"`
	// Entry is the number of the entry; 0 when it is about the whole case, or the entry has none.
	Entry uint64 `json:"entry,omitempty"`
	// Text says what is wrong.
	Text charter.Text `json:"text"`
	// Advised tells that the clause only recommends.
	Advised bool `json:"advised,omitempty"`
}

func (c *conduct) report(tallies []conductTally, level float64) ([]ConductReport, error) {
	all := []ConductReport{}
	for i := range c.rows {
		row, t := &c.rows[i], &tallies[i]
		r := ConductReport{
			ID: row.ID, Of: row.of, Section: row.Section, Text: row.Text,
			Kept: t.cases[inOrder], Breached: t.cases[broken], AgainstAdvice: t.cases[againstAdvice],
			Pending: t.cases[notYet], NotEvaluable: t.cases[unclear],
		}
		r.Cases = r.Kept + r.Breached + r.AgainstAdvice + r.Pending + r.NotEvaluable
		if r.ID == "" && r.Cases == 0 {
			continue
		}
		var err error
		if r.Attainment, err = quality.NewProportion(r.Kept, r.Kept+r.Breached); err != nil {
			return nil, err
		}
		r.Interval = r.Attainment.Wilson(level)
		for _, code := range slices.Sorted(maps.Keys(t.found)) {
			f := t.found[code]
			n := DeviationCount{Code: code, Count: f.count}
			for _, e := range f.examples {
				n.Examples = append(n.Examples, e.Deviation)
			}
			r.Findings = append(r.Findings, n)
		}
		all = append(all, r)
	}
	return all, nil
}

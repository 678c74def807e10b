package audit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// Report is what an audit found. Equal rules, cases and options give equal reports, byte for byte in JSON.
type Report struct {
	Source string       `json:"source,omitempty"`
	Rules  charter.Text `json:"rules,omitzero"`
	Now    time.Time    `json:"now"`
	Window Window       `json:"window,omitzero"`
	Level  float64      `json:"level"`

	// Cases and Entries were read and judged; Dropped counts rows, lines and cases that were left out.
	Cases   uint64 `json:"cases"`
	Entries uint64 `json:"entries"`
	Dropped uint64 `json:"dropped"`
	// Records counts those among Cases that are none, such as persons and documents: they are held to what is demanded of the content of such
	// records, and to no deadline, and no measure counts them. Only [Options].Conduct tells them apart.
	Records uint64 `json:"records,omitempty"`

	Clauses []ClauseReport `json:"clauses"`
	// Conduct is what the clauses demand of the steps and the content of cases, in the order of the handbook, behind what holds for every
	// ticket, complaint, incident and plan; only with [Options].Conduct.
	Conduct []ConductReport `json:"conduct,omitempty"`
	// Objectives and Measures are those of which the handbook speaks as of Now, in its order, and MeasureFindings the facts that the tally
	// could not count; only with [Options].Tally.
	Objectives      []ObjectiveReport `json:"objectives,omitempty"`
	Measures        []MeasureReport   `json:"measures,omitempty"`
	MeasureFindings []measure.Finding `json:"measure_findings,omitempty"`
	// Findings are the faults in the data, by code.
	Findings []FindingCount `json:"findings,omitempty"`
	Gates    []GateReport   `json:"gates,omitempty"`
}

// ClauseReport is what an audit found about one clause.
type ClauseReport struct {
	ID      string       `json:"id"`
	Section string       `json:"section,omitempty"`
	Text    charter.Text `json:"text,omitzero"`
	Limit   sla.Span     `json:"limit,omitzero"`
	Counts
	// OutOfScope counts cases in which the clause set a clock going, but in the end nothing was owed: withdrawn, merged, or taken over in time by
	// another clause.
	OutOfScope uint64 `json:"out_of_scope"`
	// Clocks counts the clocks in all these cases; it is more than the cases where a limit comes again and again.
	Clocks uint64 `json:"clocks"`
	// Missing tells what the cases that are not evaluable lack, most frequent first: an attribute, an entry, "figure" or "basis".
	Missing []Missing `json:"missing,omitempty"`
	// Lacks is the evidence that the source can never supply, if that is why nothing is evaluable.
	Lacks string `json:"lacks,omitempty"`
	// Durations tells how long the clocks ran that have stopped, kept or breached; those that still run are not among them.
	Durations Durations `json:"durations"`
	// Final counts the verdicts that became final in the window of the audit: a breach at its instant, a kept limit at the stop.
	Final *Final `json:"final,omitempty"`
	// Slices are the counts by the values of attributes.
	Slices []Slice `json:"slices,omitempty"`
	// Worst are the breaches that overran by most, the worst first.
	Worst []Breach `json:"worst,omitempty"`
}

// Counts are the verdicts on one clause, in cases. A case in which a limit came more than once counts once: as breached if any of its
// clocks was, else as not evaluable, else as pending, else as kept.
type Counts struct {
	InScope      uint64 `json:"in_scope"` // the sum of the others
	Kept         uint64 `json:"kept"`
	Breached     uint64 `json:"breached"`
	Pending      uint64 `json:"pending"`
	NotEvaluable uint64 `json:"not_evaluable"`
	// Attainment is kept among kept and breached, and Interval its Wilson interval.
	Attainment quality.Proportion `json:"attainment"`
	Interval   quality.Interval   `json:"interval"`
}

// Missing is evidence that cases lack.
type Missing struct {
	Evidence string `json:"evidence"`
	Cases    uint64 `json:"cases"`
}

// Durations summarizes how long clocks ran, on the basis of their limit: for working days, 24 hours are one. The quantiles are estimates
// within [quality.RelativeError]; the longest is exact.
type Durations struct {
	Count              uint64
	P50, P90, P95, Max time.Duration
}

// Final counts verdicts that became final in the window.
type Final struct {
	Kept     uint64 `json:"kept"`
	Breached uint64 `json:"breached"`
}

// Slice is the counts of a clause by the values of one attribute.
type Slice struct {
	Attribute string  `json:"attribute"`
	Groups    []Group `json:"groups"`
}

// Group is the counts for one value; the empty value stands for cases without the attribute.
type Group struct {
	Value string `json:"value"`
	Counts
}

// Breach is a breach that was kept, with its explanation.
type Breach struct {
	Case string
	Line int // of the first entry; 0 when there are no lines
	// Over is by how much the limit was exceeded, on its own basis; a clock that still runs is read at the instant of judgement.
	Over        time.Duration
	Explanation sla.Explanation
}

// GateReport is what became of a gate.
type GateReport struct {
	Gate
	// Outcome is missed if any clause misses the bound, met if all meet it, and otherwise undecided; also when no clause fits.
	Outcome quality.Outcome `json:"outcome"`
	Clauses []GateClause    `json:"clauses"`
}

// GateClause is what a gate says about one clause.
type GateClause struct {
	ID      string          `json:"id"`
	Outcome quality.Outcome `json:"outcome"`
	// NotMeasured is why an objective has no figure; where it has two bounds, why the first that lacks one does.
	NotMeasured NotMeasured `json:"not_measured,omitempty"`
}

// MarshalJSON writes {"count":3,"p50":"1h0m0s","p90":"2h0m0s","p95":"2h0m0s","max":"2h3m0s"}; without any, {"count":0}.
func (d Durations) MarshalJSON() ([]byte, error) {
	type text struct {
		Count uint64 `json:"count"`
		P50   string `json:"p50,omitempty"`
		P90   string `json:"p90,omitempty"`
		P95   string `json:"p95,omitempty"`
		Max   string `json:"max,omitempty"`
	}
	t := text{Count: d.Count}
	if d.Count > 0 {
		t.P50, t.P90, t.P95, t.Max = d.P50.String(), d.P90.String(), d.P95.String(), d.Max.String()
	}
	return json.Marshal(t)
}

// MarshalJSON writes the case, the reading of the clock and the segments of the explanation.
func (b Breach) MarshalJSON() ([]byte, error) {
	c := &b.Explanation.Clock
	return json.Marshal(struct {
		Case       string        `json:"case"`
		Line       int           `json:"line,omitempty"`
		Cycle      uint32        `json:"cycle"`
		Limit      sla.Span      `json:"limit"`
		Start      time.Time     `json:"start,omitzero"`
		Due        time.Time     `json:"due,omitzero"`
		BreachedAt time.Time     `json:"breached_at,omitzero"`
		Stop       time.Time     `json:"stop,omitzero"`
		Open       bool          `json:"open"`
		Elapsed    string        `json:"elapsed"`
		Over       string        `json:"over"`
		Segments   []sla.Segment `json:"segments"`
	}{
		b.Case, b.Line, c.Cycle, c.Span, c.Start, c.Due, c.BreachedAt, c.Stop, c.Open,
		c.Elapsed.String(), b.Over.String(), b.Explanation.Segments,
	})
}

// report turns the total into a report.
func (a *audit) report(source string) (*Report, error) {
	t := a.read
	r := &Report{
		Source: source, Rules: a.rules.Title, Now: a.Now.UTC(), Window: a.Window.utc(), Level: a.Level,
		Cases: t.cases, Entries: t.entries, Dropped: t.dropped, Records: t.records,
	}
	for n := range a.clauses {
		c, err := a.clauseReport(n)
		if err != nil {
			return nil, err
		}
		r.Clauses = append(r.Clauses, c)
	}
	for _, code := range slices.Sorted(maps.Keys(t.findings)) {
		f := t.findings[code]
		count := FindingCount{Code: code, Count: f.count}
		for _, e := range f.examples {
			e.Code = code
			count.Examples = append(count.Examples, e.Finding)
		}
		r.Findings = append(r.Findings, count)
	}
	if a.conduct != nil {
		var err error
		if r.Conduct, err = a.conduct.report(t.conduct, a.Level); err != nil {
			return nil, err
		}
	}
	if a.Tally != nil {
		if err := a.Tally.Merge(t.measures); err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		if err := a.assess(r); err != nil {
			return nil, err
		}
	}
	for _, g := range a.Gates {
		r.Gates = append(r.Gates, r.gate(g))
	}
	return r, nil
}

func (a *audit) clauseReport(n int) (ClauseReport, error) {
	t, c := &a.read.clauses[n], &a.clauses[n]
	r := ClauseReport{
		ID: c.ID, Section: c.Section, Text: c.Text, Limit: c.Limit, Lacks: a.lacks[n],
		OutOfScope: t.verdicts[sla.OutOfScope], Clocks: t.clocks, Durations: summarize(&t.durations),
	}
	var err error
	if r.Counts, err = t.counts(a.Level); err != nil {
		return r, err
	}
	if !a.Window.IsZero() {
		r.Final = &Final{t.window[0], t.window[1]}
	}
	for evidence, cases := range t.missing {
		r.Missing = append(r.Missing, Missing{evidence, *cases})
	}
	slices.SortFunc(r.Missing, func(a, b Missing) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Evidence, b.Evidence))
	})
	for i, name := range a.Slices {
		s := Slice{Attribute: name}
		for _, value := range slices.Sorted(maps.Keys(a.read.groups[i])) {
			g := Group{Value: value}
			if g.Counts, err = a.read.groups[i][value][n].counts(a.Level); err != nil {
				return r, err
			}
			if g.InScope > 0 {
				s.Groups = append(s.Groups, g)
			}
		}
		r.Slices = append(r.Slices, s)
	}
	for i := range t.worst {
		k := &t.worst[i]
		x, err := a.rules.Plan.ExplainClock(sla.Clock{Target: c.ID, Revision: k.revision, Cycle: k.cycle}, k.history.Entries, a.Now)
		// A promised date may be breached before anything has started; such a clock has no course to explain.
		if err != nil && !errors.Is(err, sla.ErrNoClock) {
			return r, err
		}
		r.Worst = append(r.Worst, Breach{Case: k.history.Case, Line: k.line, Over: k.over, Explanation: x})
	}
	return r, nil
}

func (v *verdicts) counts(level float64) (Counts, error) {
	c := Counts{Kept: v[sla.Kept], Breached: v[sla.Broken], Pending: v[sla.Pending], NotEvaluable: v[sla.Unknown]}
	c.InScope = c.Kept + c.Breached + c.Pending + c.NotEvaluable
	var err error
	c.Attainment, err = quality.NewProportion(c.Kept, c.Kept+c.Breached)
	c.Interval = c.Attainment.Wilson(level)
	return c, err
}

func summarize(d *quality.Durations) Durations {
	s := Durations{Count: d.Count()}
	s.P50, _ = d.Quantile(0.5)
	s.P90, _ = d.Quantile(0.9)
	s.P95, _ = d.Quantile(0.95)
	s.Max, _ = d.Max()
	return s
}

// Clause returns the report on a clause.
func (r *Report) Clause(id string) (*ClauseReport, bool) {
	i := slices.IndexFunc(r.Clauses, func(c ClauseReport) bool { return c.ID == id })
	if i < 0 {
		return nil, false
	}
	return &r.Clauses[i], true
}

// objectives yields the clauses that are objectives, each with the outcome of all its bounds.
func (r *Report) objectives() iter.Seq[GateClause] {
	return func(yield func(GateClause) bool) {
		for i := 0; i < len(r.Objectives); {
			first := &r.Objectives[i]
			c := GateClause{first.ID, first.Assessment.Outcome, first.NotMeasured}
			for i++; i < len(r.Objectives) && r.Objectives[i].ID == c.ID; i++ {
				next := &r.Objectives[i]
				c.NotMeasured = cmp.Or(c.NotMeasured, next.NotMeasured)
				switch {
				case c.Outcome == quality.Missed || next.Assessment.Outcome == quality.Missed:
					c.Outcome = quality.Missed
				case next.Assessment.Outcome == quality.Undecided:
					c.Outcome = quality.Undecided
				}
			}
			if !yield(c) {
				return
			}
		}
	}
}

// gate holds the clauses that fit against a bound.
func (r *Report) gate(g Gate) GateReport {
	out := GateReport{Gate: g, Clauses: []GateClause{}}
	met := 0
	add := func(c GateClause) {
		if c.Outcome == quality.Missed {
			out.Outcome = quality.Missed
		}
		if c.Outcome == quality.Met {
			met++
		}
		out.Clauses = append(out.Clauses, c)
	}
	fits := func(id string) bool {
		matches, err := path.Match(g.Clause, id)
		return err == nil && matches || id == g.Clause
	}
	attains := func(id string, share quality.Proportion, i quality.Interval) {
		switch {
		case !fits(id):
		case share.Known():
			add(GateClause{ID: id, Outcome: i.AtLeast(g.AtLeast)})
		default:
			add(GateClause{ID: id, Outcome: quality.Undecided})
		}
	}
	for i := range r.Clauses {
		attains(r.Clauses[i].ID, r.Clauses[i].Attainment, r.Clauses[i].Interval)
	}
	for i := range r.Conduct {
		if c := &r.Conduct[i]; c.ID != "" && (c.Cases > 0 || c.ID == g.Clause) {
			attains(c.ID, c.Attainment, c.Interval)
		}
	}
	var otherYear []GateClause
	for c := range r.objectives() {
		switch {
		case !fits(c.ID):
		case c.NotMeasured == OtherYear && c.ID != g.Clause:
			otherYear = append(otherYear, c)
		default:
			add(c)
		}
	}
	if len(out.Clauses) == 0 {
		out.Clauses = append(out.Clauses, otherYear...) // nobody is to take it for a pattern that fits nothing
	}
	if met > 0 && met == len(out.Clauses) {
		out.Outcome = quality.Met
	}
	return out
}

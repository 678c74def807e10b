package audit

import (
	"slices"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
	"github.com/servicecharter/charter/records"
)

// The record classes whose histories are held to a lifecycle. Emergency plans are no cases, so that no package names theirs.
const (
	classTicket    = "ticket"
	classComplaint = complaint.KindComplaint
	classIncident  = incident.KindIncident
	classPlan      = "plan"
)

// conduct is what a handbook demands of the steps and the content of cases, as the judges of an audit share it.
type conduct struct {
	handbook *charter.Handbook
	rows     []conductRow
	basic    map[string]int32 // by class: the row of what holds without a clause
	clause   map[string]int32 // by id
	cases    map[string]bool  // the classes that are kinds of cases
	records  map[string]bool  // those that are not, and of which clauses speak
}

// conductRow is one row of the report.
type conductRow struct {
	Clause
	of string
}

func newConduct(h *charter.Handbook) *conduct {
	c := &conduct{
		handbook: h, basic: map[string]int32{}, clause: map[string]int32{},
		cases: map[string]bool{"": true, classTicket: true, classComplaint: true, classIncident: true}, records: map[string]bool{},
	}
	for _, b := range []conductRow{
		{Clause{Text: charter.Text{EN: "what holds for every ticket", ZH: "每张工单均须遵守的规则"}}, classTicket},
		{Clause{Text: charter.Text{EN: "what holds for every complaint", ZH: "每件投诉均须遵守的规则"}}, classComplaint},
		{Clause{Text: charter.Text{EN: "what holds for every incident", ZH: "每起事件均须遵守的规则"}}, classIncident},
		{Clause{Text: charter.Text{EN: "what holds for every emergency plan", ZH: "每份应急预案均须遵守的规则"}}, classPlan},
	} {
		c.basic[b.of] = int32(len(c.rows))
		c.rows = append(c.rows, b)
	}
	for latest := range h.Clauses() {
		for v := range h.Versions(latest.ID) {
			if !v.Lifecycle.IsZero() || len(v.Content) > 0 {
				c.clause[latest.ID] = int32(len(c.rows))
				c.rows = append(c.rows, conductRow{Clause: Clause{ID: latest.ID, Section: latest.Section, Text: latest.Text}})
				break
			}
		}
	}
	kinds, _ := h.Attribute(history.KeyKind)
	for _, v := range kinds.Values {
		c.cases[v.ID] = true
	}
	for clause := range c.clause {
		for v := range h.Versions(clause) {
			for _, x := range v.Content {
				for _, class := range x.Classes {
					c.records[class] = !c.cases[class]
				}
			}
			if v.Lifecycle.Plan != nil {
				c.records[classPlan] = !c.cases[classPlan]
			}
		}
	}
	return c
}

// Standing of a case to a clause on conduct, the heaviest last.
const (
	elsewhere uint8 = iota // the clause does not speak of the case
	inOrder
	notYet
	againstAdvice
	unclear
	broken
	standings
)

// conductTally counts what one judge finds about one clause.
type conductTally struct {
	cases [standings]uint64
	found map[string]*deviations
}

// deviations are findings of one code, with examples in the order of the source.
type deviations struct {
	count    uint64
	examples []deviationExample
}

type deviationExample struct {
	seq uint64
	Deviation
}

// conductJudge holds cases to a handbook one after the other. It serves one goroutine.
type conductJudge struct {
	*conduct
	tallies  []conductTally
	standing []uint8 // of this case, by row
	touched  []int32
	steps    map[any]*steps // by the rules that they are of

	examples int
	judge    *judge

	// Of the current case:
	current *Case
	seq     uint64
	entries []history.Entry // up to the instant of judgement, in order
	class   string
	other   bool // a record of something that is no case
}

func newConductJudge(j *judge) *conductJudge {
	if j.conduct == nil {
		return nil
	}
	return &conductJudge{
		conduct: j.conduct, tallies: j.tally.conduct, standing: make([]uint8, len(j.conduct.rows)), steps: map[any]*steps{},
		examples: j.Examples, judge: j,
	}
}

// record looks at a case before anything else does. When it is none, but the record of a person, a document or the like, record holds it to
// what the handbook demands of such records, and reports true: it has no deadlines, and no measure of cases counts it.
func (c *conductJudge) record(x *Case, seq uint64) bool {
	sorted := x.Sorted().Entries
	c.current, c.seq, c.entries = x, seq, c.judge.upToNow(sorted)
	c.class = c.judge.class(history.History{Case: x.Case, Entries: c.entries})
	c.other = c.records[c.class] || c.judge.Class != nil && !c.cases[c.class]
	if c.other {
		c.judge.tally.records++
		c.judge.check(x, seq)
		c.judge.scan(x, sorted, seq)
		c.hold()
	}
	return c.other
}

// hold holds the case to the handbook.
func (c *conductJudge) hold() {
	if len(c.entries) == 0 {
		return
	}
	h, class := history.History{Case: c.current.Case, Entries: c.entries}, c.class
	switch class {
	case "":
		if kept := c.judge.tally.find(CodeNoKind, c.seq, c.examples); kept != nil {
			*kept = Finding{Case: c.current.Case, Line: c.current.line(-1)}
		}
	case classTicket:
		c.reach(class, func(e *history.Entry) *steps { return c.stepsOf(c.handbook.TicketRules(e.At)) })
		for _, f := range c.handbook.CheckTicket(h) {
			if d := c.deviates(class, f.Clause, string(f.Code), f.Advised); d != nil {
				d.Line, d.Entry = c.line(f.Index), f.Seq
				f.Clause, f.Seq, f.Advised = "", 0, false // said beside the text
				d.Text = both(f)
			}
		}
	case classComplaint:
		c.reach(class, func(e *history.Entry) *steps { return c.stepsOf(c.handbook.ComplaintRules(e.At)) })
		for _, f := range c.handbook.CheckComplaint(h) {
			if d := c.deviates(class, f.Clause, string(f.Code), f.Advised); d != nil {
				d.Line, d.Entry = c.line(f.Index), f.Seq
				f.Clause, f.Seq, f.Advised = "", 0, false
				d.Text = both(f)
			}
		}
	case classIncident:
		c.reach(class, func(e *history.Entry) *steps { return c.stepsOf(c.handbook.IncidentRules(e.At)) })
		c.incident(class, c.handbook.CheckIncident(h))
	case classPlan:
		c.reach(class, func(e *history.Entry) *steps { return c.stepsOf(c.handbook.PlanRules(e.At)) })
		c.incident(class, c.handbook.CheckPlan(h))
	}
	holdings, err := c.handbook.CheckRecord(class, h)
	if err != nil && c.other { // the kind of a case was looked at with its other attributes
		if kept := c.judge.tally.find(CodeUnmappedValue, c.seq, c.examples); kept != nil {
			*kept = Finding{Case: c.current.Case, Line: c.current.line(-1), Column: history.KeyKind, Value: Clip(class)}
		}
	}
	for _, held := range holdings {
		c.content(&held)
	}
	for _, row := range c.touched {
		c.tallies[row].cases[c.standing[row]]++
		c.standing[row] = elsewhere
	}
	c.touched = c.touched[:0]
}

func (c *conductJudge) incident(class string, findings []incident.Finding) {
	for _, f := range findings {
		if d := c.deviates(class, f.Clause, string(f.Code), f.Advised); d != nil {
			d.Line, d.Entry = c.line(f.Index), f.Seq
			f.Clause, f.Advised = "", false
			d.Text = both(f)
		}
	}
}

// content takes in how the case stands to one demand on its content.
func (c *conductJudge) content(held *records.Holding) {
	row, ok := c.clause[held.Clause]
	if !ok {
		return
	}
	switch held.State {
	case records.Unknown:
		c.stands(row, unclear)
	case records.Pending:
		c.stands(row, notYet)
	case records.Complete:
		c.stands(row, inOrder)
	}
	for _, l := range held.Lacks {
		d := c.deviates("", held.Clause, string(l.Code), held.Advised)
		if d == nil {
			continue
		}
		d.Text = both(l)
		if len(l.Entries) > 0 {
			d.Entry = l.Entries[0]
			d.Line = c.line(slices.IndexFunc(c.entries, func(e history.Entry) bool { return e.Seq == d.Entry }))
		}
	}
}

// class is what a case is held to.
func (s *settings) class(h history.History) string {
	if s.Class != nil {
		return s.Class(h)
	}
	class := ""
	for i := range h.Entries {
		if e := &h.Entries[i]; history.SetsAttributes(e.Kind) {
			if kind, ok := e.Fields.Get(history.KeyKind); ok {
				class = kind
			}
		}
	}
	return class
}

// deviates counts a finding, by the clause that asks for it or else by the class for which it holds, and returns the place for the example,
// or nil when there are enough of them.
func (c *conductJudge) deviates(class, clause, code string, advised bool) *Deviation {
	row, ok := c.clause[clause]
	if !ok {
		row = c.basic[class]
	}
	weight := broken
	if advised {
		weight = againstAdvice
	}
	c.stands(row, weight)
	t := &c.tallies[row]
	if t.found == nil {
		t.found = map[string]*deviations{}
	}
	f := t.found[code]
	if f == nil {
		f = &deviations{}
		t.found[code] = f
	}
	f.count++
	if len(f.examples) >= c.examples {
		return nil
	}
	f.examples = append(f.examples, deviationExample{c.seq, Deviation{Case: c.current.Case, Line: c.current.line(-1), Advised: advised}})
	return &f.examples[len(f.examples)-1].Deviation
}

// stands takes one more standing of the case into that to a clause.
func (c *conductJudge) stands(row int32, weight uint8) {
	if c.standing[row] == elsewhere {
		c.touched = append(c.touched, row)
	}
	c.standing[row] = max(c.standing[row], weight)
}

// line is the line of an entry by its place among those that were checked.
func (c *conductJudge) line(i int) int {
	if i < 0 || i >= len(c.entries) {
		return c.current.line(-1)
	}
	return c.judge.lineOf(c.current, &c.entries[i])
}

// both says a finding in both languages of a report.
func both(f interface{ Text(language string) string }) charter.Text {
	return charter.Text{EN: f.Text("en"), ZH: f.Text("zh")}
}

func (t *conductTally) add(o *conductTally, examples int) {
	for i := range t.cases {
		t.cases[i] += o.cases[i]
	}
	for code, f := range o.found {
		if t.found == nil {
			t.found = map[string]*deviations{}
		}
		if t.found[code] == nil {
			t.found[code] = &deviations{}
		}
		to := t.found[code]
		to.count += f.count
		to.examples = earliest(append(to.examples, f.examples...), examples, func(e deviationExample) uint64 { return e.seq })
	}
}

package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// conduct tells how cases stand to what is demanded of their steps and content. Clauses that speak of no case are only counted.
func (p *page) conduct() {
	if p.Report.Conduct == nil {
		return
	}
	p.title(p.headings.conduct)
	h := p.columns
	t := table{left: 1}
	t.row("  "+h.clause, h.inScope, h.kept, h.broken, h.againstAdvice, h.pending, h.notEvaluable)
	silent := 0
	for i := range p.Report.Conduct {
		c := &p.Report.Conduct[i]
		if c.Cases == 0 {
			silent++
			continue
		}
		t.row("  "+p.conductName(c), count(c.Cases), count(c.Kept), count(c.Breached), count(c.AgainstAdvice), count(c.Pending), count(c.NotEvaluable))
	}
	if len(t.rows) > 1 {
		t.write(&p.b, "")
	}
	if p.Records > 0 {
		p.printf("  "+p.records+"\n", p.Records)
	}
	if silent > 0 {
		p.printf("  "+p.silent+"\n", silent)
	}
	p.deviations()
}

func (p *page) conductName(c *ConductReport) string {
	if c.ID == "" {
		return strings.TrimSpace(p.open) + c.Text.In(p.language) + p.end
	}
	return c.ID
}

// deviations lists what was found against clauses.
func (p *page) deviations() {
	begun := false
	for i := range p.Report.Conduct {
		c := &p.Report.Conduct[i]
		if len(c.Findings) == 0 {
			continue
		}
		if !begun {
			p.title(p.headings.deviations)
			begun = true
		}
		p.printf("  %s\n", strings.TrimSpace(c.ID+"  "+c.Text.In(p.language)))
		for _, f := range c.Findings {
			p.printf("    %s %d\n", f.Code, f.Count)
			for _, e := range f.Examples {
				where := p.where(e.Line, e.Case)
				if e.Entry > 0 {
					where = append(where, fmt.Sprintf(p.entry, e.Entry))
				}
				advised := ""
				if e.Advised {
					advised = p.open + p.advised + p.end
				}
				p.printf("      %s%s%s%s\n", strings.Join(where, p.comma), p.colon, e.Text.In(p.language), advised)
			}
		}
	}
}

// where names line and case.
func (p *page) where(line int, id string) (where []string) {
	if line > 0 {
		where = append(where, fmt.Sprintf(p.line, line))
	}
	if id != "" {
		where = append(where, fmt.Sprintf(p.caseName, id))
	}
	return where
}

func (p *page) objectives() {
	if len(p.Report.Objectives) == 0 {
		return
	}
	p.title(p.headings.objectives)
	t := table{left: 4}
	h := p.columns
	t.row("  "+h.clause, h.measure, h.bound, h.outcome, h.figure, fmt.Sprintf(h.interval, p.level()), h.facts, h.pending, "")
	for i := range p.Report.Objectives {
		x := &p.Report.Objectives[i]
		a := &x.Assessment
		bound := "≥ "
		if a.Objective.Bound == quality.AtMost {
			bound = "≤ "
		}
		note := p.notMeasured[x.NotMeasured]
		if a.More != nil && *a.More > 0 {
			note = fmt.Sprintf(p.wouldTell, *a.More)
		}
		t.row("  "+x.ID, p.measureName(a.Objective.Measure, x.Name.In(p.language)), bound+a.Objective.Figure.String()+a.Objective.Unit.Text(p.language), a.Outcome.Text(p.language),
			p.value(a.Value, a.Objective.Unit), p.interval(a.Interval, a.Objective.Unit), count(a.Count), count(x.Pending), note)
	}
	t.write(&p.b, "")
}

func (p *page) measures() {
	if len(p.Report.Measures) == 0 {
		return
	}
	p.title(p.headings.measures)
	t := table{left: 1}
	h := p.columns
	t.row("  "+h.measure, h.figure, fmt.Sprintf(h.interval, p.level()), h.facts, h.pending, h.clause)
	for i := range p.Report.Measures {
		x := &p.Report.Measures[i]
		clauses := strings.Join(x.Clauses, p.comma)
		if x.NotMeasured != "" {
			clauses += p.open + p.notMeasured[x.NotMeasured] + p.end
		}
		t.row("  "+p.measureName(x.Measure, x.Name.In(p.language)), p.value(x.Value, x.Unit), p.interval(x.Interval, x.Unit), count(x.Count), count(x.Pending), clauses)
	}
	t.write(&p.b, "")
}

func (p *page) measureName(id, name string) string {
	if name == "" {
		return id
	}
	return name
}

// value renders a figure in a unit.
func (p *page) value(v *decimal.Decimal, unit quality.Unit) string {
	if v == nil {
		return "–"
	}
	return v.StringFixed(figurePlaces) + unit.Text(p.language)
}

func (p *page) interval(i *quality.Interval, unit quality.Unit) string {
	if i == nil {
		return "–"
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', figurePlaces, 64) + unit.Text(p.language) }
	return number(i.Low) + "–" + number(i.High)
}

// uncounted lists the facts that no measure could count.
func (p *page) uncounted() {
	if len(p.MeasureFindings) == 0 {
		return
	}
	p.title(p.headings.uncounted)
	for _, f := range p.MeasureFindings {
		p.printf("  %s %d%s%s%s\n", f.Code, f.Count, p.open, f.Code.Text(p.language), p.end)
		for _, e := range f.Examples {
			where := p.where(0, e.Case)
			if e.Seq > 0 {
				where = append(where, fmt.Sprintf(p.entry, e.Seq))
			}
			if e.Measure != "" {
				where = append(where, e.Measure)
			}
			p.printf("    %s%s%s\n", strings.Join(where, p.comma), p.colon, e.Detail)
		}
	}
}

// What the sections beyond deadlines say in the two languages.
func englishFigures(w *words) {
	w.notMeasured = map[NotMeasured]string{
		NoFacts: "no facts", NoMeasure: "no such measure in the table", NoComparison: "bound and measure do not fit", NoSingle: "no single figure",
		OtherYear: "not set for this year",
	}
	w.records = "%d of these are records of something else than cases, and have no deadlines"
	w.silent, w.wouldTell, w.entry, w.advised = "%d clauses speak of none of the cases", "%d more would tell", "entry %d", "advised"
	c, h := &w.columns, &w.headings
	c.broken, c.againstAdvice = "breached", "against advice"
	c.measure, c.bound, c.outcome, c.figure, c.facts = "measure", "bound", "outcome", "figure", "facts"
	h.conduct, h.deviations, h.objectives = "steps and content", "found against clauses", "objectives"
	h.measures, h.uncounted = "measures without a bound", "facts that no measure could count"
}

func chineseFigures(w *words) {
	w.notMeasured = map[NotMeasured]string{NoFacts: "没有数据", NoMeasure: "度量表中没有该度量", NoComparison: "限值与度量不符", NoSingle: "没有单一数值", OtherYear: "本年度未设限值"}
	w.records = "其中 %d 份不是案件而是其他档案，不计时限"
	w.silent, w.wouldTell, w.entry, w.advised = "另有 %d 条条款不涉及这些案件", "再有 %d 项即可判定", "第 %d 条记录", "仅建议"
	c, h := &w.columns, &w.headings
	c.broken, c.againstAdvice = "违反", "未按建议"
	c.measure, c.bound, c.outcome, c.figure, c.facts = "度量", "限值", "结论", "数值", "数据"
	h.conduct, h.deviations, h.objectives = "步骤与内容", "违反条款之处", "指标"
	h.measures, h.uncounted = "无限值的度量", "无法计入度量的数据"
}

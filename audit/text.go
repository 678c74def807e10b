package audit

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
)

// Text renders the report for people, in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for
// all others. Instants are in UTC, apart from those in the explanations of breaches, which are in the calendar's zone.
//
// It shortens: ten values a slice, eight lines an explanation. JSON has everything.
func (r *Report) Text(language string) string {
	p := page{Report: r, words: wordsFor(language), language: language}
	p.head()
	p.clauses()
	p.missing()
	p.final()
	p.slices()
	p.conduct()
	p.objectives()
	p.measures()
	p.gates()
	p.worst()
	p.uncounted()
	p.findings()
	return p.b.String()
}

// WriteText writes [Report.Text] to w.
func (r *Report) WriteText(w io.Writer, language string) error {
	_, err := io.WriteString(w, r.Text(language))
	return err
}

// page is a report that is being rendered.
type page struct {
	*Report
	*words
	language string
	b        strings.Builder
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *page) title(title string) { p.printf("\n%s\n", title) }

func (p *page) head() {
	if !p.Rules.IsZero() {
		p.printf("%s\n", p.Rules.In(p.language))
	}
	if p.Source != "" {
		p.printf("%s%s", p.Source, p.colon)
	}
	p.printf(p.summary, p.Cases, p.Entries, p.Dropped, history.FormatInstant(p.Now))
	p.b.WriteByte('\n')
}

func (p *page) clauses() {
	t := table{left: 2}
	h := p.columns
	t.row(h.clause, h.limit, h.inScope, h.kept, h.breached, h.pending, h.notEvaluable, h.attainment, fmt.Sprintf(h.interval, p.level()), "p50", "p95", h.longest, "")
	for i := range p.Report.Clauses {
		c := &p.Report.Clauses[i]
		rate, interval, share := p.rate(&c.Counts)
		p50, p95, longest := "–", "–", "–"
		if c.Durations.Count > 0 {
			p50, p95, longest = p.length(c.Durations.P50, c.Limit), p.length(c.Durations.P95, c.Limit), p.length(c.Durations.Max, c.Limit)
		}
		limit := c.Limit.Text(p.language)
		if limit == "" {
			limit = "–"
		}
		t.row(c.ID, limit, count(c.InScope), count(c.Kept), count(c.Breached), count(c.Pending), count(c.NotEvaluable), rate, interval, p50, p95, longest, share)
	}
	p.b.WriteByte('\n')
	t.write(&p.b, "")
	if len(p.Report.Clauses) == 0 {
		p.printf("%s\n", p.noClauses)
	}
}

func (p *page) level() string {
	return strconv.FormatFloat(100*p.Level, 'g', 5, 64) + "%"
}

// rate renders attainment and interval, and a bar.
func (p *page) rate(c *Counts) (rate, interval, share string) {
	r, ok := c.Attainment.Rate(4)
	if !ok {
		return "–", "–", ""
	}
	f, _ := r.Float64()
	return r.Shift(2).StringFixed(2) + "%", c.Interval.String(), bar(f, 20)
}

func count(n uint64) string { return strconv.FormatUint(n, 10) }

// length renders a duration on the basis of a limit, in two units at most.
func (p *page) length(d time.Duration, limit sla.Span) string {
	const day = 24 * time.Hour
	if limit.Basis == sla.WorkingDays {
		return strconv.FormatFloat(float64(d)/float64(day), 'f', 1, 64) + p.workingDays
	}
	// Quantiles are known to a hundredth; more digits would only look exact.
	unit := time.Second
	switch {
	case d >= 4*day:
		unit = time.Hour
	case d >= 10*time.Minute:
		unit = time.Minute
	}
	s := d.Round(unit).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// missing tells which evidence cases lack.
func (p *page) missing() {
	t := table{left: 1}
	for i := range p.Report.Clauses {
		c := &p.Report.Clauses[i]
		for _, m := range c.Missing {
			what := m.Evidence
			if said, ok := p.evidence[what]; ok {
				what = said
			}
			if c.Lacks != "" {
				what += p.open + p.never + p.end
			}
			t.row("  "+c.ID, count(m.Cases), what)
		}
		if c.Lacks != "" && len(c.Missing) == 0 {
			t.row("  "+c.ID, "0", c.Lacks+p.open+p.never+p.end)
		}
	}
	if len(t.rows) > 0 {
		p.title(p.headings.missing)
		t.write(&p.b, "")
	}
}

func (p *page) final() {
	if p.Window.IsZero() {
		return
	}
	instant := func(t time.Time) string {
		if t.IsZero() {
			return "…"
		}
		return history.FormatInstant(t)
	}
	p.title(fmt.Sprintf(p.headings.final, instant(p.Window.From), instant(p.Window.To)))
	t := table{left: 1}
	for i := range p.Report.Clauses {
		if c := &p.Report.Clauses[i]; c.Final != nil && c.Final.Kept+c.Final.Breached > 0 {
			t.row("  "+c.ID, p.columns.kept, count(c.Final.Kept), p.columns.breached, count(c.Final.Breached))
		}
	}
	if len(t.rows) == 0 {
		p.printf("  %s\n", p.none)
	}
	t.write(&p.b, "")
}

func (p *page) slices() {
	const most = 10
	for n := range p.sliced() {
		t := table{left: 2}
		more := 0
		for i := range p.Report.Clauses {
			c := &p.Report.Clauses[i]
			if c.Kept+c.Breached == 0 {
				continue
			}
			groups := slices.SortedStableFunc(slices.Values(c.Slices[n].Groups), func(a, b Group) int { return cmp.Compare(b.InScope, a.InScope) })
			for k, g := range groups[:min(len(groups), most)] {
				id, value := "", g.Value
				if k == 0 {
					id = c.ID
				}
				if value == "" {
					value = p.noValue
				}
				rate, interval, share := p.rate(&g.Counts)
				t.row("  "+id, value, count(g.InScope), count(g.Kept), count(g.Breached), rate, interval, share)
			}
			more += max(0, len(groups)-most)
		}
		if len(t.rows) == 0 {
			continue
		}
		p.title(fmt.Sprintf(p.headings.slice, p.Report.Clauses[0].Slices[n].Attribute))
		t.write(&p.b, "")
		if more > 0 {
			p.printf("  "+p.more+"\n", more)
		}
	}
}

// sliced is how many attributes the report is sliced by.
func (p *page) sliced() int {
	if len(p.Report.Clauses) == 0 {
		return 0
	}
	return len(p.Report.Clauses[0].Slices)
}

func (p *page) gates() {
	if len(p.Report.Gates) == 0 {
		return
	}
	p.title(p.headings.gates)
	t := table{left: 3}
	for _, g := range p.Report.Gates {
		outcome := g.Outcome.Text(p.language)
		switch {
		case len(g.Clauses) == 0:
			outcome += p.open + p.noSuch + p.end
		case len(g.Clauses) == 1:
			outcome += p.why(g.Clauses[0])
		}
		bound := ""
		if !g.AtLeast.IsZero() {
			bound = "≥ " + g.AtLeast.Shift(2).String() + "%"
		}
		t.row("  "+g.Gate.Clause, bound, outcome, "")
		for _, c := range g.Clauses {
			if len(g.Clauses) > 1 && c.Outcome != quality.Met {
				t.row("    "+c.ID, "", c.Outcome.Text(p.language)+p.why(c), "")
			}
		}
	}
	t.write(&p.b, "")
}

// why there is no figure, if there is none.
func (p *page) why(c GateClause) string {
	if c.NotMeasured == "" {
		return ""
	}
	return p.open + p.notMeasured[c.NotMeasured] + p.end
}

func (p *page) worst() {
	const most = 8
	begun := false
	for i := range p.Report.Clauses {
		c := &p.Report.Clauses[i]
		for n, b := range c.Worst {
			if !begun {
				p.title(p.headings.worst)
				begun = true
			}
			if n == 0 {
				p.printf("  %s  %s\n", c.ID, c.Text.In(p.language))
			}
			line := ""
			if b.Line > 0 {
				line = p.open + fmt.Sprintf(p.line, b.Line) + p.end
			}
			over := sla.Span{Length: b.Over, Basis: b.Explanation.Clock.Span.Basis}
			p.printf("    %d. "+p.over+"\n", n+1, b.Case, line, over.Text(p.language))
			lines := strings.Split(strings.TrimSuffix(b.Explanation.Text(p.language), "\n"), "\n")
			for _, l := range lines[:min(len(lines), most)] {
				p.printf("       %s\n", l)
			}
			if len(lines) > most {
				p.printf("       "+p.more+"\n", len(lines)-most)
			}
		}
	}
}

func (p *page) findings() {
	if len(p.Report.Findings) == 0 {
		return
	}
	p.title(p.headings.findings)
	for _, f := range p.Report.Findings {
		p.printf("  %s %d\n", f.Code, f.Count)
		for i := range f.Examples {
			e := &f.Examples[i]
			if where := p.where(e.Line, e.Case); len(where) > 0 {
				p.printf("    %s%s%s\n", strings.Join(where, p.comma), p.colon, e.Text(p.language))
			} else {
				p.printf("    %s\n", e.Text(p.language))
			}
		}
	}
}

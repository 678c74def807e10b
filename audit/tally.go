package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// tally is what one judge has counted. Tallies of several judges add up to the same, however the cases were dealt out.
type tally struct {
	cases, entries, dropped uint64
	records                 uint64 // of cases: those that are none

	clauses  []clauseTally
	groups   []map[string][]verdicts // by attribute to slice by and value: the verdicts by clause
	findings map[history.Code]*found
	conduct  []conductTally
	measures *measure.Tally // nil: not asked for
}

// verdicts counts cases by verdict.
type verdicts [sla.OutOfScope + 1]uint64

type clauseTally struct {
	verdicts
	clocks    uint64
	window    [2]uint64 // kept and breached
	missing   map[string]*uint64
	lacked    string // the evidence that was missing last, and its count
	count     *uint64
	durations quality.Durations
	worst     []kept // falling overrun
}

// kept is a breach that is kept for the report.
type kept struct {
	seq      uint64
	over     time.Duration
	revision string
	cycle    uint32
	line     int
	history  history.History // its own copy
}

// found is how often a fault was found, with examples in the order of the source.
type found struct {
	count    uint64
	examples []example
}

type example struct {
	seq uint64
	Finding
}

func newTally(s *settings) *tally {
	t := &tally{
		clauses:  make([]clauseTally, len(s.clauses)),
		groups:   make([]map[string][]verdicts, len(s.Slices)),
		findings: map[history.Code]*found{},
	}
	for i := range t.groups {
		t.groups[i] = map[string][]verdicts{}
	}
	if s.conduct != nil {
		t.conduct = make([]conductTally, len(s.conduct.rows))
	}
	if s.Tally != nil {
		t.measures = measure.NewTally(s.Tally.Measures(), s.Tally.Grouping())
	}
	return t
}

// find counts a fault and returns the place for the example, or nil when there are enough of them.
func (t *tally) find(code history.Code, seq uint64, examples int) *Finding {
	f := t.findings[code]
	if f == nil {
		f = &found{}
		t.findings[code] = f
	}
	f.count++
	if len(f.examples) >= examples {
		return nil
	}
	f.examples = append(f.examples, example{seq: seq})
	return &f.examples[len(f.examples)-1].Finding
}

// group returns the counts of a value by clause, or nil when there are too many values.
func (t *tally) group(attribute int, value string) []verdicts {
	g, ok := t.groups[attribute][value]
	if !ok {
		if len(t.groups[attribute]) >= MaxGroups {
			return nil
		}
		g = make([]verdicts, len(t.clauses))
		t.groups[attribute][strings.Clone(value)] = g
	}
	return g
}

func groupsError(attribute string) error {
	return fmt.Errorf("%w: attribute %q has more than %d", ErrGroups, attribute, MaxGroups)
}

func (t *clauseTally) lack(evidence string, n uint64) {
	if t.count == nil || t.lacked != evidence {
		if t.missing == nil {
			t.missing = map[string]*uint64{}
		}
		if t.missing[evidence] == nil {
			t.missing[evidence] = new(uint64)
		}
		t.lacked, t.count = evidence, t.missing[evidence]
	}
	*t.count += n
}

// took notes how long a finished clock ran. Elapsed is never negative and the count bounded by that of cases, so nothing is refused.
func (t *clauseTally) took(o *sla.Outcome) { _ = t.durations.Observe(o.Elapsed) }

func compareKept(a, b kept) int {
	return cmp.Or(cmp.Compare(b.over, a.over), cmp.Compare(a.seq, b.seq))
}

// keepWorst copies the case when it is among the limit worst ones so far.
func (t *clauseTally) keepWorst(limit int, c *Case, o *sla.Outcome, seq uint64) {
	k := kept{seq: seq, over: -o.Remaining, revision: o.Revision, cycle: o.Cycle, line: c.line(-1)}
	if limit == 0 || len(t.worst) == limit && compareKept(k, t.worst[limit-1]) >= 0 {
		return
	}
	k.history = history.History{Case: strings.Clone(c.Case), Entries: slices.Clone(c.Entries)}
	for i := range k.history.Entries {
		e := &k.history.Entries[i]
		e.Fields, e.Personal = slices.Clone(e.Fields), nil
	}
	at, _ := slices.BinarySearchFunc(t.worst, k, compareKept)
	t.worst = slices.Insert(t.worst, at, k)
	t.worst = t.worst[:min(len(t.worst), limit)]
}

// add takes in another tally of the same audit.
func (t *tally) add(o *tally, s *settings) error {
	t.cases += o.cases
	t.entries += o.entries
	t.dropped += o.dropped
	t.records += o.records
	for i := range t.clauses {
		a, b := &t.clauses[i], &o.clauses[i]
		a.verdicts.add(&b.verdicts)
		a.clocks += b.clocks
		a.window[0] += b.window[0]
		a.window[1] += b.window[1]
		for evidence, n := range b.missing {
			a.lack(evidence, *n)
		}
		if err := a.durations.Merge(&b.durations); err != nil {
			return err
		}
		a.worst = slices.SortedFunc(slices.Values(append(a.worst, b.worst...)), compareKept)
		a.worst = a.worst[:min(len(a.worst), s.Worst)]
	}
	for i, groups := range o.groups {
		for _, value := range slices.Sorted(maps.Keys(groups)) {
			to := t.group(i, value)
			if to == nil {
				return groupsError(s.Slices[i])
			}
			for n := range to {
				to[n].add(&groups[value][n])
			}
		}
	}
	for code, f := range o.findings {
		if t.findings[code] == nil {
			t.findings[code] = &found{}
		}
		to := t.findings[code]
		to.count += f.count
		to.examples = earliest(append(to.examples, f.examples...), s.Examples, func(e example) uint64 { return e.seq })
	}
	for i := range t.conduct {
		t.conduct[i].add(&o.conduct[i], s.Examples)
	}
	if t.measures != nil {
		return t.measures.Merge(o.measures)
	}
	return nil
}

// earliest keeps so many examples, those that come first in the source.
func earliest[E any](examples []E, most int, seq func(E) uint64) []E {
	slices.SortStableFunc(examples, func(a, b E) int { return cmp.Compare(seq(a), seq(b)) })
	return examples[:min(len(examples), most)]
}

func (v *verdicts) add(o *verdicts) {
	for i := range v {
		v[i] += o[i]
	}
}

package measure

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/servicecharter/charter/quality"
)

// Grouping says what a tally keeps apart. The zero value keeps nothing apart but the measures.
type Grouping struct {
	Period Period `json:"period"`
	// Zone is where days begin; nil is UTC.
	Zone    *time.Location `json:"-"`
	Tier    bool           `json:"tier,omitempty"`
	Channel bool           `json:"channel,omitempty"`
	Group   bool           `json:"group,omitempty"`
	Agent   bool           `json:"agent,omitempty"`
	// Quantiles keeps a sketch of the durations of each mean time, of some kilobytes each; see quality.Durations.
	Quantiles bool `json:"quantiles,omitempty"`
}

func (g Grouping) slice(s Slice) Slice {
	var kept Slice
	if g.Tier {
		kept.Tier = s.Tier
	}
	if g.Channel {
		kept.Channel = s.Channel
	}
	if g.Group {
		kept.Group = s.Group
	}
	if g.Agent {
		kept.Agent = s.Agent
	}
	return kept
}

// Tally counts facts, by measure, period and slice. Tallies of shards, days or machines merge into exactly the tally that had counted all
// of them. Memory grows with the number of groups, not of facts.
//
// It is not safe for concurrent use while it changes: give each goroutine its own and merge them.
type Tally struct {
	measures *Registry
	by       Grouping
	cells    map[key]*cell
	// Texts of groups are numbered, so that a fact costs a few lookups in small maps and one of a short key in a large one.
	periods, tiers, channels, groups, agents names
	found                                    map[Code]*finds
	// The sum of what the facts and findings weigh. It is at or above every count, so that a merge looks through the cells only where one
	// could become too large.
	weight uint64
	// The date of the last fact and its period: facts mostly come in the order of time.
	last  date
	label uint32
}

type date struct {
	year  int
	month time.Month
	day   int
}

var errNoTable = fmt.Errorf("%w: one was not made with a table of measures", ErrTally)

// NewTally returns an empty tally of the measures of a table. One without a table, as the zero Tally is, counts nothing: it refuses every
// record, fact and merge with [ErrTally].
func NewTally(measures *Registry, by Grouping) *Tally {
	return &Tally{measures: measures, by: by, cells: map[key]*cell{}, found: map[Code]*finds{}}
}

// Measures returns the table by which the tally counts; nil for a tally that was not made with one.
func (t *Tally) Measures() *Registry { return t.measures }

// Grouping returns what the tally keeps apart.
func (t *Tally) Grouping() Grouping { return t.by }

// Take counts a record by every measure that is computed from its kind. What the data get wrong (a rating off its scale) is a finding and
// stops nothing; see [Tally.Findings]. A record that cannot be counted at all is refused with [ErrRecord] and changes nothing. Take each
// record once.
func (t *Tally) Take(r *Record) error {
	switch {
	case t.measures == nil:
		return errNoTable
	case r == nil:
		return fmt.Errorf("%w: nil", ErrRecord)
	}
	if err := r.prepare(); err != nil {
		return err
	}
	t.unlisted(r)
	c := taking{tally: t, record: r}
	emit := c.emit
	for i := range t.measures.measures {
		m := &t.measures.measures[i]
		if m.Of == r.Of && m.Observe != nil {
			c.measure = int32(i)
			m.Observe(r, emit)
		}
	}
	return nil
}

// taking is a record while it is being counted, by one measure after the other.
type taking struct {
	tally   *Tally
	record  *Record
	measure int32
}

func (c *taking) emit(o Observation) {
	if err := c.tally.observe(c.measure, o); err != nil {
		c.tally.finding(&c.tally.measures.measures[c.measure], c.record, o, err)
	}
}

// Observe counts one fact of a measure, as a host does that has facts of its own. It refuses an unknown measure with [ErrMeasure], a fact
// that the measure does not count or that has no instant with [ErrFact], and figures that cannot be with the errors of package quality:
// quality.ErrOffScale, quality.ErrNegative, quality.ErrRate, quality.ErrHitsExceedTrials, quality.ErrTooMany. What is refused changes
// nothing.
func (t *Tally) Observe(measure string, o Observation) error {
	if t.measures == nil {
		return errNoTable
	}
	i, ok := t.measures.index[measure]
	if !ok {
		return fmt.Errorf("%w: %.60q", ErrMeasure, measure)
	}
	if err := t.observe(int32(i), o); err != nil {
		return fmt.Errorf("%s: %w", measure, err)
	}
	return nil
}

func (t *Tally) observe(i int32, o Observation) error {
	if o.At.IsZero() {
		return fmt.Errorf("%w: no instant", ErrFact)
	}
	m := &t.measures.measures[i]
	if o.Fact.kind == broken {
		return o.Fact.fault
	}
	if !counts(m.Kind, o.Fact.kind) {
		return fmt.Errorf("%w: not for a %v", ErrFact, m.Kind)
	}
	k := key{measure: i, period: t.period(o.At)}
	if t.by.Tier {
		k.tier = t.tiers.number(o.Slice.Tier)
	}
	if t.by.Channel {
		k.channel = t.channels.number(o.Slice.Channel)
	}
	if t.by.Group {
		k.group = t.groups.number(o.Slice.Group)
	}
	if t.by.Agent {
		k.agent = t.agents.number(o.Slice.Agent)
	}
	c, known := t.cells[k]
	if !known {
		c = new(cell)
	}
	if err := c.add(m, o.Fact, t.by.Quantiles); err != nil {
		return err
	}
	if !known {
		t.cells[k] = c
	}
	t.weigh(o.Fact.weight())
	return nil
}

func (t *Tally) period(at time.Time) uint32 {
	if t.by.Period == AllTime {
		return 0
	}
	if t.by.Zone != nil {
		at = at.In(t.by.Zone)
	} else {
		at = at.UTC()
	}
	var d date
	if d.year, d.month, d.day = at.Date(); d != t.last {
		t.last, t.label = d, t.periods.number(t.by.Period.Label(at, t.by.Zone))
	}
	return t.label
}

// Merge takes in all that other has counted; the order does not matter, and other is not changed. Both must have the same grouping and
// tables of the same measures: else it is refused with [ErrTally]. Counts beyond quality.MaxCount are refused with quality.ErrTooMany.
// What is refused changes nothing.
func (t *Tally) Merge(other *Tally) error {
	if other == nil {
		return nil
	}
	if t.measures == nil || other.measures == nil {
		return errNoTable
	}
	if !t.by.equal(other.by) || !sameMeasures(t.measures, other.measures) {
		return fmt.Errorf("%w: in measures or grouping", ErrTally)
	}
	if other.weight > quality.MaxCount-min(t.weight, quality.MaxCount) { // else nothing in it can be too much
		if err := t.fits(other); err != nil {
			return err
		}
	}
	for k, c := range other.cells {
		if err := t.cell(t.key(k.measure, other.periods.text(k.period), other.slice(k))).take(c); err != nil {
			return fmt.Errorf("%s: %w", t.measures.measures[k.measure].ID, err)
		}
	}
	for code, f := range other.found {
		t.finds(code).merge(f)
	}
	t.weigh(other.weight)
	return nil
}

// fits tells whether another tally can be merged, and changes nothing that one sees.
func (t *Tally) fits(other *Tally) error {
	for k, from := range other.cells {
		if to := t.cells[t.key(k.measure, other.periods.text(k.period), other.slice(k))]; to != nil {
			if err := to.fits(from); err != nil {
				return fmt.Errorf("%s: %w", t.measures.measures[k.measure].ID, err)
			}
		}
	}
	for code, f := range other.found {
		if mine := t.found[code]; mine != nil && f.count > quality.MaxCount-mine.count {
			return fmt.Errorf("findings %s: %w: %d and %d more", code, quality.ErrTooMany, mine.count, f.count)
		}
	}
	return nil
}

// weigh keeps weight at or above every count of the tally.
func (t *Tally) weigh(n uint64) {
	if t.weight += n; t.weight < n {
		t.weight = math.MaxUint64
	}
}

func (t *Tally) cell(k key) *cell {
	c := t.cells[k]
	if c == nil {
		c = new(cell)
		t.cells[k] = c
	}
	return c
}

func (g Grouping) equal(o Grouping) bool {
	a, b := time.UTC, time.UTC
	if g.Zone != nil {
		a = g.Zone
	}
	if o.Zone != nil {
		b = o.Zone
	}
	g.Zone, o.Zone = nil, nil
	return g == o && a.String() == b.String()
}

func sameMeasures(a, b *Registry) bool {
	return a == b || slices.EqualFunc(a.measures, b.measures, func(m, n Measure) bool {
		return m.ID == n.ID && m.Kind == n.Kind && m.Survey.Scale == n.Survey.Scale && m.Survey.Satisfied.Equal(n.Survey.Satisfied)
	})
}

// By returns a tally that keeps less apart: what would have been counted with this grouping. It refuses with [ErrTally] a grouping that
// keeps apart what this tally does not, another period than the same or [AllTime], and another zone.
func (t *Tally) By(g Grouping) (*Tally, error) {
	finer := g.Tier && !t.by.Tier || g.Channel && !t.by.Channel || g.Group && !t.by.Group || g.Agent && !t.by.Agent || g.Quantiles && !t.by.Quantiles
	same := g
	same.Tier, same.Channel, same.Group, same.Agent, same.Quantiles = t.by.Tier, t.by.Channel, t.by.Group, t.by.Agent, t.by.Quantiles
	if g.Period == AllTime {
		same.Period, same.Zone = t.by.Period, t.by.Zone
	}
	if finer || !same.equal(t.by) {
		return nil, fmt.Errorf("%w: a grouping that is finer, or of other periods", ErrTally)
	}
	out := NewTally(t.measures, g)
	for k, c := range t.cells {
		period := t.periods.text(k.period)
		if g.Period == AllTime {
			period = ""
		}
		to := out.cell(out.key(k.measure, period, g.slice(t.slice(k))))
		if err := to.merge(c); err != nil {
			return nil, err
		}
		if to.more != nil && !g.Quantiles {
			to.more.durations = quality.Durations{}
		}
	}
	for code, f := range t.found {
		out.finds(code).merge(f)
	}
	out.weight = t.weight
	return out, nil
}

// Row is what a tally says about one measure in one group.
type Row struct {
	Measure string
	Period  string // as Period.Label names it
	Slice   Slice
	// Statistic is the figure: of the type that the measure's [Kind] names.
	Statistic quality.Statistic
	// Pending and Excluded are facts that are in no figure.
	Pending, Excluded uint64
	// Census is that of the measure: the facts are all there are.
	Census bool
	// Durations are those of a mean time, if the grouping keeps quantiles; else nil.
	Durations *quality.Durations
}

// Rows gives every group in which there was a fact, by measure in the order of the table, then by period and slice. A row is a view: it is
// valid until the tally changes.
func (t *Tally) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, k := range t.keys() {
			if !yield(t.row(k)) {
				return
			}
		}
	}
}

func (t *Tally) keys() []key {
	keys := make([]key, 0, len(t.cells))
	for k := range t.cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure),
			t.periods.compare(a.period, b.period), t.tiers.compare(a.tier, b.tier), t.channels.compare(a.channel, b.channel),
			t.groups.compare(a.group, b.group), t.agents.compare(a.agent, b.agent))
	})
	return keys
}

// Get returns the row of one group, and false if there was no fact. The period is named as [Period.Label] names it.
func (t *Tally) Get(measure, period string, slice Slice) (Row, bool) {
	if t.measures == nil {
		return Row{}, false
	}
	i, ok := t.measures.index[measure]
	if !ok {
		return Row{}, false
	}
	k := key{measure: int32(i)}
	for _, part := range []struct {
		to    *uint32
		names *names
		text  string
	}{
		{&k.period, &t.periods, period},
		{&k.tier, &t.tiers, slice.Tier},
		{&k.channel, &t.channels, slice.Channel},
		{&k.group, &t.groups, slice.Group},
		{&k.agent, &t.agents, slice.Agent},
	} {
		number, known := part.names.numbers[part.text]
		if !known && part.text != "" {
			return Row{}, false
		}
		*part.to = number
	}
	if _, ok := t.cells[k]; !ok {
		return Row{}, false
	}
	return t.row(k), true
}

// Total returns a measure over all groups, and false if there was no fact.
func (t *Tally) Total(measure string) (Row, bool) {
	all, err := t.By(Grouping{Quantiles: t.by.Quantiles})
	if err != nil {
		return Row{}, false
	}
	return all.Get(measure, "", Slice{})
}

func (t *Tally) row(k key) Row {
	c, m := t.cells[k], &t.measures.measures[k.measure]
	row := Row{Measure: m.ID, Period: t.periods.text(k.period), Slice: t.slice(k), Pending: c.pending, Excluded: c.excluded, Census: m.Census, Statistic: c.statistic(m)}
	if c.more != nil && t.by.Quantiles && m.Kind == MeanTime {
		row.Durations = &c.more.durations
	}
	return row
}

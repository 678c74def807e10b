package measure

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicecharter/charter/quality"
)

type tallyJSON struct {
	Grouping Grouping   `json:"grouping"`
	Zone     string     `json:"zone"`
	Rows     []cellJSON `json:"rows"`
	Findings []Finding  `json:"findings,omitempty"`
}

type cellJSON struct {
	Measure   string              `json:"measure"`
	Period    string              `json:"period,omitempty"`
	Slice     Slice               `json:"slice"`
	Hits      uint64              `json:"hits,omitempty"`
	Trials    uint64              `json:"trials,omitempty"`
	Pending   uint64              `json:"pending,omitempty"`
	Excluded  uint64              `json:"excluded,omitempty"`
	Scores    *quality.Scores     `json:"scores,omitempty"`
	Time      *quality.MeanTime   `json:"time,omitempty"`
	Durations *quality.Durations  `json:"durations,omitempty"`
	Amount    *quality.MeanAmount `json:"amount,omitempty"`
	Each      *quality.Extremes   `json:"each,omitempty"`
	Ratio     *quality.Ratio      `json:"ratio,omitempty"`
	Uptime    *quality.Uptime     `json:"uptime,omitempty"`
}

// MarshalJSON writes the whole state, by measure, period and slice, so that what [ReadTally] reads merges like the original. Equal tallies
// give equal bytes.
func (t *Tally) MarshalJSON() ([]byte, error) {
	out := tallyJSON{Grouping: t.by, Zone: zoneName(t.by.Zone), Rows: []cellJSON{}, Findings: t.Findings()}
	for _, k := range t.keys() {
		c, m := t.cells[k], &t.measures.measures[k.measure]
		row := cellJSON{
			Measure: m.ID, Period: t.periods.text(k.period), Slice: t.slice(k),
			Hits: c.hits, Trials: c.trials, Pending: c.pending, Excluded: c.excluded,
		}
		if s := c.more; s != nil {
			switch m.Kind {
			case Satisfied, MeanScore, NetScore:
				row.Scores = s.scores
			case MeanTime:
				row.Time = &s.time
				if t.by.Quantiles {
					row.Durations = &s.durations
				}
			case MeanAmount:
				row.Amount = &s.amount
			case Each:
				row.Each = &s.each
			case Part:
				row.Ratio = &s.ratio
			case Availability, BetweenFailures:
				row.Uptime = &s.uptime
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return json.Marshal(out)
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return zone.String()
}

// ReadTally reads what [Tally.MarshalJSON] writes, for a table of the same measures and in the same zone (nil is UTC). It refuses with
// [ErrTally] what no such tally holds: a measure that the table does not have, another scale or zone, sums of another kind, a group twice,
// periods or slices that the grouping does not keep apart, counts beyond quality.MaxCount. The error names the row or the finding, from 0.
func ReadTally(measures *Registry, zone *time.Location, data []byte) (*Tally, error) {
	var in tallyJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTally, err)
	}
	if measures == nil {
		return nil, errNoTable
	}
	if in.Zone != zoneName(zone) {
		return nil, fmt.Errorf("%w: of zone %.40q, not %s", ErrTally, in.Zone, zoneName(zone))
	}
	in.Grouping.Zone = zone
	t := NewTally(measures, in.Grouping)
	for i, row := range in.Rows {
		index, known := measures.index[row.Measure]
		if !known {
			return nil, fmt.Errorf("%w: row %d: measure %.60q", ErrTally, i, row.Measure)
		}
		k := t.key(int32(index), row.Period, row.Slice)
		if _, twice := t.cells[k]; twice || t.by.slice(row.Slice) != row.Slice || (row.Period == "") != (t.by.Period == AllTime) {
			return nil, fmt.Errorf("%w: row %d: period %.20q and slice stand twice, or are not kept apart", ErrTally, i, row.Period)
		}
		c, err := row.cell(&measures.measures[index], t.by.Quantiles)
		if err != nil {
			return nil, fmt.Errorf("%w: row %d: %w", ErrTally, i, err)
		}
		t.cells[k] = c
		t.weigh(c.weight())
	}
	for i, f := range in.Findings {
		if _, twice := t.found[f.Code]; twice || f.Code == "" || f.Count == 0 || f.Count > quality.MaxCount {
			return nil, fmt.Errorf("%w: finding %d: code %.40q, count %d", ErrTally, i, f.Code, f.Count)
		}
		t.finds(f.Code).add(f.Count, f.Examples...)
		t.weigh(f.Count)
	}
	return t, nil
}

func (row *cellJSON) cell(m *Measure, quantiles bool) (*cell, error) {
	c := &cell{hits: row.Hits, trials: row.Trials, pending: row.Pending, excluded: row.Excluded}
	if _, err := quality.NewProportion(row.Hits, row.Trials); err != nil {
		return nil, err
	}
	if row.Pending > quality.MaxCount || row.Excluded > quality.MaxCount {
		return nil, quality.ErrTooMany
	}
	var s sums
	kinds := 0
	if row.Trials > 0 {
		kinds |= 1 << Share
	}
	if row.Scores != nil {
		if row.Scores.Scale() != m.Survey.Scale {
			return nil, fmt.Errorf("%w: %v", quality.ErrScale, row.Scores.Scale())
		}
		s.scores = row.Scores
		kinds |= 1 << Satisfied
	}
	if row.Time != nil {
		s.time = *row.Time
		kinds |= 1 << MeanTime
	}
	if row.Durations != nil {
		s.durations = *row.Durations
		kinds |= 1 << MeanTime
	}
	if row.Amount != nil {
		s.amount = *row.Amount
		kinds |= 1 << MeanAmount
	}
	if row.Each != nil {
		s.each = *row.Each
		kinds |= 1 << Each
	}
	if row.Ratio != nil {
		s.ratio = *row.Ratio
		kinds |= 1 << Part
	}
	if row.Uptime != nil {
		s.uptime = *row.Uptime
		kinds |= 1 << Availability
	}
	fits := map[Kind]Kind{MeanScore: Satisfied, NetScore: Satisfied, BetweenFailures: Availability}
	kind := m.Kind
	if as, ok := fits[kind]; ok {
		kind = as
	}
	if kinds&^(1<<kind) != 0 {
		return nil, fmt.Errorf("%w: sums of another kind than %v", ErrFact, m.Kind)
	}
	if want := s.time.Count(); s.durations.Count() != 0 && !quantiles || quantiles && s.durations.Count() != want {
		return nil, fmt.Errorf("%w: %d durations of %d times", ErrFact, s.durations.Count(), want)
	}
	if kinds&^(1<<Share) != 0 {
		c.more = &s
	}
	return c, nil
}

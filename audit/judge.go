package audit

import (
	"errors"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
	"github.com/servicecharter/charter/sla"
)

// judge judges cases one after the other and counts. It serves one goroutine and allocates only while its memory grows.
type judge struct {
	*settings
	tally    *tally
	run      sla.Run
	outcomes []sla.Outcome

	folds   []fold
	touched []int32  // clauses with a clock in this case
	values  []string // of the attributes to slice by

	undoubted []saying // by known attribute: what was last found to be in order

	conductJudge *conductJudge  // nil: not asked for
	clocks       []sla.Clock    // for measures
	record       measure.Record // of the case, for measures
}

// saying is the value of an attribute, and the kind of the case of which it is said.
type saying struct {
	value, kind string
	said        bool // unlike the zero saying
}

// fold is the verdict on one clause and one case, of all its cycles.
type fold struct {
	clocks   uint32
	verdict  sla.Verdict
	missing  string
	breached time.Time // the first breach
	stopped  time.Time // the last stop
	worst    int32     // the outcome that overran most; -1
}

func newJudge(s *settings) *judge {
	j := &judge{settings: s, tally: newTally(s), folds: make([]fold, len(s.clauses)), values: make([]string, len(s.Slices)), undoubted: make([]saying, len(s.known))}
	s.rules.Plan.Start(&j.run)
	j.conductJudge = newConductJudge(j)
	return j
}

// weight orders the verdicts of several cycles: the heaviest is the verdict on the case.
var weight = [...]uint8{sla.OutOfScope: 0, sla.Kept: 1, sla.Pending: 2, sla.Unknown: 3, sla.Broken: 4}

// judgeCase judges one case, number seq of the source. The error is one of ErrGroups, or the Finding when Strict forbids to leave the case out.
func (j *judge) judgeCase(c *Case, seq uint64) error {
	j.tally.cases++
	j.tally.entries += uint64(len(c.Entries))
	if j.conductJudge != nil && j.conductJudge.record(c, seq) {
		return nil
	}
	j.check(c, seq)
	sorted := c.Sorted().Entries
	j.scan(c, sorted, seq)

	var err error
	if j.tally.measures == nil {
		j.outcomes, err = j.run.Outcomes(j.outcomes[:0], sorted, j.Now)
	} else {
		err = j.judgeFor(c, sorted)
	}
	if err != nil {
		return j.leaveOut(c, seq, err)
	}
	for i := range j.outcomes {
		o := &j.outcomes[i]
		j.fold(j.clause[o.Target], o, int32(i))
	}
	if j.conductJudge != nil {
		j.conductJudge.hold()
	}
	return j.count(c, seq)
}

// check counts what is wrong with the data of the case.
func (j *judge) check(c *Case, seq uint64) {
	findings := history.Check(c.History)
	for i := range findings {
		f := &findings[i]
		if f.Code == history.CodeNoOpening && j.conductJudge != nil && j.conductJudge.other {
			continue
		}
		if kept := j.tally.find(f.Code, seq, j.Examples); kept != nil {
			*kept = Finding{Case: c.Case, Line: c.line(f.Index), Entry: f}
		}
	}
}

// scan goes through the entries for the values of attributes.
func (j *judge) scan(c *Case, sorted []history.Entry, seq uint64) {
	clear(j.values)
	late, kind := len(sorted) > 0 && sorted[len(sorted)-1].At.After(j.Now), ""
	for i := range sorted {
		e := &sorted[i]
		if len(e.Fields) == 0 || !history.SetsAttributes(e.Kind) {
			continue
		}
		if late && e.At.After(j.Now) {
			break
		}
		for a, name := range j.Slices {
			if v, ok := e.Fields.Get(name); ok {
				j.values[a] = v
			}
		}
		if k, ok := e.Fields.Get(history.KeyKind); ok {
			kind = k
		}
		for k := range e.Fields {
			a := j.attribute(e.Fields[k].Key)
			if a < 0 {
				continue
			}
			said := saying{e.Fields[k].Value, kind, true}
			if said == j.undoubted[a] {
				continue
			}
			known := &j.known[a]
			code := known.doubt(said.value, kind)
			if code == "" {
				j.undoubted[a] = said
				continue
			}
			if kept := j.tally.find(code, seq, j.Examples); kept != nil {
				*kept = Finding{Case: c.Case, Line: j.lineOf(c, e), Column: known.name, Value: Clip(said.value)}
			}
		}
	}
	if late {
		for i := range c.Entries {
			if e := &c.Entries[i]; e.At.After(j.Now) {
				if kept := j.tally.find(CodeAfterNow, seq, j.Examples); kept != nil {
					*kept = Finding{Case: c.Case, Line: c.line(i), Value: string(e.Kind), Detail: history.FormatInstant(e.At)}
				}
				break
			}
		}
	}
}

// attribute finds an attribute whose values are known, or -1.
func (j *judge) attribute(name string) int {
	for a := range j.known {
		if j.known[a].name == name {
			return a
		}
	}
	return -1
}

// lineOf finds the line of an entry of the sorted history.
func (j *judge) lineOf(c *Case, e *history.Entry) int {
	for i := range c.Entries {
		if c.Entries[i].Seq == e.Seq && c.Entries[i].Kind == e.Kind && c.Entries[i].At.Equal(e.At) {
			return c.line(i)
		}
	}
	return 0
}

// leaveOut counts a case that has no verdicts because an entry cannot be judged.
func (j *judge) leaveOut(c *Case, seq uint64, err error) error {
	f := Finding{Case: c.Case, Line: c.line(-1), Detail: err.Error(), Dropped: true}
	for i := range c.Entries {
		if y := c.Entries[i].At.UTC().Year(); y < 1700 || y >= 2200 {
			f.Line, f.Value, f.Detail = c.line(i), history.FormatInstant(c.Entries[i].At), ""
			break
		}
	}
	code := CodeOutOfRange
	if !errors.Is(err, sla.ErrInstant) {
		code = CodeRowEntry
	}
	j.tally.dropped++
	if kept := j.tally.find(code, seq, j.Examples); kept != nil {
		*kept = f
	}
	if j.Strict {
		f.Code = code
		return &f
	}
	return nil
}

// fold takes what one clock comes to into the verdict on its clause.
func (j *judge) fold(n int32, o *sla.Outcome, index int32) {
	f := &j.folds[n]
	if f.clocks == 0 {
		j.touched = append(j.touched, n)
		*f = fold{verdict: sla.OutOfScope, worst: -1}
	}
	f.clocks++
	t := &j.tally.clauses[n]
	verdict, missing := o.Verdict, o.Missing
	if j.lacks[n] != "" && verdict != sla.OutOfScope {
		verdict, missing = sla.Unknown, j.lacks[n]
	}
	if weight[verdict] > weight[f.verdict] {
		f.verdict, f.missing = verdict, missing
	}
	switch verdict {
	case sla.Kept:
		if o.Decided.After(f.stopped) {
			f.stopped = o.Decided
		}
		t.took(o)
	case sla.Broken:
		if f.breached.IsZero() || o.Decided.Before(f.breached) {
			f.breached = o.Decided
		}
		if f.worst < 0 || o.Remaining < j.outcomes[f.worst].Remaining {
			f.worst = index
		}
		if !o.Open {
			t.took(o)
		}
	}
}

// count adds the verdicts on the case to the tally.
func (j *judge) count(c *Case, seq uint64) error {
	for _, n := range j.touched {
		f, t := &j.folds[n], &j.tally.clauses[n]
		t.clocks += uint64(f.clocks)
		t.verdicts[f.verdict]++
		switch f.verdict {
		case sla.Unknown:
			t.lack(f.missing, 1)
		case sla.Kept:
			if !j.Window.IsZero() && j.Window.Contains(f.stopped) {
				t.window[0]++
			}
		case sla.Broken:
			if !j.Window.IsZero() && j.Window.Contains(f.breached) {
				t.window[1]++
			}
			t.keepWorst(j.Worst, c, &j.outcomes[f.worst], seq)
		}
	}
	var err error
	for a := range j.Slices {
		group := j.tally.group(a, j.values[a])
		if group == nil {
			err = groupsError(j.Slices[a])
			break
		}
		for _, n := range j.touched {
			group[n][j.folds[n].verdict]++
		}
	}
	for _, n := range j.touched {
		j.folds[n].clocks = 0
	}
	j.touched = j.touched[:0]
	return err
}

// upToNow leaves out the entries that happened later.
func (j *judge) upToNow(sorted []history.Entry) []history.Entry {
	n := len(sorted)
	for n > 0 && sorted[n-1].At.After(j.Now) {
		n--
	}
	return sorted[:n]
}

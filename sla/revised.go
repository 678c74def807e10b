package sla

import (
	"slices"
	"time"
)

// ProvisionalDue is a deadline as it was told while it could still move: what
// a host keeps in its row to find out, with [Revised], that it has moved.
type ProvisionalDue struct {
	Target string    `json:"clause"`
	Cycle  uint32    `json:"cycle"`
	Due    time.Time `json:"due"`
	// Calendar and Revision say by which days and which rules it was computed:
	// those of the Clock.
	Calendar string `json:"calendar,omitempty"`
	Revision string `json:"revision,omitempty"`
}

// ProvisionalDues lists the deadlines of running clocks that may still move,
// because they lie beyond the days for which holidays are published. One that
// is on hold is left out: its deadline moves anyway. Keep what it lists
// whenever an entry is added to the case, in place of what was kept before.
func ProvisionalDues(clocks []Clock) (due []ProvisionalDue) {
	for i := range clocks {
		if c := &clocks[i]; c.counts() && c.Provisional {
			due = append(due, ProvisionalDue{c.Target, c.Cycle, c.Due, c.Calendar, c.Revision})
		}
	}
	return due
}

// counts tells whether the clock runs towards a deadline, or beyond it.
func (c *Clock) counts() bool { return c.Open && c.State != Paused && !c.Due.IsZero() }

// Revised compares deadlines that were told while they were provisional with
// clocks of the same case under newer days or rules, and gives a notice for
// each that has moved: Notice.Was is what was told and Notice.Due what holds
// now. Of several told for one cycle the last one counts.
//
// It is a pure function of its arguments. Nothing is said about a clock that
// has stopped, is on hold or has no deadline any more, nor about one that was computed by the
// same days and rules: then a fact has moved the deadline, and whoever recorded the
// fact knows. at becomes Notice.At, because no rule names an instant for it.
//
// The id of the notice is made of case, clause, cycle and the two deadlines. A
// host that tells it keeps the new deadline instead of the old one, or, if it
// keeps the old one, takes the notice back when Revised does not give it any
// more.
func Revised(caseID string, told []ProvisionalDue, clocks []Clock, at time.Time) (out []Notice) {
	space := noticeSpace()
	for i := range clocks {
		c := &clocks[i]
		if !c.counts() {
			continue
		}
		was := lastTold(told, c)
		if was == nil || was.Due.Equal(c.Due) || was.Calendar == c.Calendar && was.Revision == c.Revision {
			continue
		}
		n := Notice{
			Case: caseID, Kind: RevisedNotice, Target: c.Target, Metric: c.Metric, Cycle: c.Cycle,
			At: at.UTC(), Due: c.Due, Was: was.Due.UTC(), Provisional: c.Provisional, Open: c.Open,
		}
		n.ID = n.id(space)
		out = append(out, n)
	}
	return out
}

func lastTold(told []ProvisionalDue, c *Clock) *ProvisionalDue {
	for i := range slices.Backward(told) {
		if t := &told[i]; t.Target == c.Target && t.Cycle == c.Cycle {
			return t
		}
	}
	return nil
}

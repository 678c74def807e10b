package charter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
)

// Consequences returns what the clauses in force at an instant say follows from
// an appraisal, in the order of the handbook, each with the id of its clause.
// [quality.Follows] picks those of a standing:
//
//	for _, c := range quality.Follows(h.Consequences(at), result.Standing) {
//
// In a handbook they stand beside the rule of a clause of any kind, as in
//
//	"consequences": [{"after": ["failed"], "due": ["training", "another post"], "choice": true}]
//
// with the members of [quality.Consequence] but for clause. A standing is
// failed, passed or outstanding; what is due is named as the host likes. The
// clause has no When: an appraisal is of a person, and not of a case. No
// handbook says from which points on a standing is reached; a
// [quality.Scorecard] of the host's does.
//
// The slice is the caller's; what the consequences hold is shared with the
// handbook and not to be changed.
func (h *Handbook) Consequences(at time.Time) []quality.Consequence {
	var all []quality.Consequence
	for c := range h.InForce(at) {
		for _, x := range c.Consequences {
			x.Clause = c.ID
			all = append(all, x)
		}
	}
	return all
}

func (o object) consequences(clause string) []quality.Consequence {
	return list(o, "consequences", func(r *reader, v at) (c quality.Consequence) {
		before := len(r.faults)
		o := r.object(v, "after", "due", "choice")
		if _, ok := o.need("after"); ok {
			c.After = list(o, "after", parsed[quality.Standing])
		}
		c.Due, c.Choice = o.needTexts("due"), o.flag("choice")
		sound := c
		sound.Clause = cmp.Or(clause, "-")
		r.sound(v, before, sound.Validate())
		return c
	})
}

// consequenceInconsistency tells whether the clause is limited to some cases,
// which no appraisal is.
func (c *Clause) consequenceInconsistency() error {
	if len(c.Consequences) == 0 || len(c.When) == 0 {
		return nil
	}
	return fmt.Errorf("%w: it says what follows from an appraisal, where %s", ErrContradiction, sla.Condition(c.When))
}

// followLine says a consequence for the listing, as in "after failed: training
// or another post".
func followLine(c quality.Consequence) string {
	after := make([]string, len(c.After))
	for i, s := range slices.Sorted(slices.Values(c.After)) {
		after[i] = s.String()
	}
	_, due, _ := strings.Cut(c.String(), ": ")
	return "after " + strings.Join(after, " | ") + ": " + due
}

package charter

import (
	"slices"
	"strconv"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// The history remembers each deadline that was provisional when it was first
// known: an entry deadline-noted, written together with the entries that gave
// the deadline. Against it every later judgement is held. A deadline that the
// entries of the case move is noted anew; one that other days or rules move
// is told.

// noteOf is the entry that remembers a deadline.
func noteOf(c *sla.Clock) history.Entry {
	kv := []string{
		"clause", c.Target, "cycle", strconv.FormatUint(uint64(c.Cycle), 10), history.KeyDue, history.FormatInstant(c.Due),
	}
	for _, f := range [][2]string{{"calendar", c.Calendar}, {"revision", c.Revision}} {
		if f[1] != "" {
			kv = append(kv, f[0], f[1])
		}
	}
	return history.Entry{Kind: history.DeadlineNoted, Fields: history.Of(kv...)}
}

// notedOf reads it back; what cannot be read leaves its zero value.
func notedOf(e *history.Entry) (p sla.ProvisionalDue) {
	p.Target, _ = e.Fields.Get("clause")
	text, _ := e.Fields.Get("cycle")
	cycle, _ := strconv.ParseUint(text, 10, 32)
	p.Cycle = uint32(cycle)
	text, _ = e.Fields.Get(history.KeyDue)
	p.Due, _ = history.ParseInstant(text)
	p.Calendar, _ = e.Fields.Get("calendar")
	p.Revision, _ = e.Fields.Get("revision")
	return p
}

// provisional lists the deadlines that a history remembers, oldest first.
func provisional(h history.History) (all []sla.ProvisionalDue) {
	for i := range h.Entries {
		if e := &h.Entries[i]; e.Kind == history.DeadlineNoted {
			all = append(all, notedOf(e))
		}
	}
	return all
}

// noted gives the entries by which the history follows the deadlines that a
// judgement of it gives. moved tells of a clock whether the latest entries have
// moved its deadline: it is asked where the days or the rules are others than
// those of the memory and may have moved it as well.
func noted(h history.History, j Judgement, moved func(*sla.Clock) bool) (out []history.Entry) {
	known := provisional(h)
	for i := range j.Clocks {
		c := &j.Clocks[i]
		if !moves(c) {
			continue
		}
		was := remembered(known, c)
		if was == nil && c.Provisional || was != nil && !was.Due.Equal(c.Due) &&
			(was.Calendar == c.Calendar && was.Revision == c.Revision || moved(c)) {
			out = append(out, noteOf(c))
		}
	}
	return out
}

// follow gives the notes that belong to a command: h is the history with its
// entries, earlier the one without, and j the judgement of h.
func follow(book *Handbook, earlier, h history.History, j Judgement) (notes []history.Entry, err error) {
	var before *Judgement
	notes = noted(h, j, func(c *sla.Clock) bool {
		if before == nil && err == nil {
			before = new(Judgement)
			*before, err = book.Judge(earlier, j.At)
		}
		return err == nil && !slices.ContainsFunc(before.Clocks, func(b sla.Clock) bool {
			return moves(&b) && sameCycle(&b, c) && b.Due.Equal(c.Due)
		})
	})
	return number(h, notes, j.At), err
}

// unmoved is the answer where there are no latest entries.
func unmoved(*sla.Clock) bool { return false }

func sameCycle(a, b *sla.Clock) bool { return a.Target == b.Target && a.Cycle == b.Cycle }

// moves tells whether the clock runs towards a deadline that other days or
// rules would move.
func moves(c *sla.Clock) bool { return c.Open && c.State != sla.Paused && !c.Due.IsZero() }

func remembered(known []sla.ProvisionalDue, c *sla.Clock) *sla.ProvisionalDue {
	for i := range slices.Backward(known) {
		if p := &known[i]; p.Target == c.Target && p.Cycle == c.Cycle {
			return p
		}
	}
	return nil
}

// revised lists the revised deadlines that are to be told, from Notice.At on:
// not before the cut-over, and not at all where both deadlines lie before it.
func (d *Desk) revised(j Judgement, h history.History) []sla.Notice {
	known := provisional(h)
	if len(known) == 0 {
		return nil
	}
	all, cut := memory(h), d.config.Cutover
	owed := slices.DeleteFunc(j.Revised(known...), func(n sla.Notice) bool {
		return n.Due.Before(cut) && n.Was.Before(cut) ||
			slices.ContainsFunc(all, func(t *told) bool { return t.knowsMore(n.Target, n.Cycle, n.Provisional) })
	})
	for i := range owed {
		if owed[i].At.Before(cut) {
			owed[i].At = cut.UTC()
		}
	}
	return owed
}

// knowsMore tells whether a revision stands that was final, while the
// judgement at hand is provisional: a desk with older days has no say against
// one with newer ones.
func (t *told) knowsMore(clause string, cycle uint32, prov bool) bool {
	n := &t.notice
	return prov && !n.Provisional && n.Kind == sla.RevisedNotice && n.Target == clause && n.Cycle == cycle && !t.withdrawn && !t.outdated
}

// lost tells whether a notice that was told, and that the judgement does not
// give, has lost its ground.
func (d *Desk) lost(t *told, j Judgement) bool {
	if t.withdrawn || t.outdated {
		return false
	}
	if t.notice.Kind != sla.RevisedNotice {
		return true
	}
	// A clock that has stopped or is on hold says nothing about what was told
	// while it ran.
	return slices.ContainsFunc(j.Clocks, func(c sla.Clock) bool {
		return moves(&c) && c.Target == t.notice.Target && c.Cycle == t.notice.Cycle &&
			!c.Due.Equal(t.notice.Due) && !t.knowsMore(c.Target, c.Cycle, c.Provisional)
	})
}

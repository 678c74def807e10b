package sla_test

import (
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// react applies an entry to one target's clock.
func (m *model) react(s *slowTarget, e *history.Entry) {
	c := s.current()
	open := c != nil && c.open()
	stop := anyMatch(s.Metric.Stop, e)
	if open || c == nil && !s.Metric.Repeat {
		for i := range s.Metric.StopAll {
			if s.Metric.StopAll[i].Matches(e) {
				s.bits[i] = true
				stop = stop || len(s.bits) == len(s.Metric.StopAll)
			}
		}
	}
	if stop {
		switch {
		case open:
			m.end(s, c, e.At)
			s.rearmed, open = false, false
		case s.early.IsZero() && (c == nil && !s.Metric.Repeat || c != nil && c.lapsed):
			s.early = e.At
		}
	}
	if anyMatch(s.Metric.Cancel, e) {
		if open {
			m.end(s, c, e.At)
			c.cancelled, c.lapsed, open = true, e.Kind == history.Closed, false
		}
		s.rearmed, s.onHold, s.early, s.bits = true, false, time.Time{}, map[int]bool{}
	}
	if s.rules.Reopen != sla.IgnoreReopen {
		undone := anyMatch(s.Metric.Reopen, e)
		if undone {
			s.bits = map[int]bool{}
		}
		ended := c != nil && !c.open()
		// The closing ended it for want of the stop, and the case was not over.
		lapsed := ended && c.lapsed && e.Kind == history.Reopened && !anyMatch(s.Metric.Cancel, e)
		if ended && undone && !c.cancelled || lapsed {
			done := s.early
			s.onHold, s.early, s.rearmed = false, time.Time{}, false
			m.reopen(s, c, e.At, done)
		}
	}
	if anyKind(s.Metric.Pause, e) {
		m.hold(s, anyMatch(s.Metric.Pause, e) && !anyMatch(s.Metric.Resume, e), e.At)
	} else if anyMatch(s.Metric.Resume, e) {
		m.hold(s, false, e.At)
	}
	if anyMatch(s.Metric.Start, e) {
		m.start(s, e)
	}
}

func (m *model) end(s *slowTarget, c *slowCycle, t time.Time) {
	held := !c.last().running
	x := c.next(t)
	x.running, x.ended, x.resumed = false, true, held
	c.stopped = t
}

func (m *model) hold(s *slowTarget, hold bool, t time.Time) {
	s.onHold = hold
	if c := s.current(); c != nil && c.open() && s.Metric.DueField == "" && c.last().running == hold {
		x := c.next(t)
		x.running, x.resumed = !hold, !hold
	}
}

// reopen undoes the end of a cycle; done is when the stop came after all, while the case was closed without it.
func (m *model) reopen(s *slowTarget, c *slowCycle, t, done time.Time) {
	if s.rules.Reopen == sla.NewCycle {
		m.begin(s, t)
		return
	}
	from := t
	if !done.IsZero() {
		from = done
	}
	c.stopped, c.cancelled, c.lapsed = time.Time{}, false, false
	if s.rules.Reopen == sla.CountClosed {
		// It has never stopped.
		for i := len(c.stretches) - 1; i >= 0 && c.stretches[i].ended; i-- {
			c.stretches[i].running, c.stretches[i].ended = true, false
		}
	} else {
		x := c.next(from)
		x.running, x.ended, x.resumed = true, false, true
	}
	m.follow([]*slowTarget{s}, t, from)
	if !done.IsZero() {
		m.end(s, c, done)
	}
}

func (m *model) start(s *slowTarget, e *history.Entry) {
	c := s.current()
	due, broken, found := s.promised(e)
	switch {
	case c != nil && c.open():
		switch {
		case s.Metric.DueField != "" && found:
			x := c.next(e.At)
			x.promise, x.broken = due, broken
		case s.Metric.DueField == "" && s.Metric.Repeat && s.rules.Message == sla.LatestMessage:
			x := c.next(e.At)
			x.restart, x.forget = true, x.force == 1
		}
		return
	case c != nil && !s.Metric.Repeat && !s.rearmed:
		return
	}
	if c != nil {
		s.early = time.Time{}
	}
	m.begin(s, e.At)
	x := s.current().last()
	x.promise, x.broken = due, broken || s.Metric.DueField != "" && !found
}

// promised reads the deadline that an entry records.
func (s *slowTarget) promised(e *history.Entry) (due time.Time, broken, found bool) {
	for _, f := range e.Fields {
		if s.Metric.DueField == "" || f.Key != s.Metric.DueField {
			continue
		}
		t, err := history.ParseInstant(f.Value)
		if broken = broken || err != nil; !found || t.Before(due) {
			due = t
		}
		found = true
	}
	return due, broken, found
}

func (m *model) begin(s *slowTarget, t time.Time) {
	if old := s.current(); old != nil {
		old.lack = s.lack
	}
	c := &slowCycle{n: len(s.cycles) + 1, start: t, live: m.inForce(t) == s.rev}
	x := stretch{from: t, running: !s.onHold || s.Metric.DueField != "", restart: true}
	if c.live {
		x.force = s.truth
	}
	if !s.early.IsZero() {
		// Done before it began.
		c.stopped, x.running, x.ended, s.early = s.early, false, true, time.Time{}
	}
	if len(s.cycles) > 0 {
		s.bits = map[int]bool{}
	}
	c.stretches = append(c.stretches, x)
	s.cycles, s.rearmed = append(s.cycles, c), false
}

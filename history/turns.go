package history

// before lists steps that come one after the other, as far as a case has both.
var before = [...]struct{ start, stop Kind }{
	{Registered, Resolved},
	{Accepted, Resolved},
	{Dispatched, Resolved},
	{Started, Resolved},
	{FirstHandled, Resolved},
	{Started, FirstHandled},
	{Resolved, Closed},
	{ResultTold, ResultConfirmed},
	{Declared, Restored},
	{Closed, Archived},
}

// steps is before by rank.
var steps = func() (s [len(before)]struct{ start, stop int }) {
	for i, b := range before {
		s[i].start, s[i].stop = b.start.Index(), b.stop.Index()
	}
	return s
}()

// against holds an entry against the opening and against the steps before it.
func (c *checker) against(pos, i int) {
	e := &c.all[i]
	if c.opening > 0 && e.At.Before(c.all[c.opening-1].At) {
		code := CodeBeforeOpening
		if e.Kind == Resolved {
			code = CodeResolvedBeforeOpened
		}
		c.found(code, i, c.opening, "", "")
	}
	rank := c.rank(i)
	if rank == unranked || c.first[rank] != pos+1 {
		return
	}
	for _, step := range steps {
		if step.stop != rank {
			continue
		}
		start := c.first[step.start]
		if start <= pos || c.reopened > 0 && c.reopened < start {
			continue
		}
		if other := c.index(start - 1); c.all[other].At.After(e.At) {
			c.found(CodeStopBeforeStart, i, other+1, "", "")
		}
	}
}

// turn follows the state of the case: open or ended, on hold or not.
func (c *checker) turn(i int) {
	switch c.all[i].Kind {
	case Opened, Detected:
		if first := c.index(c.first[c.rank(i)] - 1); first != i {
			c.found(CodeOpenedTwice, i, first+1, "", "")
		}
	case Held:
		if c.held > 0 && !c.holdEnded {
			c.found(CodeHeldTwice, i, c.held, "", "")
		}
		c.held, c.holdEnded = i+1, false
	case Resumed:
		if c.held == 0 {
			c.found(CodeResumedWithoutHeld, i, 0, "", "")
		}
		c.held = 0
	case Resolved, Restored, Merged, Cancelled:
		c.ended, c.holdEnded = i+1, true
	case Closed:
		if c.closed > 0 {
			c.found(CodeClosedTwice, i, c.closed, "", "")
		}
		c.ended, c.closed, c.holdEnded = i+1, i+1, true
	case Reopened:
		if c.ended == 0 {
			c.found(CodeReopenedWithoutEnd, i, 0, "", "")
		}
		c.ended, c.closed = 0, 0
	}
}

// twin looks for an earlier entry of the same instant that says the same.
func (c *checker) twin(pos, i int) {
	const few = 16
	e := &c.all[i]
	if first := c.index(c.run); !c.all[first].At.Equal(e.At) {
		c.run = pos
		clear(c.seen)
		return
	}
	if pos-c.run < few {
		for p := c.run; p < pos; p++ {
			if j := c.index(p); saysTheSame(&c.all[j], e) {
				c.found(CodeEntryTwice, i, j+1, "", "")
				return
			}
		}
		return
	}
	// So that a million entries of one instant are not compared with each other.
	if c.seen == nil {
		c.seen = make(map[string]int)
	}
	if len(c.seen) == 0 {
		for p := c.run; p < pos; p++ {
			c.seen[c.said(c.index(p))] = c.index(p) + 1
		}
	}
	said := c.said(i)
	if other := c.seen[said]; other > 0 {
		c.found(CodeEntryTwice, i, other, "", "")
		return
	}
	c.seen[said] = i + 1
}

// said is what an entry says, apart from its number and when it was recorded.
func (c *checker) said(i int) string {
	e := c.all[i]
	var b []byte
	for _, s := range []string{string(e.Kind), e.Actor.ID, e.Actor.Role} {
		b = appendString(b, s)
	}
	b = appendFields(b, "{", e.Fields)
	return string(appendFields(b, "~{", e.Personal))
}

func saysTheSame(a, b *Entry) bool {
	return a.At.Equal(b.At) && a.Kind == b.Kind && a.Actor == b.Actor && a.Fields.Equal(b.Fields) && a.Personal.Equal(b.Personal)
}

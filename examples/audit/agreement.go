package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// ownVerdict is the attribute in which the log says itself whether a target was made.
const ownVerdict = "made_sla"

// agreement compares the verdicts of the report with the log's own, clause by clause: they agree on what is kept and flagged true, and on what is
// breached and flagged false.
func agreement(w io.Writer, r *audit.Report, clauses ...string) {
	fmt.Fprintf(w, "\nagreement with the log's own %s\n", ownVerdict)
	for _, id := range clauses {
		c, ok := r.Clause(id)
		if !ok {
			continue
		}
		var agree, all uint64
		table := ""
		for _, s := range c.Slices {
			if s.Attribute != ownVerdict {
				continue
			}
			for _, g := range s.Groups {
				table += fmt.Sprintf("      %s=%-5s  kept %5d  breached %5d\n", ownVerdict, g.Value, g.Kept, g.Breached)
				all += g.Kept + g.Breached
				if g.Value == "true" {
					agree += g.Kept
				} else {
					agree += g.Breached
				}
			}
		}
		if all > 0 {
			fmt.Fprintf(w, "  %s: %d of %d, %.1f%%\n%s", id, agree, all, 100*float64(agree)/float64(all), table)
		}
	}
}

// disagreements judges the cases one by one, as a live host would, and explains the first few on which the log says otherwise: so many
// that we call breached and it does not, and as many the other way round.
type disagreements struct {
	w        io.Writer
	handbook *charter.Handbook
	now      time.Time
	clauses  []string
	most     int
	shown    map[string]int
}

func (d *disagreements) show(j *job) (err error) {
	d.shown = map[string]int{}
	if e := j.each(func(c audit.Case) bool {
		err = d.look(c.History)
		return err == nil
	}); e != nil {
		return e
	}
	return err
}

func (d *disagreements) look(h history.History) error {
	judged, err := d.handbook.Judge(h, d.now)
	if err != nil {
		return err
	}
	made := last(h.Entries, ownVerdict)
	for i := range judged.Clocks {
		c := &judged.Clocks[i]
		kept := c.Verdict() == sla.Kept
		if !slices.Contains(d.clauses, c.Target) || !kept && c.Verdict() != sla.Broken || kept == (made == "true") {
			continue
		}
		if d.shown[c.Target+made]++; d.shown[c.Target+made] > d.most {
			continue
		}
		x, err := judged.Explain(*c)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.w, "  %s: %v, but the log says %s=%s%s\n", h.Case, c.Verdict(), ownVerdict, made, hint(h.Entries, c))
		lines := strings.Split(x.Text("en"), "\n")
		for _, line := range lines[:min(2, len(lines))] {
			fmt.Fprintf(d.w, "    %s\n", line)
		}
	}
	return nil
}

// last is the last value that a case was given.
func last(entries []history.Entry, attribute string) (value string) {
	for i := range entries {
		if v, ok := entries[i].Fields.Get(attribute); ok {
			value = v
		}
	}
	return value
}

// hint names what in the case may have made the company count otherwise: its pauses, hours and targets are not published.
func hint(entries []history.Entry, clock *sla.Clock) string {
	var opened, held, closed time.Time
	waited, reopened, changed, priority := time.Duration(0), false, false, ""
	for i := range entries {
		e := &entries[i]
		if e.Kind != history.Held && !held.IsZero() {
			waited += e.At.Sub(held)
			held = time.Time{}
		}
		switch e.Kind {
		case history.Opened:
			opened = e.At
		case history.Held:
			held = e.At
		case history.Reopened:
			reopened = true
		case history.Closed:
			closed = e.At
		}
		if p, ok := e.Fields.Get("priority"); ok {
			changed = changed || priority != "" && p != priority
			priority = p
		}
	}
	var hints []string
	switch clock.Verdict() {
	case sla.Broken:
		if waited > 0 {
			hints = append(hints, fmt.Sprintf("it was on hold for %v, which may not count there", waited))
		}
	case sla.Kept:
		if !closed.IsZero() {
			hints = append(hints, fmt.Sprintf("it was closed %v after it was opened, and the flag falls at the closing", closed.Sub(opened)))
		}
	}
	if changed {
		hints = append(hints, "its priority changed")
	}
	if reopened {
		hints = append(hints, "it was reopened")
	}
	if max(clock.Remaining, -clock.Remaining) < clock.Span.Length/10 {
		hints = append(hints, "it is a near thing")
	}
	if len(hints) == 0 {
		return ""
	}
	return "\n    perhaps because " + strings.Join(hints, ", or ")
}

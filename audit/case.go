package audit

import (
	"iter"

	"github.com/servicecharter/charter/history"
)

// Case is one case of a source: its history and, where the source has lines, the line that each entry comes from.
type Case struct {
	history.History
	// Lines are the lines of the entries in the source, counted from 1, in the order of the entries; nil when there are none.
	Lines []int
}

// line is the line of an entry, or of the first one for an index below zero; 0 when it is not known.
func (c *Case) line(entry int) int {
	entry = max(entry, 0)
	if entry >= len(c.Lines) {
		return 0
	}
	return c.Lines[entry]
}

// Source is where the cases of an audit come from.
type Source struct {
	// Name is what the report calls it, such as the name of a file.
	Name string
	// Cases yields one case after the other, each once, with all its entries. In place of a case it may yield an error:
	//
	//   - a [*Finding] tells of a fault in the data. The audit counts it and goes on, unless the fault cost a row and
	//     [Options].Strict is set;
	//   - any other error ends the audit, which returns it.
	//
	// What is yielded stays the property of the source: the slices of the case (entries, their fields, lines) and the Finding are only valid
	// until the next one is asked for, so that a source can reuse them and read any log in constant memory. Texts are ordinary
	// immutable strings and may be kept.
	Cases iter.Seq2[Case, error]
	// Provides are the kinds of entries that the source can supply at all; nil means every kind. A clause whose clock such a source can never
	// start or stop is not evaluable, instead of being breached by everybody. It tells of this log; what a host never records at all, its
	// handbook can say, in [charter.Settings].
	Provides []history.Kind
	// Read tells which share of the source has been read so far, from 0 to 1, for a display of progress; nil when that is not known.
	Read func() float64
}

// From makes a source of histories in memory.
func From(cases iter.Seq[history.History]) Source {
	return Source{Cases: func(yield func(Case, error) bool) {
		if cases == nil {
			return
		}
		for h := range cases {
			if !yield(Case{History: h}, nil) {
				return
			}
		}
	}}
}

package records

import (
	"strings"

	"github.com/servicecharter/charter/sla"
)

// String says on one line, in English, what is demanded of which records, without the clause and its condition:
//
//	person: examined[passed=true] before placed[post]
//	ticket: on closed archived[store] & result-confirmed | surveyed
//	document: improved[step=plan] → improved[step=do]
//
// Of what stands between | one will do, of what stands between & all is wanted, and what stands behind → comes later.
func (c Content) String() string {
	of := strings.Join(c.Classes, " | ")
	if of == "" {
		of = "record"
	}
	var parts []string
	if len(c.Holds) > 0 {
		parts = append(parts, c.holdsText())
	}
	on := c.On.String()
	if c.Where == Anywhere && on != "" && len(c.Holds) > 0 {
		parts[0] = "on " + on + " " + parts[0]
	}
	if len(c.Words.Any) > 0 {
		parts = append(parts, "some "+on+" says "+strings.Join(c.Words.Any, " | ")+" in "+c.Words.Field)
	}
	if len(c.Words.None) > 0 {
		parts = append(parts, "no "+on+" says "+strings.Join(c.Words.None, " | ")+" in "+c.Words.Field)
	}
	if c.Actors && c.Where == Itself {
		parts = append(parts, "every "+on+" by somebody")
	} else if c.Actors {
		parts = append(parts, "every entry by somebody")
	}
	if c.Advised {
		parts = append(parts, "advised")
	}
	return of + ": " + strings.Join(parts, ", ")
}

func (c *Content) holdsText() string {
	demands := make([]string, len(c.Holds))
	for i, any := range c.Holds {
		demands[i] = matchesText(any)
	}
	between := " & "
	if c.Ordered {
		between = " → "
	}
	text := strings.Join(demands, between)
	switch c.Where {
	case Before:
		return text + " before " + c.On.String()
	case Later:
		return text + " after every " + c.On.String()
	case Itself:
		return "every " + c.On.String() + " is " + text
	}
	return text
}

func matchesText(any []sla.Match) string {
	words := make([]string, len(any))
	for i, m := range any {
		words[i] = m.String()
	}
	return strings.Join(words, " | ")
}

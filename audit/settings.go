package audit

import (
	"slices"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
)

// settings are the rules and options of one audit, as its judges share them. They are not changed once made.
type settings struct {
	Options
	rules   Rules
	clauses []Clause
	lacks   []string // by clause: the evidence that the source cannot supply
	targets []string // as the plan lists them
	clause  []int32  // by target
	known   []attribute
	numbers map[string]int // of targets; for measures only
	conduct *conduct       // nil: not asked for
}

// attribute is one whose values the rules declare.
type attribute struct {
	name     string
	declared bool                // else it is one of the common vocabulary that the rules know nothing of
	kinds    map[string][]string // by value: the kinds of cases that may have it; none: all
}

func newSettings(rules Rules, provides []history.Kind, o Options) *settings {
	s := &settings{Options: o, rules: rules, targets: rules.Plan.Targets()}
	number := map[string]int32{}
	add := func(c Clause) int32 {
		n := int32(len(s.clauses))
		number[c.ID] = n
		s.clauses = append(s.clauses, c)
		s.lacks = append(s.lacks, c.lacks(provides))
		return n
	}
	for _, c := range rules.Clauses {
		if _, twice := number[c.ID]; !twice && slices.Contains(s.targets, c.ID) {
			add(c)
		}
	}
	for _, id := range s.targets {
		n, ok := number[id]
		if !ok {
			n = add(Clause{ID: id})
		}
		s.clause = append(s.clause, n)
	}
	if o.Tally != nil {
		s.numbers = map[string]int{}
		for i, id := range s.targets {
			s.numbers[id] = i
		}
	}
	if o.Conduct {
		s.conduct = newConduct(rules.Handbook)
	}
	for _, declared := range rules.Attributes {
		a := attribute{name: declared.Name, declared: true, kinds: map[string][]string{}}
		for _, v := range declared.Values {
			a.kinds[v.ID] = v.Kinds
		}
		if declared.Name == history.KeyKind && s.conduct != nil {
			for class := range s.conduct.records { // a person or a document is no case, and yet not unknown
				a.kinds[class] = nil
			}
		}
		s.known = append(s.known, a)
	}
	if len(s.known) > 0 {
		for _, name := range common() {
			if !slices.ContainsFunc(rules.Attributes, func(a charter.Attribute) bool { return a.Name == name }) {
				s.known = append(s.known, attribute{name: name})
			}
		}
	}
	return s
}

// common are the attributes of the common vocabulary whose values handbooks declare.
func common() []string {
	return []string{
		history.KeyKind, history.KeyRequest, history.KeyClass, history.KeyTier, history.KeyComplexity, history.KeySeverity,
		history.KeyImportance, history.KeyChannel, history.KeySource, history.KeyLevel,
	}
}

// doubt is the code of a finding about a value, or empty. kind is that of the case.
func (a *attribute) doubt(value, kind string) history.Code {
	if !a.declared {
		return CodeUnmappedAttribute
	}
	switch kinds, ok := a.kinds[value]; {
	case !ok:
		return CodeUnmappedValue
	case kind != "" && len(kinds) > 0 && !slices.Contains(kinds, kind):
		return CodeValueOfOtherKind
	}
	return ""
}

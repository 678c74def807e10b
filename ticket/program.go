package ticket

import (
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// program is rules made ready: each distinct fact once, demands with the numbers of their facts.
type program struct {
	rules   *Rules
	facts   []fact
	index   map[string]int
	demands []demand
}

type demand struct {
	*Demand
	step   alternatives
	after  []alternatives
	fields [][]string
}

// alternatives are facts of which one will do.
type alternatives struct {
	text  string
	facts []int
}

// compile makes rules ready. What every ticket is held to comes first.
func compile(r *Rules) (*program, error) {
	p := &program{rules: r, index: map[string]int{}}
	always := always()
	for i := range always {
		if err := p.demand(&always[i]); err != nil {
			return nil, err
		}
	}
	for i := range r.Demands {
		d := &r.Demands[i]
		if err := p.demand(d); err != nil {
			return nil, fmt.Errorf("%w (demand %d, clause %q)", err, i+1, d.Clause)
		}
	}
	for i, l := range r.Levels {
		if l.Name == "" || slices.ContainsFunc(r.Levels[:i], func(o Level) bool { return o.Name == l.Name }) {
			return nil, fmt.Errorf("%w: level %d: want a name of its own", ErrRules, i+1)
		}
	}
	for _, a := range r.Attributes {
		if len(a.Values) == 0 {
			return nil, fmt.Errorf("%w: values of %q: want one at least", ErrRules, a.Name)
		}
		if f, err := parseFact(a.Name); err != nil || len(f.conds) > 1 || len(f.conds) == 1 && f.conds[0].values != nil {
			return nil, fmt.Errorf("%w: values of %q: want a field, or kind[field]", ErrRules, a.Name)
		}
	}
	return p, nil
}

// always are the demands of the lifecycle itself.
func always() []Demand {
	return []Demand{
		{Step: string(history.Held), Fields: []string{history.KeyReason}},
		{Step: string(history.Reopened), Fields: []string{history.KeyReason}},
		{Step: string(history.Escalated), Fields: []string{history.KeyLevel}},
		{Step: string(history.Merged), Fields: []string{KeyInto}},
		{Step: string(history.ResultConfirmed), Fields: []string{history.KeyAnswer}},
	}
}

func (p *program) demand(d *Demand) error {
	if d.Step == "" && len(d.Order) < 2 {
		return fmt.Errorf("%w: want a step, or an order of two", ErrRules)
	}
	if d.Step == "" && (len(d.After) > 0 || len(d.Fields) > 0 || len(d.Roles) > 0 || d.Owned) {
		return fmt.Errorf("%w: want the step that it is about", ErrRules)
	}
	var before alternatives
	for i, text := range d.Order {
		step, err := p.alternatives(text)
		if err != nil {
			return err
		}
		if i > 0 {
			p.demands = append(p.demands, demand{Demand: &Demand{Clause: d.Clause, When: d.When, Advised: d.Advised}, step: step, after: []alternatives{before}})
		}
		before = step
	}
	if d.Step == "" {
		return nil
	}
	made := demand{Demand: d}
	var err error
	if made.step, err = p.alternatives(d.Step); err != nil {
		return err
	}
	for _, text := range d.After {
		a, err := p.alternatives(text)
		if err != nil {
			return err
		}
		made.after = append(made.after, a)
	}
	for _, names := range d.Fields {
		fields := strings.Split(names, or)
		if slices.ContainsFunc(fields, func(f string) bool { return !word(f) }) {
			return fmt.Errorf("%w: field %q", ErrRules, names)
		}
		made.fields = append(made.fields, fields)
	}
	p.demands = append(p.demands, made)
	return nil
}

func (p *program) alternatives(text string) (alternatives, error) {
	a := alternatives{text: text}
	for one := range strings.SplitSeq(text, or) {
		i, known := p.index[one]
		if !known {
			f, err := parseFact(one)
			if err != nil {
				return a, err
			}
			i = len(p.facts)
			p.facts = append(p.facts, f)
			p.index[one] = i
		}
		a.facts = append(a.facts, i)
	}
	return a, nil
}

// said tells whether the entry says one of the facts.
func (p *program) said(a alternatives, e *history.Entry) bool {
	return slices.ContainsFunc(a.facts, func(i int) bool { return p.facts[i].holds(e) })
}

package ticket

import (
	"cmp"
	"slices"

	"github.com/servicecharter/charter/history"
)

// Check holds a history to the rules and gives what deviates, in the order in which things happened (by At, then Seq); nil when nothing
// does. It is for histories of any origin, in any order and with anything in them; each entry is judged by the state in which the entries
// before it left the ticket, whether or not they should have happened. Faults of the data itself, such as a number given twice, are found
// by history.Check. Nil rules are [DefaultRules]; rules that cannot be used give one finding with [CodeRules]. The history is not changed.
// The time grows with entries times demands.
func Check(h history.History, r *Rules) []Finding {
	p, err := r.program()
	if err != nil {
		return []Finding{{Code: CodeRules, Index: -1, Field: err.Error()}}
	}
	_, found := p.read(h.Entries, true)
	return found
}

// read folds entries in the order in which they happened, and judges each on the way if asked.
func (p *program) read(entries []history.Entry, judge bool) (*fold, []Finding) {
	f := p.start()
	var all []Finding
	take := func(i int) {
		e := &entries[i]
		if judge {
			for _, found := range f.judge(e) {
				found.Index = i
				all = append(all, found)
			}
		}
		f.apply(e)
	}
	if slices.IsSortedFunc(entries, compare) {
		for i := range entries {
			take(i)
		}
		return f, all
	}
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compare(entries[a], entries[b]) })
	for _, i := range order {
		take(i)
	}
	return f, all
}

func compare(a, b history.Entry) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Compare(a.Seq, b.Seq)
}

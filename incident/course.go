package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// course is what has happened up to some entry, and what was wrong with it.
type course struct {
	rules *Rules
	index int // of the entry that is being judged

	begun    bool
	end      history.Kind // closed, merged or cancelled, while it stands
	archived bool
	held     bool

	seen  map[string]struct{} // references of Demand.After: a kind, or a kind and a field
	known map[string]struct{} // keys that some entry has a value for
	attrs map[string][]string // attributes, as last set
	lead  history.Actor

	findings []Finding
}

// run goes through entries in the order in which they happened, however they stand.
func run(entries []history.Entry, r *Rules) *course {
	c := &course{rules: r, seen: map[string]struct{}{}, known: map[string]struct{}{}, attrs: map[string][]string{}}
	order := inOrder(entries)
	for pos := range entries {
		c.index = pos
		if order != nil {
			c.index = order[pos]
		}
		c.entry(&entries[c.index])
	}
	return c
}

// entry judges one entry and adds it. What comes after the end is only that: nothing else is asked of it.
func (c *course) entry(e *history.Entry) {
	n := len(c.findings)
	over := c.over(e)
	if over {
		c.find(e, CodeClosed, "", "", nil)
	} else {
		c.turn(e)
		c.single(e)
		c.demands(e, c.order)
	}
	c.take(e)
	if !over {
		c.demands(e, c.contents)
	}
	c.findings = append(c.findings[:n], distinct(c.findings[n:])...)
}

// demands calls one for each demand that is meant for this entry.
func (c *course) demands(e *history.Entry, one func(*Demand, *history.Entry)) {
	for i := range c.rules.Demands {
		if d := &c.rules.Demands[i]; d.Step == e.Kind && c.applies(d, e) {
			one(d, e)
		}
	}
}

// over tells whether the case has ended and this is nothing that may follow.
func (c *course) over(e *history.Entry) bool {
	return c.end != "" && e.Kind != history.Reopened && e.Kind != history.Archived && !slices.Contains(c.rules.AfterEnd, e.Kind)
}

// distinct keeps one of findings that say the same but for the clause: the first, unless it is advice and a later one is not.
func distinct(all []Finding) []Finding {
	kept := all[:0]
	for _, f := range all {
		n := slices.IndexFunc(kept, func(k Finding) bool { return k.Code == f.Code && k.Field == f.Field && k.Need == f.Need })
		switch {
		case n < 0:
			kept = append(kept, f)
		case kept[n].Advised && !f.Advised:
			kept[n] = f
		}
	}
	return kept
}

// inOrder returns the indexes of entries by At and Seq, or nil when they stand so.
func inOrder(entries []history.Entry) []int {
	compare := func(a, b *history.Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) }
	sorted := true
	for i := 1; i < len(entries) && sorted; i++ {
		sorted = compare(&entries[i-1], &entries[i]) <= 0
	}
	if sorted {
		return nil
	}
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compare(&entries[i], &entries[j]) })
	return order
}

// find notes what is wrong with the entry that is being judged; d is the demand that it breaks, nil for what holds everywhere.
func (c *course) find(e *history.Entry, code Code, field, need string, d *Demand) {
	f := Finding{Code: code, Index: c.index, Seq: e.Seq, Step: e.Kind, At: e.At, Field: field, Need: need, Advised: slices.Contains(c.rules.Lenient, code)}
	if d != nil {
		f.Clause, f.Advised = d.Clause, f.Advised || d.Advised
	}
	c.findings = append(c.findings, f)
}

// turn holds the entry against what holds in every lifecycle.
func (c *course) turn(e *history.Entry) {
	opens := c.rules.Opens
	begins := len(opens) == 0 || slices.Contains(opens, e.Kind)
	if !c.begun && !begins {
		c.find(e, CodeOrder, "", join(opens), nil)
	}
	switch e.Kind {
	case history.Held:
		if c.held {
			c.find(e, CodeOrder, "", string(history.Resumed), nil)
		}
	case history.Resumed:
		if !c.held {
			c.find(e, CodeOrder, "", string(history.Held), nil)
		}
	case history.Archived:
		if c.archived {
			c.find(e, CodeLate, "", string(history.Archived), nil)
		}
	case history.Reopened:
		if c.end == "" && !c.has(string(history.Resolved)) {
			c.find(e, CodeOrder, "", "resolved|closed|merged|cancelled", nil)
		}
	}
	if !slices.Contains(kinds, e.Kind) && !c.rules.has(e.Kind) {
		c.find(e, CodeUnknown, "", "", nil)
	}
}

// kinds is read only.
var kinds = history.Kinds()

func join(kinds []history.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	return strings.Join(words, "|")
}

// single looks at the entry alone.
func (c *course) single(e *history.Entry) {
	if e.RecordedAt().Before(e.At) {
		c.find(e, CodeFuture, "at", "", nil)
	}
	for _, f := range e.Fields {
		switch f.Key {
		case history.KeyKind:
			if history.SetsAttributes(e.Kind) && f.Value != KindIncident {
				c.find(e, CodeUnknown, f.Key, "", nil)
				c.findings[len(c.findings)-1].Advised = false // whatever the rules say: Load refuses the case
			}
		case history.KeyOccurred, KeyDataLostFrom, KeyDataLostUntil:
			t, err := history.ParseInstant(f.Value)
			switch {
			case err != nil:
				c.find(e, CodeMalformed, f.Key, "", nil)
			case t.After(e.At):
				c.find(e, CodeFuture, f.Key, "", nil)
			}
		case history.KeyDue:
			if _, err := history.ParseInstant(f.Value); err != nil {
				c.find(e, CodeMalformed, f.Key, "", nil)
			}
		case KeyDowntime:
			if d, err := time.ParseDuration(f.Value); err != nil || d < 0 {
				c.find(e, CodeMalformed, f.Key, "", nil)
			}
		}
	}
}

// applies tells whether a demand is meant for this entry.
func (c *course) applies(d *Demand, e *history.Entry) bool {
	for key, values := range d.When {
		has := slices.Collect(e.Fields.All(key))
		if len(has) == 0 {
			has = c.attrs[key]
		}
		if len(has) == 0 {
			has = []string{""}
		}
		if !slices.ContainsFunc(has, func(v string) bool { return slices.Contains(values, v) || len(values) == 0 && v != "" }) {
			return false
		}
	}
	return true
}

// order holds the entry against the steps before it.
func (c *course) order(d *Demand, e *history.Entry) {
	for _, ref := range d.After {
		if !c.hasAny(ref) {
			c.find(e, CodeOrder, "", ref, d)
		}
	}
	for _, ref := range d.Before {
		if c.hasAny(ref) {
			c.find(e, CodeLate, "", ref, d)
		}
	}
	if d.Once && c.has(string(e.Kind)) {
		c.find(e, CodeLate, "", string(e.Kind), d)
	}
}

// contents holds the entry against what it has to say, and the case with it.
func (c *course) contents(d *Demand, e *history.Entry) {
	for _, alternatives := range d.Fields {
		if !anyOf(alternatives, func(key string) bool { return says(e.Fields, key) || says(e.Personal, key) }) {
			c.find(e, CodeField, alternatives, alternatives, d)
		}
	}
	for _, alternatives := range d.Known {
		if !anyOf(alternatives, func(key string) bool { _, ok := c.known[key]; return ok }) {
			c.find(e, CodeField, alternatives, alternatives, d)
		}
	}
	for _, f := range e.Fields {
		if values, limited := d.Values[f.Key]; limited && !slices.Contains(values, f.Value) {
			c.find(e, CodeUnknown, f.Key, "", d)
		}
	}
	if len(d.Roles) > 0 && !c.suitsAny(e.Actor.Role, d.Roles) {
		c.find(e, CodeRole, "actor.role", strings.Join(d.Roles, "|"), d)
	}
	if len(d.Lead) > 0 && !c.suitsAny(c.lead.Role, d.Lead) {
		c.find(e, CodeRole, KeyLead, strings.Join(d.Lead, "|"), d)
	}
}

func (c *course) suitsAny(role string, asked []string) bool {
	return slices.ContainsFunc(asked, func(a string) bool { return c.rules.suits(role, a) })
}

func anyOf(alternatives string, has func(string) bool) bool {
	for one := range strings.SplitSeq(alternatives, "|") {
		if has(one) {
			return true
		}
	}
	return false
}

func says(fields history.Fields, key string) bool {
	for v := range fields.All(key) {
		if v != "" {
			return true
		}
	}
	return false
}

func (c *course) has(ref string) bool { _, ok := c.seen[ref]; return ok }

func (c *course) hasAny(ref string) bool { return anyOf(ref, c.has) }

// take adds the entry to what has happened.
func (c *course) take(e *history.Entry) {
	c.begun = c.begun || len(c.rules.Opens) == 0 || slices.Contains(c.rules.Opens, e.Kind)
	switch e.Kind {
	case history.Held:
		c.held = true
	case history.Resumed:
		c.held = false
	case history.Closed, history.Merged, history.Cancelled:
		c.end, c.held = e.Kind, false
	case history.Archived:
		c.archived = true
	case history.Reopened:
		c.reopen()
	}
	c.seen[string(e.Kind)] = struct{}{}
	for _, f := range e.Fields {
		if f.Value != "" {
			c.seen[string(e.Kind)+"["+f.Key+"="+f.Value+"]"] = struct{}{}
			c.known[f.Key] = struct{}{}
		}
	}
	for _, f := range e.Personal {
		if f.Value != "" {
			c.known[f.Key] = struct{}{}
		}
	}
	c.attributes(e)
}

func (c *course) reopen() {
	c.end, c.archived, c.held = "", false, false
	undone := append(slices.Clone(c.rules.Reset), history.Resolved, history.Closed, history.Merged, history.Cancelled, history.Archived)
	for ref := range c.seen {
		kind, _, _ := strings.Cut(ref, "[")
		if slices.Contains(undone, history.Kind(kind)) {
			delete(c.seen, ref)
		}
	}
}

// attributes keeps what the case is, and who leads. All values of a key that the entry sets replace those before.
func (c *course) attributes(e *history.Entry) {
	if !history.SetsAttributes(e.Kind) {
		return
	}
	for _, f := range e.Fields {
		delete(c.attrs, f.Key)
	}
	for _, f := range e.Fields {
		c.attrs[f.Key] = append(c.attrs[f.Key], f.Value)
	}
	if e.Kind != history.Declared && e.Kind != history.Escalated {
		return
	}
	if id, ok := e.Fields.Get(KeyLead); ok {
		c.lead = history.Actor{ID: id}
	}
	if role, ok := e.Fields.Get(history.KeyRole); ok {
		c.lead.Role = role
	}
}

package incident

import (
	"time"

	"github.com/servicecharter/charter/history"
)

// Check holds the history of one case against rules (nil: DefaultRules), whoever wrote it, and returns what breaks them, in the order in
// which things happened; several findings of one entry in the order of the rules. Nil means that nothing does.
//
// Entries may stand in any order, be unnumbered, be of any kind: nothing is refused and nothing is changed. Check reads no clock, so an
// entry is from the future when it was recorded before it happened. The time grows with the number of entries times the number of steps.
func Check(h history.History, r *Rules) []Finding {
	return run(h.Entries, orDefault(r)).findings
}

// LastDrill returns the latest entry drilled in the history of a plan, by its instant. With a scope, such as full, only drills of that scope
// count. It reports false when there was none.
func LastDrill(h history.History, scope string) (history.Entry, bool) {
	var last history.Entry
	found := false
	for _, e := range h.Entries {
		if e.Kind != history.Drilled || scope != "" && !e.Fields.Has(KeyScope, scope) {
			continue
		}
		if !found || e.At.After(last.At) {
			last, found = e, true
		}
	}
	return last, found
}

func orDefault(r *Rules) *Rules {
	if r != nil {
		return r
	}
	return DefaultRules()
}

// instantOf reads an instant from a field; zero when there is none.
func instantOf(e *history.Entry, key string) time.Time {
	v, _ := e.Fields.Get(key)
	t, err := history.ParseInstant(v)
	if err != nil {
		return time.Time{}
	}
	return t
}

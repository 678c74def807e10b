package seal

import (
	"sync"

	"github.com/servicecharter/charter/journal"
)

// ends remembers how the cases end that were read or appended to last, so that an append need not read the last record again. What it remembers counts for
// that head only, and the store compares heads at every append. A nil ends remembers nothing.
type ends struct {
	mu         sync.Mutex
	young, old map[string]end
}

// end is a record with a seal, the last one of a case that has this head.
type end struct {
	version, rev uint64
	sum          sum
}

// Two generations of so many: a case that nobody has come back to leaves with the older one. That is some megabytes at most.
const generation = 1 << 13

func (e *ends) put(caseID string, h journal.Head, s sum) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.young) >= generation {
		e.old, e.young = e.young, nil
	}
	if e.young == nil {
		e.young = map[string]end{}
	}
	e.young[caseID] = end{h.Version, h.Rev, s}
}

// after gives the chain of a case that has this head, if it is remembered.
func (e *ends) after(caseID string, h journal.Head) (chain, bool) {
	if e == nil {
		return chain{}, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	last, ok := e.young[caseID]
	if !ok {
		last, ok = e.old[caseID]
	}
	if !ok || last.version != h.Version || last.rev != h.Rev {
		return chain{}, false
	}
	return chain{seq: last.version, sum: last.sum, knows: true}, true
}

// Package journaltest is the suite that every implementation of [journal.Journal] must pass. It is written for hosts that bring a
// database of their own, and used by Charter's journals.
//
//	func TestJournal(t *testing.T) {
//		journaltest.Run(t, journaltest.Store{Open: func(t testing.TB) journal.Journal { ... }})
//	}
//
// The suite is split by theme, each a subtest: heads, races, keys, reading, scan, view, followers, due, claims, erasure, limits, ids, bytes,
// instants, cancelled, bad input, and, when the hooks for them are given, restart, backup and transaction. A theme without its hook is shown as
// skipped. Each theme opens journals of its own, so that all may run against one database if Open separates them.
//
// It never looks at elapsed time and takes some seconds against a database on disk. Run it under the race detector too.
package journaltest

import (
	"context"
	"testing"
	"time"

	"github.com/servicecharter/charter/journal"
)

// Store is an implementation under test. Only Open is needed.
type Store struct {
	// Open gives a journal with nothing in it, apart from all others that it gave. It fails t when it cannot, and closes what it opened with
	// t.Cleanup.
	Open func(t testing.TB) journal.Journal

	// Reopen ends the use of j as the end of its process would, and gives a journal over the same data. Without it what outlives a process is not
	// tested.
	Reopen func(t testing.TB, j journal.Journal) journal.Journal

	// Backup keeps a copy of what j holds. Restore puts that in place of what the journal holds by then and gives the journal to go on with; it is
	// called at most once, with no other call under way.
	Backup func(t testing.TB, j journal.Journal) (restore func() journal.Journal)

	// InTx begins a transaction of the host's in the database of j, calls work with a journal that writes within it, and then commits it or rolls it
	// back. It fails t when it cannot. In the meantime work uses j too.
	InTx func(t testing.TB, j journal.Journal, commit bool, work func(tx journal.Journal))

	patience time.Duration // how long followers wait for what Scan may hold back; zero: half a minute
}

// Run tests a store, theme by theme.
func Run(t *testing.T, s Store) {
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) { theme.run(t, s) })
	}
}

type theme struct {
	name string
	test func(p *probe)

	// What the theme needs besides Open, and whether it is there.
	hook  string
	given func(s Store) bool
}

var themes = []theme{
	{name: "heads", test: heads},
	{name: "races", test: races},
	{name: "keys", test: keys},
	{name: "reading", test: reading},
	{name: "scan", test: scan},
	{name: "view", test: view},
	{name: "followers", test: followers},
	{name: "due", test: due},
	{name: "claims", test: claims},
	{name: "erasure", test: erasure},
	{name: "limits", test: limits},
	{name: "ids", test: ids},
	{name: "bytes", test: bytesKept},
	{name: "instants", test: instants},
	{name: "cancelled", test: cancelled},
	{name: "bad input", test: badInput},
	{name: "restart", test: restart, hook: "Reopen", given: func(s Store) bool { return s.Reopen != nil }},
	{name: "backup", test: backup, hook: "Backup", given: func(s Store) bool { return s.Backup != nil }},
	{name: "transaction", test: transaction, hook: "InTx", given: func(s Store) bool { return s.InTx != nil }},
}

func (th theme) run(t testing.TB, s Store) {
	t.Helper()
	if s.Open == nil {
		t.Fatal("journaltest: Store.Open is needed")
	}
	if th.given != nil && !th.given(s) {
		t.Skipf("journaltest: not tested, since Store.%s is not given", th.hook)
	}
	if s.patience == 0 {
		s.patience = 30 * time.Second
	}
	th.test(&probe{TB: t, ctx: t.Context(), store: s, j: s.Open(t)})
}

// probe is one journal under test.
type probe struct {
	testing.TB
	ctx   context.Context
	store Store
	j     journal.Journal
}

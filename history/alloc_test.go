//go:build !race

package history_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
)

// None of these under the race detector, which allocates for itself.

func TestCheckAllocatesNothing(t *testing.T) {
	h := chartertest.History(t, `
		mon 09:00 open tier=urgent channel=phone
		mon 09:00 accept
		mon 09:00 dispatch unit=network
		mon 10:20 reply by=agent
		wed 09:00 hold reason=customer
		thu 09:00 resume
		thu 10:00 resolve
		fri 09:00 close
	`)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if history.Check(h) != nil {
			panic("no findings expected")
		}
	}))
	h.Entries[5].Fields = history.Of("due", "2025-03-07T09:00:00+08:00") // for a second look
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if history.Check(h) != nil {
			panic("no findings expected")
		}
	}))
}

func TestAppendCanonicalAllocatesNothing(t *testing.T) {
	e := full() // its fields are out of order
	require.Greater(t, len(e.Fields), 1)
	b := make([]byte, 0, 4096)
	assert.Zero(t, testing.AllocsPerRun(100, func() { b, _ = e.AppendCanonical(b[:0]) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { b, _ = e.AppendLine(b[:0], "T-1") }))
}

// What is in order already is looked at where it stands.
func TestViewsAllocateNothing(t *testing.T) {
	f := history.Of("tags", "a", "tags", "b", "tier", "urgent").Canonical()
	assert.Zero(t, testing.AllocsPerRun(100, func() { f.Get("tier"); f.Has("tags", "b"); f.Canonical() }))

	h := chartertest.History(t, `
		mon 09:00 open
		mon 10:00 reply recorded=2025-03-04T00:00:00Z
		tue 08:00 resolve
	`)
	assert.Zero(t, testing.AllocsPerRun(100, func() { h.Sorted() }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { h.KnownAt(h.Entries[2].At) }))
}

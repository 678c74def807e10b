//go:build !race

package quality_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Not under the race detector, which allocates for itself.
func TestObserveDoesNotAllocate(t *testing.T) {
	vs := sample()
	d := observe(t, vs...)
	other := observe(t, vs...)
	i := 0
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		_ = d.Observe(vs[i%len(vs)])
		i++
	}))
	assert.Zero(t, testing.AllocsPerRun(100, func() { _ = d.Merge(other) }))
}

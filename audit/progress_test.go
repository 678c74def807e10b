package audit

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestProgressBar(t *testing.T) {
	var b bytes.Buffer
	p := &ProgressBar{w: &b}
	p.Update(Progress{Done: true})
	assert.Empty(t, b.String(), "what was never shown need not be wiped")
	p.Update(Progress{Cases: 256, Entries: 1000, Read: 0.5})
	assert.Equal(t, "\r███████████████░░░░░░░░░░░░░░░  50%  256 cases, 1000 entries", b.String())
	b.Reset()
	p.Update(Progress{Cases: 512, Read: 0.6})
	assert.Empty(t, b.String(), "too soon")
	p.Update(Progress{Cases: 2000, Entries: 3000, Read: -1})
	assert.Equal(t, "\r2000 cases, 3000 entries", b.String())
	b.Reset()
	p.Update(Progress{Done: true})
	assert.Equal(t, "\r\x1b[K", b.String())
}

func TestPlacesOfATerminal(t *testing.T) {
	assert.Equal(t, 5, places("ab–█░"))
	assert.Equal(t, 8, places("工单（ab"))
	assert.Equal(t, "█░", bar(0.99, 2), "only all of it fills the bar")
	assert.Equal(t, "██", bar(7, 2))
	assert.Equal(t, "░░", bar(-1, 2))
}

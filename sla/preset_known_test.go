package sla_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/servicecharter/charter/sla"
)

// known is a case whose outcome follows from a product's own documentation:
// source names the document, and says whether the figures are printed there or
// computed here from the rule that it states.
type known struct {
	name   string
	source string
	desk
	want string // a line for each clock
}

func check(t *testing.T, preset sla.Preset, cases []known) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := c.desk
			if d.preset.Name == "" {
				d.preset = preset
			}
			var want []string
			for line := range strings.Lines(c.want) {
				if line = strings.TrimSpace(line); line != "" {
					want = append(want, line)
				}
			}
			assert.Equal(t, want, d.judge(t), c.source)
		})
	}
}

type targets = map[string]string

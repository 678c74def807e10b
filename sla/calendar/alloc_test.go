//go:build !race

package calendar_test

import (
	"testing"
	"time"

	"github.com/servicecharter/charter/sla/calendar"
	"github.com/stretchr/testify/require"
)

// Not under the race detector, which allocates for itself.
func TestNoAllocations(t *testing.T) {
	specs := map[string]calendar.Spec{
		"lunch":        {Zone: "Europe/Berlin", Hours: week(t, "Mo-Fr 09:00-12:00,13:00-18:00")},
		"always":       {Zone: "America/New_York", Hours: calendar.AllWeek()},
		"hour a month": hourAMonth(),
	}
	for name, spec := range specs {
		c := build(t, spec)
		at := time.Date(2015, time.March, 3, 10, 30, 0, 7, c.Location())
		later := at.AddDate(10, 0, 0)
		position := c.DayPosition(at)
		for op, f := range map[string]func(){
			"Add":           func() { sinkTime = c.Add(at, 100*time.Hour) },
			"Add back":      func() { sinkTime = c.Add(later, -100*time.Hour) },
			"AddEdge":       func() { sinkTime = c.AddEdge(at, 90*time.Minute, calendar.NextOpening) },
			"Between":       func() { sinkDuration = c.Between(at, later) },
			"IsOpen":        func() { c.IsOpen(at) },
			"NextOpen":      func() { sinkTime = c.NextOpen(at) },
			"NextClose":     func() { sinkTime = c.NextClose(at) },
			"AddDays":       func() { sinkTime = c.AddDays(at, 60, calendar.DayRule{End: calendar.LastHours}) },
			"DaysBetween":   func() { sinkInt = c.DaysBetween(at, later) },
			"DayPosition":   func() { sinkDuration = c.DayPosition(at) },
			"AtDayPosition": func() { sinkTime = c.AtDayPosition(position + 60*24*time.Hour) },
			"LastClose":     func() { sinkTime = c.LastClose(position) },
			"Provisional":   func() { c.Provisional(at) },
		} {
			require.Zero(t, testing.AllocsPerRun(100, f), "%s: %s", name, op)
		}
	}
}

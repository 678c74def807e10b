package main

import (
	"strings"
	"testing"
)

func TestWhatPrometheusReads(t *testing.T) {
	var page strings.Builder
	if err := run(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`charter_desk_events_total{kind="appended"} 1`,
		`charter_desk_events_total{kind="noticed"} 2`,
		`charter_desk_events_total{kind="delivered"} 2`,
		`charter_notice_lateness_seconds_bucket{le="60"} 1`,
		`charter_notice_lateness_seconds_count 2`,
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
}

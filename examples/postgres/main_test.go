package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicecharter/charter/sla"
)

// TestMain makes the test binary a worker when it is started as one.
func TestMain(m *testing.M) {
	if os.Getenv(worker) != "" {
		if err := start(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Every notice is told at least once and recorded exactly once, whether a
// process dies before it handed one over or after.
func TestKilledInTheMidstOfADelivery(t *testing.T) {
	for _, kill := range []string{"before", "after"} {
		t.Run(kill, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
			defer stop()
			s, drop, err := found(ctx)
			if err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatalf("no PostgreSQL, and in CI there must be one: %v", err)
				}
				t.Skipf("no PostgreSQL: %v", err)
			}
			defer func() {
				if err := drop(); err != nil {
					t.Error(err)
				}
			}()
			var out bytes.Buffer
			r, err := run(ctx, &out, s, kill)
			t.Log("\n" + out.String())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(r.death, "killed") {
				t.Errorf("A was not killed: %s", r.death)
			}
			if len(r.due) < 50 {
				t.Errorf("%d notices are due, want two for each of 25 tickets", len(r.due))
			}
			for id, n := range r.due {
				if len(r.told[id]) == 0 {
					t.Errorf("the %s of %s was never told", n.Kind, n.Case)
				}
				if r.recorded[id] != 1 {
					t.Errorf("the %s of %s is recorded %d times", n.Kind, n.Case, r.recorded[id])
				}
			}
			for id := range r.told {
				if _, ok := r.due[id]; !ok {
					t.Errorf("%s was told and was not due", id)
				}
			}
			by := func(worker string) bool {
				return slices.ContainsFunc(r.told[r.fatal], func(h handover) bool { return h.Worker == worker })
			}
			if by("A") != (kill == "after") || !by("B") {
				t.Errorf("the notice at which A died was told by %v", r.told[r.fatal])
			}
		})
	}
}

// The report sees what it is there to see.
func TestReport(t *testing.T) {
	told := map[string][]handover{"1": {{Worker: "A"}}, "2": {{Worker: "B"}}}
	due := map[string]sla.Notice{"1": {}, "2": {}}
	for _, c := range []struct {
		name     string
		recorded map[string]int
		told     map[string][]handover
		bad      bool
	}{
		{"all is well", map[string]int{"1": 1, "2": 1}, told, false},
		{"never told", map[string]int{"1": 1, "2": 1}, map[string][]handover{"1": told["1"]}, true},
		{"never recorded", map[string]int{"1": 1}, told, true},
		{"recorded twice", map[string]int{"1": 1, "2": 2}, told, true},
		{"not due", map[string]int{"1": 1, "2": 1, "3": 1}, told, true},
	} {
		r := report{due: due, recorded: c.recorded, told: c.told}
		if err := r.print(&bytes.Buffer{}); (err != nil) != c.bad {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

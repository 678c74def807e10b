package sla_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
)

func TestRevised(t *testing.T) {
	old := time.Date(2027, 1, 4, 17, 0, 0, 0, time.UTC)
	moved := old.AddDate(0, 0, 1)
	told := sla.ProvisionalDue{Target: "house/resolve", Cycle: 2, Due: old, Calendar: "2026", Revision: "1"}
	running := sla.Clock{Target: "house/resolve", Metric: "resolution", Cycle: 2, State: sla.Running, Open: true, Due: moved, Calendar: "2027", Revision: "1"}
	now := time.Date(2026, 11, 10, 9, 0, 0, 0, time.FixedZone("", 8*3600))

	got := sla.Revised("T-1", []sla.ProvisionalDue{told}, []sla.Clock{running}, now)
	require.Len(t, got, 1)
	require.Equal(t, sla.Notice{
		ID: got[0].ID, Case: "T-1", Kind: sla.RevisedNotice, Target: "house/resolve", Metric: "resolution", Cycle: 2,
		At: now.UTC(), Due: moved, Was: old, Open: true,
	}, got[0])
	require.Equal(t, uuid.Version(5), got[0].ID.Version())
	again := sla.Revised("T-1", []sla.ProvisionalDue{told}, []sla.Clock{running}, now.AddDate(0, 1, 0))
	require.Equal(t, got[0].ID, again[0].ID, "whenever it is computed")

	for name, c := range map[string]struct {
		told  func(*sla.ProvisionalDue)
		clock func(*sla.Clock)
		none  bool
	}{
		"moved further":                {clock: func(c *sla.Clock) { c.Due = moved.Add(1) }},
		"from elsewhere":               {told: func(p *sla.ProvisionalDue) { p.Due = old.Add(-1) }},
		"another cycle of both":        {told: func(p *sla.ProvisionalDue) { p.Cycle = 1 }, clock: func(c *sla.Clock) { c.Cycle = 1 }},
		"still provisional":            {clock: func(c *sla.Clock) { c.Provisional, c.Due = true, moved.Add(2) }},
		"newer rules, same days":       {clock: func(c *sla.Clock) { c.Calendar, c.Revision, c.Due = "2026", "2", moved.Add(3) }},
		"beyond its limit":             {clock: func(c *sla.Clock) { c.State, c.Due = sla.Breached, moved.Add(4) }},
		"not moved":                    {clock: func(c *sla.Clock) { c.Due = old.In(now.Location()) }, none: true},
		"moved by an entry":            {clock: func(c *sla.Clock) { c.Calendar = "2026" }, none: true},
		"on hold":                      {clock: func(c *sla.Clock) { c.State = sla.Paused }, none: true},
		"stopped":                      {clock: func(c *sla.Clock) { c.State, c.Open = sla.Met, false }, none: true},
		"without a deadline any more":  {clock: func(c *sla.Clock) { c.State, c.Due = sla.NotEvaluable, time.Time{} }, none: true},
		"told of another cycle":        {told: func(p *sla.ProvisionalDue) { p.Cycle = 1 }, none: true},
		"told of another clause":       {told: func(p *sla.ProvisionalDue) { p.Target = "house/respond" }, none: true},
		"told for the clause's twin":   {clock: func(c *sla.Clock) { c.Target = "" }, none: true},
		"told without cycle or clause": {told: func(p *sla.ProvisionalDue) { *p = sla.ProvisionalDue{} }, none: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, k := told, running
			if c.told != nil {
				c.told(&p)
			}
			if c.clock != nil {
				c.clock(&k)
			}
			out := sla.Revised("T-1", []sla.ProvisionalDue{p}, []sla.Clock{k}, now)
			if c.none {
				require.Empty(t, out)
				return
			}
			require.Len(t, out, 1)
			require.NotEqual(t, got[0].ID, out[0].ID, "other news, other id")
		})
	}

	later := told
	later.Due = moved
	require.Empty(t, sla.Revised("T-1", []sla.ProvisionalDue{told, later}, []sla.Clock{running}, now), "the last one told counts")
	require.Empty(t, sla.Revised("T-1", nil, []sla.Clock{running}, now))
	require.Empty(t, sla.Revised("T-1", []sla.ProvisionalDue{told}, nil, now))
}

func TestProvisionalDues(t *testing.T) {
	due := time.Date(2027, 1, 4, 17, 0, 0, 0, time.UTC)
	provisional := sla.Clock{Target: "a", Cycle: 1, State: sla.Running, Open: true, Due: due, Provisional: true, Calendar: "2026", Revision: "1"}
	final, held, met := provisional, provisional, provisional
	final.Provisional, held.State, met.State, met.Open = false, sla.Paused, sla.Met, false
	require.Equal(t, []sla.ProvisionalDue{{Target: "a", Cycle: 1, Due: due, Calendar: "2026", Revision: "1"}},
		sla.ProvisionalDues([]sla.Clock{final, held, provisional, met}))
	require.Empty(t, sla.ProvisionalDues(nil))
}

package audit_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

func TestRulesOfEveryHandbook(t *testing.T) {
	_, err := audit.By(nil)
	assert.ErrorIs(t, err, audit.ErrRules)
	deadlines := 0
	for h, err := range handbooks.All() {
		require.NoError(t, err)
		r, err := audit.By(h)
		require.NoError(t, err)
		clauses := map[string]audit.Clause{}
		for _, c := range r.Clauses {
			clauses[c.ID] = c
		}
		for _, id := range r.Plan.Targets() {
			c, ok := clauses[id]
			require.True(t, ok, id)
			assert.NotEmpty(t, c.Start, id)
			assert.NotEmpty(t, append(c.Stop, c.StopAll...), id)
			assert.NotEmpty(t, c.Text.ZH, id)
			deadlines++
		}
		// A source without any kind of entry can supply evidence for nothing.
		s := audit.From(made(1, 20))
		s.Provides = []history.Kind{}
		report, err := audit.Run(context.Background(), r, s, audit.Options{Now: monday.AddDate(0, 1, 0)})
		require.NoError(t, err)
		for _, c := range report.Clauses {
			assert.NotEmpty(t, c.Lacks, c.ID)
			assert.Zero(t, c.Kept+c.Breached+c.Pending, c.ID)
		}
	}
	assert.Equal(t, 72, deadlines)
}

// A live host and an audit say the same of the same cases.
func TestAuditAgreesWithJudge(t *testing.T) {
	h, err := handbooks.Etiquette()
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	now := monday.AddDate(0, 0, 10)
	want := map[string]int{}
	for c := range made(11, 300) {
		j, err := h.Judge(c, now)
		require.NoError(t, err)
		var seen []string
		for i := range j.Clocks {
			if c := &j.Clocks[i]; c.Verdict() != sla.OutOfScope && !slices.Contains(seen, c.Target) {
				want[c.Target]++
				seen = append(seen, c.Target)
			}
		}
	}
	report, err := audit.Run(context.Background(), r, audit.From(made(11, 300)), audit.Options{Now: now})
	require.NoError(t, err)
	for _, c := range report.Clauses {
		assert.EqualValues(t, want[c.ID], c.InScope, c.ID)
	}
	_, ok := report.Clause("etiquette/no-such")
	assert.False(t, ok)
}

// A clause is listed once and in the order of the rules, whatever the plan has.
func TestClausesWithoutRulesAndRulesWithoutTargets(t *testing.T) {
	r := rules(t)
	r.Clauses = []audit.Clause{{ID: "desk/closure"}, {ID: "nowhere"}, {ID: "desk/closure"}, {ID: "desk/urgent"}}
	report, err := audit.Run(context.Background(), r, audit.From(made(1, 10)), audit.Options{Now: monday})
	require.NoError(t, err)
	var ids []string
	for _, c := range report.Clauses {
		ids = append(ids, c.ID)
	}
	assert.Equal(t, []string{"desk/closure", "desk/urgent", "desk/response", "desk/routine", "desk/reply", "desk/follow-up", "desk/figureless"}, ids)
}

func TestWindow(t *testing.T) {
	from, to := monday, monday.Add(time.Hour)
	for _, c := range []struct {
		window audit.Window
		at     time.Time
		want   bool
	}{
		{audit.Window{From: from, To: to}, from, true},
		{audit.Window{From: from, To: to}, to, false},
		{audit.Window{From: from, To: to}, from.Add(-1), false},
		{audit.Window{From: from}, to, true},
		{audit.Window{To: to}, from.AddDate(-1, 0, 0), true},
		{audit.Window{}, from, true},
	} {
		assert.Equal(t, c.want, c.window.Contains(c.at), "%v %v", c.window, c.at)
	}
}

// A bar is for terminals only; elsewhere it writes nothing, not even to a file.
func TestProgressBarIsForTerminals(t *testing.T) {
	var b bytes.Buffer
	assert.Nil(t, audit.NewProgressBar(&b))
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	bar := audit.NewProgressBar(f)
	assert.Nil(t, bar)
	bar.Update(audit.Progress{Cases: 1})
	assert.Nil(t, audit.NewProgressBar((*os.File)(nil)))
	info, err := f.Stat()
	require.NoError(t, err)
	assert.Zero(t, info.Size())
	require.NoError(t, f.Close())
}

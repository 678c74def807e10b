package complaint_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/history"
)

// whole is a complaint that went as every handbook wants it.
const whole = `
	mon 09:00 opened channel=phone source=customer first_agent=17 customer=881 content="no signal" by="front desk"/17
	mon 09:05 registered place="north district" person=17 service=mobile state=received by="front desk"/17
	mon 09:06 accepted unit="customer service" by="front desk"/17
	mon 09:10 acknowledged by="front desk"/17
	mon 09:10 responded channel=phone by="front desk"/17
	mon 09:11 progress-told state="being looked into" by="front desk"/17
	mon 09:15 classified class=telecom:network-service severity=ordinary basis=report by="front desk"/17
	mon 13:00 investigated who=a what=b when=c where=d why=e how=f problem=mast cause=power nature=fault impact="200 customers" responsibility=ours by=agent/17
	mon 13:10 classified severity=ordinary basis=analysis by=agent/17
	mon 13:30 planned measures=generator owner=30 due=2025-03-04T18:00:00+08:00 method="field team" by=agent/17
	tue 09:00 resolved result=repaired steps="field team went" by=agent/17
	tue 09:30 verified by=agent/30
	tue 10:00 result-told channel=phone form=written steps=s measures=generator due=2025-03-04T18:00:00+08:00 solved=yes follow_up=call by=agent/17
	tue 11:00 result-confirmed answer=accepted by=customer/881
	tue 11:05 closed by=agent/17
	fri 10:00 followed-up solved=yes satisfied=yes score=5 suggestions=none tracker=30 by=agent/30
	fri 11:00 reviewed cause=power lessons="more batteries" by=supervisor/3
	fri 12:00 archived store="quality analysis" store="quality database" by=agent/17
	fri 13:00 improved measures=batteries by=supervisor/3
	mon+1 09:00 assessed by=management/2
`

var rulesets = []string{"default", "standard", "etiquette", "norms", "enterprise", "telecom"}

func TestOneHistoryServesEveryHandbook(t *testing.T) {
	h := chartertest.History(t, whole)
	for _, name := range rulesets {
		assert.Empty(t, complaint.Check(h, ruleset(t, name)), name)
		c, err := complaint.Load(history.History{Case: "C-1"}, ruleset(t, name))
		require.NoError(t, err)
		for _, e := range h.Entries {
			require.NoError(t, c.Record(complaint.Meta{At: e.At, Actor: e.Actor}, e.Kind, e.Fields), name)
		}
		assert.Equal(t, h.Entries, c.Pending(), name)
		assert.Equal(t, complaint.Archived, c.State())
		assert.Equal(t, complaint.AnswerAccepted, c.Answer())
	}
}

// Each handbook misses something when a step or a field is gone that it asks for.
func TestEveryStepOfTheHandbooksCounts(t *testing.T) {
	h := chartertest.History(t, whole)
	for name, steps := range map[string][]history.Kind{
		"default":    {history.Registered, history.Classified, history.Investigated, history.Planned, history.Resolved, history.ResultTold},
		"standard":   {history.Registered, history.Classified, history.Acknowledged, history.ProgressTold, history.Responded, history.Investigated, history.Resolved, history.ResultTold, history.ResultConfirmed, history.FollowedUp, history.Reviewed},
		"etiquette":  {history.Accepted, history.Resolved, history.ResultTold},
		"norms":      {history.Accepted, history.Investigated, history.Resolved, history.ResultTold, history.Reviewed},
		"enterprise": {history.Resolved},
		"telecom":    {history.Registered, history.Investigated, history.Planned, history.Resolved, history.ResultTold, history.Reviewed, history.Archived, history.Improved},
	} {
		for _, step := range steps {
			var without history.History
			for _, e := range h.Entries {
				if e.Kind != step {
					without.Entries = append(without.Entries, e)
				}
			}
			assert.NotEmpty(t, complaint.Check(without, ruleset(t, name)), "%s without %s", name, step)
		}
	}
}

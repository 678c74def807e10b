package complaint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/complaint"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// limits runs the clocks that a handbook and a regulator set on one complaint: the handbook's seven working days for the result
// (etiquette/3.2-complaint-result), and the fifteen days within which a Chinese telecom operator has to answer its user's complaint
// (工业和信息化部, 电信用户申诉处理办法, of 2016). What the handbook does not say, the house decides: a serious complaint has three days.
func limits(t *testing.T) *sla.Plan {
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-18:00; PH off")
	require.NoError(t, err)
	result := sla.Metric{Name: "feedback", Start: sla.On(history.Opened), Stop: sla.On(history.ResultTold)}
	handbook := sla.Target{ID: "etiquette/3.2-complaint-result", Metric: result, Span: sla.Days(7)}
	regulator := sla.Target{ID: "miit/user-complaint-15d", Metric: result, Span: sla.Wall(15 * 24 * time.Hour)}
	house := sla.Target{
		ID: "house/serious-3d", Metric: result, Span: sla.Days(3),
		When: sla.Condition{{Attribute: history.KeySeverity, Values: []string{"serious"}}},
	}
	plan, err := sla.Compile(sla.Revision{Calendars: map[string]*calendar.Calendar{"": office}, Targets: []sla.Target{handbook, regulator, house}})
	require.NoError(t, err)
	return plan
}

func shanghai(t *testing.T, text string) time.Time {
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	require.NoError(t, err)
	return at
}

// Both clocks run, and which one governs depends on the case: seven working days are shorter than fifteen days in an ordinary week, and
// longer over National Day of 2017, when they ended on 17 October.
func TestTheRegulatorsLimitStandsBesideTheHandbooks(t *testing.T) {
	plan := limits(t)
	for _, c := range []struct{ opened, handbook, regulator, governs string }{
		{"2025-03-03 10:00", "2025-03-12", "2025-03-18", "etiquette/3.2-complaint-result"},
		{"2017-09-30 10:00", "2017-10-17", "2017-10-15", "miit/user-complaint-15d"},
	} {
		at := shanghai(t, c.opened)
		book, err := complaint.Load(history.History{Case: "C-1"}, nil)
		require.NoError(t, err)
		require.NoError(t, book.Open(complaint.Meta{At: at, Actor: history.Actor{ID: "17", Role: "agent"}},
			complaint.Intake{Channel: "phone", Severity: "ordinary", Customer: "881", Content: "double charge"}))
		clocks, err := plan.Evaluate(nil, book.Pending(), at.Add(time.Hour))
		require.NoError(t, err)
		due := map[string]string{}
		for _, clock := range clocks {
			if !clock.Due.IsZero() {
				assert.Equal(t, sla.Running, clock.State)
				due[clock.Target] = clock.Due.In(at.Location()).Format(time.DateOnly)
			}
		}
		assert.Equal(t, map[string]string{"etiquette/3.2-complaint-result": c.handbook, "miit/user-complaint-15d": c.regulator}, due)
		governing, ok := sla.Headline(clocks)
		require.True(t, ok)
		assert.Equal(t, c.governs, governing.Target)
		why, err := plan.Explain(governing.Target, 0, book.Pending(), at.Add(time.Hour))
		require.NoError(t, err)
		assert.Contains(t, why.String(), c.governs, "the explanation names the source")
	}
}

// The severity is that of the report until the analysis; the change brings its own limit, counted from the opening.
func TestWhatTheAnalysisChangesForLimits(t *testing.T) {
	plan := limits(t)
	at := shanghai(t, "2025-03-03 10:00")
	c, err := complaint.Load(history.History{Case: "C-1"}, nil)
	require.NoError(t, err)
	step := func(d time.Duration) complaint.Meta {
		return complaint.Meta{At: at.Add(d), Actor: history.Actor{ID: "17", Role: "agent"}}
	}
	governing := func(d time.Duration) string {
		clocks, err := plan.Evaluate(nil, c.Pending(), at.Add(d))
		require.NoError(t, err)
		clock, ok := sla.Headline(clocks)
		require.True(t, ok)
		return clock.Target + " " + clock.Due.In(at.Location()).Format(time.DateTime)
	}
	require.NoError(t, c.Open(step(0), complaint.Intake{Channel: "phone", Severity: "ordinary", Customer: "881", Content: "double charge"}))
	require.NoError(t, c.Register(step(time.Minute), complaint.Registration{}))
	require.NoError(t, c.Classify(step(2*time.Minute), complaint.Classification{Class: "billing", Basis: complaint.BasisReport}))
	assert.True(t, c.Provisional())
	assert.Equal(t, "etiquette/3.2-complaint-result 2025-03-12 10:00:00", governing(time.Hour))

	require.NoError(t, c.Investigate(step(2*time.Hour), complaint.Analysis{Cause: "the whole district was charged twice"}))
	require.NoError(t, c.Classify(step(3*time.Hour), complaint.Classification{Severity: "serious", Basis: complaint.BasisAnalysis}))
	assert.False(t, c.Provisional())
	assert.Equal(t, "house/serious-3d 2025-03-06 10:00:00", governing(4*time.Hour))
	assert.Contains(t, c.Changes(), complaint.Change{
		Attribute: history.KeySeverity, From: "ordinary", To: "serious", At: at.Add(3 * time.Hour), Seq: 5, Basis: complaint.BasisAnalysis,
	})
}

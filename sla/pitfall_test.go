package sla_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// What went wrong for users of comparable systems, each with the thread in which they said so.

const (
	office9to18 = `calendar hours="Mo-Fr 09:00-18:00"` + "\n"
	fourHours   = office9to18 + "revision r\ntarget fix resolution \"4 business hours\""
)

// due is the deadline as text.
func due(c sla.Clock) string { return wall(c.Due) }

// glpi-project/glpi#10594, frappe/helpdesk#2449, frappe/erpnext#47029: the pause was measured in wall time and given back in calendar
// time, or the other way round. From six on Monday evening to nine on Tuesday nobody works: nothing to give back.
func TestPitfallPauseIsGivenBackOnTheMeterItWasTakenFrom(t *testing.T) {
	c := one(t, judge(t, fourHours, "mon 16:00 open, mon 18:00 hold reason=customer, tue 09:00 resume", "tue 09:30"), "fix")
	assert.Equal(t, "tue 03-04 11:00", due(c))
	assert.Zero(t, c.Held)
	c = one(t, judge(t, fourHours, "mon 16:00 open, mon 17:00 hold reason=customer, tue 10:00 resume", "tue 10:30"), "fix")
	assert.Equal(t, "tue 03-04 13:00", due(c))
	assert.Equal(t, 2*time.Hour, c.Held)
	// Six open hours on hold, given back in open hours: not in the evening.
	c = one(t, judge(t, fourHours, "mon 10:00 open, mon 11:00 hold reason=customer, mon 17:00 resume", "mon 17:30"), "fix")
	assert.Equal(t, "tue 03-04 11:00", due(c))
}

// glpi-project/glpi#6902, #15605: a change of priority dropped the waiting time that had accumulated.
func TestPitfallTierChangeKeepsTheAccumulatedPause(t *testing.T) {
	rules := office9to18 + "revision r\npolicy p\ntarget urgent resolution \"4 business hours\" tier=urgent\ntarget other resolution \"8 business hours\" default"
	c := one(t, judge(t, rules, "mon 09:00 open, mon 10:00 hold reason=customer, mon 12:00 resume, mon 12:30 classify tier=urgent", "mon 12:30"), "urgent")
	assert.Equal(t, "mon 03-03 15:00", due(c), "nine and four hours, and the two on hold")
	assert.Equal(t, 2*time.Hour, c.Held)
}

// frappe/helpdesk#3776: resolved while on hold, the hold was ignored and 42 days were reported.
func TestPitfallResolvedWhilePausedCountsTheHold(t *testing.T) {
	c := one(t, judge(t, fourHours, "mon 09:00 open, mon 10:00 hold reason=customer, mon+6 10:00 resolve", "mon+6 12:00"), "fix")
	assert.Equal(t, sla.Met, c.State)
	assert.Equal(t, time.Hour, c.Elapsed)
	assert.Equal(t, 6*5*9*time.Hour, c.Held)
	assert.Equal(t, "mon 04-14 13:00", due(c))
}

// glpi-project/glpi#24481: the deadline moved only on resume, so that a pending ticket looked violated.
func TestPitfallPendingNeverLooksViolated(t *testing.T) {
	for _, now := range []string{"mon 11:00", "mon 13:30", "wed 03:00", "fri+3 20:00"} {
		c := one(t, judge(t, fourHours, "mon 09:00 open, mon 10:00 hold reason=customer", now), "fix")
		assert.Equal(t, sla.Paused, c.State)
		assert.False(t, c.Due.Before(moment(t, now)), "due %s at %s", due(c), now)
		assert.Equal(t, 3*time.Hour, c.Remaining)
	}
}

// glpi-project/glpi#15357, #15429: escalation levels fired at the deadline, or at the creation, instead of at their own instants.
func TestPitfallLevelsHaveInstantsOfTheirOwn(t *testing.T) {
	rules := office9to18 + "revision r\ntarget fix resolution \"4 business hours\" warn=-1h rung=a@50% rung=b@due rung=c@+2h"
	c := one(t, judge(t, rules, "mon 16:00 open", "mon 16:00"), "fix")
	var at []string
	for _, m := range c.Marks {
		at = append(at, wall(m.At))
	}
	assert.Equal(t, []string{"tue 03-04 10:00", "mon 03-03 18:00", "tue 03-04 11:00", "tue 03-04 13:00"}, at)
}

// glpi-project/glpi#17186: a date that was promised by hand was moved by a pause.
func TestPitfallPromisedDateIsNoTimer(t *testing.T) {
	rules := "revision r\ntarget p promise \"\" start=planned stop=resolved pause=held resume=resumed due=due"
	facts := "mon 09:00 plan due=2025-03-05T10:00:00+08:00, mon 10:00 hold reason=customer"
	c := one(t, judge(t, rules, facts+", tue 10:00 resume", "tue 11:00"), "p")
	assert.Equal(t, "wed 03-05 10:00", due(c))
	c = one(t, judge(t, rules, facts, "wed 10:00:01"), "p")
	assert.Equal(t, sla.Breached, c.State)
	c = one(t, judge(t, rules, facts+", thu 10:00 resolve", "fri 10:00"), "p")
	assert.Equal(t, sla.Breached, c.State)
}

// zammad/zammad#4353, #904: a policy that was deactivated, or no longer matched, left tickets escalated and notifying.
func TestPitfallATargetOutOfForceFallsSilent(t *testing.T) {
	rules := "revision r\ntarget vip resolution 4h importance=high rung=boss@due\nrevision off from=\"tue 00:00\" revise=\"at once\"\ntarget any closure 90h"
	clocks := judge(t, rules, "mon 09:00 open importance=high, mon 10:00 classify importance=standard", "mon 20:00")
	c := one(t, clocks, "vip")
	assert.Equal(t, sla.Superseded, c.State)
	assert.Empty(t, sla.Notices("1", clocks, sla.Window{Until: moment(t, "mon 20:00")}))
	clocks = judge(t, rules, "mon 23:00 open importance=high", "wed 09:00")
	assert.Equal(t, sla.Superseded, one(t, clocks, "vip").State)
	assert.Empty(t, sla.Notices("1", clocks, sla.Window{Until: moment(t, "wed 09:00")}))
}

// zammad/zammad#3140, #5177: the update target overrode the first response, and ran on after the agent's own reply.
func TestPitfallUpdateTargetLeavesTheFirstResponseAlone(t *testing.T) {
	rules := "revision r\ntarget first first-response 2h\ntarget update periodic-update 1h\ntarget next next-response 1h"
	clocks := judge(t, rules, "mon 09:00 open, mon 09:00 message by=customer, mon 09:30 reply by=agent", "mon 09:45")
	assert.Equal(t, "mon 03-03 11:00", due(one(t, clocks, "first")))
	assert.Equal(t, sla.Met, one(t, clocks, "first").State)
	assert.Equal(t, sla.Met, one(t, clocks, "next").State)
	assert.Equal(t, "mon 03-03 10:30", due(one(t, clocks, "update")), "from the reply on")
}

// chatwoot/chatwoot#10178: the clock of the next reply ran on after the conversation had been resolved.
func TestPitfallNobodyOwesAReplyAfterTheResolution(t *testing.T) {
	clocks := judge(t, "revision r\ntarget next next-response 1h", "mon 09:00 open, mon 10:00 message by=customer, mon 10:30 resolve", "mon 20:00")
	c := one(t, clocks, "next")
	assert.Equal(t, sla.Cancelled, c.State)
	assert.Equal(t, sla.OutOfScope, c.Verdict())
}

// A second message of the customer must not move the deadline.
func TestPitfallSecondMessageMovesNothing(t *testing.T) {
	rules := "revision r\ntarget next next-response 2h"
	c := one(t, judge(t, rules, "mon 09:00 open, mon 10:00 message by=customer, mon 11:30 message by=customer", "mon 11:45"), "next")
	assert.Equal(t, "mon 03-03 12:00", due(c))
	assert.Equal(t, uint32(1), c.Cycle)
}

// The first reply counts from the creation, even when what makes the policy apply comes later.
func TestPitfallFirstReplyCountsFromCreation(t *testing.T) {
	rules := "revision r\ntarget first first-response 2h tier=urgent"
	c := one(t, judge(t, rules, "mon 09:00 open, mon 10:30 classify tier=urgent", "mon 10:30"), "first")
	assert.Equal(t, "mon 03-03 11:00", due(c))
	rules = "revision r\npolicy p\ntarget first first-response 2h tier=urgent\ntarget slow first-response 9h default"
	c = one(t, judge(t, rules, "mon 09:00 open, mon 10:30 classify tier=urgent", "mon 10:30"), "first")
	assert.Equal(t, "mon 03-03 11:00", due(c))
}

// Targets use the priority in force at the event, not today's: a clock that has ended is not judged by a later tier.
func TestPitfallEndedClocksKeepTheTierOfThen(t *testing.T) {
	rules := "revision r\npolicy p\ntarget urgent resolution 1h tier=urgent\ntarget other resolution 8h default"
	clocks := judge(t, rules, "mon 09:00 open tier=routine, mon 12:00 resolve, mon 13:00 classify tier=urgent", "mon 14:00")
	require.Len(t, clocks, 1)
	assert.Equal(t, "other", clocks[0].Target)
	assert.Equal(t, sla.Met, clocks[0].State)
}

// Before a policy is swapped, what was already due is judged.
func TestPitfallWhatWasDueIsJudgedBeforeTheSwap(t *testing.T) {
	rules := "revision r\npolicy p\ntarget urgent resolution 1h tier=urgent\ntarget other resolution 8h default"
	clocks := judge(t, rules, "mon 09:00 open tier=urgent, mon 11:00 classify tier=routine", "mon 12:00")
	assert.Equal(t, sla.Breached, one(t, clocks, "urgent").State)
	assert.Equal(t, "mon 03-03 10:00+1ns", wall(one(t, clocks, "urgent").BreachedAt))
	assert.Equal(t, sla.Running, one(t, clocks, "other").State)
}

// glpi-project/glpi#9267: closed time was counted, ignored, or handled differently for solved and closed.
func TestPitfallReopeningTreatsSolvedAndClosedAlike(t *testing.T) {
	for _, end := range []string{"resolve", "close"} {
		c := one(t, judge(t, fourHours, "mon 09:00 open, mon 10:00 "+end+", tue 10:00 reopen", "tue 11:00"), "fix")
		assert.Equal(t, sla.Running, c.State, end)
		assert.Equal(t, 2*time.Hour, c.Elapsed, end)
		assert.Equal(t, "tue 03-04 13:00", due(c), end)
	}
}

// ServiceNow KB0869748, Jira's reconstruction of SLAs: an edit of a policy or schedule in use rewrote past results.
func TestPitfallEditingAPolicyRewritesNothing(t *testing.T) {
	rules := office9to18 + "revision a\ntarget fix resolution \"4 business hours\"\n"
	edited := rules + `calendar hours="Mo-Fr 09:00-12:00"` + "\nrevision b from=\"wed 00:00\"\ntarget fix resolution \"1 business hour\""
	for _, facts := range []string{
		"mon 09:00 open, mon 12:00 resolve",
		"mon 09:00 open, mon 17:00 resolve",
		"tue 17:00 open, wed 11:00 resolve",
	} {
		assert.Equal(t, judge(t, rules, facts, "fri 09:00"), judge(t, edited, facts, "fri 09:00"), facts)
	}
}

// fivetran/dbt_zendesk#107: work time over a change of the schedule was multiplied by five.
func TestPitfallCrossingScheduleVersionsCountsOnce(t *testing.T) {
	rules := office9to18 + "revision a\ntarget fix resolution \"40 business hours\"\n" +
		`calendar hours="Mo-Fr 08:00-17:00"` + "\nrevision b from=\"wed 00:00\" revise=\"at once\"\ntarget fix resolution \"40 business hours\""
	clocks := judge(t, rules, "mon 09:00 open", "fri 17:00")
	require.Len(t, clocks, 2)
	assert.Equal(t, 18*time.Hour, clocks[0].Elapsed, "two days under the old hours")
	assert.Equal(t, (4*9+8)*time.Hour, clocks[1].Elapsed, "under the new ones as if they had held since Monday nine")
}

// zammad/zammad-documentation#159: "edit off-hours", because every edit recomputed all open tickets. By default a running clock keeps its
// rules, and nothing has to be recomputed.
// gitlab-org/gitlab#323139: open cases follow the policy they were opened under unless told otherwise.
func TestPitfallOpenCasesFollowTheirPolicy(t *testing.T) {
	rules := "revision a\ntarget fix resolution 8h\nrevision b from=\"mon 10:00\"\ntarget fix resolution 1h"
	clocks := judge(t, rules, "mon 09:00 open", "mon 12:00")
	require.Len(t, clocks, 1)
	assert.Equal(t, "a", clocks[0].Revision)
	assert.Equal(t, "mon 03-03 17:00", due(clocks[0]))
}

// ServiceNow KB0596023: elapsed time was refreshed every five days while the breach was far away. Chatwoot: polling missed a resolution that
// came late between two polls. rotherOSS/otobo#389: a helper process added four minutes a run while suspended. What was asked
// before, how often and when, must not show.
func TestPitfallAskingChangesNothing(t *testing.T) {
	plan := compiled(t, fourHours)
	es := entries(t, "mon 09:00 open, mon 10:00 hold reason=customer, mon 11:00 resume, mon 14:30 resolve")
	for _, polls := range []int{0, 1, 1000} {
		var r sla.Run
		plan.Start(&r)
		for i := range es {
			_, err := r.Step(&es[i])
			require.NoError(t, err)
			for p := range polls {
				r.At(nil, es[i].At.Add(time.Duration(p)*time.Second))
				r.Next(es[i].At.Add(time.Duration(p) * time.Hour))
			}
		}
		c := one(t, r.At(nil, moment(t, "fri 09:00")), "fix")
		assert.Equal(t, 4*time.Hour+30*time.Minute, c.Elapsed, "%d polls", polls)
		assert.Equal(t, "mon 03-03 14:00+1ns", wall(c.BreachedAt), "%d polls", polls)
	}
}

// frappe/helpdesk#3547: a blank condition beat the default.
func TestPitfallABlankConditionNeverBeatsTheDefault(t *testing.T) {
	target := sla.Target{ID: "blank", Metric: sla.StandardMetrics()[0], Span: sla.Wall(time.Hour)}
	other := target
	other.ID, other.Default = "other", true
	_, err := sla.Compile(sla.Revision{Policies: []sla.Policy{{Name: "p", Targets: []sla.Target{target, other}}}})
	require.ErrorIs(t, err, sla.ErrCompile)
	assert.ErrorContains(t, err, `target "blank": has no condition and is not declared as the default`)
	target.When = sla.Condition{sla.Is("tier", "")}
	_, err = sla.Compile(sla.Revision{Policies: []sla.Policy{{Name: "p", Targets: []sla.Target{target, other}}}})
	require.ErrorIs(t, err, sla.ErrCondition)
}

// OCA/project#73: without a calendar the computation hung. Here the clock says what it lacks; a calendar that nobody declared, or that
// was never compiled, is an error; one that never opens cannot be made.
func TestPitfallNoCalendarNeverHangs(t *testing.T) {
	target := sla.Target{ID: "fix", Metric: sla.StandardMetrics()[0], Span: sla.OpenTime(time.Hour), Warnings: []sla.Warning{{}}}
	for _, calendars := range []map[string]*calendar.Calendar{nil, {"": nil}} {
		plan, err := sla.Compile(sla.Revision{Targets: []sla.Target{target}, Calendars: calendars})
		require.NoError(t, err)
		clocks, next := judgeAt(t, plan, entries(t, "mon 09:00 open"), moment(t, "fri 09:00"))
		assert.Equal(t, sla.NotEvaluable, clocks[0].State)
		assert.Equal(t, "calendar", clocks[0].Missing)
		assert.Zero(t, next)
	}
	_, err := sla.Compile(sla.Revision{Targets: []sla.Target{target}, Calendars: map[string]*calendar.Calendar{"": new(calendar.Calendar)}})
	require.ErrorIs(t, err, sla.ErrCompile)
	target.Calendar = "night"
	_, err = sla.Compile(sla.Revision{ID: "r", Targets: []sla.Target{target}})
	require.ErrorIs(t, err, sla.ErrCompile)
	assert.ErrorContains(t, err, `revision "r" target "fix": needs a calendar named "night"`)
	_, err = calendar.New(calendar.Spec{Zone: "UTC"})
	require.ErrorIs(t, err, calendar.ErrNeverOpen)
}

// target/goalert: the next step of an escalation was counted from the processing of the one before, not from the policy's instant.
func TestPitfallStepsAreCountedFromTheRule(t *testing.T) {
	plan := compiled(t, "revision r\ntarget fix resolution 4h rung=a@50% rung=b@75% rung=c@due")
	es := entries(t, "mon 09:00 open")
	// Processed late, and in any rhythm, every rung stands at its own instant.
	for _, now := range []string{"mon 11:07", "mon 12:29", "tue 09:00"} {
		clocks, err := plan.Evaluate(nil, es, moment(t, now))
		require.NoError(t, err)
		for i, at := range []string{"mon 11:00", "mon 12:00", "mon 13:00"} {
			assert.True(t, moment(t, at).Equal(clocks[0].Marks[i].At), "%s at %s", at, now)
		}
	}
}

// Seven working days from 2017-09-30, a make-up Saturday before the holidays, end on 2017-10-17.
func TestPitfallSevenWorkingDaysOverNationalDay2017(t *testing.T) {
	rules := `calendar hours="Mo-Fr 09:00-18:00; PH off" work=2017-09-30 off=2017-10-01,2017-10-02,2017-10-03,2017-10-04,2017-10-05,2017-10-06,2017-10-07,2017-10-08` +
		"\nrevision r\ntarget fix resolution \"7 working days\""
	c := one(t, judge(t, rules, "2017-09-30 10:00 open", "2017-09-30 10:00"), "fix")
	assert.Equal(t, "tue 2017-10-17 10:00", due(c))
}

// grafana/oncall#4654: people were notified after somebody had acknowledged. What a clock has not reached when it ends, it never does.
func TestPitfallNothingIsReachedAfterTheEnd(t *testing.T) {
	rules := "revision r\ntarget fix resolution 4h warn=50% rung=boss@due rung=chief@+1h"
	for _, end := range []string{"resolve", "merge", "cancel"} {
		clocks := judge(t, rules, "mon 09:00 open, mon 12:00 "+end, "tue 09:00")
		var reached []string
		for _, n := range sla.Notices("1", clocks, sla.Window{Until: moment(t, "tue 09:00")}) {
			reached = append(reached, n.Name)
		}
		assert.Equal(t, []string{"50%"}, reached, end)
		assert.Zero(t, clocks[0].Marks[1].At, end)
	}
}

// The limit is inclusive.
func TestPitfallAStopAtTheDeadlineIsInTime(t *testing.T) {
	for stop, want := range map[string]sla.State{"mon 12:59:59.999999999": sla.Met, "mon 13:00": sla.Met, "mon 13:00:00.000000001": sla.Breached} {
		c := one(t, judge(t, fourHours, "mon 09:00 open, "+stop+" resolve", "mon 15:00"), "fix")
		assert.Equal(t, want, c.State, stop)
	}
}

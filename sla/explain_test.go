package sla_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// office is open on weekdays from nine to twelve and from one to six. In the
// week from Monday 2025-09-29 National Day takes 1 to 8 October, and Sunday 28
// September and Saturday 11 October are worked instead.
func office(t testing.TB) *calendar.Calendar {
	t.Helper()
	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	require.NoError(t, err)
	spec := calendar.Spec{Zone: "Asia/Shanghai", Hours: week, Published: calendar.Date{Year: 2025, Month: 12, Day: 31}}
	for day := 1; day <= 8; day++ {
		spec.Days = append(spec.Days, calendar.Day{Date: calendar.Date{Year: 2025, Month: 10, Day: day}, Name: "国庆节", Off: true})
	}
	spec.Days = append(spec.Days, calendar.Day{Date: calendar.Date{Year: 2025, Month: 10, Day: 11}, Name: "国庆节"})
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return c
}

func TestExplanations(t *testing.T) {
	cal := office(t)
	var plan *sla.Plan
	var semantics sla.Semantics
	datadriven.RunTest(t, "testdata/explain", func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "target":
			// A target a line: id metric span, then conditions.
			semantics = sla.Semantics{}
			var days calendar.DayRule
			for _, a := range d.CmdArgs {
				switch a.Key {
				case "last-hours":
					days.End = calendar.LastHours
				case "from-change":
					semantics.Retarget = sla.FromChange
				}
			}
			var targets []sla.Target
			for line := range strings.Lines(d.Input) {
				parts := strings.Split(strings.TrimSpace(line), " | ")
				metric, ok := sla.StandardMetric(parts[1])
				require.True(t, ok, parts[1])
				span, err := sla.ParseSpan(parts[2])
				require.NoError(t, err)
				target := sla.Target{ID: parts[0], Metric: metric, Span: span, Days: days}
				for _, cond := range parts[3:] {
					k, v, _ := strings.Cut(cond, "=")
					target.When = append(target.When, sla.Is(k, v))
				}
				targets = append(targets, target)
			}
			var err error
			plan, err = sla.Compile(sla.Revision{Targets: targets, Calendars: map[string]*calendar.Calendar{"": cal}, Semantics: semantics})
			require.NoError(t, err)
			return ""
		case "explain":
			var id, at, lang string
			d.ScanArgs(t, "target", &id)
			d.ScanArgs(t, "at", &at)
			d.MaybeScanArgs(t, "lang", &lang)
			now, err := time.ParseInLocation("2006-01-02T15:04", at, cal.Location())
			require.NoError(t, err)
			x, err := plan.Explain(id, 0, chartertest.History(t, d.Input).Entries, now)
			if err != nil {
				return err.Error() + "\n"
			}
			var used time.Duration
			for _, s := range x.Segments {
				if !s.Ahead {
					used += s.Used
				}
			}
			if used != x.Clock.Elapsed {
				return fmt.Sprintf("the segments sum to %v, the clock says %v\n%s", used, x.Clock.Elapsed, x.Text(lang))
			}
			return x.Text(lang)
		}
		return "unknown command"
	})
}

func TestExplanationNamesWhatIsStillMissing(t *testing.T) {
	m, _ := sla.StandardMetric("first-response")
	both := m.Between(sla.On(history.Opened), sla.On(history.Responded, history.Checked), true)
	plan, err := sla.Compile(sla.Revision{Targets: []sla.Target{{ID: "both", Metric: both, Span: sla.Wall(time.Hour)}}})
	require.NoError(t, err)
	h := chartertest.History(t, "mon 09:00 open\nmon 09:10 reply")
	x, err := plan.Explain("both", 0, h.Entries, h.Entries[1].At.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, sla.On(history.Checked), x.Waits)
	require.True(t, x.All)
	require.Contains(t, x.String(), "waits for checked\n")
	require.Contains(t, x.Text("zh"), "尚待 核实\n")

	h = chartertest.History(t, "mon 09:00 open\nmon 09:10 reply\nmon 09:20 checked")
	x, err = plan.Explain("both", 0, h.Entries, h.Entries[2].At)
	require.NoError(t, err)
	require.Equal(t, history.Checked, x.Stop.Entry)
	require.Empty(t, x.Waits)
}

// A cycle that one entry ends and follows by the next names that entry.
func TestExplanationOfAnEndedCycle(t *testing.T) {
	m, _ := sla.StandardMetric("periodic-update")
	plan, err := sla.Compile(sla.Revision{Targets: []sla.Target{{ID: "update", Metric: m, Span: sla.Wall(4 * time.Hour)}}})
	require.NoError(t, err)
	h := chartertest.History(t, "mon 09:00 accept\nmon 11:00 progress-told\nmon 14:00 progress-told")
	x, err := plan.Explain("update", 1, h.Entries, h.Entries[2].At.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, sla.Met, x.Clock.State)
	require.Equal(t, uint64(1), x.Start.Seq)
	require.Equal(t, uint64(2), x.Stop.Seq)
	require.Len(t, x.Segments, 1)
	require.Equal(t, 2*time.Hour, x.Segments[0].Used)
	x, err = plan.Explain("update", 0, h.Entries, h.Entries[2].At.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, uint32(3), x.Clock.Cycle)
	require.Equal(t, uint64(3), x.Start.Seq)
	_, err = plan.Explain("update", 4, h.Entries, h.Entries[2].At)
	require.ErrorIs(t, err, sla.ErrNoClock)
	_, err = plan.Explain("none", 0, h.Entries, h.Entries[2].At)
	require.ErrorIs(t, err, sla.ErrNoClock)
}

// A clock that runs for decades outside the years of its calendar is explained day by day all the same, in time that grows with
// them and not with their square.
func TestExplanationOfDecades(t *testing.T) {
	plan := compiled(t, `
		calendar hours="Mo-Fr 09:00-12:00,13:00-18:00"
		revision r
		target hours resolution "3 business hours"
		target days resolution "3 working days" days=count-start
		target wall resolution 3h`)
	h := chartertest.History(t, "1980-03-03T02:00:00Z open\n+3h hold reason=customer\n+2h resume")
	now := moment(t, "2005-03-03T00:00:00Z")
	clocks, err := plan.Evaluate(nil, h.Entries, now)
	require.NoError(t, err)
	for i := range clocks {
		x, err := plan.ExplainClock(clocks[i], h.Entries, now)
		require.Empty(t, flaw(&x, err, &clocks[i], now), show(clocks[i:i+1]))
	}
}

// A day after half past midnight is due at one where the clock skips the hour between. The half hour of it that lies beyond the limit
// is not used.
func TestExplanationOfADeadlineThatTheClockSkips(t *testing.T) {
	plan := compiled(t, `
		calendar zone=America/Sao_Paulo hours="Mo-Su 08:00-12:00"
		revision r
		target fix resolution "1 working day"`)
	h := chartertest.History(t, "2018-11-03T00:30:00-03:00 open")
	now := moment(t, "2018-11-03T12:30:00-03:00")
	x, err := plan.Explain("fix", 0, h.Entries, now)
	require.NoError(t, err)
	require.True(t, x.Clock.Due.Equal(moment(t, "2018-11-04T01:00:00-02:00")), "due %v", x.Clock.Due)
	require.Equal(t, 12*time.Hour, x.Clock.Remaining)
	require.Empty(t, flaw(&x, nil, &x.Clock, now), x)
}

// A host that overlooks the error of Explain has an empty explanation, and no
// crash.
func TestAnEmptyExplanationCanBePrinted(t *testing.T) {
	require.NotEmpty(t, sla.Explanation{}.Text("en"))
	require.NotEmpty(t, sla.Explanation{}.Text("zh"))
}

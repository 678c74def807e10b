package audit_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/chartertest"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality/measure"
)

// desk is a handbook with a clause of each sort that an audit can judge.
const desk = `{
  "id": "desk", "version": "1", "title": {"en": "Desk", "zh": "服务台"}, "zone": "Asia/Shanghai",
  "attributes": {"kind": {"values": [{"id": "ticket"}, {"id": "complaint"}, {"id": "incident"}]}, "tier": {"values": [{"id": "routine"}, {"id": "urgent"}]}},
  "clauses": [
    {"id": "desk/satisfaction", "section": "1", "subject": "quality", "kind": "objective", "check": "measured",
     "text": {"en": "Nine in ten are satisfied.", "zh": "满意度不低于90%。"}, "rule": {"measure": "satisfaction", "at_least": "90 pct"}},
    {"id": "desk/training", "section": "2", "subject": "people", "kind": "objective", "check": "measured",
     "text": {"en": "Everybody is trained.", "zh": "培训覆盖率100%。"}, "rule": {"measure": "training-coverage", "at_least": "100 pct"}},
    {"id": "desk/speed", "section": "3", "subject": "quality", "kind": "objective", "check": "measured",
     "text": {"en": "A first response takes ten to twenty minutes on average.", "zh": "平均首次响应时间10至20分钟。"},
     "rule": {"measure": "mean-first-response", "at_least": "10 min", "at_most": "20 min"}},
    {"id": "desk/mood", "section": "3.1", "subject": "quality", "kind": "objective", "check": "measured",
     "text": {"en": "The mood is good.", "zh": "氛围良好。"}, "rule": {"measure": "mood", "at_least": "80 pct"}},
    {"id": "desk/accuracy-2024", "section": "3.1.1", "subject": "quality", "kind": "objective", "check": "measured",
     "text": {"en": "In 2024 answers were right.", "zh": "2024年答复准确。"}, "rule": {"measure": "accuracy", "at_least": "99.95 pct", "year": 2024}},
    {"id": "desk/indicators", "section": "3.2", "subject": "quality", "kind": "practice", "check": "measured",
     "text": {"en": "Response and repair are measured.", "zh": "统计响应与修复。"}, "measures": ["mean-first-response", "response-attainment", "mttr"]},
    {"id": "desk/response", "section": "4", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "Every case is answered within half an hour.", "zh": "30分钟内响应。"}, "rule": {"metric": "first-response", "within": "30m"}},
    {"id": "desk/channel", "section": "5", "subject": "ticket", "kind": "fields", "check": "decidable", "when": {"kind": "ticket"},
     "text": {"en": "A ticket says by which channel it came.", "zh": "工单记录渠道。"},
     "lifecycle": {"ticket": {"demands": [{"step": "opened", "fields": ["channel"]}]}}},
    {"id": "desk/verified", "section": "5.1", "subject": "ticket", "kind": "workflow", "check": "decidable", "when": {"kind": "ticket", "tier": "urgent"},
     "text": {"en": "An urgent ticket is verified before it is closed, and better surveyed too.", "zh": "紧急工单先验证后关闭，最好回访。"},
     "effective": {"from": "2025-03-05"},
     "lifecycle": {"ticket": {"demands": [{"step": "closed", "after": ["verified"]}, {"step": "closed", "after": ["surveyed"], "advised": true}]}}},
    {"id": "desk/review", "section": "6", "subject": "quality", "kind": "fields", "check": "decidable", "when": {"tier": "urgent"},
     "text": {"en": "Who reviews an urgent case says how it went.", "zh": "复盘紧急案件应写明执行情况。"},
     "content": [{"classes": ["ticket", "complaint"], "on": "reviewed", "where": "itself", "holds": [["reviewed[execution]"]]}]},
    {"id": "desk/post", "section": "7", "subject": "people", "kind": "role", "check": "decidable",
     "text": {"en": "Nobody takes up a post without the examination.", "zh": "考试合格方可上岗。"},
     "content": [{"classes": ["person"], "on": "placed[post]", "where": "before", "holds": [["examined[passed=true]"]]}]}
  ]
}`

// histories reads cases as package chartertest writes them, one behind the other, each headed by its name.
func histories(t *testing.T, text string) func(yield func(audit.Case, error) bool) {
	var cases []audit.Case
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.HasPrefix(line, "case ") {
			cases = append(cases, audit.Case{})
		}
		c := &cases[len(cases)-1]
		c.Case += line
		if !strings.HasPrefix(line, "case ") {
			c.Lines = append(c.Lines, number)
		}
	}
	for i := range cases {
		cases[i].History = chartertest.History(t, cases[i].Case)
	}
	return func(yield func(audit.Case, error) bool) {
		for _, c := range cases {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// Whole reports of a few cases, in testdata/whole: deadlines, steps, content and objectives.
func TestWholeReports(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(desk))
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	datadriven.RunTest(t, "testdata/whole", func(t *testing.T, d *datadriven.TestData) string {
		o := audit.Options{Workers: 2, Conduct: true, Tally: measure.NewTally(standardMeasures(t), measure.Grouping{Period: measure.Week})}
		language, asJSON := "en", false
		for _, arg := range d.CmdArgs {
			switch value := strings.Join(arg.Vals, ","); arg.Key {
			case "now":
				o.Now, err = time.Parse(time.RFC3339, value)
				require.NoError(t, err)
			case "gate":
				g := audit.Gate{Clause: arg.Vals[0]}
				if len(arg.Vals) > 1 {
					g.AtLeast = decimal.RequireFromString(arg.Vals[1])
				}
				o.Gates = append(o.Gates, g)
			case "trained": // out of 40, all or as many as are given
				trained := 40
				if len(arg.Vals) > 0 {
					trained, err = strconv.Atoi(arg.Vals[0])
					require.NoError(t, err)
				}
				for i := range 40 {
					require.NoError(t, o.Tally.Observe("training-coverage", measure.Observation{At: o.Now, Fact: measure.Hit(i < trained)}))
				}
			case "responses":
				for _, minutes := range arg.Vals {
					took, err := time.ParseDuration(minutes + "m")
					require.NoError(t, err)
					require.NoError(t, o.Tally.Observe("mean-first-response", measure.Observation{At: o.Now, Fact: measure.Took(took)}))
				}
			case "ratings":
				for _, n := range []int64{5, 5, 4, 4, 5, 4, 4, 5, 1, 2} {
					for range 30 {
						require.NoError(t, o.Tally.Observe("satisfaction", measure.Observation{At: o.Now, Fact: measure.Rating(decimal.NewFromInt(n))}))
					}
				}
			case "person":
				o.Class = func(h history.History) string {
					if strings.HasPrefix(h.Case, "P") {
						return "person"
					}
					return classOf(h)
				}
			case "lang":
				language = value
			case "json":
				asJSON = true
			default:
				d.Fatalf(t, "unknown argument %s", arg.Key)
			}
		}
		report, err := audit.Run(context.Background(), r, audit.Source{Cases: histories(t, d.Input)}, o)
		if err != nil {
			return err.Error() + "\n"
		}
		if asJSON {
			report.Clauses = nil
			b, err := json.MarshalIndent(report, "", " ")
			require.NoError(t, err)
			return string(b) + "\n"
		}
		return report.Text(language)
	})
}

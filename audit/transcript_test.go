package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
)

const acme = `{
  "id": "acme", "version": "1", "title": {"en": "Acme help desk", "zh": "Acme服务台"},
  "attributes": {"tier": {"ordered": true, "values": [{"id": "routine"}, {"id": "urgent"}]}},
  "settings": [{"calendars": {"": {"zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-18:00"}}, "pauses": {"resolution": ["held[reason=customer]"]}}],
  "clauses": [
    {"id": "acme/response", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "Every ticket is answered within half an hour.", "zh": "工单30分钟内响应。"}, "rule": {"metric": "first-response", "within": "30m"}},
    {"id": "acme/urgent", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "An urgent ticket is solved within 4 working hours.", "zh": "紧急工单4个工作小时内解决。"},
     "when": {"tier": "urgent"}, "rule": {"metric": "resolution", "within": "4 business hours"}},
    {"id": "acme/closure", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "A ticket is closed within three working days.", "zh": "工单3个工作日内关闭。"}, "rule": {"metric": "closure", "within": "3 working days"}},
    {"id": "acme/told", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "The customer is told the result within a day.", "zh": "1天内告知客户结果。"}, "rule": {"metric": "feedback", "within": "24h"}},
    {"id": "acme/soon", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "A ticket is dispatched soon.", "zh": "工单及时派发。"}, "rule": {"metric": "dispatch"}}
  ]
}`

// Reports of small logs, in testdata/report. The log is a table with the columns id, at, kind, tier and reason, at in Shanghai.
func TestReports(t *testing.T) {
	h, err := charter.ParseHandbook([]byte(acme))
	require.NoError(t, err)
	r, err := audit.By(h)
	require.NoError(t, err)
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	mapping := logfile.Mapping{
		Case: "id", Time: "at", Activity: "kind", Zone: shanghai,
		Attributes: []logfile.Attribute{{Column: "tier", Name: "tier"}}, Facts: []logfile.Fact{{Column: "reason", Key: "reason"}},
	}
	instant := func(t *testing.T, s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02T15:04", s, shanghai)
		require.NoError(t, err)
		return at
	}
	datadriven.RunTest(t, "testdata/report", func(t *testing.T, d *datadriven.TestData) string {
		o := audit.Options{Workers: 2}
		language, asJSON := "en", false
		source := logfile.Read(strings.NewReader(d.Input), mapping)
		for _, arg := range d.CmdArgs {
			switch value := strings.Join(arg.Vals, ","); arg.Key {
			case "now":
				o.Now = instant(t, value)
			case "window":
				o.Window = audit.Window{From: instant(t, arg.Vals[0]), To: instant(t, arg.Vals[1])}
			case "slices":
				o.Slices = arg.Vals
			case "worst":
				_, err := fmt.Sscan(value, &o.Worst)
				require.NoError(t, err)
			case "gate":
				o.Gates = append(o.Gates, audit.Gate{Clause: arg.Vals[0], AtLeast: decimal.RequireFromString(arg.Vals[1])})
			case "lang":
				language = value
			case "provides":
				for _, k := range arg.Vals {
					source.Provides = append(source.Provides, history.Kind(k))
				}
			case "strict":
				o.Strict = true
			case "json":
				asJSON = true
			default:
				d.Fatalf(t, "unknown argument %s", arg.Key)
			}
		}
		report, err := audit.Run(context.Background(), r, source, o)
		if err != nil {
			return err.Error() + "\n"
		}
		if asJSON {
			b, err := json.MarshalIndent(report, "", "  ")
			require.NoError(t, err)
			return string(b) + "\n"
		}
		return report.Text(language)
	})
}

package chartertest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/chartertest"
)

const house = `{
  "id": "house", "version": "1", "title": {"en": "House rules", "zh": "内部规则"}, "sector": "general", "zone": "Asia/Shanghai",
  "source": {"en": "Made for a test.", "zh": "测试用。"},
  "attributes": {"tier": {"en": "urgency", "zh": "紧急程度", "ordered": true, "values": [
    {"id": "routine", "en": "routine", "zh": "普通"}, {"id": "urgent", "en": "urgent", "zh": "紧急"}]}},
  "settings": [{"calendars": {"": {"zone": "Asia/Shanghai", "hours": "Mo-Fr 09:00-12:00,13:00-18:00"}},
    "pauses": {"resolution": ["held[reason=customer]"]}}],
  "clauses": [
    {"id": "house/respond", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "An urgent case has a reply within an hour.", "zh": "紧急事项一小时内答复。"},
     "when": {"tier": "urgent"}, "rule": {"metric": "first-response", "within": "1h"}},
    {"id": "house/next", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "A customer who writes again has a reply within an hour.", "zh": "客户再次来信，一小时内答复。"},
     "rule": {"metric": "next-response", "within": "1h"}},
    {"id": "house/resolve", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "A case is resolved within 8 business hours.", "zh": "八个工作小时内解决。"},
     "rule": {"metric": "resolution", "within": "8 business hours"}}
  ]}`

func handbook(t testing.TB) *charter.Handbook {
	t.Helper()
	h, err := charter.ParseHandbook([]byte(house))
	require.NoError(t, err)
	return h
}

func TestAssertionsThatHold(t *testing.T) {
	c := chartertest.Judge(t, handbook(t), `
		case T-7
		mon 09:00 open tier=urgent
		mon 09:40 reply by=agent
		mon 10:00 hold reason=customer
		mon 11:00 message by=customer, mon 11:00 resume
		mon 13:30 reply by=agent
		tue 09:30 resolve
	`, "mon 12:30")
	c.Kept("house/respond")
	c.Breached("house/next")
	c.Pending("house/resolve")
	c.Due("house/resolve", "tue 10:00")

	c.At("tue 18:00")
	c.Kept("house/resolve")
	c.Breached("house/next")
	require.Equal(t, "T-7", c.History().Case)
	require.Len(t, c.Judgement().Clocks, 3)

	c = chartertest.Judge(t, handbook(t), "mon 09:00 open", "mon 12:00")
	c.NotEvaluable("house/respond", "tier")
	c.OutOfScope("house/next")
	c = chartertest.Judge(t, handbook(t), "mon 09:00 open tier=routine", "mon 12:00")
	c.OutOfScope("house/respond")
}

// recorder is a test that notes its failures.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.failures = append(r.failures, fmt.Sprint(args...)) }

type fatal struct{ text string }

func (r *recorder) Fatal(args ...any) { panic(fatal{fmt.Sprint(args...)}) }

func TestAssertionsThatDoNotHoldExplainThemselves(t *testing.T) {
	r := &recorder{TB: t}
	c := chartertest.Judge(r, handbook(t), "mon 09:00 open tier=urgent\ntue 10:30 reply by=agent", "wed 09:00")
	for name, tc := range map[string]struct {
		try  func()
		want []string
	}{
		"kept":          {func() { c.Kept("house/respond") }, []string{"house/respond", "want kept, is breached", "An urgent case", "due 2025-03-03 10:00 Mon", "over by 24h30m"}},
		"due":           {func() { c.Due("house/resolve", "tue 09:00") }, []string{"want due tue 09:00, is due Mon 2025-03-03 18:00:00", "closed: outside business hours"}},
		"pending":       {func() { c.Pending("house/respond") }, []string{"want pending, is breached"}},
		"breached":      {func() { c.Breached("house/next") }, []string{"want breached, is out of scope: it has no clock"}},
		"due, no clock": {func() { c.Due("house/next", "tue 09:00") }, []string{"it has no clock"}},
		"not evaluable": {func() { c.NotEvaluable("house/respond", "tier") }, []string{"want not evaluable, is breached"}},
		"out of scope":  {func() { c.OutOfScope("house/respond") }, []string{"want out of scope, is breached"}},
		"no clause":     {func() { c.Kept("house/none") }, []string{"no clause of the handbook"}},
		"no clause out": {func() { c.OutOfScope("house/none") }, []string{"no such clause"}},
	} {
		r.failures = nil
		tc.try()
		require.NotEmpty(t, r.failures, name)
		for _, want := range tc.want {
			require.Contains(t, strings.Join(r.failures, "\n"), want, name)
		}
	}
}

func TestJudgeEndsTheTestWhenItCannotBegin(t *testing.T) {
	for text, now := range map[string]string{
		"mon 09:00 open": "someday", "mon 25:00 open": "mon 09:00", "mon 08:00 open": "mon 09:00 open", "mon 07:00 open": "",
	} {
		require.Panics(t, func() { chartertest.Judge(&recorder{TB: t}, handbook(t), text, now) }, "%q %q", text, now)
	}
}

func ExampleJudge() {
	// In a test, t is its *testing.T.
	var t testing.TB = new(testing.T)
	rules, err := charter.ParseHandbook([]byte(house))
	if err != nil {
		fmt.Println(err)
	}
	c := chartertest.Judge(t, rules, `
		mon 09:00 open tier=urgent
		mon 09:40 reply by=agent
	`, "mon 12:00")
	c.Kept("house/respond")
	c.Due("house/resolve", "mon 18:00")
	fmt.Println("failed:", t.Failed())
	// Output: failed: false
}

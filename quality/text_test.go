package quality_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla/calendar"
)

// Whatever has a name in English has one in Chinese, and what has none says so in both.
func TestTextsInTwoLanguages(t *testing.T) {
	for o := quality.Undecided; o <= quality.Missed; o++ {
		assert.Equal(t, o.String(), o.Text("en-GB"))
		assert.NotEqual(t, o.String(), o.Text("zh-Hans"))
	}
	assert.Equal(t, "Outcome(9)", quality.Outcome(9).Text("zh"))
	for s := quality.Owed; s <= quality.Escalated; s++ {
		assert.Equal(t, s.String(), s.Text("fr"))
		assert.NotEqual(t, s.String(), s.Text("zh"))
	}
	assert.Equal(t, "DutyState(9)", quality.DutyState(9).Text("zh"))
	for unit, want := range map[quality.Unit][2]string{
		quality.Share: {}, quality.Amount: {}, "ell": {}, quality.Percent: {"%", "%"}, quality.Score: {"", "分"},
		quality.Seconds: {" s", "秒"}, quality.Minutes: {" min", "分钟"}, quality.Hours: {" h", "小时"}, quality.Days: {" d", "天"},
	} {
		assert.Equal(t, want, [2]string{unit.Text("en"), unit.Text("zh")}, unit)
	}

	o := quality.Objective{Clause: "acme/1", Measure: "satisfaction", Bound: quality.AtLeast, Figure: decimal.New(90, 0), Unit: quality.Percent, Places: 1}
	some, err := quality.NewProportion(28, 30)
	require.NoError(t, err)
	a, err := o.Assess(some, 0.95)
	require.NoError(t, err)
	assert.Equal(t, a.String(), a.Text("en"))
	assert.Equal(t, "acme/1: satisfaction >= 90%：无法判定，30 个样本，数值 93.3%（78.7% 至 98.2%），再有 282 个样本即可判定", a.Text("zh"))
	a, err = o.Assess(quality.Proportion{}, 0.95)
	require.NoError(t, err)
	assert.Equal(t, "acme/1: satisfaction >= 90%：无法判定，0 个样本，没有数值", a.Text("zh"))
}

func TestObligationInTwoLanguages(t *testing.T) {
	d := quality.Duty{ID: "training", Cycle: quality.Quarterly(), Remind: []int{14}, Ladder: []quality.DutyRung{{Days: 3, Role: "supervisor"}}}
	li := quality.DutySubject{ID: "Li", From: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		now, done int // days after From; done 0: never
		want      string
	}{
		{1, 0, "待履行，期限 2026-07-01"},
		{80, 0, "已提醒，期限 2026-07-01"},
		{91, 0, "逾期，自 2026-07-01 起"},
		{95, 0, "已升级，自 2026-07-01 起，由 supervisor 处理"},
		{95, 30, "已履行，2026-05-01"},
		{95, 94, "已履行，2026-07-04，迟于期限"},
	} {
		var done []quality.Evidence
		if c.done > 0 {
			done = append(done, quality.Evidence{ID: "e", At: li.From.AddDate(0, 0, c.done), For: calendar.Date{Year: 2026, Month: time.April, Day: 1}})
		}
		account, err := d.Account(li, done, li.From.AddDate(0, 0, c.now))
		require.NoError(t, err)
		first := account.Obligations[0]
		assert.Equal(t, "training（Li，2026-04-01 至 2026-06-30）："+c.want, first.Text("zh"))
		assert.Equal(t, first.String(), first.Text("en"))
	}
}

func ExampleAssessment_Text() {
	o := quality.Objective{Measure: "satisfaction", Bound: quality.AtLeast, Figure: decimal.New(90, 0), Unit: quality.Percent}
	asked, _ := quality.NewProportion(193, 200)
	a, err := o.Assess(asked, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Text("en"))
	fmt.Println(a.Text("zh"))
	// Output:
	// satisfaction >= 90%: met, 97% of 200 (93% to 98%)
	// satisfaction >= 90%：达标，200 个样本，数值 97%（93% 至 98%）
}

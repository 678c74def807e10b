package quality

import (
	"fmt"
	"time"

	"github.com/servicecharter/charter/history"
)

// Text names the outcome in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (o Outcome) Text(language string) string {
	if int(o) < len(chineseOutcomes) && history.IsChinese(language) {
		return chineseOutcomes[o]
	}
	return o.String()
}

var chineseOutcomes = [...]string{Undecided: "无法判定", Met: "达标", Missed: "未达标"}

// Text names the state in the language of a BCP 47 tag; see [Outcome.Text].
func (s DutyState) Text(language string) string {
	if int(s) < len(chineseDutyStates) && history.IsChinese(language) {
		return chineseDutyStates[s]
	}
	return s.String()
}

var chineseDutyStates = [...]string{Owed: "待履行", Reminded: "已提醒", Kept: "已履行", Overdue: "逾期", Escalated: "已升级"}

// Text is what stands behind a figure in the language of a BCP 47 tag, as in "90%", "30 s" and "30秒"; nothing for shares, amounts and units that are
// none. See [Outcome.Text].
func (u Unit) Text(language string) string {
	if !history.IsChinese(language) {
		return u.suffix()
	}
	switch u {
	case Percent:
		return "%"
	case Score:
		return "分"
	case Seconds:
		return "秒"
	case Minutes:
		return "分钟"
	case Hours:
		return "小时"
	case Days:
		return "天"
	}
	return ""
}

// Text says it in one line in the language of a BCP 47 tag; see [Outcome.Text]. In English it is [Assessment.String].
func (a Assessment) Text(language string) string {
	if !history.IsChinese(language) {
		return a.String()
	}
	o, unit := a.Objective, a.Objective.Unit.Text(language)
	text := fmt.Sprintf("%s %v %s%s：%s", o.name(), o.Bound, o.figure(), unit, a.Outcome.Text(language))
	if a.Value == nil {
		return fmt.Sprintf("%s，%d 个样本，没有数值", text, a.Count)
	}
	text += fmt.Sprintf("，%d 个样本，数值 %s%s", a.Count, a.Value.StringFixed(o.Places), unit)
	if a.Interval != nil {
		text += fmt.Sprintf("（%.*f%s 至 %.*f%s）", o.Places, a.Interval.Low, unit, o.Places, a.Interval.High, unit)
	}
	if a.More != nil && *a.More > 0 {
		text += fmt.Sprintf("，再有 %d 个样本即可判定", *a.More)
	}
	return text
}

// Text says it in one line in the language of a BCP 47 tag; see [Outcome.Text]. In English it is [Obligation.String]. Dates are those of the zone of Due.
func (o Obligation) Text(language string) string {
	if !history.IsChinese(language) {
		return o.String()
	}
	text := fmt.Sprintf("%s（%s，%v 至 %v）：%s", o.Duty, o.Subject, o.First, o.Last, o.State.Text(language))
	date := func(t time.Time) string { return t.Format(time.DateOnly) }
	switch o.State {
	case Overdue, Escalated:
		text += "，自 " + date(o.Due) + " 起"
		if o.Role != "" {
			text += "，由 " + o.Role + " 处理"
		}
	case Kept:
		text += "，" + date(o.Kept)
		if o.Late {
			text += "，迟于期限"
		}
	default:
		text += "，期限 " + date(o.Due)
	}
	return text
}

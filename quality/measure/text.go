package measure

import (
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// Text is a text in English and Simplified Chinese.
type Text struct {
	EN string `json:"en,omitempty"`
	ZH string `json:"zh,omitempty"`
}

// In returns the text in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
// Where the one is missing it returns the other.
func (t Text) In(language string) string {
	if history.IsChinese(language) && t.ZH != "" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// Text is the whole definition in the language of a BCP 47 tag: a line with the name, what kind of figure it is and which way is better,
// then one each for what is counted, of what, what is left out, and to which instant a fact belongs, then the scale of the answers if it has
// one, how it is rounded, and whether it is a census.
func (m *Measure) Text(language string) string {
	heads, comma, colon := [...]string{"counted", "of", "left out", "attributed to"}, ", ", ": "
	if history.IsChinese(language) {
		heads, comma, colon = [...]string{"分子", "分母", "不计入", "归属时点"}, "，", "："
	}
	var b strings.Builder
	b.WriteString(m.Name.In(language) + colon + m.Kind.Text(language) + comma + m.Better.Text(language))
	for i, t := range [...]Text{m.Numerator, m.Denominator, m.Excluded, m.Attributed} {
		b.WriteString("\n  " + heads[i] + colon + t.In(language))
	}
	notes := make([]Text, 0, 3)
	if scale := m.Survey.Scale; scale.Levels() > 0 {
		note := Text{"scale: " + scale.String(), "量表：" + scale.String()}
		if m.Kind == Satisfied {
			from := m.Survey.Satisfied.String()
			note.EN += ", satisfied from " + from
			note.ZH += "，" + from + "分起为满意"
		}
		notes = append(notes, note)
	}
	notes = append(notes, Text{"rounding: none; shown half away from zero", "修约：不修约；显示时按绝对值四舍五入"})
	if m.Census {
		notes = append(notes, Text{"census: the facts are all there are, so without an interval", "普查：已含全部事实，不作区间估计"})
	}
	for _, note := range notes {
		b.WriteString("\n  " + note.In(language))
	}
	return b.String()
}

var kindTexts = map[Kind]string{
	Share: "占比", Satisfied: "满意占比", MeanScore: "平均得分", NetScore: "净得分", MeanTime: "平均时长", MeanAmount: "平均数额",
	Availability: "可用率", BetweenFailures: "故障间隔时间", Part: "数额占比", Each: "逐个数额",
}

// Text names the kind in the language of a BCP 47 tag: in Simplified Chinese, and for all others as [Kind.String] does.
func (k Kind) Text(language string) string {
	if name := kindTexts[k]; name != "" && history.IsChinese(language) {
		return name
	}
	return k.String()
}

// Text says in the language of a BCP 47 tag which way is better.
func (b Better) Text(language string) string {
	texts := [...]Text{
		Neither: {"neither way is better", "无优劣之分"}, Higher: {"higher is better", "越高越好"}, Lower: {"lower is better", "越低越好"},
	}
	if int(b) >= len(texts) {
		return b.String()
	}
	return texts[b].In(language)
}

// words makes words of a value of the vocabulary.
func words(value string) string { return strings.ReplaceAll(value, "_", " ") }

var channelNames = map[string]string{
	"phone": "电话", "chat": "在线客服", "web": "网站", "app": "移动应用", "mini_program": "小程序", "official_account": "公众号", "social": "社交媒体",
	"email": "电子邮件", "fax": "传真", "sms": "短信", "self_service": "自助服务", "bot": "智能机器人", "on_site": "现场", "outlet": "营业网点",
}

// length writes whole hours as people do, and any other length as Go does.
func length(d time.Duration, language string) string {
	hours := d / time.Hour
	switch {
	case d != hours*time.Hour:
		return d.String()
	case history.IsChinese(language):
		return strconv.FormatInt(int64(hours), 10) + "小时"
	case hours == 1:
		return "1 hour"
	}
	return strconv.FormatInt(int64(hours), 10) + " hours"
}

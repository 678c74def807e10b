package complaint

import (
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// Code names what a [Finding] or a [StepError] is about. Codes are a promise: none changes its meaning.
type Code string

// What can be wrong with a step.
const (
	CodeOrder   Code = "out-of-order"
	CodeField   Code = "missing-field"
	CodeRole    Code = "wrong-role"
	CodeFuture  Code = "future-entry"
	CodeClosed  Code = "already-closed"
	CodeUnknown Code = "unknown-value"
)

// Codes returns every code.
func Codes() []Code {
	return []Code{CodeOrder, CodeField, CodeRole, CodeFuture, CodeClosed, CodeUnknown}
}

// Finding is one deviation of a history from the rules. It repeats no personal data.
type Finding struct {
	Code  Code         `json:"code"`
	Index int          `json:"index"` // of the entry in History.Entries as given
	Seq   uint64       `json:"seq,omitempty"`
	Step  history.Kind `json:"step"`
	At    time.Time    `json:"at,omitzero"`
	// Field is the field or member at fault: severity, actor, at.
	Field string `json:"field,omitempty"`
	// Wants lists what would have done: the steps one of which is missing, the roles that may, the values that the field may have.
	Wants []string `json:"wants,omitempty"`
	// Clause is the clause that asks for it; empty for what holds for every complaint.
	Clause string `json:"clause,omitempty"`
	// Advised tells that a Complaint records the step all the same: the rule is advice, or Rules.Lenient has the code.
	Advised bool `json:"advised,omitempty"`
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	chinese := history.IsChinese(language)
	var b strings.Builder
	if f.Seq > 0 {
		b.WriteString(pick(chinese, "第", "entry ") + strconv.FormatUint(f.Seq, 10) + pick(chinese, "条记录：", ": "))
	}
	b.WriteString(f.say(chinese))
	if f.Clause != "" {
		b.WriteString(" [" + f.Clause + "]")
	}
	if f.Advised {
		b.WriteString(pick(chinese, "（仅提示）", " (advised)"))
	}
	return b.String()
}

func (f Finding) say(chinese bool) string {
	step, field, wants := clip(string(f.Step)), clip(f.Field), f.wants(chinese)
	if chinese {
		step = clip(f.Step.Text("zh"))
	}
	switch f.Code {
	case CodeOrder:
		if wants == "" {
			return step + pick(chinese, "：此时不能进行该步骤", " cannot be done now")
		}
		return step + pick(chinese, "之前应先有", " needs ") + wants + pick(chinese, "", " first")
	case CodeField:
		if wants == "" {
			return step + pick(chinese, "缺少字段 ", " lacks the field ") + field
		}
		return step + pick(chinese, "的字段 ", ": the field ") + field + pick(chinese, " 应为 ", " must be ") + wants
	case CodeRole:
		return step + pick(chinese, "应由以下角色进行：", " is for ") + wants
	case CodeFuture:
		return step + pick(chinese, "：", ": ") + field + pick(chinese, " 晚于当前或登记时刻", " lies in the future")
	case CodeClosed:
		return step + pick(chinese, "：投诉已经结束", ": the complaint is over")
	case CodeUnknown:
		if field == "" {
			return step + pick(chinese, "不是投诉的步骤", " is no step of a complaint")
		}
		return step + pick(chinese, "的字段 ", ": the field ") + field + pick(chinese, " 取值不在词汇表中", " has an unknown value") +
			pick(chinese && wants != "", "，应为 ", "") + pick(!chinese && wants != "", ", not ", "") + wants
	}
	return step + ": " + string(f.Code)
}

// wants joins the alternatives.
func (f Finding) wants(chinese bool) string {
	words := make([]string, len(f.Wants))
	for i, w := range f.Wants {
		if chinese && f.Code == CodeOrder {
			w = history.Kind(w).Text("zh")
		}
		words[i] = clip(w)
	}
	return strings.Join(words, pick(chinese, "或", " or "))
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// clip keeps a host's text printable and short.
func clip(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most] + "…"
	}
	if q := strconv.Quote(s); q != `"`+s+`"` {
		return q
	}
	return s
}

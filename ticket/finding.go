package ticket

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
	CodeOrder   Code = "out-of-order"   // ErrOrder
	CodeField   Code = "missing-field"  // ErrField
	CodeRole    Code = "wrong-role"     // ErrRole
	CodeOwner   Code = "no-owner"       // ErrOwner
	CodeFuture  Code = "future-entry"   // ErrFuture
	CodeClosed  Code = "already-closed" // ErrClosed
	CodeUnknown Code = "unknown-value"  // ErrUnknown
	CodeRules   Code = "unusable-rules" // ErrRules; only from Check
)

// Codes returns every code.
func Codes() []Code {
	return []Code{CodeOrder, CodeField, CodeRole, CodeOwner, CodeFuture, CodeClosed, CodeUnknown, CodeRules}
}

// Finding is one deviation of a history from the rules. It repeats neither personal data nor values of fields.
type Finding struct {
	Code  Code         `json:"code"`
	Index int          `json:"index"` // of the entry in History.Entries as given; -1 when it is about the whole
	Seq   uint64       `json:"seq,omitempty"`
	Step  history.Kind `json:"step,omitempty"`
	At    time.Time    `json:"at,omitzero"`
	// State is that of the ticket before the step.
	State State `json:"state,omitempty"`
	// Field is the field or member at fault: tier, role, at.
	Field string `json:"field,omitempty"`
	// Wants lists what would have done: the facts one of which is missing, the fields, the roles that may, the values that may be.
	Wants []string `json:"wants,omitempty"`
	// Clause is the clause that asks for it; empty for what holds for every ticket.
	Clause string `json:"clause,omitempty"`
	// Advised tells that a command would have recorded the step all the same.
	Advised bool `json:"advised,omitempty"`
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	chinese := history.IsChinese(language)
	var b strings.Builder
	if f.Seq > 0 {
		b.WriteString(pick(chinese, "第 ", "entry ") + strconv.FormatUint(f.Seq, 10) + pick(chinese, " 条记录：", ": "))
	}
	b.WriteString(f.say(chinese))
	if f.Clause != "" {
		b.WriteString(" [" + clip(f.Clause) + "]")
	}
	if f.Advised {
		b.WriteString(pick(chinese, "（仅提示）", " (advised)"))
	}
	return b.String()
}

func (f Finding) say(chinese bool) string {
	language := pick(chinese, "zh", "en")
	step := clip(f.Step.Text(language))
	wants := make([]string, len(f.Wants))
	for i, w := range f.Wants {
		if chinese && f.Code == CodeOrder {
			kind, rest, conditional := strings.Cut(w, "[")
			w = history.Kind(kind).Text(language)
			if conditional {
				w += "[" + rest
			}
		}
		wants[i] = clip(w)
	}
	list := strings.Join(wants, pick(chinese, "或", or))
	state := f.State.Text(language)
	switch f.Code {
	case CodeOrder:
		if list == "" {
			return pick(chinese, "工单"+state+"时不能"+step, step+" cannot happen while the ticket is "+state)
		}
		return pick(chinese, step+"之前应先有"+list, step+" wants "+list+" first")
	case CodeField:
		return pick(chinese, step+"缺少字段 ", step+" lacks the field ") + list
	case CodeRole:
		return pick(chinese, step+"应由以下角色进行：", step+" is for ") + list
	case CodeOwner:
		return pick(chinese, step+"：工单无首问责任人", step+": nobody answers for the ticket")
	case CodeFuture:
		return pick(chinese, step+"：时刻 "+clip(f.Field)+" 在将来", step+": "+clip(f.Field)+" lies in the future")
	case CodeClosed:
		return pick(chinese, step+"：工单"+state+"，须先重开", step+": the ticket is "+state+" and would have to be reopened")
	case CodeUnknown:
		return pick(chinese, step+"：字段 "+clip(f.Field)+" 取值应为 ", step+": the field "+clip(f.Field)+" must be ") + list
	}
	return step + pick(chinese, "：规则不可用：", "the rules cannot be used: ") + clip(f.Field)
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// clip keeps a host's text printable and short.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "..."
	}
	if q := strconv.Quote(s); len(q) != len(s)+2 {
		return q
	}
	return s
}

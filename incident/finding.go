package incident

import (
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// Code names what a [Finding] is about. Codes are a promise: none changes its meaning.
type Code string

// What Check finds. Each stands for the sentinel that a command returns.
const (
	CodeOrder     Code = "out-of-order"    // ErrOrder: another step has to come first
	CodeLate      Code = "too-late"        // ErrOrder: another step, or the same, must not have come
	CodeField     Code = "missing-field"   // ErrField
	CodeRole      Code = "wrong-role"      // ErrRole
	CodeFuture    Code = "future-entry"    // ErrFuture
	CodeClosed    Code = "already-closed"  // ErrClosed
	CodeUnknown   Code = "unknown-value"   // ErrUnknown
	CodeMalformed Code = "malformed-value" // ErrMalformed
)

// Codes returns every code.
func Codes() []Code {
	return []Code{CodeOrder, CodeLate, CodeField, CodeRole, CodeFuture, CodeClosed, CodeUnknown, CodeMalformed}
}

func (c Code) sentinel() error {
	switch c {
	case CodeField:
		return ErrField
	case CodeRole:
		return ErrRole
	case CodeFuture:
		return ErrFuture
	case CodeClosed:
		return ErrClosed
	case CodeUnknown:
		return ErrUnknown
	case CodeMalformed:
		return ErrMalformed
	default:
		return ErrOrder
	}
}

// Finding is one entry that breaks a rule. Its members mean what those of [StepError] mean. It repeats no values and no personal data.
type Finding struct {
	Code   Code         `json:"code"`
	Index  int          `json:"index"` // of the entry in History.Entries as given
	Seq    uint64       `json:"seq,omitempty"`
	Step   history.Kind `json:"step"`
	At     time.Time    `json:"at,omitzero"`
	Field  string       `json:"field,omitempty"`
	Need   string       `json:"need,omitempty"`
	Clause string       `json:"clause,omitempty"`
	// Advised tells that a command takes the step all the same: the demand is advice, or Rules.Lenient has the code.
	Advised bool `json:"advised,omitempty"`
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	chinese := history.IsChinese(language)
	s := f.Step.Text(language) + ": " + f.english()
	if chinese {
		s = f.Step.Text(language) + "：" + f.chinese()
	}
	switch {
	case f.Clause == "":
		return s
	case chinese:
		return s + "（" + f.Clause + "）"
	default:
		return s + " (" + f.Clause + ")"
	}
}

func (f Finding) english() string {
	switch f.Code {
	case CodeField:
		return "the field " + f.Need + " is missing"
	case CodeRole:
		if f.Field == KeyLead {
			return "the incident has to be led by " + f.Need
		}
		return "the actor has to be " + f.Need
	case CodeFuture:
		return f.Field + " lies in the future"
	case CodeLate:
		return "too late, after " + f.Need
	case CodeClosed:
		return "the case is over"
	case CodeUnknown:
		if f.Field == "" {
			return "no such step"
		}
		return "the value of " + f.Field + " is unknown"
	case CodeMalformed:
		return "the value of " + f.Field + " cannot be read"
	default:
		return "too early: first " + f.Need
	}
}

func (f Finding) chinese() string {
	switch f.Code {
	case CodeField:
		return "缺少字段 " + f.Need
	case CodeRole:
		if f.Field == KeyLead {
			return "应由 " + f.Need + " 指挥"
		}
		return "操作人应为 " + f.Need
	case CodeFuture:
		return f.Field + " 是未来的时间"
	case CodeLate:
		return "不得晚于" + chineseSteps(f.Need)
	case CodeClosed:
		return "个案已经结束"
	case CodeUnknown:
		if f.Field == "" {
			return "没有这一步骤"
		}
		return f.Field + " 的值不在约定之内"
	case CodeMalformed:
		return f.Field + " 的值无法识读"
	default:
		return "应先有" + chineseSteps(f.Need)
	}
}

// chineseSteps names steps such as closed|notified[audience=customers].
func chineseSteps(refs string) string {
	var words []string
	for ref := range strings.SplitSeq(refs, "|") {
		kind, field, limited := strings.Cut(ref, "[")
		word := history.Kind(kind).Text("zh")
		if limited {
			word += "[" + field
		}
		words = append(words, "“"+word+"”")
	}
	return strings.Join(words, "或")
}

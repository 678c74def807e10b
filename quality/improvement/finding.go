package improvement

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/servicecharter/charter/history"
)

// Code names what a [Finding] is about. Codes are a promise: none changes its meaning, and one that is given up is not used again.
type Code string

// What [Read] finds.
const (
	// CodeNoID: the history names no case.
	CodeNoID Code = "no-id"
	// CodeNothing: nothing has happened by now.
	CodeNothing Code = "nothing"
	// CodeNoProblem: no entry says what the problem is.
	CodeNoProblem Code = "no-problem"
	// CodeNoCause: no entry says what its cause is.
	CodeNoCause Code = "no-cause"
	// CodeNoAction: nothing was planned or done.
	CodeNoAction Code = "no-action"
	// CodeNoOwner: an action is nobody's.
	CodeNoOwner Code = "no-owner"
	// CodeNoDeadline: an action has no due date.
	CodeNoDeadline Code = "no-deadline"
	// CodeEarlyDeadline: an action was due before the problem was raised.
	CodeEarlyDeadline Code = "early-deadline"
	// CodeLateDeadline: an action was given another due date when it was overdue; the first one stands.
	CodeLateDeadline Code = "late-deadline"
	// CodeNoStep: an entry improved says nothing: no step, owner, due or effect.
	CodeNoStep Code = "no-step"
	// CodeUnknownStep: the field step has a word that is not in the table; the step was not taken.
	CodeUnknownStep Code = "unknown-step"
	// CodeOutOfOrder: a step was taken before an earlier step of the cycle, or while one is open.
	CodeOutOfOrder Code = "out-of-order"
	// CodeOpen: it was verified while something was not done, and that was not of the step act.
	CodeOpen Code = "open"
	// CodeNoVerifier: it was verified, and the entry does not say by whom.
	CodeNoVerifier Code = "no-verifier"
	// CodeUnknownEffect: the field effect has a word that is not in the table.
	CodeUnknownEffect Code = "unknown-effect"
	// CodeEarlyEffect: an effect was seen before any action was done.
	CodeEarlyEffect Code = "early-effect"
	// CodeNoHelp: it was verified, and the effect that was seen last is that it did not help.
	CodeNoHelp Code = "no-help"
	// CodeUnreadable: due is no instant, before and after are not both hits of trials, or an entry has no instant and is left out.
	CodeUnreadable Code = "unreadable"
)

// Finding is what a history does not say, or what contradicts itself.
type Finding struct {
	Code Code `json:"code"`
	// Seq is the entry concerned; 0 when it is about the whole.
	Seq uint64 `json:"seq,omitempty"`
	// Field and Value are what stands there, shortened.
	Field string `json:"field,omitempty"`
	Value string `json:"value,omitempty"`
	// Other is the entry that it disagrees with, if any.
	Other uint64 `json:"other,omitempty"`
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	pattern, entry, some := string(f.Code), "entry ", "an entry without a number"
	if history.IsChinese(language) {
		entry, some = "记录 ", "未编号的记录"
	}
	for _, m := range messages {
		if m.code == f.Code {
			pattern = m.english
			if history.IsChinese(language) {
				pattern = m.chinese
			}
		}
	}
	name := func(seq uint64) string {
		if seq == 0 {
			return some
		}
		return entry + strconv.FormatUint(seq, 10)
	}
	return strings.NewReplacer("{this}", name(f.Seq), "{other}", name(f.Other), "{field}", f.Field, "{value}", strconv.Quote(f.Value)).Replace(pattern)
}

var messages = []struct {
	code             Code
	english, chinese string
}{
	{CodeNoID, "the history names no case", "历史未写明编号"},
	{CodeNothing, "nothing has happened yet", "尚无任何记录"},
	{CodeNoProblem, "nothing says what the problem is", "未写明问题"},
	{CodeNoCause, "nothing says what the cause is", "未写明原因"},
	{CodeNoAction, "nothing was planned or done", "未制定也未采取任何措施"},
	{CodeNoOwner, "{this}: {value} is nobody's", "{this}：{value} 无责任人"},
	{CodeNoDeadline, "{this}: {value} has no due date", "{this}：{value} 无期限"},
	{CodeEarlyDeadline, "{this}: {value} was due before the problem was raised", "{this}：{value} 的期限早于问题提出"},
	{CodeLateDeadline, "{this}: {value} was overdue, and its due date stays", "{this}：{value} 已逾期，期限不变"},
	{CodeNoStep, "{this} says no step, owner, due date or effect", "{this}：未写明步骤、责任人、期限或效果"},
	{CodeUnknownStep, "{this}: {value} is no step", "{this}：{value} 不是已声明的步骤"},
	{CodeOutOfOrder, "{this}: {value} comes before its turn, see {other}", "{this}：{value} 次序颠倒，参见{other}"},
	{CodeOpen, "{this} verifies what is not done, see {other}", "{this}：验证时尚有措施未完成，参见{other}"},
	{CodeNoVerifier, "{this} does not say who verified", "{this}：未写明验证人"},
	{CodeUnknownEffect, "{this}: {value} is no effect", "{this}：{value} 不是已声明的效果"},
	{CodeEarlyEffect, "{this} sees an effect of nothing done", "{this}：所见效果先于任何已完成的措施"},
	{CodeNoHelp, "{this}: it did not help, yet {other} verified it", "{this}：措施无效，而{other}已予验证"},
	{CodeUnreadable, "{this}: {field} {value} cannot be read", "{this}：{field} {value} 无法读取"},
}

// short makes a field fit for a finding.
func short(text string) string {
	if utf8.RuneCountInString(text) > 40 {
		text = string([]rune(text)[:40]) + "…"
	}
	return text
}

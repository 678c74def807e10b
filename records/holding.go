package records

import (
	"strconv"
	"strings"

	"github.com/servicecharter/charter/history"
)

// State says how a record stands to a demand on its content.
type State string

// The states.
const (
	Elsewhere  State = "elsewhere"  // the clause does not speak of this record
	Unknown    State = "unknown"    // whether it does depends on an attribute that the record lacks
	Pending    State = "pending"    // nothing is owed yet
	Complete   State = "complete"   // the record holds what it must
	Incomplete State = "incomplete" // it does not
)

// Holding is how a record stands to a demand, and what it lacks.
type Holding struct {
	Clause string `json:"clause"`
	State  State  `json:"state"`
	// Advised: the clause recommends, so that a lack breaks nothing.
	Advised bool   `json:"advised,omitempty"`
	Lacks   []Lack `json:"lacks,omitempty"`
}

// What a record lacks.
const (
	CodeMissing    Code = "missing"      // no such entry is where it has to be
	CodeOutOfOrder Code = "out-of-order" // there is one, but not behind those that go before it
	CodeNoActor    Code = "no-actor"     // an entry names nobody
	CodeNoWords    Code = "no-words"     // no entry says any of some phrases
	CodeForbidden  Code = "forbidden"    // an entry says what it must not
)

// Lack is one thing that a record lacks.
type Lack struct {
	Code Code `json:"code"`
	// What is the demand that is not met, as [sla.Match] writes it, or the phrase.
	What string `json:"what,omitempty"`
	// Where is where a missing entry has to stand, seen from Entries.
	Where Where `json:"where,omitempty"`
	// Entries are the numbers of the entries concerned, or of those that have none the places in the order of the record, from 1; empty where it is the record as a whole.
	Entries []uint64 `json:"entries,omitempty"`
}

// String says it in English.
func (l Lack) String() string { return l.Text("en") }

// Text says it in the language of a BCP 47 tag, as [Holding.Text] does.
func (l Lack) Text(language string) string {
	texts := lackTexts[l.Code]
	if l.Code == CodeMissing {
		texts = missingTexts[l.Where]
	}
	between := ", "
	if history.IsChinese(language) {
		between = "、"
	}
	numbers := make([]string, len(l.Entries))
	for i, n := range l.Entries {
		numbers[i] = strconv.FormatUint(n, 10)
	}
	text := texts.In(language)
	if text == "" {
		return string(l.Code)
	}
	return strings.NewReplacer("{what}", l.What, "{entries}", strings.Join(numbers, between)).Replace(text)
}

var missingTexts = map[Where]Text{
	Anywhere: {"lacks {what}", "缺少{what}"},
	Before:   {"lacks {what} before entry {entries}", "第{entries}条之前缺少{what}"},
	Later:    {"lacks {what} after entry {entries}", "第{entries}条之后缺少{what}"},
	Itself:   {"entry {entries} is not {what}", "第{entries}条不符合{what}"},
}

var lackTexts = map[Code]Text{
	CodeOutOfOrder: {"{what} is too early, entry {entries}", "{what}过早，见第{entries}条"},
	CodeNoActor:    {"no actor in entry {entries}", "第{entries}条未写明操作人"},
	CodeNoWords:    {"says none of {what}", "未使用{what}"},
	CodeForbidden:  {"entry {entries} says {what}", "第{entries}条使用了{what}"},
}

// String says it in English.
func (h Holding) String() string { return h.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (h Holding) Text(language string) string {
	state, advised, between := string(h.State), " (advised)", "; "
	if history.IsChinese(language) {
		advised, between = "（建议）", "；"
		if text, ok := stateTexts[h.State]; ok {
			state = text
		}
	}
	text := h.Clause + ": " + state
	if h.Advised {
		text += advised
	}
	for _, l := range h.Lacks {
		text += between + l.Text(language)
	}
	return text
}

var stateTexts = map[State]string{Elsewhere: "不适用", Unknown: "无法判断", Pending: "尚未到期", Complete: "完整", Incomplete: "不完整"}

package measure

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/quality"
)

// Code names what a [Finding] is about. Codes are a promise: none changes its meaning.
type Code string

// What counting finds in the data.
const (
	// CodeOffScale: a rating that its scale does not have.
	CodeOffScale Code = "off-scale"
	// CodeNoRating: an entry surveyed whose score is no number.
	CodeNoRating Code = "no-rating"
	// CodeOtherScale: an entry surveyed that names another scale than the measure's. Ratings are never converted.
	CodeOtherScale Code = "other-scale"
	// CodeNegative: a length of time or an amount below zero.
	CodeNegative Code = "negative"
	// CodeUnreadable: a field that says neither yes nor no, or no length of time, or no instant.
	CodeUnreadable Code = "unreadable"
	// CodeNoQuestion: an entry surveyed whose dimension no measure of the table asks about, such as "atitude". Looked for in tables with a
	// measure of ratings.
	CodeNoQuestion Code = "no-question"
	// CodeNoChannel: a case opened by a channel whose share no measure of the table counts, such as "fone". The case still counts in the
	// denominators of the other shares. Looked for in tables with a channel share.
	CodeNoChannel Code = "no-channel"
	// CodeNoKind: a case of a kind that is none of Charter's and that no measure of the table looks for (Measure.Kinds), such as "Complaint":
	// it is in no figure of complaints. The last kind of the case is looked at. Looked for in tables with a measure of kinds.
	CodeNoKind Code = "no-kind"
	// CodeNoTopic: an inspection in the window, of a person, on a topic of which no measure of the table is, such as "dres" (Measure.Topic).
	// Looked for in tables with a measure of a topic.
	CodeNoTopic Code = "no-topic"
	// CodeUnmapped: a step or effect of an improvement whose word the table of words does not have ([Options]), such as "rolled out".
	CodeUnmapped Code = "unmapped"
	// CodeImpossible: whatever else cannot be: more hits than trials, more time down than agreed.
	CodeImpossible Code = "impossible"
)

// Codes returns every code.
func Codes() []Code {
	codes := make([]Code, len(codeTexts))
	for i, c := range codeTexts {
		codes[i] = c.code
	}
	return codes
}

var codeTexts = []struct {
	code Code
	text Text
}{
	{CodeOffScale, Text{"a score that its scale does not have", "量表中没有的得分"}},
	{CodeNoRating, Text{"a score that is no number", "得分不是数字"}},
	{CodeOtherScale, Text{"an answer on another scale than the measure's", "按其他量表作出的回答"}},
	{CodeNegative, Text{"a length of time or an amount below zero", "时长或数额为负"}},
	{CodeUnreadable, Text{"a field that cannot be read", "无法读取的字段"}},
	{CodeNoQuestion, Text{"an answer to a question that no measure asks", "没有指标提出过的问题的回答"}},
	{CodeNoChannel, Text{"a case by a channel that no measure counts", "来自未统计渠道的个案"}},
	{CodeNoKind, Text{"a case of a kind that no measure knows", "类别不为任何指标所识别的个案"}},
	{CodeNoTopic, Text{"an inspection on a topic that no measure counts", "主题未被任何指标统计的检查"}},
	{CodeUnmapped, Text{"a word without a declared meaning", "未声明含义的用语"}},
	{CodeImpossible, Text{"what cannot be", "不可能的数据"}},
}

// Text says what a finding is about, in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for
// all others. A code of nobody is named as it is.
func (c Code) Text(language string) string {
	for _, known := range codeTexts {
		if known.code == c {
			return known.text.In(language)
		}
	}
	return string(c)
}

// Finding is a fault in the data that kept facts from being counted, or from being counted where they belong.
type Finding struct {
	Code Code `json:"code"`
	// Count is how many facts it befell.
	Count uint64 `json:"count"`
	// Examples are the first of them, by case, entry and measure.
	Examples []Example `json:"examples"`
}

// Example is one fact that was not counted. It repeats the field at fault, shortened, and nothing personal.
type Example struct {
	// Measure is empty for [CodeNoQuestion], [CodeNoChannel], [CodeNoKind] and [CodeNoTopic]: it is that no measure has it.
	Measure string `json:"measure"`
	Case    string `json:"case"`
	Seq     uint64 `json:"seq,omitempty"`
	// Detail is in English, as errors are.
	Detail string `json:"detail"`
}

// String says it in one line.
func (f Finding) String() string {
	text := fmt.Sprintf("%s: %d", f.Code, f.Count)
	for _, e := range f.Examples {
		text += "; "
		if e.Measure != "" {
			text += e.Measure + ", "
		}
		text += fmt.Sprintf("case %s, entry %d: %s", e.Case, e.Seq, e.Detail)
	}
	return text
}

// maxExamples is how many examples a finding keeps.
const maxExamples = 3

type finds struct {
	count    uint64
	examples []Example
}

// add counts no further than quality.MaxCount; what others bring is checked before.
func (f *finds) add(n uint64, examples ...Example) {
	f.count = min(f.count+n, quality.MaxCount)
	f.examples = append(f.examples, examples...)
	slices.SortFunc(f.examples, func(a, b Example) int {
		return cmp.Or(strings.Compare(a.Case, b.Case), cmp.Compare(a.Seq, b.Seq), strings.Compare(a.Measure, b.Measure), strings.Compare(a.Detail, b.Detail))
	})
	if len(f.examples) > maxExamples {
		f.examples = f.examples[:maxExamples:maxExamples]
	}
}

func (f *finds) merge(o *finds) { f.add(o.count, o.examples...) }

func (t *Tally) finds(code Code) *finds {
	f := t.found[code]
	if f == nil {
		f = new(finds)
		t.found[code] = f
	}
	return f
}

func (t *Tally) finding(m *Measure, r *Record, o Observation, err error) {
	code := CodeImpossible
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		code = fault.Code
	case errors.Is(err, quality.ErrOffScale):
		code = CodeOffScale
	case errors.Is(err, quality.ErrNegative):
		code = CodeNegative
	}
	t.weigh(1)
	t.finds(code).add(1, Example{Measure: m.ID, Case: r.History.Case, Seq: o.Seq, Detail: err.Error()})
}

// Findings returns what was wrong with the data, by code. They merge as counts do.
func (t *Tally) Findings() []Finding {
	var out []Finding
	for code, f := range t.found {
		out = append(out, Finding{Code: code, Count: f.count, Examples: slices.Clone(f.examples)})
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return out
}

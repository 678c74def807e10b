package audit

import (
	"strconv"
	"strings"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
)

// Codes of findings that an audit and its sources add to those of [history.Check]. They are a promise, as those are.
const (
	// CodeAfterNow: the case has an entry later than the instant of judgement, which is not counted.
	CodeAfterNow history.Code = "after-now"
	// CodeUnmappedValue: an entry gives an attribute a value that the handbook does not declare.
	CodeUnmappedValue = history.Code(charter.CodeUnmappedValue)
	// CodeValueOfOtherKind: the value is declared for other kinds of case.
	CodeValueOfOtherKind = history.Code(charter.CodeValueOfOtherKind)
	// CodeUnmappedAttribute: an entry sets an attribute of the common vocabulary that the handbook does not declare.
	CodeUnmappedAttribute = history.Code(charter.CodeUnmappedAttribute)
	// CodeOutOfRange: an entry lies outside the years that clocks can count, so that the whole case is left out.
	CodeOutOfRange history.Code = "out-of-range"
	// CodeNoKind: nothing tells what kind of case it is, so that it is held to no lifecycle; see [Options].Conduct.
	CodeNoKind history.Code = "no-kind"

	// CodeCaseSplit: rows of a case do not stand together, so that it was judged in parts.
	CodeCaseSplit history.Code = "case-split"
	// CodeUnknownActivity: the mapping does not say what an activity of the log means; the row makes no entry.
	CodeUnknownActivity history.Code = "unknown-activity"
	// CodeUnknownWord: the mapping does not say what a word of a column means; it is passed on as it is.
	CodeUnknownWord history.Code = "unknown-word"
	// CodeNoZone: an instant has no zone and none is declared; it was read as UTC.
	CodeNoZone history.Code = "no-zone"
	// CodeTimeSkipped: a local time does not exist because the clocks were put forward over it; it was resolved as package time does.
	CodeTimeSkipped history.Code = "time-skipped"
	// CodeTimeTwice: a local time exists twice because the clocks were put back; it was resolved as package time does.
	CodeTimeTwice history.Code = "time-twice"
	// CodeTimeDiffers: a case has two different instants in a column that should have one; the first counts.
	CodeTimeDiffers history.Code = "time-differs"

	// CodeRowShape: a row has more or fewer fields than the header.
	CodeRowShape history.Code = "row-shape"
	// CodeRowSize: a row is longer than allowed.
	CodeRowSize history.Code = "row-size"
	// CodeRowQuote: a row has a quote in the wrong place, or one that is never closed.
	CodeRowQuote history.Code = "row-quote"
	// CodeRowText: a row is not text in the encoding of the log.
	CodeRowText history.Code = "row-text"
	// CodeRowTime: an instant of a row cannot be read, or is missing.
	CodeRowTime history.Code = "row-time"
	// CodeRowCase: a row names no case.
	CodeRowCase history.Code = "row-case"
	// CodeRowEntry: a row cannot be made into entries.
	CodeRowEntry history.Code = "row-entry"
)

// Finding is one fault in the data of an audit. A source reports it by yielding it as an error.
type Finding struct {
	Code history.Code `json:"code"`
	Case string       `json:"case,omitempty"`
	// Line is where it stands in the source, counted from 1; 0 when there are no lines.
	Line int `json:"line,omitempty"`
	// Column is the column, field or attribute at fault, and Value what it says, shortened.
	Column string `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
	// Detail says more, in English; it may be empty.
	Detail string `json:"detail,omitempty"`
	// Dropped tells that a row, line or case was left out for it.
	Dropped bool `json:"dropped,omitempty"`
	// Entry is the finding of [history.Check] that this one passes on.
	Entry *history.Finding `json:"entry,omitempty"`
}

// Error says it in English, with line and case.
func (f *Finding) Error() string {
	var b strings.Builder
	b.WriteString("audit: ")
	if f.Line > 0 {
		b.WriteString("line " + strconv.Itoa(f.Line) + ": ")
	}
	if f.Case != "" {
		b.WriteString("case " + strconv.Quote(f.Case) + ": ")
	}
	return b.String() + f.Text("en")
}

// Text says it in the language of a BCP 47 tag, as [history.Finding.Text] does, without line and case.
func (f *Finding) Text(language string) string {
	if f.Entry != nil {
		return f.Entry.Text(language)
	}
	w := wordsFor(language)
	text, known := w.findings[f.Code]
	if !known {
		text = string(f.Code)
	}
	if f.Column != "" {
		text += w.colon + f.Column
		if f.Value != "" {
			text += " = " + strconv.Quote(f.Value)
		}
	} else if f.Value != "" {
		text += w.colon + strconv.Quote(f.Value)
	}
	if f.Detail != "" {
		text += w.open + f.Detail + w.end
	}
	return text
}

// Clip shortens a value for a [Finding], which need not carry a field of a megabyte, and makes it valid UTF-8.
func Clip(value string) string {
	const enough = 80
	if len(value) > enough {
		value = value[:enough] + "..."
	}
	return strings.ToValidUTF8(value, "?")
}

// FindingCount is how often a fault was found, with the first examples.
type FindingCount struct {
	Code     history.Code `json:"code"`
	Count    uint64       `json:"count"`
	Examples []Finding    `json:"examples,omitempty"`
}

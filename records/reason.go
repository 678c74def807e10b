package records

import (
	"fmt"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
)

// ReasonCode names what a [Reason] is. Codes are a promise: none changes its meaning.
type ReasonCode string

// What speaks for or against disposal.
const (
	ReasonClock      ReasonCode = "clock"       // the record is empty, or the instant lies before its first entry
	ReasonHold       ReasonCode = "hold"        // a hold stands
	ReasonNoRule     ReasonCode = "no-rule"     // no rule speaks of the record
	ReasonNoFigure   ReasonCode = "no-figure"   // a floor has no figure
	ReasonNoStart    ReasonCode = "no-start"    // it is not said from when a period runs
	ReasonNotStarted ReasonCode = "not-started" // a period has not begun
	ReasonPerhaps    ReasonCode = "perhaps"     // a floor may apply: an attribute is not known
	ReasonFloor      ReasonCode = "floor"       // a floor, over or not
	ReasonCeiling    ReasonCode = "ceiling"     // a ceiling, over or not
	ReasonAgreed     ReasonCode = "agreed"      // a person agreed
	ReasonObjection  ReasonCode = "objection"   // a person objected
	ReasonReview     ReasonCode = "review"      // persons still have to agree
)

var rank = map[ReasonCode]int{
	ReasonClock: 1, ReasonHold: 2, ReasonNoRule: 3, ReasonNoFigure: 4, ReasonNoStart: 4, ReasonNotStarted: 5, ReasonPerhaps: 6, ReasonFloor: 7, ReasonCeiling: 8,
	ReasonObjection: 9, ReasonAgreed: 10, ReasonReview: 11,
}

// Reason is one ground of a decision. Which fields are set depends on the code.
type Reason struct {
	Code   ReasonCode
	Clause string
	Period Period
	Start  Start
	From   time.Time // when the period began, the hold was placed, or the person spoke
	End    time.Time // when the period is over
	Hold   string
	By     string
	Count  int // persons
}

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others. Days are those
// of the zone in which the periods are counted.
func (r Reason) Text(language string) string {
	zh := history.IsChinese(language)
	say := func(en, chinese string, args ...any) string {
		if zh {
			return fmt.Sprintf(chinese, args...)
		}
		return fmt.Sprintf(en, args...)
	}
	instant := func(t time.Time) string { return history.FormatInstant(t) }
	switch r.Code {
	case ReasonClock:
		return say("the record is empty, or its first entry lies in the future", "记录为空，或其首条记录晚于当前时间")
	case ReasonHold:
		return say("held since %s: %q", "自%s起被保全：%q", instant(r.From), clip(r.Hold))
	case ReasonNoRule:
		return say("no rule speaks of this record", "没有条款涉及该记录")
	case ReasonNoFigure:
		return say("%s states no figure; set one", "%s未写明期限，须由使用方设定", r.Clause)
	case ReasonNoStart:
		return say("%s does not say from when it counts; say it", "%s未写明起算时点，须由使用方设定", r.Clause)
	case ReasonNotStarted:
		return say("%s counts from %s, which has not happened", "%s自%s起算，但尚未发生", r.Clause, r.Start.Text(language))
	case ReasonPerhaps, ReasonFloor, ReasonCeiling:
		last := r.End.Add(-time.Nanosecond).Format(time.DateOnly)
		from := r.From.In(r.End.Location()).Format(time.DateOnly)
		period, start := r.Period.Text(language), r.Start.Text(language)
		switch r.Code {
		case ReasonCeiling:
			return say("%s: at most %s from %s (%s), until the end of %s", "%s：自%[3]s（%[4]s）起最长保存%[2]s，至%[5]s日终", r.Clause, period, start, from, last)
		case ReasonPerhaps:
			return say("%s may apply: at least %s from %s (%s), until the end of %s", "%s可能适用：自%[3]s（%[4]s）起至少保存%[2]s，至%[5]s日终", r.Clause, period, start, from, last)
		}
		return say("%s: at least %s from %s (%s), until the end of %s", "%s：自%[3]s（%[4]s）起至少保存%[2]s，至%[5]s日终", r.Clause, period, start, from, last)
	case ReasonAgreed:
		return say("%s agreed at %s", "%s于%s同意销毁", clip(r.By), instant(r.From))
	case ReasonObjection:
		return say("%s objected at %s", "%s于%s反对销毁", clip(r.By), instant(r.From))
	case ReasonReview:
		return say("%d more to agree", "尚需%d人同意", r.Count)
	}
	return string(r.Code)
}

// String says it in English.
func (r Reason) String() string { return r.Text("en") }

// String explains the decision in English.
func (d Decision) String() string { return d.Text("en") }

// Text explains the decision in the language of a BCP 47 tag: a line with what is to be done, then a line for each reason and each finding.
func (d Decision) Text(language string) string {
	zh := history.IsChinese(language)
	var b strings.Builder
	b.WriteString(d.Record)
	head := map[Action]Text{
		Keep:         {": keep", "：保存"},
		DueForReview: {": due for review", "：待复核"},
		Dispose:      {": dispose", "：应销毁"},
	}[d.Action]
	b.WriteString(head.In(language))
	limit := func(t time.Time, en, chinese string) {
		if t.IsZero() {
			return
		}
		if zh {
			fmt.Fprintf(&b, chinese, t.Format(time.RFC3339))
		} else {
			fmt.Fprintf(&b, en, t.Format(time.RFC3339))
		}
	}
	limit(d.Due, " since %s", "，自%s起")
	if d.Action == Keep {
		limit(d.Until, " until %s", "至%s")
	} else {
		limit(d.Until, ", to be gone by %s", "，最迟%s销毁")
	}
	for _, r := range d.Reasons {
		b.WriteString("\n- " + r.Text(language))
	}
	for _, f := range d.Findings {
		b.WriteString("\n! " + f.Text(language))
	}
	return b.String()
}

// Code names what a [Finding] is about. Codes are a promise: none changes its meaning.
type Code string

// What is found in a schedule, in holds and in records.
const (
	CodeConflict         Code = "conflict"          // a ceiling lies below the floor of another clause; the floor goes first
	CodeNoFigure         Code = "no-figure"         // a period without a figure
	CodeNoStart          Code = "no-start"          // it is not said from when a period runs
	CodeNoRule           Code = "no-rule"           // no rule speaks of the record
	CodeUnknownAttribute Code = "unknown-attribute" // whether a rule applies depends on an attribute that the record lacks
	CodeBadInstant       Code = "bad-instant"       // a field that should hold an instant does not
	CodeEarlyStart       Code = "early-start"       // a period begins before the first entry of the record
	CodeBadHold          Code = "bad-hold"          // a hold is malformed, and therefore holds everything
	CodeClock            Code = "clock"             // the instant lies before the record
)

// Finding is something that a person has to look at. It repeats no personal data.
type Finding struct {
	Code    Code
	Clauses []string
	Value   string // the attribute, field value, hold or class
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	text, ok := findingTexts[f.Code]
	if !ok {
		return string(f.Code)
	}
	clause := func(i int) string {
		if i < len(f.Clauses) {
			return f.Clauses[i]
		}
		return ""
	}
	return strings.NewReplacer("{clause}", clause(0), "{second}", clause(1), "{value}", fmt.Sprintf("%q", clip(f.Value))).Replace(text.In(language))
}

var findingTexts = map[Code]Text{
	CodeConflict: {
		"{clause} allows less time than {second} demands; the longer period is kept",
		"{clause}允许的期限短于{second}要求的期限，按较长者保存",
	},
	CodeNoFigure: {
		"{clause} states no figure; set one",
		"{clause}未写明期限，须由使用方设定",
	},
	CodeNoStart: {
		"{clause} does not say from when it counts; say it",
		"{clause}未写明起算时点，须由使用方设定",
	},
	CodeNoRule: {
		"no rule speaks of records of class {value} with these attributes",
		"没有条款涉及类别为{value}且具有这些属性的记录",
	},
	CodeUnknownAttribute: {
		"{clause} depends on the attribute {value}, which the record lacks",
		"{clause}取决于属性{value}，而该记录没有此属性",
	},
	CodeBadInstant: {
		"{clause}: {value} is no instant with an offset",
		"{clause}：{value}不是带时区偏移的时刻",
	},
	CodeEarlyStart: {
		"{clause} counts from {value}, before the first entry of the record; somebody has to confirm it",
		"{clause}自{value}起算，早于记录的首条，须由人工确认",
	},
	CodeBadHold: {
		"the hold {value} is malformed and holds everything until it is mended",
		"保全{value}的设定有误，修正之前一律视为保全",
	},
	CodeClock: {
		"the record is empty, or its first entry lies in the future; check the clock",
		"记录为空，或其首条记录晚于当前时间，请核对时钟",
	},
}

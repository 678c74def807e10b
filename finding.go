package charter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/servicecharter/charter/sla"
)

// Code names what a [Finding] is about. Codes are a promise: none changes its
// meaning, and one that is given up is not used again.
type Code string

// What [Handbook.Lint] finds.
const (
	// CodeNoFigure: a deadline prints no figure that binds, at most examples, or
	// an objective no bound. The host has to set one.
	CodeNoFigure Code = "no-figure"
	// CodeNoBasis: a figure does not say whether it means wall-clock or working
	// time. The host has to name one. One finding a figure, examples included.
	CodeNoBasis Code = "no-basis"
	// CodeNoTime: an escalation states no time. The host has to add one, or
	// nothing ever escalates by this clause.
	CodeNoTime Code = "no-time"
	// CodeNoStart: a clause on retention does not say from when its period runs,
	// so that every record it speaks of is kept.
	CodeNoStart Code = "no-start"
	// CodeNoCycle: a clause asks for something "regularly" and prints no
	// interval. The host has to name one, or nothing is owed by this clause.
	CodeNoCycle Code = "no-cycle"
	// CodeUnknownMeasure: a clause names a measure that is none of the standard
	// table of package quality/measure. It is for the host to bring it.
	CodeUnknownMeasure Code = "unknown-measure"
	// CodeOtherUnit: a bound is in a unit that its measure does not have.
	CodeOtherUnit Code = "other-unit"
	// CodeNoCalendar: a limit in business hours or working days has no calendar
	// to count on.
	CodeNoCalendar Code = "no-calendar"
	// CodeTwoLimits: two deadlines of one metric can hold for one case and
	// differ in limit, start or stop. Both clocks run, and the earlier governs.
	// At most 50 of them are told of one clause.
	CodeTwoLimits Code = "two-limits"
	// CodeUndeclaredAttribute: a condition or rule names an attribute that the
	// handbook does not declare.
	CodeUndeclaredAttribute Code = "undeclared-attribute"
	// CodeUndeclaredValue: likewise a value of a declared attribute.
	CodeUndeclaredValue Code = "undeclared-value"
	// CodeUndeclaredRole: a rule names a role that the handbook does not
	// declare.
	CodeUndeclaredRole Code = "undeclared-role"
	// CodeUnknownClause: a clause or attribute refers to a clause that the
	// handbook does not have.
	CodeUnknownClause Code = "unknown-clause"
	// CodeUnknownEntry: a rule, a pause or [Settings].Provides names a kind of
	// entry that is not in history.Kinds, and that the host does not have
	// either: one that rules name and Provides lists is the host's own.
	CodeUnknownEntry Code = "unknown-entry"
	// CodeStartElsewhere: a deadline counts from entries that cases of its
	// kinds do not have, such as the opening of an incident.
	CodeStartElsewhere Code = "start-elsewhere"
	// CodeNotProvided: a clause cannot be evaluated without an entry that
	// [Settings].Provides does not list.
	CodeNotProvided Code = "not-provided"
	// CodeNoHolidays: a calendar on which limits are counted has neither days
	// nor a date up to which they are published, so that its "PH off" closes on
	// no day. Calendars that never close need none.
	CodeNoHolidays Code = "no-holidays"
	// CodeNothingCovered: an escalation at a deadline covers no deadline: none
	// that it names is there, or none has a condition that implies its own.
	CodeNothingCovered Code = "nothing-covered"
)

// What [Handbook.Judge] finds in a case.
const (
	// CodeUnmappedValue: an entry gives an attribute a value that the handbook
	// does not declare, so that no clause can speak of it.
	CodeUnmappedValue Code = "unmapped-value"
	// CodeValueOfOtherKind: the value is declared for other kinds of case.
	CodeValueOfOtherKind Code = "value-of-other-kind"
	// CodeUnmappedAttribute: an entry sets an attribute of the common
	// vocabulary that the handbook does not declare.
	CodeUnmappedAttribute Code = "unmapped-attribute"
	// CodeNoPause: the case was on hold, and nothing in the handbook pauses.
	CodeNoPause Code = "no-pause"
)

// Finding is something that a person has to look at, in a handbook or in how a
// case is described in its words.
type Finding struct {
	Code Code `json:"code"`
	// Clauses are the ids of the clauses concerned: two for two limits, else
	// one or none.
	Clauses []string `json:"clauses,omitempty"`
	// Attribute is the attribute concerned, if any.
	Attribute string `json:"attribute,omitempty"`
	// Path leads to the setting concerned, as in [Difference], such as
	// settings.pauses.resolution; empty where it is a clause or an attribute.
	Path string `json:"path,omitempty"`
	// Value is the figure, value, role, entry kind, calendar or id concerned.
	Value string `json:"value,omitempty"`
	// Other is a second figure, of the second clause.
	Other string `json:"other,omitempty"`
	// Ends tell for two limits from where to where each runs, such as
	// "opened → resolved | closed".
	Ends []string `json:"ends,omitempty"`
	// Blocks tells that verdicts wait for it, for what Lint finds: a limit
	// without figure, basis, calendar or evidence, or an entry that nobody knows.
	// All else is for a person to note: two limits, an escalation without a time,
	// a word that nothing declares.
	Blocks bool `json:"blocks,omitempty"`
	// Seq is the number of the entry in the case, for what Judge finds.
	Seq uint64 `json:"seq,omitempty"`
}

// Key identifies the finding, whatever the language: equal findings of two runs
// have equal keys. With it a host can tell what an amendment brought in, or keep
// a list of what it has accepted. The number of an entry is no part of it.
func (f Finding) Key() string {
	parts := slices.Concat([]string{string(f.Code)}, f.Clauses, []string{f.Path, f.Attribute, f.Value, f.Other}, f.Ends)
	escape := strings.NewReplacer(`\`, `\\`, `|`, `\|`)
	for i, part := range parts {
		parts[i] = escape.Replace(part)
	}
	return strings.Join(parts, "|")
}

// String renders the finding in English.
func (f Finding) String() string { return f.Text("en") }

// Text renders the finding in the language of a BCP 47 tag: Simplified Chinese
// for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	pattern := findingTexts[f.Code].In(language)
	if pattern == "" {
		return string(f.Code)
	}
	get := func(i int) string {
		if i < len(f.Clauses) {
			return f.Clauses[i]
		}
		return ""
	}
	clause := cmp.Or(get(0), f.Path)
	if clause == "" {
		clause = Text{"attribute " + f.Attribute, "属性" + f.Attribute}.In(language)
	}
	value, other := f.Value, f.Other
	switch f.Code {
	case CodeNoBasis, CodeNoCalendar, CodeTwoLimits:
		value, other = figure(value, language), figure(other, language)
	}
	for i, side := range []*string{&value, &other} {
		if i < len(f.Ends) {
			*side += " [" + f.Ends[i] + "]"
		}
	}
	return strings.NewReplacer(
		"{clause}", clause, "{second}", get(1), "{attribute}", f.Attribute,
		"{value}", value, "{other}", other,
	).Replace(pattern)
}

// figure renders a limit, which may also be a promised date or none.
func figure(text, language string) string {
	if text == "" {
		return Text{"no figure", "无数值"}.In(language)
	}
	s, err := sla.ParseSpan(text)
	if err != nil {
		return text
	}
	return s.Text(language)
}

var findingTexts = map[Code]Text{
	CodeNoFigure: {
		"{clause}: prints no figure; set a limit",
		"{clause}：未写明时限数值，须由使用方设定",
	},
	CodeNoBasis: {
		"{clause}: {value} does not say whether it means wall-clock or working time; name a basis",
		"{clause}：时限{value}未说明按自然时间还是工作时间计算，须指明",
	},
	CodeNoTime: {
		"{clause}: states no time for the escalation; add one or it never takes place by itself",
		"{clause}：未写明升级时间，须补充，否则不会自动触发",
	},
	CodeNoStart: {
		"{clause}: does not say from when the period runs; say it, or every record is kept",
		"{clause}：未写明保存期限的起算时点，须补充，否则一律保存",
	},
	CodeNoCycle: {
		"{clause}: prints no interval; name one or nothing is owed by it",
		"{clause}：未写明周期，须补充，否则不产生任何职责",
	},
	CodeUnknownMeasure: {
		"{clause}: names the measure {value}, which is none of the standard table; bring it along",
		"{clause}：所指的指标{value}不在标准指标表中，须由使用方提供",
	},
	CodeOtherUnit: {
		"{clause}: bounds {other} in {value}, a unit that it does not have",
		"{clause}：以{value}为{other}设定界限，但该指标不用此单位",
	},
	CodeNoCalendar: {
		"{clause}: {value} needs the calendar {attribute}, which is not there; set the hours",
		"{clause}：时限{value}需要日历{attribute}，但尚未设定，须设定工作时间",
	},
	CodeTwoLimits: {
		"{clause}: limits the same as {second} ({value} and {other}); both clocks run and the earlier governs",
		"{clause}：与{second}就同一事项规定了不同时限（{value}与{other}），两者同时计时，先到者为准",
	},
	CodeUndeclaredAttribute: {
		"{clause}: the attribute {attribute} is not declared",
		"{clause}：属性{attribute}未声明",
	},
	CodeUndeclaredValue: {
		"{clause}: {value} is no declared value of {attribute}",
		"{clause}：{value}不是属性{attribute}已声明的取值",
	},
	CodeUndeclaredRole: {
		"{clause}: the role {value} is not declared",
		"{clause}：角色{value}未声明",
	},
	CodeUnknownClause: {
		"{clause}: refers to {value}, which is not there",
		"{clause}：引用的条款{value}不存在",
	},
	CodeUnknownEntry: {
		"{clause}: names {value}, which is no known kind of entry",
		"{clause}：所指的记录{value}不是已知类型",
	},
	CodeNotProvided: {
		"{clause}: needs {value}, which the host does not record; its verdicts are not evaluable",
		"{clause}：需要{value}记录，但使用方不作此记录，无法判定",
	},
	CodeNoHolidays: {
		"{clause}: has no holidays, so that \"PH off\" closes on no day; add days",
		"{clause}：没有节假日，“PH off”不会在任何一天停止计时，须补充日期",
	},
	CodeNoPause: {
		"the case was on hold ({value}), and nothing in the handbook pauses; every clock ran on",
		"案件曾挂起（{value}），但手册未设定任何暂停，各项时限照常计时",
	},
	CodeStartElsewhere: {
		"{clause}: counts from {value}, which its kinds of case ({other}) do not have",
		"{clause}：以{value}起算，但其适用的案件类别（{other}）没有该记录",
	},
	CodeNothingCovered: {
		"{clause}: covers no deadline",
		"{clause}：未覆盖任何时限条款",
	},
	CodeUnmappedValue: {
		"the value {value} of {attribute} is not declared in the handbook; no clause speaks of it",
		"属性{attribute}的取值{value}未在手册中声明，没有条款涉及",
	},
	CodeValueOfOtherKind: {
		"the value {value} of {attribute} is not declared for cases of kind {other}",
		"属性{attribute}的取值{value}不适用于{other}类案件",
	},
	CodeUnmappedAttribute: {
		"the attribute {attribute} ({value}) is not declared in the handbook",
		"属性{attribute}（{value}）未在手册中声明",
	},
}

package audit

import (
	"github.com/servicecharter/charter/history"
)

// words are what a report says in one language.
type words struct {
	colon, comma, open, end string

	summary     string // cases, entries, dropped, now
	noClauses   string
	none        string
	more        string
	never       string
	noValue     string
	line        string
	caseName    string
	noSuch      string
	over        string // case, line, by how much
	workingDays string
	records     string // how many
	silent      string // how many clauses
	wouldTell   string // how many more facts
	entry       string
	advised     string

	columns struct {
		clause, limit, inScope, kept, breached, pending, notEvaluable, attainment, interval, longest string
		broken, againstAdvice, measure, bound, outcome, figure, facts                                string
	}
	headings struct {
		missing, final, slice, gates, worst, findings        string
		conduct, deviations, objectives, measures, uncounted string
	}
	evidence    map[string]string
	findings    map[history.Code]string
	notMeasured map[NotMeasured]string
}

func wordsFor(language string) *words {
	if history.IsChinese(language) {
		return chinese()
	}
	return english()
}

func english() *words {
	w := &words{
		colon: ": ", comma: ", ", open: " (", end: ")",
		summary:     "%d cases, %d entries, %d rows or cases left out; judged as of %s",
		noClauses:   "no clause with a deadline",
		none:        "none",
		more:        "… %d more",
		never:       "never supplied by this source",
		noValue:     "(no value)",
		line:        "line %d",
		caseName:    "case %s",
		noSuch:      "no such clause",
		over:        "case %s%s, over by %s",
		workingDays: " wd",
		evidence:    map[string]string{"figure": "a figure: the clause prints none", "basis": "a basis: elapsed, business hours or working days"},
		findings: map[history.Code]string{
			CodeAfterNow:          "an entry lies after the instant of judgement",
			CodeUnmappedValue:     "a value that the handbook does not declare",
			CodeValueOfOtherKind:  "a value that the handbook declares for other kinds of case",
			CodeUnmappedAttribute: "an attribute that the handbook does not declare",
			CodeNoKind:            "no attribute tells the kind of the case; it is held to no lifecycle",
			CodeOutOfRange:        "an instant that no clock can count; the case is left out",
			CodeCaseSplit:         "rows of the case do not stand together",
			CodeUnknownActivity:   "an activity without a meaning in the mapping",
			CodeUnknownWord:       "a word without a meaning in the mapping",
			CodeNoZone:            "an instant without a zone, read as UTC",
			CodeTimeSkipped:       "a local time that the clocks skipped",
			CodeTimeTwice:         "a local time that came twice",
			CodeTimeDiffers:       "another instant than before for the same thing",
			CodeRowShape:          "a row with another number of fields than the header",
			CodeRowSize:           "a row that is too long",
			CodeRowQuote:          "a quote in the wrong place",
			CodeRowText:           "not text in the encoding of the log",
			CodeRowTime:           "no readable instant",
			CodeRowCase:           "a row that names no case",
			CodeRowEntry:          "cannot be made into entries",
		},
	}
	c, h := &w.columns, &w.headings
	c.clause, c.limit, c.inScope, c.kept, c.breached, c.pending = "clause", "limit", "cases", "kept", "breached", "pending"
	c.notEvaluable, c.attainment, c.interval, c.longest = "not evaluable", "attainment", "%s interval", "longest"
	h.missing, h.final, h.slice = "not evaluable for want of", "became final from %s to %s", "by %s"
	h.gates, h.worst, h.findings = "gates", "worst breaches", "findings in the data"
	englishFigures(w)
	return w
}

func chinese() *words {
	w := &words{
		colon: "：", comma: "，", open: "（", end: "）",
		summary:     "%d 件案件，%d 条记录，略去 %d 行（件）；判定时刻 %s",
		noClauses:   "没有带时限的条款",
		none:        "无",
		more:        "……另有 %d 项",
		never:       "该来源从不提供",
		noValue:     "（无取值）",
		line:        "第 %d 行",
		caseName:    "案件 %s",
		noSuch:      "没有该条款",
		over:        "案件 %s%s，超时 %s",
		workingDays: " 工作日",
		evidence:    map[string]string{"figure": "时限数值：条款未给出", "basis": "计时方式：自然时间、营业时间或工作日"},
		findings: map[history.Code]string{
			CodeAfterNow:          "记录晚于判定时刻",
			CodeUnmappedValue:     "手册未声明的取值",
			CodeValueOfOtherKind:  "手册仅为其他类别案件声明的取值",
			CodeUnmappedAttribute: "手册未声明的属性",
			CodeNoKind:            "没有说明案件类别的属性，未按任何流程检查",
			CodeOutOfRange:        "时刻超出可计时范围，该案未判定",
			CodeCaseSplit:         "同一案件的行不相邻",
			CodeUnknownActivity:   "映射中没有该活动的含义",
			CodeUnknownWord:       "映射中没有该词的含义",
			CodeNoZone:            "时刻没有时区，按 UTC 读取",
			CodeTimeSkipped:       "因拨快时钟而不存在的当地时间",
			CodeTimeTwice:         "因拨慢时钟而出现两次的当地时间",
			CodeTimeDiffers:       "同一事项出现了不同的时刻",
			CodeRowShape:          "字段数与表头不一致",
			CodeRowSize:           "行过长",
			CodeRowQuote:          "引号位置有误",
			CodeRowText:           "不是所用编码的文本",
			CodeRowTime:           "没有可读的时刻",
			CodeRowCase:           "行中没有案件编号",
			CodeRowEntry:          "无法转换为记录",
		},
	}
	c, h := &w.columns, &w.headings
	c.clause, c.limit, c.inScope, c.kept, c.breached, c.pending = "条款", "时限", "案件", "达标", "超时", "未定"
	c.notEvaluable, c.attainment, c.interval, c.longest = "无法判定", "达标率", "%s 区间", "最长"
	h.missing, h.final, h.slice = "无法判定，缺少", "自 %s 至 %s 已成定论", "按 %s 划分"
	h.gates, h.worst, h.findings = "门槛", "超时最多", "数据问题"
	chineseFigures(w)
	return w
}

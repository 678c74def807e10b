package sla

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla/calendar"
)

// String renders the explanation in English.
func (x Explanation) String() string { return x.Text("en") }

// Text renders the explanation for people, a line a segment, times in x.Zone:
// in Simplified Chinese for the BCP 47 tag "zh" and its variants, in English
// for all others. The first lines say what the limit is and how the clock
// stands. It ends with a line feed.
func (x Explanation) Text(language string) string {
	w := wordsFor(language)
	c := &x.Clock
	var b strings.Builder
	limit := c.Span.Text(language)
	if limit == "" {
		limit = w.noFigure
	}
	fmt.Fprintf(&b, w.head, c.Target, w.metric(c.Metric), limit, w.states[c.State])
	fmt.Fprintf(&b, w.start, x.instant(w, c.Start))
	b.WriteString(w.cause(x.Start))
	if !c.Due.IsZero() {
		fmt.Fprintf(&b, w.due, x.instant(w, c.Due))
		if c.Provisional {
			b.WriteString(w.provisional)
		}
	}
	if !c.Stop.IsZero() {
		fmt.Fprintf(&b, w.stop, x.instant(w, c.Stop))
		b.WriteString(w.cause(x.Stop))
	}
	if c.Missing != "" {
		fmt.Fprintf(&b, w.missing, c.Missing)
	}
	fmt.Fprintf(&b, w.used, Span{c.Elapsed, c.Span.Basis}.measure(language))
	if c.Held > 0 {
		fmt.Fprintf(&b, w.held, Span{c.Held, c.Span.Basis}.measure(language))
	}
	if !c.BreachedAt.IsZero() && c.Remaining < 0 {
		fmt.Fprintf(&b, w.over, Span{-c.Remaining, c.Span.Basis}.measure(language))
	}
	b.WriteByte('\n')
	if x.Entered != (Cause{}) {
		fmt.Fprintf(&b, w.entered, x.instant(w, x.Entered.At), w.cause(x.Entered))
	}
	if c.Open && len(x.Waits) > 0 {
		between := w.or
		if x.All {
			between = w.and
		}
		fmt.Fprintf(&b, w.waits, w.matches(x.Waits, between))
	}
	for _, s := range x.Segments {
		b.WriteString("  " + x.instant(w, s.From))
		if s.Kind != Credited {
			b.WriteString(" – " + x.instant(w, s.To))
		}
		b.WriteString("  " + x.reason(w, &s))
		if s.Used > 0 {
			b.WriteString("  " + Span{s.Used, c.Span.Basis}.measure(language))
		}
		if s.Ahead {
			b.WriteString(w.ahead)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// date prints the day on which an instant lies.
func (x *Explanation) date(t time.Time) string {
	if x.Zone != nil {
		t = t.In(x.Zone)
	}
	return t.Format(time.DateOnly)
}

// instant prints seconds and less only where there are any.
func (x *Explanation) instant(w *words, t time.Time) string {
	if x.Zone != nil {
		t = t.In(x.Zone)
	}
	layout := "2006-01-02 15:04"
	switch {
	case t.Nanosecond() != 0:
		layout += ":05.999999999"
	case t.Second() != 0:
		layout += ":05"
	}
	return t.Format(layout) + " " + w.weekdays[t.Weekday()]
}

// Text renders the span: "3 working days", or "3个工作日" for Chinese.
func (s Span) Text(language string) string {
	if !history.IsChinese(language) || s.IsZero() {
		return s.String()
	}
	switch s.Basis {
	case Unnamed:
		return chineseDuration(s.Length, "") + "（未注明口径）"
	case Business:
		return chineseDuration(s.Length, "个工作")
	case WorkingDays:
		if t := decimalText(s.Length, workingDay); t != "" {
			return t + "个工作日"
		}
		return decimalText(s.Length.Truncate(workingDay), workingDay) + "个工作日又" + chineseDuration(s.Length%workingDay, "")
	}
	return chineseDuration(s.Length, "")
}

// measure renders a measured length, which may be zero.
func (s Span) measure(language string) string {
	switch {
	case s.IsZero() && history.IsChinese(language):
		return "0"
	case s.IsZero():
		return "0s"
	case s.Basis == Unnamed:
		s.Basis = Elapsed
	case s.Basis == WorkingDays && decimalText(s.Length, workingDay) == "":
		// Hours of a working day would read as office hours; hundredths of a
		// day are near enough for people.
		days := big.NewRat(int64(s.Length), int64(workingDay)).FloatString(2)
		if history.IsChinese(language) {
			return "约" + days + "个工作日"
		}
		return "about " + days + " working days"
	case s.Basis == Business:
		// The line says already that it is counted; the odd minute needs no
		// unit of its own.
		s.Basis = Elapsed
	}
	return s.Text(language)
}

func chineseDuration(d time.Duration, kind string) string {
	var b strings.Builder
	if d < 0 {
		b.WriteString("负")
		d = -d
	}
	if h := d / time.Hour; h > 0 {
		fmt.Fprintf(&b, "%d%s小时", h, kind)
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		fmt.Fprintf(&b, "%d%s分钟", m, kind)
	}
	if s := d % time.Minute; s > 0 || d == 0 {
		fmt.Fprintf(&b, "%s%s秒", decimalText(s, time.Second), kind)
	}
	return b.String()
}

// words are the fixed texts of one language.
type words struct {
	language                                                                        string
	head, start, due, provisional, stop, missing, used, held, over, ahead, noFigure string

	states   []string
	notices  []string
	weekdays [7]string
	metrics  map[string]string
	closed   map[calendar.DayKind]string
	kinds    map[SegmentKind]string

	by, revision, bracket, colon, or, and, entered, waits string

	opened map[calendar.DayKind]string
	// A closed workday on the working-day meter.
	startDay, turnedBack string
}

func (w *words) metric(name string) string {
	if t, ok := w.metrics[name]; ok {
		return t
	}
	return name
}

// reason tells what a segment did to the clock, and why.
func (x *Explanation) reason(w *words, s *Segment) string {
	switch s.Kind {
	case Counted, Credited:
		text := w.kinds[s.Kind]
		if t := w.opened[s.Day]; t != "" {
			text += strings.ReplaceAll(t, "{name}", s.Name)
		}
		return text
	case Closed:
		if x.Clock.Span.Basis == WorkingDays && s.Day.Working() {
			if x.date(s.From) == x.date(x.Clock.Start) {
				return w.startDay
			}
			return w.turnedBack
		}
		return strings.TrimSpace(strings.ReplaceAll(w.closed[s.Day], "{name}", s.Name))
	}
	return w.kinds[s.Kind] + w.cause(s.Cause)
}

// matches names entries that are waited for, with their conditions.
func (w *words) matches(ms []Match, between string) string {
	texts := make([]string, len(ms))
	for i, m := range ms {
		texts[i] = strings.Replace(m.String(), string(m.Kind), m.Kind.Text(w.language), 1)
	}
	return strings.Join(texts, between)
}

// cause names an entry, by its number where it has one, or a revision.
func (w *words) cause(c Cause) string {
	if c.Revision != "" {
		return fmt.Sprintf(w.bracket, fmt.Sprintf(w.revision, c.Revision))
	}
	if c.Entry == "" {
		return ""
	}
	text := c.Entry.Text(w.language)
	if c.Seq > 0 {
		text = fmt.Sprintf(w.by, c.Seq, text)
	}
	if c.Reason != "" {
		text += w.colon + c.Reason
	}
	return fmt.Sprintf(w.bracket, text)
}

func wordsFor(language string) *words {
	if history.IsChinese(language) {
		return &words{
			language: "zh",
			head:     "%s：%s，时限%s —— %s\n",
			start:    "起算 %s", due: "；截止 %s", provisional: "（暂定）", stop: "；终止 %s", missing: "；缺少 %s",
			used: "；已用 %s", held: "；挂起 %s", over: "；超出 %s", ahead: "（预计）", noFigure: "未定",
			states:   []string{"等待起算", "计时中", "已暂停", "按时", "超时", "已取消", "已被取代", "无法判定"},
			notices:  []string{"预警", "超时", "升级", "期限调整", "提醒"},
			weekdays: [7]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"},
			metrics: map[string]string{
				"first-response": "首次响应", "next-response": "后续响应", "periodic-update": "定期通报", "dispatch": "分派",
				"initial-handling": "初步处理", "resolution": "解决", "closure": "办结", "feedback": "结果反馈", "follow-up": "回访",
				"acknowledgement": "确认收到", "registration": "登记", "investigation": "调查", "opinion": "处理意见", "report": "上报",
				"recovery": "恢复", "agent-work-time": "坐席工作时间", "requester-wait-time": "客户等待时间", "duty": "定期职责",
			},
			closed: map[calendar.DayKind]string{
				calendar.Workday: "非营业时段", calendar.MakeUpDay: "非营业时段（调休上班日 {name}）", calendar.SpecialDay: "非营业时段（{name}）",
				calendar.RestDay: "休息日", calendar.Holiday: "节假日 {name}", calendar.NoDay: "无此日期",
			},
			opened: map[calendar.DayKind]string{calendar.MakeUpDay: "（调休上班日 {name}）", calendar.SpecialDay: "（特殊营业日 {name}）"},
			kinds:  map[SegmentKind]string{Counted: "计时", OnHold: "挂起", Done: "已结束，后重开", NotInForce: "尚不适用", Credited: "起算当日计入", GivenBack: "重新适用前，不计"},
			by:     "记录 %d，%s", revision: "版本 %s 生效", bracket: "（%s）", colon: "：", or: " 或 ", and: " 且 ",
			entered: "自 %s 起适用%s\n", waits: "尚待 %s\n", startDay: "起算当日不计", turnedBack: "时钟回拨，不计",
		}
	}
	return &words{
		language: "en",
		head:     "%s: %s within %s — %s\n",
		start:    "from %s", due: "; due %s", provisional: " (provisional)", stop: "; ended %s", missing: "; lacks %s",
		used: "; used %s", held: "; on hold %s", over: "; over by %s", ahead: "  (ahead)", noFigure: "no printed figure",
		states:   stateNames,
		notices:  noticeNames,
		weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		closed: map[calendar.DayKind]string{
			calendar.Workday: "closed: outside business hours", calendar.MakeUpDay: "closed: outside the hours of the make-up day {name}",
			calendar.SpecialDay: "closed: outside the special hours of {name}", calendar.RestDay: "closed: rest day",
			calendar.Holiday: "closed: holiday {name}", calendar.NoDay: "closed: no such date",
		},
		opened: map[calendar.DayKind]string{calendar.MakeUpDay: " (make-up day {name})", calendar.SpecialDay: " (special hours, {name})"},
		kinds:  map[SegmentKind]string{Counted: "counted", OnHold: "on hold", Done: "done, reopened later", NotInForce: "not in force yet", Credited: "counted with the start: its day", GivenBack: "given back with its return"},
		by:     "entry %d, %s", revision: "revision %s", bracket: " (%s)", colon: ": ", or: " or ", and: " and ",
		entered: "in force from %s%s\n", waits: "waits for %s\n", startDay: "not counted: the day of the start", turnedBack: "not counted: the clock was turned back",
	}
}

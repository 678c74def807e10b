package history

import (
	"strconv"
	"strings"
	"time"
)

// Code names what a [Finding] is about. Codes are a promise: none changes its meaning, and one that is given up is not used again.
type Code string

// What [Check] finds.
const (
	// CodeEmpty: the history has no entries.
	CodeEmpty Code = "empty-history"
	// CodeNoOpening: the case has neither opened nor detected.
	CodeNoOpening Code = "no-opening"
	// CodeBeforeOpening: something happened before the case was opened or detected, whichever came first.
	CodeBeforeOpening Code = "before-opening"
	// CodeResolvedBeforeOpened: as before-opening, for resolved.
	CodeResolvedBeforeOpened Code = "resolved-before-opened"
	// CodeOpenedTwice: the case has a second opened or a second detected.
	CodeOpenedTwice Code = "opened-twice"
	// CodeTimeBackwards: an entry has a higher number than another but was recorded earlier. Entries whose Recorded is zero are
	// recorded when they happen. Where no entry is numbered, their order in the history counts.
	CodeTimeBackwards Code = "time-backwards"
	// CodeRecordedEarly: an entry was recorded before it happened.
	CodeRecordedEarly Code = "recorded-early"
	// CodeSeqTwice: two entries have the same number.
	CodeSeqTwice Code = "seq-twice"
	// CodeUnnumbered: an entry has no number while others do.
	CodeUnnumbered Code = "unnumbered"
	// CodeEntryTwice: an entry says the same as another: instant, kind, actor and all fields.
	CodeEntryTwice Code = "entry-twice"
	// CodeStopBeforeStart: a later step happened before an earlier one that the case has too: registered, accepted, dispatched, started or
	// first-handled before resolved; started before first-handled; resolved before closed; result-told before result-confirmed; declared
	// before restored; closed before archived. First entries of each kind count, and steps first taken after a reopening do not.
	CodeStopBeforeStart Code = "stop-before-start"
	// CodeHeldTwice: a case on hold was put on hold again.
	CodeHeldTwice Code = "held-twice"
	// CodeResumedWithoutHeld: a case was resumed that was not on hold.
	CodeResumedWithoutHeld Code = "resumed-without-held"
	// CodeClosedTwice: a closed case was closed again.
	CodeClosedTwice Code = "closed-twice"
	// CodeReopenedWithoutEnd: a case was reopened that had not been resolved, restored, closed, merged or cancelled.
	CodeReopenedWithoutEnd Code = "reopened-without-end"
	// CodeUnknownKind: the kind is not one of [Kinds].
	CodeUnknownKind Code = "unknown-kind"
	// CodeBadInstant: the field due or occurred is not an instant as [ParseInstant] reads it.
	CodeBadInstant Code = "bad-instant"
	// CodeAttributeTwice: an entry gives an attribute two values; rules read the first. Tags and person may have several.
	CodeAttributeTwice Code = "attribute-twice"
	// CodeUnwritable: the entry has no canonical form: it lacks At or kind, or holds something that [Entry.AppendCanonical] refuses.
	CodeUnwritable Code = "unwritable"
)

// Codes returns every code.
func Codes() []Code {
	codes := make([]Code, len(messages))
	for i, m := range messages {
		codes[i] = m.code
	}
	return codes
}

// Finding is one fault in the data of a case. It repeats no personal data.
type Finding struct {
	Code  Code      `json:"code"`
	Index int       `json:"index"` // of the entry in History.Entries as given; -1 when it is about the whole
	Seq   uint64    `json:"seq,omitempty"`
	Kind  Kind      `json:"kind,omitempty"`
	At    time.Time `json:"at,omitzero"`
	Field string    `json:"field,omitempty"` // the field or member at fault
	Value string    `json:"value,omitempty"` // what the field says, shortened
	// The entry it disagrees with, if any.
	OtherSeq  uint64    `json:"other_seq,omitempty"`
	OtherKind Kind      `json:"other_kind,omitempty"`
	OtherAt   time.Time `json:"other_at,omitzero"`
}

// String says it in English.
func (f Finding) String() string { return f.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (f Finding) Text(language string) string {
	chinese := IsChinese(language)
	pattern := string(f.Code)
	for _, m := range messages {
		if m.code == f.Code {
			pattern = m.english
			if chinese {
				pattern = m.chinese
			}
		}
	}
	return strings.NewReplacer(
		"{this}", describe(f.Seq, f.Kind, f.At, chinese),
		"{other}", describe(f.OtherSeq, f.OtherKind, f.OtherAt, chinese),
		"{kind}", string(f.Kind),
		"{field}", f.Field,
		"{value}", strconv.Quote(f.Value),
	).Replace(pattern)
}

// describe names an entry: entry 3 (resolved, 2025-03-03T01:00:00Z).
func describe(seq uint64, kind Kind, at time.Time, chinese bool) string {
	var b strings.Builder
	if chinese {
		b.WriteString("记录")
	} else {
		b.WriteString("entry")
	}
	if seq > 0 {
		b.WriteString(" " + strconv.FormatUint(seq, 10))
	}
	open, comma, end := " (", ", ", ")"
	if chinese {
		open, comma, end = "（", "，", "）"
	}
	var parts []string
	if kind != "" {
		parts = append(parts, safe(string(kind)))
	}
	if !at.IsZero() {
		parts = append(parts, FormatInstant(at))
	}
	if len(parts) > 0 {
		b.WriteString(open + strings.Join(parts, comma) + end)
	}
	return b.String()
}

var messages = []struct {
	code             Code
	english, chinese string
}{
	{CodeEmpty, "the history has no entries", "历史中没有任何记录"},
	{CodeNoOpening, "the case has neither opened nor detected", "该案既无 opened 也无 detected 记录"},
	{CodeBeforeOpening, "{this} happened before {other}, with which the case begins", "{this}早于该案起始的{other}"},
	{CodeResolvedBeforeOpened, "resolved before it began: {this} is earlier than {other}", "尚未受理即已解决：{this}早于{other}"},
	{CodeOpenedTwice, "{this} opens a case that {other} had opened", "{other}之后，{this}再次开案"},
	{CodeTimeBackwards, "time runs backwards: {this} was recorded earlier than {other}, which stands before it", "时间倒退：{this}的记录时间早于排在其前的{other}"},
	{CodeRecordedEarly, "{this} was recorded before it happened, at {value}", "{this}的记录时间 {value} 早于发生时间"},
	{CodeSeqTwice, "{this} has the number of {other}", "{this}与{other}编号相同"},
	{CodeUnnumbered, "{this} has no number, though others do", "{this}没有编号，而其他记录有编号"},
	{CodeEntryTwice, "{this} says the same as {other}", "{this}与{other}内容重复"},
	{CodeStopBeforeStart, "{this} happened before {other}, which should come first", "{this}早于本应在前的{other}"},
	{CodeHeldTwice, "{this} holds a case that {other} had put on hold", "{this}再次挂起，而{other}的挂起尚未结束"},
	{CodeResumedWithoutHeld, "{this} resumes a case that was not on hold", "{this}恢复处理，但该案并未挂起"},
	{CodeClosedTwice, "{this} closes a case that {other} had closed", "{this}再次结案，而{other}已结案"},
	{CodeReopenedWithoutEnd, "{this} reopens a case that had not ended", "{this}重开，但该案尚未结束"},
	{CodeUnknownKind, "{this}: no kind of the vocabulary", "{this}：词汇表中没有该记录类型"},
	{CodeBadInstant, "{this}: field {field} is no instant with an offset: {value}", "{this}：字段 {field} 不是带时区偏移的时刻：{value}"},
	{CodeAttributeTwice, "{this}: attribute {field} has several values, also {value}", "{this}：属性 {field} 有多个取值，另有 {value}"},
	{CodeUnwritable, "{this} cannot be written: {field}: {value}", "{this}无法写入：{field}：{value}"},
}

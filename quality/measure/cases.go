package measure

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
)

// Texts that many measures share.
func withdrawnOut() Text { return Text{"cases withdrawn or merged", "已撤回或合并的个案"} }

func atFirstEnd() Text { return Text{"the first end of the case", "个案首次结束之时"} }

// endedCases is a denominator, with what is pending.
func endedCases(pending, chinese string) Text {
	return Text{"cases that ended; " + pending, "已结束的个案；" + chinese}
}

// shares completes measures that ask for a share of something.
func shares(of Of, measures []Measure) []Measure {
	for i := range measures {
		measures[i].Of, measures[i].Kind, measures[i].Unit = of, Share, quality.Percent
	}
	return measures
}

func caseMeasures(o Options) []Measure {
	settle := o.Settle
	return append(shares(Cases, []Measure{
		{
			ID: "resolution-rate", Name: Text{"resolution rate", "问题解决率"}, Better: Higher,
			Numerator: Text{
				"those resolved or restored whose resolution stands: not reopened, disputed or found unsolved on any follow-up",
				"已解决或恢复且结果仍有效的个案：未重开，客户未提出异议，回访未发现问题仍在",
			},
			Denominator: endedCases("open ones are pending", "未结束的待定"),
			Excluded:    withdrawnOut(), Attributed: Text{"the end that stands", "仍有效的那次结束之时"},
			Observe: resolved,
		},
		{
			ID: "first-contact-resolution", Name: Text{"first-contact resolution", "首次联系解决率"}, Better: Higher,
			Numerator: Text{
				"those resolved that were never escalated, dispatched at most once, without a message of the customer since the opening, and not " +
					"reopened or disputed",
				"已解决，且未升级、至多分派一次、提出后客户未再来讯、未重开也无异议的个案",
			},
			Denominator: endedCases("those that may not have settled are pending", "尚在观察期内的待定"),
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: atFirstContact(settle),
		},
		{
			ID: "reopen-rate", Name: Text{"reopen rate", "重开率"}, Better: Lower,
			Numerator:   Text{"those reopened or disputed", "曾重开或客户提出异议的个案"},
			Denominator: endedCases("those that may not have settled are pending", "尚在观察期内的待定"),
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: reopened(settle),
		},
		{
			ID: "complaint-rate", Name: Text{"complaint rate", "投诉率"}, Better: Lower,
			Numerator:   Text{"complaints", "投诉"},
			Denominator: Text{"tickets and complaints opened", "提出的工单与投诉"},
			Excluded:    Text{"incidents, merged cases and cases whose kind is not known", "事件、已合并的个案及类别不明的个案"}, Attributed: Text{"the opening", "提出之时"},
			Kinds: []string{"ticket", "complaint"}, Observe: complained,
		},
		{
			ID: "survey-participation", Name: Text{"survey participation", "满意度调查参与率"}, Better: Higher,
			Numerator: Text{
				"those with an answer to a survey: to a question that the table asks, readable and on its scale",
				"有调查回答的个案：回答的是指标表所提的问题，可读取，且在量表之内",
			},
			Denominator: endedCases("without an answer they are pending until they settle", "没有回答的，观察期满前待定"),
			Excluded: Text{
				"cases withdrawn or merged, and those whose only answers are findings", "已撤回或合并的个案，以及仅有的回答均被列为发现项的个案",
			},
			Attributed: atFirstEnd(),
			Observe:    participated(settle),
		},
		{
			ID: "follow-up-rate", Name: Text{"follow-up rate", "回访率"}, Better: Higher,
			Numerator:   Text{"those followed up", "已回访的个案"},
			Denominator: endedCases("without a follow-up they are pending until they settle", "未回访的，观察期满前待定"),
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: followed(settle, history.FollowedUp),
		},
		{
			ID: "review-rate", Name: Text{"review rate", "复盘率"}, Better: Higher,
			Numerator:   Text{"those reviewed", "已复盘的个案"},
			Denominator: endedCases("without a review they are pending until they settle", "未复盘的，观察期满前待定"),
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: followed(settle, history.Reviewed),
		},
		{
			ID: "promise-kept", Name: Text{"promised dates kept", "承诺期限兑现率"}, Better: Higher,
			Numerator: Text{"those resolved or closed by the date last promised before that", "在结束前最后一次承诺的期限内解决或关闭的个案"},
			Denominator: Text{
				"cases with a promised date (the field due of opened or planned); open ones are pending until it passes",
				"有承诺期限的个案（提出或制定方案时的 due 字段）；未结束的，到期前待定",
			},
			Excluded:   withdrawnOut(),
			Attributed: Text{"the end, or the promised date when it passed before", "结束之时；承诺期限先到的，以期限为准"},
			Observe:    promised,
		},
		{
			ID: "assignment-accuracy", Name: Text{"assignment accuracy", "派单准确率"}, Better: Higher,
			Numerator:   Text{"those dispatched once only and resolved", "只分派一次即解决的个案"},
			Denominator: Text{"cases that ended and were dispatched; open ones are pending", "已结束且经分派的个案；未结束的待定"},
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: assigned,
		},
		{
			ID: "classification-accuracy", Name: Text{"classification accuracy", "分类准确率"}, Better: Higher,
			Numerator:   Text{"those never classified again with the basis correction", "从未以更正为由重新分类的个案"},
			Denominator: Text{"cases that ended and were classified; open ones are pending", "已结束且经分类的个案；未结束的待定"},
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: classified,
		},
		{
			ID: "record-completeness", Name: Text{"completeness of records", "记录完整率"}, Better: Higher,
			Numerator: Text{
				"those with an entry of the work (started, first-handled, dispatched or investigated), a resolution that states its result, and a word " +
					"of the customer (surveyed, followed-up, result-confirmed)",
				"记有处理过程（开始处理、初步处理、分派或调查）、写明结果的解决记录以及客户意见（调查、回访或结果确认）的个案",
			},
			Denominator: endedCases("open ones are pending", "未结束的待定"),
			Excluded:    withdrawnOut(), Attributed: atFirstEnd(),
			Observe: recorded,
		},
		{
			ID: "security-incident-share", Name: Text{"share of security incidents", "安全事件占比"}, Better: Lower,
			Numerator:   Text{"those of the class security", "安全类事件"},
			Denominator: Text{"incidents detected", "发现的事件"},
			Excluded:    Text{"incidents whose class is not known", "类别不明的事件"}, Attributed: Text{"the detection", "发现之时"},
			Observe: secure,
		},
	}),
		attainment("response-attainment", Text{"first responses in time", "首次响应达标率"},
			func(c *sla.Clock) bool { return c.Metric == "first-response" }),
		attainment("resolution-attainment", Text{"resolutions in time", "处理时限达标率"},
			func(c *sla.Clock) bool { return c.Metric == "resolution" }),
	)
}

// Attainment returns the share of cases that kept a target, by the target's id (of a handbook's clause): attainment/TARGET.
func Attainment(target string, name Text) Measure {
	return attainment("attainment/"+target, name, func(c *sla.Clock) bool { return c.Target == target })
}

func attainment(id string, name Text, mine func(*sla.Clock) bool) Measure {
	return shares(Cases, []Measure{{
		ID: id, Name: name, Better: Higher,
		Numerator:   Text{"those that kept it every time", "每次都达标的个案"},
		Denominator: Text{"cases whose clocks have ended or are breached; running ones are pending", "计时已结束或已超时的个案；计时中的待定"},
		Excluded:    Text{"cases in which nothing was owed or that cannot be judged", "没有应履行时限或无法判定的个案"},
		Attributed:  Text{"the instant at which it was decided", "得出结论之时"},
		Observe:     func(r *Record, emit func(Observation)) { attained(r, mine, emit) },
	}})[0]
}

// attained counts a case once, as package audit does: as breached if it was ever breached, else as excluded if a clock cannot be judged, else as
// pending while a clock runs, else as kept.
func attained(r *Record, mine func(*sla.Clock) bool, emit func(Observation)) {
	var at time.Time
	var broken, kept, runs, unknown, any bool
	for i := range r.Clocks {
		c := &r.Clocks[i]
		if !mine(c) {
			continue
		}
		any = true
		switch c.Verdict() {
		case sla.Broken:
			if !broken || c.BreachedAt.Before(at) {
				at = c.BreachedAt
			}
			broken = true
		case sla.Kept:
			if !broken && c.Stop.After(at) {
				at = c.Stop
			}
			kept = true
		case sla.Pending:
			runs = true
		case sla.Unknown:
			unknown = true
		}
	}
	if !any || len(r.entries) == 0 {
		return
	}
	opened := r.entries[max(r.began, 0)].At
	switch {
	case broken:
		emit(r.on(at, Hit(false)))
	case unknown:
		emit(r.on(opened, Excluded()))
	case runs:
		emit(r.on(opened, Pending()))
	case kept:
		emit(r.on(at, Hit(true)))
	default:
		emit(r.on(opened, Excluded()))
	}
}

// ended answers for cases that are withdrawn, or have not ended, and tells whether it did.
func ended(r *Record, emit func(Observation)) bool {
	switch {
	case r.began < 0:
		return false
	case r.withdrawn >= 0:
		emit(r.at(r.withdrawn, Excluded()))
		return false
	case r.first < 0:
		emit(r.at(r.began, Pending()))
		return false
	}
	return true
}

// settles tells whether a case has had the time to be reopened or answered.
func settles(r *Record, settle time.Duration) bool {
	return !r.Now.Before(r.entries[r.first].At.Add(settle))
}

// soon tells whether an entry lies within that time; without one, every entry does.
func soon(r *Record, i int, settle time.Duration) bool {
	return i >= 0 && (settle == 0 || !r.entries[i].At.After(r.entries[r.first].At.Add(settle)))
}

func resolved(r *Record, emit func(Observation)) {
	switch {
	case r.began < 0:
	case r.withdrawn >= 0:
		emit(r.at(r.withdrawn, Excluded()))
	case r.end < 0:
		emit(r.at(r.began, Pending()))
	default:
		solved := r.settled >= 0
		for i := r.end + 1; i < len(r.entries); i++ {
			if e := &r.entries[i]; e.Kind == history.FollowedUp {
				if yes, known := says(e, "solved"); known {
					solved = solved && yes
				}
			}
		}
		emit(r.at(r.end, Hit(solved)))
	}
}

func atFirstContact(settle time.Duration) func(*Record, func(Observation)) {
	return func(r *Record, emit func(Observation)) {
		if !ended(r, emit) {
			return
		}
		hit := r.entries[r.first].Kind != history.Closed
		dispatched := 0
		for i := r.began + 1; i < len(r.entries); i++ {
			e := &r.entries[i]
			if i > r.first && !soon(r, i, settle) {
				break
			}
			switch e.Kind {
			case history.Escalated, history.Reopened:
				hit = false
			case history.Dispatched:
				dispatched++
			case history.Messaged:
				hit = hit && e.Actor.Role != history.RoleCustomer
			case history.ResultConfirmed:
				hit = hit && !e.Fields.Has(history.KeyAnswer, "disputed")
			}
		}
		hit = hit && dispatched <= 1
		if hit && !settles(r, settle) {
			emit(r.at(r.first, Pending()))
			return
		}
		emit(r.at(r.first, Hit(hit)))
	}
}

func reopened(settle time.Duration) func(*Record, func(Observation)) {
	return func(r *Record, emit func(Observation)) {
		if !ended(r, emit) {
			return
		}
		hit := soon(r, r.undone, settle)
		if !hit && !settles(r, settle) {
			emit(r.at(r.first, Pending()))
			return
		}
		emit(r.at(r.first, Hit(hit)))
	}
}

func complained(r *Record, emit func(Observation)) {
	if r.began < 0 {
		return
	}
	kind, _ := r.attribute(history.KeyKind)
	merged := r.withdrawn >= 0 && r.entries[r.withdrawn].Kind == history.Merged
	if merged || kind != "ticket" && kind != "complaint" {
		emit(r.at(r.began, Excluded()))
		return
	}
	emit(r.at(r.began, Hit(kind == "complaint")))
}

func participated(settle time.Duration) func(*Record, func(Observation)) {
	return func(r *Record, emit func(Observation)) {
		if !ended(r, emit) {
			return
		}
		doubtful := false
		for i := range r.entries {
			e := &r.entries[i]
			if e.Kind != history.Surveyed || i > r.first && !soon(r, i, settle) {
				continue
			}
			if slices.Contains(r.answers, i) {
				emit(r.at(r.first, Hit(true)))
				return
			}
			if _, scored := e.Fields.Get("score"); scored {
				doubtful = true
			}
		}
		if doubtful && settles(r, settle) { // something was answered, nobody knows what
			emit(r.at(r.first, Excluded()))
			return
		}
		unless(r, settle, emit)
	}
}

// unless counts a miss once the case has settled.
func unless(r *Record, settle time.Duration, emit func(Observation)) {
	if settles(r, settle) {
		emit(r.at(r.first, Hit(false)))
		return
	}
	emit(r.at(r.first, Pending()))
}

func followed(settle time.Duration, kind history.Kind) func(*Record, func(Observation)) {
	return func(r *Record, emit func(Observation)) {
		if !ended(r, emit) {
			return
		}
		if soon(r, r.index(r.first, kind), settle) {
			emit(r.at(r.first, Hit(true)))
			return
		}
		unless(r, settle, emit)
	}
}

func promised(r *Record, emit func(Observation)) {
	if r.began < 0 {
		return
	}
	at, due := -1, time.Time{}
	for i := range r.entries {
		e := &r.entries[i]
		text, has := e.Fields.Get(history.KeyDue)
		if !has || e.Kind != history.Opened && e.Kind != history.Planned || r.end >= 0 && i > r.end {
			continue
		}
		instant, err := history.ParseInstant(text)
		if err != nil {
			emit(r.at(i, Broken(CodeUnreadable, "due "+short(text))))
			continue
		}
		at, due = i, instant
	}
	switch {
	case at < 0:
	case r.withdrawn >= 0:
		emit(r.at(r.withdrawn, Excluded()))
	case r.end >= 0 && !r.entries[r.end].At.After(due):
		emit(r.at(r.end, Hit(true)))
	case r.end < 0 && !r.Now.After(due):
		emit(r.at(at, Pending()))
	default:
		emit(r.on(due, Hit(false)))
	}
}

func assigned(r *Record, emit func(Observation)) {
	n := 0
	for i := range r.entries {
		if r.entries[i].Kind == history.Dispatched {
			n++
		}
	}
	if n > 0 && ended(r, emit) {
		emit(r.at(r.first, Hit(n == 1 && r.settled >= 0)))
	}
}

func classified(r *Record, emit func(Observation)) {
	if r.index(0, history.Classified) < 0 || !ended(r, emit) {
		return
	}
	emit(r.at(r.first, Hit(!slices.ContainsFunc(r.entries, func(e history.Entry) bool {
		return e.Kind == history.Classified && e.Fields.Has("basis", "correction")
	}))))
}

func recorded(r *Record, emit func(Observation)) {
	if !ended(r, emit) {
		return
	}
	work := r.index(0, history.Started, history.FirstHandled, history.Dispatched, history.Investigated)
	word := r.index(0, history.Surveyed, history.FollowedUp, history.ResultConfirmed)
	result := slices.ContainsFunc(r.entries, func(e history.Entry) bool {
		v, _ := e.Fields.Get("result")
		return (e.Kind == history.Resolved || e.Kind == history.Restored) && v != ""
	})
	emit(r.at(r.first, Hit(work >= 0 && word >= 0 && result)))
}

func secure(r *Record, emit func(Observation)) {
	i := r.index(0, history.Detected)
	if i < 0 {
		return
	}
	class, known := r.attribute(history.KeyClass)
	if !known {
		emit(r.at(i, Excluded()))
		return
	}
	emit(r.at(i, Hit(class == "security")))
}

// ChannelShare returns the share of cases that came by a channel: channel-share/CHANNEL. The shares of a table sum to one if cases came by
// its channels only. Each case that came by another is in their denominators, so that they sum to less, and is a finding, [CodeNoChannel].
func ChannelShare(channel string) Measure {
	return shares(Cases, []Measure{{
		ID: channelShare + channel, Name: Text{"share of cases by " + words(channel), cmp.Or(channelNames[channel], channel) + "渠道占比"},
		Numerator: Text{"those that came by this channel", "经该渠道而来的个案"}, Denominator: Text{"cases opened", "提出的个案"},
		Excluded: Text{"cases whose channel is not known", "渠道不明的个案"}, Attributed: Text{"the opening", "提出之时"}, Observe: func(r *Record, emit func(Observation)) { cameBy(r, channel, emit) },
	}})[0]
}

func cameBy(r *Record, channel string, emit func(Observation)) {
	i := r.index(0, history.Opened)
	if i < 0 {
		return
	}
	c, known := r.entries[i].Fields.Get(history.KeyChannel)
	if !known {
		emit(r.at(i, Excluded()))
		return
	}
	emit(r.at(i, Hit(c == channel)))
}

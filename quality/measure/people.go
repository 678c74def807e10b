package measure

import (
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

func windowStart() Text { return Text{"the beginning of the window", "统计窗口的起点"} }

func unreadableOut() Text {
	return Text{
		"those with a training in the window whose hours cannot be read, or are too many to be true", "窗口内有培训时长无法读取、或长得不可能的人员",
	}
}

// peopleMeasures are of members of staff over a window: give the record of everybody, also of those to whom nothing happened, for they are
// in the denominators. So what they were trained is a census; what an inspection sees of them is a sample.
func peopleMeasures() []Measure {
	checks := func(id string, name Text, topic string, inspection, numerator Text, better Better, want bool) Measure {
		return shares(People, []Measure{{
			ID: id, Name: name, Better: better,
			Numerator: numerator, Denominator: inspection, Excluded: Text{"inspections without a finding", "未写明结论的检查"},
			Attributed: Text{"the inspection", "检查之时"}, Topic: topic, Observe: func(r *Record, emit func(Observation)) { inspected(r, topic, want, emit) },
		}})[0]
	}
	covered := shares(People, []Measure{{
		ID: "training-coverage", Name: Text{"training coverage", "培训覆盖率"}, Better: Higher,
		Numerator:   Text{"those trained in the window", "窗口内受过培训的人员"},
		Denominator: Text{"members of staff; untrained ones are pending while the window lasts", "全体人员；窗口未结束时，未受训的待定"},
		Excluded:    nothing(), Attributed: windowStart(), Census: true, Observe: covered,
	}})[0]
	hours := Measure{
		ID: "training-hours", Name: Text{"training hours per person", "人均培训时长"}, Kind: MeanTime, Unit: quality.Hours, Better: Higher, Of: People, Census: true,
		Numerator:   Text{"hours of training in the window", "窗口内的培训时长"},
		Denominator: Text{"members of staff, untrained ones included; all are pending while the window lasts", "全体人员，含未受训者；窗口未结束时全部待定"},
		Excluded:    unreadableOut(), Attributed: windowStart(),
		Observe: func(r *Record, emit func(Observation)) {
			total, whole := trained(r, emit)
			switch {
			case r.Now.Before(r.To):
				emit(r.windowed(Pending()))
			case !whole:
				emit(r.windowed(Excluded()))
			default:
				emit(r.windowed(Took(total)))
			}
		},
	}
	return []Measure{
		covered, hours,
		TrainingReached("80", 80*time.Hour),
		TrainingReached("20", 20*time.Hour),
		checks("dress-nonconformity", Text{"share of non-conforming dress", "着装不规范率"}, "dress",
			Text{"inspections on the topic dress with a finding", "写明结论的着装（dress）检查"}, Text{"those with the finding nonconforming", "结论为不规范（nonconforming）的检查"},
			Lower, false),
		checks("conduct-conformity", Text{"conformity of conduct", "行为规范执行率"}, "conduct",
			Text{"inspections on the topic conduct with a finding", "写明结论的行为（conduct）检查"}, Text{"those with the finding conforming", "结论为规范（conforming）的检查"}, Higher, true),
	}
}

func covered(r *Record, emit func(Observation)) {
	for i := range r.entries {
		if e := &r.entries[i]; e.Kind == history.Trained && within(r, e.At) {
			emit(r.windowed(Hit(true)))
			return
		}
	}
	if r.Now.Before(r.To) {
		emit(r.windowed(Pending()))
		return
	}
	emit(r.windowed(Hit(false)))
}

// TrainingReached returns the share of staff with at least so much training in the window: training-reached/ID. Nothing, or less, is reached
// by everybody.
func TrainingReached(id string, enough time.Duration) Measure {
	return shares(People, []Measure{{
		ID: "training-reached/" + id, Better: Higher, Census: true,
		Name:        Text{"staff trained for " + length(enough, "en"), "培训达" + length(enough, "zh") + "人员占比"},
		Numerator:   Text{"those with at least " + length(enough, "en") + " of training in the window", "窗口内培训不少于" + length(enough, "zh") + "的人员"},
		Denominator: Text{"members of staff; those below are pending while the window lasts", "全体人员；窗口未结束时，未达到的待定"},
		Excluded:    Text{unreadableOut().EN + ", unless the others suffice", unreadableOut().ZH + "；其余培训已足够的除外"},
		Attributed:  windowStart(),
		Observe: func(r *Record, emit func(Observation)) {
			switch total, whole := trained(r, func(Observation) {}); { // training-hours finds what cannot be read
			case total >= enough:
				emit(r.windowed(Hit(true)))
			case r.Now.Before(r.To):
				emit(r.windowed(Pending()))
			case !whole:
				emit(r.windowed(Excluded()))
			default:
				emit(r.windowed(Hit(false)))
			}
		},
	}})[0]
}

func within(r *Record, at time.Time) bool { return !at.Before(r.From) && at.Before(r.To) }

// trained is the training of a person in the window: the sum of the fields hours, and whether all of them could be read.
func trained(r *Record, emit func(Observation)) (total time.Duration, whole bool) {
	whole = true
	for i := range r.entries {
		e := &r.entries[i]
		if e.Kind != history.Trained || !within(r, e.At) {
			continue
		}
		text, _ := e.Fields.Get("hours")
		spent, ok := hoursOf(text)
		switch {
		case !ok:
			emit(r.at(i, Broken(CodeUnreadable, "hours "+short(text))))
			whole = false
		case spent > math.MaxInt64-total:
			emit(r.at(i, Broken(CodeImpossible, "hours "+short(text)+" make more than 292 years in one window")))
			whole = false
		default:
			total += spent
		}
	}
	return total, whole
}

// hoursOf reads the hours of one training: at most 10,000, written without an exponent.
func hoursOf(text string) (time.Duration, bool) {
	hours, ok := number(text)
	if !ok || hours.IsNegative() || hours.GreaterThan(decimal.NewFromInt(10_000)) {
		return 0, false
	}
	return time.Duration(hours.Mul(decimal.NewFromInt(int64(time.Hour))).IntPart()), true
}

func inspected(r *Record, topic string, want bool, emit func(Observation)) {
	for i := range r.entries {
		e := &r.entries[i]
		if e.Kind != history.Inspected || !within(r, e.At) || !e.Fields.Has("topic", topic) {
			continue
		}
		switch finding, _ := e.Fields.Get("finding"); finding {
		case "":
			emit(r.at(i, Excluded()))
		case "conforming", "nonconforming":
			emit(r.at(i, Hit((finding == "conforming") == want)))
		default:
			emit(r.at(i, Broken(CodeUnreadable, "finding "+short(finding))))
		}
	}
}

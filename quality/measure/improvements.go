package measure

import (
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
)

// improvementMeasures are of problems, by what package improvement reads from their histories.
func improvementMeasures(words improvement.Words) []Measure {
	of := func(observe func(*Record, improvement.Reading, func(Observation))) func(*Record, func(Observation)) {
		return func(r *Record, emit func(Observation)) {
			switch {
			case len(r.entries) == 0:
			case r.withdrawn >= 0:
				emit(r.at(r.withdrawn, Excluded()))
			default:
				observe(r, improvement.Read(r.History, words, r.Now), emit)
			}
		}
	}
	carriedOut := Text{"the last step do of what was planned", "计划内最后一个执行步骤完成之时"}
	uncarried := Text{
		"problems about which nothing was carried out yet, withdrawn or merged ones, and those with a step that the table of words does not have",
		"尚未落实任何措施的问题、已撤回或合并的问题，以及含有未声明步骤的问题",
	}
	return shares(Problems, []Measure{
		{
			ID: "rectification-rate", Name: Text{"rectification rate", "整改率"}, Better: Higher,
			Numerator: Text{"those put right: verified, by the date due if there is one", "已整改的问题：已经验证，定有期限的须在期限之内"},
			Denominator: Text{
				"problems; without that they are pending until the date due", "全部问题；尚未整改的，到期前待定",
			},
			Excluded:   Text{"withdrawn or merged ones, and those with a step that the table of words does not have", "已撤回或合并的问题，以及含有未声明步骤的问题"},
			Attributed: Text{"the verification, or the date due when it passed before", "验证之时；期限先到的，以期限为准"},
			Observe:    of(rectified),
		},
		{ // standard/7.4-improvement-mechanism and etiquette/4.2-closed-loop want loops closed, without a figure
			ID: "improvement-closure", Name: Text{"closure rate of improvements", "改进关闭率"}, Better: Higher,
			Numerator:   Text{"those closed: somebody saw that the problem is gone", "已关闭的问题：已有人验证问题消除"},
			Denominator: Text{"problems raised, open ones included", "提出的全部问题，含未关闭的"},
			Excluded:    Text{"withdrawn or merged ones, and those with a step that the table of words does not have", "已撤回或合并的问题，以及含有未声明步骤的问题"},
			Attributed:  Text{"the instant at which it was raised", "提出之时"},
			Observe:     of(closed),
		},
		{ // standard/2.4.2-track wants measures followed up, without a figure
			ID: "improvement-verified", Name: Text{"share of improvements verified", "改进验证率"}, Better: Higher,
			Numerator:   Text{"those verified", "已经验证的"},
			Denominator: Text{"problems about which something was carried out; without a verification they are pending until the last date due", "措施已落实的问题；未经验证的，最后期限前待定"},
			Excluded:    uncarried, Attributed: carriedOut,
			Observe: of(func(r *Record, read improvement.Reading, emit func(Observation)) {
				afterwards(r, read, !read.Improvement.Verified.IsZero(), emit)
			}),
		},
		{ // standard/2.3.3-effect-review, standard/2.4.2-effect-review and standard/5.4.3-implementation want effects evaluated, without a figure
			ID: "improvement-evaluated", Name: Text{"share of improvements whose effect was evaluated", "改进效果评估率"}, Better: Higher,
			Numerator:   Text{"those with an effect seen, whether it helped or not", "已评估效果的，无论是否有效"},
			Denominator: Text{"problems about which something was carried out; without an effect they are pending until the last date due", "措施已落实的问题；未评估效果的，最后期限前待定"},
			Excluded:    uncarried, Attributed: carriedOut,
			Observe: of(func(r *Record, read improvement.Reading, emit func(Observation)) {
				afterwards(r, read, read.Improvement.Effect != nil, emit)
			}),
		},
		{ // standard/2.4.2-effect-review wants measures that work; enterprise/4.3.3-baseline-review reports them, without a figure
			ID: "improvement-effective", Name: Text{"share of improvements that helped", "改进有效率"}, Better: Higher,
			Numerator:   Text{"those of which the effect seen last is that it helped", "最近一次评估认为有效的"},
			Denominator: Text{"problems with an effect seen", "已评估效果的问题"},
			Excluded:    Text{"those whose effect says neither yes nor no, and withdrawn or merged ones", "效果未写明有效与否的问题，以及已撤回或合并的问题"},
			Attributed:  Text{"the instant at which the effect was seen", "评估效果之时"},
			Observe:     of(helped),
		},
	})
}

// unmapped tells of a step that is in no table: it may have been any.
func unmapped(read improvement.Reading) (f improvement.Finding, any bool) {
	for _, f := range read.Findings {
		if f.Code == improvement.CodeUnknownStep {
			return f, true
		}
	}
	return f, false
}

// lastDue is the date by which a problem is to be put right: the last one that any entry states.
func lastDue(r *Record, emit func(Observation)) (due time.Time) {
	for i := range r.entries {
		text, has := r.entries[i].Fields.Get(history.KeyDue)
		if !has {
			continue
		}
		instant, err := history.ParseInstant(text)
		if err != nil {
			emit(r.at(i, Broken(CodeUnreadable, "due "+short(text))))
			continue
		}
		due = instant
	}
	return due
}

func rectified(r *Record, read improvement.Reading, emit func(Observation)) {
	m := &read.Improvement
	due := lastDue(r, emit)
	_, doubtful := unmapped(read)
	switch {
	case !m.Verified.IsZero() && (due.IsZero() || !m.Verified.After(due)):
		emit(r.on(m.Verified, Hit(true)))
	case doubtful && m.Verified.IsZero(): // improvement-closure finds the word
		emit(r.at(0, Excluded()))
	case !due.IsZero() && r.Now.After(due):
		emit(r.on(due, Hit(false)))
	default:
		emit(r.at(0, Pending()))
	}
}

func closed(r *Record, read improvement.Reading, emit func(Observation)) {
	for _, f := range read.Findings {
		if f.Code == improvement.CodeUnknownStep || f.Code == improvement.CodeUnknownEffect {
			o := r.at(0, Broken(CodeUnmapped, f.Field+" "+short(f.Value)))
			o.Seq = f.Seq
			emit(o)
		}
	}
	verified := !read.Improvement.Verified.IsZero()
	if _, doubtful := unmapped(read); doubtful && !verified {
		emit(r.at(0, Excluded()))
		return
	}
	emit(r.at(0, Hit(verified)))
}

// afterwards counts what is to follow once something was carried out.
func afterwards(r *Record, read improvement.Reading, followed bool, emit func(Observation)) {
	m := &read.Improvement
	_, doubtful := unmapped(read)
	switch due := m.Deadline(); {
	case read.Carried.IsZero():
		emit(r.at(0, Excluded()))
	case followed:
		emit(r.on(read.Carried, Hit(true)))
	case doubtful:
		emit(r.on(read.Carried, Excluded()))
	case !due.IsZero() && !r.Now.After(due):
		emit(r.on(read.Carried, Pending()))
	default:
		emit(r.on(read.Carried, Hit(false)))
	}
}

func helped(r *Record, read improvement.Reading, emit func(Observation)) {
	switch e := read.Improvement.Effect; {
	case e == nil:
	case e.Helped == quality.Undecided:
		emit(r.on(e.Seen, Excluded()))
	default:
		emit(r.on(e.Seen, Hit(e.Helped == quality.Met)))
	}
}

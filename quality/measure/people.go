package measure

import (
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

const (
	windowStart   = "the beginning of the window"
	unreadableOut = "those with a training in the window whose hours cannot be read, or are too many to be true"
)

// peopleMeasures are of members of staff over a window: give the record of everybody, also of those to whom nothing happened, for they are
// in the denominators.
func peopleMeasures() []Measure {
	checks := func(id string, name Name, topic, numerator string, better Better, want bool, clauses ...string) Measure {
		return shares(People, []Measure{{
			ID: id, Name: name, Better: better, Clauses: clauses,
			Numerator: numerator, Denominator: "inspections on the topic " + topic + " with a finding", Excluded: "inspections without a finding",
			Attributed: "the inspection", Observe: func(r *Record, emit func(Observation)) { inspected(r, topic, want, emit) },
		}})[0]
	}
	covered := shares(People, []Measure{{
		ID: "training-coverage", Name: Name{"training coverage", "培训覆盖率"}, Better: Higher,
		Numerator: "those trained in the window", Denominator: "members of staff; untrained ones are pending while the window lasts",
		Excluded: "none", Attributed: windowStart, Observe: covered,
		Clauses: []string{"standard/3.1-training-coverage", "etiquette/6.1-all-staff"},
	}})[0]
	hours := Measure{
		ID: "training-hours", Name: Name{"training hours per person", "人均培训时长"}, Kind: MeanTime, Unit: quality.Hours, Better: Higher, Of: People,
		Numerator:   "hours of training in the window",
		Denominator: "members of staff, untrained ones included; all are pending while the window lasts",
		Excluded:    unreadableOut, Attributed: windowStart,
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
		TrainingReached("80", 80*time.Hour, "etiquette/4.3-hours"),
		TrainingReached("20", 20*time.Hour, "norms/3.2.2-training-hours"),
		checks("dress-nonconformity", Name{"share of non-conforming dress", "着装不规范率"}, "dress", "those with the finding nonconforming",
			Lower, false, "standard/3.2-dress-target"),
		checks("conduct-conformity", Name{"conformity of conduct", "行为规范执行率"}, "conduct", "those with the finding conforming", Higher, true),
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
func TrainingReached(id string, enough time.Duration, clauses ...string) Measure {
	return shares(People, []Measure{{
		ID: "training-reached/" + id, Better: Higher, Clauses: clauses,
		Name:        Name{"staff trained for " + enough.String(), "培训达" + enough.String() + "人员占比"},
		Numerator:   "those with at least " + enough.String() + " of training in the window",
		Denominator: "members of staff; those below are pending while the window lasts", Excluded: unreadableOut + ", unless the others suffice", Attributed: windowStart,
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

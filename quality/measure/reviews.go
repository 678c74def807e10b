package measure

import (
	"math"
	"strconv"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

// reviewMeasures are shares of reviews: a person looked, and entered yes or no.
func reviewMeasures() []Measure {
	review := func(id, field string, name, numerator Text) Measure {
		return Measure{
			ID: id, Name: name, Better: Higher,
			Numerator: numerator, Denominator: Text{"reviews that say so in the field " + field, "在 " + field + " 字段中作答的复盘"},
			Excluded: Text{"reviews that do not", "未作答的复盘"}, Attributed: Text{"the review", "复盘之时"},
			Observe: func(r *Record, emit func(Observation)) {
				for i := range r.entries {
					if r.entries[i].Kind == history.Reviewed {
						check(r, i, field, emit)
					}
				}
			},
		}
	}
	return shares(Cases, []Measure{
		review("accuracy", "correct", Text{"accuracy of service content", "服务内容准确率"}, Text{"those that found the content correct and complete", "认定内容正确且完整的复盘"}),
		review("conformity", "conforming", Text{"process conformity", "流程合规率"}, Text{"those that found process, rules and conduct kept", "认定流程、制度与行为均已遵守的复盘"}),
		review("consistency", "consistent", Text{"service consistency", "服务一致性"},
			Text{"those that found process, conduct and attitude as with other staff", "认定流程、行为与态度与其他人员一致的复盘"}),
		review("plan-adequacy", "adequate", Text{"adequacy of handling plans", "处理方案合理率"}, Text{"those that found the plan reasonable and timely", "认定方案合理且及时的复盘"}),
	})
}

// check gives a hit or a miss as a field says yes or no.
func check(r *Record, i int, field string, emit func(Observation)) {
	text, has := r.entries[i].Fields.Get(field)
	if !has {
		return
	}
	yes, known := says(&r.entries[i], field)
	if !known {
		emit(r.at(i, Broken(CodeUnreadable, field+" "+short(text))))
		return
	}
	emit(r.at(i, Hit(yes)))
}

// timeMeasures are means of elapsed time; for business time see the attainment of a target, whose clock knows its calendar.
func timeMeasures() []Measure {
	// A span is the time from the first of some entries to the first of others.
	type span struct {
		id           string
		name         Text
		unit         quality.Unit
		from, to     Text
		starts, ends []history.Kind
	}
	begin := []history.Kind{history.Opened, history.Detected}
	end := []history.Kind{history.Resolved, history.Restored, history.Closed}
	var measures []Measure
	for _, s := range []span{
		{
			"mean-first-response",
			Text{"mean time to the first response", "平均首次响应时间"},
			quality.Minutes,
			Text{"the opening", "提出"},
			Text{"the first response", "首次响应"},
			begin,
			[]history.Kind{history.Responded},
		},
		{
			"mean-waiting",
			Text{"mean waiting time", "平均等待时间"},
			quality.Minutes,
			Text{"the opening", "提出"},
			Text{"the first attention (accepted, responded or started)", "首次受理、响应或开始处理"},
			begin,
			[]history.Kind{history.Accepted, history.Responded, history.Started},
		},
		{
			"mean-handling",
			Text{"mean handling time", "平均处理时间"},
			quality.Minutes,
			Text{"the acceptance or start", "受理或开始处理"},
			Text{"the first end", "首次结束"},
			[]history.Kind{history.Accepted, history.Started},
			end,
		},
		{
			"mean-resolution",
			Text{"mean time to resolution", "平均解决时间"},
			quality.Hours,
			Text{"the opening", "提出"},
			Text{"the first end", "首次结束"},
			begin, end,
		},
		{
			"mttr",
			Text{"mean time to repair", "平均修复时间"},
			quality.Hours,
			Text{"the detection", "发现"},
			Text{"the restoration", "恢复"},
			[]history.Kind{history.Detected},
			[]history.Kind{history.Restored},
		},
	} {
		measures = append(measures, Measure{
			ID: s.id, Name: s.name, Kind: MeanTime, Unit: s.unit, Better: Lower, Of: Cases,
			Numerator:   Text{"elapsed time from " + s.from.EN + " to " + s.to.EN, "从" + s.from.ZH + "到" + s.to.ZH + "的自然时间"},
			Denominator: Text{"cases that have both; others are pending until they end", "两者皆有的个案；其余的在结束前待定"},
			Excluded:    Text{"cases withdrawn or merged, and those that ended without", "已撤回或合并的个案，以及结束时仍缺其一的个案"}, Attributed: s.to,
			Observe: func(r *Record, emit func(Observation)) { lasted(r, s.starts, s.ends, emit) },
		})
	}
	return measures
}

func lasted(r *Record, starts, stops []history.Kind, emit func(Observation)) {
	start := r.index(0, starts...)
	if start < 0 {
		return
	}
	stop := r.index(0, stops...)
	switch {
	case r.withdrawn >= 0:
		emit(r.at(r.withdrawn, Excluded()))
	case stop >= 0:
		// A stop before the start is a length below zero, and refused as one.
		took := r.entries[stop].At.Sub(r.entries[start].At)
		if saturated(took) {
			emit(r.at(stop, Broken(CodeImpossible, "more than 292 years after entry "+strconv.FormatUint(r.entries[start].Seq, 10))))
			return
		}
		emit(r.at(stop, Took(took)))
	case r.first >= 0:
		emit(r.at(start, Excluded()))
	default:
		emit(r.at(start, Pending()))
	}
}

// saturated tells of a length of time that no time.Duration holds, and for which time.Time.Sub gives the longest or shortest one.
func saturated(d time.Duration) bool { return d == math.MaxInt64 || d == math.MinInt64 }

// serviceMeasures are of services over a window: give the record of every service, also of those that never failed. They are a census.
func serviceMeasures() []Measure {
	running := Measure{
		ID: "availability", Name: Text{"availability", "服务可用率"}, Kind: Availability, Unit: quality.Percent, Better: Higher, Of: Services, Census: true,
		Numerator: Text{
			"time in which the service was not down, that is, from detected (or when it occurred) to restored",
			"服务未中断的时间；中断自发现（或发生）起，至恢复止",
		},
		Denominator: Text{
			"time in the window; while it lasts, the time so far, and the window is pending too", "窗口内的时间；窗口未结束时，计至目前，窗口同时列为待定",
		}, Excluded: Text{"none; outages that overlap are one", "无；相互重叠的中断算作一次"}, Attributed: windowStart(),
		Observe: uptime,
	}
	mtbf := running
	mtbf.ID, mtbf.Name, mtbf.Kind, mtbf.Unit = "mtbf", Text{"mean time between failures", "平均故障间隔时间"}, BetweenFailures, quality.Hours
	mtbf.Denominator = Text{
		"failures that began in the window; while it lasts, those so far, and the window is pending too",
		"窗口内开始的故障次数；窗口未结束时，计至目前，窗口同时列为待定",
	}
	faults := shares(Services, []Measure{{
		ID: "fault-rate", Name: Text{"fault rate", "故障率"}, Better: Lower, Census: true,
		Numerator: Text{"those down at any time in it", "窗口内曾经中断的"}, Denominator: Text{"services and windows; those never down are pending while the window lasts", "各服务在各窗口；窗口未结束时，未曾中断的待定"},
		Excluded: nothing(), Attributed: windowStart(),
		Observe: faulty,
	}})
	return append([]Measure{running, mtbf}, faults...)
}

// outages pairs detections with restorations; a service is down while more were detected than restored.
func outages(r *Record, emit func(Observation)) (list []quality.Outage) {
	down := 0
	var from time.Time
	for i := range r.entries {
		switch e := &r.entries[i]; e.Kind {
		case history.Detected:
			at := e.At
			if text, has := e.Fields.Get(history.KeyOccurred); has {
				instant, err := history.ParseInstant(text)
				if err != nil || instant.After(at) {
					emit(r.at(i, Broken(CodeUnreadable, "occurred "+short(text))))
				} else {
					at = instant
				}
			}
			if down == 0 || at.Before(from) {
				from = at
			}
			down++
		case history.Restored:
			if down == 0 {
				continue
			}
			if down--; down == 0 {
				list = append(list, quality.Outage{From: from, To: e.At})
			}
		}
	}
	if down > 0 {
		list = append(list, quality.Outage{From: from, To: latest(r.Now, from)})
	}
	return list
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// observed is the part of the window that lies before Now; of what comes later nothing is known.
func observed(r *Record) (to time.Time, ok bool) {
	to = r.To
	if r.Now.Before(to) {
		to = r.Now
	}
	return to, to.After(r.From)
}

// windowed returns an observation of the window, sliced as of its last entry.
func (r *Record) windowed(f Fact) Observation {
	o := Observation{At: r.From, Slice: r.base(), Fact: f}
	for i := range r.entries {
		if !r.entries[i].At.Before(r.To) {
			break
		}
		o.Slice = r.slices[i]
	}
	return o
}

func uptime(r *Record, emit func(Observation)) {
	to, ok := observed(r)
	if !ok {
		emit(r.windowed(Pending()))
		return
	}
	var u quality.Uptime
	if err := u.Observe(r.From, to, outages(r, emit)...); err != nil {
		emit(r.windowed(Broken(CodeImpossible, err.Error())))
		return
	}
	down, _ := u.Down()
	emit(r.windowed(Ran(to.Sub(r.From), down, u.Count())))
	if r.Now.Before(r.To) {
		emit(r.windowed(Pending()))
	}
}

func faulty(r *Record, emit func(Observation)) {
	to, ok := observed(r)
	if !ok {
		emit(r.windowed(Pending()))
		return
	}
	for _, o := range outages(r, func(Observation) {}) { // the faults are found by availability
		if o.From.Before(to) && o.To.After(r.From) {
			emit(r.windowed(Hit(true)))
			return
		}
	}
	if r.Now.Before(r.To) { // it may yet fail
		emit(r.windowed(Pending()))
		return
	}
	emit(r.windowed(Hit(false)))
}

package measure

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/sla"
)

const (
	withdrawnOut = "cases withdrawn or merged"
	atFirstEnd   = "the first end of the case"
)

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
			ID: "resolution-rate", Name: Name{"resolution rate", "问题解决率"}, Better: Higher,
			Numerator: "those resolved or restored whose resolution stands: not reopened, disputed or found unsolved on " +
				"follow-up",
			Denominator: "cases that ended; open ones are pending",
			Excluded:    withdrawnOut, Attributed: "the end that stands",
			Observe: resolved,
			Clauses: []string{
				"etiquette/1.4-dimensions", "norms/4.2.3-spi", "enterprise/2.2-monitoring-dimensions",
				"enterprise/4.2.2-indicators", "enterprise/6-1.4-dashboard", "telecom/1.4.1-result-evaluation",
			},
		},
		{
			ID: "first-contact-resolution", Name: Name{"first-contact resolution", "首次联系解决率"}, Better: Higher,
			Numerator: "those resolved that were never escalated, dispatched at most once, without a message of the customer" +
				" since the opening, and not reopened or disputed",
			Denominator: "cases that ended; those that may not have settled are pending",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: atFirstContact(settle),
		},
		{
			ID: "reopen-rate", Name: Name{"reopen rate", "重开率"}, Better: Lower,
			Numerator:   "those reopened or disputed",
			Denominator: "cases that ended; those that may not have settled are pending",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: reopened(settle),
		},
		{
			ID: "complaint-rate", Name: Name{"complaint rate", "投诉率"}, Better: Lower,
			Numerator:   "complaints",
			Denominator: "tickets and complaints opened",
			Excluded:    "incidents, merged cases and cases whose kind is not known", Attributed: "the opening",
			Observe: complained,
			Clauses: []string{
				"etiquette/1.4-dimensions", "etiquette/1.4-complaint-rate", "etiquette/4.2-data-analysis",
				"norms/4.2.3-spi", "telecom/3.1-regular-statistics",
			},
		},
		{
			ID: "survey-participation", Name: Name{"survey participation", "满意度调查参与率"}, Better: Higher,
			Numerator:   "those with an answer to a survey: to a question that the table asks, readable and on its scale",
			Denominator: "cases that ended; without an answer they are pending until they settle",
			Excluded:    withdrawnOut + ", and those whose only answers are findings", Attributed: atFirstEnd,
			Observe: participated(settle),
		},
		{
			ID: "follow-up-rate", Name: Name{"follow-up rate", "回访率"}, Better: Higher,
			Numerator:   "those followed up",
			Denominator: "cases that ended; without a follow-up they are pending until they settle",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: followed(settle, history.FollowedUp),
			Clauses: []string{"standard/2.4.1-dimensions", "telecom/1.4.1-result-evaluation"},
		},
		{
			ID: "review-rate", Name: Name{"review rate", "复盘率"}, Better: Higher,
			Numerator:   "those reviewed",
			Denominator: "cases that ended; without a review they are pending until they settle",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: followed(settle, history.Reviewed),
			Clauses: []string{"enterprise/4.3.3-standard-review"},
		},
		{
			ID: "promise-kept", Name: Name{"promised dates kept", "承诺期限兑现率"}, Better: Higher,
			Numerator:   "those resolved or closed by the date last promised before that",
			Denominator: "cases with a promised date (the field due of opened or planned); open ones are pending until it passes",
			Excluded:    withdrawnOut, Attributed: "the end, or the promised date when it passed before",
			Observe: promised,
			Clauses: []string{"norms/2.3.3-timeliness", "norms/4.1-efficiency"},
		},
		{
			ID: "assignment-accuracy", Name: Name{"assignment accuracy", "派单准确率"}, Better: Higher,
			Numerator:   "those dispatched once only and resolved",
			Denominator: "cases that ended and were dispatched; open ones are pending",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: assigned,
			Clauses: []string{"norms/2.1.4-ticket-handling-rate"},
		},
		{
			ID: "classification-accuracy", Name: Name{"classification accuracy", "分类准确率"}, Better: Higher,
			Numerator:   "those never classified again with the basis correction",
			Denominator: "cases that ended and were classified; open ones are pending",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: classified,
			Clauses: []string{"norms/2.1.4-classification-accuracy"},
		},
		{
			ID: "record-completeness", Name: Name{"completeness of records", "记录完整率"}, Better: Higher,
			Numerator: "those with an entry of the work (started, first-handled, dispatched or investigated), a resolution " +
				"that states its result, and a word of the customer (surveyed, followed-up, result-confirmed)",
			Denominator: "cases that ended; open ones are pending",
			Excluded:    withdrawnOut, Attributed: atFirstEnd,
			Observe: recorded,
			Clauses: []string{"norms/2.2.3-record-completeness"},
		},
		{
			ID: "security-incident-share", Name: Name{"share of security incidents", "安全事件占比"}, Better: Lower,
			Numerator:   "those of the class security",
			Denominator: "incidents detected",
			Excluded:    "incidents whose class is not known", Attributed: "the detection",
			Observe: secure,
			Clauses: []string{"standard/6.1-indicators"},
		},
	}),
		attainment("response-attainment", Name{"first responses in time", "首次响应达标率"},
			func(c *sla.Clock) bool { return c.Metric == "first-response" },
			"standard/2.4.1-dimensions", "norms/2.1.4-response-timeliness", "enterprise/2.2-monitoring-dimensions"),
		attainment("resolution-attainment", Name{"resolutions in time", "处理时限达标率"},
			func(c *sla.Clock) bool { return c.Metric == "resolution" }, "norms/2.2.3-timeliness"),
	)
}

// Attainment returns the share of cases that kept a target, by the target's id (of a handbook's clause): attainment/TARGET.
func Attainment(target string, name Name, clauses ...string) Measure {
	return attainment("attainment/"+target, name, func(c *sla.Clock) bool { return c.Target == target }, clauses...)
}

func attainment(id string, name Name, mine func(*sla.Clock) bool, clauses ...string) Measure {
	return shares(Cases, []Measure{{
		ID: id, Name: name, Better: Higher,
		Numerator:   "those that kept it every time",
		Denominator: "cases whose clocks have ended or are breached; running ones are pending",
		Excluded:    "cases in which nothing was owed or that cannot be judged", Attributed: "the instant at which it was decided",
		Observe: func(r *Record, emit func(Observation)) { attained(r, mine, emit) },
		Clauses: clauses,
	}})[0]
}

// attained counts a case once: as breached if it was ever breached, else as pending while a clock runs.
func attained(r *Record, mine func(*sla.Clock) bool, emit func(Observation)) {
	var at time.Time
	var broken, kept, runs, any bool
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
		}
	}
	if !any || r.began < 0 {
		return
	}
	o := r.at(len(r.entries)-1, Excluded())
	o.Seq, o.At = 0, r.entries[r.began].At
	switch {
	case broken:
		o.Fact, o.At = Hit(false), at
	case runs:
		o.Fact = Pending()
	case kept:
		o.Fact, o.At = Hit(true), at
	}
	emit(o)
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
		o := r.at(at, Hit(false))
		o.At = due
		emit(o)
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
	m := shares(Cases, []Measure{{
		ID: channelShare + channel, Name: Name{"share of cases by " + channel, "渠道占比：" + channel},
		Numerator: "those that came by this channel", Denominator: "cases opened", Excluded: "cases whose channel is not known",
		Attributed: "the opening", Observe: func(r *Record, emit func(Observation)) { cameBy(r, channel, emit) },
	}})[0]
	if channel == "phone" {
		m.Clauses = []string{"etiquette/7.3-monitoring"}
	}
	return m
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

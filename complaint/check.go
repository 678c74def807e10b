package complaint

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/servicecharter/charter/history"
)

// Steps returns the kinds that belong to a complaint's course, besides those that rules add. The slice is the caller's.
func Steps() []history.Kind { return slices.Clone(steps) }

var steps = []history.Kind{
	history.Opened, history.Registered, history.Checked, history.Accepted, history.Classified, history.Dispatched, history.Escalated,
	history.Responded, history.Acknowledged, history.Planned, history.Started, history.FirstHandled, history.ProgressTold, history.Held,
	history.Resumed, history.Investigated, history.OpinionGiven, history.Resolved, history.Verified, history.ResultTold,
	history.ResultConfirmed, history.Surveyed, history.FollowedUp, history.Closed, history.Reopened, history.Archived, history.Reviewed,
	history.Reported, history.Merged, history.Cancelled, history.Messaged, history.Assessed, history.Improved, history.Accessed,
}

// AfterEnd returns the steps that a complaint still takes when it is closed, cancelled or merged, besides reopened. The slice is the
// caller's.
func AfterEnd() []history.Kind { return slices.Clone(afterEnd) }

var afterEnd = []history.Kind{
	history.FollowedUp, history.Surveyed, history.Reviewed, history.Reported, history.Assessed, history.Improved, history.Archived,
	history.Messaged, history.Accessed,
}

// Check holds a history to the rules and returns what deviates, in the order in which things happened; nil when nothing does. It is for
// histories that were not made by the methods of Complaint, in any order and with anything in them. It says nothing about faults that
// history.Check finds, such as numbers given twice, and passes over a desk's notices. Nil rules are DefaultRules. The history is not changed.
func Check(h history.History, r *Rules) []Finding {
	if r == nil {
		r = DefaultRules()
	}
	return deviations(h.Entries, r)
}

func deviations(entries []history.Entry, r *Rules) []Finding {
	s := newFold()
	var all []Finding
	for i, e := range inOrder(entries) {
		for _, f := range s.judge(e, r) {
			f.Index = i
			all = append(all, f)
		}
		s.apply(e)
	}
	return all
}

// rebuild reads entries, whatever the rules think of them.
func rebuild(entries []history.Entry) *fold {
	s := newFold()
	for _, e := range inOrder(entries) {
		s.apply(e)
	}
	return s
}

// inOrder yields the steps as they happened, with their places in entries.
func inOrder(entries []history.Entry) iter.Seq2[int, history.Entry] {
	return func(yield func(int, history.Entry) bool) {
		order := make([]int, 0, len(entries))
		for i, e := range entries {
			if !bookkeeping(e.Kind) {
				order = append(order, i)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return earlier(entries[a], entries[b]) })
		for _, i := range order {
			if !yield(i, entries[i]) {
				return
			}
		}
	}
}

// bookkeeping tells what a desk writes into a history beside the steps.
func bookkeeping(k history.Kind) bool {
	switch k {
	case history.NoticeRecorded, history.NoticeDelivered, history.NoticeFailed, history.NoticeWithdrawn, history.NoticeAcknowledged,
		history.DeadlineNoted:
		return true
	}
	return false
}

func earlier(a, b history.Entry) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq))
}

// judge tells what is wrong with taking a step now.
func (s *fold) judge(e history.Entry, r *Rules) []Finding {
	j := judging{fold: s, e: e, rules: r}
	if !e.Recorded.IsZero() && e.Recorded.Before(e.At) {
		j.add(Finding{Code: CodeFuture, Field: "at"})
	}
	own := slices.Contains(r.Steps, e.Kind)
	if !own && !slices.Contains(steps, e.Kind) {
		j.add(Finding{Code: CodeUnknown})
		return j.found
	}
	if !j.course(own) {
		return j.found
	}
	j.vocabulary()
	j.level()
	for _, f := range r.Flows {
		j.flow(f)
	}
	for _, d := range r.Demands {
		j.demand(d)
	}
	return j.found
}

type judging struct {
	*fold
	e     history.Entry
	rules *Rules
	found []Finding
}

func (j *judging) add(f Finding) {
	f.Seq, f.Step, f.At = j.e.Seq, j.e.Kind, j.e.At
	f.Advised = f.Advised || slices.Contains(j.rules.Lenient, f.Code)
	j.found = append(j.found, f)
}

func (j *judging) order(wants ...history.Kind) {
	f := Finding{Code: CodeOrder}
	for _, k := range wants {
		f.Wants = append(f.Wants, string(k))
	}
	j.add(f)
}

// course holds the step to what every complaint obeys, and tells whether the rules have anything to add.
func (j *judging) course(own bool) bool {
	k := j.e.Kind
	switch {
	case !j.begun && k != history.Opened:
		j.order(history.Opened)
		return false
	case k == history.Opened && !j.opened.IsZero():
		j.order()
	case j.ended() && k != history.Reopened && !own && !slices.Contains(afterEnd, k):
		j.add(Finding{Code: CodeClosed})
		return false
	}
	switch k {
	case history.Opened:
		if kind, ok := j.e.Fields.Get(history.KeyKind); ok && kind != KindComplaint {
			j.add(Finding{Code: CodeUnknown, Field: history.KeyKind, Wants: []string{KindComplaint}})
		}
	case history.Held:
		if j.held {
			j.order(history.Resumed)
		}
	case history.Resumed:
		if !j.held {
			j.order(history.Held)
		}
	case history.Resolved:
		if j.held {
			j.order(history.Resumed)
		} else if j.resolved {
			j.order(history.Reopened)
		}
	case history.Closed:
		if j.held {
			j.order(history.Resumed)
		}
	case history.Reopened:
		if !j.resolved && !j.ended() {
			j.order(history.Resolved, history.Closed)
		}
	case history.Archived:
		if !j.ended() {
			j.order(history.Closed)
		} else if j.state == Archived {
			j.order(history.Reopened)
		}
	case history.ResultConfirmed:
		if !j.done[history.ResultTold] {
			j.order(history.ResultTold)
		}
		j.answered()
	case history.Classified:
		if j.e.Fields.Has(KeyBasis, BasisAnalysis) && !j.done[history.Investigated] {
			j.order(history.Investigated)
		}
	}
	if due, ok := j.e.Fields.Get(history.KeyDue); ok {
		if _, err := history.ParseInstant(due); err != nil {
			j.add(Finding{Code: CodeUnknown, Field: history.KeyDue})
		}
	}
	return true
}

func (j *judging) answered() {
	switch answer, _ := j.e.Fields.Get(history.KeyAnswer); answer {
	case AnswerAccepted, AnswerDisputed:
	case "":
		j.add(Finding{Code: CodeField, Field: history.KeyAnswer})
	default:
		j.add(Finding{Code: CodeUnknown, Field: history.KeyAnswer, Wants: []string{AnswerAccepted, AnswerDisputed}})
	}
}

// vocabulary holds attributes to the values that the rules list.
func (j *judging) vocabulary() {
	if !history.SetsAttributes(j.e.Kind) {
		return
	}
	for _, a := range j.rules.Attributes {
		unknown := func(v string) bool { return !slices.Contains(a.Values, v) }
		if slices.ContainsFunc(values(j.e.Fields, a.Name), unknown) {
			j.add(Finding{Code: CodeUnknown, Field: a.Name, Wants: a.Values, Clause: a.Clause})
		}
	}
}

// level holds intake to its levels.
func (j *judging) level() {
	levels := j.rules.Levels
	if len(levels) == 0 || !history.SetsAttributes(j.e.Kind) {
		return
	}
	before := max(j.rules.rank(first(j.attributes[history.KeyLevel])), 0)
	rank := before
	if name := first(values(j.e.Fields, history.KeyLevel)); name != "" {
		if rank = j.rules.rank(name); rank < 0 {
			var names []string
			for _, l := range levels {
				names = append(names, l.Name)
			}
			j.add(Finding{Code: CodeUnknown, Field: history.KeyLevel, Wants: names})
			return
		}
	}
	at := levels[rank]
	switch j.e.Kind {
	case history.Escalated:
		if rank <= before {
			f := Finding{Code: CodeField, Field: history.KeyLevel, Clause: at.Clause}
			for _, l := range levels[before+1:] {
				f.Wants = append(f.Wants, l.Name)
			}
			if len(f.Wants) == 0 {
				f.Code, f.Field = CodeOrder, ""
			}
			j.add(f)
		}
	case history.Opened, history.Accepted:
		if len(at.Roles) > 0 && !slices.Contains(at.Roles, j.e.Actor.Role) {
			j.add(Finding{Code: CodeRole, Field: "actor", Wants: at.Roles, Clause: at.Clause})
		}
	}
}

func (j *judging) flow(f Flow) {
	place := slices.IndexFunc(f.Steps, func(kinds []history.Kind) bool { return slices.Contains(kinds, j.e.Kind) })
	if place <= 0 || j.dropped || !j.holds(f.When) {
		return
	}
	missing := f.Steps[place-1]
	if slices.ContainsFunc(missing, func(k history.Kind) bool { return j.done[k] }) {
		return
	}
	finding := Finding{Code: CodeOrder, Clause: f.Clause, Advised: f.Advised}
	for _, k := range missing {
		finding.Wants = append(finding.Wants, string(k))
	}
	j.add(finding)
}

func (j *judging) demand(d Demand) {
	if d.Step != j.e.Kind || !j.holds(d.When) {
		return
	}
	lacks := Finding{Code: CodeField, Clause: d.Clause, Advised: d.Advised}
	for _, key := range d.Fields {
		if len(values(j.e.Fields, key)) == 0 {
			lacks.Field = key
			j.add(lacks)
		}
	}
	for _, key := range d.Known {
		if !j.known(j.e, key) {
			lacks.Field = key
			j.add(lacks)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Values)) {
		if !meets(j.lookup(j.e, key), d.Values[key]) {
			lacks.Field, lacks.Wants = key, d.Values[key]
			j.add(lacks)
		}
	}
	owns := slices.Contains(d.Roles, history.RoleCaseOwner) && j.e.Actor.ID != "" && j.e.Actor.ID == j.owner
	if len(d.Roles) > 0 && !owns && !slices.Contains(d.Roles, j.e.Actor.Role) {
		j.add(Finding{Code: CodeRole, Field: "actor", Wants: d.Roles, Clause: d.Clause, Advised: d.Advised})
	}
}

// holds tells whether a rule is about this case.
func (j *judging) holds(w When) bool {
	for key, wanted := range w {
		if !meets(j.lookup(j.e, key), wanted) {
			return false
		}
	}
	return true
}

// meets tells whether one of the values is wanted; no value is the empty one.
func meets(have, wanted []string) bool {
	if len(have) == 0 {
		return slices.Contains(wanted, "")
	}
	return slices.ContainsFunc(have, func(v string) bool { return slices.Contains(wanted, v) })
}

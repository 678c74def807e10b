package ticket

import (
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// judge gives what is wrong with an entry that comes next. It changes nothing.
func (f *fold) judge(e *history.Entry) []Finding {
	j := judging{fold: f, e: e}
	if e.RecordedAt().Before(e.At) {
		j.add(Finding{Code: CodeFuture, Field: "at"})
	}
	j.outOfCourse = !j.course()
	j.vocabulary()
	j.levels()
	for i := range f.program.demands {
		j.demand(&f.program.demands[i])
	}
	return j.found
}

type judging struct {
	*fold
	e           *history.Entry
	found       []Finding
	outOfCourse bool // so that it is said once
}

func (j *judging) add(f Finding) {
	if slices.ContainsFunc(j.found, func(o Finding) bool {
		return o.Code == f.Code && o.Field == f.Field && o.Clause == f.Clause && slices.Equal(o.Wants, f.Wants)
	}) {
		return
	}
	f.Seq, f.Step, f.At, f.State = j.e.Seq, j.e.Kind, j.e.At, j.state
	f.Advised = f.Advised || j.program.rules.lenient(f.Code)
	j.found = append(j.found, f)
}

// course holds the entry to the lifecycle itself, and tells whether it can happen now.
func (j *judging) course() bool {
	wants := func(k history.Kind) bool {
		j.add(Finding{Code: CodeOrder, Wants: []string{string(k)}})
		return false
	}
	switch k := j.e.Kind; {
	case !j.state.takes(k) && j.state == New:
		return wants(history.Opened)
	case !j.state.takes(k) && j.state.Over():
		j.add(Finding{Code: CodeClosed})
		return false
	case !j.state.takes(k):
		j.add(Finding{Code: CodeOrder})
		return false
	case k == history.Held && j.held:
		return wants(history.Resumed)
	case k == history.Resumed && !j.held:
		return wants(history.Held)
	case k == history.Opened:
		j.oneOf(history.KeyKind, []string{kindOfCase}, "")
	case k == history.ResultConfirmed:
		j.oneOf(history.KeyAnswer, []string{AnswerAccepted, AnswerDisputed}, "")
	}
	return true
}

// kindOfCase is the value of the attribute kind.
const kindOfCase = "ticket"

// oneOf holds every value of a field to those that may be.
func (j *judging) oneOf(key string, allowed []string, clause string) {
	for _, f := range j.e.Fields {
		if f.Key == key && f.Value != "" && !slices.Contains(allowed, f.Value) {
			j.add(Finding{Code: CodeUnknown, Field: key, Wants: allowed, Clause: clause})
			return
		}
	}
}

// vocabulary holds fields to the values that the rules list.
func (j *judging) vocabulary() {
	for _, a := range j.program.rules.Attributes {
		kind, rest, conditional := strings.Cut(a.Name, "[")
		switch {
		case !conditional && history.SetsAttributes(j.e.Kind):
			j.oneOf(a.Name, a.Values, a.Clause)
		case conditional && kind == string(j.e.Kind):
			j.oneOf(strings.TrimSuffix(rest, "]"), a.Values, a.Clause)
		}
	}
}

// levels holds escalating to what is above, and handling to those who handle at the ticket's level.
func (j *judging) levels() {
	levels := j.program.rules.Levels
	if len(levels) == 0 {
		return
	}
	rank := func(name string) int {
		return slices.IndexFunc(levels, func(l Level) bool { return l.Name == name })
	}
	to := value(j.e, history.KeyLevel)
	if history.SetsAttributes(j.e.Kind) && to != "" {
		if rank(to) < 0 {
			j.add(Finding{Code: CodeUnknown, Field: history.KeyLevel, Wants: names(levels)})
		} else if at := max(rank(j.level), 0); j.e.Kind == history.Escalated && rank(to) <= at {
			if at == len(levels)-1 {
				j.add(Finding{Code: CodeOrder, Clause: levels[at].Clause})
			} else {
				j.add(Finding{Code: CodeUnknown, Field: history.KeyLevel, Wants: names(levels[at+1:]), Clause: levels[at].Clause})
			}
		}
	}
	switch j.e.Kind {
	case history.Started, history.FirstHandled, history.Resolved:
	default:
		return
	}
	at := max(rank(j.level), 0)
	var roles []string
	for _, l := range levels[at:] {
		if len(l.Roles) == 0 {
			return
		}
		roles = append(roles, l.Roles...)
	}
	if !j.has(roles) {
		j.add(Finding{Code: CodeRole, Field: nameRole, Wants: roles, Clause: levels[at].Clause})
	}
}

func names(levels []Level) []string {
	list := make([]string, len(levels))
	for i, l := range levels {
		list[i] = l.Name
	}
	return list
}

// has tells whether the actor has one of the roles. The owner is a case owner without saying so.
func (j *judging) has(roles []string) bool {
	a := j.e.Actor
	return slices.Contains(roles, a.Role) ||
		a.ID != "" && a.ID == j.owner && slices.Contains(roles, history.RoleCaseOwner)
}

func (j *judging) demand(d *demand) {
	if !j.program.said(d.step, j.e) || !j.applies(d.When) {
		return
	}
	base := Finding{Clause: d.Clause, Advised: d.Advised}
	for _, a := range d.after {
		if j.outOfCourse || slices.ContainsFunc(a.facts, func(i int) bool { return j.seen[i] }) || j.program.said(a, j.e) {
			continue
		}
		f := base
		f.Code, f.Wants = CodeOrder, strings.Split(a.text, or)
		j.add(f)
	}
	for _, fields := range d.fields {
		if !slices.ContainsFunc(fields, func(key string) bool { return j.gives(key) }) {
			f := base
			f.Code, f.Field, f.Wants = CodeField, fields[0], fields
			j.add(f)
		}
	}
	if len(d.Roles) > 0 && !j.has(d.Roles) {
		f := base
		f.Code, f.Field, f.Wants = CodeRole, nameRole, d.Roles
		j.add(f)
	}
	if d.Owned && j.ownerAfter(j.e) == "" {
		f := base
		f.Code = CodeOwner
		j.add(f)
	}
}

// gives tells whether the entry has the field, or the member of its actor.
func (j *judging) gives(key string) bool {
	return (&cond{name: key}).holds(j.e)
}

func (j *judging) applies(when map[string][]string) bool {
	for key, wanted := range when {
		if !slices.Contains(wanted, j.attribute(j.e, key)) {
			return false
		}
	}
	return true
}

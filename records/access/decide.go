package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// Person is who asks.
type Person struct {
	ID    string
	Roles []string
	Units []string // to which the person belongs
}

// Record is what is asked for.
type Record struct {
	ID       string
	Class    string   // the record class
	Grade    string   // its confidentiality
	Handlers []string // ids of the persons who handle it
	Units    []string // the units concerned with it
}

// Request asks whether a person may do something with a record.
type Request struct {
	Person       Person
	Action       Action
	Record       Record
	AuthorisedBy string // the id of who gave leave for just this; not the person's own
}

// Decision answers a request. The zero Decision refuses.
type Decision struct {
	Allowed bool
	Request Request
	Reasons []Reason // in the order of the rules
}

// Code names what a [Reason] is. Codes are a promise: none changes its meaning.
type Code string

// What speaks for and against.
const (
	CodeAllowed      Code = "allowed"       // a rule allows it
	CodeLimited      Code = "limited"       // a rule limits it to others
	CodeRefused      Code = "refused"       // a rule refuses it
	CodeNoRule       Code = "no-rule"       // no rule allows it
	CodeUnknownGrade Code = "unknown-grade" // the grade of the record is missing or not declared, and a rule asks for it
	CodeNobody       Code = "nobody"        // the person has no id
	CodeUnknown      Code = "unknown"       // the action is none
)

// Reason is one ground of a decision.
type Reason struct {
	Code   Code
	Clause string // empty where no rule spoke
	Detail string // what a rule demands, in the words of the rule
}

// Decide answers a request, as the package comment says. It never fails and is never silent: what is malformed is refused with a reason.
func (p *Policy) Decide(r Request) Decision {
	d := Decision{Request: r}
	because := func(code Code, rule *Rule) {
		reason := Reason{Code: code}
		if rule != nil {
			reason.Clause, reason.Detail = rule.Clause, rule.demand()
		}
		d.Reasons = append(d.Reasons, reason)
	}
	switch {
	case !slices.Contains(actions, r.Action):
		because(CodeUnknown, nil)
		return d
	case r.Person.ID == "":
		because(CodeNobody, nil)
		return d
	}
	allowed, refused := false, false
	if p != nil {
		for i := range p.rules {
			rule := &p.rules[i]
			if len(rule.Actions) > 0 && !slices.Contains(rule.Actions, r.Action) || len(rule.Classes) > 0 && !slices.Contains(rule.Classes, r.Record.Class) {
				continue
			}
			unclear := false
			if len(rule.Grades) > 0 && !slices.Contains(rule.Grades, r.Record.Grade) {
				if unclear = !slices.Contains(p.grades, r.Record.Grade); !unclear || rule.Effect == Allow {
					continue
				}
			}
			named := rule.names(&r)
			switch {
			case rule.Effect == Allow && named:
				allowed = true
				because(CodeAllowed, rule)
			case rule.Effect == Only && named && !unclear:
				allowed = true
				because(CodeAllowed, rule)
			case rule.Effect == Only && !named, rule.Effect == Refuse && named:
				refused = true
				switch {
				case unclear:
					because(CodeUnknownGrade, rule)
				case rule.Effect == Only:
					because(CodeLimited, rule)
				default:
					because(CodeRefused, rule)
				}
			}
		}
	}
	if !allowed {
		because(CodeNoRule, nil)
	}
	d.Allowed = allowed && !refused
	return d
}

// names tells whether the rule names the person for this request.
func (r *Rule) names(q *Request) bool {
	has := func(list, of []string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return s != "" && slices.Contains(of, s) })
	}
	switch {
	case len(r.Roles) > 0 && !has(r.Roles, q.Person.Roles):
		return false
	case r.Concerned && !slices.Contains(q.Record.Handlers, q.Person.ID) && !has(q.Record.Units, q.Person.Units):
		return false
	case r.Authorised && (q.AuthorisedBy == "" || q.AuthorisedBy == q.Person.ID):
		return false
	}
	return true
}

// demand says whom the rule names, with words that [Reason.Text] translates.
func (r *Rule) demand() string {
	parts := slices.Clone(r.Roles)
	if r.Concerned {
		parts = append(parts, concerned)
	}
	if r.Authorised {
		parts = append(parts, authorised)
	}
	return strings.Join(parts, ", ")
}

const (
	concerned  = "only if concerned"
	authorised = "only if authorised by somebody else"
)

// Clauses names the clauses that decided: those that refused, or else those that allowed.
func (d Decision) Clauses() []string {
	var ids []string
	for _, r := range d.Reasons {
		if r.Clause != "" && (r.Code == CodeAllowed) == d.Allowed && !slices.Contains(ids, r.Clause) {
			ids = append(ids, r.Clause)
		}
	}
	return ids
}

// String explains the decision in English.
func (d Decision) String() string { return d.Text("en") }

// Text explains the decision in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (d Decision) Text(language string) string {
	zh := history.IsChinese(language)
	var b strings.Builder
	action := string(d.Request.Action)
	if zh {
		if word, ok := map[Action]string{Read: "查阅", Change: "修改", Export: "导出", Dispose: "销毁"}[d.Request.Action]; ok {
			action = word
		}
	}
	answer := map[bool][2]string{true: {"allowed", "允许"}, false: {"refused", "拒绝"}}[d.Allowed]
	if zh {
		fmt.Fprintf(&b, "%s：%s%s%s", answer[1], clip(d.Request.Person.ID), clip(action), clip(d.Request.Record.ID))
	} else {
		fmt.Fprintf(&b, "%s: %s may %s%s %s", answer[0], clip(d.Request.Person.ID), map[bool]string{false: "not "}[d.Allowed], clip(action), clip(d.Request.Record.ID))
	}
	for _, r := range d.Reasons {
		b.WriteString("\n- " + r.Text(language))
	}
	return b.String()
}

// Text says it in the language of a BCP 47 tag.
func (r Reason) Text(language string) string {
	texts := map[Code][2]string{
		CodeAllowed:      {"%s allows it", "%s允许"},
		CodeLimited:      {"%s limits it to others", "%s仅限他人"},
		CodeRefused:      {"%s refuses it", "%s禁止"},
		CodeNoRule:       {"no rule allows it", "没有条款允许"},
		CodeUnknownGrade: {"%s speaks of grades, and that of the record is missing or not declared", "%s按密级限制，而该记录未定密级或密级未声明"},
		CodeNobody:       {"nobody is named", "未写明申请人"},
		CodeUnknown:      {"no such action", "没有此种操作"},
	}
	text, ok := texts[r.Code]
	if !ok {
		return string(r.Code)
	}
	zh := history.IsChinese(language)
	out := text[0]
	if zh {
		out = text[1]
	}
	out = strings.Replace(out, "%s", r.Clause, 1)
	if r.Detail != "" {
		detail := r.Detail
		if zh {
			detail = strings.NewReplacer(concerned, "仅限经办或相关部门", authorised, "须经他人授权", ", ", "，").Replace(detail)
			return out + "（" + detail + "）"
		}
		return out + " (" + detail + ")"
	}
	return out
}

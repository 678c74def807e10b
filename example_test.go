package charter_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

const helpdesk = `{
  "id": "acme", "version": "1",
  "title": {"en": "Acme help desk", "zh": "Acme服务台"},
  "attributes": {"tier": {"ordered": true, "values": [
    {"id": "routine", "words": ["P3"]}, {"id": "urgent", "words": ["P1", "紧急"]}]}},
  "roles": [{"id": "supervisor", "zh": "主管"}],
  "clauses": [{
    "id": "acme/urgent", "subject": "sla", "kind": "deadline", "check": "decidable",
    "text": {"en": "An urgent ticket is solved within 4 hours.", "zh": "紧急工单4小时内解决。"},
    "when": {"tier": "urgent"},
    "rule": {"metric": "resolution", "within": "4h?"}
  }]
}`

func ExampleParseHandbook() {
	h, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	for c := range h.Clauses() {
		fmt.Println(c.ID, c.When, "|", c.Text.In("zh"))
	}
	tier, _ := h.Value("tier", "P1")
	fmt.Println(tier)
	// Output:
	// acme/urgent tier is urgent | 紧急工单4小时内解决。
	// urgent
}

func ExampleParseHandbook_errors() {
	_, err := charter.ParseHandbook([]byte(`{
  "id": "acme", "version": "1", "title": {"en": "Acme"},
  "clauses": [{
    "id": "acme/1", "subject": "sla", "kind": "deadline", "check": "decidable", "text": {"en": "Soon."},
    "rule": {"metric": "resolution",
             "within": "soon",
             "untill": ["closed"]}
  }]
}`))
	fmt.Println(err)
	// Output:
	// charter: line 6, column 24: acme/1: rule.within: bad value: sla: malformed span "soon": want a length such as 4h, 30m, 8 business hours or 3 working days
	// charter: line 7, column 14: acme/1: rule: unknown field "untill": want one of metric, from, until, until_all, within, due, examples, conditional, calendar, days, warnings, ladder
}

func ExampleHandbook_Lint() {
	h, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range h.Lint() {
		fmt.Println(f.Code, "|", f)
		fmt.Println(f.Text("zh-CN"))
	}
	// Output:
	// no-basis | acme/urgent: 4h does not say whether it means wall-clock or working time; name a basis
	// acme/urgent：时限4小时未说明按自然时间还是工作时间计算，须指明
}

// A patch names the basis, sets the hours and adds a warning and a rung.
func adopt(h *charter.Handbook) (*charter.Handbook, error) {
	week, err := calendar.ParseWeek("Mo-Fr 09:00-18:00")
	if err != nil {
		return nil, err
	}
	return h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "how we work", By: "service board",
		Effective: calendar.Date{Year: 2026, Month: 1, Day: 1}, Zone: "Asia/Shanghai",
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: calendar.Spec{Zone: "Asia/Shanghai", Hours: week}}},
			{Edit: charter.SetWarnings{Clauses: []string{charter.Every}, Warnings: []sla.Warning{{At: sla.Offset{Permille: 750}}}}},
			{Edit: charter.SetLadder{Clauses: []string{"acme/urgent"}, Ladder: []sla.Rung{{Role: "supervisor"}}}},
		},
	})
}

func ExampleHandbook_Amend() {
	base, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := adopt(base)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range charter.Diff(base, h) {
		fmt.Println(d)
	}
	for c := range h.Versions("acme/urgent") {
		fmt.Println(c.Effective, c.Rule.(charter.Deadline).Within)
	}
	// Output:
	// zone: "Asia/Shanghai"
	// (from 2026-01-01) settings.calendars: {"":{"zone":"Asia/Shanghai","hours":"Mo-Fr 09:00-18:00; PH off"}}
	// acme/urgent (from 2026-01-01) rule.within: "4h?" → "4 business hours"
	// acme/urgent (from 2026-01-01) rule.warnings: [{"at":"75%"}]
	// acme/urgent (from 2026-01-01) rule.ladder: [{"role":"supervisor","at":"due"}]
	// until 2026-01-01 4h?
	// from 2026-01-01 4 business hours
}

func ExampleParsePatch() {
	p, err := charter.ParsePatch([]byte(`{
  "base": {"handbook": "acme", "version": "1", "digest": "sha256:4b1d…"},
  "reason": "how we work", "effective": "2026-01-01",
  "changes": [
    {"op": "basis", "basis": "elapsed", "clauses": ["*"]},
    {"op": "limit", "clause": "acme/urgent", "within": "2h", "effective": "2026-07-01", "reason": "two shifts from July"}
  ]
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(p)
	// Output:
	// patch for acme 1 (sha256:4b1d…)
	//   reason: how we work
	//   1. from 2026-01-01: basis basis="elapsed" clauses=["*"]
	//   2. from 2026-07-01: limit clause="acme/urgent" within="2h"
	//      because: two shifts from July
}

// What is due when: an urgent ticket that comes in on a Friday afternoon.
func ExampleHandbook_Judge() {
	base, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := adopt(base)
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 3, 6, 16, 0, 0, 0, h.Location())
	c := history.History{Case: "T-1", Entries: []history.Entry{
		{Seq: 1, At: friday, Kind: history.Opened, Fields: history.Of("tier", "urgent")},
	}}
	j, err := h.Judge(c, friday.Add(time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	governing, _ := j.Headline()
	clause, _ := j.Clause(governing)
	fmt.Println(clause.Text.In("en"))
	fmt.Println(governing.State, "until", governing.Due.In(h.Location()).Format("Mon 15:04"), "remaining", governing.Remaining)
	fmt.Println("next change:", j.Next.In(h.Location()).Format("Mon 15:04"))
	// Output:
	// An urgent ticket is solved within 4 hours.
	// running until Mon 11:00 remaining 3h0m0s
	// next change: Mon 10:00
}

// The notices that fell due since the host last looked.
func ExampleJudgement_Notices() {
	base, err := charter.ParseHandbook([]byte(helpdesk))
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := adopt(base)
	if err != nil {
		fmt.Println(err)
		return
	}
	opened := time.Date(2026, 3, 6, 10, 0, 0, 0, h.Location())
	c := history.History{Case: "T-1", Entries: []history.Entry{
		{Seq: 1, At: opened, Kind: history.Opened, Fields: history.Of("tier", "urgent")},
	}}
	j, err := h.Judge(c, opened.Add(5*time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range j.Notices(sla.Window{After: opened}) {
		fmt.Printf("%s %v of %s for %q\n", n.At.In(h.Location()).Format("15:04"), n.Kind, n.Target, n.Role)
	}
	// Output:
	// 13:00 warning of acme/urgent for ""
	// 14:00 escalation of acme/urgent for "supervisor"
	// 14:00 breach of acme/urgent for ""
}

// An embedded handbook, amended in two lines.
func Example_embedded() {
	norms, err := handbooks.Norms()
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "around the clock", Effective: calendar.Date{Year: 2025, Month: 1, Day: 1},
		Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	opened := time.Date(2026, 3, 6, 16, 0, 0, 0, time.UTC)
	j, err := h.Judge(history.History{Entries: []history.Entry{
		{Seq: 1, At: opened, Kind: history.Opened, Fields: history.Of("kind", "ticket", "tier", "urgent")},
	}}, opened)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range j.Clocks {
		if c.State == sla.Running {
			fmt.Println(c.Due.Sub(opened), c.Metric, c.Target)
		}
	}
	// Output:
	// 10m0s first-response norms/2.1.2-first-response
	// 1h0m0s first-response norms/2.1.3-urgent-response
	// 2h0m0s initial-handling norms/2.1.3-urgent-initial
	// 24h0m0s resolution norms/2.2.2-urgent-handling
	// 72h0m0s closure norms/2.2.2-urgent-closure
}

func ExampleSchema() {
	var schema struct {
		Draft string `json:"$schema"`
		Title string
	}
	if err := json.Unmarshal(charter.Schema(), &schema); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(schema.Title, schema.Draft)
	// Output:
	// Charter handbook https://json-schema.org/draft/2020-12/schema
}

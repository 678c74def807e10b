package main

import (
	"strings"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit/logfile"
	"github.com/servicecharter/charter/history"
)

// serviceNow says what the public event log of a ServiceNow help desk means: a row for each update of an incident, whose state is repeated until
// it changes. Its own opinion on each incident, made_sla, becomes an attribute to slice by.
func serviceNow() logfile.Mapping {
	waiting := []string{"Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence"}
	return logfile.Mapping{
		Case: "number", Time: "sys_updated_at", Activity: "incident_state", States: true,
		Layouts: []string{"2/1/2006 15:04"}, Zone: time.UTC, Missing: []string{"?"}, // the log names no zone
		Activities: []logfile.Activity{
			{Word: "New", Kind: history.Registered},
			{Word: "Active", After: waiting, Kind: history.Resumed},
			{Word: "Active", After: []string{"Resolved", "Closed"}, Kind: history.Reopened},
			{Word: "Active", Kind: history.Accepted},
			{Word: "Awaiting User Info", Kind: history.Held, Fields: history.Of("reason", "customer")},
			{Word: "Awaiting Vendor", Kind: history.Held, Fields: history.Of("reason", "vendor")},
			{Word: "Awaiting Problem", Kind: history.Held, Fields: history.Of("reason", "problem")},
			{Word: "Awaiting Evidence", Kind: history.Held, Fields: history.Of("reason", "evidence")},
			{Word: "Resolved", Kind: history.Resolved},
			{Word: "Closed", Kind: history.Closed},
		},
		Instants: []logfile.Instant{{Column: "opened_at", Kind: history.Opened}},
		Always:   history.Of("kind", "ticket"),
		Attributes: []logfile.Attribute{
			{Column: "priority", Name: "tier", Values: map[string]string{
				"1 - Critical": "urgent", "2 - High": "urgent", "3 - Moderate": "routine", "4 - Low": "routine",
			}},
			{Column: "priority", Name: "priority", Values: map[string]string{
				"1 - Critical": "1", "2 - High": "2", "3 - Moderate": "3", "4 - Low": "4",
			}},
			{Column: "contact_type", Name: "channel", Values: map[string]string{
				"Phone": "phone", "Email": "email", "Self service": "web", "IVR": "bot", "Direct opening": "on_site",
			}},
			{Column: "assignment_group", Name: "unit", Kind: history.Dispatched},
			{Column: "made_sla", Name: "made_sla"},
		},
	}
}

// helpDesk says what the sample means, whose words are those of the norms.
func helpDesk(norms *charter.Handbook, shanghai *time.Location) logfile.Mapping {
	return logfile.Mapping{
		Case: "工单编号", Time: "时间", Activity: "环节", Zone: shanghai,
		Activities: []logfile.Activity{
			{Word: "来电", Kind: history.Opened, Role: history.RoleCustomer},
			{Word: "核对信息", Kind: history.Checked},
			{Word: "受理", Kind: history.Accepted},
			{Word: "首次响应", Kind: history.Responded},
			{Word: "升级", Kind: history.Classified},
			{Word: "初步处理", Kind: history.FirstHandled},
			{Word: "挂起", Kind: history.Held},
			{Word: "恢复", Kind: history.Resumed},
			{Word: "查明原因", Kind: history.Investigated},
			{Word: "解决", Kind: history.Resolved},
			{Word: "验证", Kind: history.Verified},
			{Word: "重开", Kind: history.Reopened},
			{Word: "关闭", Kind: history.Closed},
			{Word: "撤销", Kind: history.Cancelled},
		},
		Role: "角色", Roles: map[string]string{"客服人员": history.RoleAgent, "技术支持": history.RoleTechnicalSupport, "客户": history.RoleCustomer},
		Facts: []logfile.Fact{{Column: "原因", Key: "reason", Values: map[string]string{"等待客户": "customer", "等待供应商": "vendor", "客户不满意": "dissatisfied"}}},
		Attributes: []logfile.Attribute{
			{Column: "类别", Name: "kind", Values: logfile.Words(norms, "kind")},
			{Column: "诉求", Name: "request", Values: logfile.Words(norms, "request")},
			{Column: "紧急程度", Name: "tier", Values: logfile.Words(norms, "tier")},
			{Column: "复杂程度", Name: "complexity", Values: logfile.Words(norms, "complexity")},
			{Column: "客户等级", Name: "importance", Values: logfile.Words(norms, "importance")},
			{Column: "渠道", Name: "channel", Values: logfile.Words(norms, "channel")},
			{Column: "处理组", Name: "unit", Kind: history.Dispatched},
		},
	}
}

// anyLog is a table whose columns are named on the command line and whose activities are the vocabulary's own words.
func anyLog(o options, zone *time.Location) logfile.Mapping {
	m := logfile.Mapping{Case: o.caseColumn, Time: o.timeColumn, Activity: o.activityColumn, Zone: zone, Budget: o.budget}
	if o.layouts != "" {
		m.Layouts = strings.Split(o.layouts, ",")
	}
	for pair := range strings.SplitSeq(o.attributes, ",") {
		if column, name, ok := strings.Cut(pair, "="); ok {
			m.Attributes = append(m.Attributes, logfile.Attribute{Column: column, Name: name})
		}
	}
	return m
}

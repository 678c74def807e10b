package main

import (
	"bufio"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

//go:generate go run . -generate sample.csv

// sample is a month of a help desk that does not exist, written by generate.
//
//go:embed sample.csv
var sample []byte

// month writes the sample: April 2025, with a holiday from the 4th to the 6th and a Sunday, the 27th, that was worked.
type month struct {
	*rand.Rand
	rows [][]string
}

func generate(w io.Writer) error {
	m := month{Rand: rand.New(rand.NewPCG(2025, 4))}
	for i := range 260 {
		m.ticket(i)
	}
	m.spoil()
	b := bufio.NewWriter(w)
	out := csv.NewWriter(b)
	if err := out.Write([]string{"工单编号", "时间", "环节", "类别", "诉求", "紧急程度", "复杂程度", "客户等级", "渠道", "处理组", "角色", "原因", "备注"}); err != nil {
		return err
	}
	if err := out.WriteAll(m.rows); err != nil {
		return err
	}
	return b.Flush()
}

// between is a random duration, short ones more often than long ones.
func (m *month) between(shortest, longest time.Duration) time.Duration {
	x := m.Float64()
	return shortest + time.Duration(x*x*float64(longest-shortest))
}

func (m *month) one(words ...string) string { return words[m.IntN(len(words))] }

// chance is true in so many cases of a hundred.
func (m *month) chance(percent int) bool { return m.IntN(100) < percent }

// ticket writes the rows of one case.
func (m *month) ticket(number int) {
	shanghai := time.FixedZone("", 8*3600)
	at := time.Date(2025, 4, 1+number*30/260, 8, 30, 0, 0, shanghai).Add(m.between(0, 10*time.Hour))
	kind, request, tier, complexity, importance := "工单", m.one("咨询", "咨询", "业务办理", "报修", "技术支持", "反馈"), "普通", "简单", "普通客户"
	if m.chance(15) {
		kind = "投诉"
	}
	if m.chance(22) {
		tier = "紧急"
	}
	if m.chance(15) {
		complexity = "复杂"
	}
	if m.chance(10) {
		importance = "重要客户"
	}
	channel := m.one("电话", "电话", "电话", "网站", "手机应用", "小程序", "邮件")
	group := m.one("一线", "一线", "一线", "账务组")
	write := func(after time.Duration, activity, role, reason, note string) {
		at = at.Add(after)
		m.rows = append(m.rows, []string{
			fmt.Sprintf("GD2504-%04d", number+1), at.Format("2006/1/2 ") + fmt.Sprintf("%d:%02d", at.Hour(), at.Minute()), activity, kind, request, tier, complexity, importance, channel, group, role, reason, note,
		})
	}
	const agent = "客服人员"
	hurry := time.Duration(1)
	if tier == "普通" {
		hurry = 3
	}
	write(0, "来电", "客户", "", m.one("", "", "", "客户说：\"很急\"", "无法登录，\n提示超时"))
	if m.chance(3) {
		write(m.between(time.Minute, 2*time.Hour), "撤销", "客户", "", "")
		return
	}
	write(m.between(0, 4*time.Minute), "核对信息", agent, "", "")
	write(m.between(0, 5*time.Minute), "受理", agent, "", "")
	if request == "技术支持" {
		group = "二线"
		write(m.between(time.Minute, hurry*30*time.Minute), "首次响应", "技术支持", "", "")
		write(m.between(10*time.Minute, hurry*time.Hour), "查明原因", "技术支持", "", "")
	} else {
		write(m.between(0, hurry*8*time.Minute), "首次响应", agent, "", "")
	}
	if tier == "普通" && m.chance(8) {
		tier = "紧急"
		write(m.between(10*time.Minute, 5*time.Hour), "升级", agent, "", "客户来电催办")
	}
	write(m.between(5*time.Minute, hurry*4*time.Hour), "初步处理", agent, "", "")
	if m.chance(30) {
		write(m.between(time.Minute, 3*time.Hour), "挂起", agent, m.one("等待客户", "等待客户", "等待供应商"), "")
		write(m.between(time.Hour, 40*time.Hour), "恢复", agent, "", "")
	}
	longest := hurry * 20 * time.Hour
	if complexity == "复杂" {
		longest *= 2
	}
	write(m.between(10*time.Minute, longest), "解决", agent, "", "")
	if request == "技术支持" {
		write(m.between(time.Minute, 5*time.Hour), "验证", agent, "", "")
	}
	if m.chance(9) {
		write(m.between(time.Hour, 30*time.Hour), "重开", "客户", "客户不满意", "")
		write(m.between(time.Hour, 20*time.Hour), "解决", agent, "", "")
	}
	if number < 255 || m.chance(50) {
		write(m.between(time.Hour, 60*time.Hour), "关闭", agent, "", "")
	}
}

// spoil puts in what real logs are full of.
func (m *month) spoil() {
	const (
		caseColumn = iota
		timeColumn
		activityColumn
		_
		_
		tierColumn
	)
	row := func(n int) []string { return m.rows[n*len(m.rows)/40] }
	row(3)[timeColumn] = "待定"
	row(5)[timeColumn] = "31/4/2025 10:00"
	row(7)[timeColumn] = ""
	row(9)[activityColumn] = "转接"
	row(11)[tierColumn] = "加急"
	row(13)[tierColumn] = "特急"
	row(15)[caseColumn] = ""
	row(17)[timeColumn] = "2024/4/20 9:00" // the wrong year
	row(19)[timeColumn] = "2035/4/20 9:00"
	for _, n := range []int{21, 23} {
		at := n * len(m.rows) / 40
		m.rows = append(m.rows[:at+1], m.rows[at:]...) // twice
	}
	for i, r := range m.rows {
		if r[activityColumn] == "解决" && strings.HasSuffix(r[caseColumn], "77") {
			r[timeColumn] = "2025/3/31 8:00" // before the case was opened
		}
		if i == len(m.rows)*25/40 {
			m.rows[i] = r[:7] // cut off
		}
	}
	m.rows = append(m.rows, []string{"合计", "", fmt.Sprint(len(m.rows)), "", "", "", "", "", "", "", "", "", ""})
}

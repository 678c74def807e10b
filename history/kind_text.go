package history

import "strings"

// IsChinese reports whether a BCP 47 tag asks for Chinese: "zh" and whatever
// begins with "zh-" (or "zh_", as some systems write it), in any case of
// letters. Everything that renders text serves these in Simplified Chinese and
// all other languages in English.
func IsChinese(language string) bool {
	l := strings.ToLower(language)
	return l == "zh" || strings.HasPrefix(l, "zh-") || strings.HasPrefix(l, "zh_")
}

// Text names the kind in the language of a BCP 47 tag: in Simplified Chinese
// (see [IsChinese]), and for all others as it is. A kind of the host is named
// as it is.
func (k Kind) Text(language string) string {
	if IsChinese(language) {
		if name, ok := chineseKinds[k]; ok {
			return name
		}
	}
	return string(k)
}

var chineseKinds = map[Kind]string{
	Opened: "提出", Detected: "发现", Registered: "登记", Checked: "核实", Accepted: "受理", Classified: "分类", Dispatched: "分派",
	Escalated: "升级", Responded: "响应", Acknowledged: "确认收到", Planned: "制定方案", Started: "开始处理", FirstHandled: "初步处理",
	ProgressTold: "告知进展", Held: "挂起", Resumed: "恢复处理", Investigated: "调查完成", OpinionGiven: "给出处理意见", Resolved: "解决",
	Verified: "验证", ResultTold: "告知结果", ResultConfirmed: "客户确认结果", Surveyed: "满意度调查", FollowedUp: "回访", Closed: "关闭",
	Reopened: "重开", Archived: "归档", Reviewed: "复盘", Reported: "上报", Declared: "启动应急", Notified: "通报", Restored: "恢复服务",
	Merged: "合并", Cancelled: "撤销", Messaged: "来信", Trained: "培训", Examined: "考核", Appraised: "评价", Placed: "任职",
	Kept: "保管", Maintained: "维护", Inspected: "检查", Issued: "发布", Drilled: "演练", Assessed: "评估", Improved: "改进",
	Accessed: "查阅", Protected: "保护", Disposed: "销毁", Attested: "声明",
	NoticeRecorded: "记录通知", NoticeDelivered: "送达通知", NoticeFailed: "通知未送达", NoticeWithdrawn: "撤回通知", NoticeAcknowledged: "确认通知",
	DeadlineNoted: "记下暂定期限",
}

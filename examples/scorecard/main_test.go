package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

func Example() {
	if err := run(os.Stdout, "en"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Objectives
	//   standard/1.1-satisfaction-rate customer satisfaction >= 90 pct: met, 95.42 of 153 [90.86, 97.77]
	//   standard/3.1-training-coverage training coverage >= 100 pct: missed, 83.33 of 6
	//   standard/3.2-dress-target share of non-conforming dress <= 5 pct: missed, 16.67 of 24 [6.68, 35.85]
	//   standard/4/1.1-terminal-count-large terminals of a large service centre >= 20: no facts
	//   standard/4/1.1-terminal-count-large terminals of a large service centre <= 30: no facts
	//   standard/4/1.1-terminal-count-small terminals of a small service centre >= 5: no facts
	//   standard/4/1.1-terminal-count-small terminals of a small service centre <= 10: no facts
	//   standard/5.2.1-complaint-response mean time to the first response to a complaint incident <= 20 min: undecided, 13.13 of 8 [5.56, 20.69]; 2 more would tell
	//   standard/5.2.1-fault-repair mean time to repair a technical fault <= 45 min: undecided, 72.57 of 7 [42.94, 102.20]; 1 more would tell
	//   standard/6.1-consistency service consistency >= 85 pct: met, 98.57 of 70 [92.34, 99.75]
	// Duties of the centre
	//   standard/4/4.2-plans/year 2025-01-01 – 2025-12-31: owed
	//   standard/4/4.2-plans/quarter 2025-01-01 – 2025-03-31: overdue
	//   standard/4/4.2-plans/quarter 2025-04-01 – 2025-06-30: owed
	//   standard/4/4.2-plans/month 2025-04-01 – 2025-04-30: owed
	//   standard/6.3-tracking 2025-04-01 – 2025-06-30: owed
	//   standard/6.4-annual-plan 2025-01-01 – 2025-12-31: owed
	//   standard/6.4-monitoring 2025-01-01 – 2025-03-31: overdue
	//   standard/6.4-monitoring 2025-04-01 – 2025-06-30: owed
	// reopen rate, days unlike the usual 5%
	//   2025-03-18 9/13 (69.23%)
	// The longest fault, I-24: 2h11m0s
	//   2025-03-24 12:13 detected customer [{class fault} {kind incident}] [{name 欧阳**} {phone 138****8002}]
	//   2025-03-24 12:19 responded agent [{note called back on 138****8002}] []
	//   2025-03-24 14:24 restored agent [] []
}

func Example_chinese() {
	if err := run(os.Stdout, "zh"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 目标
	//   standard/1.1-satisfaction-rate 客户满意率 >= 90 pct: 达标, 95.42（样本 153） [90.86, 97.77]
	//   standard/3.1-training-coverage 培训覆盖率 >= 100 pct: 未达标, 83.33（样本 6）
	//   standard/3.2-dress-target 着装不规范率 <= 5 pct: 未达标, 16.67（样本 24） [6.68, 35.85]
	//   standard/4/1.1-terminal-count-large 大型服务中心终端数 >= 20: 无数据
	//   standard/4/1.1-terminal-count-large 大型服务中心终端数 <= 30: 无数据
	//   standard/4/1.1-terminal-count-small 小型服务中心终端数 >= 5: 无数据
	//   standard/4/1.1-terminal-count-small 小型服务中心终端数 <= 10: 无数据
	//   standard/5.2.1-complaint-response 投诉事件平均首次响应时间 <= 20 min: 无法判定, 13.13（样本 8） [5.56, 20.69]；再有 2 个样本即可判定
	//   standard/5.2.1-fault-repair 技术故障平均修复时间 <= 45 min: 无法判定, 72.57（样本 7） [42.94, 102.20]；再有 1 个样本即可判定
	//   standard/6.1-consistency 服务一致性 >= 85 pct: 达标, 98.57（样本 70） [92.34, 99.75]
	// 服务中心的周期性职责
	//   standard/4/4.2-plans/year 2025-01-01 – 2025-12-31: 待履行
	//   standard/4/4.2-plans/quarter 2025-01-01 – 2025-03-31: 逾期
	//   standard/4/4.2-plans/quarter 2025-04-01 – 2025-06-30: 待履行
	//   standard/4/4.2-plans/month 2025-04-01 – 2025-04-30: 待履行
	//   standard/6.3-tracking 2025-04-01 – 2025-06-30: 待履行
	//   standard/6.4-annual-plan 2025-01-01 – 2025-12-31: 待履行
	//   standard/6.4-monitoring 2025-01-01 – 2025-03-31: 逾期
	//   standard/6.4-monitoring 2025-04-01 – 2025-06-30: 待履行
	// 重开率异于常态（5%）的日期
	//   2025-03-18 9/13 (69.23%)
	// 修复最久的故障 I-24: 2h11m0s
	//   2025-03-24 12:13 detected customer [{class fault} {kind incident}] [{name 欧阳**} {phone 138****8002}]
	//   2025-03-24 12:19 responded agent [{note called back on 138****8002}] []
	//   2025-03-24 14:24 restored agent [] []
}

// What the histories hold of customers is nowhere in the report.
func TestReportIsMasked(t *testing.T) {
	var b bytes.Buffer
	if err := run(&b, "en"); err != nil {
		t.Fatal(err)
	}
	for _, name := range customers {
		if strings.Contains(b.String(), name) {
			t.Errorf("the report names %s", name)
		}
	}
	if strings.Contains(b.String(), "1380013") || strings.Count(b.String(), "138****800") != 2 {
		t.Error("the report shows a number, or none at all")
	}
}

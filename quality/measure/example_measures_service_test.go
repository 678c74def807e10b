package measure_test

import "github.com/servicecharter/charter/quality/measure"

func ExampleStandard_accuracy() {
	show("accuracy",
		"mon 09:00 open, tue 10:00 review correct=yes",
		"mon 09:00 open, tue 10:00 review correct=no, wed 10:00 review correct=yes",
		"mon 09:00 open, tue 10:00 review cause=unknown",
	)
	// Output: 66.67% of 3
}

func ExampleStandard_conformity() {
	show("conformity",
		"mon 09:00 open, tue 10:00 review conforming=yes",
		"mon 09:00 open, tue 10:00 review conforming=no",
	)
	// Output: 50.00% of 2
}

// What is neither yes nor no is a finding.
func ExampleStandard_consistency() {
	show("consistency",
		"mon 09:00 open, tue 10:00 review consistent=yes",
		"mon 09:00 open, tue 10:00 review consistent=maybe",
	)
	// Output: 100.00% of 1, unreadable 1
}

func ExampleStandard_planAdequacy() {
	show("plan-adequacy",
		"mon 09:00 open, tue 10:00 review adequate=yes",
		"mon 09:00 open, tue 10:00 review adequate=no",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_meanFirstResponse() {
	show("mean-first-response",
		"mon 09:00 open, mon 09:20 reply",
		"mon 09:00 open, mon 09:40 reply",
		"mon 09:00 open",
	)
	// Output: 30.00 min of 2, pending 1
}

func ExampleStandard_meanWaiting() {
	show("mean-waiting",
		"mon 09:00 open, mon 09:02 accept",
		"mon 09:00 open, mon 09:10 reply",
	)
	// Output: 6.00 min of 2
}

func ExampleStandard_meanHandling() {
	show("mean-handling",
		"mon 09:00 open, mon 09:10 accept, mon 09:40 resolve",
		"mon 09:00 open, mon 09:10 start, mon 10:00 close",
	)
	// Output: 40.00 min of 2
}

func ExampleStandard_meanResolution() {
	show("mean-resolution",
		"mon 09:00 open, mon 10:00 resolve",
		"mon 09:00 open, mon 15:00 resolve",
		"mon 09:00 open, mon 10:00 cancel",
	)
	// Output: 3.50 h of 2, excluded 1
}

func ExampleStandard_mttr() {
	show("mttr",
		"mon 09:00 detect, mon 10:30 restore",
		"mon 09:00 detect, mon 13:30 restore",
	)
	// Output: 3.00 h of 2
}

// The second service was never down. The window is the week: twice 168 hours.
func ExampleStandard_availability() {
	showServices("availability",
		"mon 09:00 detect, mon 10:00 restore, tue 09:00 detect, tue 09:41 restore",
		"",
	)
	// Output: 99.50% of 2
}

func ExampleStandard_mtbf() {
	showServices("mtbf",
		"mon 09:00 detect, mon 10:00 restore, tue 09:00 detect, tue 10:00 restore",
	)
	// Output: 83.00 h of 2
}

func ExampleStandard_faultRate() {
	showServices("fault-rate",
		"mon 09:00 detect, mon 10:00 restore",
		"",
		"",
		"",
	)
	// Output: 25.00% of 4
}

// Done is not verified.
func ExampleStandard_rectificationRate() {
	showProblems("rectification-rate",
		"mon 09:00 plan due=2025-03-07T00:00:00+08:00, wed 09:00 improve step=verified",
		"mon 09:00 plan due=2025-03-07T00:00:00+08:00, wed 09:00 improve step=done",
		"mon 09:00 improve step=do",
	)
	// Output: 50.00% of 2, pending 1
}

// Done is not closed: somebody has to see that the problem is gone. The word of the last one is in no table, and might say so.
func ExampleStandard_improvementClosure() {
	showProblems("improvement-closure",
		"mon 09:00 improve step=do, wed 09:00 improve step=verified",
		"mon 09:00 improve step=do",
		"mon 09:00 review cause=unknown",
		"mon 09:00 improve step=do, wed 09:00 improve step=accepted",
	)
	// Output: 33.33% of 3, excluded 1, unmapped 1
}

// The second one may be verified until Friday, the third one was to be.
func ExampleStandard_improvementVerified() {
	showProblems("improvement-verified",
		"mon 09:00 improve step=do, wed 09:00 improve step=verified",
		"mon 09:00 improve step=do due=2025-03-14T18:00:00+08:00",
		"mon 09:00 improve step=do due=2025-03-07T18:00:00+08:00",
		"mon 09:00 plan measures=training",
	)
	// Output: 50.00% of 2, pending 1, excluded 1
}

// Whether it helped is another question.
func ExampleStandard_improvementEvaluated() {
	showProblems("improvement-evaluated",
		"mon 09:00 improve step=do, wed 09:00 improve effect=yes before=48/80 after=56/70",
		"mon 09:00 improve step=do, wed 09:00 improve effect=no",
		"mon 09:00 improve step=do, wed 09:00 improve step=verified",
	)
	// Output: 66.67% of 3
}

// What was seen last counts; figures alone do not say which way is better.
func ExampleStandard_improvementEffective() {
	showProblems("improvement-effective",
		"mon 09:00 improve step=do, tue 09:00 improve effect=no, wed 09:00 improve effect=yes",
		"mon 09:00 improve step=do, wed 09:00 improve effect=no",
		"mon 09:00 improve step=do, wed 09:00 improve before=48/80 after=56/70",
		"mon 09:00 improve step=do",
	)
	// Output: 50.00% of 2, excluded 1
}

// The record of somebody to whom nothing happened counts too.
func ExampleStandard_trainingCoverage() {
	showPeople("training-coverage",
		"mon 09:00 train topics=etiquette hours=2",
		"",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_trainingHours() {
	showPeople("training-hours",
		"mon 09:00 train hours=2, tue 09:00 train hours=1.5",
		"",
	)
	// Output: 1.75 h of 2
}

func ExampleStandard_trainingReached80() {
	showPeople("training-reached/80",
		"mon 09:00 train hours=80",
		"tue 09:00 train hours=79.5",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_trainingReached20() {
	showPeople("training-reached/20",
		"mon 09:00 train hours=12, tue 09:00 train hours=8",
		"tue 09:00 train hours=8",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_dressNonconformity() {
	showPeople("dress-nonconformity",
		"mon 09:00 inspect topic=dress finding=conforming, tue 09:00 inspect topic=dress finding=nonconforming",
		"mon 09:00 inspect topic=dress finding=conforming",
	)
	// Output: 33.33% of 3
}

func ExampleStandard_conductConformity() {
	showPeople("conduct-conformity",
		"mon 09:00 inspect topic=conduct finding=conforming",
		"mon 09:00 inspect topic=conduct finding=nonconforming",
	)
	// Output: 50.00% of 2
}

// The clocks are those that package sla gives for a target of 30 minutes.
func ExampleStandard_responseAttainment() {
	showTarget("response-attainment", "first-response", "30m",
		"mon 09:00 open, mon 09:30 reply",
		"mon 09:00 open, mon 09:31 reply",
		"mon 09:00 open, mon 09:10 cancel",
	)
	// Output: 50.00% of 2, excluded 1
}

func ExampleStandard_resolutionAttainment() {
	showTarget("resolution-attainment", "resolution", "4h",
		"mon 09:00 open, mon 10:00 resolve",
		"mon 09:00 open, mon 10:00 resolve, mon 11:00 reopen, tue 09:00 resolve",
	)
	// Output: 50.00% of 2
}

// A target of a host's own, by its id.
func ExampleAttainment() {
	showTarget("attainment/desk/urgent", "resolution", "4h",
		"mon 09:00 open, mon 10:00 resolve",
		"sun 23:00 open",
	)
	// Output: 100.00% of 1, pending 1
}

func ExampleStandard_customerRetention() {
	showFacts("customer-retention", measure.Hits(940, 1000))
	// Output: 94.00% of 1000
}

func ExampleStandard_customerRepurchase() {
	showFacts("customer-repurchase", measure.Hits(312, 940))
	// Output: 33.19% of 940
}

func ExampleStandard_customerReferral() {
	showFacts("customer-referral", measure.Hits(57, 940))
	// Output: 6.06% of 940
}

func ExampleStandard_customerValue() {
	showFacts("customer-value", measure.Worth(1_250_00), measure.Worth(980_00))
	// Output: 111500.00 of 2
}

func ExampleStandard_conversionRate() {
	showFacts("conversion-rate", measure.Hits(3, 8))
	// Output: 37.50% of 8
}

func ExampleStandard_costSaving() {
	showFacts("cost-saving", measure.PartOf(120_000_00, 1_500_000_00), measure.PartOf(0, 500_000_00))
	// Output: 6.00% of 2
}

// An incident of another class is not counted, one without a class excluded.
func ExampleStandard_mttrFault() {
	show("mttr/fault",
		"mon 09:00 detect kind=incident class=fault, mon 09:30 restore",
		"mon 09:00 detect kind=incident class=outage, mon 13:30 restore",
		"mon 09:00 detect kind=incident, mon 13:30 restore",
	)
	// Output: 0.50 h of 1, excluded 1
}

func ExampleStandard_meanFirstResponseComplaintIncident() {
	show("mean-first-response/complaint-incident",
		"mon 09:00 detect kind=incident class=complaint, mon 09:18 reply",
		"mon 09:00 detect kind=incident class=fault, mon 09:50 reply",
	)
	// Output: 18.00 min of 1
}

func ExampleStandard_meanResolutionComplaint() {
	show("mean-resolution/complaint",
		"mon 09:00 open kind=complaint, tue 09:00 resolve",
		"mon 09:00 open kind=ticket, mon 10:00 resolve",
	)
	// Output: 24.00 h of 1
}

func ExampleStandard_terminalsLarge() {
	showFacts("terminals/large", measure.Worth(24), measure.Worth(28))
	// Output: 24 to 28 of 2
}

func ExampleStandard_terminalsSmall() {
	showFacts("terminals/small", measure.Worth(6))
	// Output: 6 to 6 of 1
}

package measure_test

// One example for each measure of the standard table: records as short texts (see package chartertest for the words), what is counted, and
// the figure. show and its kin are in show_test.go.

// Scores from 4 on count as satisfied, as the options say.
func ExampleStandard_satisfaction() {
	show("satisfaction",
		"mon 09:00 open, mon 10:00 resolve, mon 11:00 survey score=5",
		"mon 09:00 open, mon 11:00 survey score=4",
		"mon 09:00 open, mon 11:00 survey score=2",
	)
	// Output: 66.67% of 3
}

// Answers to other questions do not count.
func ExampleStandard_satisfactionAttitude() {
	show("satisfaction-attitude",
		"mon 09:00 open, mon 11:00 survey dimension=attitude score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=attitude score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionProfessionalism() {
	show("satisfaction-professionalism",
		"mon 09:00 open, mon 11:00 survey dimension=professionalism score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=professionalism score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionEfficiency() {
	show("satisfaction-efficiency",
		"mon 09:00 open, mon 11:00 survey dimension=efficiency score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=efficiency score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionResolution() {
	show("satisfaction-resolution",
		"mon 09:00 open, mon 11:00 survey dimension=resolution score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=resolution score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionContent() {
	show("satisfaction-content",
		"mon 09:00 open, mon 11:00 survey dimension=content score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=content score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionProcess() {
	show("satisfaction-process",
		"mon 09:00 open, mon 11:00 survey dimension=process score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=process score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionResponse() {
	show("satisfaction-response",
		"mon 09:00 open, mon 11:00 survey dimension=response score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=response score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionAccuracy() {
	show("satisfaction-accuracy",
		"mon 09:00 open, mon 11:00 survey dimension=accuracy score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=accuracy score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionCompleteness() {
	show("satisfaction-completeness",
		"mon 09:00 open, mon 11:00 survey dimension=completeness score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=completeness score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionTransparency() {
	show("satisfaction-transparency",
		"mon 09:00 open, mon 11:00 survey dimension=transparency score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=transparency score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_satisfactionFollowUp() {
	show("satisfaction-follow_up",
		"mon 09:00 open, mon 11:00 survey dimension=follow_up score=5, mon 11:00 survey score=1",
		"mon 09:00 open, mon 11:00 survey dimension=follow_up score=3",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_complaintSatisfaction() {
	show("complaint-satisfaction",
		"mon 09:00 open kind=complaint, wed 11:00 survey score=4",
		"mon 09:00 open kind=ticket, wed 11:00 survey score=1",
	)
	// Output: 100.00% of 1
}

func ExampleStandard_satisfactionScore() {
	show("satisfaction-score",
		"mon 09:00 open, mon 11:00 survey score=5",
		"mon 09:00 open, mon 11:00 survey score=4",
		"mon 09:00 open, mon 11:00 survey score=2",
	)
	// Output: 3.67 of 3
}

// 6.5 belongs to no group and is a finding.
func ExampleStandard_nps() {
	show("nps",
		"mon 09:00 open, mon 11:00 survey dimension=recommendation scale=0-10 score=9",
		"mon 09:00 open, mon 11:00 survey dimension=recommendation scale=0-10 score=7",
		"mon 09:00 open, mon 11:00 survey dimension=recommendation scale=0-10 score=6.5",
	)
	// Output: 50.00 of 2, off-scale 1
}

// The question of 2010: how much effort it took. Less is better.
func ExampleStandard_effort() {
	show("effort",
		"mon 09:00 open, mon 11:00 survey dimension=effort scale=1-5 score=1",
		"mon 09:00 open, mon 11:00 survey dimension=effort scale=1-5 score=4",
	)
	// Output: 2.50 of 2
}

// The question of 2013: whether the company made it easy. More is better.
func ExampleStandard_ease() {
	show("ease",
		"mon 09:00 open, mon 11:00 survey dimension=ease scale=1-7 score=7",
		"mon 09:00 open, mon 11:00 survey dimension=ease scale=1-7 score=4",
	)
	// Output: 5.50 of 2
}

func ExampleStandard_easeAgreed() {
	show("ease-agreed",
		"mon 09:00 open, mon 11:00 survey dimension=ease scale=1-7 score=5",
		"mon 09:00 open, mon 11:00 survey dimension=ease scale=1-7 score=4",
	)
	// Output: 50.00% of 2
}

// An open case is pending, a withdrawn one is left out.
func ExampleStandard_resolutionRate() {
	show("resolution-rate",
		"mon 09:00 open, mon 10:00 resolve, tue 10:00 close",
		"mon 09:00 open, mon 10:00 close reason=unresolved",
		"mon 09:00 open",
		"mon 09:00 open, mon 10:00 cancel",
	)
	// Output: 50.00% of 2, pending 1, excluded 1
}

// The last case may still be reopened: it has not settled.
func ExampleStandard_firstContactResolution() {
	show("first-contact-resolution",
		"mon 09:00 open, mon 10:00 reply, mon 10:05 resolve",
		"mon 09:00 open, mon 10:00 escalate, mon 10:05 resolve",
		"mon 09:00 open, mon 10:00 resolve, mon 16:00 message by=customer",
		"sun 08:00 open, sun 09:00 resolve",
	)
	// Output: 33.33% of 3, pending 1
}

func ExampleStandard_reopenRate() {
	show("reopen-rate",
		"mon 09:00 open, mon 10:00 resolve",
		"mon 09:00 open, mon 10:00 resolve, tue 09:00 reopen",
		"sun 09:00 open, sun 10:00 resolve",
	)
	// Output: 50.00% of 2, pending 1
}

func ExampleStandard_complaintRate() {
	show("complaint-rate",
		"mon 09:00 open kind=ticket",
		"mon 09:00 open kind=ticket",
		"mon 09:00 open kind=complaint",
		"mon 09:00 detect kind=incident",
	)
	// Output: 33.33% of 3, excluded 1
}

func ExampleStandard_surveyParticipation() {
	show("survey-participation",
		"mon 09:00 open, mon 10:00 resolve, mon 12:00 survey score=5",
		"mon 09:00 open, mon 10:00 resolve",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_followUpRate() {
	show("follow-up-rate",
		"mon 09:00 open, mon 10:00 resolve, tue 10:00 follow-up solved=yes",
		"mon 09:00 open, mon 10:00 resolve",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_reviewRate() {
	show("review-rate",
		"mon 09:00 open, mon 10:00 close, tue 10:00 review cause=unknown",
		"mon 09:00 open, mon 10:00 close",
	)
	// Output: 50.00% of 2
}

// At the promised instant is in time.
func ExampleStandard_promiseKept() {
	show("promise-kept",
		"mon 09:00 open due=2025-03-04T12:00:00+08:00, tue 12:00 resolve",
		"mon 09:00 open, mon 10:00 plan due=2025-03-04T12:00:00+08:00, tue 12:01 resolve",
		"mon 09:00 open, tue 12:00 resolve",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_assignmentAccuracy() {
	show("assignment-accuracy",
		"mon 09:00 open, mon 09:10 dispatch person=17, mon 10:00 resolve",
		"mon 09:00 open, mon 09:10 dispatch person=17, mon 09:40 dispatch person=21, mon 10:00 resolve",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_classificationAccuracy() {
	show("classification-accuracy",
		"mon 09:00 open, mon 09:10 classify tier=urgent, mon 10:00 resolve",
		"mon 09:00 open, mon 09:10 classify tier=routine, mon 09:40 classify tier=urgent basis=correction, mon 10:00 resolve",
	)
	// Output: 50.00% of 2
}

// The second resolution does not state its result.
func ExampleStandard_recordCompleteness() {
	show("record-completeness",
		"mon 09:00 open, mon 09:10 start, mon 10:00 resolve result=repaired, mon 12:00 survey score=4",
		"mon 09:00 open, mon 09:10 start, mon 10:00 resolve, mon 12:00 survey score=4",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_securityIncidentShare() {
	show("security-incident-share",
		"mon 09:00 detect class=security",
		"mon 09:00 detect class=outage",
	)
	// Output: 50.00% of 2
}

// A case whose channel is not known is in no share.
func ExampleStandard_channelSharePhone() {
	show("channel-share/phone",
		"mon 09:00 open channel=phone",
		"mon 09:00 open channel=chat",
		"mon 09:00 open channel=phone",
		"mon 09:00 open",
	)
	// Output: 66.67% of 3, excluded 1
}

func ExampleStandard_channelShareChat() {
	show("channel-share/chat",
		"mon 09:00 open channel=chat",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareWeb() {
	show("channel-share/web",
		"mon 09:00 open channel=web",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareApp() {
	show("channel-share/app",
		"mon 09:00 open channel=app",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareMiniProgram() {
	show("channel-share/mini_program",
		"mon 09:00 open channel=mini_program",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareOfficialAccount() {
	show("channel-share/official_account",
		"mon 09:00 open channel=official_account",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareSocial() {
	show("channel-share/social",
		"mon 09:00 open channel=social",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareEmail() {
	show("channel-share/email",
		"mon 09:00 open channel=email",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareFax() {
	show("channel-share/fax",
		"mon 09:00 open channel=fax",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareSms() {
	show("channel-share/sms",
		"mon 09:00 open channel=sms",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareSelfService() {
	show("channel-share/self_service",
		"mon 09:00 open channel=self_service",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareBot() {
	show("channel-share/bot",
		"mon 09:00 open channel=bot",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareOnSite() {
	show("channel-share/on_site",
		"mon 09:00 open channel=on_site",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

func ExampleStandard_channelShareOutlet() {
	show("channel-share/outlet",
		"mon 09:00 open channel=outlet",
		"mon 09:00 open channel=phone",
	)
	// Output: 50.00% of 2
}

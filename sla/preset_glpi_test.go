package sla_test

import (
	"testing"

	"github.com/servicecharter/charter/sla"
)

func TestGLPIKnownAnswers(t *testing.T) {
	const ten = "Mo-Fr 08:00-18:00"
	check(t, sla.GLPI(), []known{{
		name:   "four hours from two hours before closing",
		source: "Service Levels: H+4, 8 am to 6 pm, opened at 4 pm: due at 10 am the next day. Printed.",
		desk: desk{
			hours:   ten,
			targets: targets{"done": "resolution | 4 business hours"},
			history: "mon 16:00 open",
			now:     "mon 18:00",
		},
		want: "done #1 running, used 2h, due Tue 10:00",
	}, {
		name:   "time to own with a level an hour before it",
		source: "Pull request 22678, case 1: Monday to Friday 8 to 18, 4 hours from Monday 10:00: due 14:00, level at 13:00. Printed.",
		desk: desk{
			hours:   ten,
			targets: targets{"own": "dispatch | 4 business hours | warn -1 business hours"},
			history: "mon 10:00 open",
			now:     "mon 12:00",
		},
		want: "own #1 running, used 2h, due Mon 14:00, -1 business hour Mon 13:00",
	}, {
		name:   "time to own with a level an hour before it, the next day",
		source: "Pull request 22678, case 2: from Monday 17:00 due Tuesday 11:00, level at 10:00. Printed.",
		desk: desk{
			hours:   ten,
			targets: targets{"own": "dispatch | 4 business hours | warn -1 business hours"},
			history: "mon 17:00 open, tue 10:30 dispatch person=7",
			now:     "tue 12:00",
		},
		want: "own #1 met, used 3h30m, due Tue 11:00, -1 business hour Tue 10:00",
	}, {
		name: "three hours pending postpone the due date by three",
		source: "Service Levels: pending for 3 hours postpones the due date by 3 hours; FAQ and pull request 15948: the waiting time is " +
			"that of time to resolve and has no part in time to own. The 3 hours are printed, the others ours.",
		desk: desk{
			targets: targets{"done": "resolution | 8h", "own": "dispatch | 6h"},
			history: "mon 09:00 open, mon 10:00 hold reason=part, mon 13:00 resume",
			now:     "mon 14:00",
		},
		want: `
			done #1 running, used 2h, held 3h, due Mon 20:00
			own #1 running, used 5h, due Mon 15:00`,
	}, {
		name:   "another SLA keeps the waiting time",
		source: "Pull request 16383: the waiting duration counts for the new SLA too. Times ours.",
		desk: desk{
			hours:   ten,
			targets: targets{"any": "resolution | 8 business hours", "urgent": "resolution | 4 business hours | tier=urgent"},
			history: "mon 09:00 open tier=routine, mon 10:00 hold, mon 11:00 resume, mon 12:00 classify tier=urgent",
			now:     "mon 12:30",
		},
		want: `
			urgent #1 running, used 2h30m, held 1h, due Mon 14:00
			any #1 superseded, used 2h, due Tue 08:00`,
	}, {
		name: "another SLA counts from the opening, even if that leaves nothing",
		source: "Issue 1911: opened at 09:00, group 1 has 2 hours; at 10:30 it goes to group 2, which has 1 hour and no time left. " +
			"Printed.",
		desk: desk{
			targets: targets{"g1": "resolution | 2h | unit=g1", "g2": "resolution | 1h | unit=g2"},
			history: "mon 09:00 open unit=g1, mon 10:30 dispatch unit=g2",
			now:     "mon 10:45",
		},
		want: `
			g1 #1 superseded, used 1h30m, due Mon 11:00
			g2 #1 breached, used 1h45m, due Mon 10:00, breached Mon 10:30`,
	}, {
		name: "solved and closed time is waiting time",
		source: "Pull request 9267: to be solved in 5 minutes, solved and closed at once, reopened more than 5 minutes later: not expired. " +
			"The 5 minutes are printed, the others ours.",
		desk: desk{
			targets: targets{"done": "resolution | 5m"},
			history: "mon 09:00 open, mon 09:01 resolve, mon 09:01 close, mon 09:10 reopen",
			now:     "mon 09:12",
		},
		want: "done #1 running, used 3m, held 9m, due Mon 09:14",
	}, {
		name:   "a maximum in days",
		source: "Service Levels: in days the calculation is in days (D+4), with the calendar's working days. Times ours.",
		desk: desk{
			hours:   ten,
			targets: targets{"done": "resolution | 4 working days"},
			history: "wed 10:00 open",
			now:     "thu 10:00",
		},
		want: "done #1 running, used 24h, due Tue 10:00",
	}, {
		name:   "a maximum in days with the end of the working day",
		source: "Service Levels: with that indicator the due date is the end of the working day in question. Times ours.",
		desk: desk{
			hours:   ten,
			targets: targets{"done": "resolution | 4 working days | end of day"},
			history: "wed 10:00 open",
			now:     "wed 10:00",
		},
		want: "done #1 running, used 0s, due Tue 18:00",
	}, {
		name:   "used up at closing is due at the next opening",
		source: "Source, Calendar::computeEndDate: a delay equal to what is left of the day passes to the next. Times ours.",
		desk: desk{
			hours:   ten,
			targets: targets{"done": "resolution | 4 business hours"},
			history: "mon 14:00 open, mon 20:00 resolve",
			now:     "wed 09:00",
		},
		want: "done #1 met, used 4h, due Tue 08:00",
	}, {
		name:   "an internal level counts from the assignment",
		source: "Source, LevelAgreement: an OLA has its own start, when it is added to the ticket. Times ours.",
		desk: desk{
			targets: targets{"ola": "internal-resolution | 4h", "done": "resolution | 8h"},
			history: "mon 09:00 open, mon 11:00 dispatch unit=second",
			now:     "mon 12:00",
		},
		want: `
			done #1 running, used 3h, due Mon 17:00
			ola #1 running, used 1h, due Mon 15:00`,
	}})
}

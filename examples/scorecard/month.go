package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/servicecharter/charter/history"
)

// month makes up March 2025 in a help desk that does not exist, the same one each time.
type month struct{ *rand.Rand }

// chance is true in so many cases of a hundred.
func (m month) chance(percent int) bool { return m.IntN(100) < percent }

// minutes is a random time, short ones more often than long ones.
func (m month) minutes(shortest, longest int) time.Duration {
	x := m.Float64()
	return time.Duration(float64(shortest)+x*x*float64(longest-shortest)) * time.Minute
}

// release is the day on which new software went out, after which much that was solved was not.
const release = 18

// cases are twelve tickets a day, and an incident every other day.
func (m month) cases() (out []history.History) {
	for day := 1; day <= 31; day++ {
		for n := range 12 {
			out = append(out, m.ticket(fmt.Sprintf("T-%02d%02d", day, n+1), day))
		}
		if day%2 == 0 {
			out = append(out, m.incident(fmt.Sprintf("I-%02d", day), day))
		}
	}
	return out
}

func (m month) opens(id string, kind history.Kind, day int, fields ...string) history.History {
	who := m.IntN(len(customers))
	return history.History{Case: id, Entries: []history.Entry{{
		Seq: 1, At: from.AddDate(0, 0, day-1).Add(9*time.Hour + m.minutes(0, 480)), Kind: kind, Actor: history.Actor{Role: "customer", ID: fmt.Sprint("C-", who+1)},
		Fields: history.Of(fields...), Personal: history.Of("name", customers[who], "phone", fmt.Sprint(13800138000+who)),
	}}}
}

var (
	customers = []string{"王小明", "Li Lei", "欧阳娜娜", "Han Meimei", "司马光"}
	agents    = []string{"A-1", "A-2", "A-3", "A-4", "A-5", "A-6"}
)

// then adds what happens some time after the last entry.
func then(h *history.History, after time.Duration, kind history.Kind, by string, fields ...string) {
	last := h.Entries[len(h.Entries)-1]
	role := history.RoleAgent
	if by == "" {
		role, by = last.Actor.Role, last.Actor.ID
	}
	h.Entries = append(h.Entries, history.Entry{
		Seq: last.Seq + 1, At: last.At.Add(after), Kind: kind, Actor: history.Actor{Role: role, ID: by}, Fields: history.Of(fields...),
	})
}

func (m month) ticket(id string, day int) history.History {
	h := m.opens(id, history.Opened, day, "kind", "ticket", "channel", []string{"phone", "chat", "web"}[m.IntN(3)])
	by := agents[m.IntN(len(agents))]
	then(&h, m.minutes(1, 40), history.Responded, by)
	then(&h, m.minutes(5, 120), history.Resolved, by)
	undone := 5
	if day == release {
		undone = 50
	}
	if m.chance(undone) {
		then(&h, m.minutes(10, 60), history.Reopened, by)
		then(&h, m.minutes(10, 60), history.Resolved, by)
	}
	if m.chance(40) {
		score := fmt.Sprint(4 + m.IntN(2))
		if m.chance(7) {
			score = "2"
		}
		then(&h, time.Hour, history.Surveyed, by, "score", score, "scale", "1-5")
	}
	if m.chance(20) {
		consistent := "yes"
		if m.chance(4) {
			consistent = "no"
		}
		then(&h, time.Hour, history.Reviewed, by, "consistent", consistent)
	}
	return h
}

func (m month) incident(id string, day int) history.History {
	class := []string{"fault", "complaint"}[day/2%2]
	h := m.opens(id, history.Detected, day, "kind", "incident", "class", class)
	by := agents[m.IntN(len(agents))]
	then(&h, m.minutes(2, 30), history.Responded, by, "note", "called back on "+h.Entries[0].Personal[1].Value)
	then(&h, m.minutes(10, 130), history.Restored, by)
	return h
}

// people are the records of the staff: training, and inspections of dress.
func (m month) people() (out []history.History) {
	for i, id := range agents {
		h := history.History{Case: id}
		if i > 0 { // the first was ill on that day
			h.Entries = append(h.Entries, history.Entry{Seq: 1, At: from.AddDate(0, 0, 10), Kind: history.Trained, Fields: history.Of("hours", "2")})
		}
		for week := range 4 {
			finding := "conforming"
			if m.chance(5) {
				finding = "nonconforming"
			}
			h.Entries = append(h.Entries, history.Entry{
				Seq: uint64(len(h.Entries)) + 1, At: from.AddDate(0, 0, 7*week+3), Kind: history.Inspected, Fields: history.Of("topic", "dress", "finding", finding),
			})
		}
		out = append(out, h)
	}
	return out
}
